"""How a release gets onto a cloud: the account's and the laptop's take the same way."""
