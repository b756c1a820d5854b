"""What people are asked at a terminal, in their language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sayso.texts import LANGUAGES, catalogue
from support import PASSPHRASE, ROOT, consumer
from terminal import at_terminal, recovery_words

HOUR = "2026-11-21T{:02}:00:00Z"


@pytest.mark.parametrize("language", LANGUAGES)
def test_making_keys_and_signing(language: str, tmp_path: Path) -> None:
    """In each language keys are made and a profile is signed, with every question in that language, and answered in it."""
    consumer(tmp_path, signed=False)
    environment = {"LC_ALL": f"{language}_XX.UTF-8"}

    def asked(message: str, **values: object) -> str:
        return re.escape(catalogue(language).gettext(message) % (values or {}))

    def word(shown: str) -> str:
        number = [
            int(found)
            for found in re.findall(asked("To be sure: word %(number)d is", number=0).replace("0", r"(\d+)"), shown)
        ][-1]
        return recovery_words(shown)[number]

    to_be_sure = asked("To be sure: word %(number)d is", number=0).replace("0", r"\d+")
    code, shown = at_terminal(
        "key", "new", "ada", "--recovery-words", "--at", HOUR.format(9), home=tmp_path, environment=environment,
        answers=[(asked("new passphrase"), PASSPHRASE), (asked("the same again"), PASSPHRASE), (to_be_sure, word), (to_be_sure, word)],
    )  # fmt: skip
    assert code == 0, shown
    assert re.search(
        asked("Whoever has them can take your place. Write them on paper, in this order: they are not shown again."),
        shown,
    )
    yes, no = (catalogue(language).gettext(letter) for letter in ("y", "n"))
    code, shown = at_terminal(
        "sign", "ada", "--at", HOUR.format(10), home=tmp_path, environment=environment,
        answers=[(asked("Sign this?"), "?"), (asked("please answer %(yes)s or %(no)s", yes=yes, no=no), yes), (asked("passphrase for %(file)s", file="@").split("@")[0], PASSPHRASE)],
    )  # fmt: skip
    assert code == 0, shown
    assert (tmp_path / "ada" / "signed" / "profile.jwt").exists()


def test_no_question_is_hard_coded() -> None:
    """Whatever asks somebody at a terminal asks in their language: no question is a plain text in the code."""
    found = 0
    for path in sorted((ROOT / "generator" / "sayso" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in ("click.prompt", "click.confirm", "confirm", "passphrase"):
                question = node.args[1 if name == "passphrase" else 0]
                found += 1
                assert not isinstance(question, ast.Constant | ast.JoinedStr), f"{path.name}: {ast.unparse(node)}"
    assert found >= 8
