"""Accounts of the people and programs that may do more than read: users, their sessions and API tokens."""

from datetime import timedelta

CLOCK_SKEW = timedelta(
    minutes=5
)  # what two clocks may differ by: what is dated later than that was dated by a wrong one
