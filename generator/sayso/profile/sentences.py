"""Whole sentences about who may do what, and who may no longer, in the author's language.

Each form has both its numbers, singular and plural, since a language may need them: who is told of may be one company or
several. Everyone is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sayso.profile.limit_words import limit
from sayso.profile.model import EVERYONE, Grant, Want
from sayso.profile.stricter import LIMITS
from sayso.profile.wording import Part, Said, Wording

#: Since when it is so: told anew, given now, given now beside something else, lost now.
How = Literal["anew", "now", "also", "lost"]


class Sentences:
    """Says sentences in the words of a language; told ``anew``, nothing is said to be so *now*."""

    def __init__(self, words: Wording, anew: bool) -> None:
        self._words, self._texts = words, words.texts
        self._given: How = "anew" if anew else "now"

    def grants(self, to: Sequence[str], grant: Grant, want: Want | None, how: How | None = None) -> Said:
        """Say what a grant gives to some companies, or what they lose by its end; ``want`` is what it stands for, if it does."""
        values: dict[str, Part] = {
            "signals": self._words.labels("signals", grant.signals),
            "purposes": self._words.labels("purposes", grant.purposes),
            "what": self._words.quoted(want.what) if want else "",
        }
        number, ngettext = self._number(to), self._texts.ngettext
        how = how or self._given
        if EVERYONE in to and how == "lost":
            _ = self._texts.gettext
            form = (
                _("Not every company may still make you offers for %(what)s")
                if want
                else _("Not every company may still see %(signals)s, for %(purposes)s")
            )
        elif want:
            form = {
                "anew": ngettext(
                    "%(companies)s may make you offers for %(what)s",
                    "%(companies)s may make you offers for %(what)s",
                    number,
                ),
                "now": ngettext(
                    "%(companies)s may now make you offers for %(what)s",
                    "%(companies)s may now make you offers for %(what)s",
                    number,
                ),
                "lost": ngettext(
                    "%(companies)s may no longer make you offers for %(what)s",
                    "%(companies)s may no longer make you offers for %(what)s",
                    number,
                ),
            }[how]
        else:
            form = {
                "anew": ngettext(
                    "%(companies)s may see %(signals)s, for %(purposes)s",
                    "%(companies)s may see %(signals)s, for %(purposes)s",
                    number,
                ),
                "now": ngettext(
                    "%(companies)s may now see %(signals)s, for %(purposes)s",
                    "%(companies)s may now see %(signals)s, for %(purposes)s",
                    number,
                ),
                "lost": ngettext(
                    "%(companies)s may no longer see %(signals)s, for %(purposes)s",
                    "%(companies)s may no longer see %(signals)s, for %(purposes)s",
                    number,
                ),
            }[how]
        channels = (self._words.labels("channels", grant.channels),) if grant.channels else ()
        return Said(form, {"companies": self.who(to), **values}, channels)

    def sees(self, to: Sequence[str], signals: tuple[str, ...], how: How) -> Said:
        """Say that signals come to a grant, or go."""
        number, ngettext = self._number(to), self._texts.ngettext
        if how != "lost":
            form = ngettext(
                "%(companies)s may now also see %(signals)s", "%(companies)s may now also see %(signals)s", number
            )
        elif EVERYONE in to:
            form = self._texts.gettext("Not every company may still see %(signals)s")
        else:
            form = ngettext(
                "%(companies)s may no longer see %(signals)s", "%(companies)s may no longer see %(signals)s", number
            )
        return Said(form, {"companies": self.who(to), "signals": signals})

    def uses(self, to: Sequence[str], purposes: tuple[str, ...], how: How) -> Said:
        """Say that purposes come to a grant, or go."""
        number, ngettext = self._number(to), self._texts.ngettext
        if how != "lost":
            form = ngettext(
                "%(companies)s may now also use your data for %(purposes)s",
                "%(companies)s may now also use your data for %(purposes)s",
                number,
            )
        elif EVERYONE in to:
            form = self._texts.gettext("Not every company may still use your data for %(purposes)s")
        else:
            form = ngettext(
                "%(companies)s may no longer use your data for %(purposes)s",
                "%(companies)s may no longer use your data for %(purposes)s",
                number,
            )
        return Said(form, {"companies": self.who(to), "purposes": purposes})

    def reaches(self, to: Sequence[str], channels: Sequence[str], how: How) -> Said:
        """Say that channels come to a grant, or go; without any, that it may be used without contact, or may not."""
        number, ngettext = self._number(to), self._texts.ngettext
        values: dict[str, Part] = {"companies": self.who(to), "channels": self._words.labels("channels", channels)}
        if EVERYONE in to and how == "lost":
            _ = self._texts.gettext
            silent = _("Not every company may still use this permission without contacting you")
            return Said(_("Not every company may still reach you %(channels)s") if channels else silent, values)
        if channels:
            form = {
                "now": ngettext(
                    "%(companies)s may now reach you %(channels)s",
                    "%(companies)s may now reach you %(channels)s",
                    number,
                ),
                "also": ngettext(
                    "%(companies)s may now also reach you %(channels)s",
                    "%(companies)s may now also reach you %(channels)s",
                    number,
                ),
                "lost": ngettext(
                    "%(companies)s may no longer reach you %(channels)s",
                    "%(companies)s may no longer reach you %(channels)s",
                    number,
                ),
            }[how]
        elif how == "lost":
            form = ngettext(
                "%(companies)s may no longer use this permission without contacting you",
                "%(companies)s may no longer use this permission without contacting you",
                number,
            )
        else:
            form = ngettext(
                "%(companies)s may now use this permission without contacting you",
                "%(companies)s may now use this permission without contacting you",
                number,
            )
        return Said(form, values)

    def limited(self, to: Sequence[str], member: str, now: Said, before: Said) -> Said:
        """Say what a limit is now, and what it was before."""
        number, ngettext = self._number(to), self._texts.ngettext
        this = ngettext(
            "%(companies)s may now use this permission %(now)s (before: %(before)s)",
            "%(companies)s may now use this permission %(now)s (before: %(before)s)",
            number,
        )
        form = {
            "granularity": ngettext(
                "%(companies)s may now see %(now)s (before: %(before)s)",
                "%(companies)s may now see %(now)s (before: %(before)s)",
                number,
            ),
            "lookback": ngettext(
                "%(companies)s may now use data %(now)s (before: %(before)s)",
                "%(companies)s may now use data %(now)s (before: %(before)s)",
                number,
            ),
            "frequency": ngettext(
                "%(companies)s may now make %(now)s (before: %(before)s)",
                "%(companies)s may now make %(now)s (before: %(before)s)",
                number,
            ),
            "retention": ngettext(
                "%(companies)s may now keep your data %(now)s (before: %(before)s)",
                "%(companies)s may now keep your data %(now)s (before: %(before)s)",
                number,
            ),
            "sharing": ngettext(
                "%(companies)s may now share your data %(now)s (before: %(before)s)",
                "%(companies)s may now share your data %(now)s (before: %(before)s)",
                number,
            ),
        }.get(member, this)
        return Said(form, {"companies": self.who(to), "now": now, "before": before})

    def who(self, to: Sequence[str]) -> Part:
        """Begin a sentence with companies, and with a capital letter."""
        if EVERYONE in to:
            return self._texts.pgettext("who", "Every company")
        names = tuple(map(self._words.company, to))
        if names[0][0].isupper():
            return names
        form = self._texts.ngettext("The company %(companies)s", "The companies %(companies)s", len(names))
        return Said(form, {"companies": names})

    def within(self, grant: Grant) -> tuple[Part, ...]:
        """Tell the limits of a new grant, and what the author gets in return, as clauses of a sentence."""
        _, words = self._texts.gettext, self._words
        said: list[Part] = [] if grant.channels else [_("but not contact you")]
        forms = {
            "granularity": _("as %(limit)s"),
            "lookback": _("with data %(limit)s"),
            "frequency": _("with %(limit)s"),
            "retention": _("kept %(limit)s"),
            "sharing": _("shared %(limit)s"),
        }
        for member in LIMITS:
            if value := getattr(grant, member):
                said.append(Said(forms.get(member, "%(limit)s"), {"limit": limit(words, member, value)}))
        if grant.in_return:
            said.append(_("in return for %(what)s") % {"what": words.quoted(grant.in_return)})
        return tuple(said)

    def _number(self, to: Sequence[str]) -> int:
        return 1 if EVERYONE in to else len(to)
