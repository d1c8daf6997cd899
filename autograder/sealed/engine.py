"""The engine: notebooks in, executed notebooks out, each in two fresh processes."""

from __future__ import annotations

import contextlib
import json
import marshal
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.base.errors import EngineError
from autograder.base.paths import secret_rooms
from autograder.base.tempdirs import run_tempdir
from autograder.model.cells import Role, entry_of, role_in_notebook
from autograder.sealed import pictures, template
from autograder.sealed.begin import examine
from autograder.sealed.compiling.code_of_tests import compile_tests, definitions_of
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import LEFT_OUT, MOST_PATIENCE, NotebookLimits
from autograder.sealed.sandbox.readable import expect_hidden
from autograder.sealed.sandbox.spawn import probe
from autograder.sealed.student import compiled_cells

MOST_DEATHS = 4
MOST_SLOW = 3
MOST_STARTS, LOOK_S = 5, 0.2
SLOW_S = 0.1
SLACK_S = 15
GRADING = {"NBGRADER_EXECUTION": "autograde"}
CHECKING = {"NBGRADER_EXECUTION": "validate", "NBGRADER_VALIDATING": "1"}
"""What nbgrader sets while it grades, and while a student checks: cells that train,
load or ask for input may step aside then."""


class Engine:
    """Executes notebooks in forks of one warm template; a context manager.

    Parameters
    ----------
    environment
        What notebooks and tests find in their environment: `GRADING` or `CHECKING`.
    for_many
        Whether the template, if it has not started yet, gets as warm as it can.
    """

    def __init__(
        self,
        preload: Sequence[str],
        limits: NotebookLimits,
        require_sandbox: bool = False,
        environment: Mapping[str, str] = GRADING,
        for_many: bool = False,
    ) -> None:
        self._start_template = partial(template.start, preload, for_many=for_many)
        self._environment = dict(environment)
        self._limits = limits
        self._starting = threading.Lock()
        self._compiling = threading.Lock()
        self._context = multiprocessing.get_context("forkserver")
        expect_hidden(secret_rooms())
        if require_sandbox:
            _insist_on_all_layers()

    def __enter__(self) -> Engine:
        self._tempdir = run_tempdir()
        self._folder = self._tempdir.__enter__()
        _let_through(self._folder)
        self._start_template()
        self._tidying = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._tidying.shutdown()
        template.stop()
        self._tempdir.__exit__(None, None, None)

    def run(self, job: Job) -> Executed:
        """Execute one notebook; may be called from several threads at once.

        A cell that ends the student's process is marked, and the rest of the
        notebook is executed in a new one, with the cells before it run again.

        Raises
        ------
        EngineError
            The grader failed, not the student.
        """
        cells = [_plain(cell) for cell in job.notebook.cells]
        results: list[dict] = []
        skip: dict[int, dict] = {}
        layers: list[str] = []
        seconds = self._limits.notebook_wall_s
        deadline = time.monotonic() + seconds
        latest = deadline + (MOST_PATIENCE - 1) * seconds
        answer: dict = {}
        while not answer or len(results) < len(cells):  # there may be none
            if len(skip) > MOST_DEATHS or time.monotonic() > deadline:
                results += [_given_up(cell) for cell in cells[len(results) :]]
                break
            deadline = min(deadline, latest)
            times = (deadline, latest)
            answer = self._examined(job, cells, len(results), skip, *times)
            deadline += answer["waited_s"]
            results += answer["results"]
            layers = answer["sandbox"]
            if answer["died"]:
                deadly = results[-1]
                skip[len(results) - 1] = {
                    key: deadly[key] for key in ("status", "points", "message")
                }
        executed = _executed(job.notebook, cells, results, layers)
        executed.pictures = answer["pictures"]
        if job.shared:
            executed.notebook.metadata["autograder"] = {"shared": sorted(job.shared)}
        return executed

    def _start(self, theirs: Connection) -> BaseProcess:
        """Fork an examiner from the template; make that again if it was ended."""
        with self._starting, template.without_main_module():
            for _ in range(MOST_STARTS):
                self._start_template()
                process = self._context.Process(target=examine, args=(theirs,))
                try:
                    process.start()
                except (EOFError, ConnectionError):  # it is ending at this moment
                    time.sleep(LOOK_S)
                else:
                    return process
        raise EngineError("the template ends as soon as it was started.")

    def _examined(self, *work: object) -> dict:
        """Examine; once more if the template was ended, and the examiner with it."""
        known = template.number()
        try:
            return self._examine(*work)
        except EngineError:
            with self._starting:
                self._start_template()
            if template.number() == known:
                raise
            return self._examine(*work)

    def _examine(
        self,
        job: Job,
        cells: list,
        start: int,
        skip: dict[int, dict],
        deadline: float,
        latest: float,
    ) -> dict:
        """Let a fresh pair of processes go on from cell `start`."""
        with ExitStack() as open_until_tidied:
            folder = open_until_tidied.enter_context(
                tempfile.TemporaryDirectory(dir=self._folder)
            )
            _let_through(folder)
            scratch = Path(folder) / "scratch"
            scratch.mkdir()
            _lay_out(job.files, scratch, self._limits.scratch_mib * 2**20 // 2)
            # Before a process is waited for; once where several threads ask for it.
            with self._compiling:
                tests, known = _compiled(cells, job), _known(cells, job)
            ours, theirs = self._context.Pipe()
            open_until_tidied.callback(ours.close)
            process = self._start(theirs)
            theirs.close()
            open_until_tidied.callback(self._end, process)
            told = job.to_json()
            order = {
                "scratch": str(scratch),
                "limits": asdict(self._limits),
                "environment": self._environment,
                "figures": str(job.figures) if job.figures else None,
                "known_figures": pictures.digests(job.figures),
                "kernel": told["kernel"],
                "data": told["data"],
                "records": told["records"],
            }
            ours.send_bytes(json.dumps(order).encode())
            # An examiner needs the notebook's cells, and little of them.
            del told["notebook"], told["imports"]
            work = told | {
                "cells": cells,
                "start": start,
                "skip": skip,
                "seconds": deadline - time.monotonic(),
                "most_seconds": latest - time.monotonic(),
            }
            # Faster than JSON; the examiner trusts this process.
            ours.send_bytes(marshal.dumps(work))
            ours.send_bytes(tests)
            ours.send_bytes(marshal.dumps((_definitions(cells, job), known)))
            answer = self._answer(ours, process, latest)
            # Both processes end by themselves now; nobody has to wait for that.
            open_until_tidied.callback(self._exit_code, process, SLACK_S)
            self._tidying.submit(open_until_tidied.pop_all().close)
            return answer

    def _answer(self, ours: Connection, process: BaseProcess, deadline: float) -> dict:
        try:
            if not ours.poll(max(0.0, deadline - time.monotonic()) + SLACK_S):
                raise EngineError("the examiner did not answer in time; it was ended.")
            answer = json.loads(ours.recv_bytes())
        except (EOFError, OSError) as error:
            code = self._exit_code(process, SLACK_S)
            raise EngineError(
                f"the examiner ended without an answer (exit code {code}): "
                "killed from outside, or the machine ran out of memory."
            ) from error
        if "errored" in answer:
            raise EngineError(answer["errored"])
        return answer

    def _exit_code(self, process: BaseProcess, patience_s: float | None) -> int | None:
        """Wait for the end of an examiner; None if it goes on.

        Whoever starts a process reads the exit codes of those that have ended, too.
        Where two threads read one, the second would wait for ever.
        """
        wait([process.sentinel], patience_s)
        with self._starting:
            return process.exitcode

    def _end(self, process: BaseProcess) -> None:
        """End an examiner, if it has not ended yet."""
        if self._exit_code(process, 0) is None:
            process.kill()
            self._exit_code(process, None)
        with self._starting:
            process.join()
            process.close()


def _insist_on_all_layers() -> None:
    missing = [layer for layer in probe() if not layer.active]
    if missing:
        named = "; ".join(f"{layer.name}: {layer.detail}" for layer in missing)
        raise EngineError(
            f"the sandbox is not complete ({named}) and --require-sandbox asks for "
            "all of it; run `autograder doctor`."
        )


def _lay_out(files: Mapping[str, Path], scratch: Path, room: int) -> None:
    """Copy files, as many bytes as there is room for.

    Where two names are in each other's way, the later one counts.
    """
    for name, path in reversed(list(files.items())):
        target, size = scratch / name, path.stat().st_size
        if size > room:
            continue
        room -= size
        with contextlib.suppress(
            FileExistsError, NotADirectoryError, IsADirectoryError
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _plain(cell: NotebookNode) -> dict:
    role, entry = role_in_notebook(cell), entry_of(cell)
    return {
        "kind": cell["cell_type"],
        "source": cell["source"],
        "grade_id": entry.get("grade_id"),
        "is_solution": entry.get("solution", False),
        "is_locked": role == Role.GIVEN and entry.get("locked", False),
        "is_constants": role == Role.CONSTANTS,
        "is_test": role == Role.TEST,
        "max_points": float(entry.get("points") or 0),
    }


def _compiled(cells: list[dict], job: Job) -> bytes:
    tests, locked = _tests(cells, job.shared), _locked(cells, job.held)
    constants = tuple(cell["source"] for cell in cells if cell["is_constants"])
    return compile_tests(tests, locked, job.imports, constants)


def _tests(cells: list[dict], shared: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return name and source of the tests that run in the examiner."""
    return tuple(
        (cell["grade_id"], cell["source"])
        for cell in cells
        if cell["is_test"] and cell["grade_id"] not in shared
    )


def _locked(
    cells: list[dict], held: Mapping[str, list[str]]
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return name, source and held names of the cells that define some for good."""
    return tuple(
        (name, cell["source"], tuple(held[name]))
        for cell in cells
        if (name := cell["grade_id"]) in held
    )


def _known(cells: list[dict], job: Job) -> dict[str, bytes]:
    """Return given cells that run as code, by their sources, as far as that pays."""
    if job.kernel:
        return {}
    locked = {source for _, source, _ in _locked(cells, job.held)}
    given = {*locked, *job.left_out.values()}
    return {
        source: code for source in given if (code := compiled_cells.compiled(source))
    }


def _definitions(cells: list[dict], job: Job) -> dict[str, bytes]:
    """Return what the locked cells define for good, as far as each of them runs."""
    return {
        name: definitions_of(
            job.left_out.get(index, cell["source"]), tuple(job.held[name])
        )
        for index, cell in enumerate(cells)
        if (name := cell["grade_id"]) in job.held
    }


def _given_up(cell: dict) -> dict:
    """Return the result of a cell that no process was left for."""
    message = "not run: the cells before it used up or ended every process"
    error = {
        "output_type": "error",
        "ename": "NotRun",
        "evalue": message,
        "traceback": [message],
    }
    outputs = [error] if cell["kind"] == "code" else []
    return {"outputs": outputs, "points": 0.0, "status": "crashed", "message": message}


def _let_through(folder: str | Path) -> None:
    """Let the user that root becomes for student code reach what is below a folder.

    Its names stay hidden. Without this root would stay root where nothing is mounted
    for the student's process: in an ordinary container.
    """
    if os.geteuid() == 0:
        os.chmod(folder, 0o711)  # noqa: S103  # to pass through, not to look in


def _executed(
    notebook: NotebookNode, cells: list[dict], results: list[dict], layers: list[str]
) -> Executed:
    # Sources and ids are text; what is changed here and later is made anew.
    made = NotebookNode(notebook)
    made.metadata = nbformat.from_dict(notebook.metadata)
    made.cells = [
        NotebookNode(cell, metadata=nbformat.from_dict(cell["metadata"]))
        for cell in notebook.cells
    ]
    entries, times, count = [], [], 0
    for cell, plain, result in zip(made.cells, cells, results, strict=True):
        if plain["kind"] != "code":
            continue
        is_left_out = result["status"] == LEFT_OUT
        if is_left_out:
            cell["metadata"]["autograder"] = {"left_out": True}
        count += not is_left_out
        cell["execution_count"] = None if is_left_out else count
        cell["outputs"] = [nbformat.from_dict(output) for output in result["outputs"]]
        for output in cell["outputs"]:
            if output.output_type == "execute_result":
                output.execution_count = count
        seconds = round(result.get("seconds", 0.0), 2)
        if seconds >= SLOW_S:
            name = plain["grade_id"] or f"[{count}]"
            times.append({"cell": name, "seconds": seconds})
        if plain["is_test"]:
            entries.append(
                {
                    "grade_id": plain["grade_id"],
                    "points": result["points"],
                    "max_points": plain["max_points"],
                    "status": result["status"],
                    "message": result["message"],
                }
            )
    slowest = sorted(times, key=lambda found: -found["seconds"])[:MOST_SLOW]
    return Executed(made, entries, layers, slowest=slowest)
