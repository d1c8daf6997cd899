# %% [markdown]
# # Hand the training to scikit-learn, and judge it honestly
#
# **What you will build:** a network that prices diamonds with two thirds of the error
# of linear regression, an interval that says what "14 of 14 right" is worth (not 100 %),
# and a forward pass and a training step that agree with scikit-learn's to 12 digits.
#
# **What you need:** training and validation data (lesson 06), layers and softmax
# (lesson 07), and the gradient of a layer (lesson 05).
#
# 110 minutes, 25 points, all marked automatically. Predictions get their points for being
# made. The cells that check your answers are folded; run them, there is no need to open
# them.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
import os
from pathlib import Path
from warnings import catch_warnings, simplefilter

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from plotnine.data import diamonds
from scipy.special import expit, softmax
from scipy.stats import norm
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import fetch_california_housing, load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import KFold, cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

BLUE, VERMILLION = "#0072B2", "#D55E00"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, to warm up. There are no points; the check
# answers at once.
#
# 1. On which rows is a scaler fitted? **a** all rows · **b** the training rows ·
#    **c** the test rows
# 2. In lesson 08 a network memorised 30 digits and did badly on new ones. What is that
#    called? **a** a dead unit · **b** underfitting · **c** overfitting
# 3. A layer computes $XW + b$ for $X$ (7, 4) and $W$ (4, 3). How many numbers come out?

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a letter in quotes>, 2: <a letter in quotes>, 3: <a number>}
### BEGIN SOLUTION
recall = {1: "b", 2: "c", 3: 21}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: ("b", "Rows to be judged on must have no part in it (lesson 04)."),
        2: ("c", "It fits its examples too well to be of use elsewhere."),
        3: (21, "7 rows, 3 outputs each (lesson 07)."),
    },
)

# %% [markdown]
# ## Set the bar before the network
#
# The table `diamonds` comes with plotnine: 53,940 real stones with their weight in
# carat, their measures in millimetres, three grades, and the price in US dollars. The
# grades (cut, colour, clarity) are ordered, so their position in that order is a
# sensible number. `depth` and `table` are proportions in percent. The three measures
# `x`, `y`, `z` stay out: they say little that the weight does not say, and some are
# slips of the pen (0 mm, or 31.8 mm for a stone of half a carat).
#
# To keep waiting times short, 1,000 stones drawn at random are for training and another
# 1,000 for validation. All others are for one test at the end.

# %%
stones = diamonds.sample(frac=1, random_state=0)
for grade in ("cut", "color", "clarity"):
    stones[grade] = stones[grade].cat.codes
D_all = stones.drop(columns=["price", "x", "y", "z"]).to_numpy(dtype=float)
price_all = stones["price"].to_numpy(dtype=float)
D_train, D_val, D_test = np.split(D_all, [1000, 2000])
price_train, price_val, price_test = np.split(price_all, [1000, 2000])
stones.head(3)

# %% [markdown]
# An error means little until you know what a guess would do. Two bars: always naming
# the mean price of the training stones, and linear regression. "RMSE" is the **root of
# the mean squared error**: it has the unit of the target, so here it is in dollars.

# %%
line = LinearRegression().fit(D_train, price_train)
guesses = {
    "mean price": np.full(1000, price_train.mean()),
    "linear regression": line.predict(D_val),
}
for name, guess in guesses.items():
    mean_square = mean_squared_error(price_val, guess)
    print(f"{name:18} RMSE {np.sqrt(mean_square):5.0f} dollars")

# %% [markdown]
# The root used to be an option, `squared=False`. It is gone. Code from a book or the web
# was written for some version of a library, and this is how a newer one tells you:

# %%
try:
    mean_squared_error(price_val, guesses["mean price"], squared=False)
except TypeError as problem:
    print(f"TypeError: {problem}")

# %% [markdown]
# **Your turn (2 points): write `rmse`.** Predictions come as a column from some
# libraries and flat from others. A column minus a flat array is a table of all pairs
# (lesson 00), so take care of the shapes.
#
# <details><summary>Hint 1: three steps, from the inside out</summary>
#
# The name is read from right to left: errors, squared, their mean, its root.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $$\text{RMSE} = \sqrt{\frac{1}{N} \sum_{i=1}^{N} (\hat y_i - y_i)^2}$$
#
# `np.ravel` lays an array of any shape out flat.
#
# </details>
# <details><summary>Hint 3: or let the library do it</summary>
#
# `sklearn.metrics` has had a function for the root since 1.4:
# `root_mean_squared_error`. It gets both arrays, the true values first.
#
# </details>


# %% nbgrader={"grade_id": "rmse", "solution": true}
def rmse(y, yhat):
    """Return the root of the mean squared error, in the unit of y.

    Parameters
    ----------
    y, yhat : ndarray, shape (N,) or (N, 1), not always the same; int or float
        True values and predictions, compared one by one; left unchanged.

    Returns
    -------
    error : float
    """
    ### BEGIN SOLUTION
    errors = np.ravel(yhat) - np.ravel(y)
    return np.sqrt(np.mean(errors**2))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_rmse_example", "grade": true, "points": 0.5}
case_y = np.array([3.0, -1.0, 2.0, 8.0])
case_yhat = np.array([1.0, 1.0, 2.0, 4.0])
suspects = {
    "the root is missing: this is the mean of the squares (hint 2)": 6.0,
    "this is the mean of the absolute errors; square them (hint 2)": 2.0,
    "the mean is missing: this is the root of the sum (hint 2)": np.sqrt(24),
    "there is no half in it; that ½ belongs to a loss": np.sqrt(3),
    "this is the size of the mean error; square each error first (hint 1)": 1.0,
    "the mean error is subtracted first; leave it in (hint 2)": np.sqrt(5),
    "the squares are divided by N - 1; divide by N (hint 2)": np.sqrt(8),
    "the sign is turned; a root is not negative": -np.sqrt(6),
}
try:
    found = rmse(case_y, case_yhat)
except TypeError as problem:
    if "squared" in str(problem):
        raise AssertionError(
            f"rmse failed: {problem}. That option is gone; take the root (hint 3)."
        ) from None
    raise
assert np.shape(found) == () and found is not None, (
    f"rmse returned {found!r:.60}; a right one returns one number. Is `return` there?"
)
why = [text for text, value in suspects.items() if abs(found - value) < 1e-9]
assert abs(found - np.sqrt(6)) < 1e-9, (
    f"For the errors 2, -2, 0 and 4 rmse returned {found:.6f}; the squares have the "
    f"mean 6, so a right one returns 2.449490. {why[0] if why else 'See hint 2.'}"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_rmse_shapes", "grade": true, "points": 1}
# Checked when graded: flat against column, one example, whole numbers.
### BEGIN HIDDEN TESTS
case_flat = np.array([10.0, 20.0, 40.0, 50.0, 55.0, 75.0, 90.0])
case_cases = {
    "(7,) and (7, 1)": (case_flat, case_flat[:, None]),
    "(7, 1) and (7,)": (case_flat[:, None], case_flat),
    "(7, 1) and (7, 1)": (case_flat[:, None], case_flat[:, None]),
}
for name, (case_y, case_yhat) in case_cases.items():
    found = rmse(case_y.copy(), case_yhat + 3.0)
    assert np.shape(found) == () and abs(found - 3.0) < 1e-9, (
        f"Shapes {name}, every prediction 3 too high: rmse returned {found!r:.60}; "
        "expected 3.0. A column and a flat array make a table of all pairs: lay both "
        "flat (hint 2)."
    )
found = rmse(np.array([5.0]), np.array([2.5]))
assert abs(found - 2.5) < 1e-9, f"One example: rmse returned {found}, expected 2.5."
found = rmse(np.array([0, 0, 0]), np.array([0, 2, 1]))
assert abs(found - np.sqrt(5 / 3)) < 1e-9, (
    f"Whole numbers, errors 0, 2, 1: rmse returned {found}, expected {np.sqrt(5 / 3)}."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_rmse_values", "grade": true, "points": 0.5}
# Checked when graded: large values, other sizes, inputs unchanged.
### BEGIN HIDDEN TESTS
case_rng = np.random.default_rng(91)
for size, scale in [(1, 1.0), (7, 1.0), (50, 1e3)]:
    case_y = case_rng.normal(2, 1, size=size) * scale
    case_yhat = case_rng.normal(2, 1, size=size) * scale
    kept_y, kept_yhat = case_y.copy(), case_yhat.copy()
    expected = np.linalg.norm(case_yhat - case_y) / np.sqrt(size)
    found = rmse(case_y, case_yhat)
    assert np.isfinite(found) and abs(found - expected) < 1e-9 * expected, (
        f"{size} values: rmse returned {found}, expected {expected} (hint 2)."
    )
    assert np.array_equal(case_y, kept_y) and np.array_equal(case_yhat, kept_yhat), (
        "rmse changed an array that it was given; work on a copy."
    )
    found = rmse(case_y, case_y + 2 * (kept_yhat - kept_y))
    assert abs(found - 2 * expected) < 1e-9 * scale, (
        f"{size} other predictions, each error twice as large: rmse returned {found}, "
        f"expected {2 * expected}."
    )
found = rmse(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 1.0, 4.0, 3.0]))
assert abs(found - 1) < 1e-9, (
    f"errors of 1 and -1 that add up to 0: rmse returned {found}, expected 1."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Tie scaling and network together
#
# scikit-learn calls everything that learns an **estimator**: it has `fit(X, y)` and
# then `predict(X)`. A **pipeline** is a chain of estimators that acts as one. `fit`
# scales the training rows and trains the network on them; `predict` scales new rows
# with the *training* mean and standard deviation. The leak of lesson 04, a scaler that
# has seen the test rows, cannot happen any more.
#
# Two habits first. Name every argument:

# %%
try:
    MLPRegressor((32, 16)).fit(D_train[:20], price_train[:20])
except Exception as problem:
    print(f"{type(problem).__name__}: {problem}"[:190], "…")

# %% [markdown]
# In recent versions the first argument in the list is not the hidden layers but the
# loss, and the message comes only with `fit`. Written `hidden_layer_sizes=(32, 16)`, it
# works in every version.
#
# The second habit: read warnings. The next cell keeps them in a list, to print them.
# It scales the features, takes prices as they are, and default settings for the rest.

# %%
plain = make_pipeline(
    StandardScaler(), MLPRegressor(hidden_layer_sizes=(32,), random_state=0)
)
with catch_warnings(record=True) as caught:
    simplefilter("always", ConvergenceWarning)
    plain.fit(D_train, price_train)
mean_square = mean_squared_error(price_val, plain.predict(D_val))
print(f"RMSE {np.sqrt(mean_square):.0f} dollars")
print(caught[0].message)

# %% [markdown]
# 200 epochs were not enough, by far: worse than naming the mean price. The features
# have a standard deviation of 1 now, but the target is in thousands. To get there from
# outputs near 0 the weights must grow a lot, in steps that Adam keeps near the learning
# rate of 0.001. (Learning rate, number of units, number of epochs: what you set and
# training does not find are the **hyperparameters**.)
#
# More epochs would help a little. It helps more to scale the target, too. Then the
# loss has another scale, and reading it takes one thought.
#
# **Predict before you compute (1 point).** The loss that scikit-learn reports for a
# regressor is **half** the mean squared error, of the target as the network sees it
# (plus the L2 penalty of lesson 08, which scikit-learn scales by `alpha` and which is
# small here). The prices were divided by
# their standard deviation of 4,000 dollars, and the reported loss is 0.02. What is the
# RMSE in dollars?
#
# <details><summary>Hint 1: undo three things</summary>
#
# The half, the square, and the scaling, in this order.
#
# </details>
# <details><summary>Hint 2: the half</summary>
#
# Half the mean square is 0.02, so the mean square is 0.04, in units of 4,000 dollars.
#
# </details>
# <details><summary>Hint 3: the rest</summary>
#
# The root first, then times the standard deviation. Scaling back *before* the root
# would need the square of 4,000.
#
# </details>

# %% nbgrader={"grade_id": "predict_rmse_from_loss", "solution": true}
# predict_rmse_from_loss = <a number of dollars>
### BEGIN SOLUTION
predict_rmse_from_loss = 800
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_rmse_from_loss", "grade": true, "points": 1}
assert isinstance(predict_rmse_from_loss, int | float | np.number), (
    f"predict_rmse_from_loss is {predict_rmse_from_loss!r:.60}; write a number without "
    "quotes and without a unit."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
causes = {
    80: "the root is missing (half and scale are not both undone); see hint 3",
    160: "the root is missing; a mean square is not in dollars",
    566: "the half is not undone; see hint 2",
    400: "the loss is halved once more; it is doubled",
    0: "this is in units of the standard deviation; scale back",
}
if not abs(predict_rmse_from_loss - 800) < 1:
    near = round(float(np.nan_to_num(predict_rmse_from_loss)))
    why = causes.get(near, "twice the loss, its root, times 4,000 is 800")
    print(f"You predicted {predict_rmse_from_loss}: {why}.")
### END HIDDEN TESTS

# %% [markdown]
# **Your turn (4 points): write `make_regressor`.** It builds a new pipeline, not yet
# fitted: scaled features, then the network. `TransformedTargetRegressor(net,
# transformer=StandardScaler())` wraps a network so that it learns scaled targets and
# predicts in the old unit. It is optional, but you will want it for the diamonds.
#
# <details><summary>Hint 1: what must depend on what?</summary>
#
# The layers on `hidden`, the first weights on `seed`. The mean and the standard
# deviation on nothing that is known yet: who computes them, and when?
#
# </details>
# <details><summary>Hint 2: three pieces</summary>
#
# `StandardScaler()` for the features, `MLPRegressor` with `hidden_layer_sizes` and
# `random_state`, and `make_pipeline`, which chains what it is given, in order.
#
# </details>
# <details><summary>Hint 3: settings that train in a second</summary>
#
# `learning_rate_init=0.01` takes steps ten times the usual size. `early_stopping=True`
# holds a tenth of the training rows back and stops when they are predicted no better
# for ten epochs; `tol=0.002` ignores gains so small that only the clock notices them,
# and `max_iter=1000` is never reached. The wrapped network is the last link of the
# chain.
#
# </details>


# %% nbgrader={"grade_id": "make_regressor", "solution": true}
def make_regressor(hidden, seed):
    """Build a network for regression that scales its features itself.

    Parameters
    ----------
    hidden : tuple of int
        Units of each hidden layer, for example (32, 16).
    seed : int, 0 or more
        Two pipelines with the same seed, fitted on the same data, predict the same.

    Returns
    -------
    pipeline : sklearn.pipeline.Pipeline
        Not fitted. The same features in other units lead to the same predictions.
    """
    ### BEGIN SOLUTION
    net = MLPRegressor(
        hidden_layer_sizes=hidden,
        learning_rate_init=0.01,
        early_stopping=True,
        tol=0.002,
        max_iter=1000,
        random_state=seed,
    )
    scaled = TransformedTargetRegressor(net, transformer=StandardScaler())
    return make_pipeline(StandardScaler(), scaled)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_make_regressor_example", "grade": true, "points": 1}
def settings_of(model, name):
    """Return the values of every setting with this name, of all links."""
    return [v for k, v in model.get_params().items() if k.split("__")[-1] == name]


def fit_briefly(model, features, target):
    """Fit with a tolerance so large that training ends after some epochs."""
    names = [k for k in model.get_params() if k.split("__")[-1] == "tol"]
    model.set_params(**dict.fromkeys(names, 1e9))
    try:
        model.fit(features, target)
    except Exception as problem:
        raise AssertionError(
            f"fit of your pipeline failed, {type(problem).__name__}: {problem!s:.150} "
            "… Does every argument have its name (hint 2)?"
        ) from None
    return model


case_rng = np.random.default_rng(92)
case_D = case_rng.normal(size=(40, 3)) * [1000.0, 1.0, 0.001] + [0.0, 50.0, 0.01]
case_t = case_D[:, 0] / 1000 + 2000 * case_D[:, 2]
model = make_regressor((5, 3), 4)
assert isinstance(model, Pipeline), (
    f"make_regressor returned {model!r:.60}; a right one returns a Pipeline (hint 2)."
)
sizes = settings_of(model, "hidden_layer_sizes")
found = [tuple(np.ravel(size).tolist()) for size in sizes]
assert found == [(5, 3)], (
    f"make_regressor((5, 3), 4) has networks with the hidden layers {found}; expected "
    "one network, with (5, 3). Pass hidden on, by name (hint 2)."
)
assert settings_of(model, "random_state") != [None], (
    "random_state is None: the first weights change from run to run (hint 1)."
)
found = fit_briefly(model, case_D, case_t).predict(case_D[:7])
assert np.shape(found) == (7,) and np.all(np.isfinite(found)), (
    f"The fitted pipeline predicts {found!r:.60} for 7 rows; expected 7 numbers."
)
model = make_regressor((5, 3), 4)
other_unit = fit_briefly(model, case_D * 1000, case_t).predict(case_D[:7] * 1000)
assert np.allclose(found, other_unit, rtol=1e-6, atol=1e-6), (
    f"With all features in a unit 1000 times smaller the first prediction changed from "
    f"{found[0]:.4g} to {other_unit[0]:.4g}; a scaled network does not notice. Is the "
    "scaler in the pipeline, in front of the network (hint 1)?"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_make_regressor_seed", "grade": true, "points": 1}
# Checked when graded: the seed decides, 0 included; other sizes; a new pipeline a call.
### BEGIN HIDDEN TESTS
predictions = {}
for case_seed in (0, 3, 0, 8):
    model = fit_briefly(make_regressor((4, 2, 6), case_seed), case_D, case_t)
    found = np.array(model.predict(case_D[:7]))
    if case_seed in predictions:
        assert np.array_equal(found, predictions[case_seed]), (
            f"Two pipelines with seed {case_seed} and the same data predict "
            f"{predictions[case_seed][0]:.4f} and {found[0]:.4f} for one row: pass the "
            "seed on, also when it is 0."
        )
    predictions[case_seed] = found
assert not np.allclose(predictions[3], predictions[8]), (
    "Pipelines with the seeds 3 and 8 predict the same: is another number used for "
    "every seed?"
)
for case_hidden in [(7,), (9,), (4, 2, 6)]:
    model = make_regressor(case_hidden, 1)
    sizes = settings_of(model, "hidden_layer_sizes")
    found = [tuple(np.ravel(size).tolist()) for size in sizes]
    assert found == [case_hidden], (
        f"make_regressor({case_hidden}, 1) has the hidden layers {found}."
    )
first, second = make_regressor((4,), 1), make_regressor((4,), 1)
fit_briefly(first, case_D, case_t)
try:
    found = second.predict(case_D[:2])
except Exception as problem:
    found = type(problem).__name__
assert isinstance(found, str), (
    "A second pipeline predicts as soon as it is made: build a new one in every call, "
    "and leave fitting to the caller."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_make_regressor_scaling", "grade": true, "points": 1}
# Checked when graded: other units and another zero, the scaler fitted on what fit gets.
### BEGIN HIDDEN TESTS
for factor, shift in [([0.001, 1.0, 1000.0], 0.0), ([1.0, 1.0, 1.0], 300.0)]:
    case_E = case_D * factor + shift
    model = fit_briefly(make_regressor((6,), 2), case_D, case_t)
    expected = np.array(model.predict(case_D[:7]))
    model = fit_briefly(make_regressor((6,), 2), case_E, case_t)
    found = np.array(model.predict(case_E[:7]))
    assert np.allclose(found, expected, rtol=1e-5, atol=1e-5), (
        f"Features times {factor} plus {shift}: the first prediction is {found[0]:.4g}, "
        f"expected {expected[0]:.4g}, as before. Is each feature's mean subtracted, and "
        "the rest divided by its spread, inside the pipeline (hint 1)?"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_make_regressor_learns", "grade": true, "points": 1}
# Checked when graded: fitted in earnest, on 1,000 rows of an easy task that is not
# linear, it explains more than 0.65 of the variance of new rows.
### BEGIN HIDDEN TESTS
case_rng = np.random.default_rng(93)
case_E = case_rng.normal(size=(1100, 3)) * [1000.0, 1.0, 0.001] + [0.0, 50.0, 0.01]
case_u = 2 * np.abs(case_E[:, 0] / 1000) - (case_E[:, 1] - 50) + 500 * case_E[:, 2]
kept_E, kept_u = case_E.copy(), case_u.copy()
model = make_regressor((50,), 5)
with catch_warnings():
    simplefilter("ignore", ConvergenceWarning)  # the share below decides
    model.fit(case_E[:1000], case_u[:1000])
found = np.array(model.predict(case_E[1000:]))
share = 1 - np.mean((found - kept_u[1000:]) ** 2) / kept_u[1000:].var()
assert share > 0.65, (
    f"On 100 new rows of an easy task your network explains {share:.2f} of the "
    "variance; expected above 0.65. Is it trained long enough, and not linear (hint 3)?"
)
### END HIDDEN TESTS

# %% [markdown]
# Now your network on the diamonds. Compare with the two bars above.

# %%
model = make_regressor((32, 16), 0).fit(D_train, price_train)
print(f"RMSE {rmse(price_val, model.predict(D_val)):.0f} dollars (validation)")

# %% [markdown]
# ## Repeat before you rank
#
# Which hidden layers are best? One run per candidate would answer a different question:
# which run was lucky. So every candidate runs with three seeds. Dots show single runs,
# dashes their mean. Where the dots of two candidates mix, three runs have not ranked
# them. (Numbers in the text are those of the network in hint 3.)

# %%
candidates, seeds = [(4,), (16,), (64,), (32, 16)], range(3)
fitted = {
    hidden: [make_regressor(hidden, s).fit(D_train, price_train) for s in seeds]
    for hidden in candidates
}
errors = pd.DataFrame(
    {
        str(hidden): [rmse(price_val, net.predict(D_val)) for net in nets]
        for hidden, nets in fitted.items()
    },
    index=[f"seed {s}" for s in seeds],
)
errors.round()

# %%
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
for _, runs in errors.iterrows():
    ax.plot(errors.columns, runs, "o", color=BLUE, alpha=0.7)
ax.plot(errors.columns, errors.mean(), "_", ms=28, color=BLUE, label="mean of 3 seeds")
bar = rmse(price_val, line.predict(D_val))
ax.axhline(bar, color=VERMILLION, ls="--", label="linear regression")
ax.set(xlabel="hidden layers", ylabel="validation RMSE (dollars)")
ax.legend(loc="center right")
plt.show()

# %% [markdown]
# *Figure:* Validation RMSE of four candidates, three dots each with their mean, and linear
# regression as a dashed line far above, at 1,200. The means fall from 980 for (4,) to 835
# for (32, 16); the dots of neighbours overlap.

# %% [markdown]
# ## Give a network too much room
#
# More units won. Is more always better? Not where rows are few. Below, a network without
# any brake (no early stopping, no penalty) learns from 240 stones only, with 1 to 64
# units: its **capacity**. Before you run it, sketch two curves over the number of units,
# the error on the 240 stones and the error on new ones. Then change `ROWS` or `UNITS`
# and see whether you can move the valley.

# %%
ROWS, UNITS = 240, [1, 2, 4, 8, 16, 64]


def unbraked(units, seed):
    """Return the errors on ROWS training stones and on the validation stones."""
    net = MLPRegressor(
        hidden_layer_sizes=(units,),
        solver="lbfgs",
        alpha=0,
        max_iter=300,
        random_state=seed,
    )
    in_units = TransformedTargetRegressor(transformer=StandardScaler(), regressor=net)
    model = make_pipeline(StandardScaler(), in_units)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # 300 steps are what is asked for
        model.fit(D_train[:ROWS], price_train[:ROWS])
    seen = rmse(price_train[:ROWS], model.predict(D_train[:ROWS]))
    return seen, rmse(price_val, model.predict(D_val))


capacity = np.array([[unbraked(units, s) for s in range(5)] for units in UNITS])

# %%
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
looks = [("training stones", BLUE, "o", "--"), ("new stones", VERMILLION, "^", "-")]
for column, (name, color, marker, style) in enumerate(looks):
    ax.plot(UNITS, capacity[:, :, column], marker, color=color, alpha=0.3)
    middle = np.median(capacity[:, :, column], axis=1)
    ax.plot(UNITS, middle, marker=marker, ls=style, color=color, label=name)
ax.set_xscale("log", base=2)
ax.set(xlabel="hidden units", ylabel="RMSE (dollars)", ylim=(0, 2000), xticks=UNITS)
ax.set_xticklabels(UNITS)
ax.legend(loc="upper center")
plt.show()

# %% [markdown]
# *Figure:* Errors against 1 to 64 units, five pale dots and their median each. The dashed
# blue curve of the training stones falls from 1,370 to 100. The solid vermillion curve of
# new stones first falls along with it, from 1,190 to its lowest point of 950 at 8 units,
# and then rises to 1,680, far above where it began.
#
# Left of the valley the network is too stiff for either kind of stone: **underfitting**.
# (That its training stones cost more than the new ones there is luck: these 240 are
# harder to price.) Right of it, it memorises its stones, chance included, and new stones
# pay for it: **overfitting**. The distance between the curves is the **generalisation
# gap**. What keeps a large network from it is called **regularisation**: early stopping
# as in hint 3 above, the penalty and dropout of lesson 08, or simply more rows.
#
# **In your own words (no points: this one is for you).** The training error of 64 units
# is by far the smallest. Why is that not a reason to choose 64 units? And why did 64
# units do well in the section above, on the same kind of stones?

# %% [markdown] nbgrader={"grade_id": "explain_capacity", "grade": true, "solution": true, "points": 0}
# **Why not 64 units here, and why there:**
#
# ### BEGIN SOLUTION
# With 64 units the network has more than 500 weights for 240 stones, so it can come close
# to every training price, including the part of it that is chance. What it learned about
# that part does not carry over to new stones, whose error is far above the valley. The
# training error cannot show this, because it asks about stones that were used to set the
# weights. In the section above there were 1,000 stones, which leave less room to memorise,
# and early stopping ended training as soon as held-back stones were predicted no better.
# ### END SOLUTION

# %% [markdown]
# ## Ask whether more data would help
#
# A **learning curve** shows the error against the number of training rows, once on
# these rows and once on the validation rows. If the two curves are far apart, the network
# memorises its rows, and more rows help. If they are close together and level, more rows
# will not do much. Three seeds again, 32 units.

# %%
counts = [100, 250, 500, 1000]
curve = np.zeros((4, 3, 2))
for i, count in enumerate(counts):
    for s in seeds:
        net = make_regressor((32,), s).fit(D_train[:count], price_train[:count])
        seen = rmse(price_train[:count], net.predict(D_train[:count]))
        curve[i, s] = seen, rmse(price_val, net.predict(D_val))

# %%
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
looks = [("training rows", BLUE, "o", "--"), ("validation rows", VERMILLION, "^", "-")]
for column, (name, color, marker, style) in enumerate(looks):
    ax.plot(counts, curve[:, :, column], marker, color=color, alpha=0.3)
    middle = curve[:, :, column].mean(axis=1)
    ax.plot(counts, middle, marker=marker, ls=style, color=color, label=name)
ax.set(xlabel="training rows", ylabel="RMSE (dollars)", ylim=(0, None))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* RMSE against 100 to 1,000 training rows, three pale dots and their mean. The
# validation error falls with more rows, steeply up to 250, where the seeds also differ
# most; the training error falls along with it, a little lower.

# %% [markdown]
# ## Look at the test stones, once
#
# You have chosen with the validation rows, so their error is a little too kind. Now the
# stones that nobody has looked at, once, for the candidate that validation prefers, with
# all three of its seeds. Every figure above was a rehearsal for this number.

# %%
chosen = min(candidates, key=lambda hidden: errors[str(hidden)].mean())
final = fitted[chosen][0]
found = [rmse(price_test, net.predict(D_test)) for net in fitted[chosen]]
print(f"{len(D_test):,} stones for the test, hidden layers {chosen}")
print(f"network, seeds 0 to 2  {np.round(found)}, mean {np.mean(found):.0f} dollars")
print(f"linear regression      {rmse(price_test, line.predict(D_test)):.0f} dollars")

# %% [markdown]
# ## Let a small data set vote five times
#
# With 442 patients, as in `load_diabetes`, a fifth for validation is 88 rows: the luck
# of the split moves the error. **Cross-validation** cuts the rows into five parts and
# trains five times. Each part is the validation part once. The pipeline goes in whole,
# so the scaler is fitted five times, too, each time on four parts only.
#
# The target is a measure of how far the disease has progressed after a year, 25 to 346.

# %%
patients, progress = load_diabetes(return_X_y=True)
folds = KFold(5, shuffle=True, random_state=0)
for name, model in {
    "linear regression": LinearRegression(),
    "network": make_regressor((32,), 0),
}.items():
    parts = -cross_val_score(
        model, patients, progress, cv=folds, scoring="neg_root_mean_squared_error"
    )
    print(f"{name:18} {parts.mean():.1f} ± {parts.std(ddof=1):.1f}   {parts.round(1)}")

# %% [markdown]
# Compare part by part. Neither wins all five, and on average linear regression is no
# worse, with 11 parameters instead of 385. On small, noisy tables that is a usual
# outcome, and a report that leaves it out is not honest. (scikit-learn maximises
# scores, hence its *negative* error and the minus sign.)

# %% [markdown]
# ## Split so that every class is in every part
#
# The labels of Iris are sorted: 50 of each species. Cut without shuffling, the last
# part holds one species only. Shuffled, the shares still vary by chance: of 14 flowers
# for validation, 3, 7 and 4 of the three species. A **stratified** split gives every part
# the same shares.
#
# **Your turn (2 points): write `stratified_split`,** 60 % for training, 20 % for
# validation, 20 % for the test, every part stratified.
#
# <details><summary>Hint 1: how do you get three parts from a function that makes
# two?</summary>
#
# Call it twice: first cut off 40 %, then cut these into halves.
#
# </details>
# <details><summary>Hint 2: the option</summary>
#
# `train_test_split` has the argument `stratify`. It gets the labels of the rows that
# are being cut, which are not the same in the two calls.
#
# </details>
# <details><summary>Hint 3: the order of what comes back</summary>
#
# `train_test_split(X, y, ...)` returns two parts of X, then two parts of y. Lesson 07
# has the same two calls in its first section; here the seed is an argument.
#
# </details>


# %% nbgrader={"grade_id": "stratified_split", "solution": true}
def stratified_split(X, y, seed):
    """Split examples 60/20/20 with the same share of each class in every part.

    Parameters
    ----------
    X : ndarray, shape (N, D)
        Examples; left unchanged.
    y : ndarray of int, shape (N,)
        Class labels.
    seed : int
        The same seed gives the same split, another seed a different one.

    Returns
    -------
    X_train, X_val, X_test, y_train, y_val, y_test : ndarrays
        Every row once, in any order, each beside its label.
    """
    ### BEGIN SOLUTION
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, train_size=0.6, stratify=y, random_state=seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, train_size=0.5, stratify=y_rest, random_state=seed
    )
    return X_train, X_val, X_test, y_train, y_val, y_test
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_stratified_split_example", "grade": true, "points": 0.5}
case_labels = np.repeat([0, 1, 2], [10, 15, 25])
case_rows = np.column_stack([np.arange(50.0), case_labels + 0.5])
found = stratified_split(case_rows.copy(), case_labels.copy(), 3)
assert isinstance(found, tuple | list) and len(found) == 6, (
    f"stratified_split returned {found!r:.60}; a right one returns six arrays."
)
sizes_found = [np.shape(part) for part in found]
assert sizes_found == [(30, 2), (10, 2), (10, 2), (30,), (10,), (10,)], (
    f"Of 50 rows stratified_split made parts of the shapes {sizes_found}; expected "
    "(30, 2), (10, 2), (10, 2) and three times their labels (hint 3)."
)
for name, part, share in zip(
    ["training", "validation", "test"], found[3:], [3, 1, 1], strict=True
):
    counts_found = np.bincount(np.asarray(part, dtype=int), minlength=3)
    assert np.array_equal(counts_found, np.array([2, 3, 5]) * share), (
        f"In the {name} part the classes have {counts_found} rows, expected "
        f"{np.array([2, 3, 5]) * share}: not stratified (hint 2)."
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_stratified_split_rows", "grade": true, "points": 1}
# Checked when graded: every row once, beside its own label; shuffled data as well.
### BEGIN HIDDEN TESTS
case_rng = np.random.default_rng(94)
case_order = case_rng.permutation(120)
case_labels = np.repeat([0, 1, 2, 3], [20, 20, 30, 50])[case_order]
case_rows = np.column_stack([np.arange(120.0), case_labels + 0.5, np.arange(120) / 7])
kept_rows = case_rows.copy()
found = stratified_split(case_rows, case_labels, 11)
assert np.array_equal(case_rows, kept_rows), (
    "stratified_split changed X; work on a copy."
)
for part, labels, rows in zip(found[:3], found[3:], (72, 24, 24), strict=True):
    part, labels = np.asarray(part), np.asarray(labels)
    assert part.shape == (rows, 3) and labels.shape == (rows,), (
        f"Of 120 rows one part has the shapes {part.shape} and {labels.shape}, "
        f"expected ({rows}, 3) and ({rows},)."
    )
    assert np.array_equal(part[:, 1] - 0.5, labels), (
        "Rows and labels are mixed up: a row has the label of another one."
    )
    counts_found = np.bincount(labels.astype(int), minlength=4) / rows
    assert np.allclose(counts_found, [1 / 6, 1 / 6, 1 / 4, 5 / 12], atol=0.03), (
        f"The classes have the shares {counts_found.round(2)} in one part of {rows} "
        "rows, expected 0.17, 0.17, 0.25 and 0.42: not stratified (hint 2)."
    )
parts_found = np.concatenate([np.asarray(part) for part in found[:3]])
parts_found = parts_found[np.argsort(parts_found[:, 0])]
assert np.array_equal(parts_found[:, 0], np.arange(120)), (
    f"The three parts hold {np.unique(parts_found[:, 0]).size} different rows of 120; "
    "every row belongs to one part. Is the second cut made from what the first left "
    "(hint 1)?"
)
assert np.array_equal(parts_found, case_rows), (
    "The rows of the three parts are not those of X; expected each of them unchanged."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_stratified_split_seed", "grade": true, "points": 0.5}
# Checked when graded: the seed decides.
### BEGIN HIDDEN TESTS
rows_of = {}
for case_seed in (0, 5, 0, 9):
    found = stratified_split(case_rows.copy(), case_labels.copy(), case_seed)
    parts_found = [np.sort(np.asarray(part)[:, 0]).tolist() for part in found[:3]]
    assert rows_of.setdefault(case_seed, parts_found) == parts_found, (
        f"Two calls with seed {case_seed} gave different parts: hand the seed on, in "
        "both cuts."
    )
for place, name in enumerate(["training", "validation", "test"]):
    assert rows_of[5][place] != rows_of[9][place], (
        f"The seeds 5 and 9 give the same {name} rows: is the seed fixed inside, or is "
        "nothing shuffled?"
    )
# Other examples of the same shape, with as many of each class, and the same seed.
case_more = case_rows[::-1] + [1000, 0, 0]
found = stratified_split(case_more.copy(), case_labels[::-1].copy(), 5)
seen = np.sort(np.concatenate([np.asarray(part)[:, 0] for part in found[:3]]))
assert np.array_equal(seen, np.arange(1000, 1120)), (
    f"A second table of the same shape, rows 1000 to 1119: the parts hold the rows "
    f"{seen[0]:g} to {seen[-1]:g}. Split what you are given."
)
for part, labels in zip(found[:3], found[3:], strict=True):
    assert np.array_equal(np.asarray(part)[:, 1] - 0.5, np.asarray(labels)), (
        "A second table of the same shape: rows and labels are mixed up."
    )
found = stratified_split(np.arange(20.0).reshape(10, 2), np.zeros(10, int), 5)
seen = np.sort(np.concatenate([np.asarray(part)[:, 0] for part in found[:3]]))
assert np.array_equal(seen, np.arange(0, 20, 2)), (
    f"Ten rows of one class: the parts hold {seen}; expected every row once."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Build a classifier that says when it is not done
#
# `MLPClassifier` learns class probabilities: `predict_proba(X)` has one column per class,
# `predict(X)` names the largest. With its default settings on Iris it stops after 200
# epochs with the warning you know, far from done. Raising `max_iter` is one way out.
#
# Another is the solver. `"adam"` takes many cheap steps on mini-batches and suits large
# data. `"lbfgs"` uses all rows in every step and chooses the length of the step itself;
# on a few hundred rows it is done sooner.
#
# **Your turn (3 points): write `make_classifier`.** Again a new pipeline, scaled, not
# fitted. Fitted on Iris it must converge: no ConvergenceWarning. Hiding the warning does
# not help; the test asks for it.
#
# <details><summary>Hint 1: what stays the same?</summary>
#
# Everything but the network: the scaler, the names of the arguments, the seed. There is
# no target to scale; labels are names, not quantities.
#
# </details>
# <details><summary>Hint 2: when is training done?</summary>
#
# When the loss hardly falls (`tol`) or when `max_iter` is reached, whichever comes
# first. Only the second is a problem. A larger `tol` stops sooner, with a worse
# network.
#
# </details>
# <details><summary>Hint 3: numbers that work</summary>
#
# `max_iter=10_000` with either solver. `"lbfgs"` needs a few hundred of them here,
# `"adam"` one or two thousand.
#
# </details>


# %% nbgrader={"grade_id": "make_classifier", "solution": true}
def make_classifier(hidden, seed):
    """Build a network for classification that scales its features itself.

    Parameters
    ----------
    hidden : tuple of int
        Units of each hidden layer, for example (5,).
    seed : int, 0 or more
        Two pipelines with the same seed, fitted on the same data, predict the same.

    Returns
    -------
    pipeline : sklearn.pipeline.Pipeline
        Not fitted. On 150 flowers it trains to the end, without ConvergenceWarning.
    """
    ### BEGIN SOLUTION
    net = MLPClassifier(
        hidden_layer_sizes=hidden, solver="lbfgs", max_iter=10_000, random_state=seed
    )
    return make_pipeline(StandardScaler(), net)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_make_classifier_example", "grade": true, "points": 0.5}
def options_of(model, name):
    """Return the values of every setting with this name, of all links."""
    return [v for k, v in model.get_params().items() if k.split("__")[-1] == name]


def shares_of(model, features, labels, new):
    """Fit with a tolerance so large that training ends soon; return probabilities."""
    names = [k for k in model.get_params() if k.split("__")[-1] == "tol"]
    model.set_params(**dict.fromkeys(names, 1e9))
    try:
        model.fit(features, labels)
        return np.array(model.predict_proba(new))
    except Exception as problem:
        raise AssertionError(
            f"Your pipeline failed, {type(problem).__name__}: {problem!s:.150} … Is "
            "its last link an MLPClassifier, every argument by its name (hint 1)?"
        ) from None


case_rng = np.random.default_rng(95)
case_labels = np.arange(60) % 3
case_D = case_rng.normal(size=(60, 4)) + case_labels[:, None]
case_D = case_D * [1000.0, 1.0, 0.01, 1.0] + [0.0, 50.0, 0.0, 0.0]
model = make_classifier((5, 3), 4)
assert isinstance(model, Pipeline), (
    f"make_classifier returned {model!r:.60}; a right one returns a Pipeline (hint 1)."
)
sizes = options_of(model, "hidden_layer_sizes")
found = [tuple(np.ravel(size).tolist()) for size in sizes]
assert found == [(5, 3)], (
    f"make_classifier((5, 3), 4) has networks with the hidden layers {found}; expected "
    "one network, with (5, 3). Pass hidden on, by name (hint 1)."
)
assert options_of(model, "random_state") != [None], (
    "random_state is None: the first weights change from run to run (hint 1)."
)
found = shares_of(model, case_D, case_labels, case_D[:7])
assert found.shape == (7, 3) and np.allclose(found.sum(axis=1), 1), (
    f"predict_proba returned {found!r:.60} for 7 rows and 3 classes; expected (7, 3)."
)
other_unit = shares_of(
    make_classifier((5, 3), 4), case_D * 1000, case_labels, case_D[:7] * 1000
)
assert np.allclose(found, other_unit, atol=1e-6), (
    f"With all features in a unit 1000 times smaller the first probability changed from "
    f"{found[0, 0]:.4f} to {other_unit[0, 0]:.4f}; a scaled network does not notice. Is "
    "the scaler in the pipeline, in front of the network (hint 1)?"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_make_classifier_seed", "grade": true, "points": 1}
# Checked when graded: the seed decides, 0 included; units and zero of the features.
### BEGIN HIDDEN TESTS
first_shares = {}
for case_seed in (0, 3, 0, 8):
    model = make_classifier((4, 6), case_seed)
    found = shares_of(model, case_D, case_labels, case_D[:7])
    assert np.array_equal(first_shares.setdefault(case_seed, found), found), (
        f"Two pipelines with seed {case_seed} and the same data say "
        f"{first_shares[case_seed][0, 0]:.4f} and {found[0, 0]:.4f}: pass the seed on, "
        "also when it is 0."
    )
assert not np.allclose(first_shares[3], first_shares[8]), (
    "Pipelines with the seeds 3 and 8 say the same: is another number used for every "
    "seed?"
)
expected = shares_of(make_classifier((6,), 2), case_D, case_labels, case_D[:7])
for factor, shift in [([0.001, 1.0, 1000.0, 2.0], 0.0), (1.0, 300.0)]:
    case_E = case_D * factor + shift
    found = shares_of(make_classifier((6,), 2), case_E, case_labels, case_E[:7])
    assert np.allclose(found, expected, atol=1e-5), (
        f"Features times {factor} plus {shift}: the first probability is "
        f"{found[0, 0]:.4f}, expected {expected[0, 0]:.4f}, as before. Is each feature's "
        "mean subtracted, and the rest divided by its spread, inside the pipeline (hint 1)?"
    )
(found,) = options_of(make_classifier((9,), 2), "hidden_layer_sizes")
assert tuple(np.ravel(found).tolist()) == (9,), (
    f"make_classifier((9,), 2) after one with (6,) has the hidden layers {found}; each "
    "call builds the network that is asked for."
)
first, second = make_classifier((4,), 1), make_classifier((4,), 1)
shares_of(first, case_D, case_labels, case_D[:2])
try:
    found = second.predict(case_D[:2])
except Exception as problem:
    found = type(problem).__name__
assert isinstance(found, str), (
    "A second pipeline predicts as soon as it is made: build a new one in every call, "
    "and leave fitting to the caller."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_make_classifier_done", "grade": true, "points": 1.5}
# Checked when graded: fitted on Iris without ConvergenceWarning, and it knows the
# flowers.
### BEGIN HIDDEN TESTS
case_iris = load_iris()
model = make_classifier((8,), 42)
with catch_warnings(record=True) as caught_warnings:
    simplefilter("always", ConvergenceWarning)
    model.fit(case_iris.data.copy(), case_iris.target.copy())
stopped = [w for w in caught_warnings if issubclass(w.category, ConvergenceWarning)]
assert not stopped, (
    "make_classifier((8,), 42) fitted on Iris warns: "
    f"{stopped[0].message!s:.90}. Training was cut off; allow more (hint 2)."
)
found = np.array(model.predict(case_iris.data.copy()))
correct = np.mean(found == case_iris.target)
assert correct > 0.9, (
    "make_classifier((8,), 42) fitted on Iris is right on "
    f"{correct:.2f} of the very flowers that it was fitted on; expected above 0.9. "
    "Does it stop too early (hint 2)?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## See what 14 flowers can tell
#
# A published notebook keeps 14 flowers for validation and reports an accuracy of `1.0`.
# The same recipe, split and network with another seed, twenty times over: what do you
# expect?

# %%
flowers = load_iris()
scores = []
for seed in range(20):
    X_fit, _, y_fit, _ = train_test_split(
        flowers.data, flowers.target, test_size=0.1, random_state=seed
    )
    X_in, X_14, y_in, y_14 = train_test_split(
        X_fit, y_fit, test_size=0.1, random_state=seed
    )
    scores.append(make_classifier((5,), seed).fit(X_in, y_in).score(X_14, y_14))
hits = np.round(14 * np.array(scores)).astype(int)
print(f"{hits.min()} to {hits.max()} of {len(y_14)} right, mean {hits.mean():.1f}")

# %%
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
right, runs = np.unique(hits, return_counts=True)
ax.bar(right, runs, color=BLUE, width=0.8, label="20 splits")
ax.axvline(hits.mean(), color=VERMILLION, ls="--", label="mean")
ax.set(
    xlabel="flowers named correctly, of 14",
    ylabel="splits",
    xticks=range(hits.min(), 15),
)
ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# *Figure:* Bars over the number of flowers named correctly, 11 to 14 of 14. The tallest
# bar, nine splits, is at 14; a dashed line marks the mean at 13.1.

# %% [markdown]
# "1.0" is one bar of this figure. Are the twenty networks so different, or is it luck
# which 14 flowers were asked? If all had the same share $p$ of right answers, and every
# flower were a toss of a biased coin that lands "right" with probability $p$, the number
# of right ones would have a standard deviation of $\sqrt{14\,p\,(1 - p)}$.

# %%
p_mean = hits.mean() / 14
print(f"standard deviation of the 20 numbers {hits.std():.2f} flowers")
print(f"of 14 tosses of a coin               {np.sqrt(14 * p_mean * (1 - p_mean)):.2f}")

# %% [markdown]
# There is no more spread than luck would make. (That does not prove that luck is all
# there is: the splits share flowers, and a standard deviation from 20 numbers is good to
# about a sixth.) With 14 flowers you measure the luck of the draw more than the network.

# %% [markdown]
# ## Say how sure you are
#
# You have one split and 14 of 14 right. Suppose the network is right on a share $p$ of
# all flowers. Then 14 of 14 happens with probability $p^{14}$. For $p = 0.9$ that is
# 0.23: nothing unusual. For $p = 0.5$ it is 0.00006: you would not believe it. A
# **confidence interval** collects the values of $p$ that the result does not rule out.
#
# The usual formula, $k/n \pm z \sqrt{\frac{k}{n}(1 - \frac{k}{n})/n}$, estimates the
# spread from the result. With 14 of 14 the root is 0 and the interval is
# $[1, 1]$: total certainty from 14 flowers.

# %% [markdown]
# Edwin Wilson (1927) took the spread that belongs to each $p$ instead. He kept every
# $p$ with
#
# $$\left| \tfrac{k}{n} - p \right| \le z \sqrt{p\,(1 - p)/n}$$
#
# Both sides squared, this is a quadratic inequality in $p$, and its ends are
#
# $$\frac{k + \frac{1}{2} z^2}{n + z^2} \;\pm\; \frac{z}{n + z^2}
# \sqrt{\frac{k\,(n - k)}{n} + \frac{z^2}{4}}$$
#
# $z$ says how many standard deviations are not unusual. For a confidence of 95 % it is
# 1.96: 2.5 % of a normal distribution lie above it, 2.5 % below −1.96. The function
# `norm.ppf(q)` returns the point below which a share $q$ lies.
#
# **Your turn (4 points): write `accuracy_interval`.** Wilson's formula will do, and so
# will any other method that keeps its promise for small $n$ (Clopper-Pearson,
# Jeffreys).
#
# <details><summary>Hint 1: check the ends first</summary>
#
# What must the upper end be for 14 of 14, and can the lower end be 1 as well? For 0 of
# 14 everything is mirrored. Neither end leaves 0 to 1.
#
# </details>
# <details><summary>Hint 2: z from the confidence</summary>
#
# 95 % in the middle leave 5 %, half of them on each side. So $z$ is the point with
# 97.5 % below it. What is 0.975, written with `conf` = 0.95?
#
# </details>
# <details><summary>Hint 3: two lines</summary>
#
# Compute the middle, $(k + z^2/2)/(n + z^2)$, and the half width behind the ±. Under
# the root there are two terms; the second one keeps the width above 0 when $k = n$.
#
# </details>


# %% nbgrader={"grade_id": "accuracy_interval", "solution": true}
def accuracy_interval(k, n, conf):
    """Return the shares of right answers that k right of n do not rule out.

    Parameters
    ----------
    k, n : int
        Right answers, 0 to n, and all answers, at least 1.
    conf : float
        Confidence as a share, for example 0.95; two-sided, half of the rest on
        either side.

    Returns
    -------
    lo, hi : float
        0 <= lo <= k / n <= hi <= 1
    """
    ### BEGIN SOLUTION
    z = norm.ppf((1 + conf) / 2)
    middle = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return middle - half, middle + half
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_accuracy_interval_example", "grade": true, "points": 1}
found = accuracy_interval(14, 14, 0.95)
assert isinstance(found, tuple | list | np.ndarray) and len(found) == 2, (
    f"accuracy_interval returned {found!r:.60}; a right one returns two numbers, lo, hi."
)
assert not any(isinstance(end, str) for end in found), (
    f"accuracy_interval returned texts, {found!r:.60}; a right one returns numbers."
)
lo_found, hi_found = (float(end) for end in found)
cause = "See hint 3."
if lo_found > hi_found:
    cause = "The ends are exchanged; the lower one comes first."
elif hi_found > 2:
    cause = "These are percent; return shares between 0 and 1."
elif lo_found == hi_found:
    cause = "The width is 0: this is the usual formula (or z is 0); see hint 3."
elif hi_found < 0.5:
    cause = "These are the shares of wrong answers; k counts right ones."
elif hi_found > 1 + 1e-9:
    cause = "More than all cannot be right; see hint 1."
elif lo_found > 0.85:
    cause = "The interval is too narrow; look at z (hint 2)."
assert 0.73 <= lo_found <= 0.85 and 0.98 <= hi_found <= 1 + 1e-9, (
    f"For 14 of 14 at 95 % accuracy_interval returned {lo_found:.4f} to {hi_found:.4f}; "
    f"expected a lower end between 0.73 and 0.85, and an upper end of 1. {cause}"
)
lo_found, hi_found = (float(end) for end in accuracy_interval(70, 100, 0.95))
cause = "See hint 3."
if abs(lo_found - 0.62) < 0.005:
    cause = "All 5 % are on one side; half belong on each (hint 2)."
elif hi_found < 0.5:
    cause = "These are the shares of wrong answers; k counts right ones."
assert 0.592 <= lo_found <= 0.608 and 0.778 <= hi_found <= 0.792, (
    f"For 70 of 100 at 95 % accuracy_interval returned {lo_found:.4f} to {hi_found:.4f}; "
    f"expected about 0.60 to 0.78. {cause}"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_accuracy_interval_values", "grade": true, "points": 1.5}
# Checked when graded: other k, n and confidences, within what the good methods say.
### BEGIN HIDDEN TESTS
# Wilson with and without correction, Clopper-Pearson, Jeffreys: least and largest end.
case_intervals = {
    (70, 100, 0.95): ((0.5989, 0.6055), (0.7811, 0.7876)),
    (180, 200, 0.9): ((0.8568, 0.8609), (0.9297, 0.9327)),
    (3, 20, 0.99): ((0.0176, 0.0388), (0.4191, 0.4622)),
    (1, 7, 0.8): ((0.0142, 0.0438), (0.3714, 0.4555)),
    (970, 1000, 0.95): ((0.9569, 0.9580), (0.9789, 0.9797)),
    (25, 30, 0.5): ((0.7626, 0.7825), (0.8720, 0.8887)),
}
for (case_k, case_n, case_conf), (lows, highs) in case_intervals.items():
    lo_found, hi_found = (
        float(e) for e in accuracy_interval(case_k, case_n, case_conf)
    )
    name = f"accuracy_interval({case_k}, {case_n}, {case_conf})"
    for which, end, (least, most) in [
        ("lower", lo_found, lows),
        ("upper", hi_found, highs),
    ]:
        assert least - 0.002 <= end <= most + 0.002, (
            f"{name}: the {which} end is {end:.4f}; good methods lie between "
            f"{least} and {most}. Do k, n and conf all enter (hints 2 and 3)?"
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_accuracy_interval_edges", "grade": true, "points": 1.5}
# Checked when graded: none right, one example, mirrored counts, more data, more
# confidence.
### BEGIN HIDDEN TESTS
for case_k, case_n in [(0, 14), (14, 14), (0, 1), (1, 1), (5, 7), (970, 1000)]:
    lo_found, hi_found = (float(e) for e in accuracy_interval(case_k, case_n, 0.95))
    name = (
        f"accuracy_interval({case_k}, {case_n}, 0.95) = {lo_found:.4f}, {hi_found:.4f}"
    )
    assert -1e-9 <= lo_found <= hi_found <= 1 + 1e-9, f"{name}: not within 0 to 1."
    assert hi_found - lo_found > 0.01, f"{name}: nothing is that certain (hint 3)."
    assert lo_found - 1e-3 <= case_k / case_n <= hi_found + 1e-3, (
        f"{name} leaves out {case_k / case_n:.3f}, the share that was seen."
    )
    lo_mirror, hi_mirror = (
        float(e) for e in accuracy_interval(case_n - case_k, case_n, 0.95)
    )
    assert (
        abs(lo_mirror + hi_found - 1) < 1e-4 and abs(hi_mirror + lo_found - 1) < 1e-4
    ), (
        f"{name}, but with right and wrong exchanged {lo_mirror:.4f}, {hi_mirror:.4f}; "
        "expected 1 minus the ends, in the other order (hint 1)."
    )
widths = []
for case_k, case_n, case_conf in [(8, 10, 0.95), (80, 100, 0.95), (80, 100, 0.5)]:
    lo_found, hi_found = (
        float(e) for e in accuracy_interval(case_k, case_n, case_conf)
    )
    widths.append(hi_found - lo_found)
assert widths[0] > 2 * widths[1] and widths[1] > 2 * widths[2], (
    f"8 of 10 at 95 %, 80 of 100 at 95 % and at 50 %: the widths are "
    f"{np.round(widths, 3)}; more data and less confidence make it narrower (hint 2)."
)
lo_found, hi_found = (float(e) for e in accuracy_interval(98_000, 100_000, 0.95))
assert 0.0015 < hi_found - lo_found < 0.0020, (
    f"accuracy_interval(98_000, 100_000, 0.95) = {lo_found}, {hi_found}; expected a "
    "width of about 0.0017. Are the ends rounded?"
)
### END HIDDEN TESTS

# %% [markdown]
# What the 14 flowers say, and what more would have said. The share of right answers is
# 1 in the first four rows and 0.98 in the last.

# %%
for k, n in [(3, 3), (14, 14), (30, 30), (150, 150), (9_800, 10_000)]:
    lo, hi = accuracy_interval(k, n, 0.95)
    print(f"{k:5} of {n:6}: {lo:.3f} to {hi:.3f}")

# %% [markdown]
# "14 of 14" is compatible with a network that is wrong on every fifth flower. The
# interval covers the luck of which flowers were asked. It covers neither the luck of
# the training (that took repeated seeds) nor flowers of another kind than those in the
# table.
#
# Now your own split, with 30 flowers for validation, and the interval beside the score:

# %%
X_train, X_val, X_test, y_train, y_val, y_test = stratified_split(
    flowers.data, flowers.target, seed=0
)
classifier = make_classifier((5,), 0).fit(X_train, y_train)
k = int(np.sum(classifier.predict(X_val) == y_val))
lo, hi = accuracy_interval(k, len(y_val), 0.95)
print(f"{k} of {len(y_val)} right: {lo:.2f} to {hi:.2f} with 95 % confidence")

# %% [markdown]
# ## Choose the last layer by the question
#
# Hidden layers are a matter of taste and trial: 1 to 5 of them, 10 to 100 units each,
# ReLU, are where people start. The last layer is not. It follows from what is asked.
#
# | question | outputs | loss |
# |---|---|---|
# | regression: a number of any size, several numbers | one per number | MSE; Huber or MAE with outliers |
# | bounded regression: a share between 0 and 1 | one per number | MSE |
# | binary: yes or no? | 1 | cross-entropy |
# | multilabel: which of these tags, any number of them? | one per tag | cross-entropy of each tag |
# | multiclass: which one of C classes? | one per class | cross-entropy |
#
# What is missing is the activation of the outputs: **identity** (none), **logistic**
# (scikit-learn's name for the sigmoid) or **softmax**.
#
# **Your turn (2 points): write `out_activation`.** The columns of the table say what may
# come out and what has to add up.
#
# <details><summary>Hint 1: which values are allowed?</summary>
#
# Any number, or 0 to 1? If 0 to 1: can two outputs be near 1 at the same time?
#
# </details>
# <details><summary>Hint 2: what each activation promises</summary>
#
# Identity promises nothing. The logistic function keeps each output between 0 and 1,
# whatever the others do. Softmax makes the outputs of an example add up to 1.
#
# </details>
# <details><summary>Hint 3: how often does each occur?</summary>
#
# Once, three times and once.
#
# </details>


# %% nbgrader={"grade_id": "out_activation", "solution": true}
def out_activation(task):
    """Return the activation of the output layer that fits a task.

    Parameters
    ----------
    task : str
        "regression", "bounded regression" (targets between 0 and 1), "binary" (one
        output), "multilabel" or "multiclass".

    Returns
    -------
    name : str
        "identity", "logistic" or "softmax".
    """
    ### BEGIN SOLUTION
    table = {
        "regression": "identity",
        "bounded regression": "logistic",
        "binary": "logistic",
        "multilabel": "logistic",
        "multiclass": "softmax",
    }
    return table[task]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_out_activation_form", "grade": true, "points": 0.5}
def answer_for(task):
    """Return the answer; a dictionary in place of a function is fine, too."""
    return out_activation(task) if callable(out_activation) else out_activation[task]


case_tasks = ["regression", "bounded regression", "binary", "multilabel", "multiclass"]
for task in case_tasks:
    found = answer_for(task)
    assert found in ("identity", "logistic", "softmax"), (
        f"out_activation({task!r}) returned {found!r:.60}; expected one of 'identity', "
        "'logistic' and 'softmax'."
    )
print("Your answers have the right form; their values are checked at grading.")

# %% nbgrader={"grade_id": "test_out_activation_numbers", "grade": true, "points": 0.5}
# Checked when graded: both kinds of regression.
### BEGIN HIDDEN TESTS
found = answer_for("regression")
assert found == "identity", (
    f"regression: {found}; expected an activation that a price of 326 dollars can come "
    "out of (hint 1)."
)
found = answer_for("bounded regression")
assert found == "logistic", (
    f"bounded regression: {found}. A share lies between 0 and 1, and it need not add up "
    "to 1 with anything: a softmax over one output is always 1."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_out_activation_classes", "grade": true, "points": 1}
# Checked when graded: binary, multilabel and multiclass.
### BEGIN HIDDEN TESTS
found = {task: answer_for(task) for task in case_tasks[2:]}
reasons = {
    "binary": "one output between 0 and 1; a softmax over one output is always 1",
    "multilabel": "several tags can be right at once, so they do not add up to 1",
    "multiclass": "one class is right, so the shares add up to 1",
}
expected = {"binary": "logistic", "multilabel": "logistic", "multiclass": "softmax"}
wrong_ones = [
    f"{task}: {found[task]} ({reasons[task]})"
    for task in expected
    if found[task] != expected[task]
]
assert not wrong_ones, "; ".join(wrong_ones)
### END HIDDEN TESTS

# %% [markdown]
# What does scikit-learn choose? A fitted network says so in `out_activation_`. You
# cannot set it: `MLPClassifier` reads it off the labels, and `MLPRegressor` has the
# identity (newer versions also an exponential, for counts). For ReLU, softplus or tanh at
# the output of a regression you need your own network, or Keras in the next lesson.

# %%
tags = np.column_stack([flowers.target == 0, flowers.data[:, 0] > 5.8]).astype(int)
for task, labels in {
    "binary": flowers.target == 1,
    "multilabel": tags,
    "multiclass": flowers.target,
}.items():
    net = make_classifier((5,), 0).fit(flowers.data, labels)[-1]
    print(f"{task:10} {net.n_outputs_} outputs, {net.out_activation_}")

# %% [markdown]
# ## Open the box: the forward pass
#
# A fitted network of scikit-learn is what you built in lesson 07. It keeps its numbers
# in four attributes:
#
# | attribute | what |
# |---|---|
# | `coefs_` | list of weights, one array (inputs, outputs) per layer |
# | `intercepts_` | list of biases, one array (outputs,) per layer |
# | `activation` | of the hidden layers: `"identity"`, `"relu"`, `"tanh"` or `"logistic"` |
# | `out_activation_` | of the last layer |
#
# The four activations and softmax are given, by scikit-learn's names. So are the slopes
# of the hidden ones, computed from the activation's *output* $a$, as in lesson 02: for
# ReLU 1 where $a > 0$, for tanh $1 - a^2$, for the logistic function $a (1 - a)$.


# %%
def activate(name, Z):
    """Return the activation with scikit-learn's name, applied to Z (N, H)."""
    if name == "softmax":
        return softmax(Z, axis=1)
    if name == "identity":
        return Z
    if name == "relu":
        return np.maximum(Z, 0)
    return np.tanh(Z) if name == "tanh" else expit(Z)


def slope_at(name, A):
    """Return the slope of a hidden activation where its output is A (N, H)."""
    if name == "identity":
        return np.ones_like(A)
    if name == "relu":
        return (A > 0).astype(float)
    return 1 - A**2 if name == "tanh" else A * (1 - A)


# %% [markdown]
# **Your turn (4 points): write `forward_from_sklearn`,** from these four attributes
# alone. Its result has the form that scikit-learn's has, and there are three forms:
#
# | `out_activation_` | result |
# |---|---|
# | softmax, or logistic with several outputs (tags) | (N, outputs), as they are |
# | logistic with one output $p$ | (N, 2): the columns $1 - p$ and $p$ |
# | identity (regression) | (N,) for one output, (N, K) for K outputs |
#
# <details><summary>Hint 1: which layers are alike?</summary>
#
# All but the last. The last one has another activation, and its own attribute names it.
#
# </details>
# <details><summary>Hint 2: one layer</summary>
#
# Batch times weights, plus biases, then the activation: $A_{k+1} = f(A_k W_k + b_k)$.
# `zip` walks through two lists at once; `[:-1]` is a list without its last item. With
# no hidden layer the loop does not run at all, and that is right.
#
# </details>
# <details><summary>Hint 3: the three forms</summary>
#
# Look at the number of columns of the last output. More than one: return it. One, and
# logistic: `np.column_stack` puts two columns side by side. One, and identity: `ravel`.
#
# </details>


# %% nbgrader={"grade_id": "forward_from_sklearn", "solution": true}
def forward_from_sklearn(mlp, X):
    """Compute what a fitted network of scikit-learn computes, from its weights.

    Uses coefs_, intercepts_, activation and out_activation_ of the network, not its
    predict or predict_proba.

    Parameters
    ----------
    mlp : fitted MLPClassifier or MLPRegressor
        Left unchanged.
    X : ndarray, shape (N, D)
        Examples, scaled already; left unchanged.

    Returns
    -------
    out : ndarray
        Equal to mlp.predict_proba(X) for a classifier (for tags too), to
        mlp.predict(X) for a regressor, up to rounding.
    """
    ### BEGIN SOLUTION
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    if out.shape[1] > 1:
        return out
    if mlp.out_activation_ == "logistic":
        return np.column_stack([1 - out, out])
    return out.ravel()
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_forward_from_sklearn_example", "grade": true, "points": 1}
def fitted_mlp(sizes, targets, activation, seed):
    """Return a fitted network with weights and biases drawn here, none of them 0."""
    draw = np.random.default_rng(seed)
    kind = MLPClassifier if targets.dtype.kind == "i" else MLPRegressor
    mlp = kind(
        hidden_layer_sizes=sizes[1:], activation=activation, tol=1e9, n_iter_no_change=1
    )
    mlp.fit(draw.normal(size=(len(targets), sizes[0])), targets)
    mlp.coefs_ = [draw.normal(0.1, 0.8, size=c.shape) for c in mlp.coefs_]
    mlp.intercepts_ = [draw.normal(0.4, 0.6, size=c.shape) for c in mlp.intercepts_]
    return mlp


case_rng = np.random.default_rng(96)
case_targets = {
    "three classes": np.arange(9) % 3,
    "two classes": np.arange(9) % 2,
    "one number": case_rng.normal(size=9),
}
for name, targets in case_targets.items():
    case_mlp = fitted_mlp((4, 3), targets, "tanh", 97)
    case_D = case_rng.normal(size=(5, 4))
    regresses = name == "one number"
    expected = (case_mlp.predict if regresses else case_mlp.predict_proba)(case_D)
    last = case_mlp.intercepts_[-1]
    case_mlp.intercepts_[-1] = 0 * last
    no_last = (case_mlp.predict if regresses else case_mlp.predict_proba)(case_D)
    case_mlp.intercepts_[-1] = last
    case_mlp.predict = case_mlp.predict_proba = "not to be used here"
    try:
        found = forward_from_sklearn(case_mlp, case_D.copy())
    except TypeError as problem:
        if "'str' object is not callable" in str(problem):
            raise AssertionError(
                f"{name}: your function calls predict or predict_proba of the network; "
                "work from its weights (hint 2)."
            ) from None
        raise
    assert np.shape(found) == expected.shape, (
        f"{name}: forward_from_sklearn returned an array of the shape "
        f"{np.shape(found)}; a right one has {expected.shape} (hint 3)."
    )
    cause = "see hints 1 and 2"
    if np.allclose(found, no_last):
        cause = "the biases of the last layer are missing (hint 2)"
    elif regresses and np.allclose(found, np.maximum(expected, 0)):
        cause = "the output went through a ReLU; use out_activation_ (hint 1)"
    elif regresses and np.allclose(found, np.tanh(expected)):
        cause = "the output went through tanh as well; use out_activation_ (hint 1)"
    elif not regresses and np.allclose(found, expected[:, ::-1]):
        cause = "the columns are exchanged: first 1 - p, then p (hint 3)"
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{name}: {cause}"
    )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_forward_from_sklearn_layers", "grade": true, "points": 1.5}
# Checked when graded: each hidden activation, zero to three hidden layers, N = 1 and 7.
### BEGIN HIDDEN TESTS
case_rng = np.random.default_rng(98)
case_cases = [
    ((3, 5, 2), "relu", 7, 1.0),
    ((5, 3, 4, 2), "logistic", 1, 1.0),
    ((2, 6), "identity", 7, 1.0),
    ((4,), "relu", 6, 0.0),
    ((4, 2), "tanh", 7, 1e3),
    ((3, 5, 2), "relu", 7, 2.0),
]
for case_seed, (case_sizes, case_name, case_N, case_scale) in enumerate(case_cases):
    for kind in ("three classes", "one number"):
        case_mlp = fitted_mlp(case_sizes, case_targets[kind], case_name, 99 + case_seed)
        case_D = case_rng.normal(0.3, 1, size=(case_N, case_sizes[0])) * case_scale
        kept_D = case_D.copy()
        regresses = kind == "one number"
        expected = (case_mlp.predict if regresses else case_mlp.predict_proba)(kept_D)
        name = f"{kind}, layers {case_sizes}, activation {case_name}, N = {case_N}"
        found = forward_from_sklearn(case_mlp, case_D)
        assert np.shape(found) == expected.shape, (
            f"{name}: the result has the shape {np.shape(found)}, expected "
            f"{expected.shape}."
        )
        np.testing.assert_allclose(
            found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{name}: see hint 2"
        )
        np.testing.assert_array_equal(
            case_D, kept_D, err_msg=f"{name}: X was changed; work on a copy"
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_forward_from_sklearn_forms", "grade": true, "points": 1.5}
# Checked when graded: two classes, tags, one number and two, the network unchanged.
### BEGIN HIDDEN TESTS
case_rng = np.random.default_rng(100)
case_tags = np.column_stack(
    [np.arange(9) % 2, np.arange(9) // 5, np.arange(9) % 3 // 2]
)
for name, targets in {
    "two classes": np.arange(9) % 2,
    "tags": case_tags,
    "two numbers": case_rng.normal(size=(9, 2)),
    "one number": case_rng.normal(size=9),
}.items():
    case_mlp = fitted_mlp((5, 4, 2), targets, "relu", 101)
    case_D = case_rng.normal(size=(7, 5))
    regresses = name in ("one number", "two numbers")
    expected = (case_mlp.predict if regresses else case_mlp.predict_proba)(case_D)
    for part in [*case_mlp.coefs_, *case_mlp.intercepts_]:
        part.setflags(write=False)
    try:
        found = forward_from_sklearn(case_mlp, case_D.copy())
    except ValueError as problem:
        if "read-only" in str(problem):
            raise AssertionError(
                f"{name}: your function writes into the network's own weights; work on "
                f"copies. ({problem})"
            ) from None
        raise
    assert np.shape(found) == expected.shape, (
        f"{name}: the result has the shape {np.shape(found)}, expected {expected.shape} "
        "(hint 3)."
    )
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{name}: see hint 3"
    )
### END HIDDEN TESTS

# %% [markdown]
# The proof on real networks: the largest difference to scikit-learn over all flowers
# and all validation stones.

# %%
scaler, net = classifier
Z_val = scaler.transform(X_val)
gap = np.abs(forward_from_sklearn(net, Z_val) - net.predict_proba(Z_val)).max()
print(f"flowers  {gap:.1e}")
scaler, wrapped = final
stones_val, net = scaler.transform(D_val), wrapped.regressor_
gap = np.abs(forward_from_sklearn(net, stones_val) - net.predict(stones_val)).max()
print(f"diamonds {gap:.1e}")

# %% [markdown]
# ## Repeat one step of its training
#
# The forward pass agrees. Does the training do what you think it does? Take **one**
# step of plain gradient descent, on all rows at once, and compare the weights
# afterwards.
#
# That takes some care, since scikit-learn does more by default: Adam, a penalty `alpha`
# on the weights, mini-batches of 200 shuffled rows, and with `solver="sgd"` also
# momentum (it keeps a part of the last step). In this exercise all of these count as
# **off**, whatever the settings of the network say. Only `learning_rate_init` counts.

# %% [markdown]
# You know the backward pass. Its start is the same for the three kinds of network: half
# the squared error with the identity, the log loss with the logistic function, and the
# cross-entropy with softmax all have
#
# $$\frac{\partial L}{\partial Z_\text{last}} = \frac{A_\text{last} - Y}{N}$$
#
# This is why the half is there: with the full squared error a factor of 2 would stay.
# $Y$ has the shape of $A_\text{last}$: a column for regression; a column of 0 and 1 for
# two classes, 1 for the second of `mlp.classes_`; one-hot rows for more.
#
# **Your turn (3 points): write `sgd_step_matches`.**
#
# <details><summary>Hint 1: four stages</summary>
#
# Bring `y` into the shape of the output. Forward, and keep the output of every layer, X
# included. The first delta. Then backward through the layers.
#
# </details>
# <details><summary>Hint 2: one layer backward</summary>
#
# With the delta of a layer and the batch $A$ that it was given: $dW = A^T \delta$, $db$
# is the sum of $\delta$ over the rows, and the delta of the layer before is
# $\delta\,W^T$ times the slope of the hidden activation, taken at $A$. Use the $W$ from
# *before* the step.
#
# </details>
# <details><summary>Hint 3: the labels, and new arrays</summary>
#
# `y[:, None] == mlp.classes_` compares every label with every class; for two classes
# keep the second column. A regressor has no `classes_`. Make new arrays,
# $W - \eta\,dW$, in new lists; `-=` would change the network itself.
#
# </details>


# %% nbgrader={"grade_id": "sgd_step_matches", "solution": true}
def sgd_step_matches(mlp, X, y):
    """Compute the weights of a network after one full step of gradient descent.

    The loss is half the mean squared error (regressor) or the mean log loss
    (classifier), over all rows, without penalty. Plain step: no momentum, learning rate
    mlp.learning_rate_init.

    Parameters
    ----------
    mlp : fitted MLPRegressor with one output, or MLPClassifier for 2 or more classes
        The step starts at its coefs_ and intercepts_; left unchanged.
    X : ndarray, shape (N, D)
        Examples, scaled already; left unchanged.
    y : ndarray, shape (N,)
        Targets, or labels that are among mlp.classes_; left unchanged.

    Returns
    -------
    coefs, intercepts : lists of ndarrays
        Shaped like mlp.coefs_ and mlp.intercepts_.
    """
    ### BEGIN SOLUTION
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = mlp.classes_ == Y
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    outputs = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_, strict=True):
        outputs.append(activate(name, outputs[-1] @ W + b))
    delta = (outputs.pop() - Y) / len(X)
    rate, steps = mlp.learning_rate_init, []
    for i in reversed(range(len(mlp.coefs_))):
        A, W, b = outputs[i], mlp.coefs_[i], mlp.intercepts_[i]
        steps.insert(0, (W - rate * (A.T @ delta), b - rate * delta.sum(axis=0)))
        delta = (delta @ W.T) * slope_at(mlp.activation, A)
    return [W for W, _ in steps], [b for _, b in steps]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sgd_step_matches_example", "grade": true, "points": 1}
def step_case(sizes, targets, activation, seed, rate, **settings):
    """Return a fitted network that depends on the seed alone, and a batch for it."""
    draw = np.random.default_rng(seed)
    kind = MLPRegressor if targets.dtype.kind == "f" else MLPClassifier
    batch = draw.normal(0.2, 1, size=(len(targets), sizes[0]))
    mlp = kind(
        hidden_layer_sizes=sizes[1:],
        activation=activation,
        learning_rate_init=rate,
        random_state=0,
        **settings,
    )
    extra = {} if kind is MLPRegressor else {"classes": np.unique(targets)}
    mlp.partial_fit(batch, targets, **extra)
    mlp.coefs_ = [draw.normal(0.1, 0.8, size=c.shape) for c in mlp.coefs_]
    mlp.intercepts_ = [draw.normal(0.3, 0.5, size=c.shape) for c in mlp.intercepts_]
    return mlp, batch


def step_of_library(sizes, targets, activation, seed, rate):
    """Return weights and biases after scikit-learn's own step, everything else off."""
    off = {"solver": "sgd", "alpha": 0.0, "momentum": 0.0, "batch_size": len(targets)}
    mlp, batch = step_case(sizes, targets, activation, seed, rate, **off)
    mlp.partial_fit(batch, targets)
    return mlp.coefs_, mlp.intercepts_


case_steps = {
    "regression": np.array([0.5, -1.0, 2.0, 0.3, -0.7, 1.9, 0.1]),
    "two classes": np.array([0, 1, 1, 0, 1, 1, 1]),
    "three classes": np.array([2, 0, 1, 1, 0, 2, 2]),
}
for name, targets in case_steps.items():
    case_mlp, case_D = step_case((3, 4), targets, "tanh", 102, 0.5, solver="sgd")
    start = [part.copy() for part in [*case_mlp.coefs_, *case_mlp.intercepts_]]
    coefs_right, intercepts_right = step_of_library((3, 4), targets, "tanh", 102, 0.5)
    expected = [*coefs_right, *intercepts_right]
    for part in [*case_mlp.coefs_, *case_mlp.intercepts_]:
        part.setflags(write=False)
    try:
        found = sgd_step_matches(case_mlp, case_D.copy(), targets.copy())
    except ValueError as problem:
        if "read-only" in str(problem):
            raise AssertionError(
                f"{name}: your function changes the network's own weights; make new "
                f"arrays (hint 3). ({problem})"
            ) from None
        raise
    lengths = [len(part) for part in found] if isinstance(found, tuple | list) else []
    assert np.array_equal(lengths, [2, 2]), (
        f"{name}: sgd_step_matches returned {found!r:.60}; a right one returns two "
        "lists, here with two arrays each: coefs and intercepts."
    )
    found = [np.asarray(part) for part in [*found[0], *found[1]]]
    shapes = [part.shape for part in found]
    assert shapes == [part.shape for part in start], (
        f"{name}: the arrays have the shapes {shapes}, expected "
        f"{[part.shape for part in start]}."
    )
    ways = [np.ravel(a - b) for a, b in zip(found, start, strict=True)]
    right_ways = [np.ravel(a - b) for a, b in zip(expected, start, strict=True)]
    factor = np.concatenate(ways) / np.concatenate(right_ways)
    cause = "see hints 1 and 2"
    if np.ptp(factor) < 1e-6:
        cause = f"every change is {factor[0]:.4g} times as large as a right one"
    elif np.allclose(ways[1], right_ways[1]) and np.allclose(ways[3], right_ways[3]):
        cause = "the last layer is right, the one before is not (hint 2)"
    elif np.allclose(factor[: ways[0].size + ways[1].size], 1.0):
        cause = "the weights are right, the biases are not (hint 2)"
    for part, right_part in zip(found, expected, strict=True):
        np.testing.assert_allclose(
            part, right_part, rtol=1e-9, atol=1e-12, err_msg=f"{name}: {cause}"
        )
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_sgd_step_matches_layers", "grade": true, "points": 1}
# Checked when graded: each hidden activation, zero to three hidden layers, N = 1 and 7.
### BEGIN HIDDEN TESTS
case_cases = [
    ((5, 3, 2), "relu", np.zeros(7)),
    ((2, 5, 3, 4), "logistic", np.array([0, 2, 1, 1, 2])),
    ((4, 3), "identity", np.array([0.7])),
    ((4,), "relu", np.array([1, 0, 1, 1, 0, 1])),
    ((3, 6), "tanh", np.array([1200.0, -800.0, 450.0])),
]
for case_sizes, case_name, targets in case_cases:
    case_mlp, case_D = step_case(case_sizes, targets, case_name, 103, 0.2, solver="sgd")
    kept_D, kept_t = case_D.copy(), targets.copy()
    coefs_right, intercepts_right = step_of_library(
        case_sizes, targets, case_name, 103, 0.2
    )
    coefs_found, intercepts_found = sgd_step_matches(case_mlp, case_D, targets)
    name = f"layers {case_sizes}, activation {case_name}, {len(kept_t)} rows"
    for which, parts_found, parts_right in [
        ("weights", coefs_found, coefs_right),
        ("biases", intercepts_found, intercepts_right),
    ]:
        assert len(parts_found) == len(parts_right), (
            f"{name}: {len(parts_found)} arrays of {which}, expected {len(parts_right)}."
        )
        for part, right_part in zip(parts_found, parts_right, strict=True):
            np.testing.assert_allclose(
                part,
                right_part,
                rtol=1e-9,
                atol=1e-12,
                err_msg=f"{name}: {which} differ",
            )
    assert np.array_equal(case_D, kept_D) and np.array_equal(targets, kept_t), (
        f"{name}: X or y was changed; work on copies."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_sgd_step_matches_settings", "grade": true, "points": 1}
# Checked when graded: penalty, momentum, batch size and solver of the network are
# ignored; labels need not be 0, 1, 2, and a class may be missing from the batch.
### BEGIN HIDDEN TESTS
case_settings = {
    "alpha = 5": {"solver": "sgd", "alpha": 5.0, "momentum": 0.0},
    "momentum = 0.9": {"solver": "sgd", "alpha": 0.0, "momentum": 0.9},
    "batch_size = 2": {"solver": "sgd", "alpha": 0.0, "momentum": 0.0, "batch_size": 2},
    "solver adam": {"solver": "adam", "alpha": 0.0},
}
case_labels = {
    "regression": np.array([0.5, -1.0, 2.0, 0.3, -0.7]),
    "classes 3 and 8": np.array([3, 8, 8, 3, 8]),
    "classes 5, 7 and 9": np.array([5, 9, 9, 7, 5]),
}
case_pairs = zip(case_settings.items(), [*case_labels.items()] * 2, strict=False)
for (name, settings), (kind, targets) in case_pairs:
    case_mlp, case_D = step_case((4, 3), targets, "logistic", 104, 0.3, **settings)
    coefs_right, intercepts_right = step_of_library(
        (4, 3), targets, "logistic", 104, 0.3
    )
    coefs_found, intercepts_found = sgd_step_matches(case_mlp, case_D, targets)
    for part, right_part in zip(
        [*coefs_found, *intercepts_found],
        [*coefs_right, *intercepts_right],
        strict=True,
    ):
        np.testing.assert_allclose(
            part,
            right_part,
            rtol=1e-9,
            atol=1e-12,
            err_msg=f"{kind}, with {name}: all of these count as off",
        )
case_settings = {"solver": "sgd", "alpha": 0.0, "momentum": 0.0, "batch_size": 2}
case_labels = np.array([5, 9, 9, 7, 5])
case_mlp, twin = (
    step_case((4, 3), case_labels, "tanh", 105, 0.3, **case_settings)[0] for _ in "ab"
)
case_D = np.random.default_rng(106).normal(0.2, 1, size=(2, 4))
found = sgd_step_matches(case_mlp, case_D.copy(), case_labels[:2])
twin.partial_fit(case_D, case_labels[:2])
for part, right_part in zip(found[0], twin.coefs_, strict=True):
    np.testing.assert_allclose(
        part,
        right_part,
        rtol=1e-9,
        atol=1e-12,
        err_msg="classes 5, 7 and 9, but no 7 in the batch: use mlp.classes_ (hint 3)",
    )
### END HIDDEN TESTS

# %% [markdown]
# And on the stones: `partial_fit` of scikit-learn takes one step over what it is given.
# With everything switched off and one batch of all rows, it has to agree with yours.

# %%
Z_train = StandardScaler().fit_transform(D_train)
t_train = (price_train - price_train.mean()) / price_train.std()
theirs = MLPRegressor(
    hidden_layer_sizes=(32, 16),
    solver="sgd",
    alpha=0,
    momentum=0,
    batch_size=len(Z_train),
    random_state=0,
)
theirs.partial_fit(Z_train, t_train)  # draws the weights and takes a first step
coefs, intercepts = sgd_step_matches(theirs, Z_train, t_train)
theirs.partial_fit(Z_train, t_train)
gaps = [np.abs(own - W).max() for own, W in zip(coefs, theirs.coefs_, strict=True)]
print("largest difference in each layer:", ", ".join(f"{gap:.1e}" for gap in gaps))

# %% [markdown]
# Where the difference is not 0, it comes from adding 1,000 numbers in another order. So
# there is no secret in the library: what it adds to your network is Adam, a penalty,
# checks of what you pass in, and years of testing. Two programs that share no line, one
# of them yours, arrive at the same weights. Isn't that good to see?

# %% [markdown]
# ## Try it on California, if you have it
#
# House values in California (20,640 districts, 1990) are a classic for such a network. The
# table is not shipped with the library, so it is not part of the exercises. The next cell
# says which case you are in.

# %%
folder = Path(os.environ.get("NEURON_DATA", "../../data/full")) / "california"
housing = None
if folder.is_dir():
    try:
        housing = fetch_california_housing(data_home=folder, download_if_missing=False)
    except OSError as problem:
        print(problem)
if housing is None:
    print(f"No California housing in {folder}: the next cell is skipped. Run")
    print("`make data` in the course's folder, and set NEURON_DATA to where it went.")
else:
    print(f"California housing, {len(housing.target):,} districts, from {folder}")

# %%
if housing is not None:
    H_train, H_val, value_train, value_val = train_test_split(
        housing.data, housing.target, train_size=3000, test_size=3000, random_state=42
    )
    houses = make_regressor((50, 50, 50), 42).fit(H_train, value_train)
    bar = LinearRegression().fit(H_train, value_train)
    for name, model in {"network": houses, "linear regression": bar}.items():
        error = 100_000 * rmse(value_val, model.predict(H_val))
        print(f"{name:18} RMSE {error:6,.0f} dollars (3,000 districts to train)")

# %% [markdown]
# ## Check yourself
#
# <details><summary>A report says: "RMSE 545". What do you ask?</summary>
#
# In which unit, on which rows (training, validation, test), what a guess and a line get
# on the same rows, and how much it changes with another seed.
#
# </details>
# <details><summary>Why is the scaler inside the pipeline, when you could scale all rows
# once, before the split?</summary>
#
# Because then the mean and the spread contain the validation rows. In cross-validation
# it would happen in every fold. Inside the pipeline it cannot.
#
# </details>
# <details><summary>Two networks have 93 and 95 of 100 right on the same test. Is the
# second one better?</summary>
#
# Their intervals, 0.86 to 0.97 and 0.89 to 0.98, are the wrong instrument: both networks
# answered the *same* questions. You need to know where they disagree. If that is in two
# answers only, both won by the second, it proves nothing: a coin does as well in one of
# four trials. Lesson 11 counts such disagreements.
#
# </details>

# %% [markdown]
# ## Go further
#
# - [Tips on Practical Use](https://scikit-learn.org/stable/modules/neural_networks_supervised.html#tips-on-practical-use)
#   in scikit-learn's page on neural networks: on scaling, `alpha`, and the choice between
#   L-BFGS and Adam.
# - E. B. Wilson,
#   [Probable inference, the law of succession, and statistical inference](https://doi.org/10.1080/01621459.1927.10502953),
#   1927: four pages, readable, and the interval you wrote.
# - L. Brown, T. Cai, A. DasGupta,
#   [Interval Estimation for a Binomial Proportion](https://doi.org/10.1214/ss/1009213286),
#   2001: how bad the usual formula is, in figures.
# - Train `make_regressor` on the logarithm of the price: pass `func=np.log` and
#   `inverse_func=np.exp` to `TransformedTargetRegressor`. Whose errors shrink?
