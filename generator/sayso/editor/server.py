"""The server: the standard library's, on 127.0.0.1 alone; it only carries requests to the desk and answers back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from sayso.editor.exchange import Answer, Request
from sayso.editor.posting import MAX_BODY
from sayso.errors import PublishError

HOST = "127.0.0.1"
_PATIENCE = 30  # seconds that somebody may take to send a part of a request
_CROWD = 64  # connections at once: many more than a browser opens


def _closed(request: Request) -> Answer:
    """Answer before anybody serves."""
    del request
    return Answer(503)


class Server(ThreadingHTTPServer):
    """Listens as soon as it is made, and says what went wrong inside to ``troubled``; raises PublishError where the port is taken."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, troubled: Callable[[Exception], None]) -> None:
        self.troubled = troubled
        self._connections: dict[socket.socket, None] = {}
        self._lock = threading.Lock()
        self.reply: Callable[[Request], Answer] = _closed
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            text = f"port {port} cannot be used: {error.strerror}"
            raise PublishError("port-taken", text, hint="choose another --port") from None

    def server_bind(self) -> None:
        """Take the port, and ask nobody for the name of this machine, as the library would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.port

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, and hang up on the oldest where there are too many: nobody who waits hinders others."""
        with self._lock:
            if len(self._connections) >= _CROWD:
                oldest = next(iter(self._connections))
                del self._connections[oldest]
                with suppress(OSError):  # it may be gone by itself
                    oldest.shutdown(socket.SHUT_RDWR)
            self._connections[request] = None
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away."""

    @contextmanager
    def serving(self, reply: Callable[[Request], Answer]) -> Iterator[None]:
        """Answer requests in the background until the block ends."""
        self.reply = reply
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, no more of it than one of ours can have, and writes the answer."""

    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server: Server

    def do_GET(self) -> None:
        self._reply(b"")

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def do_POST(self) -> None:
        length = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or len(length) != 1 or not (length[0].isascii() and length[0].isdigit()):
            self._write(Answer(411), close=True)
        elif int(length[0][:12]) > MAX_BODY:
            self._write(Answer(413), close=True)
        else:
            self._reply(self.rfile.read(int(length[0])))

    def _reply(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers.items():
            headers[name.lower()] = (*headers.get(name.lower(), ()), value.strip())
        try:
            answer = self.server.reply(Request(self.command, path, query, headers, body))
        except Exception as error:  # a bug of ours: it is told, and the form goes on
            self.server.troubled(error)
            answer = Answer(500)
        self._write(answer, close=answer.status >= HTTPStatus.BAD_REQUEST)

    def _write(self, answer: Answer, *, close: bool) -> None:
        self.send_response(answer.status)
        for name, value in answer.all_headers().items():
            self.send_header(name, value)
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, or one of a method that there is not, and say no more."""
        del message, explain
        unknown = code == HTTPStatus.NOT_IMPLEMENTED
        if not hasattr(self, "headers") or self.headers is None:
            self.command = ""
        self._write(Answer(405, headers={"Allow": "GET, HEAD, POST"}) if unknown else Answer(code), close=True)

    def version_string(self) -> str:
        """Tell no versions."""
        return "sayso"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the address of a first request holds a token."""
