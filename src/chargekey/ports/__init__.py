"""Floor 1: what we ask of the world, in domain words."""
