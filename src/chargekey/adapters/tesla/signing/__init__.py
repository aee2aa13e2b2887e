"""Signed commands to cars: bytes in, bytes out, no I/O (reference vehicle-command)."""
