"""Floor 2, other wing: how the world answers."""
