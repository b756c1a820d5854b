"""Which proxy the environment names for a host."""

from __future__ import annotations

import os
import sys


class Proxies:
    """The proxies for https of this process's environment, read once; none is the usual case, and costs nothing."""

    def __init__(self) -> None:
        self._proxy = ""
        # Only macOS and Windows keep proxies anywhere but in the environment, and the import is slow.
        if sys.platform in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in os.environ):
            from urllib.request import getproxies

            found = getproxies()
            proxy = found.get("https") or found.get("all") or ""
            self._proxy = proxy.encode("ascii", "backslashreplace").decode("ascii")

    def of(self, host: str) -> str:
        """Give the URL of the proxy for a host (its name, with or without a port), or nothing."""
        if not self._proxy:
            return ""
        from urllib.request import proxy_bypass

        return "" if proxy_bypass(host) else self._proxy
