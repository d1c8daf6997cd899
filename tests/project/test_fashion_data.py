"""The pictures that come with the course are the stratified subset that it names."""

import gzip

import numpy as np
import pytest

from autograder.base.paths import ROOT

FOLDER = ROOT / "data" / "fashion-mnist"


@pytest.mark.parametrize(("part", "a_class"), [("train", 500), ("t10k", 100)])
def test_the_subset_has_as_many_pictures_of_each_class(part, a_class):
    labels = gzip.decompress((FOLDER / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pictures = gzip.decompress((FOLDER / f"{part}-images-idx3-ubyte.gz").read_bytes())
    count = 10 * a_class
    assert np.frombuffer(labels[:8], ">i4").tolist() == [2049, count]
    assert np.frombuffer(pictures[:16], ">i4").tolist() == [2051, count, 28, 28]
    assert np.bincount(np.frombuffer(labels[8:], np.uint8)).tolist() == [a_class] * 10
    values = np.frombuffer(pictures[16:], np.uint8).reshape(count, 784)
    assert len(np.unique(values, axis=0)) == count
    assert 60 < values.mean() < 85


def test_the_licence_of_the_pictures_is_with_them():
    assert "Zalando" in (FOLDER / "LICENSE").read_text("utf-8")
