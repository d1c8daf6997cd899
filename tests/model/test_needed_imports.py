"""An import of a large package is left out only if nothing that runs needs it."""

import pytest

from tests.support.needed_choice import USES, choice

IMPORTS = """import matplotlib.pyplot as plt
import numpy as np
import scipy
from scipy.special import expit
x = 1
plt.plot(x)"""


def packages_left(*below: str, **others: str) -> set[str]:
    """Return which packages the first cell still imports."""
    begun = choice(IMPORTS, *below, **others).left_out[1]
    assert begun.endswith("x = 1")
    assert begun.count("\n") == 4  # errors name the lines of the cell
    return {line.split()[1].split(".")[0] for line in begun.splitlines()[:4] if line}


@pytest.mark.parametrize(
    ("value", "packages"),
    [
        ("x", {"numpy"}),  # what is small is not worth a look
        ("plt.gca() or x", {"numpy", "matplotlib"}),
        ("expit(x)", {"numpy", "scipy"}),
        ("scipy.special.expit(x)", {"numpy", "scipy"}),
    ],
)
def test_a_large_package_is_imported_if_anything_that_runs_needs_part_of_it(
    value, packages
):
    assert packages_left(answer=f"def answer():\n    return {value}") == packages
    assert packages_left(test=f"assert answer() == {value}") == packages
    below = f"def value():\n    return {value}"
    assert packages_left(below, test="assert answer() == value()") == packages
    assert packages_left(below) == {"numpy"}


@pytest.mark.parametrize("start", ["", "def draw():\n    "])
def test_what_a_student_imports_a_part_of_is_imported_as_the_lesson_does(start):
    own = f"{start}import matplotlib\n\n\n{USES}"
    assert packages_left(answer=own) == {"numpy", "matplotlib"}


def test_what_a_setting_needs_of_a_package_is_imported():
    assert packages_left("plt.style.use('ggplot')") == {"numpy", "matplotlib"}


def test_an_import_of_all_names_of_a_package_runs():
    cell = "from matplotlib.pyplot import *\nplot(1)"
    assert choice(cell, answer="y = 1").left_out == {1: cell.splitlines()[0]}
