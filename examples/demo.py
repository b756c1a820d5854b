"""The whole way, once: sign a profile, publish it, fetch it as a marketer, verify it, ask (``make demo``).

Every step is the real command, run as you would type it, against a real nginx on loopback. The keys are made on the spot
and thrown away; the days in the profile are moved so that the demo is as fresh as today.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from loopback_nginx import serve

ROOT = Path(__file__).parent.parent
WRITTEN_ON = dt.date(2026, 11, 21)  # the day for which the days in the demo profile were chosen
BASE = "https://ada.example/"
QUESTIONS = [
    ("northpeak.example", "purchase.history", "offers.personalised", 0),
    ("northpeak.example", "purchase.history", "data.sale", 1),
    ("lumen-lab.example", "browsing.products", "ads.first_party", 1),
]


def moved_to_today(text: str, today: dt.date) -> str:
    """Move every day in a text by as many days as have passed since it was written."""
    shift = today - WRITTEN_ON
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda match: str(dt.date.fromisoformat(match.group()) + shift), text)


def sayso(*arguments: str, home: Path, expect: int = 0) -> None:
    """Show and run one command at home; end the demo if it does not end as expected."""
    print(f"\n$ sayso {' '.join(arguments)}", flush=True)
    code = subprocess.run([sys.executable, "-m", "sayso", *arguments], cwd=home, check=False).returncode
    if code != expect:
        raise SystemExit(f"demo: expected exit code {expect}, got {code}")


def main() -> None:
    """Run the demo in a home of its own; leave the built site in build/demo."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    shutil.rmtree(build / "demo", ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="demo-home-", dir=build) as work:
        home = Path(work)
        shutil.copytree(ROOT / "examples/consumer/ada", home / "ada", ignore=shutil.ignore_patterns("signed", "public"))
        source = home / "ada" / "profile.yml"
        source.write_text(moved_to_today(source.read_text("utf-8"), dt.datetime.now(dt.UTC).date()), "utf-8")
        os.environ |= {
            "HOME": work,
            "XDG_CONFIG_HOME": f"{work}/config",
            "SAYSO_PASSPHRASE": secrets.token_urlsafe(),
        }
        print("Ada says who may see what, and publishes it.")
        sayso("check", "ada", home=home)
        sayso("key", "new", "ada", "--recovery", "recovery.key", home=home)
        sayso("sign", "ada", "--yes", home=home)
        sayso("build", "ada", "--output", "../demo", home=home)
        print("\nA marketer fetches it, verifies it, and asks before doing anything.")
        with serve(build / "demo") as address:
            via = ("--unsafe-http-via", address)
            sayso("fetch", BASE, *via, home=home)
            for company, signal, purpose, expected in QUESTIONS:
                question = ("--company", company, "--signal", signal, "--purpose", purpose)
                sayso("ask", BASE, *question, *via, home=home, expect=expected)
    print(f"\nThe server has stopped. The page: {(build / 'demo' / 'index.html').as_uri()}")


if __name__ == "__main__":
    main()
