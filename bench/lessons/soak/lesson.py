# %% [markdown]
# # Double and add
#
# A lesson made for the soak: two exercises, so that one can go wrong alone.

# %% nbgrader={"grade_id": "imports", "locked": true}
import numpy as np


# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    """Return 2x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_double_values", "grade": true, "points": 3}
assert double(3) == 6, f"double(3) is {double(3)}, expected 6"
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(double(np.array([1.5, -2.0])), [3.0, -4.0])
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "total", "solution": true}
def total(numbers):
    """Return the sum of numbers."""
    ### BEGIN SOLUTION
    return sum(numbers)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_total_values", "grade": true, "points": 4}
assert total([5, 7]) == 12, f"total([5, 7]) is {total([5, 7])}, expected 12"
### BEGIN HIDDEN TESTS
assert total([]) == 0, "the sum of no numbers is 0"
### END HIDDEN TESTS
