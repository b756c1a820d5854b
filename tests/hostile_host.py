"""Hosts on loopback that misbehave as they are told, over real sockets: plain or with TLS, and a proxy before them."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Does what it likes with a connection, given a request; true if the connection stays open for another one.
Answer = Callable[[socket.socket, bytes], bool | None]


@dataclass
class Host:
    """A host: where it listens, and what it has seen."""

    port: int
    answer: Answer
    requests: list[bytes] = field(default_factory=list)
    at: list[float] = field(default_factory=list)  # when each request came
    connections: int = 0
    busy: int = 0
    busiest: int = 0  # requests that were answered at the same time, at most
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.split(b" ")[1].decode() for request in self.requests]

    def run(self, connection: socket.socket) -> None:
        """Answer request after request."""
        connection.settimeout(5)
        while request := _head(connection):
            with self.lock:
                self.requests.append(request)
                self.at.append(time.monotonic())
                self.busy += 1
                self.busiest = max(self.busiest, self.busy)
            try:
                if not self.answer(connection, request):
                    return
            finally:
                with self.lock:
                    self.busy -= 1


def _head(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65_536)
        if not part:
            return b""
        request += part
    return request


@contextmanager
def host(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Run a host until the block ends."""
    running, over, open_now = Host(0, answer), threading.Event(), set[socket.socket]()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:  # the reader hangs up, as it should
            if tls is None:
                running.run(connection)
            else:
                connection.settimeout(5)
                with tls.wrap_socket(connection, server_side=True) as wrapped:
                    open_now.add(wrapped)
                    running.run(wrapped)

    def accept() -> None:
        while True:
            connection, _ = listening.accept()
            if over.is_set():
                connection.close()
                return
            running.connections += 1
            open_now.add(connection)
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        running.port = listening.getsockname()[1]
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield running
        finally:
            over.set()
            socket.create_connection(("127.0.0.1", running.port)).close()  # so that it looks up
            thread.join()
            for connection in open_now:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


@contextmanager
def proxy(to: int) -> Iterator[Host]:
    """Run a proxy that leads every CONNECT to a port of this machine."""

    def tunnel(connection: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", to)) as target:
            connection.sendall(b'HTTP/1.1 200 Connection established\r\nETag: "the-proxy"\r\n\r\n')
            back = threading.Thread(target=_pour, args=(target, connection))
            back.start()
            _pour(connection, target)
            back.join()

    with host(tunnel) as running:
        yield running


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def authority(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """Make an authority and a certificate of it for some names; gives the file to trust, and what a server needs."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    subjects = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("authority of a test", "host of a test")
    ]
    pem: list[bytes] = []
    for place, (key, subject) in enumerate(zip(keys, subjects, strict=True)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subjects[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=place == 0, path_length=None), critical=True)
        )
        if place:
            alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternative, critical=False)
        pem.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pem.append(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    trusted, chain = folder / "authority.pem", folder / "host.pem"
    trusted.write_bytes(pem[0])
    chain.write_bytes(pem[1] + pem[2])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return trusted, context


def says(status: str, body: bytes = b"", *headers: str, keep: bool = True) -> Answer:
    """Give an ordinary answer, and keep the connection."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]).encode()

    def answer(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(head + body)
        return keep

    return answer


def raw(data: bytes, then: float = 0.0) -> Answer:
    """Send bytes as they are, wait some seconds, and hang up."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(data)
        time.sleep(then)

    return answer


def by_path(**answers: Answer) -> Answer:
    """Choose the answer by the name of the file that is asked for: ``robots``, ``profile``, ``keys``; else an empty file."""

    def answer(connection: socket.socket, request: bytes) -> bool | None:
        name = request.split(b" ")[1].decode().rpartition("/")[2].partition(".")[0]
        return answers.get(name, says("200 OK"))(connection, request)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Give one answer after the other, and the last one for ever."""
    left = list(answers)
    lock = threading.Lock()

    def answer(connection: socket.socket, request: bytes) -> bool | None:
        with lock:
            chosen = left.pop(0) if len(left) > 1 else left[0]
        return chosen(connection, request)

    return answer
