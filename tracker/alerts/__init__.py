"""Telling people: who wants to hear of what, the decision to tell, and the sending of it.

Imports inside point one way: addresses < channels; wishes < matching < messages < outbox, subscriptions. The rows are
kept by `tracker.record`; nothing here asks the clock, and nothing decides what a change is.
"""
