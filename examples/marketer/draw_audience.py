"""Draw an audience: ``draw_audience.py store.sqlite > audience.svg``, how many may be reached on each channel, and why others may not."""

import sys
import time
from html import escape

from sayso import Reader, Request

COMPANY, SIGNAL, PURPOSE = "northpeak.example", "purchase.history", "offers.personalised"
CHANNELS = ("email", "sms", "push", "phone", "post")
WIDTH, ROW, LEFT = 640, 28, 190  # pixels


def bars(store: str, now: int) -> list[tuple[str, int, str]]:
    """Give each bar of the picture: its name, its number, and its colour."""
    with Reader(store) as reader, reader.still():
        reasons = dict(reader.audience(Request(COMPANY, SIGNAL, PURPOSE), now).reasons())
        reached = [
            (name, reader.audience(Request(COMPANY, SIGNAL, PURPOSE, channel=name), now).count(), "#2f6f4f")
            for name in CHANNELS
        ]
    allowed = reasons.pop("granted", 0)
    others = sorted(reasons.items(), key=lambda pair: -pair[1])
    return [("may be addressed", allowed, "#2f6f4f"), *reached, *((name, number, "#9a3412") for name, number in others)]


def draw(title: str, rows: list[tuple[str, int, str]]) -> str:
    """Draw horizontal bars with their numbers, as SVG; those of a colour are to one scale."""
    longest = {group: max(number for _, number, other in rows if other == group) or 1 for _, _, group in rows}
    height, text = ROW * len(rows) + 60, escape(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" role="img" font-family="sans-serif">',
        f'<title>{text}</title><rect width="100%" height="100%" fill="#fff"/><text x="16" y="30">{text}</text>',
    ]
    for place, (name, number, colour) in enumerate(rows):
        y, length = 48 + ROW * place, (WIDTH - LEFT - 80) * number / longest[colour]
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{ROW - 8}" fill="{colour}"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{y + 15}">{number:,}</text>'
        )
    return "".join(parts) + "</svg>"


if __name__ == "__main__":
    at = int(sys.argv[2]) if sys.argv[2:] else int(time.time())
    print(draw(f"{COMPANY} · {SIGNAL} · {PURPOSE}", bars(sys.argv[1], at)))
