"""The starting points of a new profile: what each means, which agreement of IEEE 7012 it resembles, what it has to know.

Texts come in a language: ``say`` gives a message in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Start:
    """A starting point; ``takes`` is what must be known for it: shops, or what is wanted and perhaps shops."""

    title: str
    meaning: str
    resembles: str
    takes: Literal["nothing", "shops", "want"]


def starts(say: Say) -> Mapping[str, Start]:
    """Give the starting points by name, in the order in which they are shown."""
    _ = say
    like = _("IEEE 7012: resembles %(agreement)s")
    return {
        "nothing": Start(
            _("Share nothing"),
            _("Nobody may see or use anything about me, and my page says so."),
            _("IEEE 7012: resembles none of its agreements"),
            "nothing",
        ),
        "service": Start(
            _("Service only"),
            _("The shops that I name may use my orders with them to serve me, and write to me about that; no more."),
            like % {"agreement": "SD-BASE"},
            "shops",
        ),
        "offers": Start(
            _("Offers from shops that I name"),
            _("The shops that I name may use my orders with them to send me offers by e-mail, at most twice a month."),
            _("IEEE 7012: resembles %(agreement)s, and says more than its agreements can")
            % {"agreement": "SD-BASE-ATP"},
            "shops",
        ),
        "market": Start(
            _("In the market for something"),
            _("I say what I am looking for; shops that I name may answer by e-mail, and use it for nothing else."),
            like % {"agreement": "PDC-INTENT"},
            "want",
        ),
    }
