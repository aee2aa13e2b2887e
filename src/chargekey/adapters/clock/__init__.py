"""The two clocks, system and turned."""
