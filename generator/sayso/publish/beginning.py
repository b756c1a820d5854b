"""What a new profile says: the text of ``profile.yml`` from a few answers, with remarks for somebody who never saw YAML.

Pure. The remarks are in the person's language; what is signed are words of the vocabulary only.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from sayso.errors import Problem, SourceError
from sayso.profile.check import check
from sayso.profile.scalars import flow, scalar
from sayso.profile.source import load
from sayso.publish.starts import Say, starts

SCHEMA = "profile.schema.json"
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said about a profile that is to begin; ``shops`` are registrable domains, ``start`` one of ``starts``."""

    url: str
    start: str
    name: str = ""
    languages: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    want: str = ""


def profile_text(answers: Answers, say: Say) -> str:
    """Give the text of ``profile.yml``; ``say`` gives remarks in a language.

    For answers that the rules allow, it has neither errors nor warnings but those about the answers themselves.
    """
    parts = [_head(answers, say), _me(answers, say), _end(say), _companies(answers, say), _permitted(answers, say)]
    return "\n".join(part for part in (*parts, _refused(answers, say)) if part)


def problems(answers: Answers, at: int) -> tuple[Problem, ...]:
    """Give what there is to say about answers: the problems of the profile that they make, as read at an instant."""
    try:
        return check(load(profile_text(answers, str).encode()), at)
    except SourceError as error:
        return error.problems
    except UnicodeEncodeError:  # bytes that a terminal gave as they came
        return (Problem("source-encoding", "what was typed is not UTF-8"),)


def _head(answers: Answers, say: Say) -> str:
    _, start = say, starts(say)[answers.start]
    return (
        f"# yaml-language-server: $schema={SCHEMA}\n#\n"
        + _remark(_("Your profile: which companies may know what about your shopping, and for what."))
        + _remark(_("What it does not permit is not permitted. It begins with: %(start)s.") % {"start": start.title})
        + _remark(start.meaning)
        + "#\n"
        + _remark(
            _("What stands behind a # is a remark for you, and is not signed. Indent with spaces, not with tabs.")
        )
        + _remark(_("After each change: sayso check, then sayso sign."))
        + "sayso: 1\n"
    )


def _me(answers: Answers, say: Say) -> str:
    _ = say
    name = scalar(answers.name) if answers.name else ""
    return (
        "me:\n"
        + _remark(_("Where your page will be. It is part of what you sign."), 2)
        + f"  url: {scalar(answers.url)}\n"
        + _remark(_("Your name or a pseudonym. Everybody can read it; you need not have one."), 2)
        + (f"  name: {name}\n" if name else "  # name: Ada\n")
        + _remark(_("The languages that you want to be addressed in, the best first."), 2)
        + (f"  languages: {flow(answers.languages)}\n" if answers.languages else "  # languages: [en]\n")
    )


def _end(say: Say) -> str:
    _ = say
    return (
        _remark(_("Consent must end: this does 180 days after you sign. To go on, sign again before that."))
        + "valid:\n  for: P180D\n"
    )


def _companies(answers: Answers, say: Say) -> str:
    _ = say
    if not answers.shops:
        return _no_company(say) if answers.start == "market" else ""
    return (
        _remark(_("The shops that you deal with, each by its domain. Between its braces you can say more, such as:"))
        + "# {name: Northpeak Outdoor, stage: repeat}\n"
        + "companies:\n"
        + "".join(f"  {scalar(shop)}: {{}}\n" for shop in answers.shops)
    )


def _no_company(say: Say) -> str:
    _ = say
    return (
        _remark(
            _(
                "Nobody may answer yet. To let a shop do so, take the # and one space away before the lines with its domain."
            )
        )
        + "# companies:\n#   northpeak.example: {}\n"
    )


def _permitted(answers: Answers, say: Say) -> str:
    if answers.start == "market":
        return _wants(answers, say)
    return "" if answers.start == "nothing" else _grants(answers, say)


def _grants(answers: Answers, say: Say) -> str:
    _, offers = say, answers.start == "offers"
    purposes = ("offers.personalised", "marketing.direct") if offers else ("service.delivery",)
    return (
        _remark(_("What you permit. Each entry begins with a dash and has a name of its own, its id."))
        + f"grants:\n  - id: {answers.start}\n"
        + _remark(_("Who may."), 4)
        + _list("to", answers.shops)
        + _remark(_("What they may see. All words: %(command)s") % {"command": "sayso vocab signals"}, 4)
        + "    signals: [purchase.history]\n"
        + _remark(_("What for. All words: %(command)s") % {"command": "sayso vocab purposes"}, 4)
        + f"    purposes: {flow(purposes)}\n"
        + _remark(_("How they may reach you. All words: %(command)s") % {"command": "sayso vocab channels"}, 4)
        + "    channels: [email]\n"
        + (_remark(_("How often: at most twice a month."), 4) + "    frequency: 2/P1M\n" if offers else "")
    )


def _wants(answers: Answers, say: Say) -> str:
    _ = say
    if answers.shops:
        who = (
            _remark(_("Who may answer."), 4)
            + _list("open_to", answers.shops)
            + _remark(_("How they may reach you. All words: %(command)s") % {"command": "sayso vocab channels"}, 4)
            + "    channels: [email]\n"
        )
    else:
        who = _remark(_("Who may answer, and how they may reach you."), 4)
        who += "    # open_to: [northpeak.example]\n    # channels: [email]\n"
    return (
        _remark(_("What you are looking for. Each entry begins with a dash and has a name of its own, its id."))
        + f"wants:\n  - id: first\n    what: {scalar(answers.want)}\n"
        + who
    )


def _refused(answers: Answers, say: Say) -> str:
    _ = say
    remark = _remark(_("What you refuse. It wins over everything that you permit."))
    if answers.start == "nothing":
        return f"{remark}refusals:\n  - id: nothing\n    to: everyone\n"
    purposes = ["data.sale", "ai.training"]
    if answers.start == "service":
        purposes = ["offers", "marketing", "ads", "profiling", "data", "ai"]
    return f"{remark}refusals:\n  - id: no-more\n    to: everyone\n    purposes: {flow(tuple(purposes))}\n"


def _list(member: str, shops: tuple[str, ...]) -> str:
    line = f"    {member}: {flow(shops)}\n"
    return line if len(line) <= _WIDTH else f"    {member}:\n" + "".join(f"      - {scalar(shop)}\n" for shop in shops)


def _remark(text: str, indent: int = 0) -> str:
    begin = " " * indent + "# "
    return textwrap.fill(text, _WIDTH, initial_indent=begin, subsequent_indent=begin, break_on_hyphens=False) + "\n"
