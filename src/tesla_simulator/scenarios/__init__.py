"""Every cause a driver can meet, brought about by stating facts: one entry a cause, under its id."""
