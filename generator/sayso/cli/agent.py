"""Signing by ssh-agent, which keeps the key to itself (draft-ietf-sshm-ssh-agent).

What we sign begins with ``eyJ``, base64url for ``{"``: it can be mistaken neither for an SSH login nor for an SSH signature.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection
from dataclasses import dataclass

from sayso.errors import KeyFileError
from sayso.trust.keys import PublicKey

VARIABLE = "SSH_AUTH_SOCK"
_LIST, _LISTED, _SIGN, _SIGNED = 11, 12, 13, 14
_KIND = b"ssh-ed25519"
_MAX_ANSWER = 256 * 1024  # bytes, as in OpenSSH
_MAX_KEYS = 256
_PATIENCE = 5.0  # seconds for the list; a signature may wait for somebody to say yes


@dataclass(frozen=True, slots=True)
class AgentKey:
    """A key that an agent holds; a Signer."""

    public: PublicKey
    comment: str

    def sign(self, message: bytes) -> bytes:
        """Have the agent sign; raises KeyFileError where it does not."""
        request = bytes([_SIGN]) + _text(_blob(self.public)) + _text(message) + bytes(4)
        try:
            [both] = _texts(_ask(request, _SIGNED, None), 1)
            kind, signature = _texts(both, 2)
        except (OSError, ValueError):
            kind, signature = b"", b""
        if kind != _KIND or len(signature) != 64 or not self.public.verifies(signature, message):
            raise KeyFileError(
                "agent-refused",
                f"the ssh-agent holds the key ({self.comment}) and does not sign with it",
                hint="unlock it, say yes when it asks, or name the key file with --key",
            )
        return signature


def agent_key(wanted: Collection[str]) -> AgentKey | None:
    """Give a key that the agent holds and whose thumbprint is wanted; None where there is none, or no agent."""
    try:
        answer = _ask(bytes([_LIST]), _LISTED, _PATIENCE)
        parts = _texts(answer[4:], 2 * min(int.from_bytes(answer[:4], "big"), _MAX_KEYS))
    except (OSError, ValueError):
        return None
    for blob, comment in zip(parts[::2], parts[1::2], strict=True):
        public = PublicKey(blob[-32:])
        if blob == _blob(public) and public.thumbprint in wanted:
            return AgentKey(public, comment.decode("utf-8", "replace"))
    return None


def _ask(request: bytes, expected: int, patience: float | None) -> bytes:
    """Send one message and give what follows the type in the answer; raises OSError or ValueError."""
    if VARIABLE not in os.environ or not hasattr(socket, "AF_UNIX"):
        raise ValueError("there is no agent")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
        agent.settimeout(patience)
        agent.connect(os.environ[VARIABLE])
        agent.sendall(_text(request))
        length = int.from_bytes(_receive(agent, 4), "big")
        if not 1 <= length <= _MAX_ANSWER:
            raise ValueError("not an answer")
        answer = _receive(agent, length)
    if answer[0] != expected:
        raise ValueError("the agent says no")
    return answer[1:]


def _receive(agent: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = agent.recv(length - len(data))
        if not part:
            raise ValueError("the agent hung up")
        data += part
    return data


def _text(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _texts(data: bytes, count: int) -> list[bytes]:
    """Take apart as many length-prefixed texts as there should be, and nothing else; raises ValueError."""
    found = []
    for _ in range(count):
        end = 4 + int.from_bytes(data[:4], "big")
        if len(data) < 4 or end > len(data):
            raise ValueError("cut short")
        found.append(data[4:end])
        data = data[end:]
    if data:
        raise ValueError("more than expected")
    return found


def _blob(public: PublicKey) -> bytes:
    return _text(_KIND) + _text(public.raw)
