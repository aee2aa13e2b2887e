"""The simulated Fleet API: one site a region."""
