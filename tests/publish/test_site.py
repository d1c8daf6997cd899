"""The site for self-learners holds together, works offline and is open to all."""

import functools
import html.parser
import http.server
import re
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from autograder.authoring.beginnings import in_repository
from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.model.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_SOLUTION,
    without_hidden_tests,
)
from autograder.model.lesson_reader import (
    lesson_names,
    lesson_path,
    lesson_paths,
    read_lesson,
)
from autograder.publish.site import build_site
from tests.support.browser import complaints_of, requests_of, visit

LESSONS = lesson_names()
# One build for all of them.
pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.all_lessons]


@dataclass
class Page(html.parser.HTMLParser):
    """A page as a reader without eyes or a browser has it."""

    text: str
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    pictures: list[dict] = field(default_factory=list)
    words: str = ""

    def __post_init__(self):
        super().__init__()
        self.feed(self.text)
        self.words = " ".join(self.words.split())

    def handle_data(self, data):
        self.words += data

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        if tag == "img":
            self.pictures.append(found)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site as a command does; return its folder."""
    folder = tmp_path_factory.mktemp("built") / "site"
    command = "from autograder.cli import main; main()"
    given = "https://github.com/some/one.git"
    done = subprocess.run(
        [sys.executable, "-c", command, "site", "--to", folder, "--repository", given],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """Return all pages by their path."""
    found = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    return {p: page for p, page in found.items() if "_static" not in p.parts}


@pytest.fixture(scope="module")
def address(site):
    """Serve the site; return its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_every_lesson_has_a_page_and_no_link_leads_nowhere(site, pages):
    assert {f"lessons/{name}.html" for name in LESSONS} <= {
        path.relative_to(site).as_posix() for path in pages
    }
    broken = []
    for path, page in pages.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(path.as_uri(), link))
            if not target.startswith("file:"):
                continue
            file = Path(unquote(target.removeprefix("file://").split("?")[0]))
            there = pages.get(file)
            if not file.exists() or (anchor and anchor not in there.anchors):
                broken.append(f"{path.name}: {link}")
    assert not broken


def test_every_picture_says_what_it_shows(pages):
    silent = [
        (path.name, picture)
        for path, page in pages.items()
        for picture in page.pictures
        if len(picture.get("alt") or "") < 20
    ]
    assert not silent


def test_a_lessons_page_has_stub_solution_and_mistakes_but_no_hidden_test(pages, site):
    for path in lesson_paths():
        lesson = read_lesson(path)
        shown = pages[site / "lessons" / f"{lesson.name}.html"].words
        assert shown.count("raise NotImplementedError") >= len(lesson.exercises)
        told = re.findall(r"\d mistakes, and how each|\b1 mistake, and how it", shown)
        assert len(told) == len(lesson.exercises)
        assert shown.count("A model answer") == sum(
            cell.role == "written" for cell in lesson.cells
        )
        for line in solution_lines(lesson):
            assert line in shown, f"{lesson.name} lacks its solution: {line}"
        for line in hidden_lines(lesson):
            assert line not in shown, f"{lesson.name} shows a hidden test: {line}"


def test_what_is_folded_comes_after_its_stub(pages, site):
    shown = pages[site / "lessons" / "01_neuron.html"].words
    parts = ["raise NotImplementedError", "Show a solution", "Show the checks"]
    start = shown.index("def step(z)")
    places = [shown.index(part, start) for part in [*parts, "mistakes, and how"]]
    assert places == sorted(places)


def test_the_notebook_to_download_is_the_one_without_solutions(site):
    stubs = site.glob("_downloads/*/01_neuron.ipynb")
    released = from_repository("01_neuron")
    assert [path.read_bytes() for path in stubs] == [released]
    (archive,) = site.glob("_downloads/*/04_mlp_forward.zip")
    room = ROOT / "notebooks"
    with zipfile.ZipFile(archive) as files:
        assert {name: files.read(name) for name in files.namelist()} == {
            path.relative_to(room).as_posix(): path.read_bytes()
            for path in (room / "04_mlp_forward").rglob("*.*")
        } | {"04_mlp_forward/04_mlp_forward.ipynb": from_repository("04_mlp_forward")}


def from_repository(name):
    """Return the notebook of a lesson, which knows where it is from."""
    path = ROOT / "notebooks" / name / f"{name}.ipynb"
    return in_repository(path.read_bytes(), read_lesson(lesson_path(name)), "some/one")


def test_lessons_go_by_their_numbers_and_mentions_lead_to_them(pages, site):
    index = pages[site / "index.html"].words
    assert "05 · Send the blame backwards" in index
    page = pages[site / "lessons" / "05_backpropagation.html"]
    assert "04_mlp_forward.html" in page.links
    assert "../backpropagation.html" in page.links
    assert "Author name not set" not in page.words


def test_pictures_have_their_text_as_a_caption(site):
    text = (site / "lessons" / "05_backpropagation.html").read_text("utf-8")
    assert text.count("<figcaption>") >= 5
    assert "<em>Figure:</em>" not in text


def test_the_steps_of_backpropagation_stand_there_without_a_script(pages, site):
    words = pages[site / "backpropagation.html"].words
    assert "∂L/∂w = −4 · x = −12" in words


def test_all_lessons_are_one_download(site):
    (archive,) = site.glob("_downloads/*/neuron-by-neuron.zip")
    with zipfile.ZipFile(archive) as files:
        assert "neuron-by-neuron/README.md" in files.namelist()


def test_links_to_colab_and_binder_name_the_repository_that_was_given(pages, site):
    plain, with_data = (
        [
            link
            for link in pages[site / "lessons" / f"{name}.html"].links
            if "://" in link
        ]
        for name in ("01_neuron", "04_mlp_forward")
    )
    binder = "https://mybinder.org/v2/gh/some/one/main?labpath=notebooks%2F"
    notebook = "some/one/blob/main/notebooks/01_neuron/01_neuron.ipynb"
    assert f"https://colab.research.google.com/github/{notebook}" in plain
    assert f"{binder}01_neuron%2F01_neuron.ipynb" in plain
    assert f"{binder}04_mlp_forward%2F04_mlp_forward.ipynb" in with_data
    assert any("colab" in link for link in with_data)  # it fetches its data itself


def test_an_address_that_is_no_repository_is_refused_before_any_work(tmp_path):
    with pytest.raises(WrongUse, match="expected an address such as"):
        build_site(tmp_path / "site", "https://github.com/one")
    assert not (tmp_path / "site").exists()


def test_a_folder_with_other_files_is_refused_and_keeps_them(tmp_path):
    (tmp_path / "thesis.txt").write_text("two years of work")
    with pytest.raises(WrongUse, match="found other files, expected a new folder"):
        build_site(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "two years of work"


def test_a_model_answer_keeps_its_paragraphs(pages, site):
    page = pages[site / "lessons" / "01_neuron.html"]
    answer = page.text.split("A model answer</summary>")[1].split("</details>")[0]
    assert answer.count("<p>") == 3
    assert "Write your answer here" not in answer


def test_glossary_and_lessons_link_to_each_other(pages, site):
    glossary = pages[site / "glossary.html"].links
    assert "lessons/01_neuron.html#learn-from-mistakes" in glossary
    lesson = pages[site / "lessons" / "01_neuron.html"].links
    assert "../glossary.html#perceptron" in lesson


@pytest.mark.browser
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_shown_whole_without_a_network(browser, address, name):
    page = f"{address}lessons/{name}.html"
    requests, complaints = visit(browser, page)
    assert page in requests
    assert [url for url in requests if not url.startswith((address, "data:"))] == []
    assert complaints == []
    formulas = browser.find_elements(By.CSS_SELECTOR, ".math")
    assert formulas or name == "00_warmup"
    assert len(browser.find_elements(By.TAG_NAME, "mjx-container")) == len(formulas)
    assert not browser.find_elements(By.CSS_SELECTOR, "[data-mjx-error], mjx-merror")


@pytest.fixture(params=["network", "folder"])
def served(request, address, site) -> str:
    """Return where the site begins, on a server and as a folder opened by hand."""
    return address if request.param == "network" else f"{site.as_uri()}/"


@pytest.mark.browser
def test_the_search_ranks_lessons_first_and_shows_the_words_of_each_part(
    browser, served
):
    requests, complaints = visit(browser, f"{served}search.html?q=softmax")
    words = words_of_results(browser)
    assert next(iter(words)).startswith(f"{served}lessons/")
    assert words[f"{served}glossary.html#softmax"].startswith("softmax ")
    formulas = [excerpt for excerpt in words.values() if "\\(" in excerpt]
    assert formulas == []
    requests += requests_of(browser)
    assert [url for url in requests if not url.startswith((served, "data:"))] == []
    assert complaints + complaints_of(browser) == []


@pytest.mark.browser
def test_lessons_that_are_done_are_ticked_and_stay_so(browser, address):
    browser.get(f"{address}index.html")
    browser.find_element(By.CSS_SELECTOR, "td input[type=checkbox]").click()
    for _ in range(2):
        told = browser.find_element(By.CSS_SELECTOR, ".progress-told").text
        assert told.startswith(f"1 of {len(LESSONS)} lessons done. Next: 01 ·")
        browser.refresh()


@pytest.mark.browser
def test_backpropagation_is_walked_through_by_clicks_and_keys(browser, address):
    browser.get(f"{address}backpropagation.html")
    seen = "[...document.querySelectorAll('.gradient')].filter(t => "
    seen += "t.style.visibility !== 'hidden').map(t => t.textContent)"
    assert browser.execute_script(f"return {seen}") == []
    for _ in range(5):
        browser.find_element(By.CSS_SELECTOR, ".stepper [data-by='1']").click()
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.ARROW_RIGHT)
    assert browser.execute_script(f"return {seen}") == ["1"]
    now = browser.find_element(By.CSS_SELECTOR, ".stepper-now").text
    assert now.startswith("∂L/∂L = 1")
    body.send_keys(Keys.ARROW_LEFT)
    assert browser.execute_script(f"return {seen}") == []
    browser.find_element(By.CSS_SELECTOR, ".stepper [data-by='-1']").send_keys(Keys.TAB)
    for key in (Keys.ENTER, Keys.SPACE):
        browser.switch_to.active_element.send_keys(key)
    assert browser.execute_script(f"return {seen}") == ["−4", "1"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "colours"),
    [
        ("index", "dark"),
        ("lessons/00_warmup", "light"),
        ("lessons/00_warmup", "dark"),
        ("instructors/00_warmup", "light"),
        ("lessons/10_keras", "dark"),
        ("backpropagation", "light"),
        ("backpropagation", "dark"),
    ],
)
def test_a_page_has_no_barrier(browser, address, page, colours):
    # Without movement: text that is still fading in has less contrast.
    wishes = {"prefers-color-scheme": colours, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    visit(browser, f"{address}{page}.html")
    page = browser.find_element(By.TAG_NAME, "html")
    assert page.get_attribute("data-theme") == colours
    browser.execute_script(
        "document.querySelectorAll('details').forEach(d => d.open = true)"
    )
    found = Axe().run(browser)
    assert len(found["passes"]) > 10
    assert [
        (v["id"], [node["html"][:200] for node in v["nodes"][:5]])
        for v in found["violations"]
        if v["impact"] != "minor"
    ] == []


def words_of_results(browser):
    """Return what a finished search shows of each place, in the order shown."""
    found = "#search-results li:has(> a)"

    def is_finished(browser):
        told = browser.find_element(By.CSS_SELECTOR, ".search-summary").text
        places = browser.find_elements(By.CSS_SELECTOR, found)
        excerpts = browser.find_elements(By.CSS_SELECTOR, f"{found} > p.context")
        return told.startswith("Search finished") and len(excerpts) == len(places)

    WebDriverWait(browser, 60).until(is_finished)
    return dict(
        browser.execute_script(
            f"return [...document.querySelectorAll('{found}')].map(item => "
            "[item.querySelector('a').href, item.querySelector('p').textContent])"
        )
    )


def solution_lines(lesson):
    """Yield the longer lines that stand in a solution only."""
    for cell in lesson.cells:
        if cell.role == "solution":
            inside = cell.source.split(BEGIN_SOLUTION)[1].split(END_SOLUTION)[0]
            yield from long_lines(inside)


def hidden_lines(lesson):
    """Yield the longer lines that stand in a hidden test only."""
    seen = " ".join(
        word
        for cell in lesson.cells
        for word in without_hidden_tests(cell.source).split()
    )
    for cell in lesson.cells:
        for line in long_lines(cell.source) if BEGIN_HIDDEN in cell.source else []:
            if line not in seen:
                yield line


def long_lines(text):
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if len(line) >= 20 and "###" not in line]
