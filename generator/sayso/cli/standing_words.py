"""How the standing of a folder is told: lines for people in the language of their terminal, and the days of a calendar."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sayso.cli.shell import place
from sayso.instants import DAY
from sayso.publish.calendar import Day
from sayso.publish.folder import Signed
from sayso.publish.held import Holding
from sayso.publish.overview import Card, Overview
from sayso.publish.standing import Deed, End, Standing
from sayso.publish.words import Words, words_in
from sayso.texts import gettext, language_of


@dataclass(frozen=True)
class Told:
    """Tells a standing; ``folder`` is what the commands are told to work on."""

    standing: Standing
    folder: Path

    @cached_property
    def _words(self) -> Words:
        return words_in(language_of(os.environ))

    def lines(self) -> Iterator[str]:
        """Tell all of it."""
        yield from self._live()
        yield self._signed()
        yield from self._edited()
        yield from self._ends()
        yield from self._holdings()

    def deeds(self) -> Iterator[tuple[Deed, str, str]]:
        """Give what wants doing: its name, what to do, and the command that does it."""
        at, standing = place(self.folder) or " .", self.standing
        said = {
            "served-wrong": (gettext("see what is wrong with what is served"), f"sayso monitor{at}"),
            "served-newer": (gettext("see whether you signed it elsewhere"), f"sayso monitor{at}"),
            "no-profile": (gettext("begin a profile"), f"sayso init{at}")
            if standing.signed is None
            else (gettext("put profile.yml back; or begin anew, in another folder"), "sayso init FOLDER"),
            "profile-errors": (gettext("see what is wrong with profile.yml"), f"sayso check{at}"),
            "no-keys": (gettext("make your keys"), f"sayso key new{at} --recovery FILE"),
            "never-signed": (gettext("sign it"), f"sayso sign{at}"),
            "edited": (gettext("sign what you changed"), f"sayso sign{at}"),
            "not-published": (gettext("put on the web what is signed"), f"sayso publish{at} --help"),
            "ended": (gettext("sign it again, and publish it"), f"sayso sign{at}"),
            "profile-ends": (gettext("sign it again before it ends, and publish it"), f"sayso sign{at}"),
            "entry-ends": (gettext("let it end, or give it another end and sign"), f"sayso edit{at}"),
        }
        yield from ((deed, *said[deed]) for deed in standing.wants_doing)

    def more(self) -> str | None:
        """Say what may be done besides, with its command; None where what wants doing is all."""
        at = place(self.folder)
        if self.standing.held.holdings:
            text = gettext("not each is for each: see in full what a company may do")
            return f"{text}: sayso explain COMPANY{at}"
        if self.standing.wants_doing:
            return None
        return f"{gettext('see what it said before')}: sayso history{at}"

    def days(self) -> Iterator[Day]:
        """Give the days on which something ends; those that are over are left out, but for the profile's own."""
        for end in self.standing.ends:
            if end.kind == "profile" or end.at > self.standing.at:
                yield self._day(end)

    def what(self, end: End) -> str:
        """Say what ends."""
        if end.want:
            return gettext("what you want: %(what)s") % {"what": end.want.what}
        if end.grant:
            companies = self._words.recipients(end.grant.to, self._names)
            said = {
                "companies": self._words.list(companies),
                "signals": self._words.list(map(self._words.signal, end.grant.signals)),
                "id": end.grant.id,
            }
            return gettext("what %(companies)s may see: %(signals)s (%(id)s)") % said
        return gettext("your whole profile")

    def _live(self) -> Iterator[str]:
        live, signed = self.standing.live, self.standing.signed
        if signed is None:
            yield gettext("Live: not asked, since nothing is signed")
            return
        version = live.version.payload if live.version else signed.payload
        said = {
            "address": signed.payload.sub,
            "number": version.sequence,
            "day": self._words.instant(version.iat),
            "signed": signed.payload.sequence,
            "since": self._words.instant(signed.payload.iat),
        }
        form = {
            "as-signed": gettext("Live: version %(number)d, as you signed it on %(day)s, at %(address)s"),
            "in-part": gettext(
                "Live: version %(number)d, as you signed it on %(day)s, but not all of its files are served as they should be"
            ),
            "older": gettext(
                "Live: still version %(number)d, signed on %(day)s; version %(signed)d, signed on %(since)s, is not published"
            ),
            "newer": gettext(
                "ATTENTION: version %(number)d is live, signed on %(day)s; here is only version %(signed)d, signed on %(since)s"
            ),
            "missing": gettext("Live: nothing; version %(signed)d, signed on %(since)s, is not published"),
            "wrong": gettext("ATTENTION: what is served at %(address)s is not what you signed"),
            "unknown": gettext("Live: it could not be found out what is served at %(address)s"),
            "not-asked": gettext("Live: not asked (--offline)"),
        }[live.state]
        yield form % said
        if live.state in ("wrong", "in-part", "newer"):
            yield from (f"  {problem.code} {problem.message}" for problem in live.problems)

    def _signed(self) -> str:
        signed, standing = self.standing.signed, self.standing
        if signed is None:
            return gettext("Signed: nothing yet")
        said = {
            "number": signed.payload.sequence,
            "day": self._words.instant(signed.payload.iat),
            "end": self._words.instant(signed.payload.exp - 1),
        }
        if standing.withdrawn:
            return gettext("Signed: version %(number)d of %(day)s: everything is withdrawn") % said
        if signed.payload.exp <= standing.at:
            return gettext("Signed: version %(number)d of %(day)s; it ended, its last day was %(end)s") % said
        return gettext("Signed: version %(number)d of %(day)s; its last day is %(end)s") % said

    def _edited(self) -> Iterator[str]:
        edited = self.standing.edited
        if edited.errors:
            count, first = len(edited.errors), edited.errors[0]
            form = self._words.texts.ngettext(
                "profile.yml: %(num)d error hinders signing:",
                "profile.yml: %(num)d errors hinder signing, the first is:",
                count,
            )
            yield form % {"num": count}
            place = f"{first.line}:{first.column}: " if first.line else ""
            yield f"  {place}{first.code} {first.message}"
            return
        yield {
            "missing": gettext("profile.yml: is not there"),
            "never-signed": gettext("profile.yml: can be signed, and never was"),
            "edited": gettext("profile.yml: says something else than what is signed:"),
            "as-signed": gettext("profile.yml: says what is signed"),
        }[edited.state]
        yield from (f"  {change.text}" for change in edited.changes)

    def _ends(self) -> Iterator[str]:
        standing, ngettext = self.standing, self._words.texts.ngettext
        if not standing.ends:
            return
        count = {"num": standing.within}
        if standing.soon:
            yield ngettext("Ends within %(num)d day:", "Ends within %(num)d days:", standing.within) % count
        elif standing.ends[-1] not in standing.over:
            yield (
                ngettext("Nothing ends within %(num)d day", "Nothing ends within %(num)d days", standing.within) % count
            )
        for end in standing.soon:
            left = (end.at - 1) // DAY - standing.at // DAY
            when = ngettext("in %(num)d day", "in %(num)d days", left) % {"num": left} if left else gettext("today")
            said = {"day": self._words.instant(end.at - 1), "when": when, "what": self.what(end)}
            yield "  " + gettext("%(day)s (%(when)s): %(what)s") % said
        if standing.over:
            yield gettext("Has ended:")
            for end in standing.over:
                said = {"day": self._words.instant(end.at - 1), "what": self.what(end)}
                yield "  " + gettext("%(day)s: %(what)s") % said

    def _holdings(self) -> Iterator[str]:
        standing = self.standing
        if standing.terms is None or standing.signed is None:
            return
        by = standing.live.version or standing.signed.verified
        heading = {
            "unknown": gettext("Companies hold, if version %(number)d is live:"),
            "not-asked": gettext("Companies hold, if version %(number)d is live:"),
            "missing": gettext("Companies will hold, once version %(number)d is live:"),
            "wrong": gettext("Companies will hold, once version %(number)d is live:"),
        }.get(standing.live.state, gettext("Companies hold, by version %(number)d, which is live:"))
        if not standing.held.holdings:
            yield gettext("No company holds anything")
            return
        yield heading % {"number": by.payload.sequence}
        yield from (f"  {self._holding(item)}" for item in standing.held.holdings)
        if standing.held.without:
            yield gettext("Nothing is permitted to: %(companies)s") % {
                "companies": self._words.list(map(self._company, standing.held.without))
            }

    def _holding(self, item: Holding) -> str:
        words = self._words
        said = {
            "company": self._company(item.card),
            "signals": words.list(map(words.signal, item.signals)),
            "purposes": words.list(map(words.purpose, item.purposes)),
            "channels": words.list(map(words.channel, item.channels)),
            "day": words.instant(item.begins) if item.begins is not None else "",
        }
        if item.begins is not None:
            # note: who it is, and from when on, before a colon
            said["company"] = gettext("%(company)s, from %(day)s") % said
        if not item.channels:
            return gettext("%(company)s: %(signals)s; for: %(purposes)s; no contact") % said
        return gettext("%(company)s: %(signals)s; for: %(purposes)s; by: %(channels)s") % said

    def _company(self, card: Card) -> str:
        if card.entry is None:
            return gettext("Every company")
        return f"{card.entry.name} ({card.domain})" if card.entry.name else card.domain

    @cached_property
    def _names(self) -> dict[str, str]:
        return Overview(self._of.payload).names

    @property
    def _of(self) -> Signed:
        assert self.standing.signed is not None  # else nothing ends
        return self.standing.signed

    def _day(self, end: End) -> Day:
        sub, what = self._of.payload.sub, self.what(end)
        if end.kind == "profile":
            summary = gettext("Your profile ends: %(address)s") % {"address": sub}
            deed = gettext("Sign it again before, and publish it: sayso sign, then sayso publish.")
        else:
            summary = gettext("Ends: %(what)s") % {"what": what}
            deed = gettext(
                "Let it end, or give it another end and sign: sayso edit, then sayso sign and sayso publish."
            )
        about = f"{sub}#{end.kind}" + (f".{end.id}" if end.id else "")
        return Day(about, end.at - 1, summary, f"{deed}\n{sub}")
