"""pandas tables as plain structure: columns, their dtypes and their index.

pandas is never imported here for the sake of a check: a value can only be a table when
somebody else has imported pandas already. Decoding a table imports it.
"""

from __future__ import annotations

import datetime
import importlib
import re
import sys
import zoneinfo
from collections.abc import Callable
from types import ModuleType

import numpy as np

from autograder.sealed.protocol.hash_tables import ensure_few_labels
from autograder.sealed.protocol.interfaces import Decodes, Encodes
from autograder.sealed.protocol.wire import Garbled, Unsendable

_MASKED = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean")
_TIME_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_FROM_UTC = re.compile(r"UTC(?:([+-])(\d\d):(\d\d))?")


class NotPlain(Unsendable):
    """Data of a dtype that has no plain structure (periods, sparse, records, …)."""


def is_table(value: object) -> bool:
    """Whether a value is exactly a DataFrame or a Series."""
    pandas = sys.modules.get("pandas")
    return type(value) in (
        getattr(pandas, "DataFrame", None),
        getattr(pandas, "Series", None),
    )


def is_index(value: object) -> bool:
    """Whether a value is an index of pandas."""
    if str(type(value).__module__).partition(".")[0] != "pandas":
        return False
    kind = getattr(sys.modules.get("pandas"), "Index", None)
    return kind is not None and isinstance(value, kind)


def is_missing(value: object) -> bool:
    """Whether a value is pandas' `NA` or `NaT`."""
    pandas = sys.modules.get("pandas")
    return value is getattr(pandas, "NA", sys) or value is getattr(pandas, "NaT", sys)


def is_moment(value: object) -> bool:
    """Whether a value is exactly a Timestamp or a Timedelta."""
    pandas = sys.modules.get("pandas")
    return type(value) in (
        getattr(pandas, "Timestamp", None),
        getattr(pandas, "Timedelta", None),
    )


def is_unshared(value: object) -> bool:
    """Whether a value is of pandas, and does not change."""
    return is_index(value) or is_missing(value) or is_moment(value)


def replace(table: object, new: object) -> None:
    """Give a table the contents of another one; it stays the same object."""
    type(table).__init__(table, new)


def encode(encoder: Encodes, value: object) -> list:
    """Encode a DataFrame, Series, Index, Timestamp, Timedelta, `NA` or `NaT`.

    Raises
    ------
    NotPlain
        A column or an index is of a dtype that has no plain structure.
    """
    pandas = _pandas()
    if is_missing(value):
        return ["missing", "NA" if value is pandas.NA else "NaT"]
    if is_moment(value):
        zone = getattr(value, "tz", None)
        moment = encoder.encode(value.asm8)
        return ["moment", moment, None if zone is None else _name_of(zone)]
    if isinstance(value, pandas.Index):
        return ["index", *_index(encoder, value)]
    if type(value) is pandas.Series:
        name = encoder.encode(value.name)
        return ["series", name, encode(encoder, value.index), _column(encoder, value)]
    columns = [_column(encoder, value.iloc[:, at]) for at in range(value.shape[1])]
    axes = [encode(encoder, value.columns), encode(encoder, value.index)]
    return ["frame", *axes, columns]


def _index(encoder: Encodes, index: object) -> list:
    pandas = _pandas()
    names = encoder.items(index.names)
    if isinstance(index, pandas.MultiIndex):
        levels = [index.get_level_values(at) for at in range(index.nlevels)]
        return ["levels", names, [_column(encoder, level) for level in levels]]
    if isinstance(index, pandas.RangeIndex):
        return ["range", names, encoder.items((index.start, index.stop, index.step))]
    return ["values", names, _column(encoder, index)]


def _column(encoder: Encodes, column: object) -> list:
    """Encode the values of a Series or an Index."""
    pandas, dtype = _pandas(), column.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        codes = encoder.content(column.array.codes)
        return ["categories", codes, encode(encoder, dtype.categories), dtype.ordered]
    if isinstance(dtype, pandas.StringDtype):
        texts = [
            None if text is pandas.NA or text != text else str.__str__(text)
            for text in column
        ]
        return ["texts", dtype.na_value is pandas.NA, encoder.items(texts)]
    if isinstance(dtype, pandas.DatetimeTZDtype):
        moments = column.array.tz_convert(None).to_numpy()
        return ["moments", encoder.content(moments), _name_of(dtype.tz)]
    if _MASKED.fullmatch(str(dtype)):
        missing, kind = column.isna(), dtype.numpy_dtype
        values = column.array.to_numpy(dtype=kind, na_value=kind.type(0))
        mask = encoder.content(missing.__array__())
        return ["masked", encoder.content(values), mask]
    values = column.to_numpy()
    if values.dtype != dtype:
        raise NotPlain(f"a column of {dtype}")
    return ["values", encoder.content(values)]


def _read_index(decoder: Decodes, kind: object, names: object, data: object) -> object:
    pandas, names = _pandas(), decoder.items(names)
    if kind == "levels" and type(data) is list and len(data) == len(names):
        levels = [_read_column(decoder, level) for level in data]
        for level in levels:
            ensure_few_labels(np.asarray(level))
        return pandas.MultiIndex.from_arrays(levels, names=names)
    if kind == "range":
        numbers = decoder.decode(["range", data])
        start, stop, step = numbers.start, numbers.stop, numbers.step
        return pandas.RangeIndex(start, stop, step, name=names[0])
    if kind != "values":
        raise Garbled(f"there is no kind of index {kind!r:.40}")
    values = _read_column(decoder, data)
    return pandas.Index(values, dtype=values.dtype, name=names[0])


def _read_series(decoder: Decodes, name: object, index: object, data: object) -> object:
    index, values = _decode_index(decoder, index), _read_column(decoder, data)
    if len(values) != len(index):
        raise Garbled(f"{len(values)} values do not fit {len(index)} rows")
    name = decoder.decode(name)
    return _pandas().Series(values, index=index, dtype=values.dtype, name=name)


def _read_frame(
    decoder: Decodes, columns: object, index: object, data: object
) -> object:
    pandas, index = _pandas(), _decode_index(decoder, index)
    columns = _decode_index(decoder, columns)
    if type(data) is not list or len(data) != len(columns):
        raise Garbled("a table must have one name for each column")
    series = {
        at: pandas.Series(values := _read_column(decoder, column), dtype=values.dtype)
        for at, column in enumerate(data)
    }
    if any(len(column) != len(index) for column in series.values()):
        raise Garbled(f"a column of a table does not have {len(index)} rows")
    frame = pandas.DataFrame(series, index=pandas.RangeIndex(len(index)))
    frame.index, frame.columns = index, columns
    return frame


def _read_column(decoder: Decodes, node: object) -> object:
    """Return an array of NumPy or of pandas."""
    if type(node) is not list or not node or node[0] not in _COLUMNS:
        raise Garbled("the values of a table must begin with their kind")
    values = _COLUMNS[node[0]](decoder, *node[1:])
    if values.ndim != 1:
        raise Garbled(f"a column of a table has {values.ndim} dimensions")
    return values


def _decode_index(decoder: Decodes, node: object) -> object:
    index = decoder.decode(node)
    if not isinstance(index, _pandas().Index):
        raise Garbled(f"found a {type(index).__name__} in place of an index")
    return index


def _decode_array(decoder: Decodes, node: object) -> object:
    array = decoder.decode(node)
    if not type(array).__module__.startswith("numpy"):
        raise Garbled(f"found a {type(array).__name__} in place of an array")
    return array


def _categories(
    decoder: Decodes, codes: object, names: object, ordered: object
) -> object:
    names = _decode_index(decoder, names)
    ensure_few_labels(names.to_numpy())
    codes = _decode_array(decoder, codes)
    kind = _pandas().CategoricalDtype(names, ordered=bool(ordered))
    return _pandas().Categorical.from_codes(codes, dtype=kind)


def _texts(decoder: Decodes, has_na: object, nodes: object) -> object:
    pandas, texts = _pandas(), decoder.items(nodes)
    if any(type(text) not in (str, type(None)) for text in texts):
        raise Garbled("a column of text holds something else")
    kind = pandas.StringDtype(na_value=pandas.NA if has_na else float("nan"))
    return pandas.array(texts, dtype=kind)


def _moments(decoder: Decodes, node: object, zone: object) -> object:
    if type(zone) is not str:
        raise Garbled(f"found a {type(zone).__name__} in place of a time zone")
    moments = _pandas().DatetimeIndex(_decode_array(decoder, node))
    return moments.tz_localize("UTC").tz_convert(time_zone(zone)).array


def _name_of(zone: datetime.tzinfo) -> str:
    """Return the name that stands for a time zone; not all have one."""
    try:
        time_zone(str(zone))
    except (Garbled, ValueError, LookupError) as error:
        raise NotPlain(f"times of the zone {zone}") from error
    return str(zone)


def time_zone(name: str) -> datetime.tzinfo:
    """Return a time zone by its name; pandas would open any file that a name names."""
    if found := _FROM_UTC.fullmatch(name):
        sign, hours, minutes = found.groups()
        if sign is None:
            return datetime.UTC
        distance = datetime.timedelta(hours=int(hours), minutes=int(minutes))
        return datetime.timezone(-distance if sign == "-" else distance)
    if not _TIME_ZONE.fullmatch(name):
        raise Garbled(f"there is no time zone {name!r:.40}")
    return zoneinfo.ZoneInfo(name)


def _moment(decoder: Decodes, node: object, zone: object) -> object:
    moment = decoder.decode(node)
    if type(moment) is np.timedelta64:
        return _pandas().Timedelta(moment)
    if type(moment) is not np.datetime64:
        raise Garbled(f"found a {type(moment).__name__} in place of a moment")
    found = _pandas().Timestamp(moment)
    if zone is None:
        return found
    return found.tz_localize("UTC").tz_convert(time_zone(zone))


def _masked(decoder: Decodes, node: object, missing: object) -> object:
    values, mask = _decode_array(decoder, node), _decode_array(decoder, missing)
    arrays = _pandas().arrays
    kinds = {"b": arrays.BooleanArray, "f": arrays.FloatingArray}
    return kinds.get(values.dtype.kind, arrays.IntegerArray)(values, mask)


def _missing(decoder: Decodes, name: object) -> object:
    if name not in ("NA", "NaT"):
        raise Garbled(f"there is no missing value {name!r:.40}")
    return getattr(_pandas(), name)


def _pandas() -> ModuleType:
    return importlib.import_module("pandas")


_COLUMNS: dict[str, Callable] = {
    "categories": _categories,
    "texts": _texts,
    "moments": _moments,
    "masked": _masked,
    "values": _decode_array,
}
READERS: dict[str, Callable] = {
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
    "missing": _missing,
    "moment": _moment,
}
