"""Warnings and floating-point errors are those of the test around its calls."""

import warnings

from tests.support.sealed.conversation import notebook, run


def test_warnings_and_error_state_are_those_of_the_test():
    code = """
        import warnings
        import numpy as np

        def careful():
            warnings.warn("careful", FutureWarning)
            return 1

        def overflow(x):
            return np.exp(x)

        def catching():
            try:
                return careful()
            except FutureWarning:
                return "caught"
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                assert careful() == 1
                overflow(np.array([1e4]))
            kinds = [entry.category for entry in caught]
            assert kinds == [FutureWarning, RuntimeWarning], kinds
            assert str(caught[0].message) == "careful"
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("ignore")
                careful()
            assert caught == []
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                assert catching() == "caught"
                try:
                    careful()
                except FutureWarning:
                    pass
                else:
                    raise AssertionError("no error")
            with np.errstate(over="raise"):
                try:
                    overflow(np.array([1e4]))
                except FloatingPointError:
                    pass
                else:
                    raise AssertionError("no error")
            with np.errstate(over="ignore"):
                assert np.isinf(overflow(np.array([1e4])))
            """,
        )


def test_a_warning_cannot_show_a_line_of_a_file_of_this_side(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("the_hidden_answer = 42\n")
    code = f"""
        import warnings

        def spy():
            warnings.warn_explicit("look", UserWarning, {str(secret)!r}, 1)
    """
    with notebook(code) as conversation:
        spy = conversation.names(["spy"])["spy"]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            spy()
    shown = warnings.formatwarning(
        caught[0].message, caught[0].category, caught[0].filename, caught[0].lineno
    )
    assert "look" in shown
    assert "hidden_answer" not in shown
