"""Floor 3: ways in. They ask journeys and decide nothing."""
