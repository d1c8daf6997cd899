"""Limits by the clock grow while a submission waits for a core, up to an end."""

import time

import pytest

from autograder.sealed.examiner import watchdog
from autograder.sealed.examiner.watchdog import LimitReached, TooLarge, Watchdog, alarm
from autograder.sealed.limits import MOST_PATIENCE

LIMITS = {
    "cell_cpu_s": 5.0,
    "cell_wall_s": 10.0,
    "notebook_wall_s": 30.0,
    "memory_mib": 100,
}


class Student:
    """A process as the watchdog sees it."""

    def __init__(self):
        self.waited = {1: 50.0}
        self.mib = self.shared = 20.0

    def cpu_s(self):
        return 0.0

    def times(self):
        return self.cpu_s(), dict(self.waited)

    def memory_mib(self):
        return self.mib

    def share_mib(self, meanwhile):
        meanwhile()
        return self.shared


@pytest.fixture
def clock(monkeypatch):
    """Stand still, until a test moves the hands; the examiner itself never waits."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(watchdog.time, "monotonic", lambda: Clock.now)
    monkeypatch.setattr(watchdog.procfs, "waited_s", lambda _: 0.0)
    return Clock


def watching(student, seconds=30.0):
    return Watchdog(student, LIMITS, seconds, MOST_PATIENCE * 30.0)


def test_a_sleeper_is_ended_by_the_clock(clock):
    watch = watching(Student())
    clock.now += 9.9
    watch()
    clock.now += 0.2
    with pytest.raises(LimitReached, match="stopped after 10 seconds"):
        watch()


def test_time_without_a_core_does_not_count(clock):
    student = Student()
    watch = watching(student)
    clock.now += 17.0
    student.waited = {1: 50.0 + 8.0}
    watch()
    student.waited = {1: 50.0 + 6.0}
    clock.now += 0.1
    with pytest.raises(LimitReached):
        watch()


def test_of_many_that_wait_for_each_other_one_counts(clock):
    student = Student()
    watch = watching(student)
    student.waited = {1: 50.0} | {pid: 3.0 for pid in range(2, 60)}
    clock.now += 12.9
    watch()
    clock.now += 0.2
    with pytest.raises(LimitReached):
        watch()


def test_waiting_before_a_cell_gives_the_cell_nothing(clock):
    student = Student()
    watch = watching(student, seconds=200.0)
    student.waited = {1: 90.0}
    clock.now += 40.0
    watch.begin()
    clock.now += 10.1
    with pytest.raises(LimitReached):
        watch()


def test_short_cells_share_a_look_at_the_times(clock):
    student, looks = Student(), []
    watch = watching(student)
    student.times = lambda: looks.append(clock.now) or (0.0, {1: 50.0})
    for _ in range(10):
        clock.now += watchdog.FRESH_S / 4
        watch.begin()
    assert len(looks) == 2
    clock.now += 9.9  # its own time is counted from its own beginning
    watch()
    clock.now += 0.2
    with pytest.raises(LimitReached):
        watch()


def test_there_is_an_end_however_long_it_waited(clock):
    student = Student()
    watch = watching(student, seconds=200.0)
    student.waited = {1: 1e6}
    clock.now += 10.0 * MOST_PATIENCE - 0.1
    watch()
    clock.now += 0.2
    with pytest.raises(LimitReached):
        watch()


def test_a_notebook_has_an_end_too(clock):
    student = Student()
    watch = watching(student)
    student.waited = {1: 50.0 + 20.0}
    clock.now += 49.0
    assert not watch.is_over
    clock.now += 2.0
    assert watch.is_over
    student.waited = {1: 1e6}
    assert not watch.is_over
    clock.now = 1000.0 + 30.0 * MOST_PATIENCE + 0.1
    assert watch.is_over


def test_memory_is_looked_at_the_more_often_the_less_is_left(clock):
    student = Student()
    watch = watching(student)
    student.mib = 119.0
    clock.now += 0.03
    watch()
    clock.now += 0.03
    student.mib = 121.0
    watch()  # it is shared: 20 MiB together
    clock.now += 0.03
    student.shared = 121.0
    with pytest.raises(TooLarge):
        watch()


def test_where_much_is_left_memory_is_not_looked_at_each_time(clock):
    student = Student()
    watch = Watchdog(student, LIMITS | {"memory_mib": 3000}, 30.0, 300.0)
    watch()
    student.mib = student.shared = 4000.0
    clock.now += watchdog.WEIGHING_S - 0.01
    watch()
    clock.now += 0.02
    with pytest.raises(TooLarge):
        watch()


def test_an_alarm_rings_later_when_the_machine_is_busy():
    began = time.monotonic()
    with pytest.raises(LimitReached), alarm(0.1, lambda: 0.2):
        time.sleep(5.0)
    assert 0.3 <= time.monotonic() - began < 5.0


def test_computing_time_is_looked_at_while_memory_is_weighed(clock):
    class Spender(Student):
        spent = 0.0

        def cpu_s(self):
            return self.spent

        def share_mib(self, meanwhile):
            self.spent, clock.now = 6.0, clock.now + 0.5
            meanwhile()
            pytest.fail("weighing many processes takes long")

    student = Spender()
    watch = watching(student)
    student.mib = 1000.0
    with pytest.raises(LimitReached, match="5 seconds of computing time"):
        watch()
