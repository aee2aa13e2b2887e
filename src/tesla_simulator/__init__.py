"""The other side: Tesla, its cars and its app, simulated. Imports nothing of Chargekey."""
