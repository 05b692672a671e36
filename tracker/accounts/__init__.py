"""Accounts of the people and programs that may do more than read: users, their sessions and API tokens."""
