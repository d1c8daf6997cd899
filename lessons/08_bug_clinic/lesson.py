# %% [markdown]
# # Run a bug clinic: find out why a network does not learn
#
# **What you will build:** twelve instruments and remedies for networks that do not
# learn. In **part one, the clinic**, you single out, of six flaws in a real notebook, the
# one that turns its loss into NaN. In **part two, the remedies**, you write optimisers and
# **regularisation**. At the end you name the illness of eight training runs.
#
# **What you need:** the layers of lesson 07, the gradient check of lesson 05, training
# and validation loss (lesson 06).
#
# 150 minutes, 40 points, all marked automatically, with a break in the middle. The cells
# that check your answers are folded; run them, there is no need to open them.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
from io import BytesIO
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Image, interact
from sklearn.datasets import load_digits, load_iris

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, PURPLE, BLACK = "#E69F00", "#CC79A7", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, to warm up. There are no points; the check
# answers at once.
#
# 1. The natural logarithm of 3, to one decimal: the loss of a network that knows nothing
#    about three classes.
# 2. Who changes the weights in the framework of lesson 07? **a** `forward` · **b**
#    `backward` · **c** the optimiser's `step`
# 3. What does a ReLU pass back where its input was negative? **a** nothing · **b** the
#    gradient · **c** the gradient with its sign turned

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a letter in quotes>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 1.1, 2: "c", 3: "a"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (1.1, "Each class gets 1/3, and -ln(1/3) is ln 3."),
        2: ("c", "backward computes gradients and changes no weight (lesson 07)."),
        3: ("a", "Its slope is 0 there, so the gate is shut (lessons 02 and 05)."),
    },
)

# %% [markdown]
# ## Meet the patient
#
# A real notebook trains a 4-32-32-3 network on the 150 iris flowers and remarks that its
# loss often becomes NaN, "not a number". It does not say why. Compared with lesson 07 it
# does six things differently, and each of them looks suspicious:
#
# | switch | what the notebook does | what lesson 07 does |
# |---|---|---|
# | `order` | computes dx with weights **already updated** | with the old ones |
# | `bias_mean` | db is a mean over the batch | a sum |
# | `xavier` | weights with variance 2 / (n_in + n_out) | 2 / n_in, made for ReLU |
# | `random_bias` | biases start between 0 and 1 | at 0 |
# | `global_max` | softmax subtracts one maximum for the whole batch | one per row |
# | `drop_last` | the last batch of an epoch is left out | it is used |
#
# (A seventh one, computing the printed loss from logits, changes what you read and not
# how the network learns: its gradient is right. So it cannot be what breaks the
# training.)

# %% [markdown]
# You could repair all six and be content. Then you would not know which one mattered,
# and the next sick network would cost you as much time as this one. A clinic works in
# another way: cheap tests first, one change at a time, numbers written down.
#
# Here is the framework of lesson 07 once more, with the six switches built in. `bugs`
# is a set of their names; an empty one means healthy.


# %% nbgrader={"grade_id": "framework_layers", "locked": true}
class Dense:
    """The layer x W + b; `lr` is what the bug "order" needs to know, else unused."""

    def __init__(self, n_in, n_out, rng, bugs=(), lr=0.0):
        fan = n_in + n_out if "xavier" in bugs else n_in
        self.W = rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out))
        self.b = rng.random(n_out) if "random_bias" in bugs else np.zeros(n_out)
        self.bugs, self.lr = bugs, lr

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.mean(0) if "bias_mean" in self.bugs else dout.sum(0)
        W = self.W - self.lr * self.dW if "order" in self.bugs else self.W
        return dout @ W.T


class ReLU:
    """The layer max(0, x)."""

    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


# %% nbgrader={"grade_id": "framework_loss", "locked": true}
class SoftmaxCrossEntropy:
    """Softmax and the mean cross-entropy, for integer labels."""

    def __init__(self, bugs=()):
        self.bugs = bugs

    def forward(self, logits, labels):
        top = logits.max() if "global_max" in self.bugs else logits.max(1)[:, None]
        powers = np.exp(logits - top)
        self.P = powers / powers.sum(axis=1, keepdims=True)
        self.hits = np.arange(len(labels)), labels
        return float(-np.log(self.P[self.hits]).mean())

    def backward(self):
        dlogits = self.P.copy()
        dlogits[self.hits] -= 1
        return dlogits / len(dlogits)


# %% nbgrader={"grade_id": "framework_network", "locked": true}
class NeuralNetwork:
    """A list of layers, run forwards and backwards."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, dout):
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout


class SGD:
    """Plain gradient descent; `step` updates every layer that has weights."""

    def __init__(self, layers, lr):
        self.layers, self.lr = [part for part in layers if hasattr(part, "W")], lr

    def step(self):
        for layer in self.layers:
            layer.W -= self.lr * layer.dW
            layer.b -= self.lr * layer.db


# %% nbgrader={"grade_id": "framework_helpers", "locked": true}
def minibatches(X, y, size, rng, bugs=()):
    """Yield the examples in random order, `size` at a time."""
    order = rng.permutation(len(X))
    end = len(X) - size if "drop_last" in bugs else len(X)
    for start in range(0, end, size):
        rows = order[start : start + size]
        yield X[rows], y[rows]


def new_network(sizes, rng, bugs=(), lr=0.0):
    """Return a network of Dense layers of these sizes, with ReLUs between them."""
    layers = []
    for i in range(len(sizes) - 1):
        layers += [Dense(sizes[i], sizes[i + 1], rng, bugs, lr), ReLU()]
    return NeuralNetwork(layers[:-1])


# %% [markdown]
# And this is the patient. Its flowers are raw, in centimetres, in batches of 4, as in
# that notebook. There the learning rate is 0.01 and most runs break within 40
# epochs; at 0.02 they break within 12, and you wait less.

# %% nbgrader={"grade_id": "patient", "locked": true}
SWITCHES = ["order", "bias_mean", "xavier", "random_bias", "global_max", "drop_last"]
iris = load_iris()


def train_patient(bugs, seed, epochs=12, lr=0.02):
    """Train the patient with these bugs; return its mean loss in each epoch."""
    rng = np.random.default_rng(seed)
    network, loss = (
        new_network([4, 32, 32, 3], rng, bugs, lr),
        SoftmaxCrossEntropy(bugs),
    )
    optimiser, history = SGD(network.layers, lr), []
    with np.errstate(all="ignore"):  # overflow is what is studied here
        while len(history) < epochs and (not history or history[-1] < np.inf):
            losses = []
            for X_batch, y_batch in minibatches(iris.data, iris.target, 4, rng, bugs):
                losses.append(loss.forward(network.forward(X_batch), y_batch))
                network.backward(loss.backward())
                optimiser.step()
            history.append(float(np.mean(losses)))
    return history + (epochs - len(history)) * [np.nan]  # NaN does not heal


# %%
for name, bugs in {"healthy": [], "sick": SWITCHES}.items():
    print(f"{name:8}", np.array(train_patient(bugs, seed=0)).round(2))

# %% [markdown]
# ## Find the first bad number
#
# NaN spreads: NaN plus anything is NaN, so soon everything is. Only the **first**
# number that is not finite tells you where to look. Two things count as not finite: NaN
# and infinity, of either sign. Infinity usually comes first: the loss overflows, and
# $\infty - \infty$ is the first NaN.
#
# Beware of `==`. NaN equals nothing, not even itself: `np.nan == np.nan` is False.
#
# **Your turn (2 points): write `first_nonfinite`.**
#
# <details><summary>Hint 1: what do you ask each number?</summary>
#
# Whether it is finite. NumPy has a function for exactly this question; it says no to
# NaN and to both infinities.
#
# </details>
# <details><summary>Hint 2: which function?</summary>
#
# `np.isfinite`, for a number or for a whole array. `enumerate` gives you the position
# along with each number.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Go through position and value together. At the first value that is not finite, return
# the position. After the loop, return None.
#
# </details>


# %% nbgrader={"grade_id": "first_nonfinite", "solution": true}
def first_nonfinite(history):
    """Find the first entry that is NaN or infinite.

    Parameters
    ----------
    history : list of floats, or ndarray of shape (n,)
        Losses in the order of time; may be empty; left unchanged.

    Returns
    -------
    index : int or None
        Its position, counted from 0; None if all entries are finite.
    """
    ### BEGIN SOLUTION
    for index, value in enumerate(history):
        if not np.isfinite(value):
            return index
    return None
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_first_nonfinite_example", "grade": true, "points": 0.5}
found = first_nonfinite([1.1, 0.9, np.inf, np.nan, np.nan])
causes = {
    3: "inf is not finite either; ask np.isfinite (hint 1)",
    4: "this is the last one; return at the first",
    1: "this is the last finite one",
    None: "NaN equals nothing, so == does not find it (hint 1)",
}
given = found if found is None or isinstance(found, int | np.integer) else "other"
assert given == 2, (
    f"first_nonfinite([1.1, 0.9, inf, nan, nan]) returned {found!r:.60}, expected 2: "
    + causes.get(given, "positions count from 0 (hint 3)")
)
found = first_nonfinite([1.1, 0.9, 0.7])
assert found is None, (
    f"first_nonfinite([1.1, 0.9, 0.7]) returned {found!r:.60}, expected None (hint 3)."
)
found = first_nonfinite([np.inf, 0.5])
assert found == 0 and found is not None, (
    f"first_nonfinite([inf, 0.5]) returned {found!r:.60}, expected 0: a valid "
    "position, even though 0 counts as False."
)
found = first_nonfinite([np.nan, 0.5])
assert found == 0 and found is not None, (
    f"first_nonfinite([nan, 0.5]) returned {found!r:.60}, expected 0: NaN is not "
    "finite."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_first_nonfinite_others", "grade": true, "points": 1.5}
# Checked when graded: NaN and both infinities alone, arrays, long and empty histories.
### BEGIN HIDDEN TESTS
long_run = np.linspace(900.0, -3.0, 31)
for bad in (np.nan, np.inf, -np.inf):
    for place in (0, 1, 17, 30):
        case_losses = long_run.copy()
        case_losses[place] = bad
        kept = case_losses.copy()
        for kind, case_input in [
            ("array", case_losses),
            ("list", case_losses.tolist()),
        ]:
            found = first_nonfinite(case_input)
            assert found is not None and not isinstance(found, bool), (
                f"an {kind} of 31 losses with {bad} returned {found!r:.60}, expected "
                f"its position {place} (hint 2)."
            )
            assert found == place, (
                f"{kind} of 31 losses, {bad} at {place}: returned {found!r:.60}."
            )
        np.testing.assert_array_equal(case_losses, kept, err_msg="history was changed")
for case_input in (long_run, long_run.tolist(), [1e300, -1e300, 0.0], [0.7], []):
    found = first_nonfinite(case_input)
    assert found is None, (
        f"{len(case_input)} finite losses: returned {found!r:.60}, expected None."
    )
for case_input, expected in {
    (np.nan,): 0,
    (2.0, -np.inf, np.inf): 1,
    (0.5, 1.0, np.inf): 2,
}.items():
    found = first_nonfinite(list(case_input))
    assert found == expected and found is not None, (
        f"first_nonfinite({list(case_input)}) returned {found!r:.60}, expected "
        f"{expected}."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Check the loss of an untrained network
#
# The cheapest test needs no training at all. A network that knows nothing about $C$
# classes gives each the probability $1/C$, and the loss of that is $-\ln(1/C) = \ln C$:
# 1.10 for three classes, 2.30 for ten. A first loss far **above** it means that the
# network is sure and wrong from the start: its logits are too large. A first loss far
# **below** it means that it knows what it cannot know.
#
# Random weights never give exactly $\ln C$, so some room is needed: 30 % of $\ln C$ on
# either side.
#
# **Your turn (1.5 points): write `initial_loss_ok`.**
#
# <details><summary>Hint 1: which logarithm?</summary>
#
# The natural one, as in the loss: `np.log`.
#
# </details>
# <details><summary>Hint 2: either side</summary>
#
# How far apart two numbers are, whichever is the larger, is the absolute value of their
# difference.
#
# </details>
# <details><summary>Hint 3: the room grows with C</summary>
#
# The distance may be at most 0.3 **times** $\ln C$. For a NaN every comparison is
# False, which is the answer you want.
#
# </details>


# %% nbgrader={"grade_id": "initial_loss_ok", "solution": true}
def initial_loss_ok(C, loss):
    """Return whether a first loss is that of a network that knows nothing.

    Ten classes: 2.0 is ok, 3.5 is not.

    Parameters
    ----------
    C : int
        Number of classes, 2 or more.
    loss : float
        Mean cross-entropy before the first update; may be NaN, which is not ok.

    Returns
    -------
    ok : bool
    """
    ### BEGIN SOLUTION
    return bool(abs(loss - np.log(C)) <= 0.3 * np.log(C))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_initial_loss_ok_example", "grade": true, "points": 0.5}
cases = {
    (10, 2.3): (True, "ln 10 = 2.30 is what knowing nothing costs (hint 1)"),
    (10, 2.9): (True, "2.9 is within 30 % of ln 10 (hint 3)"),
    (10, 3.2): (False, "3.2 is more than 30 % above ln 10 (hint 3)"),
    (10, 0.4): (False, "0.4 is far below ln 10, which is suspicious too (hint 2)"),
    (3, 1.0): (True, "the number of classes comes first: ln 3 = 1.10"),
}
found = initial_loss_ok(10, 2.3)
assert isinstance(found, bool | np.bool_ | np.ndarray), (
    f"initial_loss_ok(10, 2.3) returned {found!r:.60}, expected True or False."
)
for (classes, first_loss), base in {(10, 3.3): "2", (10, 1.0): "10"}.items():
    found = initial_loss_ok(classes, first_loss)
    assert not bool(found), (
        f"initial_loss_ok({classes}, {first_loss}) returned {found}: a logarithm to "
        f"base {base}? Take the natural one, ln 10 = 2.30 (hint 1)."
    )
for (classes, first_loss), (expected, cause) in cases.items():
    found = initial_loss_ok(classes, first_loss)
    assert bool(found) == expected, (
        f"initial_loss_ok({classes}, {first_loss}) returned {found}: {cause}."
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_initial_loss_ok_others", "grade": true, "points": 1}
# Checked when graded: other numbers of classes, close to the limits, NaN and infinity.
### BEGIN HIDDEN TESTS
for classes in (2, 3, 7, 10, 1000):
    centre = np.log(classes)
    for share, expected in [
        (0.0, False), (0.65, False), (0.69, False), (0.71, True), (0.95, True),
        (1.0, True), (1.29, True), (1.31, False), (3.0, False), (50.0, False),
    ]:  # fmt: skip
        found = initial_loss_ok(classes, share * centre)
        assert isinstance(found, bool | np.bool_ | np.ndarray), (
            f"{classes} classes: returned {found!r:.60}, expected True or False."
        )
        assert bool(found) == expected, (
            f"{classes} classes, a loss of {share} ln C: returned {found}; the limits "
            "are 0.7 ln C and 1.3 ln C (hint 3)."
        )
for strange in (np.nan, np.inf):
    found = initial_loss_ok(10, strange)
    assert bool(found) is False, f"a loss of {strange}: returned {found}, not False."
### END HIDDEN TESTS

# %% [markdown]
# Try it on three networks for the handwritten digits: one from the framework, one whose
# weights are five times too large, and one that was trained before on the same digits.

# %%
pixels, digits = load_digits(return_X_y=True)
pixels = pixels[:1000] / 16
digits = digits[:1000]


def digit_network(lr, epochs, hidden=64):
    """Return a 64-hidden-10 network after some epochs, and its loss object."""
    rng, loss = np.random.default_rng(0), SoftmaxCrossEntropy()
    network = new_network([64, hidden, 10], rng)
    optimiser = SGD(network.layers, lr)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(pixels, digits, 32, rng):
            loss.forward(network.forward(X_batch), y_batch)
            network.backward(loss.backward())
            optimiser.step()
    return network, loss


# %%
fresh, loud, used = (digit_network(0.1, epochs)[0] for epochs in (0, 0, 2))
for layer in loud.layers[::2]:
    layer.W *= 5
for name, network in {"fresh": fresh, "loud": loud, "used": used}.items():
    first_loss = SoftmaxCrossEntropy().forward(network.forward(pixels), digits)
    print(f"{name}: {first_loss:6.2f}, ok: {initial_loss_ok(10, first_loss)}")

# %% [markdown]
# ## Let it memorise twelve examples
#
# The second test takes a second. A network that can learn anything can **memorise** one
# small batch: train it again and again on the same few examples, and the loss
# has to go to zero. If it does not, no amount of data will help: a gradient is wrong, a
# layer is not updated, or inputs and labels do not belong together.
#
# No shuffling, no validation: here overfitting is the aim.
#
# **Your turn (3.5 points): write `overfit_one_batch`.** It takes a network of the
# framework. For 6 to 12 examples that no two labels contradict, the loss has to be
# below 0.01 after the 500 steps. Which optimiser and learning rate it uses is up to
# you. (Graded with the framework above, whatever you did in lesson 07.)
#
# <details><summary>Hint 1: one step</summary>
#
# Forward through the network and the loss, backward through the loss and the network,
# one step of the optimiser. The cell above, `digit_network`, does it for many batches.
#
# </details>
# <details><summary>Hint 2: still above 0.01?</summary>
#
# With a learning rate of 0.01 the loss falls too slowly for 500 steps. Try 0.1 to 0.5.
# The rate belongs to the optimiser; leave the layers' own attributes alone.
#
# </details>
# <details><summary>Hint 3: what to return</summary>
#
# The loss of the batch itself, not an accuracy. After the last step compute it once
# more: `forward` of the loss, with the logits of a last `forward` of the network. With
# `steps=0` that is the loss at the start.
#
# </details>


# %% nbgrader={"grade_id": "overfit_one_batch", "solution": true}
def overfit_one_batch(net, X, y, steps=500):
    """Train a network on one batch only and return the loss it ends with.

    Parameters
    ----------
    net : NeuralNetwork
        Of the framework above. Its weights may be changed or not, as you like.
    X : ndarray, shape (N, D)
        The batch, standardised; left unchanged.
    y : ndarray of ints, shape (N,)
        Its labels; left unchanged.
    steps : int
        Number of updates, each on the whole batch.

    Returns
    -------
    loss : float
        Mean cross-entropy of the batch after (or just before) the last update.
    """
    ### BEGIN SOLUTION
    measure, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        measure.forward(net.forward(X), y)
        net.backward(measure.backward())
        optimiser.step()
    return measure.forward(net.forward(X), y)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_overfit_one_batch_example", "grade": true, "points": 1}
case_x = np.random.default_rng(80).normal(0.1, 1.3, size=(6, 5))
case_labels = np.array([2, 0, 1, 1, 2, 0])
found = overfit_one_batch(
    new_network([5, 64, 3], np.random.default_rng(81)), case_x, case_labels
)
assert (
    isinstance(found, int | float | np.number | np.ndarray) and np.size(found) == 1
), f"overfit_one_batch returned {found!r:.60}, expected one number, the loss (hint 3)."
assert not np.isclose(found, 1), (
    "overfit_one_batch returned 1.0: is it an accuracy? Return the loss (hint 3)."
)
assert -1e-9 < found < 0.01, (
    f"overfit_one_batch ended with {found:.4g} for 6 examples after 500 steps, "
    "expected less than 0.01: is every step one of gradient descent, and the learning "
    "rate large enough (hint 2)?"
)
# A single step is not enough to memorise anything.
found = overfit_one_batch(
    new_network([5, 32, 3], np.random.default_rng(81)), case_x, case_labels, steps=1
)
assert found > 0.05, (
    f"after steps=1 the loss is already {found:.4g}; make `steps` updates, no more."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_overfit_one_batch_others", "grade": true, "points": 1}
# Checked when graded: deeper networks, other sizes, batch and settings unchanged.
### BEGIN HIDDEN TESTS
for sizes, n in [([4, 48, 48, 3], 7), ([9, 64, 5], 12), ([6, 32, 2], 1)]:
    case_x = np.random.default_rng(80).normal(0.1, 1.3, size=(n, sizes[0]))
    case_labels = np.arange(n) ** 2 % sizes[-1]
    kept = case_x.copy(), case_labels.copy()
    case_net = new_network(sizes, np.random.default_rng(82), (), 0.125)
    found = float(overfit_one_batch(case_net, case_x, case_labels))
    what = f"layers {sizes}, {n} examples"
    assert -1e-9 < found < 0.01, (
        f"{what}: the final loss is {found:.4g}, expected less than 0.01 (hint 2)."
    )
    assert np.array_equal(case_x, kept[0]) and np.array_equal(case_labels, kept[1]), (
        f"{what}: the batch was changed."
    )
    assert (
        case_net.layers[0].lr == 0.125 and len(case_net.layers) == 2 * len(sizes) - 3
    ), (
        f"{what}: a layer's lr or the list of layers was changed; a learning rate for "
        "this test belongs to the optimiser (hint 2)."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_overfit_one_batch_honest", "grade": true, "points": 1.5}
# Checked when graded: the number is the loss of this batch after this many steps, each
# of them on the whole batch.
### BEGIN HIDDEN TESTS
case_x = 1.5 * np.cos(np.arange(15.0) ** 1.3).reshape(3, 5)
case_x, case_labels = case_x[[0, 2, 0, 1, 1, 2]], np.array([0, 0, 1, 1, 2, 2])
found = float(
    overfit_one_batch(
        new_network([5, 32, 3], np.random.default_rng(83)), case_x, case_labels
    )
)
assert abs(found - np.log(2)) < 0.05, (
    f"three examples, each given twice with two different labels: the final loss is "
    f"{found:.4g}. The best that any network can do is ln 2 = 0.693, a guess between "
    "two labels; is this the mean loss of the whole batch (hint 3)?"
)
case_x = 1.5 * np.cos(np.arange(40.0) ** 1.3).reshape(8, 5)
for steps in (0, 1, 2):
    case_labels = np.arange(8) % 3 * (steps > 0)  # at first all of class 0
    case_net = new_network([5, 32, 3], np.random.default_rng(84))
    logits_in = np.array(case_net.forward(case_x))
    start = np.log(np.exp(logits_in).sum(axis=1)) - logits_in[np.arange(8), case_labels]
    found = float(overfit_one_batch(case_net, case_x, case_labels, steps))
    assert found > 0.02, (
        f"after steps={steps} the loss is already {found:.4g}; make `steps` updates."
    )
    if steps == 0:
        assert abs(found - start.mean()) < 1e-6, (
            f"with steps=0 the loss is {found:.4g}, expected that of the network as it "
            f"came, {start.mean():.4g} (hint 3)."
        )
losses = [
    float(
        overfit_one_batch(
            new_network([5, 32, 3], np.random.default_rng(84)),
            case_x[::way].copy(),
            case_labels[::way].copy(),
            3,
        )
    )
    for way in (1, -1)
]
assert abs(losses[0] - losses[1]) < 1e-6 * losses[0], (
    f"after 3 steps the loss is {losses[0]:.6g}, and {losses[1]:.6g} with the same "
    "examples in reverse order. A step on the whole batch does not notice the order; "
    "do yours take a part of it?"
)
### END HIDDEN TESTS

# %% [markdown]
# Now twelve flowers, standardised, and five networks. One is healthy, three have one
# bug each, and in the last one no layer is ever updated.

# %%
rows = np.random.default_rng(5).permutation(150)[:12]
X_small, y_small = iris.data[rows], iris.target[rows]
X_small = (X_small - iris.data.mean(0)) / iris.data.std(0)
for bug in ("healthy", "bias_mean", "xavier", "order"):
    network = new_network([4, 16, 3], np.random.default_rng(0), {bug}, lr=0.1)
    print(f"{bug:12} {overfit_one_batch(network, X_small, y_small):.4f}")


class Frozen(Dense):
    """A Dense layer that refuses to learn."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW, self.db = 0 * self.dW, 0 * self.db
        return dx


rng = np.random.default_rng(0)
network = NeuralNetwork([Frozen(4, 2, rng), ReLU(), Frozen(2, 3, rng)])
print(f"{'frozen':12} {overfit_one_batch(network, X_small, y_small):.4f}")

# %% [markdown]
# The test finds what blocks learning. It does not find what merely distorts a gradient:
# on twelve examples the three bugs get there as well. For those you need a finer
# instrument.
#
# ## Check every gradient by itself
#
# The gradient check of lesson 05 compares each gradient with a measured one: change one
# weight by $\pm 10^{-5}$, see how the loss answers. What makes it a diagnosis is to
# report **each array separately**. Errors travel backwards, from the loss to the first
# layer, so the pattern shows where the bug sits.


# %%
def check_gradients(network, loss, X, y, h=1e-5):
    """Return {"W1": relative error, "b1": …}: gradients against measured ones."""
    loss.forward(network.forward(X), y)
    network.backward(loss.backward())
    errors = {}
    for number, layer in enumerate(network.layers[::2], start=1):
        for array, slope, name in ((layer.W, layer.dW, "W"), (layer.b, layer.db, "b")):
            measured = np.zeros_like(array)
            for place in np.ndindex(array.shape):
                before, ends = array[place], []
                for step in (h, -h):
                    array[place] = before + step
                    ends.append(loss.forward(network.forward(X), y))
                array[place] = before
                measured[place] = (ends[0] - ends[1]) / (2 * h)
            size = np.linalg.norm(measured) + np.linalg.norm(slope)
            errors[f"{name}{number}"] = np.linalg.norm(measured - slope) / size
    return errors


network = new_network([4, 6, 5, 3], np.random.default_rng(1))
errors = check_gradients(network, SoftmaxCrossEntropy(), X_small[:8], y_small[:8])
print({name: f"{error:.0e}" for name, error in errors.items()})

# %% [markdown]
# Healthy gradients have relative errors of about $10^{-10}$. Five networks 4-6-5-3,
# with biases that are not 0, were measured with this function on eight flowers:
#
# | patient | W1 | b1 | W2 | b2 | W3 | b3 |
# |---|---|---|---|---|---|---|
# | A | 0.70 | 0.66 | 0.41 | 0.32 | 7e−11 | 1e−11 |
# | B | 3e−11 | 2e−11 | 2e−11 | 2e−11 | 7e−11 | 1e−11 |
# | C | 3e−11 | 0.78 | 2e−11 | 0.78 | 7e−11 | 0.78 |
# | D | 0.46 | 0.93 | 0.87 | 0.98 | 0.79 | 0.91 |
# | E | 0.0052 | 0.0059 | 0.0018 | 0.0020 | 7e−11 | 1e−11 |
#
# With a tenth of the learning rate the errors of E are a tenth as large; those of the
# others stay. The five, in another order:
#
# - `healthy`
# - `bias_mean`: db is divided by the batch size once too often
# - `order`: dx is computed with the updated weights
# - `open_gate`: the ReLU lets every gradient through. It asks whether its own output is
#   ≥ 0, which it always is
# - `logits_loss`: the loss that is reported takes the logarithm of logits instead of
#   probabilities; `backward` is right for the true loss

# %% [markdown]
# **Your turn (2 points): which patient has what?**
#
# <details><summary>Hint 1: where are errors at all?</summary>
#
# A bug in a layer spoils the gradients of that layer and of those **before** it. Layers
# after it are correct. Which two patients have a right last layer and a wrong first one?
#
# </details>
# <details><summary>Hint 2: how large?</summary>
#
# One of the two bugs vanishes when the learning rate goes to zero, the other is
# independent of the learning rate.
#
# </details>
# <details><summary>Hint 3: only biases, or everything</summary>
#
# Dividing only db by 8 leaves dW and dx right. If the reported loss is another function
# than the one that was differentiated, no gradient fits.
#
# </details>

# %% nbgrader={"grade_id": "gradient_suspects", "solution": true}
# gradient_suspects = <a dict: {"A": one of the five names in quotes, …, up to "E"}>
### BEGIN SOLUTION
gradient_suspects = {
    "A": "open_gate",
    "B": "healthy",
    "C": "bias_mean",
    "D": "logits_loss",
    "E": "order",
}
### END SOLUTION

# %% nbgrader={"grade_id": "test_gradient_suspects_clear", "grade": true, "points": 0.5}
names = {"healthy", "bias_mean", "order", "open_gate", "logits_loss"}
right_form = isinstance(gradient_suspects, dict) and {*gradient_suspects} == {*"ABCDE"}
assert right_form, (
    f"gradient_suspects is {gradient_suspects!r:.60}; expected a dict with keys A to E."
)
answers = {key: str(given).strip().lower() for key, given in gradient_suspects.items()}
assert set(answers.values()) <= names, (
    f"the answers are {answers}; expected for each one of {sorted(names)}."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
correct = {"B": "healthy", "C": "bias_mean"}
differ = [key for key in correct if answers[key] != correct[key]]
assert not differ, (
    f"Not the diagnosis of {', '.join(differ)}. B: every gradient fits. C: only the "
    "three gradients of biases are wrong (hint 3)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_gradient_suspects_hard", "grade": true, "points": 1.5}
# Checked when graded: the three patients with wrong weights.
### BEGIN HIDDEN TESTS
answers = {key: str(given).strip().lower() for key, given in gradient_suspects.items()}
swapped = (answers["A"], answers["E"]) == ("order", "open_gate")
assert not swapped, (
    "A and E are swapped: the error of E shrinks with the learning rate (hint 2)."
)
correct = {"A": "open_gate", "D": "logits_loss", "E": "order"}
differ = [key for key in correct if answers[key] != correct[key]]
assert not differ, (
    f"Not the diagnosis of {', '.join(differ)}. A: right in the last layer only, by "
    "much, whatever the learning rate. D: nothing fits, not even the last layer. E: as "
    "A, but small, and smaller with a smaller learning rate (hint 1)."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Switch one thing at a time
#
# Now to the patient itself. An **ablation** switches parts on or off one at a time and
# runs everything else unchanged. One run proves little, since another seed may be
# luckier. So every setting is run with several seeds, three at least, and what you note
# is in which epoch each of them broke.
#
# **Your turn (2.5 points): write `ablate`.** Call `train_patient` of the notebook for
# each seed. The tests lend it another training while they grade.
#
# <details><summary>Hint 1: which parts do you have already?</summary>
#
# `train_patient(flags, seed)` returns a history. Your `first_nonfinite` reads it.
#
# </details>
# <details><summary>Hint 2: what changes from run to run?</summary>
#
# Only the seed. The flags go to every run as they came: add none and leave none out.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# A dict comprehension over the seeds: the key is the seed, the value is the first bad
# epoch of the history that was trained with this seed.
#
# </details>


# %% nbgrader={"grade_id": "ablate", "solution": true}
def ablate(flags, seeds):
    """Run the patient with some bugs, once for each seed.

    Parameters
    ----------
    flags : set (or list) of str
        The bugs that are switched on, out of SWITCHES; left unchanged.
    seeds : list of ints
        One call of train_patient(flags, seed) for each.

    Returns
    -------
    dict
        seed -> first epoch, counted from 0, whose loss is NaN or infinite; None if
        there is none.
    """
    ### BEGIN SOLUTION
    return {seed: first_nonfinite(train_patient(flags, seed)) for seed in seeds}
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_ablate_example", "grade": true, "points": 0.5}
calls = []


def quick_training(bugs, seed, *settings, **more):
    """Return a made-up history: breaks in epoch 2, 0 or never, by the seed."""
    calls.append((frozenset(bugs), int(seed)))
    endings = {3: [1.2, 0.9, np.inf, np.nan], 8: [np.inf] + [np.nan] * 3}
    return endings.get(int(seed), [1.1, 0.9, 0.8, 0.7])


# The lent first_nonfinite knows these three histories by their first loss.
ablate_alone = lent(
    ablate,
    train_patient=quick_training,
    first_nonfinite=lambda history: {1.2: 2, np.inf: 0}.get(float(history[0])),
)
found = ablate_alone({"xavier", "order"}, [3, 1, 8])
assert isinstance(found, dict) and set(found) == {1, 3, 8}, (
    f"ablate returned {found!r:.80} for the seeds [3, 1, 8]; expected a dict with "
    "these three keys (hint 3)."
)
assert calls, "train_patient was not called; use the one that the notebook gives."
assert {flags for flags, _ in calls} == {frozenset({"xavier", "order"})}, (
    f"with the flags order and xavier, train_patient was called with "
    f"{[sorted(flags) for flags, _ in calls]!s:.90}; pass on the same flags (hint 2)."
)
assert {seed for _, seed in calls} == {1, 3, 8}, (
    f"train_patient was called with the seeds {[seed for _, seed in calls]}, expected "
    "3, 1 and 8: each run has its own (hint 2)."
)
assert found == {3: 2, 1: None, 8: 0}, (
    f"ablate returned {found}, expected {{3: 2, 1: None, 8: 0}}: the run with seed 3 "
    "had losses 1.2, 0.9, inf, nan, the one with seed 8 inf and then nan (hint 1)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_ablate_others", "grade": true, "points": 2}
# Checked when graded: other flags and none, more seeds, one seed, arguments kept.
### BEGIN HIDDEN TESTS
calls = []


def other_training(bugs, seed, *settings, **more):
    """Return a made-up history that depends on the bugs and on the seed."""
    calls.append((frozenset(bugs), int(seed)))
    history = [2.0, 1.5, 1.2, 1.0, 0.9, 0.8]
    place = int(seed) - len(bugs)
    if 0 <= place < 6:
        history[place] = np.inf if int(seed) % 2 else np.nan
        history[place + 1 :] = [np.nan] * (5 - place)
    return history


def first_bad(history):
    """Return what a right first_nonfinite returns."""
    bad = np.flatnonzero(~np.isfinite(np.array(history, dtype=float)))
    return int(bad[0]) if len(bad) else None


ablate_alone = lent(ablate, train_patient=other_training, first_nonfinite=first_bad)
for flags, seeds in [
    (["order"], [1, 2, 3, 5, 40]),
    ({"drop_last", "global_max", "bias_mean"}, [7, 4, 2, 11]),
    (set(), [0, 1, 9]),
    ({"random_bias", "xavier"}, [6]),
    ({"global_max"}, []),
]:
    calls.clear()
    kept, expected = (set(flags), list(seeds)), {}
    for seed in seeds:
        place = seed - len(flags)
        expected[seed] = place if 0 <= place < 6 else None
    found = ablate_alone(flags, seeds)
    what = f"flags {sorted(kept[0])}, seeds {kept[1]}"
    assert isinstance(found, dict), f"{what}: returned {found!r:.60}, not a dict."
    assert (set(flags), list(seeds)) == kept, f"{what}: an argument was changed."
    assert {given for given, _ in calls} <= {frozenset(kept[0])}, (
        f"{what}: train_patient was called with other flags (hint 2)."
    )
    assert sorted({seed for _, seed in calls}) == sorted(kept[1]), (
        f"{what}: train_patient was called with the seeds {[s for _, s in calls]}."
    )
    assert found == expected, (
        f"{what}: returned {found!r:.90}, expected {expected}: the first epoch that is "
        "not finite, by seed (hint 1)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Two questions for each switch, with three seeds each. Is it **enough** to break the
# network: does a run break with only this one on? And is it **needed**: do runs survive
# with all on but this one? The numbers are your measurements.

# %%
everything = set(SWITCHES)
settings = {"all six": [set(), everything]}
settings |= {name: [{name}, everything - {name}] for name in SWITCHES}
outcomes = {
    name: [ablate(flags, [0, 1, 2]) for flags in pair]
    for name, pair in settings.items()
}

# %%
broken = [
    [sum(e is not None for e in o.values()) for o in r] for r in outcomes.values()
]
fig, ax = plt.subplots(figsize=(7, 4.2), layout="constrained")
image = ax.imshow(broken, cmap="Oranges", vmin=0, vmax=4, aspect="auto")
for i, pair in enumerate(outcomes.values()):
    for j, by_seed in enumerate(pair):
        epochs = ["–" if epoch is None else str(epoch) for epoch in by_seed.values()]
        ax.text(j, i, "   ".join(epochs), ha="center", va="center", fontsize=12)
ax.set_yticks(range(7), ["left: none, right: all", *SWITCHES])
ax.set_xticks([0, 1], ["only this one on\n(enough?)", "all on but this one\n(needed?)"])
bar = fig.colorbar(image, label="runs of 3 that broke", ticks=range(4))
bar.ax.set_ylim(0, 3)
plt.show()

# %% [markdown]
# *Figure:* A table of seven rows and two columns; darker cells mean more broken runs,
# and each cell lists the epoch in which each of three runs broke, or a dash. First row:
# with no switch on, no run breaks; with all on, all three. In the left column one
# switch alone breaks all three runs, the others none. In the right column the same one
# is the only one without which no run breaks.

# %% [markdown]
# **Your turn (2 points): name the culprit**, one of the six switches.
#
# <details><summary>Hint 1: cause, not symptom</summary>
#
# The culprit is the switch, not the NaN itself and not the place where the NaN first
# becomes visible.
#
# </details>
# <details><summary>Hint 2: enough and needed</summary>
#
# Some switches make the break come earlier or later. Look for one that is both: alone
# it breaks the runs, and without it they survive.
#
# </details>
# <details><summary>Hint 3: the row</summary>
#
# In the figure, exactly one row has a full left cell and an empty right cell.
#
# </details>

# %% nbgrader={"grade_id": "culprit", "solution": true}
# culprit = <the name of a switch, in quotes>
### BEGIN SOLUTION
culprit = "order"
### END SOLUTION

# %% nbgrader={"grade_id": "test_culprit", "grade": true, "points": 2}
chosen = str(culprit).strip().lower()
switches = ["order", "bias_mean", "xavier", "random_bias", "global_max", "drop_last"]
assert isinstance(culprit, str) and chosen in switches, (
    f"culprit is {culprit!r:.60}; write one of {switches}, in quotes. (A NaN is the "
    "symptom; the loss on logits changes no update.)"
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
reasons = {
    "bias_mean": "it makes the biases learn more slowly; alone it breaks no run, and "
    "without it all still break",
    "xavier": "smaller weights delay the break; without this switch it comes sooner",
    "random_bias": "it hastens the break a little; alone it breaks no run",
    "global_max": "it can give NaN when rows lie far apart, as they do at the end, "
    "but alone it breaks no run here",
    "drop_last": "it loses two flowers an epoch and breaks nothing",
}
assert chosen == "order", (
    f"You chose {chosen}: {reasons[chosen]}. See hint 2: enough and needed."
)
### END HIDDEN TESTS

# %% [markdown]
# **In your own words (no points: this one is for you).** `bias_mean` makes a gradient
# wrong as well, and the check above finds it. Yet it is not the culprit. Why does a wrong
# db not break the training, while a slightly wrong dx does?

# %% [markdown] nbgrader={"grade_id": "explain_culprit", "grade": true, "solution": true, "points": 0}
# **Why dx breaks it and db does not:**
#
# ### BEGIN SOLUTION
# bias_mean makes db smaller by the batch size. Its direction is still right, so the biases
# go downhill, only more slowly, as with a smaller learning rate. Nothing is passed on:
# db ends in its own layer. dx goes on to all layers before. With the updated weights it
# gets an extra part that does not depend on the labels and pushes the layer's inputs
# outwards, a little in every step. Larger inputs make larger gradients, and those a larger
# extra part: the error feeds on itself until the numbers overflow.
# ### END SOLUTION

# %% [markdown]
# ## Watch the signal from layer to layer
#
# The patient has two hidden layers. In a deep network there is one more way to be sick
# before the first update: if every layer makes its numbers a little smaller, they
# **vanish**; if a little larger, they **explode**. Gradients, on their way back, meet
# the same weights and the same fate.
#
# The instrument: send 1,000 standard-normal inputs through `depth` layers of `width`
# units, without biases, and note the standard deviation of each layer's output. `scale`
# is the standard deviation of the weights, or the name of a rule:
# `"xavier"`, $\sqrt{2 / (n_\text{in} + n_\text{out})}$, or `"he"`,
# $\sqrt{2 / n_\text{in}}$.

# %% [markdown]
# **Your turn (4 points): write `activation_stats`.**
#
# <details><summary>Hint 1: what is n_in here?</summary>
#
# Every layer has `width` inputs and `width` outputs, the first one too: the inputs have
# the shape (1000, width).
#
# </details>
# <details><summary>Hint 2: a fresh matrix for every layer</summary>
#
# `rng.normal(0, s, size=(width, width))` inside the loop over layers. Multiply, apply
# the activation, and note `.std()` of the result, one number for the whole array.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Turn `scale` into a number s first. Draw the inputs. Then `depth` times: outputs
# become the activation of outputs times a new matrix; append their standard deviation
# as a float. The inputs themselves are not in the list.
#
# </details>


# %% nbgrader={"grade_id": "activation_stats", "solution": true}
def activation_stats(depth, width, scale, activation, rng):
    """Measure how the size of a signal changes from layer to layer.

    Parameters
    ----------
    depth, width : int
        Number of layers; number of inputs and of units of each layer.
    scale : float or {"xavier", "he"}
        Standard deviation of the normal weights, which have mean 0, or the rule for it.
    activation : {"relu", "tanh"}
        Follows every layer. There are no biases.
    rng : numpy.random.Generator
        Draws 1,000 standard-normal inputs and new weights for every layer.

    Returns
    -------
    list of `depth` floats
        Standard deviation of all outputs of a layer together (1000 x width numbers,
        after the activation), first layer first.
    """
    ### BEGIN SOLUTION
    spread = {"xavier": width**-0.5, "he": (2 / width) ** 0.5}.get(scale, scale)
    outputs, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        Z = outputs @ rng.normal(0, spread, size=(width, width))
        outputs = np.maximum(Z, 0) if activation == "relu" else np.tanh(Z)
        stds.append(float(outputs.std()))
    return stds
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_activation_stats_example", "grade": true, "points": 1}
case_stds = {
    ("he", "relu"): 0.826,
    ("xavier", "relu"): 0.584,
    (0.01, "relu"): 0.0826,
    ("xavier", "tanh"): 0.628,
}
for (rule, kind), expected in case_stds.items():
    found = activation_stats(1, 200, rule, kind, np.random.default_rng(85))
    what = f"activation_stats(1, 200, {rule!r}, {kind!r}, rng)"
    assert isinstance(found, list | tuple | np.ndarray) and np.shape(found) == (1,), (
        f"{what} returned {found!r:.60}; expected a list of one number for one layer. "
        "The inputs are not a layer (hint 3)."
    )
    suspects = {
        "this is the standard deviation before the activation": expected / 0.584,
        "this is the variance": expected**2,
        "this is the standard deviation of the inputs": 1.0,
        "this is the mean": 0.683 * expected,
        "scale is the standard deviation of the weights, not their variance": expected
        * (14.1 if rule == "he" else 10),
    }
    why = [
        text for text, value in suspects.items() if np.isclose(found[0], value, 0.06)
    ]
    assert np.isclose(found[0], expected, rtol=0.08), (
        f"{what} is {found[0]:.4g}, expected about {expected}: "
        + (why[0] if why else "look at the scale of the weights (hint 1)")
    )
found = activation_stats(3, 50, "he", "relu", np.random.default_rng(85))
assert np.shape(found) == (3,), (
    f"3 layers gave {np.size(found)} numbers, expected 3, one for each layer's output "
    "and none for the inputs (hint 3)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_activation_stats_deep", "grade": true, "points": 1.5}
# Checked when graded: ten layers, four scales, two activations.
### BEGIN HIDDEN TESTS
# Standard deviation at layer 10 of 50 units, geometric mean over three seeds.
tenth = {
    (0.01, "relu"): 6.7e-14, (1.0, "relu"): 6.7e6, ("xavier", "relu"): 0.0215,
    ("he", "relu"): 0.69, (0.01, "tanh"): 3.3e-12, (1.0, "tanh"): 0.94,
    ("xavier", "tanh"): 0.23, ("he", "tanh"): 0.56,
}  # fmt: skip
for (rule, kind), expected in tenth.items():
    runs = []
    for seed in range(3):
        found = activation_stats(10, 50, rule, kind, np.random.default_rng(860 + seed))
        what = f"activation_stats(10, 50, {rule!r}, {kind!r}, rng)"
        assert np.shape(found) == (10,) and np.all(np.array(found) > 0), (
            f"{what} returned {found!r:.90}, expected 10 positive numbers."
        )
        runs.append(np.array(found, dtype=float))
    middle = np.exp(np.log(runs).mean(axis=0))[9]
    assert 0.45 < middle / expected < 2.2, (
        f"{what}: at layer 10 it is {middle:.2g} in the middle of three runs, expected "
        f"about {expected}. Every layer multiplies by its own weights (hint 2)."
    )
    if kind == "tanh" and rule != 0.01:
        assert abs(middle - expected) < 0.06, (
            f"{what}: at layer 10 it is {middle:.3f}, expected about {expected}."
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_activation_stats_draws", "grade": true, "points": 1.5}
# Checked when graded: new weights for every layer, from rng only; other widths.
### BEGIN HIDDEN TESTS
found = np.array(activation_stats(7, 1, 0.05, "tanh", np.random.default_rng(87)))
assert np.shape(found) == (7,), f"7 layers gave {np.shape(found)}, expected (7,)."
ratios = found[1:] / found[:-1]
assert ratios.max() / ratios.min() > 1.2, (
    f"with one unit a layer, the signal shrinks by the factors {ratios.round(4)}: the "
    "same weight in every layer. Draw new ones each time (hint 2)."
)
case_runs = [
    activation_stats(2, 6, 0.3, "relu", np.random.default_rng(seed))
    for seed in (88, 88, 89)
]
assert np.array_equal(case_runs[0], case_runs[1]), (
    "two generators with the same seed gave different numbers; draw from rng only."
)
assert not np.array_equal(case_runs[0], case_runs[2]), (
    "generators with different seeds gave equal numbers; draw from rng."
)
case_rng = np.random.default_rng(90)
one, two = (activation_stats(2, 6, "he", "tanh", case_rng) for _ in range(2))
assert not np.array_equal(one, two), (
    "two calls with one generator gave equal numbers; draw from rng itself."
)
for units, rule, kind, expected in [
    (400, "he", "relu", 0.826),
    (400, "xavier", "relu", 0.584),
    (64, 0.5, "tanh", 0.891),
    (300, 2.0, "relu", 20.2),
]:
    found = activation_stats(1, units, rule, kind, np.random.default_rng(91))
    assert np.isclose(found[0], expected, rtol=0.08), (
        f"activation_stats(1, {units}, {rule!r}, {kind!r}, rng) is {found[0]:.4g}, "
        f"expected about {expected} (hint 1)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Four scales, two activations, ten layers of 100 units. Before you run it: which curve
# do you expect to stay level for ReLU, and which for tanh?

# %%
looks = {0.01: (ORANGE, ":", "v"), 1.0: (VERMILLION, "-.", "^")}
looks |= {"xavier": (GREEN, "--", "s"), "he": (BLUE, "-", "o")}
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for ax, kind, scale in zip(axes, ["relu", "tanh"], ["log", "linear"], strict=True):
    for rule, (colour, style, marker) in looks.items():
        stds = activation_stats(10, 100, rule, kind, np.random.default_rng(0))
        look = {"color": colour, "ls": style, "marker": marker}
        ax.plot(range(1, 11), stds, label=f"scale {rule}", **look)
    ax.set(title=f"{kind} ({scale} axis)", xlabel="layer", yscale=scale)
    ax.set_xticks(range(1, 11))
axes[0].set_ylabel("standard deviation of the outputs")
axes[1].set_ylim(-0.03, 1.03)
axes[0].legend(loc="lower left")
plt.show()

# %% [markdown]
# *Figure:* Standard deviation of ten layers' outputs, left for ReLU on a logarithmic axis,
# right for tanh on a linear one. With ReLU, scale 0.01 falls on a straight line to about
# $10^{-12}$ and scale 1 climbs to above $10^{8}$; Xavier sinks to about 0.03, He stays
# near 1. With tanh, scale 0.01 is practically 0 from the second layer on, Xavier sinks
# slowly to 0.2, He stays near 0.6, and scale 1 sits at 0.96, where tanh is saturated.

# %% [markdown]
# ReLU throws away half of what it gets. He's factor of 2 makes up for that, layer after
# layer; Xavier's does not. With tanh, scale 1 looks level and is not well: outputs of
# ±1 mean slopes of nearly 0 (lesson 02). So read the value as well as the trend.
#
# ## Count the dead
#
# A ReLU unit is **dead** when it is 0 for every example. No gradient passes, so no
# update reaches it, and it stays dead. (In a first hidden layer, as here. In a deeper one,
# layers before it may change its inputs and revive it.) The usual killer is a learning
# rate that is too large: one long step pushes a bias far below zero. Here is the digits
# network after 8 epochs, for five learning rates.

# %%
rates, shares, scores = [0.03, 0.1, 0.3, 1.0, 3.0], [], []
for lr in rates:
    network = digit_network(lr, epochs=8)[0]
    scores.append((network.forward(pixels).argmax(axis=1) == digits).mean())
    alive = network.layers[1].mask.any(axis=0)
    shares.append(1 - alive.mean())
{
    lr: (f"dead {d:.0%}", f"right {s:.0%}")
    for lr, d, s in zip(rates, shares, scores, strict=True)
}

# %%
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.plot(rates, shares, "-o", color=VERMILLION, label="dead hidden units")
ax.plot(rates, scores, "--s", color=BLUE, label="training accuracy")
ax.axhline(0.1, color=BLACK, ls=":", label="accuracy of guessing")
ax.set(xscale="log", xlabel="learning rate", ylabel="share", ylim=(-0.03, 1.03))
ax.set_xticks(rates, [str(lr) for lr in rates], minor=False)
ax.legend(loc="center left")
plt.show()

# %% [markdown]
# *Figure:* Share of dead hidden units (solid vermillion, dots) and training accuracy
# (dashed blue, squares) against the learning rate on a logarithmic axis. Up to 0.3 few
# units are dead and the accuracy rises to 0.96. At 1.0 nearly half the units are dead;
# at 3.0 all of them are, and the accuracy is that of guessing, 0.1.

# %% [markdown]
# With all units dead, the output is the same for every picture: the last bias. The best
# such a network can do is to give every class the same probability, and its loss stays
# near $\ln 10$. A loss that sits still at $\ln C$ is a post-mortem.
#
# From six suspects to one, by measurement alone: that is detective work, and you did it.
#
# **Here part one ends: you can find out what is wrong with a network. It is a good place
# for a break.** Part two is about making a healthy one better.

# %% [markdown]
# ## Step with a memory: momentum
#
# Plain gradient descent has a chronic weakness. In a long, narrow valley the slope
# across is steep and the slope along is gentle: a rate that suits one is wrong for the
# other. **Momentum** keeps a velocity $v$, an array shaped like the parameter $p$, in
# which gradients $g$ that agree add up and gradients that alternate cancel:
#
# $$v \leftarrow \beta v + g \qquad\qquad p \leftarrow p - \eta\, v$$
#
# $\beta$ is between 0 and 1, often 0.9. (Some books put $\eta$ or a factor $1 - \beta$
# into the first formula. This is the form that is graded.)
#
# **Your turn (2.5 points): write `momentum_step`.** It changes none of its arguments.
#
# <details><summary>Hint 1: which v moves p?</summary>
#
# The new one: the gradient of this step counts at once.
#
# </details>
# <details><summary>Hint 2: new arrays</summary>
#
# `v *= beta` would overwrite the caller's array. `beta * v + …` makes a new one; give
# it a name and use it twice.
#
# </details>
# <details><summary>Hint 3: what comes back</summary>
#
# Two things, the parameter first, then the velocity.
#
# </details>


# %% nbgrader={"grade_id": "momentum_step", "solution": true}
def momentum_step(p, g, v, lr, beta):
    """Make one step of gradient descent with momentum.

    With p = 1, g = 2, v = 10, lr = 0.1 and beta = 0.5 the velocity becomes 7, p 0.3.

    Parameters
    ----------
    p, g, v : ndarray of floats, all of the same shape
        Parameter, its gradient and its velocity; left unchanged.
    lr, beta : float
        Learning rate; share of the old velocity that is kept.

    Returns
    -------
    p_new, v_new : ndarray, shaped like p
    """
    ### BEGIN SOLUTION
    velocity = beta * v + g
    return p - lr * velocity, velocity
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_momentum_step_example", "grade": true, "points": 0.5}
case_p, case_g = np.array([1.0, 2.0, -3.0]), np.array([0.5, -1.0, 4.0])
case_v = np.array([0.2, 0.4, -6.0])
kept = case_p.copy(), case_g.copy(), case_v.copy()
found = momentum_step(case_p, case_g, case_v, 0.05, 0.9)
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"momentum_step returned {found!r:.60}; expected two arrays, p and v (hint 3)."
)
found_p, found_v = (np.asarray(part) for part in found)
expected_v = np.array([0.68, -0.64, -1.4])
expected_p = np.array([0.966, 2.032, -2.93])
assert found_p.shape == (3,) and found_v.shape == (3,), (
    f"the shapes are {found_p.shape} and {found_v.shape}, expected (3,) twice."
)
suspects = {
    "lr is in v; it belongs to the step of p only": [0.205, 0.31, -5.2],
    "the gradient has an extra factor 1 - beta": [0.23, 0.26, -5.0],
    "v and g have changed places": [0.65, -0.5, -2.4],
    "the gradient is subtracted": [-0.32, 1.36, -9.4],
    "lr and the minus are in v, as Keras has it; here v is beta v + g": [
        0.155,
        0.41,
        -5.6,
    ],
    "beta is missing": [0.7, -0.6, -2.0],
    "this is p; return p first, then v (hint 3)": expected_p,
}
why = [text for text, values in suspects.items() if np.allclose(found_v, values)]
np.testing.assert_allclose(
    found_v, expected_v, rtol=1e-9, err_msg=f"v: {why[0] if why else 'see the formula'}"
)
suspects = {
    "p moved by the old velocity (hint 1)": [0.99, 1.98, -2.7],
    "p moved uphill": [1.034, 1.968, -3.07],
    "p moved by the gradient, not the velocity": [0.975, 2.05, -3.2],
    "p moved by g + beta v_new, which is Nesterov's rule": [0.9444, 2.0788, -3.137],
    "the learning rate is missing": [0.32, 2.64, -1.6],
}
why = [text for text, values in suspects.items() if np.allclose(found_p, values)]
np.testing.assert_allclose(
    found_p, expected_p, rtol=1e-9, err_msg=f"p: {why[0] if why else 'see the formula'}"
)
for name, now, then in zip("pgv", (case_p, case_g, case_v), kept, strict=True):
    np.testing.assert_array_equal(
        now, then, err_msg=f"the caller's {name} was changed (hint 2)"
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_momentum_step_sequence", "grade": true, "points": 2}
# Checked when graded: several steps, other shapes and rates, large values, arguments.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(92)
for shape, rate, keep, size in [
    ((1,), 0.3, 0.5, 1.0),
    ((7,), 0.01, 0.9, 1e3),
    ((4, 3), 0.2, 0.99, 1.0),
    ((2, 5), 1.0, 0.0, 2.0),
]:
    case_p, case_v = sizes.normal(0.5, size, shape), sizes.normal(-0.3, size, shape)
    expected_p, expected_v = case_p.copy(), case_v.copy()
    for number in range(1, 5):
        case_g = sizes.normal(0.2, size, shape) * (number != 3)  # once no slope at all
        kept = case_p.copy(), case_g.copy(), case_v.copy()
        expected_v = keep * expected_v + kept[1]
        expected_p = expected_p - rate * expected_v
        found_p, found_v = momentum_step(case_p, case_g, case_v, rate, keep)
        what = f"shape {shape}, lr {rate}, beta {keep}, step {number}"
        for name, now, right in (
            ("p", found_p, expected_p),
            ("v", found_v, expected_v),
        ):
            assert np.shape(now) == shape, f"{what}: {name} has {np.shape(now)}."
            np.testing.assert_allclose(
                now, right, rtol=1e-9, atol=1e-12, err_msg=f"{what}: {name}"
            )
        for name, now, then in zip("pgv", (case_p, case_g, case_v), kept, strict=True):
            assert np.array_equal(now, then), (
                f"{what}: the caller's {name} was changed (hint 2)."
            )
        case_p, case_v = np.array(found_p), np.array(found_v)
### END HIDDEN TESTS

# %% [markdown]
# ## Give every number its own step: Adam
#
# **Adam** keeps two averages for every number of the parameter: $m$ of the gradients,
# $s$ of their squares. Dividing by the root of the second makes all steps about equally
# long, along the valley as across it.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad
# s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2 \qquad t \leftarrow t + 1$$
#
# $$p \leftarrow p - \eta\; \frac{\hat m}{\sqrt{\hat s} + \varepsilon} \qquad
# \hat m = \frac{m}{1 - \beta_1^t} \quad \hat s = \frac{s}{1 - \beta_2^t}$$
#
# Both start at 0, so at first they are too small. The two divisions make up for that:
# after the first step $t = 1$ and $\hat m = g$, $\hat s = g^2$. The first step of Adam
# is therefore $\eta$ long in every direction, whatever the size of $g$.

# %% [markdown]
# **Predict, on paper:** how long is the second step if $g$ is the same again?
#
# <details><summary>Answer</summary>
#
# $\eta$ again. After two steps $m = (1 - \beta_1^2)\, g$, so $\hat m$ is still $g$, and
# $\hat s$ is still $g^2$. Only gradients that change make use of the memory.
#
# </details>
#
# So a test that looks at the first step only, or at equal gradients, misses every
# mistake in the memory. The tests here do not.

# %% [markdown]
# `state` is yours: whatever your function has to remember for **one** parameter. The
# caller hands in None first, and then always what the last call returned. Each
# parameter has its own, so nothing may be kept outside it.
#
# Libraries differ in where they add $\varepsilon$: Keras adds it to $\sqrt{s}$ before
# the correction. Both pass. Inside the root it does not.
#
# **Your turn (5 points): write `adam_step`.**
#
# <details><summary>Hint 1: what is remembered?</summary>
#
# Three things: m, s and t. At the very first call they are 0 (m and s shaped like p).
#
# </details>
# <details><summary>Hint 2: when does t grow?</summary>
#
# Before the corrections. With $t = 0$ you would divide by $1 - \beta^0 = 0$.
#
# </details>
# <details><summary>Hint 3: the order of lines</summary>
#
# Unpack the state, or begin with zeros. Raise t by one. New m, with b1; new s, with b2
# and the square of g. Two corrected copies, which are not put back into the state.
# Return the new p and the three numbers as a tuple.
#
# </details>


# %% nbgrader={"grade_id": "adam_step", "solution": true}
def adam_step(p, g, state, lr, b1, b2, eps):
    """Make one step of Adam.

    Parameters
    ----------
    p, g : ndarray of floats, of the same shape
        Parameter and its gradient; left unchanged.
    state : None, or what the last call for this parameter returned
        None for the first step.
    lr, b1, b2, eps : float
        Learning rate η, the two β, and ε, which keeps the division from 0/0.

    Returns
    -------
    p_new : ndarray, shaped like p
    state : anything you like
    """
    ### BEGIN SOLUTION
    m, s, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m = b1 * m + (1 - b1) * g
    s = b2 * s + (1 - b2) * g**2
    m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(s_hat) + eps), (m, s, t)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_adam_step_example", "grade": true, "points": 1}
case_p, case_g = np.array([1.0, -2.0, 0.5]), np.array([0.2, -3.0, 50.0])
kept = case_p.copy(), case_g.copy()
with np.errstate(all="ignore"):
    found = adam_step(case_p, case_g, None, 0.1, 0.9, 0.99, 1e-8)
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"adam_step returned {found!r:.60}; expected p and the state."
)
found_p, case_state = np.asarray(found[0]), found[1]
assert found_p.shape == (3,), f"p has the shape {found_p.shape}, expected (3,)."
assert np.all(np.isfinite(found_p)), (
    f"p is {found_p} after the first step: is t still 0 in a correction (hint 2)?"
)
suspects = {
    "only m is corrected": 1.0,
    "only s is corrected": 0.01,
    "the step goes uphill": -0.1,
    "the root is missing: divided by s, not by its root": [0.5, 1 / 30, 0.002],
}
length = (kept[0] - found_p) / np.sign(kept[1])
cause = [text for text, size in suspects.items() if np.allclose(length, size, 1e-3)]
assert np.allclose(length, 0.1, rtol=1e-5), (
    f"the first step moved p by {length}, downhill counted positive; expected lr = 0.1 "
    f"for every number: {cause[0] if cause else 'see the formulas'}."
)
found_p, _ = adam_step(found_p, -case_g, case_state, 0.1, 0.9, 0.99, 1e-8)
expected = np.array([0.9052632, -1.9052632, 0.4052632])
assert np.allclose(found_p, expected, rtol=1e-5), (
    f"after a second step, with the opposite gradient, p is {found_p}, expected "
    f"{expected}: with t = 2, m and s of both gradients count (hint 3)."
)
for name, now, then in zip("pg", (case_p, case_g), kept, strict=True):
    np.testing.assert_array_equal(now, then, err_msg=f"the caller's {name} was changed")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_adam_step_sequence", "grade": true, "points": 2}
# Checked when graded: six steps in a row, other shapes and settings, large values.
### BEGIN HIDDEN TESTS


def by_the_book(start, slopes, rate, b_one, b_two, small):
    """Return p after each step, with epsilon as in the formula and as in Keras."""
    now, other = start.copy(), start.copy()
    mean = square = np.zeros(start.shape)
    for t_now, slope in enumerate(slopes, start=1):
        mean = b_one * mean + (1 - b_one) * slope
        square = b_two * square + (1 - b_two) * slope**2
        one, two = 1 - b_one**t_now, 1 - b_two**t_now
        now = now - rate * (mean / one) / (np.sqrt(square / two) + small)
        other = other - rate * np.sqrt(two) / one * mean / (np.sqrt(square) + small)
        yield now, other


sizes = np.random.default_rng(93)
for shape, rate, b_one, b_two, size, small in [
    ((1,), 0.05, 0.9, 0.999, 1.0, 1e-8),
    ((7,), 0.01, 0.8, 0.95, 1e3, 1e-8),
    ((3, 4), 0.5, 0.5, 0.9, 1.0, 1e-10),
    ((2, 5), 0.1, 0.0, 0.99, 3.0, 1e-8),
    ((6,), 0.1, 0.9, 0.99, 0.5, 0.2),
]:
    case_p, case_state = sizes.normal(0.5, 1, shape), None
    slopes = [
        sizes.choice([-1, 1, 1], shape) * size * sizes.uniform(0.2, 1.5, shape)
        for _ in range(6)
    ]
    slopes[3] *= 0  # no slope at all: the memory moves p on
    references = by_the_book(case_p, slopes, rate, b_one, b_two, small)
    for number, (slope, pair) in enumerate(zip(slopes, references, strict=True), 1):
        kept = case_p.copy(), slope.copy()
        with np.errstate(all="ignore"):
            found_p, case_state = adam_step(
                case_p, slope, case_state, rate, b_one, b_two, small
            )
        what = f"b1 {b_one}, b2 {b_two}, lr {rate}, eps {small}, step {number}"
        assert np.shape(found_p) == shape, f"{what}: p has {np.shape(found_p)}."
        close = [np.allclose(found_p, right, 1e-5, 1e-5 * rate) for right in pair]
        assert any(close), (
            f"{what}: p is {np.ravel(found_p)[:3]}, expected {np.ravel(pair[0])[:3]}. "
            "From the second step on the memory counts: b1 for m, b2 for s, t in both "
            "corrections, and eps outside the root (hint 3)."
        )
        assert np.array_equal(case_p, kept[0]) and np.array_equal(slope, kept[1]), (
            f"{what}: p or g of the caller was changed."
        )
        case_p = np.array(found_p)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_adam_step_states", "grade": true, "points": 2}
# Checked when graded: two parameters in turns, a fresh start, arguments unchanged.
### BEGIN HIDDEN TESTS
slopes = {
    "first": [np.array([0.5, -2.0]), np.array([1.0, 1.0]), np.array([-0.3, 0.7])],
    "second": [np.array([[4.0], [0.2], [-1.0]]) * f for f in (1.0, -0.5, 2.0)],
}
for attempt in ("first time", "fresh start"):
    places = {"first": np.array([1.0, 2.0]), "second": np.array([[3.0], [-1.0], [0.0]])}
    references = {
        name: [
            pair[0]
            for pair in by_the_book(places[name], slopes[name], 0.1, 0.9, 0.99, 1e-8)
        ]
        for name in places
    }
    states = {"first": None, "second": None}
    for number in range(3):
        for name in ("first", "second"):
            slope, kept = slopes[name][number], places[name].copy()
            then = slope.copy()
            with np.errstate(all="ignore"):
                found_p, states[name] = adam_step(
                    places[name], slope, states[name], 0.1, 0.9, 0.99, 1e-8
                )
            what = f"two parameters in turns, {attempt}: the {name}, step {number + 1}"
            assert np.shape(found_p) == kept.shape, (
                f"{what}: p has the shape {np.shape(found_p)}, expected {kept.shape}."
            )
            assert np.allclose(found_p, references[name][number], 1e-5, 1e-6), (
                f"{what}: p is {np.ravel(found_p)}, expected "
                f"{np.ravel(references[name][number])}; each parameter has a state of "
                "its own, and None means a new one (hint 1)."
            )
            assert np.array_equal(places[name], kept) and np.array_equal(slope, then), (
                f"{what}: p or g of the caller was changed."
            )
            places[name] = np.array(found_p)
### END HIDDEN TESTS

# %% [markdown]
# Here are the three rules in a narrow valley, $L = \frac12 (p_1^2 + 25\, p_2^2)$, 25
# times as steep across as along. Each takes 40 steps from the same place, with a learning
# rate picked by hand: 0.07 for plain descent (above 0.08 it diverges), 0.02 for momentum
# with $\beta = 0.8$, and a bold 0.5 for Adam. So look at the *shapes* of the paths, not at
# who ends closest: that depends on the rates. What does each path do in the first five
# steps?

# %%
RATES = {"plain": 0.07, "momentum": 0.02, "adam": 0.5}


def path(rule, rate):
    """Return the 41 places that 40 steps of a rule visit."""
    p, memory, places = np.array([-9.0, 1.6]), None, []
    for _ in range(41):
        places.append(p)
        g = p * [1, 25]
        if rule == "plain":
            p = p - rate * g
        elif rule == "momentum":
            velocity = 0 * p if memory is None else memory
            p, memory = momentum_step(p, g, velocity, rate, 0.8)
        else:
            p, memory = adam_step(p, g, memory, rate, 0.9, 0.99, 1e-8)
    return np.array(places)


def draw_paths(rates, ax):
    """Draw the valley, and the path of each rule with its rate."""
    along, across = np.meshgrid(np.linspace(-10, 3, 131), np.linspace(-2, 2, 81))
    levels = [0.5, 2, 8, 20, 40, 70]
    ax.contour(along, across, (along**2 + 25 * across**2) / 2, levels, colors="0.75")
    looks = [(BLACK, ":x"), (VERMILLION, "--s"), (BLUE, "-o")]
    for (rule, rate), (colour, look) in zip(rates.items(), looks, strict=True):
        places = path(rule, rate)
        left = np.linalg.norm(places[-1])
        label = f"{rule}, rate {rate:g}: ends {left:.2f} off"
        ax.plot(*places.T, look, color=colour, ms=4, lw=1.2, label=label)
    ax.plot(0, 0, "*", color=ORANGE, ms=16, label="goal")
    ax.set(xlabel="p1, along the valley", ylabel="p2, across")
    ax.set(xlim=(-10, 3), ylim=(-2, 2))
    ax.legend(loc="upper right", fontsize=8)


# %%
fig, ax = plt.subplots(figsize=(9, 3.4), layout="constrained")
draw_paths(RATES, ax)
plt.show()

# %% [markdown]
# *Figure:* Three paths over the level lines of a long valley. The plain path (dotted,
# crosses) jumps from wall to wall with shrinking jumps and creeps along. The momentum
# path (dashed, squares) swings across a few times and runs along the floor. The Adam
# path (solid, dots) leaves diagonally, with steps of equal length in both directions,
# goes past the goal and back, and with its large rate is still circling after 40 steps.
#
# Momentum smooths the zigzag, Adam does not care how steep the valley is. Its steps stay
# about as long as its rate, near the goal too; a smaller rate, or one that is lowered
# during training (a **learning-rate schedule**), lets it settle. In a running notebook,
# move the sliders. With which rates does each rule come closest?

# %%
picture = Image(format="png")


@interact(
    plain=(0.01, 0.09, 0.01), momentum=(0.005, 0.1, 0.005), adam=(0.05, 1.0, 0.05)
)
def other_rates(plain=0.07, momentum=0.02, adam=0.5):
    """Redraw the paths for where the sliders stand."""
    fig, ax = plt.subplots(figsize=(9, 3.4), layout="constrained")
    draw_paths({"plain": plain, "momentum": momentum, "adam": adam}, ax)
    fig.savefig(png := BytesIO())
    plt.close(fig)
    picture.value = png.getvalue()


picture

# %% [markdown]
# *Figure:* The same three paths, with a slider for each rate. Without a running kernel the
# figure above stands in.

# %% [markdown]
# ## Make large weights cost something
#
# So far the clinic treated networks that do not learn. The next two treat a network that
# memorises its training data, **overfitting**. Such treatments are called
# **regularisation**. The first makes large weights cost something, by adding a **penalty**
# to the loss:
#
# $$L_2 = \frac{\lambda}{2} \sum_{\text{all } W} \; \sum_{i,j} W_{ij}^2
# \qquad \frac{\partial L_2}{\partial W} = \lambda\, W$$
#
# Biases are left out: they move a unit's threshold and make no curve steeper. The ½ is
# there for the gradient's sake. (With plain gradient descent the penalty takes the same
# share off every weight in each step, hence its other name, **weight decay**. How strong
# it is, $\lambda$, is a **hyperparameter**.) The parameters come in the list $[W_1, b_1, W_2, b_2,
# \ldots]$; a weight matrix has two dimensions (`W.ndim == 2`), a bias one.
#
# **Your turn (1.5 + 1.5 points): write `l2_penalty` and `l2_grad`.**
#
# <details><summary>Hint 1: which arrays count?</summary>
#
# Ask each array for its `ndim`. Places in the list would do here too, but fail in a
# network whose layers have no biases.
#
# </details>
# <details><summary>Hint 2: sum or mean?</summary>
#
# A sum, over all numbers of all matrices; half of it, times `lam`.
#
# </details>
# <details><summary>Hint 3: the gradient's list</summary>
#
# One array for each parameter, of its shape: `lam` times the matrix, or zeros for a
# bias (`np.zeros_like`). The factor 2 of the square has met the ½.
#
# </details>


# %% nbgrader={"grade_id": "l2_penalty", "solution": true}
def l2_penalty(params, lam):
    """Return the L2 penalty of a network's weights, biases left out.

    For one matrix [[1, 2]] and lam = 0.1 it is 0.25.

    Parameters
    ----------
    params : list of ndarray of floats
        [W1, b1, W2, b2, …]; 2-D arrays are weights, 1-D ones biases; left unchanged.
    lam : float
        Strength λ.

    Returns
    -------
    penalty : float
    """
    ### BEGIN SOLUTION
    return lam / 2 * sum(float(np.sum(W**2)) for W in params if W.ndim == 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_l2_penalty_example", "grade": true, "points": 0.5}
case_list = [
    np.array([[1.0, -2.0], [0.0, 3.0], [1.0, 1.0]]), np.array([5.0, -1.0]),
    np.array([[2.0], [-1.0]]), np.array([10.0]),
]  # fmt: skip
kept = [part.copy() for part in case_list]
found = l2_penalty(case_list, 0.1)
assert (
    isinstance(found, int | float | np.number | np.ndarray) and np.size(found) == 1
), f"l2_penalty returned {found!r:.60}, expected one number, 1.05."
causes = {
    7.35: "the biases are in it (hint 1)",
    2.1: "the half is missing",
    0.525: "it is halved twice",
    0.8: "only the first matrix counts",
    0.25: "the weights are not squared, or only the last matrix counts",
    10.5: "lam is missing",
    0.2583333: "this takes the mean of each matrix; add them up (hint 2)",
    0.13125: "this takes the mean; add up (hint 2)",
    0.55: "these are absolute values, not squares",
}
why = [text for value, text in causes.items() if np.isclose(found, value)]
assert np.isclose(found, 1.05, rtol=1e-9), f"l2_penalty is {found}, expected 1.05: " + (
    why[0] if why else "see the formula"
)
for now, then in zip(case_list, kept, strict=True):
    np.testing.assert_array_equal(now, then, err_msg="an array of params was changed")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_l2_penalty_others", "grade": true, "points": 1}
# Checked when graded: other depths and sizes, no biases, large weights, lam = 0.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(94)
for shapes, lam_in, size in [
    ([(3, 5), (5,), (5, 2), (2,), (2, 4), (4,)], 0.3, 1.0),
    ([(7, 1), (1,)], 2.0, 1e3),
    ([(2, 3), (3, 4)], 0.01, 1.0),
    ([(1, 6), (6,), (6, 1), (1,)], 0.0, 5.0),
    ([(2, 3), (3, 4)], 0.01, 1.0),
]:
    case_list = [sizes.normal(0.4, size, shape) for shape in shapes]
    expected = 0.0
    for part in case_list:
        if part.ndim == 2:
            expected += lam_in / 2 * np.einsum("ij,ij->", part, part)
    kept = [part.copy() for part in case_list]
    found = l2_penalty(case_list, lam_in)
    what = f"arrays {shapes}, lam {lam_in}"
    assert np.size(found) == 1 and np.isclose(found, expected, rtol=1e-9, atol=1e-12), (
        f"{what}: the penalty is {found!r:.60}, expected {expected:.6g} (hint 1)."
    )
    assert all(np.array_equal(n, t) for n, t in zip(case_list, kept, strict=True)), (
        f"{what}: an array of params was changed."
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "l2_grad", "solution": true}
def l2_grad(params, lam):
    """Return the gradients of l2_penalty.

    Parameters
    ----------
    params : list of ndarray of floats
        [W1, b1, W2, b2, …]; left unchanged.
    lam : float
        Strength λ.

    Returns
    -------
    list of ndarray
        Shaped like those of params: for each what the penalty adds to its gradient.
    """
    ### BEGIN SOLUTION
    return [lam * W if W.ndim == 2 else np.zeros_like(W) for W in params]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_l2_grad_example", "grade": true, "points": 0.5}
case_list = [
    np.array([[1.0, -2.0], [0.0, 3.0], [1.0, 1.0]]), np.array([5.0, -1.0]),
    np.array([[2.0], [-1.0]]), np.array([10.0]),
]  # fmt: skip
kept = [part.copy() for part in case_list]
found = l2_grad(case_list, 0.1)
assert isinstance(found, list | tuple) and len(found) == 4, (
    f"l2_grad returned {found!r:.60}; expected a list of 4 arrays, one for each "
    "parameter (hint 3)."
)
found_shapes = [np.shape(part) for part in found]
assert found_shapes == [(3, 2), (2,), (2, 1), (1,)], (
    f"the shapes are {found_shapes}, expected those of params (hint 3)."
)
assert not np.any(found[1]) and not np.any(found[3]), (
    f"the gradients of the biases are {found[1]} and {found[3]}, expected zeros: "
    "biases are left out of the penalty (hint 1)."
)
slopes_of_weights = {0: [[0.1, -0.2], [0, 0.3], [0.1, 0.1]], 2: [[0.2], [-0.1]]}
for place, expected in slopes_of_weights.items():
    expected = np.array(expected)
    cause = "see the formula"
    if np.allclose(found[place], 2 * expected):
        cause = "it is twice as large: the penalty has a half"
    elif np.allclose(found[place], expected / 2):
        cause = "it is half as large: the square gives a factor 2"
    elif np.allclose(found[place], -expected):
        cause = "the sign is turned; the optimiser will subtract"
    elif np.allclose(found[place], expected / kept[place].size):
        cause = "it is divided by the number of weights; the penalty is a sum (hint 2)"
    elif np.allclose(found[place], kept[place]):
        cause = "lam is missing"
    elif np.allclose(found[place], 0.1 * np.sign(kept[place])):
        cause = "this belongs to a penalty on absolute values"
    np.testing.assert_allclose(
        found[place], expected, 1e-9, 1e-12, err_msg=f"gradient {place}: {cause}"
    )
for now, then in zip(case_list, kept, strict=True):
    np.testing.assert_array_equal(now, then, err_msg="an array of params was changed")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_l2_grad_others", "grade": true, "points": 1}
# Checked when graded: other depths and sizes, no biases, large weights, new arrays.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(95)
for shapes, lam_in, size in [
    ([(3, 5), (5,), (5, 2), (2,), (2, 4), (4,)], 0.3, 1.0),
    ([(7, 1), (1,)], 2.0, 1e3),
    ([(2, 3), (3, 4)], 0.01, 1.0),
    ([(1, 6), (6,), (6, 1), (1,)], 0.0, 5.0),
    ([(2, 3), (3, 4)], 0.01, 1.0),
]:
    case_list = [sizes.normal(0.4, size, shape) for shape in shapes]
    kept = [part.copy() for part in case_list]
    found = l2_grad(case_list, lam_in)
    what = f"arrays {shapes}, lam {lam_in}"
    assert [np.shape(part) for part in found] == shapes, (
        f"{what}: the shapes are {[np.shape(part) for part in found]}."
    )
    for number, (part, then) in enumerate(zip(found, kept, strict=True)):
        expected = np.multiply(lam_in, then) if then.ndim == 2 else np.zeros(then.shape)
        np.testing.assert_allclose(
            part, expected, 1e-9, 1e-12, err_msg=f"{what}: gradient {number} (hint 3)"
        )
    assert all(np.array_equal(n, t) for n, t in zip(case_list, kept, strict=True)), (
        f"{what}: an array of params was changed."
    )
### END HIDDEN TESTS

# %% [markdown]
# Does it do what it should? Thirty digits, blurred by noise, are easy to memorise.
# The same 40 epochs with and without the penalty: compare the size of the
# weights and the loss on digits that the network has not seen.


# %%
noise = np.random.default_rng(77).normal(0, 0.35, size=pixels.shape)
X_few, y_few = (pixels + noise)[:30], digits[:30]
X_new, y_new = (pixels + noise)[500:], digits[500:]


def train_with_penalty(lam):
    """Return a 64-32-10 network after 40 epochs on 30 digits, and its new-data loss."""
    rng, loss = np.random.default_rng(3), SoftmaxCrossEntropy()
    network = new_network([64, 32, 10], rng)
    optimiser = SGD(network.layers, 0.1)
    for _ in range(40):
        for X_batch, y_batch in minibatches(X_few, y_few, 5, rng):
            loss.forward(network.forward(X_batch), y_batch)
            network.backward(loss.backward())
            for layer in optimiser.layers:
                layer.dW += l2_grad([layer.W, layer.b], lam)[0]
            optimiser.step()
    return network, loss.forward(network.forward(X_new), y_new)


for lam in (0.0, 0.03):
    network, new_loss = train_with_penalty(lam)
    weights = [array for layer in network.layers[::2] for array in (layer.W, layer.b)]
    size = l2_penalty(weights, 1.0)
    print(f"lam {lam:4}: half the sum of squares {size:5.1f}, new data {new_loss:.2f}")

# %% [markdown]
# ## Drop units at random
#
# **Dropout** treats the same illness. During training each activation is set to 0 with
# probability `rate`, anew in every step, so no unit can rely on another one. The survivors
# are divided by $1 - \text{rate}$, so that the expected value stays what it was. At test
# time nothing is dropped and nothing is scaled:
#
# $$\text{training: } \; \text{out} = \frac{a \cdot \text{mask}}{1 - \text{rate}}
# \qquad \text{test: } \; \text{out} = a$$
#
# This form is called inverted dropout. On the way back the same numbers are dropped and
# the same factor applies. So `forward` hands out its mask, and `backward` gets it. (Forget
# the factor on the way back, and the network still learns, a little more slowly.)

# %% [markdown]
# **Your turn (3.5 + 2 points): write `dropout_forward` and `dropout_backward`.** With a
# rate of 1 nothing survives: zeros come out, not 0/0.
#
# <details><summary>Hint 1: how do you draw a mask?</summary>
#
# `rng.random(a.shape)` gives a number between 0 and 1 for every place. It is below 0.3
# with probability 0.3. Which of the two sides survives?
#
# </details>
# <details><summary>Hint 2: the edge</summary>
#
# For `rate == 1` the division is 0/0. Return zeros in that case, or divide only where
# something survived.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Not training: return `a` and a mask of ones. Training: the mask is where a random
# number is at least `rate`; multiply by it and divide by one minus `rate`. `backward`
# draws nothing: the same two operations on `dout`, with the mask it got.
#
# </details>


# %% nbgrader={"grade_id": "dropout_forward", "solution": true}
def dropout_forward(a, rate, rng, training):
    """Drop each number with probability `rate`, while training.

    With rate 0.75 each number comes out as 0 or four times as large.

    Parameters
    ----------
    a : ndarray of floats, any shape
        Activations; left unchanged.
    rate : float, 0 to 1
        Probability of each number, by itself, to be dropped; 1 gives zeros.
    rng : numpy.random.Generator
        Draws the mask, anew at each call.
    training : bool
        If False, nothing is dropped and nothing scaled.

    Returns
    -------
    out : ndarray, shaped like a
    mask : ndarray of 0 and 1 (or bools), shaped like a
        1 where a number survived. At test time all 1 (not used there, nor graded).
    """
    ### BEGIN SOLUTION
    if not training:
        return a.copy(), np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    if rate == 1:
        return np.zeros(a.shape), mask
    return a * mask / (1 - rate), mask
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dropout_forward_example", "grade": true, "points": 1}
case_a = np.linspace(1.0, 5.0, 2000).reshape(400, 5)
kept = case_a.copy()
found = dropout_forward(case_a, 0.2, np.random.default_rng(96), True)
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"dropout_forward returned {found!r:.60}; expected two arrays, out and mask."
)
found_out, found_mask = (np.asarray(part) for part in found)
assert found_out.shape == (400, 5) and found_mask.shape == (400, 5), (
    f"for a of shape (400, 5), out has {found_out.shape} and mask {found_mask.shape}; "
    "every number is dropped by itself."
)
np.testing.assert_array_equal(case_a, kept, err_msg="the caller's a was changed")
dropped = (found_out == 0).mean()
assert not 0.75 < dropped < 0.85, (
    f"with rate 0.2 a share of {dropped:.2f} was dropped: the mask is the wrong way "
    "round (hint 1)."
)
assert 0.15 < dropped < 0.25, (
    f"with rate 0.2 a share of {dropped:.2f} was dropped, expected about 0.2 (hint 1)."
)
factors = np.unique((found_out / kept)[found_out != 0].round(9))
causes = {
    1.0: "the survivors are not divided by 1 - rate",
    0.8: "multiplied, not divided",
}
causes |= {5.0: "divided by rate instead of 1 - rate"}
assert np.allclose(factors, 1.25, rtol=1e-9), (
    f"with rate 0.2 the survivors were multiplied by {factors[:3]}, expected 1.25: "
    f"{causes.get(factors[0], 'one factor for all')} (hint 3)."
)
assert np.array_equal(found_mask != 0, found_out != 0), (
    "the mask does not say which numbers survived."
)
found_out = np.asarray(
    dropout_forward(case_a, 0.2, np.random.default_rng(96), False)[0]
)
cause = "numbers were dropped" if np.any(found_out == 0) else "everything was scaled"
assert np.allclose(found_out, kept, rtol=1e-9), (
    f"with training=False {cause}; out has to be a itself then (hint 3)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_dropout_forward_edges", "grade": true, "points": 1}
# Checked when graded: rates 0 and 1, values of 0, test time, other shapes, input kept.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(97)
for shape, size in [((1, 5), 1.0), ((7,), 1e3), ((3, 4, 2), 1.0)]:
    case_a = sizes.normal(-0.5, size, shape) * (shape != (1, 5))  # zeros once
    case_a.flat[0] = 0.0
    if len(shape) == 1:
        case_a.sort()
    kept = case_a.copy()
    for rate, training, expected in [
        (0.0, True, kept),
        (1.0, True, np.zeros(shape)),
        (0.0, False, kept),
        (0.6, False, kept),
        (1.0, False, kept),
    ]:
        with np.errstate(all="ignore"):
            found_out, found_mask = dropout_forward(
                case_a, rate, np.random.default_rng(98), training
            )
        what = f"a {shape}, rate {rate}, training {training}"
        assert np.shape(found_out) == shape, f"{what}: out has {np.shape(found_out)}."
        np.testing.assert_allclose(
            found_out, expected, rtol=1e-9, err_msg=f"{what} (hint 2)"
        )
        if training:
            marks = np.asarray(found_mask, dtype=float)
            assert marks.shape == shape and np.all(marks == 1 - rate), (
                f"{what}: the mask is {marks.ravel()[:4]}…, expected {1 - rate:g} "
                "everywhere."
            )
        assert np.array_equal(case_a, kept), f"{what}: the caller's a was changed."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_dropout_forward_draws", "grade": true, "points": 1.5}
# Checked when graded: share dropped for other rates, every place by itself, rng used.
### BEGIN HIDDEN TESTS
case_a = np.linspace(-3.0, -1.0, 3600).reshape(60, 60)
equal_counts = 0
for rate in (0.1, 0.5, 0.75):
    case_rng = np.random.default_rng(99)
    found_out, found_mask = dropout_forward(case_a, rate, case_rng, True)
    again_mask = np.asarray(
        dropout_forward(case_a, rate, case_rng, True)[1], dtype=float
    )
    other_mask = dropout_forward(case_a, rate, np.random.default_rng(99), True)[1]
    marks = np.asarray(found_mask, dtype=float)
    assert np.isin(marks, (0, 1)).all(), (
        f"rate {rate}: the mask holds {np.unique(marks)[:3]}, expected 0 and 1; the "
        "factor belongs to out."
    )
    assert abs(marks.mean() - (1 - rate)) < 0.04, (
        f"rate {rate}: a share of {1 - marks.mean():.2f} was dropped."
    )
    np.testing.assert_allclose(
        found_out,
        case_a * marks / (1 - rate),
        rtol=1e-9,
        err_msg=f"rate {rate} (hint 3)",
    )
    for axis, name in enumerate(("columns", "rows")):
        spread = marks.mean(axis=axis).std() / np.sqrt(rate * (1 - rate) / 60)
        assert 0.5 < spread < 2, (
            f"rate {rate}: whole {name} are dropped together, or each has exactly the "
            "same share; every number is dropped by itself (hint 1)."
        )
    assert not np.array_equal(marks, again_mask), (
        f"rate {rate}: two calls dropped the same places; draw from rng each time."
    )
    assert np.array_equal(marks, np.asarray(other_mask, dtype=float)), (
        f"rate {rate}: generators with the same seed dropped different places; draw "
        "from rng only."
    )
    equal_counts += marks.sum() == again_mask.sum()
assert equal_counts < 3, (
    "for every rate exactly the same number of places is dropped in each call; chance "
    "decides for each number by itself, so the count varies (hint 1)."
)
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "dropout_backward", "solution": true}
def dropout_backward(dout, mask, rate):
    """Carry a gradient back through dropout, as used in training.

    With rate 0.75, dout [3, 5] and mask [1, 0] it is [12, 0].

    Parameters
    ----------
    dout : ndarray of floats, any shape
        ∂L/∂out; left unchanged.
    mask : ndarray of 0 and 1 (or bools), shaped like dout
        What dropout_forward returned.
    rate : float, 0 to 1
        The same as in the forward pass; 1 gives zeros.

    Returns
    -------
    da : ndarray, shaped like dout
        ∂L/∂a.
    """
    ### BEGIN SOLUTION
    if rate == 1:
        return np.zeros(dout.shape)
    return dout * mask / (1 - rate)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dropout_backward_example", "grade": true, "points": 0.5}
case_dout = np.array([[1.0, -2.0, 3.0], [0.0, 4.0, -6.0]])
case_mask = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
kept = case_dout.copy(), case_mask.copy()
expected = np.array([[1.25, 0.0, 3.75], [0.0, 5.0, 0.0]])
suspects = {
    "the factor that forward used is missing": [[1, 0, 3], [0, 4, 0]],
    "multiplied by 1 - rate instead of divided": [[0.8, 0, 2.4], [0, 3.2, 0]],
    "divided by rate": [[5, 0, 15], [0, 20, 0]],
    "the gradient passes where numbers were dropped": [[0, -2.5, 0], [0, 0, -7.5]],
    "the mask is not used": [[1.25, -2.5, 3.75], [0, 5, -7.5]],
    "the gradient went through unchanged": [[1, -2, 3], [0, 4, -6]],
    "the factor is squared": [[1.5625, 0, 4.6875], [0, 6.25, 0]],
}
found = dropout_backward(case_dout, case_mask, 0.2)
assert isinstance(found, np.ndarray) and found.shape == (2, 3), (
    f"dropout_backward returned {found!r:.60}; expected an array of shape (2, 3)."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found,
    expected,
    rtol=1e-9,
    atol=1e-12,
    err_msg=why[0] if why else "use the mask that came in; draw no new one (hint 3)",
)
for name, now, then in [("dout", case_dout, kept[0]), ("mask", case_mask, kept[1])]:
    np.testing.assert_array_equal(now, then, err_msg=f"the caller's {name} was changed")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_dropout_backward_others", "grade": true, "points": 1.5}
# Checked when graded: other shapes and rates, masks of bools, rate 1, large values.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(100)
for shape, rate, size in [
    ((1, 5), 0.5, 1.0),
    ((7, 3), 0.9, 1e3),
    ((4,), 0.0, 1.0),
    ((2, 3, 4), 0.35, 1.0),
    ((3, 2), 1.0, 1.0),
]:
    case_dout = sizes.normal(0.4, size, shape)
    for kind in (float, bool):
        case_mask = (sizes.random(shape) >= rate).astype(kind)
        kept = case_dout.copy(), case_mask.copy()
        expected = np.zeros(shape)
        if rate < 1:
            expected = np.where(kept[1], kept[0] / (1 - rate), 0)
        with np.errstate(all="ignore"):
            found = dropout_backward(case_dout, case_mask, rate)
        what = f"dout {shape}, rate {rate}, mask of {kind.__name__}s"
        assert np.shape(found) == shape, f"{what}: da has the shape {np.shape(found)}."
        assert np.all(np.isfinite(found)), (
            f"{what}: da is not finite; with rate 1 everything is 0 (hint 2)."
        )
        np.testing.assert_allclose(
            found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{what} (hint 3)"
        )
        assert np.array_equal(case_dout, kept[0]) and np.array_equal(
            case_mask, kept[1]
        ), f"{what}: dout or mask was changed."
### END HIDDEN TESTS

# %% [markdown]
# A check that costs two lines: the mean of many dropped copies is the activation
# itself. Without the factor it would be 0.7 times as large.

# %%
a = np.array([0.5, 1.0, 2.0, 4.0])
rng = np.random.default_rng(0)
many = [dropout_forward(a, 0.3, rng, True)[0] for _ in range(2000)]
print("mean of 2,000 copies:", np.mean(many, axis=0).round(2), " a:", a)

# %% [markdown]
# ## Make it fast
#
# The last complaint: the network is right, and slow. The usual cause is a loop in
# Python over numbers that NumPy could treat together. What do these three loops compute?
# Say it in words, or as a formula, before you read on.


# %%
def dense_slow(X, W, b):
    """Return a number for each row of X and each column of W, shape (N, H)."""
    Z = np.zeros((len(X), len(b)))
    for n in range(len(X)):
        for h in range(len(b)):
            Z[n, h] = b[h]
            for d in range(len(W)):
                Z[n, h] += X[n, d] * W[d, h]
    return Z


# %% [markdown]
# **Your turn (2.5 points): write `dense_fast`**, its twin without slow loops: the same
# result for inputs of any size. For 500 examples, 64 inputs and 32 outputs it has to be
# at least 5 times as fast. (A loop over examples with NumPy inside is fast enough.)
#
# <details><summary>Hint 1: which loop costs most?</summary>
#
# The inner one runs a million times. It is a sum of products: what is that called?
#
# </details>
# <details><summary>Hint 2: all at once</summary>
#
# Row times column, for every pair of a row and a column, is the matrix product.
#
# </details>
# <details><summary>Hint 3: the bias</summary>
#
# The product has the shape (N, H), `b` has (H,). NumPy adds `b` to every row.
#
# </details>


# %% nbgrader={"grade_id": "dense_fast", "solution": true}
def dense_fast(X, W, b):
    """Return the same as dense_slow, at least 5 times as fast for larger batches.

    Parameters
    ----------
    X : ndarray of floats, shape (N, D)
    W : ndarray of floats, shape (D, H)
    b : ndarray of floats, shape (H,)
        All left unchanged.

    Returns
    -------
    Z : ndarray of floats (64 bits), shape (N, H)
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dense_fast_example", "grade": true, "points": 0.5}
case_in = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 2.0]])
case_w = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 4.0]])
case_b = np.array([10.0, -20.0])
kept = case_in.copy(), case_w.copy(), case_b.copy()
suspects = {
    "b is missing": [[-2.5, 16.0], [-3.5, 5.0]],
    "b is subtracted": [[-12.5, 36.0], [-13.5, 25.0]],
    "b is added once for every input": [[27.5, -44.0], [26.5, -55.0]],
    "a ReLU sneaked in": [[7.5, 0.0], [6.5, 0.0]],
}
found = dense_fast(case_in, case_w, case_b)
assert isinstance(found, np.ndarray) and found.shape == (2, 2), (
    f"dense_fast returned {found!r:.60}; expected an array of shape (2, 2) (hint 2)."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found,
    [[7.5, -4.0], [6.5, -15.0]],
    rtol=1e-9,
    err_msg=why[0] if why else "compare with dense_slow",
)
assert found.dtype == np.float64, (
    f"the result has the type {found.dtype}, expected float64, as dense_slow has."
)
found = dense_fast(case_in[:1] + 1, case_w, case_b - 1)
assert np.shape(found) == (1, 2) and np.allclose(found, [[6.5, 0.0]]), (
    f"for one example dense_fast returned {found!r:.60}, expected [[6.5, 0.0]]."
)
for now, then in zip((case_in, case_w, case_b), kept, strict=True):
    np.testing.assert_array_equal(now, then, err_msg="an argument was changed")
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_dense_fast_same", "grade": true, "points": 1}
# Checked when graded: many sizes, one example, large and tiny values, new numbers.
### BEGIN HIDDEN TESTS
sizes = np.random.default_rng(101)
for n, d, k, size in [
    (1, 4, 3, 1.0), (7, 2, 5, 1.0), (6, 9, 1, 1e3), (3, 1, 4, 1e-3), (40, 64, 32, 1.0),
    (500, 64, 32, 1.0), (500, 64, 32, 2.0), (7, 2, 5, 1.0),
]:  # fmt: skip
    case_in, case_w = sizes.normal(0.5, size, (n, d)), sizes.normal(-0.2, 1, (d, k))
    case_b = np.sort(sizes.normal(3, 2, k)) * (n != 3)  # zeros once
    kept = case_in.copy(), case_w.copy(), case_b.copy()
    expected = np.einsum("nd,dk->nk", case_in, case_w) + case_b
    found = dense_fast(case_in, case_w, case_b)
    what = f"X {(n, d)}, W {(d, k)}"
    assert np.shape(found) == (n, k), f"{what}: the result has {np.shape(found)}."
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-9 * size, err_msg=f"{what}: as dense_slow"
    )
    for now, then in zip((case_in, case_w, case_b), kept, strict=True):
        assert np.array_equal(now, then), f"{what}: an argument was changed."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_dense_fast_speed", "grade": true, "points": 1}
# Checked when graded: at least 5 times as fast as the loops at 500 x 64 x 32.
### BEGIN HIDDEN TESTS


def by_loops(x_in, w_in, b_in):
    """Return what dense_slow returns, as slowly."""
    out = np.zeros((len(x_in), len(b_in)))
    for n in range(len(x_in)):
        for k in range(len(b_in)):
            out[n, k] = b_in[k]
            for d in range(len(w_in)):
                out[n, k] += x_in[n, d] * w_in[d, k]
    return out


def shortest(function, *arrays, enough=np.inf):
    """Return the seconds of the shortest of 5 calls, of 1 if that takes too long."""
    seconds = []
    while len(seconds) < 5 and not (seconds and seconds[0] > enough):
        start = perf_counter()
        function(*arrays)
        seconds.append(perf_counter() - start)
    return min(seconds)


sizes = np.random.default_rng(102)
case_in, case_w = sizes.normal(0, 1, (500, 64)), sizes.normal(0, 1, (64, 32))
case_b = sizes.normal(0, 1, 32)
slow = 50 * shortest(by_loops, case_in[:10], case_w, case_b)
fast = shortest(dense_fast, case_in, case_w, case_b, enough=slow)
assert fast < slow / 5, (
    f"500 examples took {fast * 1000:.0f} ms, the loops {slow * 1000:.0f} ms; "
    "expected at "
    "least 5 times as fast. Is there still a loop over single numbers (hint 1)?"
)
### END HIDDEN TESTS

# %%
rng = np.random.default_rng(0)
X, W, b = rng.normal(size=(20, 64)), rng.normal(size=(64, 32)), rng.normal(size=32)
times = {}
for function in (dense_slow, dense_fast):
    runs = []
    for _ in range(3):
        start = perf_counter()
        function(X, W, b)
        runs.append(perf_counter() - start)
    times[function.__name__] = min(runs)
ratio = times["dense_slow"] / times["dense_fast"]
print(f"20 examples: yours is about {float(f'{ratio:.1g}'):,.0f} times as fast")

# %% [markdown]
# Replacing loops by operations on whole arrays is called **vectorisation**. Fast is the
# last thing to ask for, though. Keep the slow version in your tests: it is the version you
# can verify by reading.
#
# ## Tell eight patients by their curves
#
# Eight training runs on noisy digits, recorded; 12 epochs each, and one thing is wrong
# with each of them. The code that trained them stays hidden, since it would tell. You
# see what you would see in practice: training loss (a mean over the epoch), validation
# loss, and three facts noted at the end.

# %%
RECORDED = """
A train 2.31 2.15 2.05 2.00 1.94 1.88 1.83 1.81 1.75 1.72 1.70 1.65
A val 2.13 1.97 1.86 1.74 1.69 1.61 1.57 1.53 1.56 1.48 1.45 1.48
B train 2.59 2.75 3.05 3.98 8.30 22.05 57.23 147.72 inf inf inf inf
B val 2.72 2.93 3.42 5.27 13.42 35.11 90.58 233.75 inf inf inf inf
C train 2.84 1.23 0.51 0.17 0.08 0.05 0.04 0.03 0.03 0.02 0.02 0.02
C val 2.46 2.45 2.29 2.28 2.32 2.38 2.39 2.41 2.42 2.44 2.46 2.47
D train 2.53 2.52 2.50 2.48 2.46 2.45 2.43 2.42 2.41 2.39 2.38 2.37
D val 2.57 2.55 2.54 2.52 2.50 2.49 2.48 2.46 2.45 2.44 2.43 2.42
E train 2.08 1.24 0.84 0.58 0.43 0.29 0.21 0.15 0.12 0.09 0.08 0.06
E val 1.39 0.87 0.59 0.46 0.27 0.19 0.18 0.11 0.10 0.08 0.06 0.05
F train 2.49 2.35 2.35 2.33 2.32 2.33 2.34 2.34 2.34 2.34 2.34 2.33
F val 2.28 2.31 2.36 2.23 2.34 2.33 2.33 2.34 2.35 2.31 2.34 2.31
G train 2.51 2.30 2.11 1.94 1.82 1.61 1.45 1.31 1.16 1.06 0.93 0.83
G val 2.43 2.18 2.10 2.11 2.60 2.92 2.83 2.37 2.02 2.00 2.02 1.95
H train 2.15 1.69 1.65 1.37 1.04 0.95 0.57 0.61 0.50 0.41 0.36 0.74
H val 1.52 1.45 1.59 1.69 1.88 1.11 1.29 1.83 1.39 1.67 2.24 2.11
"""
rows = [line.split() for line in RECORDED.split("\n") if line]
curves = {(row[0], row[1]): np.array(row[2:], dtype=float) for row in rows}

# %%
fig, axes = plt.subplots(2, 4, figsize=(10, 5), sharex=True, layout="constrained")
for ax, run in zip(axes.flat, "ABCDEFGH", strict=True):
    for kind, look in {"train": (BLUE, "-o"), "val": (VERMILLION, "--^")}.items():
        losses = curves[run, kind]
        ax.plot(range(1, 13), losses, look[1], color=look[0], ms=4, label=kind)
    ax.axhline(np.log(10), color=BLACK, ls=":", lw=1, label="ln 10")
    top = np.clip(1.1 * losses[0], 3.2, 12)
    ax.set(title=f"run {run}", ylim=(0, top), xticks=[1, 4, 8, 12])
    if run == "B":
        ax.set(title="run B (log axis)", yscale="log", ylim=(1.5, 400))
fig.supxlabel("epoch")
fig.supylabel("loss")
axes[0, 0].legend(fontsize=8)
plt.show()

# %% [markdown]
# *Figure:* Eight panels of training loss (solid blue, dots) and validation loss (dashed
# vermillion, triangles) over 12 epochs, with a dotted line at ln 10. A: both fall
# slowly, validation below training. B: both climb ever faster, on a logarithmic axis, and
# end in infinity. C: training falls to 0.02, validation stays at 2.3 and rises. D: both fall along a nearly level line above
# ln 10. E: both fall together to 0.05. F: both level at ln 10. G: training falls
# smoothly, validation climbs to nearly 3 and comes back to 2. H: validation zigzags
# between 1.1 and 2.2, and training does not fall smoothly either.

# %% [markdown]
# Three facts, measured after the last epoch. "New data" are 600 digits that were used
# for nothing else. "Favourite" is the class that is predicted most often for the
# validation data, with its share (0.1 to 0.25 is normal). "Dead" is the share of hidden
# units that are 0 for all training examples.
#
# | run | loss on new data | favourite | dead |
# |---|---|---|---|
# | A | 1.54 | class 3, 0.17 | 0.00 |
# | B | infinite | class 6, 1.00 | 0.00 |
# | C | 2.41 | class 1, 0.23 | 0.06 |
# | D | 2.37 | class 6, 0.22 | 0.00 |
# | E | 0.80 | class 9, 0.13 | 0.00 |
# | F | 2.31 | class 3, 1.00 | 1.00 |
# | G | 1.88 | class 9, 0.41 | 0.00 |
# | H | 2.13 | class 8, 0.23 | 0.50 |
#
# One of these is wrong with each of them:
#
# - `lr_high`: the learning rate is too large
# - `lr_low`: the learning rate is too small
# - `overfit`: too little data for so many weights
# - `dead`: all hidden units are dead
# - `leak`: the validation examples are in the training data as well
# - `unshuffled`: the batches come sorted by class, all zeros first, all nines last
# - `wrong_sign`: the update adds the gradient
# - `label_noise`: half of the training labels are random; the other labels are right

# %% [markdown]
# **Your turn (4 points): name the illness of each run.** Each name is used once.
#
# <details><summary>Hint 1: start with the loud ones</summary>
#
# Which run gets worse and worse? Which sits still, near ln 10? Which moves so slowly
# and smoothly that you want to push it?
#
# </details>
# <details><summary>Hint 2: compare two curves</summary>
#
# Validation loss well **below** training loss needs a reason: are the training labels
# harder than the others? Validation loss **equal** to training loss at nearly 0 needs
# one too: look at the new data.
#
# </details>
# <details><summary>Hint 3: the last three</summary>
#
# One validation loss zigzags from epoch to epoch; another one makes a single long
# detour. A network that has just seen nothing but nines thinks of nines: look at the
# favourites. A network that has memorised its few examples has a training loss of almost
# 0.
#
# </details>

# %% nbgrader={"grade_id": "diagnoses", "solution": true}
# diagnoses = <a dict: {"A": one of the eight names in quotes, …, up to "H"}>
### BEGIN SOLUTION
diagnoses = {
    "A": "label_noise",
    "B": "wrong_sign",
    "C": "overfit",
    "D": "lr_low",
    "E": "leak",
    "F": "dead",
    "G": "unshuffled",
    "H": "lr_high",
}
### END SOLUTION

# %% nbgrader={"grade_id": "test_diagnoses_a_b", "grade": true, "points": 1}
right_form = isinstance(diagnoses, dict) and {*diagnoses} == {*"ABCDEFGH"}
assert right_form, f"diagnoses is {diagnoses!r:.60}; expected a dict with keys A to H."
answers = {key: str(given).strip().lower() for key, given in diagnoses.items()}
names = {"lr_high", "lr_low", "overfit", "dead", "leak"}
names |= {"unshuffled", "wrong_sign", "label_noise"}
assert set(answers.values()) <= names, (
    f"the answers are {answers}; expected for each one of {sorted(names)}."
)
print("Your answer has the right form; its value is checked at grading.")
### BEGIN HIDDEN TESTS
clues = {
    "A": "training loss above validation loss: its labels are the harder ones",
    "B": "the loss grows by a factor in every epoch: steps go uphill",
}
correct = {"A": "label_noise", "B": "wrong_sign"}
differ = [
    f"{k} is not {answers[k]}: {clues[k]}" for k in correct if answers[k] != correct[k]
]
assert not differ, ". ".join(differ) + "."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_diagnoses_c_d", "grade": true, "points": 1}
# Checked when graded: runs C and D.
### BEGIN HIDDEN TESTS
answers = {key: str(given).strip().lower() for key, given in diagnoses.items()}
clues = {
    "C": "the training loss is almost 0 while the validation loss rises",
    "D": "smooth and nearly level: every step goes the right way and is tiny",
}
correct = {"C": "overfit", "D": "lr_low"}
differ = [
    f"{k} is not {answers[k]}: {clues[k]}" for k in correct if answers[k] != correct[k]
]
assert not differ, ". ".join(differ) + "."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_diagnoses_e_f", "grade": true, "points": 1}
# Checked when graded: runs E and F.
### BEGIN HIDDEN TESTS
answers = {key: str(given).strip().lower() for key, given in diagnoses.items()}
clues = {
    "E": "validation is as good as training, new data are far worse",
    "F": "the loss sits at ln 10 and no hidden unit is alive",
}
correct = {"E": "leak", "F": "dead"}
differ = [
    f"{k} is not {answers[k]}: {clues[k]}" for k in correct if answers[k] != correct[k]
]
assert not differ, ". ".join(differ) + "."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_diagnoses_g_h", "grade": true, "points": 1}
# Checked when graded: runs G and H.
### BEGIN HIDDEN TESTS
answers = {key: str(given).strip().lower() for key, given in diagnoses.items()}
clues = {
    "G": "the favourite is the class that came last; training falls smoothly",
    "H": "the validation loss zigzags, and half of the units have died",
}
correct = {"G": "unshuffled", "H": "lr_high"}
differ = [
    f"{k} is not {answers[k]}: {clues[k]}" for k in correct if answers[k] != correct[k]
]
assert not differ, ". ".join(differ) + "."
### END HIDDEN TESTS

# %% [markdown]
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>Your loss is NaN in epoch 7. What do you do first?</summary>
#
# Find the first number that is not finite, in the losses of single batches rather than
# of epochs. Then look at the weights and gradients of the update before it. If they
# have been growing for a while, the cause is older than the NaN: check the gradients.
#
# </details>
# <details><summary>Why three seeds, and not one?</summary>
#
# In the right column of your ablation figure the epochs of the three runs differ a lot.
# At the notebook's own rate of 0.01 some of the seeds survive 40 epochs with all
# six bugs. One run could have told you that the sick network is healthy.
#
# </details>
# <details><summary>A layer computes dx with W − η dW instead of W. Which term does that
# add, for one example, and what does it do to the layer's input x?</summary>
#
# $dW = x^T\,dout$, so dx gets the extra term $-\eta\,\lVert dout \rVert^2 x$. The
# layers before move x against dx, that is along $+x$: x grows, a little in every step,
# whatever the labels say. Larger x make larger gradients, and those larger steps. That
# is how it ends in an overflow.
#
# </details>
# <details><summary>Gradients are right, the first loss is ln C, one batch can be
# memorised, and validation is still poor. What is left?</summary>
#
# The data: labels, scaling, leaks, too few examples. And the choices: learning rate,
# size, treatment of overfitting. The code is probably innocent.
#
# </details>
#
# ## Go further
#
# - Andrej Karpathy,
#   [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/),
#   2019: a clinic's checklist.
# - Diederik Kingma and Jimmy Ba,
#   [Adam: A Method for Stochastic Optimization](https://arxiv.org/abs/1412.6980), 2015.
#   Read the end of section 2, and see where they suggest to put ε.
# - Nitish Srivastava and others,
#   [Dropout: A Simple Way to Prevent Neural Networks from Overfitting](https://jmlr.org/papers/v15/srivastava14a.html),
#   2014.
# - Kaiming He and others,
#   [Delving Deep into Rectifiers](https://arxiv.org/abs/1502.01852), 2015: where the
#   factor of 2 comes from.
# - Put your `adam_step` into a class with the method `step` of `SGD`, and train the
#   digits with it. Which learning rate do you need?
