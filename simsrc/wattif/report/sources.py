"""Texts of a study that may hold addresses: which parts of them become links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and the address that it links to; "" if it is plain."""

    text: str
    address: str = ""


def split_links(text: str) -> list[Piece]:
    """Return a text in pieces: addresses of the web are links, everything else stays text.

    No other scheme is ever a link, so that a study cannot bring code into the page.
    """
    pieces: list[Piece] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_TRAILING)
        if not _is_web(address):
            continue
        pieces += [Piece(text[end : found.start()]), Piece(address, address)]
        end = found.start() + len(address)
    pieces.append(Piece(text[end:]))
    return [piece for piece in pieces if piece.text]


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://[": not an address at all
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
