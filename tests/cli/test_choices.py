"""Arguments: lessons, students, classes and files by their names; wrong ones are 2."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import autograder.cli
from autograder.base.errors import WrongUse
from autograder.cli.choices import chosen_lessons, chosen_students, is_lesson
from autograder.sealed import template
from tests.support.small_class import RIGHT, SmallClass

pytestmark = pytest.mark.xdist_group("choices")
KNOWN = ["02_activation", "03_logistic_regression", "10_attention", "ps1"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("03", "03_logistic_regression"),
        ("02_activation", "02_activation"),
        ("ps1", "ps1"),
        ("3", "03_logistic_regression"),
        ("10", "10_attention"),
    ],
)
def test_a_number_is_enough(text, meant):
    assert chosen_lessons([text], KNOWN) == [meant]
    assert is_lesson(text, KNOWN)


def test_a_lesson_that_is_named_twice_is_one():
    assert chosen_lessons(["03", "03_logistic_regression"], KNOWN) == [KNOWN[1]]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("03_logistic_regresion", "perhaps 03_logistic_regression"),
        ("ps2", "perhaps ps1"),
        ("Attention", "perhaps 10_attention"),
        ("zzz", "one of 02_activation, 03_logistic_regression, 10_attention, ps1"),
        ("1", "one of 02_activation"),
    ],
)
def test_a_mistake_gets_the_nearest_name(text, near):
    with pytest.raises(WrongUse, match=near):
        chosen_lessons([text], KNOWN)
    assert not is_lesson(text, KNOWN)


def test_a_number_that_two_lessons_have_is_none():
    with pytest.raises(WrongUse, match="expected one of 03_a, 03_b"):
        chosen_lessons(["03"], ["03_b", "03_a"])


@pytest.mark.parametrize("text", ["07", "7", "07_layers"])
def test_a_lesson_of_another_class_is_told_from_one_that_is_none(text):
    told = r"07_layers is no lesson of this class: .* add \[lessons.07_layers\] to it"
    with pytest.raises(WrongUse, match=told):
        chosen_lessons([text], KNOWN, left_out=["07_layers"])


def test_a_student_gets_the_nearest_name():
    with pytest.raises(WrongUse, match="found no student adda, expected perhaps ada"):
        chosen_students(["adda"], {"ada", "bob"})


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    made = SmallClass(tmp_path_factory.mktemp("choices") / "course")
    made.hand_in("ada", RIGHT)
    made.run("grade")
    return made


def status(monkeypatch, capfd, *arguments: str) -> tuple[int, str]:
    """Run a command as the shell does; return its exit status and what it says."""
    monkeypatch.setattr(sys, "argv", ["autograder", *arguments])
    # What a command does to its own process, not to the one of all tests.
    monkeypatch.setattr(autograder.cli.logging, "disable", lambda _: None)
    monkeypatch.setattr(autograder.cli, "leave_working_folder_out", lambda: None)
    with pytest.raises(SystemExit) as ended:
        autograder.cli.main()
    told = capfd.readouterr()
    return ended.value.code or 0, told.out + told.err


LESSON_COMMANDS = [
    ["grade"],
    ["feedback"],
    ["report"],
    ["report", "--lesson"],
    ["show"],
    ["export"],
    ["watch"],
    ["tests"],
    ["audit"],
]


@pytest.mark.parametrize("command", LESSON_COMMANDS, ids=" ".join)
def test_a_mistyped_lesson_is_status_2_everywhere(command, room, monkeypatch, capfd):
    order = [*command, "ps11", "--course", str(room.root)]
    code, said = status(monkeypatch, capfd, *order)
    assert code == 2, said
    assert "found no lesson ps11" in said
    assert "perhaps ps1" in said


@pytest.mark.parametrize(
    "command",
    [
        ["build"],
        ["bundle"],
        ["bundle", "--lesson"],
        ["audit"],
        ["audit", "--cells"],
        ["variants", "--check", "1"],
        ["demo-class", "/nowhere/class"],
        ["demo-class", "/nowhere/class", "--lesson"],
    ],
    ids=" ".join,
)
def test_so_it_is_in_commands_on_our_lessons(command, monkeypatch, capfd):
    code, said = status(monkeypatch, capfd, *command, "03_logistic_regresion")
    assert code == 2, said
    assert "perhaps 03_logistic_regression" in said


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_a_mistyped_student_is_status_2(command, room, monkeypatch, capfd):
    order = [command, "--student", "adda", "--course", str(room.root)]
    code, said = status(monkeypatch, capfd, *order)
    assert (code, "perhaps ada" in said) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ["show"],
        ["export"],
        ["report"],
        ["feedback"],
        ["grade"],
        ["class", "remove", "ada"],
    ],
    ids=" ".join,
)
def test_a_class_that_is_not_there_is_not_made(command, tmp_path, monkeypatch, capfd):
    folder = tmp_path / "clasroom"
    code, said = status(monkeypatch, capfd, *command, "--classroom", str(folder))
    assert (code, "found no such folder" in said) == (2, True), said
    assert not folder.exists()


@pytest.mark.parametrize("command", ["show", "export", "report", "feedback"])
def test_a_class_without_marks_has_nothing_to_tell(
    command, tmp_path, monkeypatch, capfd
):
    code, said = status(monkeypatch, capfd, command, "--classroom", str(tmp_path))
    assert code == 2, said
    assert "found no" in said
    assert not list(tmp_path.glob("*.csv.*"))


WRONG = [
    ["export", "--to", "{0}/none/x.csv"],
    ["export", "--to", "{0}"],
    ["export", "--format", "odt"],
    ["class", "remove", "nobody"],
    ["class", "remove", "../course"],
]


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_wrong_use_is_one_message_and_status_2(command, room, monkeypatch, capfd):
    order = [part.format(room.root) for part in command]
    code, said = status(monkeypatch, capfd, *order, "--course", str(room.root))
    assert code == 2, said
    assert "Traceback" not in said
    assert "expected" in said
    assert (room.root / "submitted" / "ada").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["bundle", "/proc/none/x.zip", "00"],
        ["check", "none.ipynb"],
        ["collect", "none.zip", "--classroom", "{0}"],
        ["collect", "01", "02", "none.zip", "--classroom", "{0}"],
        ["variants", "--roster", "none.csv", "--classroom", "{0}"],
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_no_traceback(
    command, tmp_path, monkeypatch, capfd
):
    order = [part.format(tmp_path) for part in command]
    code, said = status(monkeypatch, capfd, *order)
    assert code in (1, 2), said
    assert "Traceback" not in said


def test_a_working_folder_that_was_deleted_is_no_traceback(tmp_path):
    command = f'"{sys.executable}" -c "from autograder.cli import main; main()" show'
    lines = f"mkdir gone; cd gone; rmdir ../gone; exec {command}"
    done = subprocess.run(["sh", "-c", lines], cwd=tmp_path, capture_output=True)
    assert done.returncode == 2
    assert done.stderr.startswith(b"found no working folder")


@pytest.mark.parametrize("most", [2, 3])
def test_the_template_is_warmed_for_many_where_many_wait(tmp_path, monkeypatch, most):
    class Started(Exception):
        pass

    def start(modules, *, for_many=False):
        raise Started(for_many)

    monkeypatch.setattr(template, "MANY", most)
    monkeypatch.setattr(template, "start", start)
    one = SmallClass(tmp_path / "class")
    for student in ("ada", "bob"):
        one.hand_in(student, RIGHT)
    ran = CliRunner().invoke(autograder.cli.app, ["grade", "--course", str(one.root)])
    assert isinstance(ran.exception, Started), ran.output
    assert ran.exception.args == (most == 2,)
