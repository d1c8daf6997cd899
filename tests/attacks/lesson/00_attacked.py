# %% [markdown]
# # A lesson to be attacked

# %% nbgrader={"grade_id": "imports", "locked": true}
import math

import numpy as np


# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Return z where it is positive and 0 elsewhere; the argument stays as it is."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_relu_values", "grade": true, "points": 2}
relu_given = np.array([-1.0, 0.0, 2.0])
relu_found = relu(relu_given)
assert np.allclose(relu_found, [0.0, 0.0, 2.0]), f"relu gave {relu_found}"
assert (relu_given == [-1.0, 0.0, 2.0]).all(), "relu changed its argument"
### BEGIN HIDDEN TESTS
hidden_word = "SECRET-OF-THE-HIDDEN-TESTS"
hidden_rng = np.random.default_rng(417)
hidden_given = hidden_rng.normal(size=(4, 5))
hidden_wanted = np.where(hidden_given > 0, hidden_given, 0.0)
np.testing.assert_allclose(relu(hidden_given.copy()), hidden_wanted)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_relu_partial", "grade": true, "points": 2}
partial_given = [-3.0, -0.5, 0.5, 3.0]
partial_wanted = [0.0, 0.0, 0.5, 3.0]
partial_found = [float(relu(value)) for value in partial_given]
pairs = zip(partial_found, partial_wanted, strict=True)
right = sum(abs(found - wanted) < 1e-12 for found, wanted in pairs)
2.0 if right == 4 else 0.0


# %% nbgrader={"grade_id": "mean_of", "solution": true}
def mean_of(numbers):
    """Return the mean of a list of numbers; ValueError if there is none."""
    ### BEGIN SOLUTION
    if not numbers:
        raise ValueError("no numbers")
    return sum(numbers) / len(numbers)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_mean_of_values", "grade": true, "points": 3}
mean_found = mean_of([1, 2, 6])
assert mean_found == 3, f"mean_of gave {mean_found!r}"
### BEGIN HIDDEN TESTS
assert math.isclose(mean_of([0.25, 0.5]), 0.375)
try:
    mean_of([])
except ValueError:
    pass
else:
    raise AssertionError("mean_of([]) raised nothing")
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "Tally", "solution": true}
class Tally:
    """Counts how often each item was added."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.counts = {}

    def add(self, item):
        self.counts[item] = self.counts.get(item, 0) + 1

    def top(self, count):
        ordered = sorted(self.counts, key=self.counts.get, reverse=True)
        return ordered[:count]

    ### END SOLUTION


# %% nbgrader={"grade_id": "test_Tally_top", "grade": true, "points": 3}
tally = Tally()
for word in ["b", "a", "b", "c", "b", "a"]:
    tally.add(word)
### BEGIN HIDDEN TESTS
assert tally.counts["b"] == 3
assert "b" in tally.top(1)
assert "a" in tally.top(2)
assert len(tally.top(2)) == 2
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# Because its slope is simple.
# ### END SOLUTION
