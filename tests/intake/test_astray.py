"""A notebook in the wrong assignment counts, and never blocks the real one."""

import pytest

from autograder.gradebook.results import Ledger, Record
from autograder.intake.platforms.receipts import Receipts
from tests.support.downloads import OTHER, answers, collect, pack
from tests.support.small_course import NAME

MOODLE = "{0}_{1}_assignsubmission_file_/work.ipynb"
CANVAS = "{0}_{1}_{2}_work.ipynb"


def of_assignment(notebook, lesson, name, first_file):
    """Return files of three students of one assignment."""
    return [
        (name.format(who, n, first_file + n), notebook(who, lesson))
        for n, who in enumerate(("bob", "cy", "dan"), start=1)
    ]


@pytest.fixture(params=[CANVAS, MOODLE])
def downloads(request, notebook, tmp_path):
    """Return two assignments' downloads: ada's other lesson is in both of them."""
    name = request.param
    astray = (name.format("ada", 9, 999), notebook("astray", OTHER))
    real = (name.format("ada", 9, 150), notebook("real", OTHER))
    first = [*of_assignment(notebook, NAME, name, 900), astray]
    second = [*of_assignment(notebook, OTHER, name, 100), real]
    later = (2026, 3, 9, 12, 0, 0)  # what is astray has the newer date and number
    return (
        pack(tmp_path / "first.zip", first, later),
        pack(tmp_path / "second.zip", second),
    )


def grade(classroom):
    Ledger(classroom.results / "results.jsonl").add(Record("ada_9", OTHER, "graded"))


def test_it_is_filed_with_a_remark(classroom, downloads):
    report = collect(classroom, downloads[0])
    assert answers(classroom)["ada_9", OTHER] == "astray"
    assert not report.left
    assert f"found {OTHER} among notebooks of {NAME}" in report.astray[0]


@pytest.mark.parametrize("has_marks", [False, True])
def test_the_real_one_takes_its_place_whatever_its_number(
    has_marks, classroom, downloads
):
    collect(classroom, downloads[0])
    if has_marks:
        grade(classroom)
    report = collect(classroom, downloads[1])
    assert answers(classroom)["ada_9", OTHER] == "real"
    assert not report.left
    assert (classroom.results / "replaced" / "ada_9" / OTHER / "1").is_dir()


def test_it_never_takes_the_place_of_the_real_one(classroom, downloads):
    collect(classroom, downloads[1])
    report = collect(classroom, downloads[0])
    assert answers(classroom)["ada_9", OTHER] == "real"
    assert f"was handed in to the assignment of {NAME}, unlike" in report.not_taken[0]


def test_the_same_file_in_both_assignments_is_noted_as_the_real_one(
    classroom, notebook, tmp_path
):
    same = (CANVAS.format("ada", 9, 150), notebook("same", OTHER))
    astray = (CANVAS.format("ada", 9, 999), notebook("same", OTHER))
    real = pack(tmp_path / "r.zip", [same])
    first = of_assignment(notebook, NAME, CANVAS, 900)
    both = pack(tmp_path / "a.zip", [*first, astray])
    for downloads in ((real, both), (both, real)):
        for download in downloads:
            collect(classroom, download)
        receipt = Receipts(classroom.results / "collected.csv").of("ada_9", OTHER)
        assert (receipt.astray, receipt.order) == ("", 150)


@pytest.mark.parametrize("order", [1, -1])
def test_of_both_at_once_the_real_one_counts(order, classroom, downloads):
    collect(classroom, *downloads[::order])
    assert answers(classroom)["ada_9", OTHER] == "real"


def test_of_few_or_mixed_notebooks_none_is_astray(classroom, notebook, tmp_path):
    for number, lessons in enumerate(
        [(NAME, OTHER), (NAME, NAME, OTHER, OTHER), (NAME, NAME, OTHER)]
    ):
        files = [
            (CANVAS.format(f"s{number}", n, 100 + n), notebook("", lesson))
            for n, lesson in enumerate(lessons, start=1)
        ]
        report = collect(classroom, pack(tmp_path / f"{number}.zip", files))
        assert not report.astray


@pytest.mark.parametrize("at_once", [True, False])
def test_of_the_same_date_is_not_called_older(at_once, classroom, notebook, tmp_path):
    first = (MOODLE.format("ada", 9), notebook("first"))
    other = (f"ada_9_assignsubmission_file_/{NAME}.ipynb", notebook("other"))
    if at_once:
        packs = [pack(tmp_path / "d.zip", [first, other])]
    else:
        packs = [pack(tmp_path / f"{f[0][-9]}.zip", [f]) for f in (other, first)]
    for download in packs:
        report = collect(classroom, download)
    assert answers(classroom)["ada_9", NAME] == "other"
    (said,) = report.not_taken
    assert "of the same date as" in said
    assert "older" not in said
