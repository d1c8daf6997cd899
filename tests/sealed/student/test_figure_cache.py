"""A picture that is known is not drawn again, and no other one is shown for it."""

import matplotlib as mpl
import numpy as np
import pytest

from autograder.sealed.student.figure_cache import fingerprint

mpl.use("agg")
import matplotlib.pyplot as plt

X = np.linspace(0.3, 1, 50)
KINDS = {
    "line": lambda axes, y: axes.plot(X, y),
    "points": lambda axes, y: axes.scatter(X, y),
    "bars": lambda axes, y: axes.bar(X, y),
    "error bars": lambda axes, y: axes.errorbar(list(X), y.tolist(), y.tolist()),
    "text": lambda axes, y: axes.text(0.5, float(y[7]), "here"),
    "image": lambda axes, y: axes.imshow(np.outer(y, y)),
}


def name_of(kind: str, factor: float = 1.0, title: str = "title") -> str:
    figure, axes = plt.subplots(layout="constrained")
    KINDS[kind](axes, np.sin(X) * factor)
    axes.set_title(title)
    plt.close(figure)
    return fingerprint(figure, (), {})


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_digits_of_a_sum_make_no_other_picture(kind):
    assert name_of(kind) == name_of(kind, 1 + 3e-16) != ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_millionth_more_or_another_title_makes_another_picture(kind):
    assert name_of(kind) != name_of(kind, 1 + 1e-6)
    assert name_of(kind) != name_of(kind, title="another")


def test_small_numbers_beside_large_ones_count():
    names = set()
    for small in (1e-11, 2e-11):
        figure, axes = plt.subplots()
        axes.semilogy([1.0, small])
        plt.close(figure)
        names.add(fingerprint(figure, (), {}))
    assert len(names) == 2


def test_a_zero_with_a_sign_makes_no_other_picture():
    names = set()
    for zero in (0.0, -0.0):
        figure, axes = plt.subplots()
        axes.plot([1.0, zero])
        plt.close(figure)
        names.add(fingerprint(figure, (), {}))
    assert len(names) == 1
