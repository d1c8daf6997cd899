"""Pages for marking answer the browser that has the address, and nobody else."""

import json
import re
import socket
from html import unescape

import pytest

from autograder.base.errors import WrongUse
from autograder.marking.server import serve
from tests.support.marked import Hand, mark
from tests.support.small_course import NAME, make_course
from tests.support.visitor import TOKEN, visit

pytestmark = pytest.mark.xdist_group("desk_server")  # one class for all of them


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("served"))
    picture = {"image/png": "iVBORw0KGgo=" + "A" * 40_000}
    big = Hand("ada", {"why": "Large: ![](attachment:a.png)"})
    mark(course, [big, Hand("bob", {"why": "Small."})])
    path = course.path("autograded", "ada", NAME) / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    next(c for c in notebook["cells"] if c["id"] == "why")["attachments"] = {
        "a.png": picture
    }
    path.write_text(json.dumps(notebook))
    return course


@pytest.fixture
def visitor(course):
    with visit(course, NAME) as visitor:
        yield visitor


@pytest.mark.parametrize("path", ["/", "/0", "/wrong/0", "/wrong/", "//0", "/%FF/0"])
def test_without_the_token_nothing_is_told(visitor, path):
    answer = visitor.ask(path)
    assert answer.code in (400, 403, 404)
    assert b"Small" not in answer.body
    assert b"Traceback" not in answer.body


def test_nothing_is_written_without_the_token(visitor):
    sheet = visitor.sheets("why")["bob"]
    body = {"id": sheet["id"], "seen": sheet["seen"], "points": 1}
    assert visitor.ask("/wrong/save", body).code == 403
    assert visitor.sheets("why")["bob"] == sheet


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1"])
def test_a_name_that_somebody_lets_lead_here_is_refused(visitor, host):
    assert visitor.ask(f"/{TOKEN}/0", Host=host).code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_pages_of_others_cannot_send_anything(visitor, origin):
    sheet = visitor.sheets("why")["bob"]
    body = {"id": sheet["id"], "seen": sheet["seen"], "points": 1}
    assert visitor.ask(f"/{TOKEN}/save", body, Origin=origin).code == 403
    assert visitor.sheets("why")["bob"] == sheet


@pytest.mark.parametrize("body", [[], {}, "text", {"id": 1}, {"id": "x", "seen": 0}])
def test_what_is_no_mark_is_refused(visitor, body):
    assert visitor.ask(f"/{TOKEN}/save", body).code in (400, 422)


def test_a_page_may_load_nothing_and_run_its_own_program_alone(visitor):
    page = visitor.ask(f"/{TOKEN}/0")
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page.body.decode())
    policy = unescape(found[1])
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[^']*';", policy)
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in page.headers


def test_an_answer_with_pictures_comes_when_it_is_wanted(visitor):
    sheet = visitor.sheets("why")["ada"]
    assert "data-later" in sheet["part"]
    assert "data:image" not in sheet["part"]
    answer = visitor.ask(f"/{TOKEN}/answer/{sheet['id']}")
    assert 'src="data:image/png;base64,iVBORw0KGgo=' in json.loads(answer.body)["shown"]


def test_the_address_leads_to_the_first_question_that_waits(visitor):
    answer = visitor.ask(f"/{TOKEN}/")
    assert (answer.code, answer.headers["Location"]) == (302, f"/{TOKEN}/0")


def test_a_port_that_is_taken_is_named(visitor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongUse, match=f"--port {port}: Address already in use"):
            serve(visitor.desk, port, print)
