"""Asking: what a function gives for many cases, asked for at once."""


def all_results(function, *columns, **options):
    """Return in a list what a function gives for each case.

    Parameters
    ----------
    function : function
        What is to be checked.
    columns : lists
        Its first argument in each of the cases, its second one, and so on.
    options : anything
        Arguments by name, the same in all cases.
    """
    cases = zip(*columns, strict=True)
    return [function(*arguments, **options) for arguments in cases]
