"""The desk: which page answers which request. What comes here was let through by the guard."""

from __future__ import annotations

import shlex

from sayso.editor.changing import Changing
from sayso.editor.exchange import Answer, Request, to
from sayso.editor.guard import Guard
from sayso.editor.posting import Values, one, values_of
from sayso.editor.rendering import static
from sayso.editor.room import LANGUAGE, Room
from sayso.editor.saving import kept
from sayso.editor.showing import shown
from sayso.editor.steps import Gone
from sayso.editor.views import Views
from sayso.errors import ProfileError, SaysoError
from sayso.profile.changes import Change, changes
from sayso.publish.signing import Prepared
from sayso.texts import LANGUAGES


class Desk:
    """Answers requests."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @property
    def guard(self) -> Guard:
        """What a request must get past first."""
        return self._room.guard

    def answer(self, request: Request) -> Answer:
        """Answer a request, whoever sent it and whatever it holds."""
        stopped = self.guard.stop(request)
        if stopped is not None:
            return stopped
        try:
            if request.method == "POST":
                values = values_of(request.body)
                return self._posted(request, values) if self.guard.is_form(one(values, "token", "")) else Answer(403)
            return self._got(request, values_of(request.query.encode()))
        except ValueError:
            return Answer(400)
        except Gone:
            return self._room.message(self._views(request), 404, "gone", "gone_how")
        except SaysoError as error:
            return self._room.message(self._views(request), 500, "unreadable", error.message)

    def _views(self, request: Request) -> Views:
        return Views(self._room.language_of(request), None)

    def _got(self, request: Request, query: Values) -> Answer:
        room, place, language = self._room, request.path[len(self._room.root) :], self._room.language_of(request)
        name, _, rest = place.partition("/")
        match name:
            case "":
                return self._overview(language, saved="saved" in query)
            case "edit":
                return Changing(room, language).begun("edit", one(query, "section"), one(query, "entry", ""))
            case "add":
                return Changing(room, language).begun("add", one(query, "section"), "")
            case "sign":
                return self._sign(language)
            case "language":
                chosen = one(query, "to")
                if chosen not in LANGUAGES:
                    raise ValueError("there is no such language")
                cookie = f"{LANGUAGE}={chosen}; Path={room.root}; HttpOnly; SameSite=Strict"
                return Answer(303, headers={"Location": _page_of(request, room.root), "Set-Cookie": cookie})
            case "page":
                digest, _, page = rest.partition("/")
                return shown(room, digest, page) or self._nothing(request)
            case "static":
                found = static(rest)
                if found is not None:
                    kind = rest.rpartition(".")[2]
                    return Answer(200, found, kind)
        return self._nothing(request)

    def _posted(self, request: Request, values: Values) -> Answer:
        language = self._room.language_of(request)
        match request.path[len(self._room.root) :]:
            case "change":
                return Changing(self._room, language).asked(values)
            case "sign":
                if self._room.terminal.there:
                    self._room.terminal.ask()
                return to(f"{self._room.root}sign")
        return self._nothing(request)

    def _nothing(self, request: Request) -> Answer:
        return self._room.message(self._views(request), 404, "gone", "gone_how")

    def _overview(self, language: str, *, saved: bool) -> Answer:
        room, state = self._room, self._room.state()
        views = Views(language, state.data)
        if state.source is None:
            return room.unreadable(views, state)
        place_of = room.place_of(state.data)
        return room.page(
            "overview.html",
            views,
            heading=views.phrases["title"],
            at_home=True,
            saved=saved,
            wrong=bool(state.errors),
            withdrawn=isinstance(state.data, dict) and "status" in state.data,
            problems=[item for item in state.problems if item.is_error or not place_of(item)],
            place_of=place_of,
            sections=list(views.sections(state.problems)),
            base=state.digest,
            ready=state.terms is not None,
            can_undo=kept(room.folder) not in (None, state.text),
        )

    def _sign(self, language: str) -> Answer:
        room, state = self._room, self._room.state()
        views, outcome = Views(language, state.data), self._room.terminal.outcome()
        folder = shlex.quote(str(room.folder))
        prepared: Prepared | None = None
        hindrance: SaysoError | None = None
        if outcome.state != "waiting":
            try:
                prepared = room.prepare()
            except SaysoError as error:
                hindrance = error
        return room.page(
            "sign.html",
            views,
            heading=views.phrases["sign"],
            signing=outcome,
            hindrance=hindrance,
            problems=state.errors if isinstance(hindrance, ProfileError) else (),
            place_of=room.place_of(state.data),
            changes=_changes(prepared, language) if prepared else (),
            terminal=room.terminal.there,
            command=f"sayso sign {folder}",
            next_commands=f"sayso build {folder}\nsayso publish {folder}",
        )


def _page_of(request: Request, root: str) -> str:
    """Give the address of the page of ours that a request came from: of a form or of signing, else of the overview."""
    place = (request.header("referer") or "").removeprefix(f"http://{request.header('host')}")
    return place if place.startswith(tuple(root + name for name in ("edit?", "add?", "sign"))) else root


def _changes(prepared: Prepared, language: str) -> tuple[Change, ...]:
    """Tell what signing would change."""
    return changes(prepared.last.payload if prepared.last else None, prepared.terms, language)
