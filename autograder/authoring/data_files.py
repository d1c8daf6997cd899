"""Data files: what a lesson reads, by the path beside its notebook."""

from pathlib import Path

from autograder.base.errors import SourceError
from autograder.base.files import extra_files
from autograder.base.paths import ROOT
from autograder.model.lesson import Lesson

DATA = ROOT / "data"


def data_files(lesson: Lesson) -> dict[str, Path]:
    """Return the files that a lesson reads, by the path it reads them under.

    Its front matter names them: with `data: [songs.csv]` under `jupyter:` the
    project's `data/songs.csv` lies at `data/songs.csv` beside each of the lesson's
    notebooks. A folder stands for all files in it.

    Raises
    ------
    SourceError
        The project has no file of this name.
    """
    files = {}
    for name in lesson.data:
        path = DATA / name
        if not path.exists():
            raise SourceError(
                f"{lesson.file}, front matter: found no data/{name}; "
                "correct the name or add the file."
            )
        inner = extra_files(path) if path.is_dir() else [path]
        files |= {f"data/{file.relative_to(DATA).as_posix()}": file for file in inner}
    return files
