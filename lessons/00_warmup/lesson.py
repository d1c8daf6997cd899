# %% [markdown]
# # Warm up: arrays, shapes and how your work is checked
#
# **What you will build:** four short functions, one to three lines each, that turn 1797
# pictures of digits into the table of numbers that a neural network reads.
#
# **What you need:** a term of Python (functions, lists, `for`, `if`). No mathematics
# and no knowledge of neural networks.
#
# About 45 minutes, 10 points, all marked automatically.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

# %% [markdown]
# ## Run a cell
#
# A notebook is a list of cells, some text, some code. A few are folded: a thin bar, or
# three dots, in place of their code. They check your work and explain errors; run them
# like the others, there is no need to open them. Choose *Run all above* in the menu, or
# click on the cell above, which loads NumPy under the short name `np`, and press
# **Shift + Enter**: it runs, and the next cell is selected. Press again until you have
# run the one below. Its result appears under it.

# %%
numbers = np.array([[1.5, 2.0, 3.0], [4.0, 5.5, 6.0]])
numbers

# %% [markdown]
# The value of the last line is displayed. All cells share one memory, and only the
# order in which you **run** them counts, not the order on the page. If you see
# `NameError: name 'np' is not defined`, a cell above has not been run. When in doubt,
# choose *Restart kernel and run all cells* in the menu: it starts from an empty memory.
#
# A name holds what was put into it last, no matter by which cell. After a loop `for
# numbers in [1, 2]:` the array above is gone from `numbers`. Use new names in cells of
# your own.
#
# You may add cells of your own anywhere, and you cannot break anything.
#
# ## Ask an array what it is
#
# An array is a block of numbers of one type. It knows four things about itself. Compare
# them with the array above: where do the 2 and the 3 of `shape` come from?

# %%
print("shape", numbers.shape)  # length of each axis: 2 rows, 3 columns
print("ndim ", numbers.ndim)  # number of axes
print("dtype", numbers.dtype)  # type of its numbers
print("size ", numbers.size)  # how many numbers it holds in all

# %% [markdown]
# ## Solve your first exercise
#
# Below is a cell with a function whose body is missing: `raise NotImplementedError` is
# in its place, so that it complains until you have written it. The text in
# quotes, its *docstring*, says what goes in and what must come out. Replace the `raise`
# line with your code and run the cell.
#
# Stuck? Each exercise has three hints, from a question to nearly the line. Click on one
# to unfold it. They cost nothing.
#
# **Your turn (1 point): write `describe`.**
#
# <details><summary>Hint 1: where do the four values come from?</summary>
#
# The cell above prints all four. Your function needs the same of the array `a`, the
# name that its argument has inside the function.
#
# </details>
# <details><summary>Hint 2: how is a dict made?</summary>
#
# `{"shape": ..., "ndim": ...}` or `dict(shape=..., ndim=...)`. A function hands its
# result back with `return`; `print` only shows it.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return one dict with the keys "shape", "ndim", "dtype" and "size"; the value of the
# first is `a.shape`, and so on.
#
# </details>


# %% nbgrader={"grade_id": "describe", "solution": true}
def describe(a):
    """Say what an array is.

    Parameters
    ----------
    a : ndarray of any shape
        It stays as it is.

    Returns
    -------
    facts : dict with the keys "shape", "ndim", "dtype" and "size"
        Length of each axis (a tuple), number of axes, type of the numbers (`a.dtype` or
        `str(a.dtype)`), and how many numbers the array holds in all.
    """
    ### BEGIN SOLUTION
    return {"shape": a.shape, "ndim": a.ndim, "dtype": a.dtype, "size": a.size}
    ### END SOLUTION


# %% [markdown]
# Right after each exercise come its checks. The next cell is a **visible check**: run
# it. If your function is right, it prints one line. If not, it says what your function
# returned, what a right one returns, the likely cause, and which hint helps. If your
# function stopped with an error, the **last** lines say what the error means. Then
# change your function, run it again, and run the check again, as often as you like.

# %% nbgrader={"grade_id": "test_describe_example", "grade": true, "points": 0.5}
found = describe(np.array([[1.5, 2.0, 3.0], [4.0, 5.5, 6.0]]))
assert isinstance(found, dict), (
    f"describe returned {found!r:.60}; a right one returns a dict. Is there a `return`? "
    "See hint 2."
)
missing = [key for key in ("shape", "ndim", "dtype", "size") if key not in found]
assert not missing, (
    f"the dict has the keys {list(found)}; these are missing: {missing} (hint 3)."
)
assert tuple(found["shape"]) == (2, 3), (
    f"'shape' is {found['shape']!r:.40}; for 2 rows and 3 columns it is (2, 3)."
)
assert found["ndim"] == 2, f"'ndim' is {found['ndim']!r:.40}; the array has 2 axes."
assert str(found["dtype"]) in ("float64", "<f8"), (
    f"'dtype' is {found['dtype']!s:.40}; the type of the numbers is float64 (hint 1)."
)
assert found["size"] == 6, (
    f"'size' is {found['size']!r:.40}; the array holds 6 numbers in all (hint 1)."
)
found = describe(np.array([3.5, 1.5, 4.0, 2.5, 0.5]))
assert tuple(found["shape"]) == (5,) and found["size"] == 5, (
    f"for a flat array of 5 numbers describe returned {found!s:.90}; its shape is (5,) "
    "and its size 5. Do you read them from `a`? See hint 1."
)
print("Visible checks passed; hidden ones run at grading.")

# %% [markdown]
# "Visible checks passed" means: so far, so good. It does not mean that you are done.
# Most of the points come from **hidden checks**, which run when you hand in. They call
# your function with other inputs. The comment in the next cell says what they look at.
# Could your function fail there? Try it: `describe(np.array(7.0))` has no axis at all.

# %% nbgrader={"grade_id": "test_describe_others", "grade": true, "points": 0.5}
# Checked when graded: 0, 1 and 3 axes, whole numbers, an empty array, input unchanged.
### BEGIN HIDDEN TESTS
cases = [
    (np.array(7.0), (), "float64"),
    (np.array([1, 1, 3, 4, 5]), (5,), "int64"),
    (np.zeros((4, 2, 3), dtype=np.float32), (4, 2, 3), "float32"),
    (np.array([[True, False]]), (1, 2), "bool"),
    (np.zeros((0, 4)), (0, 4), "float64"),
]
for case_a, case_shape, case_dtype in cases:
    count = 1
    for length in case_shape:
        count *= length
    names = (case_dtype, case_a.dtype.str)
    before = case_a.copy()
    found = describe(case_a)
    told = f"an array of shape {case_shape} and type {case_dtype}"
    assert isinstance(found, dict), f"{told}: describe returned {found!r:.60}."
    assert tuple(found["shape"]) == case_shape, (
        f"{told}: 'shape' is {found['shape']!r:.40}. Is it read from `a`?"
    )
    assert found["ndim"] == len(case_shape), f"{told}: 'ndim' is {found['ndim']!r:.40}."
    assert str(found["dtype"]) in names, (
        f"{told}: 'dtype' is {found['dtype']!s:.40} (hint 1)."
    )
    assert found["size"] == count, (
        f"{told}: 'size' is {found['size']!r:.40}, expected {count}. The length of the "
        "first axis, or the bytes in memory, are other things (hint 1)."
    )
    assert case_a.shape == before.shape and np.array_equal(case_a, before), (
        f"{told}: describe changed the array."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Predict before you run
#
# Some questions only ask what a line of code gives. Decide **before** you run it: a
# wrong guess that surprises you is the best teacher. Write your letter in quotes in
# place of the `raise` line, like `predict_axis = "a"`. The point is for having made a
# prediction in the right form, whatever it is; when your work is graded, feedback says
# what a wrong one overlooked. If the result surprises you, write down in one sentence
# what you had overlooked: that sentence is what you will remember.
#
# **Predict (0.5 points).** `table` has the shape (3, 4). What is the shape of
# `table.mean(axis=0)`?
#
# **a** (3,) · **b** (4,) · **c** (3, 4) · **d** (), a single number

# %% nbgrader={"grade_id": "predict_axis", "solution": true}
# predict_axis = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_axis = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_axis", "grade": true, "points": 0.5}
letter = str(predict_axis).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_axis is {predict_axis!r:.60}; write one of the letters a to d, in quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "b":
    print(
        f"You chose {letter!r}. axis=0 is the axis that disappears: of (3, 4) the 4 is left, "
        "one mean for each column."
    )
### END HIDDEN TESTS

# %% [markdown]
# Now try it in a cell of your own: `np.arange(12).reshape(3, 4)` arranges the numbers 0
# to 11 in 3 rows, and you can check each mean by hand. (*Insert cell below* is the
# button with a plus.)
#
# ## Turn pictures into rows
#
# scikit-learn comes with real data: 1797 handwritten digits, collected in 1998. Each
# is a picture of 8 × 8 pixels, each pixel a number from 0 (white) to 16 (black). The
# whole set is one array with three axes: which picture, which line, which column.

# %%
digits = load_digits()
print("images", digits.images.shape, "labels", digits.target.shape)
fig, axes = plt.subplots(2, 5, figsize=(7, 3.2), layout="constrained")
for ax, image, label in zip(axes.flat, digits.images, digits.target, strict=False):
    ax.imshow(image, cmap="gray_r")
    ax.set(title=f"label {label}", xticks=[], yticks=[])
plt.show()

# %% [markdown]
# *Figure:* The first ten pictures in two rows of five, labelled 0 to 9: coarse, dark
# strokes on white. The 0 is a ring, the 1 a thick bar; the 5 and the 9 are hard to make
# out at this size.
#
# A network expects one example per row, so each picture becomes a row of 64 numbers:
# its first line of pixels, then the second, and so on. The result has the shape (N,
# H·W) for N pictures of H lines and W columns.
#
# Here is the first trap. Many arrays have that shape, and only one has the right
# pixels in each row.
#
# **Your turn (2.5 points): write `flatten_images`**, for any N, H and W.
#
# <details><summary>Hint 1: which axis stays?</summary>
#
# The first one: N pictures become N rows. The other two become one. So what are the
# lengths of the two axes of the result?
#
# </details>
# <details><summary>Hint 2: the function to look up</summary>
#
# `reshape` keeps the numbers in their order and cuts them into new rows. One of its
# lengths may be −1, which means "whatever is left". Put it in the right place.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return `imgs.reshape(...)` with two lengths: the number of pictures, `imgs.shape[0]`,
# and −1.
#
# </details>


# %% nbgrader={"grade_id": "flatten_images", "solution": true}
def flatten_images(imgs):
    """Lay out each picture as one row.

    Parameters
    ----------
    imgs : ndarray, shape (N, H, W)
        N pictures of H lines and W columns; they stay as they are.

    Returns
    -------
    rows : ndarray, shape (N, H * W)
        Row n holds the pixels of picture n, line after line: the picture
        [[1, 2], [3, 4]] becomes the row [1, 2, 3, 4].
    """
    ### BEGIN SOLUTION
    return imgs.reshape(imgs.shape[0], -1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_flatten_images_small", "grade": true, "points": 0.5}
# Two pictures of 2 lines and 3 columns; the first has the pixels 0 to 5.
case_imgs = np.arange(12.0).reshape(2, 2, 3)
expected = np.array([[0.0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
columns_first = case_imgs.transpose(0, 2, 1).reshape(2, 6)
mixed_up = case_imgs.reshape(-1, 2).T.copy()
found = flatten_images(case_imgs)
assert np.shape(found) == (2, 6), (
    f"flatten_images returned {found!r:.50} with the shape {np.shape(found)}; 2 pictures "
    "of 2 lines and 3 columns make the shape (2, 6). See hint 1."
)
cause = "each row holds one picture in a right result, line after line (hint 2)"
if np.array_equal(found, mixed_up):
    cause = "the pictures are mixed: -1 stands in the place of N (hint 2)"
elif np.array_equal(found, columns_first):
    cause = "the pixels run column after column instead of line after line"
assert np.array_equal(found, expected), (
    f"the shape is right, the pixels are not:\n{found}\nexpected\n{expected}\n{cause}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_flatten_images_sizes", "grade": true, "points": 2}
# Checked when graded: one picture, seven pictures, other sizes, pictures unchanged.
### BEGIN HIDDEN TESTS
for case_n, case_h, case_w in [(1, 3, 5), (7, 8, 8), (3, 1, 4), (4, 5, 2)]:
    case_imgs = 1e3 * np.sin(np.arange(case_n * case_h * case_w)) + 0.5
    case_imgs = case_imgs.reshape(case_n, case_h, case_w)
    before = case_imgs.copy()
    expected = np.array([[v for line in image for v in line] for image in before])
    found = flatten_images(case_imgs)
    told = f"{case_n} pictures of {case_h} x {case_w}"
    assert np.shape(found) == (case_n, case_h * case_w), (
        f"{told}: flatten_images returned the shape {np.shape(found)}, expected "
        f"{(case_n, case_h * case_w)} (hint 1)."
    )
    assert np.array_equal(found, expected), (
        f"{told}: the shape is right and the pixels are at wrong places (hint 2)."
    )
    assert case_imgs.shape == before.shape and np.array_equal(case_imgs, before), (
        f"{told}: flatten_images changed the array that came in; return a new one."
    )
    found = flatten_images(-before)
    assert np.array_equal(found, -expected), (
        f"{told}, called again with other pixels: the first row begins with "
        f"{np.ravel(found)[:3]}, expected {-expected[0, :3]}. Each call lays out the "
        "pictures that it is given."
    )
### END HIDDEN TESTS

# %% [markdown]
# A picture of the trap: the first row of two arrays, both of shape (1797, 64), folded
# back to 8 × 8. Your function made the left one. Which mistake made the right one?

# %%
rows = flatten_images(digits.images)
mixed = digits.images.reshape(-1, 1797).T
fig, axes = plt.subplots(1, 2, figsize=(4.6, 2.6), layout="constrained")
for ax, array, title in zip(axes, [rows, mixed], ["yours", "mixed up"], strict=True):
    ax.imshow(array[0].reshape(8, 8), cmap="gray_r")
    ax.set(title=f"{title} {array.shape}", xticks=[], yticks=[])
plt.show()

# %% [markdown]
# *Figure:* Two pictures of 8 × 8 pixels under the titles "yours (1797, 64)" and "mixed
# up (1797, 64)". The left one is the ring of the digit 0, the right one a scatter of
# grey squares, with pixels from many pictures.
#
# A right shape is not yet a right answer. Look at a value that you know, too.
#
# One more thing about `reshape`: it seldom copies. `rows` and `digits.images` are two
# names for one block of numbers, so `rows[0, 0] = 16` blackens a pixel of the first
# picture as well. `rows = rows.copy()` makes a block of its own.
#
# ## Subtract a column from a row
#
# How far off is a prediction? The *residual* of an example is prediction minus truth.
# Predictions of a network come as a column of shape (N, 1), the truth `y` as a flat
# array of shape (N,). That is the second trap.
#
# **Predict (0.5 points).** `pred` has the shape (5, 1) and `y` has the shape (5,). What
# is the shape of `pred - y`?
#
# **a** (5,) · **b** (5, 1) · **c** (5, 5) · **d** none, it is an error

# %% nbgrader={"grade_id": "predict_broadcast", "solution": true}
# predict_broadcast = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_broadcast = "c"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_broadcast", "grade": true, "points": 0.5}
letter = str(predict_broadcast).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_broadcast is {predict_broadcast!r:.60}; write one of the letters a to d, "
    "in quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "c":
    print(
        f"You chose {letter!r}. Shapes are compared from the right: 1 against 5 stretches, "
        "and the missing axis of y stretches too. Every prediction meets every truth."
    )
### END HIDDEN TESTS

# %% [markdown]
# NumPy stretches axes of length 1 to make two shapes fit, and a flat array counts as
# one row: (3,) as (1, 3). This is called **broadcasting**; it is handy, and here it is
# silent nonsense. Compare the result with what you predicted.

# %%
pred = np.array([[10.0], [20.0], [30.0]])
y = np.array([9.0, 20.0, 33.0])
pred - y

# %% [markdown]
# We wanted three residuals, 1, 0 and −3. They sit on the diagonal, among six
# differences nobody asked for.
#
# **Your turn (2 points): write `residuals`**, prediction minus truth, flat.
#
# <details><summary>Hint 1: which of the two arrays must change its shape?</summary>
#
# The result has the shape of `y`. So bring `pred` to the shape (N,) first.
#
# </details>
# <details><summary>Hint 2: how do I flatten a column?</summary>
#
# `ravel()` returns a flat version of an array. `[:, 0]` takes all rows of column 0.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return the flattened `pred` minus `y`, in this order.
#
# </details>


# %% nbgrader={"grade_id": "residuals", "solution": true}
def residuals(pred, y):
    """Return prediction minus truth for each example.

    Parameters
    ----------
    pred : ndarray, shape (N, 1)
        Predictions; they stay as they are.
    y : ndarray, shape (N,)
        What they should have been; it stays as it is.

    Returns
    -------
    r : ndarray, shape (N,)
        Positive where the prediction is too large: [[3], [5]] and [1, 9] give [2, -4].
    """
    ### BEGIN SOLUTION
    return pred.ravel() - y
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_residuals_example", "grade": true, "points": 0.5}
case_pred = np.array([[10.0], [20.5], [30.0]])
case_y = np.array([9.0, 20.0, 33.5])
found = residuals(case_pred, case_y)
causes = {
    (3, 3): "every prediction met every truth; flatten pred first (hint 1)",
    (3, 1): "this is still a column; flatten it (hint 2)",
    (): "one residual for each example is asked for, no sum or mean",
}
assert np.shape(found) == (3,), (
    f"residuals returned the shape {np.shape(found)} for 3 examples, expected (3,): "
    f"{causes.get(np.shape(found), 'see hint 1')}."
)
cause = "subtract example by example (hint 3)"
if np.allclose(found, [-1.0, -0.5, 3.5]):
    cause = "the sign is turned; it is prediction minus truth"
elif np.allclose(found, [1.0, 0.5, 3.5]):
    cause = "the sign is lost; a prediction that is too small has a negative residual"
assert np.allclose(found, [1.0, 0.5, -3.5], rtol=1e-9), (
    f"residuals returned {found}, expected [1, 0.5, -3.5]: {cause}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_residuals_sizes", "grade": true, "points": 1.5}
# Checked when graded: one example and seven, large and whole numbers, inputs unchanged.
### BEGIN HIDDEN TESTS
for case_n in (1, 7, 2):
    case_pred = 1e3 * np.cos(np.arange(case_n) + 1.0).reshape(case_n, 1)
    case_y = 40.0 * np.arange(case_n) - 70.25
    kept = case_pred.copy(), case_y.copy()
    expected = np.array([kept[0][n, 0] - kept[1][n] for n in range(case_n)])
    found = residuals(case_pred, case_y)
    assert np.shape(found) == (case_n,), (
        f"N = {case_n}: residuals returned the shape {np.shape(found)}, expected "
        f"{(case_n,)} (hint 1)."
    )
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, err_msg=f"N = {case_n}: prediction minus truth"
    )
    same = case_pred.shape == (case_n, 1) and np.array_equal(case_pred, kept[0])
    assert same and np.array_equal(case_y, kept[1]), (
        f"N = {case_n}: residuals changed pred or y; compute a new array."
    )
found = residuals(np.array([[3], [-4]]), np.array([0, 0]))
assert np.array_equal(found, [3, -4]), (
    f"Whole numbers, y = [0, 0]: residuals returned {found}, expected [3 -4]."
)
found = residuals(np.array([[1.0], [6.0], [2.0]]), np.array([2.0, 3.0, 4.0]))
assert np.array_equal(found, [-1, 3, -2]), (
    f"pred and y with the same mean: residuals returned {found}, expected [-1 3 -2]. "
    "That the means agree does not make each prediction right."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Read a shape error
#
# Not every mistake is silent. Here 100 flattened digits `X` meet a table `W` with 10
# rows of 64 numbers (in lesson 01 you learn what for). `@` multiplies matrices: each
# row of the first with each **column** of the second, so these must be of equal length.

# %%
X = digits.data[:100]  # scikit-learn's own flattened digits
W = np.ones((10, 64))
try:
    X @ W
except ValueError as problem:
    print("X", X.shape, " W", W.shape)
    print(problem)

# %% [markdown]
# A long message, and most of it can wait. Three steps help every time:
#
# 1. Go to the **last line**: it names the problem. (The lines above it show where it
#    happened; your own line is the last of them.)
# 2. Find the **two sizes** that do not fit: here "size 10 is different from 64".
# 3. Print the **shapes** of the arrays in that line, write them side by side, and see
#    which neighbouring sizes have to match: (100, 64) @ (10, 64). The inner two, 64 and
#    10, meet.
#
# **Predict (0.5 points).** Which line gives one row for each digit and ten numbers in
# it, an array of shape (100, 10)?
#
# **a** `W @ X` · **b** `X.T @ W` · **c** `X * W` · **d** `X @ W.T`
#
# (`.T` exchanges rows and columns; `*` multiplies number by number.)

# %% nbgrader={"grade_id": "predict_fix", "solution": true}
# predict_fix = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_fix = "d"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_fix", "grade": true, "points": 0.5}
letter = str(predict_fix).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_fix is {predict_fix!r:.60}; write one of the letters a to d, in quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
shapes = {"a": "(10, 64) @ (100, 64)", "b": "(64, 100) @ (10, 64)"}
shapes["c"] = "(100, 64) * (10, 64)"
if letter != "d":
    print(
        f"You chose {letter!r}, which is {shapes[letter]}: an error. In (100, 64) @ (64, 10) "
        "the inner lengths agree and the outer ones are left."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Write labels as rows
#
# The labels are whole numbers: this picture is a 7. A network with ten outputs is
# compared with a row of ten numbers instead, all 0 but a single 1 at place 7. This is
# called **one-hot**. `np.eye(C)` is a table of all the rows you need, one below the
# other:
#
# ```
# >>> np.eye(3)
# array([[1., 0., 0.],
#        [0., 1., 0.],
#        [0., 0., 1.]])
# ```
#
# The third trap: data sets mark a missing label by −1, and a list or an array accepts
# −1 as an index without complaint.
#
# **Predict (0.5 points).** What does `np.eye(3)[-1]` give?
#
# **a** an error · **b** `[1, 0, 0]` · **c** `[0, 0, 1]` · **d** `[0, 0, 0]`

# %% nbgrader={"grade_id": "predict_minus_one", "solution": true}
# predict_minus_one = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_minus_one = "c"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_minus_one", "grade": true, "points": 0.5}
letter = str(predict_minus_one).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_minus_one is {predict_minus_one!r:.60}; write one of the letters a to d, "
    "in quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "c":
    print(
        f"You chose {letter!r}. As in a list, -1 means the last row: a missing label would "
        "become the last class, in silence."
    )
### END HIDDEN TESTS

# %% [markdown]
# A function that gets nonsense should say so. In Python it *raises* an error:
#
# ```python
# if something_is_wrong:
#     raise ValueError("a sentence that says what is wrong")
# ```
#
# **Your turn (2.5 points): write `one_hot`**, with a `ValueError` for every label that
# is not one of 0 … C − 1.
#
# <details><summary>Hint 1: two jobs, in which order?</summary>
#
# Check first: is any label below 0, or too large? Which is the largest one allowed?
# Only then make the rows. C comes from the caller; the labels at hand may not contain
# the largest class.
#
# </details>
# <details><summary>Hint 2: how do I ask all labels at once?</summary>
#
# `labels < 0` is an array of True and False, and `np.any(...)` says whether one of them
# is True. `|` means "or" between two such arrays, each in brackets.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# If any label is below 0 or at least `C`, raise a ValueError. Then pick the rows
# `labels` from `np.eye(C)` and return them.
#
# </details>


# %% nbgrader={"grade_id": "one_hot", "solution": true}
def one_hot(labels, C):
    """Write each label as a row with a single 1.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Classes, each from 0 to C - 1; they stay as they are.
    C : int
        Number of classes.

    Returns
    -------
    rows : ndarray, shape (N, C)
        The labels [2, 0] with C = 3 give [[0, 0, 1], [1, 0, 0]].

    Raises
    ------
    ValueError
        A label is below 0 or above C - 1.
    """
    ### BEGIN SOLUTION
    if np.any((labels < 0) | (labels >= C)):
        raise ValueError(f"labels must be from 0 to {C - 1}, found {labels}")
    return np.eye(C)[labels]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_one_hot_example", "grade": true, "points": 0.5}
case_labels = np.array([2, 0, 1])
expected = np.array([[0, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
found = one_hot(case_labels, 5)
causes = {
    (5, 3): "rows and columns are exchanged",
    (3, 3): "C is the argument, not the largest label plus 1 (hint 1)",
}
assert np.shape(found) == (3, 5), (
    f"one_hot returned the shape {np.shape(found)} for 3 labels and 5 classes, expected "
    f"(3, 5): {causes.get(np.shape(found), 'see hint 3')}."
)
assert np.array_equal(found, expected), (
    f"one_hot of [2, 0, 1] with 5 classes returned\n{found}\nexpected\n{expected}\nThe "
    "first class has number 0 (hint 3)."
)
try:
    outcome = f"returned {one_hot(np.array([1, -1, 0]), 5)!r:.80}"
except ValueError:
    outcome = ""
except Exception as problem:
    outcome = f"raised {type(problem).__name__}"
assert not outcome, (
    f"the labels 1, -1 and 0 with 5 classes: one_hot {outcome}; a right one raises a "
    "ValueError for the -1 (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_one_hot_others", "grade": true, "points": 2}
# Checked when graded: other N and C, labels that are too large, labels unchanged.
### BEGIN HIDDEN TESTS
for case_labels, case_c in [
    (np.array([0]), 2),
    (np.array([3, 3, 0, 2, 5, 1, 3]), 6),
    (np.array([9, 0, 4, 9]), 10),
    (np.array([0, 0]), 12),
]:
    before = case_labels.copy()
    expected = np.array([[int(c == t) for c in range(case_c)] for t in before])
    found = one_hot(case_labels, case_c)
    assert np.array_equal(found, expected), (
        f"one_hot of {before.tolist()} with {case_c} classes returned the shape "
        f"{np.shape(found)} and\n{found}\nexpected\n{expected}"
    )
    assert np.array_equal(case_labels, before), "one_hot changed the labels; copy them."
accepted = []
for bad, case_c in [([0, 3, 1], 3), ([7, 1], 5), ([-1], 3), ([0, 2, -3, 1], 4)]:
    given = np.array(bad)
    try:
        found = one_hot(given, case_c)
    except ValueError:
        continue
    except Exception as problem:
        text = (
            f"labels {bad} with {case_c} classes: one_hot raised "
            f"{type(problem).__name__} ({problem!s:.60}); a ValueError is asked for."
        )
        raise AssertionError(text) from None
    accepted.append(f"{bad} with {case_c} classes")
assert not accepted, (
    f"one_hot returned an array for the labels {', '.join(accepted)}; expected a "
    "ValueError as soon as one label is outside 0 to C - 1 (hint 1)."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Read NumPy's own words
#
# The fourth trap: code that works for one number and stops at an array. NumPy says
# why, in words that need a translation. Run this:

# %%
try:
    if numbers > 2:
        print("large")
except ValueError as problem:
    print(problem)

# %% [markdown]
# `if` asks for one yes or no. `numbers > 2` has six answers, one for each number, so
# their "truth value" is "ambiguous". Where each number has a decision of its own, let
# NumPy make it: `np.where(numbers > 2, numbers, 0)`. Five messages that everybody
# meets:
#
# | NumPy says | usual cause | cure |
# |---|---|---|
# | truth value … is ambiguous | `if`, `and`, `max(a, b)` on an array | `np.where`, `np.maximum` |
# | axis 1 is out of bounds | a flat array has axis 0 alone | `axis=-1`, or print the shape |
# | Cannot cast … to dtype('int64') | `a += 0.5` on whole numbers | `a = a + 0.5` |
# | return arrays must be of ArrayType | `np.maximum(a, b, c)`: the third is `out` | call it twice |
# | object is not iterable | `(a)` is not a tuple | `(a,)`, with a comma |
#
# You need not learn them by rote: in these notebooks the last lines of an error say
# what it means. One mistake says nothing at all: an array of whole numbers cuts off
# decimals that you put into it, `whole[0] = 0.9` stores 0.

# %% [markdown]
# Well done. You now have both halves of a data set as a network reads it:
# `flatten_images` makes a row of 64 pixels of each digit, `one_hot(digits.target, 10)`
# a row of ten zeros and ones.
#
# ## Hand in
#
# Restart the kernel and run all cells once more: grading starts from an empty memory as
# well, runs the notebook from top to bottom, and then runs the checks, hidden ones
# included. An exercise that you leave open costs its own points only; the others still
# count. Save, and hand in the notebook file under its own name.
#
# Please leave the check cells as they are. If one is changed or deleted by accident,
# the original is put back before grading.
#
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>An array has the shape (20, 8, 8). What are its ndim and its size?
# </summary>
#
# Three axes; 20 · 8 · 8 = 1280 numbers.
#
# </details>
# <details><summary>`a` has the shape (6, 1), `b` the shape (6,). How do you get the six
# differences?</summary>
#
# `a.ravel() - b` or `a[:, 0] - b`. Plain `a - b` gives 36 numbers.
#
# </details>
# <details><summary>A visible check passes. Are you done?</summary>
#
# Not yet. Ask what it did not try: one example, another size, a negative number, a
# value that is too large. Try these in a cell of your own.
#
# </details>
#
# ## Go further
#
# - Charles Harris and others, [Array programming with
#   NumPy](https://doi.org/10.1038/s41586-020-2649-2), *Nature*, 2020: what arrays are
#   for, on six pages.
# - NumPy's documentation on
#   [broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html), with
#   pictures of the rule.
# - Next is lesson 01: one neuron.
