"""The README and the pages beside it say what is there."""

import re
import subprocess
import zipfile

import pytest

from autograder.base.paths import ROOT
from autograder.model.lesson_reader import lesson_paths, read_lesson
from tests.support.clone import fresh_clone

README = (ROOT / "README.md").read_text("utf-8")


def test_the_table_of_lessons_says_what_the_lessons_say():
    row = (
        r"^\| !\[.+\]\(docs/pictures/(\w+)\.png\) \| (\w+) \| (\d+) \| (\d+) \| .+ \|$"
    )
    found = re.findall(row, README, re.MULTILINE)
    expected = []
    for path in lesson_paths():
        lesson = read_lesson(path)
        minutes, points = re.search(
            r"(\d+) minutes, (\d+) points", lesson.cells[0].source
        ).groups()
        assert int(points) == lesson.max_score
        expected.append((lesson.name, lesson.name, minutes, points))
        assert (ROOT / "docs" / "pictures" / f"{lesson.name}.png").exists()
    assert found == expected


def test_every_link_to_a_file_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)`|^    make ([a-z-]+)", README, re.M))
    assert {a or b for a, b in named} <= targets


def test_a_notebook_may_have_blanks_in_its_name():
    order = ["make", "-n", "try", "NB=my work/01 neuron.ipynb"]
    told = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=True)
    assert 'check "my work/01 neuron.ipynb" --hint 0' in told.stdout


@pytest.mark.patient
def test_an_instructors_lines_work_in_a_fresh_clone(tmp_path, monkeypatch):
    clone = fresh_clone(tmp_path)
    notebook = clone / "notebooks" / "02_activations" / "02_activations.ipynb"
    with zipfile.ZipFile(clone / "D.zip", "w") as archive:  # as Moodle packs it
        archive.write(notebook, f"Ada King_7_assignsubmission_file/{notebook.name}")
    lines = re.search(r"## Instructors\n[^#]*?\n((?:    .+\n)+)", README)[1]
    # None of what a `make` around this test was called with.
    for name in ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "ARGS"):
        monkeypatch.delenv(name, raising=False)
    told = {}
    for line in lines.splitlines():
        serves = re.search("autograder (mark|watch)", line)  # until somebody ends it
        if not serves:
            done = subprocess.run(
                line, shell=True, cwd=clone, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{line}: {done.stderr}"
            told[line.split()[1]] = done.stdout
    assert told.keys() >= {"class", "bundle", "collect", "grade", "show", "export"}
    assert "1 graded, 0 unreadable, 0 errored" in told["grade"]
    assert (clone / "classroom" / "points.csv").exists()
    assert [*(clone / "classroom" / "feedback").glob("*/02_activations/*.html")]


def test_the_table_of_attacks_is_the_one_that_was_measured():
    page = (ROOT / "docs" / "attacks.md").read_text("utf-8")
    start = README.index("| attacks that |")
    table = README[start : README.index("\n\n", start)]
    assert table in page


def _rows(page: str) -> dict[str, list[str]]:
    """Return the rows of a page's tables by their first cell."""
    text = (ROOT / page).read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if "|" in line]
    return {first: rest for first, *rest in rows}


def test_figures_that_pages_repeat_are_those_that_were_measured():
    attacks, speed = _rows("docs/attacks.md"), _rows("docs/benchmark.md")
    told, compared = _rows("README.md"), _rows("docs/comparison.md")
    kinds = set(attacks) & set(told) - {"---", "attacks that", "|---|---|---|---|"}
    assert len(kinds) >= 10
    assert {kind: told[kind] for kind in kinds} == {k: attacks[k] for k in kinds}
    stock, ours = speed["stock, without its start"], speed["ours, whole class"]
    for place, name in enumerate(
        ["submissions a minute, two cores, NumPy", "the same, the"]
    ):
        (row,) = [rest for first, rest in compared.items() if first.startswith(name)]
        assert row[:2] == [stock[place], ours[place]]
    for kind, name in {
        "have wrong answers marked right": "attacks that had wrong answers",
        "change marks": "attacks that changed",
        "hand in what is broken or odd": "broken or odd",
    }.items():
        tried, by_stock, effects = attacks[kind]
        (row,) = [rest for first, rest in compared.items() if first.startswith(name)]
        assert row[0] == by_stock.replace(" run", " that it ran")
        assert row[1] == f"{effects} of {tried}"
