"""The limits of a grant in words, as they stand in a sentence about it."""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

from sayso.instants import parse_rfc3339
from sayso.profile.model import Named
from sayso.profile.wording import Said, Wording


def limit(words: Wording, member: str, value: Any) -> Said:
    """Put the value of a limit in words that stand in a sentence about it."""
    _ = words.texts.gettext
    if not value:
        return Said(
            {
                "categories": _("about any product"),
                "granularity": _("every detail"),
                "lookback": _("of any age"),
                "frequency": _("any number of contacts"),
                "retention": _("without a stated limit"),
                "sharing": _("with nobody"),
                "from_": _("from the beginning"),
                "until": _("as long as the profile holds"),
            }[member]
        )
    if isinstance(value, Named):
        return Said(_("only with %(companies)s"), {"companies": words.companies(value.named)})
    match member:
        case "categories":
            return Said(_("only about %(categories)s"), {"categories": words.labels(member, value)})
        case "granularity":
            return Said(fineness(words.texts, value))
        case "lookback":
            span = words.length(value)
            of_it = span.removeprefix("1 ") if words.language == "en" else span
            return Said(_("of the last %(span)s"), {"span": of_it})
        case "frequency":
            return Said("%(rate)s", {"rate": words.rate(value)})
        case "retention":
            return Said(_("for %(span)s"), {"span": words.length(value)})
        case "from_":
            return Said(_("from %(moment)s on"), {"moment": words.moment(parse_rfc3339(value))})
        case "until":
            return Said(_("until %(end)s"), {"end": words.until(value)})
    others = _("only with those who work for them"), _("also with others, once nobody can be recognised")
    return Said(others[value == "anonymised"])


def fineness(texts: NullTranslations, value: str) -> str:
    """Say how fine data may be."""
    _ = texts.gettext
    return {
        "event": _("every single event"),
        "item": _("single items"),
        "category": _("product categories only"),
        "band": _("rough bands only"),
        "aggregate": _("figures about many people only"),
    }[value]
