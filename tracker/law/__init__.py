"""What the record means: treaty law as pure functions of a ledger.

Nothing here touches a database, the network, the environment or the clock: a ledger and a day
come in, an answer with its reason goes out. Imports inside point one way:
dates, delays, model < ledger < clauses < deposits < force < standing < everything else.
"""
