"""The project's own documentation holds together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from sayso.profile import personal
from support import ROOT, tree

CONTENT = ROOT / "site" / "content"


def test_docs_build_strictly(tmp_path: Path) -> None:
    """MkDocs builds the project's own site without a warning, and no page of it asks another origin for anything."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for path, content in tree(tmp_path / "site").items():
        if path.endswith(".html"):
            assert not re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="https?:', content.decode()), path


def test_every_decision_is_listed() -> None:
    """The index names every decision record, and every record has a number, a title and a date."""
    index = (CONTENT / "decisions" / "index.md").read_text("utf-8")
    for path in sorted((CONTENT / "decisions").glob("0*.md")):
        number = int(path.name[:4])
        text = path.read_text("utf-8")
        title = re.match(rf"# {number}\. (.+)\n\n\*Accepted, \d{{4}}-\d\d-\d\d\.\*\n", text)
        assert title, path.name
        assert f"| {number} | [{title[1]}]({path.name}) |" in index


def test_reasons_are_explained() -> None:
    """The page for marketers says what every reason means."""
    from sayso import spec

    text = (CONTENT / "read.md").read_text("utf-8")
    assert {code for code in spec.codes()["decision"] if f"`{code}`" not in text} == {"granted"}


def test_changelog_counts_the_vectors() -> None:
    """The changelog names as many vectors as there are."""
    (count,) = re.findall(r"(\d+) vectors", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert int(count) == len(list((ROOT / "profile_spec" / "vectors").glob("*/*.json")))


def test_the_forms_of_personal_data() -> None:
    """SPEC.md gives the very expressions by which personal data is told."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    section = text[text.index('<a id="personal-data">') : text.index('<a id="advice">')]
    told = dict(re.findall(r"^([A-Z_]{4,}) +(\S.*)$", section, re.MULTILINE))
    assert set(told) == {"EMAIL", "ACCOUNT", "CARD", "PHONE", "NOT_PHONE", "STREET"}
    assert {name: getattr(personal, f"_{name}").pattern for name in told} == told
