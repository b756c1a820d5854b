"""Texts that are more than text to some program between ``profile.yml`` and a reader's eye, and profiles full of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Every place of a profile where its author writes freely. In each text below ``¤`` stands for the name of the place.
FIELDS = ("name", "company", "companynote", "inreturn", "grantnote", "refusalnote", "what", "budget", "topic")

TEXTS: Mapping[str, str] = {
    "script": '<script>alert("¤")</script>',
    "image": "<img src=x onerror=alert(1)> ¤",
    "svg": '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">¤</a></svg>',
    "markdown-link": "[¤](javascript:alert(1)) ![¤](https://tracker.example/¤.png)",
    "reference-link": '[¤][1]\n\n[1]: javascript:alert(1) "title"',
    "autolink": "<https://tracker.example/¤> https://tracker.example/¤ javascript:alert(1)",
    "snippet": '--8<-- "mkdocs.yml" ¤',
    "snippet-block": '--8<--\nmkdocs.yml\n--8<--\n;--8<-- "¤"',
    "template-expression": "{{ 7*7 }} {{ config.site_dir }} ${7*7} #{7*7} ¤",
    "template-block": '{% include "main.html" %}{% raw %}¤{% endraw %}{# unseen #}',
    "attributes-after": '¤ {: onclick="alert(1)" .home #main }',
    "attributes-before": '{: onclick="alert(1)" }\n¤\n{: id=main }',
    "front-matter": "---\ntitle: ¤\ntemplate: none.html\n---\n# ¤",
    "fence": "```python\n¤\n```\n~~~",
    "table": "| ¤ | b |\n|---|---|\n| c | <b>d</b> |",
    "entities": "&lt;script&gt; &amp;amp; &#60;b&#62; &#x3c;i&#x3e; &quot; &nbsp; &copy ¤",
    "quotes": '" onfocus="alert(1)" autofocus x="¤\' onclick=\'alert(1)\' `onerror=alert(1)`',
    "comment": "<!-- ¤ --> --> <!--",
    "end-of-title": "</title></head><body onload=alert(1)>¤",
    "end-of-everything": "</bdi></li></p></section></main></body></html>¤</script></style></textarea>",
    "cdata": "]]> <![CDATA[ ¤ ]]> <?php echo 1 ?> <!DOCTYPE html>",
    "backslashes": "\\ \\n \\u003cscript\\u003e \\x3cb\\x3e \\* ¤ \\",
    "no-character": "%00 \\0 &#0; &#x0; \u2400 \ufffd ¤",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f44d\U0001f3fd e\u0301 ¤",
    "base": '<base href="https://tracker.example/">¤',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://tracker.example/">¤',
    "style": '<style>@import "//tracker.example/";*{display:none}</style><p style="width:expression(alert(1))">¤',
    "frame": "<iframe src=//tracker.example/></iframe><form action=//tracker.example/><input name=¤ autofocus>",
    "footnote": "¤[^1]\n\n[^1]: A note\n*[HTML]: an abbreviation",
    "admonition": '!!! danger "¤"\n    <b>inside</b>\n\n??? note',
    "markdown-in-html": '<div markdown="1">**¤**</div>',
    "emphasis": "# ¤ **bold** _slanted_ `code` ~~gone~~ ==marked== :smile: $x^2$\n- a\n1. b\n> c",
    "contents": "[TOC] [[¤]] [[_TOC_]] <!-- more --> {!mkdocs.yml!} {>>critic<<}",
    "spaces": "a \t b\n\n\n    c\u00a0d\u3000e ¤",
    "marks": "\u200e¤\u200f (a) \u061c\u05d0\u05d1 [b] \u0627\u0628",
    "unseen": "so\u00adft \u200bzero\u200bwidth\u2060 ¤",
    "one-word": "W" * 480 + "¤",
    "formula": '=HYPERLINK("https://tracker.example/";"¤") +1 -1 @x \'; DROP TABLE --',
}

#: What no profile may hold, since it would hide or turn round what a reader sees.
REFUSED = {
    "nul": "\0",
    "escape": "\x1b",
    "delete": "\x7f",
    "line-separator": "\u2028",
    "paragraph-separator": "\u2029",
    "left-to-right-override": "\u202d",
    "right-to-left-override": "\u202e",
    "embedding": "\u202b",
    "isolate": "\u2067",
    "byte-order-mark": "\ufeff",
    "noncharacter": "\uffff",
}


def filled(text: str) -> dict[str, str]:
    """Give a text for every field, with the field's name in it."""
    return {field: text.replace("¤", field) for field in FIELDS}


def harmless(number: int = 0) -> dict[str, str]:
    """Give words for every field that mean nothing to any program."""
    return {field: f"harmless {field} {number}" for field in FIELDS}


def profile_of(url: str, name: str, texts: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Give a source in which every field of ``texts`` has its place, each set of them around a company of its own."""
    every = [(f"{number:02}", f"shop{number:02}.example", item) for number, item in enumerate(texts)]
    return {
        "sayso": 1,
        "me": {"url": url, "name": name, "languages": ["en"]},
        "valid": {"for": "P6M"},
        "companies": {
            company: {"name": item["company"], "stage": "buy", "note": item["companynote"]}
            for _, company, item in every
        },
        "grants": [
            {
                "id": f"grant-{number}",
                "to": [company],
                "signals": ["purchase.history"],
                "purposes": ["offers.personalised"],
                "channels": ["email"],
                "in_return": item["inreturn"],
                "note": item["grantnote"],
            }
            for number, company, item in every
        ],
        "refusals": [
            {"id": f"refusal-{number}", "to": [company], "purposes": ["data.sale"], "note": item["refusalnote"]}
            for number, company, item in every
        ],
        "wants": [
            {"id": f"want-{number}", "what": item["what"], "budget": item["budget"], "open_to": [company]}
            for number, company, item in every
        ],
        "interests": [{"topic": item["topic"], "level": "like"} for _, _, item in every],
    }
