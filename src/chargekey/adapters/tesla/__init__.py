"""Tesla: sign-in, vehicles, commands, and the words Tesla has for what goes wrong."""
