"""However a profile is damaged, it is told what is wrong."""

from __future__ import annotations

import random

from sayso.errors import SourceError
from sayso.profile.check import check
from sayso.profile.compile import compile_terms
from sayso.profile.model import encode
from sayso.profile.source import load
from support import ADA, AT

ADA_SOURCE = (ADA / "profile.yml").read_bytes()


def test_ten_thousand_mutated_bytes() -> None:
    """Change any byte of the demo, ten thousand times: it is refused with a place, or it can still be compiled."""
    seed = random.SystemRandom().getrandbits(64)
    dice = random.Random(seed)
    fates = {"unread": 0, "wrong": 0, "right": 0}
    for _ in range(10_000):
        place = dice.randrange(len(ADA_SOURCE))
        byte = dice.choice([dice.randrange(256), *b"\n\t :-#'\"[]{}&*!%@`0"])
        changed = ADA_SOURCE[:place] + bytes([byte]) + ADA_SOURCE[place + 1 :]
        try:
            source = load(changed)
        except SourceError as error:
            assert error.problems, f"seed {seed}, byte {place}: {byte}"
            fates["unread"] += 1
            continue
        problems = check(source, AT)
        assert all(problem.line >= 1 for problem in problems), f"seed {seed}, byte {place}: {byte}"
        if any(problem.severity == "error" for problem in problems):
            fates["wrong"] += 1
        else:
            encode(compile_terms(source, AT))
            fates["right"] += 1
    assert min(fates.values()) > 500, fates
