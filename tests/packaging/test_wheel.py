"""What is shipped works, with the sources gone."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from support import ADA, AT, BASE, ROOT


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist from the tree, and the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "sdist", filter="data")
    (unpacked,) = (folder / "sdist").iterdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=unpacked)
    return next(folder.glob("*.whl"))


def test_what_is_in_the_wheel(built: Path) -> None:
    """The wheel holds code, data and theme, and nothing that the theme would publish by mistake."""
    names = set(zipfile.ZipFile(built).namelist())
    wanted = {
        "sayso/py.typed",
        "sayso_spec/codes.json",
        "sayso_spec/context.jsonld",
        "sayso_spec/schemas/profile.schema.json",
        "sayso_spec/vocabulary/signals.json",
        "sayso_theme/mkdocs_theme.yml",
        *(f"sayso_theme/profile/{name}.html" for name in ("index", "company", "seal", "macros", "head")),
        *(
            f"sayso_theme/{name}"
            for name in ("css/sayso.css", "css/profile.css", "js/verify.js", "js/page.js", "img/card.png")
        ),
        *(f"sayso/locales/{language}/LC_MESSAGES/sayso.mo" for language in ("de", "fr", "ar")),
        *(
            f"sayso/reader/mappings/{name}.json"
            for name in ("segment", "rudderstack", "google-consent-mode", "adobe-xdm")
        ),
        *(
            f"sayso/publish/workflows/{name}"
            for name in ("github.yml", "gitlab.yml", "netlify.toml", "cloudflare.toml")
        ),
    }
    assert wanted <= names
    assert {name.split("/")[0] for name in names} == {
        "sayso",
        "sayso_spec",
        "sayso_theme",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }
    assert "sayso_theme/py.typed" not in names


def test_the_wheel_works_alone(built: Path, tmp_path: Path) -> None:
    """In a clean environment, away from the sources, the wheel imports, finds its theme and data, and does its work."""
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pins = re.findall(r"^([a-z0-9-]+==.+?)(?: \\)?$", (ROOT / "requirements" / "dev.txt").read_text(), re.MULTILINE)
    (tmp_path / "constraints.txt").write_text("\n".join(pins))
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", "constraints.txt")
    run(python, *install, built, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    where = run(python, "-c", "import sayso, sayso_spec, sayso_theme; print(sayso.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(home)
    themes = run(python, "-c", "from mkdocs.utils import get_theme_dir; print(get_theme_dir('sayso'))", cwd=tmp_path)
    assert (Path(themes.strip()) / "main.html").is_file()
    sayso = home / "bin" / "sayso"
    assert run(sayso, "--version", cwd=tmp_path).startswith("sayso ")
    run(sayso, "check", ADA, "--at", "2026-11-21", cwd=tmp_path)
    for arguments in (
        ("check", ADA, "--format", "sarif"),
        ("vocab", "signals"),
        ("schema", "profile", "--draft7"),
        ("schema", "context"),
    ):
        assert run(sayso, *arguments, cwd=tmp_path)
    run(sayso, "build", ADA, "--at", "2026-11-21T09:00:00Z", "--output", tmp_path / "site", cwd=tmp_path)
    assert "En un coup d’œil" in (tmp_path / "site" / "fr" / "index.html").read_text("utf-8")
    assert run(sayso, "publish", ADA, "--workflow", "github", "--dry-run", cwd=tmp_path).startswith("# Written by")
    signed = tmp_path / "site" / "sayso"
    code = f"""
from pathlib import Path
from sayso import Request, decide, verify
folder = Path({str(signed)!r})
proven = verify((folder / "profile.jwt").read_bytes(), (folder / "keys.jsonl").read_bytes(), {BASE!r}, {AT})
print(decide(proven.payload, Request("northpeak.example", "purchase.history", "offers.personalised"), {AT}).verdict)
"""
    assert run(python, "-c", code, cwd=tmp_path) == "allow\n"
