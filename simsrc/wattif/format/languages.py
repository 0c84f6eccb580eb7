"""How languages write numbers: marks, words for multiples, units in the singular and plural.

Spanish follows the *Ortografía* of 2010: a comma for decimals, a thin space between groups of three
from five digits on, a currency's sign after its number; thousands of millions are "mil M". To teach
another language, add its ``Manner`` to ``MANNERS``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "es"]

_UNCHANGED = "ppm ppb permille rad bar psi mol min ohm sec siemens hertz lux"  # in the plural


@dataclass(frozen=True)
class Manner:
    """How one language writes numbers.

    ``decimal`` mark; mark between ``thousands``, from ``grouped_from`` digits on; the word ``to``
    between two ends; what comes between a multiple and the things counted (``of``: "M de horas");
    ``per``; whether a currency's sign comes first; the words for multiples of ``counts`` and
    ``money`` by power of ten; ``parts`` (of a million); ``units``: singular and plural.
    """

    decimal: str
    thousands: str
    grouped_from: int
    to: str
    of: str
    per: str
    sign_first: bool
    counts: Mapping[int, str]
    money: Mapping[int, str]
    parts: Mapping[int, tuple[int, str]]
    units: Mapping[str, tuple[str, str]]

    def number(self, text: str) -> str:
        """Return "12,345.6" as this language writes it."""
        whole, point, decimals = text.partition(".")
        if len(whole.replace(",", "")) < self.grouped_from:
            whole = whole.replace(",", "")
        mark = self.decimal if point else ""
        return f"{whole.replace(',', self.thousands)}{mark}{decimals}"

    def singular(self, words: str) -> str:
        """Return the units in a text, "GPU·hour" or "/query", in this language."""
        return re.sub(r"[A-Za-z]+", lambda found: self._unit(found[0], 0), words)

    def plural(self, words: str) -> str:
        """Return a counted unit in the plural: hours, queries, GPUs; symbols (h, dB) stay."""
        last = re.split(r"[ ·]", words)[-1]
        if last in self.units:
            return self.singular(words.removesuffix(last)) + self.units[last][1]
        return _plural(words)

    def _unit(self, word: str, form: int) -> str:
        return self.units[word][form] if word in self.units else word


def _plural(words: str) -> str:
    if not re.search(r"([a-z]{3,}|[A-Z]PU)$", words) or words.endswith("s"):
        return words
    if re.split(r"[ ·]", words)[-1] in _UNCHANGED.split():
        return words
    return re.sub(r"(?<=[^aeiou])y$", "ie", words) + "s"


_ENGLISH = Manner(
    decimal=".",
    thousands=",",
    grouped_from=4,
    to=" to ",
    of="",
    per="per",
    sign_first=True,
    counts={0: "", 6: " M", 9: " bn", 12: " tn"},
    money={0: "", 3: " k", 6: " M", 9: " bn", 12: " tn"},
    parts={-12: (-12, "trillion"), -9: (-9, "billion"), -7: (-6, "million")},
    units={},
)

_SPANISH_UNITS = {
    "second": ("segundo", "segundos"),
    "minute": ("minuto", "minutos"),
    "hour": ("hora", "horas"),
    "day": ("día", "días"),
    "week": ("semana", "semanas"),
    "month": ("mes", "meses"),
    "year": ("año", "años"),
    "query": ("consulta", "consultas"),
    "request": ("petición", "peticiones"),
    "visit": ("visita", "visitas"),
    "draw": ("muestra", "muestras"),
    "image": ("imagen", "imágenes"),
    "param": ("parámetro", "parámetros"),
    "parameter": ("parámetro", "parámetros"),
    "person": ("persona", "personas"),
    "user": ("usuario", "usuarios"),
    "household": ("hogar", "hogares"),
    "car": ("coche", "coches"),
    "flight": ("vuelo", "vuelos"),
    "GPU": ("GPU", "GPU"),
    "CPU": ("CPU", "CPU"),
    "TPU": ("TPU", "TPU"),
}

_SPANISH = Manner(
    decimal=",",
    thousands="\N{NARROW NO-BREAK SPACE}",
    grouped_from=5,
    to=" a ",
    of=" de",
    per="por",
    sign_first=False,
    counts={0: "", 6: " M", 9: " mil M", 12: " bill."},
    money={0: "", 3: " k", 6: " M", 9: " mil M", 12: " bill."},
    parts={-12: (-12, "billón"), -9: (-9, "mil millones"), -7: (-6, "millón")},
    units=_SPANISH_UNITS,
)

MANNERS: dict[Language, Manner] = {"en": _ENGLISH, "es": _SPANISH}
