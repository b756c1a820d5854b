"""The command line: reads arguments, calls the rooms behind it, and says what came of it.

A plain question to a store is answered without loading what only the other commands need.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the exit code that README and ``--help`` promise."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["ask"]:
            _answer_at_once(arguments[1:])
        from sayso.cli.commands import run

        run(arguments)
    except KeyboardInterrupt:  # before the commands are loaded, or while they end
        print("sayso: error: interrupted", file=sys.stderr)  # noqa: T201 - what writes for the commands may not be loaded
        sys.exit(130)


def _answer_at_once(arguments: list[str]) -> None:
    """End the process with the answer to a plain question, if it is one; collecting and clearing up take a third of its time."""
    gc.disable()
    from sayso.cli.quick import ask

    code = ask(arguments)
    if code is not None:
        os._exit(code)  # all that was written is flushed
    gc.enable()
