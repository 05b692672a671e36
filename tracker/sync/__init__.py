"""Synchronization with the depositaries' status files: fetch, read, compare, record, or hold for review."""
