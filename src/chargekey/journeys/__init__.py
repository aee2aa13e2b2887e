"""Floor 2: what a driver, owner, agent or operator does, one file each."""
