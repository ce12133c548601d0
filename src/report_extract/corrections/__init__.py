"""What people typed: kept as lines of JSON, applied as the last word."""
