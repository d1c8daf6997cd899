# %% [markdown]
# # Send the blame backwards: backpropagation
#
# **What you will build:** a class of about 40 lines that differentiates any formula
# made of sums, products, ReLU and tanh, and the backward passes of three layers. All of
# them agree with measured slopes to six digits or better.
#
# **What you need**
# - A neuron, the sigmoid and the softmax, losses and gradient descent (lessons 01 to
#   03); layers that pass arrays on (lesson 04).
# - School mathematics: derivatives, the chain rule for one variable.
# - Python: functions, dictionaries, and classes with methods.
#
# About 150 minutes, 35 points, all marked automatically. A good place for a break is
# after the class `Node`. Predictions get their points for being made; the cells that
# check answers are folded.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Image, interact
from scipy.special import expit

BLUE, VERMILLION, ORANGE = "#0072B2", "#D55E00", "#E69F00"
GREEN, BLACK = "#009E73", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, without points; the check answers at once.
#
# 1. The sigmoid of $z$ is 0.8. What is its slope there? A number (lesson 02).
# 2. For log loss and a sigmoid, the slope of one example's loss along $z$ is
#    **a** $y - p$ · **b** $p - y$ · **c** $p\,(1 - p)$ (lesson 03)
# 3. A layer turns arrays of shape (N, 3) into arrays of shape (N, 5). How many
#    parameters does it have? A number (lesson 04).

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a letter in quotes>, 3: <a number>}
### BEGIN SOLUTION
recall = {1: 0.16, 2: "b", 3: 20}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (0.16, "0.8 · (1 − 0.8)."),
        2: ("b", "Prediction minus truth: the slope of the sigmoid cancels."),
        3: (20, "3 · 5 weights and one bias for each of the 5 neurons."),
    },
)

# %% [markdown]
# ## Ask how the loss reacts to one weight
#
# Here is the neuron of lesson 01 with a sigmoid, one example and its target $y$:
#
# $$z = w \cdot x + b, \qquad a = \sigma(z), \qquad L = (a - y)^2$$
#
# Its output should be 1 and is 0.613. Which of the three parameters is to blame, and
# how much? Nudge each of them by 0.001 and watch the loss. `expit` is SciPy's sigmoid.

# %%
x = np.array([0.8, 1.2])
w = np.array([0.6, -0.1])
b, y = 0.1, 1.0


def neuron_loss(w1, w2, b):
    return (expit(w1 * x[0] + w2 * x[1] + b) - y) ** 2


start = neuron_loss(0.6, -0.1, 0.1)
print(f"loss {start:.6f}")
print(f"w1 nudged: change {neuron_loss(0.601, -0.1, 0.1) - start:.6f}")
print(f"w2 nudged: change {neuron_loss(0.6, -0.099, 0.1) - start:.6f}")
print(f" b nudged: change {neuron_loss(0.6, -0.1, 0.101) - start:.6f}")

# %% [markdown]
# Divide each change by the nudge: about −0.147, −0.220 and −0.184. These are slopes of
# the loss, one for each parameter while the others stay fixed. The slope along $w_1$
# is written $\partial L / \partial w_1$, a *partial derivative*, and all of them
# together are the **gradient**. A negative slope says: a larger weight, a smaller loss.
#
# Three jobs are often mixed up, even by name. Keep them apart:
#
# | job | question | gives | changes weights? |
# |---|---|---|---|
# | forward pass | how wrong is the network? | the loss $L$ | no |
# | **backpropagation** | how does $L$ react to each parameter? | the gradient | no |
# | gradient descent | where to go from here? | new weights | yes |
#
# This lesson is about the second line.

# %% [markdown]
# ## Measure a slope exactly enough
#
# Nudging works for any function, so it is the referee of everything that follows. How
# good is it? Call the parameter $\theta$ (theta). Its slope $f'$, the bend $f''$ (how
# fast the slope changes) and $f'''$ (how fast the bend changes) say what happens a small
# step $h$ away. This is Taylor's formula; if it is new to you, take it as given:
#
# $$f(\theta \pm h) = f(\theta) \pm h f'(\theta) + \tfrac{h^2}{2} f''(\theta)
# \pm \tfrac{h^3}{6} f'''(\theta) + \dots$$
#
# The *forward difference* looks to one side. Insert the line with plus:
#
# $$\frac{f(\theta + h) - f(\theta)}{h} = f'(\theta) + \tfrac{h}{2} f''(\theta) + \dots$$
#
# The *central difference* looks to both sides. Subtract the line with minus from the
# one with plus; $f$ and $f''$ cancel:
#
# $$\frac{f(\theta + h) - f(\theta - h)}{2h} = f'(\theta) + \tfrac{h^2}{6}
# f'''(\theta) + \dots$$
#
# A step ten times smaller makes the first error ten times smaller, and the second a
# hundred times.

# %% [markdown]
# **Predict before you run (1 point).** By the formulas, the error shrinks with $h$. But
# each value of $f$ is rounded after about 16 digits, and that rounding is divided by
# $2h$. Which of these steps measures the slope of the neuron's loss best with a
# *central* difference? **a** $10^{-1}$ · **b** $10^{-5}$ · **c** $10^{-9}$ ·
# **d** $10^{-13}$

# %% nbgrader={"grade_id": "predict_best_h", "solution": true}
# predict_best_h = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_best_h = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_best_h", "grade": true, "points": 1}
letter = str(predict_best_h).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_best_h is {predict_best_h!r:.60}; write one of the letters "
    '"a", "b", "c" and "d", in quotes.'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "b":
    print(
        f"You chose {letter!r}. The terms left over cost about h squared, the rounding about "
        "1e-16 divided by h. The sum of the two is smallest near where they are equal."
    )
### END HIDDEN TESTS

# %% [markdown]
# Now measure it, with $L$ as a function of $z$. The exact slope comes from a formula
# that you will derive in a moment. The error is *relative*: the gap between measured
# and exact slope, divided by the exact one. Two straight lines show the two costs of
# the central one: the terms that its formula leaves over, which grow with $h$, and
# rounding, which grows as $h$ shrinks. Look for the lowest point of each curve.

# %%
z = 1.5
a = expit(z)
exact = 2 * (a - 1) * a * (1 - a)


def loss_of(z):
    return (expit(z) - 1) ** 2


h = 10.0 ** np.arange(-14, 0.1, 0.25)
forward = np.abs((loss_of(z + h) - loss_of(z)) / h / exact - 1)
central = np.abs((loss_of(z + h) - loss_of(z - h)) / (2 * h) / exact - 1)
for name, errors in [("forward", forward), ("central", central)]:
    print(f"{name}: best h {h[errors.argmin()]:.0e}, error {errors.min():.0e}")

# %%
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.loglog(h, forward, "s--", ms=4, color=VERMILLION, label="forward difference")
ax.loglog(h, central, "o-", ms=4, color=BLUE, label="central difference")
ax.loglog(h, h**2, ":", color=BLACK, label="$h^2$: terms left over")
ax.loglog(h, 1e-16 / h, "-.", color=GREEN, label=r"$10^{-16} / h$: rounding")
ax.set(xlabel="step h", ylabel="relative error of the slope", ylim=(1e-13, 3))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Relative error against the step h on logarithmic axes: two curves, each in
# the shape of a V. Read from left to right, both come down along the line of rounding.
# The forward difference (squares, dashed) has its lowest point near h = 1e-8, with an
# error of about 1e-8. The central one (dots, solid) comes down as far as 1e-10 or less,
# near h = 1e-5, and then goes up twice as steeply, in parallel to the line of $h^2$.
#
# So `h=1e-5` is the default of the function that you write next.

# %% [markdown]
# **Your turn (4 points): write `numeric_grad`**, the central difference for every
# entry of an array. `f` takes an array shaped like `theta` and returns one number. One
# entry moves at a time, all others stay where they are.
#
# <details><summary>Hint 1: how many calls of f?</summary>
#
# Two for each entry of `theta`: one with this entry a little larger, one with it a
# little smaller. What has to be true of `theta` before the next entry is moved?
#
# </details>
# <details><summary>Hint 2: visit every entry of any shape</summary>
#
# `for index in np.ndindex(theta.shape)` visits all entries of an array with any number
# of axes; `theta[index]` is the entry. Work on a copy made of floats
# (`theta.astype(float)`): in an array of whole numbers a step of $10^{-5}$ is cut off,
# and the caller's array must stay as it was.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# For each index: make two float copies of `theta`, add `h` to this entry of the one,
# take `h` from this entry of the other. The difference of `f` of the two, divided by
# twice `h`, goes to the same index of the result.
#
# </details>


# %% nbgrader={"grade_id": "numeric_grad", "solution": true}
def numeric_grad(f, theta, h=1e-5):
    """Measure the gradient of f at theta by central differences.

    For f(theta) = theta[0] ** 2 * theta[1] and theta = [3, 2] it is about [12, 9]. Two
    calls of f for each entry of theta, one on either side of it.

    Parameters
    ----------
    f : function
        Takes an array shaped like `theta`, returns one number.
    theta : ndarray of any shape, int or float
        Where to measure; unchanged afterwards.
    h : float
        Size of the step.

    Returns
    -------
    gradient : ndarray of floats, shaped like theta
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_numeric_grad_example", "grade": true, "points": 1}
case_theta = np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -0.75]])
case_factors = np.array([[2.0, 1.0, -0.5], [0.2, 4.0, 1.5]])
# f adds up factor times theta cubed, so each slope is 3 times factor times theta**2.
expected = np.array([[1.5, 3.0, -6.0], [5.4, 0.75, 2.53125]])
bend = 3e-5 * case_factors * case_theta
suspects = {
    "a one-sided difference; step to both sides of theta": expected + bend,
    "a one-sided difference; step to both sides of theta ": expected - bend,
    "the distance between the two points is 2 h, not h": 2 * expected,
    "a one-sided difference is divided by 2 h": (expected + bend) / 2,
    "each slope is 0, or nearly: are the two points copies of theta (hint 2), and is "
    "2 * h in brackets?": 0 * expected,
    "entries that were moved stay moved: copy theta anew for each one (hint 1)": (
        np.cumsum(expected).reshape(2, 3)
    ),
    "only the first entry is measured: is `return` inside the loop?": [
        [1.5, 0.0, 0.0],
        [0.0, 0.0, 0.0],
    ],
    "all entries are moved at once; move one at a time": [
        [7.18125, 7.18125, 7.18125],
        [7.18125, 7.18125, 7.18125],
    ],
    "a whole row moves at once: len(theta) counts rows alone (hint 2)": [
        [-1.5, -1.5, -1.5],
        [8.68125, 8.68125, 8.68125],
    ],
    "the sign is turned: plus step minus minus step": -expected,
    "the division by 2 h is missing": [
        [3e-05, 6e-05, -0.00012],
        [0.000108, 1.5e-05, 5.0625e-05],
    ],
}
found = numeric_grad(
    lambda point: float(np.sum(case_factors * point**3)), case_theta.copy()
)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"numeric_grad returned {found!r:.60} for theta of shape (2, 3); a right one "
    "returns an array of shape (2, 3), one slope for each entry. See hint 2."
)
why = [text for text, v in suspects.items() if np.allclose(found, v, 1e-8, 1e-8)]
np.testing.assert_allclose(
    found, expected, rtol=1e-6, atol=1e-8, err_msg=why[0] if why else "see hint 3"
)
case_theta = np.array([1.5, -0.5])
numeric_grad(lambda point: float(np.prod(point)), case_theta)
np.testing.assert_array_equal(
    case_theta, [1.5, -0.5], err_msg="numeric_grad changed theta; work on a copy"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_numeric_grad_shapes", "grade": true, "points": 1.5}
# Checked when graded: arrays of any shape, whole numbers, values around 1000.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(51)
cases = {
    "shape (1,)": np.array([0.7]),
    "zeros, shape (4,)": np.zeros(4),
    "shape (3, 2)": sizes.normal(-0.2, 1, size=(3, 2)),
    "shape (2, 1, 3)": sizes.normal(0.1, 0.5, size=(2, 1, 3)),
    "whole numbers": np.array([[2, -1, 3]]),
}
for name, case_theta in cases.items():
    before = case_theta.copy()
    case_factors = np.linspace(0.4, -0.9, before.size).reshape(before.shape)
    mixed = np.sum(case_factors * before)
    expected = case_factors * np.cos(mixed) + before
    found = numeric_grad(
        lambda point, k=case_factors: float(
            np.sin(np.sum(k * point)) + np.sum(point**2) / 2
        ),
        case_theta,
    )
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: numeric_grad returned {found!r:.60}; a right one returns an array of "
        f"the shape {before.shape} of theta (hint 2)."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=1e-6,
        atol=1e-8,
        err_msg=f"{name}: not the slopes; in an array of ints small steps are cut off, "
        "and a step of 1e-12 drowns in rounding (hint 2)",
    )
case_theta, case_factors = np.array([1e3, -800.0, 3.0]), np.array([0.5, -2.0, 7.0])
found = numeric_grad(lambda point: float(np.sum(case_factors * point)), case_theta)
np.testing.assert_allclose(
    found, [0.5, -2, 7], rtol=1e-6, err_msg="theta around 1000, f a weighted sum"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_numeric_grad_steps", "grade": true, "points": 1.5}
# Checked when graded: one entry moves at a time, h is used, theta is unchanged.
### BEGIN HIDDEN TESTS
case_theta = np.array([[0.5, -1.5], [2.0, 0.25], [-0.75, 1.0]])
before, most_moved, seen_shapes = case_theta.copy(), [], set()


def watching(point):
    point = np.asarray(point)
    seen_shapes.add(point.shape)
    if point.shape == (3, 2):
        most_moved.append(int(np.sum(np.abs(point - before) > 1e-11)))
    return float(point.ravel()[0] * point.ravel()[-1])


found = numeric_grad(watching, case_theta)
np.testing.assert_allclose(
    case_theta,
    before,
    rtol=1e-12,
    err_msg="theta is not what it was before the call; work on a copy (hint 2)",
)
assert seen_shapes == {(3, 2)}, (
    f"f was called with arrays of shape {seen_shapes}; expected always that of theta, "
    "(3, 2): f needs all entries, the moved one among them."
)
assert max(most_moved) == 1, (
    f"f was called with up to {max(most_moved)} entries away from theta; expected one "
    "at a time. Is each entry put back before the next one moves (hint 1)?"
)
np.testing.assert_allclose(
    found, [[1, 0], [0, 0], [0, 0.5]], rtol=1e-6, atol=1e-8, err_msg="wrong slopes"
)
case_theta = np.array([1.5, -0.5, 2.0])
exact = 5 * case_theta**4
found = numeric_grad(lambda point: float(np.sum(point**5)), case_theta, 0.1)
gap = np.abs(found - exact)
assert np.all(gap > 1e-6), (
    f"With h = 0.1 numeric_grad returned {found.round(6)}, as exact as with a tiny "
    "step; is the argument h used?"
)
assert np.all(gap < 0.11 * case_theta**2 + 1e-3), (
    f"With h = 0.1 numeric_grad returned {found.round(6)}, which is "
    f"{gap.round(4)} away from the slopes; a central difference is closer (hint 3)."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Say how far apart two gradients are
#
# A difference of $10^{-4}$ is nothing between slopes of 1000 and everything between
# slopes of $10^{-5}$. So gradients are compared by their *relative* error. This lesson
# takes the largest gap, measured against the sizes on both sides:
#
# $$\mathrm{rel}(a, b) = \max_i \frac{|a_i - b_i|}{\max(|a_i|,\, |b_i|,\, 10^{-8})}$$
#
# Why $10^{-8}$? A measured slope is itself rounded, by about $10^{-11}$ when the loss
# is near 1. Beside a slope of 1 that is nothing. Beside a slope of $10^{-11}$ it is
# 100 %, though nobody made a mistake. So entries below $10^{-8}$ are compared
# absolutely: their gap is divided by $10^{-8}$, whatever their size. Two zeros give 0.
#
# As a rule of thumb, below $10^{-6}$ two gradients are the same, and above $10^{-2}$
# one of them is wrong. In between, look at which entries differ: all of them, or only
# tiny ones?

# %% [markdown]
# **Your turn (2 points): write `rel_error`.** Variants in use are accepted too, with
# $|a_i| + |b_i|$ below the line, or with the lengths of $a - b$, $a$ and $b$ as vectors
# (`np.linalg.norm`), and any floor up to $10^{-8}$, provided the result is symmetric, 0
# for two zero gradients, and large if **one** entry in hundreds is wrong. An average
# would hide it.
#
# <details><summary>Hint 1: try the awkward pairs</summary>
#
# What does your formula give for $a = b = 0$? For $a = 0$ and $b = 2$? For $a = 2$ and
# $b = 0$? The last two should be equal.
#
# </details>
# <details><summary>Hint 2: a floor for the denominator</summary>
#
# `np.maximum(u, v)` takes the larger of two arrays, entry by entry, and also works with
# a number. With a floor of 1e-8 below the line, 0/0 turns into 0/1e-8.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Let `size` be the larger of the absolute values of `a` and `b`, but at least 1e-8.
# Divide the absolute difference by `size` and return the largest entry as a float.
#
# </details>


# %% nbgrader={"grade_id": "rel_error", "solution": true}
def rel_error(a, b):
    """Return the relative error between two gradients as one number.

    rel_error([1, 4], [1, 5]) is 0.2, and rel_error([0, 0], [0, 0]) is 0. The variants
    named above are accepted too: abs(a) + abs(b) below the line, lengths of vectors,
    a smaller floor.

    Parameters
    ----------
    a, b : ndarray, same shape, or two numbers
        The gradients; left unchanged.

    Returns
    -------
    float
        0 for equal gradients; the same for (b, a) as for (a, b). One wrong entry among
        hundreds shows.
    """
    ### BEGIN SOLUTION
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.maximum(size, 1e-8)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_rel_error_pairs", "grade": true, "points": 0.5}
case_a = np.array([[500.0, -200.0, 30.0], [80.0, 700.0, -90.0]])
found = rel_error(case_a.copy(), 1.001 * case_a)
assert np.ndim(found) == 0 and found is not None, (
    f"rel_error returned {found!r:.60}; a right one returns one number, the largest of "
    "all entries (hint 3)."
)
assert 0.0003 < found < 0.003, (
    f"Every entry is 0.1 % too large, and rel_error returned {found:.6g}; expected "
    "about 0.001. A large value is an absolute error; divide by the size (hint 3)."
)
found = rel_error(np.zeros(3), np.zeros(3))
assert found == 0, (
    f"rel_error of two gradients of zeros returned {found}; expected 0 (hint 2)."
)
case_a, case_b = np.array([1.8, -3.0, 4.0, 1.9]), np.array([2.0, 3.0, 5.0, 2.0])
causes = {
    0.1: "That is the error of the first entry alone; take the largest.",
    0.05: "That is the smallest error of the four; take the largest.",
    0.2: "The second entries differ by twice their size. Is the sign lost?",
}
found = rel_error(case_a, case_b)
text = [text for value, text in causes.items() if np.isclose(found, value)]
assert 0.3 < found < 6, (
    f"rel_error([1.8, -3, 4, 1.9], [2, 3, 5, 2]) returned {found:.6g}; expected about "
    f"2. {text[0] if text else 'See hint 3.'}"
)
found, found_turned = rel_error(0.0, 2.0), rel_error(2.0, 0.0)
assert 0.3 < found < 3 and 0.3 < found_turned < 3, (
    f"rel_error(0, 2) returned {found:.6g} and rel_error(2, 0) {found_turned:.6g}; "
    "expected about 1 for both: measure the gap against both arguments (hint 1)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_rel_error_judges", "grade": true, "points": 1.5}
# Checked when graded: tiny and large gradients, turned signs, one wrong entry of 200.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(52)
case_a = sizes.uniform(1, 2, size=(20, 10)) * np.where(np.arange(10) % 3 == 0, -1, 1)
case_wrong = case_a.copy()
case_wrong[3, 4] *= -1
before = case_wrong.copy()
found = rel_error(case_a, case_wrong)
assert np.ndim(found) == 0 and found > 0.03, (
    f"One of 200 entries has the wrong sign, and rel_error returned {found:.6g}; "
    "expected more than 0.03. Averages hide single mistakes; take the largest."
)
np.testing.assert_array_equal(
    case_wrong, before, err_msg="rel_error changed its second argument"
)
found = rel_error(case_a, case_a.copy())
assert found == 0, f"rel_error of two equal gradients returned {found}; expected 0."
for scale in (1e-4, 1.0, 1e3):
    case_b, before = scale * case_a * 1.002, scale * case_a
    for pair in ((before.copy(), case_b.copy()), (case_b.copy(), before.copy())):
        kept = pair[0].copy()
        found = rel_error(*pair)
        assert 0.0006 < found < 0.006, (
            f"Gradients of size {scale:g}, one of them 0.2 % larger: rel_error "
            f"returned {found:.6g}; expected about 0.002, whatever the size (hint 3)."
        )
        np.testing.assert_array_equal(
            pair[0], kept, err_msg="rel_error changed its first argument"
        )
    found = rel_error(before, -before)
    assert 0.3 < found < 6, (
        f"A gradient of size {scale:g} against its negative: rel_error returned "
        f"{found:.6g}; expected about 2. Is the sign lost before subtracting?"
    )
found = rel_error(np.array([2.0, -5.0]), np.array([2.0, -5.0]) * (1 + 4e-6))
assert 1e-6 < found < 1.2e-5, (
    f"Gradients that differ by 4 in a million: rel_error returned {found:.6g}; expected "
    "about 4e-6. Nearly equal is not equal: measure the gap, however small."
)
case_a, case_b = np.array([0.0, 0.0, 0.0]), np.array([0.0, 0.0, -2.0])
for name, found in {
    "rel_error([0, 0, 0], [0, 0, -2])": rel_error(case_a, case_b),
    "rel_error([0, 0, -2], [0, 0, 0])": rel_error(case_b, case_a),
}.items():
    assert 0.2 < found < 3, (
        f"{name} returned {found:.6g}; expected about 1: zeros on one side or on both "
        "are no excuse for infinities (hint 1)."
    )
found = rel_error(np.array([2.0, -1.0, 4.0]), np.array([4.0, -1.0, 2.0]))
assert 0.15 < found < 1.5, (
    f"rel_error([2, -1, 4], [4, -1, 2]) returned {found:.6g}; expected about 0.5: "
    "entries are compared in pairs, before anything is added up."
)
found = rel_error(np.array([1e-5, -3e-5]), np.array([1.001e-5, -3.003e-5]))
assert 0.0003 < found < 0.003, (
    f"Slopes around 1e-5 that differ by 0.1 %: rel_error returned {found:.6g}; "
    "expected about 0.001. The floor below the line has to be much smaller (hint 2)."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Take the neuron apart
#
# Measuring costs two forward passes for each parameter. A network with a million of
# them needs something better: the chain rule, by hand this once.
#
# The loss is a chain of small steps. Each step has a **local derivative**: how its
# output reacts to its input, whatever happens elsewhere.
#
# | step | local derivative | here |
# |---|---|---|
# | $L = (a - y)^2$ | $\partial L/\partial a = 2(a - y)$ | $2(0.6130 - 1) = -0.7740$ |
# | $a = \sigma(z)$ | $\partial a/\partial z = a(1 - a)$ | $0.6130 \cdot 0.3870 = 0.2372$ |
# | $z = w \cdot x + b$ | $\partial z/\partial w_i = x_i$ | $0.8$ and $1.2$ |
# | | $\partial z/\partial x_i = w_i$ | $0.6$ and $-0.1$ |
# | | $\partial z/\partial b = 1$ | $1$ |
#
# Second row: with $a = (1 + e^{-z})^{-1}$, the derivative is
# $(1 + e^{-z})^{-2}\, e^{-z} = a \cdot \frac{e^{-z}}{1 + e^{-z}} = a\,(1 - a)$.

# %% [markdown]
# The chain rule multiplies the local derivatives on the way from the loss to a
# parameter:
#
# $$\frac{\partial L}{\partial w_i} = \frac{\partial L}{\partial a} \cdot
# \frac{\partial a}{\partial z} \cdot \frac{\partial z}{\partial w_i}
# = 2(a - y) \cdot a(1 - a) \cdot x_i$$
#
# The first two factors are the same for every parameter, so compute them once:
# $\partial L/\partial z = -0.7740 \cdot 0.2372 = -0.1836$. The rest is one product each:
#
# $$\frac{\partial L}{\partial w} = -0.1836 \cdot (0.8,\, 1.2) = (-0.1469,\, -0.2203),
# \qquad \frac{\partial L}{\partial b} = -0.1836 \cdot 1$$
#
# ($\partial L/\partial w$ with $w$ as a whole is the array of the slopes along its
# entries. In code it is called `dw`.)
#
# Those are the slopes that nudging gave. Going from the loss back to the inputs, and
# keeping what is shared, is all that backpropagation is.

# %% [markdown]
# The same as a picture, a **computational graph**: a box for each number, an arrow for
# each step. What arrives at a box from the right is its **upstream gradient**. The next
# cell draws; you need not read it. In the figure, start at $L$ on the right and go back:
# the gradient of a box, times the local derivative on an arrow, is what the box at the
# arrow's beginning gets.


# %%
def draw_graph(ax, boxes, arrows):
    """Draw boxes {name: (x, y, value, gradient)} and arrows (from, to, slope)."""
    for start, end, slope in arrows:
        (x0, y0), (x1, y1) = boxes[start][:2], boxes[end][:2]
        bend = "arc3,rad=-0.13"
        there = {"arrowstyle": "-|>", "color": "0.45", "connectionstyle": bend}
        back = there | {"color": VERMILLION, "ls": "--"}
        room = {"shrinkA": 31, "shrinkB": 31}
        ax.annotate("", (x1, y1), (x0, y0), arrowprops=there | room)
        ax.annotate("", (x0, y0), (x1, y1), arrowprops=back | room)
        at = (0.5 * (x0 + x1), 0.5 * (y0 + y1))
        text = f"{slope:.3g}".replace("-", "−")
        ax.text(*at, text, ha="center", va="center", size=9)
    for name, (px, py, *numbers) in boxes.items():
        ax.plot(px, py, "s", ms=56, mfc="white", mec=BLACK, clip_on=False)
        value, gradient = (f"{number:.3g}".replace("-", "−") for number in numbers)
        line = {"textcoords": "offset points", "ha": "center", "va": "center"}
        ax.annotate(name, (px, py), (0, 15), **line)
        ax.annotate(value, (px, py), (0, 0), c=BLUE, weight="bold", **line)
        ax.annotate(gradient, (px, py), (0, -15), c=VERMILLION, style="italic", **line)
    ax.plot([], [], "s", c=BLUE, label="bold: value")
    ax.plot([], [], "-", c="0.45", label="forward")
    ax.plot([], [], "--", c=VERMILLION, label="italic, backward: gradient of L")
    ax.plot([], [], " ", label="between the arrows: local derivative")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    ax.margins(0.09, 0.2)
    ax.axis("off")


# %%
z = x @ w + b
a = expit(z)
dz = 2 * (a - y) * a * (1 - a)  # the gradient of L with respect to z
boxes = {
    "$x_1$": (0, 4, x[0], dz * w[0]), "$w_1$": (0, 3, w[0], dz * x[0]),
    "$x_2$": (0, 2, x[1], dz * w[1]), "$w_2$": (0, 1, w[1], dz * x[1]),
    "$w_1x_1$": (1.6, 3.5, w[0] * x[0], dz), "$w_2x_2$": (1.6, 1.5, w[1] * x[1], dz),
    "$b$": (1.6, 0.3, b, dz), "$z$": (3.2, 2, z, dz),
    "$a$": (4.8, 2, a, 2 * (a - y)), "$L$": (6.4, 2, (a - y) ** 2, 1),
}  # fmt: skip
arrows = [
    ("$x_1$", "$w_1x_1$", w[0]), ("$w_1$", "$w_1x_1$", x[0]),
    ("$x_2$", "$w_2x_2$", w[1]), ("$w_2$", "$w_2x_2$", x[1]),
    ("$w_1x_1$", "$z$", 1), ("$w_2x_2$", "$z$", 1), ("$b$", "$z$", 1),
    ("$z$", "$a$", a * (1 - a)), ("$a$", "$L$", 2 * (a - y)),
]  # fmt: skip
fig, ax = plt.subplots(figsize=(7.5, 5.6), layout="constrained")
draw_graph(ax, boxes, arrows)
plt.show()

# %% [markdown]
# *Figure:* The neuron as a graph from left to right: two inputs and two weights, their
# two products, the bias, z, a and the loss. L has the gradient 1; a gets −0.774, z gets
# −0.774 times 0.237, which is −0.184; both products and the bias get it unchanged, times
# 1; each weight gets it times its input: −0.147 and −0.220.
#
# Three rules are visible. A sum copies the gradient. A product multiplies it by the
# other factor. A function multiplies it by its slope.

# %% [markdown]
# **Your turn (5 points): write `neuron_grads`**, which returns every local derivative
# and the three gradients. Note that there is no factor $\tfrac12$ in the loss.
#
# | key | meaning | shape |
# |---|---|---|
# | `"dL_da"`, `"da_dz"`, `"dz_db"` | local derivatives of loss, sigmoid, bias | numbers |
# | `"dz_dw"`, `"dz_dx"` | local derivatives of the weighted sum | (D,) |
# | `"dw"`, `"dx"` | gradients $\partial L/\partial w$, $\partial L/\partial x$ | (D,) |
# | `"db"` | gradient $\partial L/\partial b$ | number |
#
# <details><summary>Hint 1: forward first</summary>
#
# The local derivatives need $z$ and $a$. Compute them in the first two lines, then walk
# through the table of this section from its first row to its last.
#
# </details>
# <details><summary>Hint 2: which argument goes where?</summary>
#
# The slope of the sigmoid is written with $a$, not with $z$, and applies the sigmoid
# only once. The slope of $z$ along $w$ is $x$; the slope along $x$ is $w$.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Fill the dictionary with the five local derivatives first. Each of the three gradients
# is then a product of three of its entries: the first two are always those of the loss
# and of the sigmoid.
#
# </details>


# %% nbgrader={"grade_id": "neuron_grads", "solution": true}
def neuron_grads(x, w, b, y):
    """Differentiate the squared error of one sigmoid neuron by the chain rule.

    The loss has no factor 1/2. For x = [0.8, 1.2], w = [0.6, -0.1], b = 0.1 and y = 1,
    "dw" is about [-0.147, -0.220].

    Parameters
    ----------
    x, w : ndarray, shape (D,)
        One example and the weights; left unchanged.
    b, y : float
        Bias and target.

    Returns
    -------
    dict
        The local derivatives "dL_da", "da_dz", "dz_db" (numbers), "dz_dw", "dz_dx"
        (D,), and the gradients of L "dw", "dx" (D,) and "db" (a number). abs(z) is at
        most 15 when graded.
    """
    ### BEGIN SOLUTION
    a = expit(np.dot(w, x) + b)
    slope_loss, slope_sigmoid = 2 * (a - y), a * (1 - a)
    delta = slope_loss * slope_sigmoid
    return {
        "dL_da": slope_loss,
        "da_dz": slope_sigmoid,
        "dz_dw": x,
        "dz_dx": w,
        "dz_db": 1.0,
        "dw": delta * x,
        "dx": delta * w,
        "db": delta,
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_neuron_grads_example", "grade": true, "points": 1}
# With w = (1, -2), x = (2, 0.5) and b = ln 3 - 1 the output a is 3/4; y is 1/2.
case_x, case_w = np.array([2.0, 0.5]), np.array([1.0, -2.0])
case_b = float(np.log(3)) - 1
expected = {
    "dL_da": 0.5, "da_dz": 0.1875, "dz_dw": [2, 0.5], "dz_dx": [1, -2], "dz_db": 1.0,
    "dw": [0.1875, 0.046875], "dx": [0.09375, -0.1875], "db": 0.09375,
}  # fmt: skip
causes = {
    "dL_da": {0.25: "the factor 2 of the square is missing", -0.5: "it is a - y"},
    "da_dz": {
        0.2179: "the sigmoid is applied twice (hint 2)",
        -0.1084: "z is used where a belongs (hint 2)",
        0.5625: "one of the two factors is 1 - a",
        0.75: "this is a itself, not its slope",
    },
    "db": {
        0.0: "the bias does change the loss; its local derivative is 1",
        0.5: "the slope of the sigmoid is missing",
        0.1875: "the slope of the loss is missing",
    },
    "dz_db": {0.0: "z grows by 1 when b does"},
}
along = "the slope of z along w is x, and the slope along x is w (hint 2)"
found = neuron_grads(case_x.copy(), case_w.copy(), case_b, 0.5)
assert isinstance(found, dict) and set(expected) <= set(found), (
    f"neuron_grads returned {found!r:.90}; expected a dict with the keys "
    f"{', '.join(expected)}."
)
for key, value in expected.items():
    assert np.shape(found[key]) == np.shape(value), (
        f"{key} has the shape {np.shape(found[key])}; expected {np.shape(value)}. Is z one "
        "number, the products of x and w added up, plus b? (hint 1)"
    )
    text = "multiply the local derivatives from L back to here (hint 3)"
    if key.startswith("dz_"):
        text = along
    for guess, reason in causes.get(key, {}).items():
        if np.isclose(found[key], guess, atol=1e-4):
            text = reason
    np.testing.assert_allclose(
        found[key], value, rtol=1e-6, atol=1e-9, err_msg=f"{key} is wrong: {text}"
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_neuron_grads_local", "grade": true, "points": 2}
# Checked when graded: the local derivatives for 1, 3 and 7 inputs, inputs unchanged.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(53)
for case_d in (1, 3, 7):
    case_x = sizes.normal(0.4, 1, size=case_d)
    case_w = sizes.normal(-0.3, 1, size=case_d) * (case_d != 7)  # zeros once
    case_b, case_y = float(sizes.normal(0.7)), float(sizes.uniform(-1, 2))
    kept_x, kept_w = case_x.copy(), case_w.copy()
    case_z = sum(u * v for u, v in zip(kept_x, kept_w, strict=True)) + case_b
    activation = 1 / (1 + np.exp(-case_z))
    expected = {
        "dL_da": 2 * (activation - case_y),
        "da_dz": np.exp(-case_z) / (1 + np.exp(-case_z)) ** 2,
        "dz_dw": kept_x,
        "dz_dx": kept_w,
        "dz_db": 1.0,
    }
    found = neuron_grads(case_x, case_w, case_b, case_y)
    for key, value in expected.items():
        assert np.shape(found[key]) == np.shape(value), (
            f"{case_d} inputs: {key} has the shape {np.shape(found[key])}; expected "
            f"{np.shape(value)}."
        )
        np.testing.assert_allclose(
            found[key],
            value,
            rtol=1e-6,
            atol=1e-9,
            err_msg=f"{case_d} inputs, z = {case_z:.3f}: local derivative {key} (hint 2)",
        )
    np.testing.assert_array_equal(case_x, kept_x, err_msg="neuron_grads changed x")
    np.testing.assert_array_equal(case_w, kept_w, err_msg="neuron_grads changed w")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_neuron_grads_measured", "grade": true, "points": 2}
# Checked when graded: dw, dx and db against measured slopes, inputs around 1000.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(54)
for case_d, scale in ((1, 1.0), (3, 1.0), (7, 1.0), (4, 1e3)):
    case_x = scale * sizes.normal(0.4, 0.8, size=case_d)
    case_w = sizes.normal(-0.2, 0.8, size=case_d) / scale
    case_b, case_y = float(sizes.normal(-0.7)), float(sizes.uniform(-1, 2))
    point = np.concatenate([case_x, case_w, [case_b]])
    expected = np.zeros(2 * case_d + 1)
    for place in range(2 * case_d + 1):
        reach = 1e-5 * max(1.0, abs(point[place])) if place < case_d else 1e-5 / scale
        losses_at = []
        for step in (reach, -reach):
            moved = point.copy()
            moved[place] += step
            case_z = np.sum(moved[:case_d] * moved[case_d:-1]) + moved[-1]
            losses_at.append((1 / (1 + np.exp(-case_z)) - case_y) ** 2)
        expected[place] = (losses_at[0] - losses_at[1]) / (2 * reach)
    found = neuron_grads(case_x, case_w, case_b, case_y)
    slices = {"dx": slice(0, case_d), "dw": slice(case_d, -1)}
    for key, part in slices.items():
        np.testing.assert_allclose(
            found[key],
            expected[part],
            rtol=1e-5,
            atol=1e-6 * np.abs(expected[part]).max(),
            err_msg=f"{case_d} inputs: {key} is not the measured slope (hint 3)",
        )
    assert np.ndim(found["db"]) == 0 and np.isclose(
        found["db"], expected[-1], rtol=1e-5
    ), (
        f"{case_d} inputs: db is {found['db']!r:.40}, the measured slope is "
        f"{expected[-1]:.6g}; the local derivative of z along b is 1 (hint 3)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Let the two halves of the lesson meet: derived against measured. A relative error
# below $10^{-6}$ is what you hope to see. `numeric_grad` gets a function of one array,
# so each line fixes everything but one argument.

# %%
derived = neuron_grads(x, w, b, y)
measured = {
    "dw": numeric_grad(lambda w: (expit(x @ w + b) - y) ** 2, w),
    "dx": numeric_grad(lambda x: (expit(x @ w + b) - y) ** 2, x),
}
for key, value in measured.items():
    error = rel_error(derived[key], value)
    print(f"{key}: derived {derived[key].round(6)}, relative error {error:.0e}")

# %% [markdown]
# ## Ask a referee who does algebra
#
# Measured slopes say whether a result is right at *one* point. A program for algebra
# compares formulas. SymPy differentiates the loss by rules of its own and then
# subtracts the formula that you derived: a 0 means equal for all numbers.

# %%
import sympy

symbols = sympy.symbols("x1 x2 w1 w2 b y", real=True)
x1, x2, w1, w2, bias, target = symbols
output = 1 / (1 + sympy.exp(-(w1 * x1 + w2 * x2 + bias)))
squared = (output - target) ** 2
by_hand = 2 * (output - target) * output * (1 - output)
for symbol, factor in [(w1, x1), (w2, x2), (bias, 1)]:
    difference = sympy.simplify(squared.diff(symbol) - by_hand * factor)
    print(f"along {symbol}: difference {difference}")

# %% [markdown]
# `lambdify` turns such a formula into a function of numbers. So it can judge your
# `neuron_grads` too, on neurons that nobody has chosen by hand.

# %%
referee = sympy.lambdify(symbols, [squared.diff(symbol) for symbol in (w1, w2, bias)])
rng = np.random.default_rng(4)
worst = 0.0
for case in rng.normal(size=(200, 6)):
    yours = neuron_grads(case[:2], case[2:4], case[4], case[5])
    both = np.append(yours["dw"], yours["db"]), np.array(referee(*case))
    worst = max(worst, rel_error(*both))
print(f"largest relative error on 200 random neurons: {worst:.0e}")

# %% [markdown]
# ## Add over paths
#
# A number that is used twice reaches the loss on two paths. Nudge it, and each path
# passes its own change on; the changes **add**. Within a path the local derivatives
# multiply, as before:
#
# $$\frac{\partial L}{\partial u} = \frac{\partial L}{\partial p}
# \frac{\partial p}{\partial u} + \frac{\partial L}{\partial q}
# \frac{\partial q}{\partial u}$$
#
# Take $p = 2u$, $q = u + 1$ and $L = p \cdot q$. Going back, the product node hands $q$
# to $p$ and $p$ to $q$. Both arrive at $u$.
#
# **Predict before you run (1 point).** What is $\partial L / \partial u$ at the $u$ of
# the next cell? (In a class your number may differ from your neighbour's; hence
# the comment behind it.)

# %% nbgrader={"grade_id": "used_twice", "locked": true}
u = 3  # yours: integers(2, 10)

# %% nbgrader={"grade_id": "predict_used_twice", "solution": true}
# predict_used_twice = <a number>
### BEGIN SOLUTION
predict_used_twice = 4 * u + 2
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_used_twice", "grade": true, "points": 1}
assert isinstance(predict_used_twice, int | float | np.number), (
    f"predict_used_twice is {predict_used_twice!r:.60}; write a number without quotes, "
    "for example 0.7."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if not abs(predict_used_twice - (4 * u + 2)) < 1e-9:
    print(
        f"You predicted {predict_used_twice}. At u = {u} p is {2 * u} and q is {u + 1}. The "
        f"path through p brings {u + 1} times 2, the path through q brings {2 * u} times 1."
    )
### END HIDDEN TESTS

# %%
p, q = 2 * u, u + 1
boxes = {
    "$u$": (0, 1, u, 2 * q + p), "$p = 2u$": (1.8, 2, p, q),
    "$q = u + 1$": (1.8, 0, q, p), "$L = pq$": (3.6, 1, p * q, 1),
}  # fmt: skip
arrows = [
    ("$u$", "$p = 2u$", 2), ("$u$", "$q = u + 1$", 1),
    ("$p = 2u$", "$L = pq$", q), ("$q = u + 1$", "$L = pq$", p),
]  # fmt: skip
fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
draw_graph(ax, boxes, arrows)
plt.show()

# %% [markdown]
# *Figure:* A diamond. From u one arrow goes up to p = 2u, one down to q = u + 1, and
# both lead on to their product L (with u = 3: 6 times 4 is 24). Backward, p gets 4 and
# q gets 6; on its two arrows u gets 4 times 2 and 6 times 1, together 14.
#
# Check it with school mathematics: $L = 2u(u + 1) = 2u^2 + 2u$ has the slope $4u + 2$.
# A program that *overwrites* the first arrival with the second gets it wrong, and
# nothing gives it away.

# %% [markdown]
# ## Let the computer keep the graph
#
# By hand, this is slow and easy to get wrong. So let every number remember where it
# came from. A `Node` holds a value, a place for its gradient, and its **edges**: pairs
# of a parent (a node it was computed from) and the local derivative along that edge.
#
# | result | its edges |
# |---|---|
# | `u + v` | `(u, 1.0)` and `(v, 1.0)` |
# | `u * v` | `(u, v.value)` and `(v, u.value)` |
# | `u.tanh()` | `(u, 1 - tanh(u.value)²)` |
# | `u.relu()` | `(u, 1.0)` if `u.value > 0`, else `(u, 0.0)` |
#
# Python calls `u.__add__(v)` when it sees `u + v`, and `u.__mul__(v)` for `u * v`. In
# `2.0 * u` the number on the left cannot multiply nodes, so Python asks the right side,
# `u.__rmul__(2.0)`; for `2.0 + u` that is `u.__radd__(2.0)`. Inside an operation, a
# number becomes a node without edges. A single edge is still a tuple of edges, so it
# needs a comma: `((u, 1.0),)`.

# %% [markdown]
# `backward` then needs one rule for the order: **a node may hand its gradient on only
# when all its users have handed theirs to it.** Otherwise it passes on an unfinished
# sum. In the diamond, the product goes first, then `p` and `q`, and `u` last.
#
# One way to such an order: give each node a *level*, 0 for a node without edges and one
# more than the highest of its parents otherwise. Every user then has a higher level
# than what it uses. So collect all nodes that can be reached from the loss, each of them
# once however many paths lead to it, and go through them from the highest level to the
# lowest.
#
# | node | $u$ | 2 | 1 | $p = 2u$ | $q = u + 1$ | $L = p\,q$ |
# |---|---|---|---|---|---|---|
# | level | 0 | 0 | 0 | 1 | 1 | 2 |


# %% nbgrader={"grade_id": "check_chain", "locked": true}
# What a check of `Node` builds its longest graph with.
def added_often(start, term, times):
    for _ in range(times):
        start = start + term
    return start


# %% [markdown]
# **Your turn (8 points): complete `Node`.** Building nodes and `+` are given as a
# pattern; change them if you like. The tests use `Node(value)`, `.value`, `.grad`, `+`
# and `*` with nodes or numbers on either side, `relu()`, `tanh()` and `backward()`. A
# second `backward()` starts from zero for every node it can reach. Graphs may be more
# than a thousand nodes deep, where a function that calls itself once per level meets
# Python's limit.
#
# <details><summary>Hint 1: what do I test first?</summary>
#
# With `u = Node(3.0)` and `v = Node(-2.0)`: after `(u * v).backward()` the gradient of
# `u` is −2 and that of `v` is 3. Then try `u * u`, whose slope is 6, and the diamond.
# Where does the gradient of the node that you call `backward` on come from?
#
# </details>
# <details><summary>Hint 2: collect, reset, walk</summary>
#
# Collect: keep a list of nodes that wait to be looked at, and a set of those found so
# far; while the list is not empty, `pop` a node and put each parent that is new into
# both. Reset: every found node has its gradient set to 0. Then walk in the order of the
# levels; `sorted` takes a `key` function and `reverse=True`.
#
# </details>
# <details><summary>Hint 3: the walk in words</summary>
#
# Set the gradient of `self` to 1. For each node in order, and for each of its edges:
# *add* to the gradient of the parent the slope on the edge times the gradient of the
# node. `__radd__` and `__rmul__` can hand over to `__add__` and `__mul__`: order does
# not matter in sums and products.
#
# </details>


# %% nbgrader={"grade_id": "Node", "solution": true}
class Node:
    """A number that knows what it was computed from.

    Attributes
    ----------
    value : float
    grad : float
        Slope of the node that `backward` was called on, along this one; 0.0 at first.
    edges : tuple of (Node, float)
        What this node was computed from, each with the local derivative.
    level : int
        0 without edges, else one more than the highest level among the parents.
    """

    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        """Return self + other; other is a Node or a number."""
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __radd__(self, number):
        """Return number + self."""
        ### BEGIN SOLUTION
        return self + number
        ### END SOLUTION

    def __mul__(self, other):
        """Return self * other; other is a Node or a number."""
        ### BEGIN SOLUTION
        if not isinstance(other, Node):
            other = Node(other)
        edges = ((self, other.value), (other, self.value))
        return Node(self.value * other.value, edges)
        ### END SOLUTION

    def __rmul__(self, number):
        """Return number * self."""
        ### BEGIN SOLUTION
        return self * number
        ### END SOLUTION

    def relu(self):
        """Return max(0, self); the slope at 0 may be anything from 0 to 1."""
        ### BEGIN SOLUTION
        slope = 1.0 if self.value > 0 else 0.0
        return Node(slope * self.value, ((self, slope),))
        ### END SOLUTION

    def tanh(self):
        """Return tanh(self)."""
        ### BEGIN SOLUTION
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t**2),))
        ### END SOLUTION

    def backward(self):
        """Set grad of every node that self depends on, and of self.

        grad is the slope of self along the node: 1 for self, summed over all paths.
        What earlier calls left in grad does not count.
        """
        ### BEGIN SOLUTION
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: node.level, reverse=True):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_Node_first_steps", "grade": true, "points": 1.5}
case_u, case_v = Node(3.0), Node(-2.0)
assert case_u.value == 3 and case_u.grad == 0, (
    f"Node(3.0) has value {case_u.value} and grad {case_u.grad}; expected 3 and 0."
)
product = case_u * case_v
assert isinstance(product, Node), (
    f"u * v gave {product!r:.60}; an operation returns a new Node with its edges."
)
product.backward()
grads = [float(node.grad) for node in (product, case_u, case_v)]
assert abs(product.value + 6) < 1e-12 and grads[0] == 1, (
    f"3 * -2 has the value {product.value} and, after its backward(), the grad "
    f"{grads[0]}; expected -6, and 1 for the node that backward starts from (hint 1)."
)
assert grads[1:] != [1, 1], (
    "After (u * v).backward() with u = 3 and v = -2 both have the grad 1. Is the 1 set "
    "for every node that is reached? It belongs to the first one alone (hint 3)."
)
assert np.allclose(grads[1:], [-2, 3]), (
    f"After (u * v).backward() with u = 3 and v = -2 the grads are {grads[1:]}; "
    "expected [-2.0, 3.0]: each gets the value of the other (hint 1)."
)
case_u = Node(3.0)
(case_u * case_u).backward()
assert abs(case_u.grad - 6) < 1e-9, (
    f"u * u at u = 3: the grad of u is {case_u.grad}; expected 6. With 3 the second "
    "arrival has overwritten the first: add them (hint 3)."
)
for name, formula in {
    "u + 1.0": lambda n: n + 1.0,
    "u * 2.0": lambda n: n * 2.0,
    "1.0 + u": lambda n: 1.0 + n,
    "2.0 * u": lambda n: 2.0 * n,
}.items():
    try:
        formula(Node(3.0))
    except (TypeError, AttributeError) as problem:
        raise AssertionError(
            f"{name} fails for a node u: {problem}. Numbers are welcome on both sides: "
            "__add__ and __mul__ make nodes of them, __radd__ and __rmul__ hand over."
        ) from None
case_u = Node(2.0)
shared = case_u * case_u
total = shared * shared + shared
total.backward()
grads = [float(node.grad) for node in (shared, case_u)]
assert np.allclose(grads, [9, 36]), (
    f"L = s * s + s with s = u * u and u = 2: the grads of s and u are {grads}; "
    "expected [9.0, 36.0]. s has three users, and may hand its gradient on only when "
    "all three have added to it: check the order (hint 2)."
)
case_u = Node(3.0)
total = 2.0 * case_u * (1.0 + case_u)
total.backward()
assert abs(total.value - 24) < 1e-9 and abs(case_u.grad - 14) < 1e-9, (
    f"The diamond 2u(1 + u) at u = 3 has the value {total.value} and the grad "
    f"{case_u.grad}; expected 24 and 14 (hint 3)."
)
for start_at, expected in ((0.5, [0.5, 1.0]), (-0.5, [0.0, 0.0])):
    case_u = Node(start_at)
    bent = case_u.relu()
    bent.backward()
    assert np.allclose([bent.value, case_u.grad], expected), (
        f"relu at {start_at} has the value {bent.value} and the slope {case_u.grad}; "
        f"expected {expected}."
    )
case_u = Node(0.5)
bent = case_u.tanh()
bent.backward()
assert np.allclose([bent.value, case_u.grad], [0.46211716, 0.78644773]), (
    f"tanh at 0.5 has the value {bent.value} and the slope {case_u.grad}; expected "
    "0.46211716 and 0.78644773 (the table of edges)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_Node_operators", "grade": true, "points": 1.5}
# Checked when graded: numbers on either side, whole numbers, relu and tanh of formulas.
### BEGIN HIDDEN TESTS
for start_at in (0.7, -1.3):
    t = np.tanh(start_at)
    bent = np.tanh(0.5 * start_at - 0.25)
    on = 1.0 if start_at > 0 else 0.0
    formulas = {
        "u.tanh()": (lambda n: n.tanh(), t, 1 - t**2),
        "u + 2.5": (lambda n: n + 2.5, start_at + 2.5, 1),
        "2.5 + u": (lambda n: 2.5 + n, start_at + 2.5, 1),
        "u * -1.5": (lambda n: n * -1.5, -1.5 * start_at, -1.5),
        "-1.5 * u": (lambda n: -1.5 * n, -1.5 * start_at, -1.5),
        "3 * u + 4": (lambda n: 3 * n + 4, 3 * start_at + 4, 3),
        "u.relu() * 3": (lambda n: n.relu() * 3, on * start_at * 3, 3 * on),
        "(u * u).relu()": (lambda n: (n * n).relu(), start_at**2, 2 * start_at),
        "(0.5 * u + -0.25).tanh()": (
            lambda n: (0.5 * n + -0.25).tanh(), bent, 0.5 * (1 - bent**2)
        ),
        "u.tanh() * u": (
            lambda n: n.tanh() * n, t * start_at, t + start_at * (1 - t**2)
        ),
        "u.tanh().tanh()": (
            lambda n: n.tanh().tanh(), np.tanh(t), (1 - np.tanh(t) ** 2) * (1 - t**2)
        ),
    }  # fmt: skip
    for name, (formula, value, slope) in formulas.items():
        case_u = Node(start_at)
        result = formula(case_u)
        result.backward()
        found = [float(result.value), float(case_u.grad)]
        assert np.allclose(found, [value, slope], rtol=1e-9, atol=1e-12), (
            f"{name} at u = {start_at}: value and grad are {found}; expected "
            f"{[float(value), float(slope)]}. Does each operation have its own local "
            "derivative on its edges (hint 1)?"
        )
        assert float(result.grad) == 1, (
            f"{name}: the grad of the result is {result.grad} after its backward(); "
            "expected 1."
        )
        assert float(case_u.value) == start_at, f"{name} changed the value of u."
case_u = Node(0.0)
corner = case_u.relu()
corner.backward()
assert corner.value == 0 and 0 <= case_u.grad <= 1, (
    f"relu at 0 has the value {corner.value} and the slope {case_u.grad}; expected 0 "
    "and anything from 0 to 1."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_Node_paths", "grade": true, "points": 2}
# Checked when graded: nodes used several times, paths of different lengths.
### BEGIN HIDDEN TESTS
case_u, case_v = Node(1.5), Node(-0.5)
short = case_u * case_v
long = short * short + case_u
total = long * short + case_v * 3.0
total.backward()
# total = (uv)**3 + u**2 v + 3v
expected = [3 * 1.5**2 * -0.125 + 2 * 1.5 * -0.5, 3 * 1.5**3 * 0.25 + 1.5**2 + 3]
expected += [3 * 0.75**2 + 1.5, -0.75]
found = [float(node.grad) for node in (case_u, case_v, short, long)]
assert np.allclose(found, expected, rtol=1e-9), (
    f"L = (m * m + u) * m + 3 v with m = u v, u = 1.5, v = -0.5: the grads of u, v, m "
    f"and m * m + u are {np.round(found, 6).tolist()}; expected "
    f"{np.round(expected, 6).tolist()}. Add over all paths (hint 3), and let a node "
    "hand its gradient on only after all its users."
)
case_u = Node(0.4)
first = case_u.tanh()
second = first * first
third = second + first
total = first * third + second * third + case_u
total.backward()
# With t = tanh(u): total = t (t + t**2) + t**2 (t + t**2) + u.
t = np.tanh(0.4)
expected = [(2 * t + 6 * t**2 + 4 * t**3) * (1 - t**2) + 1, 2 * t + 6 * t**2 + 4 * t**3]
expected += [t + (t + t**2) + t**2, t + t**2]
found = [float(node.grad) for node in (case_u, first, second, third)]
assert np.allclose(found, expected, rtol=1e-9), (
    f"Paths of different lengths: the grads are {np.round(found, 6).tolist()}; "
    f"expected {np.round(expected, 6).tolist()}. A node has passed its gradient on "
    "before all its users had added to it; check the order (hint 2)."
)
case_u = Node(1.0)
doubled = case_u
for _ in range(40):
    doubled = doubled + doubled
doubled.backward()
assert abs(case_u.grad / 2.0**40 - 1) < 1e-9, (
    f"u doubled 40 times by n = n + n: the grad of u is {case_u.grad}; expected 2**40. "
    "Go through each node once, not along each path (hint 2)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_Node_again", "grade": true, "points": 1.5}
# Checked when graded: backward a second time, and from another node of the same graph.
### BEGIN HIDDEN TESTS
case_u, case_v = Node(2.0), Node(-3.0)
middle = case_u * case_v
total = middle * middle + case_u
for attempt in ("first", "second", "third"):
    total.backward()
    found = [float(node.grad) for node in (case_u, case_v, middle, total)]
    assert np.allclose(found, [37, -24, -12, 1]), (
        f"After the {attempt} backward() the grads of u, v, u v and L = (u v)**2 + u are "
        f"{found}; expected [37.0, -24.0, -12.0, 1.0] each time: start from zero "
        "for every node, also for those in the middle (hint 2)."
    )
middle.backward()
found = [float(node.grad) for node in (case_u, case_v, middle)]
assert np.allclose(found, [-3, 2, 1]), (
    f"backward() from u v, after one from L: the grads of u, v and u v are {found}; "
    "expected [-3.0, 2.0, 1.0], those of u v alone."
)
total.backward()
found = [float(node.grad) for node in (case_u, case_v, middle, total)]
assert np.allclose(found, [37, -24, -12, 1]), (
    f"backward() from L once more, after one from u v: the grads of u, v, u v and L are "
    f"{found}; expected [37.0, -24.0, -12.0, 1.0]. A grad of 1 does not mean that "
    "backward has nothing left to do."
)
other = 4.0 * case_u
other.backward()
assert abs(case_u.grad - 4) < 1e-12, (
    f"backward() from another formula of u, 4 u: the grad is {case_u.grad}; expected 4."
)
assert [float(node.value) for node in (case_u, case_v, middle)] == [2, -3, -6], (
    "backward() changed the value of a node; it sets gradients only."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_Node_long_chain", "grade": true, "points": 1.5}
# Checked when graded: graphs that are more than a thousand nodes deep.
### BEGIN HIDDEN TESTS
import sys

# Deeper than calls may be nested (1000 in Python, 3000 in some Jupyters).
case_n = min(sys.getrecursionlimit(), 3000) + 50
case_u, case_v = Node(0.001), Node(2.0)
chain = added_often(case_v * 1.0, case_u, case_n)
try:
    chain.backward()
except RecursionError:
    raise AssertionError(
        "A sum of over 1000 terms, one after the other: RecursionError. backward calls "
        "itself once for each node; collect the nodes in a loop (hint 2)."
    ) from None
found = [float(chain.value), float(case_u.grad), float(case_v.grad)]
assert np.allclose(found, [2 + 0.001 * case_n, case_n, 1], rtol=1e-9), (
    f"v + u + u + … with {case_n} u: value and grads of u and v are {found}; expected "
    f"{[2 + 0.001 * case_n, case_n, 1]}."
)
### END HIDDEN TESTS

# %% [markdown]
# Forty lines, and any formula made of these four operations is differentiated. If your
# checks passed, enjoy the moment: PyTorch and TensorFlow do this, with arrays in place
# of numbers. Here is a network with two tanh units and one output, its parameters in one
# list. (`Node` has no minus, so `- 1.0` is written `+ -1.0`.) The two columns should
# agree in all digits shown.


# %%
def network_loss(theta):
    """Return the loss of a 2-2-1 network for nine parameters, numbers or nodes."""
    w11, w12, b1, w21, w22, b2, v1, v2, c = theta
    h1 = (w11 * 0.8 + w12 * 1.2 + b1).tanh()
    h2 = (w21 * 0.8 + w22 * 1.2 + b2).tanh()
    error = v1 * h1 + v2 * h2 + c + -1.0
    return error * error


theta = np.array([0.6, -0.1, 0.1, -0.4, 0.7, 0.2, 0.9, -0.5, 0.3])
parameters = [Node(value) for value in theta]
network_loss(parameters).backward()
measured = numeric_grad(lambda t: network_loss([Node(v) for v in t]).value, theta)
for node, slope in zip(parameters, measured, strict=True):
    print(f"backpropagation {node.grad:9.6f}   measured {slope:9.6f}")

# %% [markdown]
# The right column took 18 forward passes, two for each parameter. The left one took a
# single pass forward and a single one back, whatever the number of parameters. For a
# million weights that is the difference between seconds and weeks. The price is memory:
# every value of the forward pass is kept until the way back has used it.

# %% [markdown]
# ## Let your own object learn
#
# You have all that training takes. The next cell gives `Node` two moons as in lesson 03:
# 30 points, 8 tanh units, a tanh output and targets of −1 and 1. Each round builds the
# graph of the whole loss anew, about 2,500 nodes, calls your `backward()` once and takes
# a step downhill. It takes a few seconds, for it is all done number by number.

# %%
angle, rng = np.linspace(0, np.pi, 15), np.random.default_rng(1)
upper = np.column_stack([np.cos(angle), np.sin(angle)])
points = np.vstack([upper, [1, 0.5] - upper]) + rng.normal(0, 0.1, size=(30, 2))
targets = np.repeat([-1.0, 1.0], 15)
units = [[Node(v) for v in rng.normal(size=3)] for _ in range(8)]
top = [Node(v) for v in rng.normal(size=9)]


def moon_output(x1, x2):
    """Return the network's output for one point, as a node."""
    hidden = [(w1 * x1 + w2 * x2 + bias).tanh() for w1, w2, bias in units]
    return sum((v * h for v, h in zip(top, hidden, strict=False)), top[-1]).tanh()


history = []
for _ in range(120):
    total = Node(0.0)
    for (x1, x2), target in zip(points, targets, strict=True):
        error = moon_output(x1, x2) + -target
        total = total + error * error * (1 / len(points))
    total.backward()
    for parameter in [*top, *(v for unit in units for v in unit)]:
        parameter.value = parameter.value - 0.6 * parameter.grad
    history.append(total.value)
print(f"loss {history[0]:.3f} before, {history[-1]:.3f} after")

# %%
side = np.linspace(-1.6, 2.6, 40), np.linspace(-1.2, 1.7, 30)
surface = [[moon_output(x1, x2).value for x1 in side[0]] for x2 in side[1]]
fig, axes = plt.subplots(1, 2, figsize=(8.5, 3.6), layout="constrained")
axes[0].plot(history, c=BLUE)
axes[0].set(xlabel="step", ylabel="mean squared error", ylim=(0, None))
axes[1].contourf(*side, surface, levels=[-1, 0, 1], colors=["#cfe3f1", "#f7d9c4"])
axes[1].contour(*side, surface, levels=[0], colors=BLACK)
for side_of, marker, colour in [(-1, "o", BLUE), (1, "^", VERMILLION)]:
    chosen = points[targets == side_of]
    axes[1].plot(*chosen.T, marker, c=colour, label=f"target {side_of}")
axes[1].set(xlabel="$x_1$", ylabel="$x_2$", title="decision boundary of your network")
axes[1].legend(loc="upper left")
plt.show()

# %% [markdown]
# *Figure:* Left, the mean squared error over 120 steps, falling from above 1 towards 0.
# Right, the thirty points of two interlocking moons and the curved line on which the
# network's output is 0, its **decision boundary**: it runs between the moons.
#
# Nobody told these 33 numbers what a moon is. They only ever followed the gradients
# that your `backward()` handed them.

# %% [markdown]
# And this is the graph of one neuron as your own object keeps it: boxes, local
# derivatives and gradients are read from the nodes.

# %%
weight, shift = Node(0.5), Node(-0.2)
product = weight * 2.0
score = product + shift
output = score.tanh()
off = output + -1.0
loss = off * off
loss.backward()
mine = {
    "$w$": weight, "$b$": shift, "$2w$": product, "$z$": score,
    r"$\tanh z$": output, "error": off, "$L$": loss,
}  # fmt: skip
places = [(0, 1.6), (1.6, 0.2), (1.6, 1.6), (3.2, 1), (4.8, 1), (6.4, 1), (8, 1)]
boxes = {
    name: (*place, node.value, node.grad)
    for (name, node), place in zip(mine.items(), places, strict=True)
}
names = {id(node): name for name, node in mine.items()}
arrows = [
    (names[id(parent)], name, slope)
    for name, node in mine.items()
    for parent, slope in getattr(node, "edges", ())
    if id(parent) in names
]
fig, ax = plt.subplots(figsize=(9, 3.6), layout="constrained")
draw_graph(ax, boxes, arrows)
plt.show()

# %% [markdown]
# *Figure:* Seven boxes from left to right, w, 2w, the bias b, z, its tanh, the error
# and L, with the values and gradients of your own nodes. The error is used twice by
# its square, so two arrows with the same local derivative, −0.336, lie on each other,
# and both count: together −0.672.

# %% [markdown]
# **Explain it (no points).** A friend knows the chain rule, has a network of a million
# weights, and wants to nudge each of them to find its slope. In four or five sentences:
# what does going backwards save, what has to be kept for it, and why do gradients add
# where a number was used twice? The solution of this lesson has a model answer.

# %% [markdown] nbgrader={"grade_id": "explain_backward", "grade": true, "solution": true, "points": 0}
# **Your answer**
#
# ### BEGIN SOLUTION
# Nudging takes two forward passes for each weight: two million passes for one gradient.
# Going backwards takes one pass forward and one back, whatever the number of weights,
# because everything that lies between a layer and the loss is the same for all its
# weights and is computed once. For that, the values of the forward pass have to be kept:
# each local derivative needs the numbers at which it is taken. A number that was used
# twice changes the loss along both paths when it is nudged; small changes along two
# paths add up, and so do their slopes.
# ### END SOLUTION

# %% [markdown]
# ## Keep gradient and step apart
#
# Take a loss of one weight, $L = (w - 1.5)^2$, as nodes, and make one step downhill
# (once more, `+ -1.5` stands for a minus):
#
# ```python
# weight = Node(0.5)
# loss = (weight + -1.5) * (weight + -1.5)
# loss.backward()
# weight.value = weight.value - 0.1 * weight.grad
# ```
#
# After the third line `loss.value` is 1.0 and `weight.grad` is −2.0.
#
# **Predict before you run (1 point).** What do the three numbers say after the fourth?
#
# | | `weight.value` | `loss.value` | `weight.grad` |
# |---|---|---|---|
# | **a** | 0.7 | 0.64 | −1.6 |
# | **b** | 0.7 | 1.0 | −2.0 |
# | **c** | 0.7 | 1.0 | 0.0 |
# | **d** | 0.9 | 0.36 | −1.2 |

# %% nbgrader={"grade_id": "predict_after_backward", "solution": true}
# predict_after_backward = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_after_backward = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_after_backward", "grade": true, "points": 1}
letter = str(predict_after_backward).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_after_backward is {predict_after_backward!r:.60}; write one of the "
    'letters "a", "b", "c" and "d", in quotes.'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "b":
    print(
        f"You chose {letter!r}. backward() has moved no weight; the fourth line has, and it "
        "changes nothing else. A new loss takes a new forward pass, and a new slope a new "
        "backward()."
    )
### END HIDDEN TESTS

# %%
weight = Node(0.5)
for moment in ("first", "second"):
    loss = (weight + -1.5) * (weight + -1.5)  # a new forward pass, new nodes
    loss.backward()
    weight.value = weight.value - 0.1 * weight.grad
    print(f"after the {moment} step: weight {weight.value:.2f}, ", end="")
    print(f"loss {loss.value:.2f}, slope {weight.grad:.2f}")

# %% [markdown]
# Forward, backward and step are three jobs here too, and each round needs all three.
# In the printed lines, loss and slope lag behind: they belong to the weight before the
# step.

# %% [markdown]
# Backpropagation hands over a slope. What to do with it is another decision. The neuron
# from the top of this lesson now has the target 0.25, so its output should fall. A step
# with the learning rate $\eta$ takes $\eta\, \partial L/\partial z \cdot x_i$ from each
# weight and $\eta\, \partial L/\partial z$ from the bias. So $z$ falls by $\eta\,
# \partial L/\partial z \cdot (x_1^2 + x_2^2 + 1)$.
#
# The figure takes such steps, for $\eta$ from 0 to 12. The dashed line is all that the
# gradient knows: how the loss *starts* to fall. Which of the three marked steps would
# you take?

# %%
target = 0.25
slope_z = 2 * (a - target) * a * (1 - a)  # how L reacts to z, at the start
steepness = x @ x + 1  # z falls by rate * slope_z * steepness
rates = np.linspace(0, 12, 200)


def loss_after(rate):
    return (expit(z - rate * slope_z * steepness) - target) ** 2


def draw_steps(ax, marked):
    """Draw the loss after one step against its learning rate, and mark some rates."""
    ax.plot(rates, loss_after(rates), c=BLUE, label="loss after the step")
    line = loss_after(0) - slope_z**2 * steepness * rates
    shown = line > 0
    ax.plot(rates[shown], line[shown], "--", c=VERMILLION, label="what the slope says")
    for rate, marker in zip(marked, "os^", strict=False):
        ax.plot(rate, loss_after(rate), marker, c=BLACK, label=f"η = {rate:g}")
    ax.set(xlabel="learning rate η", ylabel="loss L")
    ax.legend()


fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
draw_steps(ax, [0.5, 3, 9])
plt.show()

# %% [markdown]
# *Figure:* Loss after one step against the learning rate. The solid curve falls from
# 0.13 to 0 near η = 3 and rises again to 0.06. The dashed line touches it at η = 0 and
# falls straight down to 0 near η = 1.4. Markers show a short step with η = 0.5 (loss
# 0.09), one with η = 3 (almost 0) and one with η = 9 that goes too far (0.06).
#
# One gradient, three steps: the choice of η is not in it. In a running notebook, find
# with the slider the η that ends nearest to 0.

# %%
picture = Image(format="png")


@interact(rate=(0.0, 12.0, 0.25))
def take_a_step(rate=1.0):
    """Redraw the picture for where the slider is."""
    fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
    draw_steps(ax, [rate])
    ax.set_title(f"loss {loss_after(rate):.4f} after the step")
    fig.savefig(png := BytesIO())
    plt.close(fig)
    picture.value = png.getvalue()


picture

# %% [markdown]
# Gradients serve other ends too. `dx` of `neuron_grads` says which *input* the output
# depends on most, with no weight changed at all.

# %% [markdown]
# ## Go back through a layer
#
# A network works on arrays, so its gradients are arrays. Take the slope of the loss
# along every entry of $Z$ and put it in the place of that entry. The result is written
# $\partial L / \partial Z$, or $dZ$ for short, and is shaped like $Z$; in the same way
# $dX$, $dW$ and $db$. $dZ_{nk}$ is the slope along $Z_{nk}$. For the layer
#
# $$Z_{nk} = \sum_d X_{nd} W_{dk} + b_k \qquad X\,(N, D),\; W\,(D, K),\; b\,(K,)$$
#
# ask of each number where it is used, and add over those uses:
#
# - $W_{dk}$ is used for every example $n$, with slope $X_{nd}$:
#   $\;dW_{dk} = \sum_n X_{nd}\, dZ_{nk}$
# - $X_{nd}$ is used for every output $k$, with slope $W_{dk}$:
#   $\;dX_{nd} = \sum_k dZ_{nk} W_{dk}$
# - $b_k$ is used for every example $n$, with slope 1: $\;db_k = \sum_n dZ_{nk}$
#
# Each is "add over paths". (The table of the slopes of all a layer's outputs along all
# its inputs is called the **Jacobian**. Nobody has to write it down: going backwards
# needs only sums like these.) Here they are for two examples, three inputs and two
# outputs:
#
# $$X = \begin{pmatrix} 1 & 0 & 2 \\ 3 & 1 & 0 \end{pmatrix} \quad
# W = \begin{pmatrix} 1 & -1 \\ 2 & 0 \\ 0 & 1 \end{pmatrix} \quad
# dZ = \begin{pmatrix} 1 & -2 \\ 0.5 & 3 \end{pmatrix}$$
#
# $W_{11}$ meets the input 1 in the first example and 3 in the second:
# $dW_{11} = 1 \cdot 1 + 3 \cdot 0.5 = 2.5$. $X_{11}$ goes into both outputs:
# $dX_{11} = 1 \cdot 1 + (-2) \cdot (-1) = 3$. $b_1$ is used by both examples:
# $db_1 = 1 + 0.5$. Fill in a few of the others with a pencil:
#
# $$dX = \begin{pmatrix} 3 & 2 & -2 \\ -2.5 & 1 & 3 \end{pmatrix} \quad
# dW = \begin{pmatrix} 2.5 & 7 \\ 0.5 & 3 \\ 2 & -4 \end{pmatrix} \quad
# db = (1.5,\; 1)$$
#
# A sum over a shared index is a matrix product. Which two matrices, in which order, and
# which of them transposed? The shapes leave one way for each. To write such sums as
# products of whole arrays is called **vectorisation**.

# %% [markdown]
# One question is left: where is the $1/N$ of the average loss? It enters once, at the
# loss, and is already contained in $dZ$. A layer adds up and does not divide again. It
# is a common mistake to take the *mean* over the examples for the biases, next to a
# correct $dW$: the biases then learn $N$ times too slowly, and nothing crashes.
#
# **Your turn (5 points): write `affine_backward`.** Shapes are a good guide: every
# gradient is shaped like what it belongs to.
#
# <details><summary>Hint 1: let the shapes decide</summary>
#
# `dZ` is (N, K), `X` is (N, D), and `dW` has to be (D, K). In which order, and with
# which one transposed, do they fit? Do the same for `dX`, which is (N, D).
#
# </details>
# <details><summary>Hint 2: the sum for the bias</summary>
#
# `db` adds up the examples. They are the rows of `dZ`, so the axis that disappears is
# the first.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Two matrix products with `@`, each with one `.T`, and one `sum` with `axis=0`. Return
# the three in the order dX, dW, db.
#
# </details>


# %% nbgrader={"grade_id": "affine_backward", "solution": true}
def affine_backward(dZ, X, W):
    """Take the gradient back through the layer Z = X W + b.

    The numbers of the worked example above are right for it. A factor 1/N of the loss
    is in dZ already.

    Parameters
    ----------
    dZ : ndarray, shape (N, K)
        Gradient of the loss with respect to the outputs Z.
    X : ndarray, shape (N, D)
        Inputs of the layer.
    W : ndarray, shape (D, K)
        Weights of the layer. All three arguments are left unchanged.

    Returns
    -------
    dX : ndarray, shape (N, D)
    dW : ndarray, shape (D, K)
    db : ndarray, shape (K,) or (1, K)
    """
    ### BEGIN SOLUTION
    return dZ @ W.T, X.T @ dZ, np.sum(dZ, axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_affine_backward_example", "grade": true, "points": 1}
case_dz = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 4.0]])
case_x = np.array([[2.0, 0.0, 1.0, -1.0], [1.0, 3.0, 0.0, 2.0], [0.0, -2.0, 5.0, 1.0]])
case_w = np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, 1.0], [4.0, -1.0]])
expected = {
    "dX": np.array([[-3, -4, -2, 6], [6.5, 0, 3, -1], [7, 5, 4, -8.0]]),
    "dW": np.array([[2.5, -1], [3.5, 1], [-4, 18], [-1, 12.0]]),
    "db": np.array([0.5, 5.0]),
}
found = affine_backward(case_dz.copy(), case_x.copy(), case_w.copy())
assert isinstance(found, tuple | list) and len(found) == 3, (
    f"affine_backward returned {found!r:.60}; expected three arrays: dX, dW, db."
)
found_by_name = dict(zip(expected, map(np.asarray, found), strict=True))
found_shapes = {name: value.shape for name, value in found_by_name.items()}
assert found_shapes["dX"] == (3, 4) and found_shapes["dW"] == (4, 2), (
    f"N = 3, D = 4, K = 2: the shapes are {found_shapes}; expected dX (3, 4), dW (4, 2) "
    "and db (2,): each is shaped like what it belongs to (hint 1)."
)
assert found_shapes["db"] in ((2,), (1, 2)), (
    f"db has the shape {found_shapes['db']}; expected (2,), one number for each output: "
    "the examples are added up (hint 2)."
)
ratios = {1 / 3: "a mean over the examples; add them up", 3: "N times too large"}
ratios |= {-1: "the sign is turned", 1 / 2: "divided by the number of outputs"}
causes = {}
for name, value in expected.items():
    found_here = found_by_name[name].reshape(value.shape)
    if not np.allclose(found_here, value, rtol=1e-9, atol=1e-12):
        causes[name] = "which sum belongs to it (hint 1)?"
        for ratio, reason in ratios.items():
            if np.allclose(found_here, ratio * value):
                causes[name] = reason
for name in causes:
    summary = "; ".join(f"{which} is wrong: {text}" for which, text in causes.items())
    np.testing.assert_allclose(
        found_by_name[name].reshape(expected[name].shape),
        expected[name],
        rtol=1e-9,
        atol=1e-12,
        err_msg=summary,
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_affine_backward_measured", "grade": true, "points": 2}
# Checked when graded: all three against measured slopes, one example and seven.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(55)
for case_n, case_d, case_k in ((7, 4, 3), (1, 3, 5), (4, 6, 1), (5, 1, 2), (1, 3, 5)):
    arrays = {
        "dX": sizes.normal(0.5, 1, size=(case_n, case_d)),
        "dW": sizes.normal(-0.4, 1, size=(case_d, case_k)) * (case_k > 1),  # or zeros
        "db": sizes.normal(0.8, 1, size=case_k),
    }
    upstream = sizes.normal(0.3, 2, size=(case_n, case_k))
    expected = {name: np.zeros(array.shape) for name, array in arrays.items()}
    for name, array in arrays.items():
        for index in np.ndindex(array.shape):
            for step in (1e-5, -1e-5):
                moved = {key: value.copy() for key, value in arrays.items()}
                moved[name][index] += step
                outputs = moved["dX"] @ moved["dW"] + moved["db"]
                expected[name][index] += np.sum(outputs * upstream) / (2 * step)
    kept = [upstream.copy(), arrays["dX"].copy(), arrays["dW"].copy()]
    found = affine_backward(upstream, arrays["dX"], arrays["dW"])
    found = dict(zip(expected, map(np.asarray, found), strict=True))
    for name, value in expected.items():
        same_shape = found[name].shape == value.shape
        assert same_shape or (name == "db" and found[name].shape == (1, case_k)), (
            f"N = {case_n}, D = {case_d}, K = {case_k}: {name} has the shape "
            f"{found[name].shape}; expected {value.shape} (hint 1)."
        )
        np.testing.assert_allclose(
            found[name].reshape(value.shape),
            value,
            rtol=1e-6,
            atol=1e-7,
            err_msg=f"N = {case_n}, D = {case_d}, K = {case_k}: {name} is not the "
            "measured slope; add over every use of a number (hint 3)",
        )
    for before, after in zip(kept, [upstream, arrays["dX"], arrays["dW"]], strict=True):
        np.testing.assert_array_equal(
            after, before, err_msg="affine_backward changed one of its arguments"
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_affine_backward_sums", "grade": true, "points": 2}
# Checked when graded: a batch given twice, inputs around 1000.
### BEGIN HIDDEN TESTS
case_dz = np.array([[0.3, -1.1, 0.7], [2.0, 0.4, -0.6]])
case_x = np.array([[1200.0, -0.5], [-900.0, 2.5]])
case_w = np.array([[0.001, 0.4, -0.3], [-2.0, 0.25, 1.5]])
expected_dx = [[-0.6497, 0.175], [0.342, -4.8]]
expected_dw = [[-1440, -1680, 1380], [4.85, 1.55, -1.85]]
found_dx, found_dw, found_db = affine_backward(case_dz, case_x, case_w)
for name, value, right in (
    ("dX", found_dx, expected_dx),
    ("dW", found_dw, expected_dw),
    ("db", np.ravel(found_db), [2.3, -0.7, 0.1]),
):
    np.testing.assert_allclose(
        value, right, rtol=1e-9, atol=1e-9, err_msg=f"inputs around 1000: {name}"
    )
twice_dx, twice_dw, twice_db = affine_backward(
    np.vstack([case_dz, case_dz]), np.vstack([case_x, case_x]), case_w
)
for name, value, right in (
    ("dX", twice_dx, expected_dx * 2),
    ("dW", twice_dw, 2 * np.array(expected_dw)),
    ("db", np.ravel(twice_db), [4.6, -1.4, 0.2]),
):
    np.testing.assert_allclose(
        value,
        right,
        rtol=1e-9,
        atol=1e-9,
        err_msg=f"the same examples twice, {name}: sums double, means do not",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Go back through ReLU
#
# $A = \max(0, Z)$ works on each number alone, so its backward pass does too. Where
# $Z > 0$ the slope is 1 and the gradient passes; where $Z < 0$ it is 0 and nothing
# does. At 0 anything between is accepted. What decides is $Z$, from *before* the
# activation; how large or negative the arriving gradient is does not matter.
#
# **Your turn (2 points): write `relu_backward`.**
#
# <details><summary>Hint 1: two arrays, two roles</summary>
#
# One of the arguments is looked at, the other is handed on. Which is which?
#
# </details>
# <details><summary>Hint 2: a comparison as a factor</summary>
#
# `Z > 0` is an array of `True` and `False`; in a product they count as 1 and 0. Make a
# new array: the caller still needs `dA`.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Return `dA` times the array that says where `Z` is positive.
#
# </details>


# %% nbgrader={"grade_id": "relu_backward", "solution": true}
def relu_backward(dA, Z):
    """Take the gradient back through A = max(0, Z).

    For dA = [5, -6, 7] and Z = [1, 2, -3] the result is [5, -6, 0]. Where Z is 0, dA
    times anything from 0 to 1 will do.

    Parameters
    ----------
    dA : ndarray of any shape
        Gradient of the loss with respect to A; left unchanged.
    Z : ndarray, shaped like dA
        What ReLU was applied to; left unchanged.

    Returns
    -------
    dZ : ndarray of floats, shaped like Z
    """
    ### BEGIN SOLUTION
    return dA * (Z > 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_relu_backward_example", "grade": true, "points": 0.5}
case_z = np.array([[2.0, -1.0, 0.4], [-3.0, 0.7, 5.0]])
case_da = np.array([[0.5, 3.0, -2.0], [-0.6, -1.5, 0.25]])
expected = np.array([[0.5, 0.0, -2.0], [0.0, -1.5, 0.25]])
suspects = {
    "the gradient that arrives is missing; this is the slope alone": expected != 0,
    "dA is looked at instead of Z (hint 1)": [[0.5, 3.0, -0.0], [-0.0, -0.0, 0.25]],
    "everything passes: the output of ReLU is never below 0, look at Z": case_da,
    "this is Z where dA is positive; the roles are exchanged": [
        [2.0, -1.0, 0.0],
        [-0.0, 0.0, 5.0],
    ],
    "the gradient is blocked where Z is positive": [
        [0.0, 3.0, -0.0],
        [-0.6, -0.0, 0.0],
    ],
    "the value of ReLU was used as its slope": [[1.0, 0.0, -0.8], [-0.0, -1.05, 1.25]],
    "the gradient is made positive": [[0.5, 0.0, 2.0], [0.0, 1.5, 0.25]],
}
kept_z, kept_da = case_z.copy(), case_da.copy()
found = relu_backward(case_da, case_z)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"relu_backward returned {found!r:.60}; expected an array of shape (2, 3)."
)
why = [text for text, v in suspects.items() if np.allclose(found, v)]
np.testing.assert_allclose(
    found, expected, rtol=1e-9, atol=1e-12, err_msg=why[0] if why else "see hint 3"
)
np.testing.assert_array_equal(case_da, kept_da, err_msg="relu_backward changed dA")
np.testing.assert_array_equal(case_z, kept_z, err_msg="relu_backward changed Z")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_relu_backward_all", "grade": true, "points": 1.5}
# Checked when graded: other shapes, tiny and large Z, zeros, arguments unchanged.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(56)
cases = {
    "shape (1, 5)": (sizes.normal(0.2, 1, (1, 5)), sizes.normal(-0.5, 2, (1, 5))),
    "shape (7, 4)": (sizes.normal(-0.3, 1, (7, 4)), sizes.normal(1, 2, (7, 4))),
    "shape (2, 3, 4)": (sizes.normal(0, 1, (2, 3, 4)), sizes.normal(0, 2, (2, 3, 4))),
    "tiny and large": (
        np.array([[1e-7, -1e-7, 1e3, -1e3], [0.3, -0.3, 0.9, -40.0]]),
        np.array([[-1e3, 1e3, 0.02, -5.0], [7.0, -8.0, 0.0, 1e-6]]),
    ),
}
for name, (case_z, case_da) in cases.items():
    kept_z, kept_da = case_z.copy(), case_da.copy()
    expected = np.zeros(kept_z.shape)
    for index in np.ndindex(kept_z.shape):
        if kept_z[index] > 0:
            expected[index] = kept_da[index]
    found = relu_backward(case_da, case_z)
    assert isinstance(found, np.ndarray) and found.shape == kept_z.shape, (
        f"{name}: relu_backward returned {found!r:.60}; expected an array of the shape "
        f"{kept_z.shape}."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=1e-9,
        atol=1e-12,
        err_msg=f"{name}: dA passes where Z is positive, also a tiny Z (hint 3)",
    )
    np.testing.assert_array_equal(case_da, kept_da, err_msg=f"{name}: dA was changed")
    np.testing.assert_array_equal(case_z, kept_z, err_msg=f"{name}: Z was changed")
found = relu_backward(np.array([[4.0, -3.0, 2.0]]), np.array([[0.0, 0.0, 1.0]]))
assert np.shape(found) == (1, 3) and 0 <= found[0, 0] <= 4 and -3 <= found[0, 1] <= 0, (
    f"Z = 0 twice with dA = 4 and -3: relu_backward returned {found!r:.60}; expected "
    "dA times a slope from 0 to 1."
)
found = relu_backward(np.array([[4, -3, 2]]), np.array([[5, -1, 7]]))
np.testing.assert_allclose(found, [[4, 0, 2]], err_msg="arrays of whole numbers")
### END HIDDEN TESTS

# %% [markdown]
# ## Start at the loss: softmax and cross-entropy
#
# For classes, the first backward step starts at the logits $z_1 \dots z_C$. Softmax
# gives $p_j = e^{z_j} / \sum_k e^{z_k}$, and an example of class $y$ costs
# $-\ln p_y$. Put together, the logarithm undoes the exponential on top:
#
# $$\ell = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}} = -z_y + \ln \sum_k e^{z_k}$$
#
# Differentiate along $z_j$. The first term gives −1 if $j = y$ and 0 otherwise. The
# second, by the chain rule, gives $e^{z_j} / \sum_k e^{z_k}$, which is $p_j$ again:
#
# $$\frac{\partial \ell}{\partial z_j} = p_j - [\,j = y\,], \qquad
# [\,j = y\,] = 1 \text{ for the true class, else } 0$$
#
# Prediction minus truth, as for log loss in lesson 03. For all classes at once, the
# truth $[\,j = y\,]$ is a row of zeros with a 1 at the true class: the *one-hot* row of
# lesson 00. The loss of a batch is the average, so each row is divided by $N$. This is
# where the $1/N$ comes in.

# %% [markdown]
# **Your turn (4 points): write `softmax_ce_backward`**, from logits straight to their
# gradient. It has to stay right for logits of ±1000, and when one row lies around 0 and
# another around 2000.
#
# <details><summary>Hint 1: check your result without the solution</summary>
#
# In each row the entries add up to 0, and only the entry of the true class is negative.
# What does that say about the sign of $p - [j = y]$?
#
# </details>
# <details><summary>Hint 2: a stable softmax, row by row</summary>
#
# Subtract from each row its own maximum (`axis=1, keepdims=True`) before `np.exp`, and
# divide by the row's own sum. The difference is a new array of floats, so the caller's
# logits stay as they are.
#
# </details>
# <details><summary>Hint 3: one entry in each row</summary>
#
# `P[np.arange(N), y]` are the N entries of the true classes, one per row; subtract 1
# from each. Then divide everything by N.
#
# </details>


# %% nbgrader={"grade_id": "softmax_ce_backward", "solution": true}
def softmax_ce_backward(logits, y):
    """Return the gradient of the mean cross-entropy with respect to the logits.

    For logits [[0, 0], [ln 3, 0]] and y = [0, 1] the result is
    [[-0.25, 0.25], [0.375, -0.375]]. No overflow or NaN for logits of several thousand.

    Parameters
    ----------
    logits : ndarray, shape (N, C), int or float
        One example per row; left unchanged.
    y : ndarray of int, shape (N,)
        True classes, 0 to C - 1; left unchanged.

    Returns
    -------
    dlogits : ndarray of floats, shape (N, C)
    """
    ### BEGIN SOLUTION
    P = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    P /= np.sum(P, axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_softmax_ce_backward_example", "grade": true, "points": 1}
# Rows of logarithms: the probabilities are (1, 2, 5) / 8 and (6, 3, 1) / 10.
case_logits = np.log(np.array([[1.0, 2.0, 5.0], [6.0, 3.0, 1.0]]))
case_y = np.array([2, 1])
kept = case_logits.copy()
expected = np.array([[0.0625, 0.125, -0.1875], [0.3, -0.35, 0.05]])
shares = np.array([[0.125, 0.25, 0.625], [0.6, 0.3, 0.1]])
suspects = {
    "not divided by N": [[0.125, 0.25, -0.375], [0.6, -0.7, 0.1]],
    "the sign is turned: prediction minus truth": -expected,
    "the sign is turned, and it is not divided by N": [
        [-0.125, -0.25, 0.375],
        [-0.6, 0.7, -0.1],
    ],
    "divided by N times C": [
        [0.0208333, 0.0416667, -0.0625],
        [0.1, -0.116667, 0.0166667],
    ],
    "divided by C instead of N": [
        [0.0416667, 0.0833333, -0.125],
        [0.2, -0.233333, 0.0333333],
    ],
    "these are the probabilities; subtract the one-hot truth": [
        [0.0625, 0.125, 0.3125],
        [0.3, 0.15, 0.05],
    ],
    "these are the probabilities; subtract the one-hot truth and divide": shares,
    "1 is taken from whole columns; in each row it is one entry (hint 3)": (
        (shares - [0, 1, 1]) / 2
    ),
    "softmax is missing": [[0.0, 0.346574, -0.195281], [0.89588, -0.450694, 0.0]],
    "the columns of softmax add up to 1, not the rows": [
        [0.0714286, 0.2, -0.0833333],
        [0.428571, -0.2, 0.0833333],
    ],
}
found = softmax_ce_backward(case_logits, case_y.copy())
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"softmax_ce_backward returned {found!r:.60} for logits of shape (2, 3); expected "
    "an array of that shape."
)
why = [text for text, v in suspects.items() if np.allclose(found, v)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 3"
)
np.testing.assert_array_equal(
    case_logits, kept, err_msg="softmax_ce_backward changed the logits (hint 2)"
)
found = softmax_ce_backward(np.array([[1000.0, 1001.0]]), np.array([1]))
assert np.all(np.isfinite(found)), (
    f"Logits 1000 and 1001 give {found!r:.60}; expected about [[0.269, -0.269]]: "
    "subtract the maximum of the row first (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_softmax_ce_backward_measured", "grade": true, "points": 1.5}
# Checked when graded: against measured slopes, other N and C, ints, unchanged inputs.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(57)
cases = {
    "N = 7, C = 4": (
        sizes.normal(0.5, 2, size=(7, 4)),
        np.array([3, 0, 1, 1, 2, 0, 3]),
    ),
    "N = 1, C = 5": (sizes.normal(-1, 1, size=(1, 5)), np.array([2])),
    "N = 4, C = 2": (sizes.normal(0, 3, size=(4, 2)), np.array([0, 0, 0, 0])),
    "whole numbers": (np.array([[2, -1, 0], [3, 1, -2]]), np.array([1, 0])),
    "logits that add up to 1": (
        np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [2.0, -0.5, -0.5]]),
        np.array([0, 2, 1]),
    ),
}
for name, (case_logits, case_y) in cases.items():
    kept, kept_y = case_logits.copy(), case_y.copy()
    expected = np.zeros(kept.shape)
    for index in np.ndindex(kept.shape):
        for step in (1e-5, -1e-5):
            moved = kept.astype(float)
            moved[index] += step
            rows = np.log(np.sum(np.exp(moved), axis=1))
            losses = rows - moved[np.arange(len(kept_y)), kept_y]
            expected[index] += np.mean(losses) / (2 * step)
    found = softmax_ce_backward(case_logits, case_y)
    assert isinstance(found, np.ndarray) and found.shape == kept.shape, (
        f"{name}: softmax_ce_backward returned {found!r:.60}; expected an array of the "
        f"shape {kept.shape}."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=1e-6,
        atol=1e-8,
        err_msg=f"{name}: not the measured slopes of the mean loss (hint 3)",
    )
    np.testing.assert_array_equal(case_logits, kept, err_msg="the logits were changed")
    np.testing.assert_array_equal(case_y, kept_y, err_msg="y was changed")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_softmax_ce_backward_far_out", "grade": true, "points": 1.5}
# Checked when graded: logits of several thousand, rows far apart, no overflow, no NaN.
### BEGIN HIDDEN TESTS
case_logits = np.array(
    [[0.0, 1.0, 2.0], [2000.0, 2001.0, 2002.0], [-6002.0, -6001.0, -6000.0],
     [-2000.0, 1000.0, 4000.0]]
)  # fmt: skip
case_y = np.array([2, 0, 1, 1])
low, mid, high = 0.090030573170, 0.244728471055, 0.665240955775
expected = (
    np.array(
        [[low, mid, high - 1], [low - 1, mid, high], [low, mid - 1, high], [0, -1, 1]]
    )
    / 4
)
with np.errstate(over="raise", divide="raise", invalid="raise"):
    try:
        found = softmax_ce_backward(case_logits, case_y)
    except FloatingPointError as problem:
        raise AssertionError(
            f"A batch with rows around 0, 2000 and -6000: {problem}. Overflow in exp: "
            "no maximum is subtracted. Invalid value: the maximum of all rows is "
            "subtracted instead of each row's own, and a row becomes 0 / 0 (hint 2)."
        ) from None
np.testing.assert_allclose(
    found,
    expected,
    rtol=0,
    atol=1e-9,
    err_msg="rows around 0, 2000 and -6000: only differences within a row count (hint 2)",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Watch the gradient on its way back
#
# Now let gradients run through ten layers. Every layer multiplies what arrives by its
# slopes and its weights, so ten layers multiply ten times. The next cell sends the same
# random gradient back through three networks that differ in the activation only.


# %%
def gradient_sizes(f, slope, gain, depth=10, width=32):
    """Return the mean absolute entry of dW for each layer, the first layer first."""
    rng = np.random.default_rng(5)
    A = [rng.normal(size=(64, width))]
    Ws, scores, sizes = [], [], []
    for _ in range(depth):
        Ws.append(rng.normal(scale=gain / np.sqrt(width), size=(width, width)))
        scores.append(A[-1] @ Ws[-1])
        A.append(f(scores[-1]))
    dA = rng.normal(size=(64, width)) / 64
    for layer in reversed(range(depth)):
        dZ = dA * slope(scores[layer])
        sizes.append(np.abs(A[layer].T @ dZ).mean())
        dA = dZ @ Ws[layer].T
    return sizes[::-1]


# %%
flows = {
    "sigmoid": gradient_sizes(expit, lambda Z: expit(Z) * (1 - expit(Z)), 1.0),
    "tanh": gradient_sizes(np.tanh, lambda Z: 1 - np.tanh(Z) ** 2, 1.0),
    "ReLU": gradient_sizes(lambda Z: Z * (Z > 0), lambda Z: Z > 0, np.sqrt(2)),
}
styles = {"sigmoid": (BLUE, "o-"), "tanh": (ORANGE, "^-."), "ReLU": (GREEN, "s--")}
fig, ax = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
for name, sizes_of in flows.items():
    colour, style = styles[name]
    ax.semilogy(range(1, 11), sizes_of, style, color=colour, label=name)
ax.set(xticks=range(1, 11), ylim=(1e-8, 1))
ax.set(xlabel="layer (10 is next to the loss)", ylabel="mean |entry of dW|")
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure:* Three lines over ten layers, on a logarithmic axis. From layer 10 back to
# layer 1 the line of the sigmoid falls by about a factor of four per layer, from 0.01 to
# less than a ten-millionth. That of tanh stays near 0.02. That of ReLU, with weights of
# the scale that suits it (lesson 04), rises a little, from 0.03 to about 0.06.
#
# The slope of the sigmoid is at most 0.25, and nine such factors make four millionths
# at most, before the weights multiply in. The first layers learn next to nothing, which
# is called the **vanishing gradient** (lesson 02).

# %% [markdown]
# ## Put one training step in order
#
# A network with ReLU units, biases left out to keep it short, makes one training step:
# forward pass, backpropagation, gradient descent. Its seven lines have been shuffled.
# (`A1 > 0` is true exactly where the input of ReLU is positive.)
#
# ```python
# A   W1 = W1 - lr * dW1
# B   dW2 = A1.T @ dZ2
# C   A1 = np.maximum(X @ W1, 0)
# D   dA1 = dZ2 @ W2.T
# E   W2 = W2 - lr * dW2
# F   dW1 = X.T @ (dA1 * (A1 > 0))
# G   dZ2 = softmax_ce_backward(A1 @ W2, y)
# ```
#
# Given are `X`, `y`, `W1`, `W2` and `lr`. Ten orders run without an error. Nine of them
# compute the same right step, and one computes something else.
#
# **Your turn (2 points): write one of the nine** as a string of seven letters.

# %% [markdown]
# <details><summary>Hint 1: what does each line need?</summary>
#
# For each line, write down which names it reads. Another line has to have made them
# before. Which line needs nothing but what is given?
#
# </details>
# <details><summary>Hint 2: which value of a name?</summary>
#
# Two lines overwrite a name that is already there. The gradient belongs to the weights
# of the forward pass: who still needs the *old* value?
#
# </details>
# <details><summary>Hint 3: the safe way</summary>
#
# First everything forward, then all gradients, and only then both updates.
#
# </details>

# %% nbgrader={"grade_id": "step_order", "solution": true}
# step_order = <seven letters in one string, such as "ABCDEFG">
### BEGIN SOLUTION
step_order = "CGBDFEA"
### END SOLUTION

# %% nbgrader={"grade_id": "test_step_order_runs", "grade": true, "points": 1}
assert isinstance(step_order, str | list | tuple), (
    f"step_order is {step_order!r:.60}; write seven letters in one string."
)
letters = [sign for part in step_order for sign in str(part).upper() if sign.isalpha()]
assert sorted(letters) == list("ABCDEFG"), (
    f"step_order holds the letters {''.join(letters)[:40]}; expected each of A to G "
    "exactly once."
)
print("Your answer has the right form; the order is checked at grading.")
### BEGIN HIDDEN TESTS
needs = {"G": "C", "B": "CG", "D": "G", "F": "CD", "E": "B", "A": "F"}
trouble = [
    f"{line} needs what {other} makes"
    for line, others in needs.items()
    for other in others
    if letters.index(other) > letters.index(line)
]
assert not trouble, (
    f"The order {''.join(letters)} does not run: {'; '.join(trouble)} (hint 1)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_step_order_right", "grade": true, "points": 1}
# Checked when graded: every line gets the values that belong to the forward pass.
### BEGIN HIDDEN TESTS
letters = [sign for part in step_order for sign in str(part).upper() if sign.isalpha()]
assert sorted(letters) == list("ABCDEFG"), (
    f"step_order holds the letters {''.join(letters)[:40]}; expected A to G, each once."
)
assert letters.index("D") < letters.index("E"), (
    f"In {''.join(letters)} W2 is updated before D sends the gradient back through it: "
    "dA1 then belongs to weights that the forward pass never used (hint 2)."
)
for gradient_line, update in (("C", "A"), ("G", "E")):
    assert letters.index(gradient_line) < letters.index(update), (
        f"In {''.join(letters)} the update {update} comes before {gradient_line}: the "
        "forward pass runs with changed weights (hint 3)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Run your order on random data, as a check of a kind: the loss should fall. Then mind
# what this check is worth. The one order that runs and is wrong makes the loss fall
# too; with other settings it ends in NaN after some epochs.
# Only a comparison of `dW1` with measured slopes shows it at once.

# %%
LINES = {
    "A": "W1 = W1 - lr * dW1", "B": "dW2 = A1.T @ dZ2",
    "C": "A1 = np.maximum(X @ W1, 0)", "D": "dA1 = dZ2 @ W2.T",
    "E": "W2 = W2 - lr * dW2", "F": "dW1 = X.T @ (dA1 * (A1 > 0))",
    "G": "dZ2 = softmax_ce_backward(A1 @ W2, y)",
}  # fmt: skip
rng = np.random.default_rng(8)
state = {"np": np, "softmax_ce_backward": softmax_ce_backward, "lr": 0.1}
state |= {"X": rng.normal(size=(60, 3)), "y": rng.integers(0, 4, size=60)}
state |= {"W1": rng.normal(size=(3, 5)), "W2": rng.normal(size=(5, 4))}
for moment in ("before", "after"):
    Z2 = np.maximum(state["X"] @ state["W1"], 0) @ state["W2"]
    rows = np.log(np.exp(Z2).sum(axis=1)) - Z2[np.arange(60), state["y"]]
    print(f"loss {moment} the step: {rows.mean():.4f}")
    if moment == "before":
        order = [sign for sign in "".join(step_order).upper() if sign in LINES]
        exec("\n".join(LINES[line] for line in order), state)  # noqa: S102

# %% [markdown]
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>Your gradients agree with measured ones to 1e-3, not better. What
# now?</summary>
#
# Look at which entries are off. If they are tiny, below about $10^{-8}$, it may be the
# rounding of the measured ones. Otherwise a central difference with $h = 10^{-5}$ is
# accurate to $10^{-6}$ or better, so $10^{-3}$ is a mistake: in a bias row, in one layer, in all by
# the same factor? One exception is a corner: a ReLU whose $z$ lies within $h$ of 0
# makes the *measured* slope wrong.
#
# </details>
# <details><summary>Why does a plus node copy the gradient to both sides, and why is db
# a sum?</summary>
#
# The local derivative of a sum along each of its terms is 1. The bias is a term in the
# sum of every example, so it gets one copy from each, and gradients that arrive at the
# same number add up.
#
# </details>
# <details><summary>Is there training without backpropagation, or backpropagation
# without training?</summary>
#
# Both. You can train with measured slopes, slowly. And you can go back to the *inputs*,
# to see which pixel a decision depends on most, without touching a weight.
#
# </details>
#
# ## Go further
#
# - David Rumelhart, Geoffrey Hinton and Ronald Williams,
#   [Learning representations by back-propagating
#   errors](https://doi.org/10.1038/323533a0), 1986: four pages that made the method
#   known.
# - Atılım Güneş Baydin and others, [Automatic differentiation in machine learning: a
#   survey](https://arxiv.org/abs/1502.05767), 2018: forward mode, reverse mode, and what
#   the big libraries do.
# - Andrej Karpathy, [micrograd](https://github.com/karpathy/micrograd): a `Node` in 94
#   lines, with more operations.
# - The *complex step*: for a formula that also takes complex numbers, the imaginary
#   part of $f(\theta + ih)$, divided by $h$, is the slope. Nothing is subtracted, so
#   $h$ may be $10^{-100}$. Try it on the neuron's loss.
