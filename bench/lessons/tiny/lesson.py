# %% [markdown]
# # Add two numbers
#
# A lesson made for the benchmark: as small as a lesson can be.


# %% nbgrader={"grade_id": "add", "solution": true}
def add(first, second):
    """Return the sum of two numbers."""
    ### BEGIN SOLUTION
    return first + second
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_add_values", "grade": true, "points": 1}
assert add(2, 3) == 5, f"2 + 3 is 5, you return {add(2, 3)}"
### BEGIN HIDDEN TESTS
assert add(-1, 1) == 0, f"-1 + 1 is 0, you return {add(-1, 1)}"
### END HIDDEN TESTS
