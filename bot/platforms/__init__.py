"""The chat platforms: each a folder that plays the same roles."""

NAMES = frozenset({"discord", "slack", "local"})
"""What accounts and places call their platform; the page and the terminal are two doors to one, the local."""
