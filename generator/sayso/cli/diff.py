"""The command that tells what is different between two versions of a profile: diff."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, at_option, format_option
from sayso.cli.tongue import language_option
from sayso.cli.writing import note
from sayso.errors import NotSigned, RequestError

if TYPE_CHECKING:
    from gettext import NullTranslations

    from sayso.profile.model import Terms
    from sayso.profile.source import Source
    from sayso.publish.folder import Signed


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two: what it is called, and what is signed there or the source that is not; neither before a first version."""

    place: str
    signed: Terms | None = None
    source: Source | None = None

    def name(self, texts: NullTranslations) -> str:
        """Name it."""
        sequence = getattr(self.signed, "sequence", None)
        named = texts.gettext("%(place)s, version %(number)d") % {"place": self.place, "number": sequence or 0}
        return named if sequence else self.place or texts.gettext("nothing, as nothing is signed yet")

    def terms(self, at: int) -> Terms | None:
        """Give what it says; a source, as of an instant."""
        from sayso.profile.compile import compile_terms

        return self.signed if self.source is None else compile_terms(self.source, at)

    @property
    def data(self) -> dict[str, Any]:
        """What it is, as JSON data."""
        sequence = getattr(self.signed, "sequence", None)
        return {"name": self.place, "signed": self.signed is not None} | ({"sequence": sequence} if sequence else {})


@click.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("now", metavar="[B]", required=False)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    show_default="the current one",
    help="The folder whose versions are meant.",
)
@language_option
@at_option
@format_option
def diff(before: str | None, now: str | None, folder: Path, language: str, at: int, form: str) -> None:
    """Tell what is different between two versions.

    In the words of `sayso sign`. A and B are each the number of a version that FOLDER keeps, a signed profile.jwt, a profile.yml, or a folder. If not
    given, A is what is signed there, and B is profile.yml as it stands. A line with - permits less, one with + permits more,
    one with = says something else. Exit code 0 if nothing is different, 1 if something is.

    A source is read as of the moment at which the other side was signed: that signing again moves the end of a profile which
    holds for some months is no difference.

    \b
    Example: sayso diff --folder examples/consumer/ada
    """
    from sayso.cli.confirm import MARKS
    from sayso.profile.changes import changes
    from sayso.texts import catalogue

    if before is not None and now is None and Path(before).is_dir():
        folder, before = Path(before), None
    one = _first(folder) if before is None else _side(before, folder, at, first=True)
    other = _source(folder, at) if now is None else _side(now, folder, at, first=False)
    begin = next((side.signed.iat for side in (one, other) if side.signed is not None), at)
    later = other.terms(begin)
    assert later is not None
    found = changes(one.terms(begin), later, language)
    texts = catalogue(language)
    _ = texts.gettext
    same, different = _("nothing is different in %(b)s from %(a)s"), _("what is different in %(b)s from %(a)s:")
    note((different if found else same) % {"a": one.name(texts), "b": other.name(texts)})
    told = [{"kind": change.kind, "what": change.what, "text": change.text} for change in found]
    result = {"a": one.data, "b": other.data, "language": language, "changes": told}
    answer(form, result, [f"{MARKS[change.kind]} {change.text}" for change in found])
    click.get_current_context().exit(1 if found else 0)


def _first(folder: Path) -> _Side:
    """Give what is signed in a folder; nothing before the first version, of which all is new."""
    try:
        return _whole(folder)
    except NotSigned as error:
        if error.code not in ("no-keys", "not-signed"):
            raise
        return _Side("")


def _side(text: str, folder: Path, at: int, *, first: bool) -> _Side:
    """Give what a person means: a number, a file, or a folder, of which the first is what is signed."""
    path = Path(text)
    if path.is_dir():
        return _whole(path) if first else _source(path, at)
    if text.isascii() and text.isdigit() and not path.exists():
        return _version(folder, int(text))
    if path.suffix == ".jwt":
        return _file(path)
    if path.is_file() or path.suffix in (".yml", ".yaml"):
        return _source(path, at)
    raise RequestError(
        "no-such-version",
        f"`{text}` is no version, no file and no folder",
        hint="write the number of a version, or name a profile.jwt, a profile.yml or a folder",
    )


def _source(path: Path, at: int) -> _Side:
    from sayso.profile.check import ensure_valid
    from sayso.publish.source_file import read_source

    source = read_source(path)
    ensure_valid(source, at)
    return _Side(source.name, source=source)


def _whole(folder: Path) -> _Side:
    return _named(folder, _read(folder))


def _version(folder: Path, sequence: int) -> _Side:
    from sayso.publish.folder import not_kept

    signed = _read(folder)
    last = signed.payload.sequence
    if not 1 <= sequence <= last:
        raise RequestError(
            "no-such-version",
            f"{folder / 'signed'} has versions 1 to {last}, and no version {sequence}",
            hint=f"sayso history {folder} lists them",
        )
    then = signed.as_of(sequence)
    if then is None:
        raise not_kept(folder, sequence)
    return _named(folder, then)


def _named(folder: Path, signed: Signed) -> _Side:
    return _Side(str(folder / "signed"), signed.payload)


def _read(folder: Path) -> Signed:
    from sayso.publish.folder import read_keys, read_signed
    from sayso.trust.keylog import read_keylog

    return read_signed(folder, read_keylog(read_keys(folder)).events[-1].sub, None)


def _file(path: Path) -> _Side:
    """Read a signed profile. It is verified if its key log lies beside it; if not, that is told."""
    from sayso.disk import read_file
    from sayso.trust.envelope import open_envelope
    from sayso.trust.keylog import read_keylog
    from sayso.trust.verify import TYP, payload_in, verify_past

    data, keys = read_file(path), path.parent / "keys.jsonl"
    if keys.is_file():
        log = read_file(keys)
        payload = verify_past(data, log, read_keylog(log).events[-1].sub).payload
    else:
        payload = payload_in(open_envelope(data, TYP))
        note(f"warning: nobody vouches for {path}: there is no keys.jsonl beside it, so that it was not verified")
    return _Side(str(path), payload)
