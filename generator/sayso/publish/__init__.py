"""Putting a profile on the web: the signed folder, the machine files, the page, the site."""
