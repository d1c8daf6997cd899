"""Classes to grade: nbgrader course folders with submissions that all differ."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring.demo_scenarios import Draft
from autograder.authoring.notebooks import put_data, release_bytes, source_bytes
from autograder.grading.cell_choice import left_out
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.cells import is_test
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_path, read_lesson
from autograder.model.needed_cells import given_cells
from bench.answers import KERAS_SMALL, TINY

OWN_LESSONS = Path(__file__).parent / "lessons"
NUMPY_LESSONS = ["01_neuron", "02_activations", "03_logistic_regression"]
KERAS_LESSON = ["10_keras"]
# nbgrader's own limit of 30 seconds a cell is too short to import TensorFlow on a slow
# machine, and a submission that stock gives up on would not be timed at all.
SETTINGS = """c = get_config()
c.CourseDirectory.course_id = "bench"
c.ExecutePreprocessor.timeout = 600
"""
# Half of the answers are the lesson's own, and one in five is wrong.
KINDS, SHARES = ["solution", "right", "wrong"], [5, 3, 2]


@dataclass(frozen=True)
class Task:
    """A lesson with the answers that students give to it."""

    lesson: Lesson
    answers: list[Answer]


def own_tasks(names: list[str]) -> list[Task]:
    """Return lessons of this course."""
    lessons = [read_lesson(lesson_path(name)) for name in names]
    return [Task(lesson, read_catalogue(lesson)) for lesson in lessons]


def keras_tasks() -> list[Task]:
    """Return one short lesson that trains a network with Keras."""
    return [Task(read_lesson(OWN_LESSONS / "keras_small" / "lesson.py"), KERAS_SMALL)]


def tiny_tasks() -> list[Task]:
    """Return one lesson whose cells take no time."""
    return [Task(read_lesson(OWN_LESSONS / "tiny" / "lesson.py"), TINY)]


def make_course(folder: Path, tasks: list[Task], students: int) -> Path:
    """Make an nbgrader course in which each student hands in each lesson.

    Its `submitted/` is that of a class of this course too, where the lessons are its.

    Returns
    -------
    The folder, with `nbgrader_config.py`, `source/` and `submitted/` in it.
    """
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(SETTINGS, "utf-8")
    for task in tasks:
        name = task.lesson.name
        source = folder / "source" / name
        _write(source / f"{name}.ipynb", source_bytes(task.lesson))
        put_data(source, task.lesson)
        release = nbformat.reads(release_bytes(task.lesson).decode(), as_version=4)
        for number in range(students):
            student = f"student_{number:04d}"
            path = folder / "submitted" / student / name / f"{name}.ipynb"
            draft = Draft(task.lesson, task.answers, nbformat.from_dict(release))
            _write(path, _answered(draft, student))
    return folder


def part_of(course: Path, folder: Path, students: int) -> Path:
    """Copy a course with its first students only, and without any result."""
    shutil.copytree(course / "source", folder / "source")
    shutil.copy(course / "nbgrader_config.py", folder)
    (folder / "submitted").mkdir()
    for path in sorted((course / "submitted").iterdir())[:students]:
        shutil.copytree(path, folder / "submitted" / path.name)
    return folder


def cells_to_run(course: Path, *, all_cells: bool) -> list[list[str]]:
    """Return the code of each submission with all tests, as it is graded.

    Parameters
    ----------
    all_cells
        Whether given cells run that neither tests nor answers need.
    """
    sources = {
        path.stem: nbformat.read(path, as_version=4)
        for path in (course / "source").glob("*/*.ipynb")
    }
    tests = {
        cell.id: cell.source
        for source in sources.values()
        for cell in source.cells
        if is_test(cell)
    }
    found = []
    for path in sorted((course / "submitted").glob("*/*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = tests.get(cell.id, cell.source)
        given = None if all_cells else given_cells(sources[path.stem])
        begun = left_out(notebook, given)
        code = [
            begun.get(place, cell.source)
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        ]
        found.append([source for source in code if source])
    return found


def _answered(draft: Draft, student: str) -> bytes:
    """Return a notebook with this student's answers, the same in every run."""
    chance = random.Random(f"{draft.lesson.name} {student}")  # noqa: S311  # no secret
    draft.solve()
    for exercise in draft.lesson.exercises:
        kind = chance.choices(KINDS, SHARES)[0]
        fits = [a for a in draft.answers if (a.kind, a.exercise) == (kind, exercise)]
        cell = draft.cell(exercise)
        if fits:
            cell.source = chance.choice(fits).code.rstrip()
        cell.source += f"\n# written by {student}"
    return nbformat.writes(draft.notebook).encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
