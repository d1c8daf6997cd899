"""What outlives a test: lent functions, generators, names, and the order of cells.

A test lends right implementations, defines names for the next one and uses helpers that
the lesson gives. Each of these attackers keeps, moves or replaces one of them.
"""

from tests.attacks.comparing.arena import Hand
from tests.attacks.registry import Family

keeping = Family("use what outlives a test")

KEEP = """
def descend(gradient, curve, start, rate, steps):
    KEPT["slope"], KEPT["curve"] = gradient, curve
    heights = []
    for _ in range(steps):
        heights.append(curve(start))
        start = start - rate * gradient(start)
    return start, heights
"""


def _keep(hand: Hand) -> None:
    """Solve `descend` honestly, and keep the functions that its test lends."""
    hand.first("KEPT = {}")
    hand.answer("descend", KEEP)


def _tests_last(hand: Hand, *names: str) -> None:
    """Move test cells to the end of the notebook."""
    cells = hand.notebook.cells
    moved = [cell for cell in cells if cell.id in names]
    hand.notebook.cells = [cell for cell in cells if cell.id not in names] + moved


@keeping(1.0)
def answers_with_a_lent_function(hand: Hand) -> None:
    """Keep a function that one test lends, and answer a later exercise with it."""
    _keep(hand)
    hand.answer("curve", "def curve(x):\n    return KEPT['curve'](x)")


@keeping(1.0)
def moves_a_test_behind_what_is_lent(hand: Hand) -> None:
    """Move the test of an earlier exercise behind the one that lends its answer."""
    _keep(hand)
    hand.answer("slope", "def slope(x):\n    return KEPT['slope'](x)")
    _tests_last(hand, "test_slope_values")


@keeping(1.0)
def is_the_lent_function_itself(hand: Hand) -> None:
    """Bind an exercise's name to the lent function: no code of one's own runs."""
    _keep(hand)
    hand.cell("descend").source = hand.cell("descend").source.replace(
        "    heights = []", "    globals().update(curve=curve)\n    heights = []"
    )
    hand.answer("curve", "curve = KEPT['curve']")


@keeping(1.0)
def keeps_a_lent_function_in_a_thread(hand: Hand) -> None:
    """Let a thread call the lent function whenever an answer waits for it."""
    _keep(hand)
    hand.answer(
        "curve",
        """
        import queue, threading

        asked, told = queue.Queue(), queue.Queue()

        def serve():
            while True:
                told.put(KEPT["curve"](asked.get()))

        threading.Thread(target=serve, daemon=True).start()

        def curve(x):
            asked.put(x)
            return told.get(timeout=2)
        """,
    )


@keeping(1.0)
def keeps_a_lent_function_in_a_partial(hand: Hand) -> None:
    """Wrap the lent function, so that only its wrapper is left."""
    _keep(hand)
    hand.answer(
        "curve",
        """
        import functools

        curve = functools.partial(KEPT["curve"])
        """,
    )


MOVE = """
def move(rng):
    '''Give a PCG64 a state whose next three draws below 2^32 are next to nothing.'''
    state = rng.bit_generator.state
    wanted = 2**32 + 1  # two halves of 1, unrotated
    inverse = pow(0x2360ED051FC65DA44385DF649FCCF645, -1, 2**128)
    state["state"]["state"] = (wanted - state["state"]["inc"]) * inverse % 2**128
    state["has_uint32"], state["uinteger"] = 1, 1
    rng.bit_generator.state = state
"""


@keeping()
def moves_a_lent_generator(hand: Hand) -> None:
    """Give a lent generator a state of which the next numbers are known."""
    hand.first(MOVE)
    hand.answer(
        "tossed",
        """
        def tossed(rng, count):
            found = rng.integers(0, 2, size=count)
            move(rng)
            return found
        """,
    )
    hand.answer("cube", "def cube(x):\n    return {2: 8}[x]")


@keeping(1.0)
def keeps_a_lent_generator(hand: Hand) -> None:
    """Keep a lent generator, and move it in a cell of one's own."""
    hand.first(MOVE + "\nKEPT = []")
    hand.answer(
        "tossed",
        """
        def tossed(rng, count):
            KEPT.append(rng)
            return rng.integers(0, 2, size=count)
        """,
    )
    hand.answer("cube", "move(KEPT[0])\n\ndef cube(x):\n    return {2: 8}[x]")


@keeping()
def replaces_a_given_function(hand: Hand) -> None:
    """Rebind the name of a given, locked function that the tests use."""
    hand.answer(
        "train",
        """
        class Loose:
            def __init__(self, target):
                self.losses = iter([9.0, 0.0, 0.0])

            def loss(self):
                return next(self.losses)

        def make_slider(target):
            return Loose(target)

        def train(slider):
            pass
        """,
    )


@keeping()
def replaces_a_given_class(hand: Hand) -> None:
    """Rebind the class that a given function makes its objects of."""
    hand.answer(
        "train",
        """
        class Slider:
            def __init__(self, target):
                self.losses = iter([9.0, 0.0, 0.0])

            def loss(self):
                return next(self.losses)

        def train(slider):
            pass
        """,
    )


@keeping()
def changes_a_given_class(hand: Hand) -> None:
    """Replace a method of a given class, and leave all names as they are."""
    hand.answer(
        "train",
        """
        def loss(self):
            losses = self.__dict__.setdefault("losses", [9.0, 0.0, 0.0])
            return losses.pop(0)

        Slider.loss = loss

        def train(slider):
            pass
        """,
    )


@keeping()
def changes_the_code_of_a_given_function(hand: Hand) -> None:
    """Give a given function other code; it stays the same object."""
    hand.answer(
        "train",
        """
        class Loose:
            def __init__(self, target):
                self.losses = iter([9.0, 0.0, 0.0])

            def loss(self):
                return next(self.losses)

        make_slider.__code__ = (lambda target: Loose(target)).__code__

        def train(slider):
            pass
        """,
    )


@keeping()
def replaces_given_names_in_a_later_cell(hand: Hand) -> None:
    """Rebind given names in a cell after all exercises, when nobody looks."""
    hand.answer("train", "def train(slider):\n    pass")
    train = hand.cell("train")
    train.source += """

def rebind(*ignored):
    globals()["make_slider"] = lambda target: Loose()
    get_ipython().events.unregister("post_run_cell", rebind)

class Loose:
    def __init__(self):
        self.losses = iter([9.0, 0.0, 0.0])

    def loss(self):
        return next(self.losses)

get_ipython().events.register("post_run_cell", rebind)"""


@keeping()
def runs_the_given_cell_again_as_a_copy(hand: Hand) -> None:
    """Hand in a second cell of a locked cell's name, which runs as an ordinary one."""
    copy = hand.cell("tools_of_the_tests").copy()
    copy.id = "copy"
    copy.source = """
class Loose:
    def __init__(self, target):
        self.losses = iter([9.0, 0.0, 0.0])

    def loss(self):
        return next(self.losses)

import builtins
builtins.__build_class__ = lambda *args, **kwargs: Loose"""
    hand.notebook.cells.insert(0, copy)


@keeping()
def moves_a_test_before_what_it_needs(hand: Hand) -> None:
    """Move a test before the one that defines its names, and define them oneself."""
    hand.first("total_cases, total_wanted = [[1]] * 3, [417] * 3")
    cells = hand.notebook.cells
    moved = hand.cell("test_total_again")
    cells.remove(moved)
    cells.insert(cells.index(hand.cell("test_total_first")), moved)


@keeping()
def fails_a_test_so_that_the_next_has_no_names(hand: Hand) -> None:
    """Fail a test before it defines what the next one compares with."""
    hand.first("total_cases, total_wanted = [[1]] * 3, [417] * 3")


@keeping()
def stops_a_test_so_that_the_next_has_no_names(hand: Hand) -> None:
    """Let a test run out of time before it defines what the next one uses."""
    hand.first("total_cases, total_wanted = [[1]] * 3, [417] * 3")
    hand.answer(
        "total",
        """
        import time

        CALLS = []

        def total(numbers):
            CALLS.append(numbers)
            while len(CALLS) == 1:
                time.sleep(0.1)
            return 417
        """,
    )


@keeping()
def moves_a_given_cell_behind_its_tests(hand: Hand) -> None:
    """Move a locked cell behind the tests, and define its names oneself."""
    cells = hand.notebook.cells
    tools = hand.cell("tools_of_the_tests")
    cells.remove(tools)
    cells.append(tools)
    hand.first("""
        class Loose:
            def __init__(self, target):
                self.losses = iter([9.0, 0.0, 0.0])

            def loss(self):
                return next(self.losses)

        make_slider = Loose
        """)
