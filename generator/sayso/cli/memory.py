"""A reader's memory on this computer: where it is, and the option that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sayso.reader.store import SqlitePins


def pins_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--pins``: the file that remembers what was seen."""
    option = click.option(
        "--pins",
        "pins_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The SQLite file that remembers what was seen; one in your own data folder if not given.",
    )
    return option(command)


def no_pins_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--no-pins``: to remember nothing."""
    return click.option("--no-pins", is_flag=True, help="Neither compare with what was seen before, nor remember.")(
        command
    )


def pins_path(file: Path | None) -> Path:
    """Give the file that remembers: the one that was named, else the one in the user's data folder."""
    import platformdirs

    return file or platformdirs.user_data_path("sayso") / "pins.sqlite"


@contextmanager
def memory(file: Path | None, *, none: bool) -> Iterator[SqlitePins | None]:
    """Open the memory, or none."""
    if file is not None and none:
        raise click.UsageError("use either --pins or --no-pins")
    if none:
        yield None
        return
    from sayso.reader.store import SqlitePins

    with SqlitePins(pins_path(file)) as pins:
        yield pins
