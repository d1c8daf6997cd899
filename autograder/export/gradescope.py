"""Grading one submission on Gradescope: its folders in, `results.json` out.

`python -m autograder.export.gradescope /autograder` is what the archive's
`run_autograder` starts; the archive is made by `publish.gradescope`.
"""

import json
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from autograder.audit.diagnosis import Diagnosis, diagnoses
from autograder.authoring.sources import update_sources
from autograder.base.errors import AutograderError
from autograder.base.explanations import explained
from autograder.base.files import replacing, walk
from autograder.base.import_path import leave_working_folder_out
from autograder.course.course import own_course
from autograder.gradebook.results import Record
from autograder.grading.grader import Grader
from autograder.intake.submissions import modules_for_marks, submissions
from autograder.model.lesson import exercise_of
from autograder.sealed import template
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.sandbox.layers import Layer
from autograder.sealed.sandbox.spawn import probe

SETTINGS = "gradescope.json"
STUDENT = "student"
MEMORY = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where a container's memory is limited, in bytes."""
GRADERS_OWN_MIB = 500
LEAST_MIB = 300
LONGEST_S = 480
"""By the clock, for all cells: the container ends after ten minutes."""
FAILED = (
    "The grader itself failed, which is no fault of yours. Hand in again later, or "
    "tell your teacher: the reason is in the autograder's output."
)
LAYERS = "sandbox around student code (seen by instructors only)"


def main(base: Path) -> None:
    """Grade what is in `submission/`, and write `results/results.json`.

    Parameters
    ----------
    base
        The folder that has `source/`, `submission/` and `results/`.
    """
    try:
        found = _graded(base)
    except Exception as error:  # a person has to look; the student is told so
        is_told = isinstance(error, AutograderError)
        print(error if is_told else traceback.format_exc())  # noqa: T201
        found = _failed()
    (base / "results").mkdir(exist_ok=True)
    with replacing(base / "results" / "results.json") as file:
        json.dump(found, file, indent=1)


def _graded(base: Path) -> dict:
    settings = json.loads((base / "source" / SETTINGS).read_text("utf-8"))
    layers = probe()
    for layer in layers:
        state = "active " if layer.active else "MISSING"
        print(state, layer.name, "" if layer.active else layer.detail)  # noqa: T201
    with tempfile.TemporaryDirectory() as room:
        record = _record(settings["lesson"], base / "submission", Path(room) / "class")
    if record.status == "errored":
        print(record.message)  # noqa: T201
        return _failed()
    tests = [*_tests(record, settings), _of_layers(layers, record.sandbox)]
    if note := _on_points(record, base / "submission_metadata.json"):
        tests.append(_for_instructors("points", note))
    return {
        "score": sum(test.get("score", 0.0) for test in tests),
        "output": "\n\n".join(_words(record)),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"sandbox": record.sandbox, "status": record.status},
    }


def _record(lesson: str, handed_in: Path, classroom: Path) -> Record:
    """Grade what was handed in as a class of one."""
    update_sources(names=[lesson])
    course = own_course(classroom)
    place = course.path("submitted", STUDENT, lesson)
    place.mkdir(parents=True)
    folder = _folder_of(lesson, handed_in)
    for name in walk(folder):
        file = folder / name
        if file.is_file() and not file.is_symlink():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(file.read_bytes())
    template.start(modules_for_marks(course, [lesson]))
    (record,) = Grader(course, jobs=1, limits=_limits()).run(
        submissions(course, [lesson])
    )
    return record


def _folder_of(lesson: str, handed_in: Path) -> Path:
    """Return where the notebook lies: a repository has it in a folder of its own."""
    names = [Path(name) for name in walk(handed_in)]
    found = [name for name in names if name.name == f"{lesson}.ipynb"]
    return handed_in / found[0].parent if len(found) == 1 else handed_in


def _limits() -> NotebookLimits:
    """Return limits that fit into the container."""
    most = NotebookLimits.memory_mib
    for file in MEMORY:
        with suppress(OSError, ValueError):
            own = int(file.read_text()) // 2**20 - GRADERS_OWN_MIB
            most = max(LEAST_MIB, min(most, own))
    return NotebookLimits(memory_mib=most, notebook_wall_s=LONGEST_S)


def _tests(record: Record, settings: Mapping) -> Iterator[dict]:
    named = diagnoses(record.lesson, record.cells)
    owners = {cell["grade_id"]: _owner(cell, named) for cell in record.cells}
    # What hidden tests told of a mistake is told where they are, not before.
    failed = [cell["grade_id"] for cell in record.cells if _fails(cell)]
    failed.sort(key=lambda name: name in settings["hidden"])
    tellers = {owners[name]: name for name in failed}
    for cell in record.cells:
        name, owner = cell["grade_id"], owners[cell["grade_id"]]
        is_hidden = name in settings["hidden"]
        test = {
            "name": name,
            "visibility": settings["visibility"] if is_hidden else "visible",
        }
        if cell["status"] == "manual":
            points = f"{cell['max_points']:g} points"
            yield test | {"output": f"Waits for a person, who gives up to {points}."}
            continue
        said = [_explained(cell["message"])] if _fails(cell) else ["Passed."]
        if owner in named and tellers.get(owner) == name:
            said.append(f"Most likely: {named[owner].says}")
        yield test | {
            "score": cell["points"],
            "max_score": cell["max_points"],
            "status": "failed" if _fails(cell) else "passed",
            "output": "\n\n".join(filter(None, said)) or cell["status"],
        }


def _explained(message: str) -> str:
    """Return what a check said, with what the error of a beginner means."""
    kind, _, text = message.partition(": ")
    return explained(kind, text) if kind.endswith("Error") else message


def _owner(cell: Mapping, named: Mapping[str, Diagnosis]) -> str:
    return exercise_of(cell["grade_id"], named) or ""


def _fails(cell: Mapping) -> bool:
    return cell["status"] not in ("passed", "manual")


def _words(record: Record) -> Iterator[str]:
    """Yield what the student has to know of all of it."""
    if record.status == "unreadable":
        yield f"This could not be graded: {record.message}"
        return
    waiting = [c for c in record.cells if c["status"] == "manual"]
    if waiting:
        points = sum(c["max_points"] for c in waiting)
        yield (
            f"{len(waiting)} written answers wait for a person, who gives up to "
            f"{points:g} points: they are not in this score."
        )
    if record.repairs:
        yield "Put right before grading: " + "; ".join(record.repairs)
    if record.tampering:
        yield "Locked cells were changed, and put back: " + "; ".join(record.tampering)


def _of_layers(layers: tuple[Layer, ...], around_it: list[str]) -> dict:
    """Say which layers there were, around this submission if it was executed."""
    active = around_it or [layer.name for layer in layers if layer.active]
    lines = [f"active: {', '.join(active)}"]
    for layer in layers:
        if layer.name not in active:
            lines.append(f"MISSING {layer.name}: {layer.detail}")
    return _for_instructors(LAYERS, "\n".join(lines))


def _on_points(record: Record, metadata: Path) -> str:
    """Say where Gradescope counts other points than the lesson has."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        total = float(json.loads(metadata.read_text())["assignment"]["total_points"])
        tests = [c["max_points"] for c in record.cells if c["status"] != "manual"]
        every = sum(cell["max_points"] for cell in record.cells)
        if tests and total not in (sum(tests), every):
            return (
                f"The assignment is of {total:g} points here, the lesson of "
                f"{every:g}, {sum(tests):g} of them automatic: correct it in Settings."
            )
    return ""


def _for_instructors(name: str, output: str) -> dict:
    return {"name": name, "output": output, "visibility": "hidden"}


def _failed() -> dict:
    return {
        "score": 0.0,
        "output": FAILED,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }


if __name__ == "__main__":
    leave_working_folder_out()
    main(Path(sys.argv[1]))
