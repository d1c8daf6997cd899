"""Tables survive the way to the other side exactly."""

import datetime
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from autograder.sealed.protocol.wire import Garbled
from tests.support.sealed.values import FRAME, decode, through_a_socket

FEW = FRAME[["int", "float"]]


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.set_index(["text", "when"]),
        FEW.set_axis(pd.MultiIndex.from_tuples([("p", 1), ("q", 2)]), axis=1),
        FRAME[["int", "int"]],
        FRAME.reset_index(drop=True),
        pd.DataFrame(),
        pd.DataFrame(index=["a", "b"]),
    ],
)
def test_a_table_survives_with_its_dtypes_names_and_index(frame):
    found = through_a_socket(frame)
    pd.testing.assert_frame_equal(found, frame, check_freq=False)
    assert type(found.index) is type(frame.index)


@pytest.mark.parametrize("name", FRAME.columns)
def test_a_series_and_an_index_survive(name):
    pd.testing.assert_series_equal(through_a_socket(FRAME[name]), FRAME[name])
    index = pd.Index(FRAME[name])
    pd.testing.assert_index_equal(through_a_socket(index), index, exact=True)


TEXTS = [np.str_("ann"), np.str_("bob"), None]


@pytest.mark.parametrize(
    "kind",
    [
        object,
        "str",
        "string",
        "category",
        pd.StringDtype(na_value=np.nan),
        pd.StringDtype("python"),
    ],
    ids=str,
)
def test_a_column_of_texts_of_numpy_survives(kind):
    column = pd.Series(TEXTS, dtype=kind, name=np.str_("names"))
    pd.testing.assert_series_equal(through_a_socket(column), column)
    table = column.to_frame()
    pd.testing.assert_frame_equal(through_a_socket(table), table)
    indexed = pd.DataFrame({"a": [1, 2, 3]}, index=pd.Index(column))
    pd.testing.assert_frame_equal(through_a_socket(indexed), indexed)


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2020, 2, 29),
        datetime.datetime(2020, 1, 2, 3, 4, 5, 6, fold=1),
        datetime.time(1, 2, 3),
        datetime.timedelta(-3, 5, 7),
        Decimal("1.50"),
        Decimal("-Infinity"),
        Fraction(2**80, 3),
        pd.Timestamp("2020-01-02 03:04:05.678"),
        pd.Timestamp("2020-07-01", tz="Europe/Berlin"),
        pd.Timestamp("2020-07-01", tz=datetime.timezone(datetime.timedelta(hours=-5))),
        pd.Timedelta("3h 1ns"),
        np.float16(0.5),
        np.longdouble(3),
        np.datetime64("2020-01", "M"),
    ],
    ids=repr,
)
def test_a_scalar_stays_what_it_is_alone_and_in_a_table(value):
    found = through_a_socket(value)
    assert type(found) is type(value)
    assert repr(found) == repr(value)
    table = pd.DataFrame({"it": pd.Series([value, value], dtype=object)})
    assert through_a_socket(table).equals(table)


MOMENTS = ["array", "<M8[ns]", [1], "C", 0]


@pytest.mark.parametrize(
    "zone",
    [
        "dateutil//etc/passwd",
        "dateutil/../../etc/passwd",
        "dateutil/Europe/Berlin",
        "tzlocal()",
        "../../../etc/passwd",
        "/etc/localtime",
        "UTC+99:00",
        "",
    ],
)
def test_a_time_zone_names_no_file(zone):
    node = ["series", None, RANGE, ["moments", MOMENTS, zone]]
    with pytest.raises(Garbled):
        decode(node, [bytes(8)])


RANGE = ["index", "range", [None], [0, 1, 1]]


def test_labels_that_meet_in_a_table_of_pandas_are_garbled():
    count = 60_000
    bits = np.arange(count, dtype=np.uint64)
    numbers = ["array", "<i8", [count], "C", 0]
    labels = ["index", "values", [None], ["values", numbers]]
    codes = ["array", "|i1", [1], "C", 1]
    blobs = [(bits << 33 ^ bits).tobytes(), bytes(1)]
    for node in (
        ["series", None, RANGE, ["categories", codes, labels, False]],
        ["index", "levels", [None], [["values", numbers]]],
    ):
        began = time.process_time()
        with pytest.raises(Garbled, match="labels"):
            decode(node, blobs)
        assert time.process_time() - began < 5
