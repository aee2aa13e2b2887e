"""The simulated cars: a body, a battery, a will to sleep, and what they answer."""
