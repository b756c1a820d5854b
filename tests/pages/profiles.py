"""Profiles as different as people are, each signed in a folder and built at an address of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages.hostile import TEXTS, filled, profile_of
from sayso import spec
from sayso.publish.signing import prepare, sign
from sayso.publish.site import build
from sign_examples import public_test_key, sign_example
from support import AT, consumer, edit

DAY = 86_400
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichen"
SENTENCE = "Nobody reads five hundred characters about a pair of boots, and yet here they are. "


@dataclass(frozen=True)
class Profile:
    """A profile by name: where it is published, what makes its signed folder, and when it is looked at."""

    name: str
    base: str
    make: Callable[[Path], Path]
    read_at: int = AT + 3_600

    def built(self, work: Path, site: Path) -> Path:
        """Sign it in a folder below ``work`` and build it into ``site``; gives the consumer's folder."""
        (work / self.name).mkdir(parents=True)
        folder = self.make(work / self.name)
        site.parent.mkdir(parents=True, exist_ok=True)
        build(folder, site, AT + 60)
        return folder


def written(work: Path, name: str, source: Mapping[str, Any]) -> Path:
    """Write a source, as JSON, which is YAML too, and sign it."""
    folder = work / name
    folder.mkdir()
    (folder / "profile.yml").write_text(json.dumps(source, ensure_ascii=False, indent=1), "utf-8")
    sign_example(folder)
    return folder


def ada_at(work: Path, url: str) -> Path:
    """Sign the full example for another address, which makes it another identity."""
    folder = consumer(work, signed=False)
    edit(folder / "profile.yml", "https://ada.example/", url)
    sign_example(folder)
    return folder


def withdrawn(work: Path) -> Path:
    """Take everything back that a first version gave."""
    folder = ada_at(work, "https://wanda.example/")
    edit(folder / "profile.yml", "valid: {for: P6M}", "valid: {for: P6M}\nstatus: withdrawn")
    sign(prepare(folder, lambda: AT + 60), public_test_key("ada daily"))
    return folder


def right_to_left(work: Path) -> Path:
    """Say all in Arabic, with companies that have Arabic names, and a page of one's own."""
    source = {
        "sayso": 1,
        "me": {"url": "https://layla.example/", "name": ARABIC["name"], "languages": ["ar", "en"], "country": "EG"},
        "valid": {"for": "P6M"},
        "companies": {
            "souk.example": {"name": ARABIC["company"], "stage": "repeat", "note": ARABIC["companynote"]},
            "mixed.example": {"name": "كتب & Books (2)", "stage": "try"},
        },
        "grants": [
            {
                "id": "souk",
                "to": ["souk.example"],
                "signals": ["purchase.history", "wishlist.items"],
                "purposes": ["offers.personalised"],
                "channels": ["email"],
                "categories": ["hg"],
                "lookback": "P6M",
                "frequency": "2/P1M",
                "in_return": ARABIC["inreturn"],
                "note": ARABIC["grantnote"],
            }
        ],
        "refusals": [{"id": "sale", "to": "everyone", "purposes": ["data.sale"], "note": ARABIC["refusalnote"]}],
        "channels": {"phone": "never"},
        "wants": [{"id": "lamp", "what": ARABIC["what"], "budget": ARABIC["budget"], "open_to": ["souk.example"]}],
        "interests": [{"topic": ARABIC["topic"], "level": "love"}],
    }
    folder = written(work, "layla", source)
    (folder / "docs").mkdir()
    (folder / "docs" / "about.md").write_text("# عن هذه الصفحة\n\nأحتفظ هنا بتفضيلاتي.\n", "utf-8")
    return folder


ARABIC = {
    "name": "ليلى",
    "company": "سوق المدينة",
    "companynote": "يتذكرون مقاس حذائي.",
    "inreturn": "خصم عشرة بالمئة",
    "grantnote": "عروض الأثاث فقط من فضلكم.",
    "refusalnote": "بياناتي ليست للبيع.",
    "what": "مصباح للقراءة لا يصدر صوتا",
    "budget": "حتى 90 دينارا",
    "topic": "الخط العربي",
}


def very_long(work: Path) -> Path:
    """Fill a profile up to what may be signed: 200 companies, 300 grants, texts of 500 characters, words without an end."""
    signals = [key for key, word in spec.vocabulary().signals.items() if not word.explicit_only and "." in key]
    text, word = (SENTENCE * 10)[:500], (LONG_WORD * 10)[:500]
    domains = [f"{'a-long-name-' * 4 if n % 40 == 39 else 'shop'}{n:03}.example" for n in range(200)]
    companies = {
        domain: {"name": word if n in (0, 199) else f"The shop number {n}"} | ({"note": text} if n % 3 == 0 else {})
        for n, domain in enumerate(domains)
    }
    grants = [
        {
            "id": f"{'g' * 60 if n == 0 else 'grant'}-{n:03}",
            "to": [domains[n % 200]],
            "signals": [signals[n % 20], signals[(n + 7) % 20]],
            "purposes": ["offers.personalised", "marketing.direct"],
            "channels": ["email"],
            "note": word if n % 30 == 0 else text if n % 5 == 0 else "Short.",
        }
        | ({"in_return": word if n % 60 == 0 else text} if n % 20 == 0 else {})
        for n in range(300)
    ]
    grants[1] |= {"signals": signals, "to": domains[:50]}
    source = {
        "sayso": 1,
        "me": {"url": "https://max.example/", "name": word, "languages": ["en"]},
        "valid": {"for": "P400D"},
        "companies": companies,
        "grants": grants,
        "refusals": [
            {"id": f"r-{n}", "to": domains[n * 20 : n * 20 + 20], "categories": ["sg"], "note": text} for n in range(5)
        ],
        "wants": [{"id": f"w-{n}", "what": word, "budget": text, "open_to": [domains[n]]} for n in range(8)],
        "interests": [{"topic": f"{n} {word}"[:500], "level": "like"} for n in range(8)],
    }
    return written(work, "max", source)


def hostile(work: Path) -> Path:
    """Put every hostile text into every field; the name, of which there is one, begins each of them."""
    texts = [filled(text) for text in TEXTS.values()]
    name = "".join(item["name"][:12] for item in texts)[:500]
    return written(work, "mallory", profile_of("https://mallory.example/", name, texts))


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("full", "https://ada.example/", consumer),
        Profile("minimal", "https://people.example/bo/", lambda work: consumer(work, "minimal")),
        Profile("empty", "https://kim.example/", lambda work: consumer(work, "nothing")),
        Profile("withdrawn", "https://wanda.example/", withdrawn),
        Profile("expired", "https://eve.example/", lambda work: ada_at(work, "https://eve.example/"), AT + 300 * DAY),
        Profile("right-to-left", "https://layla.example/", right_to_left),
        Profile("very-long", "https://max.example/", very_long),
        Profile("hostile", "https://mallory.example/", hostile),
    )
}
