"""Try the lessons on real data: `make check-real-data [MOODS=file]`.

    python -m tests.support.real_data [--moods FILE]

The solution of lesson 10 is trained on the full Fashion-MNIST; with a real file of
songs, the lessons that read `songs.csv` run on that instead. The exit status says
whether all went well.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import nbformat
from rich.console import Console

from autograder.audit.slicing import excerpt, exercises_of
from autograder.authoring import data_files, notebooks
from autograder.base.errors import AutograderError, SourceError
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_paths, read_lesson
from autograder.publish.datasets import locate

PARAMETERS = 266_610
WANTED = 0.88
VALIDATION = 5_000
EPOCHS, PATIENCE = 20, 3
USED = ("load_idx", "image_classifier", "fit_with_validation")
"""The exercises of lesson 10 whose solutions read, make and train."""
SONGS = "songs.csv"
console = Console()


def main() -> None:
    """Run what was asked for; exit with 1 if something fell short."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--moods", type=Path, help="a real file of songs")
    moods = options.parse_args().moods
    lessons = [read_lesson(path) for path in lesson_paths()]
    good = goes_well(lambda: [trains_on_fashion(lessons)])
    if moods is None:
        console.print("no real songs given: MOODS=path/to/data_moods.csv")
    else:
        good &= goes_well(lambda: run_on_songs(lessons, moods))
    sys.exit(not good)


def goes_well(part: Callable[[], Iterable[bool]]) -> bool:
    """Run one part to its end, whatever became of another; say why it cannot run."""
    try:
        return all(list(part()))
    except AutograderError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return False


def trains_on_fashion(lessons: list[Lesson]) -> bool:
    """Train lesson 10's classifier on 55,000 pictures and judge it on 5,000 others."""
    folder = locate("fashion-mnist")
    console.print(f"full Fashion-MNIST from {folder}", soft_wrap=True)
    lesson = solutions_of(lessons, USED)
    import keras  # after the lesson, which knows best how to import it

    keras.utils.set_random_seed(42)
    pictures = lesson["load_idx"](folder / "train-images-idx3-ubyte.gz")
    labels = lesson["load_idx"](folder / "train-labels-idx1-ubyte.gz")
    scaled = pictures.astype("float32") / 255
    model = lesson["image_classifier"]()
    held_out = scaled[:VALIDATION], labels[:VALIDATION]
    rest = scaled[VALIDATION:], labels[VALIDATION:]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "best.keras"
        history = lesson["fit_with_validation"](
            model, *rest, *held_out, path, epochs=EPOCHS, patience=PATIENCE
        ).history
    accuracy = model.evaluate(*held_out, verbose=0, return_dict=True)["accuracy"]
    good = accuracy >= WANTED and model.count_params() == PARAMETERS
    console.print(
        f"{model.count_params():,} parameters, {len(rest[0]):,} pictures, "
        f"{len(history['loss'])} epochs: {accuracy:.2%} of {VALIDATION:,} validation "
        f"pictures right; {'as' if good else 'NOT AS'} wanted: at least {WANTED:.0%} "
        f"with {PARAMETERS:,} parameters",
        soft_wrap=True,
    )
    return good


def solutions_of(lessons: list[Lesson], names: tuple[str, ...]) -> dict:
    """Return the variables after the solutions of some exercises, and what they need.

    Raises
    ------
    SourceError
        No lesson has all these exercises.
    """
    for lesson in lessons:
        exercises = [e for e in exercises_of(lesson) if e.name in names]
        if {exercise.name for exercise in exercises} == set(names):
            break
    else:
        raise SourceError(f"no lesson has the exercises {', '.join(names)}.")
    variables: dict = {"__name__": lesson.name}
    for exercise in exercises:
        alone = excerpt(replace(exercise, tests=()), exercise.solution.source)
        for cell in alone.cells:
            exec(compile(cell.source, lesson.path.name, "exec"), variables)
    return variables


def run_on_songs(lessons: list[Lesson], moods: Path) -> Iterator[bool]:
    """Execute each lesson that reads songs with the real file in their place."""
    if not moods.exists():
        raise SourceError(f"{moods}: no such file; MOODS names a real file of songs.")
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        shutil.copytree(data_files.DATA, data, ignore=shutil.ignore_patterns("full"))
        shutil.copyfile(moods, data / SONGS)
        for lesson in lessons:
            if SONGS in lesson.data:
                # The limit is for lessons that hang, not for a busy machine.
                with (
                    patch.object(data_files, "DATA", data),
                    patch.object(notebooks, "CELL_TIMEOUT_S", 3600),
                ):
                    yield run(lesson)


def run(lesson: Lesson) -> bool:
    """Execute the solution of a lesson; print what it says of its songs."""
    try:
        executed = notebooks.executed_solution(lesson).decode()
    except SourceError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return False
    printed = [
        line
        for cell in nbformat.reads(executed, as_version=4).cells
        for output in cell.get("outputs", [])
        for line in output.get("text", "").splitlines()
    ]
    told = next((line for line in printed if SONGS in line), "it names no file")
    console.print(f"{lesson.name} runs to its end: {told}", markup=False)
    return True


if __name__ == "__main__":
    main()
