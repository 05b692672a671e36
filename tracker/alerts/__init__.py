"""Telling people: who wants to hear of what, the decision to tell, and the sending of it.

Imports inside point one way: matching < messages < channels, outbox; addresses < channels, wishes; tokens < outbox,
subscriptions. The rows are kept by `tracker.storage`; nothing here asks the clock or decides what a change is.
"""
