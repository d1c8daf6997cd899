"""Dates, spans of time and exact numbers of the standard library as plain structure."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from autograder.sealed.protocol.interfaces import Decodes, Encodes
from autograder.sealed.protocol.pandas_tables import NotPlain
from autograder.sealed.protocol.wire import Garbled

_MOST_DIGITS = 1_000
"""Of a decimal number, its exponent written out: arithmetic takes as long as that."""


def _write_date(encoder: Encodes, value: datetime.date) -> list:
    return ["date", value.year, value.month, value.day]


def _write_span(encoder: Encodes, value: datetime.timedelta) -> list:
    return ["span", value.days, value.seconds, value.microseconds]


def _write_time(encoder: Encodes, value: datetime.datetime | datetime.time) -> list:
    if value.tzinfo is not None:
        raise NotPlain("a time of a time zone")
    return [type(value).__name__, value.isoformat(), value.fold]


def _write_decimal(encoder: Encodes, value: Decimal) -> list:
    if not _is_short(value):
        raise NotPlain("a decimal number of many digits")
    return ["Decimal", str(value)]


def _is_short(value: Decimal) -> bool:
    _, digits, exponent = value.as_tuple()
    return isinstance(exponent, str) or len(digits) + abs(exponent) <= _MOST_DIGITS


def _write_fraction(encoder: Encodes, value: Fraction) -> list:
    return ["Fraction", encoder.items([value.numerator, value.denominator])]


def _read_decimal(decoder: Decodes, text: str) -> Decimal:
    if len(text) > 2 * _MOST_DIGITS or not _is_short(value := Decimal(text)):
        raise Garbled("a decimal number of too many digits")
    return value


WRITERS: dict[type, Callable] = {
    datetime.date: _write_date,
    datetime.datetime: _write_time,
    datetime.time: _write_time,
    datetime.timedelta: _write_span,
    Decimal: _write_decimal,
    Fraction: _write_fraction,
}
READERS: dict[str, Callable] = {
    "date": lambda decoder, *parts: datetime.date(*parts),
    "span": lambda decoder, *parts: datetime.timedelta(*parts),
    "datetime": lambda decoder, text, fold: datetime.datetime.fromisoformat(
        text
    ).replace(fold=fold),
    "time": lambda decoder, text, fold: datetime.time.fromisoformat(text).replace(
        fold=fold
    ),
    "Decimal": _read_decimal,
    "Fraction": lambda decoder, parts: Fraction(*decoder.items(parts)),
}
