"""Check: everything that there is to say about a source, at once, each with a code and a position (SPEC.md, Rules and Advice).

The schema says what shape a source has; the rules say what a schema cannot; the advice is for what is allowed, but perhaps
not what its author means.
"""

from __future__ import annotations

from sayso.errors import InvalidProfile, Problem
from sayso.profile.advice import advice
from sayso.profile.draft import Draft
from sayso.profile.hints import count
from sayso.profile.personal import personal_data
from sayso.profile.rules import breaches
from sayso.profile.shape import has_shape
from sayso.profile.source import Source


def check(source: Source, at: int) -> tuple[Problem, ...]:
    """Give all problems of a source as read at an instant, in the order of their lines.

    Without an error among them it can be signed; a warning may be a slip; an info is for knowing.
    """
    found: list[Problem] = []
    if not has_shape(source.data):
        from sayso.profile.structure import check_structure  # heavy, and seldom needed

        found += check_structure(source)
    if isinstance(source.data, dict):
        draft = Draft(source, at)
        found += [*breaches(draft), *personal_data(draft), *advice(draft)]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def ensure_valid(source: Source, at: int) -> tuple[Problem, ...]:
    """Give what there is to say about a source without errors; raises InvalidProfile, with all of it, for one that has any."""
    problems = check(source, at)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        message = f"{source.name} has {count(errors, 'error')}"
        raise InvalidProfile("invalid-profile", message, name=source.name, problems=problems)
    return problems
