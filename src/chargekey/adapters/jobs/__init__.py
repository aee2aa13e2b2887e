"""Durable timers and what runs them."""
