"""Numbers as people read them: a unit that fits, no digit that is noise, in their language.

>>> format_value(4.1e4, "MWh")
'41 GWh'
>>> format_value(7.83e7, "USD", error=4e5)
'$78 M'
>>> format_interval(2.5e4, 7.5e4, "MWh")
'25 to 75 GWh'
>>> format_value(1.47e9, "USD", language="es")
'1,47 mil M$'
"""

from wattif.format.numbers import (
    NOT_A_NUMBER,
    format_axis,
    format_count,
    format_interval,
    format_percent,
    format_tick,
    format_ticks,
    format_value,
)
from wattif.format.scales import common_scales, common_unit

__all__ = [
    "NOT_A_NUMBER",
    "common_scales",
    "common_unit",
    "format_axis",
    "format_count",
    "format_interval",
    "format_percent",
    "format_tick",
    "format_ticks",
    "format_value",
]
