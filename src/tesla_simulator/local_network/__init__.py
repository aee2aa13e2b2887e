"""A phone in the same network is let in: HTTPS at this machine's own address, and how to trust it."""
