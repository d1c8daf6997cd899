"""What locked cells define comes back as it was handed out, as the same objects."""

import builtins
import textwrap

import pytest

from autograder.sealed.compiling.code_of_tests import definitions_of
from autograder.sealed.student.given_definitions import GivenDefinitions

CELL = textwrap.dedent("""
    LIMIT = 3

    class Base:
        def size(self):
            return 1

    class Slider(Base):
        made = 0

        def __init__(self, target):
            Slider.made += 1
            self.target = target

        def size(self):
            return super().size() + 1

        @property
        def loss(self):
            return self.target

        @staticmethod
        def name():
            return "slider"

    def make(target, kind=float):
        return Slider(kind(target))
""")
NAMES = ("Base", "Slider", "make")


@pytest.fixture
def notebook():
    namespace = {"__name__": "__main__", "__builtins__": builtins}
    exec(CELL, namespace)
    given = GivenDefinitions(namespace)
    given.note(0, definitions_of(CELL, NAMES), NAMES)
    return namespace, lambda: given.restore([0])


@pytest.mark.parametrize(
    "attack",
    [
        "make = lambda target: 0",
        "Slider = int",
        "del make",
        "del Slider",
        "make.__code__ = (lambda target, kind: 0).__code__",
        "make.__defaults__ = (lambda target: 99,)",
        "Slider.size = lambda self: 0",
        "Base.size = lambda self: 0",
        "del Slider.loss; Slider.loss = 0",
        "Slider.loss = property(lambda self: 0)",
        "Slider.name = staticmethod(lambda: 'mine')",
        "Base.size.__code__ = (lambda self: 0).__code__",
        "Slider.__getattribute__ = lambda self, name: 0",
        "Slider.__new__ = lambda kind, *args: 0",
        "Slider.__init__ = lambda self, target: setattr(self, 'target', 0)",
        "import builtins; builtins.__build_class__ = lambda *args, **kwargs: int",
    ],
)
def test_whatever_was_done_to_it_is_undone(attack, notebook):
    namespace, restore = notebook
    exec(attack, namespace)
    restore()
    made = namespace["make"](7)
    assert (made.target, made.size(), made.loss, made.name()) == (7.0, 2, 7.0, "slider")


def test_objects_stay_the_same_and_keep_what_they_have(notebook):
    namespace, restore = notebook
    before = {name: namespace[name] for name in NAMES}
    method = namespace["Slider"].size
    old = namespace["make"](1)
    exec("class Mine(Slider):\n    pass", namespace)
    exec("Slider.extra = lambda self: 5", namespace)
    namespace["LIMIT"] = 8
    restore()
    assert all(namespace[name] is before[name] for name in NAMES)
    assert namespace["Slider"].size is method
    assert isinstance(old, namespace["Slider"])
    assert issubclass(namespace["Mine"], namespace["Slider"])
    assert namespace["Mine"](3).size() == 2
    assert (namespace["Slider"].made, old.extra(), namespace["LIMIT"]) == (2, 5, 8)
