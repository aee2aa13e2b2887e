"""Screens for a phone."""
