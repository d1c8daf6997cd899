"""Explanations: what the errors of beginners mean, in notebooks as in feedback."""

import re

MEANINGS = {
    r"truth value of an? (array|Series|DataFrame)": (
        "`if`, `and`, `or`, `not`, `max()` and `min()` ask for one yes or no, and an "
        "array has one for each element. Let NumPy decide for every element: "
        "np.where(condition, this, that), np.maximum(a, b), or a mask as in z[z < 0]."
    ),
    r"Cannot cast ufunc .* output from dtype\('float\d+'\) to dtype\('u?int": (
        "an array of whole numbers has no room for decimals, so += and the like cannot "
        "put them there. Make a new array instead of changing this one, or begin with "
        "floats: a.astype(float)."
    ),
    r"return arrays must be of ArrayType|can't be cast to out|output parameter": (
        "a function of two arguments, such as np.maximum, takes a third one for `out`, "
        "the array in which to write. Call it twice: np.maximum(np.maximum(a, b), c)."
    ),
    r"only integer scalar arrays can be converted to a scalar index": (
        "an array stands where one whole number is expected, such as an axis. "
        "np.max(a, axis) looks along an axis; np.maximum(a, b) compares element by "
        "element."
    ),
    r"bitwise_xor|unsupported operand type\(s\) for \^": (
        "^ is not a power in Python. Write z**2 for the square of z."
    ),
    r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)": (
        r"axis \2 has \3 entries, counted from 0, and none has the number \1. Is the "
        "index meant for another axis?"
    ),
    r"cannot reshape array of size (\d+)": (
        r"the new shape has to hold exactly \1 elements: multiply its numbers and "
        "compare."
    ),
    r"Cannot convert '(\d+)' to a shape": (
        r"a shape is a tuple, even with a single number in it: (\1,) with a comma."
    ),
    r"axis -?\d+ is out of bounds for array of dimension": (
        "the array has fewer axes than `axis` counts: shape (5,) has axis 0 alone, "
        "shape (3, 5) has 0 and 1. axis=-1 is the last one, however many there are. "
        "Print the shape."
    ),
    r"broadcast|shapes .* not aligned|mismatch in its core dimension": (
        "the shapes do not fit together. Print both: sizes are compared from the last "
        "axis on, and have to be equal or 1; in A @ B the inner two have to be equal."
    ),
    r"length-1 arrays can be converted|0-dimensional arrays can be converted": (
        "a function for one number, such as math.exp or float, was given an array. "
        "NumPy's function of the same name, np.exp, takes arrays and numbers alike."
    ),
    r"^(IndexError: )?arrays used as indices must be of integer": (
        "an index has to be a whole number: use .astype(int) on an array of floats."
    ),
    r"object of type '(int|float|numpy\.\w+)' has no len": (
        "a single number has no length. For a number and an array alike leave out the "
        "loop: NumPy computes with all elements at once."
    ),
    r"object does not support item assignment": (
        "a number or a tuple cannot be changed in place. For a number and an array "
        "alike, return something new: np.where(condition, this, that)."
    ),
    r"NoneType": (
        "this is None, which a function gives back whose `return` is missing, or a "
        "method that changes its object in place."
    ),
    r"'(int|float|numpy\.\w+)' object is not subscriptable|invalid index to scalar": (
        "this is a single number, which has no elements to pick out with [ ]. For a "
        "number and an array alike: np.where(condition, this, that)."
    ),
    r"must be a string or a real number, not 'list'": (
        "a list stands where one number is expected. (Keras's evaluate returns a list, "
        "the loss first, if the model has metrics.)"
    ),
    r"not enough values to unpack \(expected (\d+), got (\d+)\)": (
        r"there are \1 names to the left of the =, but \2 values to put into them. (A "
        "layer without weights, such as Keras's Flatten, has an empty list of them.)"
    ),
    r"`target` and `output` must have the same": (
        "the loss compares arrays of different shapes. For labels that are whole "
        'numbers, and one output per class, it is "sparse_categorical_crossentropy".'
    ),
    r"KeyError: '(val_)?accuracy'": (
        'the accuracy was not recorded: compile the model with metrics=["accuracy"].'
    ),
    r"'tuple' object is not callable": (
        "two brackets in a row are a call: a comma is missing between the elements."
    ),
    r"argument after \* must be an iterable|object is not iterable|non-iterable": (
        "one thing stands where several are expected. A tuple of one element needs a "
        "comma: (a,) is a tuple, (a) is just a."
    ),
    r"maximum recursion depth": (
        "a function calls itself without end, or once for every link of a long chain. "
        "Without end: np.tanh(self) calls self.tanh() again; np.tanh of a number does "
        "not. For a long chain, a loop and a list of what is still to do have no limit."
    ),
    r"^NotImplementedError": (
        "this exercise is not solved yet: replace the line `raise NotImplementedError`."
    ),
    r"name '(predict_\w+|recall)' is not defined": (
        "this is not answered yet: write your answer in the cell above, without "
        "the #, and run that cell."
    ),
    r"name '([a-h])' is not defined": (
        r"a letter that is an answer needs quotes: '\1'. As a variable, \1 has no "
        "value yet: has the cell that gives it one been run?"
    ),
    r"name '(nan|inf)' is not defined": r"Python writes this number as float('\1').",
    r"^NameError": (
        "Python does not know the name. Is it spelled so, and has the cell that makes "
        "it run without an error? If it is an answer of yours: it is not answered yet."
    ),
    r"No module named 'sklearn": (
        "the package is not installed here. Run %pip install scikit-learn in a cell of "
        "its own, then restart the kernel."
    ),
    r"No module named '(\w+)": (
        r"the package is not installed here. Run %pip install \1 in a cell of its "
        "own, then restart the kernel."
    ),
}
"""What an error means, by a pattern of `Name: text`; the first that fits counts."""

COMPARED = re.compile(
    r"\s*(?:Not equal to tolerance|Arrays are not|Items are not)[^\n]*\n(?P<said>.*?)"
    r"\n?(?P<how>(?:Mismatched elements|\((?:shapes|dtype)|\S+ location mismatch)"
    r".*?)\n ACTUAL: (?P<found>.*?)\n DESIRED: (?P<expected>.*)",
    re.DOTALL,
)
SAID = "\n\nWhat it means: "
LARGEST = re.compile(r"Max absolute difference[^:]*: (\S+)")
LONGEST_VALUE = 300
MOST_CALLS = 12


def explained(name: str, text: str) -> str:
    """Return what an error says, and below it what it means for a beginner.

    A comparison of NumPy's begins with what was found and what was expected, and ends
    with the sentence of the test.

    Parameters
    ----------
    name, text
        The error's class and its message.
    """
    if SAID in text:  # by a notebook that explains its own errors
        return f"{name}: {text}"
    if name == "AssertionError":
        match = COMPARED.match(text)
        return _compared(match) if match else text
    said = f"{name}: {text}" if text else name
    for pattern, meaning in MEANINGS.items():
        match = re.search(pattern, said)
        if match:
            return f"{said}{SAID}{match.expand(meaning)}"
    return said


def _compared(match: re.Match) -> str:
    largest = LARGEST.search(match["how"])
    how = f"largest difference: {largest[1]}" if largest else match["how"].strip()
    lines = [
        f"found:    {_short(match['found'])}",
        f"expected: {_short(match['expected'])}",
        how,
    ]
    return "\n".join([*lines, "", match["said"].strip()]).strip()


def _short(value: str) -> str:
    value = value.strip()
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]} …"


def explain_errors(shell: object) -> None:
    """Let a notebook end what it shows of an error with what the error means.

    Parameters
    ----------
    shell
        The notebook's IPython; without one nothing happens.
    """
    if shell is not None:
        shell.set_custom_exc((Exception,), _show)


def _show(shell, etype, error, trace, tb_offset=None):
    name, text = etype.__name__, str(error)
    said = explained(name, text)
    if name == "AssertionError" and text and _is_of_a_check(trace):
        shown = [said]
    else:
        left_out = _shorten(trace)
        shown = shell.InteractiveTB.structured_traceback(
            etype, error, trace, tb_offset=tb_offset or 1
        )
        if left_out:
            place = len(shown) // 2
            shown[place:place] = [f"[... {left_out} calls not shown ...]\n"]
        meaning = said.partition("\n\n")[2]
        shown += ["", meaning] if meaning else []
    shell._showtraceback(etype, said.removeprefix(f"{name}: "), shown)


def _shorten(trace):
    """Leave out the middle of a long chain of calls; return how many calls that is."""
    calls = []
    while trace:
        calls.append(trace)
        trace = trace.tb_next
    if len(calls) <= MOST_CALLS:
        return 0
    half = MOST_CALLS // 2
    calls[half - 1].tb_next = calls[-half]
    return len(calls) - 2 * half


def _is_of_a_check(trace) -> bool:
    """Whether an assertion failed in the cell itself, not in a function it called."""
    files = []
    while trace:
        files.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    own = [f for f in files[1:] if "site-packages" not in f and "contextlib" not in f]
    return len(own) <= 1
