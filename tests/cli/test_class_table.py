"""The table of a class fits into a terminal and cuts no name."""

import io

import pytest
from rich.console import Console

from autograder.cli.class_table import Mark, class_tables, legend

POINTS = [10, 20, 30, 30, 30, 35, 30, 40, 40, 25, 35, 35]
LESSONS = {f"{number:02}_lesson": float(most) for number, most in enumerate(POINTS)}
STUDENTS = ["ada", "loops_instead_of_vectors", "édouard.lucas-de-la-tour@example.org"]
MARKS = {
    **{("ada", lesson): Mark(points) for lesson, points in LESSONS.items()},
    ("loops_instead_of_vectors", "11_lesson"): Mark(19.5, "waits"),
    ("loops_instead_of_vectors", "10_lesson"): Mark(0, "unreadable"),
}


def lines(width: int, lessons=LESSONS) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    for table in class_tables(MARKS, lessons, STUDENTS, width):
        console.print(table)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_twelve_lessons_are_one_table_with_one_number_a_cell(width):
    shown = lines(width)
    assert shown[0].split() == ["student", *(f"{n:02}" for n in range(12)), "total"]
    row = next(line for line in shown if line.startswith("ada"))
    assert row.split() == ["ada", *map(str, POINTS), "360"]
    assert all(len(line) <= width for line in shown)


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_long_name_goes_on_in_the_next_line_and_loses_nothing(width):
    shown = lines(width)
    names = "".join(line.split(" ")[0] for line in shown[2:])
    assert names == "".join(STUDENTS)


def test_what_waits_and_what_could_not_be_read_have_signs_that_are_explained():
    row = next(line for line in lines(120) if line.startswith("loops"))
    assert row.split()[-3:] == ["x", "19.5*", "19.5"]
    assert legend(MARKS, len(STUDENTS) * len(LESSONS)) == [
        "*  a written answer waits for a person",
        "x  could not be read",
        "-  nothing was handed in",
    ]


def test_more_lessons_than_fit_are_shown_in_parts():
    many = {f"assignment_{number}": 10.0 for number in range(20)}
    shown = lines(80, many)
    assert all(len(line) <= 80 for line in shown)
    assert sum(line.startswith("student") for line in shown) > 1
    assert all(name in " ".join(shown) for name in many)
