"""Where it is known from how much CO2 power stands for, one file a source."""
