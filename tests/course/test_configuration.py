"""A course's configuration is read as nbgrader reads it, or what is wrong is named."""

import subprocess
import sys

import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import foreign_course
from autograder.course.own_code import own_code_of
from autograder.intake.submissions import handed_in

WRONG = {
    "import nbcontext": "nbgrader_config.py, line 2: found no module nbcontext",
    "import os\nos.environ['E213_GRADEBOOK']": "variable E213_GRADEBOOK",
    "c.Course.root = (": "nbgrader_config.py, line 2",
    "\n\nc.x = gradebok": "line 4: found NameError: gradebok",
    "open('people.csv')": "FileNotFoundError: people.csv",
    "import helper": "helper.py, line 3: found no environment variable CLASS",
    "from os import nothing": "os has not what is imported",
    "import sys\nsys.exit(3)": "line 3: found SystemExit in it",
    "raise ValueError('s3cret')": "line 2: found ValueError in it",
}


def course(tmp_path, settings):
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1" / "p.ipynb").write_text("{}")
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n")
    return tmp_path


@pytest.mark.parametrize("settings", WRONG)
def test_an_error_names_line_module_or_variable(settings, tmp_path):
    folder = course(tmp_path, settings)
    (folder / "helper.py").write_text("import os\n\nos.environ['CLASS']\n")
    with pytest.raises(WrongUse) as caught:
        foreign_course(folder)
    assert WRONG[settings] in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_what_lies_beside_it_is_its_own(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for number, root in enumerate((first, second)):
        folder = course(root, "import ctx\nc.CourseDirectory.course_id = ctx.NAME")
        (folder / "ctx.py").write_text(f"NAME = open('name{number}').read()")
        (folder / f"name{number}").write_text(root.name)
    for root in (first, second):  # two modules of one name
        assert foreign_course(root).config.CourseDirectory.course_id == root.name
    (second / "unasked.py").write_text("")
    with pytest.raises(ImportError):
        import unasked  # noqa: F401


def test_what_it_does_to_the_import_path_counts_for_its_own_code_alone(tmp_path):
    before = sys.path[:]
    settings = "import sys\nsys.path.insert(0, 'code')\nimport ours"
    for name in ("first", "second"):
        folder = course(
            tmp_path / name, f"{settings}\nc.CourseDirectory.course_id = ours.NAME"
        )
        (folder / "code").mkdir()
        (folder / "code" / "ours.py").write_text(f"NAME = {name!r}")
        (folder / "code" / f"later_{name}.py").write_text("")
        assert foreign_course(folder).config.CourseDirectory.course_id == name
        assert sys.path == before
    with own_code_of(folder):
        import later_second  # noqa: F401

        assert sys.path == before


def test_no_module_of_it_takes_the_place_of_a_library(tmp_path):
    (tmp_path / "numpy.py").write_text("raise SystemExit('the course')")
    (tmp_path / "wave.py").write_text("raise SystemExit('the course')")
    with own_code_of(tmp_path):
        import wave  # noqa: F401

        import numpy  # noqa: F401


def test_no_process_that_is_started_knows_its_folder(tmp_path):
    (tmp_path / "late.py").write_text("")
    with own_code_of(tmp_path):
        import late  # noqa: F401

        found = subprocess.run([sys.executable, "-c", "import late"], check=False)
    assert found.returncode != 0
    assert str(tmp_path) not in sys.path


def test_a_gradebook_lies_where_the_settings_say(tmp_path):
    folder = course(tmp_path, "c.CourseDirectory.db_url = 'sqlite:///marks.db'")
    assert foreign_course(folder).db_url == f"sqlite:///{folder / 'marks.db'}"
    settings = "c.CourseDirectory.db_url = 'sqlite:////nowhere/at/all/g.db'"
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n")
    with pytest.raises(WrongUse, match=r"CourseDirectory\.db_url: found /nowhere/at"):
        foreign_course(folder)


def test_a_structure_that_cannot_be_marked_in_is_refused(tmp_path):
    line = "c.CourseDirectory.directory_structure = 'all/{nbgrader_step}/x'"
    with pytest.raises(WrongUse, match=r"CourseDirectory\.directory_structure: it has"):
        foreign_course(course(tmp_path, line))


@pytest.mark.parametrize(
    "structure",
    [
        "{nbgrader_step}/{student_id}/{assignment_id}",
        "{nbgrader_step}/{assignment_id}/by/{student_id}",
    ],
)
def test_folders_lie_as_the_settings_say(structure, tmp_path):
    settings = f"""
c.CourseDirectory.directory_structure = {structure!r}
c.CourseDirectory.student_id_exclude = "ben, cleo"
c.CourseDirectory.student_id = "[!_]*"
c.CourseDirectory.notebook_id = "[!_]*"
c.CourseDirectory.ignore.append("*.key")
"""
    root = tmp_path / "a [course]"
    course(root, settings)
    for student in ("ann", "ben", "cleo", "_tester"):
        names = {"student_id": student, "assignment_id": "ps 1 [2 points]"}
        (root / structure.format(nbgrader_step="submitted", **names)).mkdir(
            parents=True
        )
    names = {"student_id": ".", "assignment_id": "ps 1 [2 points]"}
    source = root / structure.format(nbgrader_step="source", **names)
    source.mkdir(parents=True)
    for name in ("a", "_draft"):
        (source / f"{name}.ipynb").write_text("{}")
    found = foreign_course(root)
    assert "ps 1 [2 points]" in found.lessons
    assert [p.stem for p in found.notebooks("ps 1 [2 points]")] == ["a"]
    (one,) = handed_in(found, found.lessons)
    assert (one.student, one.lesson) == ("ann", "ps 1 [2 points]")


def test_settings_as_json_are_read_too_and_count_more(tmp_path):
    settings = "c.CourseDirectory.course_id = 'one'\nc.Execute.timeout = 7"
    folder = course(tmp_path, settings)
    as_json = folder / "nbgrader_config.json"
    as_json.write_text('{"CourseDirectory": {"course_id": "two"}}')
    found = foreign_course(folder)
    assert (found.config.CourseDirectory.course_id, found.cell_seconds) == ("two", 7)
    (folder / "nbgrader_config.py").unlink()
    found = foreign_course(folder)
    assert (found.config.CourseDirectory.course_id, found.cell_seconds) == ("two", 30)
    as_json.write_text('{\n"s3cret": ')
    with pytest.raises(WrongUse, match=r"nbgrader_config\.json, line 2: ") as caught:
        foreign_course(folder)
    assert "s3cret" not in str(caught.value)
