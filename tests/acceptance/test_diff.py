"""What is different between two versions, said in the words of ``sayso sign``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sayso.publish.signing import prepare, sign
from sayso.texts import LANGUAGES, catalogue
from sign_examples import public_test_key
from support import AT, WHEN, consumer, edit, sayso
from terminal import at_terminal

MORE = "Northpeak Outdoor (northpeak.example) may now make at most 5 contacts a month (before: at most 2 contacts a month) (northpeak-offers)"
LESS = "Northpeak Outdoor (northpeak.example) may now make at most 2 contacts a month (before: at most 5 contacts a month) (northpeak-offers)"


def more_often(folder: Path) -> None:
    edit(folder / "profile.yml", "frequency: 2/P1M", "frequency: 5/P1M")


def differences(*arguments: str | Path, home: Path) -> list[dict[str, str]]:
    found: Any = json.loads(sayso("diff", *arguments, "--format", "json", home=home).stdout)
    changes: list[dict[str, str]] = found["result"]["changes"]
    return changes


def test_what_would_be_signed(tmp_path: Path) -> None:
    """Without names, what is signed is compared with the source as it stands: 0 if it says the same, 1 if not."""
    folder = consumer(tmp_path)
    same = sayso("diff", "ada", "--at", WHEN, home=tmp_path)
    assert (same.returncode, same.stdout) == (0, "")
    assert same.stderr == "sayso: nothing is different in ada/profile.yml from ada/signed, version 1\n"
    more_often(folder)
    done = sayso("diff", "ada", "--at", "2026-11-30", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, f"+ {MORE}\n")
    assert done.stderr == "sayso: what is different in ada/profile.yml from ada/signed, version 1:\n"
    assert sayso("diff", "--at", WHEN, home=folder).stdout == done.stdout


def test_versions_by_number(tmp_path: Path) -> None:
    """Versions that the folder keeps are named by their numbers, in either order; a number without a version is an error."""
    folder = consumer(tmp_path)
    more_often(folder)
    sign(prepare(folder, lambda: AT + 60), public_test_key("ada daily"))
    done = sayso("diff", "1", "2", "--folder", "ada", home=tmp_path)
    assert done.returncode == 1
    assert f"+ {MORE}\n" in done.stdout
    assert f"- {LESS}\n" in sayso("diff", "2", "1", "--folder", "ada", home=tmp_path).stdout
    assert sayso("diff", "2", "--folder", "ada", "--at", "2026-11-21T10:00:00Z", home=tmp_path).returncode == 0
    gone = sayso("diff", "1", "3", "--folder", "ada", home=tmp_path)
    assert gone.returncode != 0
    assert "no-such-version: ada/signed has versions 1 to 2, and no version 3" in gone.stderr
    (folder / "signed" / "history" / "1.jwt").unlink()
    assert "version-not-kept" in sayso("diff", "1", "2", "--folder", "ada", home=tmp_path).stderr


def test_files_and_folders(tmp_path: Path) -> None:
    """A signed profile, a source and a folder are each a side; a signed profile without its key log is told not to be verified."""
    folder = consumer(tmp_path)
    other = consumer(tmp_path / "other", signed=False)
    more_often(other)
    expected = [{"kind": "gives", "what": "grants.northpeak-offers", "text": MORE}]
    token = folder / "signed" / "profile.jwt"
    assert differences(token, other / "profile.yml", "--at", WHEN, home=tmp_path) == expected
    assert differences("ada", "other/ada", "--at", WHEN, home=tmp_path) == expected
    assert [change["text"] for change in differences(other / "profile.yml", token, "--at", WHEN, home=tmp_path)] == [
        LESS
    ]
    alone = tmp_path / "alone.jwt"
    alone.write_bytes(token.read_bytes())
    done = sayso("diff", alone, "ada", "--at", WHEN, home=tmp_path)
    assert done.returncode == 0
    assert "warning: nobody vouches for" in done.stderr
    (folder / "signed" / "profile.jwt").write_bytes(token.read_bytes()[:-4] + b"AAAA")
    assert sayso("diff", token, "other/ada", "--at", WHEN, home=tmp_path).returncode != 0
    assert "no-such-version" in sayso("diff", "nothing-of-this", home=tmp_path).stderr


def test_before_the_first_version(tmp_path: Path) -> None:
    """Where nothing is signed yet, all that the source says is told, as before the first signing."""
    consumer(tmp_path, "minimal", signed=False)
    done = sayso("diff", "minimal", "--at", WHEN, home=tmp_path)
    assert done.returncode == 1
    assert "what is different in minimal/profile.yml from nothing, as nothing is signed yet:" in done.stderr
    assert re.search(r"^\+ .* may see ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_as_when_signing(language: str, tmp_path: Path) -> None:
    """In each language, what `diff` tells at a terminal is what `sign` shows before it asks."""
    environment = {"LC_ALL": f"{language}_XX.UTF-8"}
    folder = consumer(tmp_path, signed=False)
    for command in (("key", "new", "ada", "--recovery", "spare"), ("sign", "ada", "--yes")):
        assert sayso(*command, "--at", WHEN, home=tmp_path).returncode == 0
    edit(folder / "profile.yml", "  phone: never\n", "  phone: {max: 1/P1W}\n")
    edit(folder / "profile.yml", "    channels: [on_site, in_store]\n", "    channels: [on_site]\n")
    edit(folder / "profile.yml", "[data.sale, ai.training]", "[data.sale, ads.cross_context]")
    code, shown = at_terminal("diff", "ada", "--at", WHEN, home=tmp_path, answers=[], environment=environment)
    assert code == 1
    told = [line for line in shown.splitlines() if line[:2] in ("- ", "+ ", "= ")]
    assert len(told) == 4
    assert "%(" not in shown
    assert (" may " in shown) == (language == "en")
    said_no = [(re.escape(catalogue(language).gettext("Sign this?")), catalogue(language).gettext("n"))]
    code, signing = at_terminal("sign", "ada", "--at", WHEN, home=tmp_path, answers=[*said_no], environment=environment)
    assert code == 1
    for line in told:
        assert f"  {line}\n" in signing


def test_the_language_of_json(tmp_path: Path) -> None:
    """JSON says which language its sentences are in."""
    folder = consumer(tmp_path)
    more_often(folder)
    done = sayso("diff", "ada", "--language", "fr", "--at", WHEN, "--format", "json", home=tmp_path)
    result = json.loads(done.stdout)["result"]
    assert result["language"] == "fr"
    assert "désormais au plus 5 contacts par mois" in result["changes"][0]["text"]
