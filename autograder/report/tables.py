"""Tables: what the report shows, as CSV files for whoever wants to compute with it."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.base.files import replacing
from autograder.base.names import in_table

FOLDER = "report"
"""In the class's folder."""
Rows = list[list[object]]


def write_tables(folder: Path, content: Mapping) -> None:
    """Write a file for each table of a report.

    Parameters
    ----------
    folder
        Made if it is not there.
    content
        What the page is rendered from.
    """
    folder.mkdir(exist_ok=True)
    for name, rows in _tables(content):
        with replacing(folder / f"{name}.csv") as file:
            table = csv.writer(file)
            for row in rows:
                table.writerow(map(in_table, row))


def _tables(content: Mapping) -> Iterator[tuple[str, Rows]]:
    called, scores, marks = content["called"], content["scores"], content["marks"]
    lessons = list(scores)
    yield "lessons", _lessons(content)
    head = ["student", "name", *lessons]
    body = [
        [student, called[student], *(_total(marks, student, name) for name in lessons)]
        for student in content["students"]
    ]
    yield "scores", [head, *body]
    for name, of in scores.items():
        body = [
            [s, called[s], *(_points(own.get(exercise)) for exercise in of.most)]
            for s, own in sorted(of.points.items())
        ]
        yield f"exercises-{name}", [["student", "name", *of.most], *body]
    yield "mistakes", _mistakes(content)
    yield "people", _people(content)
    yield "tests", _tests(content)
    yield "similar", _similar(content)
    slow = [
        [c.lesson, c.cell, c.submissions, c.median_s, c.most_s, c.slowest_student]
        for c in content["slow"]
    ]
    head = ["lesson", "cell", "submissions", "median_s", "longest_s", "whose"]
    yield "slow", [head, *slow]


def _lessons(content: Mapping) -> Rows:
    head = ["lesson", "handed_in", "unreadable", "waiting", "mean", "mean_of_marked"]
    rows: Rows = [head]
    for name, records in content["lessons"].items():
        unreadable = sum(record.status == "unreadable" for record in records)
        found = content["means"][name]
        numbers = (
            (found.waiting, found.all_points, found.marked_points) if found else ()
        )
        rows.append([name, len(records), unreadable, *numbers])
    return rows


def _mistakes(content: Mapping) -> Rows:
    head = ["lesson", "exercise", "students", "is_named", "mistake", "who"]
    return [head] + [
        [
            m.lesson,
            m.exercise,
            len(m.students),
            m.is_named,
            m.says,
            " ".join(m.students),
        ]
        for m in content["mistakes"]
    ]


def _people(content: Mapping) -> Rows:
    return [["reason", "student", "lesson", "what"]] + [
        [reason, concern.link.student, concern.link.lesson, concern.what]
        for reason, of in content["concerns"].items()
        for concern in of
    ]


def _tests(content: Mapping) -> Rows:
    head = ["lesson", "test", "submissions", "share", "correlation", "low", "high"]
    return [[*head, "remark"]] + [
        [
            *(t.lesson, t.name, t.submissions, t.share, t.discrimination),
            *(t.interval or ("", "")),
            t.remark,
        ]
        for t in content["tests"]
    ]


def _similar(content: Mapping) -> Rows:
    head = ["lesson", "student", "other_student", "alike", "weight", "same_wrong"]
    return [head] + [
        [lesson, *pair.students, pair.alike, pair.weight, " ".join(pair.same_wrong)]
        for lesson, found in content["pairs"].items()
        for _, _, pair in found
    ]


def _total(marks: Mapping, student: str, lesson: str) -> object:
    mark = marks.get((student, lesson))
    return "" if mark is None or mark.waits_for_a_person else mark.total


def _points(points) -> object:
    return "" if points is None or points.waits else points.score
