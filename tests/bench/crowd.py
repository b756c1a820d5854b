"""A crowd of people for measuring a store: made-up profiles of natural size and variety, the same ones every time.

Companies are named as often as companies are, a few by many and most by few. A company proposes a dozen forms of grant, which
people copy; one grant in eight is of their own making. For one company, ``BAZAAR``, everybody writes their own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any

import msgspec

from sayso.instants import DAY, rfc3339
from sayso.profile import model
from sayso.profile.model import (
    CompanyEntry,
    ContactRule,
    Grant,
    Interest,
    Payload,
    Refusal,
    Revocation,
    Subject,
    Want,
)
from sayso.reader.record import Record, record_of_payload
from sayso.trust.pin import Pin

AT = 1_795_251_600
BAZAAR = "bazaar.example"
BAZAAR_SHARE = 0.05

_NAMES = (
    "north",
    "stone",
    "river",
    "amber",
    "maple",
    "quiet",
    "silver",
    "harbour",
    "meadow",
    "copper",
    "linden",
    "orchard",
)
_TRADES = ("works", "books", "foods", "press", "shop", "travel", "music", "garden", "supply", "studio", "wear", "lab")
_SIGNALS = (
    "purchase.history", "browsing.products", "purchase.categories", "interests.declared", "preferences.declared",
    "loyalty.status", "wishlist.items", "purchase.returns", "search.queries", "cart.abandoned", "promo.response",
    "subscriptions.active", "store.visits", "location.coarse", "purchase", "browsing",
)  # fmt: skip
_PURPOSES = (
    "offers.personalised", "marketing.direct", "service.delivery", "personalisation.recommendations",
    "personalisation.experience", "analytics.usage", "product.improvement", "ads.first_party", "research.market",
)  # fmt: skip
_CHANNELS = ("email", "on_site", "in_app", "sms", "post", "push", "in_store", "agent")
_CATEGORIES = ("ap", "sg", "me", "hg", "fb", "el", "ha", "sg-4", "ap-2", "fb-1-3")
_TEXTS = ("So that I only see what fits.", "They remember my sizes, and nobody else should.", "Once a month is plenty.")


def _falling(number: int, head: float) -> list[float]:
    """Give cumulated weights that fall as ranks do in nature (Zipf, Mandelbrot)."""
    return list(accumulate(1 / (rank + head) for rank in range(1, number + 1)))


class Crowd:
    """Everything that profiles have in common, and the profiles by their number."""

    def __init__(self, seed: int = 1) -> None:
        rng = self._rng = Random(seed)
        self.companies = [f"{rng.choice(_NAMES)}-{rng.choice(_TRADES)}-{rank}.example" for rank in range(5_000)]
        self._brokers = [f"{name}-ads.example" for name in _NAMES]
        self._company_weights = _falling(5_000, 3)
        self._forms = [self._form() for _ in range(400)]
        self._form_weights = _falling(400, 3)
        self._proposed = {name: self._some_forms(12) for name in self.companies}
        self._proposed_weights = _falling(12, 1)
        self._refusals = [self._refused() for _ in range(40)]
        self._rules = [self._ruled() for _ in range(48)]
        self._few_weights = _falling(48, 0.5)

    def records(self, number: int, grants: int) -> Iterator[Record]:
        """Make the records of so many profiles; the bytes have the size of signed ones, and no signature that would verify."""
        for place in range(number):
            payload = self.profile(place, grants)
            body = base64.urlsafe_b64encode(model.encode(payload)).rstrip(b"=")
            profile = b"h" * 157 + b"." + body + b"." + b"s" * 86  # as long as a header and a signature are
            digest = self._digest()
            pin = Pin(payload.sub, payload.identity, 0, payload.key_event, payload.sequence, digest, payload.iat)
            keys = b"k" * 618  # as long as a key log of one line is
            yield record_of_payload(pin, payload, profile, keys, AT - self._rng.randrange(3 * DAY))

    def profile(self, place: int, grants: int) -> Payload:
        """Make a profile of so many grants, to ten companies or so."""
        rng = self._rng
        names = dict.fromkeys(rng.choices(self.companies, cum_weights=self._company_weights, k=rng.randint(8, 12)))
        if rng.random() < BAZAAR_SHARE:
            names[BAZAAR] = None
        mine = list(names)
        iat = AT - rng.randrange(170 * DAY)
        exp = iat + rng.choice((180, 180, 180, 365)) * DAY
        identity = self._digest()
        to = sorted(mine + rng.choices(mine, k=max(0, grants - len(mine))))[:grants]
        return Payload(
            v=1,
            sub=f"https://{rng.choice(_NAMES)}{place}.{'people' if place % 3 else 'my-own-pages'}.example/",
            identity=identity,
            key_event=identity if rng.random() < 0.9 else self._digest(),
            sequence=rng.randint(1, 9),
            previous=self._digest(),
            iat=iat,
            exp=exp,
            status="active",
            vocabulary=1,
            subject=Subject(name=rng.choice(_NAMES).title(), languages=("en",), country="IE"),
            companies=tuple(CompanyEntry(name, name[:-8].title(), "repeat") for name in mine),
            grants=tuple(self._grant(number, name, mine, iat, exp) for number, name in enumerate(to)),
            refusals=self._pick(self._refusals),
            revocations=(Revocation("old", (rng.choice(mine),), iat),) if rng.random() < 0.05 else (),
            channels=self._pick(self._rules),
            wants=(Want("boots", "Waterproof walking boots, EU 41", "sg", "180 EUR"),),
            interests=(Interest("sg", "love"), Interest("trail running", "like"), Interest("golf", "dislike")),
        )

    def _grant(self, number: int, company: str, mine: list[str], iat: int, exp: int) -> Grant:
        rng = self._rng
        if company == BAZAAR or rng.random() < 0.125:
            form = rng.choices(self._forms, cum_weights=self._form_weights)[0]
        else:
            form = rng.choices(self._proposed[company], cum_weights=self._proposed_weights)[0]
        drawn = rng.random()
        edge = rfc3339(min(iat // DAY * DAY + rng.randint(20, 300) * DAY, exp)) if drawn < 0.15 else None
        return msgspec.structs.replace(
            form,
            id=f"{company.partition('-')[0]}-{number}",
            to=tuple({company, rng.choice(mine)}) if rng.random() < 0.1 else (company,),
            from_=edge if drawn < 0.03 else None,
            until=edge if drawn >= 0.03 else None,
            note=rng.choice(_TEXTS) if rng.random() < 0.2 else None,
        )

    def _form(self) -> Grant:
        rng = self._rng
        rare: Any = rng.choice
        return Grant(
            "g",
            ("*",),
            self._words(_SIGNALS, 3),
            self._words(_PURPOSES, 2),
            self._words(_CHANNELS, 3),
            self._words(_CATEGORIES, 2) if rng.random() < 0.4 else (),
            rare(("event", "item", "category", "band")) if rng.random() < 0.3 else None,
            rare(("P3M", "P12M", "P5Y")) if rng.random() < 0.4 else None,
            rare(("1/P1M", "2/P1M", "1/P1W")) if rng.random() < 0.4 else None,
            rare(("P30D", "P90D", "P6M")) if rng.random() < 0.4 else None,
            rare(("processors", "anonymised")) if rng.random() < 0.2 else None,
        )

    def _some_forms(self, number: int) -> list[Grant]:
        return list(
            {
                id(form): form for form in self._rng.choices(self._forms, cum_weights=self._form_weights, k=3 * number)
            }.values()
        )[:number]

    def _refused(self) -> tuple[Refusal, ...]:
        rng = self._rng
        broad = [
            Refusal("no-sale", ("*",), purposes=("ai.training", "data.sale")),
            Refusal("no-tracking", ("*",), signals=("browsing.cross_site", "device.identifiers", "location.precise")),
            Refusal("no-letters", ("*",), channels=("post",)),
            Refusal("no-golf", ("*",), categories=("sg-3",)),
            Refusal("no-profiles", ("*",), purposes=("profiling",)),
            Refusal("no-prices", ("*",), purposes=("pricing.individual",)),
        ]
        narrow = [Refusal(f"no-{name[:-8]}", (name,)) for name in rng.sample(self._brokers, rng.randrange(3))]
        return tuple(rng.sample(broad, rng.randint(1, 4)) + narrow)

    def _ruled(self) -> tuple[ContactRule, ...]:
        rng = self._rng
        quiet = [f"{hour}:{half}-0{8 + hour % 2}:00 Europe/{zone}" for hour in (20, 21, 22) for half in ("00", "30") for zone in ("Dublin", "Paris")]  # fmt: skip
        said = {
            "email": ContactRule("email", max=rng.choice(("4/P1M", "2/P1M", "1/P1W")), quiet=rng.choice(quiet)),
            "phone": ContactRule("phone", never=True),
            "sms": ContactRule("sms", never=rng.random() < 0.5),
            "push": ContactRule("push", quiet=rng.choice(quiet)),
            "post": ContactRule("post", never=True),
        }
        return tuple(said[name] for name in sorted(rng.sample(list(said), rng.randint(1, 4))))

    def _words(self, words: tuple[str, ...], most: int) -> tuple[str, ...]:
        picked = self._rng.choices(words, cum_weights=_falling(len(words), 1), k=self._rng.randint(1, most))
        return tuple(sorted(set(picked)))

    def _pick(self, several: list[Any]) -> Any:
        return self._rng.choices(several, cum_weights=self._few_weights[: len(several)])[0]

    def _digest(self) -> str:
        return base64.urlsafe_b64encode(self._rng.randbytes(32)).decode().rstrip("=")
