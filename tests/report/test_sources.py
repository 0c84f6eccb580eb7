"""Only addresses of the web become links."""

from __future__ import annotations

import pytest

from wattif.report.sources import Piece, split_links


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("see https://a.org/x, and http://b.org.", ["https://a.org/x", "http://b.org"]),
        ("(https://a.org/x?y=1&z=2#w)", ["https://a.org/x?y=1&z=2#w"]),
        ("HTTPS://A.org", ["HTTPS://A.org"]),
        ("arXiv:2412.08602", []),
        ("javascript:alert(1)", []),
        ("javascript://https://a.org", ["https://a.org"]),
        ("data:text/html,<b>", []),
        ("https://", []),
        ("http://[", []),
        ("https://bank.com@evil.org/", []),
        ("https://a.org/'onx", ["https://a.org/"]),
        ('https://a.org/"><b>', ["https://a.org/"]),
        ("", []),
    ],
)
def test_links_are_web_addresses_and_nothing_is_lost(text, addresses):
    pieces = split_links(text)
    assert [piece.address for piece in pieces if piece.address] == addresses
    assert all(piece.text == piece.address for piece in pieces if piece.address)
    assert "".join(piece.text for piece in pieces) == text


def test_a_text_without_addresses_is_one_piece():
    assert split_links("a data sheet") == [Piece("a data sheet")]
