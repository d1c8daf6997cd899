"""The report's numbers are those of the class, computed again here in another way."""

import csv
import math
import platform
import re
import statistics
from base64 import b64decode
from html import unescape

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Ledger, Record
from tests.support.marked import TESTS, Hand, mark, mark_by_files
from tests.support.small_course import NAME, RIGHT, hand_in, make_course, released

pytestmark = pytest.mark.xdist_group("report")  # one class for all of them
THREE, ARRAYS, SHARE = TESTS
WRONG = "AssertionError: double(3) is 9, expected 6"
COPIED = """def total(numbers):
    answer = 7
    for index, number in enumerate(numbers):
        answer = answer * 3 + number ** index
    return answer - len(numbers) // 2"""
RENAMED = '''def total(xs):
    """Mine."""
    s = 7  # a start
    for i, x in enumerate(xs):
        s = s*3 + x**i
    return s - len(xs)//2'''
COMMON = "def double(x):\n    return x ** 2"
FAILED = {
    "ada": [],
    "bob": [THREE],
    "cy": [THREE, ARRAYS],
    "dan": [THREE, ARRAYS, SHARE],
    "eve": [THREE, ARRAYS, SHARE],
    "fay": [ARRAYS],
    "gil": [],
    "hal": [SHARE],
    "ida": [THREE],
    "jon": [],
}


def hand(student):
    """Return the hand of one of the ten; eve has copied from dan."""
    failed = dict.fromkeys(FAILED[student], WRONG)
    if SHARE in failed:
        failed[SHARE] = f"AssertionError: total of [1] is {len(student)}, expected 1"
    answers = RIGHT | ({"double": COMMON} if THREE in failed else {})
    own = f"def total(numbers):\n    return {student}(numbers) + {len(student)} or 1"
    total = {"dan": COPIED, "eve": RENAMED, "hal": own}
    answers |= {"total": total[student]} if student in total else {}
    edited = [f"{THREE}: the test was edited; the original was put back"]
    return Hand(
        student,
        answers=answers,
        failed=failed,
        tampering=edited if student == "cy" else [],
        slowest=[{"cell": "double", "seconds": 0.5 + len(student)}],
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Mark ten students; one more cannot be read, another never handed in."""
    course = make_course(root := tmp_path_factory.mktemp("course"))
    mark(course, [hand(student) for student in FAILED])
    ledger = Ledger(course.results / "results.jsonl")
    ledger.add(Record("kim", NAME, "unreadable", max_score=10.0, message="no cells"))
    with Marker(course) as marker:
        marker.mark_zero("kim", NAME)
        marker.gradebook.update_or_create_student("lou")
    test = next(c for c in released(root).cells if c.id == THREE).source
    hand_in(root, "cy", {THREE: test.replace("double(3)", "6  # </pre>")})
    return course


def report_on(course, lessons=None):
    # Imported here: every worker of the test run reads this file.
    from autograder.report.page import write_report

    return write_report(course, lessons).read_text("utf-8")


@pytest.fixture(scope="module")
def page(course):
    return report_on(course)


def section(page, name):
    return re.search(rf'<h2 id="{name}">.*?</section>', page, re.DOTALL)[0]


def rows(page, name):
    """Return the rows of a part's first table, as texts of their cells."""
    found = re.findall(r"<tr>(.*?)</tr>", section(page, name), re.DOTALL)
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in found[1:]
    ]


def scores(test):
    return [0.0 if test in FAILED[s] else TESTS[test] for s in FAILED]


@pytest.fixture(scope="module")
def page_of_hundreds(tmp_path_factory):
    """Report on a class of 300: thirty times the ten."""
    course = make_course(tmp_path_factory.mktemp("hundreds"))
    hands = []
    for number in range(300):
        one = hand(list(FAILED)[number % 10])
        one.student = f"student{number}"
        one.answers |= {"double": f"def double(x):\n    return x * {number}\n" * 10}
        hands.append(one)
    mark_by_files(course, hands)
    return report_on(course)


def test_each_tests_difficulty_and_discrimination_are_right(page_of_hundreds):
    shown = {row[0].split()[-1]: row for row in rows(page_of_hundreds, "tests")}
    for test, most in TESTS.items():
        own = scores(test)
        rest = [
            sum(points) for points in zip(*map(scores, {*TESTS} - {test}), strict=True)
        ]
        share = 100 * sum(own) / (most * len(own))
        correlation = statistics.correlation(own, rest)
        assert shown[test][1:3] == ["300", f"{share:.0f} %"]
        told = re.fullmatch(r"(\S+) \( ?(\S+) to (\S+?) ?\)", shown[test][3])
        assert float(told[1]) == pytest.approx(correlation, abs=0.006)
        half = 1.96 / math.sqrt(300 - 3)
        for number, sign in ((told[2], -1), (told[3], 1)):
            limit = math.tanh(math.atanh(correlation) + sign * half)
            assert float(number) == pytest.approx(limit, abs=0.006)


def test_a_small_class_has_no_correlations_and_no_remarks(page):
    for row in rows(page, "tests"):
        assert row[1] == "10"
        assert row[3:] == ["–", ""]


def test_a_remark_needs_numbers_that_are_sure():
    from autograder.report.numbers import TestNumbers

    def remark(n, share, r):
        return TestNumbers(NAME, THREE, n, share, r).remark

    assert remark(19, 1.0, None) == ""
    assert remark(20, 1.0, None) == "nearly everybody passes"
    assert remark(60, 0.5, 0.1) == ""
    assert "is it right" in remark(60, 0.5, -0.5)
    assert "little" in remark(900, 0.5, 0.05)


def test_the_mistakes_are_counted_with_their_students(page):
    found = {
        (row[1].split()[-1], row[3]): int(row[0]) for row in rows(page, "mistakes")
    }
    doubled = "bob, cy, dan, eve, fay, ida"
    assert found == {("double", doubled): 6, ("total", "dan, eve, hal"): 3}


def test_the_mean_score_is_the_gradebooks(page):
    whole = [sum(points) for points in zip(*map(scores, TESTS), strict=True)]
    mean = 100 * sum(whole) / 10 / (len(whole) + 1)  # nothing for what is unreadable
    row = rows(page, "scores")[0]
    assert row[:4] == [NAME, "11", "1", f"{mean:.1f} %"]
    of_marked = 100 * sum(x / 7 for x in whole) / 11  # 3 of 10 points are not marked
    assert row[4:] == ["10", f"{of_marked:.1f} %"]


def test_each_student_is_there_by_lesson_and_by_exercise(page):
    found = rows(page, "scores")
    total = sum(scores(test)[3] for test in TESTS)
    assert ["dan", f"{total:g}*", f"{total:g}"] in [r for r in found if len(r) == 3]
    assert ["kim", "x", "0"] in found
    assert ["lou", "–", "0"] in found
    part = section(page, "scores")
    heads = re.findall(r'<th scope="col" class="number">(\w+) <small>of (\d+)', part)
    assert heads == [("double", "3"), ("total", "4"), ("why", "3")]
    assert re.search(r'<th scope="row">bob</th><td>2<td>4<td>\*', part)


def test_each_table_is_a_file_too(course, page):
    folder = course.results / "report"
    linked = re.findall(r'href="report/([^"]*)"', page)
    assert sorted(linked) == sorted(path.name for path in folder.iterdir())
    with (folder / f"exercises-{NAME}.csv").open(newline="") as file:
        found = {row["student"]: row for row in csv.DictReader(file)}
    assert (found["bob"]["double"], found["bob"]["why"]) == ("2.0", "")
    with (folder / "mistakes.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["who"] == "bob cy dan eve fay ida"


def test_marks_and_penalties_given_by_people_count(course, page):
    def change(score, penalty):
        with Gradebook(course.db_url) as gradebook:
            grade = gradebook.find_grade("why", NAME, NAME, "ada")
            grade.manual_score = score
            notebook = gradebook.find_submission_notebook(NAME, NAME, "ada")
            notebook.late_submission_penalty = penalty
            gradebook.db.commit()

    before = float(rows(page, "scores")[0][3].removesuffix(" %"))
    change(3.0, 0.5)
    after = float(rows(report_on(course), "scores")[0][3].removesuffix(" %"))
    change(None, None)
    assert after == pytest.approx(before + 100 * 2.5 / 10 / 11, abs=0.1)


def test_a_copied_wrong_answer_is_found_under_other_names_and_leads(page):
    pairs = rows(page, "similar")
    assert pairs[0][0] == "dan and eve"
    assert pairs[0][3] == "double, total"
    assert pairs[0][1] == "100 %"


def test_what_a_class_writes_alike_is_no_resemblance(page):
    named = {row[0] for row in rows(page, "similar")}
    assert not named & {"ada and gil", "ada and jon", "bob and ida"}


def test_an_edited_test_is_shown_as_it_was_and_as_it_became(page):
    part = section(page, "altered")
    lines = [unescape(line) for line in re.findall(r"<span[^>]*>(.*)</span>", part)]
    assert any(x.startswith("-assert double(3) == 6") for x in lines)
    assert any(x.startswith("+assert 6  # </pre> == 6") for x in lines)
    assert "HIDDEN" not in part
    (said,) = re.findall(r"<summary>(.*?)</summary>", part)
    assert said == f"cy, {NAME}: 1 edited"


def test_versions_are_named(page):
    assert f"Python {platform.python_version()}" in section(page, "engine")


def test_tests_are_folded_lesson_by_lesson(page_of_hundreds):
    part = section(page_of_hundreds, "tests")
    assert re.findall(r"<summary>(.*?)</summary>", part) == [f"{NAME}: 3 tests"]


def test_people_are_told_what_needs_them_and_where(course, page):
    part = section(page, "people")
    assert re.findall(r"<summary>(.*?)</summary>", part) == [
        "Could not be read: 1",
        "Locked cells were edited: 1",
        "Answers wait for marks: 10",
    ]
    found = [row for row in rows(page, "people") if row[0] != "student"]
    assert found[0][:3] == ["kim", NAME, "no cells"]
    assert found[1][:3] == ["cy", NAME, "1"]
    assert found[2][:3] == ["ada", NAME, "why"]
    assert f'href="submitted/cy/{NAME}/"' in part


def test_who_has_not_handed_in_is_named(page):
    assert f"{NAME}: 1 (lou" in " ".join(section(page, "absent").split())


def test_the_slowest_cells_are_named(page):
    assert rows(page, "slow") == [
        [f"{NAME} double", "10", "3.5 s", "3.5 s", "jon"],
    ]


def test_versions_and_missing_layers_are_told(page):
    part = section(page, "engine")
    assert "in a process of their own" in part
    assert re.search(r"10 submissions inside 2 layers \(landlock, seccomp\)", part)
    assert "missing: pid namespace" in part
    assert "numpy " in part


def test_the_figures_have_words_for_those_who_cannot_see_them(page):
    pictures = re.findall(
        r'<img class="drawn" src="data:image[^"]*" alt="([^"]*)"', page
    )
    assert len(pictures) == 1
    assert '<figure class="narrow">' in page  # a single panel needs half the width
    assert f"{NAME}: 11 submissions between" in pictures[0]


def test_a_large_class_has_a_figure_of_its_tests(page_of_hundreds):
    assert 'alt="3 tests by points got' in page_of_hundreds


def with_cli(course, lesson):
    arguments = ["report", "--lesson", lesson, "--classroom", str(course.results)]
    return CliRunner().invoke(app, arguments)


def test_the_command_says_where_the_page_is(course):
    result = with_cli(course, NAME)
    assert result.exit_code == 0, result.output
    assert result.output.strip() == str(course.results / "report.html")


def test_a_lesson_without_results_is_named(course):
    result = with_cli(course, "07_no")
    assert result.exit_code
    assert "07_no" in str(result.exception)
    assert f"graded is {NAME}" in str(result.exception)


def test_a_class_of_hundreds_has_a_report_of_a_size(page_of_hundreds):
    assert len(page_of_hundreds) < 5_000_000
    assert [row[1] for row in rows(page_of_hundreds, "tests")] == ["300"] * 3


def test_panels_stand_in_the_order_of_the_lessons():
    from autograder.report.figures import distribution

    drawn = distribution({"Week 1": [0.5], "03": [0.7]}).light
    svg = b64decode(drawn.partition(",")[2]).decode()
    assert svg.index(">Week 1<") < svg.index(">03<")
