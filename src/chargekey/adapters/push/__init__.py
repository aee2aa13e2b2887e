"""Messages to drivers' own devices, through the vendors of their browsers."""
