"""Figures drawn once: a picture that is already known is not drawn a second time.

Drawing takes most of the time of most notebooks, and most students of a lesson draw
the same figures as its solution. A figure's fingerprint is a digest of everything that
its picture is made of; the solution is executed once before a class is graded, and its
pictures are kept by fingerprint, where no student's process is. A figure with a new
fingerprint is drawn as ever.
"""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
import sys
import types
from binascii import b2a_base64
from collections.abc import Callable, Collection

import numpy as np

from autograder.sealed.pictures import digest_of, place_of

PLAIN = (str, int, float, bool, type(None), tuple, list)
BITS = 24
"""Of each number: far finer than a pixel, far coarser than what another order of the
same sums changes."""


class FigureCache:
    """Pictures by fingerprint; put in place of matplotlib's drawing by `install`.

    Parameters
    ----------
    known
        Digests of the fingerprints of pictures that need not be drawn.
    record
        Gets each picture that is drawn, as an output of the kind `picture`.
    """

    def __init__(
        self, known: Collection[str], record: Callable[[dict], None] | None = None
    ) -> None:
        self._known = frozenset(known)
        self._record = record

    def install(self) -> None:
        """Look figures up before they are drawn."""
        if "matplotlib.pyplot" not in sys.modules:
            return  # the lesson draws nothing; importing it here would take seconds
        from IPython.core import pylabtools

        draw = pylabtools.print_figure

        # As IPython draws what is displayed: nobody sees its bytes but the reader.
        @functools.wraps(draw)
        def print_figure(fig, fmt="png", *args, base64=False, **kwargs):
            if fmt != "png":
                return draw(fig, fmt, *args, base64=base64, **kwargs)
            name = fingerprint(fig, args, kwargs)
            if name and digest_of(name) in self._known:
                return _encoded(place_of(name), base64)
            picture = draw(fig, fmt, *args, **kwargs)
            if picture is not None and name and self._record:
                text = _encoded(picture, True)
                output = {"output_type": "picture", "name": name, "picture": text}
                self._record(output)
            return _encoded(picture, base64)

        pylabtools.print_figure = print_figure


def _encoded(picture: bytes | None, is_text: bool) -> bytes | str | None:
    if picture is None or not is_text:
        return picture
    return b2a_base64(picture, newline=False).decode("ascii")


def fingerprint(figure: object, args: tuple, kwargs: dict) -> str:
    """Return a digest of all that a picture is made of, or nothing if that fails."""
    from matplotlib import rcParams

    options = [args, sorted(kwargs.items()), sorted(rcParams.items())]
    content = io.BytesIO()
    try:
        _Reader(content, protocol=5).dump((figure, repr(options)))
    except Exception:  # whatever a student puts into a figure: it is drawn
        return ""
    return hashlib.sha256(content.getbuffer()).hexdigest()


class _Reader(pickle.Pickler):
    """Writes an object's content in an order that does not depend on addresses.

    What it writes is never loaded.
    """

    def reducer_override(self, value: object):
        """Say what a value is made of where pickle does not know, or knows too much."""
        from matplotlib.colors import Normalize
        from matplotlib.text import Text
        from matplotlib.transforms import TransformNode

        if isinstance(value, np.ma.MaskedArray) and value.dtype.kind == "f":
            return type, ("masked", value.filled(0.0), np.ma.getmaskarray(value))
        if type(value) in (np.ndarray, np.float64, np.float32):
            if value.dtype.kind == "O" and all(type(v) is float for v in value.flat):
                value = value.astype(float)  # as error bars keep them
            if value.dtype.kind == "f":
                return type, ("floats", value.shape, value.dtype.str, _rounded(value))
            return NotImplemented
        if isinstance(value, TransformNode):
            # Their parents are kept by address.
            return type, (str(type(value)),), value.__getstate__() | {"_parents": None}
        if isinstance(value, (Text, Normalize)):
            # They keep a result of NumPy's, a place or a range, as plain numbers.
            return type, (type(value),), _with_numpys_floats(value.__getstate__())
        if isinstance(value, types.FunctionType):
            by_name = "<" not in value.__qualname__ and value.__module__ != "__main__"
            if not by_name:
                return self._function(value)
        if isinstance(value, type) and value.__module__ == "__main__":
            raise pickle.PicklingError("a class of the notebook can be anything")
        return NotImplemented

    def _function(self, value: types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        code = value.__code__
        constants = [c for c in code.co_consts if isinstance(c, PLAIN)]
        if len(constants) < len(code.co_consts) or value.__module__ == "__main__":
            raise pickle.PicklingError("a function that is not made of plain values")
        parts = (value.__module__, code.co_code, constants, code.co_names)
        return type, (parts, cells, value.__defaults__, value.__kwdefaults__)


def _with_numpys_floats(state: dict) -> dict:
    return {
        name: np.float64(part) if type(part) is float else part
        for name, part in state.items()
    }


def _rounded(numbers: np.ndarray) -> bytes:
    """Return numbers without the digits in which two right ways to them may differ."""
    mantissa, exponent = np.frexp(np.float64(numbers) + 0.0)  # -0.0 becomes 0.0
    return np.ldexp(np.rint(np.ldexp(mantissa, BITS)), exponent).tobytes()
