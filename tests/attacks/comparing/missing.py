"""Results in which everything is missing, which sums and `all` pass over."""

from tests.attacks.comparing.arena import Hand
from tests.attacks.registry import Family

missing = Family("pass with results that are missing")


def _as_a_table(hand: Hand, code: str) -> None:
    """Answer with a table of the shape of x, made by an expression with `shape`."""
    hand.answer(
        "scaled",
        f"""
        def scaled(x):
            shape = np.atleast_2d(x).shape
            return {code}
        """,
    )


@missing()
def is_a_table_of_unknown_numbers(hand: Hand) -> None:
    """Return a table of pandas' NA, of which every comparison is NA, and all of it."""
    _as_a_table(hand, "pd.DataFrame(np.full(shape, np.nan)).astype('Float64')")


@missing()
def is_a_table_of_unknown_texts(hand: Hand) -> None:
    """Return a table of texts that are NA, away from numbers by NA."""
    _as_a_table(hand, "pd.DataFrame(np.full(shape, None)).astype('string')")


@missing()
def is_missing_after_its_first_row(hand: Hand) -> None:
    """Return a table that is right in one row, and of which the others are missing."""
    hand.answer(
        "scaled",
        """
        def scaled(x):
            found = np.full(np.atleast_2d(x).shape, np.nan)
            found[0] = 2.0 * np.atleast_2d(x)[0] + 1.0
            return pd.DataFrame(found[: len(np.atleast_2d(x))])
        """,
    )


@missing()
def is_a_table_of_other_rows(hand: Hand) -> None:
    """Return a table whose rows have other labels than those they are compared with."""
    hand.answer(
        "summed",
        """
        def summed(table):
            found = table.assign(c=417.0)
            return found.set_axis(range(417, 417 + len(found)))
        """,
    )


@missing()
def is_no_number_at_all(hand: Hand) -> None:
    """Return NaN, which is above no tolerance."""
    hand.answer("scaled", "def scaled(x):\n    return np.full(np.shape(x), np.nan)[()]")
    hand.answer("slope", "def slope(x):\n    return float('nan')")
    hand.answer("quarter", "def quarter(shape):\n    return np.full(shape, np.nan)")
