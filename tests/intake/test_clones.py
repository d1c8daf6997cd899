"""Clones of git repositories: notebooks are taken, and nothing else is looked at."""

import json
import os

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from tests.support.downloads import OTHER, answers, collect
from tests.support.small_course import NAME


@pytest.fixture
def clone(tmp_path):
    """Return a function that makes a clone with files in it."""

    def make(name, files, folder="clones"):
        root = tmp_path / folder / name
        for inside in (".git/config", ".git/objects/aa/bb", "README.md", "data/x.csv"):
            (root / inside).parent.mkdir(parents=True, exist_ok=True)
            (root / inside).write_bytes(b"[core]\n\tfsmonitor = touch /tmp/owned\n")
        for inside, content in files.items():
            (root / inside).parent.mkdir(parents=True, exist_ok=True)
            (root / inside).write_bytes(content)
        return root

    return make


def place(lesson):
    return f"notebooks/{lesson}/{lesson}.ipynb"


def test_only_notebooks_that_were_worked_on_are_taken(
    classroom, lessons, notebook, clone, tmp_path
):
    given = notebook("as given out", OTHER)
    release = classroom.path("release", ".", OTHER) / f"{OTHER}.ipynb"
    release.parent.mkdir(parents=True, exist_ok=True)
    release.write_bytes(given)
    files = {place(NAME): notebook("mine"), place(OTHER): given}
    rest = {
        ".git/x.ipynb": notebook("no"),
        ".venv/lib/x.ipynb": notebook("no"),
        "notebooks/.ipynb_checkpoints/x.ipynb": notebook("no"),
        "scratch.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4}',
    }
    clone("ada", files | rest)
    clone("bob", files)
    (tmp_path / "clones" / "notes.txt").touch()
    try:
        report = collect(classroom, tmp_path / "clones", is_git=True)
    finally:
        release.unlink()
    assert answers(classroom) == {("ada", NAME): "mine", ("bob", NAME): "mine"}
    assert (report.left, report.not_taken, report.astray) == ([], [], [])
    assert report.no_work == 3


def test_what_was_given_out_before_a_test_was_corrected_is_no_work(
    classroom, notebook, clone, tmp_path
):
    given = notebook("as given out", OTHER)
    release = classroom.path("release", ".", OTHER) / f"{OTHER}.ipynb"
    corrected = json.loads(given)
    test = next(
        c for c in corrected["cells"] if c["metadata"].get("nbgrader", {}).get("locked")
    )
    test["source"] = "assert True"
    release.parent.mkdir(parents=True, exist_ok=True)
    release.write_text(json.dumps(corrected))
    clone("ada", {place(OTHER): notebook("mine", OTHER)})
    clone("bob", {place(OTHER): given})
    try:
        report = collect(classroom, tmp_path / "clones", is_git=True)
    finally:
        release.unlink()
    assert answers(classroom) == {("ada", OTHER): "mine"}
    assert report.no_work == 1


def test_one_clone_is_enough_and_a_pull_replaces(classroom, notebook, clone):
    root = clone("ada", {place(NAME): notebook("first")})
    collect(classroom, root, is_git=True)
    os.utime(clone("ada", {place(NAME): notebook("second")}) / place(NAME), (9e9, 9e9))
    report = collect(classroom, root, is_git=True)
    assert answers(classroom) == {("ada", NAME): "second"}
    assert "replaced/ada" in report.placed[0]


@pytest.mark.parametrize("name", ["hw1-x-ada", "hw1-not-ada", "hw1-z-y-ada"])
@pytest.mark.parametrize("own", [place(NAME), f"{NAME}-Copy1.ipynb"])
def test_an_account_that_ends_as_anothers_takes_nobodys_place(
    own, name, classroom, notebook, clone, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\n")
    clone("hw1-ada", {own: notebook("mine")})
    forged = clone(name, {place(NAME): notebook("forged")})
    os.utime(forged / place(NAME), (9e9, 9e9))
    report = collect(classroom, tmp_path / "clones", is_git=True, roster=roster)
    assert answers(classroom) == {("ada", NAME): "mine"}
    assert "may be somebody else's" in report.not_taken[0]


@pytest.mark.parametrize("name", ["hw1-x-ada", "hw1-not-ada", "HW1-z-y-Ada"])
def test_an_account_that_ends_as_somebody_who_handed_in_nothing_is_left(
    name, classroom, notebook, clone, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\ntim\nsue\n")
    for of in (name, "hw1-tim", "hw1-sue"):
        clone(of, {place(NAME): notebook(of)})
    report = collect(classroom, tmp_path / "clones", is_git=True, roster=roster)
    assert answers(classroom).keys() == {("tim", NAME), ("sue", NAME)}
    assert f"may be of an account {name[4:]}" in report.left[0]


def test_clones_of_two_assignments_beside_each_other_are_all_taken(
    classroom, notebook, clone, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\ntim\n")
    for lesson, start in ((NAME, "hw1-"), (OTHER, "hw1-bonus-")):
        for of in ("ada", "tim"):
            clone(start + of, {place(lesson): notebook(of, lesson)})
    report = collect(classroom, tmp_path / "clones", is_git=True, roster=roster)
    assert (len(report.placed), report.left) == (4, [])


def test_the_lessons_own_file_goes_before_copies(classroom, notebook, clone):
    copy = f"notebooks/{NAME}/{NAME}-Copy1.ipynb"
    files = {place(NAME): notebook("mine"), copy: notebook("copy")}
    root = clone("ada", files)
    os.utime(root / copy, (9e9, 9e9))
    collect(classroom, root, is_git=True)
    assert answers(classroom) == {("ada", NAME): "mine"}


def test_the_roster_knows_names_of_folders_and_their_ends(
    classroom, notebook, clone, tmp_path
):
    roster = tmp_path / "roster.csv"
    rows = "al12,Ada,King,ada-king\ntb13,Tim,Byron,\nking,K,King,\n"
    roster.write_text(f"id,first_name,last_name,number\n{rows}", "utf-8")
    for name in ("ada-king", "lesson-TB13", "lesson-ada-king", "lesson-eve"):
        clone(name, {place(NAME): notebook(name)})
    report = collect(classroom, tmp_path / "clones", roster=roster, is_git=True)
    assert answers(classroom) == {
        ("al12", NAME): "ada-king",
        ("tb13", NAME): "lesson-TB13",
    }
    both, nobody = report.left
    assert "is from al12 or king" in both
    assert "is from nobody" in nobody


def test_what_is_broken_or_a_link_is_named(classroom, notebook, clone, tmp_path):
    root = clone("ada", {place(NAME): b"<<<<<<< HEAD"})
    (root / "x.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    report = collect(classroom, root, is_git=True)
    assert len(report.left) == 2
    assert not answers(classroom)


def test_names_that_are_no_logins_and_folders_without_clones_are_refused(
    classroom, notebook, clone, tmp_path
):
    clone("ada king", {place(NAME): notebook()})
    assert len(collect(classroom, tmp_path / "clones", is_git=True).left) == 1
    for folder in (tmp_path / "none", tmp_path / "clones" / "ada king" / "data"):
        with pytest.raises(WrongUse, match="no clone"):
            collect(classroom, folder, is_git=True)


def test_the_command_takes_one_lesson_and_counts_the_rest(
    classroom, notebook, clone, monkeypatch
):
    monkeypatch.setattr("autograder.cli.instructors.course_of", lambda *_: classroom)
    root = clone("ada", {place(n): notebook("", n) for n in (NAME, OTHER)})
    order = ["collect", "--git", str(root), "--lesson", OTHER]
    result = CliRunner().invoke(app, order)
    assert result.exit_code == 0, result.output
    assert "1 placed, 0 unchanged, 0 not taken, 0 left" in result.output
    assert "1 notebooks are as given out, or of no lesson asked for" in result.output


def test_without_the_option_a_remark_a_file_leads_to_it(
    classroom, notebook, clone, tmp_path
):
    clone("ada", {place(NAME): notebook()})
    report = collect(classroom, tmp_path / "clones")
    assert len(report.left) == 3  # nothing of .git among them
    assert any("with --git" in text for text in report.left)
