"""Lending: one exercise is checked with right versions of those before it."""


def lent(function, **parts):
    """Return a function of yours as it works with these parts in place of yours.

    Parameters
    ----------
    function : function
        What is to be checked.
    parts : functions
        Right versions of what it may call, by name.
    """

    def call(*args, **kwargs):
        own = {name: globals()[name] for name in parts if name in globals()}
        globals().update(parts)
        try:
            return function(*args, **kwargs)
        finally:
            for name in parts:
                del globals()[name]
            globals().update(own)

    return call
