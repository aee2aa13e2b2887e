"""JSON and plain files for programs."""
