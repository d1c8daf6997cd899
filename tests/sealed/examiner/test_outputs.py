"""What cells show is collected as a notebook holds it."""

from autograder.sealed.examiner.outputs import Outputs


def test_the_engine_collects_updates_and_clears(student):
    cells = student.run(
        "print('gone')\nfrom IPython.display import clear_output\n"
        "clear_output(wait=True)\nh = display('one', display_id=True)",
        "h.update('two')\nprint('kept')",
    )
    displays: dict = {}
    collected = [Outputs(10_000, displays) for _ in cells]
    for outputs, ran in zip(collected, cells, strict=True):
        for event in ran.events:
            outputs.add(event)
    assert [o["data"] for o in collected[0].found] == [{"text/plain": "'two'"}]
    assert [o["text"] for o in collected[1].found] == ["kept\n"]
