"""Feedback says what a student needs, hides the tests, and nothing in it is alive."""

import base64
import copy
import hashlib
import re
import socket
import subprocess
import time
from contextlib import suppress
from html import unescape as html_text
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from typer.testing import CliRunner

from autograder.audit.diagnosis import Diagnosis
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.gradebook.marker import write_feedback
from autograder.pages import feedback
from autograder.pages.advice import next_step
from autograder.pages.outputs import LARGEST_PAGE
from autograder.pages.render import render
from autograder.pages.sections import Check, Section
from tests.support.browser import program
from tests.support.marked import Hand, error, mark
from tests.support.payloads import alive, payloads
from tests.support.small_course import LESSON, NAME, RIGHT, make_course

pytestmark = pytest.mark.xdist_group("feedback")  # one class for all of them
HINTS = """# %% [markdown]
# <details><summary>Hint 1: twice</summary>
#
# Add it to *itself*: $2x = x + x$.
#
# </details>

"""
FIRST = '# %% nbgrader={"grade_id": "double"'
WITH_HINTS = LESSON.replace(FIRST, HINTS + FIRST)
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
ATTACKER = "<img src=x onerror=alert(1)>"
HIDDEN = "case = np.array([1.5, -2.0])"
FAILED = "AssertionError: double(3) is 3, expected 6"


def display(**data):
    return new_output(
        "display_data", data={k.replace("_", "/"): v for k, v in data.items()}
    )


def html(text):
    return new_output("display_data", data={"text/html": text})


def attacker(url):
    """Return somebody who puts every payload everywhere."""
    cells = []
    for name, payload in payloads(url).items():
        svg = {"image/svg+xml": f"<svg>{payload}</svg>", "text/plain": payload}
        shown = [
            html(payload),
            new_output("display_data", data={"text/markdown": payload}),
            new_output("display_data", data={"text/latex": payload}),
            new_output("display_data", data=svg),
            new_output("display_data", data={"image/png": f'x"><{payload}'}),
            new_output("stream", text=payload),
            new_output("error", ename=payload, evalue=payload, traceback=[payload]),
        ]
        cells.append(new_code_cell(f"# {name} {payload}", outputs=shown))
        cells.append(new_markdown_cell(payload))
    everything = "\n\n".join(payloads(url).values())
    return Hand(
        ATTACKER,
        answers={"double": everything, "total": everything, "why": everything},
        failed=dict.fromkeys(
            ("test_double_three", "test_double_arrays"),
            f"AssertionError: {payloads(url)['script']}{payloads(url)['image_error']}",
        ),
        cells=cells,
        tampering=[f"test_double_three: {payloads(url)['script']}"],
        slowest=[{"cell": payloads(url)["image_error"], "seconds": 9.0}],
    )


@pytest.fixture(scope="module")
def watched():
    """Listen where payloads lead to."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        listener.settimeout(0.1)
        yield listener


def address(listener):
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def course(tmp_path_factory, watched):
    """Mark a class of four: one honest, one failing, one attacking, one enormous."""
    root = tmp_path_factory.mktemp("course")
    course = make_course(root, WITH_HINTS)
    failing = Hand(
        "bob",
        answers=RIGHT | {"double": "def double(x):\n    return x  # <i>once</i>"},
        failed={"test_double_three": FAILED, "test_double_arrays": FAILED},
        shows=[
            display(image_png=PIXEL),
            html("<table><tr><td>seven</td></tr></table>"),
        ],
        cells=[new_markdown_cell("My **own** note, 1 < 2.")],
    )
    enormous = Hand(
        "huge",
        cells=[
            new_code_cell("x", outputs=[new_output("stream", text="z" * 2**24)]),
            new_code_cell("x", outputs=[html("<b>y</b>" * 2**15)] * 25),
            new_code_cell("x", outputs=[display(image_png="A" * 2**22)]),
            new_code_cell("y = 1\n" * 2**20),
            *[new_code_cell("a;" * 5_000) for _ in range(50)],
        ],
    )
    mark(course, [Hand("ada"), failing, attacker(address(watched)), enormous])
    write_feedback(course, "all", NAME)
    return course


@pytest.fixture(scope="module")
def report(course):
    # Imported here: every worker of the test run reads this file.
    from autograder.report.page import write_report

    return write_report(course).read_text("utf-8")


def with_cli(course, *options):
    arguments = ["feedback", "--classroom", str(course.results), *options]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output


def with_nbgrader(course, student):
    """Generate feedback as the button of the formgrader does."""
    config = copy.deepcopy(course.config)
    nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config)
    result = nbgrader.generate_feedback(NAME, student)
    assert result["success"], result["log"]


def page_of(course, student):
    folder = course.path("feedback", student, NAME)
    return (folder / f"{NAME}.html").read_text("utf-8")


def text_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<body>")[1]).split())


def test_a_page_says_what_failed_in_the_words_of_the_check(course):
    page = page_of(course, "bob")
    shown = text_of(page)
    assert "4 of 10 points" in shown
    assert "double 0 of 2 0 of 3" in shown
    assert "total 1 of 1 4 of 4" in shown
    assert "double(3) is 3, expected 6" in shown
    assert "checks arrays." in shown
    assert "waits for a person, 3 points" in shown


def test_a_page_shows_the_students_own_code_figures_and_notes(course):
    page = page_of(course, "bob")
    assert "&lt;i&gt;once&lt;/i&gt;" in page
    assert f'src="data:image/png;base64,{PIXEL}" alt=' in page
    assert "<td>seven</td>" in page
    assert "My <strong>own</strong> note, 1 &lt; 2." in page


def test_a_solved_exercise_reports_its_points(course):
    shown = text_of(page_of(course, "ada"))
    assert "7 of 10 points" in shown
    assert "failed" not in shown


def test_no_line_of_a_hidden_test_is_in_a_page(course):
    for student in ("ada", "bob"):
        page = page_of(course, student)
        assert "HIDDEN" not in page
        assert "assert_allclose" not in page
        assert "np.array([1.5" not in page


@pytest.fixture
def small(tmp_path):
    """Mark one student, in whose traceback a line of a hidden test stands."""
    course = make_course(tmp_path)
    mark(course, [Hand("bob", failed={"test_double_arrays": "ValueError: no shape"})])
    path = course.path("autograded", "bob", NAME) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "test_double_arrays":
            output = error("ValueError: no shape")
            output.traceback = [f"line 4\n\x1b[32m{HIDDEN}\x1b[0m", *output.traceback]
            cell.outputs = [output]
    nbformat.write(notebook, path)
    return course


def test_a_traceback_with_a_hidden_line_is_left_out_and_its_message_kept(small):
    with_cli(small)
    page = page_of(small, "bob")
    assert HIDDEN not in page
    assert "ValueError: no shape" in page


def test_names_only_means_no_message_and_no_code(small):
    with_cli(small, "--names-only")
    page = page_of(small, "bob")
    assert "test_double_arrays" in page
    assert "5 of 10 points" in text_of(page)
    assert "ValueError" not in page
    assert "return" not in page


def test_a_named_mistake_comes_with_its_hint(course, monkeypatch):
    found = Diagnosis("double", "once", "It is taken once.", 1)
    monkeypatch.setattr(feedback, "diagnoses", lambda lesson, cells: {"double": found})
    with_nbgrader(course, "bob")
    page = page_of(course, "bob")
    assert "Most likely: It is taken once." in text_of(page)
    formula = "".join(re.findall(r"itself</em>: <math.*?</math>", page))
    assert "<mn>2</mn><mi>x</mi><mo>=</mo><mi>x</mi><mo>+</mo><mi>x</mi>" in formula


@pytest.mark.parametrize("name", ["predict_six", "double"])
def test_what_a_guess_overlooked_stands_open(name):
    check = Check(f"test_{name}", 1, 1, "passed", printed="Noted.\n3 + 3 is less.")
    section = Section(name, "exercise", 1, [check], points=1, max_points=1)
    page = render(
        "feedback.html.j2",
        **{"title": "T", "student": "Ann", "score": 1, "max_score": 1},
        **{"late_penalty": 0, "notices": [], "sections": [section], "shows": "all"},
        **{"shared": set(), "checks": 1, "advice": next_step([section])},
        explanations=[],
    )
    assert "3 + 3 is less." in page
    assert page.count(" open>") == (2 if name == "predict_six" else 0)


def test_nbgrader_and_its_formgrader_write_the_same_page(course):
    ours = page_of(course, "ada")
    with_nbgrader(course, "ada")
    assert page_of(course, "ada") == ours


def test_an_enormous_notebook_makes_a_small_page(course):
    page = page_of(course, "huge")
    assert len(page) < 2.2 * LARGEST_PAGE
    assert "a picture of 4.2 MB is not shown here" in page
    assert "more characters are not shown" in page
    assert "the page is full" in page


@pytest.mark.parametrize("student", ["bob", ATTACKER])
def test_a_page_is_for_those_who_listen_and_for_those_who_type(course, student):
    page = page_of(course, student)
    for landmark in ("<header>", "<nav aria-label=", '<main id="main">', "<footer>"):
        assert page.count(landmark) == 1
    assert '<html lang="en">' in page
    assert all('alt="' in image for image in re.findall(r"<img [^>]*>", page))
    own = re.sub(r'<div class="note">.*?</div>', "", page, flags=re.DOTALL)
    levels = [int(level) for level in re.findall(r"<h(\d)[ >]", own)]
    steps = pairwise(levels)
    assert student == ATTACKER or all(after <= before + 1 for before, after in steps)


def test_nothing_of_any_payload_is_alive_in_feedback_and_report(course, report):
    page = page_of(course, ATTACKER)
    for name in payloads(""):
        assert f"# {name} " in text_of(page).replace("&#39;", "'"), name
    assert alive(page) == []
    own = own_script(report)
    assert alive(report.replace(f"<script>{own}</script>", "")) == []


def own_script(page):
    """Return the program that sorts and searches the report's tables."""
    script = (ROOT / "autograder" / "pages" / "report.js").read_text("utf-8")
    assert page.count("<script>") == page.count(f"<script>{script}</script>") == 1
    return script


def hashed(text):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def test_a_page_has_a_policy_that_allows_no_script_of_others_and_no_request(
    course, report
):
    for page in (page_of(course, "bob"), report):
        head = page.split("</head>")[0]
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', head)[1]
        rules = dict(r.split(" ", 1) for r in html_text(policy).split("; "))
        style = re.search(r"<style>(.*?)</style>", head, re.DOTALL)[1]
        assert rules == {
            "default-src": "'none'",
            "img-src": "data:",
            "style-src": hashed(style),
            "base-uri": "'none'",
            "form-action": "'none'",
            **({"script-src": hashed(own_script(report))} if page is report else {}),
        }
        assert head.index("Content-Security-Policy") < head.index("<style>")


def opened(page, listener, folder):
    """Open a page in a browser; return its text, its console, and who was asked."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    options = (
        "--headless --no-sandbox --disable-gpu --disable-background-networking "
        "--disable-component-update --no-first-run --enable-logging=stderr --v=0 "
        "--virtual-time-budget=4000 --dump-dom"
    )
    command = [program("chromium"), *options.split(), f"--user-data-dir={folder}"]
    out, err = folder / "out", folder / "err"
    asked = []
    with out.open("wb") as o, err.open("wb") as e:
        browser = subprocess.Popen([*command, path.as_uri()], stdout=o, stderr=e)
        ends = time.monotonic() + 240
        while browser.poll() is None and time.monotonic() < ends:
            try:
                visitor = listener.accept()[0]
            except TimeoutError:
                continue
            with visitor:
                visitor.settimeout(5)
                asked.append("")
                with suppress(TimeoutError):  # a connection made ahead
                    asked[-1] = visitor.recv(4096).split(b"\r\n")[0].decode()
        browser.kill()
        browser.wait()
    console = [
        line
        for line in err.read_text("utf-8", "replace").splitlines()
        if "CONSOLE" in line
    ]
    return out.read_text("utf-8"), console, asked


@pytest.mark.browser
def test_a_browser_runs_and_asks_for_nothing_in_feedback_and_report(
    course, report, watched, tmp_path
):
    for number, page in enumerate((page_of(course, ATTACKER), report)):
        folder = tmp_path / str(number)
        folder.mkdir()
        shown, console, asked = opened(page, watched, folder)
        assert "</footer>" in shown
        assert "<title>ALIVE" not in shown
        assert asked == []
        assert console == []


@pytest.mark.browser
def test_the_policy_alone_stops_what_the_cleaning_might_let_through(
    course, watched, tmp_path
):
    raw = "".join(
        payload
        for name, payload in payloads(address(watched)).items()
        if name.startswith(
            ("image", "svg", "focus", "iframe", "object", "style", "base")
        )
    )
    page = page_of(course, "ada").replace("</footer>", f"</footer>{raw}")
    shown, console, asked = opened(page, watched, tmp_path)
    assert "<title>ALIVE" not in shown
    assert not any(asked)  # a connection may be made ahead; nothing is said on it
    assert any("Content Security Policy" in line for line in console)


@pytest.mark.browser
def test_the_browser_would_have_shown_a_payload_alive(watched, tmp_path):
    raw = payloads(address(watched))
    page = f"<title>dead</title><body>{raw['image_error']}{raw['image_from_outside']}"
    shown, _, asked = opened(page, watched, tmp_path)
    assert "<title>ALIVE" in shown
    assert any("image_from_outside" in line for line in asked)
