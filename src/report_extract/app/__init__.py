"""Web applications on loopback: the review server."""
