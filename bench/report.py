"""The benchmark's results as tables, as a page and as a figure."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from matplotlib.axes import Axes

from bench.framework_race import UPDATES, Race
from bench.lesson_times import LessonTime
from bench.measurements import CORES, FirstMark, Growth, Speed

PACKAGES = ["nbgrader", "ipython", "numpy", "matplotlib", "tensorflow"]
Each = Callable[[Speed], float]
VERMILLION, GREEN, BLUE = "#D55E00", "#009E73", "#0072B2"  # of Okabe and Ito


@dataclass
class Measured:
    """All that one run of the benchmark found."""

    machine: str
    load: float
    """Processes that waited for a core before the benchmark began."""
    speeds: list[Speed] = field(default_factory=list)
    first: list[FirstMark] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    lessons: list[LessonTime] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)


def machine() -> str:
    """Describe the computer and the versions, in one sentence."""
    # TensorFlow comes in packages of several names.
    made_of = metadata.packages_distributions()
    packages = [made_of.get(name, [name])[0] for name in PACKAGES]
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    return (
        f"{CORES} cores, {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def tables(measured: Measured) -> str:
    """Return the tables in Markdown, readable as they are."""
    parts = []
    if measured.speeds:
        parts += [
            _table(["", *(s.name for s in measured.speeds)], _speed_rows(measured))
        ]
    if measured.first:
        heads = ["first mark of a class", "seconds", "importing alone", "ratio"]
        rows = [
            [
                f"`{one.lesson}`",
                f"{one.seconds:.1f}",
                f"{one.imports:.1f}",
                f"{one.seconds / one.imports:.1f}",
            ]
            for one in measured.first
        ]
        parts += [_table(heads, rows)]
    if measured.growth:
        heads = ["small submissions", *(f"{g.submissions:,}" for g in measured.growth)]
        parts += [_table(heads, _growth_rows(measured.growth))]
    if measured.lessons:
        heads = ["lesson", "seconds with imports", "budget"]
        rows = [
            [f"`{run.name}`", f"{run.seconds:.1f}", str(run.budget)]
            for run in measured.lessons
        ]
        parts += [_table(heads, rows)]
    if measured.races:
        heads = ["network", "batch", *(f"{n}, ms" for n in measured.races[0].seconds)]
        heads += ["scikit-learn over yours", "Keras over yours"]
        parts += [_table(heads, [_race_row(race) for race in measured.races])]
        parts += [_accuracies(measured.races[0])]
    return "\n\n".join(parts) + "\n"


def page(measured: Measured) -> str:
    """Return docs/benchmark.md."""
    return f"""# How fast is grading?

Written by `make bench`; not edited by hand.

Machine: {measured.machine}; load before the start {measured.load:.1f}.

{tables(measured)}
{_FIGURE}
{_METHOD}"""


_ALT = (
    "Two charts. Left: submissions a minute on a logarithmic scale, for each group of "
    "lessons a mark for stock nbgrader, one for this grader and one for tests and "
    "answers alone. Right: peak memory of the grader over the number of submissions."
)
_FIGURE = f"""![{_ALT}](benchmark.png)

*Figure:* the numbers of the tables: throughput on the left, memory of the grader's own
process on the right.
"""

_METHOD = """## What is run, and what is left out

Stock nbgrader runs every cell of every submission. Of this course's own lessons, this
grader runs what decides marks: tests, answers, what a student changed or added, and
given cells as far as one of these needs them. It leaves out the rest of the given
cells, the lesson's figures and trainings to look at: they keep the outputs that were
handed in. Nor does it import a large package, such as matplotlib, that nothing else
needs. `autograder audit --cells` shows for every catalogued answer that marks are the
same either way, and `autograder grade --all-cells` runs everything. So "times faster"
compares two ways to the same marks, not the same work.

The Keras notebook is graded as a course of others, whose cells all run: there the
difference is start, imports and what surrounds the cells.

## How it was measured

All in one run and in turns: stock, ours, the limit, and again. Each round begins with
nothing graded and nothing cached; the table has the medians of the rounds.

- **Class.** Every submission differs from the others: half of its answers are the
  lesson's own, the rest are right alternatives and mistakes out of the catalogue, and
  each answer carries a comment of its student. The NumPy lessons are `01_neuron`,
  `02_activations` and `03_logistic_regression`; the Keras notebook is a lesson made for
  the benchmark: imports, one training of eight epochs, three tests.
- **Stock** is `nbgrader autograde LESSON` in an nbgrader course made from the same
  source notebooks. Its assignments were generated before the clock started. *Without
  its start* takes off what `nbgrader autograde --version` takes.
  One setting is not its default: a cell may take 600 seconds, not 30, or stock would
  give up on imports of TensorFlow on a slow machine.
- **Ours** is the whole command `autograder grade`: start of Python, import of nbgrader,
  generation of the assignments, warm template, the lesson's solution. *Each further
  one* is the difference between the whole class and the few submissions that stock got
  too, over the difference of their numbers.
- **The limit** is what tests and answers alone take, with what they need of given
  cells: a process that has imported the lesson's modules forks for each notebook and
  runs these cells in a plain IPython shell, one notebook on each core at a time. No
  sandbox, no tests in a process of their own, no nbgrader. Of the Keras notebook it
  runs all cells. It is no lower bound: a cell that raises costs IPython 30 ms or more
  there, for its traceback, and a class has many of them. This grader needs 3.
- **Times faster** compares with stock without its start: the comparison that favours
  stock most.
- **Lessons** run as a learner runs them: the solution in a kernel that has started,
  from its first cell to its last.
- **The race** is that of `07_layers`: the learner's network against `MLPClassifier` and
  Keras, same sizes, batches, epochs and learning rate, plain gradient descent;
  milliseconds of one update, shortest of three trainings. Importing and the first call
  of Keras, which sets up, are not counted. The first network learns the lesson's
  digits, the others made-up numbers.
- **First mark**: a class of four that hands in one lesson; from the start of
  `autograder grade` until the first result is recorded, beside what Python takes to
  start and import what that lesson imports.
- **Memory** is the largest resident set of the process `autograder grade` itself.
"""


def figure(measured: Measured, path: Path) -> None:
    """Draw throughput and memory."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    _draw_speeds(left, measured.speeds)
    right.plot(
        [g.submissions for g in measured.growth],
        [g.peak_mib for g in measured.growth],
        marker="o",
        color=BLUE,
    )
    right.set(xscale="log", xlabel="submissions", ylabel="peak memory (MiB)")
    right.set_ylim(0, 1.15 * max(g.peak_mib for g in measured.growth))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    fig.savefig(path, dpi=150)
    plt.close(fig)


def _draw_speeds(axes: Axes, speeds: list[Speed]) -> None:
    kinds = [
        ("stock nbgrader", VERMILLION, "s", Speed.stock_each_without_start),
        ("this grader", BLUE, "o", Speed.many_each),
        ("tests and answers alone", GREEN, "^", Speed.limit_each),
    ]
    for number, (label, colour, marker, each) in enumerate(kinds):
        rates = [60 / each(speed) for speed in speeds]
        rows = [row + 0.22 * (1 - number) for row in range(len(speeds))]
        axes.plot(rates, rows, marker, color=colour, label=label, ms=8)
        for rate, row in zip(rates, rows, strict=True):
            axes.text(rate * 1.15, row, f"{rate:.3g}", va="center")
    axes.set_yticks(range(len(speeds)), [speed.name for speed in speeds])
    axes.set(xscale="log", xlabel="submissions a minute")
    ticks = [1, 10, 100, 1000]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlim(1, 4000)
    axes.set_ylim(-0.5, len(speeds) - 0.5)
    # The figure's: wider than these axes, it would push both of them apart.
    axes.figure.legend(frameon=False, loc="outside upper left", ncols=3)


def _speed_rows(measured: Measured) -> list[list[str]]:
    rows = [
        ("submissions: both; whole class", lambda s: f"{s.few}; {s.many}"),
        ("same score from both", lambda s: f"{s.same_marks} of {s.few}"),
        ("commands of stock that failed", lambda s: str(s.stock_failed)),
        ("**seconds a submission**", lambda _: ""),
        ("stock, whole commands", _seconds(Speed.stock_each)),
        ("stock, without its start", _seconds(Speed.stock_each_without_start)),
        ("ours, the same submissions, whole command", _seconds(Speed.few_each)),
        ("ours, whole class, whole command", _seconds(Speed.many_each)),
        ("ours, each further one", _seconds(Speed.many_each_without_start)),
        ("the limit: tests and answers alone", _seconds(Speed.limit_each)),
        ("**submissions a minute**", lambda _: ""),
        (
            "stock, without its start",
            lambda s: f"{60 / s.stock_each_without_start():.1f}",
        ),
        ("ours, whole class", lambda s: f"{60 / s.many_each():.1f}"),
        ("**ratios**", lambda _: ""),
        ("times faster than stock, whole command", _times_faster(Speed.many_each)),
        (
            "times faster than stock, each further one",
            _times_faster(Speed.many_each_without_start),
        ),
        ("times faster than stock, the limit", _times_faster(Speed.limit_each)),
        ("ours over the limit, whole command", _over_limit(Speed.many_each)),
        (
            "ours over the limit, each further one",
            _over_limit(Speed.many_each_without_start),
        ),
    ]
    return [[name, *(value(s) for s in measured.speeds)] for name, value in rows]


def _seconds(each: Each) -> Callable[[Speed], str]:
    return lambda speed: f"{each(speed):.3f}"


def _times_faster(each: Each) -> Callable[[Speed], str]:
    return lambda s: f"**{s.stock_each_without_start() / each(s):.1f}**"


def _over_limit(each: Each) -> Callable[[Speed], str]:
    return lambda speed: f"{each(speed) / speed.limit_each():.2f}"


def _growth_rows(growth: list[Growth]) -> list[list[str]]:
    return [
        ["grading, seconds", *(f"{g.seconds:.1f}" for g in growth)],
        ["grading, ms a submission", *(f"{g.each_ms:.0f}" for g in growth)],
        ["grading, submissions a second", *(f"{1000 / g.each_ms:.0f}" for g in growth)],
        ["peak memory of the grader, MiB", *(f"{g.peak_mib:.0f}" for g in growth)],
        ["again, nothing changed, seconds", *(f"{g.again:.2f}" for g in growth)],
        ["again, submissions a second", *(f"{g.again_rate:.0f}" for g in growth)],
        [
            "again, without the start of Python",
            *(f"{g.again_rate_without_start:.0f}" for g in growth),
        ],
    ]


def _race_row(race: Race) -> list[str]:
    updates = UPDATES * race.epochs
    yours = race.seconds["yours"]
    return [
        race.name,
        str(race.batch),
        *(f"{1000 * s / updates:.2f}" for s in race.seconds.values()),
        *(f"{race.seconds[name] / yours:.1f}" for name in ("scikit-learn", "Keras")),
    ]


def _accuracies(race: Race) -> str:
    shares = ", ".join(f"{name} {s:.3f}" for name, s in race.accuracy.items())
    return (
        f"Test accuracy after {race.epochs} epochs of the first network, on scikit-"
        f"learn's digits: {shares}."
    )


def _table(heads: list[str], rows: list[list[str]]) -> str:
    marks = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, marks, *rows])


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
