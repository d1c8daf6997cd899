"""nbgrader's formgrader lists the lessons of a class."""

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.course import configure
from autograder.course.formgrader import show_lessons_of_the_class

ALL = {"01_neuron", "02_activations", "03_logistic_regression"}


def test_it_lists_the_lessons_of_the_class_alone(tmp_path, monkeypatch):
    known = NbGraderAPI.get_source_assignments
    monkeypatch.setattr(NbGraderAPI, "get_source_assignments", known)  # put back later
    for name in ALL:
        (tmp_path / "build" / "source" / name).mkdir(parents=True)
    (tmp_path / "classroom").mkdir()
    config = Config()
    configure(config, tmp_path)
    show_lessons_of_the_class(tmp_path)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    assert api.get_source_assignments() == ALL
    (tmp_path / "classroom" / "class.toml").write_text("[lessons.02]\n[lessons.03]\n")
    assert api.get_source_assignments() == ALL - {"01_neuron"}
    show_lessons_of_the_class(tmp_path)  # as often as settings are read
    assert api.get_source_assignments() == ALL - {"01_neuron"}
