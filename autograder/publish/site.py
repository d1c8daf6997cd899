"""The site for self-learners: lessons, glossary and guide, built without a network."""

import shutil
import tempfile
import zipfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell
from sphinx.cmd.build import build_main

from autograder.audit.tables import Row, read_rows
from autograder.authoring.beginnings import in_repository, links, project_of
from autograder.authoring.build import REBUILD, is_same_lesson
from autograder.authoring.data_files import data_files
from autograder.authoring.notebooks import release_bytes
from autograder.base.errors import OutOfDate, SourceError, WrongUse
from autograder.base.paths import ROOT
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_names, lesson_paths, read_lesson
from autograder.publish.bundle import write_bundle
from autograder.publish.glossary import Glossary
from autograder.publish.lesson_pages import linked, numbered, reading_notebook
from autograder.publish.search_texts import write_texts

BUNDLE = "neuron-by-neuron.zip"
STEPPER = "05"
"""The lesson that the page on backpropagation belongs to."""
STRICT = ["-q", "--fail-on-warning", "--keep-going"]


def build_site(to: Path, repository: str | None = None) -> None:
    """Write the site.

    Parameters
    ----------
    to
        Folder of its pages, written anew; `index.html` is the first.
    repository
        Address of the project on GitHub, for links to Colab and Binder; without it
        there are none.

    Raises
    ------
    WrongUse
        The address is none of a repository on GitHub, or the folder holds something
        else than an earlier site.
    OutOfDate
        A solution is not what its lesson generates.
    SourceError
        A page or a link is broken; Sphinx has printed which.
    """
    project = project_of(repository) if repository else None
    if to.exists() and any(to.iterdir()) and not (to / "searchindex.js").exists():
        raise WrongUse(
            f"{to}: found other files, expected a new folder or that of an earlier "
            "site; give another one with --to."
        )
    with tempfile.TemporaryDirectory() as folder:
        sources, made = Path(folder) / "sources", Path(folder) / "made"
        _write_sources(sources, project)
        if build_main([*STRICT, str(sources), str(made)]):
            raise SourceError("the site has broken pages or links, named above.")
        shutil.rmtree(made / ".doctrees")
        write_texts(made)
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(made, to)


def _write_sources(folder: Path, project: str | None) -> None:
    """Write the pages as Sphinx reads them."""
    lessons = [read_lesson(path) for path in lesson_paths()]
    shutil.copytree(ROOT / "site", folder)
    for room in ("instructors", "pictures"):
        shutil.copytree(ROOT / "docs" / room, folder / room)
    glossary = Glossary((folder / "glossary.md").read_text("utf-8"), lessons)
    (folder / "glossary.md").write_text(glossary.page, "utf-8")
    _append(folder / "index.md", _table(lessons))
    write_bundle(_file(folder / "downloads" / BUNDLE))
    _append(folder / "notation.md", _section(ROOT / "CONTRIBUTING.md", "Notation"))
    rows = read_rows(ROOT / "docs" / "audit.csv")
    for lesson in lessons:
        own = [row for row in rows if row.lesson == lesson.name]
        _write_lesson(folder, lesson, own, glossary.new_words(lesson), project)


def _write_lesson(
    folder: Path, lesson: Lesson, rows: list[Row], words: list[str], project: str | None
) -> None:
    """Write a lesson's page and what it offers to download."""
    path = ROOT / "solutions" / lesson.name / f"{lesson.name}.ipynb"
    if not is_same_lesson(path, lesson):
        name = path.relative_to(ROOT)
        raise OutOfDate(f"{name}: not what {lesson.file} generates; {REBUILD}")
    # Made of its source: somebody may have worked in the file of notebooks/.
    release = release_bytes(lesson)
    page = reading_notebook(
        lesson,
        nbformat.reads(release.decode(), as_version=4),
        nbformat.read(path, as_version=4),
        read_catalogue(lesson),
        rows,
    )
    names = {name[:2]: name for name in lesson_names()}
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = linked(cell.source, names, own=lesson.name[:2])
    heading, _, rest = page.cells[0].source.partition("\n")
    page.cells[0].source = f"# {numbered(heading.lstrip('# '), lesson)}\n{rest}"
    page.cells.insert(1, new_markdown_cell(_ways_to_work(lesson, project)))
    if words:
        page.cells.append(new_markdown_cell(f"**New words:** {', '.join(words)}"))
    _file(folder / "lessons" / path.name).write_text(nbformat.writes(page), "utf-8")
    _write_download(folder, lesson, release, project)


def _download(lesson: Lesson) -> str:
    return f"downloads/{lesson.name}.{'zip' if lesson.data else 'ipynb'}"


def _write_download(
    folder: Path, lesson: Lesson, release: bytes, project: str | None
) -> None:
    path = _file(folder / _download(lesson))
    if project:
        release = in_repository(release, lesson, project)
    if not lesson.data:
        path.write_bytes(release)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{lesson.name}/{lesson.name}.ipynb", release)
        for inner, file in data_files(lesson).items():
            archive.write(file, f"{lesson.name}/{inner}")


def _ways_to_work(lesson: Lesson, project: str | None) -> str:
    """Return the links that lead from reading a lesson to doing it."""
    what = "the notebook with its data" if lesson.data else "the notebook"
    ways = [f"[Download {what}](path:../{_download(lesson)})"]
    if project:
        ways += links(lesson, project)
    if lesson.name.startswith(STEPPER):
        ways.append("[Watch it, a step at a time](../backpropagation.md)")
    return f"**Do it yourself:** {' · '.join(ways)}"


def _table(lessons: list[Lesson]) -> str:
    """Return the README's table of lessons, with links to their pages."""
    table = _section(ROOT / "README.md", "Lessons").replace("docs/pictures", "pictures")
    for lesson in lessons:
        link = f"[{numbered(lesson.title, lesson)}](lessons/{lesson.name}.ipynb)"
        table = table.replace(f" | {lesson.name} | ", f" | {link} | ")
    return table


def _section(path: Path, heading: str) -> str:
    return path.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]


def _append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n{text.strip()}\n", "utf-8")


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
