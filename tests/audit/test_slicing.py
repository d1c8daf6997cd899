"""An excerpt keeps of a lesson what an answer needs."""

from autograder.audit.slicing import excerpt, exercises_of
from tests.support.small_course import LESSON, lesson

GIVEN = """# %%
import matplotlib.pyplot as plt

scale = 3
unused = 4


def helper(n):
    scale = n
    return scale


# %%
fig, ax = plt.subplots()
ax.plot([1, 2])
plt.show()

# %%
table = {}
table["factor"] = scale


"""


def test_an_excerpt_keeps_what_an_answer_needs_and_draws_nothing(tmp_path):
    marker = '# %% nbgrader={"grade_id": "double", "solution": true}'
    source = LESSON.replace(marker, GIVEN + marker)
    exercise = exercises_of(lesson(tmp_path, source))[0]
    code = 'def double(x):\n    return table["factor"] * x\n'
    sources = [cell.source for cell in excerpt(exercise, code).cells]
    assert sources[:4] == [
        "import numpy as np",
        "scale = 3",
        "table = {}\ntable['factor'] = scale",
        code,
    ]
    assert not any("plt" in source for source in sources)
    everything = excerpt(exercise, code, whole=True)
    assert any("plt.show()" in cell.source for cell in everything.cells)
