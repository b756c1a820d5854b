"""The cases as tables: what goes in is made here, what must come out is written here by hand."""
