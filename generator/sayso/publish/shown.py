"""What a folder has to show at an instant: what is signed, or, for a preview, what its source says."""

from __future__ import annotations

from pathlib import Path

from sayso.errors import NotSigned
from sayso.profile.check import ensure_valid
from sayso.profile.compile import compile_terms
from sayso.publish.folder import Signed, publication
from sayso.publish.pages import Profile, languages
from sayso.publish.source_file import read_source


def of_signed(signed: Signed) -> Profile:
    """Give what is shown of a signed version."""
    return Profile(signed.payload, signed, languages(signed.payload))


def published(folder: Path, at: int) -> Profile:
    """Give what a folder publishes at an instant; raises as ``publication`` does."""
    return of_signed(publication(folder, at))


def draft(folder: Path, at: int) -> Profile:
    """Give what the source of a folder would come to, were it signed; raises SourceError or InvalidProfile."""
    source = read_source(folder)
    ensure_valid(source, at)
    terms = compile_terms(source, at)
    return Profile(terms, None, languages(terms))


def published_or_draft(folder: Path, at: int) -> Profile:
    """Give what a folder publishes or, where its source says something else, what that says."""
    try:
        return published(folder, at)
    except NotSigned:
        return draft(folder, at)
