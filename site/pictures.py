"""Take the pictures of the page that the documentation shows, and the one that links to a page show: ``make pictures``.

The pages are those of the examples of the tests, at their https addresses on loopback, in a real Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "examples")]

from pages.https import Web, web  # noqa: E402 - the folders are on the path only now
from pages.profiles import PROFILES  # noqa: E402
from pages.visit import visit  # noqa: E402

PICTURES = ROOT / "site" / "content" / "pictures"
CARD = ROOT / "site" / "sayso_theme" / "img" / "card.png"
DESKTOP, PHONE = {"width": 1280, "height": 960}, {"width": 390, "height": 844}
SHOTS = {
    "desktop": ("full", "", DESKTOP, "light"),
    "company": ("full", "companies/northpeak.example/", DESKTOP, "light"),
    "phone": ("full", "", PHONE, "light"),
    "dark": ("full", "", DESKTOP, "dark"),
    "arabic": ("right-to-left", "", DESKTOP, "light"),
}
CARD_PAGE = """<!DOCTYPE html><title>card</title><style>
body { margin: 0; width: 1200px; height: 630px; display: grid; grid-template-columns: 1fr 1fr; align-items: center; background: #fdfcf9; }
svg { width: 420px; margin: auto; } div { display: grid; gap: 22px; padding-right: 90px; }
i { height: 34px; border-radius: 17px; background: #d9d7cd; } i.yes { background: #14532d; } i.no { background: #8a1c1c; }
</style><body>%s<div><i class=yes style="width:90%%"></i><i style="width:60%%"></i><i class=yes style="width:75%%"></i><i class=no style="width:40%%"></i><i style="width:85%%"></i></div>"""


def take(site: Web, shot: str) -> None:
    """Take one picture."""
    name, path, size, scheme = SHOTS[shot]
    profile = PROFILES[name]
    with visit(site, profile.read_at, viewport=size, color_scheme=scheme) as seen:
        seen.go(profile.base + path)
        seen.page.screenshot(path=PICTURES / f"{shot}.png")


def take_card(browser: Browser) -> None:
    """Take the picture that is shown beside a link: the seal, and marks without words, since it speaks for every language."""
    seal = (CARD.parent / "sayso.svg").read_text("utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.set_content(CARD_PAGE % seal)
    page.screenshot(path=CARD)


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as work:
        root = Path(work) / "web"
        for name in {shot[0] for shot in SHOTS.values()}:
            PROFILES[name].built(Path(work), Web.place(root, PROFILES[name].base))
        with web(root) as site:
            take_card(site.browser)
            for shot in SHOTS:
                take(site, shot)


if __name__ == "__main__":
    main()
