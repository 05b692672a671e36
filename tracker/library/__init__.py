"""The record for people who work in Python: `tracker.open()` and what it gives. No pages, no jobs, no recording."""
