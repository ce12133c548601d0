"""The review page: what a person looks at to settle flagged cells."""
