"""What each screen shows, as values without words: one dataclass a screen, one file a part of the path."""
