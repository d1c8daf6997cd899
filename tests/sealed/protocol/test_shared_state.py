"""Arguments and random generators stay in step on both sides."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sealed.protocol.decoder import Decoder
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.shared_state import SharedArguments, SharedGenerators
from autograder.sealed.protocol.wire import Garbled, MessageLimits
from tests.support.sealed.conversation import notebook, run
from tests.support.sealed.values import PATIENT, same, values


def test_a_generator_is_one_object_over_there_and_stays_in_step():
    code = """
        class Dropout:
            def __init__(self, rng):
                self.rng = rng

            def draw(self):
                return self.rng.normal()

        def both(a, b):
            return a is b, a.normal()

        def with_callback(rng, draw):
            return [rng.normal(), draw(), rng.normal()]
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            for kind in (np.random.PCG64, np.random.MT19937, np.random.Philox):
                rng = np.random.Generator(kind(1))
                twin = np.random.Generator(kind(1))
                layer = Dropout(rng)
                assert layer.draw() == twin.normal()
                assert rng.normal() == twin.normal()
                assert layer.draw() == twin.normal()
                assert both(rng, rng) == (True, twin.normal())
                drawn = with_callback(rng, lambda: rng.normal())
                assert drawn == [twin.normal(), twin.normal(), twin.normal()]
                assert layer.rng is rng
            """,
        )


def test_every_mutable_argument_that_changed_is_changed_in_place():
    code = """
        import numpy as np

        def change(a, l, d, s, *, df, series, nested):
            a[0] = 9
            l.pop()
            l.append("new")
            d["array"] = a
            d["old"].clear()
            s.add(5)
            df["b"] = df["a"] * 2
            df.loc[3] = [4, 8]
            series.iloc[0] = -1
            nested[0]["x"][1] += 1
            nested.reverse()

        def reshape(a, b):
            a.shape = (3, 2)
            b.dtype = np.int64

        def is_same(a, b):
            return a is b

        def write(a):
            a[0] = 1

        def hand_back(x):
            return x, [x]
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            a, l, d, s = np.zeros(3), [1, 2], {"old": [1]}, {1}
            old, inner = d["old"], np.zeros(2)
            df = pd.DataFrame({"a": [1, 2, 3]})
            series = pd.Series([1.0, 2.0], name="n")
            first, second = {"x": inner}, (1,)
            nested = [first, second]
            change(a, l, d, s, df=df, series=series, nested=nested)
            assert a.tolist() == [9, 0, 0] and l == [1, "new"] and s == {1, 5}
            assert d["array"] is a and d["old"] is old and old == []
            assert list(df.columns) == ["a", "b"] and df["b"].tolist() == [2, 4, 6, 8]
            assert series.tolist() == [-1, 2] and series.name == "n"
            assert nested == [second, first] and nested[1] is first
            assert first["x"] is inner and inner.tolist() == [0, 1]
            p, q = np.arange(6.0).reshape(2, 3), np.ones(2)
            reshape(p, q)
            assert p.shape == (3, 2) and q.dtype == np.int64
            assert is_same(a, a) and is_same(b=l, a=l) and not is_same([1], [1])
            fixed = np.zeros(2)
            fixed.flags.writeable = False
            try:
                write(fixed)
            except ValueError:
                pass
            else:
                raise AssertionError("a read-only array was written to")
            assert write(fixed.copy()) is None and fixed.tolist() == [0, 0]
            assert hand_back(a)[0] is a and hand_back(a)[1][0] is a
            """,
        )


def applied_over_there(arguments, change):
    """Share arguments with a second registry, change them there, apply it here."""
    limits = MessageLimits()
    here, there = SharedArguments(limits), SharedArguments(limits)
    encoder = Encoder(limits, None, here, registers=True)
    node = json.loads(json.dumps(encoder.encode(tuple(arguments))))
    blobs = [memoryview(bytes(blob)) for blob in encoder.blobs]
    copies = Decoder(limits, blobs, None, there, registers=True).value(node)
    there.remember(again=False)
    change(*copies)
    back = Encoder(limits, None, there)
    changes = json.loads(json.dumps(there.changes(back)))
    answer = [bytes(blob) for blob in back.blobs]
    here.apply(Decoder(limits, answer, None, here), changes)
    return changes


@PATIENT
@given(st.lists(values, max_size=3))
def test_arguments_that_nobody_changes_are_not_sent_back(arguments):
    before = copy.deepcopy(arguments)
    assert applied_over_there(arguments, lambda *copies: None) == []
    assert same(before, arguments)


def test_a_changed_argument_is_the_same_object_with_the_new_content():
    inner, outer = np.zeros(3), {"a": [1]}
    outer["inner"] = inner

    def change(inner, outer):
        assert outer["inner"] is inner
        inner[1] = np.nan
        outer["a"].append(inner)
        del outer["inner"]

    changes = applied_over_there([inner, outer], change)
    assert len(changes) == 3
    np.testing.assert_array_equal(inner, [0, np.nan, 0])
    assert outer["a"][1] is inner
    assert "inner" not in outer


def test_a_change_of_another_type_is_garbled():
    limits = MessageLimits()
    shared = SharedArguments(limits)
    shared.add([1])
    for change in ([0, 5], [0, ["dict", [], []]], [1, ["list", []]], [0], [[], 1], 3):
        with pytest.raises(Garbled):
            shared.apply(Decoder(limits, [], None, shared), [change])


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_a_generators_state_comes_back(kind):
    limits = MessageLimits()
    mine = np.random.Generator(getattr(np.random, kind)(3))
    theirs = np.random.Generator(getattr(np.random, kind)(3))
    theirs.normal(size=1001)
    encoder, generators = Encoder(limits), SharedGenerators()
    number = generators.number(mine)
    node = encoder.encode(theirs.bit_generator.state)
    blobs = [bytes(blob) for blob in encoder.blobs]
    generators.apply(Decoder(limits, blobs), [[number, node]])
    assert mine.integers(2**60) == theirs.integers(2**60)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("PCG64", {"has_uint32": 2}),
        ("PCG64", {"uinteger": -1}),
        ("PCG64", {"bit_generator": "SFC64"}),
        ("PCG64", {"state": {"state": 1, "inc": 3}}),
        ("PCG64", {"state": {"state": 2**128 + 1}}),
        ("PCG64", {"more": 1}),
        ("MT19937", {"state": {"key": np.zeros(624, np.uint32), "pos": 10**6}}),
        ("MT19937", {"state": {"key": np.zeros(3, np.uint32), "pos": 3}}),
        ("Philox", {"buffer_pos": 10**6}),
        ("Philox", {"buffer_pos": -1}),
    ],
)
def test_the_state_of_another_generator_is_garbled(kind, changes):
    generator = np.random.Generator(getattr(np.random, kind)(3))
    before = generator.bit_generator.state
    encoder, generators = Encoder(MessageLimits()), SharedGenerators()
    number = generators.number(generator)
    node = encoder.encode(before | changes)
    blobs = [bytes(blob) for blob in encoder.blobs]
    with pytest.raises(Garbled):
        generators.apply(Decoder(MessageLimits(), blobs), [[number, node]])
    assert str(generator.bit_generator.state) == str(before)
