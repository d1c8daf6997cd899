# ---
# jupyter:
#   data: [songs.csv]
# ---

# %% [markdown]
# # Send a table of songs through four layers
#
# **What you will build:** a network of four layers, a **multilayer perceptron** (MLP),
# that turns 13 properties of a song into one number, its popularity; and a measurement
# on hundreds of such networks that shows how many of them can never learn, from the
# moment they are made.
#
# **What you need:** the neuron, ReLU and the baseline (the first three lessons), the
# matrix product, and pandas tables: columns, rows, missing values.
#
# About 130 minutes, 30 points, of which 3 are marked by a person. Nothing is trained
# here: how a network learns is the next lesson, and lesson 07 trains one on these
# songs. Everything that goes wrong *before* training is in this one. Predictions get
# their points for being made; the cells that check answers are folded.

# %% nbgrader={"grade_id": "checking", "locked": true}
# You need not read this: it explains errors, and helps to check your answers.
# include: autograder/base/explanations.py
# include: lessons/given/lending.py
# include: lessons/given/recall.py
from IPython import get_ipython

explain_errors(get_ipython())

# %% nbgrader={"grade_id": "imports", "locked": true}
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

BLUE, VERMILLION, ORANGE = "#0072B2", "#D55E00", "#E69F00"
GREEN, SKY, BLACK = "#009E73", "#56B4E9", "#000000"

# %% [markdown]
# ## Before you start
#
# Three questions about earlier lessons, without points; the check answers at once.
#
# 1. How many parameters does logistic regression have for 5 inputs? A number
#    (lesson 03).
# 2. What is the slope of ReLU at $z = -3$? A number (lesson 02).
# 3. Four layers without activations between them can do as much as **a** four layers
#    with ReLU · **b** one layer · **c** nothing at all (lesson 01)

# %% nbgrader={"grade_id": "recall", "solution": true}
# recall = {1: <a number>, 2: <a number>, 3: <a letter in quotes>}
### BEGIN SOLUTION
recall = {1: 6, 2: 0, 3: "b"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(
    recall,
    {
        1: (6, "One weight per input, and the bias."),
        2: (0, "Below 0 ReLU is flat."),
        3: ("b", "The product of their weight matrices is one matrix."),
    },
)

# %% [markdown]
# ## Load the songs, or say why not
#
# The task: predict a song's `popularity`, 0 to 100, from 13 properties that can be
# measured. The bundled file holds 5,000 **made-up** songs with the columns of a real
# export from Spotify; its data card says how they were made. If you have a real file
# with these columns, write its path into `SONGS` and run everything again. (Some
# exports have the yes-or-no columns `mode` and `explicit` where this file has `length`
# and `time_signature`.)
#
# What if the file is missing? A program that goes on with random numbers makes a useless
# model look like a bad one. `load_songs` says what it reads, or stops and says what is
# missing.
#
# Look at the names, too. A file stores letters as bytes, and read by another rule than
# it was written by, `é` comes out as `Ã©`. `read_csv` expects UTF-8; for other files
# there is `encoding=`.

# %%
SONGS = "data/songs.csv"
TARGET = "popularity"
FEATURES = ["acousticness", "danceability", "energy", "instrumentalness", "liveness"]
FEATURES += ["loudness", "speechiness", "tempo", "valence", "key", "length"]
FEATURES += ["time_signature", "year"]


# %%
def load_songs(path):
    """Read a table of songs; raise and say what is missing if it cannot be used."""
    if not Path(path).exists():
        raise FileNotFoundError(
            f"{path}: no such file. It lies in the folder data/ beside the notebook that "
            "your course handed out: copy it there, or correct the path in SONGS."
        )
    table = pd.read_csv(path, dtype={"release_date": str})
    # The year is made from the date, unless it is a column of its own.
    needed = ["name", "artist", "release_date", TARGET, *FEATURES]
    missing = [c for c in needed if c not in table.columns and c != "year"]
    if missing:
        raise ValueError(f"{path}: no column {missing}; found {list(table.columns)}.")
    print(f"{len(table)} rows from {path}")
    return table


releases = load_songs(SONGS)
releases[["name", "artist", "release_date", "popularity", "tempo", "key"]].head()

# %% [markdown]
# There is no column `year`; it has to come from `release_date`. Files write dates in
# three ways: `2009-11-29`, `2009-11` and `2009`. Before you run the next cell: pandas
# takes the form of the first date and, with `errors="coerce"`, turns whatever does not
# fit into "not a time" (`NaT`). A later `dropna` removes those rows. How many will it
# be, and will they be a fair sample?

# %%
coerced = pd.to_datetime(releases["release_date"], errors="coerce")
print(f"{coerced.isna().sum()} of {len(releases)} dates became NaT")
print(releases.loc[coerced.isna(), "release_date"].head(4).tolist())

# %% [markdown]
# No warning, no error. Now look at *which* songs are gone. The year is in the text all
# the same: its first four characters.

# %%
decade = releases["release_date"].str[:4].astype(int) // 10 * 10
lost = 100 * coerced.isna().groupby(decade).mean()
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.bar(lost.index, lost, width=8, color=VERMILLION)
ax.set(xlabel="decade of release", ylabel="rows lost (%)", xticks=lost.index[::2])
ax.set(title='What errors="coerce" and dropna remove', ylim=(0, 100))
plt.show()

# %% [markdown]
# *Figure:* Share of the rows that are lost, a bar for each decade. In the bundled file
# it is almost half for songs from before 1970, and about one in fourteen for those
# after. What is left is not a representative sample: a model trained on it sees too few
# old songs.
#
# Another trap: the same song on several albums. If one copy is in the training data and
# the other in the test data, a model may remember instead of predict. For an
# honest measurement, keep one copy of each song.

# %%
songs = releases.drop_duplicates(["name", "artist"])
print(f"{len(releases) - len(songs)} rows repeat a song that is already in the table")
print(f"{len(songs)} songs are left; values that are missing in them:")
songs.isna().sum().loc[lambda count: count > 0]

# %% [markdown]
# Last, the target itself. A histogram before a model is never wasted: look for what is
# *not* smooth.

# %%
fig, ax = plt.subplots(figsize=(7, 3))
ax.hist(songs[TARGET], bins=np.arange(-0.5, 101), color=BLUE)
ax.axvline(songs[TARGET].mean(), color=VERMILLION, ls="--", label="mean")
ax.set(xlabel="popularity (points, 0 to 100)", ylabel="songs", xlim=(-2, 101))
ax.legend()
plt.show()

# %% [markdown]
# *Figure:* Most songs lie on a broad hill from 20 to 80 points, its top near 60. One
# bar at exactly 0 is five times as tall as any other: songs that nobody plays any more,
# 13 in 100. They pull the mean, dashed at 45, down the left side of the hill.

# %% [markdown]
# ## Stand the table on its side
#
# So far a batch had one example in each **row**. Many books and courses write it the
# other way: one example in each **column**. This lesson follows them, so that you can
# read both.
#
# | what | rows (lessons 01 to 03) | columns (this lesson) |
# |---|---|---|
# | batch | $X$ (N, D) | $X$ (I, m): I inputs, m examples |
# | weights of layer $k$ | $W_k$ (H_{k−1}, H_k) | $W_k$ (H_k, H_{k−1}) |
# | biases of layer $k$ | $b_k$ (H_k,) | $b_k$ (H_k, 1) |
# | layer | $Z = XW + b$ | $Z = WX + b$ |
#
# $H_k$ is the number of neurons in layer $k$, and $H_0 = I$. A bias needs its second
# axis here: (H,) would be added along the examples, (H, 1) is added to every column.

# %%
layer_W = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])  # 2 neurons, 3 inputs
layer_b = np.array([[100.0], [200.0]])
batch = np.arange(12.0).reshape(3, 4)  # 3 inputs, 4 examples
layer_W @ batch + layer_b

# %% [markdown]
# ## Split first, scale second
#
# The features live on different scales: `length` counts milliseconds, `liveness` runs
# from 0 to 1. A scaler brings each to one range, for example with the smallest and the
# largest value, $x' = (x - \min) / (\max - \min)$. The question is *whose* minimum and
# maximum.
#
# If the scaler sees the test rows, it carries news from them into training. Compare:
# the last of five numbers is the test example.

# %%
numbers = np.array([[1.0], [2.0], [3.0], [4.0], [100.0]])
seen_all = MinMaxScaler().fit(numbers)
seen_train = MinMaxScaler().fit(numbers[:4])
for name, scaler in {"all rows": seen_all, "training rows": seen_train}.items():
    print(f"fitted on {name:14}", scaler.transform(numbers).ravel().round(2))

# %% [markdown]
# Fitted on all rows, the training numbers are squeezed together because of a value that
# they have never met. Fitted on the training rows, the test example comes out as 33.
# That is correct, and worth knowing: it lies far outside the range the model has seen.
#
# **Your turn (4 points): write `prepare`.** It makes `year` if that is needed, drops
# the rows that cannot be used (and no others), splits, scales, and stands the result on
# its side.
#
# <details><summary>Hint 1: in which order?</summary>
#
# Copy the table, add `year`, choose the columns, drop rows, split, scale, transpose.
# Which of these steps must not see the test rows? And why choose the columns *before*
# you drop rows: think of a song whose album is not known.
#
# </details>
# <details><summary>Hint 2: tools for each step</summary>
#
# `text_column.str[:4]` and `astype(float)` make years. `dropna` looks at all columns
# that it gets. `train_test_split(table, test_size=..., random_state=...)` splits a
# table. A `MinMaxScaler` has `fit_transform` for the rows that it learns from and
# `transform` for all others. It wants a table with one *row* for each example, also for
# the target: `table[[target]]` has one column, `table[target]` is flat.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Two scalers: one calls `fit_transform` on the features of the training rows and
# `transform` on those of the test rows, the other does the same with the target. Write
# `.T` after each of the four results. Return them, then the two scalers.
#
# </details>


# %% nbgrader={"grade_id": "prepare", "solution": true}
def prepare(df, features, target, seed):
    """Split a table into training and test data, scaled, in the column convention.

    Parameters
    ----------
    df : DataFrame, one row per example; left unchanged
        If "year" is among the features and no column of `df`, it is the year in the
        column `release_date` (text: "2009-11-29", "2009-11" or "2009").
    features : list of I column names
    target : str, name of a column; not among the features
    seed : int
        Decides which rows are test rows: one fifth, rounded up or down.

    Returns
    -------
    Xtr, Xte : ndarrays of floats, shapes (I, m_train) and (I, m_test)
    ytr, yte : ndarrays of floats, shapes (1, m_train) and (1, m_test)
    sx, sy : the scalers of the features and of the target
        Min-max scaling to 0...1 or standardising (mean 0, standard deviation 1), fitted
        on the training rows only. They have `transform` and `inverse_transform`, for
        tables of one row per example, as scikit-learn's scalers.

    Notes
    -----
    A row is dropped only if a feature or the target is missing in it. Rows that occur
    twice stay.
    """
    ### BEGIN SOLUTION
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    X_both = [sx.transform(part[features].to_numpy()).T for part in (train, test)]
    y_both = [sy.transform(part[[target]].to_numpy()).T for part in (train, test)]
    return *X_both, *y_both, sx, sy
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_prepare_shapes", "grade": true, "points": 1}
# Eleven songs; one has no tempo, so ten can be used: 8 for training, 2 for testing.
case_df = pd.DataFrame(
    {
        "tempo": [90.0, 101, 77, np.nan, 133, 120, 98, 140, 85, 111, 125],
        "loudness": [-9.0, -5, -21, -7, -4, -12, -8, -3, -17, -6, -10],
        "release_date": ["1999-05-01", "1987", "2003-11", "2010-02-03"] * 2
        + ["1964", "2019-12-24", "1999-07-08"],
        "album": ["A", None, "B", "C", None, "D", "E", None, "F", "G", "H"],
        "fame": [10.0, 35, 0, 60, 55, 42, 28, 70, 5, 33, 48],
    }
)
kept_df = case_df.copy()
found = prepare(case_df, ["tempo", "year", "loudness"], "fame", 3)
assert found is not None and len(found) == 6, (
    f"prepare returned {found!r:.60}; expected six values: Xtr, Xte, ytr, yte, sx, sy."
)
found_shapes = [np.shape(part) for part in found[:4]]
n_used = sum(shape[-1] if shape else 0 for shape in found_shapes[:2])
causes = {
    "one row per example; transpose": found_shapes[0] == (8, 3),
    "the target is among the features": found_shapes[0][:1] == (4,),
    "y needs two axes, see hint 2": len(found_shapes[2]) == 1,
    "usable rows are gone; a missing album does not matter, nor does a short date": (
        found_shapes[0][:1] == (3,) and n_used < 10
    ),
    "the row without tempo is still there": n_used > 10,
}
cause = next((text for text, holds in causes.items() if holds), "see hint 1")
assert found_shapes == [(3, 8), (3, 2), (1, 8), (1, 2)], (
    f"Xtr, Xte, ytr, yte have the shapes {found_shapes}; expected (3, 8), (3, 2), "
    f"(1, 8) and (1, 2) for 3 features and 10 usable rows: {cause}."
)
assert all(isinstance(part, np.ndarray) for part in found[:4]), (
    f"Xtr, Xte, ytr, yte are {[type(p).__name__ for p in found[:4]]}; expected arrays."
)
assert np.isfinite(np.hstack(found[:2])).all(), (
    "There are missing values in Xtr or Xte; drop the rows that lack a feature."
)
assert case_df.equals(kept_df), (
    f"prepare changed the table that it got; its columns are now "
    f"{list(case_df.columns)}. Work on a copy (hint 1)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_prepare_scaling", "grade": true, "points": 1.5}
# Checked when graded: several seeds; who the scalers were fitted on; scaling undone.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(41)
n_rows = 43
case_df = pd.DataFrame(
    {
        "tempo": 60 + 2.5 * draws.permutation(n_rows),
        "length": 1000 * draws.permutation(n_rows) + 90_000,
        "loudness": -20 + 0.5 * draws.permutation(n_rows),
        "mood": draws.normal(0, 1, n_rows),
        "release_date": [f"{1980 + i}-01-31" for i in range(n_rows)],
        "fame": 5 + 2.0 * draws.permutation(n_rows),
    }
)
case_features = ["length", "loudness", "tempo"]
true_rows = case_df.sort_values("tempo")[[*case_features, "fame"]].to_numpy(float)
kept_df, tests_seen = case_df.copy(), []
again = prepare(case_df, case_features, "fame", 0)
for case_seed in (0, 5):
    found = prepare(case_df, case_features, "fame", case_seed)
    assert np.shape(found[0])[0] == 3 and np.shape(found[2])[0] == 1, (
        f"Xtr and ytr have the shapes {np.shape(found[0])} and {np.shape(found[2])}; "
        "expected one row for each of 3 features, and one for the target."
    )
    assert case_seed or all(np.array_equal(found[i], again[i]) for i in range(4)), (
        "Two calls with the seed 0 gave two different splits."
    )
    n_test = np.shape(found[1])[1]
    assert abs(n_test - 0.2 * n_rows) < 1, (
        f"{n_test} of {n_rows} rows are test rows; expected one fifth, 8 or 9."
    )
    for label, values in [("a feature", found[0]), ("the target", found[2])]:
        low, high = values.min(axis=1), values.max(axis=1)
        mean, sd, sd1 = values.mean(1), values.std(1), values.std(1, ddof=1)
        is_minmax = np.allclose(low, 0) and np.allclose(high, 1)
        is_standard = np.allclose(mean, 0) and (
            np.allclose(sd, 1) or np.allclose(sd1, 1)
        )
        assert is_minmax or is_standard, (
            f"Seed {case_seed}: in the training data {label} runs from {low.round(3)} "
            f"to {high.round(3)} with mean {mean.round(3)}. Fitted on the training "
            "rows only, that is 0 to 1 exactly (or mean 0, deviation 1). Was the "
            "scaler fitted before the split, or on the test rows too?"
        )
    back = [found[4].inverse_transform(found[i].T) for i in (0, 1)]
    fame = [found[5].inverse_transform(found[i].T) for i in (2, 3)]
    rows = np.vstack([np.hstack(pair) for pair in zip(back, fame, strict=True)])
    rows = rows[np.argsort(rows[:, 2])]
    assert rows.shape == true_rows.shape and np.allclose(rows, true_rows), (
        f"Seed {case_seed}: with the scaling undone by sx and sy, training and test "
        "data together are not the rows of the table. Are the test rows scaled by the "
        "scalers that were fitted on the training rows, X by sx and y by sy, and does "
        "each y still belong to its X?"
    )
    tests_seen.append(tuple(sorted(back[1][:, 2])))
small = case_df[case_features].rank() / 100 + 0.2  # between 0 and 1 as it is
small["fame"] = case_df["fame"].rank() / 200 + 0.3
for names in (case_features, ["tempo"]):
    found = prepare(small, names, "fame", 8)
    for label, values in [("a feature", found[0]), ("the target", found[2])]:
        low, high = values.min(axis=1), values.max(axis=1)
        mean, sd = values.mean(1), values.std(1)
        is_minmax = np.allclose(low, 0) and np.allclose(high, 1)
        is_standard = np.allclose(mean, 0) and np.allclose(sd, 1, rtol=0.03)
        assert is_minmax or is_standard, (
            f"A table with all values between 0 and 1: in the training data {label} runs "
            f"from {low.round(3)} to {high.round(3)}. Small numbers are scaled like any "
            "others."
        )
assert len(set(tests_seen)) > 1, (
    "Every seed gives the same test rows; pass `seed` on to the split."
)
found = prepare(case_df.assign(fame=case_df["fame"] + 1000), case_features, "fame", 5)
fame = found[5].inverse_transform(found[2].T)
assert fame.min() > 1000, (
    f"With 1000 added to every fame the training targets, with the scaling undone, begin "
    f"at {fame.min():.0f}, expected more than 1000. Each call prepares its own table."
)
assert case_df.equals(kept_df), "prepare changed the table that it got."
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_prepare_rows", "grade": true, "points": 1.5}
# Checked when graded: which rows stay; years from every form of date; tables with a
# column year, and without dates.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(42)
n_rows = 37
forms = ["{}-03-09", "{}", "{}-11", "{}-12-31", "{}"]
case_years = 1930 + 2 * draws.permutation(n_rows)
case_df = pd.DataFrame(
    {
        "tempo": draws.normal(120, 20, n_rows).round(2),
        "release_date": [forms[i % 5].format(y) for i, y in enumerate(case_years)],
        "explicit": draws.integers(0, 2, n_rows),
        "label": ["indie" if i % 3 else None for i in range(n_rows)],
        "fame": draws.integers(0, 100, n_rows),
    },
    index=np.arange(n_rows) + 500,
)
case_df.loc[[503, 511], "tempo"] = np.nan
case_df["fame"] = case_df["fame"].where(case_df.index != 520)
case_df["volume"] = np.where(np.arange(n_rows) % 4, 1.5, np.nan)
kept_df, case_features = case_df.copy(), ["year", "explicit", "tempo"]
usable = (~case_df["tempo"].isna() & ~case_df["fame"].isna()).to_numpy()


def years_found(table):
    """Return the years in the training and test data, sorted."""
    parts = prepare(table, case_features, "fame", 11)
    both = [parts[4].inverse_transform(parts[i].T)[:, 0] for i in (0, 1)]
    return np.sort(np.hstack(both)).round(6)


expected = np.sort(case_years[usable])
found = years_found(case_df)
assert len(found) == len(expected), (
    f"{len(found)} of {n_rows} rows were kept; {len(expected)} have all features and "
    "the target. Rows with a date such as '1984' or '1984-11' count, and so do rows in "
    "which only an unused column is missing."
)
np.testing.assert_array_equal(
    found, expected, err_msg="the years are not those of release_date (hint 2)"
)
assert case_df.equals(kept_df), "prepare changed the table that it got; copy it."
assert case_features == ["year", "explicit", "tempo"], "prepare changed `features`."
# A table that has its own years, and one that needs none.
own_years = case_df.drop(columns="release_date").assign(year=case_years + 0.5)
np.testing.assert_allclose(
    years_found(own_years),
    expected + 0.5,
    err_msg="the table has a column `year`; use it as it is",
)
found = prepare(case_df[["tempo", "fame", "explicit"]], ["tempo"], "fame", 4)
assert np.shape(found[0]) in [(1, 27), (1, 28)] and np.shape(found[0])[0] == 1, (
    f"One feature, 34 usable rows: Xtr has the shape {np.shape(found[0])}."
)
found = prepare(pd.concat([case_df, case_df], ignore_index=True), ["tempo"], "fame", 4)
n_used = np.shape(found[0])[1] + np.shape(found[1])[1]
assert n_used == 68, (
    f"34 usable rows, each of them twice: {n_used} were kept; expected all 68. Rows that "
    "occur twice stay."
)
### END HIDDEN TESTS

# %% [markdown]
# Now the songs. The names `X_train` and so on are the notebook's; the last two values
# are the scalers. Look at the shapes: features down, songs across.

# %%
X_train, X_test, y_train, y_test, x_scaler, y_scaler = prepare(
    songs, FEATURES, TARGET, seed=42
)
X_train.shape, X_test.shape, y_train.shape, y_test.shape

# %% [markdown]
# The picture shows how far each raw feature reaches, from its smallest to its largest
# value. The axis goes in powers of ten. A neuron that adds the raw features with
# weights of the same size hears `length` and nothing else. Scaled, all of them reach
# from 0 to 1.

# %%
raw = x_scaler.inverse_transform(X_train.T)
reach = pd.Series(np.ptp(raw, axis=0), index=FEATURES).sort_values()
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.plot(reach, reach.index, "o", color=BLUE, label="raw")
ax.axvline(1, color=VERMILLION, ls="--", label="scaled: 1 for all")
ax.set(xscale="log", xlabel="largest minus smallest value (training data)")
ax.grid(axis="y", alpha=0.4)
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure:* A dot for each of the 13 features on an axis in powers of ten. Most lie near
# 1; key, loudness, year and tempo between 10 and 200; length near a million, four
# powers of ten from the next. A dashed line at 1 marks where all of them are when
# scaled.

# %% [markdown]
# ## Count what can be learned
#
# The network has four layers that compute: 13 inputs, then 64, 32 and 16 hidden
# neurons, then 1 output. In short `[13, 64, 32, 16, 1]`. Every neuron of a layer is
# connected to every output of the layer before, and has a bias: such layers are called
# **fully connected**, or dense. (The sizes are **hyperparameters**: you choose them.)
#
# **Predict before you run (1 point).** How many numbers, weights and biases together,
# does this network learn? Do it on paper, layer by layer.

# %% nbgrader={"grade_id": "predict_param_count", "solution": true}
# predict_param_count = <a whole number>
### BEGIN SOLUTION
predict_param_count = 3521
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_param_count", "grade": true, "points": 1}
assert isinstance(predict_param_count, int | float | np.number), (
    f"predict_param_count is {predict_param_count!r:.60}; write a whole number, "
    "without quotes."
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
n_biases, n_weights = 64 + 32 + 16 + 1, 13 * 64 + 64 * 32 + 32 * 16 + 16 * 1
if predict_param_count != n_weights + n_biases:
    print(
        f"You predicted {predict_param_count}. The four layers have 832, 2048, 512 and 16 "
        "weights, and one bias for each of their 113 neurons (inputs have none)."
    )
### END HIDDEN TESTS

# %% [markdown]
# **Your turn (2 points): write `count_params`** for any list of sizes.
#
# <details><summary>Hint 1: one layer</summary>
#
# A layer with 3 inputs and 5 neurons: how many weights does *one* of its neurons have,
# the bias counted? And all five?
#
# </details>
# <details><summary>Hint 2: neighbours in a list</summary>
#
# A layer belongs to a *pair* of neighbours in `sizes`. `pairwise(sizes)`, imported at
# the top, goes through the pairs, and so does `zip(sizes[:-1], sizes[1:])`. There is
# one layer fewer than there are sizes.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Add up, over all pairs, the number of inputs plus one, times the number of neurons.
#
# </details>


# %% nbgrader={"grade_id": "count_params", "solution": true}
def count_params(sizes):
    """Return how many weights and biases a network has.

    Parameters
    ----------
    sizes : list of ints
        Numbers of inputs, of neurons in each hidden layer, and of outputs; at least
        two numbers.

    Returns
    -------
    int
        The weights of every layer and one bias for each of its neurons.
    """
    ### BEGIN SOLUTION
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_count_params_small", "grade": true, "points": 0.5}
# 2 inputs, 3 neurons, 1 output: 6 + 3 and 3 + 1.
found = count_params([2, 3, 1])
causes = {
    9: "the biases are missing, or the last layer",
    15: "the inputs have no biases",
    12: "the biases of the last layer are missing",
    10: "the biases of the hidden layer are missing",
    6: "only one layer is counted, and no biases",
}
assert found == 13, (
    f"count_params([2, 3, 1]) returned {found!r:.60}, expected 13: "
    f"{causes.get(found, 'see hint 1') if np.ndim(found) == 0 else 'one number'}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_count_params_all", "grade": true, "points": 1.5}
# Checked when graded: two to six sizes, large ones, the list unchanged.
### BEGIN HIDDEN TESTS
for case_sizes, expected in [
    ([1, 1], 2),
    ([7, 4], 32),
    ([5, 9, 2], 74),
    ([4, 1, 6, 3], 38),
    ([13, 64, 32, 16, 1], 3521),
    ([784, 300, 100, 10], 266_610),
    ([3, 8, 2, 5, 7, 1], 115),
]:
    before = list(case_sizes)
    found = count_params(case_sizes)
    assert np.ndim(found) == 0 and found == expected, (
        f"count_params({before}) returned {found!r:.60}, expected {expected} (hint 2)."
    )
    assert case_sizes == before, f"count_params changed the list to {case_sizes}."
### END HIDDEN TESTS

# %% [markdown]
# ## Give the weights a start
#
# **Predict before you run (1 point).** Somebody sets every weight and every bias of the
# network to 0. The hidden layers have ReLU, the output has no activation. What numbers
# come out for 500 different songs, before any scaling is undone?
#
# - **a** a different number for each song, all of them near 0
# - **b** exactly 0 for every song
# - **c** the scaled mean popularity for every song
# - **d** `nan`

# %% nbgrader={"grade_id": "predict_zero_init", "solution": true}
# predict_zero_init = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_zero_init = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_zero_init", "grade": true, "points": 1}
answer = str(predict_zero_init).strip().lower()
assert answer in {"a", "b", "c", "d"}, (
    f'predict_zero_init is {predict_zero_init!r:.60}; write one of "a", "b", "c", "d".'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if answer != "b":
    print(
        f"You predicted {answer}. Zero weights multiply every input away, and there is no "
        "bias to add: each layer outputs 0, whatever the song."
    )
### END HIDDEN TESTS

# %% [markdown]
# With any other constant it is hardly better: all neurons of a layer then compute the
# same, get the same correction, and never come apart. So weights start at random.
# How large? A weighted sum of $n$ inputs spreads more the larger $n$ is. Draws with
# standard deviation $s$ multiply the spread of the signal by about $s\sqrt{n/2}$ in
# each layer with ReLU (the half because ReLU sets about half of the values to 0). This
# factor is 1 for
#
# $$s = \sqrt{\frac{2}{\text{fan-in}}}$$
#
# where *fan-in* is the number of inputs of the layer. It is called **He
# initialisation**, after Kaiming He. Biases start at 0.
#
# The random numbers come from a generator that the caller passes in. It is a common
# mistake to call `np.random.seed(42)` *inside* such a function. Then every network is
# the same one, and it also resets the global generator for all other code:


# %%
def reseeds_inside(n):
    np.random.seed(42)  # noqa: NPY002  # shown because it is wrong
    return np.random.randn(n).round(2)  # noqa: NPY002  # the same


print("two 'different' draws:", reseeds_inside(3), reseeds_inside(3))

# %% [markdown]
# **Your turn (4 points): write `initialize_parameters`.**
#
# <details><summary>Hint 1: which shapes?</summary>
#
# Layer 1 of `[13, 64, 32, 16, 1]` turns 13 inputs into 64 numbers. In the column
# convention that is $W_1 X$: which shape must $W_1$ have so that (?, ?) times (13, m)
# gives (64, m)?
#
# </details>
# <details><summary>Hint 2: drawing with a given spread</summary>
#
# `rng.normal(mean, deviation, size=(rows, columns))` draws a matrix. The deviation is
# the square root, with the number of *inputs* of the layer under it: the number of
# columns of $W$.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Begin with an empty list. For each pair of neighbours in `layer_sizes`, append a drawn
# matrix with one row for each neuron, then `np.zeros` of shape (neurons, 1). Create no
# generator and set no seed.
#
# </details>


# %% nbgrader={"grade_id": "initialize_parameters", "solution": true}
def initialize_parameters(layer_sizes, rng):
    """Draw the weights of a network by He initialisation, column convention.

    Parameters
    ----------
    layer_sizes : list of ints [H_0, H_1, ..., H_L]
        Numbers of inputs, of hidden neurons layer by layer, and of outputs.
    rng : numpy Generator
        All random numbers come from it, and no seed is set.

    Returns
    -------
    params : list [W1, b1, W2, b2, ..., WL, bL]
        Wk: shape (H_k, H_{k-1}), random with mean 0 and the standard deviation of He
        initialisation (0.392 for 13 inputs), independent of each other (normal or
        uniform).
        bk: shape (H_k, 1), zeros.
    """
    ### BEGIN SOLUTION
    params = []
    for fan_in, n_neurons in pairwise(layer_sizes):
        spread = np.sqrt(2 / fan_in)
        params.append(rng.normal(0, spread, size=(n_neurons, fan_in)))
        params.append(np.zeros((n_neurons, 1)))
    return params
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_initialize_parameters_shapes", "grade": true, "points": 1}
state_before = np.random.get_state()[1].copy()  # noqa: NPY002  # that of everybody
case_rng = np.random.default_rng(42)
found = initialize_parameters([13, 64, 32, 16, 1], case_rng)
assert isinstance(found, list | tuple) and len(found) == 8, (
    f"initialize_parameters returned {found!r:.60}; expected a list of 8 arrays, "
    "W1, b1, ..., W4, b4 (hint 1)."
)
found_shapes = [np.shape(part) for part in found]
expected = [(64, 13), (64, 1), (32, 64), (32, 1), (16, 32), (16, 1), (1, 16), (1, 1)]
wrong = [i for i in range(8) if found_shapes[i] != expected[i]]
assert not wrong, (
    f"{['W', 'b'][wrong[0] % 2]}{wrong[0] // 2 + 1} has the shape "
    f"{found_shapes[wrong[0]]}, expected {expected[wrong[0]]}: W is (neurons, inputs) "
    "and b is (neurons, 1) in the column convention (hint 1)."
)
assert -0.1 < np.mean(found[0]) < 0.1, f"The mean of W1 is {np.mean(found[0]):.3f}."
he_spread = 0.39223
suspects = {
    "the square root is missing": 0.153846,
    "the number above the fraction line is that for tanh, not for ReLU": 0.27735,
    "the number of neurons is under the root, in place of the inputs": 0.176777,
    "inputs plus neurons are under the root": 0.161165,
    "the draws are left as wide as they come": 1.0,
    "all weights are 0": 0.0,
}
spread = np.std(found[0])
cause = min(suspects, key=lambda text: abs(suspects[text] - spread))
assert abs(spread - he_spread) < 0.1 * he_spread, (
    f"The standard deviation of W1 is {spread:.3f}, expected about {he_spread:.3f} for "
    f"13 inputs. Most likely {cause} (hint 2)."
)
assert not np.any(found[1]), f"b1 begins with {np.ravel(found[1])[:3]}; zeros expected."
assert np.array_equal(np.random.get_state()[1], state_before), (  # noqa: NPY002
    "Your function set the seed of everybody's random numbers; draw from rng only."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_initialize_parameters_spread", "grade": true, "points": 2}
# Checked when graded: the spread in every layer of other networks, mean, biases.
### BEGIN HIDDEN TESTS
for case_sizes in ([300, 120, 40, 7], [20, 310, 90], [64, 250]):
    case_rng = np.random.default_rng(sum(case_sizes))
    found = initialize_parameters(list(case_sizes), case_rng)
    assert len(found) == 2 * len(case_sizes) - 2, (
        f"{len(found)} arrays for the sizes {case_sizes}; expected W and b for each of "
        f"{len(case_sizes) - 1} layers."
    )
    for k in range(1, len(case_sizes)):
        n_in, n_out = case_sizes[k - 1], case_sizes[k]
        found_W, found_b = found[2 * k - 2], found[2 * k - 1]
        assert np.shape(found_W) == (n_out, n_in) and np.shape(found_b) == (n_out, 1), (
            f"Sizes {case_sizes}: W{k} and b{k} have the shapes {np.shape(found_W)} "
            f"and {np.shape(found_b)}, expected {(n_out, n_in)} and {(n_out, 1)}."
        )
        assert not np.any(found_b), f"b{k} is not zero."
        he_spread, n_drawn = np.sqrt(2 / n_in), n_in * n_out
        allowed = 0.1 if n_drawn > 1000 else 0.25
        assert abs(np.std(found_W) / he_spread - 1) < allowed, (
            f"Sizes {case_sizes}: the standard deviation of W{k} is "
            f"{np.std(found_W):.4f}, expected {he_spread:.4f} = sqrt(2 / {n_in}); "
            "under the root is the number of inputs of this layer (hint 2)."
        )
        assert abs(np.mean(found_W)) < 5 * he_spread / np.sqrt(n_drawn), (
            f"The mean of W{k} is {np.mean(found_W):.4f}; expected about 0."
        )
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_initialize_parameters_random", "grade": true, "points": 1}
# Checked when graded: rows differ, networks differ, the generator decides.
### BEGIN HIDDEN TESTS
case_sizes = [9, 30, 4, 2]
case_rng = np.random.default_rng(5)
first = initialize_parameters(case_sizes, case_rng)
second = initialize_parameters(case_sizes, case_rng)
other = initialize_parameters(case_sizes, np.random.default_rng(6))
again = initialize_parameters(case_sizes, np.random.default_rng(6))
flat_a, flat_b = np.ravel(first[0])[:8], np.ravel(first[4])[:8]
if np.ptp(flat_a) > 0 and np.ptp(flat_b) > 0:
    assert not np.isclose(abs(np.corrcoef(flat_a, flat_b)[0, 1]), 1), (
        "W1 and W3 hold the same draws; go on drawing from rng, layer after layer."
    )
for k in (1, 2, 3):
    found_W = np.array(first[2 * k - 2])
    for axis, what in [(0, "neurons"), (1, "inputs")]:
        assert np.all(np.ptp(found_W, axis=axis) > 0), (
            f"W{k}: all {what} have the same weights. They would learn the same; draw "
            "each weight by itself."
        )
    assert not np.allclose(found_W, second[2 * k - 2]), (
        "Two calls with one generator gave the same weights; draw from rng and set no "
        "seed inside the function (hint 3)."
    )
    assert not np.allclose(found_W, other[2 * k - 2]), (
        "Generators with different seeds gave the same weights: rng is not used."
    )
    assert np.array_equal(other[2 * k - 2], again[2 * k - 2]), (
        "Two generators with the same seed gave different weights; all random numbers "
        "have to come from rng."
    )
assert case_sizes == [9, 30, 4, 2], f"layer_sizes was changed to {case_sizes}."
### END HIDDEN TESTS

# %% [markdown]
# ## Bend it: ReLU, and its slope
#
# Without an activation four layers are no more than one (lesson 01). Between the layers
# the network uses ReLU, $\max(0, z)$, on every element. You know it from lesson 02.
#
# The slope of ReLU at exactly 0 is a convention. In lesson 02 anything from 0 to 1
# passed. Here **the slope at 0 is 0**, as in most libraries. Below it decides which
# networks cannot learn.
#
# **Your turn (2 points, one each): write `relu` and `drelu`.**
#
# <details><summary>Hint 1: elementwise</summary>
#
# Both functions return an array shaped like `z` and leave `z` as it is.
#
# </details>
# <details><summary>Hint 2: what to look at</summary>
#
# `np.maximum` compares element by element (`np.max` does something else). A comparison
# such as `z > 0` is an array of `True` and `False`, which count as 1 and 0.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# The larger of `z` and 0; and 1.0 where `z` is larger than 0, else 0.0.
#
# </details>


# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Replace negative numbers by 0.

    Parameters
    ----------
    z : ndarray of any shape; left unchanged

    Returns
    -------
    ndarray shaped like z
        Elementwise: [-2, 0.5, 3] gives [0, 0.5, 3].
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_relu_example", "grade": true, "points": 0.5}
case_z = np.array([[3.0, -4.0], [0.0, -0.5]])
found = relu(case_z)
assert np.shape(found) == (2, 2), (
    f"relu returned {found!r:.60} for an array of shape (2, 2); expected that shape."
)
np.testing.assert_allclose(
    found, [[3, 0], [0, 0]], err_msg="negative numbers become 0, others stay (hint 2)"
)
np.testing.assert_array_equal(
    case_z, [[3, -4], [0, -0.5]], err_msg="relu changed its input; return a new array"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_relu_all", "grade": true, "points": 0.5}
# Checked when graded: small and large values, other shapes, input unchanged.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(43)
for case_z in (
    np.array([-1e3, -0.4, 1e-4, 0.4, 0.9, 7.5, 1e3]),
    draws.normal(0.3, 2, size=(5, 1)),
    draws.normal(0, 9, size=(3, 2, 4)),
    draws.normal(0.3, 2, size=(5, 1)),
):
    before = case_z.copy()
    expected = np.where(before > 0, before, 0)
    found = relu(case_z)
    assert np.shape(found) == before.shape, (
        f"relu returned the shape {np.shape(found)} for an array {before.shape}."
    )
    np.testing.assert_allclose(
        found, expected, rtol=1e-9, atol=1e-12, err_msg="positive numbers stay"
    )
    np.testing.assert_array_equal(case_z, before, err_msg="relu changed its input")
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "drelu", "solution": true}
def drelu(z):
    """Return the slope of relu at each z, with the slope 0 at z = 0.

    Parameters
    ----------
    z : ndarray of any shape; left unchanged
        From before the activation.

    Returns
    -------
    ndarray shaped like z (float, int or bool)
        Elementwise: [-2, 0, 0.5] gives [0, 0, 1].
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_drelu_example", "grade": true, "points": 0.5}
case_z = np.array([[3.0, -4.0], [0.0, -0.5]])
found = drelu(case_z)
assert np.shape(found) == (2, 2), (
    f"drelu returned {found!r:.60} for an array of shape (2, 2); expected that shape."
)
np.testing.assert_allclose(
    np.array(found, dtype=float),
    [[1, 0], [0, 0]],
    err_msg="the slope is 1 for positive z and 0 elsewhere, at 0 too",
)
np.testing.assert_array_equal(
    case_z, [[3, -4], [0, -0.5]], err_msg="drelu changed its input; return a new array"
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_drelu_all", "grade": true, "points": 0.5}
# Checked when graded: values below and above 1, at 0, other shapes, input unchanged.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(44)
for case_z in (
    np.array([-1e3, -0.4, 0.0, 1e-7, 0.4, 7.5, 1e3]),
    draws.normal(0.3, 1, size=(5, 1)),
    draws.normal(0, 1, size=(3, 2, 4)),
    draws.normal(-0.3, 1, size=(3, 2, 4)),
):
    before = case_z.copy()
    expected = np.where(before > 0, 1.0, 0.0)
    found = drelu(case_z)
    assert np.shape(found) == before.shape, (
        f"drelu returned the shape {np.shape(found)} for an array {before.shape}."
    )
    assert np.asarray(found).dtype.kind in "bif", (
        f"drelu returned {np.ravel(found)[:3]}, expected numbers."
    )
    np.testing.assert_allclose(
        np.array(found, dtype=float),
        expected,
        rtol=0,
        atol=1e-9,
        err_msg=f"wrong slopes for z = {before.ravel()[:7].tolist()}",
    )
    np.testing.assert_array_equal(case_z, before, err_msg="drelu changed its input")
### END HIDDEN TESTS

# %% [markdown]
# ## Run the whole network forward
#
# Layer by layer, with $A_0 = X$:
#
# $$Z_k = W_k A_{k-1} + b_k \qquad A_k = f_k(Z_k)$$
#
# $f_k$ is ReLU in the hidden layers. In the last layer it is the **output activation**.
# Four are in use for one number:
#
# | name | formula | values |
# |---|---|---|
# | `relu` | $\max(0, z)$ | 0 and up |
# | `linear` | $z$ | all |
# | `sigmoid` | $1 / (1 + e^{-z})$ | 0 to 1 |
# | `softplus` | $\ln(1 + e^{z})$ | above 0 |
#
# Softplus is a ReLU with a round corner. The next cell gives you all four.

# %%
OUTPUT_ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "linear": lambda z: z,
    "sigmoid": expit,
    "softplus": lambda z: np.logaddexp(0, z),
}
some_z = np.array([-3.0, -0.5, 0.0, 2.0])
for name, activation in OUTPUT_ACTIVATIONS.items():
    print(f"{name:9}", activation(some_z).round(3))

# %% [markdown]
# Learning needs more than the result: the next lesson goes backwards through the layers
# and needs every $Z_k$ and $A_k$ again. So the function keeps them in a **cache**, in
# the order of computation: $Z_1, A_1, Z_2, A_2, \dots$
#
# Mind that the answer and the last entry of the cache may be one and the same array
# under two names. Then `answer *= 100` changes the cache too; `answer = 100 * answer`
# makes a new array and is safe.
#
# By hand, for one example $X = (2, 1)^\top$, two hidden neurons and one linear output:
#
# $$Z_1 = \begin{pmatrix} 1 & -3 \\ 0.5 & 1 \end{pmatrix}
# \begin{pmatrix} 2 \\ 1 \end{pmatrix} + \begin{pmatrix} 0.5 \\ 0 \end{pmatrix}
# = \begin{pmatrix} -0.5 \\ 2 \end{pmatrix}, \quad
# A_1 = \begin{pmatrix} 0 \\ 2 \end{pmatrix}, \quad
# Z_2 = \begin{pmatrix} 3 & -1 \end{pmatrix} A_1 + 5 = 3 = A_2$$
#
# **Your turn (5 points): write `feed_forward`** for any number of layers. It is checked
# with a right `relu`, whatever yours does.
#
# <details><summary>Hint 1: what is different in the last layer?</summary>
#
# Only the activation. What goes into layer 1? What goes into each later layer: the $Z$
# or the $A$ of the layer before it?
#
# </details>
# <details><summary>Hint 2: walking through params</summary>
#
# `params[0::2]` are all weights, `params[1::2]` all biases; `zip` pairs them. The last
# pair is `params[-2]` and `params[-1]`. Look `output_activation` up in
# `OUTPUT_ACTIVATIONS`, after you have checked that it is one of its keys.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Begin with `A = X` and an empty list. For each pair but the last: matrix product plus
# bias, ReLU, both into the list. Then the last pair with its own activation, both into
# the list. Return the last `A` and the list. Never write `+=` on an array that you were
# given.
#
# </details>


# %% nbgrader={"grade_id": "feed_forward", "solution": true}
def feed_forward(X, params, output_activation="relu"):
    """Run a batch through all layers, column convention.

    The hidden layers have ReLU. The network worked out by hand above gives
    y_out = [[3]] and the cache [[[-0.5], [2]], [[0], [2]], [[3]], [[3]]].

    Parameters
    ----------
    X : ndarray, shape (I, m)
        One example per column.
    params : list [W1, b1, ..., WL, bL], L >= 1
        Wk: shape (H_k, H_{k-1}), bk: shape (H_k, 1).
    output_activation : str
        "relu", "linear", "sigmoid" or "softplus": the activation of layer L.

    Returns
    -------
    y_out : ndarray, shape (O, m)
        AL, the network's answer; O is H_L.
    cache : list [Z1, A1, ..., ZL, AL]

    Raises
    ------
    ValueError
        If output_activation is none of the four.
    """
    ### BEGIN SOLUTION
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(f"unknown output activation {output_activation!r}")
    A, cache = X, []
    for W, b in zip(params[:-2:2], params[1:-2:2], strict=True):
        Z = W @ A + b
        A = relu(Z)
        cache += [Z, A]
    Z = params[-2] @ A + params[-1]
    y_out = OUTPUT_ACTIVATIONS[output_activation](Z)
    return y_out, [*cache, Z, y_out]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_feed_forward_example", "grade": true, "points": 1}
def right_relu(t):
    return np.interp(t, [-1e9, 0, 1e9], [0, 0, 1e9])


alone = lent(feed_forward, relu=right_relu)
draws = np.random.default_rng(0)
case_sizes = [13, 64, 32, 16, 1]
case_params = []
for k in range(1, 5):
    case_params += [draws.normal(size=(case_sizes[k], case_sizes[k - 1]))]
    case_params += [draws.normal(size=(case_sizes[k], 1))]
found = alone(draws.random((13, 100)), case_params)
assert found is not None and len(found) == 2, (
    f"feed_forward returned {found!r:.60}; expected two values, y_out and the cache."
)
assert np.shape(found[0]) == (1, 100) and len(found[1]) == 8, (
    f"For sizes {case_sizes} and 100 examples y_out has the shape {np.shape(found[0])} "
    f"and the cache {len(found[1])} entries; expected (1, 100) and 8 (hint 2)."
)
assert np.shape(found[1][0]) == (64, 100) and np.shape(found[1][7]) == (1, 100), (
    f"Z1 and A4 in the cache have the shapes {np.shape(found[1][0])} and "
    f"{np.shape(found[1][7])}; expected (64, 100) and (1, 100)."
)
# A network small enough for paper: 2 inputs, 3 neurons, 1 output, 4 examples.
case_X = np.array([[1.0, -2.0, 0.0, 3.0], [2.0, 1.0, -1.0, 0.0]])
case_params = [
    np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.0]]),
    np.array([[0.5], [-1.0], [2.0]]),
    np.array([[1.0, -2.0, 0.5]]),
    np.array([[-1.5]]),
]
found, found_cache = alone(case_X, case_params)
suspects = {
    "this is Z2; the output activation is missing": [4.25, -4, 0, 3.75],
    "the biases are missing": [5, 0, 0.5, 3.75],
    "the biases are subtracted": [4, 0, 0.5, 4],
    "the hidden layer has no activation": [6.25, 0, 1.5, 11.75],
    "the hidden layer has a sigmoid": [0, 0, 0, 0],
    "the hidden layer has tanh": [1.2542, 0, 0, 1.9959],
    "relu is applied to the inputs": [4.25, 1.5, 0, 3.75],
    "the last bias is missing": [5.75, 0, 1.5, 5.25],
    "the hidden biases are missing": [3.5, 0, 0, 2.25],
}
why = [t for t, v in suspects.items() if np.allclose(found, [v], atol=1e-3)]
np.testing.assert_allclose(
    found, [[4.25, 0, 0, 3.75]], rtol=1e-9, err_msg=why[0] if why else "see hint 1"
)
np.testing.assert_allclose(
    found_cache[0],
    [[5.5, 0.5, -1.5, 3.5], [-1, 1.5, -1.5, -4], [0.5, 0, 3, 3.5]],
    rtol=1e-9,
    err_msg="the first entry of the cache is not Z1, from before the activation",
)
np.testing.assert_allclose(
    found_cache[1][1], [0, 1.5, 0, 0], rtol=1e-9, err_msg="the second entry is not A1"
)
assert np.array_equal(case_X[:, 1], [-2, 1]), "feed_forward changed X (hint 3)."
print("Visible checks passed; hidden ones run at grading.")


# %% nbgrader={"grade_id": "test_feed_forward_values", "grade": true, "points": 2.5}
# Checked when graded: one to five layers, one example and seven, large values, every
# entry of the cache, inputs unchanged.
### BEGIN HIDDEN TESTS
def right_relu(t):
    return np.maximum(t, 0)


alone = lent(feed_forward, relu=right_relu)
draws = np.random.default_rng(45)
for case_sizes, n_examples, scale in [
    ([3, 5, 4, 6, 2], 7, 1.0),
    ([4, 2], 3, 1.0),
    ([2, 7, 1], 1, 1.0),
    ([6, 3, 5, 2], 4, 1e3),
    ([5, 4, 3, 6, 2, 3], 8, 1.0),
    ([4, 2], 3, 1.0),
]:
    case_params = []
    for n_in, n_out in pairwise(case_sizes):
        case_params.append(draws.normal(0.1, 1, size=(n_out, n_in)))
        # The network with large values has biases of 0.
        case_params.append(draws.normal(0.4, 1, size=(n_out, 1)) * (scale == 1))
    case_X = scale * draws.normal(0.2, 1, size=(case_sizes[0], n_examples))
    signal, expected = case_X, []
    for k in range(0, len(case_params), 2):
        product = np.einsum("hi,im->hm", case_params[k], signal)
        total = product + case_params[k + 1]
        signal = np.where(total > 0, total, 0)
        expected += [total, signal]
    kept = [part.copy() for part in [case_X, *case_params]]
    found, found_cache = alone(case_X, case_params)
    where = f"sizes {case_sizes}, {n_examples} examples"
    assert np.shape(found) == (case_sizes[-1], n_examples), (
        f"{where}: y_out has the shape {np.shape(found)}."
    )
    assert len(found_cache) == len(expected), (
        f"{where}: the cache has {len(found_cache)} entries, expected {len(expected)}."
    )
    for i, entry in enumerate(expected):
        name = f"{'ZA'[i % 2]}{i // 2 + 1}"
        assert np.shape(found_cache[i]) == entry.shape, (
            f"{where}: entry {i} of the cache has the shape {np.shape(found_cache[i])}; "
            f"expected {name} with the shape {entry.shape}."
        )
        np.testing.assert_allclose(
            found_cache[i],
            entry,
            rtol=1e-9,
            atol=1e-9 * scale,
            err_msg=f"{where}: {name} is wrong (hint 1)",
        )
    np.testing.assert_allclose(
        found, expected[-1], rtol=1e-9, atol=1e-9 * scale, err_msg=f"{where}: y_out"
    )
    for given, before in zip([case_X, *case_params], kept, strict=True):
        assert np.array_equal(given, before), (
            f"{where}: feed_forward changed X or params; make new arrays (hint 3)."
        )
    assert len(case_params) == len(kept) - 1, f"{where}: the list params was changed."
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "test_feed_forward_outputs", "grade": true, "points": 1.5}
# Checked when graded: each output activation, the default, and an unknown name.
### BEGIN HIDDEN TESTS
def right_relu(t):
    return np.maximum(t, 0)


alone = lent(feed_forward, relu=right_relu)
draws = np.random.default_rng(46)
case_params = [
    draws.normal(size=(4, 3)),
    draws.normal(size=(4, 1)),
    draws.normal(size=(2, 4)),
    np.array([[0.7], [-1.1]]),
]
case_X = draws.normal(size=(3, 9))
hidden = np.maximum(case_params[0] @ case_X + case_params[1], 0)
total = case_params[2] @ hidden + case_params[3]
for name, expected in {
    "relu": np.where(total > 0, total, 0),
    "linear": total,
    "sigmoid": 1 / (1 + np.exp(-total)),
    "softplus": np.log(1 + np.exp(total)),
}.items():
    found, found_cache = alone(case_X, case_params, output_activation=name)
    assert len(found_cache) == 4, f"{name}: {len(found_cache)} entries in the cache."
    np.testing.assert_allclose(
        found_cache[1],
        hidden,
        rtol=1e-9,
        atol=1e-9,
        err_msg=f"with the output {name!r}, A1 is wrong: hidden layers keep ReLU",
    )
    np.testing.assert_allclose(
        found_cache[2], total, rtol=1e-9, atol=1e-9, err_msg=f"{name}: Z2 is wrong"
    )
    for what, value in [("y_out", found), ("the last entry", found_cache[3])]:
        np.testing.assert_allclose(
            value,
            expected,
            rtol=1e-9,
            atol=1e-9,
            err_msg=f"output {name!r}: {what} is wrong (hint 2)",
        )
found, _ = alone(case_X, case_params)
assert np.allclose(found, np.where(total > 0, total, 0)), (
    "Without a third argument the output activation is relu."
)
for name in ("tanh", "RELU", "", None):
    try:
        found = alone(case_X, case_params, name)
    except ValueError:
        continue
    except Exception as problem:
        raise AssertionError(
            f"output_activation={name!r}: {type(problem).__name__} was raised, a "
            "ValueError is expected."
        ) from problem
    raise AssertionError(
        f"output_activation={name!r} was accepted; a ValueError is expected."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Watch the signal on its way
#
# If your checks passed, enjoy this for a moment: a loop of a few lines, and it carries
# any batch through any number of layers. Now 500 of the training songs go through a
# network that has never been trained. The figure shows all activations of each layer.
# Look at the bar at 0, and at whether the spread grows, shrinks or stays from panel to
# panel.

# %%
network = initialize_parameters([13, 64, 32, 16, 1], np.random.default_rng(9))
X_some = X_train[:, :500]
_, cache = feed_forward(X_some, network, "linear")
fig, axes = plt.subplots(2, 2, figsize=(8, 4.6), layout="constrained", sharex=True)
edges = np.linspace(-2, 2, 81)
for k, ax in enumerate(axes.flat, start=1):
    values = cache[2 * k - 1].ravel()
    percent = np.full(values.size, 100 / values.size)
    ax.hist(values, bins=edges, weights=percent, color=BLUE if k < 4 else GREEN)
    kind = "ReLU" if k < 4 else "linear"
    ax.set(title=f"A{k}: {kind}, spread {values.std():.2f}", ylim=(0, 15))
    if k < 4:
        ax.text(0.08, 13, f"{np.mean(values == 0):.0%} are exactly 0", color=VERMILLION)
for ax in axes[1]:
    ax.set(xlabel="activation")
for ax in axes[:, 0]:
    ax.set(ylabel="share of values (%)")
plt.show()

# %% [markdown]
# *Figure:* Four histograms with the same axes, one for the activations of each layer.
# In the three hidden layers about half of all values are exactly 0, a bar that is cut
# off at the top; the rest falls to the right, and the spread stays near 0.4 from panel
# to panel. The linear output is one hill without such a bar.
#
# He's factor is what keeps the spread alike. The next cell multiplies all weights by
# 0.1 or by 4 and prints the spread of each layer. Over four layers these factors reach
# $0.1^4$ and $4^4$: predict the last column before you run it.

# %%
for factor in (0.1, 1.0, 4.0):
    scaled = [factor * part for part in network]
    _, cache = feed_forward(X_some, scaled, "linear")
    spreads = [f"{cache[i].std():10.5f}" for i in (1, 3, 5, 7)]
    print(f"weights × {factor:3}: spread of A1 ... A4", *spreads)

# %% [markdown]
# ## Translate between the conventions
#
# scikit-learn, Keras and the other lessons have one example in each row. The weights of
# this lesson fit there when they are turned. Take the layer equation and transpose
# both sides: $(WA + b)^\top = A^\top W^\top + b^\top$. So the weights are transposed,
# and $b^\top$, of shape (1, H), is stored as (H,).
#
# **Your turn (3 points): write `to_rows`.** Its result is checked against the function
# below, which you get: a network in the row convention.


# %%
def feed_forward_rows(X, params_rows, output_activation="relu"):
    """Run a batch through all layers, row convention.

    X (N, I), weights (H_{k-1}, H_k), biases (H_k,); returns y_out (N, O).
    """
    A = X
    for i in range(0, len(params_rows) - 2, 2):
        A = np.maximum(A @ params_rows[i] + params_rows[i + 1], 0)
    return OUTPUT_ACTIVATIONS[output_activation](A @ params_rows[-2] + params_rows[-1])


# %% [markdown]
# <details><summary>Hint 1: transposing is not reshaping</summary>
#
# Write down a matrix of shape (2, 3) and its transpose. Then `reshape(3, 2)` of the
# same matrix. Only one of them keeps each weight with its input.
#
# </details>
# <details><summary>Hint 2: two kinds of arrays</summary>
#
# The arrays with even position in `params` are weights, those with odd position biases.
# `W.T` transposes, `b.ravel()` drops the second axis.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Make a new list: go through `params` with `enumerate`, take the transpose where the
# position is even and the flat version where it is odd.
#
# </details>


# %% nbgrader={"grade_id": "to_rows", "solution": true}
def to_rows(params):
    """Translate a network from the column to the row convention.

    Parameters
    ----------
    params : list [W1, b1, ..., WL, bL]; left unchanged
        Wk: shape (H_k, H_{k-1}), bk: shape (H_k, 1).

    Returns
    -------
    list [W1, b1, ..., WL, bL]
        Wk: shape (H_{k-1}, H_k), bk: shape (H_k,).
    """
    ### BEGIN SOLUTION
    return [part.T if i % 2 == 0 else part.ravel() for i, part in enumerate(params)]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_to_rows_small", "grade": true, "points": 0.5}
case_params = [
    np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    np.array([[10.0], [20.0], [30.0]]),
    np.array([[7.0, 8.0, 9.0]]),
    np.array([[40.0]]),
]
found = to_rows(case_params)
assert isinstance(found, list | tuple) and len(found) == 4, (
    f"to_rows returned {found!r:.60}; expected a list of 4 arrays."
)
found_shapes = [np.shape(part) for part in found]
assert found_shapes == [(2, 3), (3,), (3, 1), (1,)], (
    f"The shapes are {found_shapes}; expected (2, 3), (3,), (3, 1), (1,): every W is "
    "transposed and every b is flat (hint 2)."
)
np.testing.assert_allclose(
    found[0],
    [[1, 3, 5], [2, 4, 6]],
    err_msg="W1 has the right shape and wrong values; is it reshaped? See hint 1",
)
assert case_params[0].shape == (3, 2) and len(case_params) == 4, (
    "to_rows changed the list that it got; make a new one (hint 3)."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_to_rows_all", "grade": true, "points": 2.5}
# Checked when graded: square layers too, one to five layers, both ways of computing
# agree to 1e-12, inputs unchanged.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(47)
for case_sizes in ([3, 2], [5, 4, 4, 1], [2, 6, 3, 3, 7, 2], [1, 8, 5], [3, 2]):
    case_params = []
    for n_in, n_out in pairwise(case_sizes):
        case_params.append(draws.normal(size=(n_out, n_in)))
        case_params.append(draws.normal(size=(n_out, 1)))
    kept = [part.copy() for part in case_params]
    batch_in = draws.normal(size=(case_sizes[0], 9))
    found = to_rows(case_params)
    assert len(found) == len(kept), (
        f"{len(found)} arrays for the sizes {case_sizes}, expected {len(kept)}."
    )
    columns, rows = batch_in, batch_in.T
    for k in range(0, len(kept), 2):
        n_out, n_in = kept[k].shape
        assert np.shape(found[k]) == (n_in, n_out), (
            f"Sizes {case_sizes}: W{k // 2 + 1} has the shape {np.shape(found[k])}, "
            f"expected {(n_in, n_out)}."
        )
        assert np.shape(found[k + 1]) == (n_out,), (
            f"Sizes {case_sizes}: b{k // 2 + 1} has the shape "
            f"{np.shape(found[k + 1])}, expected {(n_out,)}."
        )
        columns = np.maximum(kept[k] @ columns + kept[k + 1], 0)
        rows = np.maximum(rows @ found[k] + found[k + 1], 0)
        assert np.allclose(rows, columns.T, rtol=1e-12, atol=1e-12), (
            f"Sizes {case_sizes}: layer {k // 2 + 1} computes something else in rows "
            "than in columns. Square matrices have to be transposed too (hint 1)."
        )
    assert len(case_params) == len(kept) and all(
        np.array_equal(*pair) for pair in zip(case_params, kept, strict=True)
    ), "to_rows changed the list or an array that it got (hint 3)."
### END HIDDEN TESTS

# %% [markdown]
# The proof on real sizes: the same songs, the same network, both conventions. The
# difference is rounding.

# %%
in_columns, _ = feed_forward(X_some, network, "softplus")
in_rows = feed_forward_rows(X_some.T, to_rows(network), "softplus")
print(in_columns.shape, in_rows.shape, np.abs(in_columns.T - in_rows).max())

# %% [markdown]
# ## Find the networks that are dead on arrival
#
# It is tempting to end this network in ReLU, so that no popularity can come out
# negative. Think about an unlucky draw: $Z_4$ is negative for **every** example. Then
# the answer is 0 for every example, and the slope of ReLU is 0 for every example. No
# correction gets through to any weight. Such a network stays as it is, however long you
# train it.
#
# **Predict before you run (1 point).** Draw 1,000 networks `[13, 64, 32, 16, 1]` with
# He initialisation and a ReLU output. Show each of them 300 examples whose 13 features
# are random numbers, evenly spread from 0 to 1. How many networks answer 0 to all 300?
#
# - **a** at most 3
# - **b** between 70 and 200
# - **c** between 250 and 350
# - **d** between 450 and 550

# %% nbgrader={"grade_id": "predict_dead_share", "solution": true}
# predict_dead_share = <one of "a", "b", "c", "d">
### BEGIN SOLUTION
predict_dead_share = "b"
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_dead_share", "grade": true, "points": 1}
answer = str(predict_dead_share).strip().lower()
assert answer in {"a", "b", "c", "d"}, (
    f'predict_dead_share is {predict_dead_share!r:.60}; write "a", "b", "c" or "d".'
)
print("Your prediction is noted, and its point is yours. Run on and compare.")
### BEGIN HIDDEN TESTS
if answer != "b":
    print(
        f"You predicted {answer}. For one example the chance is one half. The examples "
        "share the weights of the last layer and resemble each other, so their signs go "
        "together: all 300 are negative in about one network of eight."
    )
### END HIDDEN TESTS

# %% [markdown]
# **Your turn (2 points): measure it with `dead_fraction`.** Call your own
# `initialize_parameters` and `feed_forward`; the checks lend it right ones, those of
# the folded cell below, so that one slip costs its points once.


# %% nbgrader={"grade_id": "check_networks", "locked": true}
def he_rows(sizes, rng):
    """Draw a network in the row convention, He initialisation."""
    made = []
    for k in range(1, len(sizes)):
        spread = (2 / sizes[k - 1]) ** 0.5
        made += [rng.standard_normal((sizes[k - 1], sizes[k])) * spread]
        made += [np.zeros(sizes[k])]
    return made


def network_to_lend(sizes, rng):
    """Draw the same in the column convention."""
    return [np.atleast_2d(part).T for part in he_rows(sizes, rng)]


def forward_to_lend(X, params, output_activation="relu"):
    """Run a batch through all layers, column convention."""
    kept, signal = [], X
    for i in range(0, len(params), 2):
        total = np.tensordot(params[i], signal, 1) + params[i + 1]
        name = "relu" if i + 2 < len(params) else output_activation
        signal = OUTPUT_ACTIVATIONS[name](total)
        kept += [total, signal]
    return signal, kept


# %% [markdown]
# <details><summary>Hint 1: when is a network dead?</summary>
#
# When *all* its answers are 0. One example with an answer above 0 is enough to keep it
# alive. How many networks do you have to draw?
#
# </details>
# <details><summary>Hint 2: tools</summary>
#
# `rng.random((inputs, 300))` draws 300 examples, one per column. `np.all(y_out == 0)`
# is `True` for a dead network, and `True` counts as 1 in a sum.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# Count from 0. Repeat `n_inits` times: draw a network, draw examples, run them forward
# with the output activation `out`, and add one if all answers are 0. Divide the count
# by `n_inits`.
#
# </details>


# %% nbgrader={"grade_id": "dead_fraction", "solution": true}
def dead_fraction(sizes, n_inits, out, rng):
    """Return the share of fresh networks that answer 0 to every example.

    Parameters
    ----------
    sizes : list of ints
        Sizes of the network's layers, inputs first; He initialisation.
    n_inits : int
        How many networks to draw.
    out : str
        The output activation.
    rng : numpy Generator
        All random numbers come from it: weights, and 300 examples whose features are
        uniform in [0, 1), new ones for each network or the same for all.

    Returns
    -------
    float
        Between 0 and 1: networks all of whose outputs are exactly 0 for all examples,
        divided by n_inits.
    """
    ### BEGIN SOLUTION
    dead = 0
    for _ in range(n_inits):
        X = rng.random((sizes[0], 300))
        y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
        dead += np.all(y_out == 0)
    return dead / n_inits
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_dead_fraction_range", "grade": true, "points": 0.5}
alone = lent(
    dead_fraction,
    initialize_parameters=network_to_lend,
    feed_forward=forward_to_lend,
)
found = alone([5, 16, 12, 1], 12, "linear", np.random.default_rng(1))
assert np.ndim(found) == 0 and found is not None, (
    f"dead_fraction returned {found!r:.60}; expected one number between 0 and 1."
)
assert found == 0, (
    f"With a linear output {found} of the networks are called dead; an answer that is "
    "exactly 0 hardly ever happens there. Is `out` passed on?"
)
found = alone([13, 64, 32, 16, 1], 40, "relu", np.random.default_rng(2))
assert 0 <= found <= 1, f"dead_fraction returned {found}; divide by n_inits."
assert found < 0.5, (
    f"{found:.0%} of 40 networks with a ReLU output are called dead, which is too many. "
    "A network is dead if ALL its answers are 0, not if any is (hint 1); and each of "
    "the 40 has to be drawn anew."
)
assert found > 0, (
    "None of 40 networks with a ReLU output is called dead; expected some. Look at the "
    "network's answers, not at a hidden layer, and draw each network anew."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_dead_fraction_share", "grade": true, "points": 1.5}
# Checked when graded: 500 networks with a ReLU output, other sizes and outputs, that
# the generator decides.
### BEGIN HIDDEN TESTS
alone = lent(
    dead_fraction,
    initialize_parameters=network_to_lend,
    feed_forward=forward_to_lend,
)
shares = [
    float(alone([4, 6, 3, 1], 37, "relu", np.random.default_rng(seed)))
    for seed in (10, 11, 12, 13, 14, 10)
]
singles = [
    float(alone([4, 6, 3, 1], 1, "relu", np.random.default_rng(seed)))
    for seed in range(100, 140)
]
told = (
    f"six times 37 networks [4, 6, 3, 1] gave the shares {np.round(shares, 3).tolist()} "
    f"and 40 times a single one {sorted(set(singles))}"
)
assert np.allclose(37 * np.array(shares), np.round(37 * np.array(shares))), (
    f"{told}; a share of 37 networks is a multiple of 1/37."
)
assert shares[0] == shares[-1], (
    f"{told}; the first and the last had generators with the same seed. All random "
    "numbers have to come from rng."
)
assert 0.08 < min(shares) and max(shares) < 0.62 and set(singles) == {0, 1}, (
    f"{told}; about one in three is dead. If all shares are 0 or 1, one network is "
    "asked again and again; if they are all alike, the weights do not come from rng; "
    "if they are small, is it the network's answers that you look at (hint 1)?"
)
assert len(set(shares)) > 1, f"{told}: five generators with different seeds, one share."
found = alone([13, 64, 32, 16, 1], 500, "relu", np.random.default_rng(3))
assert 0.07 <= found <= 0.20, (
    f"{found:.3f} of 500 networks [13, 64, 32, 16, 1] are called dead; expected 0.07 "
    "to 0.20. Are there 300 examples from [0, 1), He weights, and biases of 0? Must "
    "all answers of a network be 0?"
)
for name in ("softplus", "linear", "sigmoid"):
    found = alone([5, 16, 12, 1], 20, name, np.random.default_rng(4))
    assert found == 0, f"Output {name!r}: {found} are called dead, expected none."
# Three outputs: all have to be 0. Measured 0.07; any one alone gives about 0.4.
found = alone([2, 3, 3], 400, "relu", np.random.default_rng(5))
assert 0.02 < found < 0.15, (
    f"{found:.3f} of 400 networks [2, 3, 3] are called dead, expected about 0.07: all "
    "outputs have to be 0 for all examples."
)
### END HIDDEN TESTS

# %% [markdown]
# Now all four outputs, 200 networks each. If you want only positive answers, you have
# two alternatives to ReLU.

# %%
layers, rng = [13, 64, 32, 16, 1], np.random.default_rng(2026)
for out in ["relu", "softplus", "sigmoid", "linear"]:
    share = dead_fraction(layers, 200, out, rng)
    print(f"{out:9}: {share:5.1%} of 200 fresh networks are dead")

# %% [markdown]
# With a ReLU output more than one network in ten is dead; with the three others none
# is.
#
# A hidden neuron can die in the same way. With 64 of them the others carry on; with a
# single output neuron there is no backup.
#
# ## Compare with a guess, in points of popularity
#
# The scaled error of a network says nothing by itself. Two things help: the original
# unit, and a **baseline**. The simplest baseline answers the same number for every
# song. Measured by squared errors the best such number is the mean (by absolute errors
# it would be the median). It may only be taken from the training data: nobody knows the
# mean of the songs that are still to come.
#
# **Your turn (2 points, one each): write `baseline_mse` and `to_popularity`.**
#
# <details><summary>Hint 1: whose mean, whose errors?</summary>
#
# One number comes from `ytr`. The errors are those on `yte`. And for `to_popularity`:
# which way round does a scaler want its table, and which way round is a batch here?
#
# </details>
# <details><summary>Hint 2: tools</summary>
#
# `ytr.mean()`, a difference, a square, `np.mean`. A scaler's `inverse_transform` undoes
# `transform`, for a table of one row per example.
#
# </details>
# <details><summary>Hint 3: nearly the code</summary>
#
# The mean of the squared differences between `yte` and the mean of `ytr`. For the
# other: transpose, undo the scaling with the scaler that was passed in, transpose back.
#
# </details>


# %% nbgrader={"grade_id": "baseline_mse", "solution": true}
def baseline_mse(ytr, yte):
    """Return the test error of always answering the mean of the training targets.

    Parameters
    ----------
    ytr, yte : ndarrays, shapes (1, m_train) and (1, m_test)

    Returns
    -------
    float
        The mean squared error on yte.
    """
    ### BEGIN SOLUTION
    return np.mean((yte - ytr.mean()) ** 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_baseline_mse_small", "grade": true, "points": 0.5}
# The training mean is 4; the errors on the test data are 1, -3 and 6.
case_ytr, case_yte = np.array([[1.0, 2, 9, 4]]), np.array([[5.0, 1.0, 10.0]])
found = baseline_mse(case_ytr, case_yte)
assert np.ndim(found) == 0 and found is not None, (
    f"baseline_mse returned {found!r:.60}; expected one number."
)
causes = {
    122 / 9: "this takes the mean of the test data; nobody knows it beforehand",
    9.5: "this is the error on the training data",
    46.0: "the squares are added up but not averaged",
    np.sqrt(46 / 3): "this is the root of the MSE",
    10 / 3: "this is the mean absolute error",
    53 / 3: "this answers with the median; the mean is asked for",
    126 / 3: "this always answers 0",
}
cause = next((t for v, t in causes.items() if np.isclose(found, v)), "see hint 3")
assert np.isclose(found, 46 / 3, rtol=1e-9), (
    f"baseline_mse returned {found:.4f}, expected (1 + 9 + 36) / 3 = 15.3333: {cause}."
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_baseline_mse_all", "grade": true, "points": 0.5}
# Checked when graded: other sizes, one test example, large values, inputs unchanged.
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(48)
for n_train, n_test, scale in [
    (7, 3, 1.0),
    (4, 1, 1.0),
    (11, 30, 1e3),
    (1, 6, 1.0),
    (7, 3, 1.0),
]:
    case_ytr = scale * draws.gamma(1.5, size=(1, n_train))
    # Six test targets are all 0.
    case_yte = (scale * draws.gamma(1.5, size=(1, n_test)) - 0.7) * (n_test != 6)
    kept = case_ytr.copy(), case_yte.copy()
    answer = sum(kept[0][0]) / n_train
    expected = sum((value - answer) ** 2 for value in kept[1][0]) / n_test
    found = baseline_mse(case_ytr, case_yte)
    assert np.ndim(found) == 0 and np.isclose(found, expected, rtol=1e-9), (
        f"{n_train} training and {n_test} test examples: baseline_mse returned "
        f"{found!r:.60}, expected {expected:.6f} (hint 1)."
    )
    assert np.array_equal(case_ytr, kept[0]) and np.array_equal(case_yte, kept[1]), (
        "baseline_mse changed one of its inputs."
    )
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "to_popularity", "solution": true}
def to_popularity(y_scaled, sy):
    """Undo the scaling of the target.

    Parameters
    ----------
    y_scaled : ndarray, shape (1, m)
        Scaled targets or answers of a network.
    sy : scaler of the target
        As `prepare` returns it: it was fitted on a table of shape (m_train, 1).

    Returns
    -------
    ndarray, shape (1, m)
        In the unit of the target; not rounded, not cut off.
    """
    ### BEGIN SOLUTION
    return sy.inverse_transform(y_scaled.T).T
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_to_popularity_small", "grade": true, "points": 0.5}
case_sy = MinMaxScaler().fit(np.array([[10.0], [60.0], [30.0]]))
case_scaled = np.array([[0.0, 1.0, 0.5, 0.25]])
found = to_popularity(case_scaled, case_sy)
assert np.shape(found) == (1, 4), (
    f"to_popularity returned the shape {np.shape(found)} for (1, 4); expected (1, 4). "
    "Transpose before and after (hint 3)."
)
np.testing.assert_allclose(
    found,
    [[10, 60, 35, 22.5]],
    err_msg="0 stands for the smallest training target, 10, and 1 for the largest, 60",
)
print("Visible checks passed; hidden ones run at grading.")

# %% nbgrader={"grade_id": "test_to_popularity_all", "grade": true, "points": 0.5}
# Checked when graded: another kind of scaler, one value, values outside of the range.
### BEGIN HIDDEN TESTS
case_table = np.array([[3.0], [95.0], [41.0], [17.0], [60.0]])
mean, deviation = case_table.mean(), case_table.std()
case_scaled = np.array([[-3.5, 0.0, 1.25, 4.0, 0.3, -0.7, 2.0]])
for case_sy, shift, factor in [
    (StandardScaler().fit(case_table), mean, deviation),
    (MinMaxScaler().fit(case_table), 3.0, 92.0),
]:
    for given in (case_scaled, case_scaled[:, :1], 0 * case_scaled):
        before = given.copy()
        expected = before * factor + shift
        found = to_popularity(given, case_sy)
        assert np.shape(found) == before.shape, (
            f"to_popularity returned the shape {np.shape(found)} for {before.shape}."
        )
        np.testing.assert_allclose(
            found,
            expected,
            rtol=1e-9,
            atol=1e-9,
            err_msg=f"with a {type(case_sy).__name__}: undo what sy did, no more",
        )
        assert np.array_equal(given, before), "to_popularity changed its input."
### END HIDDEN TESTS

# %% [markdown]
# What does the network know before it has learned anything? Put its answers beside the
# truth, both in points. The root of an MSE has the unit of the target, so compare
# roots.

# %%
truth = to_popularity(y_test, y_scaler)
fresh = initialize_parameters([13, 64, 32, 16, 1], np.random.default_rng(8))
answers = to_popularity(feed_forward(X_test, fresh, "linear")[0], y_scaler)
baseline = baseline_mse(to_popularity(y_train, y_scaler), truth)
print(f"untrained network: {np.mean((answers - truth) ** 2) ** 0.5:6.1f} points off")
print(f"always the mean:   {baseline**0.5:6.1f} points off")

# %%
fig, ax = plt.subplots(figsize=(6, 4))
ax.plot(truth.ravel(), answers.ravel(), ".", color=BLUE, ms=4, label="one song")
ax.plot([0, 100], [0, 100], "--", color=BLACK, label="right answers")
average = to_popularity(y_train, y_scaler).mean()
ax.axhline(average, color=VERMILLION, ls="-.", label="always the mean")
ax.set(xlabel="true popularity (points)", ylabel="network's answer (points)")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# *Figure:* Each dot is a test song, its true popularity to the right and the untrained
# network's answer upwards. The cloud lies mostly below the dashed line of right answers
# and does not follow its slope; most answers are negative, which no popularity is. The
# baseline is a dash-dotted horizontal line near 45 points.
#
# For the bundled songs the smallest possible error is known, because they were made up:
# 18.9 points over all songs, against 21.6 for the mean. So even a perfect model gains
# only a few points on the guess: one song in eight is forgotten by chance, and no
# feature tells which. In real data you do not know the floor. That is why the baseline
# matters.

# %% [markdown]
# ### Written answer: choose an output activation, and defend it
#
# You are going to train this network to predict popularity, scaled to 0 to 1 on the
# training data. Choose one of `relu`, `linear`, `sigmoid`, `softplus` for the output.
# Defend it against **two** of the others in four to eight sentences. Use what you
# measured here, and say what your choice costs: none of them is free. (3 points, marked
# by a person)
#
# | points | what the answer does |
# |---|---|
# | 3 | a choice, two comparisons with reasons that hold for this target, its cost |
# | 2 | a choice with one sound reason; a comparison or the cost is missing or vague |
# | 1 | a choice with a general remark ("ReLU is the standard"), or only a definition |
#
# <details><summary>Hint 1: what to compare?</summary>
#
# Which answers can it give, and which does the target need? Does the slope ever become
# 0, and for how many examples at once? What happens near 0, where 13 of 100 songs are,
# and above 1, where a test song may lie?
#
# </details>

# %% [markdown] nbgrader={"grade_id": "choose_output", "grade": true, "solution": true, "points": 3}
# **Your answer**
#
# ### BEGIN SOLUTION
# I take `linear`. Its slope is 1 everywhere, so every example corrects the weights from
# the first step on; none of 200 fresh networks was dead.
#
# Against `relu`: about one fresh network in eight answers 0 to all examples and cannot
# learn, since its slope is 0 there too. Non-negative answers are not worth that risk;
# I can cut answers off at 0 and 100 when I use them.
#
# Against `sigmoid`: it keeps to 0 to 1, which fits. But its slope is small near 0 and
# 1, and an eighth of the songs has the target 0, which it reaches only for a sum far to
# the left. It can also never answer more than the most popular training song.
#
# The cost: a linear output may answer −5 or 110 points, so I have to cut off at
# prediction time and say so. (`softplus` or `sigmoid` with equally concrete reasons
# are as good; softplus gives positive answers only, is never dead, never exactly 0,
# and has no upper limit.)
# ### END SOLUTION

# %% [markdown]
# ## Check yourself
#
# No points here: answer aloud, then unfold.
#
# <details><summary>The key of a song is a number from 0 (C) to 11 (B). What does a
# network wrongly believe about it?</summary>
#
# That 11 is far from 0. In music they are neighbours: it is a circle. Two columns,
# the sine and the cosine of $2\pi \cdot \text{key} / 12$, say so. `time_signature` is
# not a quantity either: it names a kind of bar.
#
# </details>
# <details><summary>A classmate scales the whole table before splitting, "because it
# makes no difference". On this file the error hardly changes. Who is right?</summary>
#
# Both: with thousands of rows the extremes of the training rows are nearly those of all
# rows. But the size of the leak is known only by doing it right, and with 50 rows or a
# single outlier it is large. Doing it right costs one line.
#
# </details>
# <details><summary>A network reaches an error of 15 points on test songs of the bundled
# file. The best possible is 18.9. What do you do?</summary>
#
# Look for a leak before you celebrate: the same song on both sides of the split, the
# target or a copy of it among the features, or a test set that was used to choose the
# model.
#
# </details>
#
# ## Go further
#
# - Kaiming He and others, [Delving deep into
#   rectifiers](https://arxiv.org/abs/1502.01852), 2015: where $\sqrt{2 / n}$ comes
#   from, with the derivation in two pages.
# - Xavier Glorot and Yoshua Bengio, [Understanding the difficulty of training deep
#   feedforward neural networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010:
#   the same question for tanh.
# - Lu Lu and others, [Dying ReLU and initialization](https://arxiv.org/abs/1903.06733),
#   2019: how the share of dead networks depends on depth and width.
# - Change `[13, 64, 32, 16, 1]` to ten narrow layers and call `dead_fraction` again.
