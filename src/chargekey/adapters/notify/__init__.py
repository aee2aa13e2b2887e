"""How a driver is told something outside the page."""
