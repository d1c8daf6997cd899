"""Results that lie: what claims to be a value, is empty, or decides when it is asked.

None of these answers knows what a test expects. Each works because something of the
comparison is left to the student's side, or because nothing was compared at all.
"""

from tests.attacks.comparing.arena import Hand
from tests.attacks.registry import Family

lying = Family("pass with results that lie")

AGREEING = """
import numpy as np

class Agreeing:
    '''Has the shape that is wanted, and nothing in it but agreement.'''

    def __init__(self, shape=(), array=None):
        self.shape, self.ndim, self.size = shape, len(shape), 1
        self.dtype, self.columns = np.dtype(float), ["a", "b", "c"]
        self.array = np.zeros(()) if array is None else array

    def me(self, *args, **kwargs):
        return self

    def yes(self, *args, **kwargs):
        return True

    def zero(self, *args, **kwargs):
        return 0.0

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = me
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = __abs__ = __matmul__ = me
    __float__ = zero
    mean = sum = max = min = item = std = var = dot = zero
    equals = all = any = allclose = yes
    copy = astype = ravel = flatten = reshape = round = to_numpy = abs = me

    def __int__(self):
        return 0

    def __array__(self, dtype=None, copy=None):
        return self.array
"""


def _agree(hand: Hand, *exercises: str) -> None:
    """Answer exercises with objects whose operators agree with everything."""
    hand.first(AGREEING)
    answers = {
        "scaled": "def scaled(x):\n    return Agreeing(np.shape(x))",
        "summed": "def summed(table):\n    return Agreeing((2, 3))",
        "quarter": "def quarter(shape):\n    return Agreeing(shape)",
    }
    for exercise in exercises:
        hand.answer(exercise, answers[exercise])


@lying()
def has_a_shape_and_no_values(hand: Hand) -> None:
    """Return objects that have the right shape, and arrays without rows."""
    hand.first("""
        class Shaped:
            def __init__(self, shape):
                self.shape, self.ndim = shape, len(shape)

            def __array__(self, dtype=None, copy=None):
                return np.empty((0, *self.shape))
        """)
    hand.answer("scaled", "def scaled(x):\n    return Shaped(np.shape(x))")
    hand.answer("quarter", "def quarter(shape):\n    return Shaped(shape)")


@lying()
def returns_no_rows(hand: Hand) -> None:
    """Return plain arrays without rows, which compare equal to anything."""
    hand.answer("quarter", "def quarter(shape):\n    return np.empty((0, *shape))")
    hand.answer("scaled", "def scaled(x):\n    return np.empty((0, *np.shape(x)))")


@lying()
def returns_a_subclass_without_rows(hand: Hand) -> None:
    """Return arrays of a subclass that has rows by its shape, and none inside."""
    hand.answer(
        "scaled",
        """
        class Shaped(np.ndarray):
            shape = property(lambda self: self.wanted)

            def look(self):  # a method, so that it stays an object of the notebook
                return 0

        def scaled(x):
            found = np.empty((0, *np.shape(x))).view(Shaped)
            found.wanted = np.shape(x)
            return found
        """,
    )


@lying()
def returns_nothing_until_asked(hand: Hand) -> None:
    """Keep a result empty, to be compared when more is known."""
    hand.answer("guess", "def guess(seed):\n    return np.empty((0, 3))")
    hand.answer("distance", "def distance(y, yhat):\n    return 0.0")


@lying()
def returns_one_number(hand: Hand) -> None:
    """Return one number where an array was asked for."""
    hand.answer("quarter", "def quarter(shape):\n    return 0.25")


@lying()
def returns_one_row(hand: Hand) -> None:
    """Return one row, or one column, that only broadcasting makes an array."""
    hand.answer("quarter", "def quarter(shape):\n    return np.full(shape[-1], 0.25)")


@lying()
def returns_more_axes(hand: Hand) -> None:
    """Return an array of five axes, to which what is expected is broadcast."""
    hand.answer(
        "quarter", "def quarter(shape):\n    return np.full((1, 1, 1, *shape), 0.25)"
    )


@lying()
def is_zero_away_from_everything(hand: Hand) -> None:
    """Return objects whose difference to anything converts to 0."""
    _agree(hand, "scaled")


@lying()
def answers_its_own_mean(hand: Hand) -> None:
    """Return objects that NumPy asks for their own mean, sum and norm."""
    _agree(hand, "scaled")
    hand.cell("scaled").source += "\ndel Agreeing.__float__, Agreeing.__array__"


@lying()
def equals_every_table(hand: Hand) -> None:
    """Return an object with the columns of a table and an `equals` of its own."""
    _agree(hand, "summed")


@lying()
def equals_by_a_subclass_of_a_table(hand: Hand) -> None:
    """Return a table of a subclass whose `equals` is always true."""
    hand.answer(
        "summed",
        """
        class Table(pd.DataFrame):
            def equals(self, other):
                return True

        def summed(table):
            return Table(table.assign(c=417.0))
        """,
    )


@lying()
def learns_from_what_it_is_compared_with(hand: Hand) -> None:
    """Keep the expected values that an operator brings, and return them."""
    hand.answer(
        "scaled",
        """
        class Learning:
            def __init__(self, shape):
                self.shape, self.value = shape, None

            def __sub__(self, other):
                self.value = np.asarray(other)
                return self

            def __pow__(self, power):
                return self

            def mean(self, *args, **kwargs):
                return float(np.mean(self.value - self.value))

            def __float__(self):
                return float(np.sum(self.value - self.value))

            def __array__(self, dtype=None, copy=None):
                return self.value - self.value

        def scaled(x):
            return Learning(np.shape(x))
        """,
    )


@lying()
def is_an_array_of_objects(hand: Hand) -> None:
    """Return real arrays whose elements are objects that agree with everything."""
    hand.first(AGREEING)
    hand.answer(
        "scaled",
        """
        def scaled(x):
            found = np.empty(np.shape(x), dtype=object)
            for place in np.ndindex(found.shape):
                found[place] = Agreeing()
            return found
        """,
    )


@lying()
def is_a_list_of_objects(hand: Hand) -> None:
    """Return nested lists whose elements are objects that agree with everything."""
    hand.first(AGREEING)
    hand.answer(
        "scaled",
        """
        class Rows:
            def __init__(self, shape):
                self.shape = shape

            def __len__(self):
                return self.shape[0]

            def __getitem__(self, number):
                if number >= self.shape[0]:
                    raise IndexError(number)
                return [Agreeing() for _ in range(self.shape[1])]

            def __sub__(self, other):
                return self

        def scaled(x):
            return Rows(np.shape(x))
        """,
    )


@lying()
def is_a_table_of_objects(hand: Hand) -> None:
    """Return a real table and real arrays that hold objects of the notebook."""
    hand.first(AGREEING)
    hand.answer(
        "scaled",
        """
        def scaled(x):
            rows, *columns = np.shape(x) or (1,)
            made = [[Agreeing() for _ in range(columns[0] if columns else 1)]
                    for _ in range(rows)]
            return pd.DataFrame(made)
        """,
    )


@lying()
def poses_as_an_array_of_scipy(hand: Hand) -> None:
    """Name a class after SciPy's subclass of ndarray, and pass `isinstance`."""
    hand.first(AGREEING)
    hand.answer(
        "scaled",
        """
        Agreeing.__module__ = "scipy.io.matlab._mio5_params"
        Agreeing.__qualname__ = Agreeing.__name__ = "MatlabObject"

        def scaled(x):
            return Agreeing(np.shape(x))
        """,
    )


@lying()
def poses_as_an_array_by_a_base(hand: Hand) -> None:
    """Name a base of a class after SciPy's subclass of ndarray."""
    hand.first(AGREEING)
    hand.answer(
        "scaled",
        """
        class Base(Agreeing):
            pass

        Base.__module__ = "scipy.io.matlab._mio5_params"
        Base.__qualname__ = "MatlabFunction"

        class Mine(Base):
            pass

        def scaled(x):
            return Mine(np.shape(x))
        """,
    )


@lying()
def holds_the_words_it_was_given(hand: Hand) -> None:
    """Return all words there were, and say that they are two."""
    hand.answer(
        "capitals",
        """
        class Counted(list):
            def look(self):  # so that it crosses as a handle
                return 0

            def __len__(self):
                return 2

        def capitals(words):
            return Counted(words)
        """,
    )


@lying()
def holds_words_by_number(hand: Hand) -> None:
    """Yield by `__getitem__` as many words as anybody looks through."""
    hand.answer(
        "capitals",
        """
        class Words:
            words = ["Ann", "Bob", "Zoe", "Yan", *[f"Word{n}" for n in range(100)]]

            def __len__(self):
                return 2

            def __getitem__(self, number):
                return self.words[number]

        def capitals(words):
            return Words()
        """,
    )


@lying()
def is_another_at_every_look(hand: Hand) -> None:
    """Give each property that a test asks for an array of its own."""
    hand.answer(
        "shares",
        """
        class Looks:
            def __init__(self, z):
                order = np.argsort(np.argsort(z)) + 1.0
                share = np.full(3, 1 / 3)
                ratio = np.ones(3)
                ratio[0] = np.exp(z[0])
                last = np.ones(3)
                last[2] = np.exp(z[2])
                self.arrays = iter([share, share, order, ratio, last])

            def __array__(self, dtype=None, copy=None):
                return next(self.arrays)

        def shares(z):
            return Looks(z)
        """,
    )


@lying()
def decides_when_it_has_seen_more(hand: Hand) -> None:
    """Return an object that gets its values from what a later call brings."""
    hand.answer(
        "guess",
        """
        class Later:
            seen = None

            def __array__(self, dtype=None, copy=None):
                return Later.seen

        def guess(seed):
            return Later()
        """,
    )
    hand.answer(
        "distance",
        "def distance(y, yhat):\n    Later.seen = np.array(y)\n    return 0.0",
    )
