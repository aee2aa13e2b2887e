"""Tesla's own host names on this machine, so that programs that know no other reach the simulation unmodified."""
