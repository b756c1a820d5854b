"""The project's own documentation holds together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click
import pytest
from markdown import markdown  # type: ignore[import-untyped]

from sayso import errors, spec
from sayso.cli import commands as cli
from sayso.cli.output import PARTLY
from sayso.profile import personal
from support import AT, ROOT, tree

CONTENT = ROOT / "site" / "content"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation as ``make docs`` does, without a warning."""
    target = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": str(AT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return target


def main_of(site: Path, name: str) -> str:
    """Give the main part of a page, as HTML."""
    text = (site / name / "index.html").read_text("utf-8")
    return text[text.index("<main") : text.index("</main>")]


def first_cells(html: str) -> list[list[str]]:
    """Give for each table of a page what stands as code in the first cell of its rows."""
    return [
        [unescape(cell) for cell in re.findall(r"<tr>\s*<td[^>]*><code[^>]*>(.*?)</code></td>", table, re.DOTALL)]
        for table in re.findall(r"<table[^>]*>.*?</table>", html, re.DOTALL)
    ]


def text_of(html: str) -> str:
    """Give what a person reads."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, str, list[str]]]:
    """Give each command: what people type, the first line of its help, and its options."""
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
    yield context.command_path, (command.help or "").strip().partition("\n")[0], options
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, click.Context(inner, info_name=name, parent=context))


def test_docs_ask_nobody(site: Path) -> None:
    """No page of the documentation asks another origin for anything."""
    for path, content in tree(site).items():
        if path.endswith(".html"):
            assert not re.findall(
                r'<(?:script|img|link(?! rel="canonical"))[^>]*(?:src|href)="https?:', content.decode()
            ), path


@pytest.mark.parametrize(
    "text",
    [
        "a|b\nc",
        "**bold** _soft_ `code`",
        "[a](https://a.example/)",
        "<b>&amp;</b><!-- x",
        "# a",
        "* a",
        "{: #a }",
        "{{ a }}",
        "\\*é…",
    ],
)
def test_what_is_told_stays_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a word, a code or a help text says, a generated page shows it as it is, with no meaning in Markdown or HTML."""
    monkeypatch.syspath_prepend(ROOT / "site")  # where MkDocs finds it
    from reference import _as_text

    page = f"| a | b |\n|---|---|\n| {_as_text(text)} | <code>{_as_text(text)}</code> |"
    html = markdown(page, extensions=["tables", "attr_list", "toc", "fenced_code"])
    assert re.findall(r"<(?!/)(\w+)", html) == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "code"]
    assert [unescape(cell) for cell in re.findall(r"<td>(?:<code>)?(.*?)(?:</code>)?</td>", html)] == [text, text]


def test_no_name_is_given_twice(site: Path) -> None:
    """On every page each place has a name of its own, so that links lead to one place."""
    for path, content in tree(site).items():
        names = re.findall(r'\bid="([^"]+)"', content.decode()) if path.endswith(".html") else []
        assert [name for name in set(names) if names.count(name) > 1] == [], path


def test_every_member_is_in_the_reference(site: Path) -> None:
    """The page of members has a table for each mapping of a profile, with exactly its members, and names what is required."""
    tree = spec.schema("profile")
    mappings = [tree, *tree["properties"].values(), *tree["$defs"].values()]
    wanted = [sorted(part["properties"]) for part in mappings if "properties" in part]
    html = main_of(site, "reference/members")
    tables = [sorted(cells) for cells in first_cells(html)]
    assert len(wanted) > 8
    assert [members for members in wanted if members not in tables] == []
    required = sum(len(part.get("required", ())) for part in mappings if "properties" in part)
    assert html.count("<strong>Required.</strong>") == required
    for choice in ("granularity", "sharing", "level"):
        assert f'id="{choice}"' in html


def test_every_word_is_in_the_reference(site: Path) -> None:
    """The page of words lists every word with its label, its definition, its flag and its mappings, and no other."""
    known = spec.vocabulary()
    parts = [known.signals, known.purposes, known.channels, known.categories, known.stages]
    html = main_of(site, "reference/words")
    assert [sorted(cells) for cells in first_cells(html)] == [sorted(part) for part in parts]
    text = text_of(html)
    for part in parts:
        for word in part.values():
            assert word.label in text
            assert word.definition in text
            for mapping in word.mappings.values():
                assert ", ".join(map(str, mapping["terms"])) in text, word.key
    flags = [word for part in parts for word in part.values()]
    assert text.count("Must be named by itself.") == sum(word.explicit_only for word in flags)
    assert text.count("May be granted to everyone.") == sum(word.open for word in flags)
    assert text.count("May say something sensitive.") == sum(word.sensitive for word in flags)


def test_every_code_is_in_the_reference(site: Path) -> None:
    """The page of codes lists every code of every group with its sentence."""
    html = main_of(site, "reference/codes")
    groups = spec.codes()
    assert first_cells(html) == [list(listed) for listed in groups.values()]
    rows = [unescape(cell) for cell in re.findall(r"</code></td>\s*<td[^>]*>(.*?)</td>", html)]
    assert rows == [meaning for listed in groups.values() for meaning in listed.values()]


def test_every_command_is_in_the_reference(site: Path) -> None:
    """The page of commands has every command with the first line of its help and all its options."""
    html = main_of(site, "reference/commands")
    told = {
        text_of(title): text_of(body)
        for title, body in re.findall(r"<h2[^>]*>([^<]*)</h2>\s*<pre[^>]*><code>(.*?)</code></pre>", html, re.DOTALL)
    }
    listed = list(commands(cli.cli, click.Context(cli.cli, info_name="sayso")))
    assert [name for name, _, _ in listed] == list(told)
    for name, line, options in listed:
        assert line in " ".join(told[name].split()), name
        assert [option for option in options if option not in told[name]] == [], name


def test_exit_codes_are_in_the_reference(site: Path) -> None:
    """The table of exit codes names those that the command line uses."""
    html = main_of(site, "reference/commands")
    listed = {int(code) for code in re.findall(r"<tr>\s*<td>(\d+)</td>", html)}
    used = {
        error.exit_code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "exit_code")
    }
    assert listed == {0, 2, *used, PARTLY, cli.OUR_BUG, cli.INTERRUPTED}


def test_schemas_are_published(site: Path) -> None:
    """Every schema is a file beside the page that names it, as the program gives it."""
    from sayso.cli.schemas import NAMES

    html = main_of(site, "reference/schemas")
    for name in NAMES:
        (link,) = re.findall(
            rf'<code>sayso schema {name}</code></td>\s*<td><a href="([^"]+)"', html.replace("&#45;", "-")
        )
        assert (site / "reference" / "schemas" / link).read_text("utf-8") == spec.schema_text(name)


def test_the_specification_is_whole(site: Path) -> None:
    """The page of the specification has every anchor, every heading and every entry of a list that SPEC.md has."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    html = main_of(site, "reference/specification")
    names = set(re.findall(r'\bid="([^"]+)"', html))
    assert [name for name in re.findall(r'<a id="([^"]+)"', text) if name not in names] == []
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"<h[1-6]", html)) == len(re.findall(r"^#+ ", prose, re.MULTILINE))
    assert html.count("<li>") == len(re.findall(r"^ *(?:- |\d+\. )", prose, re.MULTILINE))


def test_published_files_are_in_the_reference(site: Path) -> None:
    """The page of files names each file that machines read of a profile that is published with its history."""
    from sayso.publish.files import machine_files
    from sayso.publish.folder import publication
    from support import AT, CONSUMERS

    text = text_of(main_of(site, "reference/files"))
    for name in machine_files(publication(CONSUMERS / "ada", AT), history=True):
        assert re.sub(r"/history/\d+", "/history/1", name) in text, name


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
    text = (CONTENT / "read.md").read_text("utf-8")
    assert {code for code in spec.codes()["decision"] if f"`{code}`" not in text} == {"granted"}


def typed() -> Iterator[tuple[str, list[str]]]:
    """Give each command that a page tells people to type, with the name of the page."""
    for path in CONTENT.rglob("*.md"):
        if path.parent.name != "decisions":
            text = path.read_text("utf-8").replace("\\\n", " ")
            blocks = "".join(re.findall(r"^```(?:sh|text|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
            lines = re.findall(r"^(?:\$ )?(sayso [a-z].*)$", blocks, re.MULTILINE)
            inline = re.findall(r"`(sayso [a-z][^`\n]*)`", text)
            yield from ((path.name, re.split(r"  +|\|\|", line)[0].split()) for line in (*lines, *inline))


def test_no_command_is_made_up() -> None:
    """Every command that a page tells people to type is there, with the options that it is given."""
    known = {name: options for name, _, options in commands(cli.cli, click.Context(cli.cli, info_name="sayso"))}
    found = list(typed())
    for page, words in found:
        name = max((name for name in known if f"{' '.join(words)} ".startswith(f"{name} ")), key=len)
        assert name != "sayso", (page, words)
        options = [word for word in words if re.match(r"--?[a-z]", word)]
        assert [option for option in options if option not in known[name]] == [], (page, words)
    assert len(found) > 50


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
