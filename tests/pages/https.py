"""Sites at their real https addresses: nginx with TLS on loopback, and a Chromium that finds every ``.example`` there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser

from browser import chromium
from loopback_nginx import free_port, run_nginx

# As static hosts do: index.html for a folder, the slash added, and the 404.html of the root, or of the first folder.
SERVER = """
  map $uri $top {{ ~^(?<first>/[^/]+)/ $first; default ""; }}
  {maps}
  server {{
    listen 127.0.0.1:{port} ssl; server_name ~^[a-z0-9.-]+\\.example$;
    ssl_certificate {work}/certificate.pem; ssl_certificate_key {work}/key.pem;
    root {root}/$host; absolute_redirect off; error_page 404 @missing;
    {headers}
    {locations}
    location @missing {{ try_files $top/404.html /404.html =404; }}
  }}
"""


@dataclass(frozen=True)
class Web:
    """A small web: each folder of ``root`` is the site of the host that it is named after; put there, it is served."""

    root: Path
    browser: Browser

    def folder(self, base: str) -> Path:
        """Give the folder, which need not be there yet, that is served at an address."""
        return self.place(self.root, base)

    @staticmethod
    def place(root: Path, base: str) -> Path:
        """Give that folder for a web that is not up yet."""
        parts = urlsplit(base)
        return root / str(parts.hostname) / parts.path.strip("/")


@contextmanager
def web(root: Path) -> Iterator[Web]:
    """Serve the hosts in a folder until the block ends, with a browser that finds them.

    Contexts of that browser need ``ignore_https_errors``. Sites may come, go and change while they are served; the
    response headers are those of the ``_headers`` files that are there from the beginning.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="https-") as work:
        _write_certificate(Path(work))
        maps, headers, locations = _response_headers(root)
        servers = SERVER.format(
            port=port, work=work, root=root.resolve(), maps=maps, headers=headers, locations=locations
        )
        with run_nginx(servers, port), chromium(https_at=port) as browser:
            yield Web(root, browser)


def _write_certificate(work: Path) -> None:
    """Make a key and a certificate, signed by itself, for the time of a test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests of sayso")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (work / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (work / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _response_headers(root: Path) -> tuple[str, str, str]:
    """Turn what the ``_headers`` files ask for into nginx's words: maps, headers, and locations with another type."""
    maps: list[str] = []
    headers: list[str] = []
    locations: list[str] = []
    for path in sorted([*root.glob("*/_headers"), *root.glob("*/*/_headers")]):
        host = path.relative_to(root).parts[0]
        for pattern, name, value in headers_in(path.read_text("utf-8")):
            address = re.escape(pattern).replace(r"\*", ".*")
            if name.lower() == "content-type":
                locations.append(f'location ~ "^{address}$" {{ types {{}} default_type "{_quoted(value)}"; }}')
                continue
            variable = f"$header_{len(maps)}"
            maps.append(
                f'map $host$uri {variable} {{ "~^{re.escape(host)}{address}$" "{_quoted(value)}"; default ""; }}'
            )
            headers.append(f"add_header {name} {variable} always;")
    return "\n  ".join(maps), "\n    ".join(headers), "\n    ".join(dict.fromkeys(locations))


def headers_in(text: str) -> Iterator[tuple[str, str, str]]:
    """Give path pattern, name and value of each header of a ``_headers`` file; raises ValueError for what is none."""
    pattern = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            pattern = line.strip()
            continue
        name, colon, value = line.strip().partition(":")
        if not (pattern.startswith("/") and colon and re.fullmatch(r"[A-Za-z0-9-]+", name) and value.strip()):
            raise ValueError(f"this is no line of a _headers file: {line}")
        yield pattern, name, value.strip()


def _quoted(value: str) -> str:
    if "$" in value:
        raise ValueError(f"nginx would take this for a variable: {value}")
    return value.replace("\\", "\\\\").replace('"', '\\"')
