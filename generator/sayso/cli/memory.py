"""A reader's store on this computer: where it is, and the option that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sayso.reader.store import Store


def store_option_of(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--store``, a file, with a help text of its own."""
    path = click.Path(path_type=Path, dir_okay=False)
    return click.option("--store", "store_file", type=path, help=text)


#: Adds ``--store``: the file that remembers what was seen.
store_option = store_option_of("The SQLite file that keeps what was seen; one in your own data folder if not given.")


def no_store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--no-store``: to remember nothing."""
    return click.option("--no-store", is_flag=True, help="Neither compare with what was seen before, nor remember.")(
        command
    )


def store_path(file: Path | None) -> Path:
    """Give the store: the one that was named, else the one in the user's data folder."""
    import platformdirs

    if file is not None:
        return file
    folder = platformdirs.user_data_path("sayso")
    own, before = folder / "store.sqlite", folder / "pins.sqlite"
    if before.exists() and not own.exists():  # what it was called when it kept pins alone
        before.rename(own)
    return own


@contextmanager
def memory(file: Path | None, *, none: bool) -> Iterator[Store | None]:
    """Open the store, or none."""
    if file is not None and none:
        raise click.UsageError("use either --store or --no-store")
    if none:
        yield None
        return
    from sayso.reader.store import Store

    with Store(store_path(file)) as store:
        yield store
