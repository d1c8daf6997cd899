"""Each setting of nbgrader is used, left to its own steps, passed over or refused."""

import importlib
import inspect
import pkgutil
import re
from functools import cache
from pathlib import Path

import nbgrader
import pytest
from traitlets.config import Config, Configurable

from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.course.nbgrader_settings import check, table, use_of, uses


@cache
def settings_of_nbgrader() -> set[tuple[str, str]]:
    """Return all that a course can set for nbgrader's classes, but for commands'."""
    found = set()
    for module in pkgutil.walk_packages(nbgrader.__path__, "nbgrader."):
        if re.search(
            r"\.(tests|docs|alembic|__main__)(\.|$)|server_extensions", module.name
        ):
            continue
        for kind in vars(importlib.import_module(module.name)).values():
            is_own = inspect.isclass(kind) and issubclass(kind, Configurable)
            if is_own and kind.__module__.startswith("nbgrader."):
                names = kind.class_trait_names(config=True)
                found |= {(kind.__name__, name) for name in names}
    return found


def test_nothing_is_unknown_of_all_that_a_course_can_set():
    found = settings_of_nbgrader()
    commands = {kind for kind, _ in found if kind.endswith("App")} | {"NbGrader"}
    assert len(found) > 250
    unknown = {
        f"{kind}.{name}"
        for kind, name in found
        if kind not in commands and use_of(kind, name) is None
    }
    assert not unknown


def test_nothing_is_told_of_what_nbgrader_does_not_have():
    known = settings_of_nbgrader()
    gone = {
        f"{kind}.{name}"
        for kind, name in uses()
        if (kind, name) not in known and kind not in ("FormgradeExtension", "NbGrader")
    }
    assert not gone


def test_the_table_of_the_documentation_is_of_today():
    page = (ROOT / "docs" / "other-courses.md").read_text("utf-8")
    told = page.split("<!-- settings -->\n")[1].split("<!-- /settings -->")[0]
    assert told == table()


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("Autograde", "pre_convert_hook", print),
        ("GenerateAssignment", "no_database", True),
        ("ExecutePreprocessor", "kernel_manager_class", "mine"),
        ("NotebookClient", "on_cell_error", print),
        ("Execute", "extra_arguments", ["--pylab"]),
        ("Execute", "enabled", False),
        ("NbGraderPreprocessor", "enabled", False),
    ],
)
def test_what_is_refused_is_named_before_anything_runs(kind, name, value):
    config = Config()
    config[kind][name] = value
    with pytest.raises(WrongUse, match=rf"here: found what .*{kind}\.{name}: "):
        check("here", config)
    config[kind][name] = True if value is False else None
    assert not check("here", config)


def test_what_is_passed_over_and_what_is_no_setting_is_told():
    config = Config()
    config.Execute.iopub_timeout = 3
    config.ClearSolutions.code_stubb = {}
    config.NbGrader.db_students = []
    config.Late.days = 3  # a plugin's own
    config.CourseDirectory.course_id = "nn"
    told = "\n".join(check("here", config))
    assert "not followed: Execute.iopub_timeout: no Jupyter kernel" in told
    assert "ClearSolutions.code_stubb: nbgrader does not know it" in told
    assert "NbGrader.db_students: nbgrader does not know it" in told
    assert told.count("\n") == 2


@pytest.mark.parametrize(
    ("kind", "name", "value", "told"),
    [
        ("ExecutePreprocessor", "timeout", "60", "found str, expected int"),
        ("CourseDirectory", "ignore", "*.csv", "found str, expected list"),
        ("CourseDirectory", "source_directory", Path("src"), "expected str"),
        ("CourseDirectory", "db_url", None, "found NoneType, expected str"),
        ("Autograde", "exclude_overwriting", ["a.py"], "found list, expected dict"),
    ],
)
def test_a_value_of_another_form_is_refused_by_name(kind, name, value, told):
    config = Config()
    config[kind][name] = value
    with pytest.raises(WrongUse, match=rf"{kind}\.{name}: .*{told}"):
        check("nbgrader_config.py", config)


def test_what_is_added_to_a_list_and_no_limit_are_values():
    config = Config()
    config.CourseDirectory.ignore.append("*.csv")
    config.ExecutePreprocessor.timeout = None
    assert check("nbgrader_config.py", config) == []
