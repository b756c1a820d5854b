"""What hosts ask of programs that come by themselves (RFC 9309): the rules of a robots.txt, and a bounded memory of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from protego import Protego

AGENT = "sayso"
MAX_BYTES = 512_000  # of a robots.txt that are read; the rest is as if it were not there
REMEMBERED = 1024 * 1024  # characters of rules, over all hosts; read, they take some 30 times that
_A_HOST = 200  # what a host with no rules weighs, in characters
_RULES = frozenset({"allow", "disallow", "crawl-delay"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host for us; without any all is allowed. ``weight`` is what they take in memory, about."""

    rules: Protego | None = None
    unreachable: bool = False
    weight: int = _A_HOST

    @classmethod
    def parse(cls, text: bytes) -> Rules:
        """Read a robots.txt, which may be anything at all: what is no rule for us is passed over."""
        ours = _ours(text[:MAX_BYTES].decode("utf-8-sig", "replace"))
        return cls(Protego.parse(ours), weight=_A_HOST + len(ours)) if ours else cls()

    def allow(self, url: str) -> bool:
        """Tell whether the URL may be asked for."""
        return self.rules is None or self.rules.can_fetch(url, AGENT)

    @property
    def delay(self) -> float:
        """How many seconds are asked for between two requests."""
        return (self.rules.crawl_delay(AGENT) if self.rules is not None else None) or 0.0


EVERYTHING = Rules()
UNREACHABLE = Rules(unreachable=True)


class Robots:
    """The rules of the hosts that were asked last; within a bound, those longest unused are forgotten."""

    def __init__(self, bound: int = REMEMBERED) -> None:
        self._rules: OrderedDict[str, Rules] = OrderedDict()
        self._room = bound

    def of(self, host: str) -> Rules | None:
        """Give the rules of a host, if they are known."""
        rules = self._rules.get(host)
        if rules is not None:
            self._rules.move_to_end(host)
        return rules

    def remember(self, host: str, rules: Rules) -> None:
        """Keep the rules of a host."""
        before = self._rules.pop(host, None)
        self._room += before.weight if before is not None else 0
        self._rules[host] = rules
        self._room -= rules.weight
        while self._room < 0 and len(self._rules) > 1:
            self._room += self._rules.popitem(last=False)[1].weight


def _ours(text: str) -> str:
    """Give those groups that speak to us or to everybody, and their rules.

    The time that the library takes grows with agents times rules, and a host can make both large: so only two agents are
    left, whatever the text.
    """
    lines: list[str] = []
    ours = in_head = False
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if colon and field in ("user-agent", "useragent"):
            ours, in_head = ours and in_head, True
            token = value.lower().partition("/")[0].strip()
            if token in (AGENT, "*"):
                ours = True
                lines.append(f"User-agent: {token}")
        elif colon and field in _RULES:
            in_head = False
            if ours:
                lines.append(f"{field}: {value}")
    return "\n".join(lines)
