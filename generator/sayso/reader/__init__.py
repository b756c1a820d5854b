"""The marketer's side: fetching a profile over the network."""
