"""A record of an audit is the same on every machine."""

from autograder.audit import tables
from autograder.base.paths import ROOT


def test_a_recorded_message_is_the_same_on_every_machine():
    told = "<module 'keras' from '/home/a/site-packages/keras/x.py'> at 0x7f007, not 2"
    assert tables.same_everywhere(told) == (
        "<module 'keras' from '…/keras/x.py'> at 0x…, not 2"
    )
    assert "/site-packages/" not in (ROOT / "docs" / "audit.csv").read_text("utf-8")
