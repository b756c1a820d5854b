"""Check a mailing list against people's own profiles before sending: ``check_before_send.py list.csv store.sqlite > may.csv``.

The list has the columns ``email`` and ``profile``, a person's base URL; `sayso fetch --from … --store …` filled the store.
Who is not in the store, said no, or was not fetched for a week is left out, and the reason is told. The limits in each row
(what about, how often, at which hours not, until when the data may be kept) are for whoever sends: they are part of the yes.
"""

import csv
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec

from sayso import Reader, Request

QUESTION = Request("northpeak.example", "purchase.history", "offers.personalised", channel="email")


def main(mailing_list: str, store: str, now: int) -> None:
    """Write those who may be sent to, with the limits to honour, and count the others by reason."""
    reasons: Counter[str] = Counter()
    rows = list(csv.DictReader(Path(mailing_list).read_text("utf-8-sig").splitlines()))
    out = csv.writer(sys.stdout)
    out.writerow(["email", "limits", "ask_again_by"])
    with Reader(store) as reader:
        answers = reader.ask_many([(row["profile"], QUESTION) for row in rows], now, evidence=True)
        for row, answer in zip(rows, answers, strict=True):
            reasons["not in the store" if answer is None else answer.reasons[0]] += 1
            if answer:
                out.writerow([row["email"], msgspec.json.encode(answer.limits).decode(), answer.recheck_after])
    print(*(f"{number} {reason}" for reason, number in reasons.most_common()), sep=", ", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if sys.argv[3:] else int(time.time()))
