"""What lies where student code may read: a class, an exchange, a server."""

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.base.errors import AutograderError
from autograder.sealed.sandbox import spawn
from tests.attacks.arena import Arena, Hand
from tests.attacks.cheats.stealing import LOOK, opens_files_of_the_class

pytestmark = [
    pytest.mark.xdist_group("rooms"),
    pytest.mark.skipif(
        not all(layer.active for layer in spawn.probe()),
        reason="without the whole sandbox everything can be read",
    ),
]

ROOMS = {
    "where nbgrader's exchange is": "/usr/local/share",
    "beside the machine's data": "/usr/share",
    "beside the machine's libraries": "/usr/lib",
    "inside Python": sys.prefix,
    "inside the Python below it": sys.base_prefix,
    "beside Python's packages": str(Path(pytest.__file__).parent.parent),
}


@pytest.fixture
def room(request):
    """Make a folder inside a readable one; remove it afterwards."""
    try:
        made = tempfile.mkdtemp(prefix="attacked-", dir=request.param)
    except OSError as error:
        pytest.skip(f"nothing can be written there: {error}")
    os.chmod(made, 0o755)
    yield Path(made)
    shutil.rmtree(made)


rooms = pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS, indirect=True)
shared_rooms = pytest.mark.parametrize(
    "room", ["/usr/local/share", "/usr/share"], indirect=True
)
"""No library of Python's lies there, so that nothing there need be seen."""


def _graded(arena, **students):
    """Grade a class; nothing if the grader refuses, naming the folder."""
    for student, hand in students.items():
        arena.hand_in(student, hand)
    try:
        return arena.grade()
    except AutograderError as error:
        if str(arena.root) not in str(error):
            raise
        return None


def _secrets_in(outcomes, arena):
    told = [o.outputs + o.feedback + str(o.record) for o in outcomes.values()]
    return {k for k, s in arena.secrets.items() if any(s in text for text in told)}


@rooms
def test_a_class_where_students_can_read_is_refused_or_hidden(room):
    arena = Arena(room / "course")
    hand = Hand(room=arena.room)
    opens_files_of_the_class(hand)
    outcomes = _graded(arena, thief=hand)
    assert outcomes is None or _secrets_in(outcomes, arena) == set()


@rooms
def test_a_copied_solution_gives_no_points_wherever_it_lies(room):
    arena = Arena(room / "course")
    hand = Hand(room=arena.room)
    source = arena.root / "build" / "source"
    hand.cell("Tally").source += f"""

import glob, json
for path in glob.glob("{source}/*/*.ipynb"):
    for cell in json.load(open(path))["cells"]:
        if cell["cell_type"] == "code" and "BEGIN SOLUTION" in "".join(cell["source"]):
            exec("".join(cell["source"]))"""
    tests = hand.tests
    others = [cell for cell in hand.notebook.cells if cell not in tests]
    hand.notebook.cells = others + tests
    outcomes = _graded(arena, thief=hand)
    assert outcomes is None or outcomes["thief"].record.score == 0.0


@shared_rooms
def test_an_exchange_where_students_can_read_is_hidden(room, tmp_path):
    """nbgrader's own one lies in /usr/local/share, and holds everybody's work."""
    arena = Arena(tmp_path)
    inbound = room / "exchange" / "course" / "inbound" / "ann+00_attacked+2026"
    inbound.mkdir(parents=True)
    (inbound / "00_attacked.ipynb").write_text(arena.secrets["classmate"])
    hand = Hand(room=arena.room)
    hand.first(
        f"{LOOK}\nfor folder, folders, names in os.walk('{room}'):\n"
        "    for name in names:\n        read(os.path.join(folder, name))"
    )
    outcomes = _graded(arena, thief=hand)
    assert "classmate" not in _secrets_in({"thief": outcomes["thief"]}, arena)


@shared_rooms
def test_a_server_of_a_readable_folder_cannot_be_talked_to(room, tmp_path):
    arena = Arena(tmp_path)
    place = room / "server"
    hand = Hand(room=arena.room)
    hand.first(f"""
        import socket

        with socket.socket(socket.AF_UNIX) as line:
            line.connect("{place}")
            line.sendall(b"here I am")
        """)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        place.chmod(0o777)
        listener.listen()
        listener.settimeout(0.1)
        _graded(arena, caller=hand)
        with pytest.raises(TimeoutError):
            listener.accept()
