# %% [markdown]
# # Bend the line: activations and their slopes
#
# **What you will build:** five activation functions and three slopes that stay right
# for inputs of ±1000, and a figure that shows why ten sigmoid layers leave less than
# one millionth of a gradient.
#
# **What you need**
# - Lesson 01: the weighted sum $z$ of a neuron and its bias.
# - School mathematics: $e^z$, and the derivative as the slope of a curve.
# - NumPy arrays, and pandas for one table. No calculus tricks: every slope is derived
#   step by step, and the last step is yours.
#
# 90 minutes, 30 points, all marked automatically. Predictions get their points for
# being made, so make them before you run on: a wrong guess is worth as much as a right
# one, and you will remember it longer.
#
# The cells that check your answers are folded. Run them; there is no need to open them.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/asking.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from ipywidgets import Image, interact
from plotnine import (
    aes,
    facet_wrap,
    geom_line,
    ggplot,
    labs,
    scale_color_manual,
    scale_linetype_manual,
    theme,
    theme_minimal,
)

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, PURPLE, BLACK = "#E69F00", "#CC79A7", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, to warm up. There are no points; the check
# answers at once.
#
# 1. A neuron has the weights 2 and −1 and the bias 0.5. What is its $z$ for the inputs
#    3 and 4? A number.
# 2. Which of these can a single neuron with a step *not* compute? **a** AND ·
#    **b** OR · **c** XOR
# 3. One linear layer follows another, without an activation between them. What can do
#    the same? **a** one linear layer · **b** only two linear layers ·
#    **c** a single neuron

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a letter in quotes>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 2.5, 2: "c", 3: "a"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (2.5, "2 · 3 − 1 · 4 + 0.5."),
        2: (
            "c",
            "No straight line has (0, 1) and (1, 0) on one side and the rest on the other.",
        ),
        3: ("a", "The product of the two weight matrices is one weight matrix."),
    },
)

# %% [markdown]
# ## See what an activation is for
#
# A neuron first computes a weighted sum $z = w \cdot x + b$, a number of any size, also
# called its **pre-activation**. An **activation function** $f$ turns it into the
# neuron's output $a = f(z)$. It has to be **nonlinear**: without it, a stack of layers
# collapses into one linear layer (lesson 01), however deep the stack is.
#
# | name | formula | values | where it is used |
# |---|---|---|---|
# | sigmoid | $1 / (1 + e^{-z})$ | 0 to 1 | probability of "yes" |
# | tanh | $(e^z - e^{-z}) / (e^z + e^{-z})$ | −1 to 1 | hidden layers; outputs in (−1, 1) |
# | ReLU | $\max(0, z)$ | 0 and up | hidden layers, the default |
# | leaky ReLU | $z$, or $\alpha z$ below 0 | all | hidden layers; never quite 0 |
# | softmax | $e^{z_j} / \sum_k e^{z_k}$ | 0 to 1, sum 1 | one probability per class |
#
# Others, such as **SELU** and GELU, are variations on these.
#
# The step of lesson 01 is nonlinear, too. It is missing here because its derivative is
# zero wherever it exists, and learning needs slopes.

# %% [markdown]
# Here is the neuron of lesson 01 again. Its $z$ is what the functions of this lesson
# receive.

# %%
x = np.array([0.8, 1.2])
w = np.array([0.6, -0.1])
b = 0.1
z = x @ w + b
print(f"z = {z:.2f}")

# %% [markdown]
# ## Squash a number into (0, 1)
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# The sigmoid turns $z$ into something you may read as a probability: far to the left
# it is near 0, far to the right near 1.
#
# **Predict before you run (1 point).** What is $\sigma(0)$? Work it out on paper, then
# write the number.

# %% nbgrader={"grade_id": "predict_sigmoid_zero", "solution": true}
# predict_sigmoid_zero = <a number>
### BEGIN SOLUTION
predict_sigmoid_zero = 0.5
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_sigmoid_zero", "grade": true, "points": 1}
assert isinstance(predict_sigmoid_zero, int | float | np.number), (
    f"predict_sigmoid_zero is {predict_sigmoid_zero!r:.60}; write a number without "
    "quotes, for example 0.7."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if not abs(predict_sigmoid_zero - 0.5) < 1e-9:
    print(
        f"You predicted {predict_sigmoid_zero}. e to the power 0 is 1, so the sigmoid of 0 "
        "is 1 divided by 1 + 1."
    )
### END HIDDEN TESTS

# %% [markdown]
# The formula, typed in as it stands, has a weak spot. Floats end near $10^{308}$:
# $e^{709}$ still fits, $e^{710}$ overflows. The next cell asks NumPy to stop at an
# overflow instead of warning about it. Which sign of $z$ is the dangerous one?


# %%
def naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


for case in (0.0, 1000.0, -1000.0):
    try:
        with np.errstate(over="raise"):
            print(f"z = {case:g}: {naive_sigmoid(case)}")
    except FloatingPointError as problem:
        print(f"z = {case:g}: {problem}")

# %% [markdown]
# At −1000 the naive version returns 0 in the end, with a warning. Do not switch such
# warnings off: they are often the first sign of a NaN.
#
# **Your turn (4 points): write `sigmoid` so that no overflow happens at all.** It has
# to take a number or an array of any shape.
#
# <details><summary>Hint 1: which exponential is harmless?</summary>
#
# $e^{t}$ overflows only for large positive $t$. What is the sign of $t = -|z|$? Check
# that your curve rises: a large $z$ gives a value near 1.
#
# </details>
# <details><summary>Hint 2: two formulas for one curve</summary>
#
# Multiply numerator and denominator by $e^{z}$: $\sigma(z) = e^{z} / (1 + e^{z})$. Use
# this one for $z < 0$ and the first one for $z \ge 0$. `np.where(c, u, v)` picks
# between two arrays, but it computes **both** of them first, for every element.
#
# </details>
# <details><summary>Hint 3: one exponential for both</summary>
#
# Let $e = e^{-|z|}$. Both formulas have the denominator $1 + e$. The numerator is 1
# where $z \ge 0$ and $e$ elsewhere: a `np.where` between a number and an array.
#
# </details>


# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """Squash each number into the interval from 0 to 1.

    For [-1, 0, 1] the result is about [0.269, 0.5, 0.731]. It is right to 1e-9, without
    overflow up to abs(z) = 1000.

    Parameters
    ----------
    z : number or ndarray of any shape, int or float
        Weighted sums; left unchanged.

    Returns
    -------
    a : float or ndarray of floats, shaped like z
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sigmoid_example", "grade": true, "points": 1}
case_z = np.array([-10.0, -1.0, 0.0, 1.0, 10.0])
expected = np.array([4.5397869e-5, 0.26894142137, 0.5, 0.73105857863, 0.99995460213])
suspects = {
    "the curve falls as z grows; check the exponent (hint 1)": expected[::-1],
    "the base of the power is 2 instead of e; use np.exp": [
        0.00097560976,
        0.33333333,
        0.5,
        0.66666667,
        0.99902439,
    ],
    "brackets around 1 + exp(-z) are missing": [
        22027.466,
        3.7182818,
        2.0,
        1.3678794,
        1.0000454,
    ],
    "z is doubled on its way into the exponential": [
        2.0611536e-09,
        0.11920292,
        0.5,
        0.88079708,
        1.0,
    ],
    "the values are rounded; return them as they are": [0.0, 0.27, 0.5, 0.73, 1.0],
    "z and -z give the same; for negative z the numerator is another (hint 2)": (
        np.maximum(expected, expected[::-1])
    ),
}
found = sigmoid(case_z)
assert isinstance(found, np.ndarray) and found.shape == (5,), (
    f"sigmoid returned {found!r:.60} for an array of shape (5,); a right one returns "
    "an array of shape (5,), one value for each z. Is `return` there? See hint 2."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 2"
)
found = sigmoid(0.46)
assert np.shape(found) == () and abs(found - 0.613014) < 1e-5, (
    f"sigmoid(0.46) returned {found!r:.60}; expected the number 0.613014."
)
found = sigmoid(np.array([-1, 1]))
assert abs(found[1] - 0.731059) < 1e-5, (
    f"sigmoid([-1, 1]) of whole numbers returned {found!r:.60}; expected the decimals "
    "0.268941 and 0.731059."
)
np.testing.assert_array_equal(
    case_z, [-10, -1, 0, 1, 10], err_msg="sigmoid changed its input; work on a copy"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_sigmoid_far_out", "grade": true, "points": 1.5}
# Checked when graded: values up to ±1000, without overflow, as arrays and as numbers.
### BEGIN HIDDEN TESTS
case_z = np.array([-1000.0, -25.0, 25.0, 1000.0, -400.0])
expected = np.array([0.0, 1.388794386e-11, 0.999999999986112, 1.0, 0.0])
results, trouble = [], []
for given in (-1000.0, 1000.0, case_z):
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            results.append(sigmoid(given))
    except FloatingPointError as problem:
        with np.errstate(all="ignore"):
            trouble.append(
                f"sigmoid({given}): {problem}, result {sigmoid(given)!s:.60}"
            )
assert not trouble, (
    f"{'; '.join(trouble)}. A right one never computes exp of a large positive number; "
    "np.where computes both its branches. See hint 3."
)
found_left, found_right, found = results
assert np.shape(found) == (5,) and np.all(np.isfinite(found)), (
    f"sigmoid([-1000, -25, 25, 1000, -400]) returned {found!r:.90}; see hint 2."
)
np.testing.assert_allclose(
    found,
    expected,
    rtol=0,
    atol=1e-9,
    err_msg="far from 0 the values differ; is z clipped too early?",
)
assert abs(found_left) < 1e-9 and abs(found_right - 1) < 1e-9, (
    f"sigmoid(-1000.0) is {found_left} and sigmoid(1000.0) is {found_right}; expected "
    "0 and 1."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_sigmoid_shapes", "grade": true, "points": 1.5}
# Checked when graded: arrays of any shape, whole numbers, input unchanged.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(21)
cases = {
    "shape (1,)": np.array([-0.7]),
    "shape (7,)": sizes.normal(0.5, 3, size=7),
    "shape (3, 5)": sizes.normal(-1, 4, size=(3, 5)),
    "shape (2, 3, 4)": sizes.normal(1, 2, size=(2, 3, 4)),
    "z between 0 and 1": np.array([0.2, 0.5, 0.8]),
    "all zeros": np.zeros(3),
    "whole numbers": np.array([[-3, 2], [0, 5], [1, -7]]),
}
kept = [case_z.copy() for case_z in cases.values()]
results = all_results(sigmoid, [*cases.values()])
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = 1 / (1 + np.exp(-before))
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: sigmoid returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=1e-9,
        err_msg=f"{name}: wrong values; does an array of ints cut off the decimals?",
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: sigmoid changed its input; work on a copy"
    )
### END HIDDEN TESTS

# %% [markdown]
# SciPy ships this function as `expit`. From here on you may call your own `sigmoid` or
# `expit`, as you like: checks of later exercises lend yours a right `sigmoid`, so that
# one slip costs you marks only once. The figures use `expit`. `grid` is the stretch of
# the $z$-axis that they show.

# %%
from scipy.special import expit

grid = np.linspace(-6, 6, 241)
print(f"expit({z:.2f}) = {expit(z):.3f}")

# %% [markdown]
# ## Stretch the sigmoid into tanh
#
# The hyperbolic tangent is the same S-curve, on another scale: squeezed by 2 along $z$,
# stretched to twice the height, and moved down so that it passes through the origin.
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}$$
#
# | $z$ | −2 | −1 | 0 | 1 | 2 |
# |---|---|---|---|---|---|
# | $\sigma(z)$ | 0.119 | 0.269 | 0.500 | 0.731 | 0.881 |
# | $\tanh(z)$ | −0.964 | −0.762 | 0.000 | 0.762 | 0.964 |
#
# **Predict before you run (1 point).** What does `np.tanh(-1000.0)` return, rounded to
# six decimals? `nan` is possible (then write `float("nan")`): look at the formula and
# at the table before you decide.

# %% nbgrader={"grade_id": "predict_tanh_far_left", "solution": true}
# predict_tanh_far_left = <a number>
### BEGIN SOLUTION
predict_tanh_far_left = -1.0
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_tanh_far_left", "grade": true, "points": 1}
assert isinstance(predict_tanh_far_left, int | float | np.number), (
    f"predict_tanh_far_left is {predict_tanh_far_left!r:.60}; write a number without "
    "quotes, for example 0.7."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if not abs(predict_tanh_far_left + 1) < 1e-9:
    print(
        f"You predicted {predict_tanh_far_left}. tanh runs from -1 to 1, and NumPy's does "
        "not divide infinities: far to the left it is -1."
    )
### END HIDDEN TESTS

# %%
print(f"np.tanh(-1000.0) is {np.tanh(-1000.0):.6f}")

# %% [markdown]
# **Your turn (2 points): write `tanh_from_sigmoid`.** At ±1000 the fraction of
# exponentials above is $\infty / \infty$, which is NaN. Put together from a stable
# $\sigma$, as the sentence and the table say, tanh has no such trouble.
#
# <details><summary>Hint 1: test your formula at 0 and far out</summary>
#
# $\tanh(0) = 0$, and far to the left tanh is −1. What do you get from yours when
# $\sigma$ is 0.5, and when it is 0?
#
# </details>
# <details><summary>Hint 2: two factors of 2</summary>
#
# One factor of 2 is inside the sigmoid and squeezes the curve, the other is in front
# and makes it taller. Without the inner one the limits are right and the slope is half
# of what it should be; without the outer one the limits are wrong.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Call the stable sigmoid (yours or `expit`) on twice the input. Double what comes back,
# and subtract 1.
#
# </details>


# %% nbgrader={"grade_id": "tanh_from_sigmoid", "solution": true}
def tanh_from_sigmoid(z):
    """Squash each number into the interval from -1 to 1.

    For [-1, 0, 1] the result is about [-0.762, 0, 0.762]; no overflow up to
    abs(z) = 1000. The sigmoid of the notebook does the work.

    Parameters
    ----------
    z : number or ndarray of any shape, int or float
        Weighted sums; left unchanged.

    Returns
    -------
    a : float or ndarray of floats, shaped like z
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * z) - 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_tanh_from_sigmoid_small", "grade": true, "points": 0.5}
alone = lent(tanh_from_sigmoid, sigmoid=expit)
case_z = np.array([-2.0, -0.5, 0.0, 1.0])
expected = np.array([-0.964027580076, -0.462117157260, 0.0, 0.761594155956])
suspects = {
    "the inner factor 2 is missing (hint 2)": [
        -0.76159416,
        -0.24491866,
        0.0,
        0.46211716,
    ],
    "the curve falls as z grows; look at the signs": -expected,
    "the 1 is not subtracted (hint 1)": [0.03597242, 0.53788284, 1.0, 1.7615942],
    "the 1 is added instead of subtracted (hint 1)": [
        1.0359724,
        1.5378828,
        2.0,
        2.7615942,
    ],
    "the outer factor 2 is missing (hint 2)": [
        -0.98201379,
        -0.73105858,
        -0.5,
        -0.11920292,
    ],
    "this is the sigmoid itself, not stretched": [
        0.11920292,
        0.37754067,
        0.5,
        0.73105858,
    ],
    "straight pieces instead of the curve": [-1.0, -0.5, 0.0, 1.0],
}
found = alone(case_z)
assert isinstance(found, np.ndarray) and found.shape == (4,), (
    f"tanh_from_sigmoid returned {found!r:.60} for an array of shape (4,); a right one "
    "returns an array of shape (4,). Is `return` there? See hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=1e-9, atol=1e-12, err_msg=why[0] if why else "see hint 2"
)
np.testing.assert_array_equal(
    case_z, [-2, -0.5, 0, 1], err_msg="your function changed its input"
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_tanh_from_sigmoid_all", "grade": true, "points": 1.5}
# Checked when graded: ±1000 without overflow, numbers, other shapes, input unchanged.
### BEGIN HIDDEN TESTS
alone = lent(tanh_from_sigmoid, sigmoid=expit)
sizes = np.random.default_rng(22)
cases = {
    "shape (1,)": np.array([0.3]),
    "shape (7,)": sizes.normal(0.4, 2, size=7),
    "shape (3, 2, 4)": sizes.normal(-0.5, 1.5, size=(3, 2, 4)),
    "whole numbers": np.array([[-3, 2, 1], [0, 4, -1]]),
    "other values of the same shape": np.array([[2, -2, 3], [-1, 0, 5]]),
}
kept = [case_z.copy() for case_z in cases.values()]
results = all_results(alone, [*cases.values()])
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = np.tanh(before)
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: tanh_from_sigmoid returned {found!r:.60}; a right one returns an "
        f"array of the shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{name}: wrong values (hint 2)"
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: the input was changed; work on a copy"
    )
cases = [-1000.0, 1000.0, np.array([-1000.0, 1000.0, 30.0])]
try:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found_left, found_right, found = all_results(alone, cases)
except FloatingPointError:
    trouble = []
    for given in cases:
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                alone(given)
        except FloatingPointError as problem:
            with np.errstate(all="ignore"):
                found = alone(given)
            trouble.append(
                f"tanh_from_sigmoid({given}): {problem}, result {found!s:.60}"
            )
    raise AssertionError(
        f"{'; '.join(trouble)}. A right one computes no exp of a large positive number. "
        "Use a stable sigmoid (hint 3)."
    ) from None
np.testing.assert_allclose(
    found, [-1, 1, 1], rtol=1e-9, err_msg="far from 0 tanh is -1 or 1"
)
for number, found in ((-1000.0, found_left), (1000.0, found_right)):
    expected = np.sign(number)
    assert np.shape(found) == () and abs(found - expected) < 1e-9, (
        f"tanh_from_sigmoid({number}) returned {found!r:.60}; expected the number "
        f"{expected:g}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Cut below zero, or nearly
#
# The rectified linear unit passes positive numbers on and turns the rest into 0:
#
# $$\mathrm{ReLU}(z) = \max(0, z)$$
#
# No exponential, so nothing overflows, and no upper end: 1000 stays 1000. But a ReLU
# that only ever sees negative $z$ outputs 0 for every example. The leaky ReLU keeps a
# small part $\alpha$ of a negative $z$:
#
# $$\mathrm{leaky}(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}
# \qquad 0 \le \alpha < 1$$
#
# **Your turn (4 points, two each): write `leaky_relu` and `relu`.** When the caller
# gives no `alpha`, it is 0.01. The second function can be one call of the first: which
# $\alpha$ would that take? (It is checked with a right `leaky_relu`.)
#
# <details><summary>Hint 1: what comes out for 2, and what for −2?</summary>
#
# Leaky ReLU of 2 is 2. Leaky ReLU of −2 is −0.02 when $\alpha = 0.01$: still negative,
# and a hundred times smaller. Every element is judged by itself; `np.max(...)` looks
# for the one largest element of all.
#
# </details>
# <details><summary>Hint 2: functions to look up</summary>
#
# `np.where(condition, u, v)` chooses element by element, and `np.maximum(u, v)` takes
# the larger of two. Which is larger for $\alpha < 1$: $z$ or $\alpha z$, once for a
# positive and once for a negative $z$?
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Where $z$ is positive take $z$, elsewhere take `alpha` times $z$: the argument
# `alpha`, not the number 0.01. Do not assign into `z`: it belongs to the caller.
#
# </details>


# %% nbgrader={"grade_id": "leaky_relu", "solution": true}
def leaky_relu(z, alpha=0.01):
    """Pass positive numbers on and shrink negative ones.

    With alpha = 0.1, leaky_relu([-20, 0.5, 3]) is [-2, 0.5, 3].

    Parameters
    ----------
    z : ndarray of any shape, or NumPy number; int or float
        Weighted sums; left unchanged.
    alpha : float, 0 <= alpha < 1
        Slope below zero.

    Returns
    -------
    a : float or ndarray, shaped like z
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_leaky_relu_example", "grade": true, "points": 0.5}
case_z = np.array([[-5.0, 0.0, 2.0], [0.4, -0.5, 8.0]])
expected = np.array([[-0.5, 0.0, 2.0], [0.4, -0.05, 8.0]])
suspects = {
    "alpha is on the positive side (hint 1)": [[-5.0, 0.0, 0.2], [0.04, -0.5, 0.8]],
    "negative numbers became 0: that is relu": [[0.0, 0.0, 2.0], [0.4, 0.0, 8.0]],
    "negative numbers became positive": [[0.5, -0.0, 2.0], [0.4, 0.05, 8.0]],
    "alpha multiplies everything": [[-0.5, 0.0, 0.2], [0.04, -0.05, 0.8]],
    "alpha itself was returned below 0, not alpha times z": [
        [0.1, 0.1, 2.0],
        [0.4, 0.1, 8.0],
    ],
    "0.01 was used, the caller said 0.1": [[-0.05, 0.0, 2.0], [0.4, -0.005, 8.0]],
}
found = leaky_relu(case_z, alpha=0.1)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"leaky_relu returned {found!r:.60} for an array of shape (2, 3); a right one "
    "returns an array of shape (2, 3). See hint 2."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=1e-9, atol=1e-12, err_msg=why[0] if why else "see hint 2"
)
found = leaky_relu(np.float64(-2.5), 0.2)
assert np.shape(found) == () and abs(found + 0.5) < 1e-12, (
    f"leaky_relu(-2.5, 0.2) returned {found!r:.60}; expected the number -0.5."
)
np.testing.assert_array_equal(
    case_z,
    [[-5, 0, 2], [0.4, -0.5, 8]],
    err_msg="leaky_relu changed its input; work on a copy",
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_leaky_relu_all", "grade": true, "points": 1.5}
# Checked when graded: alpha default, 0 and others, numbers, shapes, input unchanged.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(24)
cases = {
    "shape (1,)": np.array([-0.3]),
    "shape (7,)": np.array([-1e3, -0.9, -1e-4, 1e-4, 0.2, 7.5, 1e3]),
    "shape (4, 2, 3)": sizes.normal(-0.3, 2, size=(4, 2, 3)),
    "whole numbers": np.array([[-3, 2, 9], [0, 4, -1]]),
    "other values of the same shape": np.array([[2, -2, 3], [-1, 0, 5]]),
}
kept = {name: case_z.copy() for name, case_z in cases.items()}
given = [(name, slope) for slope in (0.37, 0.0, 0.9) for name in cases]
*results, found_left, found_right = all_results(
    leaky_relu,
    [*(cases[name] for name, _ in given), np.float64(-2.5), np.float64(2.5)],
    [*(slope for _, slope in given), 0.2, 0.2],
)
# 0.01 is the default, so it is not handed over.
given += [(name, 0.01) for name in cases]
results += all_results(leaky_relu, [*cases.values()])
for (name, slope), found in zip(given, results, strict=True):
    before = kept[name]
    expected = np.where(before > 0, 1.0, slope) * before
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: leaky_relu returned {found!r:.60}; a right one returns an array "
        f"of the shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=1e-9,
        atol=1e-12,
        err_msg=f"{name}, alpha {slope}: wrong values (hint 3)",
    )
for name, case_z in cases.items():
    np.testing.assert_array_equal(
        case_z, kept[name], err_msg=f"{name}: leaky_relu changed its input"
    )
for number, found, value in ((-2.5, found_left, -0.5), (2.5, found_right, 2.5)):
    assert np.shape(found) == () and abs(found - value) < 1e-12, (
        f"leaky_relu({number}, 0.2) returned {found!r:.60}; expected {value}."
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Replace negative numbers by 0.

    relu([-2, 0.5, 3]) is [0, 0.5, 3].

    Parameters
    ----------
    z : ndarray of any shape, or NumPy number; int or float
        Weighted sums; left unchanged.

    Returns
    -------
    a : number or ndarray, shaped like z
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_relu_example", "grade": true, "points": 0.5}
def leaky_to_lend(t, alpha=0.01):
    return np.clip(t, 0, None) + alpha * np.clip(t, None, 0)


alone = lent(relu, leaky_relu=leaky_to_lend)
case_z = np.array([[3.0, -4.0], [0.0, -0.5], [0.4, 7.0]])
expected = np.array([[3.0, 0.0], [0.0, 0.0], [0.4, 7.0]])
suspects = {
    "negative numbers keep their size instead of becoming 0": [
        [3.0, 4.0],
        [0.0, 0.5],
        [0.4, 7.0],
    ],
    "the answer is cut off from above; relu has no upper end": [
        [3.0, 0.0],
        [0.0, 0.0],
        [0.4, 6.0],
    ],
    "the decimals are gone": [[3.0, 0.0], [0.0, 0.0], [0.0, 7.0]],
    "this is the smaller of z and 0, not the larger": [
        [0.0, -4.0],
        [0.0, -0.5],
        [0.0, 0.0],
    ],
    "this is a slope (0 or 1), not the value": [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]],
    "negative numbers are a hundred times smaller; which alpha makes them 0?": [
        [3.0, -0.04],
        [0.0, -0.005],
        [0.4, 7.0],
    ],
}
found = alone(case_z)
assert isinstance(found, np.ndarray) and found.shape == (3, 2), (
    f"relu returned {found!r:.60} for an array of shape (3, 2); a right one returns an "
    "array of shape (3, 2), one value for each z. See hint 1."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=1e-9, atol=1e-12, err_msg=why[0] if why else "see hint 2"
)
found_left, found_right = all_results(alone, [np.float64(-2.5), np.float64(2.5)])
for number, found, value in ((-2.5, found_left, 0.0), (2.5, found_right, 2.5)):
    assert np.shape(found) == () and abs(found - value) < 1e-12, (
        f"relu({number}) returned {found!r:.60}; expected the number {value}."
    )
np.testing.assert_array_equal(
    case_z,
    [[3, -4], [0, -0.5], [0.4, 7]],
    err_msg="relu changed its input; work on a copy",
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_relu_all", "grade": true, "points": 1.5}
# Checked when graded: tiny and large values, other shapes, input unchanged.
### BEGIN HIDDEN TESTS
def leaky_to_lend(t, alpha=0.01):
    return np.clip(t, 0, None) + alpha * np.clip(t, None, 0)


alone = lent(relu, leaky_relu=leaky_to_lend)
sizes = np.random.default_rng(23)
cases = {
    "shape (1,)": np.array([-0.3]),
    "shape (7,)": np.array([-1e3, -1e-4, 1e-4, 0.2, 0.9, 5.5, 1e3]),
    "shape (2, 4, 3)": sizes.normal(0.3, 2, size=(2, 4, 3)),
    "whole numbers": np.array([[-3, 2, 9], [0, 4, -1]]),
    "other values of the same shape": np.array([[2, -2, 3], [-1, 0, 5]]),
}
kept = [case_z.copy() for case_z in cases.values()]
results = all_results(alone, [*cases.values()])
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = np.where(before > 0, before, 0)
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: relu returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=1e-9,
        atol=1e-12,
        err_msg=f"{name}: wrong values for z = {before.tolist()} (hint 2)",
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: relu changed its input; work on a copy"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Draw them from one long table
#
# A plotting library in the style of a grammar wants *long* data: one row for each
# point, and a column that says which curve the point belongs to. Then colour, line
# style and legend follow from that column by themselves. With one column for each curve
# you would have to add every curve, and its legend entry, by hand.
#
# | x | activation | value |
# |---|---|---|
# | −1.0 | sigmoid | 0.269 |
# | 2.0 | sigmoid | 0.881 |
# | −1.0 | tanh | −0.762 |
# | 2.0 | tanh | 0.964 |
# | −1.0 | relu | 0.000 |
# | 2.0 | relu | 2.000 |
#
# **Your turn (2 points): write `activation_table`**, for `"sigmoid"`, `"tanh"` and
# `"relu"`. The order of the rows is free, and what this exercise calls is lent to it: it
# is checked with a right `sigmoid` and `relu`.
#
# <details><summary>Hint 1: how many rows?</summary>
#
# With `n` numbers in `x` and three functions the table has `3 * n` rows, and each
# number of `x` appears three times.
#
# </details>
# <details><summary>Hint 2: two ways that work</summary>
#
# Build one small DataFrame for each function and stack them with `pd.concat`. Or build
# the wide one and look up `melt`, with its `id_vars`, `var_name` and `value_name`.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Go through the pairs of name and function. For each, make a DataFrame with the columns
# `x`, `activation` (the name) and `value` (the function of `x`), and collect them in a
# list for `pd.concat`.
#
# </details>


# %% nbgrader={"grade_id": "activation_table", "solution": true}
def activation_table(x):
    """Tabulate sigmoid, tanh and relu in long form.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Where to evaluate, in any order; left unchanged.

    Returns
    -------
    table : DataFrame, 3 n rows, columns x, activation, value
        `activation` is "sigmoid", "tanh" or "relu"; `value` is that function of `x`.
        No other columns.
    """
    ### BEGIN SOLUTION
    functions = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}
    return pd.concat(
        pd.DataFrame({"x": x, "activation": name, "value": function(x)})
        for name, function in functions.items()
    )
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_activation_table_small", "grade": true, "points": 0.5}
def right_relu(t):
    return np.maximum(t, 0)


alone = lent(activation_table, sigmoid=expit, relu=right_relu)
case_x = np.array([2.0, -1.0])
found = alone(case_x)
assert isinstance(found, pd.DataFrame), (
    f"activation_table returned {found!r:.60}; a right one returns a pandas DataFrame."
)
assert sorted(found.columns) == ["activation", "value", "x"], (
    f"the columns are {list(found.columns)}; expected x, activation and value. "
    + (
        "One column per function is the wide form: see hint 2."
        if {"sigmoid", "tanh", "relu"} & {*found.columns}
        else "Give them these names: melt has var_name and value_name for it (hint 2)."
    )
)
assert len(found) == 6, (
    f"the table has {len(found)} rows for 2 numbers; expected 3 * 2 = 6. See hint 1."
)
assert sorted(found["activation"]) == sorted(["sigmoid", "tanh", "relu"] * 2), (
    f"activation holds {sorted(found['activation'])}; expected each of 'sigmoid', "
    "'tanh' and 'relu' twice, in small letters."
)
rows = zip(found["activation"], found["x"], found["value"], strict=True)
np.testing.assert_allclose(
    sorted((x, value) for name, x, value in rows if name == "tanh"),
    [[-1.0, -0.761594155956], [2.0, 0.964027580076]],
    rtol=1e-9,
    err_msg="the rows of tanh hold other pairs than (-1, -0.7616) and (2, 0.9640)",
)
np.testing.assert_array_equal(case_x, [2, -1], err_msg="x was changed; copy it")
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_activation_table_all", "grade": true, "points": 1.5}
# Checked when graded: 2 and 7 numbers, unsorted and repeated, values, x unchanged.
### BEGIN HIDDEN TESTS
def right_relu(t):
    return np.maximum(t, 0)


alone = lent(activation_table, sigmoid=expit, relu=right_relu)
cases = [np.array([2.5, -1.5, 0.0, 4.0, -3.0, -1.5, 0.3]), np.array([0.0, 0.0])]
kept = [case_x.copy() for case_x in cases]
results = all_results(alone, cases)
for case_x, before, found in zip(cases, kept, results, strict=True):
    expected = {
        "sigmoid": 1 / (1 + np.exp(-before)),
        "tanh": np.tanh(before),
        "relu": np.where(before > 0, before, 0),
    }
    assert isinstance(found, pd.DataFrame), f"returned {found!r:.60}, not a DataFrame"
    assert sorted(found.columns) == ["activation", "value", "x"], (
        f"the columns are {list(found.columns)}; expected x, activation and value."
    )
    assert len(found) == 3 * len(before), (
        f"{len(found)} rows for {len(before)} numbers; expected {3 * len(before)}. A "
        "number that appears twice in x keeps both its rows."
    )
    pairs = np.column_stack([found["x"], found["value"]]).astype(float)
    names = np.array([*found["activation"]])
    for name, values in expected.items():
        rows = pairs[names == name]
        assert len(rows) == len(before), f"{len(rows)} rows of {name!r} (hint 1)"
        np.testing.assert_allclose(
            rows[np.lexsort(rows.T[::-1])],
            np.column_stack([before, values])[np.lexsort((values, before))],
            rtol=1e-9,
            atol=1e-9,
            err_msg=f"{name}: the pairs (x, value) are wrong; is each beside its x?",
        )
    np.testing.assert_array_equal(case_x, before, err_msg="x was changed; copy it")
### END HIDDEN TESTS

# %% [markdown]
# Your table is all that the figure needs. Look at the two ends of each curve: two of
# them run flat on both sides, the third on one side only.

# %%
(
    ggplot(activation_table(grid), aes("x", "value", color="activation"))
    + geom_line(aes(linetype="activation"), size=1.1)
    + scale_color_manual({"sigmoid": BLUE, "tanh": ORANGE, "relu": GREEN})
    + scale_linetype_manual({"sigmoid": "solid", "tanh": "dashed", "relu": "dashdot"})
    + labs(x="weighted sum z", y="activation a = f(z)", title="Three activations")
    + theme_minimal()
    + theme(figure_size=(7, 3.6))
)

# %% [markdown]
# *Figure:* Three curves over z from −6 to 6. The sigmoid (solid) rises from 0 to 1 and
# tanh (dashed) from −1 to 1, both flat beyond about ±4. ReLU (dash-dotted) is 0 up to
# z = 0 and then rises as a straight line to 6.

# %% [markdown]
# ## Measure how steep a curve is
#
# Learning asks one question again and again: if $z$ moves a little, how much does $a$
# move? The answer is the slope $f'(z)$. Where it is near 0, the neuron is **saturated**:
# its output hardly reacts, so it hardly learns.
#
# **Predict before you run (1 point).** What is the largest slope that the sigmoid has
# anywhere? Use the figure: near which $z$ is it steepest, and how much does it rise
# there for one step along $z$?

# %% nbgrader={"grade_id": "predict_largest_slope", "solution": true}
# predict_largest_slope = <a number>
### BEGIN SOLUTION
predict_largest_slope = 0.25
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_largest_slope", "grade": true, "points": 1}
assert isinstance(predict_largest_slope, int | float | np.number), (
    f"predict_largest_slope is {predict_largest_slope!r:.60}; write a number without "
    "quotes, for example 0.7."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if not abs(predict_largest_slope - 0.25) < 1e-9:
    print(
        f"You predicted {predict_largest_slope}. The sigmoid is steepest at z = 0, where "
        "it is 0.5; its slope there is 0.5 * (1 - 0.5)."
    )
### END HIDDEN TESTS

# %% [markdown]
# The slope of a curve is the slope of its tangent. Compare the three columns: at −4
# both curves are almost flat, at 0 each is as steep as it gets, at 2 the slope is on
# its way down again. tanh saturates sooner than the sigmoid.


# %%
def draw_tangent(name, z0, ax):
    """Draw one activation and its tangent at z0."""
    f = {"sigmoid": expit, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[name]
    slope = (f(z0 + 1e-5) - f(z0 - 1e-5)) / 2e-5
    ax.plot(grid, f(grid), color=BLUE, label="curve")
    ax.plot(grid, f(z0) + slope * (grid - z0), "--", color=VERMILLION, label="tangent")
    ax.plot(z0, f(z0), "o", color=BLACK)
    ax.set(title=f"{name} at z = {z0:g}: slope {slope:.3f}", ylim=(-1.3, 1.9))
    ax.set(xlabel="z", ylabel="a = f(z)", xticks=[-6, -3, 0, 3, 6])


# %%
fig, axes = plt.subplots(2, 3, figsize=(10, 5.4), layout="constrained")
for row, name in zip(axes, ["sigmoid", "tanh"], strict=True):
    for ax, z0 in zip(row, [-4, 0, 2], strict=True):
        draw_tangent(name, z0, ax)
axes[0, 0].legend()
plt.show()

# %% [markdown]
# *Figure:* Six panels, each an S-curve (solid) with its dashed tangent at a black dot.
# Upper row, sigmoid: slopes 0.018 at z = −4, 0.250 at 0 and 0.105 at 2. Lower row,
# tanh: slopes 0.001, 1.000 and 0.071.
#
# In a running notebook, move the slider of the next cell. Look for the stretch in which
# the slope stays under 0.01. Then choose `relu` and step across 0.


# %%
picture = Image(format="png")


@interact(name=["sigmoid", "tanh", "relu"], z0=(-6.0, 6.0, 0.25))
def move_the_dot(name="sigmoid", z0=0.5):
    """Redraw the picture for where the slider stands."""
    fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    draw_tangent(name, z0, ax)
    fig.savefig(png := BytesIO())
    plt.close(fig)
    picture.value = png.getvalue()


picture

# %% [markdown]
# ## Write the slope of ReLU
#
# ReLU is a straight line on each side of 0, so its slope is 0 for $z < 0$ and 1 for
# $z > 0$. At exactly 0 it has a corner and no slope: 0, 0.5 and 1 are all in use, and
# all pass here.
#
# The argument is $z$, from *before* the activation. A common mistake is to test
# `a >= 0` on ReLU's *output*, which is always true.
#
# **Your turn (2 points): write `drelu`.**
#
# <details><summary>Hint 1: how many different numbers come out?</summary>
#
# Two, 0 and 1 (and at $z = 0$ whatever you choose between them). The slope at 0.3 is
# 1, not 0.3.
#
# </details>
# <details><summary>Hint 2: a comparison is already the answer</summary>
#
# `z > 0` is `True` where the slope is 1. An array of `True` and `False` is fine here;
# so is one of 1 and 0.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Choose 1.0 where $z$ is larger than 0, and 0.0 elsewhere. Compare `z` itself, not
# `relu(z)`.
#
# </details>


# %% nbgrader={"grade_id": "drelu", "solution": true}
def drelu(z):
    """Return the slope of relu at each z.

    drelu([-2, 0.3, 7]) is [0, 1, 1]; at z = 0 anything from 0 to 1 will do. A difference
    quotient is not exact enough.

    Parameters
    ----------
    z : ndarray of any shape, or NumPy number; int or float
        Weighted sums, from before the activation; left unchanged.

    Returns
    -------
    slope : number or ndarray (float, int or bool), shaped like z
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_drelu_example", "grade": true, "points": 0.5}
def relu_to_lend(t):
    return np.clip(t, 0, None)


alone = lent(drelu, relu=relu_to_lend)
case_z = np.array([[3.0, -4.0, 0.3], [-0.5, 0.8, -7.0]])
expected = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
suspects = {
    "every slope is 1: is the output of relu compared, instead of z?": [
        [1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0],
    ],
    "this is the value of relu, not its slope": [[3.0, -0.0, 0.3], [-0.0, 0.8, -0.0]],
    "small positive z give z itself; their slope is 1 too": [
        [1.0, 0.0, 0.3],
        [0.0, 0.8, 0.0],
    ],
    "small positive z give 0; their slope is 1 too": [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    "negative z give -1; relu is flat there": [[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]],
    "0 and 1 have changed places": [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]],
}
found = alone(case_z)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"drelu returned {found!r:.60} for an array of shape (2, 3); a right one returns "
    "an array of shape (2, 3). See hint 2."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 1"
)
found = alone(np.float64(-2.5))
assert np.shape(found) == () and found == 0, (
    f"drelu(-2.5) returned {found!r:.60}; expected the number 0."
)
np.testing.assert_array_equal(
    case_z,
    [[3, -4, 0.3], [-0.5, 0.8, -7]],
    err_msg="drelu changed its input; work on a copy",
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_drelu_all", "grade": true, "points": 1.5}
# Checked when graded: z near 0 and at 0, large z, numbers, shapes, input unchanged.
### BEGIN HIDDEN TESTS
def relu_to_lend(t):
    return np.clip(t, 0, None)


alone = lent(drelu, relu=relu_to_lend)
sizes = np.random.default_rng(25)
cases = {
    "shape (1,)": np.array([-0.3]),
    "shape (7,)": np.array([-1e3, -0.9, -1e-7, 1e-7, 0.2, 1.5, 1e3]),
    "shape (4, 2, 3)": sizes.normal(0.3, 1, size=(4, 2, 3)),
    "whole numbers": np.array([[-3, 2, 9], [1, 4, -1]]),
}
kept = [case_z.copy() for case_z in cases.values()]
others = [np.array([-1.5, 0.0, 1.5]), np.float64(-2.5), np.float64(2.5)]
*results, around, found_left, found_right = all_results(
    alone, [*cases.values(), *others]
)
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = np.where(before > 0, 1.0, 0.0)
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: drelu returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=1e-9,
        err_msg=f"{name}: wrong slopes for z = {before.tolist()} (hint 3)",
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: drelu changed its input; work on a copy"
    )
assert np.shape(around) == (3,) and 0 <= around[1] <= 1, (
    f"drelu([-1.5, 0, 1.5]) returned {around!r:.60}; at 0 expected a number from 0 to 1."
)
for number, found, value in ((-2.5, found_left, 0), (2.5, found_right, 1)):
    assert np.shape(found) == () and abs(float(found) - value) < 1e-9, (
        f"drelu({number}) returned {found!r:.60}; expected the number {value}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Write the slope of the sigmoid
#
# By the chain rule, $\sigma(z) = (1 + e^{-z})^{-1}$ has the slope
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2}
#   = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}$$
#
# The first factor is an old friend. What has to be added to the second one to make 1?
# Answer that, and the slope is written with $\sigma(z)$ alone.
#
# That form is handy because it needs only $a = \sigma(z)$, which a network has already
# computed. It is also a trap: a function that gets $z$ has to apply the
# sigmoid first, a function that gets $a$ must not. The name of the argument is a
# promise; here it is `z`.
#
# **Your turn (3 points): write `dsigmoid`**, stable up to ±1000 like your `sigmoid`.
#
# <details><summary>Hint 1: test it at 0</summary>
#
# $\sigma(0) = 0.5$, and both factors are 0.5 there, so the slope at 0 is 0.25. If you
# get 0, you used $z$ where $\sigma(z)$ belongs. If you get about 0.235, the sigmoid was
# applied twice.
#
# </details>
# <details><summary>Hint 2: name the intermediate value</summary>
#
# Compute $s = \sigma(z)$ once, with a sigmoid that does not overflow (yours or
# `expit`). The result is a product of two factors made of $s$.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# First line: `s` is the sigmoid of `z`. Second line: return `s` times `1 - s`.
#
# </details>


# %% nbgrader={"grade_id": "dsigmoid", "solution": true}
def dsigmoid(z):
    """Return the slope of the sigmoid at each z.

    For [-2, 0, 3] the result is about [0.105, 0.25, 0.045]; no overflow up to
    abs(z) = 1000. Right to 1e-12 near 0: a difference quotient is not exact enough.

    Parameters
    ----------
    z : number or ndarray of any shape, int or float
        Weighted sums, from before the activation; left unchanged.

    Returns
    -------
    slope : float or ndarray of floats, shaped like z
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dsigmoid_example", "grade": true, "points": 0.5}
alone = lent(dsigmoid, sigmoid=expit)
case_z = np.array([-2.0, 0.0, 0.5, 3.0])
expected = np.array([0.104993585404, 0.25, 0.235003712202, 0.045176659731])
suspects = {
    "z was used as if it were sigma(z) (hint 1)": [-6.0, 0.0, 0.25, -6.0],
    "the sigmoid was applied twice (hint 1)": [
        0.24911402,
        0.23500371,
        0.22726609,
        0.20087901,
    ],
    "this is the sigmoid itself, not its slope": [0.119203, 0.5, 0.622459, 0.952574],
    "this is sigma(z) squared; the two factors are not the same (hint 2)": [
        0.014209337,
        0.25,
        0.38745562,
        0.90739747,
    ],
    "the slope has the wrong sign; the sigmoid rises everywhere": -expected,
    "the factor sigma(z) is missing": [0.88079708, 0.5, 0.37754067, 0.047425873],
    "this is the slope of tanh": [0.070650825, 1.0, 0.78644773, 0.0098660372],
    "a square is in the place of a product of two factors (hint 2)": [
        0.98579066,
        0.75,
        0.61254438,
        0.092602533,
    ],
}
found = alone(case_z)
assert isinstance(found, np.ndarray) and found.shape == (4,), (
    f"dsigmoid returned {found!r:.60} for an array of shape (4,); a right one returns "
    "an array of shape (4,). Is `return` there? See hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 2"
)
np.testing.assert_array_equal(
    case_z, [-2, 0, 0.5, 3], err_msg="dsigmoid changed its input; work on a copy"
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_dsigmoid_far_out", "grade": true, "points": 1}
# Checked when graded: values up to ±1000, without overflow, as arrays and as numbers.
### BEGIN HIDDEN TESTS
alone = lent(dsigmoid, sigmoid=expit)
cases = [-1000.0, 1000.0, np.array([-1000.0, 1000.0, -400.0, 12.0])]
try:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found_left, found_right, found = all_results(alone, cases)
except FloatingPointError:
    trouble = []
    for given in cases:
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                alone(given)
        except FloatingPointError as problem:
            with np.errstate(all="ignore"):
                found = alone(given)
            trouble.append(f"dsigmoid({given}): {problem}, result {found!s:.60}")
    raise AssertionError(
        f"{'; '.join(trouble)}. A right one uses a sigmoid that does not overflow. "
        "See hint 2."
    ) from None
np.testing.assert_allclose(
    found,
    [0, 0, 0, 6.144137e-06],
    rtol=0,
    atol=1e-9,
    err_msg="far from 0 the sigmoid is flat: its slope tends to 0 on both sides",
)
for number, found in ((-1000.0, found_left), (1000.0, found_right)):
    assert np.shape(found) == () and abs(found) < 1e-9, (
        f"dsigmoid({number}) returned {found!r:.60}; expected the number 0."
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_dsigmoid_values", "grade": true, "points": 1.5}
# Checked when graded: exact values near 0, other shapes, ints, input unchanged.
### BEGIN HIDDEN TESTS
alone = lent(dsigmoid, sigmoid=expit)
sizes = np.random.default_rng(26)
cases = {
    "shape (1,)": np.array([0.3]),
    "shape (7,)": np.array([-2.0, -1.3, -0.4, 0.1, 0.6, 1.1, 1.9]),
    "shape (3, 2, 4)": sizes.uniform(-2, 1.5, size=(3, 2, 4)),
    "whole numbers": np.array([[-3, 2, 1], [0, 4, -1]]),
    "zeros of the same shape": np.zeros((2, 3)),
}
kept = [case_z.copy() for case_z in cases.values()]
results = all_results(alone, [*cases.values()])
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = np.exp(-before) / (1 + np.exp(-before)) ** 2
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: dsigmoid returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found, expected, rtol=0, atol=1e-9, err_msg=f"{name}: wrong slopes (hint 1)"
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=1e-12,
        err_msg=f"{name}: nearly right, like a difference quotient; use the formula",
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: the input was changed; work on a copy"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Write the slope of tanh
#
# You made tanh of the sigmoid: squeezed by 2 along $z$, stretched to twice the height,
# moved down. What does each of the three do to a slope? Answer that, and `dsigmoid`
# does the rest. At 0 the slope of tanh is 1, four times the best that a sigmoid offers.
#
# Or start from the fraction $u / v$ with $u = e^z - e^{-z}$ and $v = e^z + e^{-z}$. Each
# is the derivative of the other, and the quotient rule gives
#
# $$\tanh'(z) = \frac{u'v - u\,v'}{v^2} = \frac{v^2 - u^2}{v^2}$$
#
# **Your turn (2 points): write `dtanh`**, either way. It is checked with a right
# `dsigmoid`, and you may use `np.tanh`.
#
# <details><summary>Hint 1: test it at 0 and at 2</summary>
#
# At 0 the slope is 1, at 2 it is about 0.07. A slope of −3 at 2 comes from a square of
# $z$ where one of $\tanh(z)$ belongs.
#
# </details>
# <details><summary>Hint 2: what happens to a slope?</summary>
#
# Squeezing a curve by 2 along $z$ makes it twice as steep, and so does doubling its
# height. In the other form, tanh is applied in here, once: the argument is $z$.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Four times the slope of the sigmoid at twice the input. Or: the tanh of `z`, squared,
# and the square subtracted from 1.
#
# </details>


# %% nbgrader={"grade_id": "dtanh", "solution": true}
def dtanh(z):
    """Return the slope of tanh at each z.

    For [-1, 0, 2] the result is about [0.420, 1, 0.071]. Right to 1e-12 near 0: a
    difference quotient is not exact enough.

    Parameters
    ----------
    z : number or ndarray of any shape, int or float
        Weighted sums, from before the activation; left unchanged.

    Returns
    -------
    slope : float or ndarray of floats, shaped like z
    """
    ### BEGIN SOLUTION
    return 1 - np.tanh(z) ** 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dtanh_example", "grade": true, "points": 0.5}
def slope_to_lend(t):
    return 0.25 / np.cosh(t / 2) ** 2


alone = lent(dtanh, dsigmoid=slope_to_lend)
case_z = np.array([-1.0, 0.0, 0.5, 2.0])
expected = np.array([0.419974341614, 1.0, 0.786447732966, 0.070650824853])
suspects = {
    "z was squared instead of tanh(z) (hint 1)": [0.0, 1.0, 0.75, -3.0],
    "tanh was applied twice (hint 2)": [0.58781675, 1.0, 0.8135417, 0.44338254],
    "the square is missing": [1.7615942, 1.0, 0.53788284, 0.03597242],
    "only tanh(z) is squared, not the whole difference: mind the brackets": (
        (1 - np.tanh(case_z)) ** 2
    ),
    "this is tanh itself, not its slope": [-0.761594, 0.0, 0.462117, 0.964028],
    "this is tanh(z) squared; one step is missing (hint 3)": [
        0.58002566,
        0.0,
        0.21355227,
        0.92934918,
    ],
    "the slope has the wrong sign; tanh rises everywhere": -expected,
    "half of the slope: one of the two factors of 2 is missing (hint 2)": expected / 2,
    "a quarter of the slope: both factors of 2 are missing (hint 2)": expected / 4,
    "this has the form of the sigmoid's slope; that of tanh is another": [
        -1.3416198,
        0.0,
        0.24856489,
        0.034678405,
    ],
}
found = alone(case_z)
assert isinstance(found, np.ndarray) and found.shape == (4,), (
    f"dtanh returned {found!r:.60} for an array of shape (4,); a right one returns an "
    "array of shape (4,). Is `return` there? See hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 3"
)
np.testing.assert_array_equal(
    case_z, [-1, 0, 0.5, 2], err_msg="dtanh changed its input; work on a copy"
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_dtanh_all", "grade": true, "points": 1.5}
# Checked when graded: exact values near 0, large z, numbers, shapes, input unchanged.
### BEGIN HIDDEN TESTS
def slope_to_lend(t):
    return 0.25 / np.cosh(t / 2) ** 2


alone = lent(dtanh, dsigmoid=slope_to_lend)
sizes = np.random.default_rng(27)
cases = {
    "shape (1,)": np.array([0.3]),
    "shape (7,)": np.array([-1.6, -1.3, -0.4, 0.1, 0.6, 1.1, 1.9]),
    "shape (3, 2, 4)": sizes.uniform(-2, 1.5, size=(3, 2, 4)),
    "whole numbers": np.array([[-3, 2, 1], [0, 4, -1]]),
    "zeros of the same shape": np.zeros((2, 3)),
    "large z": np.array([-300.0, 20.0, 300.0]),
}
kept = [case_z.copy() for case_z in cases.values()]
*results, of_a_number = all_results(alone, [*cases.values(), -0.5])
for (name, case_z), before, found in zip(cases.items(), kept, results, strict=True):
    expected = 1 / np.cosh(before) ** 2
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: dtanh returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found, expected, rtol=0, atol=1e-9, err_msg=f"{name}: wrong slopes (hint 2)"
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=1e-12,
        err_msg=f"{name}: nearly right, like a difference quotient; use the formula",
    )
    np.testing.assert_array_equal(
        case_z, before, err_msg=f"{name}: the input was changed; work on a copy"
    )
assert np.shape(of_a_number) == () and abs(of_a_number - 0.786447732966) < 1e-9, (
    f"dtanh(-0.5) returned {of_a_number!r:.60}; expected the number 0.786448."
)
### END HIDDEN TESTS

# %% [markdown]
# Here is everything you have written so far, in one figure: your functions (solid) and
# their slopes (dashed). A dashed line has to be high where the solid one is steep, and 0
# where it is flat. A panel that breaks this rule points at a function to look at again.
# If all four keep it: well done, these are the parts that every network is made of.

# %%
leak = 0.2  # larger than usual, so that it shows
pairs = {
    "sigmoid": (sigmoid, dsigmoid),
    "tanh": (tanh_from_sigmoid, dtanh),
    "relu": (relu, drelu),
    "leaky relu": (lambda z: leaky_relu(z, leak), lambda z: np.maximum(drelu(z), leak)),
}
curves = pd.concat(
    pd.DataFrame({"z": grid, "y": f(grid) * 1.0, "activation": name, "curve": curve})
    for name, pair in pairs.items()
    for curve, f in zip(["value f(z)", "slope f'(z)"], pair, strict=True)
)
curves["activation"] = pd.Categorical(curves["activation"], list(pairs))
curves["curve"] = pd.Categorical(curves["curve"], ["value f(z)", "slope f'(z)"])

# %%
(
    ggplot(curves[curves["y"] <= 2], aes("z", "y", color="curve", linetype="curve"))
    + geom_line(size=1)
    + facet_wrap("activation", nrow=2)
    + scale_color_manual({"value f(z)": BLUE, "slope f'(z)": VERMILLION})
    + scale_linetype_manual({"value f(z)": "solid", "slope f'(z)": "dashed"})
    + labs(x="weighted sum z", y="value or slope", color="", linetype="")
    + theme_minimal()
    + theme(figure_size=(8, 5.6), legend_position="top")
)

# %% [markdown]
# *Figure:* Four panels, one per activation, with its value (solid) and slope (dashed).
# The sigmoid's slope is a low bump of height 0.25, tanh's a narrow bump of height 1.
# ReLU's slope jumps from 0 to 1 at z = 0, the leaky ReLU's from 0.2 to 1.

# %% [markdown]
# ## Multiply ten slopes
#
# In a deep network the error signal travels back through every layer, and each layer
# multiplies it by its slope. (By its weights too: lesson 05. Here you look at the
# slopes alone.) Ten sigmoids at their very best leave
# $0.25^{10} \approx 9.5 \cdot 10^{-7}$ of it. This is the **vanishing gradient**. Before
# you look: where does a chain of ReLUs with positive $z$ end?

# %%
depth = np.arange(1, 11)
chains = {
    "ReLU, z > 0": (1.0, GREEN, "s-"),
    "tanh, z = 1": (1 - np.tanh(1) ** 2, ORANGE, "^-."),
    "sigmoid, z = 0 (best case)": (0.25, BLUE, "o-"),
    "sigmoid, z = 2": (expit(2) * (1 - expit(2)), PURPLE, "v--"),
}
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for label, (slope, color, style) in chains.items():
    ax.semilogy(depth, slope**depth, style, color=color, label=label)
ax.set(xlabel="number of layers", ylabel="product of the slopes", xticks=depth)
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Product of the slopes over 1 to 10 layers, on a logarithmic axis: four
# straight lines. ReLU stays at 1, tanh at z = 1 falls to about 2e-4, the sigmoid at its
# best point to about 1e-6, and the sigmoid at z = 2 to below 1e-9.

# %% [markdown]
# ReLU has a price: below 0 its slope is exactly 0, the *dead zone*. The next table
# draws $z$ from bell curves of growing width and gives the share of slopes under 0.01.
# Look down each column: who suffers when the weighted sums grow?

# %%
rng = np.random.default_rng(2)
shares = {}
for spread in (1, 3, 10):
    many = rng.normal(0, spread, size=10_000)
    s = expit(many)
    slopes = {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(many) ** 2, "relu": many > 0}
    shares[spread] = {name: np.mean(slope < 0.01) for name, slope in slopes.items()}
pd.DataFrame(shares).T.rename_axis("standard deviation of z").round(2)

# %% [markdown]
# Sigmoid and tanh work while $z$ is small and saturate as it grows: this is why lesson
# 04 chooses the starting weights with care. ReLU loses half of its slopes at any width.
# That is harmless as long as each neuron gets a positive $z$ for *some* examples. A
# neuron of the first hidden layer that never does is dead for good; one further back
# may come to life again when the layers before it change. The leaky ReLU avoids both.

# %% [markdown]
# ## Turn scores into probabilities
#
# With $C$ classes a network ends in $C$ scores, the **logits** $z_1 \dots z_C$ of one
# example. Softmax makes them positive and scales them so that they sum to 1:
#
# $$p_j = \frac{e^{z_j}}{\sum_{k=1}^{C} e^{z_k}}$$
#
# By hand, for the logits 1, 2 and 3:
#
# | | class 0 | class 1 | class 2 | sum |
# |---|---|---|---|---|
# | logit $z_j$ | 1 | 2 | 3 | |
# | $e^{z_j}$ | 2.718 | 7.389 | 20.086 | 30.193 |
# | $p_j$, the row above divided by its sum | 0.090 | 0.245 | 0.665 | 1 |
#
# **Predict before you run (1 point).** The logits of an example are 1, 2 and 3. You add
# 100 to each of them. What happens to the three probabilities, in exact arithmetic?
#
# - **a** The largest one moves closer to 1, the others closer to 0.
# - **b** They stay as they are.
# - **c** Each is multiplied by $e^{100}$.
# - **d** They all move closer to 1/3.

# %% nbgrader={"grade_id": "predict_softmax_shift", "solution": true}
# predict_softmax_shift = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_softmax_shift = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_softmax_shift", "grade": true, "points": 1}
letter = str(predict_softmax_shift).strip().lower()
assert letter in ("a", "b", "c", "d"), (
    f"predict_softmax_shift is {predict_softmax_shift!r:.60}; write one of the letters "
    '"a", "b", "c" and "d", in quotes.'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if letter != "b":
    print(
        f"You chose {letter!r}. Adding 100 multiplies numerator and denominator by the "
        "same factor, e to the power 100, and it cancels."
    )
### END HIDDEN TESTS

# %% [markdown]
# This is what makes a stable softmax possible: subtract a number from the logits first
# and nothing changes, except that $e^{1000}$ is no longer needed. Which number? A batch
# has shape `(N, C)`, one example per row, and **each row is on its own**.
#
# **Your turn (4 points): write `softmax`** for a batch `(N, C)` and for one example
# `(C,)`.
#
# <details><summary>Hint 1: two numbers for each row</summary>
#
# Each row needs its own largest logit and its own sum. If one row lies around 0 and
# another around 2000, what happens to the first when the largest of *all* is
# subtracted?
#
# </details>
# <details><summary>Hint 2: axis and keepdims</summary>
#
# The classes are on the last axis: `axis=-1` means it for `(N, C)` and for `(C,)`. With
# `keepdims=True` a result of shape `(N, 1)` lines up with the rows again.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Subtract each row's maximum (last axis, `keepdims`) and keep the difference under a
# new name. Take `np.exp` of it. Divide by its sum, last axis and `keepdims` again.
#
# </details>


# %% nbgrader={"grade_id": "softmax", "solution": true}
def softmax(Z):
    """Turn the logits of each example into probabilities.

    The row [1, 2, 3] becomes about [0.090, 0.245, 0.665], and so does the row
    [1001, 1002, 1003]. Right to 1e-9, without overflow or NaN for logits of several
    thousand, also when rows lie far apart.

    Parameters
    ----------
    Z : ndarray, shape (N, C) or (C,), int or float
        Logits, one example per row, or one example; left unchanged.

    Returns
    -------
    P : ndarray of floats, shaped like Z
        Probabilities; each row adds up to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_softmax_example", "grade": true, "points": 1}
case_logits = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
expected = np.array(
    [[0.090030573170, 0.244728471055, 0.665240955775],
     [0.211941557583, 0.211941557583, 0.576116884834]]
)  # fmt: skip
suspects = {
    "the columns add up to 1, not the rows (hint 2)": [
        [0.73105858, 0.88079708, 0.88079708],
        [0.26894142, 0.11920292, 0.11920292],
    ],
    "the exponential is missing": [[0.16666667, 0.33333333, 0.5], [0.0, 0.0, 1.0]],
    "the base of the power is 2, not e": [
        [0.14285714, 0.28571429, 0.57142857],
        [0.25, 0.25, 0.5],
    ],
    "this is one sigmoid for each logit": [
        [0.73105858, 0.88079708, 0.95257413],
        [0.5, 0.5, 0.73105858],
    ],
}
found = softmax(case_logits)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"softmax returned {found!r:.60} for logits of shape (2, 3); a right one returns "
    "an array of shape (2, 3). See hint 2."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
sums = found.sum(axis=1)
fallback = f"the rows add up to {sums}; expected 1 for each (hint 1)"
if np.allclose(sums, 1):
    fallback = "each row adds up to 1, but its numbers are others (hint 3)"
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else fallback
)
found = softmax(np.array([1001.0, 1002.0, 1003.0]))
assert np.shape(found) == (3,) and abs(found[2] - 0.665241) < 1e-5, (
    f"softmax([1001, 1002, 1003]) returned {found!r:.60}; expected [0.0900, 0.2447, "
    "0.6652], as for [1, 2, 3]; one example has the shape (3,). See hint 1."
)
np.testing.assert_array_equal(
    case_logits,
    [[1, 2, 3], [0, 0, 1]],
    err_msg="softmax changed its input; work on a copy",
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_softmax_far_out", "grade": true, "points": 1.5}
# Checked when graded: logits of several thousand, rows far apart, no overflow, no NaN.
### BEGIN HIDDEN TESTS
case_logits = np.array(
    [[0.0, 1.0, 2.0], [2000.0, 2001.0, 2002.0], [-6002.0, -6001.0, -6000.0],
     [-2000.0, 4000.0, 1000.0]]
)  # fmt: skip
ascending = [0.090030573170, 0.244728471055, 0.665240955775]
expected = np.array([ascending, ascending, ascending, [0.0, 1.0, 0.0]])
with np.errstate(over="raise", divide="raise", invalid="raise"):
    try:
        found = softmax(case_logits)
    except FloatingPointError as problem:
        raise AssertionError(
            f"softmax of a batch with rows around 0, 2000 and -6000: {problem}. "
            "Overflow in exp: no maximum is subtracted. Invalid value: the maximum of "
            "all rows is subtracted instead of each row's own, and a row becomes 0 / 0 "
            "(hint 1)."
        ) from None
np.testing.assert_allclose(
    found,
    expected,
    rtol=0,
    atol=1e-9,
    err_msg="rows around 0, 2000 and -6000: the first three rows differ by a constant, "
    "so their probabilities are the same (hint 1)",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_softmax_shapes", "grade": true, "points": 1.5}
# Checked when graded: other N and C, one example, whole numbers, input unchanged.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(28)
cases = {
    "shape (1, 5)": sizes.normal(0.5, 2, size=(1, 5)),
    "shape (7, 4)": sizes.normal(-1, 3, size=(7, 4)),
    "shape (4, 6), all zeros": np.zeros((4, 6)),
    "shape (5,)": sizes.normal(0, 2, size=5),
    "whole numbers": np.array([[3, -1], [0, 2], [4, 4]]),
    "logits that add up to 1": np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]),
    "one example whose logits add up to 1": np.array([0.2, 0.5, 0.3]),
    "one row that adds up to 1": np.array([[0.2, 0.5, 0.3], [2.0, 0.4, -1.0]]),
}
kept = [case_logits.copy() for case_logits in cases.values()]
results = all_results(softmax, [*cases.values()])
for (name, case_logits), before, found in zip(
    cases.items(), kept, results, strict=True
):
    power = np.exp(before)
    expected = power / power.sum(axis=-1, keepdims=True)
    assert isinstance(found, np.ndarray) and found.shape == before.shape, (
        f"{name}: softmax returned {found!r:.60}; a right one returns an array of the "
        f"shape {before.shape} that came in."
    )
    np.testing.assert_allclose(
        found,
        expected,
        rtol=0,
        atol=1e-9,
        err_msg=f"{name}: wrong probabilities; sums of the rows {found.sum(-1)}",
    )
    np.testing.assert_array_equal(
        case_logits, before, err_msg=f"{name}: softmax changed its input"
    )
### END HIDDEN TESTS

# %% [markdown]
# Compare a shift with a stretch. Adding 100 leaves your probabilities alone.
# Multiplying by 3 does not: the distances between the logits are what softmax sees, and
# larger distances make it surer.

# %%
logits = np.array([1.0, 2.0, 3.0])
panels = {"logits 1, 2, 3": logits, "plus 100": logits + 100, "times 3": 3 * logits}
fig, axes = plt.subplots(1, 3, figsize=(9, 3), sharey=True, layout="constrained")
for ax, (title, values) in zip(axes, panels.items(), strict=True):
    bars = ax.bar(["class 0", "class 1", "class 2"], softmax(values), color=BLUE)
    ax.bar_label(bars, fmt="%.3f")
    ax.set(title=title, ylim=(0, 1.1))
axes[0].set_ylabel("probability p")
plt.show()

# %% [markdown]
# *Figure:* Three bar charts of three probabilities. For logits 1, 2, 3 they are 0.090,
# 0.245 and 0.665; after adding 100 to each logit they are the same; after multiplying
# by 3 they are 0.002, 0.047 and 0.950.

# %% [markdown]
# ## Find the bugs
#
# Six snippets follow. Some do what their comment says, some do not, and none of them
# raises an error. Decide by reading. Run them in a cell of your own afterwards.
#
# **A** – slope of the sigmoid at $z = 0$
# ```python
# def slope(z):
#     s = 1 / (1 + np.exp(-z))
#     return s * (1 - s)
#
# activation = 1 / (1 + np.exp(-0.0))
# slope(activation)
# ```
# **a** 0.0 · **b** 0.235 · **c** 0.25 · **d** 0.5
#
# **B** – ReLU of three numbers
# ```python
# numbers = np.array([-2.0, 0.5, 3.0])
# numbers * (numbers > 0)
# ```
# **a** −2, 0.5, 3 · **b** 0, 1, 1 · **c** 0, 0.5, 3 · **d** 0, 1, 3
#
# **C** – slope of tanh at $z = -1000$ and $z = 0$
# ```python
# activation = np.tanh(np.array([-1000.0, 0.0]))
# 1 - activation**2
# ```
# **a** 0, 1 · **b** 1, 0 · **c** −999999, 1 · **d** nan, 1
#
# **D** – softmax of two examples
# ```python
# batch = np.array([[0.0, 0.0], [2000.0, 2000.0]])
# e = np.exp(batch - batch.max())
# e / e.sum(axis=-1, keepdims=True)
# ```
# **a** 0.5 four times · **b** first row 0, second row 0.5 · **c** nan four times ·
# **d** first row nan, second row 0.5
#
# **E** – slope of ReLU at three numbers
# ```python
# activation = np.maximum(np.array([-2.0, 0.5, 3.0]), 0)
# np.where(activation >= 0, 1.0, 0.0)
# ```
# **a** 0, 1, 1 · **b** 1, 1, 1 · **c** 0, 0.5, 3 · **d** 0, 0, 0
#
# **F** – leaky ReLU with $\alpha = 0.1$
# ```python
# numbers = np.array([-2.0, 0.5, 3.0])
# np.maximum(numbers, 0.1 * numbers)
# ```
# **a** −2, 0.05, 0.3 · **b** 0, 0.5, 3 · **c** −0.2, 0.05, 0.3 · **d** −0.2, 0.5, 3

# %% [markdown]
# **Your turn (1 point): which snippets are wrong?** Write their letters in one string,
# in any order. Every letter has to be right for the point.
#
# <details><summary>Hint 1: z or a?</summary>
#
# In three snippets a slope is computed. Ask of each whether the line that does it
# expects $z$ or $a$, and which of the two it gets.
#
# </details>
# <details><summary>Hint 2: try the unfriendly input</summary>
#
# For the others put in a negative number, a very large one, and rows that are far
# apart.
#
# </details>
# <details><summary>Hint 3: by hand</summary>
#
# Write the value of every intermediate name on paper, one number at a time: what is
# `activation`, what is `e`? Remember that `np.exp(-2000.0)` is 0.
#
# </details>

# %% nbgrader={"grade_id": "bug_spot_wrong", "solution": true}
# bug_spot_wrong = <letters in one string, such as "BF">
### BEGIN SOLUTION
bug_spot_wrong = "ADE"
### END SOLUTION

# %% nbgrader={"grade_id": "test_bug_spot_wrong_letters", "grade": true, "points": 1}
assert isinstance(bug_spot_wrong, str | list | tuple | set), (
    f"bug_spot_wrong is {bug_spot_wrong!r:.60}; write letters in one string, such as "
    '"BF".'
)
letters = {sign for part in bug_spot_wrong for sign in str(part).upper()} - set(" ,")
assert letters and letters <= set("ABCDEF"), (
    f"bug_spot_wrong holds {sorted(letters)}; expected letters from A to F."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
missed, blamed = sorted(set("ADE") - letters), sorted(letters - set("ADE"))
assert not missed and not blamed, (
    f"Wrong but not named: {missed or 'none'}; named but right: {blamed or 'none'}. "
    "Run these snippets and compare with what their comment promises."
)
### END HIDDEN TESTS

# %% [markdown]
# **Your turn (2 points): what does each snippet give?** One point is for the wrong
# snippets, one for the right ones. (The hints above help here too. Watch what a
# snippet does, not what it should do.)

# %% nbgrader={"grade_id": "bug_spot_output", "solution": true}
# bug_spot_output = {"A": <one of "a", "b", "c", "d">, "B": ..., up to "F": ...}
### BEGIN SOLUTION
bug_spot_output = {"A": "b", "B": "c", "C": "a", "D": "d", "E": "b", "F": "d"}
### END SOLUTION

# %% nbgrader={"grade_id": "test_bug_spot_output_of_wrong", "grade": true, "points": 1}
right_form = isinstance(bug_spot_output, dict) and {*bug_spot_output} == {*"ABCDEF"}
assert right_form, (
    f"bug_spot_output is {bug_spot_output!r:.60}; expected a dict with the keys A to F."
)
answers = {key: str(given).strip().lower() for key, given in bug_spot_output.items()}
assert set(answers.values()) <= set("abcd"), (
    f"the answers are {answers}; expected one of the letters a, b, c and d for each."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
correct = {"A": "b", "D": "d", "E": "b"}
differ = [key for key in correct if answers[key] != correct[key]]
assert not differ, (
    f"Not what they give: {', '.join(differ)}. A: the sigmoid is applied twice. D: the "
    "first row is divided by a sum of 0. E: no output of ReLU is below 0."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_bug_spot_output_of_right", "grade": true, "points": 1}
# Checked when graded: the outputs of the snippets that are right.
### BEGIN HIDDEN TESTS
answers = {key: str(given).strip().lower() for key, given in bug_spot_output.items()}
correct = {"B": "c", "C": "a", "F": "d"}
differ = [key for key in correct if answers[key] != correct[key]]
assert not differ, (
    f"Not what they give: {', '.join(differ)}. B: True counts as 1, False as 0. C: "
    "this formula takes the activation. F: for a negative z, 0.1 z is the larger one."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>Why is 1 − σ(z) equal to σ(−z), and what does it mean for a
# probability?</summary>
#
# $1 - \frac{1}{1 + e^{-z}} = \frac{e^{-z}}{1 + e^{-z}} = \frac{1}{e^{z} + 1}$, which is
# $\sigma(-z)$. If $\sigma(z)$ is the probability of "yes", turning the sign of $z$
# around swaps "yes" and "no".
#
# </details>
# <details><summary>What does softmax give for the two logits z and 0?</summary>
#
# $e^{z} / (e^{z} + 1) = \sigma(z)$ for the first class. The sigmoid is softmax for two
# classes, one of which keeps the score 0.
#
# </details>
# <details><summary>You multiply all weights and biases of a sigmoid neuron by 10. What
# happens to its output, and to its slope?</summary>
#
# Every $z$ is ten times as large. The outputs move towards 0 or 1, and the slopes
# $\sigma'(z)$ shrink nearly everywhere: the neuron is surer, and slower to change its
# mind.
#
# </details>
#
# ## Go further
#
# - Xavier Glorot and Yoshua Bengio,
#   [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010: measures
#   saturation, layer by layer.
# - Günter Klambauer and others,
#   [Self-normalizing neural networks](https://arxiv.org/abs/1706.02515), 2017: SELU, an
#   activation that keeps the size of signals steady by itself.
# - SciPy's documentation of [`expit`, `softmax` and
#   `logsumexp`](https://docs.scipy.org/doc/scipy/reference/special.html), all written
#   with the tricks of this lesson. Look up `logsumexp`: lesson 03 needs a logarithm of
#   a softmax.
