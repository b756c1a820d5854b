"""Company names are reduced as the whole Public Suffix List says."""

from __future__ import annotations

import pytest
from publicsuffixlist import PublicSuffixList

from sayso.profile.addresses import a_label, registrable_domain


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
