"""Preview: what ``profile.yml`` would come to, on this machine only, built anew whenever it is saved.

The pages say that they are not signed, and there are no files for machines: nothing here can be taken for the real thing.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.livereload import LiveReloadServer

from sayso.disk import new_folder
from sayso.errors import PublishError, SaysoError
from sayso.publish.shown import draft
from sayso.publish.site import configuration, run
from sayso.publish.source_file import SOURCE

HOST = "127.0.0.1"


def preview(
    folder: Path,
    port: int,
    clock: Callable[[], int],
    ready: Callable[[str], None],
    changed: Callable[[SaysoError | None], None],
    *,
    open_browser: bool = False,
) -> None:
    """Serve the preview of a folder on a port of this machine until somebody interrupts it.

    ``ready`` is told the address; ``changed`` what is wrong after a change, when the last good preview stays, and None once it
    is mended. Raises the same for a folder that is wrong from the beginning, and PublishError where the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="sayso-preview-") as work:
        site = Path(work) / "site"
        (site.parent / "look").mkdir()
        first = draft(folder, clock())
        mount = urlsplit(configuration(folder, site.parent / "look", first)[0].site_url or first.terms.sub).path

        wrong = False

        def build_again() -> None:
            nonlocal wrong
            try:
                _build(folder, site, clock(), server.url)
            except SaysoError as error:
                wrong = True
                changed(error)
            else:
                if wrong:
                    changed(None)
                wrong = False

        server = _Server(build_again, port, site, mount, ready)
        _build(folder, site, clock(), server.url)
        for place in (folder / SOURCE, folder / "docs", folder / "mkdocs.yml"):
            if place.exists():
                server.watch(str(place))
        try:
            server.serve(open_in_browser=open_browser)  # type: ignore[no-untyped-call]  # of MkDocs
        finally:
            server.shutdown()


class _Server(LiveReloadServer):
    """MkDocs' own server, for this machine alone."""

    def __init__(
        self, builder: Callable[[], None], port: int, site: Path, mount: str, ready: Callable[[str], None]
    ) -> None:
        super().__init__(builder, HOST, port, str(site), mount)
        logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)  # what a browser asks for is no news
        self._ready = ready
        self._hosts = {f"{name}:{port}" if port != 80 else name for name in (HOST, "localhost")}
        self.serve_thread.daemon = True  # nobody waits for it who interrupts just as it starts
        self.error_handler = lambda code: (site / "404.html").read_bytes() if code == 404 else None

    def server_bind(self) -> None:
        try:
            super().server_bind()
        except OSError as error:
            raise PublishError(
                "port-taken",
                f"port {self.server_address[1]} cannot be used: {error.strerror}",
                hint="choose another --port",
            ) from None

    def server_activate(self) -> None:
        super().server_activate()
        self._ready(self.url)

    def serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer no page of somebody else's that was given a name for this machine, and would read along."""
        if environ.get("HTTP_HOST", "").lower() not in self._hosts:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
            return [b"this is the preview of a profile, for this machine only\n"]
        return super().serve_request(environ, start_response)


def _build(folder: Path, site: Path, at: int, url: str) -> None:
    """Build the preview beside the one that is there, and put it in its place."""
    profile = draft(folder, at)
    with new_folder(site, lasting=False) as fresh:
        config, plugin = configuration(folder, fresh, profile)
        plugin.handed_over = profile.in_languages(plugin.config.languages)
        plugin.serving = True
        config.site_url = url
        run(config, serve_url=url)
