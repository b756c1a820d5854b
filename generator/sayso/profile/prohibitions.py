"""Whole sentences about what is refused, and about contact rules, in the author's language."""

from __future__ import annotations

from sayso.profile.model import Refusal
from sayso.profile.wording import Said, Wording


class Prohibitions:
    """Says sentences in the words of a language; told ``anew``, nothing is said to be so *now*, or not *any more*."""

    def __init__(self, words: Wording, anew: bool) -> None:
        self._words, self._texts, self._anew = words, words.texts, anew

    def refused(self, refusal: Refusal) -> Said:
        """Say whom and what a refusal refuses, as it stands after "you refuse"."""
        form = self._texts.gettext("%(companies)s: %(scope)s")
        return Said(form, {"companies": self._words.companies(refusal.to), "scope": scope(refusal, self._words)})

    def closed(self, way: str) -> Said:
        """Say that a channel is never to be used; ``way`` are the words for it."""
        _ = self._texts.gettext
        now = _("Nobody may reach you %(channel)s any more: it is never to be used")
        anew = _("Nobody may reach you %(channel)s: it is never to be used")
        return Said(anew if self._anew else now, {"channel": way})

    def often(self, way: str, rate: str, before: str | None) -> Said:
        """Say how often a channel may be used."""
        _ = self._texts.gettext
        form = _("%(channel)s, a company may now make %(now)s (before: %(before)s)")
        if before is None:
            now = _("%(channel)s, a company may now make %(now)s")
            form = _("%(channel)s, a company may make %(now)s") if self._anew else now
        return Said(form, {"channel": way[:1].upper() + way[1:], "now": rate, "before": before or ""})

    def hours(self, way: str, hours: str, before: str | None) -> Said:
        """Say at which hours a channel may be used."""
        _ = self._texts.gettext
        form = _("%(channel)s, a company may now contact you %(now)s (before: %(before)s)")
        if before is None:
            now = _("%(channel)s, a company may now contact you %(now)s")
            form = _("%(channel)s, a company may contact you %(now)s") if self._anew else now
        return Said(form, {"channel": way[:1].upper() + way[1:], "now": hours, "before": before or ""})


def scope(refusal: Refusal, words: Wording) -> Said:
    """Say what a refusal is about: signals, purposes, channels, categories, or everything."""
    _ = words.texts.gettext
    named = "".join(
        member[:2] for member in ("signals", "purposes", "channels", "categories") if getattr(refusal, member)
    )
    form = {
        "": _("everything"),
        "si": _("seeing %(signals)s"),
        "sipu": _("seeing %(signals)s for %(purposes)s"),
        "sich": _("seeing %(signals)s %(channels)s"),
        "sica": _("seeing %(signals)s about %(categories)s"),
        "sipuch": _("seeing %(signals)s for %(purposes)s %(channels)s"),
        "sipuca": _("seeing %(signals)s for %(purposes)s about %(categories)s"),
        "sichca": _("seeing %(signals)s %(channels)s about %(categories)s"),
        "sipuchca": _("seeing %(signals)s for %(purposes)s %(channels)s about %(categories)s"),
        "pu": "%(purposes)s",
        "puch": _("%(purposes)s %(channels)s"),
        "puca": _("%(purposes)s about %(categories)s"),
        "puchca": _("%(purposes)s %(channels)s about %(categories)s"),
        "ch": _("reaching you %(channels)s"),
        "chca": _("reaching you %(channels)s about %(categories)s"),
        "ca": _("anything about %(categories)s"),
    }[named]
    members = ("signals", "purposes", "channels", "categories")
    return Said(form, {member: words.labels(member, getattr(refusal, member)) for member in members})
