"""The editor: ``profile.yml`` as a form in the browser, served to this machine alone.

``controls``, ``forms``, ``steps`` and ``problems`` are pure: data in, values of a form out, and back. ``desk`` answers requests
that ``guard`` let through; ``saving`` and ``server`` are the edges.
"""
