# %% [markdown]
# # Train one neuron to state probabilities
#
# **What you will build:** a logistic regression of about 20 lines. Its four weights
# agree with scikit-learn's to 0.001, and it classifies 94 of 100 unseen tumours
# correctly; always guessing the commoner class gets 63.
#
# **What you need:** one neuron and the sigmoid (the two lessons before this one), NumPy
# arrays and their shapes, derivatives and logarithms from school.
#
# About 105 minutes, 30 points, of which 3 are marked by a person. Predictions get their
# points for being made. The cells that check answers are folded: run them.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/asking.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import expit, rel_entr
from sklearn.datasets import load_breast_cancer, make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

BLUE, VERMILLION, ORANGE = "#0072B2", "#D55E00", "#E69F00"
GREEN, BLACK = "#009E73", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, without points; the check answers at once.
#
# 1. What is the largest slope of the sigmoid? A number (lesson 02).
# 2. What turns the scores of several classes into probabilities? **a** the sigmoid of
#    each · **b** softmax · **c** ReLU (lesson 02)
# 3. What does the perceptron's rule do with an example that it gets right? **a** it
#    moves the weights a little · **b** nothing · **c** it doubles them (lesson 01)

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a letter in quotes>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 0.25, 2: "b", 3: "b"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (0.25, "At z = 0 the sigmoid is 0.5, and its slope 0.5 times 0.5."),
        2: ("b", "Its results are positive and sum to 1; separate sigmoids do not."),
        3: (
            "b",
            "Only mistakes move it. Logistic regression learns from every example.",
        ),
    },
)

# %% [markdown]
# ## Look at the task before you model it
#
# `make_moons` draws two interleaved half moons in the plane, 25 points on each. It hands
# back two arrays: the inputs `X`, and the labels `y`, which say of each point to which
# moon it belongs. Together they hold 150 numbers. The task: state the probability that
# a point belongs to moon 1.
#
# Four questions come before any code. Answer the first three in the cells below without
# running the data cell; the fourth, which features would help, closes this lesson.
#
# 1. How many examples $N$ are there?
# 2. How many inputs $D$ does each of them have?
# 3. How many weights does logistic regression learn for this task? It is one neuron
#    with a sigmoid. Count the bias too.

# %% nbgrader={"grade_id": "predict_examples", "solution": true}
# How many examples N? A whole number.
### BEGIN SOLUTION
predict_examples = 50
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_examples", "grade": true, "points": 0.5}
assert isinstance(predict_examples, int | float | np.number), (
    f"predict_examples is {predict_examples!r}; write a number, without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if predict_examples != 50:
    print(
        f"predict_examples is {predict_examples}; every point is an example, those of "
        "both moons together."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "predict_inputs", "solution": true}
# How many inputs D does each example have? A whole number.
### BEGIN SOLUTION
predict_inputs = 2
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_inputs", "grade": true, "points": 0.5}
assert isinstance(predict_inputs, int | float | np.number), (
    f"predict_inputs is {predict_inputs!r}; write a number, without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if predict_inputs != 2:
    print(
        f"predict_inputs is {predict_inputs}; 50 of the 150 numbers are labels, which "
        "are not inputs. The others are shared by 50 points."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "predict_weights", "solution": true}
# How many weights are learned, the bias counted? A whole number.
### BEGIN SOLUTION
predict_weights = 3
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_weights", "grade": true, "points": 0.5}
assert isinstance(predict_weights, int | float | np.number), (
    f"predict_weights is {predict_weights!r}; write a number, without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if predict_weights != 3:
    print(
        f"predict_weights is {predict_weights}; one neuron has one weight for each input "
        "and one bias, however many examples there are."
    )
### END HIDDEN TESTS

# %% [markdown]
# Now run the data cell and compare. `y` becomes a column of shape $(N, 1)$, because a
# prediction will have that shape too. Look for a straight line that separates the
# colours.


# %%
def draw_points(X, y, ax):
    """Draw class 0 as blue dots and class 1 as vermillion triangles."""
    for label, colour, marker in [(0, BLUE, "o"), (1, VERMILLION, "^")]:
        x1, x2 = X[y.ravel() == label].T
        ax.scatter(x1, x2, c=colour, marker=marker, ec="white", label=f"y = {label}")
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)


X, y = make_moons(n_samples=50, noise=0.1, random_state=42)
y = y.reshape(-1, 1).astype(float)
X.shape, y.shape

# %%
fig, ax = plt.subplots(figsize=(6, 3.5))
draw_points(X, y, ax)
plt.show()

# %% [markdown]
# *Figure:* 50 points in two half moons, 25 blue dots (y = 0) arching over 25 vermillion
# triangles (y = 1) that form a bowl. The arms interlock, so no straight line
# separates them: they are not **linearly separable**.

# %% [markdown]
# One neuron draws one straight line, so it will get some of these points wrong. How
# good is it nevertheless? That needs two things: a number for "how wrong", the
# **loss**, and something to compare with, a **baseline**. Here the moons are of equal
# size, so always answering the same class gets half of the points right. Keep that
# 0.50 in mind.
#
# A model that learns from examples has four parts: a function that predicts, a loss, a
# way to lower the loss on training data, and unseen data to judge the result. The
# sections below build them, the loss first.

# %% [markdown]
# ## Measure errors: the mean squared error
#
# The mean squared error (MSE) is the loss of regression:
#
# $$L_\text{MSE} = \frac{1}{N}\sum_{n=1}^{N} (y_n - \hat y_n)^2$$
#
# It is an average, so it does not grow with the number of examples; it is never
# negative; and it is 0 exactly when every prediction is right. Its unit is the square
# of the target's unit.

# %% [markdown]
# Short as it is, much can go wrong in it: `^` for the power, a minus sign in front, no
# average over the squares, predictions clipped to $10^{-6}$ from below. On top of that,
# a column of predictions may meet a flat array of labels. The next cell
# shows two of these traps; before you run it, say what the last number should be for a
# perfect prediction.

# %%
print("[3, 4] ^ 2            ", np.array([3, 4]) ^ 2)
labels = np.arange(5.0)
predictions = labels.reshape(-1, 1)  # the same numbers as a column: perfect
print("shape of the errors   ", (labels - predictions).shape)
print("mean of their squares ", np.mean((labels - predictions) ** 2))

# %% [markdown]
# `^` is a bitwise operation on integers, not a power. And (5,) minus (5, 1) broadcasts
# to all 25 differences, so a perfect prediction scores 4 instead of 0, without an
# error. Your `mse` has to survive both.

# %% [markdown]
# **Your turn (2.5 points): write `mse`**, right for columns and flat arrays alike.
#
# <details><summary>Hint 1: how do I make the two shapes agree?</summary>
#
# Bring `y` and `yhat` to one shape before you subtract. Which array method turns (N, 1)
# and (N,) alike into (N,)?
#
# </details>
# <details><summary>Hint 2: which operations, in which order?</summary>
#
# Flatten, subtract, square, average. `ravel`, `**` and `np.mean` are enough.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# With `error` the difference of `y.ravel()` and `yhat.ravel()`, return the mean of
# `error` times itself. Leave negative predictions as they are.
#
# </details>


# %% nbgrader={"grade_id": "mse", "solution": true}
def mse(y, yhat):
    """Return the mean squared error.

    Parameters
    ----------
    y : ndarray, shape (N,) or (N, 1)
        Targets, any real numbers.
    yhat : ndarray, shape (N,) or (N, 1)
        Predictions, compared with `y` element by element. It need not have the shape
        of `y`.

    Returns
    -------
    float
        For y = [1, 2] and yhat = [2, 4] it is 2.5; the unit is that of the target,
        squared.
    """
    ### BEGIN SOLUTION
    error = y.ravel() - yhat.ravel()
    return np.mean(error**2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_mse_example", "grade": true, "points": 0.5}
# The errors are -0.5, 1 and -1.5, their squares 0.25, 1 and 2.25.
case_y = np.array([[1.0], [2.0], [-4.0]])
case_yhat = np.array([[1.5], [1.0], [-2.5]])
found = mse(case_y, case_yhat)
assert np.ndim(found) == 0 and found is not None, (
    f"mse returned {found!r}; expected one number, the average over the examples "
    "(hint 2)."
)
causes = {
    3.5: "the squares are added up but not averaged",
    -3.5 / 3: "the sign is turned",
    3.5 / 6: "there is an extra 1/2",
    1.0: "this is the mean of the absolute errors; square them",
    np.sqrt(3.5 / 3): "this is the root of the MSE; leave the root out",
    17.25 / 3: "negative predictions are lifted to about 0",
}
cause = next(
    (text for value, text in causes.items() if np.isclose(found, value)),
    "subtract, square each error, then average",
)
assert np.isclose(found, 3.5 / 3, rtol=1e-9, atol=1e-12), (
    f"mse returned {found:.6f}, expected 3.5 / 3 = 1.166667: {cause} (hint 2)."
)
found = mse(np.arange(5.0), np.arange(5.0).reshape(-1, 1))
assert np.isclose(found, 0, atol=1e-12), (
    f"A perfect prediction, y (5,) and yhat (5, 1), scored {found} instead of 0: the "
    "two shapes broadcast to (5, 5) (hint 1)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_mse_shapes", "grade": true, "points": 1}
# Checked when graded: every pairing of (N,) and (N, 1), one example and seven.
### BEGIN HIDDEN TESTS
shapes = [
    *(((7,), (7,)), ((7,), (7, 1)), ((7, 1), (7,)), ((7, 1), (7, 1))),
    *(((1,), (1,)), ((1, 1), (1,))),
]
results = all_results(
    mse,
    [1.7 * np.arange(np.prod(shape)).reshape(shape) - 2.3 for shape, _ in shapes],
    [np.cos(np.arange(np.prod(shape))).reshape(shape) - 3.1 for _, shape in shapes],
)
for (y_shape, yhat_shape), found in zip(shapes, results, strict=True):
    case_k = np.arange(y_shape[0])
    expected = sum((1.7 * case_k - 2.3 - np.cos(case_k) + 3.1) ** 2) / len(case_k)
    assert np.ndim(found) == 0, (
        f"mse returned the shape {np.shape(found)}, expected one number."
    )
    assert np.isclose(found, expected, rtol=1e-9, atol=1e-12), (
        f"y {y_shape} with yhat {yhat_shape}: mse returned {found:.6f}, "
        f"expected {expected:.6f}. Compare element by element (hint 1)."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_mse_values", "grade": true, "points": 1}
# Checked when graded: whole numbers, large and negative values, errors that cancel,
# inputs unchanged.
### BEGIN HIDDEN TESTS
case_y = np.array([1000.0, -800.0, 3.0])
case_yhat = np.array([990.0, -1200.0, -5.0])
kept_y, kept_yhat = case_y.copy(), case_yhat.copy()
of_whole, of_large, of_small = all_results(
    mse,
    [np.array([3, 4, 9]), case_y, np.array([2, 4, 6])],
    [np.array([0, 0, 0]), case_yhat, np.array([3, 4, 5])],
)
assert np.isclose(of_whole, 106 / 3, rtol=1e-9, atol=1e-12), (
    f"Whole numbers: mse returned {of_whole}, expected 106 / 3. Is the power written "
    "as ^?"
)
assert np.isclose(of_large, (100 + 160000 + 64) / 3, rtol=1e-9, atol=1e-12), (
    f"Values around 1000: mse returned {of_large}, expected {160164 / 3}. Negative "
    "predictions count as they are, and nothing is cut off."
)
assert np.array_equal(case_y, kept_y) and np.array_equal(case_yhat, kept_yhat), (
    "mse changed one of its inputs; compute on new arrays."
)
assert np.isclose(of_small, 2 / 3, rtol=1e-9, atol=1e-12), (
    f"Errors of -1, 0 and 1: mse returned {of_small}, expected 2 / 3. Errors do not "
    "cancel, and each call has values of its own."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Charge for misplaced confidence: log loss
#
# A probability $p$ for class 1 deserves a loss of its own. **Log loss**, or binary
# cross-entropy (BCE), is the negative logarithm of the probability that was given to
# what really happened:
#
# $$\ell(y, p) = -\bigl(y \ln p + (1 - y) \ln(1 - p)\bigr)$$
#
# With $y = 1$ only $-\ln p$ is left, with $y = 0$ only $-\ln(1 - p)$. A label between 0
# and 1 (three of ten doctors say yes: 0.3) mixes the two.
#
# Why the logarithm? If the examples are independent, the probability that a model gives
# to *all* that happened is a product, the **likelihood**: 0.9 · 0.8 · 0.5 = 0.36 for
# three examples that got these probabilities. Its logarithm is a sum, and the minus
# sign makes it a loss. So the smallest log loss belongs to the model under which the
# data were most likely.

# %% [markdown]
# Computed as it stands, the formula breaks where it matters. Before you run the cell:
# what should a certain and right answer cost, and what does floating point say?

# %%
with np.errstate(divide="ignore", invalid="ignore"):
    for label, p in [(1, 1.0), (0, 1.0)]:
        loss = -(label * np.log(p) + (1 - label) * np.log(np.float64(1 - p)))
        print(f"y = {label}, p = {p}: {loss}")

# %% [markdown]
# Right and certain costs `nan` ($0 \cdot \ln 0$) and wrong and certain costs `inf`. One
# such value spoils the average over a million examples. The cure: keep $p$ inside
# $[\varepsilon, 1 - \varepsilon]$ with a tiny $\varepsilon$ before the logarithm is
# taken. With $\varepsilon = 10^{-12}$ the costliest mistake costs $-\ln 10^{-12}
# \approx 27.6$.

# %% [markdown]
# **Your turn (3 points): write `log_loss`**, finite for every p from 0 to 1.
#
# <details><summary>Hint 1: should anything be averaged here?</summary>
#
# No: `log_loss` returns one loss for each element, in the shape of its inputs.
# Which of the two terms is at work for y = 0, and does your code have both?
#
# </details>
# <details><summary>Hint 2: how do I keep p inside the bounds?</summary>
#
# `np.clip` takes an array and the two bounds and returns a new array. Use `eps` for the
# bounds, on both sides. `np.log` is the natural logarithm.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# First clip `p` between `eps` and one minus `eps`. Then write the formula with the
# clipped value in both logarithms. Do not branch on whether y is 1: the formula
# handles labels such as 0.3 by itself.
#
# </details>


# %% nbgrader={"grade_id": "log_loss", "solution": true}
def log_loss(y, p, eps=1e-12):
    """Return the log loss (binary cross-entropy) of each element.

    Parameters
    ----------
    y : float or ndarray, any shape
        Labels in [0, 1]; values between 0 and 1 (soft labels) are allowed.
    p : float or ndarray, shape of `y`
        Predicted probability of class 1, in [0, 1].
    eps : float
        `p` is kept inside [eps, 1 − eps], so that the loss stays finite.

    Returns
    -------
    float or ndarray, shape of `y`
        One loss for each element, not averaged: 0.105 for y = 1 and p = 0.9, 2.303
        for y = 0 and p = 0.9.
    """
    ### BEGIN SOLUTION
    p = np.clip(p, eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_log_loss_example", "grade": true, "points": 0.5}
case_y = np.array([0.0, 0.0, 1.0, 1.0])
case_p = np.array([0.01, 0.99, 0.01, 0.99])
found = log_loss(case_y, case_p)
assert np.shape(found) == (4,), (
    f"log_loss returned the shape {np.shape(found)}, expected (4,): one loss for each "
    "element, no average (hint 1)."
)
causes = {
    "the sign: a loss is never negative": [-0.01, -4.61, -4.61, -0.01],
    "the term for y = 0 is missing": [0.0, 0.0, 4.61, 0.01],
    "the term for y = 1 is missing": [0.01, 4.61, 0.0, 0.0],
    "the minus sign holds for both terms": [-0.01, -4.61, 4.61, 0.01],
    "label and probability are exchanged": [0.28, 27.35, 27.35, 0.28],
    "log10 is used, the formula has the natural logarithm": [0.0, 2.0, 2.0, 0.0],
    "the two terms are exchanged": [4.61, 0.01, 0.01, 4.61],
}
rounded = np.round(np.array(found, dtype=float), 2)
cause = next(
    (text for text, v in causes.items() if np.array_equal(rounded, v)),
    "compare with the formula term by term",
)
assert np.array_equal(rounded, [0.01, 4.61, 4.61, 0.01]), (
    f"log_loss([0, 0, 1, 1], [.01, .99, .01, .99]) rounds to {rounded}, expected "
    f"[0.01 4.61 4.61 0.01]: {cause} (hint 1)."
)
found = log_loss(np.array([1.0, 0.0, 0.0, 1.0]), np.array([1.0, 1.0, 0.0, 0.0]))
assert np.all(np.isfinite(found)), (
    f"For y = 1, 0, 0, 1 and p = 1, 1, 0, 0 log_loss returned {found}, expected four "
    "finite numbers: keep p inside [eps, 1 - eps] (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_log_loss_soft_labels", "grade": true, "points": 0.5}
# Checked when graded: labels between 0 and 1.
### BEGIN HIDDEN TESTS
case_y, case_p = np.array([0.3, 0.8, 0.5]), np.array([0.6, 0.25, 0.9])
expected = np.array(
    [
        -0.3 * np.log(0.6) - 0.7 * np.log(0.4),
        -0.8 * np.log(0.25) - 0.2 * np.log(0.75),
        -0.5 * np.log(0.9) - 0.5 * np.log(0.1),
    ]
)
found = log_loss(case_y, case_p)
np.testing.assert_allclose(
    found,
    expected,
    rtol=1e-9,
    atol=1e-8,
    err_msg="Soft labels: a label of 0.3 mixes both terms, 0.3 to 0.7; do not treat it "
    "as 0 or 1 (hint 3).",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_log_loss_certain", "grade": true, "points": 1}
# Checked when graded: p = 0 and p = 1 without a warning, and that eps is used.
### BEGIN HIDDEN TESTS
with np.errstate(over="raise", divide="raise", invalid="raise"):
    found = log_loss(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0]))
assert np.all(np.isfinite(found)), (
    f"At p = 0 and p = 1 log_loss returned {found}, expected finite numbers (hint 2)."
)
assert np.all(np.abs(found[:2]) < 1e-6), (
    f"Certain and right: log_loss returned {found[:2]}, expected 0 up to rounding."
)
assert np.all(found[2:] > 15), (
    f"Certain and wrong: log_loss returned {found[2:]}, expected more than 15; is eps "
    "larger than asked?"
)
found = log_loss(np.array([1.0, 0.0]), np.array([0.0, 1.0]), eps=1e-3)
assert np.allclose(found, -np.log(1e-3), rtol=1e-2), (
    f"With eps=1e-3 a certain mistake cost {found}, expected about 6.91 = -ln(eps): "
    "use the argument eps, on both sides (hint 2)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_log_loss_values", "grade": true, "points": 1}
# Checked when graded: numbers, columns and tables, p close to 0 and 1, inputs unchanged.
### BEGIN HIDDEN TESTS
case_y, case_p = np.array([1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.3])
cases = [
    (1, 0.25),
    (np.array([1.0, 0.0]), np.array([0.001, 0.999])),
    (np.array([1.0, 0.0]), np.array([0.9999, 0.0001])),
    (case_y, case_p),
]
shapes, expected_losses = [(1,), (7, 1), (2, 3)], []
for case_shape in shapes:
    size = int(np.prod(case_shape))
    flat_p = np.linspace(0.001, 0.87, size)
    flat_y = np.arange(size) % (2 if size == 7 else 1)  # all of class 0, too
    cases.append((flat_y.reshape(case_shape), flat_p.reshape(case_shape)))
    pairs = zip(flat_y, flat_p, strict=True)
    expected_losses.append([-np.log(q if t else 1 - q) for t, q in pairs])
of_numbers, far_off, near, _, *results = all_results(
    log_loss, *zip(*cases, strict=True)
)
assert np.ndim(of_numbers) == 0 and np.isclose(
    of_numbers, np.log(4), rtol=1e-9, atol=1e-8
), f"log_loss(1, 0.25) returned {of_numbers!r}, expected the number ln 4 = 1.386."
for case_shape, expected, found in zip(shapes, expected_losses, results, strict=True):
    assert np.shape(found) == case_shape, (
        f"Inputs {case_shape}: log_loss returned the shape {np.shape(found)} (hint 1)."
    )
    np.testing.assert_allclose(
        np.ravel(found), expected, rtol=1e-9, atol=1e-8, err_msg="log_loss (hint 3)"
    )
assert np.allclose(far_off, -np.log(0.001), rtol=1e-9, atol=1e-8), (
    f"p off by 0.999 cost {far_off}, expected 6.908 each: p is cut off too early."
)
assert np.allclose(near, -np.log(0.9999), rtol=1e-6, atol=0), (
    f"p off by 0.0001 cost {near}, expected 0.00010000500 each: a small loss is a loss."
)
assert np.array_equal(case_y, [1, 0, 1]) and np.array_equal(case_p, [0, 1, 0.3]), (
    "log_loss changed one of its inputs; clip into a new array."
)
### END HIDDEN TESTS

# %% [markdown]
# Squared error could judge a probability too: $(y - p)^2$. Compare the two for an
# example of class 1. Look at the left end, where the neuron is certain and wrong.

# %%
p_axis = np.linspace(0.001, 0.999, 500)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True)
for ax, label in zip(axes, (1, 0), strict=True):
    bce = log_loss(np.full(500, label), p_axis)
    ax.plot(p_axis, bce, c=ORANGE, lw=2, label="log loss (BCE)")
    ax.plot(p_axis, (label - p_axis) ** 2, "--", c=GREEN, lw=2, label="squared error")
    ax.set(xlabel="predicted probability $p$", title=f"the label is y = {label}")
axes[0].set_ylabel("loss of one example")
axes[0].legend()
plt.show()

# %% [markdown]
# *Figure:* Two mirrored panels of loss against p. For y = 1 the log loss (solid orange)
# climbs without bound as p falls to 0, to 6.9 at p = 0.001; the squared error (dashed
# green) flattens out and ends at 1. For y = 0 the same happens as p rises to 1.

# %% [markdown]
# ## Extend the charge to many classes: cross-entropy
#
# With $C$ classes a model states $C$ probabilities for each example, one row of $P$.
# Cross-entropy keeps the idea: look up the probability of the class that is true and
# take the negative logarithm. Then average:
#
# $$L_\text{CE} = -\frac{1}{N}\sum_{n=1}^{N} \ln P_{n,\,y_n}$$
#
# Here the labels $y_n$ are class numbers from 0 to $C - 1$, so $y$ has the shape
# $(N,)$. The probabilities of all other classes do not appear in the sum.

# %% [markdown]
# **Your turn (3 points): write `cross_entropy`**.
#
# <details><summary>Hint 1: which numbers of P are needed?</summary>
#
# N of them: from row n the entry in column y_n. For y = [2, 0] these are P[0, 2] and
# P[1, 0].
#
# </details>
# <details><summary>Hint 2: how do I pick one entry per row?</summary>
#
# Index with two arrays of length N, row numbers and column numbers; `np.arange(N)`
# gives the row numbers. A single `P[:, y]` picks columns for every row: an (N, N)
# table.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Pick `P[np.arange(len(y_int)), y_int]`, raise it to at least 1e-12 with `np.maximum`,
# take the logarithm, average, turn the sign.
#
# </details>


# %% nbgrader={"grade_id": "cross_entropy", "solution": true}
def cross_entropy(y_int, P):
    """Return the mean cross-entropy of class probabilities.

    Parameters
    ----------
    y_int : ndarray of int, shape (N,)
        True classes, 0 … C − 1.
    P : ndarray, shape (N, C)
        Probabilities (not scores), each row sums to one. They may be exactly 0.

    Returns
    -------
    float
        For y_int = [1, 0] and P = [[0.5, 0.5], [0.8, 0.2]] it is 0.458; finite also
        where the true class has the probability 0.
    """
    ### BEGIN SOLUTION
    p_true = P[np.arange(len(y_int)), y_int]
    return -np.mean(np.log(np.maximum(p_true, 1e-12)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_cross_entropy_example", "grade": true, "points": 0.5}
case_labels = np.array([2, 0, 1, 0])
case_P = np.array([[2, 3, 5], [7, 2, 1], [6, 1, 3], [2.5, 5, 2.5]]) / 10
found = cross_entropy(case_labels, case_P.copy())
assert np.ndim(found) == 0 and found is not None, (
    f"cross_entropy returned {found!r}; expected one number, the average over the "
    "examples (hint 3)."
)
causes = {
    -1.184675: "the sign is turned",
    -0.3875: "the logarithm is missing",
    4.738701: "the losses are added up but not averaged",
    0.394892: "the average runs over all N * C entries; divide by N",
    0.693147: "only the first example counts",
    1.195101: "each row gives one entry; are whole columns picked (hint 2)?",
    0.514498: "log10 is used instead of the natural logarithm",
}
cause = next(
    (text for v, text in causes.items() if np.isclose(found, v)),
    "look at one example by hand",
)
assert np.isclose(found, 1.184675, rtol=1e-5, atol=2e-5), (
    f"cross_entropy returned {found:.5f}, expected 1.18468, the mean over four examples "
    f"whose true classes got 0.5, 0.7, 0.1 and 0.25: {cause} (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_cross_entropy_sizes", "grade": true, "points": 1.5}
# Checked when graded: other N and C, one example, two classes, classes that do not
# occur, inputs unchanged.
### BEGIN HIDDEN TESTS
many_P, many_labels = [], []
for case_n, case_c in [(1, 5), (7, 4), (5, 2), (3, 10)]:
    case_scores = 0.3 + np.abs(np.sin(1.0 + np.arange(case_n * case_c)))
    case_P = case_scores.reshape(case_n, case_c)
    many_P.append(case_P / case_P.sum(axis=1, keepdims=True))
    many_labels.append((4 - 2 * np.arange(case_n)) % case_c)  # of two classes all 0
copies = [[one.copy() for one in many] for many in (many_labels, many_P)]
results = all_results(cross_entropy, many_labels, many_P)
cases = zip(many_labels, many_P, *copies, results, strict=True)
for case_labels, case_P, kept_labels, kept_P, found in cases:
    case_n, case_c = kept_P.shape
    pairs = enumerate(kept_labels)
    expected = -sum(np.log(kept_P[n, c]) for n, c in pairs) / case_n
    assert np.ndim(found) == 0 and np.isclose(found, expected, rtol=1e-5, atol=2e-5), (
        f"N = {case_n}, C = {case_c}: cross_entropy returned {found}, expected "
        f"{expected:.6f} (hint 2)."
    )
    for before, after in [(kept_P, case_P), (kept_labels, case_labels)]:
        assert np.array_equal(before, after), (
            "cross_entropy changed one of its inputs; compute on new arrays."
        )
case_P = np.array([[0.2, 0.5, 0.1, 0.2], [0.6, 0.1, 0.2, 0.1]])
try:
    found = cross_entropy(np.array([1, 0]), case_P)
except (ValueError, IndexError) as problem:
    found = f"an error ({problem})"
assert not isinstance(found, str) and np.isclose(found, -np.log(0.3) / 2, atol=2e-5), (
    f"Labels 1 and 0, four classes: cross_entropy gave {found}, expected 0.601986. C is "
    "the number of columns of P, also where the last classes do not occur (hint 2)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_cross_entropy_impossible", "grade": true, "points": 1}
# Checked when graded: probabilities that are 0 or very small, without a warning.
### BEGIN HIDDEN TESTS
case_P = np.array([[0, 1, 0, 0], [0.5, 0, 0, 0.5]])
try:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = cross_entropy(np.array([1, 3]), case_P)
except FloatingPointError as problem:
    found = f"an error ({problem})"
assert not isinstance(found, str) and np.isclose(found, np.log(2) / 2, atol=1e-6), (
    f"P = 0 at classes that are not true: cross_entropy gave {found}, expected "
    "0.346574; only the true class counts."
)
try:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = cross_entropy(np.array([0]), np.array([[0.0, 0.4, 0.6]]))
except FloatingPointError as problem:
    found = f"an error ({problem})"
assert not isinstance(found, str) and np.isfinite(found) and found > 15, (
    f"P = 0 at the true class: cross_entropy gave {found}, expected a finite number "
    "above 15 (hint 3)."
)
found = cross_entropy(np.array([2]), np.array([[0.9, 0.099, 0.001]]))
assert np.isclose(found, -np.log(0.001), atol=2e-4), (
    f"P = 0.001 at the true class: cross_entropy returned {found:.4f}, expected "
    "6.9078; the lower bound for P is too large."
)
### END HIDDEN TESTS

# %% [markdown]
# Cross-entropy expects probabilities. It is a common mistake to feed it raw scores
# (logits): it returns a number that means nothing, without complaint. Compare the same
# scores before and after softmax.

# %%
scores = np.array([[-2.0, 3.0, 0.5], [-3.0, -4.0, 0.2]])
exp_scores = np.exp(scores - scores.max(axis=1, keepdims=True))
softmax_scores = exp_scores / exp_scores.sum(axis=1, keepdims=True)
y_int = np.array([0, 1])
print(f"on scores:        {cross_entropy(y_int, scores):6.2f}")
print(f"on probabilities: {cross_entropy(y_int, softmax_scores):6.2f}")

# %% [markdown]
# ## Put the bias into the weights
#
# From here on the model has one neuron and two classes. A trick makes the formulas
# shorter: append an input that is always 1. Its weight is then added to every example,
# which is what a bias does.
#
# $$w_1 x_1 + w_2 x_2 + b \cdot 1 = x_b \cdot w, \qquad x_b = (x_1, x_2, 1),\;
# w = (w_1, w_2, b)$$
#
# For a batch, $X_b$ has the shape $(N, D+1)$ with the ones column **last**, and $w$ has
# the shape $(D+1, 1)$ with the bias last.

# %% [markdown]
# **Your turn (2 points): write `add_bias`**.
#
# <details><summary>Hint 1: what has to be appended?</summary>
#
# A column with as many ones as X has rows. Which shape does it need to fit beside X?
#
# </details>
# <details><summary>Hint 2: which functions help?</summary>
#
# `np.ones((N, 1))` makes the column, with N taken from `X.shape`. `np.hstack` puts
# arrays side by side, `np.vstack` would put them on top of each other.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# `np.hstack` takes one list: first X, then the column of ones.
#
# </details>


# %% nbgrader={"grade_id": "add_bias", "solution": true}
def add_bias(X):
    """Append a column of ones.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        One example per row.

    Returns
    -------
    Xb : ndarray, shape (N, D + 1)
        The columns of X, then a column of ones.
    """
    ### BEGIN SOLUTION
    return np.hstack([X, np.ones((X.shape[0], 1))])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_add_bias_example", "grade": true, "points": 0.5}
found = add_bias(np.full((50, 2), 0.5))
assert np.shape(found) == (50, 3), (
    f"add_bias of a (50, 2) array of 0.5 returned {str(found)[:20]}… with the shape "
    f"{np.shape(found)}, expected (50, 3): one more column, the same rows (hint 1)."
)
found = add_bias(np.array([[1.5, -2.0], [0.25, 4.0], [3.0, 7.5]]))
expected = np.array([[1.5, -2.0, 1.0], [0.25, 4.0, 1.0], [3.0, 7.5, 1.0]])
cause = "compare the columns one by one"
if np.shape(found) == (3, 3):
    if np.array_equal(found[:, 0], [1, 1, 1]):
        cause = "the ones come first; they go last"
    elif not np.array_equal(found[:, 2], [1, 1, 1]):
        cause = f"the last column is {found[:, 2]}, expected ones"
assert np.array_equal(found, expected), (
    f"add_bias returned\n{found}\nexpected\n{expected}\n{cause} (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_add_bias_sizes", "grade": true, "points": 1.5}
# Checked when graded: other sizes, one example, one input, whole numbers, columns that
# are 1 already or 0, X unchanged.
### BEGIN HIDDEN TESTS
cases = [
    1000.25 * np.sin(np.arange(case_n * case_d) + 1.0).reshape(case_n, case_d)
    for case_n, case_d in [(1, 4), (7, 3), (4, 1), (2, 6)]
]
copies = [case_x.copy() for case_x in cases]
of_ones = [
    *([[1.0, 5.0], [1.0, 6.0]], [[2.0, 1.0], [3.0, 1.0]]),
    *([[1.0]], [[0.0, 0.0]]),
]
others = [np.array([[5, 6], [7, 8], [9, 4]]), *map(np.array, of_ones)]
found_results = all_results(add_bias, [*cases, *others])
results, of_whole, ones_results = found_results[:4], found_results[4], found_results[5:]
for case_x, kept, found in zip(cases, copies, results, strict=True):
    case_n, case_d = kept.shape
    assert np.shape(found) == (case_n, case_d + 1), (
        f"add_bias of {(case_n, case_d)} returned {np.shape(found)}, expected "
        f"{(case_n, case_d + 1)}."
    )
    assert np.array_equal(found[:, :-1], kept), (
        f"X {(case_n, case_d)}: the first columns are not those of X."
    )
    assert np.array_equal(found[:, -1], np.ones(case_n)), (
        f"X {(case_n, case_d)}: the last column is {found[:, -1]}, expected ones."
    )
    assert np.array_equal(case_x, kept), "add_bias changed X; return a new array."
assert np.array_equal(of_whole, [[5, 6, 1], [7, 8, 1], [9, 4, 1]]), (
    f"Whole numbers: add_bias returned\n{of_whole}"
)
for kept, found in zip(of_ones, ones_results, strict=True):
    expected = [[*row, 1.0] for row in kept]
    assert np.array_equal(found, expected), (
        f"X = {kept}: add_bias returned {np.array(found).tolist()}, expected {expected}. "
        "A feature may be 1 or 0 in every row; it stays a feature (hint 1)."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Turn scores into probabilities
#
# The neuron's score $z = X_b w$ is any number; the sigmoid bends it into a probability:
#
# $$p = \sigma(X_b w), \qquad \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# The given `sigmoid` is the stable one of the lesson before this one, written as
# $e^{-\ln(1 + e^{-z})}$. It works for arrays of any shape.


# %%
def sigmoid(z):
    """Return 1 / (1 + exp(−z)), elementwise and without overflow."""
    return np.exp(-np.logaddexp(0, -z))


# %% [markdown]
# **Your turn (2.5 points): write `predict_proba`**.
#
# <details><summary>Hint 1: which shapes meet?</summary>
#
# (N, D+1) and (D+1, 1). Which product of the two has the shape (N, 1)?
#
# </details>
# <details><summary>Hint 2: which operations?</summary>
#
# One matrix product, `@`, and one call of `sigmoid`. The ones column is already part of
# Xb.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return `sigmoid` of the product of `Xb` and `w`, in this order.
#
# </details>


# %% nbgrader={"grade_id": "predict_proba", "solution": true}
def predict_proba(Xb, w):
    """Return each example's probability of class 1.

    Parameters
    ----------
    Xb : ndarray, shape (N, D + 1)
        Examples with the ones column last.
    w : ndarray, shape (D + 1, 1)
        Weights, the bias last.

    Returns
    -------
    p : ndarray, shape (N, 1)
        Not rounded. For Xb = [[2, 1], [0, 1]] and w = [[1], [-1]] it is about
        [[0.731], [0.269]].
    """
    ### BEGIN SOLUTION
    return sigmoid(Xb @ w)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_predict_proba_example", "grade": true, "points": 0.5}
# The scores are 0.25, 2.25, -1.75 and 0.75.
case_Xb = np.array([[2.0, 1, 1], [4, 0, 1], [-2, 1, 1], [1, 0, 1]])
case_w = np.array([[0.5], [-1.0], [0.25]])
found = predict_proba(case_Xb, case_w)
assert np.shape(found) == (4, 1), (
    f"predict_proba returned the shape {np.shape(found)}, expected (N, 1) = (4, 1) "
    "(hint 1)."
)
case_z = np.array([[0.25], [2.25], [-1.75], [0.75]])
expected = np.array(
    [
        [0.5621765008857981],
        [0.904650535100891],
        [0.14804719803168948],
        [0.6791786991753930],
    ]
)
cause = "check the product (hint 1)"
if np.allclose(found, case_z):
    cause = "these are the scores z; the sigmoid is missing (hint 2)"
elif np.allclose(found, 1 - expected):
    cause = "this is the probability of class 0; check the sign in the exponent"
elif np.allclose(found, np.round(expected)):
    cause = "these are classes; return the probabilities unrounded"
elif np.allclose(np.ravel(found), [0.5, 0.880797, 0.1192029, 0.6224593]):
    cause = "the bias, the last weight, is missing"
assert np.allclose(found, expected, rtol=1e-9, atol=1e-9), (
    f"predict_proba returned {np.ravel(found).round(4)}, expected "
    f"{expected.ravel().round(4)}: {cause}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_predict_proba_sizes", "grade": true, "points": 1}
# Checked when graded: other sizes, one example, scores from -10 to 10.
### BEGIN HIDDEN TESTS
many_Xb, many_w, many_p = [], [], []
for case_n, case_k in [(1, 2), (7, 5), (3, 4)]:
    case_Xb = 4 * np.sin(np.arange(case_n * case_k) + 0.5).reshape(case_n, case_k)
    case_Xb[:, -1] = 1
    case_w = (1.3 - 0.8 * np.arange(case_k)).reshape(case_k, 1)
    case_z = np.array([[sum(row * case_w[:, 0])] for row in case_Xb])
    many_Xb.append(case_Xb)
    many_w.append(case_w)
    many_p.append(1 / (1 + np.exp(-case_z)))
results = all_results(predict_proba, many_Xb, many_w)
for expected, found in zip(many_p, results, strict=True):
    assert np.shape(found) == expected.shape, (
        f"predict_proba returned {np.shape(found)}, expected {expected.shape} (hint 1)."
    )
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-9, err_msg="predict_proba (hint 2)"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_predict_proba_large", "grade": true, "points": 1}
# Checked when graded: inputs around 1000, small scores, each row and each call on its
# own, inputs unchanged.
### BEGIN HIDDEN TESTS
case_Xb = np.array([[1000.0, -1500.0, 1.0], [2500.0, 900.0, 1.0]])
case_w = np.array([[0.002], [0.001], [-0.75]])
kept_Xb, kept_w = case_Xb.copy(), case_w.copy()
expected = 1 / (1 + np.exp(-np.array([[-0.25], [5.15]])))
small_Xb, small_w = np.array([[0.4, 0.2, 1], [0.5, 0.1, 1]]), [[0.5], [-1.0], [0.3]]
small = 1 / (1 + np.exp(-np.array([[0.3], [0.45]])))
others = [
    ("The weights turned around", kept_Xb, -kept_w, 1 - expected),
    ("The rows turned around", kept_Xb[::-1], kept_w, expected[::-1]),
    ("Scores of 0.3 and 0.45", small_Xb, np.array(small_w), small),
    ("Weights of 0", kept_Xb, 0 * kept_w, np.array([[0.5], [0.5]])),
]
found, of_one_row, *results = all_results(
    predict_proba,
    [case_Xb, kept_Xb[1:].copy(), *(other_Xb.copy() for _, other_Xb, _, _ in others)],
    [case_w, kept_w.copy(), *(other_w.copy() for _, _, other_w, _ in others)],
)
assert np.allclose(found, expected, rtol=1e-9, atol=1e-9), (
    f"Inputs around 1000: predict_proba returned {np.ravel(found)}, expected "
    f"{expected.ravel()}."
)
assert np.array_equal(case_Xb, kept_Xb) and np.array_equal(case_w, kept_w), (
    "predict_proba changed one of its inputs; compute on new arrays."
)
assert np.allclose(of_one_row, expected[1:], rtol=1e-9, atol=1e-9), (
    "A row gives another probability when it comes alone; expected the same: each row is "
    "judged by itself."
)
for (told, _, _, expected_p), found in zip(others, results, strict=True):
    assert np.allclose(found, expected_p, rtol=1e-9, atol=1e-9), (
        f"{told}: predict_proba returned {np.ravel(found)}, expected "
        f"{expected_p.ravel()}. Each call takes the sigmoid of its own scores (hint 2)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Try the pieces together on the 50 points, with weights that somebody made up. The mean
# log loss is the number that training will lower.

# %%
Xb = add_bias(X)
w = np.array([[1.0], [-1.0], [0.5]])
p = predict_proba(Xb, w)
print("labels       ", y[:5].ravel())
print("probabilities", p[:5].ravel().round(2))
print("mean log loss", log_loss(y, p).mean().round(3))


# %% nbgrader={"grade_id": "check_parts", "locked": true}
# What the checks of two exercises lend them in place of your functions.
def bias_to_lend(rows):
    return np.insert(rows, rows.shape[1], 1.0, axis=1)


def proba_to_lend(rows, point):
    return expit(rows @ point)


def loss_to_lend(truth, stated, eps=1e-12):
    stated = np.maximum(eps, np.minimum(stated, 1 - eps))
    return rel_entr(truth, stated) + rel_entr(1 - truth, 1 - stated)


def slopes_to_lend(rows, truth, point):
    """Measure the slopes, all weights at once, by a small step to either side."""
    scores = rows @ point + 1e-5 * np.array([rows, -rows])
    up, down = (np.logaddexp(0, scores) - truth * scores).sum(axis=1)
    return (up - down).reshape(-1, 1) / (2e-5 * len(rows))


# For a run that is long and leads nowhere, of steps that cost next to nothing.
def ones_to_lend(rows, point):
    return rows[:, -1:]


def same_to_lend(truth, stated, eps=1e-12):
    return stated


def flat_to_lend(rows, truth, point):
    return np.maximum(point, 1e-9)


# %% [markdown]
# ## Find out which way is down: the gradient
#
# Training asks how the loss changes with each weight. One example's loss depends on $w$
# through a chain, $w \to z \to p \to \ell$, so three slopes are multiplied:
#
# $$\frac{\partial \ell}{\partial p} = \frac{p - y}{p\,(1 - p)}, \qquad
# \frac{\partial p}{\partial z} = p\,(1 - p), \qquad
# \frac{\partial z}{\partial w} = x_b$$
#
# The factor $p\,(1-p)$ cancels. What remains is the error of the probability times the
# input: $(p - y)\,x_b$.

# %% [markdown]
# The loss $L$ is the mean over all $N$ examples, so its gradient is the mean of those
# products. `bce_grad` returns it in the shape of $w$: one slope for each weight.
#
# Why follow the gradient and no other direction? A small step $v$ changes the loss by
# about the sum of slope times step over all weights, $\sum_j \frac{\partial L}{\partial
# w_j} v_j$. Among all steps of one length this is largest for the $v$ that points the
# way of the gradient: it is the direction of **steepest ascent**. And it is 0 for a $v$
# at right angles to it, so the gradient crosses the level lines of the loss squarely.
# Turning around is the training loop's job.
#
# By hand, for two examples with one input, $x = 2$ with $y = 1$ and $x = -1$ with $y =
# 0$, and all weights 0: both $p$ are 0.5, so the errors are −0.5 and 0.5. The slope
# along $w_1$ is the mean of $-0.5 \cdot 2$ and $0.5 \cdot (-1)$, −0.75; that along the
# bias is the mean of −0.5 and 0.5, which is 0.

# %% [markdown]
# **Your turn (4 points): write `bce_grad`**.
#
# <details><summary>Hint 1: how large is the result?</summary>
#
# Like w: (D+1, 1). The errors p − y have the shape (N, 1). Which arrangement of Xb, (N,
# D+1), can be multiplied with them and gives (D+1, 1)?
#
# </details>
# <details><summary>Hint 2: which sum is this?</summary>
#
# Entry j is the sum over n of (p_n − y_n) · Xb[n, j], divided by N. A matrix product
# with a transposed Xb does all sums at once.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Compute the probabilities with `sigmoid(Xb @ w)`. Multiply `Xb.T` with the errors and
# divide by `len(y)`. No further factor: p (1 − p) is already cancelled.
#
# </details>


# %% nbgrader={"grade_id": "bce_grad", "solution": true}
def bce_grad(Xb, y, w):
    """Return the gradient of the mean log loss with respect to the weights.

    Parameters
    ----------
    Xb : ndarray, shape (N, D + 1)
        Examples with the ones column last.
    y : ndarray, shape (N, 1)
        Labels 0 or 1.
    w : ndarray, shape (D + 1, 1)
        Weights at which the slope is taken, the bias last.

    Returns
    -------
    dw : ndarray, shape (D + 1, 1)
        One slope per weight. The two examples above, with all weights 0, give
        [[-0.75], [0]].
    """
    ### BEGIN SOLUTION
    error = sigmoid(Xb @ w) - y
    return Xb.T @ error / len(y)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_bce_grad_example", "grade": true, "points": 1}
alone = lent(bce_grad, predict_proba=proba_to_lend)
# The probabilities are 3/4, 1/2, 1/4, 3/4 and 3/4.
case_Xb = np.array([[2, -1, 1], [0, 3, 1], [-2, 1, 1], [2, 0.5, 1], [2, -2, 1]])
case_y = np.array([[1.0], [0.0], [1.0], [0.0], [0.0]])
case_w = np.array([[np.log(3) / 2], [0.0], [0.0]])
found = alone(case_Xb.copy(), case_y.copy(), case_w.copy())
assert np.shape(found) == (3, 1), (
    f"bce_grad returned the shape {np.shape(found)}, expected that of w, (3, 1) "
    "(hint 1)."
)
expected = np.array([[0.8], [-0.025], [0.2]])
chained = np.array([[0.15], [0.0140625], [0.04375]])
causes = [
    (-expected, "the sign: the error is p - y, and the gradient points uphill"),
    (5 * expected, "the sum is not divided by N"),
    (chained, "there is a factor p (1 - p) too many; it has cancelled"),
    (2 * chained, "this is the gradient of the squared error"),
    (5 / 3 * expected, "the division is by the number of weights, not by N"),
    (2 * expected, "there is an extra factor 2"),
    (expected + case_w / 5, "a penalty on the weights is added; none is asked"),
    ([[0.4], [0.15], [0.1]], "p does not depend on w"),
]
cause = next(
    (text for value, text in causes if np.allclose(found, value)),
    "work out one entry by hand",
)
assert np.allclose(found, expected, rtol=1e-9, atol=1e-9), (
    f"bce_grad returned {np.ravel(found)}, expected [0.8 -0.025 0.2] to nine digits: "
    f"{cause} (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_bce_grad_numeric", "grade": true, "points": 2}
# Checked when graded: agreement with slopes measured by tiny steps of each weight, and
# a small gradient.
### BEGIN HIDDEN TESTS
alone = lent(bce_grad, predict_proba=proba_to_lend)
many_Xb, many_y, many_w = [], [], []
for case_n, case_k in [(7, 4), (1, 3), (5, 2), (3, 6)]:
    case_Xb = 2 * np.sin(1.7 * np.arange(case_n * case_k) + 0.4).reshape(case_n, case_k)
    case_Xb[:, -1] = 1
    many_Xb.append(case_Xb)
    # Five examples are all of class 0.
    case_y = (np.arange(case_n) % 3 == 1) & (case_n != 5)
    many_y.append(case_y.astype(float).reshape(case_n, 1))
    many_w.append((0.9 - 0.55 * np.arange(case_k)).reshape(case_k, 1))
near_Xb, near_y = np.array([[3.0, 1.0], [-2.0, 1.0]]), np.array([[1.0], [0.0]])
copies = [[part.copy() for part in parts] for parts in (many_Xb, many_y, many_w)]
for parts, one in zip(copies, (near_Xb, near_y, np.array([[3.0], [0.0]])), strict=True):
    parts.append(one)
*results, near_goal = all_results(alone, *copies)
cases = zip(many_Xb, many_y, many_w, results, strict=True)
for case_Xb, case_y, case_w, found in cases:
    case_n, case_k = case_Xb.shape
    steps = 1e-5 * np.eye(case_k)
    case_z = case_Xb @ np.hstack([case_w + steps, case_w - steps])
    losses_at = np.mean(np.logaddexp(0, case_z) - case_y * case_z, axis=0)
    expected = (losses_at[:case_k] - losses_at[case_k:]).reshape(case_k, 1) / 2e-5
    assert np.shape(found) == (case_k, 1), (
        f"bce_grad returned the shape {np.shape(found)}, expected {(case_k, 1)} "
        "(hint 1)."
    )
    error = np.abs(found - expected).max() / np.abs(expected).max()
    assert error < 1e-6, (
        f"N = {case_n}, {case_k} weights: bce_grad returned "
        f"{np.ravel(found).round(5)}, the measured slopes are "
        f"{expected.ravel().round(5)} (hint 2)."
    )
case_error = 1 / (1 + np.exp(-np.array([[9.0], [-6.0]]))) - [[1.0], [0.0]]
case_Xb = np.array([[3.0, 1.0], [-2.0, 1.0]])
expected = np.array([[sum(case_Xb[:, j] * case_error[:, 0]) / 2] for j in range(2)])
assert np.allclose(near_goal, expected, rtol=1e-6, atol=0), (
    f"Near the goal: bce_grad returned {np.ravel(near_goal)}, expected "
    f"{expected.ravel()}. A small slope is a slope (hint 2)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_bce_grad_mean", "grade": true, "points": 1}
# Checked when graded: examples given three times, large inputs, other labels, inputs
# unchanged.
### BEGIN HIDDEN TESTS
alone = lent(bce_grad, predict_proba=proba_to_lend)
case_Xb = np.array([[1200.0, -0.5, 1.0], [-900.0, 2.5, 1.0]])
case_y, case_w = np.array([[1.0], [0.0]]), np.array([[0.001], [-0.4], [0.3]])
kept = [case_Xb.copy(), case_y.copy(), case_w.copy()]
case_error = 1 / (1 + np.exp(-np.array([[1.7], [-1.6]]))) - case_y
expected = np.array([[sum(case_Xb[:, j] * case_error[:, 0]) / 2] for j in range(3)])
found, of_thrice, of_others = all_results(
    alone,
    [case_Xb, np.vstack([kept[0]] * 3), kept[0].copy()],
    [case_y, np.vstack([kept[1]] * 3), 1 - kept[1]],
    [case_w, kept[2].copy(), kept[2].copy()],
)
assert np.allclose(found, expected, rtol=1e-9, atol=1e-9), (
    f"Inputs around 1000: bce_grad returned {np.ravel(found)}, expected "
    f"{expected.ravel()} (hint 2)."
)
for before, after in zip(kept, [case_Xb, case_y, case_w], strict=True):
    assert np.array_equal(before, after), (
        "bce_grad changed one of its inputs; compute on new arrays."
    )
assert np.allclose(of_thrice, expected, rtol=1e-9, atol=1e-9), (
    "The same examples given three times changed the gradient; it is a mean over N."
)
expected = expected + np.mean(kept[0] * (2 * kept[1] - 1), axis=0).reshape(3, 1)
assert np.allclose(of_others, expected, rtol=1e-9, atol=1e-9), (
    f"The same inputs with other labels: bce_grad returned {np.ravel(of_others)}, "
    f"expected {expected.ravel()}. Each call uses its own labels (hint 2)."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Compare what the two losses teach
#
# Training moves $z$ against the slope of the loss, so the slope with respect to $z$ is
# all a neuron gets to learn from. For log loss it is $p - y$. For squared error the
# sigmoid's slope does not cancel, and $2\,(p - y)\,p\,(1 - p)$ remains. Here is an
# example of class 1: the further left, the more wrong the neuron is.

# %%
z_axis = np.linspace(-8, 8, 400)
p_of_z = sigmoid(z_axis)
fig, ax = plt.subplots(figsize=(7, 3.5))
ax.plot(z_axis, p_of_z - 1, c=ORANGE, lw=2, label="log loss: $p - y$")
squared = 2 * (p_of_z - 1) * p_of_z * (1 - p_of_z)
ax.plot(z_axis, squared, "--", c=GREEN, lw=2, label="squared error: $2(p - y)p(1 - p)$")
ax.axhline(0, c=BLACK, lw=0.5)
ax.set(xlabel="score $z$ (the label is y = 1)", ylabel="slope of the loss")
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure:* Slope against z for a label of 1. The log loss's slope (solid orange) is
# close to −1 for very negative z and rises to 0 for positive z. The squared error's
# slope (dashed green) is a shallow dip of about −0.3 near z = −0.7 and is close to 0 at
# both ends.

# %% [markdown]
# **Written answer, 3 points, marked by a person.** Two neurons make the same bad
# mistake: the label is 1 and the score is $z = -6$, so $p \approx 0.0025$. One trains
# with squared error, the other with log loss. Which one recovers first, and why? Use
# numbers from the two figures or the formulas, and say what happens to the factor
# $p\,(1 - p)$. Four or five sentences are enough.
#
# How it is marked:
#
# - **3 points:** names the neuron, gives both slopes at $z = -6$ as numbers, and
#   explains their difference by what happens to $p\,(1 - p)$ in each of the two losses.
# - **2 points:** the right neuron and a reason that rests on slopes, but the numbers or
#   the factor are missing.
# - **1 point:** compares the sizes of the two losses only, without their slopes.

# %% [markdown] nbgrader={"grade_id": "why_cross_entropy", "grade": true, "solution": true, "points": 3}
# **Your answer**
#
# ### BEGIN SOLUTION
# The neuron with log loss recovers first. A neuron moves z in proportion to the slope
# of the loss. At z = −6 the slope of the log loss is p − y = 0.0025 − 1, about −1,
# close to the largest it can be. The slope of the squared error is 2 · (−0.9975) ·
# 0.0025 · 0.9975, about −0.005, some 200 times smaller, although the prediction is as
# wrong as it can be: its loss is almost 1, the most a squared error of probabilities
# can cost. The reason is the factor p (1 − p), the slope of the sigmoid. It is tiny
# where the sigmoid is saturated. In the log loss it cancels against the slope 1 / (p (1
# − p)) of the logarithms; in the squared error nothing cancels it.
# ### END SOLUTION

# %% [markdown]
# ## Walk downhill: gradient descent
#
# One update moves the weights a small step against the gradient. The learning rate
# $\eta$ says how long the step is; it is a **hyperparameter**, a number that you choose
# and the training does not:
#
# $$w \leftarrow w - \eta\, \frac{\partial L}{\partial w}$$
#
# Repeat this for a number of epochs, each time with all $N$ examples (full batch). With
# `w0=None` training starts with all weights at zero.
#
# **Predict before you run (0.5 points).** What is the mean log loss before the first
# update then, on any data set? Recall what $\sigma(0)$ is.

# %% nbgrader={"grade_id": "predict_first_loss", "solution": true}
# "a": 0    "b": 0.5    "c": 0.69    "d": 1    "e": it depends on the data
### BEGIN SOLUTION
predict_first_loss = "c"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_first_loss", "grade": true, "points": 0.5}
assert str(predict_first_loss).lower() in ("a", "b", "c", "d", "e"), (
    f"predict_first_loss is {predict_first_loss!r}; write one letter in quotes, a to e."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if str(predict_first_loss).lower() != "c":
    print(
        f"predict_first_loss is {predict_first_loss!r}; with zero weights every z is 0 and "
        "every p is 0.5. What is -ln 0.5?"
    )
### END HIDDEN TESTS

# %% [markdown]
# Now write the loop. Use the functions you have written: this exercise is checked with
# right versions of them, so that a slip in one costs its points once. Three promises to
# keep: the loss is recorded **before** each update, all `epochs` updates are made, and
# the caller's `w0` stays as it was.


# %% [markdown]
# **Your turn (5 points): write `fit_logreg`**.
#
# <details><summary>Hint 1: what happens in one epoch?</summary>
#
# Two things, in this order: note how large the loss is with the present weights, then
# change the weights. What must happen once, before the first epoch?
#
# </details>
# <details><summary>Hint 2: which pieces do I need?</summary>
#
# Before the loop: `add_bias(X)`, an empty list, and w as zeros of shape (D+1, 1) or as
# a copy of w0. In the loop: the mean of `log_loss` of `predict_proba`, then `bce_grad`.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# In the loop append `float(...)` of the mean loss, then bind w anew to w minus lr times
# the gradient. `w -= ...` would write into the caller's array, if w is that array.
#
# </details>


# %% nbgrader={"grade_id": "fit_logreg", "solution": true}
def fit_logreg(X, y, lr, epochs, w0=None):
    """Fit logistic regression by full-batch gradient descent.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        Examples, without a ones column.
    y : ndarray, shape (N, 1)
        Labels 0 or 1.
    lr : float
        Learning rate η.
    epochs : int
        Number of updates; all of them are made.
    w0 : ndarray, shape (D + 1, 1), optional
        Weights to start from, the bias last; None means zeros. It is not changed.

    Returns
    -------
    w : ndarray, shape (D + 1, 1)
        Weights after the last update, the bias last.
    losses : list of float, length epochs
        Mean log loss before each update.
    """
    ### BEGIN SOLUTION
    Xb = add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
        w = w - lr * bce_grad(Xb, y, w)
    return w, losses
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_fit_logreg_first_steps", "grade": true, "points": 1}
alone = lent(
    fit_logreg,
    add_bias=bias_to_lend,
    predict_proba=proba_to_lend,
    log_loss=loss_to_lend,
    bce_grad=slopes_to_lend,
)
# From zero weights the first gradient is -0.4, 0.75 and 0.1.
case_x = np.array([[2.0, -1.0], [0.0, 3.0], [1.0, 1.0], [-2.0, 0.5], [1.0, -2.0]])
case_y = np.array([[1.0], [0.0], [0.0], [0.0], [1.0]])
found_w, found_losses = alone(case_x, case_y, 0.5, 1)
assert np.shape(found_w) == (3, 1), (
    f"fit_logreg returned w with the shape {np.shape(found_w)}, expected (D+1, 1), "
    "here (3, 1)."
)
expected = np.array([[0.2], [-0.375], [-0.05]])
cause = "one update from zeros is -lr * gradient"
if np.allclose(found_w, -expected):
    cause = "the step goes uphill; subtract the gradient"
elif np.allclose(found_w, 2 * expected):
    cause = "lr is not used"
assert np.allclose(found_w, expected, rtol=1e-9, atol=1e-9), (
    f"After one update with lr = 0.5 w is {np.ravel(found_w).round(4)}, expected "
    f"[0.2 -0.375 -0.05]: {cause} (hint 3)."
)
found_w, found_losses = alone(case_x, case_y, 0.5, 20)
assert isinstance(found_losses, list) and len(found_losses) == 20, (
    f"For 20 epochs losses is of type {type(found_losses).__name__} and length "
    f"{np.size(found_losses)}, expected a list of 20 numbers (hint 1)."
)
assert np.isclose(found_losses[0], np.log(2), atol=1e-5), (
    f"The first loss is {found_losses[0]:.4f}, expected 0.6931, the mean log loss at "
    "the starting weights: record it before the update (hint 1)."
)
assert found_losses[-1] < found_losses[1] < found_losses[0], (
    f"The losses {np.round(found_losses[:3], 3)} … {found_losses[-1]:.3f} do not "
    "fall; does each epoch use the weights of the one before?"
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_fit_logreg_path", "grade": true, "points": 2}
# Checked when graded: weights and losses of whole runs, from zeros and from a given w0.
### BEGIN HIDDEN TESTS
alone = lent(
    fit_logreg,
    add_bias=bias_to_lend,
    predict_proba=proba_to_lend,
    log_loss=loss_to_lend,
    bce_grad=slopes_to_lend,
)
case_x = 1.5 * np.sin(1.3 * np.arange(21) + 0.2).reshape(7, 3)
case_y = np.array([[1.0], [0.0], [0.0], [1.0], [0.0], [1.0], [0.0]])
case_ones = np.hstack([case_x, np.ones((7, 1))])
starts = [(np.array([[0.4], [-0.7], [1.1], [-0.3]]), 0.8, 12), (None, 0.3, 5)]
results = all_results(
    alone,
    [case_x.copy() for _ in starts],
    [case_y.copy() for _ in starts],
    [rate for _, rate, _ in starts],
    [count for _, _, count in starts],
    [None if start is None else start.copy() for start, _, _ in starts],
)
for (start, rate, count), (found_w, found_losses) in zip(starts, results, strict=True):
    expected_w = np.zeros((4, 1)) if start is None else start.copy()
    expected_losses = []
    for _ in range(count):
        case_z = case_ones @ expected_w
        expected_losses.append(np.mean(np.logaddexp(0, case_z) - case_y * case_z))
        case_error = 1 / (1 + np.exp(-case_z)) - case_y
        slopes = np.mean(case_ones * case_error, axis=0).reshape(4, 1)
        expected_w = expected_w - rate * slopes
    told = "zeros" if start is None else "a given w0"
    assert np.shape(found_w) == (4, 1), (
        f"fit_logreg returned w with the shape {np.shape(found_w)}, expected (4, 1)."
    )
    np.testing.assert_allclose(
        found_w,
        expected_w,
        rtol=1e-9,
        atol=1e-9,
        err_msg=f"w after {count} updates from {told}, lr = {rate} (hint 3)",
    )
    assert len(found_losses) == count, (
        f"{count} epochs gave {len(found_losses)} losses, expected {count} (hint 1)."
    )
    np.testing.assert_allclose(
        found_losses,
        expected_losses,
        rtol=1e-9,
        atol=1e-5,
        err_msg=f"losses from {told}: the mean log loss before each update (hint 1)",
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_fit_logreg_promises", "grade": true, "points": 1}
# Checked when graded: w0, X and y unchanged, no early stop, twice the same result, other
# labels, a column that is 1 already.
### BEGIN HIDDEN TESTS
alone = lent(
    fit_logreg,
    add_bias=bias_to_lend,
    predict_proba=proba_to_lend,
    log_loss=loss_to_lend,
    bce_grad=slopes_to_lend,
)
# No line separates these points, so the loss soon comes to rest at its lowest.
case_x = np.array([[0.5, -1.0], [0.6, -0.8], [-0.7, 1.0], [-0.5, 0.9], [0.9, 1.1]])
case_x = np.vstack([case_x, 0.9 * case_x])
case_y = np.array([[1.0, 0, 0, 1, 0, 0, 1, 1, 0, 1]]).T
case_w0 = np.array([[0.6], [-0.2], [0.1]])
kept = [case_x.copy(), case_y.copy(), case_w0.copy()]
# Once with these, once more, and with labels and start turned around.
results = all_results(
    alone,
    [case_x, kept[0].copy(), kept[0].copy()],
    [case_y, kept[1].copy(), 1 - kept[1]],
    [4.0] * 3,
    [40] * 3,
    [case_w0, kept[2].copy(), -kept[2]],
)
(first_w, first_losses), (again_w, again_losses), (turned_w, _) = results
names = ["X", "y", "w0"]
for name, before, after in zip(names, kept, [case_x, case_y, case_w0], strict=True):
    assert np.array_equal(before, after), (
        f"fit_logreg changed the caller's {name}; make a new array for each update "
        "(hint 3)."
    )
assert isinstance(first_losses, list) and len(first_losses) == 40, (
    f"40 epochs gave {np.size(first_losses)} losses, expected 40: make every update, "
    "even when the loss hardly changes."
)
for once, again in [(first_w, again_w), (first_losses, again_losses)]:
    assert np.allclose(once, again, rtol=1e-12), (
        "Two runs on the same data differ; use all examples in every update, no random "
        "ones."
    )
assert np.allclose(turned_w, -np.array(first_w), rtol=1e-6, atol=1e-9), (
    f"With 1 - y for y and -w0 for w0, w is {np.ravel(turned_w).round(4)}, expected "
    f"{-np.ravel(first_w).round(4)}: each call trains on its own labels."
)
case_x, case_y = np.array([[2.0, 1.0], [3.0, 1.0]]), np.zeros((2, 1))
found_w, _ = alone(case_x, case_y, 1.0, 1)
assert np.shape(found_w) == (3, 1) and np.allclose(
    found_w, [[-1.25], [-0.5], [-0.5]]
), (
    f"X = [[2, 1], [3, 1]], both of class 0: after one update w is {np.ravel(found_w)}, "
    "expected [-1.25 -0.5 -0.5]. A column of ones in X is a feature, and the bias comes "
    "on top; labels that agree still move w (hint 2)."
)
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_fit_logreg_optimum", "grade": true, "points": 1}
# Checked when graded: after many epochs, the weights of LogisticRegression(C=np.inf).
### BEGIN HIDDEN TESTS
alone = lent(
    fit_logreg,
    add_bias=bias_to_lend,
    predict_proba=proba_to_lend,
    log_loss=loss_to_lend,
    bce_grad=slopes_to_lend,
)
case_k = np.arange(19)
case_x = 3.0 * np.column_stack([np.sin(1.3 * case_k + 4.2), np.cos(2.1 * case_k - 1.4)])
case_x += [0.4, -0.3]
case_y = np.array([[0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0.0]]).T
# What LogisticRegression(C=np.inf, tol=1e-12) finds for these, the intercept last.
expected = np.array([0.321611, -0.237213, 0.187819])
found_w, found_losses = alone(case_x, case_y, 1.0, 45)
assert np.allclose(np.ravel(found_w), expected, atol=4e-5), (
    f"After 45 epochs w is {np.ravel(found_w).round(4)}, scikit-learn finds "
    f"{expected.round(4)}: is there one bias, and no penalty on the weights?"
)
# Many epochs, on ground that is nearly flat.
alone = lent(
    fit_logreg,
    add_bias=bias_to_lend,
    predict_proba=ones_to_lend,
    log_loss=same_to_lend,
    bce_grad=flat_to_lend,
)
found_w, found_losses = alone(case_x[:2].copy(), case_y[:2].copy(), 2.0, 1001)
assert len(found_losses) == 1001, (
    f"1001 epochs gave {len(found_losses)} losses: make every update, even when the "
    "loss no longer changes."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Choose a learning rate
#
# Now take 200 points and train four times with the same start and four learning rates.
# Guess which of 0.1, 1, 10 and 50 wins before you run the cell. The dotted line is $\ln
# 2$, the price of knowing nothing.

# %%
X_moons, y_moons = make_moons(n_samples=200, noise=0.1, random_state=42)
y_moons = y_moons.reshape(-1, 1).astype(float)
fig, ax = plt.subplots(figsize=(7, 3.5))
styles = {0.1: (BLUE, ":"), 1: (ORANGE, "-"), 10: (GREEN, "--"), 50: (VERMILLION, "-.")}
for lr, (colour, line) in styles.items():
    w_end, losses = fit_logreg(X_moons, y_moons, lr, 100)
    ax.plot(losses, c=colour, ls=line, lw=2, label=rf"$\eta$ = {lr}")
    if max(losses) > 1.6:
        at = int(np.argmax(losses))
        text = f"up to\n{max(losses):.1f}"
        ax.annotate(text, (at, 1.58), (at + 4, 1.3), arrowprops={"arrowstyle": "->"})
ax.axhline(np.log(2), c=BLACK, lw=1, ls=(0, (1, 3)), label=r"$\ln 2$")
ax.set(xlabel="epoch", ylabel="mean log loss", ylim=(0.2, 1.6))
ax.legend(ncols=5, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)
plt.show()

# %% [markdown]
# *Figure:* Mean log loss against epoch for four learning rates. With 0.1 it falls
# slowly and is still at 0.39 after 100 epochs; with 1 it reaches 0.28; with 10 it is at
# its lowest level, 0.27, after about 30 epochs. With 50 it jumps above the dotted line
# at ln 2, at times out of the picture (up to 4.3), and keeps swinging between 0.7 and
# 1.

# %% [markdown]
# Too small wastes epochs, too large overshoots the valley and never settles. Yet the
# run with $\eta = 50$ does not end in `nan`: for a wrong answer the log loss grows only
# in proportion to the score, so this model forgives much. Deeper networks will not.

# %% [markdown]
# ## See the landscape you walk on
#
# With exactly two weights, the loss is a surface that can be drawn. So leave the bias
# out for one picture, and centre the inputs so that it is hardly missed. Both walks
# start at the same bad place and take 40 steps. Before you look: which one ends nearer
# to the lowest point?

# %%
centred = X_moons - X_moons.mean(axis=0)
w1, w2 = np.meshgrid(np.linspace(-4, 6, 90), np.linspace(-9, 3, 90))
surface_p = sigmoid(centred @ np.vstack([w1.ravel(), w2.ravel()]))
surface = log_loss(y_moons, surface_p).mean(axis=0).reshape(w1.shape)


def walk(lr, steps):
    """Return the weights visited by gradient descent, shape (2, steps + 1)."""
    visited = [np.array([[-2.0], [2.0]])]
    for _ in range(steps):
        visited.append(visited[-1] - lr * bce_grad(centred, y_moons, visited[-1]))
    return np.hstack(visited)


# %%
fig, ax = plt.subplots(figsize=(7, 4.5))
levels = [0.27, 0.28, 0.3, 0.35, 0.42, 0.5, 0.6, 0.7, 0.85, 1, 1.3, 1.7, 2.3, 4]
lines = ax.contour(w1, w2, surface, levels=levels, colors="0.6", linewidths=0.8)
ax.clabel(lines, levels[2::2], fmt="%g", fontsize=8)
lowest = np.unravel_index(surface.argmin(), surface.shape)
ax.plot(*walk(2, 40), "o-", c=VERMILLION, ms=4, label=r"$\eta$ = 2")
ax.plot(*walk(14, 40), "s--", c=BLUE, ms=4, lw=1, label=r"$\eta$ = 14")
ax.plot(-2, 2, "*", c=BLACK, ms=14, ls="", label="start")
ax.plot(w1[lowest], w2[lowest], "X", c=GREEN, ms=12, ls="", label="lowest point")
ax.set(xlabel="$w_1$", ylabel="$w_2$")
ax.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)
plt.show()

# %% [markdown]
# *Figure:* Level lines of the loss over the plane of $w_1$ and $w_2$: one long valley,
# a cross at its lowest point near (1.2, −5.3). From a star at (−2, 2) the walk with η =
# 2 (dots) leaves across the level lines at right angles, bends into the valley and
# creeps along its floor to about −3.6. The walk with η = 14 (squares) leaps across the
# valley to $w_1 = 5.6$, comes back and reaches the lowest point.

# %% [markdown]
# Steps are long where the surface is steep and short where it is flat. Along the flat
# floor the careful walk hardly moves, while the bold one pays with a detour and
# arrives. There is no second valley: the log loss of logistic regression is convex in
# the weights, so every start leads to the same floor, if $\eta$ is small enough.
# Networks with hidden layers lose this comfort.

# %% [markdown]
# ## Draw the decision boundary
#
# The model answers "class 1" where $p > 0.5$, that is, where $w_1 x_1 + w_2 x_2 + b >
# 0$. Its border, the **decision boundary**, is a straight line. Look for the points on
# the wrong side and compare the accuracy with the baseline of 0.50.

# %%
w_moons, losses = fit_logreg(X_moons, y_moons, 10, 500)
x1, x2 = np.meshgrid(np.linspace(-1.6, 2.6, 120), np.linspace(-1.1, 1.6, 90))
grid = np.column_stack([x1.ravel(), x2.ravel()])
p_grid = predict_proba(add_bias(grid), w_moons).reshape(x1.shape)
answers = predict_proba(add_bias(X_moons), w_moons) > 0.5
print(f"accuracy {np.mean(answers == y_moons):.3f}, loss {losses[-1]:.3f}")

# %%
fig, ax = plt.subplots(figsize=(7, 4))
shades = {"levels": np.linspace(0, 1, 11), "cmap": "RdBu_r", "alpha": 0.5}
filled = ax.contourf(x1, x2, p_grid, **shades)
fig.colorbar(filled, label="predicted probability of class 1")
ax.contour(x1, x2, p_grid, levels=[0.5], colors=BLACK, linestyles="--")
draw_points(X_moons, y_moons, ax)
plt.show()

# %% [markdown]
# *Figure:* 200 points of two moons over the predicted probability, blue for low and red
# for high. A dashed, slightly rising line marks p = 0.5. Blue dots lie above it and
# vermillion triangles below, but the inner tip of each moon is on the wrong side.

# %% [markdown]
# An accuracy of 0.865 is well above 0.50 and still one line. The shape of the data, not
# the training, sets this limit: the loss has reached its floor.

# %% [markdown]
# ## Check it against scikit-learn on real data
#
# The bundled breast-cancer data of Wisconsin describe 569 tumours by measurements of
# cell nuclei under a microscope. You use three: mean radius, mean texture and mean
# smoothness. Here $y = 1$ means malignant (scikit-learn stores the opposite, 0 for
# malignant).
#
# The order matters: split first, then standardise with mean and deviation of the
# training rows only. The 171 test rows stay out of every decision.

# %%
cancer = load_breast_cancer(as_frame=True)
features = ["mean radius", "mean texture", "mean smoothness"]
y_cancer = (cancer.target == 0).to_numpy(dtype=float).reshape(-1, 1)
X_cancer = cancer.data[features].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(
    X_cancer, y_cancer, test_size=0.3, stratify=y_cancer, random_state=0
)
mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
X_train, X_test = (X_train - mean) / deviation, (X_test - mean) / deviation
X_train.shape, X_test.shape

# %% [markdown]
# scikit-learn's `LogisticRegression` penalises large weights unless told otherwise
# (**regularisation**, lesson 08); `C=np.inf` switches the penalty off, so both fits
# seek the same minimum. Its optimiser stops when the slope falls below `tol`. Compare
# your weights with both columns.

# %%
w_cancer, losses = fit_logreg(X_train, y_train, lr=3, epochs=2000)
table = pd.DataFrame({"yours": w_cancer.ravel()}, index=[*features, "bias"])
for name, tol in [("scikit-learn, tol 1e-4", 1e-4), ("scikit-learn, tol 1e-8", 1e-8)]:
    model = LogisticRegression(C=np.inf, tol=tol, max_iter=1000)
    model.fit(X_train, y_train.ravel())
    table[name] = np.append(model.coef_, model.intercept_)
table.loc["largest difference"] = table.sub(table["yours"], axis=0).abs().max()
table.round(6)

# %% [markdown]
# With `tol=1e-8` both agree to better than 0.000001. With the default, 0.0001, the
# largest difference is 0.0012, and it is scikit-learn that stopped short of the
# minimum. A reference is a program with settings: when two results differ a little, ask
# both.

# %% [markdown]
# Agreement says that the fit is right, not that the model is useful. That needs a
# **baseline**: a model that ignores the inputs and predicts the training set's
# malignant rate for every patient.

# %%
parts = {"train": (X_train, y_train), "test": (X_test, y_test)}
rows = {}
for part, (X_part, y_part) in parts.items():
    constant = np.full_like(y_part, y_train.mean())
    stated = predict_proba(add_bias(X_part), w_cancer)
    for model_name, q in [("baseline", constant), ("logistic regression", stated)]:
        rows[model_name, part] = {
            "accuracy": np.mean((q > 0.5) == y_part),
            "log loss": log_loss(y_part, q).mean(),
        }
pd.DataFrame(rows).T.round(3)

# %% [markdown]
# On the test rows accuracy rises from 0.626 to 0.942 and the log loss falls from 0.661
# to 0.194. The accuracies of train and test are close: four weights have little room to
# memorise 398 examples. The log loss is a little higher on the test rows, because it
# sees what accuracy does not: one malignant tumour that was given $p = 0.03$ costs 3.5,
# eighteen times the average.

# %% [markdown]
# ## Ask whether the probabilities are honest
#
# A model is **calibrated** if among all tumours with $p \approx 0.7$ about 70 % are
# malignant. Put the test rows into five groups by their $p$, and compare the mean $p$
# of each group with the share that really is malignant. Dots on the diagonal are
# honest. The bars show two standard deviations of pure chance for a group of that size.

# %%
p_test = predict_proba(add_bias(X_test), w_cancer).ravel()
group = np.digitize(p_test, [0.2, 0.4, 0.6, 0.8])
tested = pd.DataFrame({"group": group, "p": p_test, "share": y_test.ravel()})
dots = tested.groupby("group").mean().assign(n=tested["group"].value_counts())
two_sd = 2 * np.sqrt(dots["p"] * (1 - dots["p"]) / dots["n"])
chance = [np.minimum(two_sd, dots["p"]), np.minimum(two_sd, 1 - dots["p"])]
dots.round(2)

# %%
fig, ax = plt.subplots(figsize=(6, 4.5))
ax.plot([0, 1], [0, 1], "--", c=BLACK, lw=1, label="calibrated")
ax.errorbar(
    dots["p"],
    dots["p"],
    chance,
    fmt="none",
    c=BLUE,
    capsize=5,
    label="two sd of pure chance",
)
ax.plot(dots["p"], dots["share"], "o", c=VERMILLION, ms=8, label="test rows")
for _, dot in dots.iterrows():
    side, gap = ("right", -0.05) if dot["p"] > 0.9 else ("left", 0.03)
    ax.text(dot["p"] + gap, dot["share"] - 0.015, f"n = {dot['n']:.0f}", ha=side)
ax.set(xlabel="mean predicted probability", ylabel="share malignant", xlim=(-0.05, 1.1))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Share of malignant tumours against mean predicted probability for five
# groups. The two large groups at the ends (n = 88 and n = 55) lie near the dashed
# diagonal. The small ones in the middle (n = 13, 6 and 9) have wide bars of chance; the
# one at 0.27 has no malignant tumour at all and lies just below its bar.

# %% [markdown]
# Most of the evidence sits at the two ends; six tumours can say little about $p = 0.5$.
# Of five dots one lies just outside its bar. Do not build a story on 13 tumours: with
# so few, the honest answer is "not enough data to tell".

# %% [markdown]
# ## Bend the line with features
#
# Back to the moons and to the fourth question of the beginning. The neuron draws a
# straight line in the space of its **inputs**. Give it new inputs, computed from $x_1$
# and $x_2$ by a **nonlinear** formula, and the line becomes a curve in the old plane.
# You choose them.

# %% [markdown]
# `moon_features` is judged like this: scikit-learn's `LogisticRegression(C=1e6)` is
# fitted to your features of `make_moons(200, noise=0.1)` and scored on the same 200
# points. It has to reach an accuracy of 0.97, for several draws of the moons. (Your
# features may be on very different scales, which plain gradient descent does not like;
# that is why a library fits them here.) Each row's features depend on that row alone:
# no labels, no chance, no averages over the batch.

# %% [markdown]
# **Your turn (3 points): write `moon_features`**.
#
# <details><summary>Hint 1: what shape should the border have?</summary>
#
# Look at the figure of the moons: the border has to go up, down and up again as x₁
# grows. Which kind of function of x₁ turns twice? Would a parabola?
#
# </details>
# <details><summary>Hint 2: which features give such a border?</summary>
#
# The border is where a weighted sum of your features is 0. With x₁, x₂, x₁² and x₁³
# among them it can be x₂ = a cubic in x₁. Sines of x₁, or bumps around fixed points,
# work too.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Take the two columns, `X[:, 0]` and `X[:, 1]`, and put them side by side with powers
# of the first one, up to the third, by `np.column_stack`. Do not subtract a mean over
# rows.
#
# </details>


# %% nbgrader={"grade_id": "moon_features", "solution": true}
def moon_features(X):
    """Compute features in which a straight border separates the moons.

    Parameters
    ----------
    X : ndarray, shape (N, 2)
        Points in the plane.

    Returns
    -------
    F : ndarray, shape (N, K)
        K features of each point, K of your choice and the same for every N. Row n
        depends on row n of X alone.
    """
    ### BEGIN SOLUTION
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x1**3])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_moon_features_example", "grade": true, "points": 0.5}
case_x, case_labels = make_moons(200, noise=0.1, random_state=7)
found = moon_features(case_x.copy())
assert np.ndim(found) == 2 and np.shape(found)[0] == 200, (
    f"moon_features of a (200, 2) array returned the shape {np.shape(found)}, expected "
    "(200, K): one row of features for each point."
)
few = moon_features(case_x[:7].copy())
assert np.shape(few) == (7, np.shape(found)[1]), (
    f"200 points give {np.shape(found)[1]} features each, 7 points the shape "
    f"{np.shape(few)}; expected the same K for every N."
)
model = LogisticRegression(C=1e6, max_iter=5000).fit(found, case_labels)
score = np.mean(model.predict(found) == case_labels)
assert score >= 0.97, (
    f"Logistic regression on your features is right for {score:.3f} of the points, "
    "expected at least 0.97. x1 and x2 alone give about 0.87 (hint 1). For the point "
    f"{case_x[0].round(3)} your features are {np.round(found[0], 4)}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_moon_features_rows", "grade": true, "points": 1}
# Checked when graded: each row on its own, in any order, twice the same, X unchanged.
### BEGIN HIDDEN TESTS
case_x = np.array([[0.3, 0.8], [1.4, -0.4], [-0.9, 0.2], [1.9, 0.6], [0.1, 0.1]])
kept = case_x.copy()
alone = {0: kept[:1], 3: kept[3:4]}
found, again, turned, *alone_results = all_results(
    moon_features,
    [case_x, kept.copy(), kept[::-1].copy(), *(x.copy() for x in alone.values())],
)
found = np.array(found, dtype=float)
assert np.array_equal(case_x, kept), "moon_features changed X; compute on new arrays."
assert np.all(np.isfinite(found)), f"moon_features returned {found}, expected numbers."
assert np.allclose(again, found, rtol=1e-9, atol=1e-12), (
    "Two calls with the same points gave different features; chance is not allowed, "
    "unless it is drawn from a generator with a fixed seed."
)
for row, of_one in zip(alone, alone_results, strict=True):
    assert np.shape(of_one) == (1, found.shape[1]), (
        f"One point gave features of shape {np.shape(of_one)}, expected "
        f"{(1, found.shape[1])}."
    )
    assert np.allclose(of_one[0], found[row], rtol=1e-9, atol=1e-12), (
        f"Point {row} has the features {np.round(of_one[0], 3)} alone and "
        f"{found[row].round(3)} among others; use nothing but its own x1 and x2 "
        "(hint 3)."
    )
assert np.allclose(turned[::-1], found, rtol=1e-9, atol=1e-12), (
    "The features depend on the order of the points."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_moon_features_accuracy", "grade": true, "points": 1.5}
# Checked when graded: an accuracy of 0.97 on another draw of the moons.
### BEGIN HIDDEN TESTS
case_x, case_labels = make_moons(200, noise=0.1, random_state=29)
found = moon_features(case_x.copy())
model = LogisticRegression(C=1e6, max_iter=5000).fit(found, case_labels)
score = np.mean(model.predict(found) == case_labels)
assert score >= 0.97, (
    f"Another draw of the moons: {score:.3f} of the points are right, expected at "
    "least 0.97 (hint 2)."
)
### END HIDDEN TESTS

# %% [markdown]
# See your border. The model is still a line, but in your features; drawn in the plane
# of $x_1$ and $x_2$ it bends.

# %%
F_moons = moon_features(X_moons)
moons_model = LogisticRegression(C=1e6, max_iter=5000).fit(F_moons, y_moons.ravel())
print("accuracy", moons_model.score(F_moons, y_moons.ravel()))
p_bent = moons_model.predict_proba(moon_features(grid))[:, 1].reshape(x1.shape)
fig, ax = plt.subplots(figsize=(7, 4))
filled = ax.contourf(x1, x2, p_bent, **shades)
fig.colorbar(filled, label="predicted probability of class 1")
ax.contour(x1, x2, p_bent, levels=[0.5], colors=BLACK, linestyles="--")
draw_points(X_moons, y_moons, ax)
plt.show()

# %% [markdown]
# *Figure:* The same 200 points; the dashed border p = 0.5 is now a curve that rises,
# dips and rises again through the gap between the moons. All dots are on its blue side,
# all triangles on its red side, and the change from blue to red is sharp.

# %% [markdown]
# A curve from a straight line: that is worth a second look. You chose these features
# because you could see the data. For 784 pixels nobody can. A
# hidden layer learns its features from the data by the same gradient descent; that is
# where the next lessons lead.

# %% [markdown]
# ## Check yourself
#
# <details><summary>A model for 10 classes gives each class the same probability. What
# is its cross-entropy?</summary>
#
# $-\ln 0.1 = \ln 10 \approx 2.30$. A fresh network that starts far above this number is
# certain of wrong things before it has seen any data.
#
# </details>
# <details><summary>Your loss is the sum over the examples instead of the mean. What
# happens to a good learning rate when N doubles?</summary>
#
# The gradient doubles too, so the good learning rate halves. With the mean it stays
# about the same.
#
# </details>
# <details><summary>Model A classifies 94 % of the tumours correctly, model B 93 %. Why
# might a doctor prefer B?</summary>
#
# Accuracy counts a missed malignant tumour like a false alarm. If B misses fewer of
# them, or if its probabilities are better calibrated, it can be the better help. The
# model above misses 3 of the 64 malignant tumours among the test rows and raises 7
# false alarms.
#
# </details>

# %% [markdown]
# ## Go further
#
# - Christopher Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3:
#   logistic regression, and a second-order method that needs a handful of steps where
#   you needed hundreds.
# - Hastie, Tibshirani and Friedman, [*The Elements of Statistical
#   Learning*](https://hastie.su.domains/ElemStatLearn/) (2009), section 4.4: what the
#   weights tell you about the data, and how sure of them one can be.
# - Refit the tumours with all 30 measurements and no penalty, and watch the size of the
#   weights from epoch to epoch. Why do they keep growing?
# - Niculescu-Mizil and Caruana, [Predicting good probabilities with supervised
#   learning](https://doi.org/10.1145/1102351.1102430) (2005): which models are
#   calibrated, and how to fix those that are not.
# - scikit-learn on [probability
#   calibration](https://scikit-learn.org/stable/modules/calibration.html).
