"""Alerts: subscriptions, the decision whom to notify of a change, and the deliveries."""
