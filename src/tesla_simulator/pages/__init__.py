"""What people see of the simulated Tesla: its login and consent pages, its app, and the stage around them."""
