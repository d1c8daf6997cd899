"""What a student could return in the place of a value: honest ones, and liars.

`STUDENT` is the code of a notebook with a function `answer(liar, kind)`. No liar knows
the values that are expected of it.
"""

HONEST = {
    "array": "np.array([[1.5, -2.0, 0.25], [4.0, 8.5, -1.0]])",
    "ones": "np.ones((2, 3))",
    "number": "2.75",
    "count": "6",
    "numbers": "[3.5, -1.25, 8.0]",
    "counts": "(4, 1, 7)",
    "text": "'gradient'",
    "words": "{'ann', 'bob'}",
    "record": "{'loss': 0.5, 'steps': 3}",
    "table": "pd.DataFrame({'a': [1.5, -2.0], 'b': [4.0, 0.25]})",
    "column": "pd.Series([1.5, -2.0, 4.0], name='a')",
    "flag": "True",
}
"""The value of each kind, as code."""

STUDENT = (
    '''
import numpy as np
import pandas as pd

COMPARING = "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __contains__ __bool__"
ARITHMETIC = """__add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __matmul__
    __pow__ __and__ __or__ __xor__ __lshift__ __rshift__ __divmod__"""
UNARY = "__neg__ __pos__ __abs__ __invert__ __round__ __trunc__ __floor__ __ceil__"
TRUE = """all any equals identical allclose isclose almost_equal issubset issuperset
    isdisjoint startswith endswith isin eq le ge __eq__"""
ITSELF = """abs round ravel flatten reshape copy astype to_numpy squeeze T sub subtract
    diff sort_values sort_index reset_index ne compare difference fillna item_like real
    symmetric_difference values iloc loc to_frame strip lower upper"""


class Agreeing:
    """Agrees with whatever it is compared with, and converts to nothing at all."""

    def __init__(self, shape=()):
        self.shape, self.ndim, self.size = shape, len(shape), int(np.prod(shape))
        self.dtype, self.columns, self.name = np.dtype(float), ["a", "b"], "a"
        self.index = range(shape[0] if shape else 0)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in TRUE.split():
            return lambda *args, **kwargs: True
        if name in ("values", "T", "iloc", "loc", "real"):
            return self
        if name in ITSELF.split():
            return lambda *args, **kwargs: self
        return lambda *args, **kwargs: 0.0

    __hash__ = lambda self: 0
    __float__ = lambda self: 0.0
    __int__ = __index__ = lambda self: 0
    __complex__ = lambda self: 0j
    __len__ = lambda self: self.shape[0] if self.shape else 0
    __str__ = __repr__ = lambda self: "0.0"
    __format__ = lambda self, spec: format(0.0, spec)
    __call__ = lambda self, *args, **kwargs: self
    __array__ = lambda self, dtype=None, copy=None: np.zeros(self.shape)
    __copy__ = lambda self: self
    __deepcopy__ = lambda self, memo: self
    __enter__ = lambda self: self
    __exit__ = lambda self, *error: True
    __instancecheck__ = __subclasscheck__ = lambda self, value: True

    def __getitem__(self, key):
        if type(key) is int and self.shape and key >= self.shape[0]:
            raise IndexError(key)
        return Agreeing(self.shape[1:])

    def __iter__(self):
        return iter([Agreeing(self.shape[1:]) for _ in range(len(self))])

    def __next__(self):
        return Agreeing(self.shape[1:])


for name in COMPARING.split():
    setattr(Agreeing, name, lambda self, *other: True)
Agreeing.__ne__ = lambda self, other: False
for name in ARITHMETIC.split():
    setattr(Agreeing, name, lambda self, *other: self)
    setattr(Agreeing, f"__r{name[2:]}", lambda self, *other: self)
    setattr(Agreeing, f"__i{name[2:]}", lambda self, *other: self)
for name in UNARY.split():
    setattr(Agreeing, name, lambda self, *other: self)


def posing(module, name):
    """Return a class of liars that calls itself one of a library."""
    kind = type(name, (Agreeing,), {"__module__": module, "__qualname__": name})
    return kind


POSES = {
    "array": ("scipy.io.matlab._mio5_params", "MatlabObject"),
    "ones": ("scipy.io.matlab._mio5_params", "MatlabObject"),
    "count": ("signal", "Signals"),
    "numbers": ("IPython.utils.text", "SList"),
    "counts": ("inspect", "FullArgSpec"),
    "text": ("IPython.utils.text", "LSString"),
    "record": ("IPython.utils.ipstruct", "Struct"),
}
SHAPES = {"array": (2, 3), "ones": (2, 3), "table": (2, 2), "numbers": (3,),
          "counts": (3,), "column": (3,), "words": (2,), "record": (2,)}
'''
    + "HONEST = {\n"
    + "".join(f"    {kind!r}: {code},\n" for kind, code in HONEST.items())
    + '''}


def objects(shape):
    """Return an array of objects that agree with everything."""
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        found[place] = Agreeing()
    return found


def missing(kind, beginning=0):
    """Return a value that is missing but for its first row."""
    value = HONEST[kind]
    if kind in SHAPES and kind not in ("words", "record"):
        found = np.full(SHAPES[kind], np.nan)
        if beginning:
            found[0] = np.asarray(value)[0]
        if kind == "table":
            return pd.DataFrame(found, columns=["a", "b"])
        if kind == "column":
            return pd.Series(found, name="a")
        if beginning and kind in ("array", "ones"):
            return pd.DataFrame(found)
        return {"numbers": list, "counts": tuple}.get(kind, lambda x: x)(found)
    return float("nan")


def missing_table(kind):
    """Return a table, or a column, of nothing."""
    found = missing(kind)
    return found if kind in ("table", "column") else pd.DataFrame(found)


def answer(liar, kind):
    """Return a result of a kind, made by one of the liars."""
    shape = SHAPES.get(kind, ())
    if liar == "honest":
        return HONEST[kind]
    if liar == "agreeing":
        return Agreeing(shape)
    if liar == "posing":
        return posing(*POSES[kind])(shape)
    if liar == "empty":
        return np.empty((0, *shape))
    if liar == "one_number":
        return 1.0
    if liar == "one_row":
        return np.ones(3)
    if liar == "missing":
        return missing(kind)
    if liar == "missing_after_the_first":
        return missing(kind, 1)
    if liar == "unknown":
        return missing_table(kind).astype("Float64")
    if liar == "unknown_texts":
        return missing_table(kind).astype(object).astype("string")
    if liar == "elsewhere":
        return missing_table(kind).fillna(7.0).set_axis(range(7, 7 + shape[0]))
    if liar == "objects":
        found = objects(shape)
        if kind == "table":
            return pd.DataFrame(found, columns=["a", "b"])
        if kind == "column":
            return pd.Series(found, name="a")
        return {"numbers": list, "counts": tuple}.get(kind, lambda x: x)(found)
    raise ValueError(liar)
'''
)

_ARRAYS = ("array", "ones")
LIARS = {
    "agreeing": tuple(HONEST),
    "posing": ("array", "ones", "count", "numbers", "counts", "text", "record"),
    "objects": ("array", "ones", "numbers", "counts", "table", "column"),
    "empty": _ARRAYS,
    "one_number": ("ones",),
    "one_row": ("ones",),
    "missing": ("number", "array", "ones", "numbers", "table", "column"),
    "missing_after_the_first": ("array", "ones", "numbers", "table", "column"),
    "unknown": ("array", "ones", "table", "column"),
    "unknown_texts": ("array", "ones", "table", "column"),
    "elsewhere": ("array", "table", "column"),
}
"""The kinds of values that each liar stands in for."""
