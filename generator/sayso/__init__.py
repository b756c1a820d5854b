"""sayso: say which companies may see which signals about you; sign it, publish it, let anyone check it.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.errors import DiskError, FetchError, InvalidProfile, Problem, SaysoError, SourceError, VerificationError
    from sayso.profile.check import check
    from sayso.profile.compile import compile_terms
    from sayso.profile.model import Payload, Terms
    from sayso.profile.policy import Decision, Request, decide
    from sayso.profile.source import Source, load
    from sayso.reader.client import Fetched, fetch
    from sayso.reader.reader import Reader
    from sayso.reader.store import Store
    from sayso.trust.pin import Pin
    from sayso.trust.pins import MemoryPins, Pins, remember
    from sayso.trust.verify import Verified, verify

__version__ = "0.1.0"

_HOMES = {
    "errors": (
        "DiskError",
        "FetchError",
        "InvalidProfile",
        "Problem",
        "SaysoError",
        "SourceError",
        "VerificationError",
    ),
    "profile.check": ("check",),
    "profile.compile": ("compile_terms",),
    "profile.model": ("Payload", "Terms"),
    "profile.policy": ("Decision", "Request", "decide"),
    "profile.source": ("Source", "load"),
    "reader.client": ("Fetched", "fetch"),
    "reader.reader": ("Reader",),
    "reader.store": ("Store",),
    "trust.pin": ("Pin",),
    "trust.pins": ("MemoryPins", "Pins", "remember"),
    "trust.verify": ("Verified", "verify"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Decision",
    "DiskError",
    "FetchError",
    "Fetched",
    "InvalidProfile",
    "MemoryPins",
    "Payload",
    "Pin",
    "Pins",
    "Problem",
    "Reader",
    "Request",
    "SaysoError",
    "Source",
    "SourceError",
    "Store",
    "Terms",
    "VerificationError",
    "Verified",
    "check",
    "compile_terms",
    "decide",
    "fetch",
    "load",
    "remember",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    value = getattr(import_module(f"sayso.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
