"""A plain question to a store, answered at once: nothing is loaded but what answers it.

Whatever else a command line holds, and whatever goes wrong in it, is left to the command ``ask`` itself.
"""

from __future__ import annotations

import os
import time

from sayso.errors import DiskError

_MEMBERS = ("company", "signal", "purpose", "channel", "category", "granularity", "age", "sharing")
_OPTIONS = {f"--{name}" for name in (*_MEMBERS, "store", "at", "format")}


def ask(arguments: list[str]) -> int | None:
    """Answer ``ask BASE_URL --store FILE …``, and give the exit code; None, and nothing done, for any other command line."""
    read = _read(arguments)
    if read is None:
        return None
    base, options = read
    try:
        from sayso.cli.asking import decision_data, decision_lines, request_of, warn_of_unknown_words
        from sayso.cli.writing import complain_error, envelope, write, write_file
        from sayso.instants import parse_rfc3339
        from sayso.profile.model import GRANULARITIES
        from sayso.reader.reader import Reader

        members = {name: options.get(f"--{name}") for name in _MEMBERS}
        age, level, form = members.pop("age"), members.pop("granularity"), options.get("--format", "text")
        if (
            not base.startswith("https://")
            or os.path.exists(base)  # noqa: PTH110 - `pathlib` takes longer to load than the question
            or (age is not None and not (age.isascii() and age.isdigit()))
            or (level is not None and level not in GRANULARITIES)
            or form not in ("text", "json")
        ):
            return None
        at = parse_rfc3339(options["--at"]) if "--at" in options else int(time.time())
        request = request_of(**members, age=None if age is None else int(age), granularity=level)
    except ValueError:
        return None
    try:
        with Reader(options["--store"]) as reader:
            decision = reader.ask(base, request, at)
    except Exception:  # whatever is wrong, the command itself finds it again, and tells it
        return None
    try:
        warn_of_unknown_words(request)
        data = decision_data(decision)
        if form == "json":
            write_file(envelope("ask", data, None))
        else:
            for line in decision_lines(decision, data, request):
                write(line)
    except DiskError as error:
        complain_error(error)
        return error.exit_code
    return 0 if decision else 1


def _read(arguments: list[str]) -> tuple[str, dict[str, str]] | None:
    """Read a base URL and options with their values, each once; None where there is anything else."""
    options: dict[str, str] = {}
    targets = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            targets.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in _OPTIONS or name in options:
            return None
        options[name] = value if equals else next(words, "-")
        if options[name].startswith("-"):
            return None
    needed = {"--store", "--company", "--signal", "--purpose"} <= options.keys()
    return (targets[0], options) if needed and len(targets) == 1 else None
