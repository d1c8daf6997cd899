# %% [markdown]
# # Build one neuron and find its limit
#
# **What you will build.** A neuron in a few lines of NumPy, and a perceptron that
# teaches itself to separate 60 points without one mistake. Then you hand it four points
# that defeat it, and you prove why.
#
# **What you need.** Python functions, NumPy arrays and the product `@`, school algebra.
# If array shapes are new to you, start with `00_warmup`.
#
# **Time and points.** About 90 minutes, 20 points, of which 3 are marked by a person.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/asking.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% [markdown]
# ## How the exercises work
#
# Replace `raise NotImplementedError` with your code and run the cell. The check cell
# below it checks a part; the rest is hidden and runs at grading. These cells are
# folded; a comment that begins *Checked when graded* tells you what the hidden checks
# cover. Predictions get their points for being made: a wrong guess costs nothing and is
# worth the most. Stuck? Open the folded hints, one at a time.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $N$, $D$ | number of examples, number of inputs | |
# | $x$, $X$ | one example; a batch, one example per row | `(D,)`, `(N, D)` |
# | $w$, $b$ | weights and bias of one neuron | `(D,)`, a number |
# | $z$ | weighted sum; for a batch, one for each row | a number, `(N,)` |
# | $a$ | activation, $a = f(z)$ | like $z$ |
# | $y$, $\hat y$ | label and prediction, each 0 or 1 | `(N,)` in this lesson |

# %% nbgrader={"grade_id": "imports", "locked": true}
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Image, interact

BLUE, VERMILLION = "#0072B2", "#D55E00"  # class 0, class 1
GREEN, PURPLE, BLACK = "#009E73", "#CC79A7", "#000000"

# %% [markdown]
# ## Weigh the inputs
#
# A neuron turns several numbers into one. Each input $x_i$ has a **weight** $w_i$ that
# says how much it counts, and in which direction. The **bias** $b$ is what the neuron
# starts from before it has seen any input:
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + w_D x_D + b$$
#
# An **activation function** $f$ then turns $z$, the **pre-activation**, into the output
# $a = f(z)$. The name comes from nerve cells, which collect signals through many
# branches, some of which excite and some of which calm them, and fire when enough comes
# together. McCulloch and Pitts wrote that down as a formula in 1943. The likeness ends
# there: nothing below needs biology.
#
# The next cell is a helper that draws neurons; you need not read it.


# %%
def draw_neuron(x, w, b, z=None):
    """Draw one neuron: weights on its edges, or products once z is known."""
    fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
    names = [*(f"w_{i + 1}" for i in range(len(w))), "b"]
    heights = np.linspace(1, -1, len(names))
    for value, weight, name, y in zip([*x, 1], [*w, b], names, heights, strict=True):
        style, colour = ("--", PURPLE) if weight < 0 else ("-", GREEN)
        arrow = {"arrowstyle": "-|>", "ls": style, "color": colour, "lw": 2}
        room = {"shrinkA": 21, "shrinkB": 29, "mutation_scale": 16}
        ax.annotate("", (3, 0), (0, y), arrowprops=arrow | room)
        label = f"${name} = {weight:g}$"
        if z is not None:
            label = rf"${weight:g} \times {value:g} = {weight * value:.2f}$"
        ax.text(1.4, y * 0.53, label, ha="center", va="center", backgroundcolor="white")
        node = "1" if name == "b" else f"${name.replace('w', 'x')}$\n{value:g}"
        ax.scatter(0, y, s=1700, color="white", edgecolor=BLACK, zorder=2)
        ax.text(0, y, node, ha="center", va="center", zorder=3)
    ax.scatter(3, 0, s=3200, color="white", edgecolor=BLACK, zorder=2)
    ax.text(3, 0, "$z$ = ?" if z is None else f"$z$\n{z:.2f}", ha="center", va="center")
    arrow = {"arrowstyle": "-|>", "color": BLACK, "lw": 2, "mutation_scale": 16}
    ax.annotate("", (4.9, 0), (3, 0), arrowprops=arrow | {"shrinkA": 29, "shrinkB": 21})
    ax.text(3.95, 0.12, "$f$", ha="center")
    ax.scatter(4.9, 0, s=1700, color="white", edgecolor=BLACK, zorder=2)
    ax.text(4.9, 0, "$a = f(z)$", ha="center", va="center", size=8, zorder=3)
    ax.plot([], [], "-", color=GREEN, label="positive weight")
    ax.plot([], [], "--", color=PURPLE, label="negative weight")
    ax.legend(loc="upper right", frameon=False)
    ax.set(xlim=(-0.4, 5.4), ylim=(-1.35, 1.35))
    ax.axis("off")


# %% [markdown]
# This is a neuron with $D = 2$ inputs: inputs on the left, the sum in the middle, the
# output on the right. The bias sits on an edge of its own that always receives the
# input 1: a weight for "no matter what".

# %%
x = np.array([0.8, 1.2])
w = np.array([0.6, -0.1])
b = 0.1
draw_neuron(x, w, b)
plt.show()

# %% [markdown]
# *Figure:* Three edges run into one node marked "z = ?". The inputs 0.8 and 1.2 carry
# the weights 0.6 (solid, positive) and −0.1 (dashed, negative); a constant 1 carries
# the bias 0.1. From z an arrow marked f leads to the output a.

# %% [markdown]
# ### Predict: the weighted sum
#
# Before any code does it for you: what is $z$ for this neuron? Take a pencil, then
# write the number with two decimals. (1 point)

# %% [markdown]
# <details><summary>Hint 1: where do the three numbers come from?</summary>
#
# Every edge contributes one product: what comes in on the left times what is written on
# it. The sum has as many terms as the figure has edges, three.
#
# </details>

# %% nbgrader={"grade_id": "predict_z", "solution": true}
# predict_z = the number that belongs in place of the question mark
### BEGIN SOLUTION
predict_z = 0.46
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_z_value", "grade": true, "points": 1}
assert isinstance(predict_z, (int, float, np.number)), (
    f"predict_z is {predict_z!r}; expected one number, as in predict_z = 1.23. "
    "See hint 1."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
slip = {
    0.36: "the bias is missing",
    0.70: "the minus sign of w_2 was lost",
    0.58: "the second input was left out",
    0.56: "the bias was added once for each input; it is added once",
    0.74: "each weight was multiplied by the input of the other",
}.get(round(float(predict_z), 2), "go through the sum edge by edge")
if not abs(predict_z - 0.46) < 0.005:
    print(
        f"you predicted {predict_z}; z = 0.8 · 0.6 + 1.2 · (−0.1) + 0.1 = 0.46. "
        f"Most likely: {slip}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: `weighted_sum`
#
# Now let Python do it, for any number of inputs. Use the arguments of the function, not
# the `x`, `w` and `b` of the notebook: they happen to have the same names, and a
# function that reads them works for one neuron only. (2 points)


# %% [markdown]
# <details><summary>Hint 1: what comes out when every input is 0?</summary>
#
# Then all products vanish, and one term of the formula is left. It is added once,
# however many inputs there are.
#
# </details>
# <details><summary>Hint 2: which NumPy function multiplies and adds?</summary>
#
# `x * w` has shape `(D,)`: the products, not yet added. Look at `np.sum`, or at
# `np.dot`, which does both steps at once. A loop over `zip(x, w)` is as good.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return the dot product of the two arrays, plus the bias. Nothing has to be stored back
# into `x` or `w`.
#
# </details>


# %% nbgrader={"grade_id": "weighted_sum", "solution": true}
def weighted_sum(x, w, b):
    """Compute the weighted sum of one neuron.

    Parameters
    ----------
    x : ndarray, shape (D,)
        One example.
    w : ndarray, shape (D,)
        One weight for each input.
    b : float
        Bias.

    Returns
    -------
    z : float
        One number: for x = (1, 2), w = (10, 20) and b = 3 it is 53.
    """
    ### BEGIN SOLUTION
    return np.dot(w, x) + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_weighted_sum_example", "grade": true, "points": 0.5}
found = weighted_sum(np.array([0.8, 1.2]), np.array([0.6, -0.1]), 0.1)
assert found is not None, "weighted_sum returned None; does it end with return?"
assert np.shape(found) == (), (
    f"weighted_sum returned {found!r}, shape {np.shape(found)}; expected one "
    "number. Most likely the products are not added up. See hint 2."
)
slip = {
    0.36: "Most likely the bias is missing. See hint 1.",
    0.56: "Most likely the bias is added once for each input. See hint 1.",
    0.26: "Most likely the bias is subtracted. See hint 1.",
    0.58: "Most likely only the first input is used. See hint 2.",
}.get(round(float(found), 2), "Compare it with your sum by hand. See hint 2.")
assert np.isclose(found, 0.46, rtol=1e-9, atol=1e-12), (
    f"weighted_sum returned {found:.4f} for the neuron of the figure; z is 0.46. {slip}"
)
found = weighted_sum(np.array([1.0, -2.0, 3.0]), np.array([4.0, 0.5, -1.0]), 10.0)
assert np.isclose(found, 10.0, rtol=1e-9, atol=1e-12), (
    f"weighted_sum returned {found} for x = (1, −2, 3), w = (4, 0.5, −1), b = 10; "
    "z is 4 − 1 − 3 + 10 = 10. Most likely it reads x, w or b of the notebook, or is "
    "written for two inputs only. See hint 2."
)
print("weighted_sum: visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_weighted_sum_sizes", "grade": true, "points": 1}
# Checked when graded: one input, three, seven; large values; all inputs zero.
### BEGIN HIDDEN TESTS
cases = [
    ([2.5], [-4.0], 1.5, -8.5),
    ([0.0, 0.0, 0.0], [5.0, -3.0, 2.0], -0.75, -0.75),
    ([3.0, -1, 2, 0.5, -2, 4, 1], [1.0, 2, -0.5, 6, 0.25, -3, 0.125], 0.7, -8.675),
    ([1e3, -2e3, 500.0], [2e3, 1.5e3, -1e3], -700.0, -1500700.0),
    ([1.0, 2.0, -1.0], [0.5, 0.5, 2.0], -0.75, -1.25),
]
results = all_results(
    weighted_sum,
    [np.array(case_x) for case_x, _, _, _ in cases],
    [np.array(case_w) for _, case_w, _, _ in cases],
    [case_b for _, _, case_b, _ in cases],
)
for (case_x, case_w, case_b, expected), found in zip(cases, results, strict=True):
    assert np.shape(found) == () and np.isfinite(found), (
        f"for {len(case_x)} inputs weighted_sum returned {found!r}; expected one "
        "finite number. See hint 2."
    )
    near = np.isclose(found, expected - case_b, rtol=1e-9, atol=1e-12)
    slip = "b is missing. See hint 1." if near else "a term is lost. See hint 2."
    if found in [z for _, _, _, z in cases]:
        slip = "a result of an earlier call with as many inputs is kept."
    assert np.isclose(found, expected, rtol=1e-9, atol=1e-12), (
        f"for x = {case_x}, w = {case_w}, b = {case_b} weighted_sum returned {found}; "
        f"z is {expected}. Most likely {slip}"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_weighted_sum_inputs", "grade": true, "points": 0.5}
# Checked when graded: integers work too, and your function leaves its inputs unchanged.
### BEGIN HIDDEN TESTS
case_x, case_w = np.array([3, -2, 5, 1]), np.array([2, 4, -1, 6])
found = weighted_sum(case_x, case_w, -4)
assert np.shape(found) == () and found == -5, (
    "for x = (3, −2, 5, 1), w = (2, 4, −1, 6), b = −4 weighted_sum returned "
    f"{found!r}; z is −5. See hint 2."
)
case_x, case_w = np.array([1.5, -2.0, 0.5]), np.array([3.0, 0.25, -4.0])
found = weighted_sum(case_x, case_w, 0.5)
assert np.shape(found) == () and np.isclose(found, 2.5, rtol=1e-9), (
    f"for x = (1.5, −2, 0.5), w = (3, 0.25, −4), b = 0.5 weighted_sum returned "
    f"{found!r}; z is 2.5. See hint 2."
)
assert np.array_equal(case_x, [1.5, -2.0, 0.5]), (
    f"weighted_sum changed its argument x to {case_x}; work on a new array: x * w, not "
    "x *= w. See hint 3."
)
assert np.array_equal(case_w, [3.0, 0.25, -4.0]), (
    f"weighted_sum changed its argument w to {case_w}; work on a new array: x * w, not "
    "w *= x. See hint 3."
)
### END HIDDEN TESTS

# %% [markdown]
# Here is the neuron again, with your $z$. Each edge now carries its product. Look for
# the edge that contributes most, and for the one that pulls the sum down.

# %%
draw_neuron(x, w, b, z=weighted_sum(x, w, b))
plt.show()

# %% [markdown]
# *Figure:* The same neuron with products on its edges: 0.6 × 0.8 = 0.48, −0.1 × 1.2 =
# −0.12 (dashed) and 0.1 × 1 = 0.10. The node on the right shows their sum, z = 0.46.

# %% [markdown]
# ## Add an activation function
#
# The sum $z$ can be any number. The activation function $f$ turns it into the neuron's
# output, $a = f(z)$. In Python a function can be an argument like any other
# value. Below, `f` is called without knowing which function it is.

# %%
for f in (np.tanh, np.abs, np.square):
    print(f"{f.__name__:8} f(-2) = {f(-2.0):.3f}")

# %% [markdown]
# ### Exercise: `neuron`
#
# Write the whole neuron: first the sum with its bias, then the activation, once. The
# activation is called on $z$, not on the inputs. You may call your `weighted_sum`; the
# checks lend `neuron` a right one. (2 points)


# %% [markdown]
# <details><summary>Hint 1: in which order do things happen?</summary>
#
# Follow one signal through the figure: products, sum, bias, and only then the
# activation. Nothing is added after it.
#
# </details>
# <details><summary>Hint 2: how do you call a function that is an argument?</summary>
#
# By the name it has in your function: `activation(...)`. What goes between the brackets
# is one number, the weighted sum.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Compute `z` as in `weighted_sum`, without writing into `x` or `w`. Return
# `activation(z)`.
#
# </details>


# %% nbgrader={"grade_id": "neuron", "solution": true}
def neuron(x, w, b, activation):
    """Compute the output of one neuron for one example.

    Parameters
    ----------
    x : ndarray, shape (D,)
        One example.
    w : ndarray, shape (D,)
        Weights.
    b : float
        Bias.
    activation : callable
        Takes one number, the weighted sum, and returns one number.

    Returns
    -------
    a : float
        One number: for x = (1, 2), w = (10, 20), b = 3 and np.sqrt it is 7.28, the
        root of 53.
    """
    ### BEGIN SOLUTION
    return activation(np.dot(w, x) + b)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_neuron_example", "grade": true, "points": 0.5}
def sum_to_lend_here(x, w, b):
    return {2: 0.46, 3: 10.0}[len(x)]


alone = lent(neuron, weighted_sum=sum_to_lend_here)
case_x, case_w, case_b = np.array([0.8, 1.2]), np.array([0.6, -0.1]), 0.1
found = alone(case_x, case_w, case_b, np.tanh)
assert found is not None, "neuron returned None; does it end with return?"
assert np.shape(found) == () and not callable(found), (
    f"neuron returned {found!r}; expected one number. Most likely the activation "
    "is not called, or not called on z alone. See hint 2."
)
expected = np.tanh(0.46)
slip = {
    0.4600: "Most likely the activation is not called. See hint 2.",
    0.3452: "Most likely the bias is missing. See hint 1.",
    0.4452: "Most likely the bias is added after the activation. See hint 1.",
    0.4054: "Most likely the activation is called twice. See hint 2.",
    0.4151: "Most likely the activation is called on the inputs. See hint 1.",
    0.6130: "Most likely it is the sigmoid, whatever is asked for. See hint 2.",
}.get(round(float(found), 4), "Compare it with tanh(0.46), step by step. See hint 1.")
assert np.isclose(found, expected, rtol=1e-9, atol=1e-12), (
    f"neuron returned {found:.4f} with tanh; a is tanh(0.46) = {expected:.4f}. {slip}"
)
found = alone(np.array([1.0, -2.0, 3.0]), np.array([4.0, 0.5, -1.0]), 10.0, np.square)
assert np.isclose(found, 100.0, rtol=1e-9, atol=1e-12), (
    f"neuron returned {found} for z = 10 with np.square; a is 100. Most likely it "
    "calls a function of its own choice instead of `activation`, or reads x, w or b of "
    "the notebook. See hint 2."
)
print("neuron: visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_neuron_any_activation", "grade": true, "points": 1}
# Checked when graded: other activations, one input and seven, large values.
### BEGIN HIDDEN TESTS
def sum_to_lend_here(x, w, b):
    return np.dot(x, w) + b


alone = lent(neuron, weighted_sum=sum_to_lend_here)
activations = {
    "f(z) = z³ − 2z + 0.5": lambda t: t**3 - 2 * t + 0.5,
    "f(z) = 3 if z > 0 else −2": lambda t: 3 if t > 0 else -2,
    "f(z) = z": lambda t: t,
}
cubic, jump, same = activations
for case_x, case_w, case_b, case_z, kinds in [
    ([2.5], [-4.0], 1.5, -8.5, [cubic, jump]),
    ([1.0, 2.0, -1.0], [0.5, -0.25, 2.0], 3.5, 1.5, [jump]),
    (
        [3.0, -1, 2, 0.5, -2, 4, 1],
        [1.0, 2, -0.5, 6, 0.25, -3, 0.125],
        0.7,
        -8.675,
        [cubic],
    ),
    ([1e3, -2e3, 500.0], [2e3, 1.5e3, -1e3], -700.0, -1500700.0, [same]),
]:
    for kind in kinds:
        case_f = activations[kind]
        found = alone(np.array(case_x), np.array(case_w), case_b, case_f)
        expected = case_f(case_z)
        assert np.shape(found) == () and np.isfinite(found), (
            f"with {kind} neuron returned {found!r}; expected one finite number. "
            "See hint 2."
        )
        assert np.isclose(found, expected, rtol=1e-9, atol=1e-12), (
            f"for z = {case_z} and {kind} neuron returned {found}; a is {expected}. "
            "Most likely the activation does not get the whole sum, or its result is "
            "not what is returned. See hint 1."
        )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_neuron_inputs", "grade": true, "points": 0.5}
# Checked when graded: inputs of 0; your function leaves its inputs unchanged.
### BEGIN HIDDEN TESTS
def sum_to_lend_here(x, w, b):
    return np.dot(x, w) + b


alone = lent(neuron, weighted_sum=sum_to_lend_here)
found = alone(np.zeros(2), np.array([3.0, -1.0]), 1.5, lambda t: 2 * t + 1)
assert np.isclose(found, 4.0, rtol=1e-9), (
    f"for x = (0, 0), b = 1.5 and f(z) = 2z + 1 neuron returned {found!r}; z is the bias "
    "alone, and a is 4. See hint 1."
)
case_x, case_w = np.array([1.5, -2.0, 0.5]), np.array([3.0, 0.25, -4.0])
found = alone(case_x, case_w, 0.5, lambda t: 4 - t * t)
assert np.isclose(found, -2.25, rtol=1e-9), (
    f"for z = 2.5 and f(z) = 4 − z² neuron returned {found!r}; a is −2.25. See hint 1."
)
assert np.array_equal(case_x, [1.5, -2.0, 0.5]), (
    f"neuron changed its argument x to {case_x}; work on a new array. See hint 3."
)
assert np.array_equal(case_w, [3.0, 0.25, -4.0]), (
    f"neuron changed its argument w to {case_w}; work on a new array. See hint 3."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Ask about many examples at once
#
# Data come in batches: an array `X` of shape `(N, D)`, one example per row. The same
# weights meet every row, so there are $N$ sums:
#
# $$z_n = \sum_{i=1}^{D} X_{ni}\, w_i + b \qquad\text{shapes:}\quad
# (N, D)\ \text{with}\ (D,)\ \text{gives}\ (N,)$$
#
# The two $D$ have to be neighbours; they are summed away.
#
# ### Exercise: `neuron_batch`
#
# Return the $N$ weighted sums as an array of shape `(N,)`: neither a list nor a column
# `(N, 1)`. There is no activation in this one. It has to work for any $N$ and $D$, one
# example included. (2 points)


# %% [markdown]
# <details><summary>Hint 1: what happens to one row?</summary>
#
# Row $n$ goes through `weighted_sum`: multiply by $w$, add up, add $b$. Do that for
# every row and keep the results apart.
#
# </details>
# <details><summary>Hint 2: which product gives shape (N,)?</summary>
#
# In `A @ B` the last axis of `A` meets the first axis of `B`. `X` is `(N, D)` and `w`
# is `(D,)`: there is one order in which the two $D$ meet.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# The matrix first, then `@`, then the weights; the bias is added to all $N$ results by
# broadcasting.
#
# </details>


# %% nbgrader={"grade_id": "neuron_batch", "solution": true}
def neuron_batch(X, w, b):
    """Compute the weighted sum of one neuron for every example of a batch.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        One example per row; integers or floats.
    w : ndarray, shape (D,)
        Weights.
    b : float
        Bias, the same for every example.

    Returns
    -------
    z : ndarray, shape (N,)
        One weighted sum for each row, without activation: for the rows (1, 2) and
        (0, 1), w = (10, 20) and b = 3 it is [53, 23].
    """
    ### BEGIN SOLUTION
    return X @ w + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_neuron_batch_example", "grade": true, "points": 0.5}
def sum_to_lend_here(x, w, b):
    sums = {(0.8, 1.2): 0.46, (0.0, 0.0): 0.1, (1.0, -2.0): 0.9, (1.0, -2.0, 3.0): 10.0}
    rows = [sums[tuple(row)] for row in np.atleast_2d(x)]
    return np.array(rows) if np.ndim(x) == 2 else rows[0]


alone = lent(neuron_batch, weighted_sum=sum_to_lend_here)
case_x = np.array([[0.8, 1.2], [0.0, 0.0], [1.0, -2.0]])
found = alone(case_x, np.array([0.6, -0.1]), 0.1)
assert isinstance(found, np.ndarray), (
    f"neuron_batch returned a {type(found).__name__}; expected an array of shape "
    "(3,). If you have a list, np.array(...) turns it into one. See hint 2."
)
assert found.shape == (3,), (
    f"for X of shape (3, 2) neuron_batch returned shape {found.shape}; expected "
    "(3,), one number for each row. See hint 2."
)
expected = np.array([0.46, 0.1, 0.9])
near = np.allclose(found, expected - 0.1)
slip = "Most likely b is missing." if near else "Check one row by hand."
assert np.allclose(found, expected, rtol=1e-9, atol=1e-12), (
    f"neuron_batch returned {found}; the sums are {expected}. {slip} See hint 1."
)
found = alone(np.array([[1.0, -2.0, 3.0]]), np.array([4.0, 0.5, -1.0]), 10.0)
assert np.shape(found) == (1,), (
    f"for a batch of one example neuron_batch returned {found!r}, shape "
    f"{np.shape(found)}; expected an array of shape (1,). See hint 2."
)
assert np.allclose(found, [10.0], rtol=1e-9, atol=1e-12), (
    f"for x = (1, −2, 3), w = (4, 0.5, −1), b = 10 neuron_batch returned {found}; "
    "expected [10.]. Most likely it reads w or b of the notebook, or is written for "
    "two inputs only. See hint 1."
)
print("neuron_batch: visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_neuron_batch_sizes", "grade": true, "points": 1}
# Checked when graded: other N and D, one example, one input, integers in X.
### BEGIN HIDDEN TESTS
def sum_to_lend_here(x, w, b):
    return np.dot(x, w) + b


alone = lent(neuron_batch, weighted_sum=sum_to_lend_here)
cases = [
    ([[2.0, -1.0, 0.5, 3.0]], [1.0, 4.0, -2.0, 0.5], -0.25, [-1.75]),
    ([[1.5], [-2.0], [4.0]], [-3.0], 0.5, [-4.0, 6.5, -11.5]),
    ([[1.0, 2, 3, -4, 5], [0.5, -1, 0, 2, -3]], [2.0, -1, 0.5, 3, 1], 7.5, [2, 12.5]),
    (
        [[1, 2], [3, -1], [0, 4], [-2, -5], [6, 1], [2, 2], [-1, 7]],
        [0.5, -0.3],
        0.2,
        [0.1, 2.0, -1.0, 0.7, 2.9, 0.6, -2.4],
    ),
    ([[0.0, 0.0], [0.0, 0.0]], [0.5, 1.0], 0.25, [0.25, 0.25]),  # the bias alone
    ([[2.0], [0.0], [-1.0]], [-3.0], 0.5, [-5.5, 0.5, 3.5]),  # as large as the second
]
results = all_results(
    alone,
    [np.array(case_x) for case_x, _, _, _ in cases],
    [np.array(case_w) for _, case_w, _, _ in cases],
    [case_b for _, _, case_b, _ in cases],
)
for (case_x, case_w, case_b, expected), found in zip(cases, results, strict=True):
    assert isinstance(found, np.ndarray) and found.shape == (len(expected),), (
        f"for X of shape {np.shape(case_x)} neuron_batch returned {found!r}; "
        f"expected an array of shape ({len(expected)},). See hint 2."
    )
    slip = (
        "If your numbers are whole, X held integers and your result was stored as "
        "integers too. See hint 1."
    )
    if found.tolist() in [sums for _, _, _, sums in cases]:
        slip = "Most likely a result for an earlier X of this shape is kept."
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-12), (
        f"for X = {case_x}, w = {case_w}, b = {case_b} neuron_batch returned {found}; "
        f"the sums are {expected}. {slip}"
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_neuron_batch_inputs", "grade": true, "points": 0.5}
# Checked when graded: large values, and your function leaves its inputs unchanged.
### BEGIN HIDDEN TESTS
def sum_to_lend_here(x, w, b):
    return np.dot(x, w) + b


alone = lent(neuron_batch, weighted_sum=sum_to_lend_here)
case_x = np.array([[1e3, -2e3, 500.0], [-250.0, 4e3, 3e3]])
case_w = np.array([2e3, 1.5e3, -1e3])
found = alone(case_x, case_w, -700.0)
assert np.shape(found) == (2,) and np.allclose(
    found, [-1500700.0, 2499300.0], rtol=1e-9
), (
    f"for inputs around 1000 neuron_batch returned {found}; the sums are −1500700 and "
    "2499300. See hint 1."
)
assert np.array_equal(case_x, [[1e3, -2e3, 500.0], [-250.0, 4e3, 3e3]]), (
    "neuron_batch changed its argument X; work on a new array: X * w, not X *= w. "
    "See hint 3."
)
assert np.array_equal(case_w, [2e3, 1.5e3, -1e3]), (
    "neuron_batch changed its argument w; work on a new array. See hint 3."
)
### END HIDDEN TESTS

# %% [markdown]
# ### See what a neuron sees
#
# With two inputs every example is a point of the plane. The next cell asks your
# `neuron_batch` about 10,201 points in one call and colours each by the output of a
# smooth activation between 0 and 1 (the sigmoid, subject of `02_activations`). You need
# not read the helper.


# %%
def show_neuron(ax, w1, w2, b):
    """Colour the plane by the output; line where z = 0, arrow along the weights."""
    side = np.linspace(-4, 4, 101)
    x1, x2 = np.meshgrid(side, side)
    z = neuron_batch(np.column_stack([x1.ravel(), x2.ravel()]), np.array([w1, w2]), b)
    z = z.reshape(x1.shape)
    mesh = ax.pcolormesh(x1, x2, 1 / (1 + np.exp(-z)), cmap="RdBu_r", vmin=0, vmax=1)
    if w1 or w2:
        ax.contour(x1, x2, z, levels=[0], colors=BLACK, linestyles="--")
        arrow = {"facecolor": "white", "width": 3, "headwidth": 9, "headlength": 8}
        ax.annotate("", xy=(w1, w2), xytext=(0, 0), arrowprops=arrow)
    ax.set(title=f"w = ({w1:g}, {w2:g}), b = {b:g}", xlabel="$x_1$", aspect="equal")
    return mesh


# %% [markdown]
# Four neurons. Compare the second with each of the others: which change turns the
# pattern, which makes its edge sharper, which moves it without turning it?

# %%
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
fig, axes = plt.subplots(2, 2, figsize=(7, 6), **shared)
neurons = [(1, 0, 0), (1, 1, 0), (3, 3, 0), (1, 1, -3)]
for ax, (w1, w2, bias) in zip(axes.flat, neurons, strict=True):
    mesh = show_neuron(ax, w1, w2, bias)
    ax.set_ylabel("$x_2$")
    ax.label_outer()
axes[0, 0].plot([], [], "--", color=BLACK, label="$z = 0$")
axes[0, 0].legend(loc="upper left")
fig.colorbar(mesh, ax=axes, label="output $a$", ticks=[0, 0.5, 1])
plt.show()

# %% [markdown]
# *Figure:* Four square maps, blue where the output is close to 0, red where it is close
# to 1. A dashed straight line, z = 0, separates the colours; a white arrow along w
# points to the red side, at a right angle to the line. Compared with the second map,
# the first has its line turned, the third a sharper edge, and in the fourth the line
# has moved in the direction of the arrow.

# %% [markdown]
# The direction of $w$ turns the line, the length of $w$ makes the edge sharper, and $b$
# moves the line without turning it. One thing never changes: the line, the neuron's
# **decision boundary**, is **straight**. In a running notebook, move the sliders of the
# next cell and try to bend it; the four maps are four of the places they can take you.


# %%
picture = Image(format="png")


@interact(w1=(-3.0, 3.0, 0.5), w2=(-3.0, 3.0, 0.5), b=(-5.0, 5.0, 0.5))
def play(w1=1.0, w2=-2.0, b=1.0):
    """Redraw the picture for where the sliders are."""
    fig, ax = plt.subplots(figsize=(4, 3.4), layout="constrained")
    mesh = show_neuron(ax, w1, w2, b)
    ax.set_ylabel("$x_2$")
    fig.colorbar(mesh, label="output $a$")
    fig.savefig(png := BytesIO())
    plt.close(fig)
    picture.value = png.getvalue()


picture


# %% [markdown]
# ## Set a threshold
#
# The **perceptron**, a neuron of 1958, answers only yes or no. It **fires** (says 1)
# when $z \ge 0$. Take the bias to the other side and you see what it is for:
#
# $$w_1 x_1 + \dots + w_D x_D + b \ge 0
# \quad\Longleftrightarrow\quad
# w_1 x_1 + \dots + w_D x_D \ge -b$$
#
# The inputs have to add up to at least $-b$: the negative bias is the **threshold**.

# %% [markdown]
# ### Predict: double the bias
#
# A perceptron sees an example with $w_1 x_1 + w_2 x_2 = 0.5$. Its bias is $b = -0.3$,
# so $z = 0.2$ and it fires. Now its bias is doubled and nothing else is changed. What
# happens? (0.5 points)
#
# - **a** – $z$ doubles to 0.4; it fires.
# - **b** – $z$ becomes −0.1; it no longer fires.
# - **c** – $z$ becomes 1.1; it fires, a larger bias always helps.
# - **d** – the sign of $z$ stays; only weights and inputs can change it.

# %% [markdown]
# <details><summary>Hint 1: what is the new threshold?</summary>
#
# Before, the inputs had to add up to at least 0.3. Write down the new threshold and
# compare 0.5 with it. Then answer with one letter in quotes.
#
# </details>

# %% nbgrader={"grade_id": "predict_bias", "solution": true}
# predict_bias = one of "a", "b", "c", "d"
### BEGIN SOLUTION
predict_bias = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_bias_choice", "grade": true, "points": 0.5}
assert str(predict_bias).strip().lower() in ("a", "b", "c", "d"), (
    f"predict_bias is {predict_bias!r}; expected one letter, as in "
    'predict_bias = "a". See hint 1.'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
slip = {
    "a": "only the bias is doubled; the other part of the sum stays 0.5",
    "c": "the bias is negative: doubled it is −0.6, and that is added",
    "d": "the bias is a term of z like the others, and it is large enough here",
}.get(str(predict_bias).strip().lower())
if str(predict_bias).strip().lower() != "b":
    print(
        f"you chose {predict_bias}; z is 0.5 + 2 · (−0.3) = −0.1, so it no longer "
        f"fires: {slip}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: `step`
#
# Write the activation of the perceptron. At exactly 0 it returns 1. It takes one number
# or an array of any shape, and gives back the same shape. (2 points)


# %% [markdown]
# <details><summary>Hint 1: where is the jump, and which side does 0 belong to?</summary>
#
# Everything below 0 gives 0, everything else gives 1. Zero is not below zero.
#
# </details>
# <details><summary>Hint 2: what compares a number as well as an array?</summary>
#
# `z >= 0` does: it answers for one number, and elementwise for an array. An `if` works
# for one number only. Look at `np.where`.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# `np.where(condition, 1, 0)` makes a new array with 1 where the condition holds. You
# supply the condition.
#
# </details>


# %% nbgrader={"grade_id": "step", "solution": true}
def step(z):
    """Return 1 where z is at least 0, and 0 elsewhere.

    Parameters
    ----------
    z : float or ndarray of any shape
        Weighted sums.

    Returns
    -------
    a : int or ndarray, same shape as z
        Zeros and ones, of any numeric type; booleans are fine too. An array for an
        array.

    Notes
    -----
    step(0) is 1, step(-0.1) is 0.
    """
    ### BEGIN SOLUTION
    return np.where(z >= 0, 1, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_step_example", "grade": true, "points": 0.5}
found = step(np.array([-2.0, -0.5, 0.0, 0.5, 3.0]))
assert isinstance(found, np.ndarray), (
    f"for an array step returned a {type(found).__name__}; expected an array of "
    "zeros and ones. See hint 2."
)
assert found.shape == (5,), (
    f"for z of shape (5,) step returned shape {found.shape}; expected (5,), one "
    "answer for each number. See hint 2."
)
slip = "Below 0 it is 0, not −1." if found[0] == -1 else "Compare number by number."
slip = "Most likely step(0) is not 1." if found[2] != 1 else slip
assert np.array_equal(found, [0, 0, 1, 1, 1]), (
    f"for z = (−2, −0.5, 0, 0.5, 3) step returned {found}; expected 0 0 1 1 1. "
    f"{slip} See hint 1."
)
print("step: visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_step_one_number", "grade": true, "points": 0.5}
# Checked when graded: one number in, one number out.
### BEGIN HIDDEN TESTS
cases = [
    *((-3, 0), (0, 1), (2, 1), (-0.25, 0), (0.75, 1)),
    *((np.float64(-0.25), 0), (np.float64(0), 1)),
    *((np.array(-3), 0), (np.array(0.0), 1)),
]
results = all_results(step, [given for given, _ in cases])
for (given, expected), found in zip(cases, results, strict=True):
    assert np.shape(found) == () and found == expected, (
        f"step({given}) returned {found!r} for a {type(given).__name__}; "
        f"expected {expected}, without brackets. See hint 2."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_step_arrays", "grade": true, "points": 1}
# Checked when graded: any shape, integers, values next to 0, the input unchanged.
### BEGIN HIDDEN TESTS
cases = [
    ([-7], [0]),
    ([[4.0, -1.0, 0.0], [-0.5, 2.5, -3.0]], [[1, 0, 1], [0, 1, 0]]),
    ([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [[1, 1, 1], [1, 1, 1]]),
    ([[[-1], [0]], [[5], [-2]], [[3], [-4]]], [[[0], [1]], [[1], [0]], [[1], [0]]]),
    (
        [-1e-12, 1e-12, -0.0, -1e3, 1e3, 1.0, -1.0, 1e-300, -1e-300],
        [0, 1, 1, 0, 1, 1, 0, 1, 0],
    ),
]
arrays = [np.array(case_z) for case_z, _ in cases]
results = all_results(step, arrays)
for (case_z, expected), given, found in zip(cases, arrays, results, strict=True):
    assert np.shape(found) == np.shape(case_z), (
        f"for z of shape {np.shape(case_z)} step returned shape {np.shape(found)}; "
        "expected the shape of z. See hint 2."
    )
    assert np.array_equal(found, expected), (
        f"for z = {case_z} step returned {found}; expected {expected}. The jump is at "
        "0, sharp. See hint 1."
    )
    assert np.array_equal(given, case_z), (
        f"step changed its argument z from {case_z} to {given}; make a new array "
        "instead of writing into z. See hint 3."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Predict: which weight decides?
#
# A perceptron has the weights $w = (0.5, -0.9, -0.2)$ and the bias $b = 0.2$. It sees
# $x = (1, 0, 3)$ and fires. You may change the **sign of one weight**. Which one makes
# it fall silent? (0.5 points)
#
# - **a** – $w_1$
# - **b** – $w_2$, the weight furthest from 0
# - **c** – $w_3$, the one whose product is furthest from 0
# - **d** – none of them

# %% [markdown]
# <details><summary>Hint 1: which product changes, and by how much?</summary>
#
# Changing the sign of $w_i$ moves $z$ by $-2 w_i x_i$. Write down $z$ and these three
# moves. Then answer with one letter in quotes.
#
# </details>

# %% nbgrader={"grade_id": "predict_flip", "solution": true}
# predict_flip = one of "a", "b", "c", "d"
### BEGIN SOLUTION
predict_flip = "a"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_flip_choice", "grade": true, "points": 0.5}
assert str(predict_flip).strip().lower() in ("a", "b", "c", "d"), (
    f"predict_flip is {predict_flip!r}; expected one letter, as in "
    'predict_flip = "a". See hint 1.'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
slip = {
    "b": "x_2 is 0, so its weight has no say in this example",
    "c": "its product is −0.6; with the other sign it would help to fire",
    "d": "one of the three products holds the sum up; without it z is below 0",
}.get(str(predict_flip).strip().lower())
if str(predict_flip).strip().lower() != "a":
    print(
        f"you chose {predict_flip}; now z = 0.5 + 0 − 0.6 + 0.2 = 0.1, and with −0.5 for "
        f"w_1 it is −0.9: {slip}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Perceptron or neuron?
#
# Some books use the two words for the same thing. Here a perceptron is a neuron with
# the step activation and the learning rule of the next section.
#
# | | perceptron | neuron of a network today |
# |---|---|---|
# | activation | step | sigmoid, tanh, ReLU, … |
# | output | 0 or 1 | a number from a range |
# | learns by | correcting itself after a mistake | following the slope of a loss |
# | alone, it separates | what a straight line separates | the same, no more |
#
# The step is **nonlinear** like the others. What it lacks is a slope: left and right of
# its jump it is flat, so there is nothing to follow. That is why today's neurons use
# other activations (`02_activations`).

# %% [markdown]
# ## Learn from mistakes
#
# Nobody has to choose the weights. Start with $w = 0$, $b = 0$ and show the perceptron
# one labelled example at a time. When its answer $\hat y$ is right, change nothing.
# When it is wrong, correct at once, before the next example:
#
# $$w \leftarrow w + \eta\,(y - \hat y)\,x \qquad b \leftarrow b + \eta\,(y - \hat y)$$
#
# $y - \hat y$ is $+1$ when it should have fired and $-1$ when it should have been
# silent. $\eta$ is the learning rate, `lr` in the code.

# %% [markdown]
# Follow one correction. At the start $z = 0$, and $\operatorname{step}(0) = 1$: the
# perceptron fires at everything. The example $x = (2, -3)$ has the label $y = 0$: a
# mistake, with $y - \hat y = -1$. With $\eta = 1$ the new weights are $(-2, 3)$ and the
# new bias is $-1$. For the same example $z$ is now
#
# $$-2 \cdot 2 + 3 \cdot (-3) - 1 = -14$$
#
# so it stays silent. A correction always moves $z$ in the right direction, by
# $\eta\,(x_1^2 + \dots + x_D^2 + 1)$.


# %% nbgrader={"grade_id": "check_parts", "locked": true}
# What the checks of the next exercise lend it, in case it calls an earlier one.
def sum_to_lend(x, w, b):
    return np.dot(x, w) + b


def neuron_to_lend(x, w, b, activation):
    return activation(np.dot(x, w) + b)


def step_to_lend(z):
    return np.heaviside(z, 1)


# %% [markdown]
# ### Exercise: `perceptron_fit`
#
# One **pass** (or epoch) shows every example once. Count the mistakes of each pass as
# they happen. Make `epochs` passes; you may stop early after a pass without a mistake,
# and that pass is in the list too, with its 0. The order of the examples is up to you.
# (4 points)


# %% [markdown]
# <details><summary>Hint 1: which loops, and where does counting start?</summary>
#
# Two, one inside the other: over passes, and within a pass over examples. The counter
# of mistakes is set to 0 at the start of every pass, and appended to `errors` at its
# end, before you decide whether to stop.
#
# </details>
# <details><summary>Hint 2: what does the error y − ŷ do?</summary>
#
# Compute $\hat y$ as 1 or 0 from the weights as they are **now**. If $y - \hat y$ is 0,
# do nothing. Otherwise add `lr * error * x` to the weights and `lr * error` to the
# bias.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# `w` starts as `np.zeros(D)` with `D = X.shape[1]`, `b` as `0.0`, `errors` as `[]`, all
# inside the function. Loop over `zip(X, y)`. At the end return the three of them, in
# the order of the docstring.
#
# </details>


# %% nbgrader={"grade_id": "perceptron_fit", "solution": true}
def perceptron_fit(X, y, epochs, lr=1.0):
    """Learn the weights and the bias of a perceptron.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        One example per row; integers or floats.
    y : ndarray, shape (N,)
        Labels, 0 or 1.
    epochs : int
        Largest number of passes over the examples.
    lr : float
        Learning rate η, the size of a correction.

    Returns
    -------
    w : ndarray, shape (D,)
        Weights after the last correction.
    b : float
        Bias after the last correction.
    errors : list of int
        Mistakes during each pass, one entry for each pass made.

    Notes
    -----
    Starts with w = 0 and b = 0 and corrects after each mistake, at once. For the one
    example x = (2, -3) with y = 0 it ends with w = (-2, 3), b = -1, errors [1, 0].
    """
    ### BEGIN SOLUTION
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y, strict=True):
            error = y_n - int(x_n @ w + b >= 0)
            if error != 0:
                w = w + lr * error * x_n
                b = b + lr * error
                mistakes += 1
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_perceptron_fit_example", "grade": true, "points": 1}
alone = lent(
    perceptron_fit,
    weighted_sum=sum_to_lend,
    neuron=neuron_to_lend,
    neuron_batch=sum_to_lend,
    step=step_to_lend,
)
result = alone(np.array([[2.0, -3.0]]), np.array([0]), epochs=3)
assert isinstance(result, (tuple, list)) and len(result) == 3, (
    f"perceptron_fit returned {result!r}; expected three things: w, b, errors. "
    "See hint 3."
)
found_w, found_b, found_errors = result
assert np.shape(found_w) == (2,) and np.shape(found_b) == (), (
    f"for D = 2 w has shape {np.shape(found_w)} and b has shape {np.shape(found_b)}; "
    "expected (2,) for w and one number for b. See hint 3."
)
assert np.allclose(found_w, [-2, 3], rtol=1e-9) and np.isclose(
    found_b, -1, rtol=1e-9
), (
    f"for the one example x = (2, −3), y = 0 perceptron_fit learned w = {found_w}, "
    f"b = {found_b}; the text above arrives at w = (−2, 3), b = −1. If a sign differs, "
    "look at y − ŷ; if b is 0, it is not corrected; if all are 0, nothing counted as a "
    "mistake. See hint 2."
)
assert isinstance(found_errors, list) and list(found_errors) in ([1, 0], [1, 0, 0]), (
    f"for the same example errors is {found_errors!r}; expected the list [1, 0] "
    "or, without stopping early, [1, 0, 0]: a mistake in the first pass, none after "
    "it. See hint 1."
)
case_x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
found_w, found_b, found_errors = alone(case_x, np.array([0, 0, 0, 1]), 60)
found = case_x @ found_w + found_b >= 0
assert np.array_equal(found, [0, 0, 0, 1]) and found_errors[-1] == 0, (
    f"AND can be learned, but after 60 passes your perceptron says {found.astype(int)} "
    f"instead of 0 0 0 1, with {found_errors[-1]} mistakes in the last pass. Most "
    "likely mistakes of one kind are not corrected, or errors is not counted anew in "
    "each pass. See hint 2."
)
print("perceptron_fit: visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_perceptron_fit_updates", "grade": true, "points": 1}
# Checked when graded: small data sets where every correction is known, for several lr.
### BEGIN HIDDEN TESTS
alone = lent(
    perceptron_fit,
    weighted_sum=sum_to_lend,
    neuron=neuron_to_lend,
    neuron_batch=sum_to_lend,
    step=step_to_lend,
)
# In each of these the corrections are the same in whatever order the rows are visited.
cases = [
    ([[2.0, -3.0]], [1], 1.0, [0, 0], 0, [[]]),  # fires at the start, as it should
    ([[4, 1, -2]], [0], 0.5, [-2, -0.5, 1], -0.5, [[1]]),
    (
        [[1.0, 2.0]] * 7,
        [0] * 7,
        1.0,
        [-1, -2],
        -1,
        [[1]],
    ),  # the first correction is enough
    ([[3.0, 0, 1], [-3, 0, -1]], [0, 0], 2.0, [0, 0, 0], -4, [[2]]),
    ([[1.0, 2.0], [2.0, 1.0]], [0, 1], 1.0, [1, -1], 0, [[2], [1, 1]]),
    ([[1.0, 2.0], [2.0, 1.0]], [0, 1], 0.3, [0.3, -0.3], 0, [[2], [1, 1]]),
]
results = all_results(
    alone,
    [np.array(case_x) for case_x, *_ in cases],
    [np.array(case_y) for _, case_y, *_ in cases],
    [9] * len(cases),
    [case_lr for _, _, case_lr, *_ in cases],
)
for case, (found_w, found_b, found_errors) in zip(cases, results, strict=True):
    case_x, case_y, case_lr, want_w, want_b, want_errors = case
    case = f"for X = {case_x}, y = {case_y}, lr = {case_lr}, 9 passes"
    assert np.shape(found_w) == np.shape(want_w) and np.allclose(
        found_w, want_w, rtol=1e-9
    ), (
        f"{case} w is {found_w}; expected {want_w}. Does it start at 0, predict 1 "
        "at z = 0, correct after each mistake and at no other time, by lr times x? "
        "See hint 2."
    )
    assert np.shape(found_b) == () and np.isclose(found_b, want_b, rtol=1e-9), (
        f"{case} b is {found_b!r}; expected {want_b}. The bias is corrected "
        "together with the weights, by lr alone. See hint 2."
    )
    counts = [int(count) for count in found_errors if count]
    assert counts in want_errors and found_errors[-1] == 0, (
        f"{case} errors is {found_errors}; expected, before the zeros, "
        f"{' or '.join(map(str, want_errors))}. Every example of a pass is shown; each "
        "mistake counts as 1, when it happens. See hint 1."
    )
found_w, found_b, found_errors = alone(np.array([[2.0, 5.0]]), np.array([0]), 4)
assert np.allclose(found_w, [-2, -5], rtol=1e-9) and np.isclose(
    found_b, -1, rtol=1e-9
), (
    f"without lr, one example x = (2, 5), y = 0 gave w = {found_w}, b = {found_b}; "
    "expected w = (−2, −5), b = −1, as with lr = 1. See hint 2."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_perceptron_fit_separates", "grade": true, "points": 1}
# Checked when graded: data that a straight line separates end without a mistake.
### BEGIN HIDDEN TESTS
alone = lent(
    perceptron_fit,
    weighted_sum=sum_to_lend,
    neuron=neuron_to_lend,
    neuron_batch=sum_to_lend,
    step=step_to_lend,
)
# All points keep a distance from the border, so that the convergence theorem promises
# success in fewer passes than are made, in whatever order the rows are visited: one
# needs at most 13 corrections.
points = np.random.default_rng(11).uniform(-2, 2, size=(80, 3))
score = points @ [2.0, -1.0, 0.5]
shifted, centred = points[abs(score - 1) > 2][:11], points[abs(score) > 2][:13]
cases = [
    ("NOT", np.array([[0.0], [1.0]]), np.array([1, 0]), 20),
    ("OR", np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1]), 40),
    ("NAND", np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([1, 1, 1, 0]), 40),
    ("11 points", shifted, (shifted @ [2.0, -1.0, 0.5] > 1).astype(int), 20),
    ("13 points", 1e3 * centred, (centred @ [2.0, -1.0, 0.5] > 0).astype(int), 20),
]
results = all_results(
    alone,
    [case_x.copy() for _, case_x, _, _ in cases],
    [case_y.copy() for _, _, case_y, _ in cases],
    [passes for _, _, _, passes in cases],
    lr=0.5,
)
for (case, case_x, case_y, passes), result in zip(cases, results, strict=True):
    found_w, found_b, found_errors = result
    assert np.isfinite(found_w).all() and np.isfinite(found_b), (
        f"{case}: w is {found_w} and b is {found_b}; expected finite numbers. See "
        "hint 2."
    )
    wrong = int(np.sum((case_x @ found_w + found_b >= 0) != case_y))
    assert wrong == 0 and found_errors[-1] == 0, (
        f"{case}: after {passes} passes {wrong} of {len(case_y)} points are wrong and "
        f"the last pass made {found_errors[-1]} mistakes; expected 0 for both. See hint 2."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_perceptron_fit_epochs", "grade": true, "points": 0.5}
# Checked when graded: never more than `epochs` passes, nor fewer while mistakes last.
### BEGIN HIDDEN TESTS
alone = lent(
    perceptron_fit,
    weighted_sum=sum_to_lend,
    neuron=neuron_to_lend,
    neuron_batch=sum_to_lend,
    step=step_to_lend,
)
case_x = np.array([[1.0, 2.0], [2.0, 1.0]])
found_w, found_b, found_errors = alone(case_x, np.array([0, 1]), 1)
assert len(found_errors) == 1 and found_errors[0] in (1, 2), (
    f"with epochs = 1 errors is {found_errors}; expected one entry, 1 or 2. See hint 1."
)
case_x, case_y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
results = all_results(alone, [case_x] * 2, [case_y] * 2, [2, 13], lr=0.5)
for passes, (found_w, _, found_errors) in zip((2, 13), results, strict=True):
    assert len(found_errors) == passes and np.shape(found_w) == (2,), (
        f"on XOR with epochs = {passes} errors has {len(found_errors)} entries; "
        f"expected {passes}, since every pass makes a mistake. See hint 1."
    )
    assert all(1 <= count <= 4 for count in found_errors), (
        f"on XOR errors is {found_errors}; each pass over the four examples makes 1 to "
        "4 mistakes. Start counting at 0 in every pass. See hint 1."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_perceptron_fit_inputs", "grade": true, "points": 0.5}
# Checked when graded: X and y are left unchanged; a second call starts anew.
### BEGIN HIDDEN TESTS
alone = lent(
    perceptron_fit,
    weighted_sum=sum_to_lend,
    neuron=neuron_to_lend,
    neuron_batch=sum_to_lend,
    step=step_to_lend,
)
inputs = [np.array([[1.0, 2.0], [2.0, 1.0]]) for _ in range(2)]
labels = [np.array([0, 1]) for _ in range(2)]
results = all_results(alone, inputs, labels, [9, 9])
attempts = zip(("first", "second"), inputs, labels, results, strict=True)
for attempt, case_x, case_y, (found_w, found_b, found_errors) in attempts:
    assert np.array_equal(case_x, [[1.0, 2.0], [2.0, 1.0]]), (
        f"perceptron_fit changed its argument X to {case_x}; w = w + … makes a new "
        "array and leaves X alone. See hint 3."
    )
    assert np.array_equal(case_y, [0, 1]), (
        f"perceptron_fit changed its argument y to {case_y}; the rule works with "
        "labels 0 and 1 as they are. See hint 2."
    )
    assert (
        np.allclose(found_w, [1, -1], rtol=1e-9)
        and found_b == 0
        and sum(found_errors) == 2
    ), (
        f"the {attempt} of two equal calls returned w = {found_w}, b = {found_b}, "
        f"errors = {found_errors}; expected w = (1, −1), b = 0, 2 mistakes, since "
        "each call starts at 0. See hint 3."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Watch it learn
#
# Two clouds of 30 points each. A round marker is class 0, a triangle is class 1, here
# and in every lesson.

# %%
rng = np.random.default_rng(10)
clouds = [rng.normal([1.0, 2.5], 0.7, (30, 2)), rng.normal([3.0, 1.0], 0.7, (30, 2))]
order = rng.permutation(60)
X_clouds, y_clouds = np.vstack(clouds)[order], np.repeat([0, 1], 30)[order]


# %%
def draw_split(ax, X, y, w, b):
    """Draw both classes, the line z = 0 and, shaded, its two sides."""
    low, high = X.min() - 0.6, X.max() + 0.6
    x1, x2 = np.meshgrid(np.linspace(low, high, 200), np.linspace(low, high, 200))
    z = w[0] * x1 + w[1] * x2 + b
    ax.contourf(x1, x2, z, [-1e9, 0, 1e9], colors=[BLUE, VERMILLION], alpha=0.15)
    ax.contour(x1, x2, z, [0], colors=BLACK, linestyles="--")
    for label, colour, marker in ((0, BLUE, "o"), (1, VERMILLION, "^")):
        points = X[y == label].T
        ax.scatter(*points, 45, color=colour, marker=marker, label=f"class {label}")
    ax.set(xlabel="$x_1$", aspect="equal")


# %% [markdown]
# Each panel stops your `perceptron_fit` after a number of passes. The title counts the
# mistakes made **during** that pass, each at the line of that moment, and the points
# that are wrong **after** it, with the line as drawn. Do they go down every time?

# %%
fig, axes = plt.subplots(2, 2, figsize=(7, 7), **shared)
for ax, epochs in zip(axes.flat, (1, 4, 9, 20), strict=True):
    w_fit, b_fit, errors = perceptron_fit(X_clouds, y_clouds, epochs)
    draw_split(ax, X_clouds, y_clouds, w_fit, b_fit)
    wrong = np.sum((X_clouds @ w_fit + b_fit >= 0) != y_clouds)
    ax.set_title(
        f"pass {len(errors)}, mistakes: {errors[-1]}\nwrong after it: {wrong}", size=11
    )
    ax.set_ylabel("$x_2$")
    ax.label_outer()
axes[0, 0].legend(loc="lower left", fontsize=9)
plt.show()

# %% [markdown]
# *Figure:* Four views of the same two clouds, with the perceptron's dashed line between
# a blue and a red side. The line swings to and fro. After passes 1, 4 and 9 a few
# points lie on its wrong side; after pass 14 none does.

# %% [markdown]
# The count goes up and down, because correcting one example can spoil another. Even so,
# training has to end: if a straight line separates the classes (they are then called
# **linearly separable**), the perceptron makes only a limited number of mistakes,
# however long you run it (Novikoff, 1962). Once a pass is free of mistakes, nothing
# changes any more. Isn't that remarkable, for a rule of one line?

# %% [markdown]
# ## Meet four points that no neuron separates
#
# Two inputs, each 0 or 1, make four examples. AND and OR are two ways to label them.
# XOR ("one or the other, not both") is a third. Each panel has a line that somebody
# drew by hand. Where would you put it in the third?

# %%
X_gates = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
gates = {
    "AND": np.array([0, 0, 0, 1]),
    "OR": np.array([0, 1, 1, 1]),
    "XOR": np.array([0, 1, 1, 0]),
}

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 3), sharey=True, layout="constrained")
for ax, (name, labels), bias in zip(
    axes, gates.items(), (-1.5, -0.5, -0.5), strict=True
):
    draw_split(ax, X_gates, labels, np.array([1, 1]), bias)
    right = np.sum((X_gates @ [1, 1] + bias >= 0) == labels)
    ax.set_title(f"{name}: {right} of 4 right")
axes[0].set_ylabel("$x_2$")
axes[0].legend(loc="upper right", fontsize=9)
plt.show()

# %% [markdown]
# *Figure:* The corners of a square, labelled three ways. For AND a dashed line cuts off
# the one corner of class 1, for OR the one corner of class 0. For XOR opposite corners
# belong together, and the line leaves the corner (1, 1) on the wrong side.

# %% [markdown]
# Let your perceptron learn each for 12 passes. Two of the curves reach zero and end
# there. Look at the third.

# %%
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
looks = [(GREEN, "-", "s"), (PURPLE, "--", "D"), (BLACK, ":", "x")]
for (name, labels), (colour, style, marker) in zip(gates.items(), looks, strict=True):
    errors = perceptron_fit(X_gates, labels, epochs=12)[2]
    passes = np.arange(1, len(errors) + 1)
    look = {"color": colour, "marker": marker, "fillstyle": "none", "markersize": 9}
    ax.plot(passes, errors, style, label=name, **look)
ax.set(xlabel="pass", ylabel="mistakes of 4", yticks=range(5), xticks=range(1, 13))
ax.legend(loc="center right")
plt.show()

# %% [markdown]
# *Figure:* Mistakes in each pass. AND (solid, squares) and OR (dashed, diamonds) reach
# 0 after a few passes and stop. XOR (dotted, crosses) climbs to 4 and stays there:
# every example is wrong at the moment it is shown.

# %% [markdown]
# Perhaps the learning rule is to blame, and good weights exist? Search for them: every
# combination of whole numbers from −20 to 20 for $w_1$, $w_2$ and $b$, that is $41^3$ =
# 68,921 perceptrons. For each, count how many of the four examples it gets right.

# %%
values = np.arange(-20, 21)
w1, w2, biases = (grid.ravel() for grid in np.meshgrid(values, values, values))
fires = [w1 * x1 + w2 * x2 + biases >= 0 for x1, x2 in X_gates]
right = {
    name: sum(fired == label for fired, label in zip(fires, labels, strict=True))
    for name, labels in gates.items()
}

# %%
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for place, (name, colour, hatch) in enumerate(
    [("AND", GREEN, ""), ("OR", PURPLE, "//"), ("XOR", "white", "..")]
):
    counts = np.bincount(right[name], minlength=5) / 1000
    style = {"color": colour, "edgecolor": BLACK, "hatch": hatch, "label": name}
    bars = ax.bar(np.arange(5) + 0.27 * (place - 1), counts, width=0.27, **style)
    ax.bar_label(bars, ["none" if not count else "" for count in counts], rotation=90)
ax.set(xlabel="examples right, of 4", ylabel="perceptrons (thousands)")
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Bars count the perceptrons that get 0, 1, 2, 3 or 4 examples right. For AND
# and OR thousands get all 4. For XOR most get 2, some 1 or 3, and none gets 4 (nor 0).

# %% [markdown]
# ### Written answer: why can't one neuron solve XOR?
#
# A search over 68,921 perceptrons proves nothing about the next one. Show that **no**
# choice of $w_1$, $w_2$ and $b$ makes a perceptron compute XOR. Three to six sentences,
# with inequalities or with geometry, as you like. (3 points, marked by a person)
#
# | points | what the answer does |
# |---|---|
# | 3 | covers every $w_1$, $w_2$, $b$, without a gap |
# | 2 | has the deciding idea (diagonals, inequalities), but a step is missing |
# | 1 | says that no line separates XOR, or cites the experiments, without an argument |
#
# <details><summary>Hint 1: which sums are worth comparing?</summary>
#
# Call the weighted sums of the four points z(0,0), z(0,1), z(1,0) and z(1,1). Which
# sign does XOR ask of each? Then look at z(0,0) + z(1,1) and at z(0,1) + z(1,0).
#
# </details>

# %% [markdown] nbgrader={"grade_id": "why_xor", "grade": true, "solution": true, "points": 3}
# **Your answer**
#
# ### BEGIN SOLUTION
# Write $z(x_1, x_2) = w_1 x_1 + w_2 x_2 + b$. For XOR the perceptron has to be silent
# at $(0,0)$ and $(1,1)$, so $z(0,0) < 0$ and $z(1,1) < 0$; it has to fire at $(0,1)$
# and $(1,0)$, so $z(0,1) \ge 0$ and $z(1,0) \ge 0$.
#
# Add up each pair: $z(0,0) + z(1,1) = w_1 + w_2 + 2b$ and
# $z(0,1) + z(1,0) = w_1 + w_2 + 2b$. The two sums are the same number. The first has to
# be negative and the second must not be: a contradiction, whatever $w_1$, $w_2$ and
# $b$.
#
# In the picture: both diagonals of the square have the same midpoint. If $z < 0$ at
# both ends of one diagonal, then $z < 0$ at its midpoint; if $z \ge 0$ at both ends of
# the other, then $z \ge 0$ there. One point cannot be on both sides of a line.
# ### END SOLUTION

# %% [markdown]
# ## See why layers need an activation
#
# If one neuron is not enough, take two **layers**: $H$ neurons look at the inputs, and
# the neurons of a second layer look at what those say. A layer keeps the weights of its
# neurons side by side, one column per neuron. What happens if you leave the activation
# out?
#
# $$Z = (X W_1 + b_1)\, W_2 + b_2$$
#
# Multiply it out. There is an $X$ in one term only, so the two layers are **one** layer
# $Z = X W + b$ in disguise: they have collapsed.
#
# ### Exercise: `collapse_linear`
#
# Find the one layer that does the same as the two. Mind the shapes: they are all
# different, so that only one order of each product fits. Mind the bias: it takes more
# than $b_2$. (3 points)


# %% [markdown]
# <details><summary>Hint 1: what comes out when all inputs are 0?</summary>
#
# With $X = 0$ the one layer returns $b$. Send zeros through the two layers: the first
# says $b_1$, and the second weighs that and adds its own bias.
#
# </details>
# <details><summary>Hint 2: which product has shape (D, K)?</summary>
#
# Expand $(X W_1 + b_1) W_2 + b_2$ and keep the order of the factors: matrix products
# may not be swapped. In `@`, `(D, H)` with `(H, K)` gives `(D, K)`.
#
# </details>
# <details><summary>Hint 3: nearly the line</summary>
#
# Return two values. The first is one matrix product of the two weight matrices. The
# second multiplies a bias by a weight matrix and adds the other bias.
#
# </details>


# %% nbgrader={"grade_id": "collapse_linear", "solution": true}
def collapse_linear(W1, b1, W2, b2):
    """Merge two layers without activation into one.

    Parameters
    ----------
    W1 : ndarray, shape (D, H)
        Weights of the first layer, one column per neuron.
    b1 : ndarray, shape (H,)
        Its biases.
    W2 : ndarray, shape (H, K)
        Weights of the second layer.
    b2 : ndarray, shape (K,)
        Its biases.

    Returns
    -------
    W : ndarray, shape (D, K)
        Weights of the one layer.
    b : ndarray, shape (K,)
        Its biases.

    Notes
    -----
    X W + b = (X W1 + b1) W2 + b2 for every batch X of shape (N, D).
    """
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_collapse_linear_example", "grade": true, "points": 0.5}
case_w1 = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]])
case_w2 = np.array([[2.0], [1.0], [1.0]])
result = collapse_linear(case_w1, np.array([1.0, -2.0, 4.0]), case_w2, np.array([0.5]))
assert isinstance(result, (tuple, list)) and len(result) == 2, (
    f"collapse_linear returned {result!r}; expected two arrays: W, b. See hint 3."
)
found_w, found_b = result
assert np.shape(found_w) == (2, 1) and np.shape(found_b) == (1,), (
    f"for D = 2, H = 3, K = 1 W has shape {np.shape(found_w)} and b has shape "
    f"{np.shape(found_b)}; expected (2, 1) and (1,). See hint 2."
)
assert np.allclose(found_w, [[4.0], [2.0]], rtol=1e-9, atol=1e-12), (
    f"W is {np.asarray(found_w).tolist()}; expected [[4], [2]]. Most likely the "
    "product is not the matrix product of W1 and W2. See hint 2."
)
slip = {0.5: "b1 is lost", 4.0: "b2 is missing"}.get(
    round(float(found_b[0]), 9), "b1 does not pass through W2, as it has to"
)
assert np.allclose(found_b, [4.5], rtol=1e-9, atol=1e-12), (
    f"b is {found_b}; expected [4.5]. Most likely {slip}. See hint 1."
)
print("collapse_linear: visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_collapse_linear_sizes", "grade": true, "points": 1.5}
# Checked when graded: other D, H and K, among them 1; the collapsed layer on a batch.
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(5).integers
layers, batches = [], []
for n_in, n_mid, n_out in [
    *((3, 5, 2), (1, 2, 4), (4, 2, 3), (2, 7, 1)),
    *((5, 1, 3), (3, 5, 2)),
]:
    case_w1, case_b1 = draw(-9, 10, (n_in, n_mid)) / 4, draw(1, 9, n_mid) / 4
    case_b1 *= n_mid < 7  # without a bias once
    case_w2, case_b2 = draw(-9, 10, (n_mid, n_out)) / 4, draw(1, 9, n_out) / 4
    layers.append((case_w1, case_b1, case_w2, case_b2))
    batches.append(draw(-9, 10, (7, n_in)) / 4)
copies = [[part.copy() for part in parts] for parts in zip(*layers, strict=True)]
results = all_results(collapse_linear, *copies)
for parts, batch, (found_w, found_b) in zip(layers, batches, results, strict=True):
    case_w1, case_b1, case_w2, case_b2 = parts
    (n_in, n_mid), n_out = case_w1.shape, case_b2.size
    sizes = f"D = {n_in}, H = {n_mid}, K = {n_out}"
    expected_w = np.einsum("dh,hk->dk", case_w1, case_w2)
    expected_b = np.einsum("h,hk->k", case_b1, case_w2) + case_b2
    expected = (batch @ case_w1 + case_b1) @ case_w2 + case_b2
    assert np.shape(found_w) == (n_in, n_out) and np.shape(found_b) == (n_out,), (
        f"for {sizes} W has shape {np.shape(found_w)} and b has shape "
        f"{np.shape(found_b)}; expected ({n_in}, {n_out}) and "
        f"({n_out},). See hint 2."
    )
    assert np.allclose(found_w, expected_w, rtol=1e-9, atol=1e-12), (
        f"for {sizes} W is\n{found_w}\nexpected\n{expected_w}\nSee hint 2."
    )
    assert np.allclose(found_b, expected_b, rtol=1e-9, atol=1e-12), (
        f"for {sizes} b is {found_b}; expected {expected_b}. Feed "
        "X = 0 through both layers: what comes out is b. See hint 1."
    )
    assert np.allclose(batch @ found_w + found_b, expected, rtol=1e-9, atol=1e-12), (
        "on a batch of 7 the collapsed layer differs from the two layers. See hint 1."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_collapse_linear_inputs", "grade": true, "points": 1}
# Checked when graded: values around 1000; your function leaves its inputs unchanged.
### BEGIN HIDDEN TESTS
found_w, found_b = collapse_linear(
    np.array([[1e3, -2e3], [500.0, 3e3], [-4e3, 250.0]]),
    np.array([2e3, -1e3]),
    np.array([[3e3, 1e3, -2e3, 500.0], [1e3, -4e3, 2e3, 5e3]]),
    np.array([1e3, -3e3, 4e3, 700.0]),
)
expected = [[1e6, 9e6, -6e6, -9.5e6], [4.5e6, -1.15e7, 5e6, 1.525e7]]
expected = np.array([*expected, [-1.175e7, -5e6, 8.5e6, -7.5e5]])
assert np.shape(found_w) == (3, 4) and np.allclose(found_w, expected, rtol=1e-9), (
    f"for weights around 1000 W is\n{found_w}\nexpected\n{expected}\nSee hint 2."
)
expected = [5.001e6, 5.997e6, -5.996e6, -3.9993e6]
assert np.shape(found_b) == (4,) and np.allclose(found_b, expected, rtol=1e-9), (
    f"for weights around 1000 b is {found_b}; expected {expected}. See hint 1."
)
before = [[[1.5, -2.0, 0.5]], [3.0, -1.0, 2.0], [[2.0, 1], [4, -3], [-1, 5]], [0.5, -6]]
given = [np.array(values) for values in before]
found_w, found_b = collapse_linear(*given)
assert np.allclose(found_w, [[-5.5, 10.0]], rtol=1e-9) and np.allclose(
    found_b, [0.5, 10.0], rtol=1e-9
), (
    f"W is {found_w} and b is {found_b}; expected [[−5.5, 10]] and [0.5, 10]. "
    "See hint 1."
)
for name, values, after in zip(("W1", "b1", "W2", "b2"), before, given, strict=True):
    assert np.array_equal(after, values), (
        f"collapse_linear changed its argument {name} to {after.tolist()}; make new "
        "arrays, without +=. See hint 3."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Put the step back in
#
# Three perceptrons, with weights chosen by hand: the first layer holds an OR and a "not
# both", the second layer an AND of the two. Compare the first three rows: the labels of
# XOR, the net with a step after each layer, and the one neuron that is left when the
# first step is taken out.

# %%
W1, b1 = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])
W2, b2 = np.array([[1.0], [1.0]]), np.array([-1.5])
W_one, b_one = collapse_linear(W1, b1, W2, b2)

print("labels of XOR      ", gates["XOR"])
print("two layers, steps  ", step(step(X_gates @ W1 + b1) @ W2 + b2).ravel())
print("collapsed          ", step(X_gates @ W_one + b_one).ravel())
print("collapsed: weights ", W_one.ravel(), "bias", b_one)

# %% [markdown]
# With the step the net gets XOR right: four points that defeat one neuron are easy for
# three. Without it the same weights cancel to $w = (0, 0)$, a neuron that does not
# even look at its inputs. Depth gains something only if there is an activation between
# the layers. How weights like these are **learned** is the subject of
# `05_backpropagation` and `06_two_layer_network`.

# %% [markdown]
# ## Check yourself
#
# No points; answer before you unfold.
#
# <details><summary>What does a perceptron with w = (0, 0), b = 0.3 say?</summary>
#
# Always 1: the sum is 0.3 for every input. With b = −0.3 it would always answer 0. With
# zero weights the bias alone decides.
#
# </details>
# <details><summary>What changes when w and b are multiplied by 10?</summary>
#
# For a perceptron nothing: every z keeps its sign. For a neuron with a smooth
# activation the line stays too, but the edge becomes ten times as steep. From the
# second to the third map it was three times.
#
# </details>
# <details><summary>What does the learning rate change if w and b start at 0?</summary>
#
# All corrections are multiplied by it, so w and b are multiplied by it as well, and
# that changes no answer. It matters only if you start from other weights.
#
# </details>

# %% [markdown]
# ## Go further
#
# - **One neuron that does solve XOR.** The proof uses that the neuron fires on one side
#   of a line. Take w = (1, 1), b = −1 and an activation that fires only for z close to
#   0 and see what your `neuron` says about the four points. Which sentence of your
#   proof breaks?
# - **The promise behind the perceptron.** Append the constant 1 of the bias to every
#   example. If R is the largest length of an example and γ the margin of the best
#   separating hyperplane through the origin, there are at most (R/γ)² mistakes. Albert
#   Novikoff, *On convergence proofs for perceptrons*, 1962.
# - **The history.** Frank Rosenblatt, [The
#   perceptron](https://doi.org/10.1037/h0042519), Psychological Review, 1958, gave it
#   its name. Marvin Minsky and Seymour Papert,
#   [*Perceptrons*](https://doi.org/10.7551/mitpress/11301.001.0001), 1969, showed what
#   one layer cannot do. Warren McCulloch and Walter Pitts, [A logical calculus of the
#   ideas immanent in nervous activity](https://doi.org/10.1007/BF02478259), 1943, had
#   the formula first.
