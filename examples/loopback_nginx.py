"""Serve a folder on loopback with a real nginx: ``with serve(folder) as address: …``, or ``python loopback_nginx.py FOLDER``.

The server listens on 127.0.0.1 only, runs without a daemon or any privilege, keeps its files in a folder of its own, and
is stopped when the block ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNPACKED = Path(__file__).parent.parent / ".tools" / "usr" / "sbin" / "nginx"  # where the Makefile puts one

CONFIGURATION = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/error.log warn; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {work}/body; proxy_temp_path {work}/proxy;
  fastcgi_temp_path {work}/fastcgi; uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  types {{ text/html html; text/css css; image/svg+xml svg; application/jwt jwt; application/json json; text/javascript js; }}
  default_type application/octet-stream; charset utf-8;
  {servers}
}}
"""
SERVER = "server {{ listen 127.0.0.1:{port}; root {root}; error_page 404 /404.html; }}"


def find_nginx() -> str:
    """Give the path of an nginx on this machine; raises SystemExit, with advice, where there is none."""
    for candidate in (shutil.which("nginx"), "/usr/sbin/nginx", str(UNPACKED)):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise SystemExit(
        "there is no nginx on this machine: install it (on Debian: apt-get install nginx-light) and try again"
    )


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve a folder until the block ends; gives ``address:port``, at which it answers already."""
    port = free_port()
    with run_nginx(SERVER.format(port=port, root=root.resolve()), port):
        yield f"127.0.0.1:{port}"


@contextmanager
def run_nginx(servers: str, port: int) -> Iterator[None]:
    """Run nginx until the block ends, with what its configuration is to say of servers; at ``port`` it answers already."""
    nginx = find_nginx()
    with tempfile.TemporaryDirectory(prefix="loopback-nginx-") as work:
        user = "user root;" if _is_root() else ""
        configuration = Path(work) / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(work=work, user=user, servers=servers))
        server = subprocess.Popen([nginx, "-p", work, "-e", f"{work}/error.log", "-c", str(configuration)])
        try:
            _wait_until_it_answers(server, port, Path(work) / "error.log")
            yield
        finally:
            server.terminate()
            server.wait(10)


def free_port() -> int:
    """Give a port of 127.0.0.1 at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit(f"nginx did not start: {log.read_text() if log.exists() else server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("nginx does not answer")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that nginx ends with us
    with serve(Path(sys.argv[1])) as at:
        print(f"http://{at}/ (stop with Ctrl-C)")
        try:
            time.sleep(10**9)
        except KeyboardInterrupt:
            print()
