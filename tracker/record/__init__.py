"""Keeping the record: reading files, checking them, and storing facts so that nothing is ever overwritten.

Imports inside point one way: faults, forms < nouns < csvfile, checks < dataset, and
tables, worktables < database < store < changelog < importing; untc and held < comparing, caution <
judging < sync, deciding. What the facts mean is asked of `tracker.law`.
"""
