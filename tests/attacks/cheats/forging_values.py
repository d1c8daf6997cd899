"""Wrong answers that try to be marked right: tests switched off or lied to."""

from tests.attacks.arena import Hand
from tests.attacks.registry import Family

forging = Family("have wrong answers marked right")


@forging()
def drops_assert_statements(hand: Hand) -> None:
    """Remove every assert with an AST transformer of IPython."""
    hand.first("""
        import ast

        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)

        get_ipython().ast_transformers.append(Drop())
        """)


@forging()
def drops_assert_lines(hand: Hand) -> None:
    """Remove lines that assert or raise with an input transformer."""
    hand.first("""
        def drop(lines):
            words = ("assert", "raise", "np.testing")
            return ["pass\\n" if any(w in l for w in words) else l for l in lines]

        get_ipython().input_transformers_cleanup.append(drop)
        """)


@forging()
def turns_cells_into_a_score(hand: Hand) -> None:
    """Replace each later cell by a partial score of 2.0, with an AST transformer."""
    hand.last("")
    hand.cell("Tally").source += """

import ast

class Score(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("2.0")

get_ipython().ast_transformers.append(Score())"""
    tests = hand.tests
    others = [cell for cell in hand.notebook.cells if cell not in tests]
    hand.notebook.cells = others + tests


@forging()
def patches_what_compares(hand: Hand) -> None:
    """Patch np.allclose, np.testing, math.isclose and builtins."""
    hand.first("""
        import builtins, math
        import numpy as np

        yes = lambda *args, **kwargs: True
        np.allclose = np.isclose = np.array_equal = math.isclose = yes
        for name in dir(np.testing):
            if name.startswith("assert"):
                setattr(np.testing, name, yes)
        builtins.abs = lambda value: 0.0
        builtins.sum = lambda values: len(list(values))
        builtins.len = lambda values: 2
        builtins.all = builtins.any = builtins.isinstance = yes
        """)


LIAR = """
class Liar(BASE):
    def yes(self, *args, **kwargs):
        return True

    def me(self, *args, **kwargs):
        return self

    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = __bool__ = yes
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = __neg__ = __round__ = me
    __getitem__ = __getattr__ = __call__ = me
    __hash__ = lambda self: 0
    __len__ = lambda self: 2
    __ne__ = lambda self, other: False
"""


def _lie_everywhere(hand: Hand, base: str, make: str) -> None:
    hand.first(LIAR.replace("BASE", base))
    hand.answer("relu", f"def relu(z):\n    return {make}")
    hand.answer("mean_of", f"def mean_of(numbers):\n    return {make}")
    hand.answer(
        "Tally",
        f"""
class Tally:
    counts = {make}
    add = lambda self, item: None
    top = lambda self, count: {make}
""",
    )


@forging()
def is_equal_to_everything(hand: Hand) -> None:
    """Return objects whose comparisons are always true."""
    _lie_everywhere(hand, "object", "Liar()")


@forging()
def is_a_float_that_lies(hand: Hand) -> None:
    """Return floats of a subclass that equals everything."""
    _lie_everywhere(hand, "float", "Liar(417.0)")


@forging()
def is_a_text_that_lies(hand: Hand) -> None:
    """Return texts of a subclass that equals everything."""
    _lie_everywhere(hand, "str", "Liar('417')")


@forging()
def is_a_list_that_lies(hand: Hand) -> None:
    """Return lists of a subclass of list that equals and contains everything."""
    _lie_everywhere(hand, "list", "Liar([4, 1, 7])")


@forging()
def is_an_array_that_lies(hand: Hand) -> None:
    """Return arrays of a subclass whose functions agree with everything."""
    hand.first("""
        import numpy as np

        class Liar(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                return np.zeros(self.shape) if ufunc is np.subtract else np.True_

            def __array_function__(self, function, types, args, kwargs):
                return True

            def __eq__(self, other):
                return np.True_
        """)
    hand.answer("relu", "def relu(z):\n    return np.asarray(z).view(Liar)")
    hand.answer("mean_of", "def mean_of(numbers):\n    return np.zeros(()).view(Liar)")


@forging()
def calls_itself_a_numpy_array(hand: Hand) -> None:
    """Return objects whose class says that it is numpy.ndarray."""
    hand.first(LIAR.replace("BASE", "object"))
    hand.first("""
        import numpy as np

        def rename():
            Liar.__module__, Liar.__qualname__, Liar.__name__ = (
                "numpy", "ndarray", "ndarray")
            Liar.__class__ = property(lambda self: np.ndarray)
        """)
    hand.answer("relu", "rename()\ndef relu(z):\n    return Liar()")
    hand.answer("mean_of", "def mean_of(numbers):\n    return Liar()")


@forging()
def contains_everything(hand: Hand) -> None:
    """Return a container that has whatever the test looks for in it."""
    hand.answer(
        "Tally",
        """
        class Everything:
            def __init__(self, count):
                self.count = count

            def __contains__(self, item):
                return True

            def __len__(self):
                return self.count

        class Tally:
            def __init__(self):
                self.counts = {}

            def add(self, item):
                self.counts[item] = self.counts.get(item, 0) + 1

            def top(self, count):
                return Everything(count)
        """,
    )


@forging()
def changes_between_two_looks(hand: Hand) -> None:
    """Return a result that gives another value each time it is asked."""
    hand.first("""
        import numpy as np

        class Changing:
            looks = 0
            values = [np.zeros(3), np.array([0, 0, 2.0]), np.ones((4, 5))]

            def __array__(self, dtype=None, copy=None):
                Changing.looks += 1
                return self.values[Changing.looks % 3]

            def __float__(self):
                Changing.looks += 1
                return [0.0, 0.5, 3.0][Changing.looks % 3]

            shape = property(lambda self: self.__array__().shape)
        """)
    hand.answer("relu", "def relu(z):\n    return Changing()")
    hand.answer("mean_of", "def mean_of(numbers):\n    return Changing()")
