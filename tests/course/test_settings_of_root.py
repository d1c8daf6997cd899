"""nbgrader's settings in the repository and in the class: used, or refused by name."""

import pytest

from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.course.course import own_course

ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
OF_ROOT = """
from pathlib import Path
from autograder.course.course import configure
c = get_config()
configure(c, root=Path(__file__).parent)
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "classroom").mkdir()
    (tmp_path / "nbgrader_config.py").write_text(OF_ROOT)
    return tmp_path


def set_in(folder, *lines: str) -> None:
    """Add settings to a folder's file."""
    path = folder / "nbgrader_config.py"
    before = path.read_text() if path.exists() else "c = get_config()\n"
    path.write_text(before + "".join(f"{line}\n" for line in lines))


def method(root, classroom=None) -> str:
    config = own_course(classroom or root / "classroom", root).config
    return config.LateSubmissionPlugin.get("penalty_method", "")


def test_the_repositorys_own_file_sets_nothing_more(root):
    own = (ROOT / "nbgrader_config.py").read_text("utf-8")
    (root / "nbgrader_config.py").write_text(own)
    before = own_course(root / "classroom", root).config
    (root / "nbgrader_config.py").unlink()
    assert own_course(root / "classroom", root).config == before


def test_a_setting_of_the_repository_counts(root):
    set_in(root, ZERO, 'c.CourseDirectory.course_id = "nn"')
    assert method(root) == "zero"
    assert own_course(root / "classroom", root).config.CourseDirectory.course_id == "nn"


def test_it_counts_for_a_class_that_lies_elsewhere(root, tmp_path_factory):
    set_in(root, ZERO)
    assert method(root, tmp_path_factory.mktemp("class")) == "zero"


def test_the_class_counts_more(root):
    set_in(root, ZERO)
    set_in(root / "classroom", ZERO.replace("zero", "none"))
    assert method(root) == "none"


def test_another_class_takes_nothing_from_the_first(root, tmp_path_factory):
    set_in(root / "classroom", ZERO)
    assert method(root) == "zero"
    assert method(root, tmp_path_factory.mktemp("class")) == ""


IGNORED = [
    ("CourseDirectory.db_url", '"sqlite:////tmp/other.db"'),
    ("CourseDirectory.source_directory", '"source"'),
    ("Autograde.autograde_preprocessors", "[]"),
    ("GenerateFeedback.preprocessors", "[]"),
    ("HTMLExporter.sanitize_html", "False"),
]


@pytest.mark.parametrize(("name", "value"), IGNORED)
def test_what_would_not_count_is_refused_by_name(name, value, root):
    set_in(root, f"c.{name} = {value}")
    with pytest.raises(WrongUse, match=name):
        own_course(root / "classroom", root)


@pytest.mark.parametrize(("name", "value"), IGNORED[2:])
def test_so_it_is_in_the_class(name, value, root):
    set_in(root / "classroom", f"c.{name} = {value}")
    with pytest.raises(WrongUse, match=name):
        own_course(root / "classroom", root)


def test_a_classs_own_gradebook_counts(root):
    set_in(root / "classroom", 'c.CourseDirectory.db_url = "sqlite:////tmp/own.db"')
    assert own_course(root / "classroom", root).db_url == "sqlite:////tmp/own.db"
