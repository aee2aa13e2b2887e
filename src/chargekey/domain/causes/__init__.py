"""What can be wrong, one entry a cause, grouped by where it happens."""
