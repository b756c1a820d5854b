"""The record of what was signed on this computer, beside the private keys (see ``publish.ledger``)."""

from __future__ import annotations

import platformdirs

from sayso.publish.ledger import Ledger


def ledger() -> Ledger:
    """Give the record, in the user's configuration folder."""
    return Ledger(platformdirs.user_config_path("sayso") / "ledger")
