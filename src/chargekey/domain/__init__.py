"""Floor 0: what is true. No I/O, no clock, no await."""
