"""The form in the browser, as a server that runs: who gets nothing, what is written, and what never is."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from editing import FORM, Browser, Editor, editor
from sayso.editor.controls import ABSENT
from sayso.editor.forms import form_of
from sayso.profile.source import load
from support import PASSPHRASE, WHEN, consumer, edit, sayso, tree


@pytest.fixture
def ada(tmp_path: Path) -> Iterator[Editor]:
    with editor(consumer(tmp_path)) as running:
        yield running


def test_the_address_lets_one_browser_in(ada: Editor) -> None:
    """The address that is printed works once, leaves no token in the address bar, and gives a cookie for our path alone."""
    path = ada.browser.address.partition(ada.browser.host)[2]
    assert ada.browser.ask("GET", path, {"Host": ada.browser.host})[0] == 403
    assert ada.browser.ask("GET", path, {"Host": ada.browser.host, "Cookie": ada.browser.cookie})[0] == 303
    with editor(consumer(ada.folder.parent / "other"), "--port", str(free_port())) as other:
        fresh = Browser(other.browser.address)
        for wrong in ("/", "/?token=", "/?token=x", "/?token", f"/?token={'x' * 43}"):
            assert fresh.ask("GET", wrong, {"Host": fresh.host})[0] == 403
        assert other.browser.root not in ("/", ada.browser.root)
    assert "Ada" in ada.browser.get()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_cookie_is_kept_from_scripts_and_other_sites(tmp_path: Path) -> None:
    """The cookie is HttpOnly, SameSite=Strict, and is sent below our random path alone."""
    running = Editor(consumer(tmp_path))
    try:
        path = running.browser.address.partition(running.browser.host)[2]
        _, headers, _ = running.browser.ask("GET", path, {"Host": running.browser.host})
        assert re.fullmatch(
            rf"sayso-edit=[\w-]{{43}}; Path={headers['Location']}; HttpOnly; SameSite=Strict", headers["Set-Cookie"]
        )
        assert len(headers["Location"]) >= 16
    finally:
        running.process.terminate()
        running.process.wait(20)


HOSTS = {
    "another name": "evil.example",
    "another name at our port": "evil.example:{port}",
    "a name that ends with ours": "127.0.0.1.evil.example:{port}",
    "no port": "127.0.0.1",
    "another port": "127.0.0.1:1",
    "another loopback address": "127.0.0.2:{port}",
    "all addresses": "0.0.0.0:{port}",
    "a number": "2130706433:{port}",
    "nothing": "",
    "with a user": "127.0.0.1:{port}@evil.example",
    "in capitals": "LOCALHOST:{port}",
    "with a point": "localhost.:{port}",
    "of the newer protocol": "[::1]:{port}",
}
ATTACKS: dict[str, tuple[dict[str, str | None], dict[str, str | None], int]] = {
    # what is attacked: headers that differ, fields that differ, and the answer
    "origin of another site": ({"Origin": "https://evil.example"}, {}, 403),
    "origin of nobody": ({"Origin": "null"}, {}, 403),
    "origin without port": ({"Origin": "http://127.0.0.1"}, {}, 403),
    "origin of another port": ({"Origin": "http://127.0.0.1:1"}, {}, 403),
    "origin with https": ({"Origin": "https://{host}"}, {}, 403),
    "origin of the other name of this machine": ({"Origin": "http://localhost:{port}"}, {}, 403),
    "origin with a path": ({"Origin": "http://{host}/"}, {}, 403),
    "empty origin": ({"Origin": ""}, {}, 403),
    "from another site": ({"Sec-Fetch-Site": "cross-site", "Origin": None}, {}, 403),
    "from another port": ({"Sec-Fetch-Site": "same-site", "Origin": None}, {}, 403),
    "no cookie": ({"Cookie": None}, {}, 403),
    "an empty cookie": ({"Cookie": ""}, {}, 403),
    "another cookie": ({"Cookie": "sayso-edit=x"}, {}, 403),
    "a cookie of another name": ({"Cookie": "sayso={value}"}, {}, 403),
    "a cookie that is none": ({"Cookie": "sayso-edit"}, {}, 403),
    "a cookie and another one": ({"Cookie": "{cookie}; sayso-edit=x"}, {}, 403),
    "no token": ({}, {"token": None}, 403),
    "an empty token": ({}, {"token": ""}, 403),
    "another token": ({}, {"token": "x" * 43}, 403),
    "a token that is not ASCII": ({}, {"token": "ä"}, 403),
    "plain text": ({"Content-Type": "text/plain"}, {}, 415),
    "JSON": ({"Content-Type": "application/json"}, {}, 415),
    "parts": ({"Content-Type": "multipart/form-data; boundary=x"}, {}, 415),
    "no type": ({"Content-Type": None}, {}, 415),
    "another character set": ({"Content-Type": f"{FORM}; charset=utf-7"}, {}, 415),
    "no length": ({"Content-Length": None}, {}, 411),
    "a length that is none": ({"Content-Length": "-1"}, {}, 411),
    "in chunks": ({"Content-Length": None, "Transfer-Encoding": "chunked"}, {}, 411),
    "too long": ({"Content-Length": str(1024 * 1024 + 1)}, {}, 413),
    "far too long": ({"Content-Length": "9" * 30}, {}, 413),
    "no base": ({}, {"base": None}, 400),
    "a step that there is not": ({}, {"step": "delete"}, 400),
    "a section that there is not": ({}, {"section": "ext"}, 400),
    "an entry that is no number": ({}, {"entry": "../../etc"}, 400),
    "an entry that is not there": ({}, {"entry": "999"}, 404),
    "nothing to do": ({}, {"do": "burn"}, 400),
    "a text that was not sent": ({}, {"note": None}, 400),
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_host_that_is_not_ours_gets_nothing(served: Editor, host: str, method: str) -> None:
    """Whoever gave this machine another name (DNS rebinding) is refused, and told nothing, even with cookie and token."""
    browser, before = served.browser, tree(served.folder)
    headers = browser.headers(Host=HOSTS[host].format(port=browser.port), Origin=f"http://{HOSTS[host]}")
    body = urlencode({**browser.form(browser.get()), "do": "save"}).encode() if method == "POST" else None
    for path in (browser.root, "/", f"{browser.root}change", browser.address.partition(browser.host)[2]):
        status, _, page = browser.ask(method, path, headers, body)
        assert (status, page) == (403, ""), path
    assert tree(served.folder) == before


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("do", ["ask", "save"])
def test_a_form_that_is_not_ours_writes_nothing(served: Editor, attack: str, do: str) -> None:
    """Each thing that is wrong with a form alone is enough to refuse it, and to leave every file as it is."""
    browser, before = served.browser, tree(served.folder)
    other_headers, other_fields, expected = ATTACKS[attack]
    page = browser.get("edit?section=grants&entry=0")
    fields = {**browser.form(page), **served.values("grants", "0", note=("Gotcha.",)), "do": do, **other_fields}
    body = urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True).encode()
    known = {"host": browser.host, "port": browser.port, "cookie": browser.cookie, "value": browser.cookie[11:]}
    headers: dict[str, str | None] = {**browser.headers(), "Content-Length": str(len(body)), **other_headers}
    sent = {name: value.format(**known) for name, value in headers.items() if value is not None}
    status, told, page = raw(browser.port, f"{browser.root}change", sent, body)
    assert status == expected
    assert expected in (400, 404) or not page
    assert "no-store" in told
    assert tree(served.folder) == before


def raw(port: int, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, str]:
    """Send a form as bytes of our own, whatever a library thinks of them."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
        try:
            line.sendall(body)
            line.shutdown(socket.SHUT_WR)
        except OSError:  # who is refused at once may be hung up on
            pass
        got = b""
        while part := line.recv(65536):
            got += part
    told, _, page = got.decode().partition("\r\n\r\n")
    return int(told.split(" ")[1]), told, page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for all attacks: none of them may do anything to it."""
    with editor(consumer(tmp_path_factory.mktemp("attacked"))) as running:
        yield running


def test_the_same_form_from_our_own_page_is_heard(served: Editor) -> None:
    """What the attacks change is all that is wrong with them: the form itself is answered, with or without Origin."""
    browser = served.browser
    page = browser.get("edit?section=grants&entry=0")
    fields = {**browser.form(page), **served.values("grants", "0", note=("Hello.",)), "do": "ask"}
    body = urlencode(fields, doseq=True).encode()
    for headers in (
        browser.headers(),
        {k: v for k, v in browser.headers().items() if k not in ("Origin", "Sec-Fetch-Site")},
    ):
        assert browser.ask("POST", f"{browser.root}change", headers, body)[0] == 200
    local = {**browser.headers(), "Host": f"localhost:{browser.port}", "Origin": f"http://localhost:{browser.port}"}
    assert browser.ask("POST", f"{browser.root}change", local, body)[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_other_methods(served: Editor, method: str) -> None:
    """What is neither GET, HEAD nor POST is refused, for those with the cookie too, and says so."""
    browser = served.browser
    status, headers, page = browser.ask(method, browser.root, browser.headers())
    assert (status, page) == (405, "")
    assert headers["Allow"] == "GET, HEAD, POST"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            "{root}..%2f..%2fetc/passwd",
            "{root}static/../profile.yml",
            "{root}static/secret",
            "{root}page/x/",
            "{root}page/",
        ),
        *("{root}nothing", "{root}edit", "{root}edit?section=x", "{root}edit?section=grants&entry=99"),
        *("{root}add?section=me", "{root}edit?section=grants&entry=%ff"),
        *("/etc/passwd", "/profile.yml", "//evil.example/", "http://evil.example/", "*"),
    ],
)
def test_other_addresses(served: Editor, path: str) -> None:
    """What there is not is refused, and no file of the folder is ever served."""
    browser = served.browser
    headers = {"Host": browser.host, "Cookie": browser.cookie}
    status, _, page = browser.ask("GET", path.format(root=browser.root), headers)
    assert status in (400, 403, 404)
    assert "northpeak" not in page


def test_every_answer_is_closed_to_others(served: Editor) -> None:
    """Every answer, a refusal too, forbids keeping, guessing, framing and loading from elsewhere; HEAD gives no body."""
    browser = served.browser
    mine = {"Host": browser.host, "Cookie": browser.cookie}
    digest = re.findall(r'src="[^"]*page/(\w+)/"', browser.get())[0]
    for path, headers in (
        *((browser.root + place, mine) for place in ("", "edit?section=me", "sign", "static/editor.css", "nope")),
        (browser.root, {"Host": "evil.example"}),
        ("/", {}),
    ):
        for method in ("GET", "HEAD"):
            _, told, page = browser.ask(method, path, headers)
            policy = told["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; ")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert told["Cache-Control"] == "no-store"
            assert told["X-Frame-Options"] == "DENY"
            assert told["Referrer-Policy"] == "same-origin"
            assert told["X-Content-Type-Options"] == "nosniff"
            assert told["Cross-Origin-Opener-Policy"] == told["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "python" not in told.get("Server", "").lower()
            assert method == "GET" or not page
    _, told, page = browser.ask("GET", f"{browser.root}page/{digest}/", mine)
    assert "frame-ancestors 'self'; sandbox" in told["Content-Security-Policy"]
    assert "script-src" not in told["Content-Security-Policy"]
    assert 'class="banner preview"' in page


def test_only_this_machine_is_served(served: Editor) -> None:
    """The server listens on 127.0.0.1 and on no other address of this machine."""
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", served.browser.port))


def test_one_change_is_one_line(ada: Editor) -> None:
    """A value that is changed changes its line and no other byte, and the version before is kept whole."""
    before = ada.file.read_bytes()
    status, page = ada.change("ask", "edit", "grants", "0", lookback__number=("6",))
    assert status == 200
    assert "may now use data of the last 6 months (before: of the last 12 months)" in page
    assert ada.file.read_bytes() == before
    assert (
        ada.browser.post(
            "change", {**ada.browser.form(page), **ada.values("grants", "0"), "lookback.number": "6", "do": "save"}
        )[0]
        == 303
    )
    assert ada.file.read_bytes() == before.replace(b"lookback: P12M", b"lookback: P6M", 1)
    assert (ada.folder / "profile.yml.bak").read_bytes() == before
    assert "It is not signed yet" in ada.browser.get("?saved=1")


def test_nothing_typed_writes_nothing(ada: Editor) -> None:
    """A form that is saved untouched leaves every file as it was, and there is no Save to press."""
    before = tree(ada.folder)
    status, page = ada.change("ask", "edit", "grants", "3")
    assert status == 200
    assert "Nothing would change." in page
    assert 'value="save"' not in page
    assert ada.change("save", "edit", "grants", "3")[0] == 303
    assert tree(ada.folder) == before


def test_a_mistake_is_shown_beside_its_field(ada: Editor) -> None:
    """What check says of what was typed stands beside its field, with what was typed, and nothing is saved."""
    before = tree(ada.folder)
    for do in ("ask", "save"):
        status, page = ada.change(do, "edit", "grants", "3", until=("2031-01-01",), lookback__number=("two",))
        assert status == 422
        assert re.search(
            r'<p class="problem error" id="f-until-0">.*2031-01-01 lies after the end of the profile', page
        )
        assert re.search(
            r'<input [^>]*name="until"[^>]*value="2031-01-01"[^>]*aria-describedby="[^"]*f-until-0"[^>]*aria-invalid="true"',
            page,
        )
        assert 'name="lookback.number" id="f-lookback-number" value="two"' in page
        assert re.search(r'<a href="#f-lookback">', page)
    assert tree(ada.folder) == before


def test_a_file_that_was_wrong_before_is_mended_step_by_step(tmp_path: Path) -> None:
    """A hand-written file with several mistakes opens, shows them, and each can be mended by itself."""
    folder = consumer(tmp_path)
    edit(folder / "profile.yml", "lookback: P12M", "lookback: a year")
    edit(folder / "profile.yml", "signals: [media.consumption]", "signals: [media.consumtion]")
    with editor(folder) as running:
        page = running.browser.get()
        assert "is not a duration" in page
        assert "did you mean `media.consumption`?" in page
        assert 'class="error"' in page
        status, page = running.change("ask", "edit", "grants", "0", lookback=("P1Y",))
        assert status == 200
        assert "+     lookback: P1Y" in unescape(page)
        assert running.change("save", "edit", "grants", "0", lookback=("P1Y",))[0] == 303
        assert running.change("save", "edit", "grants", "8", signals=("media.consumption",))[0] == 303
        assert 'class="error"' not in running.browser.get()
    done = sayso("check", folder, "--at", WHEN, "--format", "json")
    assert done.returncode == 0, done.stdout


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is no YAML is shown with its lines, and the form comes back when it is mended by hand."""
    folder = consumer(tmp_path)
    text = (folder / "profile.yml").read_text()
    (folder / "profile.yml").write_text(text.replace("  country: IE", "  country: [IE"))
    with editor(folder) as running:
        page = running.browser.get()
        assert "The file cannot be read" in page
        assert "country: [IE" in page
        (folder / "profile.yml").write_text(text)
        assert "What you permit" in running.browser.get()


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    """A file that says nothing yet, but for a comment, is filled part by part; the comment stays."""
    folder = consumer(tmp_path, signed=False)
    (folder / "profile.yml").write_text("# mine\n")
    with editor(folder) as running:
        for section, typed in (
            ("me", {"url": "https://ada.example/", "name": "Ada", "languages": "en", "country": ""}),
            ("valid", {"kind": "for", "for.number": "6", "for.unit": "M", "until": ""}),
        ):
            hidden = running.browser.form(running.browser.get(f"edit?section={section}"))
            assert running.browser.post("change", {**hidden, **typed, "do": "save"})[0] == 303
    text = (folder / "profile.yml").read_text()
    assert text.startswith("# mine\nsayso: 1\n")
    assert sayso("check", folder, "--at", WHEN).returncode == 0


def test_what_somebody_else_changed_meanwhile_is_never_overwritten(ada: Editor) -> None:
    """When the file changed after the form was loaded nothing is written; what was typed is kept, on top of what is there now."""
    fields = {
        **ada.browser.form(ada.browser.get("edit?section=grants&entry=0")),
        **ada.values("grants", "0", in_return=("a boot",)),
    }
    edit(ada.file, "Boots and rain wear, please, and nothing about golf.", "Only boots.")
    meanwhile = ada.file.read_bytes()
    status, page = ada.browser.post("change", {**fields, "do": "save"})
    assert status == 409
    assert ada.file.read_bytes() == meanwhile
    assert not (ada.folder / "profile.yml.bak").exists()
    assert "The file was changed meanwhile" in page
    assert "Your remark is now “Only boots.”" in page
    assert re.search(r"<textarea name=\"in_return\"[^>]*>\na boot</textarea>", page)
    assert re.search(r"<textarea name=\"note\"[^>]*>\nOnly boots\.</textarea>", page)
    again = {**ada.browser.form(page), **ada.values("grants", "0", in_return=("a boot",)), "do": "save"}
    assert ada.browser.post("change", again)[0] == 303
    assert ada.file.read_bytes() == meanwhile.replace(b"in_return: 10 % member discount", b"in_return: a boot")
    assert (ada.folder / "profile.yml.bak").read_bytes() == meanwhile


def test_what_is_taken_back_meanwhile_is_not_taken_back_twice(ada: Editor) -> None:
    """A second window that takes back a grant by its place does not take another one that moved there."""
    first = {**ada.browser.form(ada.browser.get()), "step": "remove", "section": "grants", "entry": "1", "do": "save"}
    assert ada.browser.post("change", first)[0] == 303
    after = ada.file.read_bytes()
    assert b"northpeak-sizes" not in after
    assert ada.browser.post("change", first)[0] in (404, 409)
    assert ada.file.read_bytes() == after


def test_undo_and_undo_again(ada: Editor) -> None:
    """The last change is undone from what was kept, after showing what that changes, and undone again."""
    before = ada.file.read_bytes()
    assert ada.change("save", "remove", "grants", "0")[0] == 303
    after = ada.file.read_bytes()
    status, page = ada.change("ask", "undo", "")
    assert status == 200
    assert "Permits more" in page
    assert ada.change("save", "undo", "")[0] == 303
    assert ada.file.read_bytes() == before
    assert ada.change("save", "undo", "")[0] == 303
    assert ada.file.read_bytes() == after


def test_a_company_that_is_still_named_is_not_removed(ada: Editor) -> None:
    """What would leave a mistake behind is not saved, and the page says where, with a way there."""
    before = tree(ada.folder)
    status, page = ada.change("save", "remove", "companies", "northpeak.example")
    assert status == 422
    assert "neither a company nor a group of this profile" in page
    assert "edit?section=groups&amp;entry=outdoor" in page
    assert tree(ada.folder) == before


def test_a_company_is_given_another_address(ada: Editor) -> None:
    """A company whose domain was mistyped gets another one wherever it is named, in its lines alone; one that is taken is refused."""
    before = ada.file.read_text("utf-8")
    status, page = ada.change("save", "edit", "companies", "northpeak.example", key=("trailhead.example",))
    assert status == 422
    assert re.search(r'id="f-key-0">.*`trailhead.example` is there already', page)
    assert ada.file.read_text("utf-8") == before
    assert ada.change("save", "edit", "companies", "northpeak.example", key=("summit.example",))[0] == 303
    assert ada.file.read_text("utf-8") == before.replace("northpeak.example", "summit.example")
    assert ada.change("save", "edit", "groups", "reading", key=("books",))[0] == 303
    assert "    to: books\n" in ada.file.read_text("utf-8")
    assert sayso("check", ada.folder, "--at", WHEN).returncode == 0


def test_everything_can_be_added(ada: Editor) -> None:
    """Each kind of entry is added from an empty form, with an id made for it where it needs one, and check has nothing to say."""
    added: dict[str, dict[str, Any]] = {
        "companies": {"key": "lighthouse.example", "name": "Lighthouse", "stage": "know", "note": ""},
        "groups": {"key": "lights", "members": ["lighthouse.example", "lumen-lab.example"]},
        "grants": {
            "to": ["lights"],
            "signals": ["wishlist"],
            "purposes": ["offers"],
            "channels": ["email"],
            "note": "Lamps.",
        },
        "refusals": {"to": ["everyone"], "purposes": ["pricing"]},
        "channels": {"key": "post", "rule": "limits", "max.count": "2", "max.unit": "Y"},
        "wants": {"what": "A lamp for the stairs", "open_to": ["lights"], "channels": ["email"]},
        "interests": {"topic": "lamps", "level": "like"},
    }
    for section, typed in added.items():
        empty = form_of(section).values(ABSENT)
        hidden = ada.browser.form(ada.browser.get(f"add?section={section}"))
        status, page = ada.browser.post("change", {**hidden, **empty, **typed, "do": "save"})
        assert status == 303, re.findall(r"<li class=\"error.*", page)
    data = load(ada.file.read_bytes()).data
    assert data["companies"]["lighthouse.example"] == {"name": "Lighthouse", "stage": "know"}
    assert data["grants"][-1]["id"] == "lights-offers"
    assert [*data["refusals"][-1].items()] == [
        ("id", "no-everyone-pricing"),
        ("to", ["everyone"]),
        ("purposes", ["pricing"]),
    ]
    assert data["channels"]["post"] == {"max": "2/P1Y"}
    assert data["wants"][-1]["id"] == "a-lamp-for"
    assert b"# Everybody I deal with." in ada.file.read_bytes()
    assert sayso("check", ada.folder, "--at", WHEN).returncode == 0


def test_what_is_typed_is_only_text(ada: Editor) -> None:
    """Markup, templates and YAML in a text are shown as they were typed, in the form, the summary and the preview, and saved so."""
    typed = "</textarea><script>alert(1)</script> {{ 7*7 }} {% x %} \": # - & * ! | > 'é"
    status, page = ada.change("ask", "edit", "grants", "0", note=(typed,))
    assert status == 200
    digest = re.findall(r'src="[^"]*page/(\w+)/"', page)[0]
    for shown in (page, ada.browser.get(f"page/{digest}/companies/northpeak.example/")):
        assert "<script>alert" not in shown
        assert typed[:40] in unescape(shown)
    assert ada.change("save", "edit", "grants", "0", note=(typed,))[0] == 303
    assert load(ada.file.read_bytes()).data["grants"][0]["note"] == typed


def test_everything_is_taken_back_and_given_again(ada: Editor) -> None:
    """One button withdraws all, with one line more in the file, and one brings it back."""
    before = ada.file.read_bytes()
    status, page = ada.change("ask", "withdraw", "")
    assert status == 200
    assert "You withdraw everything: no company may do anything from now on" in page
    assert ada.change("save", "withdraw", "")[0] == 303
    assert b"\nstatus: withdrawn\n" in ada.file.read_bytes()
    assert "Everything is withdrawn" in ada.browser.get()
    assert ada.change("save", "return", "")[0] == 303
    assert ada.file.read_bytes() == before


def test_the_page_cannot_sign_without_a_terminal(ada: Editor) -> None:
    """Where nobody can be asked, the page says what would be signed and names the command, and nothing is signed."""
    before = tree(ada.folder / "signed")
    edit(ada.file, "lookback: P12M", "lookback: P6M")
    page = ada.browser.get("sign")
    assert "may now use data of the last 6 months" in page
    assert f"sayso sign {ada.folder}" in page
    assert ada.browser.post("sign", ada.browser.form(ada.browser.get()))[0] == 303
    assert tree(ada.folder / "signed") == before
    assert "PRIVATE" not in page


class Terminal:
    """The form started at a real terminal: what is shown there, and somebody who types."""

    def __init__(self, folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_"))}
        environment |= {"HOME": str(folder.parent), "XDG_CONFIG_HOME": str(folder.parent / ".config"), "LC_ALL": "C"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sayso", "edit", str(folder), "--no-open", "--at", WHEN],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder.parent, env=environment, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""
        self.browser = Browser(self.until(r"http://\S+(?=\r)"))
        self.browser.enter()

    def until(self, pattern: str) -> str:
        """Wait until something is shown."""
        deadline = time.monotonic() + 30
        while not (found := re.search(pattern, self.shown)):
            assert time.monotonic() < deadline, self.shown
            if select.select([self._ours], [], [], 0.2)[0]:
                self.shown += os.read(self._ours, 65536).decode()
        return found[0]

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{text}\n".encode())

    def page(self, unlike: str) -> str:
        """Look at the page for signing until it says something else."""
        deadline = time.monotonic() + 30
        while unlike in (page := self.browser.get("sign")):
            assert time.monotonic() < deadline, page
            time.sleep(0.1)
        return page

    def end(self) -> int:
        """Press Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        os.close(self._ours)
        return code


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    folder = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.txt", "--at", WHEN, home=tmp_path).returncode == 0
    running = Terminal(folder)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait(20)


def test_signing_is_asked_in_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    """The page makes the terminal show the changes, ask, and ask for the passphrase; then it says what was signed."""
    page = terminal.browser.get("sign")
    assert "Your key is never seen by this page" in page
    assert "You refuse Adtech (adtech.example): everything" in page
    terminal.type("y")  # what was typed before anybody asked is no answer
    assert terminal.browser.post("sign", terminal.browser.form(page))[0] == 303
    terminal.until(r"Sign this\? \[y/N\]")
    assert "The terminal is asking you now" in terminal.browser.get("sign")
    assert not (tmp_path / "ada" / "signed" / "profile.jwt").exists()
    terminal.type("y")
    terminal.until("passphrase for")
    terminal.type(PASSPHRASE)
    page = terminal.page(unlike="The terminal is asking you now")
    assert "Signed: version <bdi>1</bdi>" in page
    assert "Nothing is different from what is signed." in page
    terminal.until("signed version 1 of https://ada.example/")
    assert (tmp_path / "ada" / "signed" / "profile.jwt").exists()
    assert "Signed: version" not in terminal.browser.get("sign"), "it is told once"
    assert terminal.end() == 0


def test_a_no_in_the_terminal_is_told(terminal: Terminal, tmp_path: Path) -> None:
    """Who says no in the terminal has signed nothing, the page says so, and the form is still there."""
    assert terminal.browser.post("sign", terminal.browser.form(terminal.browser.get()))[0] == 303
    terminal.until(r"Sign this\? \[y/N\]")
    terminal.type("n")
    assert "It was not signed:" in terminal.page(unlike="The terminal is asking you now")
    assert not (tmp_path / "ada" / "signed" / "profile.jwt").exists()
    assert "What you permit" in terminal.browser.get()
    assert terminal.end() == 0


def test_without_a_profile(tmp_path: Path) -> None:
    """A folder without a profile is refused with the command that makes one, before anything is served."""
    done = sayso("edit", tmp_path, "--no-open", home=tmp_path)
    assert done.returncode == 3
    assert "file-not-found" in done.stderr
    assert "hint: make one: sayso init" in done.stderr


def test_a_port_that_is_taken(ada: Editor) -> None:
    """A port at which somebody listens is refused with one clear line."""
    done = sayso("edit", ada.folder, "--no-open", "--port", str(ada.browser.port), home=ada.folder.parent)
    assert done.returncode == 1
    assert "port-taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_opened_again_is_replaced_in_the_terminal(ada: Editor) -> None:
    """Who opens the printed address once more is told to look at the terminal, which shows a new one; any other token moves nothing."""
    path = ada.browser.address.partition(ada.browser.host)[2]
    for token in ("x" * 43, ""):
        assert ada.browser.ask("GET", f"/?token={token}", {"Host": ada.browser.host})[::2] == (403, "")
    for _ in range(3):
        status, _, page = ada.browser.ask("GET", path, {"Host": ada.browser.host})
        assert status == 403
        assert "This address was opened before" in page
        assert ada.browser.root not in page
    _, fresh = re.findall(r"http://\S+", ada.said.read_text())
    again = Browser(fresh)
    again.enter()
    assert "Ada" in again.get()
    assert "Ada" in ada.browser.get(), "who was in stays in"


def test_a_copy_that_is_a_link_is_not_followed(ada: Editor, tmp_path: Path) -> None:
    """A folder of somebody else's may hold a link where the version before is kept: no other file is written over, nor shown."""
    other, before = tmp_path / "other.txt", ada.file.read_bytes()
    other.write_text("precious")
    (ada.folder / "profile.yml.bak").symlink_to(other)
    assert "Undo" not in ada.browser.get()
    status, page = ada.change("save", "remove", "grants", "0")
    assert status == 422
    assert "This could not be saved" in page
    assert other.read_text() == "precious"
    assert ada.file.read_bytes() == before


def test_those_who_never_end_hinder_nobody(ada: Editor) -> None:
    """Hundreds that begin a request and never end it leave the form as quick as it was, and are hung up on."""
    crowd = [socket.create_connection(("127.0.0.1", ada.browser.port), timeout=20) for _ in range(300)]
    try:
        for line in crowd:
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert "Ada" in ada.browser.get()
        threads = re.findall(r"Threads:\s*(\d+)", Path(f"/proc/{ada.process.pid}/status").read_text())
        assert int(threads[0]) < 100
        assert crowd[0].recv(100) == b""
    finally:
        for line in crowd:
            line.close()


def test_another_language_keeps_the_place(ada: Editor) -> None:
    """Who chooses another language stays on the page of the form; what else a browser may say of its page leads to the overview."""
    browser = ada.browser
    for page, place in (
        (f"http://{browser.host}{browser.root}edit?section=me", f"{browser.root}edit?section=me"),
        (f"http://{browser.host}{browser.root}change", browser.root),
        (f"http://evil.example{browser.root}edit?section=me", browser.root),
        (f"http://{browser.host}//evil.example/edit", browser.root),
        ("", browser.root),
    ):
        headers = {"Host": browser.host, "Cookie": browser.cookie, "Referer": page}
        status, told, _ = browser.ask("GET", f"{browser.root}language?to=de", headers)
        assert (status, told["Location"]) == (303, place), page


def test_a_file_that_breaks_meanwhile_loses_nothing_typed(ada: Editor) -> None:
    """When the file cannot be read at the moment of a change, the page keeps what was typed, and sends it once the file is mended."""
    fields = {
        **ada.browser.form(ada.browser.get("edit?section=grants&entry=0")),
        **ada.values("grants", "0", in_return=("a <b>boot</b>",)),
    }
    text = ada.file.read_text("utf-8")
    ada.file.write_text(text.replace("country: IE", "country: [IE"), "utf-8")
    status, page = ada.browser.post("change", {**fields, "do": "ask"})
    assert status == 409
    assert "The file cannot be read" in page
    ada.file.write_text(text, "utf-8")
    kept = [
        (unescape(n), unescape(v)) for n, v in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    ]
    again = {name: [value for other, value in kept if other == name] for name, _ in kept}
    status, page = ada.browser.post("change", {**again, "do": "ask"})
    assert status == 200
    assert "a &lt;b&gt;boot&lt;/b&gt;" in page
    assert ada.browser.post("change", {**again, "do": "save"})[0] == 303
    assert load(ada.file.read_bytes()).data["grants"][0]["in_return"] == "a <b>boot</b>"


def test_who_has_no_company_yet_is_led_to_add_one(tmp_path: Path) -> None:
    """Where a form has companies to choose from and there are none, it links to the form that adds one."""
    with editor(consumer(tmp_path, "nothing")) as running:
        for section in ("grants", "wants", "groups"):
            assert f'href="{running.browser.root}add?section=companies"' in running.browser.get(
                f"add?section={section}"
            )
    with editor(consumer(tmp_path)) as running:
        assert "add?section=companies" not in running.browser.get("add?section=grants")


@pytest.mark.parametrize(
    ("what", "section", "typed", "field"),
    [
        ("add", "companies", {"key": ""}, "Web address of the company"),
        ("add", "groups", {"key": "", "members": "adtech.example"}, "Name of the group"),
        ("edit", "valid", {"kind": "until", "until": ""}, "Last day"),
        ("edit", "valid", {"kind": "for", "for__number": ""}, "For how long"),
    ],
)
def test_what_is_left_empty_is_said_plainly(
    served: Editor, what: str, section: str, typed: dict[str, Any], field: str
) -> None:
    """A field that must not be empty is named by its label, and no word of YAML is needed to understand it."""
    empty = form_of(section).values(ABSENT) if what == "add" else {}
    status, page = served.change("ask", what, section, **{**empty, **typed})
    assert status == 422
    told = re.findall(r'<li class="error">(.*)</li>', page)
    assert [unescape(re.sub("<[^>]*>", "", text)).strip() for text in told] == [
        f"{field} · Mistake: Something is needed here."
    ]


def test_ctrl_c(ada: Editor) -> None:
    """Ctrl-C ends it at once, says what to do next, and leaves nothing behind."""
    before = tree(ada.folder)
    ada.process.send_signal(signal.SIGINT)
    assert ada.process.wait(20) == 0
    assert "stopped; next: sign what you saved" in ada.said.read_text()
    assert "Traceback" not in ada.said.read_text()
    assert tree(ada.folder) == before
