"""The language of sayso profiles as data: schemas, vocabulary and codes. Nothing here runs."""
