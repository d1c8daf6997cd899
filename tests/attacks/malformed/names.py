"""Names that students choose: those that no file can hold are refused and named."""

import os

from tests.attacks.arena import FULL, LESSON, Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")
UNREADABLE = {"status": "unreadable"}


def _named(student: str, what: str, status: str = "graded") -> None:
    def prepare(hand: Hand) -> None:
        hand.solve()
        hand.student = student

    prepare.__name__ = f"is_called_by_{what}"
    prepare.__doc__ = f"Hand in as somebody whose name has {what.replace('_', ' ')}."
    malformed(FULL if status == "graded" else 0.0, status=status)(prepare)


_named("ann\nlee", "a_line_end", **UNREADABLE)
_named("ann\rlee", "a_carriage_return", **UNREADABLE)
_named("\n", "a_line_end_alone", **UNREADABLE)
_named("ann\u2028lee\u0085", "other_line_ends", **UNREADABLE)
_named(os.fsdecode(b"ann\xff\xfelee"), "bytes_that_are_no_text", **UNREADABLE)
_named(os.fsdecode(b"\x80"), "one_byte_that_is_no_text", **UNREADABLE)
_named("x" * 255, "as_many_letters_as_can_be")
_named("\u00e9" * 120, "letters_of_two_bytes")
_named("ann\x1b]0;title\x07lee", "a_sequence_for_terminals", **UNREADABLE)
_named("ann\x7f\x08\x01", "control_characters", **UNREADABLE)
_named("\u202eeel nna", "writing_from_the_right")
_named("'; drop table grade; --", "a_piece_of_SQL")
_named("{nbgrader_step}", "a_format_field_of_nbgrader")
_named("{0.__class__}", "a_format_field_of_an_attribute")
_named("ann{", "an_open_brace")
_named("submitted", "a_step_s_name")
_named(LESSON, "the_lesson_s_name")
