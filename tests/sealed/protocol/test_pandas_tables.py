"""Tables survive the way to the other side exactly."""

import pandas as pd
import pytest

from tests.support.sealed.values import FRAME, through_a_socket

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
