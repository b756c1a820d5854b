"""What a profile says: source, check, compile, and what it permits. Pure: no I/O, no clock."""
