"""The form in a real Chromium: for everybody's eyes and hands, with and without JavaScript, in two directions of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser import chromium
from editing import Editor, editor
from sayso.profile.source import load
from support import ROOT, consumer, edit

AXE = ROOT / ".tools" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rest is the same in both schemes
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    || e.getBoundingClientRect().left < -1).filter(e => !e.closest('.unseen, .skip, pre, .scroll'))
    .map(e => e.outerHTML.slice(0, 100)).slice(0, 5)"""
RINGED = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && b.width > 1 && b.bottom > 0 && b.top < innerHeight }"""


@dataclass
class Seen:
    """A page, and what went wrong on it."""

    page: Page
    root: str
    editor: Editor
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(self, place: str = "") -> None:
        self.page.goto(self.root + place)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).click()


@contextmanager
def visit(folder: Path, language: str = "en", **options: Any) -> Iterator[Seen]:
    """Open the form of a folder in a fresh browser, until the block ends."""
    running = Editor(folder, "--language", language)
    try:
        with chromium() as browser, browser.new_context(**options) as context:
            page = context.new_page()
            seen = Seen(page, "", running)
            context.on("request", lambda request: seen.requests.append(request.url))
            page.on("console", lambda message: seen.faults.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: seen.faults.append(str(error)))
            page.goto(running.browser.address)
            seen.root = page.url
            assert "token" not in seen.root
            yield seen
    finally:
        running.process.terminate()
        running.process.wait(20)


def wrong(seen: Seen) -> None:
    """Type a day that is too late, and go on."""
    seen.go("edit?section=grants&entry=3")
    seen.page.locator('[name="until"]').fill("2031-01-01")
    with seen.page.expect_navigation():
        seen.page.locator("button.yes").click()


def confirm(seen: Seen) -> None:
    """Type a change, and go on."""
    seen.go("edit?section=grants&entry=0")
    seen.page.locator('[name="lookback.number"]').fill("6")
    with seen.page.expect_navigation():
        seen.page.locator("button.yes").click()


def conflict(seen: Seen) -> None:
    """Let somebody else change the file before going on."""
    seen.go("edit?section=companies&entry=adtech.example")
    text = seen.editor.file.read_text("utf-8")
    seen.editor.file.write_text(text.replace("stage: try", "stage: buy"), "utf-8")
    seen.page.locator('[name="name"]').fill("Adtech Ltd")
    with seen.page.expect_navigation():
        seen.page.locator("button.yes").click()


def mistaken(seen: Seen) -> None:
    """Look at a file with mistakes, of every kind that stands somewhere else."""
    text = seen.editor.file.read_text("utf-8")
    seen.editor.file.write_text(text.replace("P12M", "a year").replace("country: IE", "contry: IE"), "utf-8")
    seen.go()
    seen.go("edit?section=me")
    seen.editor.file.write_text(text, "utf-8")


def unreadable(seen: Seen) -> None:
    """Look at a file that is no YAML."""
    text = seen.editor.file.read_text("utf-8")
    seen.editor.file.write_text(text.replace("country: IE", "country: [IE"), "utf-8")
    seen.go()
    seen.editor.file.write_text(text, "utf-8")


def opened(place: str) -> Callable[[Seen], None]:
    """Give what opens a page."""
    return lambda seen: seen.go(place)


PAGES: dict[str, Callable[[Seen], None]] = {
    "overview": opened(""),
    "saved": opened("?saved=1"),
    **{section: opened(f"edit?section={section}") for section in ("me", "valid")},
    **{section: opened(f"edit?section={section}&entry=0") for section in ("grants", "refusals", "wants", "interests")},
    "contact rule": opened("edit?section=channels&entry=email"),
    "company": opened("edit?section=companies&entry=northpeak.example"),
    "group": opened("edit?section=groups&entry=outdoor"),
    **{f"add {section}": opened(f"add?section={section}") for section in ("companies", "grants", "channels")},
    "sign": opened("sign"),
    "nothing": opened("nothing"),
    "confirm": confirm,
    "wrong": wrong,
    "conflict": conflict,
    "mistaken": mistaken,
    "unreadable": unreadable,
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier(scheme: Any, language: str, tmp_path: Path) -> None:
    """On pages of every kind axe finds no barrier, in light and dark, in English and in Arabic, and nothing foreign is asked for."""
    found: list[str] = []
    rules = {"type": "tag", "values": TAGS} if scheme == "light" else {"type": "rule", "values": OF_COLOURS}
    with visit(consumer(tmp_path), language, color_scheme=scheme) as seen:
        axe = AXE.read_text("utf-8")
        for name, show in PAGES.items():
            show(seen)
            seen.page.evaluate(axe)
            result = seen.page.evaluate(
                "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], iframes: false})",
                rules,
            )
            found += [f"{name}: {r['id']}: {r['help']}: {r['nodes'][0]['html'][:200]}" for r in result["violations"]]
            assert seen.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert {url.split("/")[2] for url in seen.requests} == {seen.editor.browser.host}
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_narrow_screen(language: str, tmp_path: Path) -> None:
    """At 320 pixels no page is wider than the screen."""
    with visit(consumer(tmp_path), language, viewport={"width": 320, "height": 640}) as seen:
        for name, show in PAGES.items():
            show(seen)
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320, (name, seen.page.evaluate(WIDE))
            assert not seen.page.evaluate(WIDE), name


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_whole_walk(scripts: bool, tmp_path: Path) -> None:
    """A grant is changed, the change read, saved, undone and taken back, with nothing but links and buttons."""
    with visit(consumer(tmp_path), java_script_enabled=scripts) as seen:
        page, file = seen.page, seen.editor.file
        before = file.read_bytes()
        page.get_by_role("link", name=re.compile("^Change Northpeak Outdoor$")).first.click()
        page.get_by_label("Browsing on other companies' sites").is_hidden()
        page.locator("summary", has_text="Wish list").click()
        page.get_by_role("checkbox", name="Wish list and saved items").check()
        page.get_by_role("textbox", name="What you get for it").fill("a boot")
        if not scripts:
            seen.press("Show what this comes to")
        summary = page.locator("#comes .summary")
        expect(summary).to_contain_text(
            "Northpeak Outdoor (northpeak.example) may now also see wish list and saved items"
        )
        expect(page.frame_locator("iframe").get_by_text("Preview: not signed")).to_be_visible()
        assert file.read_bytes() == before
        seen.press("Go on: see what changes")
        expect(page.get_by_role("heading", name="Is this what you want?")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("Permits more")
        seen.press("Change it again")
        expect(page.get_by_role("textbox", name="What you get for it")).to_have_value("a boot")
        seen.press("Go on: see what changes")
        seen.press("Save")
        expect(page.get_by_role("status")).to_contain_text("It is not signed yet.")
        assert load(file.read_bytes()).data["grants"][0]["in_return"] == "a boot"
        assert load(file.read_bytes()).data["grants"][0]["signals"] == [
            "purchase.history",
            "browsing.products",
            "wishlist.items",
        ]
        seen.press("Undo the last change")
        seen.press("Save")
        assert file.read_bytes() == before
        page.get_by_role("button", name="Take back Northpeak Outdoor", exact=True).first.click()
        expect(page.get_by_role("main")).to_contain_text("may no longer see products viewed and purchase history")
        seen.press("Save")
        assert "northpeak-offers" not in file.read_text("utf-8")
        assert not [fault for fault in seen.faults if "422" not in fault]


def test_mistakes_are_found(tmp_path: Path) -> None:
    """After a mistake the summary has the focus, its link leads to the field, and the field is described by the mistake."""
    with visit(consumer(tmp_path), java_script_enabled=False) as seen:
        wrong(seen)
        expect(seen.page.locator("section.look")).to_be_focused()
        seen.page.locator("section.look").get_by_role("link", name="Last day").click()
        field = seen.page.locator('[name="until"]')
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("lies after the end of the profile"))


def test_words_are_searched(tmp_path: Path) -> None:
    """Words are found by label and by meaning, without JavaScript by a button and with it while one types; what is chosen stays."""
    for scripts in (False, True):
        with visit(consumer(tmp_path / str(scripts)), java_script_enabled=scripts) as seen:
            seen.go("edit?section=grants&entry=0")
            shown = seen.page.locator('#f-signals input[type="checkbox"]:visible')
            seen.page.get_by_role("searchbox", name="Search in: What they may see").fill("saved")
            if not scripts:
                seen.press("Search in: What they may see")
            expect(seen.page.get_by_role("checkbox", name="Wish list and saved items")).to_be_visible()
            assert 3 <= shown.count() <= 6, scripts
            expect(seen.page.get_by_role("checkbox", name="Purchase history with this company")).to_be_checked()
            seen.page.get_by_role("checkbox", name="Wish list and saved items").check()
            seen.press("Go on: see what changes")
            expect(seen.page.get_by_role("main")).to_contain_text("may now also see wish list and saved items")
            expect(seen.page.get_by_role("main")).not_to_contain_text("may no longer")


def test_by_keyboard_alone(tmp_path: Path) -> None:
    """With Tab, Space, Enter and letters alone a company is added; what has the focus is always seen."""
    with visit(consumer(tmp_path, "minimal")) as seen:
        page = seen.page

        def reach(role: str, name: str) -> None:
            wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
            for _ in range(80):
                page.keyboard.press("Tab")
                page.wait_for_timeout(10)
                if wanted.evaluate("e => e === document.activeElement"):
                    assert page.evaluate(RINGED), name
                    return
            raise AssertionError(f"{name} is not reached")

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        reach("link", "Add a company")
        page.keyboard.press("Enter")
        reach("textbox", "Web address of the company")
        page.keyboard.type("lighthouse.example")
        reach("textbox", "Name")
        page.keyboard.type("Lighthouse")
        reach("combobox", "Where we stand")
        page.keyboard.type("K")
        reach("button", "Go on: see what changes")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Is this what you want?")).to_be_visible()
        reach("button", "Save")
        page.keyboard.press("Space")
        expect(page.get_by_role("status")).to_contain_text("It is not signed yet.")
    data = load((tmp_path / "minimal" / "profile.yml").read_bytes()).data
    assert data["companies"]["lighthouse.example"] == {"name": "Lighthouse", "stage": "know"}


@pytest.mark.parametrize("height", [900, 400])
def test_the_buttons_hide_nothing(height: int, tmp_path: Path) -> None:
    """The bar with the buttons never lies over what has the focus, in either direction of Tab."""
    with visit(consumer(tmp_path), viewport={"width": 1280, "height": height}) as seen:
        seen.go("edit?section=grants&entry=0")
        for key in ["Tab"] * 90 + ["Shift+Tab"] * 40:
            seen.page.keyboard.press(key)
            hidden = seen.page.evaluate("""() => {
                const e = document.activeElement, bar = document.querySelector('.stay');
                if (bar.contains(e)) return '';
                const [a, b] = [e.getBoundingClientRect(), bar.getBoundingClientRect()];
                return a.bottom > b.top + 1 && a.top < b.bottom ? e.outerHTML.slice(0, 120) : '' }""")
            assert not hidden


def test_a_link_on_another_page_leads_in(tmp_path: Path) -> None:
    """The printed address also works from a page that shows the terminal, though a browser keeps the cookie from its redirects."""
    running = Editor(consumer(tmp_path))
    try:
        (tmp_path / "terminal.html").write_text(f'<a href="{running.browser.address}">the form</a>')
        with chromium() as browser, browser.new_context() as context:
            page = context.new_page()
            page.goto((tmp_path / "terminal.html").as_uri())
            page.get_by_role("link").click()
            expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
            assert "token" not in page.url
            page.goto(running.browser.address)
            expect(page.get_by_role("heading", name="This address was opened before")).to_be_visible()
    finally:
        running.process.terminate()
        running.process.wait(20)


def test_another_site_gets_nowhere(tmp_path: Path) -> None:
    """A page of another origin on this machine can neither send our form, nor read our page, nor frame it."""
    with editor(consumer(tmp_path / "other")) as other, visit(consumer(tmp_path)) as seen:
        before = seen.editor.file.read_bytes()
        hidden = seen.editor.browser  # whose secrets are known, the worst that can be
        token = seen.page.locator('input[name="token"]').first.get_attribute("value")
        seen.page.route(f"http://{other.browser.host}/evil", lambda route: route.fulfill(
            content_type="text/html",
            body=f"""<form method="post" action="{seen.root}change"><input name="token" value="{token}"><input name="step" value="withdraw">
              <input name="base" value="x"><button name="do" value="save">x</button></form><iframe src="{seen.root}"></iframe>""",
        ))  # fmt: skip
        seen.page.goto(f"http://{other.browser.host}/evil")
        read = seen.page.evaluate(f"fetch('{seen.root}', {{credentials: 'include'}}).then(() => true, () => false)")
        assert read is False
        assert "profile" not in (seen.page.frames[1].evaluate("document.body ? document.body.innerText : ''") or "")
        with seen.page.expect_response(f"{seen.root}change") as answer:
            seen.page.get_by_role("button").click()
        assert answer.value.status == 403
        assert seen.editor.file.read_bytes() == before
        assert hidden.host != other.browser.host


def test_the_preview_is_alone(tmp_path: Path) -> None:
    """The preview has no script and no form, follows its links within our path, and says on every page that it is none."""
    with visit(consumer(tmp_path)) as seen:
        frame = seen.page.frame_locator("iframe")
        frame.get_by_role("link", name="Northpeak Outdoor").first.click()
        expect(frame.get_by_role("heading", name="What this company may do")).to_be_visible()
        expect(frame.get_by_text("Preview: not signed, not published.")).to_be_visible()
        inner = seen.page.frames[1]
        assert "/page/" in inner.url
        assert inner.locator("script, form").count() == 0


def test_what_is_typed_is_seen_while_one_types(tmp_path: Path) -> None:
    """With JavaScript the summary and the preview follow what is typed, and a mistake is told without taking the focus."""
    folder = consumer(tmp_path)
    edit(folder / "profile.yml", "stage: try", "stage: like")
    with visit(folder) as seen:
        seen.go("edit?section=companies&entry=northpeak.example")
        name = seen.page.get_by_role("textbox", name="Name")
        name.fill("Northpeak & <Sons>")
        expect(seen.page.locator("#comes .summary")).to_contain_text("Northpeak & <Sons>")
        expect(seen.page.frame_locator("iframe").get_by_text("Northpeak & <Sons>").first).to_be_visible()
        name.fill("Call 0041 44 668 18 00")
        expect(seen.page.locator("#comes")).to_contain_text("There is no preview while there are mistakes.")
        name.fill("Northpeak Outdoor")
        expect(seen.page.locator("#comes .summary")).to_contain_text("Nothing would change.")
        expect(name).to_be_focused()
        assert not seen.faults
