"""A given cell is left out only if nothing that runs needs what it does."""

from collections import Counter

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.model.cells import NBGRADER_DEFAULTS
from autograder.model.needed_cells import CodeCell, choose, code_cells
from tests.support.needed_choice import USES, choice


def runs(source: str, *before: str, **others: str) -> bool:
    """Whether a given cell runs, all of it, below some others."""
    begun = choice(*before, source, **others).left_out.get(len(before) + 1, source)
    return begun == source


BINDING = [
    "x = 1",
    "x, y = 1, 2",
    "[y, *x] = range(3)",
    "x: int = 1",
    "x += 1",
    "del x",
    "print(x := 3)",
    "for x in range(3): print(x)",
    "with open_it() as x: print(1)",
    "try:\n    run()\nexcept ValueError as x:\n    print(1)",
    "def x(): ...",
    "class x: ...",
    "if True:\n    x = 1",
    "match y:\n    case [x, *_]: print(1)",
    "def bind():\n    global x\n    x = 1\n\n\nbind()",
]


@pytest.mark.parametrize("source", BINDING)
def test_a_cell_that_binds_what_an_answer_uses_runs(source):
    assert runs(source)
    assert not runs(source, answer="def answer():\n    return z")


@pytest.mark.parametrize(
    "source",
    [
        "y = [x for x in range(3)]",
        "y = lambda x: x",
        "def f(x):\n    x = 1\n    return x",
        "class A:\n    x = 1",
        "y.x = 1",
        "f(x=1)",
        "plot(x)",
        "fig, ax = plt.subplots()\nax.plot(x)",
    ],
)
def test_a_name_that_is_another_one_does_not_count(source):
    assert not runs(source)


CHANGING = [
    "x[0] = 1",
    "x.w = 1",
    "x += 1",
    "del x[0]",
    "x.append(1)",
    "x.layers[0].w *= 2",
    "x.fit(data)",
    "history = x.fit(data)",
    "y = x.pop()",
    "y = x.normal(size=3)",
    "rng.shuffle(x)",
    "np.copyto(x, 0)",
    "np.add(a, b, out=x)",
    "x.drop(columns='a', inplace=True)",
    "setattr(x, 'w', 1)",
    "a = x\na[0] = 1",
    "a = b = x\nb[0] = 1",
    "a = x.reshape(2, 2)\na[0] = 1",
    "for layer in x: layer.w = 1",
    "for layer, n in zip(x, y): layer.w = 1",
    "a = [x, y]\na[0][0] = 1",
    "def f(a):\n    a[0] = 1\n\n\nf(x)",
    "def f(a):\n    for b in a: b.w -= 1\n\n\nf(x)",
    "def g(a):\n    a[0] = 1\n\n\ndef f(a):\n    g(a)\n\n\ny = f(x)",
    "class A:\n    def m(self):\n        self.n = 1\n\n\ny = x.m()",
    "class A:\n    def __init__(self, a):\n        a.append(1)\n\n\nA(x)",
    "def f():\n    x.append(1)\n\n\nf()",
]


@pytest.mark.parametrize("source", CHANGING)
def test_a_cell_that_changes_what_an_answer_uses_runs(source):
    assert runs(source)


def test_a_change_under_another_name_counts_across_cells():
    assert runs("alias[0] = 1", "alias = x")
    assert runs("train(net)", "def train(a):\n    a.w = 1", "net = [x]")


def test_a_function_that_only_reads_changes_nothing():
    reads = "def f(a):\n    total = 0\n    for b in a: total += b\n    return total"
    assert not runs("y = f(x)", reads, answer=USES)


def test_what_a_needed_cell_uses_is_needed_too():
    assert choice("a = 1", "b = a", "x = b", "c = 3").left_out == {4: ""}


def test_a_name_used_at_once_is_not_what_a_cell_below_binds():
    assert not runs("x = 1", answer="y = x + 1", test="assert y")
    assert runs("x = 1", test="assert x")


def test_a_name_that_a_test_binds_is_the_tests_own():
    assert not runs("x = 1", answer="y = 1", test="x = 2\nassert x")


def test_what_a_test_below_binds_is_the_notebooks_in_a_test_above():
    cells = [
        CodeCell(0, "x = 1", is_given=True),
        CodeCell(1, "assert x", is_given=False, is_test=True),
        CodeCell(2, "x = 2\nassert x", is_given=False, is_test=True),
    ]
    assert choose(cells).left_out == {}
    assert choose([cells[0], cells[2], cells[1]]).left_out == {0: ""}


@pytest.mark.parametrize(
    "source",
    [
        "data = np.random.rand(3)",
        "import numpy.random as npr\ny = npr.rand(3)",
        "y = random.choice(z)",
        "y = globals()",
        "get_ipython().push({'x': 1})",
        "exec('x = 1')",
        "np.answer = 1",
        "setattr(np, 'answer', 1)\nimport numpy as np",
        "fig.savefig('a.png')",
        "df.to_csv('a.csv')",
        "open('a', 'w').close()",
        "Path('a').write_text('b')",
        "%matplotlib inline",
        "!touch a",
    ],
)
def test_what_names_do_not_show_runs_in_any_case(source):
    assert runs(source, "import numpy as np", answer="y = 1", test="assert y")


@pytest.mark.parametrize(
    "setting",
    [
        "import os",
        "from math import pi",
        "np.random.seed(1)",
        "keras.utils.set_random_seed(3)",
        "np.seterr(all='raise')",
        "pd.set_option('display.width', 3)",
        "warnings.filterwarnings('ignore')",
        "os.chdir('data')",
        "plt.style.use('ggplot')",
    ],
)
def test_of_a_cell_left_out_imports_and_settings_run(setting):
    found = choice(f"{setting}\nfor n in range(9): plot(n)", answer="y = 1")
    assert found.left_out == {1: setting}


def test_what_a_setting_uses_is_there_when_it_runs():
    draws = "np.random.seed(SEED)\nplot(1)"
    found = choice("SEED = 3", draws, answer="y = 1", test="assert y")
    assert found.left_out == {2: "np.random.seed(SEED)"}


def test_a_cell_that_writes_a_file_runs_to_its_end():
    writing = "f = open('a', 'w')\nf.write('b')\nf.close()"
    assert runs(writing, answer="y = 1", test="assert y")


def test_a_cell_runs_down_to_the_last_statement_that_is_needed():
    shows = "x = 1\nplot(x)\ny = [\n    x,  # twice\n    x,\n]\nplot(y)\nplot(x)"
    assert choice(shows).left_out == {1: "x = 1"}
    found = choice(shows, answer="def answer():\n    return y")
    assert found.left_out == {1: shows.partition("]")[0] + "]"}
    assert choice(shows, answer="z = 1", test="assert z").left_out == {1: ""}


def test_settings_below_the_last_needed_statement_run_too():
    cell = "x = 1\nplot(x)\nnp.random.seed(3)\nplot(x)"
    assert choice(cell).left_out == {1: "x = 1\nnp.random.seed(3)"}


@pytest.mark.parametrize(
    "cell",
    [
        "@decorated\ndef x():\n    ...\nplot(3)",
        "x = 1; y = 2\nplot(3)",
        'x = """\nplot(1)\n"""\nplot(3)',
        "# first\nx = 1  # then\n# at last\nplot(3)",
    ],
)
def test_the_beginning_of_a_cell_is_its_lines_as_they_stand(cell):
    (begun,) = choice(cell).left_out.values()
    assert cell == f"{begun}\nplot(3)" or cell == f"{begun}\n# at last\nplot(3)"


@pytest.mark.parametrize(
    "cell",
    [
        "def f():\n    return g()\nx = 1\ndef g():\n    return 1",
        "y = [1]\nx = y\ny.append(2)",
        "def f():\n    x.append(1)\nx = []\nf()",
        "def f():\n    global x\n    x = 1\nf()",
        "np.random.seed(3)\nx = np.random.rand()",
        "def draw():\n    return np.random.rand()\nx = 1\ndraw()",
    ],
)
def test_a_cell_runs_to_where_it_changes_what_is_needed(cell):
    imports = "import numpy as np"
    assert runs(cell, imports, answer="def answer():\n    return f, x")


def test_what_a_cell_has_bound_itself_it_needs_of_no_other():
    again = "x = 2\ny = x + 1"
    uses_y = "def answer():\n    return y"
    assert choice("x = 1\nplot(x)", again, answer=uses_y).left_out == {1: ""}


@pytest.mark.parametrize(
    "defines",
    [
        "def f():\n    return np.random.rand()",
        "f = lambda: np.random.rand()",
        "class f:\n    def __init__(self):\n        np.random.seed(3)",
        "def f():\n    return g()\n\n\ndef g():\n    np.seterr(all='raise')",
        "def f():\n    open('a', 'w').write('b')",
    ],
)
def test_a_cell_runs_that_calls_what_does_more_than_names_show(defines):
    others = {"answer": "y = 1", "test": "assert y"}
    before = ["import numpy as np", defines]
    assert runs("for n in range(3): f()", *before, **others)
    assert not runs("for n in range(3): h()", *before, **others)


def test_a_file_that_an_answer_writes_is_written_by_no_demonstration():
    answer = "def answer(path):\n    open(path, 'w').write('b')"
    assert not runs("answer('a.txt')", answer=answer)


@pytest.mark.parametrize(
    ("call", "is_needed"),
    [
        ("np.append(a, 1)", False),
        ("sys.path.append('a')", True),
        ("plt.rcParams.update({})", True),
        ("fig.savefig(BytesIO())", False),
        ("fig.savefig(png := io.BytesIO())", False),
        ("fig.savefig('a.png')", True),
        ("fig.savefig(png)", True),
        ("os.remove('a')", True),
        ("os.path.exists('a')", False),
        ("shutil.copy('a', 'b')", True),
    ],
)
def test_a_call_is_known_by_what_it_does(call, is_needed):
    imports = "import io, os, shutil, sys\nimport numpy as np\nfrom a import plt"
    found = runs(f"print({call})", imports, answer="y = 1", test="assert y")
    assert found == is_needed


def test_a_setting_for_a_while_ends_with_its_block():
    quiet = (
        "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    a()"
    )
    assert not runs(quiet)


REACHING = [
    "exec('x = 1')",
    "def answer():\n    return globals()['x']",
    "vars()['x']",
    "locals()['x']",
    "import __main__",
    "get_ipython().push({'x': 1})",
    "In[-1]",
    "_",
    "from os.path import *",
    "import inspect",
    "%who",
    "!ls",
]


@pytest.mark.parametrize("answer", REACHING)
def test_all_cells_run_if_an_answer_may_reach_any_name(answer):
    found = choice("a = 1", answer=answer, test="assert 1")
    assert found.left_out == {}
    assert "may reach any name" in found.why[1]


def test_an_answer_that_is_no_code_reaches_nothing():
    assert not runs("x = 1", answer="def answer(:", test="assert 1")


def test_code_in_text_uses_what_it_names():
    assert runs("x = 1", answer="def f():\n    ggplot(df, aes('a', 'x * 2'))")
    assert runs("x = 1", answer="def f():\n    ggplot(df, \uff41es('a', 'x * 2'))")


def graded(source, **entry):
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = NBGRADER_DEFAULTS | entry
    return cell


def test_only_given_code_as_it_was_handed_out_may_be_left_out():
    cells = [
        graded("import a", grade_id="imports", locked=True),
        new_code_cell("plot(1)"),
        new_code_cell("plot(2)  # and what I have tried"),
        graded("y = 1", grade_id="answer", solution=True),
        graded("k = 3  # yours: integers(2, 10)", grade_id="constants", locked=True),
        graded("assert y", grade_id="test_answer", grade=True, locked=True),
        new_code_cell("plot(3)"),
        new_code_cell("plot(3)"),
    ]
    given = Counter(["import a", "plot(1)", "plot(2)", "plot(3)"])
    found = code_cells(new_notebook(cells=cells), given)
    assert [cell.position for cell in found if cell.is_given] == [0, 1]
    assert [cell.position for cell in found if cell.is_test] == [5]
    shared = code_cells(new_notebook(cells=cells), given, ["test_answer"])
    assert not any(cell.is_test for cell in shared)


def test_instructors_read_why_a_cell_runs():
    cells = [new_code_cell("x = 1"), graded(USES, grade_id="answer", solution=True)]
    found = choose(code_cells(new_notebook(cells=cells), Counter(["x = 1"])))
    assert found.why == {0: "sets x for answer"}


@pytest.mark.parametrize("deep", ["-" * 3_000 + "1", "a" + ".b" * 3_000, "(" * 150])
def test_code_of_any_depth_is_looked_at_and_harms_nobody(deep):
    choice("x = 1", answer=f"y = {deep}", test="assert 1")
