"""Work in a wrong place is named, with what to do: it is nobody's zero in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.course.course import foreign_course
from autograder.intake.misplaced import MOST_NAMED, misplaced
from autograder.intake.prepare import prepare
from autograder.intake.submissions import modules_of, submissions
from tests.support.small_class import LESSON, RIGHT, SmallClass
from tests.support.small_course import NAME, hand_in, make_course


def _in_another_case(submitted: Path) -> None:
    place = submitted / "ann" / NAME.upper()
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(b"{}")


def _without_its_folder(submitted: Path) -> None:
    _without_its_folder_of(submitted, "ann")


def _without_its_folder_of(submitted: Path, student: str) -> None:
    place = submitted / student
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(b"{}")


def _in_the_place_of_its_folder(submitted: Path) -> None:
    place = submitted / "ann"
    place.mkdir(parents=True)
    (place / NAME).write_bytes(b"{}")


def _beside_all_students(submitted: Path) -> None:
    submitted.mkdir()
    (submitted / "ann.ipynb").write_bytes(b"{}")


def _one_folder_too_deep(submitted: Path) -> None:
    place = submitted / "ann" / NAME / NAME
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(b"{}")


def _with_blanks_around(submitted: Path) -> None:
    place = submitted / "ann" / f" {NAME} "
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(b"{}")


def _of_a_lesson_that_is_none(submitted: Path) -> None:
    place = submitted / "ann" / "00-small"
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(b"{}")


def told(course) -> list[str]:
    """Return all that a run says of what lies there."""
    found = misplaced(course)
    try:
        todo = submissions(course)
    except WrongUse:
        return found
    for one in todo:
        try:
            prepare(course, one, NAME, [])
        except UnreadableSubmission as error:
            found.append(f"{one.student}/{one.lesson}: {error}")
    return found


@pytest.mark.parametrize(
    "misplace",
    [
        _in_another_case,
        _without_its_folder,
        _in_the_place_of_its_folder,
        _beside_all_students,
        _one_folder_too_deep,
        _with_blanks_around,
        _of_a_lesson_that_is_none,
    ],
    ids=lambda function: function.__name__.strip("_"),
)
def test_work_in_a_wrong_place_is_named_with_what_was_expected(misplace, tmp_path):
    course = make_course(tmp_path)
    misplace(tmp_path / "classroom" / "submitted")
    (said,) = told(course)
    assert said.startswith("ann")
    assert "expected" in said
    assert NAME in said or "<lesson>" in said


def test_work_in_its_place_is_not_named(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ann")
    (tmp_path / "classroom" / "submitted" / "ann" / "notes").mkdir()
    assert misplaced(course) == []


@pytest.mark.parametrize("other", ["Jose\u0301", "jos\u00e9", "JOS\u00c9"])
def test_two_folders_that_look_like_one_students_are_named(other, tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "Jos\u00e9")
    hand_in(tmp_path, "Jose")
    assert misplaced(course) == []
    hand_in(tmp_path, other)
    (told,) = misplaced(course)
    assert ascii(other) in told
    assert "look like one student's" in told


def test_not_every_one_of_a_class_is_named(tmp_path):
    course = make_course(tmp_path)
    for number in range(MOST_NAMED + 5):
        _without_its_folder_of(tmp_path / "classroom" / "submitted", f"ann{number}")
    found = misplaced(course)
    assert len(found) == MOST_NAMED + 1
    assert "5 more" in found[-1]


def test_what_came_for_a_lesson_of_no_class_is_named_once(tmp_path):
    room = SmallClass(tmp_path)
    for student in ("ann", "bob"):
        room.hand_in(student, RIGHT).parent.rename(
            tmp_path / "submitted" / student / "ps2"
        )
    other = tmp_path / "source" / "ps2"
    shutil.copytree(tmp_path / "source" / LESSON, other)
    (tmp_path / "class.toml").write_text(f"[lessons.{LESSON}]\n")
    assert misplaced(foreign_course(tmp_path)) == [
        "ps2 of ann, bob: found no such lesson in class.toml; to have it graded, add "
        "[lessons.ps2] there"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("p 1.md", "---\njupyter:\n  jupytext: {}\n---\n"), ("p.py", "# %% [markdown]\n")],
)
def test_a_course_of_texts_is_told_what_makes_notebooks_of_them(name, text, tmp_path):
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (folder / name).write_text(text)
    (folder / "helper.py").write_text("x = 1\n")
    course = foreign_course(tmp_path)
    (said,) = misplaced(course)
    assert said.startswith(f"ps1: found {name} alone, expected a notebook; `jupytext ")
    with pytest.raises(WrongUse, match="found no notebook of an assignment in "):
        submissions(course)


def test_a_source_that_is_no_notebook_is_named(tmp_path):
    path = tmp_path / "source" / "ps1" / "old.ipynb"
    path.parent.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    for content in ("", '{"nbformat": 3, "worksheets": []}', "[1]"):
        path.write_text(content)
        with pytest.raises(WrongUse, match=r"old\.ipynb: found no notebook of fo"):
            modules_of(foreign_course(tmp_path), ["ps1"])


@pytest.mark.parametrize("mode", [0o444, 0o000])
@pytest.mark.parametrize("place", ["ann", f"ann/{NAME}"])
def test_a_folder_that_may_not_be_read_is_named_and_stops_nobody(place, mode, tmp_path):
    make_course(tmp_path)
    for student in ("ann", "bob"):
        hand_in(tmp_path, student)
    closed = tmp_path / "classroom" / "submitted" / place
    closed.chmod(mode)
    lines = (
        "import sys; from pathlib import Path\n"
        "from autograder.course.course import own_course\n"
        "from autograder.intake.misplaced import misplaced\n"
        "from autograder.intake.submissions import submissions\n"
        "root = Path(sys.argv[1]); course = own_course(root / 'classroom', root)\n"
        "print(*misplaced(course), sep='\\n')\n"
        "for one in submissions(course): print(one.student, one.problem)\n"
    )
    # Root may read everything, unless it gives that up.
    less = "-dac_override,-dac_read_search"
    drop = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}"]
    command = [*(drop if os.getuid() == 0 else ()), sys.executable, "-c", lines]
    try:
        done = subprocess.run([*command, tmp_path], capture_output=True, text=True)
    finally:
        closed.chmod(0o755)
    assert done.returncode == 0, done.stderr
    (told,) = [s for s in done.stdout.splitlines() if "may not read" in s][:1]
    assert told.startswith("ann")
    assert "chmod -R u+rwX" in told
    assert "bob " in done.stdout
