"""Many inputs: processes, bounds, parts, and the same on a cluster."""
