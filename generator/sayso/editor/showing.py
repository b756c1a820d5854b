"""The preview: the page that a version would come to, marked as one that nobody may rely on."""

from __future__ import annotations

from sayso.editor.exchange import Answer
from sayso.editor.rendering import render as render_around
from sayso.editor.room import Room
from sayso.editor.state import state_of
from sayso.publish.page import render
from sayso.publish.pages import Profile, languages, page_title, pages


def shown(room: Room, digest: str, place: str) -> Answer | None:
    """Give the page at a place of a version that is remembered; None where there is none."""
    text = room.shelf.any(digest)
    terms = state_of(text, room.file, room.clock()).terms if text is not None else None
    if terms is None:
        return None
    profile = Profile(terms, None, languages(terms))

    def link(path: str) -> str:
        return f"{room.root}page/{digest}/{path}"

    for page in pages(profile):
        if page.place == place:
            body = render(page, profile, link)
            title = page_title(page, profile)
            around = render_around("page.html", root=room.root, words=page.words, title=title, body=body)
            return Answer(200, around, framed=True)
    return None
