# %% [markdown]
# # Bend the border: a network of two layers
#
# **What you will build:** a network with one hidden layer of any size, its gradients and
# its training loop, all in NumPy. It is the smallest **multilayer perceptron**: with five
# neurons in all it separates two interleaved half moons and classifies at least 97 of 100
# points correctly, where one neuron stops at 87. You will watch the **decision boundary**
# bend.
#
# **What you need**
# - One neuron with a sigmoid, log loss, gradient descent, the column of ones that
#   carries the bias (lesson 03).
# - The chain rule through a layer, and checking a gradient with tiny steps (lesson 05).
#
# 100 minutes, 30 points, all marked automatically. Predictions get their points for being
# made. The cells that check your answers are folded; run them, there is no need to open
# them.
#
# As in lesson 03 the biases are the last row of the weights, met by a column of ones in X;
# from lesson 07 on they are arrays of their own.

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
from scipy.special import expit as sigmoid
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression

BLUE, VERMILLION, ORANGE, BLACK = "#0072B2", "#D55E00", "#E69F00", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, to warm up. There are no points; the check
# answers at once.
#
# 1. What is the sigmoid of 0? A number.
# 2. Which way does gradient descent move a weight whose gradient is negative? **a** up ·
#    **b** down · **c** not at all
# 3. In lesson 05 a node was used twice. What happens to the two gradients that come back
#    to it? **a** the later one counts · **b** they are averaged · **c** they are added

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a letter in quotes>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 0.5, 2: "a", 3: "c"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (0.5, "e to the power 0 is 1, and 1 / (1 + 1) is a half (lesson 02)."),
        2: ("a", "It steps against the gradient: minus a negative number (lesson 03)."),
        3: ("c", "Both ways lead to the loss, so both count (lesson 05)."),
    },
)

# %% [markdown]
# `sigmoid` is SciPy's stable version of the function that you know. Three more helpers
# come from lesson 03: the column of ones, the mean log loss (with $p$ kept away from 0
# and 1) and the drawing of points.


# %%
def add_bias(X):
    """Append a column of ones: (N, D) becomes (N, D + 1)."""
    return np.hstack([X, np.ones((len(X), 1))])


def mean_log_loss(y, p):
    """Return the log loss averaged over the examples."""
    inside = np.clip(p, 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(inside) + (1 - y) * np.log(1 - inside)))


def draw_points(X, y, ax):
    """Draw class 0 as blue dots and class 1 as vermillion triangles."""
    for label, colour, marker in [(0, BLUE, "o"), (1, VERMILLION, "^")]:
        x1, x2 = X[y.ravel() == label].T
        look = {"c": colour, "marker": marker, "ec": "white", "lw": 0.5}
        ax.scatter(x1, x2, 26, **look, label=f"y = {label}")
    ax.set(xlabel="$x_1$", ylabel="$x_2$")


# %% [markdown]
# ## Set the bar before you build
#
# You draw the moons twice: 200 points to learn from, and 200 more for **validation**.
# No weight ever depends on the validation points, so they show whether the network has
# learned the shape or has memorised the points: whether it **generalises**.

# %%
X_train, y_train = make_moons(n_samples=200, noise=0.1, random_state=42)
X_val, y_val = make_moons(n_samples=200, noise=0.1, random_state=43)
y_train = y_train.reshape(-1, 1).astype(float)
y_val = y_val.reshape(-1, 1).astype(float)
X_train.shape, y_train.shape, X_val.shape, y_val.shape

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True, layout="constrained")
draw_points(X_train, y_train, axes[0])
draw_points(X_val, y_val, axes[1])
axes[0].set_title("training")
axes[1].set_title("validation")
axes[0].legend(loc="upper right")
plt.show()

# %% [markdown]
# *Figure:* Two panels of 200 points each. In both, blue dots (y = 0) form an arch and
# vermillion triangles (y = 1) a bowl that reaches into it. The two draws differ point
# by point and have the same shape.

# %% [markdown]
# "Performs poorly" says nothing without something to compare with. Two numbers set the
# bar: always answering the same class, and the best straight line.

# %%
line = LogisticRegression(C=np.inf).fit(X_train, y_train.ravel())
print("always class 0:", np.mean(y_val == 0))
print("one line:      ", line.score(X_val, y_val.ravel()))

# %% [markdown]
# ## Let four neurons look at the same point
#
# One neuron draws one line. Take $H$ of them, each with its own line, and let one more
# neuron look at their $H$ outputs: that is a network with one **hidden layer**. You
# write $H$ neurons side by side as one matrix with a column for each.
#
# | array | what it holds | shape |
# |---|---|---|
# | $X$ | examples, the last column is ones | $(N, D+1)$ |
# | $w_H$ | hidden weights, the last row holds the biases | $(D+1, H)$ |
# | $A_1 = \sigma(X w_H)$ | hidden outputs, `out1` | $(N, H)$ |
# | $\tilde A_1$ | $A_1$ with a column of ones after its last | $(N, H+1)$ |
# | $w_O$ | output weights, the last row is the bias | $(H+1, 1)$ |
# | $p = \sigma(\tilde A_1 w_O)$ | probability of class 1, `out2` | $(N, 1)$ |
#
# Without a hidden layer the moons cannot be done: they are not **linearly separable**.
#
# **Predict (1 point).** How many weights does the network have for the moons ($D = 2$)
# with $H = 4$, the biases counted?

# %% nbgrader={"grade_id": "predict_parameters", "solution": true}
# predict_parameters = <a whole number>
### BEGIN SOLUTION
predict_parameters = 17
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_parameters", "grade": true, "points": 1}
assert isinstance(predict_parameters, int | float | np.number), (
    f"predict_parameters is {predict_parameters!r:.60}; write a number without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
reasons = {
    12: "that is the hidden layer alone; the output neuron has weights too",
    16: "the bias of the output neuron is missing",
    13: "the biases of the four hidden neurons are missing",
    15: "an output weight for each of the 4 hidden outputs and one for the ones: 5",
}
reason = reasons.get(predict_parameters, "count the entries of both weight arrays")
if predict_parameters != 17:
    print(f"You predicted {predict_parameters}: {reason}. It is 3 * 4 + 5 = 17.")
### END HIDDEN TESTS

# %% [markdown]
# ## Send the examples through
#
# `feed_forward` computes two rows of the table above, $A_1$ and $p$, and returns
# **both**: learning needs $A_1$ later. It must return $A_1$ without the column of ones,
# which only exists on the way to the second layer.
#
# The weights travel as one list, `[wH, wO]`. `X` already has its ones.
#
# **Your turn (4 points): write `feed_forward`.** It has to work for any $N$, $D$ and
# $H$.
#
# <details><summary>Hint 1: which shapes meet?</summary>
#
# Write the shapes of the table under the two products. Between the layers one number is
# missing: $A_1$ has $H$ columns and $w_O$ has $H + 1$ rows.
#
# </details>
# <details><summary>Hint 2: the pieces</summary>
#
# Each layer is a matrix product (`@`) and a call of `sigmoid`. Between them, `add_bias`
# puts the ones where the last row of $w_O$ expects them.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Unpack the list. First line: the sigmoid of `X @ wH`. Second line: the sigmoid of the
# first result, with its ones appended, times `wO`. Return the two results.
#
# </details>


# %% nbgrader={"grade_id": "feed_forward", "solution": true}
def feed_forward(X, weights):
    """Compute the outputs of both layers.

    For the row [1, 2, 1], two hidden neurons with the columns [1, 2, 0] and [-1, -2, 0]
    and wO of 1, -1 and 0.5, out1 is about [0.993, 0.007] and out2 about 0.816.

    Parameters
    ----------
    X : ndarray, shape (N, D + 1)
        Examples, the ones in the last column.
    weights : list of two ndarrays
        wH, shape (D + 1, H), and wO, shape (H + 1, 1); the biases are the last rows.
        Nothing is changed.

    Returns
    -------
    out1 : ndarray, shape (N, H)
        Hidden outputs, without a column of ones.
    out2 : ndarray, shape (N, 1)
        Probability of class 1.
    """
    ### BEGIN SOLUTION
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    out2 = sigmoid(add_bias(out1) @ wO)
    return out1, out2
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_feed_forward_reference", "grade": true, "points": 1}
case_x = np.array([[1.0, 2.0, 1.0]])
case_wh = np.array([[1.0, 2.0, 0.0], [-1.0, -2.0, 0.0]]).T
case_wo = np.array([[1.0, -1.0, 0.5]]).T
found = feed_forward(case_x, [case_wh, case_wo])
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"feed_forward returned {found!r:.60}; a right one returns two arrays, out1 and "
    "out2. Is `return` there? See hint 3."
)
found_out1, found_out2 = found
assert np.shape(found_out1) == (1, 2), (
    f"out1 has the shape {np.shape(found_out1)} for one example and two hidden "
    "neurons; expected (1, 2). out1 comes without the column of ones (hint 1)."
)
assert np.shape(found_out2) == (1, 1), (
    f"out2 has the shape {np.shape(found_out2)}; expected (1, 1), a column."
)
np.testing.assert_allclose(
    found_out1,
    [[0.99330714907572, 0.00669285092428]],
    rtol=1e-9,
    err_msg="out1 is the sigmoid of X @ wH, here of 5 and -5 (hint 2)",
)
suspects = {
    "the output has no sigmoid": 1.48661429815,
    "the bias of the output is missing": 0.72841395,
    "the ones come first; they go last": 0.502509994,
    "the output passes through tanh instead of the sigmoid": 0.902707,
    "this is the probability of class 0": 0.184430,
}
why = [text for text, v in suspects.items() if np.allclose(found_out2, v, atol=2e-6)]
np.testing.assert_allclose(
    found_out2, [[0.8155695527]], rtol=1e-9, err_msg=why[0] if why else "see hint 2"
)
assert np.array_equal(case_wh, [[1, -1], [2, -2], [0, 0]]), "wH was changed; copy it"
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_feed_forward_biases", "grade": true, "points": 1.5}
# Checked when graded: biases that are not 0, other N, D and H.
### BEGIN HIDDEN TESTS
def layers_of(case_x, case_wh, case_wo):
    """Return both outputs, computed neuron by neuron."""
    neurons = range(case_wh.shape[1])
    z1 = np.array([[sum(row * case_wh[:, j]) for j in neurons] for row in case_x])
    out1 = 1 / (1 + np.exp(-z1))
    z2 = (out1 * case_wo[:-1, 0]).sum(axis=1) + case_wo[-1, 0]
    return out1, 1 / (1 + np.exp(-z2)).reshape(-1, 1)


sizes = np.random.default_rng(61)
for case_n, case_d, case_h in [(7, 3, 5), (1, 4, 2), (6, 3, 1), (2, 6, 4)]:
    case_x = np.hstack([sizes.normal(size=(case_n, case_d - 1)), np.ones((case_n, 1))])
    case_wh = sizes.normal(0.3, 1, size=(case_d, case_h))
    case_wh[-1] += 0.8
    case_wo = sizes.normal(-0.2, 1, size=(case_h + 1, 1)) * (case_h > 1)  # or zeros
    expected = layers_of(case_x, case_wh, case_wo)
    no_bias = np.where(np.arange(case_d)[:, None] < case_d - 1, case_wh, 0)
    found = feed_forward(case_x.copy(), [case_wh.copy(), case_wo.copy()])
    told = f"N = {case_n}, D + 1 = {case_d}, H = {case_h}"
    assert np.shape(found[0]) == (case_n, case_h), (
        f"{told}: out1 has the shape {np.shape(found[0])}, expected (N, H)."
    )
    assert np.shape(found[1]) == (case_n, 1), (
        f"{told}: out2 has the shape {np.shape(found[1])}, expected (N, 1)."
    )
    why = "out1 is not the sigmoid of X @ wH (hint 2)"
    if np.allclose(found[0], layers_of(case_x, no_bias, case_wo)[0]):
        why = "the biases of the hidden layer, the last row of wH, are ignored"
    np.testing.assert_allclose(
        found[0], expected[0], rtol=1e-9, atol=1e-12, err_msg=why
    )
    np.testing.assert_allclose(
        found[1], expected[1], rtol=1e-9, atol=1e-12, err_msg=f"{told}: out2 (hint 3)"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_feed_forward_rows", "grade": true, "points": 1.5}
# Checked when graded: inputs around 1000, each row on its own, nothing changed.
### BEGIN HIDDEN TESTS
case_x = np.array([[1200.0, -800.0, 1.0], [-650.0, 1900.0, 1.0], [3.0, 4.0, 1.0]])
case_wh = np.array([[0.002, -0.001], [0.001, 0.003], [-0.75, 0.5]])
case_wo = np.array([[1.4], [-2.2], [0.6]])
kept = [case_x.copy(), case_wh.copy(), case_wo.copy()]
expected = layers_of(*kept)
case_weights = [case_wh, case_wo]
found = feed_forward(case_x, case_weights)
for got, right, name in zip(found, expected, ["out1", "out2"], strict=True):
    np.testing.assert_allclose(
        got, right, rtol=1e-9, atol=1e-12, err_msg=f"inputs around 1000: {name}"
    )
for before, after in zip(kept, [case_x, *case_weights], strict=True):
    assert np.array_equal(before, after), (
        "feed_forward changed one of its inputs; compute on new arrays."
    )
alone = feed_forward(kept[0][1:2].copy(), [kept[1].copy(), kept[2].copy()])
assert np.allclose(alone[1], expected[1][1:2], rtol=1e-9), (
    "A row gives another probability when it comes alone; expected the same: each row is "
    "judged by itself."
)
### END HIDDEN TESTS

# %% [markdown]
# Try it with weights that are drawn by chance. The generator `rng` is made once, from a
# seed, and every function that draws gets it: this way your run and mine see the same
# numbers. Is the accuracy near the 0.5 of the baseline?

# %%
rng = np.random.default_rng(6)
random_weights = [rng.normal(size=(3, 4)), rng.normal(size=(5, 1))]
out1, out2 = feed_forward(add_bias(X_train), random_weights)
print("out1", out1.shape, " out2", out2.shape)
print("accuracy", np.mean((out2 > 0.5) == y_train))
print("mean log loss", round(mean_log_loss(y_train, out2), 3))

# %% [markdown]
# One remark on tests, since you will write your own one day. The example of your visible
# check has hidden biases of 0, so a function that **ignores** the hidden biases passes it.
# (The hidden checks have others.) A zero cannot distinguish $+b$ from $-b$ from nothing.

# %% [markdown]
# ## Collect the slopes
#
# To learn, you need the slope of the loss with respect to each of the weights. As in
# lesson 05 it is a product along the chain
#
# $$w_H \to Z_1 \to A_1 \to z_2 \to p \to \ell$$
#
# with the **pre-activations** $Z_1 = X w_H$ and $z_2 = \tilde A_1 w_O$. Two kinds of link
# get a function each: the slope of the sigmoid, which is needed twice, and the slope of
# the log loss.
#
# **Your turn (2 points): write `sigmoid_der`**, the slope of the sigmoid at $z$. You have
# derived it in lesson 02, from $\sigma(z)$ alone; get it back from memory first.
#
# <details><summary>Hint 1: is the argument z or a?</summary>
#
# It is $z$, from before the sigmoid. At $z = 0$ the slope is 0.25; with $z\,(1 - z)$ it
# would be 0.
#
# </details>
# <details><summary>Hint 2: how often is the sigmoid needed?</summary>
#
# Compute $s = \sigma(z)$ once with the given `sigmoid`; it does not overflow.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# The slope is $\sigma(z)\,(1 - \sigma(z))$: `s` times `1 - s`.
#
# </details>


# %% nbgrader={"grade_id": "sigmoid_der", "solution": true}
def sigmoid_der(z):
    """Return the slope of the sigmoid at each z.

    For [-2, 0, 3] that is about [0.105, 0.25, 0.045]; it is finite for every z.

    Parameters
    ----------
    z : number or ndarray of any shape
        Weighted sums, from before the sigmoid; left unchanged.

    Returns
    -------
    slope : float or ndarray, shaped like z
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sigmoid_der_example", "grade": true, "points": 0.5}
case_z = np.array([[-2.0, 0.0], [0.5, 3.0], [1.0, -0.3]])
expected = np.array(
    [
        [0.104993585404, 0.25],
        [0.235003712202, 0.0451766597309],
        [0.196611933241, 0.244458311691],
    ]
)
suspects = {
    "z was used as if it were sigma(z) (hint 1)": [[-6, 0], [0.25, -6], [0, -0.39]],
    "the sigmoid was applied twice (hint 1)": [
        [0.2491127, 0.2350037],
        [0.2268654, 0.2010903],
        [0.2194463, 0.2398165],
    ],
    "this is the sigmoid, not its slope": [
        [0.1192029, 0.5],
        [0.6224593, 0.9525741],
        [0.7310586, 0.4255575],
    ],
    "this is the formula of tanh's slope, with a sigmoid in it": [
        [0.9857907, 0.75],
        [0.6125444, 0.0926025],
        [0.4655533, 0.8189008],
    ],
    "the slope has the wrong sign; the sigmoid rises": -expected,
}
found = sigmoid_der(case_z)
assert np.shape(found) == (3, 2), (
    f"sigmoid_der returned {found!r:.60} for an array of shape (3, 2); a right one "
    "returns an array of shape (3, 2). See hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 2"
)
found = sigmoid_der(-0.5)
assert np.shape(found) == () and abs(found - 0.235003712202) < 1e-9, (
    f"sigmoid_der(-0.5) returned {found!r:.60}; expected the number 0.235004."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_sigmoid_der_all", "grade": true, "points": 1.5}
# Checked when graded: z around ±1000, other shapes, input unchanged; the exact slope, not
# a difference quotient.
### BEGIN HIDDEN TESTS
cases = {
    "shape (1,)": np.array([0.7]),
    "shape (7, 1)": np.linspace(-6, 5, 7).reshape(7, 1),
    "zeros of that shape": np.zeros((7, 1)),
    "shape (2, 3, 4)": np.random.default_rng(62).normal(size=(2, 3, 4)),
}
for name, case_z in cases.items():
    before = case_z.copy()
    expected = np.exp(-before) / (1 + np.exp(-before)) ** 2
    found = sigmoid_der(case_z)
    assert np.shape(found) == before.shape, (
        f"{name}: sigmoid_der returned the shape {np.shape(found)}."
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
    assert np.array_equal(case_z, before), f"{name}: sigmoid_der changed its input"
with np.errstate(all="ignore"):
    found = sigmoid_der(np.array([-1000.0, 1000.0]))
assert np.all(np.isfinite(found)) and np.allclose(found, 0, atol=1e-9), (
    f"sigmoid_der([-1000, 1000]) returned {found}; expected 0 and 0. An exponential "
    "overflowed; use the given sigmoid (hint 2)."
)
### END HIDDEN TESTS

# %% [markdown]
# The log loss of one example is $\ell(y, p) = -\bigl(y \ln p + (1 - y) \ln (1 - p)
# \bigr)$. Its slope with respect to $p$:
#
# $$\frac{\partial \ell}{\partial p} = -\frac{y}{p} + \frac{1 - y}{1 - p}$$
#
# For a label of 1 it is negative: raise $p$ and the loss falls. For a label of 0 it is
# positive. At $p = 0$ and $p = 1$ one of the fractions divides by zero.
#
# **Your turn (2 points): write `log_loss_der`.** It must be finite at $p = 0$ and $p =
# 1$ too, as `mean_log_loss` is, and for the same reason.
#
# <details><summary>Hint 1: check the two signs</summary>
#
# For $y = 1$, $p = 0.5$ the slope is −2, for $y = 0$, $p = 0.5$ it is +2.
#
# </details>
# <details><summary>Hint 2: where does mean_log_loss keep p?</summary>
#
# Look at its first line. The bound has to be tiny, between $10^{-15}$ and $10^{-7}$: a
# larger one changes ordinary probabilities, and with a smaller one $1 - 10^{-17}$ is
# stored as exactly 1.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# First line: clip `p` into a new array, on both sides. Second line: the formula, with
# the clipped `p` in both denominators.
#
# </details>


# %% nbgrader={"grade_id": "log_loss_der", "solution": true}
def log_loss_der(y, p):
    """Return the slope of the log loss with respect to p, element by element.

    For y = 1 and p = 0.1 it is -10, for y = 0 and p = 0.75 it is 4. p is kept away from
    0 and 1 by a small number between 1e-15 and 1e-7. (To add such a number to both
    denominators is accepted too.)

    Parameters
    ----------
    y : number or ndarray of any shape
        Labels, 0 or 1.
    p : number or ndarray, shaped like y
        Predicted probability of class 1, 0 and 1 included; left unchanged.

    Returns
    -------
    slope : float or ndarray, shaped like y
        Not averaged; finite everywhere.
    """
    ### BEGIN SOLUTION
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -y / p + (1 - y) / (1 - p)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_log_loss_der_example", "grade": true, "points": 0.5}
case_y = np.array([[1.0], [0.0], [1.0], [0.0]])
case_p = np.array([[0.5], [0.5], [0.1], [0.75]])
expected = np.array([[-2.0], [2.0], [-10.0], [4.0]])
suspects = {
    "all signs are turned; raising p lowers the loss where y = 1": -expected,
    "the term for y = 0 is missing": expected * case_y,
    "the term for y = 1 is missing": expected * (1 - case_y),
    "the slopes for y = 0 have the wrong sign": -np.abs(expected),
    "the sign of the first term is missing": np.abs(expected),
    "this is the loss, not its slope": -np.log(np.abs(1 - case_y - case_p)),
    "this is p - y, the slope with respect to z": case_p - case_y,
    "the slopes are divided by the number of examples": expected / 4,
}
found = log_loss_der(case_y, case_p)
assert np.shape(found) == (4, 1), (
    f"log_loss_der returned {found!r:.60}, expected an array of shape (4, 1): one slope "
    "for each element, no average. See hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=1e-5, err_msg=why[0] if why else "see hint 1"
)
with np.errstate(all="ignore"):
    found = log_loss_der(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
assert np.all(np.isfinite(found)), (
    f"For y = 1, p = 0 and y = 0, p = 1 log_loss_der returned {found}; expected two "
    "finite numbers (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_log_loss_der_all", "grade": true, "points": 1.5}
# Checked when graded: p at and near 0 and 1, numbers, other shapes, inputs unchanged.
### BEGIN HIDDEN TESTS
for case_shape in [(1,), (7, 1), (2, 3)]:
    size = int(np.prod(case_shape))
    # Two rows of three are all of class 0.
    case_y = ((np.arange(size) % 3 == 1) & (size != 6)).astype(float)
    case_y = case_y.reshape(case_shape)
    case_p = np.linspace(0.06, 0.87, size).reshape(case_shape)
    kept = case_y.copy(), case_p.copy()
    pairs = zip(case_y.ravel(), case_p.ravel(), strict=True)
    expected = np.array([-1 / q if t else 1 / (1 - q) for t, q in pairs])
    found = log_loss_der(case_y, case_p)
    assert np.shape(found) == case_shape, (
        f"Inputs {case_shape}: log_loss_der returned the shape {np.shape(found)}."
    )
    np.testing.assert_allclose(np.ravel(found), expected, rtol=1e-5, err_msg="hint 1")
    assert np.array_equal(case_y, kept[0]) and np.array_equal(case_p, kept[1]), (
        "log_loss_der changed one of its inputs; clip into a new array."
    )
found = log_loss_der(1, 0.25)
assert np.shape(found) == () and abs(found + 4) < 1e-4, (
    f"log_loss_der(1, 0.25) returned {found!r:.60}; expected the number -4."
)
found = log_loss_der(np.array([1.0, 0.0]), np.array([0.001, 0.999]))
np.testing.assert_allclose(
    found,
    [-1000, 1000],
    rtol=2e-4,
    err_msg="p = 0.001 and 0.999 are ordinary, and the bound has changed them (hint 2)",
)
case_y, case_p = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0])
with np.errstate(all="ignore"):
    found = log_loss_der(case_y, case_p)
assert np.all(np.isfinite(found)), (
    f"For p = 0, 1, 1, 0 log_loss_der returned {found}; expected finite numbers."
)
assert found[0] < -5e6 and found[1] > 5e6 and np.all(np.abs(found[2:]) < 2), (
    f"At p = 0, 1, 1, 0 for y = 1, 0, 1, 0 log_loss_der returned {found}; expected a "
    "very negative, a very large and two small slopes: certain and wrong is steep, "
    "certain and right is not (hint 2)."
)
assert np.all(np.abs(found) < 2e16), (
    f"At p = 0, 1, 1, 0 log_loss_der returned {found}; a p that is kept 1e-15 or more "
    "away from 0 and 1 gives slopes up to 1e15. Two of the largest numbers there are "
    "add up to inf (hint 2)."
)
assert np.array_equal(case_p, [0, 1, 1, 0]), (
    "log_loss_der changed p where it is 0 or 1; clip into a new array."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Multiply before you compute
#
# The chain rule wants the product of the two slopes, $\partial \ell / \partial z_2 =
# \sigma'(z_2) \cdot \partial \ell / \partial p$. Take the worst case, a confident
# mistake: $z_2 = 40$ and $y = 0$. Which number should come out? And what does the
# textbook chain give, with the slope of the loss as the plain formula has it?

# %%
z2 = np.array([2.0, 40.0])
p2 = sigmoid(z2)
with np.errstate(divide="ignore", invalid="ignore"):
    print("slope of the loss     ", 1 / (1 - p2))
    print("slope of the sigmoid  ", p2 * (1 - p2))
    print("their product         ", p2 * (1 - p2) * (1 / (1 - p2)))

# %% [markdown]
# At $z_2 = 40$ the sigmoid is so close to 1 that floating point stores exactly 1. One
# slope becomes `inf`, the other 0, and their product `nan`. From there the `nan` enters
# every weight. With `p` clipped the product is 0 instead: no `nan`, and nothing is
# learned from the worst mistake.
#
# On paper the two slopes nearly cancel. With $p = \sigma(z_2)$:
#
# $$\frac{\partial \ell}{\partial z_2} = p\,(1 - p)\left(-\frac{y}{p} + \frac{1 - y}{1 -
# p}\right) = -y\,(1 - p) + (1 - y)\,p = p - y$$

# %% [markdown]
# Two steps *fused* into one formula, with no division left. It is the same $p - y$ that
# you met in lesson 03.
#
# **Your turn (3 points): write `delta_output`**, the slope of each example's loss with
# respect to $z_2$. It has to be right from $-800$ to $800$, without a warning. The
# average over $N$ comes later.
#
# <details><summary>Hint 1: what should it be at z = 800?</summary>
#
# $\sigma(800) = 1$. For $y = 1$ the slope is 0: nothing to learn. For $y = 0$ it is 1,
# the largest there is. For $y = 1$ at $z = -800$ it is −1.
#
# </details>
# <details><summary>Hint 2: which of your functions do you need?</summary>
#
# Neither `sigmoid_der` nor `log_loss_der`: their product is already worked out. The last
# formula above has all you need.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# The given `sigmoid` of `z2`, minus `y`.
#
# </details>


# %% nbgrader={"grade_id": "delta_output", "solution": true}
def delta_output(y, z2):
    """Return the slope of each example's log loss with respect to z2.

    For the labels 0 and 1 at z2 = 0 it is 0.5 and -0.5; right up to abs(z2) = 800.

    Parameters
    ----------
    y : ndarray, shape (N, 1)
        Labels, 0 or 1.
    z2 : ndarray, shape (N, 1)
        Weighted sums of the output neuron, from before the sigmoid.

    Returns
    -------
    delta : ndarray, shape (N, 1)
        Not averaged. The inputs stay as they are.
    """
    ### BEGIN SOLUTION
    return sigmoid(z2) - y
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_delta_output_example", "grade": true, "points": 0.5}
case_y = np.array([[1.0], [0.0], [0.0], [1.0]])
case_z = np.array([[0.0], [0.0], [2.0], [-1.5]])
expected = np.array([[-0.5], [0.5], [0.88079707797788], [-0.81757447619364]])
suspects = {
    "the sign is turned": -expected,
    "these are probabilities; the labels are not used": [
        [0.5],
        [0.5],
        [0.8807971],
        [0.1824255],
    ],
    "the slopes are averaged; here is one for each example": expected / 4,
    "the slope of the sigmoid is a factor too many": [
        [-0.125],
        [0.125],
        [0.0924780],
        [-0.1219375],
    ],
    "z2 was used without the sigmoid": [[-1.0], [0.0], [2.0], [-2.5]],
    "the slope of the sigmoid is missing": [[-2.0], [2.0], [8.3890561], [-5.4816891]],
}
found = delta_output(case_y, case_z)
assert np.shape(found) == (4, 1), (
    f"delta_output returned {found!r:.60}, expected an array of shape (4, 1). See "
    "hint 3."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, rtol=0, atol=1e-9, err_msg=why[0] if why else "see hint 1"
)
with np.errstate(all="ignore"):
    found = delta_output(np.array([[0.0]]), np.array([[40.0]]))
assert np.shape(found) == (1, 1) and abs(found[0, 0] - 1) < 1e-9, (
    f"For y = 0 and z2 = 40 delta_output returned {found}; expected 1. Two slopes "
    "computed one by one lose it (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_delta_output_far_out", "grade": true, "points": 1.5}
# Checked when graded: z2 = ±40 and ±800, both labels, no warning.
### BEGIN HIDDEN TESTS
case_z = np.array([[800.0], [800.0], [-800.0], [-800.0], [40.0], [-40.0], [-20.0]])
case_y = np.array([[1.0], [0.0], [1.0], [0.0], [1.0], [1.0], [0.0]])
expected = np.array([[0.0], [1.0], [-1.0], [0.0], [0.0], [-1.0], [2.0611536e-9]])
try:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = delta_output(case_y, case_z)
except FloatingPointError as problem:
    with np.errstate(all="ignore"):
        found = delta_output(case_y, case_z)
    raise AssertionError(
        f"delta_output at z2 = ±800: {problem}, result {np.ravel(found)!s:.60}. Use "
        "the given sigmoid and no division (hint 2)."
    ) from None
np.testing.assert_allclose(
    found,
    expected,
    rtol=0,
    atol=1e-9,
    err_msg="z2 = 800, 800, -800, -800, 40, -40, -20 (hint 1)",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_delta_output_sizes", "grade": true, "points": 1}
# Checked when graded: one example and seven, inputs unchanged.
### BEGIN HIDDEN TESTS
for case_n in (1, 7, 12):
    case_z = np.linspace(-7.5, 5.5, case_n + 1)[1:].reshape(case_n, 1)
    # Twelve examples are all of class 0.
    case_y = (np.arange(case_n) % 3 != 1) & (case_n != 12)
    case_y = case_y.astype(float).reshape(case_n, 1)
    kept = case_y.copy(), case_z.copy()
    expected = 1 / (1 + np.exp(-case_z)) - case_y
    found = delta_output(case_y, case_z)
    assert np.shape(found) == (case_n, 1), (
        f"N = {case_n}: delta_output returned the shape {np.shape(found)}."
    )
    np.testing.assert_allclose(
        found, expected, rtol=0, atol=1e-9, err_msg=f"N = {case_n} (hint 3)"
    )
    assert np.array_equal(case_y, kept[0]) and np.array_equal(case_z, kept[1]), (
        "delta_output changed one of its inputs; compute on new arrays."
    )
### END HIDDEN TESTS

# %% [markdown]
# Is the short formula the product of your two slopes? Below, both ways for a label of 0,
# from a mild mistake to a hopeless one. Where do they part?

# %%
for z in (0.5, 5.0, 20.0, 40.0):
    product = sigmoid_der(z) * log_loss_der(0.0, sigmoid(z))
    fused = delta_output(np.array([[0.0]]), np.array([[z]]))[0, 0]
    print(f"z2 = {z:4}: product of slopes {product:.6f}, fused {fused:.6f}")

# %% [markdown]
# ## Carry the error back through both layers
#
# The loss is the **mean** over the examples. Read the table from top to bottom: that is
# the order of computation, and against the order of `feed_forward`. $\odot$ multiplies
# element by element.
#
# | step | formula | shape |
# |---|---|---|
# | A: error at the output | $\delta_2 = (p - y) / N$ | $(N, 1)$ |
# | B: slopes of the output weights | $\tilde A_1^\top \delta_2$ | $(H+1, 1)$ |
# | C: error in the hidden layer | $\delta_1 = \delta_2 \bar w_O^\top \odot \sigma'(Z_1)$ | $(N, H)$ |
# | D: slopes of the hidden weights | $X^\top \delta_1$ | $(D+1, H)$ |
#
# $\bar w_O$ is $w_O$ without its last **row**, the bias: nothing flows back through a
# column of ones. Step A is your fused slope, $p - y$ for each example, and now divided
# by $N$ because the loss is a mean; the symbol $\delta_2$ includes the division.
#
# **One step with numbers.** One point $x = (2, -1)$ with $y = 1$, so $X = [2, -1, 1]$ and
# $N = 1$. Two hidden neurons have given $A_1 = [0.9, 0.2]$, the output weights are $w_O =
# [1, -2, 0.5]^\top$, the answer is $p = 0.73$.
#
# | step | numbers |
# |---|---|
# | A | $\delta_2 = 0.73 - 1 = -0.27$ |
# | B | $[0.9,\ 0.2,\ 1]^\top \cdot (-0.27) = [-0.243,\ -0.054,\ -0.27]^\top$ |
# | C | $-0.27 \cdot [1,\ -2] \odot [0.9 \cdot 0.1,\ 0.2 \cdot 0.8] = [-0.0243,\ 0.0864]$ |
# | D | $[2,\ -1,\ 1]^\top [-0.0243,\ 0.0864]$: three rows, the first is $[-0.0486,\ 0.1728]$ |
#
# All three output weights have negative slopes, so a step makes them larger: $p$ rises
# towards 1. The second hidden neuron has a negative output weight; its weights move the
# other way.

# %% [markdown]
# Step C asks for $w_O$, the one that computed $p$. Once it is updated it belongs to
# another network, and training with it ends in `nan` (lesson 08 watches that happen). So
# compute both sets of slopes first, and update after that:
#
# $$w \leftarrow w - \eta\, \frac{\partial L}{\partial w}$$
#
# The learning rate $\eta$ is the argument `LR`; `train`, below, calls the same number
# `lr`.
#
# **Your turn (6 points): write `backprop`**, which makes one such step and returns new
# weights. (It does two jobs, slopes and update. Lesson 07 takes them apart.) You get
# `out1` and `out2` from a forward pass with these weights.


# %% nbgrader={"grade_id": "check_slopes", "locked": true}
# What the checks of the next exercise lend it in place of your functions.
def measured(function):
    """Return the slope of a function, as small pushes to either side measure it."""
    return lambda at: (function(at + 1e-5) - function(at - 1e-5)) / 2e-5


def with_right_slopes(function):
    """Return the function as it works with right slopes."""

    def loss_slope(y, p):
        return measured(lambda at: -y * np.log(at) - (1 - y) * np.log(1 - at))(p)

    def output_slope(y, z2):
        return measured(lambda at: np.logaddexp(0, at) - y * at)(z2)

    slopes = {"log_loss_der": loss_slope, "delta_output": output_slope}
    return lent(function, sigmoid_der=measured(sigmoid), **slopes)


# %% [markdown]
# <details><summary>Hint 1: let the shapes lead</summary>
#
# Slopes of weights are shaped like the weights. Write the shapes of the three factors
# of each step below each other; only one order, with one transpose, fits.
#
# </details>
# <details><summary>Hint 2: what you already have</summary>
#
# `out2 - y` is the fused slope. The slope of the hidden sigmoid needs no $Z_1$: it is
# `out1 * (1 - out1)`; `sigmoid_der` would want $Z_1$, not `out1`. `wO[:-1]` is $w_O$
# without its last row.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# Five lines: `delta2` is the fused slope over `len(y)`; `dwO` is the transposed `out1`
# with its ones, times `delta2`; `delta1` is `delta2 @ wO[:-1].T` times the slope of
# hint 2, element by element; `dwH` is `X.T` times `delta1`; return both weights minus
# `LR` times their slopes.
#
# </details>


# %% nbgrader={"grade_id": "backprop", "solution": true}
def backprop(weights, out1, out2, y, X, LR):
    """Make one step of gradient descent on the mean log loss.

    Parameters
    ----------
    weights : list of two ndarrays
        wH, shape (D + 1, H), and wO, shape (H + 1, 1). Neither is changed.
    out1 : ndarray, shape (N, H)
        Hidden outputs of X with these weights, without a column of ones.
    out2 : ndarray, shape (N, 1)
        Probabilities of X with these weights.
    y : ndarray, shape (N, 1)
        Labels, 0 or 1.
    X : ndarray, shape (N, D + 1)
        Examples, the ones in the last column.
    LR : float
        Learning rate η.

    Returns
    -------
    wH_new : ndarray, shape (D + 1, H)
    wO_new : ndarray, shape (H + 1, 1)
        The weights after one step against the slopes of the mean log loss, which were
        all taken before it.
    """
    ### BEGIN SOLUTION
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    dwO = add_bias(out1).T @ delta2
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwH = X.T @ delta1
    return wH - LR * dwH, wO - LR * dwO
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_backprop_example", "grade": true, "points": 1.5}
backprop_alone = with_right_slopes(backprop)
case_x = np.array(
    [[1.0, 2.0, 1.0], [-1.0, 0.5, 1.0], [2.0, -1.0, 1.0], [0.0, 1.5, 1.0]]
)
case_y = np.array([[1.0], [0.0], [0.0], [1.0]])
case_wh = np.array([[0.8, -0.6], [0.3, 0.9], [-0.4, 0.2]])
case_wo = np.array([[1.2], [-0.7], [0.3]])
case_out1 = np.array(
    [
        [0.731058578630, 0.802183888559],
        [0.259225100818, 0.777299861175],
        [0.710949502625, 0.130108474363],
        [0.512497396484, 0.824913731836],
    ]
)
case_out2 = np.array(
    [[0.649249417208], [0.516733802602], [0.743084679794], [0.583597031274]]
)
slopes_h = np.array(
    [
        [0.041165830986, -0.004041995706],
        [-0.119120295962, 0.042158882041],
        [0.023680124089, -0.010106471593],
    ]
)
slopes_o = np.array([[0.048105348928], [-0.031631066565], [0.123166232719]])
given = [[case_wh.copy(), case_wo.copy()], case_out1, case_out2, case_y, case_x, 0.5]
found = backprop_alone(*given)
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"backprop returned {found!r:.60}; a right one returns two arrays, the new wH and "
    "the new wO. Is `return` there? See hint 3."
)
assert np.shape(found[0]) == (3, 2) and np.shape(found[1]) == (3, 1), (
    f"backprop returned the shapes {np.shape(found[0])} and {np.shape(found[1])}; "
    "expected those of wH and wO, (3, 2) and (3, 1) (hint 1)."
)
steps_h, steps_o = (case_wh - found[0]) / 0.5, (case_wo - found[1]) / 0.5
suspects = {
    "the steps go uphill; subtract the slopes": -1,
    "the slopes are added up over the examples; the loss is their mean": 4,
    "LR is not used": 2,
    "the steps are divided by N twice": 1 / 4,
}
why = [t for t, k in suspects.items() if np.allclose(steps_o, k * slopes_o, atol=1e-7)]
np.testing.assert_allclose(
    steps_o,
    slopes_o,
    rtol=1e-6,
    atol=1e-8,
    err_msg=f"slopes of wO, steps A and B: {why[0] if why else 'see hint 1'}",
)
np.testing.assert_allclose(
    steps_h,
    slopes_h,
    rtol=1e-6,
    atol=1e-8,
    err_msg="wO is right and the slopes of wH are not: steps C and D (hint 2)",
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_backprop_slopes", "grade": true, "points": 2.5}
# Checked when graded: other N, D and H, one example, other learning rates.
### BEGIN HIDDEN TESTS
def loss_at(case_x, case_y, case_wh, case_wo):
    """Return the mean log loss of a network."""
    hidden = 1 / (1 + np.exp(-(case_x @ case_wh)))
    score = np.hstack([hidden, np.ones((len(hidden), 1))]) @ case_wo
    return np.mean(np.logaddexp(0, score) - case_y * score)


def measured_slopes(case_x, case_y, case_wh, case_wo):
    """Measure the slope of the loss for each weight with tiny steps."""
    slopes = [np.zeros_like(case_wh), np.zeros_like(case_wo)]
    for layer, place in [(k, i) for k in (0, 1) for i in np.ndindex(slopes[k].shape)]:
        for step in (1e-5, -1e-5):
            moved = [case_wh.copy(), case_wo.copy()]
            moved[layer][place] += step
            slopes[layer][place] += loss_at(case_x, case_y, *moved) / (2 * step)
    return slopes


def step_made(case_x, case_y, case_wh, case_wo, rate):
    """Call backprop after a forward pass of this test; return the slopes it used."""
    out1 = 1 / (1 + np.exp(-(case_x @ case_wh)))
    out2 = 1 / (1 + np.exp(-(np.hstack([out1, np.ones((len(out1), 1))]) @ case_wo)))
    copies = [case_wh.copy(), case_wo.copy()]
    given = [copies, out1, out2, case_y.copy(), case_x.copy(), rate]
    new_wh, new_wo = with_right_slopes(backprop)(*given)
    assert np.shape(new_wh) == case_wh.shape and np.shape(new_wo) == case_wo.shape, (
        f"wH {case_wh.shape} and wO {case_wo.shape} became {np.shape(new_wh)} and "
        f"{np.shape(new_wo)}; weights keep their shapes (hint 1)."
    )
    return (case_wh - new_wh) / rate, (case_wo - new_wo) / rate


sizes = np.random.default_rng(63)
for case_n, case_d, case_h, rate in [
    (7, 3, 5, 0.5),
    (1, 4, 2, 3.0),
    (5, 6, 1, 0.1),
    (7, 3, 5, 0.5),
]:
    case_x = np.hstack([sizes.normal(size=(case_n, case_d - 1)), np.ones((case_n, 1))])
    # Five examples are all of class 0.
    case_y = (np.arange(case_n) % 3 == 0) & (case_n != 5)
    case_y = case_y.astype(float).reshape(case_n, 1)
    case_wh = sizes.normal(0.3, 1, size=(case_d, case_h))
    case_wo = sizes.normal(-0.4, 1, size=(case_h + 1, 1))
    expected = measured_slopes(case_x, case_y, case_wh, case_wo)
    found = step_made(case_x, case_y, case_wh, case_wo, rate)
    moved_wo = case_wo - rate * expected[1]
    told = f"N = {case_n}, D + 1 = {case_d}, H = {case_h}, LR = {rate}"
    for name, got, right in zip(["wO", "wH"], found[::-1], expected[::-1], strict=True):
        why = f"{told}: the slopes of {name} differ from measured ones (hint 3)"
        if name == "wH" and np.allclose(got * case_wo[:-1].T, right * moved_wo[:-1].T):
            why = f"{told}: step C uses the updated wO; it needs the old one"
        error = np.abs(got - right).max() / np.abs(right).max()
        assert error < 1e-6, (
            f"{why}. Found {got.ravel()[:4]}, expected {right.ravel()[:4]}"
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_backprop_promises", "grade": true, "points": 2}
# Checked when graded: the mean over N, inputs around 1000, nothing changed.
### BEGIN HIDDEN TESTS
case_x = np.array([[1200.0, -0.5, 1.0], [-900.0, 2.5, 1.0], [700.0, 1.5, 1.0]])
case_y = np.array([[1.0], [0.0], [0.0]])
case_wh = np.array([[0.001, -0.002], [-0.4, 0.7], [0.3, -0.6]])
case_wo = np.array([[1.4], [-0.9], [-0.5]])
case_out1 = 1 / (1 + np.exp(-(case_x @ case_wh)))
case_out2 = 1 / (1 + np.exp(-(np.hstack([case_out1, np.ones((3, 1))]) @ case_wo)))
case_weights = [case_wh, case_wo]
given = [*case_weights, case_out1, case_out2, case_y, case_x]
kept = [each.copy() for each in given]
# Steps of 1e-5 are too coarse for inputs of 1000, so this one is computed.
case_delta = (case_out2 - case_y) / 3
case_delta1 = case_delta * case_wo[:-1, 0] * case_out1 * (1 - case_out1)
expected = [
    np.array([[sum(col * d) for d in case_delta1.T] for col in case_x.T]),
    np.array([[sum(col * case_delta[:, 0])] for col in [*case_out1.T, np.ones(3)]]),
]
backprop_alone = with_right_slopes(backprop)
found = backprop_alone(case_weights, case_out1, case_out2, case_y, case_x, 0.25)
after = [*case_weights, case_out1, case_out2, case_y, case_x]
for name, old, new in zip(
    ["wH", "wO", "out1", "out2", "y", "X"],
    kept,
    [case_wh, case_wo, *after[2:]],
    strict=True,
):
    assert np.array_equal(old, new), (
        f"backprop wrote into the array {name} of its caller; compute on new arrays."
    )
for name, old, new in zip(["wH", "wO"], kept, case_weights, strict=False):
    assert np.array_equal(old, new), (
        f"backprop put another {name} into the caller's list `weights`; return new "
        "arrays and leave the list as it is."
    )
for name, old, new, right in zip(["wH", "wO"], kept, found, expected, strict=False):
    error = np.abs((old - new) / 0.25 - right).max() / np.abs(right).max()
    assert error < 1e-6, f"Inputs around 1000: the slopes of {name} are wrong (hint 3)."
thrice = [np.vstack([each] * 3) for each in kept[2:]]
again = backprop_alone([kept[0].copy(), kept[1].copy()], *thrice, 0.25)
for name, once, more in zip(["wH", "wO"], found, again, strict=True):
    assert np.allclose(once, more, rtol=1e-9, atol=1e-12), (
        f"The same examples given three times move {name} further; the loss is a mean "
        "over N."
    )
### END HIDDEN TESTS

# %% [markdown]
# Now check your gradient yourself, as in lesson 05: a step with `LR = 1` moves each
# weight by its slope, and a tiny push of the same weight measures that slope. The two
# columns should agree in about eight digits.

# %%
Xb_train = add_bias(X_train)
made = backprop(random_weights, out1, out2, y_train, Xb_train, 1.0)
for layer, row in [(0, 0), (0, 2), (1, 0), (1, 4)]:
    losses = []
    for push in (1e-5, -1e-5):
        pushed = [random_weights[0].copy(), random_weights[1].copy()]
        pushed[layer][row, 0] += push
        losses.append(mean_log_loss(y_train, feed_forward(Xb_train, pushed)[1]))
    used = (random_weights[layer] - made[layer])[row, 0]
    print(f"{['wH', 'wO'][layer]}[{row}, 0]: backprop {used: .9f}", end="")
    print(f"  measured {(losses[0] - losses[1]) / 2e-5: .9f}")

# %% [markdown]
# ## Train
#
# Training repeats forward pass and step. Four promises:
#
# - The starting weights are drawn at random by `rng.normal`, with standard deviation 1,
#   **from `rng`** and from nothing else: the same seed gives the same network. (Another
#   start of about this size will do; a tiny one may not arrive in time.)
# - Each entry of the history is the mean log loss of all points **before** the updates
#   of that epoch, so `history["train"][0]` belongs to the starting weights.
# - Validation points are looked at, never learned from: with or without them the
#   weights come out the same. Without them `history["val"]` stays empty.
# - All `epochs` are made; zero epochs return the starting weights.


# %% nbgrader={"grade_id": "check_parts", "locked": true}
# What the checks of the next exercise lend it in place of functions that are not right.
def outputs_to_lend(rows, weights):
    """Return the outputs of both layers."""
    hidden = 0.5 + 0.5 * np.tanh(rows @ weights[0] / 2)
    return hidden, 0.5 + 0.5 * np.tanh(add_bias(hidden) @ weights[1] / 2)


def step_to_lend(weights, hidden, out, truth, rows, rate):
    """Step against slopes that are measured, all at once, by small pushes."""
    flat = np.concatenate([part.ravel() for part in weights])
    split, pushes, losses = weights[0].size, 1e-5 * np.eye(flat.size), []
    for moved in (flat + pushes, flat - pushes):
        first = sigmoid(rows @ moved[:, :split].reshape(-1, *weights[0].shape))
        last = moved[:, split:, None]
        scores = first @ last[:, :-1] + last[:, -1:]
        losses.append((np.logaddexp(0, scores) - truth * scores).mean(axis=(1, 2)))
    flat = flat - rate * (losses[0] - losses[1]) / 2e-5
    return flat[:split].reshape(weights[0].shape), flat[split:].reshape(-1, 1)


def with_right_parts(function):
    """Return the function as it is, or as it works with right parts."""
    rng = np.random.default_rng(0)
    weights, rows = [rng.normal(size=(3, 2)), rng.normal(size=(3, 1))], np.eye(3)
    truth, right = np.array([[1.0], [0.0], [1.0]]), outputs_to_lend(rows, weights)
    try:
        own = feed_forward(rows, list(weights))
        own = [*own, *backprop(list(weights), *right, truth, rows, 1.0)]
        right = [*right, *step_to_lend(weights, *right, truth, rows, 1.0)]
        agree = all(
            np.allclose(a, b, atol=1e-7) for a, b in zip(own, right, strict=True)
        )
    except Exception:  # whatever is wrong with them, they are replaced
        agree = False
    if agree:
        return function
    return lent(function, feed_forward=outputs_to_lend, backprop=step_to_lend)


# %% [markdown]
# **Your turn (6 points): write `train`.** It gets $X$ *without* the column of ones. Use
# your functions: where one of them is not right, the checks lend a right one, so that a
# slip costs its points once.
#
# It is graded with $N = 200$, `hidden=8`, `lr=10`, `epochs=300` and three generators:
# at least 97 % of the points must be classified correctly each time. A learning rate of
# 10 is large. It works because the loss is a mean; with a sum it does not.
#
# <details><summary>Hint 1: what happens once, what in every epoch?</summary>
#
# Once: append the ones, draw two weight arrays, prepare the history. In every epoch:
# forward pass, note the losses, update. In which order, if the history shows the loss
# before the update?
#
# </details>
# <details><summary>Hint 2: the pieces</summary>
#
# `rng.normal(size=(rows, columns))` draws an array. What are the two sizes when `X` has
# $D$ columns and there are `hidden` neurons? Your `feed_forward` and `backprop` give
# and take the list `[wH, wO]`.
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# In the loop: `out1, out2 = feed_forward(...)`; append `mean_log_loss(y, out2)` to
# `history["train"]`; if `X_val` is not None, append the loss of the same weights on the
# validation points; then bind `weights` to `list(backprop(...))`. Return `weights,
# history`.
#
# </details>


# %% nbgrader={"grade_id": "train", "solution": true}
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    """Train a network with one hidden layer by gradient descent.

    Parameters
    ----------
    X, X_val : ndarray, shapes (N, 2) and (N_val, 2)
        Points without a column of ones; `X_val` may be None.
    y, y_val : ndarray, shapes (N, 1) and (N_val, 1)
        Labels, 0 or 1.
    hidden : int
        Number of hidden neurons, H.
    lr : float
        Learning rate η, for the mean log loss.
    epochs : int
        How often all points are used.
    rng : numpy.random.Generator
        Draws the starting weights, by `rng.normal`.

    Returns
    -------
    weights : list of two ndarrays
        wH, shape (3, H), and wO, shape (H + 1, 1), after the last update.
    history : dict
        "train" and "val", each a list of `epochs` floats: the mean log loss before the
        updates of each epoch. "val" is empty without validation points.
    """
    ### BEGIN SOLUTION
    Xb = add_bias(X)
    weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
        weights = list(backprop(weights, out1, out2, y, Xb, lr))
    return weights, history
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_train_small", "grade": true, "points": 1}
case_x, case_y = make_moons(30, noise=0.1, random_state=8)
case_y = case_y.reshape(-1, 1).astype(float)
alone = with_right_parts(train)
found = alone(case_x, case_y, 5, 0.5, 20, np.random.default_rng(3))
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"train returned {found!r:.60}; a right one returns the weights and the history. "
    "Is `return` there? See hint 3."
)
found_weights, found_history = found
shapes = [np.shape(each) for each in found_weights]
assert shapes == [(3, 5), (6, 1)], (
    f"With 5 hidden neurons the weights have the shapes {shapes}; expected (3, 5) and "
    "(6, 1): one row more than inputs, for the biases. See hint 2."
)
assert isinstance(found_history, dict) and "train" in found_history, (
    f"the history is {found_history!r:.60}; expected a dict with 'train' and 'val'."
)
assert len(found_history["train"]) == 20 and not found_history.get("val"), (
    f"20 epochs without validation points gave {len(found_history['train'])} training "
    f"losses and {len(found_history.get('val') or [])} of validation; expected 20 and 0."
)
assert found_history["train"][0] < 5, (
    f"The first loss is {found_history['train'][0]:.2f}, far more than random weights "
    "cost on average; is it a sum instead of a mean? See hint 3."
)
assert found_history["train"][-1] < found_history["train"][0], (
    f"The loss went from {found_history['train'][0]:.4f} to "
    f"{found_history['train'][-1]:.4f}; expected it to fall. Does each epoch continue with "
    "the weights of the one before? See hint 3."
)
again, _ = alone(case_x, case_y, 5, 0.5, 20, np.random.default_rng(3))
assert np.array_equal(again[0], found_weights[0]), (
    "Two runs with equal generators gave different weights; draw from `rng` (hint 2)."
)
other, _ = alone(case_x, case_y, 5, 0.5, 20, np.random.default_rng(4))
assert not np.allclose(other[0], found_weights[0]), (
    "Two runs with different generators gave the same weights; draw from `rng` (hint 2)."
)
assert not np.allclose(found_weights[0], found_weights[0][:, :1]), (
    "All hidden neurons have the same weights; draw each weight on its own (hint 2)."
)
given = [np.random.default_rng(3), case_x[:9], case_y[:9]]
_, watched = alone(case_x, case_y, 5, 0.5, 20, *given)
assert len(watched["val"]) == 20 and watched["val"] != watched["train"], (
    f"With validation points history['val'] has {len(watched['val'])} entries, expected "
    "20, each the loss of those points."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_train_moons", "grade": true, "points": 2}
# Checked when graded: 97 % of the moons with hidden=8, lr=10, 300 epochs, twice.
### BEGIN HIDDEN TESTS
case_x, case_y = make_moons(200, noise=0.1, random_state=21)
case_y = case_y.reshape(-1, 1).astype(float)
alone = with_right_parts(train)
for seed in (31, 32):
    found_weights, found_history = alone(
        case_x, case_y, 8, 10, 300, np.random.default_rng(seed)
    )
    assert len(found_history["train"]) == 300, (
        f"seed {seed}: 300 epochs gave {len(found_history['train'])} losses; every epoch "
        "is made, also when all points are right."
    )
    assert np.all(np.isfinite(found_weights[0])) and np.all(
        np.isfinite(found_weights[1])
    ), f"seed {seed}: weights became {found_weights[1].ravel()[:3]}; see hint 3."
    case_ones = np.hstack([case_x, np.ones((200, 1))])
    hidden_out = 1 / (1 + np.exp(-np.clip(case_ones @ found_weights[0], -500, 500)))
    score = np.hstack([hidden_out, np.ones((200, 1))]) @ found_weights[1]
    share = np.mean((score > 0) == (case_y == 1))
    assert share >= 0.97, (
        f"seed {seed}: {share:.3f} of the points are right, expected at least 0.97. "
        "Is the loss a mean, are the weights drawn by rng.normal and is every epoch made "
        "(hint 2)?"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_train_history", "grade": true, "points": 1.5}
# Checked when graded: every entry of the history belongs to the weights before it.
### BEGIN HIDDEN TESTS
case_x, case_y = make_moons(26, noise=0.2, random_state=9)
case_x_val, _ = make_moons(18, noise=0.2, random_state=10)
case_y, case_y_val = case_y.reshape(-1, 1) * 1.0, np.zeros((18, 1))
ones_train = np.hstack([case_x, np.ones((26, 1))])
ones_val = np.hstack([case_x_val, np.ones((18, 1))])
alone = with_right_parts(train)
for case_h, rate, count in [(4, 0.7, 6), (1, 0.3, 3)]:
    given = [case_x, case_y, case_h, rate]
    _, found_history = alone(
        *given, count, np.random.default_rng(5), case_x_val, case_y_val
    )
    for name in ("train", "val"):
        assert len(found_history[name]) == count, (
            f"{count} epochs gave {len(found_history[name])} losses in {name!r}."
        )
    for epoch in range(count):
        before, _ = alone(*given, epoch, np.random.default_rng(5))
        expected = [
            loss_at(ones_train, case_y, *before),
            loss_at(ones_val, case_y_val, *before),
        ]
        now = [found_history["train"][epoch], found_history["val"][epoch]]
        np.testing.assert_allclose(
            now,
            expected,
            rtol=1e-5,
            err_msg=f"losses (train, val) before epoch {epoch} are not those of the "
            f"weights that {epoch} epochs return: mean log loss, before the update "
            "(hint 3)",
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_train_promises", "grade": true, "points": 1.5}
# Checked when graded: lr is used, validation points are not; inputs unchanged.
### BEGIN HIDDEN TESTS
case_x, case_y = make_moons(34, noise=0.1, random_state=11)
case_y = case_y.reshape(-1, 1) * 1.0
case_x_val, case_y_val = 3 - 2 * case_x[:12], 1 - case_y[:12]
given = [case_x, case_y, case_x_val, case_y_val]
kept = [each.copy() for each in given]
alone = with_right_parts(train)
unwatched, _ = alone(case_x, case_y, 3, 2.0, 25, np.random.default_rng(6))
watched, _ = alone(
    case_x, case_y, 3, 2.0, 25, np.random.default_rng(6), case_x_val, case_y_val
)
for name, old, new in zip(["X", "y", "X_val", "y_val"], kept, given, strict=True):
    assert np.array_equal(old, new), f"train changed the caller's {name}; copy it."
for once, more in zip(unwatched, watched, strict=True):
    assert np.allclose(once, more, rtol=1e-9, atol=1e-12), (
        "The weights differ when validation points are given; nothing may be learned "
        "from them."
    )
start, start_history = alone(case_x, case_y, 3, 2.0, 0, np.random.default_rng(6))
assert [np.shape(each) for each in start] == [(3, 3), (4, 1)], (
    "With epochs=0 train returned other weights than the ones that were drawn; expected "
    "the starting weights."
)
assert len(start_history["train"]) == 0, (
    f"With epochs=0 the history is {start_history['train']!r:.60}; expected it empty."
)
assert not np.allclose(start[0], unwatched[0]), "25 epochs did not change wH."
assert not np.allclose(start[1], unwatched[1]), "25 epochs did not change wO."
short, long = (
    alone(case_x, case_y, 3, rate, 1, np.random.default_rng(6))[0]
    for rate in (0.001, 0.002)
)
for name, old, near, far in zip(["wH", "wO"], start, short, long, strict=True):
    assert np.allclose(far - old, 2 * (near - old), rtol=0.05, atol=1e-8), (
        f"One epoch with lr = 0.002 moves {name} by {np.ravel(far - old)[:2]}, one with "
        f"lr = 0.001 by {np.ravel(near - old)[:2]}; expected twice the way for twice "
        "the rate. Is lr used?"
    )
### END HIDDEN TESTS

# %% [markdown]
# Now watch it learn, with $H = 4$ and $\eta = 5$. Both losses are means, so they can be
# compared although the sets might have different sizes. Where do the curves
# hardly fall, and do they part?

# %%
weights, history = train(
    X_train, y_train, 4, 5, 500, np.random.default_rng(5), X_val, y_val
)
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.plot(history["train"], c=BLUE, lw=2, label="training")
ax.plot(history["val"], "--", c=VERMILLION, lw=2, label="validation")
ax.set(xlabel="epoch", ylabel="mean log loss", ylim=(0, None))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Mean log loss over 500 epochs, training (solid) and validation (dashed)
# nearly on top of each other. They jump up and down once in the first ten epochs,
# hardly fall, from 0.28 to 0.24, until about epoch 180, and reach 0.02 by the end.

# %% [markdown]
# On the flat stretch, a **plateau**, the network does what one line can do; then it finds
# the bend. Stop there, after 100 epochs, and you would report that the network is no
# better than logistic regression. The curves do not part: there is hardly any
# **generalisation gap**. These few weights have learned the shape, not the points.

# %%
for name, X_part, y_part in [("train", X_train, y_train), ("val", X_val, y_val)]:
    _, p_part = feed_forward(add_bias(X_part), weights)
    print(f"{name:5s} accuracy {np.mean((p_part > 0.5) == y_part):.3f}", end="  ")
    print(f"mean log loss {mean_log_loss(y_part, p_part):.4f}")

# %% [markdown]
# ## Ask the network about every point of the plane
#
# To see the border, ask for $p$ on a grid of $n \times n$ points and draw the result as
# a map. The trap is the order. Plotting functions want `Z[i, j]` to be the value at
# `(xs[j], ys[i])`: rows go up, columns go right. List the points in the other order and
# the map is transposed, and on symmetric data nobody notices.
#
# **Your turn (3 points): write `decision_grid`.**
#
# <details><summary>Hint 1: which coordinate changes first?</summary>
#
# `reshape(n, n)` fills the first row from left to right. So the first $n$ points of
# your list share their $x_2$ and run through all of `xs`.
#
# </details>
# <details><summary>Hint 2: functions to look up</summary>
#
# `np.meshgrid(xs, ys)` returns two (n, n) arrays in the right order. `ravel` flattens
# one, `np.column_stack` puts two flat ones side by side as (M, 2).
#
# </details>
# <details><summary>Hint 3: nearly the lines</summary>
#
# `xs` and `ys` are `np.linspace` from −lim to lim with n values. Call `predict` once on
# the stacked points and reshape what comes back to (n, n).
#
# </details>


# %% nbgrader={"grade_id": "decision_grid", "solution": true}
def decision_grid(predict, lim, n):
    """Evaluate a prediction on a square grid.

    Parameters
    ----------
    predict : callable
        Takes points, shape (M, 2), and returns M values, shape (M,) or (M, 1).
    lim : float
        The grid reaches from −lim to lim in both directions.
    n : int
        Number of grid lines in each direction.

    Returns
    -------
    xs, ys : ndarray, shape (n,)
        Coordinates of the columns and of the rows, ascending.
    Z : ndarray, shape (n, n)
        Z[i, j] is the value at the point (xs[j], ys[i]), as `predict` gave it.
    """
    ### BEGIN SOLUTION
    xs = ys = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, ys)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, ys, np.reshape(predict(points), (n, n))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_decision_grid_order", "grade": true, "points": 1}
def four_fields(points):
    """Return 0 or 1 below x2 = 0.3, 4 or 5 above, the larger one right of x1 = 0.3."""
    points = np.asarray(points)
    return 1.0 * (points[:, 0] > 0.3) + 4.0 * (points[:, 1] > 0.3)


found = decision_grid(four_fields, 3, 4)
assert isinstance(found, tuple | list) and len(found) == 3, (
    f"decision_grid returned {found!r:.60}; a right one returns xs, ys and Z (hint 3)."
)
found_xs, found_ys, found_values = found
for name, line_at in [("xs", found_xs), ("ys", found_ys)]:
    assert np.shape(line_at) == (4,) and np.allclose(line_at, [-3, -1, 1, 3]), (
        f"For lim = 3 and n = 4 {name} is {line_at!r:.60}; expected -3, -1, 1, 3."
    )
assert np.shape(found_values) == (4, 4), (
    f"Z has the shape {np.shape(found_values)}; expected (n, n) = (4, 4)."
)
expected = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [4, 4, 5, 5], [4, 4, 5, 5]])
cause = "the values are at the wrong points (hint 1)"
if np.allclose(found_values, expected.T):
    cause = "Z is mirrored at the diagonal: rows and columns are exchanged (hint 1)"
elif np.allclose(found_values, expected[::-1]):
    cause = "up and down are exchanged; row 0 is the lowest (hint 1)"
elif np.max(found_values) <= 1:
    cause = "hand the values of predict on as they are (hint 3)"
assert np.allclose(found_values, expected), (
    "For a prediction of 0 and 1 below x2 = 0.3, of 4 and 5 above, and the larger one "
    f"right of x1 = 0.3, Z is\n{found_values}\nexpected\n{expected}\n{cause}."
)
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_decision_grid_values", "grade": true, "points": 2}
# Checked when graded: other lim and n, columns (M, 1), values handed on as they are.
### BEGIN HIDDEN TESTS
def flat_plane(points):
    """Return a different value at every point, shape (M,)."""
    return 0.1 * np.asarray(points)[:, 0] + 0.37 * np.asarray(points)[:, 1]


def column_plane(points):
    """Return the same values as a column, shape (M, 1)."""
    return flat_plane(points).reshape(-1, 1)


for case_lim, case_n in [(3, 5), (1.5, 7), (0.4, 2), (1000.0, 3)]:
    lines = np.array(
        [-case_lim + 2 * case_lim * k / (case_n - 1) for k in range(case_n)]
    )
    expected = np.array([[0.1 * right + 0.37 * up for right in lines] for up in lines])
    for plane, form in [(flat_plane, "(M,)"), (column_plane, "(M, 1)")]:
        found = decision_grid(plane, case_lim, case_n)
        told = f"lim = {case_lim}, n = {case_n}, predict returns {form}"
        assert np.shape(found[2]) == (case_n, case_n), (
            f"{told}: Z has the shape {np.shape(found[2])}, expected (n, n)."
        )
        np.testing.assert_allclose(found[0], lines, rtol=1e-9, atol=1e-12, err_msg="xs")
        np.testing.assert_allclose(found[1], lines, rtol=1e-9, atol=1e-12, err_msg="ys")
        why = f"{told}: Z[i, j] is the value at (xs[j], ys[i]) (hint 1)"
        np.testing.assert_allclose(
            found[2], expected, rtol=1e-9, atol=1e-12, err_msg=why
        )
    found = decision_grid(lambda points: -flat_plane(points), case_lim, case_n)
    np.testing.assert_allclose(
        found[2],
        -expected,
        rtol=1e-9,
        atol=1e-12,
        err_msg=f"lim = {case_lim}, n = {case_n}, another predict: Z is what this one "
        "returns (hint 3)",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Watch the border bend
#
# The same training, stopped after 0, 10, 100 and 500 epochs: equal generators start
# from equal weights, so these are four moments of one run. The line in black is where
# $p = 0.5$: the **decision boundary**. Say beforehand: which of the four panels will show
# a clear bend?


# %%
def draw_border(weights, ax, title, lim=3):
    """Draw the probability of class 1 as a map, with its border, and the points."""
    xs, ys, Z = decision_grid(lambda P: feed_forward(add_bias(P), weights)[1], lim, 80)
    levels = np.linspace(0, 1, 11)
    filled = ax.contourf(xs, ys, Z, levels=levels, cmap="RdBu_r", alpha=0.6)
    ax.contour(xs, ys, Z, levels=[0.5], colors=BLACK)
    draw_points(X_train, y_train, ax)
    ax.set(title=title, xlim=(-1.8, 2.8), ylim=(-1.6, 2.1))
    return filled


def four_panels():
    """Return a figure and its two by two axes, for maps of the same plane."""
    shared = {"sharex": True, "sharey": True, "layout": "constrained"}
    return plt.subplots(2, 2, figsize=(8, 6), **shared)


fig, axes = four_panels()
for ax, epochs in zip(axes.flat, [0, 10, 100, 500], strict=True):
    now, _ = train(X_train, y_train, 4, 5, epochs, np.random.default_rng(5))
    filled = draw_border(now, ax, f"{epochs} epochs")
    ax.label_outer()
fig.colorbar(filled, ax=axes, label="probability of class 1")
plt.show()

# %% [markdown]
# *Figure:* Four maps with the 200 training points. At 0 epochs the border is nearly
# upright and separates nothing. At 10 it is a straight, rising line, at 100 the same line
# with a slight bend. At 500 it rises, dips and rises again through the gap between the
# moons, and all points are on their side.
#
# In a running notebook, move the slider through the plateau. Between which two stops does
# the line give way?

# %%
picture = Image(format="png")


@interact(epochs=(0, 500, 20))
def stop_after(epochs=100):
    """Redraw the map for where the slider stands."""
    fig, ax = plt.subplots(figsize=(5, 3.6), layout="constrained")
    now, _ = train(X_train, y_train, 4, 5, epochs, np.random.default_rng(5))
    fig.colorbar(draw_border(now, ax, f"{epochs} epochs"), label="probability")
    fig.savefig(png := BytesIO())
    plt.close(fig)
    picture.value = png.getvalue()


picture

# %% [markdown]
# *Figure:* One such map, with a slider for the number of epochs. Without a running kernel
# the four maps above show the same.

# %% [markdown]
# ## Look into the hidden layer
#
# Where did the bend come from? Each hidden neuron is a logistic regression of its own,
# with one straight line. Here are the four maps of `out1`. Which line follows which
# piece of the border above?

# %%
fig, axes = four_panels()
for unit, ax in enumerate(axes.flat):
    xs, ys, Z = decision_grid(
        lambda P, j=unit: feed_forward(add_bias(P), weights)[0][:, j], 3, 80
    )
    levels = np.linspace(0, 1, 11)
    filled = ax.contourf(xs, ys, Z, levels=levels, cmap="Greys", alpha=0.6)
    ax.contour(xs, ys, Z, levels=[0.5], colors=BLACK, linestyles="--")
    draw_points(X_train, y_train, ax)
    title = f"unit {unit}, output weight {weights[1][unit, 0]:+.1f}"
    ax.set(title=title, xlim=(-1.8, 2.8), ylim=(-1.6, 2.1))
    ax.label_outer()
fig.colorbar(filled, ax=axes, label="hidden output")
plt.show()

# %% [markdown]
# *Figure:* Four maps of one hidden output each, white for 0 and grey for 1, with a
# dashed straight line where it is 0.5. Unit 0 has a rising line through the middle,
# with a wide change. Units 1, 2 and 3 have steep lines with a sharp change: 1 falls
# from the arch to the bowl, 2 rises beside the right arm of the arch, 3 rises along the
# left arm of the bowl.
#
# Each neuron still draws one straight line. The output neuron adds the four maps up,
# each times its output weight, plus its bias. Here is that sum, growing map by map. In
# which panel does the boundary appear?

# %%
fig, axes = four_panels()
strongest = np.argsort(-np.abs(weights[1][:4, 0]))
for count, ax in enumerate(axes.flat, start=1):
    kept = strongest[:count]

    def so_far(P, kept=kept):
        """Return the bias plus the first units' outputs times their weights."""
        outputs = feed_forward(add_bias(P), weights)[0]
        return weights[1][4, 0] + outputs[:, kept] @ weights[1][kept, 0]

    xs, ys, Z = decision_grid(so_far, 3, 80)
    levels = np.linspace(-16, 16, 17)
    filled = ax.contourf(
        xs, ys, Z, levels=levels, cmap="RdBu_r", alpha=0.6, extend="both"
    )
    ax.contour(xs, ys, Z, levels=[0], colors=BLACK)
    draw_points(X_train, y_train, ax)
    ax.set(title=f"bias, unit {' + '.join(map(str, kept))}")
    ax.set(xlim=(-1.8, 2.8), ylim=(-1.6, 2.1))
    ax.label_outer()
fig.colorbar(filled, ax=axes, label="sum, $z_2$")
plt.show()

# %% [markdown]
# *Figure:* Four maps of the growing sum, red where it is positive and blue where it is
# negative, with a black line where it is 0. With one unit the line, if there is one, is
# straight. Each further unit bends it, and with all four it is the boundary that winds
# between the moons.
#
# The hidden layer computes *features*, as you did by hand at the end of lesson 03, but it
# found them by itself. That is the whole secret of deep networks, and you have just seen
# it work.

# %% [markdown]
# How many neurons does the task need? Before you run the cell: what can one hidden
# neuron do that logistic regression cannot?

# %%
fig, axes = four_panels()
for ax, H in zip(axes.flat, [1, 2, 4, 16], strict=True):
    now, _ = train(X_train, y_train, H, 10, 1000, np.random.default_rng(4))
    _, p_val = feed_forward(add_bias(X_val), now)
    share = np.mean((p_val > 0.5) == y_val)
    filled = draw_border(now, ax, f"H = {H}: {share:.3f} on validation")
    ax.label_outer()
fig.colorbar(filled, ax=axes, label="probability of class 1")
plt.show()

# %% [markdown]
# *Figure:* Four boundaries after 1000 epochs, with their validation accuracy. With H = 1
# it is a straight line (0.875); with H = 2 it has one bend (0.885); with H = 4 it
# rises, dips and rises through the gap (1.000); with H = 16 it looks the same (0.995).
#
# One hidden neuron draws one line, and the output neuron can only relabel its sides. It
# takes three or four lines to follow the moons. More than that does no harm here; with
# little and noisy data it may lead to **overfitting** (lesson 08).

# %% [markdown]
# ## Experiment: why start at random?
#
# Three experiments close the lesson; each one ends in a number. `run` trains from
# weights that **you** choose, with your functions, or with right ones where yours are not
# ready yet. Every experiment can be thought through on paper, too; the hints say how.


# %%
@with_right_parts
def run(weights, X, y, lr, epochs, loss=mean_log_loss):
    """Train from given weights; return the last weights and all losses."""
    with_ones, losses = add_bias(X), []
    while len(losses) < epochs:
        outputs = feed_forward(with_ones, weights)
        losses.append(loss(y, outputs[1]))
        weights = backprop(weights, *outputs, y, with_ones, lr)
    return weights, losses


X_even, y_even = make_moons(n_samples=256, noise=0.1, random_state=42)
y_even = y_even.reshape(-1, 1).astype(float)

# %% [markdown]
# `X_even` holds 256 moons, because dividing by a power of two is exact in floating
# point: sums that are 0 on paper are 0 in the computer too. (With 200 points they may
# come out as $10^{-18}$, which 500 epochs can blow up into something that looks like
# learning.)
#
# **Experiment 1 (1 point).** Start with all weights at 0 ($H = 4$), train 500 epochs on
# `X_even`, `y_even` with $\eta = 10$, and measure the accuracy on the same points, as a
# share between 0 and 1. Logistic regression starts at zero too and learns well. What do
# you expect here?
#
# <details><summary>Hint 1: what comes out at the start?</summary>
#
# With $w_H = 0$ every hidden output is $\sigma(0)$, with $w_O = 0$ every $p$ is too.
#
# </details>
# <details><summary>Hint 2: which slopes are zero?</summary>
#
# Step C multiplies by $w_O$. Step B adds $p - y$ over the examples, each times the same
# number. There are 128 points of each class.
#
# </details>
# <details><summary>Hint 3: how to run it</summary>
#
# Give `run` the list of `np.zeros((3, 4))` and `np.zeros((5, 1))`. Then compare
# `out2 > 0.5` of the weights it returns with `y_even`, and take the mean.
#
# </details>

# %% nbgrader={"grade_id": "zero_init_accuracy", "solution": true}
# Run the experiment in this cell; end with zero_init_accuracy = <a number from 0 to 1>
### BEGIN SOLUTION
zeros = [np.zeros((3, 4)), np.zeros((5, 1))]
from_zeros, _ = run(zeros, X_even, y_even, lr=10, epochs=500)
_, p_zeros = feed_forward(add_bias(X_even), from_zeros)
zero_init_accuracy = np.mean((p_zeros > 0.5) == y_even)
### END SOLUTION

# %% nbgrader={"grade_id": "test_zero_init_accuracy", "grade": true, "points": 1}
right_form = isinstance(zero_init_accuracy, int | float | np.number)
assert right_form and 0 <= zero_init_accuracy <= 1, (
    f"zero_init_accuracy is {zero_init_accuracy!r:.60}; write a share from 0 to 1."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
assert abs(zero_init_accuracy - 0.5) < 1e-9, (
    f"You found {zero_init_accuracy}. From zeros every p is 0.5 and, with classes of "
    "equal size, every slope is 0: nothing ever moves."
)
### END HIDDEN TESTS

# %% [markdown]
# **Experiment 2 (1 point).** Now start with all weights at 0.5, again with $H = 4$ and on
# `X_even`, `y_even`. This time they move. How many **different** columns does $w_H$ have
# after 100 epochs with $\eta = 1$ (round to six decimals before you compare)?
#
# <details><summary>Hint 1: what makes two neurons different?</summary>
#
# Two hidden neurons with equal weights give equal outputs. Do steps C and D treat them
# differently anywhere?
#
# </details>
# <details><summary>Hint 2: look at it</summary>
#
# Print the first array that `run` returns, rounded, and compare its columns.
#
# </details>
# <details><summary>Hint 3: how to run it</summary>
#
# `np.full((3, 4), 0.5)` makes the first array. `np.unique(..., axis=1)` keeps one of
# each column.
#
# </details>

# %% nbgrader={"grade_id": "constant_init_columns", "solution": true}
# Run the experiment in this cell; end with constant_init_columns = <a whole number>
### BEGIN SOLUTION
halves = [np.full((3, 4), 0.5), np.full((5, 1), 0.5)]
from_halves, _ = run(halves, X_even, y_even, lr=1, epochs=100)
constant_init_columns = np.unique(from_halves[0].round(6), axis=1).shape[1]
### END SOLUTION

# %% nbgrader={"grade_id": "test_constant_init_columns", "grade": true, "points": 1}
assert isinstance(constant_init_columns, int | float | np.number), (
    f"constant_init_columns is {constant_init_columns!r:.60}; write a whole number."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
assert constant_init_columns == 1, (
    f"You found {constant_init_columns}. Equal neurons get equal slopes, so they stay "
    "equal: four columns, all the same one."
)
### END HIDDEN TESTS

# %% [markdown]
# Neurons that start out equal stay equal, so such a network can do no more than the one
# with $H = 1$. Chance is what **breaks the symmetry**. The size of the random numbers
# matters less here, as long as they are not tiny. (In deep networks it matters much:
# lesson 04.)
#
# **In your own words (no points: this one is for you).** Logistic regression (lesson 03)
# started at zero and learned well. Why does this network not? Follow steps A to D once, and
# say what is different about a single neuron.

# %% [markdown] nbgrader={"grade_id": "explain_symmetry", "grade": true, "solution": true, "points": 0}
# **Why zero is a fine start for one neuron and a bad one here:**
#
# ### BEGIN SOLUTION
# A single neuron's slopes are sums of (p - y) times the inputs, and the inputs differ, so
# its weights move apart at once. In the network step C multiplies by the output weights:
# with all of them 0, no error reaches the hidden layer, so its weights stay. And all hidden
# outputs are equal, so step B gives all output weights the same slope. Whatever happens,
# the hidden neurons are treated alike: same weights, same outputs, same slopes, forever.
# One neuron has no twin to stay equal to; several need different starts to become
# different.
# ### END SOLUTION

# %% [markdown]
# ## Experiment: sum or mean?
#
# What if you add the losses up instead of averaging them, with a fixed learning rate of
# 0.01? A sum over $n$ points is $n$ times the mean, and so are its
# slopes. With your `backprop`, which takes the mean, such training is `LR = 0.01 * n`.

# %% [markdown]
# **Experiment 3 (1 point).** Train like that for 20 epochs with $n$ = 50, 200, 2000
# and 20,000 moons, each time with $H = 4$ and the random weights that `start_with(n)`
# below draws. Use the loss below, which does not keep $p$ away from 0 and 1. What is the
# **smallest of these $n$ for which a loss becomes `nan` or `inf`**?
#
# <details><summary>Hint 1: which rate do you use?</summary>
#
# With the mean, 10 worked well for the moons. Which values does $0.01\, n$ take?
#
# </details>
# <details><summary>Hint 2: where does a nan come from?</summary>
#
# Large steps make large weights, and large weights make $p$ exactly 0 or 1. Then one
# of the two logarithms is of 0.
#
# </details>
# <details><summary>Hint 3: how to run it</summary>
#
# In a loop over n: `weights, X_n, y_n = start_with(n)`, then call `run` with these,
# `lr=0.01 * n`, `epochs=20` and `loss=plain_log_loss`. Ask
# `np.isfinite(losses).all()`.
#
# </details>


# %%
def plain_log_loss(y, p):
    """Return the mean log loss as the plain formula gives it, nan and inf included."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def start_with(n):
    """Return random weights for H = 4 and n moons: weights, X, y."""
    X, y = make_moons(n, noise=0.1, random_state=42)
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=(3, 4)), rng.normal(size=(5, 1))]
    return weights, X, y.reshape(-1, 1)


# %% nbgrader={"grade_id": "sum_loss_breaks_at", "solution": true}
# Run the experiment here; end with sum_loss_breaks_at = <50, 200, 2000 or 20000>
### BEGIN SOLUTION
curves = {}
for n in (50, 200, 2000, 20000):
    _, curves[n] = run(*start_with(n), 0.01 * n, 20, plain_log_loss)
sum_loss_breaks_at = min(n for n in curves if not np.isfinite(curves[n]).all())
### END SOLUTION

# %% nbgrader={"grade_id": "test_sum_loss_breaks_at", "grade": true, "points": 1}
assert sum_loss_breaks_at in (50, 200, 2000, 20000), (
    f"sum_loss_breaks_at is {sum_loss_breaks_at!r:.60}; write one of the numbers 50, "
    "200, 2000 and 20000."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
assert sum_loss_breaks_at == 20000, (
    f"You found {sum_loss_breaks_at}. Measured with the mean, 0.01 * n is a rate of "
    "0.5, 2, 20 and 200; only the last one drives p to exactly 0 and 1."
)
### END HIDDEN TESTS

# %% [markdown]
# Here is the experiment with 100 epochs, from one start for each $n$. Look at the rates
# in the legend: with 200 points, 0.01 is a good rate by luck.

# %%
fig, ax = plt.subplots(figsize=(8, 4), layout="constrained")
styles = {
    50: (ORANGE, ":"),
    200: (BLUE, "-"),
    2000: (BLACK, "--"),
    20000: (VERMILLION, "o"),
}
for n, (colour, style) in styles.items():
    _, losses = run(*start_with(n), 0.01 * n, 100, plain_log_loss)
    broken = np.flatnonzero(~np.isfinite(losses))
    label = f"n = {n}, rate {0.01 * n:g}"
    ax.semilogy(losses, style, c=colour, ms=3, lw=1.6, label=label)
    if len(broken):
        text = f"{len(broken)} losses are NaN or infinite"
        ax.plot(broken, np.full(len(broken), 60), "x", c=colour, label=text)
ax.set(xlabel="epoch", ylabel="mean log loss", ylim=(0.01, 90))
fig.legend(loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# *Figure:* Loss over 100 epochs on a logarithmic axis, for four n. With rates of 0.5, 2
# and 20 the curves fall; the last one starts with a few peaks up to 5 and then falls below
# the others. With a rate of 200 there are dots alone, between 14 and 36 and later down to
# 1, and crosses at the top where the loss is NaN or infinite.

# %% [markdown]
# The cure is in your `backprop`: divide by $N$ once. Then a good rate stays good when
# the data grow, and your loss can be compared with that of Keras, which reports the
# mean. Lesson 10 builds this network, with as many weights, in four lines.

# %% [markdown]
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>Why does the column of ones play no part in step C?</summary>
#
# Step C asks how the loss changes with the hidden outputs. The ones are constants: no
# weight of the hidden layer can move them, so no slope goes back through them. The last
# row of $w_O$ is needed in step B only.
#
# </details>
# <details><summary>A network with 16 hidden neurons has a training loss of 0.002 and a
# validation loss of 0.006. Is that a reason for fewer neurons?</summary>
#
# Hardly. Both are small and the validation loss still falls. Worry when it **rises**
# while the training loss falls: then the network memorises the points.
#
# </details>
# <details><summary>Only the hidden weights start at zero, the output weights at random.
# Does the network learn?</summary>
#
# Yes, in time. All hidden outputs are 0.5 at first, but step C multiplies with output
# weights that differ, so the hidden neurons get different slopes and part at once.
#
# </details>
#
# ## Go further
#
# - George Cybenko,
#   [Approximation by superpositions of a sigmoidal function](https://doi.org/10.1007/BF02551274),
#   1989: on a bounded region, one hidden layer that is wide enough comes as close to any
#   continuous function as you want.
# - David Rumelhart, Geoffrey Hinton and Ronald Williams,
#   [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0),
#   1986: steps A to D, and what hidden units learn.
# - Replace the hidden sigmoid by tanh: two lines of your code change. Which ones? Does
#   the flat stretch of the loss curve get shorter?
