"""Keeping the record: reading files, checking them, and storing facts so that nothing is ever overwritten.

Imports inside point one way: faults, forms < nouns < csvfile, checks < dataset, and
tables < database < store; importing joins the two. What the facts mean is asked of `tracker.law`.
"""
