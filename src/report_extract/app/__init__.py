"""The local web app: drop reports, watch them being read, settle what is doubtful, take the package home."""
