"""Company names are reduced as the whole Public Suffix List says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from sayso.profile.addresses import a_label, canonical_base, registrable_domain


def test_the_list_read_in_parts_says_the_same() -> None:
    """For every rule of the list, names at it, under it and further down have the registrable domain that the whole list gives."""
    whole = PublicSuffixList()
    asked = 0
    for rule in whole._publicsuffix:
        suffix = rule.lstrip("!").replace("*", "w")
        for name in (suffix, f"x.{suffix}", f"y.x.{suffix}"):
            label = a_label(name)
            if label is not None:
                asked += 1
                assert registrable_domain(name) == whole.privatesuffix(label), name
    assert asked > 20_000


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("a.b.xn--p1ai", "b.xn--p1ai"),
        ("x.xn--zzzzzz", "x.xn--zzzzzz"),
        ("a.xn--99zzzzz9999", "a.xn--99zzzzz9999"),
        ("www.b\u00fccher.example", "xn--bcher-kva.example"),
        ("co.uk", None),
        ("me.github.io", "me.github.io"),
    ],
)
def test_odd_names(name: str, domain: str | None) -> None:
    """A top-level domain that the list does not know, or that is no Punycode at all, is a public suffix like others."""
    assert registrable_domain(name) == domain


_PARTS = (
    f"a A 1 9 - . .. / // x.example xn--p1ai %41 ? # : 443 @ _ ~ \u00fc .example /ada/ /../ /./ {'a' * 63} {'a' * 64}"
).split()


@given(st.lists(st.sampled_from(_PARTS), max_size=8).map("".join))
def test_the_short_way_to_the_one_form(rest: str) -> None:
    """An address that is seen at once to be in its one form is one that taking it apart finds to be so."""
    taken_apart = canonical_base(f"HTTPS://{rest}")  # the scheme keeps it from being seen at once
    assert canonical_base(f"https://{rest}") == taken_apart
    assert taken_apart is None or canonical_base(taken_apart) == taken_apart


@pytest.mark.parametrize("mark", ["\t", "\n", "\r", "\u2028", "\u202e", "\x9b", "\x00"])
def test_what_cannot_be_seen_is_no_address(mark: str) -> None:
    """Nothing that cannot be seen may stand in an address, wherever it stands."""
    for address in (f"ht{mark}tps://ada.example/", f"https://ada{mark}.example/", f"https://ada.example/{mark}x/"):
        assert canonical_base(address) is None
