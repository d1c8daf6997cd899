"""The same attacks against stock nbgrader: a throw-away course, a process each."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from resource import RLIMIT_DATA, RLIMIT_FSIZE, setrlimit

from traitlets.config import Config

from autograder.base.errors import EngineError
from autograder.base.paths import ROOT
from tests.attacks.arena import FULL, LESSON, Arena, Hand
from tests.attacks.pages import injected
from tests.attacks.registry import Attack

CELL_TIMEOUT_S = 10
PATIENCE_S = 120
CLASSMATE = "a_classmate"
KEPT = ROOT / "build" / "attacks" / "stock.jsonl"
LARGEST_FILE, MOST_MEMORY = 2**30, 2**32
"""Bytes: what stock nbgrader may write into one file, and hold in one process, before
this machine is in danger."""


def try_stock(attacks: Iterable[Attack], root: Path) -> None:
    """Grade attacks with `nbgrader autograde`; note in a few words what came of each.

    At once, in `KEPT`: a run that was ended goes on there.
    """
    os.environ["JUPYTER_RUNTIME_DIR"] = str(root / "runtime")
    # nbgrader calls `alembic`, and Jupyter `python`, by their names.
    tools = str(Path(sys.executable).parent)
    os.environ["PATH"] = tools + os.pathsep + os.environ["PATH"]
    arena = Arena(root / "course")
    source = arena.root / "build" / "source"
    shutil.copytree(source, arena.room / "source")
    _apart(_make_gradebook, arena.room)
    honest = _apart(_grade, arena.room, CLASSMATE)
    if not honest or honest["score"] != FULL:
        raise EngineError(f"stock nbgrader does not work here: {honest}")
    shutil.copy(arena.room / "gradebook.db", root / "clean.db")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        for attack in attacks:
            hand = Hand(room=arena.room, port=listener.getsockname()[1])
            attack.prepare(hand)
            shutil.copy(root / "clean.db", arena.room / "gradebook.db")
            _note(attack.name, _try_one(attack, hand, arena, root))


def try_stock_side_by_side(attacks: Iterable[Attack], root: Path) -> None:
    """Do as `try_stock` on all cores, with attacks that authors' machines survive."""
    todo = [attack for attack in attacks if attack.safe_for_stock]
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    each = [
        context.Process(target=try_stock, args=(todo[n::cores], root / str(n)))
        for n in range(cores)
    ]
    for process in each:
        process.start()
    for process in each:
        process.join()
    if any(process.exitcode for process in each):
        raise EngineError("stock nbgrader was not tried to the end: see above.")


def noted() -> dict[str, str]:
    """Return what came of attacks on stock nbgrader since the page was written."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.exists() else []
    return dict(json.loads(line) for line in lines)


def _note(name: str, found: str) -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:  # a line is written in one piece
        file.write(json.dumps([name, found]) + "\n")
    print(f"{name}: {found}", flush=True)


def _try_one(attack: Attack, hand: Hand, arena: Arena, root: Path) -> str:
    student = hand.student or attack.name
    folder = arena.hand_in(student, hand)
    os.environ["ATTACKERS_LOOK_FOR"] = arena.secrets["environment"]
    before = arena.digest()
    try:
        result = _apart(_grade, arena.room, student)
        spoilt = arena.digest() != before
    finally:
        del os.environ["ATTACKERS_LOOK_FOR"]
        _end_all_in(root)
        for link in filter(Path.is_symlink, (folder, folder.parent)):
            link.unlink()
        shutil.rmtree(folder.parent, ignore_errors=True)
        # A later attacker must not find this one's work.
        for room in ("autograded", "feedback"):
            shutil.rmtree(arena.room / room / student, ignore_errors=True)
    if spoilt:
        arena.admit_a_classmate()
    return _in_words(attack, result, arena, spoilt)


def _in_words(attack: Attack, result: dict | None, arena: Arena, spoilt: bool) -> str:
    if result is None:
        return f"**hung** for {PATIENCE_S} s"
    notes = []
    if result["error"]:
        words = f"not graded ({result['error']})"
        notes.append(words if attack.status == "unreadable" else f"**{words}**")
    else:
        score = f"{result['score']:g}"
        notes.append(f"**{score}**" if result["score"] != attack.worth else score)
    # Its tracebacks show hidden tests, too; what counts is what the attacker found.
    if any(f"LOOT {secret}" in result["outputs"] for secret in arena.secrets.values()):
        notes.append("**secrets read**")
    elif "LOOT a way to" in result["outputs"]:
        notes.append("**connected**")
    if injected(result["feedback"]):
        notes.append("**script in feedback**")
    if result["classmate"] != result["classmate_before"]:
        notes.append("**a classmate's marks changed**")
    if spoilt:
        notes.append("**a classmate's work destroyed**")
    return ", ".join(notes)


def _apart(function, *args: object) -> dict | None:
    """Call a function in a process of its own; None if it does not end in time."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def run() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error is enough
        for limit, most in ((RLIMIT_FSIZE, LARGEST_FILE), (RLIMIT_DATA, MOST_MEMORY)):
            setrlimit(limit, (most, most))
        with open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
        theirs.send(json.dumps(function(*args)))

    process = context.Process(target=run)
    process.start()
    theirs.close()
    try:
        return json.loads(ours.recv()) if ours.poll(PATIENCE_S) else None
    except EOFError:
        return {
            "error": "nbgrader itself ended",
            "outputs": "",
            "feedback": "",
            "classmate": 0,
            "classmate_before": 0,
            "score": 0.0,
        }
    finally:
        process.kill()
        process.join()


def _config(room: Path) -> Config:
    config = Config()
    config.CourseDirectory.root = str(room)
    config.CourseDirectory.db_url = f"sqlite:///{room / 'gradebook.db'}"
    config.ExecutePreprocessor.timeout = CELL_TIMEOUT_S
    config.Execute.timeout = CELL_TIMEOUT_S
    return config


def _make_gradebook(room: Path) -> dict:
    from nbgrader.apps import NbGraderAPI

    return NbGraderAPI(config=_config(room)).generate_assignment(LESSON, force=True)


def _grade(room: Path, student: str) -> dict:
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI

    def score_of(name: str) -> float:
        with Gradebook(f"sqlite:///{room / 'gradebook.db'}") as book:
            found = book.assignment_submissions(LESSON)
            return sum(s.score for s in found if s.student_id == name)

    before = score_of(CLASSMATE)
    api = NbGraderAPI(config=_config(room))
    said = api.autograde(LESSON, student, force=True)
    path = room / "autograded" / student / LESSON / f"{LESSON}.ipynb"
    shown = ""
    if path.exists():
        cells = json.loads(path.read_text("utf-8"))["cells"]
        shown = json.dumps([cell.get("outputs") for cell in cells])
    api.generate_feedback(LESSON, student, force=True)
    page = room / "feedback" / student / LESSON / f"{LESSON}.html"
    return {
        "error": "" if said["success"] else _reason(said),
        "score": score_of(student),
        "outputs": shown,
        "feedback": page.read_text("utf-8") if page.exists() else "",
        "classmate": score_of(CLASSMATE),
        "classmate_before": before,
    }


def _reason(said: dict) -> str:
    """Return the name of the error that nbgrader ended with."""
    text = f"{said.get('log') or ''}\n{said.get('error') or ''}"
    words = [word.strip(":,.()") for word in text.split()]
    names = [w.rpartition(".")[2] for w in words if w.endswith(("Error", "Exception"))]
    own = [n for n in names if n not in ("NbGraderException", "Exception", "Error")]
    return (own or names or ["it said no reason"])[-1]


def _end_all_in(root: Path) -> None:
    """End the kernels, and what they started, that have this folder in their line."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            where = os.readlink(folder / "cwd")
        except OSError:
            continue
        if int(folder.name) != os.getpid() and (
            bytes(root) + b"/" in line or Path(where).is_relative_to(root)
        ):
            os.kill(int(folder.name), signal.SIGKILL)
