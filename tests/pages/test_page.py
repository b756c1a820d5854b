"""What holds for every page of a published site, whatever the profile, the reader's eyes, and the device."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from loopback_nginx import serve
from pages.https import Web, web
from pages.profiles import ARABIC, PROFILES, Profile
from pages.visit import TEXT, addresses, sample, visit
from support import ROOT

NPM = ROOT / ".tools" / "npm" / "node_modules"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rest is the same in every view
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced-colours": {"forced_colors": "active"},
    "print": {"media": "print"},
}
STOPS = """() => [...document.querySelectorAll(
    'a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls], [tabindex], [contenteditable]'
  )].filter(e => e.tabIndex >= 0 && !e.disabled && !e.closest('[inert]') && e.checkVisibility({visibilityProperty: true}))
    .map(e => [...document.querySelectorAll('*')].indexOf(e))"""
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    place: [...document.querySelectorAll('*')].indexOf(e),
    html: e.outerHTML.slice(0, 120),
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    inView: box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    closed: e.matches('details:not([open]) > summary'),
  }
}"""
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 100)).slice(0, 5)"""
BREAK_OUT = """async () => {
  const done = {};
  const script = document.createElement('script');
  script.textContent = 'window.ran = true';
  document.body.append(script);
  done.ran = window.ran === true;
  done.fetched = await fetch('https://kim.example/', {mode: 'no-cors'}).then(() => true, () => false);
  done.shown = await new Promise(tell => {
    const image = new Image();
    image.onload = () => tell(true);
    image.onerror = () => tell(false);
    image.src = 'https://kim.example/img/sayso.svg';
  });
  return done;
}"""


class Sites(NamedTuple):
    """All profiles, built and served."""

    web: Web

    def addresses(self, profile: Profile) -> list[str]:
        return addresses(self.web.folder(profile.base), profile.base)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("pages")
    for profile in PROFILES.values():
        profile.built(folder / "work", Web.place(folder / "web", profile.base))
    with web(folder / "web") as running:
        yield Sites(running)


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return PROFILES[request.param]


@pytest.mark.parametrize(
    ("profile", "view"),
    [
        *((name, view) for name in PROFILES for view in ("light", "dark")),
        *((name, view) for name in ("full", "right-to-left") for view in ("forced-colours", "print")),
    ],
    indirect=["profile"],
)
def test_no_barrier(sites: Sites, profile: Profile, view: str) -> None:
    """On no page does axe find a barrier, in light and dark, in forced colours and on paper."""
    rules = {"type": "tag", "values": TAGS} if view == "light" else {"type": "rule", "values": OF_COLOURS}
    axe = (NPM / "axe-core" / "axe.min.js").read_text("utf-8")
    found = []
    with visit(sites.web, profile.read_at) as seen:
        seen.page.emulate_media(**VIEWS[view])
        for address in sites.addresses(profile):
            seen.go(address)
            seen.page.evaluate(axe)
            result = seen.page.evaluate(
                "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
            )
            found += [
                f"{address} {rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]} (and {len(rule['nodes']) - 1} more)"
                for rule in result["violations"]
            ]
    assert not found, "\n".join(found)


def test_the_code_is_right(sites: Sites, tmp_path: Path) -> None:
    """The Nu HTML checker has nothing to say about any page, style sheet or picture of any site, save what authors write."""
    root = sites.web.root
    jar = NPM / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert jar.is_file(), "vnu-jar is not in .tools/npm; `make test` puts it there"
    sites_of = [sites.web.folder(profile.base) for profile in PROFILES.values()]
    pages = [page for site in sites_of for page in sample(site)]
    styles, pictures = (sorted(sites_of[0].rglob(f"*.{ending}")) for ending in ("css", "svg"))
    with serve(root) as at:  # a page has an origin, without which its policy would permit nothing
        done = subprocess.run(
            [
                *("java", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", jar),
                *("--format", "json", "--also-check-css", "--also-check-svg", "--no-langdetect"),
                *("--filterpattern", ".*not in Unicode Normalization Form C.*"),
                *(f"http://{at}/{path.relative_to(root)}" for path in pages),
                *styles,
                *pictures,  # the last, since the checker takes a page after one for a part of it
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
    told = [
        f"{message['url']}:{message.get('lastLine')} {message['message']} {message.get('extract', '')[:120]!r}"
        for message in json.loads(done.stderr)["messages"]
    ]
    assert not told, f"{len(told)} messages\n" + "\n".join(told[:30])
    assert done.returncode == 0


def test_it_asks_nobody_else(sites: Sites, profile: Profile) -> None:
    """Every page talks to its own origin only, and the browser has nothing to complain of: no error, no missing file."""
    with visit(sites.web, profile.read_at) as seen:
        for address in sites.addresses(profile):
            seen.go(address)
        seen.go(profile.base)
        seen.page.wait_for_load_state("networkidle")
        assert seen.foreign(profile.base) == []
        assert seen.faults == []


def test_nothing_foreign_runs_or_loads(sites: Sites) -> None:
    """Even code that found its way into a page could run no script of its own, and fetch and show nothing from elsewhere."""
    profile = PROFILES["full"]
    with visit(sites.web, profile.read_at) as seen:
        for address in sites.addresses(profile):
            seen.go(address)
            assert seen.page.evaluate(BREAK_OUT) == {"ran": False, "fetched": False, "shown": False}, address


def test_it_fits_a_small_screen(sites: Sites, profile: Profile) -> None:
    """No page is wider than a window of 320 pixels."""
    with visit(sites.web, profile.read_at, viewport={"width": 320, "height": 640}) as seen:
        for address in sites.addresses(profile):
            seen.go(address)
            wide, room = seen.page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            assert wide <= room, f"{address}: {wide} of {room}: {seen.page.evaluate(WIDE)}"


@pytest.mark.parametrize("profile", ["full", "withdrawn", "right-to-left"], indirect=True)
def test_the_keyboard_is_enough(sites: Sites, profile: Profile) -> None:
    """Tab goes to all that can be used, shows where it is, and comes out again; Enter opens what is folded."""
    with visit(sites.web, profile.read_at) as seen:
        for address in sites.addresses(profile):
            seen.go(address)
            walk_through(seen.page, address)


def walk_through(page: Page, address: str) -> None:
    visited: list[int] = []
    most = 2 * len(page.evaluate(STOPS)) + 20
    while True:
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or focus["place"] in visited:
            break
        assert focus["ringed"], f"{address}: one cannot see that this has the focus: {focus['html']}"
        assert focus["inView"], f"{address}: this has the focus, out of sight: {focus['html']}"
        visited.append(focus["place"])
        if focus["closed"]:
            page.keyboard.press("Enter")
        assert len(visited) <= most, f"{address}: the focus does not come out of {focus['html']}"
    assert focus is None or focus["place"] == visited[0], f"{address}: the focus goes round in {focus['html']}"
    missed = {*page.evaluate(STOPS)} - {*visited}
    html = page.evaluate(
        "places => places.map(n => document.querySelectorAll('*')[n].outerHTML.slice(0, 120))", [*missed]
    )
    assert not missed, f"{address}: Tab does not reach {html}"


@pytest.mark.parametrize("profile", ["full", "right-to-left"], indirect=True)
def test_one_can_skip_to_the_content(sites: Sites, profile: Profile) -> None:
    """The first Tab of a page offers to skip to the content, in sight, and Enter does so."""
    with visit(sites.web, profile.read_at) as seen:
        page = seen.page
        for address in (profile.base, f"{profile.base}no/such/page/"):
            seen.go(address)
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            assert focus, address
            assert focus["inView"], f"{address}: {focus['html']}"
            target = page.evaluate("document.activeElement.getAttribute('href')")
            assert target.startswith("#"), f"{address}: {focus['html']}"
            assert page.locator(f"main{target}, main {target}").count() == 1, f"{address}: {target} is not the content"
            page.keyboard.press("Enter")
            inside = "!!document.activeElement.closest('main')"
            if not page.evaluate(inside):  # then it begins there, and what comes next lies within
                page.keyboard.press("Tab")
            assert page.evaluate(inside), f"{address}: {page.evaluate(FOCUS)}"


@pytest.mark.parametrize("profile", ["full", "withdrawn", "right-to-left"], indirect=True)
def test_it_is_complete_without_scripts(sites: Sites, profile: Profile) -> None:
    """Without scripts every page says all that it says with them, but for the mark."""
    texts: dict[bool, list[str]] = {}
    for scripts in (True, False):
        with visit(sites.web, profile.read_at, scripts=scripts) as seen:
            texts[scripts] = []
            for address in sites.addresses(profile):
                seen.go(address)
                texts[scripts].append(seen.page.evaluate(TEXT))
    assert texts[False] == texts[True]
    assert all(texts[False])


def test_arabic_runs_from_right_to_left(sites: Sites) -> None:
    """Each Arabic text stands on a page in an element of its own that runs from right to left."""
    profile = PROFILES["right-to-left"]
    missing = set(ARABIC.values())
    with visit(sites.web, profile.read_at) as seen:
        for address in sites.addresses(profile):
            seen.go(address)
            for text in ARABIC.values():
                for element in seen.page.get_by_text(text, exact=True).all():
                    assert element.evaluate("e => getComputedStyle(e).direction") == "rtl", (address, text)
                    missing.discard(text)
    assert not missing
