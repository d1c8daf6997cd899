"""A visitor of the pages for marking: over HTTP in one process, or in a browser."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from autograder.base.paths import ROOT
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.marking.desk import Desk
from autograder.marking.server import application

TOKEN = "right-token"


class Visitor:
    """Asks a desk, as a browser that was given its address would."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self.desk, self._loop = desk, loop
        (self._socket,) = bind_sockets(0, "127.0.0.1")
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        loop.run_until_complete(self._begin())

    async def _begin(self) -> None:
        port = self._socket.getsockname()[1]
        HTTPServer(application(self.desk, port, TOKEN)).add_sockets([self._socket])

    def ask(self, path: str, body: object = None, **headers: str) -> HTTPResponse:
        """Return what the server answers, whatever it is."""
        if body is not None:
            headers = {"Origin": f"http://{self.host}"} | headers
        request = HTTPRequest(
            f"http://{self.host}{path}",
            follow_redirects=False,
            method="GET" if body is None else "POST",
            body=None if body is None else json.dumps(body),
            headers={name: value for name, value in headers.items() if value},
        )

        async def answer() -> HTTPResponse:
            return await AsyncHTTPClient().fetch(request, raise_error=False)

        return self._loop.run_until_complete(answer())

    def page(self, question: str) -> str:
        """Return a question's page."""
        names = [one.name for one in self.desk.questions]
        answer = self.ask(f"/{TOKEN}/{names.index(question)}")
        assert answer.code == 200, answer.body
        return answer.body.decode()

    def sheets(self, question: str) -> dict[str, dict]:
        """Return each student's part of a page: `id`, `seen` and all of it."""
        names = {
            row.id: row.student
            for one in self.desk.questions
            if one.name == question
            for row in (sheet.row for sheet in self.desk.sheets(one))
        }
        page = self.page(question).partition('id="main"')[2]
        parts = re.split(r'<div class="desk-sheet"', page)[1:]
        found = {}
        for part in parts:
            name, seen = re.search(r'data-id="(\w+)" data-seen="(\w+)"', part).groups()
            found[names[name]] = {"id": name, "seen": seen, "part": part}
        return found

    def save(self, sheet: dict, **given: object) -> tuple[int, dict]:
        """Give something for a sheet; return the status and what came back."""
        body = {"id": sheet["id"], "seen": sheet["seen"], **given}
        answer = self.ask(f"/{TOKEN}/save", body)
        return answer.code, json.loads(answer.body)


@contextmanager
def visit(course: Course, lesson: str) -> Iterator[Visitor]:
    """Open a desk, and serve it as long as somebody asks."""
    loop = asyncio.new_event_loop()
    try:
        with Marker(course) as marker:
            yield Visitor(Desk(course, lesson, marker), loop)
    finally:
        loop.close()


@contextmanager
def marking(course: Course, lesson: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """Run the command; yield it with the address that it says."""
    room = "--classroom" if course.is_ours else "--course"
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "mark", lesson, room, course.results],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, process.stdout.readline().split()[0]
    finally:
        process.kill()
        process.communicate()


def graded_notebook(course: Course, student: str, lesson: str) -> Path:
    """Return where a student's graded notebook is."""
    return course.path("autograded", student, lesson) / f"{lesson}.ipynb"
