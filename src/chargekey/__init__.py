"""Chargekey connects a driver's Tesla to smart charging and charges it in the cheapest hours, in time."""
