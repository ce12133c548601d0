"""Profiles: what they say, how they are read, and whose report of which year a document is."""
