"""A tracker of treaties: who has consented to be bound, since when, and why."""

__version__ = "0.1.0"
