"""The marketer's example programs do what they say, on a store of real signed profiles."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import crowd
from sayso import Store, remember
from support import AT, ROOT

MARKETER = ROOT / "examples" / "marketer"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store with Ada, two others, one who withdrew, and one who was not fetched for long."""
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    with Store(path) as opened:
        crowd.meet(opened, 0, 1, 3)
        remember(opened, *crowd.person(2, status="withdrawn", grants=(), refusals=()), crowd.base_of(2), AT)
        opened.file.execute("UPDATE subjects SET seen_at = seen_at - 8 * 86400 WHERE base = ?", (crowd.base_of(3),))
    return path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program as a data engineer would."""
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=True)


def test_who_may_be_sent_to(store: Path, tmp_path: Path) -> None:
    """Of a mailing list those are left who permit the message, with their limits; each other one has its reason."""
    people = {
        "ada": "ada.example",
        **{f"p{number}": crowd.base_of(number) for number in range(4)},
        "new": "https://new.example/",
    }
    mailing_list = tmp_path / "list.csv"
    lines = [f"{name}@mail.example,{base}\n" for name, base in people.items()]
    mailing_list.write_text("email,profile\n" + "".join(lines), "utf-8-sig")  # as a spreadsheet writes it
    done = run(MARKETER / "check_before_send.py", mailing_list, store, str(AT))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["email"] for row in rows] == ["ada@mail.example", "p0@mail.example", "p1@mail.example"]
    limits = json.loads(rows[0]["limits"])
    assert (limits["frequency"], limits["categories"], limits["except"]) == (
        "2/P1M",
        ["sg"],
        [{"categories": ["sg-3"]}],
    )
    assert limits["contact"][0]["quiet"] == "20:00-08:00 Europe/Dublin"
    assert sorted(done.stderr.strip().split(", ")) == ["1 not in the store", "1 stale", "1 withdrawn", "3 granted"]
    audited = run("-m", "sayso", "evidence", "verify", "--store", store)
    assert "5 lines" in audited.stdout + audited.stderr


def test_it_is_short() -> None:
    """The program that checks a mailing list has less than 40 lines."""
    assert len((MARKETER / "check_before_send.py").read_text("utf-8").splitlines()) < 40


def test_a_picture(store: Path) -> None:
    """The picture is well-formed SVG, with a bar for each channel and each reason, and the right numbers beside them."""
    done = run(MARKETER / "draw_audience.py", store, str(AT))
    tree = ElementTree.fromstring(done.stdout)
    texts = [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    shown = dict(zip(texts[1::2], texts[2::2], strict=True))
    assert (shown["may be addressed"], shown["email"], shown["phone"]) == ("3", "3", "0")
    assert (shown["withdrawn"], shown["stale"]) == ("1", "1")
