"""What ``sayso publish`` was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, whatever the target."""

    folder: Path
    history: bool
    cname: bool
    unlisted: bool
    force: bool
    dry_run: bool
    wait: int | None
    verify: bool
    yes: bool
    no_input: bool
    via: str | None
    at: int
    form: str
