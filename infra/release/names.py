"""The functions, by the names of their folders; without anything that must be installed, since the checks of a bare machine ask too."""

FUNCTIONS = ("auth", "account", "uploads", "generations", "dispatch", "upkeep", "billing", "stripe-webhook", "privacy", "stream", "webhooks")
