"""The server: pages of the desk for one browser on this machine, and nobody else.

Whoever asks must know the token, which only the terminal says. Pages of others in the
same browser cannot ask in its place: the host that they name is another one, also if
its name leads here, and so is the origin that the browser adds.
"""

import asyncio
import hmac
import json
import secrets
import signal
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from autograder.base.errors import AutograderError, WrongUse
from autograder.marking.desk import Desk
from autograder.pages.render import render

HERE = "127.0.0.1"
LARGEST_REQUEST = 200_000
"""Bytes."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer. What a page may load and run is in its own policy, too."""


def serve(desk: Desk, port: int, say: Callable[[str], None]) -> None:
    """Serve a desk until somebody presses Ctrl-C.

    Parameters
    ----------
    port
        0 takes any that is free.
    say
        Is told the address, and the token in it.

    Raises
    ------
    WrongUse
        The port cannot be used.
    """
    asyncio.run(_serve(desk, port, say))


async def _serve(desk: Desk, port: int, say: Callable[[str], None]) -> None:
    try:
        sockets = bind_sockets(port, HERE)
    except (OSError, OverflowError) as error:
        raise WrongUse(
            f"--port {port}: {getattr(error, 'strerror', error)}; name another one, "
            "or none for any that is free."
        ) from None
    port, token = sockets[0].getsockname()[1], secrets.token_urlsafe(24)
    server = HTTPServer(application(desk, port, token), max_body_size=LARGEST_REQUEST)
    server.add_sockets(sockets)
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    say(f"http://{HERE}:{port}/{token}/")
    await stopped.wait()
    server.stop()
    await server.close_all_connections()


def application(desk: Desk, port: int, token: str) -> Application:
    """Return what answers requests to a desk."""
    known = {"desk": desk, "port": port, "token": token}
    handlers = [
        (r"/([^/]+)/(\d*)", _Page, known),
        (r"/([^/]+)/(\d+)/names", _Names, known),
        (r"/([^/]+)/answer/(\w+)", _Answer, known),
        (r"/([^/]+)/save", _Save, known),
    ]
    return Application(
        handlers,
        default_handler_class=_Nothing,
        default_handler_args=known,
        log_function=lambda _: None,  # an address has the token in it
    )


class _Handler(RequestHandler):
    """Answers nobody but the browser that was given the address."""

    def initialize(self, desk: Desk, port: int, token: str) -> None:
        self._desk, self._token = desk, token
        self._hosts = {f"{HERE}:{port}", f"localhost:{port}"}

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        host, origin = self.request.host, self.request.headers.get("Origin")
        if host not in self._hosts:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        # A browser says where a form or a program that sends something came from.
        is_sent = self.request.method not in ("GET", "HEAD")
        if (is_sent or origin) and origin != f"http://{host}":
            raise HTTPError(HTTPStatus.FORBIDDEN)
        given = (self.path_args or [""])[0]
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def write_error(self, status_code: int, **_: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {HTTPStatus(status_code).phrase}\n")

    def _question(self, number: str):
        if int(number) >= len(self._desk.questions):
            raise HTTPError(HTTPStatus.NOT_FOUND)
        return self._desk.questions[int(number)]


class _Nothing(_Handler):
    def prepare(self) -> None:
        raise HTTPError(HTTPStatus.NOT_FOUND)


class _Page(_Handler):
    """A question, over the whole class; the first one that waits if none is named."""

    def get(self, _: str, number: str) -> None:
        desk = self._desk
        waiting = desk.waiting()
        if not number:
            names = [question.name for question in desk.questions]
            first = next((n for n, name in enumerate(names) if waiting[name]), 0)
            self.redirect(f"/{self._token}/{first}")
            return
        question = self._question(number)
        sheets = desk.sheets(question)
        page = render(
            "mark.html.j2",
            own="mark",
            asks=True,
            title=desk.title,
            questions=desk.questions,
            waiting=waiting,
            number=int(number),
            question=question,
            sheets=sheets,
            steps=_steps(question.max_points),
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


class _Names(_Handler):
    def get(self, _: str, number: str) -> None:
        self.finish(self._desk.names(self._question(number)))


class _Answer(_Handler):
    """An answer that is too large to come with its page."""

    def get(self, _: str, name: str) -> None:
        shown = self._desk.whole(name)
        if shown is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.finish({"shown": shown})


class _Save(_Handler):
    def post(self, _: str) -> None:
        try:
            given = json.loads(self.request.body)
            name, seen = given["id"], given["seen"]
            changes = {k: given[k] for k in ("points", "comment") if k in given}
        except (ValueError, TypeError, KeyError, RecursionError):
            raise HTTPError(HTTPStatus.BAD_REQUEST) from None
        try:
            saved = self._desk.save(str(name), str(seen), changes)
        except AutograderError as error:
            self.set_status(HTTPStatus.UNPROCESSABLE_ENTITY)
            self.finish({"why_not": str(error)})
            return
        if saved.why_not:
            self.set_status(HTTPStatus.CONFLICT)
        self.finish(asdict(saved) | {"waiting": dict(self._desk.waiting())})


def _steps(max_points: float) -> list[int]:
    """Return the points that have a button: few enough for a key each."""
    return list(range(int(max_points) + 1)) if max_points < 10 else []
