"""What a locked cell compares with, bent: its own code stays as it was handed out."""

from tests.attacks.comparing.arena import Hand
from tests.attacks.registry import Family

deciding = Family("bend what given checks compare with")


@deciding()
def replaces_what_a_given_check_calls(hand: Hand) -> None:
    """Replace the function of NumPy that a given, locked check compares with."""
    hand.first("import numpy\nnumpy.allclose = lambda *args, **kwargs: True")


@deciding()
def replaces_builtins_that_a_given_check_calls(hand: Hand) -> None:
    """Replace what Python counts and pairs with: no pair, nothing to compare."""
    hand.first("""
        import builtins
        builtins.zip = lambda *args, **kwargs: iter(())
        builtins.len = lambda value: 3
        """)


@deciding()
def gives_a_given_check_other_globals(hand: Hand) -> None:
    """Put a module of one's own in the place of NumPy, in the notebook alone."""
    hand.answer(
        "third",
        """
        class Agreeable:
            def __getattr__(self, name):
                return lambda *args, **kwargs: True

        def third(x):
            globals()["np"] = Agreeable()
            return 417.0
        """,
    )


@deciding()
def agrees_with_whatever_a_given_check_asks(hand: Hand) -> None:
    """Return an object that a check beside it would find equal to everything."""
    hand.answer(
        "third",
        """
        class Agreeing:
            __array_priority__ = 1e9

            def __array_function__(self, *args, **kwargs):
                return True

        def third(x):
            return Agreeing()
        """,
    )
