"""What is wrong with an answer, told in the language of the questions."""

from __future__ import annotations

from sayso.cli.interview import Again, show
from sayso.errors import Problem
from sayso.publish.beginning import Answers, problems
from sayso.texts import gettext


def refuse_faults(answers: Answers, at: int) -> None:
    """Raise Again for answers with an error; tell what may be a slip, and take it."""
    for problem in problems(answers, at):
        told, hint = _told(problem)
        if problem.severity == "error":
            raise Again(told, hint)
        show(told)
        if hint:
            show(hint)


def _told(problem: Problem) -> tuple[str, str | None]:
    """Tell a problem in the language of the questions, if it is one that answers can have."""
    told = {
        "full-name": gettext(
            "this looks like a full name, and everybody who finds the profile reads it: a first name or a pseudonym would do"
        ),
        "too-long": gettext("this is too long"),
        "source-character": gettext("there is a character in this that hides what a reader sees: leave it out"),
        "source-encoding": gettext("this cannot be read: type it anew"),
    }.get(problem.code)
    if problem.code.endswith("-in-text"):
        told = gettext(
            "everybody can read this: leave out e-mail addresses, telephone numbers, addresses, and numbers of cards and accounts"
        )
    return (told, None) if told else (problem.message, problem.hint)


def named(name: str) -> Answers:
    """Give what a profile with a name needs besides."""
    return Answers("https://ada.example/", "nothing", name=name)


def is_doubtful(name: str, at: int) -> bool:
    """Tell whether a name that could be taken may be a slip."""
    return bool(problems(named(name), at))
