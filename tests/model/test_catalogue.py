"""A catalogue's answers are read whole, also those written as differences."""

import ast
import re
from pathlib import Path

import pytest

from autograder.base.errors import SourceError
from autograder.base.paths import ROOT
from autograder.model.catalogue import read_catalogue
from autograder.model.differences import bare_lines, is_difference
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_paths, read_lesson

SOLUTION = '''
class Layer:
    """A layer that scales and shifts.

    It has two docstrings.
    """

    def __init__(self, scale):
        # Kept for later.
        ### BEGIN SOLUTION
        self.scale = scale  # a number
        ### END SOLUTION

    def forward(self, x):
        """Return scale * x + 1."""
        ### BEGIN SOLUTION
        out = self.scale * x
        if out > 0:
            out = out + 1
        return out
        ### END SOLUTION

    def backward(self, x):
        """Return scale * x."""
        ### BEGIN SOLUTION
        out = self.scale * x
        return out
        ### END SOLUTION
'''
BARE = """class Layer:
    def __init__(self, scale):
        self.scale = scale  # a number

    def forward(self, x):
        out = self.scale * x
        if out > 0:
            out = out + 1
        return out

    def backward(self, x):
        out = self.scale * x
        return out
"""
TEST = (
    '# %% nbgrader={"grade_id": "test_Layer", "grade": true, "points": 1}\nLayer(2)\n'
)
OTHERS = """
# %% wrong Layer one
# says: One.
# hint: 1
one = 1

# %% wrong Layer two
# says: Two.
# hint: 2
two = 2

# %% wrong Layer three
# says: Three.
# hint: 3
three = 3

# %% right Layer four
four = 4

# %% right Layer five
five = 5
"""
DIFFERENCES = {
    "a line is replaced, its column is that of the solution": (
        "# - self.scale = scale  # a number\n# + self.scale = 2",
        BARE.replace("scale  # a number", "2"),
    ),
    "what is indented inside a hunk stays so": (
        "# - out = out + 1\n# + for _ in range(2):\n# +     out += 1",
        BARE.replace(
            "            out = out + 1\n",
            "            for _ in range(2):\n                out += 1\n",
        ),
    ),
    "a hunk may begin in any column": (
        "# -                 out = out + 1\n# +                 out = out + 2",
        BARE.replace("out + 1", "out + 2"),
    ),
    "new lines may be less indented than the first of their hunk": (
        "# -     out = out + 1\n# + out = out + 1\n# = return out",
        BARE.replace("            out = out + 1", "        out = out + 1"),
    ),
    "a line that stays shows the place": (
        "# = def backward(self, x):\n# +     x = abs(x)",
        BARE.replace("backward(self, x):", "backward(self, x):\n        x = abs(x)"),
    ),
    "a line below shows the place as well": (
        "# + import math\n# +\n# = class Layer:",
        "import math\n\n" + BARE,
    ),
    "hunks apart": (
        "# - self.scale = scale  # a number\n# + self.scale = 1\n# ...\n"
        "# = def backward(self, x):\n# ...\n# - return out\n# + return -out",
        BARE.replace("scale  # a number", "1").removesuffix("return out\n")
        + "return -out\n",
    ),
    "lines go": (
        "# - if out > 0:\n# -     out = out + 1",
        BARE.replace("        if out > 0:\n            out = out + 1\n", ""),
    ),
    "lines go, an empty one with them": (
        "# -\n# - def backward(self, x):\n# -     out = self.scale * x\n"
        "# -     return out",
        BARE.partition("\n    def backward")[0],
    ),
    "empty lines in between mean nothing": (
        "# - out = out + 1\n\n# + out += 1",
        BARE.replace("out = out + 1", "out += 1"),
    ),
    "whole code is code": ("class Layer:\n    pass", "class Layer:\n    pass\n"),
    "whole code may begin with a comment": (
        "# --- a layer ---\nclass Layer:\n    pass",
        "# --- a layer ---\nclass Layer:\n    pass\n",
    ),
}
FAULTS = {
    "no such line": ("# - self.factor = scale", 'found no line "self.factor = scale"'),
    "not in this order": (
        "# - out = out + 1\n# ...\n# - self.scale = scale  # a number",
        'no line "self.scale = scale  # a number" below the hunk before it',
    ),
    "not after each other": (
        "# = def backward(self, x):\n# - return out",
        'no line "return out" right after "def backward(self, x):" in',
    ),
    "a part of a line": ("# - out + 1\n# + 1", 'found no line "out + 1"'),
    "indented otherwise": (
        "# = if out > 0:\n# - out = out + 1",
        'no line "out = out + 1" right after "if out > 0:" in',
    ),
    "a docstring": ('# - """Return scale * x."""', "docstrings and lines of comment"),
    "several places": ("# - return out\n# + return 1", '"return out" fits in 2 places'),
    "no place": ("# + return 1", "only new lines"),
    "a gap and no place": ("# ...\n# +\n# ...\n# - return out", "only new lines"),
    "a line without a sign": ("# - out = out + 1\nout = 1", 'found "out = 1" in'),
    "a line of comment": ("# ...\n# out = out + 1", 'found "# out = out + 1" in'),
}
MISTAKES = {
    "no such kind": ("# %% maybe Layer six\nsix = 6\n", 'found "# %% maybe Layer six"'),
    "no name": ("# %% right Layer\nsix = 6\n", 'found "# %% right Layer"'),
    "no such exercise": ("# %% right Lair six\nsix = 6\n", "has no such exercise"),
    "no feedback": ("# %% wrong Layer six\n# hint: 1\nsix = 6\n", "needs `# says: …`"),
    "hint in words": (
        "# %% wrong Layer six\n# says: Six.\n# hint: two\nsix = 6\n",
        "`# hint: 1`, 2 or 3",
    ),
    "a name twice": ("# %% right Layer one\none = 1\n", "Layer one: named 2 times"),
}


def lesson(folder: Path, solution: str = SOLUTION) -> Lesson:
    path = folder / "01_layer.py"
    head = '# %% nbgrader={"grade_id": "Layer", "solution": true}'
    path.write_text(f"# %% [markdown]\n# # Layer\n\n{head}{solution}\n{TEST}", "utf-8")
    return read_lesson(path)


def catalogue(folder: Path, answer: str) -> Path:
    """Write a catalogue with the answer `six`, whose code or difference is given."""
    path = folder / "mistakes" / "01_layer.py"
    path.parent.mkdir(exist_ok=True)
    head = "# %% wrong Layer six\n# says: A text that\n#   goes on.\n# hint: 1\n"
    path.write_text(f"{OTHERS}\n\n{head}{answer}\n", "utf-8")
    return path


def six(folder: Path, answer: str, solution: str = SOLUTION):
    answers = read_catalogue(lesson(folder, solution), catalogue(folder, answer))
    return {a.name: a for a in answers}["six"]


@pytest.mark.parametrize("case", DIFFERENCES)
def test_an_answer_may_be_a_difference(case, tmp_path):
    written, code = DIFFERENCES[case]
    answer = six(tmp_path, written)
    assert answer.code == code
    assert (answer.says, answer.hint) == ("A text that goes on.", 1)


@pytest.mark.parametrize("case", FAULTS)
def test_a_difference_that_does_not_fit_is_named(case, tmp_path):
    written, message = FAULTS[case]
    with pytest.raises(SourceError) as error:
        six(tmp_path, written)
    text = str(error.value)
    assert text.startswith("mistakes/01_layer.py: wrong Layer six: ")
    assert message in text
    assert any(f"; {what}" in text for what in ("write", "show", "begin")), text


def test_all_differences_that_do_not_fit_are_named_at_once(tmp_path):
    answer = "# - gone()\n\n# %% right Layer seven\n# - gone_too()"
    with pytest.raises(SourceError) as error:
        six(tmp_path, answer)
    first, second = str(error.value).splitlines()
    assert "wrong Layer six" in first
    assert "right Layer seven" in second


def test_an_answer_follows_a_changed_solution(tmp_path):
    change = "# - out = out + 1\n# + out = out + 2"
    changed = SOLUTION.replace("scale  # a number", "float(scale)").replace(
        "        if out > 0:\n            out = out + 1",
        "        if out:\n            if out > 0:\n                out = out + 1",
    )
    code = six(tmp_path, change, changed).code
    assert "        self.scale = float(scale)\n" in code
    assert "            if out > 0:\n                out = out + 2\n" in code


def test_an_answer_that_cannot_follow_a_changed_solution_says_so(tmp_path):
    change = "# - out = out + 1\n# + out = out + 2"
    with pytest.raises(SourceError) as error:
        six(tmp_path, change, SOLUTION.replace("out = out + 1", "out += 1"))
    assert str(error.value) == (
        'mistakes/01_layer.py: wrong Layer six: found no line "out = out + 1" in the '
        "solution (docstrings and lines of comment left out); write the difference "
        "anew for the solution as it is now."
    )


def test_the_example_of_the_documentation_fits(tmp_path):
    text = (ROOT / "docs" / "catalogue-format.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text.replace("Dense", "Layer"), re.S)
    solution, answers = blocks[1:3]
    path = catalogue(tmp_path, f"six = 6\n\n\n{answers}")
    random_bias, own_generator, made_too_late = read_catalogue(
        lesson(tmp_path, f"\n{solution}"), path
    )[-3:]
    assert "        self.b = rng.random(n_out)\n" in random_bias.code
    assert "rng):\n        rng = np.random.default_rng(0)\n" in own_generator.code
    assert "        self.x = x\n        self.b = np.zeros(" in made_too_late.code
    assert made_too_late.code.count("self.b =") == 1


def test_lines_in_texts_are_no_comments_and_docstrings_no_bodies(tmp_path):
    given = (
        'text = """\n# stays\n"""\n\n\nclass Layer:\n    """All it has."""\n\n\n'
        'def short(): "Return 1."; return 1\n'
    )
    solution = f"\n{given}### BEGIN SOLUTION\nlast = 1\n### END SOLUTION\n"
    code = six(tmp_path, "# - last = 1\n# + last = 2", solution).code
    assert code == f"{given}last = 2\n"


def test_a_solution_that_is_not_plain_python_keeps_all_its_lines(tmp_path):
    path = tmp_path / "01_layer.py"
    read = lesson(tmp_path)
    cells = [
        cell
        if cell.role != "solution"
        else type(cell)(
            cell.number, "code", "%matplotlib inline\n# x\nx = 1  ", cell.nbgrader
        )
        for cell in read.cells
    ]
    odd = Lesson(path, tuple(cells))
    answers = read_catalogue(odd, catalogue(tmp_path, "# - x = 1\n# + x = 2"))
    assert answers[-1].code == "%matplotlib inline\n# x\nx = 2\n"


def test_an_exercise_with_guesses_is_a_prediction_and_needs_fewer_mistakes(tmp_path):
    guesses = "# %% guess Layer six\nsix = 6\n\n# %% guess Layer seven\nseven = 7\n"
    few = OTHERS[: OTHERS.index("# %% wrong Layer two")]
    path = catalogue(tmp_path, "")
    path.write_text(f"{few}{guesses}\n# %% right Layer one_more\neight = 8\n", "utf-8")
    kinds = [answer.kind for answer in read_catalogue(lesson(tmp_path), path)]
    assert kinds == ["wrong", "guess", "guess", "right"]


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_of_a_catalogue_are_named(case, tmp_path):
    block, message = MISTAKES[case]
    with pytest.raises(SourceError) as error:
        six(tmp_path, f"six = 6\n\n\n{block}")
    assert message in str(error.value)


def test_too_few_answers_are_named(tmp_path):
    path = catalogue(tmp_path, "six = 6")
    text = path.read_text("utf-8")
    path.write_text(text.replace("right Layer four", "wrong Layer four"), "utf-8")
    with pytest.raises(SourceError, match="found 1 right answers, expected at least 2"):
        read_catalogue(lesson(tmp_path), path)
    with pytest.raises(SourceError, match="found no catalogue"):
        read_catalogue(lesson(tmp_path), tmp_path / "none.py")


@pytest.mark.parametrize("path", lesson_paths(), ids=lambda path: path.parent.name)
def test_every_answer_of_the_lessons_is_python_and_none_is_the_solution(path):
    read = read_lesson(path)
    solutions = {c.grade_id: c.source for c in read.cells if c.role == "solution"}
    for answer in read_catalogue(read):
        assert not is_difference(answer.code.splitlines())
        tree = ast.parse(answer.code)
        if answer.kind == "wrong":
            solution = "\n".join(bare_lines(solutions[answer.exercise]))
            assert ast.dump(tree) != ast.dump(ast.parse(solution)), answer.name
