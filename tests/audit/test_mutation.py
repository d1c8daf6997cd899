"""Mutants: each holds one plausible mistake, and those excused have a reason."""

import ast

import pytest

from autograder.audit.mutation import OVERWRITES, mutants, read_equivalents
from autograder.audit.slicing import exercises_of
from autograder.base.errors import SourceError
from autograder.model.lesson_reader import lesson_paths, read_lesson

SOLUTION = '''def softmax(Z, eps=1e-12):
    """Return probabilities."""
    ### BEGIN SOLUTION
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    if eps > 0:
        e += eps
    return e.T / np.sum(e, axis=-1)
    ### END SOLUTION
'''
EXPECTED = {
    "operator": "+ e = np.exp(Z + np.max(Z, axis=-1, keepdims=True))",
    "dropped term": "+ e = np.exp(Z)",
    "exchanged operands": "+ return np.sum(e, axis=-1) / e.T",
    "axis": "+ return e.T / np.sum(e, axis=0)",
    "transpose": "+ return e / np.sum(e, axis=-1)",
    "function": "+ return e.T / np.mean(e, axis=-1)",
    "dropped argument": "+ e = np.exp(Z - np.max(Z, axis=-1))",
    "dropped call": "+ e = Z - np.max(Z, axis=-1, keepdims=True)",
    "constant": "+ e = np.exp(Z - np.max(Z, axis=-1, keepdims=False))",
    "comparison": "+ if eps >= 0:",
    "condition": "+ if True:",
    "removed statement": "- e += eps",
    "sign": "+ return -(e.T / np.sum(e, axis=-1))",
}


@pytest.mark.parametrize("what", EXPECTED)
def test_each_kind_of_change_is_made(what):
    changes = [m.change for m in mutants(SOLUTION) if m.what == what]
    assert any(EXPECTED[what] in change.splitlines() for change in changes), changes


def test_arguments_are_exchanged_and_loops_shortened():
    source = "def f(n):\n    return [g(i, n) for i in range(n)]\n"
    changes = "\n".join(m.change for m in mutants(source))
    assert "+ return [g(n, i) for i in range(n)]" in changes
    assert "+ return [g(i, n) for i in range(n - 1)]" in changes


def test_only_the_solution_region_is_changed():
    for mutant in mutants(SOLUTION):
        if mutant.what != OVERWRITES:
            assert "def softmax(Z, eps=1e-12):" in mutant.code


def test_a_value_without_a_function_and_a_magic_have_no_mutants():
    assert mutants("### BEGIN SOLUTION\nz = 0.46\n### END SOLUTION\n") == []
    assert mutants("%timeit f(3)\ndef f(x):\n    return x + 1\n") == []


def test_an_error_can_be_dropped_but_its_words_do_not_matter():
    source = "def f(x):\n    if x < 0:\n        raise ValueError('x is ' + str(x))\n"
    changes = [m.change for m in mutants(source) if m.what != OVERWRITES]
    assert "- raise ValueError('x is ' + str(x))\n+ pass" in changes
    assert not [change for change in changes if "+ raise" in change]


def without_docstrings(source):
    """Return a program as mutants are written."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree) + "\n"


@pytest.mark.all_lessons
def test_every_mutant_of_every_lesson_is_another_valid_program():
    for path in lesson_paths():
        for exercise in exercises_of(read_lesson(path)):
            source = exercise.solution.source
            codes = [mutant.code for mutant in mutants(source)]
            assert len(set(codes)) == len(codes)
            assert without_docstrings(source) not in codes
            for code in codes:
                ast.parse(code)


def test_the_overwriting_mutant_returns_the_right_value_and_spoils_the_arrays():
    import numpy as np

    source = "def double(x, *, y=None):\n    return 2 * x\n"
    spoiler = next(m for m in mutants(source) if m.what == OVERWRITES)
    namespace: dict = {}
    exec(spoiler.code, namespace)
    first, second = np.array([1.0, 2.0]), np.array([3])
    assert np.array_equal(namespace["double"](first, y=second), [2.0, 4.0])
    assert not np.array_equal(first, [1.0, 2.0])
    assert not np.array_equal(second, [3])
    assert namespace["double"](4) == 8


def test_an_excuse_without_a_reason_is_refused(tmp_path):
    path = tmp_path / "01_neuron.toml"
    path.write_text('[[mutant]]\nexercise = "f"\nchange = "- a\\n+ b"\n')
    with pytest.raises(SourceError, match=r"mutant 1: found no reason"):
        read_equivalents(path)


def test_excuses_are_found_by_exercise_and_change(tmp_path):
    path = tmp_path / "01_neuron.toml"
    path.write_text(
        '[[mutant]]\nexercise = "f"\nchange = """\n- a\n+ b\n"""\nreason = "same"\n'
    )
    assert read_equivalents(path) == {("f", "- a\n+ b"): "same"}
    assert read_equivalents(tmp_path / "none.toml") == {}
