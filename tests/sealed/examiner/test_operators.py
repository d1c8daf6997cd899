"""Operators with numbers of a test: carried out for objects, never for comparisons."""

import pytest

from tests.support.sealed.conversation import notebook, run

WATCHER = """
    learned = []

    class Watcher:
        "Passes for a number, and learns what it is computed with."

        def _learn(self, *others):
            learned.extend(others)
            return self

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _learn
        __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __abs__ = __neg__ = _learn
        __float__ = lambda self: 0.0
        __len__ = lambda self: 2
        __getitem__ = lambda self, key: 0.0
        __iter__ = lambda self: iter([0.0, 0.0])
        round = item = sum = max = abs = all = any = lambda self, *args: 0.0
        shape, real = (), 0.0

    found = Watcher()
"""


@pytest.mark.parametrize(
    "check",
    [
        "abs(found - e) < 1e-9",
        "float(found - e) == 0",
        "(found - e).round(6) == 0",
        "(found - e).item() == 0",
        "round(found - e, 6) == 0",
        "(found - e).abs().max() == 0",
        "abs(found - e).sum() == 0",
        "max(found - e) == 0",
        "(found - e)[0] == 0",
        "[*(e - found)] == [0, 0]",
        "sum(-(found - e) * 2) == 0",
        "0.0 in found - e",
        "len(found / e) == 2 and (found / e).real == 0",
        "np.allclose(found - e, 0)",
        "np.asarray((found - e) ** 2).max() == 0",
        "copy.copy(found - e).max() == 0",
        "str(found - e) == '0.0'",
        "(found - e) == 0",
        "not found - e",
        "(found * 2 - e) + found < 1",
    ],
)
def test_no_comparison_by_an_operator_tells_what_is_expected(check):
    with notebook(WATCHER) as conversation:
        with pytest.raises((TypeError, AssertionError)):
            run(conversation, f"import copy\ne = 2.75\nassert {check}")
        assert conversation.names(["learned"])["learned"] == []


def test_what_an_operator_makes_is_one_object_however_it_is_reached():
    code = """
        class Node:
            def __init__(self, value, *parents):
                self.value, self.parents, self.grad = value, parents, 0.0

            def __add__(self, other):
                other = other if isinstance(other, Node) else Node(other)
                return Node(self.value + other.value, self, other)

            def myself(self):
                return self

        def first(node):
            return node.parents[0]

        def twice(change, node):
            return change(change(node))
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            a = Node(2.0)
            b = a + 1
            c = b + a
            assert c.parents[0] is b and b.parents[0] is a and first(b) is a
            assert b.myself() is b and isinstance(b, Node)
            b.grad = 3.0
            assert c.parents[0].grad == 3.0
            chain = a
            for _ in range(2000):
                chain = chain + 1
            assert chain.value == 2002.0 and first(chain).value == 2001.0
            assert twice(lambda node: node + 5, a).value == 12.0
            assert (a + (b + 1)).value == 6.0 and [n.value for n in [a + 1]] == [3.0]
            del b, c, chain
            assert a.myself() is a and (a + 1).value == 3.0
            """,
        )


@pytest.mark.parametrize("items", ["[]", "[3.5]"])
def test_what_tells_of_more_items_than_it_gives_is_not_compared_by_pairs(items):
    code = f"""
        class Short:
            __len__ = lambda self: 2
            __iter__ = lambda self: iter({items})

        found = Short()
    """
    with notebook(code) as conversation, pytest.raises(AssertionError, match="items"):
        run(
            conversation,
            """
            expected = [3.5, -1.0]
            assert len(found) == len(expected)
            for one, other in zip(found, expected):
                assert one == other
            """,
        )
