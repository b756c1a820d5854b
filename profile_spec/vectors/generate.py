"""Write the vectors: ``python profile_spec/vectors/generate.py`` (``--check`` only compares).

What goes in and what must come out is in ``tables/``, written by hand; this adds nothing but files. It needs Python and
``cryptography``, and none of sayso's code: the vectors say what an implementation must do, not what this one does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from tables import (  # noqa: E402 - the folder is on the path only now
    canonical,
    check,
    compile,  # noqa: A004
    decide,
    envelope,
    fetch,
    history,
    keylog,
    pin,
    source,
    verify,
    verify_more,
)

KINDS = {
    "source": [source],
    "check": [check],
    "compile": [compile],
    "canonical": [canonical],
    "fetch": [fetch],
    "envelope": [envelope],
    "keylog": [keylog],
    "verify": [verify, verify_more],
    "pin": [pin],
    "history": [history],
    "decide": [decide],
}


def files() -> Iterator[tuple[Path, str]]:
    """Give path and text of every vector."""
    for kind, parts in KINDS.items():
        for case in chain.from_iterable(part.cases() for part in parts):
            vector = {
                "id": f"{kind}-{case.name}",
                "kind": kind,
                "description": case.description,
                "spec": case.spec,
                "input": case.given,
                "expect": case.expect,
            }
            yield HERE / kind / f"{case.name}.json", json.dumps(vector, indent=2, ensure_ascii=True) + "\n"


def main() -> int:
    """Write what is new or changed and remove what is not made any more; with ``--check`` only tell."""
    made = list(files())
    wanted = dict(made)
    if len(wanted) < len(made):
        raise SystemExit("two cases of a kind have the same name")
    present = {path: path.read_text("utf-8") for kind in KINDS for path in (HERE / kind).glob("*.json")}
    stale = sorted({*wanted.items()} ^ {*present.items()})
    if "--check" in sys.argv:
        print(f"{len(wanted)} vectors: {'up to date' if not stale else 'run python profile_spec/vectors/generate.py'}")
        return 1 if stale else 0
    for path in present.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    print(f"{len(wanted)} vectors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
