"""The commands, one module each: they read options, call one thing below, and print. Nothing here decides."""
