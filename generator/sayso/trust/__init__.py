"""Why to believe a profile: envelope, keys, key log, verification. Pure: no I/O, no clock."""
