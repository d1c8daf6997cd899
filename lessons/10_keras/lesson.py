# ---
# jupyter:
#   data: [songs.csv, fashion-mnist]
# ---

# %% [markdown]
# # The same network, in Keras
#
# **What you will build:** a network of more than a quarter of a million parameters that
# learns from 4,500 real photographs of clothes and classifies about 84 of 100 new ones
# correctly; and the same function in plain NumPy, equal to five decimals. You will see
# what it looks for in a picture, too.
#
# **What you need:** layers, mini-batches and training with validation data (lesson 07),
# cross-entropy (lesson 03), the two moons (lesson 06), and pandas tables.
#
# 105 minutes, 35 points, all marked automatically. Running everything takes about a
# minute. TensorFlow may print lines in red about CUDA, oneDNN or the instructions of
# your processor; nothing is wrong.
#
# Predictions get their points for being made, so make them before you run on. The cells
# that check your answers are folded; run them, there is no need to open them.
#
# Where an exercise leaves you a choice (units, optimiser, learning rate), the numbers in
# the text are those of the model in its hint 3; yours may differ.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
import gzip
import os
import struct
from pathlib import Path
from warnings import catch_warnings, filterwarnings, simplefilter

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from scipy.special import expit, softmax
from sklearn.datasets import make_moons
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

# np.array(layer.kernel) is right; the warning is about how Keras makes its arrays.
filterwarnings("ignore", "__array__ implementation doesn't accept a copy keyword")

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
SKY, BLACK = "#56B4E9", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, to warm up. There are no points; the check
# answers at once.
#
# 1. A fully connected layer takes 5 numbers and has 3 units. How many parameters does it
#    have, weights and biases together? A number.
# 2. A network is given ten classes and knows nothing yet. What is its cross-entropy, to
#    one decimal? A number.
# 3. Which rows may decide when training stops? **a** training rows · **b** validation
#    rows · **c** test rows

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a number>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 18, 2: 2.3, 3: "b"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (18, "5 · 3 weights and 3 biases (lesson 07)."),
        2: (2.3, "ln 10: each class gets a probability of 1/10 (lesson 08)."),
        3: ("b", "The test rows must not decide anything (lessons 06 and 09)."),
    },
)

# %% [markdown]
# ## Say in eight lines what took you two lessons
#
# Keras is a library of the parts that you have written yourself: layers, losses,
# optimisers, the training loop. TensorFlow does the arithmetic below it, and works out
# the gradients. This table gives the first names.
#
# | building block | in Keras | what it is |
# |---|---|---|
# | model | `keras.Sequential([...])` | a list of layers, as your `NeuralNetwork` |
# | input | `keras.Input(shape=(2,))` | the shape of **one** example, first in the list |
# | **fully connected layer** | `keras.layers.Dense(units, activation=...)` | `X @ W + b`, then activation |
# | units | `units=4` | neurons of the layer: the columns of `W` |
# | activation | `"relu"`, `"sigmoid"`, `"softmax"`; none given: none | makes it **nonlinear** |
#
# (Keras 3 warns about `input_shape=` in the first layer; `keras.Input` has taken its
# place.) Without an input the model does not get any weights until it sees data, and
# `summary()` shows question marks.

# %% [markdown]
# This is the network of lesson 06, a small **multilayer perceptron**: two inputs, four
# hidden sigmoid neurons, one output. Before you run it, count its parameters on paper.

# %%
keras.utils.set_random_seed(6)
moon_net = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        keras.layers.Dense(4, activation="sigmoid"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
moon_net.summary()

# %% [markdown]
# 17, as in lesson 06. `None` stands for the number of examples, which may change.
# `set_random_seed` sets the seeds of Python, NumPy and TensorFlow together, so that
# your run agrees with the text. A model has to be *compiled* before it can learn:
#
# | building block | in Keras | what it is |
# |---|---|---|
# | compile | `model.compile(...)` | settles the three things below; trains nothing |
# | loss | `"mse"`, `"binary_crossentropy"`, … | a mean over the batch |
# | optimiser | `"sgd"`, `"adam"`, `keras.optimizers.SGD(...)` | makes steps of gradients |
# | metrics | `metrics=["accuracy"]` | reported beside the loss, never minimised |
#
# A name in quotes means the default settings: 0.01 for SGD, 0.001 for Adam. Adam's
# steps are about as large as its learning rate whatever the gradient; 0.3 is bold, and
# only 17 parameters allow it.

# %%
moon_net.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.3), loss="binary_crossentropy"
)
moons_X, moons_y = make_moons(n_samples=200, noise=0.1, random_state=42)
moons_log = moon_net.fit(moons_X, moons_y, epochs=20, batch_size=20, verbose=0)
print([round(loss, 3) for loss in moons_log.history["loss"][::6]])

# %% [markdown]
# | building block | in Keras | what it does |
# |---|---|---|
# | fit | `model.fit(X, y, ...)` | trains; returns a `History` with all curves |
# | epochs | `epochs=20` | passes through the data |
# | batch size | `batch_size=20` | examples for one step; 32 if you say nothing |
# | evaluate | `model.evaluate(X, y)` | the loss, or the **list** `[loss, metric, ...]` |
# | predict | `model.predict(X)` | outputs, shape (N, units), not labels |
#
# An epoch shuffles the rows, cuts batches, and for each one runs forward, computes the
# loss, runs backward and lets the optimiser step: your loop of lesson 07. Look for the
# **decision boundary**: were 20 passes enough for two moons?

# %%
steps = np.linspace(-1.6, 2.6, 60)
mesh = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
surface = moon_net.predict(mesh, verbose=0).reshape(60, 60)
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
left.plot(range(1, 21), moons_log.history["loss"], color=BLUE)
left.set(xlabel="epoch (10 steps each)", ylabel="binary cross-entropy")
left.set_xticks(range(2, 21, 3))
right.contourf(steps, steps, surface, levels=[0, 0.5, 1], colors=["#D4EAF7", "#F8DFD0"])
for kind, colour, marker in [(0, BLUE, "o"), (1, VERMILLION, "^")]:
    chosen = moons_X[moons_y == kind].T
    right.scatter(*chosen, c=colour, marker=marker, s=14, label=f"moon {kind}")
right.set(xlabel="input 1", ylabel="input 2", ylim=(-1.2, 1.7))
right.legend(loc="upper right")
plt.show()

# %% [markdown]
# *Figure:* Left: the loss falls from about 0.6 to below 0.1 in 20 epochs. Right: the
# two moons, blue circles and vermillion triangles, on two areas; the decision boundary
# between the areas winds between the moons.

# %% [markdown]
# ## Keep the answer out of the question
#
# The next task is regression: predict how energetic a song sounds, 0 to 1, from its
# other properties. The bundled file holds made-up songs with the columns of a real
# export. If you have such a file of your own, write its path into `SONGS`. Reissues of
# a song are dropped: a copy in the test data would be no test.

# %%
SONGS = "data/songs.csv"
TARGET = "energy"
FEATURES = ["danceability", "popularity", "length", "acousticness", "instrumentalness"]
FEATURES += ["liveness", "valence", "loudness", "speechiness", "tempo"]


# %%
def load_songs(path):
    """Read a table of songs, one row per song; raise if it cannot be used."""
    if not Path(path).exists():
        raise FileNotFoundError(
            f"{path}: no such file. It came with this notebook, in the folder data; "
            "copy it there, or correct the path in SONGS."
        )
    table = pd.read_csv(path, dtype={"release_date": str})
    missing = {"name", "artist", TARGET, *FEATURES} - set(table.columns)
    if missing:
        raise ValueError(f"{path}: no column {sorted(missing)}.")
    table = table.drop_duplicates(["name", "artist"]).dropna(subset=FEATURES)
    print(f"{len(table)} songs from {path}")
    return table.reset_index(drop=True)


songs = load_songs(SONGS)
songs[["name", TARGET, "loudness", "acousticness", "tempo"]].head(4)

# %% [markdown]
# Say a notebook lists eleven features for this task, and `energy` is one of them. Every
# column is standardised, then a linear model is fitted by least squares.
#
# **Predict before you run (1 point).** What will it find?
#
# - **a** small weights on many columns, an error a little below guessing the mean
# - **b** a weight on `energy`, practically 0 on all others, and an error of 0
# - **c** equal weights on all eleven columns
# - **d** an error message: a column cannot be feature and target

# %% nbgrader={"grade_id": "predict_leak", "solution": true}
# predict_leak = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_leak = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_leak", "grade": true, "points": 1}
assert isinstance(predict_leak, str) and predict_leak.strip().lower() in set("abcd"), (
    f'predict_leak is {predict_leak!r:.60}; write one letter in quotes, e.g. "c".'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
told = {
    "a": "a: least squares takes the best weights, and a perfect column is among them.",
    "c": "c: equal weights would miss; the copy of the target alone fits exactly.",
    "d": "d: no library compares feature names with the target; it runs, happily.",
}
if predict_leak.strip().lower() != "b":
    print(f"You predicted {told[predict_leak.strip().lower()]}")
### END HIDDEN TESTS

# %% [markdown]
# Now measure it. `lstsq` solves least squares exactly; the column of ones learns the
# bias. Look at the two errors, and at where the weight sits.

# %%
energy = songs[TARGET].to_numpy()
for columns in ([*FEATURES, TARGET], FEATURES):
    table = songs[columns]
    scaled = ((table - table.mean()) / table.std()).to_numpy()
    ones = np.column_stack([scaled, np.ones(len(scaled))])
    best = np.linalg.lstsq(ones, energy)[0]
    error = np.mean((ones @ best - energy) ** 2)
    largest = columns[np.abs(best[:-1]).argmax()]
    print(f"{len(columns)} features: MSE {error:.2g}, largest weight on {largest}")
print(f"guessing the mean: MSE {energy.var():.3f}")

# %% [markdown]
# An error of practically 0 (only rounding is left) is not a success; it is the sign of a
# leak. Least squares takes the best weights there are, and a copy of the target is among
# the columns; no library compares the names. The honest error is the second one.
#
# **Your turn (4 points): write `songs_xy`**, which makes honest data. The order counts:
# split first, 80 to 20 with `random_state=42`; then learn mean and standard deviation
# from the training rows alone, and apply them to both parts. The target stays as it is.
#
# <details><summary>Hint 1: which columns?</summary>
#
# The ten names in `FEATURES`. The table has other columns of numbers too, which do not
# belong in X, and the target least of all.
#
# </details>
# <details><summary>Hint 2: the functions to look up</summary>
#
# `train_test_split(inputs, targets, test_size=..., random_state=...)` returns four
# parts. `StandardScaler` has `fit`, `transform`, and `fit_transform` for both at once.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Split the ten columns together with the target. Fit a scaler on the training inputs,
# transform training and test inputs with it, and return the four parts, inputs first.
#
# </details>


# %% nbgrader={"grade_id": "songs_xy", "solution": true}
def songs_xy(df):
    """Split songs 80/20 and standardise the inputs with the training rows' statistics.

    Parameters
    ----------
    df : DataFrame
        One row per song, without gaps, with the columns `FEATURES` and `energy` and any
        others; left unchanged.

    Returns
    -------
    X_train, X_test : ndarray of floats, shapes (N_train, 10) and (N_test, 10)
        The ten columns `FEATURES`, standardised; `energy` is not among them.
    y_train, y_test : ndarray or Series, shapes (N_train,) and (N_test,)
        `energy`, not scaled. The split is scikit-learn's with `random_state=42`.
    """
    ### BEGIN SOLUTION
    X_train, X_test, y_train, y_test = train_test_split(
        df[FEATURES], df["energy"], test_size=0.2, random_state=42
    )
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_songs_xy_shapes", "grade": true, "points": 1}
names = ["danceability", "popularity", "length", "acousticness", "instrumentalness"]
names += ["liveness", "valence", "loudness", "speechiness", "tempo"]
draws = np.random.default_rng(101)
case = pd.DataFrame(draws.normal(5, 2, size=(60, 10)), columns=names)
case["energy"] = draws.uniform(size=60)
case["year"] = np.arange(60)
parts = songs_xy(case.copy())
assert isinstance(parts, tuple | list) and len(parts) == 4, (
    f"songs_xy returned {parts!r:.60}; a right one returns four things: "
    "X_train, X_test, y_train, y_test."
)
found = [np.asarray(part) for part in parts]
rows = [len(part) for part in found]
assert rows == [48, 12, 48, 12], (
    f"of 60 songs the four parts have {rows} rows; a right split gives "
    "[48, 12, 48, 12]: X_train, X_test, y_train, y_test, 80 to 20."
)
assert found[0].ndim == 2, f"X_train has the shape {found[0].shape}; right: (48, 10)."
leaks = [abs(np.corrcoef(column, found[2].ravel())[0, 1]) for column in found[0].T]
assert max(leaks) < 0.99, (
    "a column of X_train is the target itself (correlation 1): energy leaks (hint 1)."
)
assert found[0].shape == (48, 10) and found[1].shape == (12, 10), (
    f"X_train has the shape {found[0].shape}; a right one has (48, 10): the ten columns "
    "of FEATURES, without other numbers (hint 1)."
)
assert abs(found[0].mean()) < 2, (
    f"the mean of X_train is {found[0].mean():.2f}: it is not standardised (hint 2)."
)
np.testing.assert_allclose(
    found[0].mean(axis=0),
    np.zeros(10),
    atol=1e-6,
    err_msg="the training columns have no mean of 0: fit the scaler on the training "
    "rows, and on nothing else (hint 3)",
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_songs_xy_values", "grade": true, "points": 3}
# Checked when graded: which rows go where, whose statistics scale them, the target.
### BEGIN HIDDEN TESTS
names = ["danceability", "popularity", "length", "acousticness", "instrumentalness"]
names += ["liveness", "valence", "loudness", "speechiness", "tempo"]
draws = np.random.default_rng(102)
case = pd.DataFrame(draws.gamma(2, 3, size=(400, 10)), columns=names)
case["mood"], case["year"] = "Calm", np.arange(400)
case["energy"] = draws.uniform(size=400)
in_train, in_test = train_test_split(np.arange(400), test_size=0.2, random_state=42)
# The songs for testing are another sort, so that their statistics stand out.
case.loc[in_test, names] += 4.0
case.index = case.index + 1000
table = case[names].to_numpy()
scale = table[in_train].std(axis=0)
expected = [
    (table[part] - table[in_train].mean(axis=0)) / scale for part in (in_train, in_test)
]
targets = [case["energy"].to_numpy()[part] for part in (in_train, in_test)]
before = case.copy()
parts = songs_xy(case)
found = [np.asarray(part) for part in parts]
pd.testing.assert_frame_equal(case, before, obj="the table that songs_xy was given")
shapes = [part.shape for part in found]
assert shapes[:2] == [(320, 10), (80, 10)], (
    f"X_train and X_test have the shapes {shapes[:2]}; right ones have (320, 10) and "
    "(80, 10)."
)
# The order of columns is free.
found[:2] = [
    part.astype(float)[:, found[0][0].astype(float).argsort()] for part in found[:2]
]
expected = [part[:, expected[0][0].argsort()] for part in expected]
for part, right, name in zip(found[2:], targets, ("y_train", "y_test"), strict=True):
    assert part.size == len(right), f"{name} has the shape {part.shape}, not (N,)."
    assert not np.allclose(part.ravel().std(), 1, atol=0.02), (
        f"{name} is standardised; the target stays as it is."
    )
    np.testing.assert_allclose(
        part.ravel().astype(float),
        right,
        rtol=1e-6,
        err_msg=f"{name} has other rows than scikit-learn's split with random_state=42",
    )
together = (table - table.mean(axis=0)) / table.std(axis=0)
together = together[in_train][:, together[in_train][0].argsort()]
assert not np.allclose(found[0], together, atol=0.01), (
    "X_train is scaled with the mean of all songs: the test rows leak into the training "
    "data. Split first, then fit the scaler (hint 3)."
)
np.testing.assert_allclose(
    found[0],
    expected[0],
    atol=0.01,
    err_msg="X_train is not standardised with its own mean and standard deviation, or "
    "its rows do not belong to y_train",
)
assert not np.allclose(found[1].mean(axis=0), 0, atol=0.01), (
    "X_test is scaled with its own statistics; use those of the training rows (hint 3)."
)
np.testing.assert_allclose(
    found[1],
    expected[1],
    atol=0.02,
    err_msg="X_test is not scaled with the training rows' mean and standard deviation",
)
# Another table of the same size, whose columns as a whole are standardised already.
case = pd.DataFrame(draws.normal(size=(400, 10)), columns=names)
case.loc[in_test, names] += 3.0
case = (case - case.mean()) / case.std(ddof=0)
case["mood"], case["year"] = "Calm", np.arange(400)
case["energy"] = draws.uniform(size=400)
found = [np.asarray(part) for part in songs_xy(case.copy())]
table = case[names].to_numpy()
center, scale = table[in_train].mean(axis=0), table[in_train].std(axis=0)
scaled = (table - table[in_train].mean(axis=0)) / table[in_train].std(axis=0)
columns, right = found[0][0].astype(float).argsort(), scaled[in_train][0].argsort()
for part, rows, name in (
    (found[0], in_train, "X_train"),
    (found[1], in_test, "X_test"),
):
    np.testing.assert_allclose(
        part.astype(float)[:, columns],
        scaled[rows][:, right],
        atol=0.02,
        err_msg=f"{name} of a second table of this size, whose columns as a whole have "
        "mean 0 already: it is not scaled by the training rows of this table",
    )
np.testing.assert_allclose(
    found[2].ravel().astype(float),
    case["energy"].to_numpy()[in_train],
    rtol=1e-6,
    err_msg="y_train is not that of the second table of this size",
)
### END HIDDEN TESTS

# %% [markdown]
# The next cell takes your function's parts, and keeps the targets as columns (N, 1),
# the shape that the models return. Keras forgives `(N,)`; your own NumPy code does not.

# %%
X_train, X_test, y_train, y_test = (np.asarray(part) for part in songs_xy(songs))
y_train, y_test = y_train.reshape(-1, 1), y_test.reshape(-1, 1)
print(X_train.shape, X_test.shape, y_train.shape, y_test.shape)

# %% [markdown]
# ## Let one neuron do linear regression
#
# One Dense unit without activation computes $\hat y = x \cdot w + b$. With the mean
# squared error as its loss this *is* linear regression; only the way to the weights is
# another: steps downhill instead of one exact solution.
#
# **Your turn (4 points): write `linear_neuron`.** Choose optimiser and learning rate so
# that 600 steps (30 epochs of 20 batches of 32 standardised examples) lead to within
# 5 % of the weights of least squares. Look up the defaults in the table above.
#
# <details><summary>Hint 1: what is in the list?</summary>
#
# Two things: the input with the shape of one example, and one layer with one unit. With
# an activation it would no longer be linear.
#
# </details>
# <details><summary>Hint 2: is the step long enough?</summary>
#
# Adam moves a weight by about its learning rate in a step, whatever the gradient. With
# 0.001, how far does it get in 600 steps, if the weight should become 2?
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Make a Sequential of `keras.Input` (its shape is a tuple with one number) and a Dense
# layer with one unit. Compile it with the loss `"mse"` and, for example, SGD with a
# learning rate between 0.01 and 0.1. Return the model.
#
# </details>


# %% nbgrader={"grade_id": "linear_neuron", "solution": true}
def linear_neuron(n_features):
    """Return one linear neuron, compiled for the mean squared error.

    Parameters
    ----------
    n_features : int
        Numbers in one example.

    Returns
    -------
    model : keras.Model
        Takes (N, n_features), returns (N, 1). Not trained yet.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return model
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_linear_neuron_parts", "grade": true, "points": 1}
with catch_warnings(record=True) as caught:
    simplefilter("always")
    found_model = linear_neuron(3)
texts = [str(one.message) for one in caught if "input_shape" in str(one.message)]
assert not texts, (
    f"Keras warns: {texts[0]:.90}... Put keras.Input(shape=(n_features,)) first in the "
    "list instead (hint 1)."
)
assert isinstance(found_model, keras.Model), (
    f"linear_neuron returned {found_model!r:.60}; a right one returns a Keras model. Is "
    "`return` there?"
)
assert found_model.built, "the model has no weights yet: give it a keras.Input (hint 1)"
sizes = [part.shape for part in found_model.get_weights()]
assert sizes == [(3, 1), (1,)], (
    f"for 3 features the weights have the shapes {sizes}; one neuron has [(3, 1), (1,)]: "
    "three weights and one bias (hint 1)."
)
case_x = np.array([[0.5, -1.0, 2.0], [-3.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
found_model.set_weights([np.array([[1.0], [2.0], [-2.0]]), np.array([0.5])])
found = np.asarray(found_model(case_x)).ravel()
np.testing.assert_allclose(
    found,
    [-5.0, -4.5, 0.5],
    atol=1e-5,
    err_msg="with w = (1, 2, -2) and b = 0.5 the outputs are not X @ w + b: is there an "
    "activation? (hint 1)",
)
assert found_model.compiled, "the model is not compiled: call model.compile (hint 3)"
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_linear_neuron_learns", "grade": true, "points": 2}
# Checked when graded: 600 steps lead to the weights of least squares, within 5 %.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(103)
case_x = draws.normal(size=(640, 5))
case_x = (case_x - case_x.mean(axis=0)) / case_x.std(axis=0)
expected = np.array([1.5, -2.0, 0.8, 1.2, -0.9])
noise = draws.normal(scale=0.02, size=640)
case_y = (case_x @ expected + 1.7 + noise).reshape(-1, 1)
found_model = linear_neuron(5)
if not found_model.built:
    found_model(case_x[:1])
sizes = [np.asarray(part).shape for part in found_model.get_weights()]
assert sizes == [(5, 1), (1,)], (
    f"for 5 features the model's weights have the shapes {sizes}; a right one has 5 "
    "weights and a bias: is the number of inputs fixed?"
)
# The same start and order for all, so that each run says the same.
found_model.set_weights([np.full((5, 1), 0.5), np.zeros(1)])
# A step takes less time than its call, and an epoch has its own cost: 100 steps a call,
# 30 passes in one epoch, over batches that are made on the notebook's side.
linear_neuron.batches = tf.data.Dataset.from_tensor_slices
case_batches = linear_neuron.batches(
    (case_x.reshape(20, 32, 5).astype("float32"), case_y.reshape(20, 32, 1))
)
found_model.steps_per_execution = 100
found_model.fit(case_batches.repeat(30), shuffle=False, verbose=0)
found = [np.asarray(part).ravel() for part in found_model.get_weights()]
assert np.isfinite(found[0]).all(), (
    "training ends in nan: the learning rate is too large (hint 3)"
)
np.testing.assert_allclose(
    found[0],
    expected,
    rtol=0.05,
    err_msg="after 600 steps the weights are not within 5 % of least squares: is the "
    "learning rate too small or too large? (hint 2)",
)
np.testing.assert_allclose(
    found[1], [1.7], rtol=0.05, err_msg="the bias is not within 5 % of least squares"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_linear_neuron_loss", "grade": true, "points": 1}
# Checked when graded: the loss is the mean squared error.
### BEGIN HIDDEN TESTS
case_y = np.array([[0.0], [1.0], [2.0], [10.0], [3.0], [-1.0], [0.5]])
guessed = np.array([[0.5], [1.0], [4.0], [5.0], [3.5], [-4.0], [0.0]])
expected = float(np.mean((case_y - guessed) ** 2))
suspects = {
    "the mean absolute error": float(np.mean(np.abs(case_y - guessed))),
    "the sum, not the mean": 7 * expected,
    "the root of the mean squared error": expected**0.5,
}
found_model = linear_neuron(2)
found = float(
    np.asarray(
        found_model.compute_loss(
            y=case_y.astype("float32"), y_pred=guessed.astype("float32")
        )
    )
)
why = [text for text, value in suspects.items() if np.isclose(found, value, rtol=1e-4)]
assert np.isclose(found, expected, rtol=1e-4), (
    f"for given targets and predictions the loss is {found:.4f}; the mean squared "
    f"error is {expected:.4f}. {'Yours is ' + why[0] if why else 'See hint 3'}."
)
### END HIDDEN TESTS

# %% [markdown]
# Train it on the songs. `verbose=0` keeps Keras quiet; the `History` has the losses.

# %%
keras.utils.set_random_seed(1)
neuron = linear_neuron(10)
neuron_log = neuron.fit(X_train, y_train, epochs=6, batch_size=64, verbose=0)
losses = neuron_log.history["loss"]
print(f"loss after epoch 1: {losses[0]:.4f}, after epoch 6: {losses[-1]:.4f}")

# %% [markdown]
# ## Read the weights
#
# `layer.get_weights()` returns a list of arrays, kernel first, bias second. The kernel
# is `W` of shape (D, units), even for one unit; the bias is an array, even for one
# number.
#
# | building block | in Keras | what it does |
# |---|---|---|
# | weights | `get_weights()`, `set_weights([W, b])` | copies out or in; of a layer or a model |
# | layers | `model.layers`, `model.get_layer(name)` | all in a list; one by its name |
# | callbacks | `fit(..., callbacks=[...])` | act in training, e.g. stop it early |
# | files | `model.save(path)`, `keras.saving.load_model(path)` | the whole model, `.keras` |
#
# **Your turn (2 points): write `read_weights`**, for a model with one Dense layer of
# one unit. It returns what lesson 01 called $w$ and $b$: shape (D,), and a number.
#
# <details><summary>Hint 1: what is in the list?</summary>
#
# Print the shapes in `neuron.get_weights()`. Which is which, and which axis is too many?
#
# </details>
# <details><summary>Hint 2: from (D, 1) to (D,)</summary>
#
# `W[:, 0]` takes the only column; `ravel` flattens. `b[0]` takes the only number.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Unpack the two arrays of `get_weights`. Return the kernel flattened, and `float` of the
# bias's only number, in this order.
#
# </details>


# %% nbgrader={"grade_id": "check_nets", "locked": true}
# You need not read this: it makes the small networks that checks hand to your functions.
def dense_net(shape, *layers, rate=0.01, loss=None, metrics=()):
    """Return a network of layers (W, b, activation), compiled if it gets a loss."""
    parts = [keras.Input(shape=shape)]
    if len(shape) > 1:
        parts.append(keras.layers.Flatten(name="row"))
    parts += [keras.layers.Dense(len(b), activation=kind) for _, b, kind in layers]
    net = keras.Sequential(parts)
    net.set_weights([part for W, b, _ in layers for part in (W, b)])
    if loss:
        net.compile(
            optimizer=keras.optimizers.SGD(learning_rate=rate),
            loss=loss,
            metrics=list(metrics),
            run_eagerly=True,  # for a few small batches a compiled graph costs too much
        )
    return net


# %% nbgrader={"grade_id": "read_weights", "solution": true}
def read_weights(model):
    """Return weights and bias of a model's only neuron.

    Parameters
    ----------
    model : keras.Model
        Has one Dense layer with one unit, for D inputs.

    Returns
    -------
    w : ndarray, shape (D,)
    b : float
    """
    ### BEGIN SOLUTION
    kernel, bias = model.get_weights()
    return kernel[:, 0], float(bias[0])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_read_weights_example", "grade": true, "points": 0.5}
case_net = dense_net((3,), (np.array([[0.6], [-0.1], [2.0]]), np.array([0.25]), None))
found = read_weights(case_net)
assert isinstance(found, tuple | list) and len(found) == 2, (
    f"read_weights returned {found!r:.60}; a right one returns two things, w and b."
)
shapes = [np.shape(np.asarray(part)) for part in found]
assert shapes[0] == (3,), (
    f"w has the shape {shapes[0]}; a right one has (3,): take the only column of the "
    "kernel, which comes first in the list (hint 2)."
)
assert shapes[1] == (), (
    f"b has the shape {shapes[1]}; a right one is a number: take it out of its array "
    "(hint 2)."
)
np.testing.assert_allclose(
    np.asarray(found[0]), [0.6, -0.1, 2.0], atol=1e-6, err_msg="w has wrong values"
)
assert abs(float(found[1]) - 0.25) < 1e-6, (
    f"b is {float(found[1]):.4f}; expected 0.25, the bias as it is."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_read_weights_all", "grade": true, "points": 1.5}
# Checked when graded: one input, seven inputs, large values.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(104)
for count in (1, 7):
    kernel_in = draws.normal(scale=1e3, size=(count, 1)).astype("float32")
    bias_in = draws.normal(scale=1e3, size=1).astype("float32")
    found = read_weights(dense_net((count,), (kernel_in, bias_in, None)))
    found_w, found_b = np.asarray(found[0]), np.asarray(found[1])
    assert found_w.shape == (count,) and found_b.shape == (), (
        f"for {count} inputs w and b have the shapes {found_w.shape} and "
        f"{found_b.shape}; right ones have ({count},) and ()."
    )
    np.testing.assert_allclose(
        found_w, kernel_in[:, 0], rtol=1e-6, err_msg=f"w is wrong for {count} inputs"
    )
    assert np.isclose(found_b, bias_in[0], rtol=1e-6), (
        f"b is {found_b}; expected {bias_in[0]}, for {count} inputs."
    )
### END HIDDEN TESTS

# %% [markdown]
# Did the neuron find what least squares finds? One dot is the exact solution, the cross
# is what `read_weights` reads from your trained neuron.

# %%
w, b = read_weights(neuron)
exact = np.linalg.lstsq(np.column_stack([X_train, np.ones(len(X_train))]), y_train)[0]
print(f"bias: least squares {exact[-1, 0]:.3f}, one neuron {b:.3f}")
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
ax.scatter(exact[:-1, 0], FEATURES, s=90, c=SKY, label="least squares")
ax.scatter(w, FEATURES, c=VERMILLION, marker="x", label="one neuron")
ax.axvline(0, color=BLACK, lw=0.8)
ax.set(xlabel="weight (energy per standard deviation of the feature)")
ax.grid(axis="x", alpha=0.3)
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure:* Ten rows, one per feature. In each the cross of the neuron lies on the dot of
# least squares or close by. Loudness has the largest positive weight, acousticness the
# largest negative one; most others are near 0.

# %% [markdown]
# ## Stack layers, and ask whether it pays
#
# Without activations, layers in a row collapse into one linear layer (lesson 01). With
# them, the model becomes nonlinear. The output stays linear: a ReLU there can die, a
# sigmoid fixes the range, and Keras would not object to either.
#
# **Your turn (3 points): write `deep_model`**, with at least two nonlinear hidden
# layers, one linear output, the mean squared error and an optimiser of your choice.
#
# <details><summary>Hint 1: what differs from the neuron?</summary>
#
# Only the list: between the input and the last Dense layer come two more, each with
# some units and an activation.
#
# </details>
# <details><summary>Hint 2: where does the activation go?</summary>
#
# `activation="relu"` is an argument of a hidden Dense layer. The output layer has none.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Input, Dense with 32 units and ReLU, Dense with 16 units and ReLU, Dense with 1 unit.
# Compile with `"adam"` and `"mse"`.
#
# </details>


# %% nbgrader={"grade_id": "deep_model", "solution": true}
def deep_model(n_features):
    """Return a regression network with two or more hidden layers, compiled.

    Parameters
    ----------
    n_features : int
        Numbers in one example.

    Returns
    -------
    model : keras.Model
        Takes (N, n_features), returns (N, 1) from a linear output; the hidden layers
        are not linear; the loss is the mean squared error. Not trained yet.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_deep_model_parts", "grade": true, "points": 0.5}
found_model = deep_model(4)
assert isinstance(found_model, keras.Model), (
    f"deep_model returned {found_model!r:.60}; a right one returns a Keras model."
)
assert found_model.built, "the model has no weights yet: give it a keras.Input"
dense = [one for one in found_model.layers if isinstance(one, keras.layers.Dense)]
assert len(dense) >= 3, (
    f"the model has {len(dense)} Dense layers; a right one has at least 3: two hidden "
    "ones and the output (hint 3)."
)
found = np.asarray(found_model(np.ones((5, 4))))
assert found.shape == (5, 1), (
    f"for 5 examples the model returns the shape {found.shape}; a right one returns "
    "(5, 1): one unit in the last layer."
)
# An activation may be an argument of Dense or a layer of its own, such as ReLU().
is_bent = []
for one in found_model.layers:
    if isinstance(one, keras.layers.Dense):
        is_bent.append(one.activation.__name__ != "linear")
        probe = np.linspace(-2.0, 1.0, one.units)[None]
    elif is_bent:
        is_bent[-1] |= not np.allclose(np.asarray(one(probe)), probe, atol=0.01)
assert not is_bent[-1], (
    "the output has an activation; a right one has none, so that it can be any number "
    "(hint 2)."
)
assert sum(is_bent[:-1]) >= 2, (
    f"of {len(dense) - 1} hidden layers {sum(is_bent[:-1])} have an activation; a right "
    "model has at least two: without one a hidden layer adds nothing (hint 2)."
)
assert found_model.compiled, "the model is not compiled: call model.compile (hint 3)"
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_deep_model_behaviour", "grade": true, "points": 1.5}
# Checked when graded: any number of inputs, outputs that bend and have no limits.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(105)
found_model = deep_model(7)
held = found_model.get_weights()
assert held and held[0].shape[0] == 7, (
    f"for 7 features the first weights have the shape {held[0].shape if held else None}; "
    "a right model takes 7 inputs."
)
learning = [one for one in found_model.layers if len(one.trainable_weights)]
for one in learning:
    held, count = one.get_weights(), len(one.trainable_weights)
    drawn = [draws.normal(scale=0.6, size=part.shape) for part in held[:count]]
    # The averages of a BatchNormalization stay as they are.
    one.set_weights([*drawn, *held[count:]])
case_x = draws.normal(scale=3, size=(200, 7))
there = np.asarray(found_model(case_x)).ravel()
back = np.asarray(found_model(-case_x)).ravel()
middle = np.asarray(found_model(np.zeros((1, 7)))).ravel()
# A function without bends is as far above its middle on one side as below on the other.
bent = np.abs(there + back - 2 * middle).mean() / np.abs(there - middle).mean()
assert bent > 1e-3, (
    "f(x) + f(-x) equals 2 f(0) for all x: the model is linear. The hidden layers need "
    "activations (hint 2)."
)
*before_last, last = learning[-1].get_weights()
learning[-1].set_weights([*before_last, np.full(last.shape, 50.0)])
high = np.asarray(found_model(case_x)).ravel()
learning[-1].set_weights([*before_last, np.full(last.shape, -50.0)])
low = np.asarray(found_model(case_x)).ravel()
np.testing.assert_allclose(
    high - low,
    np.full(200, 100.0),
    atol=1e-2,
    err_msg="a last bias of 50 instead of -50 moves every output of a right model by "
    "100: here an activation of the output holds it back (hint 2)",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_deep_model_loss", "grade": true, "points": 1}
# Checked when graded: the loss, and that training lowers it.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(106)
case_y = np.array([[0.0], [1.0], [2.0], [10.0], [3.0], [-1.0], [0.5]])
guessed = np.array([[0.5], [1.0], [4.0], [5.0], [3.5], [-4.0], [0.0]])
expected = float(np.mean((case_y - guessed) ** 2))
found_model = deep_model(4)
found = float(
    np.asarray(
        found_model.compute_loss(
            y=case_y.astype("float32"), y_pred=guessed.astype("float32")
        )
    )
)
assert np.isclose(found, expected, rtol=1e-4), (
    f"for given targets and predictions the loss is {found:.4f}; the mean squared "
    f"error is {expected:.4f} (hint 3)."
)
# Drawn here, so that the errors do not depend on what has drawn before.
found_model.set_weights(
    [
        draws.normal(scale=len(part) ** -0.5, size=part.shape)
        if part.ndim == 2
        else part
        for part in found_model.get_weights()
    ]
)
case_x = draws.normal(size=(64, 4))
case_y = np.abs(case_x[:, :1]) + 3.0
first = float(np.mean((np.asarray(found_model(case_x)) - case_y) ** 2))
found_model.run_eagerly = True  # for so few steps a compiled graph costs too much
for _ in range(4):
    found_model.train_on_batch(case_x, case_y)
later = float(np.mean((np.asarray(found_model(case_x)) - case_y) ** 2))
assert later < first, (
    f"4 training steps took the error from {first:.3f} to {later:.3f}; in a right model "
    "it falls. What does the optimiser do?"
)
### END HIDDEN TESTS

# %% [markdown]
# Now compare, with the error of guessing the mean as a bar to pass. Both models get the
# same rows: `validation_split=0.2` sets the **last** fifth of the training rows aside,
# which is fair after a shuffled split, and a trap where rows are sorted. And both train
# until their validation error no longer falls. For the neuron 12 epochs are plenty, the
# deep model takes 40. Before you run it: which one wins, and would you have said the
# same after 6 epochs?

# %%
keras.utils.set_random_seed(3)
rivals = {"one neuron": (linear_neuron(10), 12), "deep model": (deep_model(10), 40)}
val_curves = {}
print(f"guessing the mean: test MSE {np.mean((y_test - y_train.mean()) ** 2):.4f}")
for name, (model_, epochs) in rivals.items():
    log_ = model_.fit(
        X_train, y_train, epochs=epochs, batch_size=32, verbose=0, validation_split=0.2
    )
    val_curves[name] = log_.history["val_loss"]
    # A model can be called like a function: for one batch quicker than `predict`.
    error = np.mean((np.asarray(model_(X_test)) - y_test) ** 2)
    print(f"{name}, {model_.count_params()} parameters: test MSE {error:.4f}")

# %%
fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
looks = zip(val_curves.items(), [(BLACK, ":"), (BLUE, "-")], strict=True)
for (name, curve), (color, style) in looks:
    ax.plot(range(1, len(curve) + 1), curve, color=color, ls=style, lw=2, label=name)
ax.axhline(0.0092, color=GREEN, ls="--", label="best possible")
ax.axvline(6, color=VERMILLION, lw=0.8)
ax.annotate("6 epochs", (6, 0.029), (4, 0), textcoords="offset points", va="center")
ax.set(xlabel="epoch", ylabel="validation error (MSE)", ylim=(0.008, 0.031))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Validation error over the epochs; the first epochs of the deep model lie
# above the frame. The neuron's dotted line is level at 0.013 from the start. The deep
# model's line is at 0.021 after 6 epochs, meets the neuron's after about 23 and levels
# off at 0.012, above the dashed green line at 0.0092.

# %% [markdown]
# After 6 epochs the neuron seems to win: a model with 11 parameters beats one with 897.
# Stop there, and you would report the opposite of what is true. Trained to its
# **plateau**, the deep model has the smaller error. By how much is partly luck: with
# the model of hint 3, seeds 2, 3 and 4 end at test errors of 0.0114, 0.0115 and 0.0120,
# the neuron at 0.0126, 0.0123 and 0.0125. Depth pays here, but not much: energy rises
# with loudness nearly along a line. On pictures, below, it pays more.
#
# The green line is something that no real data would give you: the card of the made-up
# songs says that 0.0092 is the best error that *any* model can reach on them.
#
# **In your own words (no points: this one is for you).** A colleague trains both models
# for 6 epochs and concludes: "A linear model is better for this task." Name two things
# that you would ask to see before you believe such a comparison, and say why each can
# turn the result around.

# %% [markdown] nbgrader={"grade_id": "explain_plateau", "grade": true, "solution": true, "points": 0}
# **What I would ask to see:**
#
# ### BEGIN SOLUTION
# First the curves: is the validation error of both models level, or was one of them
# stopped while it still fell? A larger model has more to learn and needs more steps, so
# a short race favours the small one. Second, several seeds on the same rows: the deep
# model ends between 0.0114 and 0.0120, so a single run says little about how large its
# lead is. (Also good: were both given the same rows? was the learning rate of each
# chosen with the same effort, on validation rows and not on the test rows?)
# ### END SOLUTION

# %% [markdown]
# ## Open a file byte by byte
#
# Fashion-MNIST is a set of real photographs of clothes: 28 by 28 grey pixels each, ten
# classes. Its files have the IDX format, as the digits of MNIST do. The course brings
# 5,000 training and 1,000 test pictures, as many of each class, under the official
# names. Let us look into two of them before we trust a reader.

# %%
CLOTHES = Path("data/fashion-mnist")
if not CLOTHES.exists():
    raise FileNotFoundError(
        f"{CLOTHES}: no such folder. It came with this notebook; copy it beside the "
        "notebook, or correct the path in CLOTHES."
    )
for part in ("images-idx3", "labels-idx1"):
    with gzip.open(CLOTHES / f"train-{part}-ubyte.gz") as file:
        start = file.read(16)
    print(part, start.hex(" ", 4), "=", struct.unpack(">4i", start))

# %% [markdown]
# The header consists of whole numbers of four bytes each, **most significant byte
# first** ("big-endian"; your processor counts the other way round). In `">4i"` the `>`
# says so, and `4i` asks for four such integers. A **magic number** is a constant at the
# start by which a program recognises its own files. The second line above shows only two
# header numbers: what follows are the first eight labels, read as if they were two more.
#
# | bytes | images | labels |
# |---|---|---|
# | 0–3 | magic number 2051 | magic number 2049 |
# | 4–7 | number of images N | number of labels N |
# | 8–11 | rows | (first labels, one byte each) |
# | 12–15 | columns | |
# | then | N · rows · columns bytes, 0 to 255 | N bytes, from byte 8 on |
#
# **Your turn (3 points): write `load_idx`.** It refuses, with a `ValueError`, another
# magic number and a file whose length does not fit its header. A reader that skips this
# check silently returns half a download. The array must be writable, too:
# `np.frombuffer` shows you bytes that nobody may change, until you copy them.
#
# <details><summary>Hint 1: where does the data begin?</summary>
#
# The images' header is four numbers long, the labels' two. How many bytes are that?
#
# </details>
# <details><summary>Hint 2: the functions to look up</summary>
#
# `gzip.open(path).read()` gives all bytes. `struct.unpack_from(">4i", data)` or
# `int.from_bytes(data[4:8], "big")` reads numbers. `np.frombuffer(data, dtype=np.uint8,
# offset=...)` reads the rest; its `copy()` is writable.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Read everything. Take the magic number: it decides whether the shape has one number
# or three, and so where the data begins. Reshape a copy of the bytes that are left:
# `reshape` raises `ValueError` by itself if they do not fill the shape. Take that shape
# from the header, for labels too.
#
# </details>


# %% nbgrader={"grade_id": "load_idx", "solution": true}
def load_idx(path):
    """Read a gzipped IDX file of images or labels.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    values : ndarray of uint8, writable, shape (N, rows, columns) or (N,)

    Raises
    ------
    ValueError
        The magic number is neither 2051 nor 2049, or the file holds more or fewer
        bytes than its header says.
    """
    ### BEGIN SOLUTION
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError(f"{path}: magic number {magic}, neither images nor labels")
    offset = 8 if magic == 2049 else 16
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    # A shape that the bytes do not fill is a ValueError of reshape.
    return values.reshape(shape).copy()
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_load_idx_files", "grade": true, "points": 1}
# A graded test runs outside your notebook's folder: it has its files written there, and
# takes them away at the end.
load_idx.write, load_idx.remove = Path.write_bytes, Path.unlink
pixels = bytes(range(2, 242, 2))
content = struct.pack(">4i", 2051, 4, 6, 5) + pixels
load_idx.write(Path("check-images.gz"), gzip.compress(content))
load_idx.write(
    Path("check-labels.gz"),
    gzip.compress(content[:3] + b"\x01" + b"\0\0\0\x78" + pixels),
)
load_idx.write(Path("check-others.gz"), gzip.compress(b"\0\0\x0b" + content[3:]))
try:
    found = load_idx("check-images.gz")
except ValueError as problem:
    raise AssertionError(
        f"a right file of 4 pictures was refused: {problem}. Expected its magic number "
        'to be read as 2051, most significant byte first (">"), and the data to begin '
        "behind four header numbers (hint 1)."
    ) from None
assert isinstance(found, np.ndarray), (
    f"load_idx returned {found!r:.60}; a right one returns an array."
)
assert found.shape == (4, 6, 5) and found.dtype == np.uint8, (
    f"4 pictures of 6 rows and 5 columns came as {found.dtype} of the shape "
    f"{found.shape}; right ones are uint8 of the shape (4, 6, 5) (hint 3)."
)
assert found.ravel()[:3].tolist() == [2, 4, 6] and found[-1, -1, -1] == 240, (
    f"the pixels begin with {found.ravel()[:3].tolist()} and end with "
    f"{found[-1, -1, -1]}; right ones begin with [2, 4, 6] and end with 240. Where does "
    "the data begin? (hint 1)"
)
found = load_idx(Path("check-labels.gz"))
assert found.shape == (120,) and found[:3].tolist() == [2, 4, 6], (
    f"120 labels came with the shape {found.shape} and begin with "
    f"{found.ravel()[:3].tolist()}; right ones have (120,) and begin with [2, 4, 6] "
    "(hint 1)."
)
assert found.flags.writeable, "the array is read-only; return a copy (hint 2)"
try:
    found = load_idx("check-others.gz")
except ValueError:
    found = "refused"
assert isinstance(found, str), (
    "a file with an unknown magic number was read; a right load_idx raises ValueError."
)
for name in ("images", "labels", "others"):
    load_idx.remove(Path(f"check-{name}.gz"), missing_ok=True)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_load_idx_shapes", "grade": true, "points": 1.5}
# Checked when graded: other numbers of images, rows and columns; labels; writable.
### BEGIN HIDDEN TESTS
# Made here and written by the notebook's side: a sealed test has no folder of its own.
load_idx.write = Path.write_bytes
draws = np.random.default_rng(107)
for shape in ((7, 5, 3), (1, 2, 9), (300, 4, 6), (7,), (1,), (520,)):
    expected = draws.integers(0, 256, size=shape, dtype=np.uint8)
    header = struct.pack(
        f">{1 + len(shape)}i", 2051 if len(shape) == 3 else 2049, *shape
    )
    name = f"case-{len(shape)}-{shape[0]}.gz"
    load_idx.write(Path(name), gzip.compress(header + expected.tobytes()))
    found = load_idx(name)
    assert isinstance(found, np.ndarray) and found.shape == shape, (
        f"a file with the shape {shape} came as {getattr(found, 'shape', found)!s:.60}."
    )
    assert found.dtype == np.uint8, f"the array is {found.dtype}; right: uint8."
    np.testing.assert_array_equal(
        found,
        expected,
        err_msg=f"wrong bytes for the shape {shape}: where does the data begin, and "
        "which axis is which? (hint 1)",
    )
    assert found.flags.writeable, "the array is read-only; return a copy (hint 2)"
# Another file under the same name, of the same shape and of another.
for shape in ((7, 5, 3), (4, 2, 2)):
    expected = draws.integers(0, 256, size=shape, dtype=np.uint8)
    content = struct.pack(">4i", 2051, *shape) + expected.tobytes()
    load_idx.write(Path("case-3-7.gz"), gzip.compress(content))
    found = np.asarray(load_idx("case-3-7.gz"))
    assert np.array_equal(found, expected), (
        f"a file was replaced by another one of the shape {shape}; load_idx did not "
        f"return what is in it now, but the shape {found.shape}. Read it anew each time."
    )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_load_idx_refuses", "grade": true, "points": 0.5}
# Checked when graded: ValueError for a wrong magic number, for too few and too many.
### BEGIN HIDDEN TESTS
load_idx.write = Path.write_bytes
pixels = bytes(range(30))
broken = {
    "magic number 2050": struct.pack(">4i", 2050, 2, 5, 3) + pixels,
    "magic number 1": struct.pack(">2i", 1, 30) + pixels,
    "little-endian magic": struct.pack("<4i", 2051, 2, 5, 3) + pixels,
    "a picture too few": struct.pack(">4i", 2051, 3, 5, 3) + pixels,
    "a picture too many": struct.pack(">4i", 2051, 1, 5, 3) + pixels,
    "half a picture too many": struct.pack(">4i", 2051, 1, 5, 5) + pixels,
    "labels too few": struct.pack(">2i", 2049, 31) + pixels,
    "labels too many": struct.pack(">2i", 2049, 29) + pixels,
}
for number, (name, content) in enumerate(broken.items()):
    load_idx.write(Path(f"broken-{number}.gz"), gzip.compress(content))
    try:
        found = load_idx(f"broken-{number}.gz")
    except ValueError:
        continue
    except Exception as problem:
        raise AssertionError(
            f"{name}: load_idx raised {type(problem).__name__}; a right one raises "
            "ValueError (hint 3)."
        ) from None
    raise AssertionError(
        f"{name}: load_idx returned the shape {np.shape(found)} without complaint; a "
        "right one raises ValueError (hint 3)."
    )
### END HIDDEN TESTS

# %% [markdown]
# Load all four files. Pixels become numbers from 0 to 1, as `float32`: half the memory
# of NumPy's default, and what Keras computes with. The split for validation is shuffled
# and stratified, so that sorted files do no harm.

# %%
parts = [
    load_idx(CLOTHES / f"{part}-ubyte.gz")
    for part in ("train-images-idx3", "train-labels-idx1")
    + ("t10k-images-idx3", "t10k-labels-idx1")
]
images, test_images = (part.astype("float32") / 255 for part in parts[::2])
labels, test_labels = parts[1::2]
train_images, val_images, train_labels, val_labels = train_test_split(
    images, labels, test_size=500, stratify=labels, random_state=0
)
print(train_images.shape, val_images.shape, test_images.shape, np.bincount(val_labels))

# %%
CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt"]
CLASSES += ["Sneaker", "Bag", "Ankle boot"]
fig, axes = plt.subplots(2, 5, figsize=(8, 3.6), layout="constrained")
for kind, ax in enumerate(axes.flat):
    ax.imshow(train_images[train_labels == kind][0], cmap="gray_r")
    ax.set_title(f"{kind} {CLASSES[kind]}", fontsize=10)
    ax.axis("off")
plt.show()

# %% [markdown]
# *Figure:* Ten pictures in two rows, one of each class with its number and name, dark
# clothes on white ground, from T-shirt/top to ankle boot.

# %% [markdown]
# ## Name ten kinds of clothes
#
# | part of a classifier | one of two (moons) | several labels | one of C (clothes) |
# |---|---|---|---|
# | output units | 1 | one for each label | C |
# | output activation | `"sigmoid"` | `"sigmoid"` | `"softmax"` |
# | loss | `"binary_crossentropy"` | the same | `"sparse_categorical_crossentropy"` |
#
# *Sparse* means that labels are whole numbers; without it Keras wants one-hot rows. The
# network: a picture is flattened into 784 numbers, then come 300 ReLU, 100 ReLU and 10
# softmax units.
#
# **Predict before Keras counts (1 point).** How many parameters is that?

# %% nbgrader={"grade_id": "predict_parameters", "solution": true}
# predict_parameters = <a whole number>
### BEGIN SOLUTION
predict_parameters = 784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_parameters", "grade": true, "points": 1}
assert isinstance(predict_parameters, int | float | np.number), (
    f"predict_parameters is {predict_parameters!r:.60}; write a number without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
suspects = {
    266200: "That is the weights alone; each unit has a bias too.",
    1194: "That is the number of units; a layer learns a weight for each pair.",
    235500: "That is the first Dense layer alone; there are three.",
    39610: "A picture has 28 times 28 numbers, not 28.",
    267394: "You gave the inputs biases; only units have one.",
    266203: "A layer has a bias for each unit, not one.",
}
if predict_parameters != 266610:
    why = suspects.get(predict_parameters, "Add (n_in + 1) * n_out over three layers.")
    print(f"You predicted {predict_parameters}. {why}")
### END HIDDEN TESTS

# %% [markdown]
# **Your turn (4 points): write `image_classifier`.** Compile it with a loss that fits
# your output and whole-number labels, and with the metric accuracy. Softmax outputs go
# with the loss in the table. If you leave the softmax out (the outputs are then
# *logits*), you have to tell the loss: `from_logits=True`.
#
# <details><summary>Hint 1: from (28, 28) to 784</summary>
#
# The input has the shape of one picture, and `keras.layers.Flatten()` comes next. It
# has no parameters.
#
# </details>
# <details><summary>Hint 2: which loss?</summary>
#
# Read the last column of the table. Softmax makes ten probabilities that add up to 1;
# ten sigmoids do not.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# One line per layer: input, Flatten, two hidden layers with the units of the task, the
# output with the activation of the table's last column. Compile with `"adam"`, the loss
# of that column, and a list of metrics with `"accuracy"` in it.
#
# </details>


# %% nbgrader={"grade_id": "image_classifier", "solution": true}
def image_classifier():
    """Return a network 784-300-100-10 for pictures, compiled.

    Returns
    -------
    model : keras.Model
        Takes (N, 28, 28), returns (N, 10): probabilities, or logits if the loss knows.
        Hidden layers of 300 and 100 ReLU units; the loss is the mean cross-entropy for
        integer labels, the metric is accuracy. Ten small training steps with its
        optimiser lift the accuracy on ten easy pictures well above chance. Not trained
        yet.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_image_classifier_parts", "grade": true, "points": 1}
with catch_warnings(record=True) as caught:
    simplefilter("always")
    found_model = image_classifier()
texts = [str(one.message) for one in caught if "input_shape" in str(one.message)]
assert not texts, (
    f"Keras warns: {texts[0]:.90}... Put keras.Input(shape=(28, 28)) first in the list."
)
assert isinstance(found_model, keras.Model), (
    f"image_classifier returned {found_model!r:.60}; a right one returns a Keras model."
)
assert found_model.built, "the model has no weights yet: give it a keras.Input (hint 1)"
found = np.asarray(found_model(np.zeros((2, 28, 28))))
assert found.shape == (2, 10), (
    f"for 2 pictures the model returns the shape {found.shape}; a right one returns "
    "(2, 10). Is Flatten there, and does the last layer have 10 units? (hint 1)"
)
assert found_model.count_params() == 266610, (
    f"the model has {found_model.count_params()} parameters; a right one has 266610: "
    "300, 100 and 10 units after 784 inputs (hint 3)."
)
dense = [one for one in found_model.layers if isinstance(one, keras.layers.Dense)]
bends = [one.activation.__name__ for one in dense]
assert bends[:2] == ["relu", "relu"], (
    f"the Dense layers have the activations {bends}; in a right model the hidden ones "
    "have relu (hint 3)."
)
assert bends[-1] in ("softmax", "linear"), (
    f"the output has the activation {bends[-1]}; for one of ten classes it is softmax "
    "(hint 2)."
)
assert found_model.compiled, "the model is not compiled: call model.compile (hint 3)"
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_image_classifier_loss", "grade": true, "points": 2}
# Checked when graded: outputs and loss fit together, for whole-number labels.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(108)
case_x = draws.uniform(size=(40, 28, 28)).astype("float32")
case_y = draws.integers(0, 10, size=40)
found_model = image_classifier()
found_model.set_weights(
    [draws.normal(scale=0.06, size=part.shape) for part in found_model.get_weights()]
)
found_model.run_eagerly = True  # for one batch a compiled graph costs too much
outputs = np.asarray(found_model(case_x)).astype(float)
sums = outputs.sum(axis=1)
are_shares = outputs.min() >= 0 and np.allclose(sums, 1, atol=1e-4)
shares = outputs if are_shares else softmax(outputs, axis=1)
expected = float(-np.log(shares[np.arange(40), case_y]).mean())
try:
    found = found_model.test_on_batch(case_x, case_y)
except Exception as problem:
    raise AssertionError(
        f"the loss does not take whole-number labels: {problem!s:.120}. A right one is "
        "the sparse cross-entropy (hint 2)."
    ) from None
assert isinstance(found, list | tuple) and len(found) >= 2, (
    f"test_on_batch returns {found!r:.60}; with a metric it returns [loss, accuracy]: "
    'compile with metrics=["accuracy"] (hint 3).'
)
assert np.isclose(found[0], expected, rtol=1e-3), (
    f"the loss of 40 pictures is {found[0]:.4f}; the cross-entropy of the outputs is "
    f"{expected:.4f}. The outputs are {'' if are_shares else 'no '}probabilities: "
    "does the loss expect the same? (hint 2)"
)
expected = float(np.mean(outputs.argmax(axis=1) == case_y))
assert np.isclose(found[1], expected, atol=1e-4), (
    f"the metric is {found[1]:.4f}; the accuracy is {expected:.4f} (hint 3)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_image_classifier_learns", "grade": true, "points": 1}
# Checked when graded: training lowers the loss; large values come through.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(109)
found_model = image_classifier()
case_y = np.arange(64) % 10
prototypes = draws.normal(size=(10, 28, 28))
case_x = prototypes[case_y].astype("float32")
held = found_model.get_weights()
sizes = [part.shape for part in held[::2]]
assert sizes == [(784, 300), (300, 100), (100, 10)], (
    f"the weight matrices have the shapes {sizes}; right ones: [(784, 300), (300, 100), "
    "(100, 10)]."
)
# Drawn here, so that the accuracies do not depend on what has drawn before.
found_model.set_weights(
    [
        draws.normal(scale=len(part) ** -0.5, size=part.shape)
        if part.ndim == 2
        else part
        for part in held
    ]
)
first = np.asarray(found_model(case_x)).argmax(axis=1)
found_model.run_eagerly = True  # for so few steps a compiled graph costs too much
for _ in range(10):
    found_model.train_on_batch(case_x, case_y)
    later = np.asarray(found_model(case_x)).argmax(axis=1)
    if np.array_equal(later, case_y):
        break  # it has learned them all
right = [np.mean(part == case_y) for part in (first, later)]
assert right[1] > max(right[0], 0.3), (
    f"10 training steps on 10 easy pictures take the accuracy from {right[0]:.2f} to "
    f"{right[1]:.2f}; in a right model it rises well. What does the optimiser do?"
)
found = np.asarray(found_model(1000 * case_x[:1]))
assert found.shape == (1, 10) and np.isfinite(found).all(), (
    f"for one picture with pixels up to 1000 the outputs are {found!s:.60}."
)
### END HIDDEN TESTS

# %% [markdown]
# Build it and look inside. `summary` lists what you counted.

# %%
keras.utils.set_random_seed(3)
classifier = image_classifier()
classifier.summary()

# %% [markdown]
# A layer can be taken by its place or by its name. Keras makes names up and counts on
# in the whole session: run this notebook's cells twice and `dense_8` becomes
# `dense_16`. So ask for the place, or give names yourself (`name="hidden"`). The first
# weights are drawn evenly from ±√(6 / (784 + 300)) = ±0.074 (Glorot's rule, also called
# Xavier's); biases start at 0.

# %%
first = classifier.layers[1]
print(first.name, "is the same layer:", classifier.get_layer(first.name) is first)
random_W, b = first.get_weights()
print(random_W.shape, b.shape, f"biases {b[:3]}")
print(f"weights from {random_W.min():.4f} to {random_W.max():.4f}")

# %% [markdown]
# Keras draws a model with `keras.utils.plot_model`, if the package pydot and the
# program Graphviz are installed. Where they are not, it fails, and this cell draws the
# boxes itself.


# %%
def draw_model(model):
    """Return Keras's picture of a model, or draw its layers as boxes in a row."""
    try:
        picture = keras.utils.plot_model(model, "model.png", show_shapes=True, dpi=60)
    except ImportError:
        picture = None
    if picture is not None:  # some versions print what is missing, and return nothing
        return picture
    fig, ax = plt.subplots(figsize=(9, 1.5), layout="constrained")
    texts = [f"Input\n{model.input_shape[1:]}\n0 parameters"]
    for part in model.layers:
        kind, shape = type(part).__name__, part.output.shape[1:]
        texts.append(f"{kind}\n{shape}\n{part.count_params():,} parameters")
    boxes = []
    for i, text in enumerate(texts):
        look = {"boxstyle": "round,pad=0.4", "fc": "white", "ec": BLUE}
        box = ax.text(2 * i, 0, text, ha="center", va="center", bbox=look, fontsize=9)
        boxes.append(box.get_bbox_patch())
        if i:
            arrow = {"arrowstyle": "-|>", "color": BLACK, "shrinkA": 0, "shrinkB": 0}
            arrow |= {"patchA": boxes[i - 1], "patchB": boxes[i]}
            ax.annotate("", (2 * i, 0), (2 * i - 2, 0), arrowprops=arrow)
    ax.set(xlim=(-1, 2 * len(texts) - 1), ylim=(-1, 1))
    ax.axis("off")
    plt.show()


draw_model(classifier)

# %% [markdown]
# *Figure:* Boxes with arrows from the input to the output: Flatten with 784 outputs and
# no parameters, then Dense layers with 300, 100 and 10 outputs. The first Dense layer
# has 235,500 of the 266,610 parameters.

# %% [markdown]
# ## Stop while it is best, and keep that
#
# Training longer lowers the training loss; the validation loss eventually turns up
# again, which is **overfitting**. Ending there is called **early stopping**. The
# callback `keras.callbacks.EarlyStopping` watches that loss, stops after `patience`
# epochs without a new best, and, **if asked**, puts the best weights back. (A saved copy
# of the weights on the way is a **checkpoint**; for long training runs there is
# `ModelCheckpoint`, and for a **learning-rate schedule** `ReduceLROnPlateau`.)
#
# **Your turn (5 points): write `fit_with_validation`.** Train in shuffled batches of
# 128, quietly; watch the validation loss; put the best weights back; save the model.
#
# <details><summary>Hint 1: whose loss?</summary>
#
# `fit` takes the pair `validation_data=(X_val, y_val)`. Then each epoch has a
# `val_loss`. A `validation_split` would take rows from the training data instead.
#
# </details>
# <details><summary>Hint 2: what the callback needs</summary>
#
# `EarlyStopping(monitor=..., patience=..., restore_best_weights=...)`. The last one is
# False unless you say otherwise: you would keep the weights of the last epoch.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Make the callback. Fit with the validation data, the epochs, batches of 128, the
# callback in a list and `verbose=0`, and keep what `fit` returns. Then `model.save` to
# the path. Return what you kept.
#
# </details>


# %% nbgrader={"grade_id": "fit_with_validation", "solution": true}
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    """Train a compiled model with early stopping, keep the best weights, save it.

    Parameters
    ----------
    model : keras.Model
        Compiled; is trained in place, in batches of 128, shuffled anew in each epoch.
    X, y, X_val, y_val : ndarrays
        Training and validation data.
    path : str or Path
        Where the whole model is saved; ends in `.keras`.
    epochs : int
        At most so many.
    patience : int
        Stop after so many epochs in a row without a new lowest validation loss.

    Returns
    -------
    history : keras.callbacks.History
        What `fit` returned. The model has the weights of the epoch with the lowest
        validation loss.
    """
    ### BEGIN SOLUTION
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    history = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[stop],
        verbose=0,
    )
    model.save(path)
    return history
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_fit_with_validation_stops", "grade": true, "points": 1}
# The training data wants the slope 4, the validation data the slope 2: on its way from
# 0 to 4 the weight passes the best value, and training has to stop and go back.
case_x = np.linspace(-1, 1, 32).reshape(-1, 1)
val_x, val_y = case_x.copy(), 2 * case_x
case_net = dense_net((1,), (np.zeros((1, 1)), np.zeros(1), None), rate=0.63, loss="mse")
kept = fit_with_validation(
    case_net, case_x, 4 * case_x, val_x, val_y, "check-10.keras", 8, 2
)
assert hasattr(kept, "history") and hasattr(kept, "model"), (
    f"fit_with_validation returned a {type(kept).__name__}; a right one returns the "
    "History that fit returned, not only what is in it."
)
curves = {name: [float(v) for v in kept.history[name]] for name in kept.history}
assert "val_loss" in curves, (
    f"the history has {sorted(curves)}; with validation data it has val_loss (hint 1)."
)
best = int(np.argmin(curves["val_loss"]))
assert len(curves["val_loss"]) == best + 1 + 2, (
    f"training ended after epoch {len(curves['val_loss'])}; with a patience of 2 a right "
    "one ends in epoch 3. "
    + (
        "The validation loss never turns up: is it taken from training data? (hint 1)"
        if best == len(curves["val_loss"]) - 1
        else "Is the validation loss watched, with that patience? (hint 2)"
    )
)
slope, shift = (float(part.ravel()[0]) for part in kept.model.get_weights())
found = float(np.mean((val_x * slope + shift - val_y) ** 2))
assert np.isclose(found, min(curves["val_loss"]), rtol=1e-3, atol=1e-7), (
    f"the model's loss on the validation data is {found:.5f}; the lowest of the history "
    f"is {min(curves['val_loss']):.5f}. Are the best weights put back? (hint 2) Was the "
    "validation data X_val, y_val used? (hint 1)"
)
fit_with_validation.remove = Path.unlink
fit_with_validation.remove(Path("check-10.keras"), missing_ok=True)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_fit_with_validation_file", "grade": true, "points": 2.5}
# Checked when graded: the file holds the whole model with its best weights.
### BEGIN HIDDEN TESTS
# One training for this test and the next. The first epoch takes the weight from 0 to
# about 1.5, near the validation data's slope, the others on towards 3.
case_x = np.where(np.arange(257) < 128, -1.0, 1.0).reshape(-1, 1)
val_x = np.resize([-1.0, 1.0], (128, 1))
case_y, val_y = 3 * case_x + 0.3, 1.4 * val_x + 0.3
case_net = dense_net((1,), (np.zeros((1, 1)), np.zeros(1), None), rate=0.1, loss="mse")
second_run = {}  # stays empty if training fails
# A file of this name is there already, of another model: it is to be replaced.
fit_with_validation.write = Path.write_bytes
fit_with_validation.write(Path("kept-10.keras"), b"an earlier model")
kept = fit_with_validation(
    case_net, case_x, case_y, val_x, val_y, "kept-10.keras", 2, 2
)
second_run = {"losses": list(kept.history["loss"]), "steps": kept.params["steps"]}
slopes, shift = kept.model.get_weights()
# The file is opened by the notebook's side: a sealed test has no folder of its own.
fit_with_validation.reload = keras.saving.load_model
try:
    again = fit_with_validation.reload("kept-10.keras")
except Exception as problem:
    raise AssertionError(
        f"the saved model cannot be loaded: {problem!s:.120}. Save the whole model to "
        "the given path (hint 3)."
    ) from None
found = [np.asarray(part) for part in again.get_weights()]
for part, expected in zip(found, (slopes, shift), strict=True):
    np.testing.assert_allclose(
        part,
        expected,
        atol=1e-6,
        err_msg="the saved model has other weights than the returned one: save it after "
        "training (hint 3)",
    )
losses_found = [float(v) for v in kept.history["val_loss"]]
reached = float(np.mean((val_x @ found[0] + found[1] - val_y) ** 2))
assert np.isclose(reached, min(losses_found), rtol=1e-3, atol=1e-7), (
    f"the saved model's validation loss is {reached:.5f}, the lowest of the history "
    f"{min(losses_found):.5f}: save the best weights (hint 2)."
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_fit_with_validation_fits", "grade": true, "points": 1.5}
# Checked when graded: batches of 128, shuffled; all epochs if patience allows it.
### BEGIN HIDDEN TESTS
# About the training of the test above: 257 rows, x = -1 in the first 128, 1 in the rest.
assert second_run, "fit_with_validation failed in the test above; begin there."
found = [float(v) for v in second_run["losses"]]
assert len(found) == 2, (
    f"with 2 epochs at most and a patience of 2, training ran for {len(found)} epochs; "
    "a right one runs for 2."
)
assert second_run["steps"] == 3, (
    f"an epoch of 257 examples has {second_run['steps']} steps; in batches of 128 it "
    "has 3 (hint 3)."
)
# What one neuron reports in the first epoch if it sees the rows in their order.
slope, shift, expected = 0.0, 0.0, 0.0
for rows in (case_x[:128], case_x[128:256], case_x[256:]):
    off = slope * rows + shift - (3 * rows + 0.3)
    expected += float((off**2).sum()) / 257
    slope -= 0.1 * float((2 * off * rows).mean())
    shift -= 0.1 * float((2 * off).mean())
assert not np.isclose(found[0], expected, rtol=1e-4), (
    "the loss is that of the rows in their order: the batches are not shuffled. fit "
    "does it unless it is told not to."
)
assert np.isclose(found[0], 7.5, atol=0.15), (
    f"the loss of the first epoch is {found[0]:.2f}; shuffled rows give about 7.5. Does "
    "fit get X and y as they are, in this order?"
)
### END HIDDEN TESTS

# %% [markdown]
# Let the classifier learn from 4,500 pictures, at most 6 epochs. Before you run it: in
# which epoch will the validation loss be lowest?

# %%
keras.utils.set_random_seed(4)
fitted = fit_with_validation(
    classifier,
    train_images,
    train_labels,
    val_images,
    val_labels,
    "clothes.keras",
    6,
    2,
)
reached = fitted.history["val_accuracy"]
print(f"{len(reached)} epochs, validation accuracy {max(reached):.3f} at best")

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
epochs = range(1, len(reached) + 1)
for ax, name, what in [
    (left, "loss", "cross-entropy"),
    (right, "accuracy", "accuracy"),
]:
    ax.plot(epochs, fitted.history[name], color=BLUE, marker="o", label="training")
    ax.plot(
        epochs,
        fitted.history[f"val_{name}"],
        color=VERMILLION,
        ls="--",
        marker="^",
        label="validation",
    )
    ax.set(xlabel="epoch", ylabel=what, xticks=epochs)
    ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Left the loss, right the accuracy, over the epochs; blue circles for
# training, dashed vermillion with triangles for validation. Both improve; from the third
# epoch on training is ahead, and validation ends at an accuracy of 0.84.

# %% [markdown]
# The training figure of an epoch is an average over its steps, while the weights still
# change; the validation figure is taken after them. So validation can look better in
# the first epoch. Now load the file again. Nothing is lost: layers, weights, loss.

# %%
reloaded = keras.saving.load_model("clothes.keras")
same = np.array_equal(reloaded(val_images[:50]), classifier(val_images[:50]))
print(f"the reloaded model gives the same outputs: {same}; its loss is {reloaded.loss}")

# %% [markdown]
# ## Move the weights into your own network
#
# What has Keras learned that your own code could not compute? Nothing: the model is a
# few matrices and three functions. You take the matrices out and run them in NumPy.
# Look at one of them first: each of the 300 columns of the first matrix has 784 weights,
# one per pixel, so it *is* a picture, of what this unit looks for. It began as noise;
# what training has added to it shows best without that noise.

# %%
learned = classifier.layers[1].get_weights()[0] - random_W
strongest = np.argsort(np.linalg.norm(learned, axis=0))[::-1][:18]
fig, axes = plt.subplots(3, 6, figsize=(7, 3.8), layout="constrained")
for unit, ax in zip(strongest, axes.flat, strict=True):
    column = learned[:, unit].reshape(28, 28)
    bound = np.abs(column).max()
    picture = ax.imshow(column, cmap="RdBu_r", vmin=-bound, vmax=bound)
    ax.axis("off")
bar = fig.colorbar(picture, ax=axes, ticks=[-bound, 0, bound], shrink=0.8)
bar.ax.set_yticklabels(["says no", "0", "says yes"])
plt.show()

# %% [markdown]
# *Figure:* Eighteen small pictures of learned weights, red for more and blue for less.
# Most look like clothes seen through fog: outlines of sleeves, shoes and trousers in one
# colour beside the shape of another garment in the other. A unit adds up the pixels under
# its red places and subtracts those under its blue ones.
#
# Nobody has told the network about sleeves or heels. 4,500 pictures and a falling loss
# were enough.
#
# The next cell has the activations by the names that Keras gives them.

# %%
ACTIVATIONS = {
    "linear": lambda Z: Z,
    "relu": lambda Z: np.maximum(Z, 0),
    "sigmoid": expit,
    "tanh": np.tanh,
    "softmax": lambda Z: softmax(Z, axis=1),
}

# %%
print([(layer.name, type(layer).__name__) for layer in classifier.layers])

# %% [markdown]
# **Your turn (5 points): write `keras_to_numpy`.** It takes a model apart and returns a
# *function* `f(X)` that computes the model's output with NumPy alone. A function
# defined inside another one remembers the variables around it. The name of a layer's
# activation is `layer.activation.__name__`.
#
# <details><summary>Hint 1: which layers have something to do?</summary>
#
# Dense layers have weights, bias and activation; ask with `isinstance(layer,
# keras.layers.Dense)`. Flatten only makes rows of pictures: one reshape at the start
# does it. `model.layers` does not list the input.
#
# </details>
# <details><summary>Hint 2: one layer</summary>
#
# `W, b = layer.get_weights()`, and then as in lesson 07: `A @ W + b`, then the
# activation. Keras keeps W with the shape (inputs, units): nothing to transpose.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# Collect for each Dense layer W, b and its activation from the table in a list. Define
# a function of X that reshapes X to (N, everything else), goes through the list, and
# returns the last A. Return that function without calling it.
#
# </details>


# %% nbgrader={"grade_id": "keras_to_numpy", "solution": true}
def keras_to_numpy(model):
    """Return a NumPy function that computes what a Keras model computes.

    Parameters
    ----------
    model : keras.Sequential
        Input, Flatten and Dense layers with bias, whose activations are linear, relu,
        sigmoid, tanh or softmax.

    Returns
    -------
    f : callable
        f(X) takes (N, ...), the model's inputs, left unchanged, and returns an ndarray
        (N, units of the last layer), equal to the model's output within 1e-5.
    """
    ### BEGIN SOLUTION
    steps = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            steps.append((*layer.get_weights(), layer.activation.__name__))

    def forward(X):
        A = X.reshape(len(X), -1)
        for W, b, name in steps:
            A = ACTIVATIONS[name](A @ W + b)
        return A

    return forward
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_keras_to_numpy_example", "grade": true, "points": 1}
case_net = dense_net(
    (1, 3),
    (np.array([[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]]), np.array([0.5, -0.25]), "relu"),
    (np.array([[0.2, -0.1], [0.1, 0.3]]), np.array([0.25, -0.5]), "softmax"),
)
case_x = np.array([[[1.0, 2.0, 3.0]], [[-4.0, 0.0, 1.0]]])
logits = np.array([[1.325, 0.975], [0.725, 0.925]])
expected = softmax(logits, axis=1)
suspects = {
    "the biases are missing (hint 2)": softmax([[1.0, 1.6], [0.5, 1.5]], axis=1),
    "relu is missing (hint 3)": softmax([[1.325, 0.975], [0.025, 1.275]], axis=1),
    "softmax is missing": logits,
    "softmax is applied twice": softmax(expected, axis=1),
    "softmax divides by the sum of the whole table, not of each row": softmax(logits),
}
found_f = keras_to_numpy(case_net)
assert callable(found_f), (
    f"keras_to_numpy returned {found_f!r:.60}; a right one returns a function of X, and "
    "does not call it."
)
found = found_f(case_x.copy())
assert isinstance(found, np.ndarray) and found.shape == (2, 2), (
    f"f(X) returned {found!r:.60} for two examples; a right one returns an array of the "
    "shape (2, 2) (hint 1)."
)
why = [text for text, values in suspects.items() if np.allclose(found, values)]
np.testing.assert_allclose(
    found, expected, atol=1e-5, err_msg=why[0] if why else "wrong values (hint 2)"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_keras_to_numpy_layers", "grade": true, "points": 4}
# Checked when graded: all activations, pictures, one example, large values.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(112)
plans = {
    "pictures": ((2, 3), [(5, "tanh"), (4, "relu"), (3, "softmax")], 0.9),
    "square": (
        (3,),
        [(3, kind) for kind in ("sigmoid", "linear", "relu", "tanh", "sigmoid")],
        0.9,
    ),
    "large": ((2, 2), [(6, "linear"), (3, "softmax")], 40.0),
}
references = {
    "tanh": np.tanh,
    "relu": lambda Z: Z * (Z > 0),
    "linear": lambda Z: Z,
    "sigmoid": lambda Z: 0.5 * (1 + np.tanh(Z / 2)),
    "softmax": lambda Z: softmax(Z, axis=1),
}


def drawn_part(spread, size):
    """Draw a kernel or a bias, in the precision of Keras."""
    return draws.normal(scale=spread, size=size).astype("float32")


for name, (shape, plan, spread) in plans.items():
    sizes = [int(np.prod(shape)), *(n for n, _ in plan)]
    layers = [
        (*(drawn_part(spread, size) for size in [(n_in, n), n]), kind)
        for n_in, (n, kind) in zip(sizes, plan, strict=False)
    ]
    case_net = dense_net(shape, *layers)
    found_f = keras_to_numpy(case_net)
    for count in (7, 1):
        case_x = draws.normal(size=(count, *shape)) * (1 if spread < 1 else 3)
        expected = case_x.reshape(count, -1)
        for kernel_in, bias_in, kind in layers:
            expected = references[kind](expected @ kernel_in + bias_in)
        before = case_x.copy()
        found = found_f(case_x)
        np.testing.assert_array_equal(
            case_x, before, err_msg=f"{name}: f changed its input; work on a copy"
        )
        assert isinstance(found, np.ndarray) and found.shape == expected.shape, (
            f"{name}: for {count} examples f returned {found!r:.60}; a right one returns "
            f"the shape {expected.shape}."
        )
        assert np.isfinite(found).all(), f"{name}: f returned nan or inf"
        kinds = [kind for _, kind in plan]
        sums = found.sum(axis=1).round(3).tolist()
        assert kinds[-1] != "softmax" or np.allclose(sums, 1, atol=2e-3), (
            f"{name}: the rows add up to {sums}, not to 1: what about softmax?"
        )
        np.testing.assert_allclose(
            found,
            expected,
            atol=1e-5,
            rtol=1e-5,
            err_msg=f"{name}: wrong values for layers with {kinds} (hint 3)",
        )
# The same plan with other weights, and the first function once more.
layers = [
    (*(drawn_part(spread, part.shape) for part in held), kind) for *held, kind in layers
]
case_net.set_weights([part for *held, _ in layers for part in held])
expected = case_x.reshape(1, -1)
for kernel_in, bias_in, kind in layers:
    expected = references[kind](expected @ kernel_in + bias_in)
found = keras_to_numpy(case_net)(case_x)
np.testing.assert_allclose(
    found,
    expected,
    atol=1e-5,
    rtol=1e-5,
    err_msg="another model of the same layers, with other weights: wrong values",
)
# Rows that add up to 1 before the softmax: nothing shows there that it was done.
plain = dense_net((2,), (np.eye(2), np.zeros(2), "softmax"))
case_x = np.array([[0.25, 0.75], [1.0, 0.0]])
found = keras_to_numpy(plain)(case_x)
np.testing.assert_allclose(
    found,
    softmax(case_x, axis=1),
    atol=1e-5,
    rtol=1e-5,
    err_msg="rows of logits that happen to add up to 1: softmax comes all the same",
)
### END HIDDEN TESTS

# %% [markdown]
# Compare the two on all test pictures. Keras computes with `float32`, seven digits; do
# the outputs agree to five decimals?

# %%
numpy_net = keras_to_numpy(classifier)
theirs = classifier.predict(test_images, verbose=0)
ours = numpy_net(test_images)
print(f"largest difference of {ours.size} outputs: {np.abs(ours - theirs).max():.1e}")

# %% [markdown]
# The gradients agree as well. TensorFlow's `GradientTape` records what happens in its
# block and goes back through it: backpropagation, as in lesson 05. Your formula for the
# last layer was $dW = A^\top (P - Y) / N$, where $A$ goes into the layer and $Y$ is
# one-hot.

# %%
some, answers = val_images[:64], val_labels[:64]
with tf.GradientTape() as tape:
    each = keras.losses.sparse_categorical_crossentropy(answers, classifier(some))
    mean_loss = tf.reduce_mean(each)
last_W = classifier.trainable_weights[-2]
from_keras = tape.gradient(mean_loss, last_W)
into_last = keras_to_numpy(keras.Sequential(classifier.layers[:-1]))(some)
from_you = into_last.T @ (numpy_net(some) - np.eye(10)[answers]) / len(some)
gap = np.abs(from_you - from_keras).max()
print(f"largest difference of dW {from_you.shape}: {gap:.1e}")

# %% [markdown]
# ## Report what counts
#
# "Accuracy" alone may be that of the *training* pictures. An honest report has three
# numbers.
#
# **Your turn (3 points): write `report`.** The baseline is the share of **test**
# examples that belong to the class that is commonest in the **training** labels: what
# you reach without looking at a picture. All three are shares from 0 to 1.
#
# <details><summary>Hint 1: what does evaluate return?</summary>
#
# With a metric it is a list, loss first. `predict` with `argmax(axis=1)` is the other
# way: it needs no compiled metric.
#
# </details>
# <details><summary>Hint 2: the commonest class</summary>
#
# `np.bincount(y_train)` counts the labels; `argmax` says which count is largest. Then
# compare the test labels with that class.
#
# </details>
# <details><summary>Hint 3: in words</summary>
#
# For each of the two data sets: take the mean of "predicted class equals label". For
# the baseline: the mean of "test label equals the commonest training label". Put the
# three into a dict, as plain floats.
#
# </details>


# %% nbgrader={"grade_id": "report", "solution": true}
def report(model, X_train, y_train, X_test, y_test):
    """Return accuracies on training and test data, and what a guess would reach.

    Parameters
    ----------
    model : keras.Model
        A classifier with C outputs, compiled with the metric accuracy.
    X_train, X_test : ndarrays, shapes (N_train, ...) and (N_test, ...)
    y_train, y_test : ndarrays of ints, shapes (N_train,) and (N_test,)
        Labels from 0 to C - 1.

    Returns
    -------
    numbers : dict
        `train_accuracy`, `test_accuracy` and `baseline` (the commonest training label,
        guessed for every test example), floats from 0 to 1.
    """
    ### BEGIN SOLUTION
    train_guesses = model.predict(X_train, verbose=0).argmax(axis=1)
    test_guesses = model.predict(X_test, verbose=0).argmax(axis=1)
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": float(np.mean(train_guesses == y_train)),
        "test_accuracy": float(np.mean(test_guesses == y_test)),
        "baseline": float(np.mean(y_test == commonest)),
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_report_example", "grade": true, "points": 1}
# The largest of three inputs wins. Training: 4 of 5 right; test: 2 of 5 right.
case_net = dense_net(
    (3,),
    (np.eye(3), np.zeros(3), "softmax"),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
seen_x = 2 * np.eye(3)[[0, 1, 1, 2, 2]]
seen_y = np.array([0, 1, 1, 1, 2])
new_x = 2 * np.eye(3)[[1, 2, 1, 0, 0]]
new_y = np.array([1, 2, 2, 2, 1])
found = report(case_net, seen_x, seen_y, new_x, new_y)
assert isinstance(found, dict), f"report returned {found!r:.60}; right: a dict."
wanted = {"train_accuracy", "test_accuracy", "baseline"}
assert set(found) == wanted, f"the dict has {sorted(found)}; right: {sorted(wanted)}."
suspects = {0.8: "that of the training data", 0.4: "that of the test data"}
suspects |= {0.2: "a share of mistakes", 0.6: "a share of mistakes"}
for name, expected in (("train_accuracy", 0.8), ("test_accuracy", 0.4)):
    value = float(found[name])
    assert 0 <= value <= 1, (
        f"{name} is {value:.4f}; an accuracy is a share from 0 to 1. Is yours a "
        "percentage?"
    )
    why = suspects.get(round(value, 4), "perhaps a loss, which evaluate returns first")
    assert abs(value - expected) < 1e-6, (
        f"{name} is {value:.4f}; expected {expected}. Yours is {why} (hint 1)."
    )
assert abs(float(found["baseline"]) - 0.4) < 1e-6, (
    f"baseline is {float(found['baseline']):.4f}; expected 0.4: the commonest training "
    "label is 1, and 2 of the 5 test labels are 1 (hint 2)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_report_all", "grade": true, "points": 2}
# Checked when graded: other sizes, whose labels the baseline takes, data unchanged.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(113)
kernel_in = draws.normal(size=(6, 4)).astype("float32")
case_net = dense_net(
    (2, 3),
    (kernel_in, np.array([0.1, -0.2, 0.3, 0.0]), None),
    loss="sparse_categorical_crossentropy",  # of logits; the accuracy is the same
    metrics=["accuracy"],
)
seen_x, new_x = draws.normal(size=(96, 2, 3)), draws.normal(size=(32, 2, 3))
tops = [
    (part.reshape(len(part), 6) @ kernel_in + [0.1, -0.2, 0.3, 0.0]).argmax(axis=1)
    for part in (seen_x, new_x)
]
seen_y = np.where(np.arange(96) % 3 == 0, 2, tops[0])
new_y = np.where(np.arange(32) % 2 == 0, 3, tops[1])
seen_y[:35] = 2
top = int(np.bincount(seen_y).argmax())
assert top != int(np.bincount(new_y).argmax()), "the case is not what it should be"
expected = {
    "train_accuracy": float(np.mean(tops[0] == seen_y)),
    "test_accuracy": float(np.mean(tops[1] == new_y)),
    "baseline": float(np.mean(new_y == top)),
}
suspects = {
    "the share of the commonest test label": float(np.bincount(new_y).max() / 32),
    "the share of the commonest training label in the training data": float(
        np.mean(seen_y == top)
    ),
    "one divided by the number of classes": 0.25,
}
copies = [part.copy() for part in (seen_x, seen_y, new_x, new_y)]
found = report(case_net, seen_x, seen_y, new_x, new_y)
for part, before in zip((seen_x, seen_y, new_x, new_y), copies, strict=True):
    np.testing.assert_array_equal(part, before, err_msg="report changed its data")
for name in ("train_accuracy", "test_accuracy"):
    assert abs(float(found[name]) - expected[name]) < 1e-5, (
        f"{name} is {float(found[name]):.4f}; expected {expected[name]:.4f}, of 96 "
        "training and 32 test examples (hint 3)."
    )
second = report(case_net, seen_x[::-1], np.roll(seen_y, 1), new_x[::-1], 0 * new_y)
turned = {
    "train_accuracy": float(np.mean(tops[0][::-1] == np.roll(seen_y, 1))),
    "test_accuracy": float(np.mean(tops[1][::-1] == 0)),
}
for name in turned:
    assert abs(float(second[name]) - turned[name]) < 1e-5, (
        f"a second call, with other data of the same size: {name} is "
        f"{float(second[name]):.4f}; expected {turned[name]:.4f}. Look at the data anew."
    )
value = float(found["baseline"])
why = [text for text, number in suspects.items() if abs(value - number) < 1e-6]
assert abs(value - expected["baseline"]) < 1e-6, (
    f"baseline is {value:.4f}; expected {expected['baseline']:.4f}. "
    f"{'Yours is ' + why[0] if why else 'See hint 2'}."
)
### END HIDDEN TESTS

# %% [markdown]
# The test labels are looked at here, once, after all choices have been made.

# %%
for name, value in report(
    classifier, train_images, train_labels, test_images, test_labels
).items():
    print(f"{name:15} {value:.3f}")

# %% [markdown]
# The difference between the first two numbers is the **generalisation gap**; that the
# network has memorised some of its training pictures is one cause of it. Which classes
# does it mix up? Row: what it is; column: what the network says. Before you run it:
# which pairs would *you* mix up on 28 by 28 pixels?

# %%
guesses = theirs.argmax(axis=1)
table = confusion_matrix(test_labels, guesses)
fig, ax = plt.subplots(figsize=(6.4, 5.4), layout="constrained")
picture = ax.imshow(table, cmap="Blues")
for row, column in np.ndindex(10, 10):
    colour = "white" if table[row, column] > 50 else BLACK
    text = table[row, column] or ""
    ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
ax.set_xticks(range(10), CLASSES, rotation=45, ha="right")
ax.set_yticks(range(10), CLASSES)
ax.set(xlabel="the network says", ylabel="it is")
fig.colorbar(picture, label="test pictures (100 in each row)")
plt.show()

# %% [markdown]
# *Figure:* A table of 10 by 10 numbers, dark where there are many pictures. The
# diagonal is dark; off it, shirts are taken for T-shirts, pullovers and coats, and
# pullovers for coats and shirts. Trousers and bags are almost never mistaken.

# %% [markdown]
# Numbers do not show *why*. Look at the mistakes of which the network was surest.

# %%
wrong = np.flatnonzero(guesses != test_labels)
surest = wrong[theirs[wrong].max(axis=1).argsort()[::-1][:10]]
fig, axes = plt.subplots(2, 5, figsize=(9, 4.4), layout="constrained")
for i, ax in zip(surest, axes.flat, strict=True):
    ax.imshow(test_images[i], cmap="gray_r")
    said = f"says {CLASSES[guesses[i]]} ({100 * theirs[i].max():.2f} %)"
    ax.set_title(f"{said}\nis {CLASSES[test_labels[i]]}", fontsize=9)
    ax.axis("off")
plt.show()

# %% [markdown]
# *Figure:* Ten test pictures that the network names wrongly with a confidence of more
# than 90 %, each with what it says and what it is. Shoes are taken for other shoes and
# tops for other tops, as a person might; a bag is taken for a shirt.

# %% [markdown]
# ## Run it on everything
#
# Not graded. The full Fashion-MNIST has 60,000 and 10,000 pictures in four files of the
# same names, and MNIST has digits in the same format. `make data` in the course's
# folder downloads both; Debian's package `dataset-fashion-mnist` has the first. Write
# `"fashion-mnist"` or `"mnist"` in place of `None`: your functions do the rest, in a
# minute or two. With 55,000 pictures of clothes instead of 4,500 the validation accuracy
# goes beyond 0.88: for this network, more data is worth more than more layers.

# %%
FULL = None


def train_on(name):
    """Train a classifier on the full files of a data set on this computer."""
    own = Path(os.environ.get("NEURON_DATA", "../../data/full")) / name
    folder = own if own.exists() else Path("/usr/share/datasets") / name
    pictures = load_idx(folder / "train-images-idx3-ubyte.gz").astype("float32") / 255
    kinds = load_idx(folder / "train-labels-idx1-ubyte.gz")
    split = train_test_split(
        pictures, kinds, test_size=5000, stratify=kinds, random_state=0
    )
    log = fit_with_validation(
        image_classifier(), split[0], split[2], split[1], split[3], "full.keras", 10, 3
    )
    print(f"{folder}: validation accuracy {max(log.history['val_accuracy']):.3f}")


if FULL:
    train_on(FULL)
else:
    print("Nothing is trained here as long as FULL is None.")

# %% [markdown]
# ## Check yourself
#
# **1.** `evaluate` gave `0.41` in one notebook and `[0.41, 0.86]` in another, for the
# same model. What happened in between?
#
# <details><summary>Answer</summary>
#
# The second was compiled with a metric; then `evaluate` returns a list, loss first. A
# line that prints it as "accuracy" or formats it as a number is wrong or fails.
#
# </details>
#
# **2.** A regression model predicts energy and valence: how many units does its last
# layer have?
#
# <details><summary>Answer</summary>
#
# Two, without activation: one for each number to predict.
#
# </details>
#
# **3.** A classifier's last layer is linear, and its loss is
# `"sparse_categorical_crossentropy"`. It trains without an error. What is wrong?
#
# <details><summary>Answer</summary>
#
# The outputs are logits, and the loss takes them for probabilities: it clips them at 0
# and 1. The number it reports is not the cross-entropy, and learning suffers. Add
# softmax, or tell the loss with `from_logits=True`.
#
# </details>
#
# ## Go further
#
# - Give `Dense` layers names and make `draw_model` show them.
# - Put a `keras.layers.Dropout` between the layers (lesson 08) and compare the
#   generalisation gap.
# - Put `keras.layers.BatchNormalization()` behind each hidden layer: **batch
#   normalisation** standardises the pre-activations of each batch
#   ([Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167)). Does training get
#   faster?
# - Replace Flatten by `keras.layers.Conv2D` and `MaxPooling2D`: networks that know that
#   neighbouring pixels belong together. François Chollet,
#   [Deep Learning with Python](https://deeplearningwithpython.io).
# - Han Xiao, Kashif Rasul, Roland Vollgraf,
#   [Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms](https://arxiv.org/abs/1708.07747),
#   2017.
# - [The Keras guides](https://keras.io/guides/), for everything that has a name here.
