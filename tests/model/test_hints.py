"""Which hints a student is shown for an exercise."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.model.hints import exercises_in

HINT = "<details><summary>Hint 1: where?</summary>\n\nAbove 0.\n\n</details>"


def _named(name, source="x = 1"):
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": name}})


def test_two_exercises_below_one_text_share_its_hints():
    notebook = new_notebook(
        cells=[
            new_markdown_cell(f"Write both.\n\n{HINT}"),
            _named("leaky"),
            _named("test_leaky_values"),
            _named("relu"),
            new_markdown_cell("Now guess."),
            _named("predict_slope"),
        ]
    )
    found = {one.exercise: list(one.hints) for one in exercises_in(notebook)}
    assert found == {"leaky": [1], "relu": [1], "predict_slope": []}
