"""The class file: what it says is read, and each mistake is named with its place."""

from datetime import datetime

import pytest

from autograder.base.errors import WrongUse
from autograder.course.class_file import read_class_file
from autograder.course.course import foreign_course, own_course
from autograder.course.watch_policy import policy_of

LESSONS = ["01_neuron", "02_activations", "03_logistic_regression"]
WEEK = """
title = "Networks"
time_zone = "Europe/Berlin"
tries = 3
penalty = 10

[lessons.02]
title = "Week 1"
due = 2027-03-01T18:00:00
penalty = "zero"
[lessons.02.extensions]
ada = 2027-03-03

[lessons.03_logistic_regression]
due = 2027-07-01T18:00:00Z
"""


def read(tmp_path, text: str):
    (tmp_path / "class.toml").write_text(text, "utf-8")
    return read_class_file(tmp_path, LESSONS)


def test_what_it_says_is_read(tmp_path):
    said = read(tmp_path, WEEK)
    assert list(said.lessons) == ["02_activations", "03_logistic_regression"]
    second = said.of("02_activations")
    assert second.title == "Week 1"
    assert second.due == datetime(2027, 3, 1, 17)
    assert second.extensions == {"ada": datetime(2027, 3, 3, 22, 59, 59)}
    assert second.tries == 3
    assert said.of("03_logistic_regression").due == datetime(2027, 7, 1, 18)
    assert said.penalties == {
        "02_activations": "zero",
        "03_logistic_regression": 10,
        "": 10,
    }
    assert not said.has("01_neuron")


def test_without_a_file_nothing_is_said(tmp_path):
    said = read_class_file(tmp_path, LESSONS)
    assert said.has("01_neuron")
    assert not said.penalties


MISTAKES = {
    "due = 2027-03-01": r"line 1: due: found the key due, expected due in the table of",
    "[lessons.04]": "found no lesson 04, expected one of 01_neuron",
    "[lessons.02_activation]": "line 1: lessons.02_activation: found no lesson .*"
    "perhaps 02_activations",
    "[lessons.02]\n[lessons.02_activations]": "found 02_activations twice",
    "penalti = 3": "line 1: penalti: found the key penalti, expected perhaps penalty",
    "penalty = true": "penalty: found True, expected .*percent",
    "penalty = 0": "penalty: found 0, expected",
    '\n[lessons.02]\npenalty = "half"': 'line 3: lessons.02.penalty: found "half"',
    "tries = 0": "tries: found 0, expected a whole number from 1",
    'counts = "first"': 'counts: found "first", expected last or best',
    'before_due = "most"': "expected one of nothing, names, visible, all",
    'time_zone = "Europe/Berln"': "perhaps Europe/Berlin",
    f'time_zone = "{"e/" * 2000}e"': "time_zone: found",
    "[lessons.02]\ndue = 18:00:00": "line 2: lessons.02.due: found 18:00:00, expected",
    "[lessons.02.extensions]\nada = 2027-03-03": "found no due date",
    "[lessons.02]\ndue = 2027-03-04\nextensions.ada = 2027-03-03": "line 3: .*after",
    "lessons = 3": "lessons: found 3, expected a table",
    'title = ""': 'title: found "", expected a text',
    "title = ": "expected TOML",
    f"title = {'[' * 5000}": "expected TOML",
    f"tries = {'1' * 5000}": "expected TOML",
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.items())
def test_a_mistake_is_named_with_its_place(tmp_path, text, told):
    with pytest.raises(WrongUse, match=f"class.toml.*{told}"):
        read(tmp_path, text)


def _foreign(folder, settings: str = "", said: str = WEEK):
    for name in LESSONS:
        (folder / "source" / name).mkdir(parents=True, exist_ok=True)
        (folder / "source" / name / f"{name}.ipynb").write_text("{}")
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n")
    (folder / "class.toml").write_text(said)
    return foreign_course(folder)


def test_a_course_has_the_lessons_of_its_class(tmp_path):
    assert _foreign(tmp_path).lessons == LESSONS[1:]


def test_what_would_be_ignored_is_refused(tmp_path):
    with pytest.raises(WrongUse, match=r"LateSubmissionPlugin.penalty_method.*one of"):
        _foreign(tmp_path, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    _foreign(tmp_path, 'c.LateSubmissionPlugin.penalty_method = "zero"', said="")


def test_a_penalty_of_the_repository_beside_one_of_the_class_is_refused(tmp_path):
    (tmp_path / "classroom").mkdir()
    (tmp_path / "classroom" / "class.toml").write_text("penalty = 5\n")
    (tmp_path / "nbgrader_config.py").write_text(
        'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    with pytest.raises(WrongUse, match=r"class.toml: found a penalty, and Late"):
        own_course(tmp_path / "classroom", tmp_path)


def test_it_is_the_policy_of_a_watch_and_nothing_is_said_twice(tmp_path):
    course = _foreign(tmp_path)
    rules = policy_of(course).of("02_activations")
    assert (rules.tries, rules.due) == (3, datetime(2027, 3, 1, 17))
    (tmp_path / "watch.toml").write_text("tries = 4\n")
    with pytest.raises(WrongUse, match=r"watch.toml: 02_activations: found tries here"):
        policy_of(course)
