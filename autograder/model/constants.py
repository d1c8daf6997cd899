"""Constants: what a lesson marks as each student's own, and what may be drawn for it.

In a locked cell a line such as `u = 3  # yours: integers(2, 10)` is one. The value that
stands there is the default: the common notebook has it, and so has every lesson whose
variants nobody turned on.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from autograder.base.errors import SourceError
from autograder.base.source_code import tree_of

BEGIN = "# yours: "
MARK = re.compile(rf"^(.*?)\s*{BEGIN}(\w+\(.*)$")
EXAMPLE = "u = 3  # yours: integers(2, 10)"
MOST_DECIMALS = 12


@dataclass(frozen=True)
class Draw:
    """What may be drawn, as numbered pieces of Python."""

    count: int
    text: Callable[[int], str]
    """The piece of a number from 0 to `count` - 1."""
    holds: Callable[[object], bool]
    """Whether a value can be drawn."""


@dataclass(frozen=True)
class Constant:
    """One marked line of a cell."""

    name: str
    line: int
    """Position in the cell, counted from 0."""
    default: str
    """The value that stands there, as Python."""
    draw: Draw

    def drawn(self, number: int) -> str:
        """Return the value, as Python, that a large random number stands for."""
        return self.draw.text(number % self.draw.count)


def is_marked(source: str) -> bool:
    """Whether a cell has constants of a student's own."""
    return BEGIN in source and any(map(MARK.match, source.split("\n")))


def constants_in(source: str) -> list[Constant]:
    """Return the marked constants of a cell, in order.

    Raises
    ------
    SourceError
        A mark is not as it has to be.
    """
    return [
        _constant(number, *found.groups())
        for number, line in enumerate(source.split("\n"))
        if (found := MARK.match(line))
    ]


def with_values(source: str, values: Mapping[str, str]) -> str:
    """Return a cell with other values, pieces of Python by name; nothing else changes.

    The rest of each line stays, mark included.
    """
    lines = source.split("\n")
    for constant in constants_in(source):
        before = lines[constant.line]
        code = MARK.match(before)[1]
        tail = before[len(code) :]
        lines[constant.line] = f"{constant.name} = {values[constant.name]}{tail}"
    return "\n".join(lines)


def _constant(number: int, code: str, drawn: str) -> Constant:
    where = f"line {number + 1}: found {code} # yours: {drawn}"
    try:
        (statement,) = tree_of(code).body
        (target,) = statement.targets
        name, default = target.id, ast.get_source_segment(code, statement.value)
        value = ast.literal_eval(default)
    except (SyntaxError, ValueError, AttributeError) as error:
        raise SourceError(
            f"{where}; expected a name and one value, as in {EXAMPLE}."
        ) from error
    try:
        (statement,) = tree_of(drawn).body
        call = statement.value
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        draw = DRAWS[call.func.id](drawn, *call.args, **named)
    except (SyntaxError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise SourceError(
            f"{where}; expected one of integers(low, high), uniform(low, high, "
            "decimals) and choice([...]) with low below high, or values to choose from."
        ) from error
    if not draw.holds(value):
        raise SourceError(
            f"{where}; {default} cannot be drawn, expected a default that can be: the "
            "common notebook has it."
        )
    return Constant(name, number, default, draw)


def _integers(_: str, low: ast.expr, high: ast.expr) -> Draw:
    """Whole numbers from `low` to one below `high`, as NumPy's `Generator` has it."""
    numbers = range(ast.literal_eval(low), ast.literal_eval(high))
    return Draw(
        _counted(len(numbers)),
        lambda index: str(numbers[index]),
        lambda value: type(value) is int and value in numbers,
    )


def _uniform(_: str, low: ast.expr, high: ast.expr, decimals: ast.expr) -> Draw:
    """Numbers with so many decimals from `low` to `high`, both included.

    Counted in whole steps, so that no rounding differs from machine to machine.
    """
    if not 0 < (digits := ast.literal_eval(decimals)) <= MOST_DECIMALS:
        raise ValueError(f"{digits} decimals")
    step = Decimal(1).scaleb(-digits)
    ends = (float(ast.literal_eval(end)) for end in (low, high))
    first, last = (round(Decimal(str(end)) / step) for end in ends)
    values = range(first, last + 1)
    return Draw(
        _counted(len(values)),
        lambda index: repr(float(values[index] * step)),
        lambda value: type(value) is float and Decimal(str(value)) / step in values,
    )


def _choice(text: str, options: ast.expr) -> Draw:
    """One of several values, written as the author wrote them."""
    if not isinstance(options, ast.List | ast.Tuple):
        raise TypeError("no list")
    pieces = [ast.get_source_segment(text, option) for option in options.elts]
    values = [ast.literal_eval(option) for option in options.elts]
    return Draw(
        _counted(len(pieces)),
        lambda index: str(pieces[index]),
        lambda value: any(type(value) is type(one) and value == one for one in values),
    )


def _counted(count: int) -> int:
    if count < 2:
        raise ValueError("nothing to choose from")
    return count


DRAWS: dict[str, Callable[..., Draw]] = {
    "integers": _integers,
    "uniform": _uniform,
    "choice": _choice,
}
