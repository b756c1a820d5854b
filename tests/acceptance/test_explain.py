"""What a company may do, said in plain sentences at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso.texts import LANGUAGES, catalogue
from support import WHEN, consumer, edit, sayso
from terminal import at_terminal

SUMMARY = (
    "It may see pages viewed and how you arrived, for measuring advertising and usage statistics, but not contact you,"
)


def explained(*arguments: str | Path, home: Path) -> str:
    done = sayso("explain", *arguments, "--at", WHEN, home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


def facts(*arguments: str | Path, home: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(explained(*arguments, "--format", "json", home=home))["result"]
    return found


def test_one_company(tmp_path: Path) -> None:
    """Of a company every permission is told with its limits, what takes from them, what is refused, and that no more is permitted."""
    consumer(tmp_path)
    text = explained("northpeak.example", "ada", home=tmp_path)
    assert text.startswith("This holds until 2027-05-21 09:00 UTC\n\nNorthpeak Outdoor (northpeak.example)\n")
    for sentence in (
        (
            "  + It may see products viewed and purchase history with this company, for direct marketing and personal offers,"
            " by e-mail, only about Sporting Goods, as product categories only, with data of the last 12 months,"
            " with at most 2 contacts a month, kept for 90 days, in return for “10 % member discount” (northpeak-offers)\n"
        ),
        f"  + {SUMMARY} as figures about many people only, kept for 13 months (measure-quietly)\n",
        "  + It may see purchase categories, for showing you less advertising, but not contact you, as every company may (stop-showing-me)\n",
        "  + It may make you offers for “Waterproof walking boots, EU 41”, by e-mail, only about Sporting Goods, until the end of 2026-12-20 (want-boots)\n",
        "  - The refusal no-golf takes this from the grants northpeak-offers, ",
        "and want-boots: anything about part of Sporting Goods (sg-3)\n",
        "  - You refuse Northpeak Outdoor (northpeak.example): anything about part of Sporting Goods (sg-3) (no-golf)\n",
        "  - You refuse everyone: training AI models and selling or passing on your data (no-sale)\n",
        "  - Nobody may reach you by phone call: it is never to be used\n",
        "  - By e-mail, a company may contact you only outside the hours 20:00-08:00 Europe/Dublin\n",
        "  = Nothing else is permitted\n",
        "  = Among the standard agreements of IEEE 7012 (MyTerms), this maps to SD-BASE-ATP and PDC-INTENT\n",
        "  = Outside what those agreements can say: direct marketing\n",
    ):
        assert sentence in text


def test_a_channel_that_is_never_used(tmp_path: Path) -> None:
    """Where a contact rule takes a channel from a grant, that is told, and the channel is not claimed."""
    consumer(tmp_path)
    text = explained("fixit.example", "ada", home=tmp_path)
    assert "- The grant fixit-service would permit to reach you by phone call, but that is never to be done\n" in text
    assert "by e-mail and by text message, kept for 2 years (fixit-service)\n" in text


def test_everybody(tmp_path: Path) -> None:
    """Without a company everyone comes first, then each that is listed; what holds for everyone is told once."""
    consumer(tmp_path)
    found = facts("ada", home=tmp_path)
    companies: list[dict[str, object]] = found["companies"]  # type: ignore[assignment]
    assert [item["company"] for item in companies][:3] == ["*", "adtech.example", "beanworks.example"]
    assert len(companies) == 13
    text = explained("ada", home=tmp_path)
    assert text.count("Nobody may reach you by phone call") == 1
    assert text.count("(no-sale)") == 1
    assert (
        "Adtech (adtech.example)\n  - Nothing is left of the grant stop-showing-me; the refusal no-adtech takes from it: everything\n"
        in text
    )


@pytest.mark.parametrize("spelled", ["northpeak.example", "WWW.Northpeak.Example", "shop.northpeak.example."])
def test_spellings(spelled: str, tmp_path: Path) -> None:
    """A company is found by any spelling of its domain, and by a name below it."""
    consumer(tmp_path)
    (company,) = facts(spelled, "ada", home=tmp_path)["companies"]  # type: ignore[misc]
    assert company["company"] == "northpeak.example"  # type: ignore[has-type]


def test_companies_that_are_not_listed(tmp_path: Path) -> None:
    """That a company may do nothing is an answer; one that is nearly spelled as a listed one is hinted at."""
    folder = consumer(tmp_path, "minimal", signed=False)
    done = sayso("explain", "stranger.example", folder, "--at", WHEN, home=tmp_path)
    assert done.returncode == 0
    assert "= You do not list this company\n" in done.stdout
    assert "= Nothing is permitted: no grant names this company\n" in done.stdout
    assert (
        "= As nothing is permitted, this maps to none of the standard agreements of IEEE 7012 (MyTerms)\n"
        in done.stdout
    )
    assert "hint" not in done.stderr
    consumer(tmp_path)
    assert (
        "hint: did you mean `northpeak.example`?" in sayso("explain", "nortpeak.example", "ada", home=tmp_path).stderr
    )
    nonsense = sayso("explain", "nonsense", "ada", home=tmp_path)
    assert nonsense.returncode != 0
    assert "bad-company" in nonsense.stderr


def test_what_is_not_signed(tmp_path: Path) -> None:
    """It tells of profile.yml as it stands, says that what is signed differs, and tells of that if asked."""
    folder = consumer(tmp_path)
    same = sayso("explain", "northpeak.example", "ada", "--at", WHEN, home=tmp_path)
    assert "profile.yml" not in same.stderr
    edit(folder / "profile.yml", "frequency: 2/P1M", "frequency: 5/P1M")
    done = sayso("explain", "northpeak.example", "ada", "--at", WHEN, home=tmp_path)
    assert "with at most 5 contacts a month" in done.stdout
    assert "this is profile.yml as it stands; what is signed differs in 1 sentence: sayso diff ada" in done.stderr
    assert done.stderr.endswith(
        "next: change it (sayso edit ada), or take it back (sayso revoke northpeak.example ada)\n"
    )
    signed = explained("northpeak.example", "ada", "--signed", home=tmp_path)
    assert "with at most 2 contacts a month" in signed
    assert facts("northpeak.example", "ada", "--signed", home=tmp_path)["basis"] == "standing-preference"
    draft = facts("northpeak.example", "ada", home=tmp_path)
    assert (draft["basis"], draft["differs"], draft["sequence"]) == ("unsigned-draft", 1, 1)
    fresh = sayso("explain", consumer(tmp_path, "minimal", signed=False), "--at", WHEN, home=tmp_path)
    assert "nothing is signed yet" in fresh.stderr


def test_profiles_that_permit_nothing(tmp_path: Path) -> None:
    """What is withdrawn or over, or does not hold yet, is said to be so, and no company is told of."""
    folder = consumer(tmp_path)
    for at, state in (("2027-06-01", "ended"), ("2026-11-01", "early")):
        done = sayso("explain", "ada", "--signed", "--at", at, "--format", "json", home=tmp_path)
        result = json.loads(done.stdout)["result"]
        assert (result["state"], result["companies"]) == (state, [])
    edit(folder / "profile.yml", "sayso: 1\n", "sayso: 1\nstatus: withdrawn\n")
    assert explained("ada", home=tmp_path) == "Your profile is withdrawn: no company may do anything\n"


def test_json_says_the_same(tmp_path: Path) -> None:
    """JSON has the facts, with the same sentences in the language that was asked for."""
    consumer(tmp_path)
    found = facts("northpeak.example", "ada", "--language", "de", home=tmp_path)
    (company,) = found["companies"]  # type: ignore[misc]
    offers = company["permits"][0]  # type: ignore[has-type]
    assert offers == {
        "grant": "northpeak-offers", "everyone": False, "signals": ["browsing.products", "purchase.history"],
        "purposes": ["marketing.direct", "offers.personalised"], "channels": ["email"], "granularity": "category",
        "lookback": "P12M", "frequency": "2/P1M", "retention": "P90D", "categories": ["sg"],
    }  # fmt: skip
    assert {"grant": "northpeak-offers", "whole": False, "refusal": "no-golf"} in company["takes"]  # type: ignore[has-type]
    assert company["agreements"]["ids"] == ["SD-BASE-ATP", "PDC-INTENT"]  # type: ignore[has-type]
    text = explained("northpeak.example", "ada", "--language", "de", home=tmp_path)
    told = [line[4:] for line in text.splitlines() if line.startswith("  ")]
    assert told == [sentence["text"] for sentence in company["sentences"]]  # type: ignore[has-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_the_terminal(language: str, tmp_path: Path) -> None:
    """At a terminal sentences come in its language, and no place in them is left open."""
    consumer(tmp_path)
    code, shown = at_terminal(
        "explain", "northpeak.example", "ada", "--at", WHEN, home=tmp_path, answers=[], environment={"LC_ALL": f"{language}_XX.UTF-8"},
    )  # fmt: skip
    assert code == 0
    assert catalogue(language).gettext("Nothing else is permitted") in shown
    assert "%(" not in shown
    assert ("It may see" in shown) == (language == "en")
