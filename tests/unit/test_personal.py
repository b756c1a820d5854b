"""Personal data is found in the forms that people use, and ordinary notes are left alone."""

from __future__ import annotations

import pytest

from sayso.profile.personal import found_in

FOUND = {
    "email-in-text": ["ada@mail.example", "Write to ada.x+shop@mail.example.", "(ada@b\u00fccher.example)", "ADA@MAIL.EXAMPLE"],
    "phone-in-text": [
        "+353 20 912 4567", "00353 20 9124567", "0209124567", "020 912 4567", "(020) 9124567", "+49 (0)30 1234567", "06 12 34 56 78", "06.12.34.56.78",
        "06-12-34-56-78", "06/12/34/56/78", "+33-6-12-34-56-78", "089-12-34-567", "030/1234567", "(202) 555-0143", "202-555-0143", "202.555.0143",
        "Call 020 912 4567, evenings.",
    ],
    "card-in-text": [
        "4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1111", "4111 1111 1111 1111 12/28", "4111 1111 1111 1111 123", "3782 822463 10005",
        "378282246310005", "5555 5555 5555 4444", "30569309025904",
    ],
    "account-in-text": ["DE89 3704 0044 0532 0130 00", "de89370400440532013000", "IE29AIBK93115212345678", "IBAN GB29 NWBK 6016 1331 9268 19 please"],
    "street-in-text": [
        "12 Rose Street", "7b, Upper Green Road", "221 Baker Street.", "Lindenstra\u00dfe 7", "Bitte in die Lindenstrasse 7a liefern", "Hauptstr. 12",
        "Karl-Marx-Allee 5", "5, rue Victor Hugo", "12 Rue de la Paix", "3 bis avenue Foch",
    ],
}  # fmt: skip
FINE = [
    "10@2.50 EUR", "lunch@12.30", "python@3.11.7", "me @ the shop", "@handle",
    "From 01.12.2026 to 05/12/2026 at 20 %, 180 EUR", "2026-12-01/2027-03-31", "ISBN 0-306-40615-2", "ISBN-10: 0-306-40615-2", "ISBN-13 978-0-306-40615-7",
    "Sizes 06 08 10 12 14 16", "US sizes 0 2 4 6 8 10 12", "0 5 10 15 20 25 kg", "500 750 1000 pieces", "DMC 310 321 3371", "HP 304 305 3050",
    "grit 120-240-1000", "glasses +2.25 -0.50 170", "lat 0.1278 51.5074", "UPC 012345678905", "GTIN 04006381333931", "Price 1 000 000 - 2 000 000 EUR",
    "order 04711 5.10.2026 56789", "Order 112-3456789-1234567", "IMEI 356938035643809", "24/7", "007", "bus 46A", "41-42", "18:30-20:00", "1.500,00 EUR",
    "Order 4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "room 101", "WD40", "A4 80 g/m2", "3.5 x 12 cm", "100 % wool", "5000 pieces", "Windows 11",
    "5 books about Abbey Road", "2 pairs of Dr Martens", "5 bottles of St Emilion", "1 hard Drive", "1 used Road bike", "1 weekend Test Drive",
    "Campingplatz 3 N\u00e4chte", "Arbeitsplatz 2 Monitore", "Jakobsweg 2026", "Sesamstra\u00dfe 50 Jahre", "Seidenstra\u00dfe 2 Wochen", "1 chemin de table",
    "36 quai des Orf\u00e8vres", "2nd hand", "Boots, EU 41", "a table for 4, on 12/12 at 19.30",
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FOUND.items() for text in texts])
def test_found(code: str, text: str) -> None:
    """Each text has personal data of just this kind."""
    assert [found[0] for found in found_in(text)] == [code]


@pytest.mark.parametrize("text", FINE)
def test_fine(text: str) -> None:
    """An ordinary note has none."""
    assert [*found_in(text)] == []
