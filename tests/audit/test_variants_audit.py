"""Tests are right for the constants of made-up students too, or it is said."""

from typer.testing import CliRunner

from autograder.audit.variants_audit import has_constants, prove_variants
from autograder.cli import app
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_path, read_lesson
from tests.support.small_course import NAME, write_source
from tests.support.variants_course import LESSON

CATALOGUE = """# %% wrong line adds
# says: Multiply.
# hint: 1
def line(x):
    return slope + x


# %% wrong line forgets
# says: Multiply.
# hint: 1
def line(x):
    return x


# %% wrong line turns
# says: Mind the sign.
# hint: 1
def line(x):
    return -slope * x


# %% wrong line squares
# says: Multiply once.
# hint: 1
def line(x):
    return slope * x * x


# %% right line other_order
def line(x):
    return x * slope


# %% right line adds_up
def line(x):
    return sum(slope for _ in range(x))


# %% wrong mean is_the_sum
# says: Divide.
# hint: 1
mean = heights.sum()


# %% wrong mean is_the_median
# says: Not the median.
# hint: 1
mean = np.median(heights)


# %% wrong mean is_the_first
# says: All of them.
# hint: 1
mean = heights[0]


# %% wrong mean is_rounded
# says: Do not round.
# hint: 1
mean = round(heights.mean())


# %% right mean in_numpy
mean = np.mean(heights)


# %% right mean in_python
mean = sum(heights) / len(heights)
"""


def lesson_and_catalogue(folder, lesson=LESSON):
    write_source(folder, lesson)
    (folder / "mistakes.py").write_text(CATALOGUE)
    read = read_lesson(folder / f"{NAME}.py")
    return read, read_catalogue(read)


def test_tests_that_are_right_for_made_up_students_are_proved_so(tmp_path):
    lesson, answers = lesson_and_catalogue(tmp_path)
    found = prove_variants(lesson, answers, students=2, jobs=2)
    assert (found.different, found.answers, found.problems) == (2, 2 * 14, [])


def test_a_test_that_quotes_the_default_is_found_out(tmp_path):
    quotes = LESSON.replace("line(5) == 5 * slope", "line(5) == 15")
    lesson, answers = lesson_and_catalogue(tmp_path, quotes)
    answers = [answer for answer in answers if answer.name == "other_order"]
    found = prove_variants(lesson, answers, students=1, jobs=2)
    assert len(found.problems) == 3
    assert "its own solution fails test_line_five" in found.problems[0]
    assert "the right answer solution keeps 0 of 1 points" in found.problems[1]
    assert all("slope = " in problem for problem in found.problems)


def test_a_lesson_of_the_series_has_variants():
    assert has_constants(read_lesson(lesson_path("05_backpropagation")))


def test_a_lesson_without_such_constants_is_named():
    without = CliRunner().invoke(app, ["variants", "--check", "1", "00_warmup"])
    assert "00_warmup: found no constant that is marked" in str(without.exception)
