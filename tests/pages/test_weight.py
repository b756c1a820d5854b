"""What the first page weighs: people read it on a telephone, in a field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Response

from pages.https import Web, web
from pages.profiles import PROFILES
from pages.visit import visit

FULL = PROFILES["full"]
PAGE = 60_000  # bytes, uncompressed, without pictures
STYLES = 10_500


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Response]]:
    """Load the first page of the demo, and give every answer that it took."""
    folder = tmp_path_factory.mktemp("weight")
    FULL.built(folder / "work", Web.place(folder / "web", FULL.base))
    with web(folder / "web") as running, visit(running, FULL.read_at) as seen:
        answers: list[Response] = []
        seen.page.on("response", lambda answer: answers.append(answer))
        seen.go(FULL.base)
        seen.page.wait_for_load_state("networkidle")
        yield answers


def kind(answer: Response) -> str:
    return answer.headers["content-type"].partition(";")[0]


def test_the_first_page_is_light(loaded: list[Response]) -> None:
    """Page, styles and scripts of the demo have 60 kB at most; beside them only pictures and the signed files are loaded."""
    weights = {answer.url: len(answer.body()) for answer in loaded if not kind(answer).startswith("image/")}
    signed = {f"{FULL.base}sayso/{name}" for name in ("profile.jwt", "keys.jsonl")}
    assert weights.keys() >= {FULL.base, *signed}
    assert sum(weight for url, weight in weights.items() if url not in signed) <= PAGE, weights


def test_the_styles_are_light(loaded: list[Response]) -> None:
    """The style sheets have about 10 kB."""
    weights = {answer.url: len(answer.body()) for answer in loaded if kind(answer) == "text/css"}
    assert weights
    assert sum(weights.values()) <= STYLES, weights


def test_no_font_is_loaded(loaded: list[Response]) -> None:
    """The page is set in the reader's own fonts."""
    assert not [answer.url for answer in loaded if answer.request.resource_type == "font" or "font" in kind(answer)]
    assert not [answer.url for answer in loaded if kind(answer) == "text/css" and b"@font-face" in answer.body()]
