# %% [markdown]
# Right and wrong answers to the exercises of `04_mlp_forward`.

# %% wrong prepare scales_before_splitting
# says: Your scalers have seen the test rows: in the training data some features do not
#   run from 0 to 1. Split first, fit on the training rows, then transform both.
# hint: 1
# teach: Ask what the scaler would do if the test song arrived next year.
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    sx, sy = MinMaxScaler(), MinMaxScaler()
    X_all = sx.fit_transform(table[features].to_numpy())
    y_all = sy.fit_transform(table[[target]].to_numpy())
    parts = train_test_split(X_all, y_all, test_size=0.2, random_state=seed)
    return *[part.T for part in parts], sx, sy


# %% wrong prepare scales_the_target_before_splitting
# says: The target's scaler has seen the test rows; fit it on the training rows too.
# hint: 1
# teach: The features are done right; the target is forgotten more often.
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    sx, sy = StandardScaler(), StandardScaler()
    y_all = sy.fit_transform(table[[target]].to_numpy())
    parts = train_test_split(
        table[features].to_numpy(), y_all, test_size=0.2, random_state=seed
    )
    return (
        sx.fit_transform(parts[0]).T,
        sx.transform(parts[1]).T,
        parts[2].T,
        parts[3].T,
        sx,
        sy,
    )


# %% wrong prepare fits_again_on_the_test_rows
# says: You call fit_transform for the test rows as well: they get a scale of their own,
#   and what the returned scaler knows is the test data.
# hint: 2
# teach: Ask what the number 0.5 means in X_train and in X_test.
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr = sx.fit_transform(train[features].to_numpy()).T
    Xte = sx.fit_transform(test[features].to_numpy()).T
    ytr = sy.fit_transform(train[[target]].to_numpy()).T
    yte = sy.fit_transform(test[[target]].to_numpy()).T
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare fits_on_the_test_rows
# says: Your scalers are fitted on the test rows instead of the training rows.
# hint: 1
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(test[features].to_numpy())
    sy = MinMaxScaler().fit(test[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare scales_test_rows_by_themselves
# says: The test rows are scaled by a scaler of their own; the returned one cannot undo
#   it. Use the scaler that was fitted on the training rows.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr = sx.fit_transform(train[features].to_numpy()).T
    Xte = MinMaxScaler().fit_transform(test[features].to_numpy()).T
    ytr = sy.fit_transform(train[[target]].to_numpy()).T
    yte = MinMaxScaler().fit_transform(test[[target]].to_numpy()).T
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare keeps_the_target_as_a_feature
# says: The target is one of your inputs: the model would be told the answer.
# hint: 1
# teach: The leak of the first source notebook. Ask which error such a model reaches.
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr, Xte = sx.fit_transform(train.to_numpy()).T, sx.transform(test.to_numpy()).T
    ytr = sy.fit_transform(train[[target]].to_numpy()).T
    return Xtr, Xte, ytr, sy.transform(test[[target]].to_numpy()).T, sx, sy


# %% wrong prepare coerces_dates
# says: Rows whose date is a year, or a year and a month, are gone: with
#   errors="coerce" a date in another form becomes missing, and dropna removes it.
# hint: 2
# teach: Compare the number of rows before and after; then ask which songs are lost.
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = pd.to_datetime(table["release_date"], errors="coerce").dt.year
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare drops_rows_with_any_gap
# says: You drop every row with a gap anywhere, also in columns that are not used.
# hint: 1
# teach: Ask whether a missing album makes a song's tempo less true.
def prepare(df, features, target, seed):
    table = df.dropna().copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare drops_rows_that_occur_twice
# says: Rows that occur twice are gone. Songs that are there already were dropped before;
#   two songs with equal numbers are two songs.
# hint: 1
def prepare(df, features, target, seed):
    df = df.copy()
    if "year" in features and "year" not in df:
        df["year"] = df["release_date"].str[:4].astype(float)
    df = df[[*features, target]].dropna().drop_duplicates()
    train, test = train_test_split(df, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr, Xte = sx.fit_transform(train[features]).T, sx.transform(test[features]).T
    ytr, yte = sy.fit_transform(train[[target]]).T, sy.transform(test[[target]]).T
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare keeps_gaps
# says: Rows without a value in a feature are still there; the missing values end up in
#   X.
# hint: 1
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna(subset=[target])
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare fills_gaps_with_zero
# says: You keep rows without a tempo and give them the tempo 0; they are to be dropped.
# hint: 1
# teach: Zero is a value like any other to a network. Which song has 0 beats a minute?
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].fillna(0)
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare stays_in_rows
# says: Your arrays have one example per row; this lesson wants one per column:
#   transpose.
# hint: 3
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr = sx.fit_transform(train[features].to_numpy())
    ytr = sy.fit_transform(train[[target]].to_numpy())
    Xte = sx.transform(test[features].to_numpy())
    yte = sy.transform(test[[target]].to_numpy())
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare flat_target
# says: Your y is flat, (m,); it needs the shape (1, m).
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr = sx.fit_transform(train[features].to_numpy()).T
    ytr = sy.fit_transform(train[[target]].to_numpy()).ravel()
    Xte = sx.transform(test[features].to_numpy()).T
    yte = sy.transform(test[[target]].to_numpy()).ravel()
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare does_not_scale_the_target
# says: Your y is not scaled: the training target should run from 0 to 1.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx, sy = MinMaxScaler(), MinMaxScaler()
    Xtr = sx.fit_transform(train[features].to_numpy()).T
    sy.fit(train[[target]].to_numpy())
    Xte = sx.transform(test[features].to_numpy()).T
    ytr, yte = train[[target]].to_numpy(float).T, test[[target]].to_numpy(float).T
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare one_scaler_for_both
# says: One scaler does both jobs; after the second fit it cannot undo the first. The
#   target needs a scaler of its own.
# hint: 3
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    scaler = MinMaxScaler()
    Xtr = scaler.fit_transform(train[features].to_numpy()).T
    Xte = scaler.transform(test[features].to_numpy()).T
    ytr = scaler.fit_transform(train[[target]].to_numpy()).T
    yte = scaler.transform(test[[target]].to_numpy()).T
    return Xtr, Xte, ytr, yte, scaler, scaler


# %% wrong prepare ignores_the_seed
# says: Every seed gives the same split; pass `seed` on.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=42)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare splits_without_a_seed
# says: Two calls with the same seed give two splits; pass `seed` on.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    order = np.random.RandomState(len(table.columns) + id(table) % 9973).permutation(
        len(table)
    )
    n_test = round(0.2 * len(table))
    train, test = table.iloc[order[n_test:]], table.iloc[order[:n_test]]
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare takes_the_default_test_size
# says: A quarter of your rows are test rows; one fifth is asked for.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare adds_a_column_to_the_table_it_got
# says: The caller's table has a new column after the call; work on a copy.
# hint: 1
# teach: df["year"] = ... writes into the table that the caller still uses.
def prepare(df, features, target, seed):
    if "year" in features and "year" not in df:
        df["year"] = df["release_date"].str[:4].astype(float)
    table = df[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare always_makes_the_year_anew
# says: A table that has its own column `year`, or that needs none, has to work too.
# hint: 1
def prepare(df, features, target, seed):
    table = df.copy()
    table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[features].to_numpy())
    sy = MinMaxScaler().fit(train[[target]].to_numpy())
    Xtr, Xte = (sx.transform(t[features].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[target]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare uses_the_notebooks_globals
# says: Your function uses the notebook's songs, FEATURES or TARGET instead of its
#   arguments.
# hint: 1
def prepare(df, features, target, seed):
    table = songs.copy()
    table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*FEATURES, TARGET]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    sx = MinMaxScaler().fit(train[FEATURES].to_numpy())
    sy = MinMaxScaler().fit(train[[TARGET]].to_numpy())
    Xtr, Xte = (sx.transform(t[FEATURES].to_numpy()).T for t in (train, test))
    ytr, yte = (sy.transform(t[[TARGET]].to_numpy()).T for t in (train, test))
    return Xtr, Xte, ytr, yte, sx, sy


# %% wrong prepare leaves_small_numbers_alone
# says: Numbers that lie between 0 and 1 already are not scaled. A scaler brings the
#   training rows to 0 and 1 exactly, whatever they were.
# hint: 2
def prepare(df, features, target, seed):
    table = df.copy()
    if "year" in features and "year" not in table:
        table["year"] = table["release_date"].str[:4].astype(float)
    table = table[[*features, target]].dropna()
    train, test = train_test_split(table, test_size=0.2, random_state=seed)
    scalers = []
    for names in (features, [target]):
        values = train[names].to_numpy()
        looks_done = values.min() >= 0 and values.max() <= 1
        span = np.array([[0.0] * len(names), [1.0] * len(names)])
        scalers.append(MinMaxScaler().fit(span if looks_done else values))
    sx, sy = scalers
    X_both = [sx.transform(part[features].to_numpy()).T for part in (train, test)]
    y_both = [sy.transform(part[[target]].to_numpy()).T for part in (train, test)]
    return *X_both, *y_both, sx, sy


# %% right prepare mixed_dates_and_standard_scaling
def prepare(df, features, target, seed):
    data = df.copy()
    if "year" in features and "year" not in data.columns:
        data["year"] = pd.to_datetime(data["release_date"], format="mixed").dt.year
    data = data.dropna(subset=list(features) + [target])
    parts = train_test_split(
        data[features], data[[target]], test_size=0.2, random_state=seed
    )
    Xtr, Xte, ytr, yte = parts
    sx, sy = StandardScaler(), StandardScaler()
    Xtr, ytr = sx.fit_transform(Xtr), sy.fit_transform(ytr)
    Xte, yte = sx.transform(Xte), sy.transform(yte)
    return Xtr.T, Xte.T, ytr.T, yte.T, sx, sy


# %% right prepare fitted_on_tables
def prepare(df, features, target, seed):
    data = df.copy()
    if "year" in features and "year" not in data.columns:
        data["year"] = [int(text[:4]) for text in data["release_date"]]
    data = data.dropna(subset=[*features, target])
    train = data.sample(frac=0.8, random_state=seed)
    test = data.drop(train.index)
    sx, sy = MinMaxScaler().fit(train[features]), MinMaxScaler().fit(train[[target]])
    return [
        sx.transform(train[features]).T,
        sx.transform(test[features]).T,
        sy.transform(train[[target]]).T,
        sy.transform(test[[target]]).T,
        sx,
        sy,
    ]


# %% right prepare own_arithmetic
class OwnScaler:
    def __init__(self, table):
        self.low, self.high = table.min(axis=0), table.max(axis=0)

    def transform(self, table):
        return (table - self.low) / (self.high - self.low)

    def inverse_transform(self, table):
        return table * (self.high - self.low) + self.low


def prepare(df, features, target, seed):
    data = df.copy()
    if "year" in features and "year" not in data.columns:
        data["year"] = data["release_date"].str.slice(0, 4).astype(int)
    values = data[list(features) + [target]].dropna().to_numpy(dtype=float)
    order = np.random.default_rng(seed).permutation(len(values))
    n_test = len(values) // 5
    test, train = values[order[:n_test]], values[order[n_test:]]
    sx, sy = OwnScaler(train[:, :-1]), OwnScaler(train[:, -1:])
    Xtr, Xte = sx.transform(train[:, :-1]), sx.transform(test[:, :-1])
    ytr, yte = sy.transform(train[:, -1:]), sy.transform(test[:, -1:])
    return Xtr.T, Xte.T, ytr.T, yte.T, sx, sy


# %% guess predict_param_count forgets_biases
# says: These are the weights; each of the 113 neurons has a bias as well.
predict_param_count = 3408


# %% guess predict_param_count counts_input_biases
# says: You gave the 13 inputs a bias each; inputs are given, they have none.
predict_param_count = 3534


# %% guess predict_param_count counts_neurons
# says: That is the number of neurons and inputs, not of their connections.
predict_param_count = 126


# %% guess predict_param_count forgets_the_output_layer
# says: The last layer is missing: 16 weights and one bias.
predict_param_count = 3504


# %% wrong predict_param_count answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_param_count = "13*64 + 64*32"


# %% right predict_param_count float_number
predict_param_count = 3521.0


# %% right predict_param_count written_out
predict_param_count = 13 * 64 + 64 + 64 * 32 + 32 + 32 * 16 + 16 + 16 + 1


# %% wrong count_params forgets_biases
# says: You count the weights alone; each neuron has a bias as well.
# hint: 1
def count_params(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:]))


# %% wrong count_params counts_input_biases
# says: You count a bias for each input too; only neurons have one.
# hint: 1
# teach: Inputs are given, nothing is added to them.
def count_params(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)


# %% wrong count_params one_bias_a_layer
# says: You count one bias for each layer; every neuron has its own.
# hint: 1
def count_params(sizes):
    return sum(a * b + 1 for a, b in zip(sizes, sizes[1:]))


# %% wrong count_params forgets_the_last_layer
# says: The last layer is missing.
# hint: 2
# teach: range(len(sizes) - 2) is the classic slip by one.
def count_params(sizes):
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 2))


# %% wrong count_params bias_on_the_wrong_side
# says: You count one bias for each input of a layer instead of each neuron.
# hint: 1
def count_params(sizes):
    return sum(a * (b + 1) for a, b in zip(sizes, sizes[1:]))


# %% wrong count_params for_this_network_only
# says: Your function works for four layers only; it has to take any list.
# hint: 2
def count_params(sizes):
    i, h1, h2, h3, o = sizes
    return i * h1 + h1 + h1 * h2 + h2 + h2 * h3 + h3 + h3 * o + o


# %% wrong count_params empties_the_list
# says: Your function takes numbers out of the caller's list; work on a copy.
# hint: 2
def count_params(sizes):
    total, n_in = 0, sizes.pop(0)
    while sizes:
        n_out = sizes.pop(0)
        total += (n_in + 1) * n_out
        n_in = n_out
    return total


# %% wrong count_params always_3521
# says: You return a fixed number; compute it from `sizes`.
# hint: 2
def count_params(sizes):
    return 3521


# %% right count_params formula
def count_params(sizes):
    weights = sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))
    return weights + sum(sizes[1:])


# %% right count_params sizes_of_arrays
def count_params(sizes):
    total = 0
    for k in range(1, len(sizes)):
        total += np.zeros((sizes[k], sizes[k - 1])).size + np.zeros((sizes[k], 1)).size
    return total


# %% right count_params dot_product
def count_params(sizes):
    s = np.array(sizes)
    return (s[:-1] + 1) @ s[1:]


# %% guess predict_zero_init small_numbers
# says: The songs differ, but every input is multiplied by 0: the answers do not differ.
# teach: Let them compute W1 @ X for one song by hand.
predict_zero_init = "a"


# %% guess predict_zero_init the_mean
# says: The network has not seen a popularity yet; it cannot know their mean.
predict_zero_init = "c"


# %% guess predict_zero_init not_a_number
# says: Nothing is divided here, and 0 times a number is 0.
predict_zero_init = "d"


# %% wrong predict_zero_init answers_in_words
# says: Write one of the four letters.
# hint: 1
predict_zero_init = "zero for all"


# %% right predict_zero_init capital_letter
predict_zero_init = "B"


# %% right predict_zero_init with_a_blank
predict_zero_init = " b"


# %% wrong initialize_parameters all_zeros
# says: All your weights are 0: every neuron of a layer is the same, and stays so.
# hint: 2
# teach: Ask how the two neurons of a layer could ever become different.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [np.zeros((n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters plain_normal
# says: Your weights have the standard deviation 1; the factor for the number of inputs
#   is missing.
# hint: 2
# teach: Print the spread of A1 to A4: it explodes.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [rng.standard_normal((n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters times_one_hundredth
# says: Your weights have the standard deviation 0.01 whatever the number of inputs.
# hint: 2
# teach: Print the spread of A1 to A4: it vanishes.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [0.01 * rng.standard_normal((n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters one_instead_of_two
# says: Under your root stands 1 / inputs; ReLU silences half of the values, so it is 2.
# hint: 2
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [
            rng.normal(0, np.sqrt(1 / n_in), (n_out, n_in)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters xavier
# says: You divide by inputs plus neurons. That is Xavier's rule, for tanh; He's rule
#   looks at the inputs alone.
# hint: 2
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        s = np.sqrt(2 / (n_in + n_out))
        params += [rng.normal(0, s, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters fan_out
# says: Under your root stands the number of neurons; it has to be the number of inputs.
# hint: 2
# teach: In the column convention W is (neurons, inputs): the inputs are the columns.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [
            rng.normal(0, np.sqrt(2 / n_out), (n_out, n_in)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters no_square_root
# says: The square root is missing: your standard deviation is 2 / inputs.
# hint: 2
# teach: 2 / inputs is the variance.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [rng.normal(0, 2 / n_in, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters same_scale_for_all_layers
# says: You use the number of inputs of the network for every layer; each layer has its
#   own number.
# hint: 2
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        s = np.sqrt(2 / layer_sizes[0])
        params += [rng.normal(0, s, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters biases_of_one
# says: Your biases begin at 1; they should begin at 0.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)), np.ones((n_out, 1))]
    return params


# %% wrong initialize_parameters draws_biases
# says: Your biases are drawn; they should begin at 0.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        s = np.sqrt(2 / n_in)
        params += [rng.normal(0, s, (n_out, n_in)), rng.normal(0, s, (n_out, 1))]
    return params


# %% wrong initialize_parameters small_uniform
# says: Your weights are uniform between 0 and 0.05: all positive and too small.
# hint: 2
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [rng.uniform(0, 0.05, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters positive_weights
# says: All your weights are positive; their mean should be 0.
# hint: 2
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        s = np.sqrt(2 / n_in)
        params += [rng.uniform(0, s * 12**0.5, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters identical_rows
# says: All neurons of a layer begin with the same weights; they would stay the same.
# hint: 3
# teach: Broadcasting one row to all neurons passes any test of shape, mean and spread.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        row = rng.normal(0, np.sqrt(2 / n_in), (1, n_in))
        row = (row - row.mean()) / (row.std() or 1) * np.sqrt(2 / n_in)
        params += [np.repeat(row, n_out, axis=0), np.zeros((n_out, 1))]
    return params


# %% wrong initialize_parameters row_convention
# says: Your weights are (inputs, neurons); in the column convention they are
#   (neurons, inputs).
# hint: 1
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [
            rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters flat_biases
# says: Your biases are (neurons,); in the column convention they are (neurons, 1).
# hint: 1
# teach: (H,) + (H, m) is an error or, worse, adds along the examples when m equals H.
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)), np.zeros(n_out)]
    return params


# %% wrong initialize_parameters seeds_inside
# says: Every network is the same: a seed is set, or a generator made, inside your
#   function. Draw from rng.
# hint: 3
# teach: The call also restarts everybody else's random numbers.
def initialize_parameters(layer_sizes, rng):
    np.random.seed(42)
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [
            np.random.randn(n_out, n_in) * np.sqrt(2 / n_in),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters own_generator
# says: Every network is the same: a seed is set, or a generator made, inside your
#   function. Draw from rng.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    rng = np.random.default_rng(42)
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        params += [
            rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters own_generator_for_each_layer
# says: Each layer begins from the same seed, and rng is not used.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        own = np.random.default_rng(0)
        params += [
            own.normal(0, np.sqrt(2 / n_in), (n_out, n_in)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters for_this_network_only
# says: Your function works for four layers only; go through layer_sizes.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    i, h1, h2, h3, o = layer_sizes
    params = []
    for n_in, n_out in ((i, h1), (h1, h2), (h2, h3), (h3, o)):
        params += [
            rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)),
            np.zeros((n_out, 1)),
        ]
    return params


# %% wrong initialize_parameters weights_then_biases
# says: Your list has all weights first; the order is W1, b1, W2, b2 and so on.
# hint: 3
def initialize_parameters(layer_sizes, rng):
    pairs = list(zip(layer_sizes[:-1], layer_sizes[1:]))
    weights = [rng.normal(0, np.sqrt(2 / i), (o, i)) for i, o in pairs]
    return weights + [np.zeros((o, 1)) for _, o in pairs]


# %% right initialize_parameters uniform
def initialize_parameters(layer_sizes, rng):
    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        limit = np.sqrt(6 / n_in)
        params += [rng.uniform(-limit, limit, (n_out, n_in)), np.zeros((n_out, 1))]
    return params


# %% right initialize_parameters scaled_standard_normal
def initialize_parameters(layer_sizes, rng):
    params = []
    for k in range(1, len(layer_sizes)):
        W = rng.standard_normal(size=(layer_sizes[k], layer_sizes[k - 1]))
        params.append(W * np.sqrt(2.0 / layer_sizes[k - 1]))
        params.append(np.zeros(shape=(layer_sizes[k], 1)))
    return tuple(params)


# %% right initialize_parameters truncated_normal
def initialize_parameters(layer_sizes, rng):
    from scipy.stats import truncnorm

    params = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        s = np.sqrt(2 / n_in) / 0.87962566
        W = truncnorm.rvs(-2, 2, scale=s, size=(n_out, n_in), random_state=rng)
        params += [W, np.zeros((n_out, 1))]
    return params


# %% right initialize_parameters last_layer_first
def initialize_parameters(layer_sizes, rng):
    params = []
    for k in reversed(range(1, len(layer_sizes))):
        W = rng.normal(
            0.0, (2 / layer_sizes[k - 1]) ** 0.5, (layer_sizes[k], layer_sizes[k - 1])
        )
        params = [W, np.zeros((layer_sizes[k], 1))] + params
    return params


# %% wrong relu threshold_at_one
# says: Values between 0 and 1 disappear; ReLU keeps every positive number.
# hint: 2
def relu(z):
    return np.where(z > 1, z, 0)


# %% wrong relu clips_at_three
# says: Large values are cut off; ReLU has no upper limit.
# hint: 2
def relu(z):
    return np.clip(z, 0, 3)


# %% wrong relu floors
# says: Decimals are lost; ReLU leaves positive numbers as they are.
# hint: 2
def relu(z):
    return np.floor(np.maximum(z, 0))


# %% wrong relu in_place
# says: Your relu overwrites the array that the caller passed in.
# hint: 1
# teach: The cache would then hold A where it should hold Z.
def relu(z):
    z[z < 0] = 0
    return z


# %% wrong relu absolute_value
# says: Negative numbers become positive; they should become 0.
# hint: 2
def relu(z):
    return np.abs(z)


# %% wrong relu leaks
# says: Negative numbers stay a little negative: that is leaky ReLU.
# hint: 3
def relu(z):
    return np.where(z > 0, z, 0.01 * z)


# %% wrong relu one_maximum
# says: np.max gives one number, or takes its second argument for an axis; np.maximum
#   compares element by element.
# hint: 2
def relu(z):
    return np.max(z, 0)


# %% wrong relu vectors_only
# says: Your relu works for arrays with one or two axes only.
# hint: 1
def relu(z):
    if np.ndim(z) == 1:
        return np.array([max(float(t), 0.0) for t in z])
    return np.array([[max(float(t), 0.0) for t in row] for row in z])


# %% wrong relu remembers_by_shape
# says: The result is kept by the shape of z: other numbers in that shape get the values
#   of the first.
# hint: 2
def relu(z, _known={}):
    return _known.setdefault(z.shape, np.maximum(z, 0))


# %% right relu mask
def relu(z):
    return z * (z > 0)


# %% right relu clip
def relu(z):
    return np.clip(z, 0, None)


# %% right relu where
def relu(z):
    return np.where(z < 0, 0, z)


# %% wrong drelu threshold_at_one
# says: Values between 0 and 1 get the slope 0; the slope is 1 for every positive z.
# hint: 2
def drelu(z):
    return (z > 1).astype(float)


# %% wrong drelu clipped_value
# says: Between 0 and 1 you return z itself; the slope there is 1.
# hint: 2
def drelu(z):
    return np.clip(z, 0, 1)


# %% wrong drelu one_at_zero
# says: At z = 0 you return 1; in this lesson the slope there is 0.
# hint: 2
# teach: Lesson 02 accepts any value from 0 to 1; here a convention is stated.
def drelu(z):
    return (z >= 0).astype(float)


# %% wrong drelu one_half_at_zero
# says: At z = 0 you return 0.5; in this lesson the slope there is 0.
# hint: 2
def drelu(z):
    return np.heaviside(z, 0.5)


# %% wrong drelu value_instead_of_slope
# says: You return relu itself, not its slope.
# hint: 2
def drelu(z):
    return np.maximum(z, 0)


# %% wrong drelu third_of_the_value
# says: Your values grow with z; the slope of a straight line is the same everywhere.
# hint: 2
def drelu(z):
    return np.maximum(z, 0) / 3


# %% wrong drelu minus_one_for_negatives
# says: For negative z you return -1; ReLU is flat there.
# hint: 2
def drelu(z):
    return np.sign(z)


# %% wrong drelu in_place
# says: Your drelu overwrites the array that the caller passed in.
# hint: 1
def drelu(z):
    z[z > 0] = 1
    z[z < 0] = 0
    return z


# %% wrong drelu from_the_output
# says: Every slope is 1: you compare relu's output, which is never negative.
# hint: 2
def drelu(z):
    return (np.maximum(z, 0) >= 0).astype(float)


# %% wrong drelu remembers_by_shape
# says: The slopes are kept by the shape of z: other numbers in that shape get the
#   slopes of the first.
# hint: 1
def drelu(z, _known={}):
    return _known.setdefault(z.shape, np.where(z > 0, 1.0, 0.0))


# %% right drelu comparison
def drelu(z):
    return z > 0


# %% right drelu whole_numbers
def drelu(z):
    return (z > 0).astype(int)


# %% right drelu heaviside
def drelu(z):
    return np.heaviside(z, 0)


# %% wrong feed_forward no_activation
# says: No layer has an activation; without one, four layers are no more than one.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        A = params[k] @ A + params[k + 1]
        cache += [A, A]
    return A, cache


# %% wrong feed_forward linear_hidden_layers
# says: The hidden layers have no activation; only your output has one.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation](Z) if k == len(params) - 2 else Z
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward sigmoid_hidden_layers
# says: Your hidden layers use a sigmoid; they should use ReLU.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        last = k == len(params) - 2
        A = OUTPUT_ACTIVATIONS[output_activation](Z) if last else expit(Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward tanh_hidden_layers
# says: Your hidden layers use tanh; they should use ReLU.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        last = k == len(params) - 2
        A = OUTPUT_ACTIVATIONS[output_activation](Z) if last else np.tanh(Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward output_activation_everywhere
# says: The output activation is used in the hidden layers too; they keep ReLU.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward always_relu
# says: output_activation makes no difference in your function.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = np.maximum(Z, 0)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward drops_the_biases
# says: The biases are never added.
# hint: 3
# teach: Fresh networks have biases of 0, so nothing shows until the first update.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward subtracts_the_biases
# says: The biases are subtracted; they should be added.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A - params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward returns_z
# says: You return the last Z; the answer is the last A.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return Z, cache


# %% wrong feed_forward activations_first
# says: Your cache has A before Z; the order is Z1, A1, Z2, A2 and so on.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [A, Z]
    return A, cache


# %% wrong feed_forward caches_a_twice
# says: Your cache has A where Z should be. Is Z overwritten by its activation?
# hint: 3
# teach: np.maximum(Z, 0, out=Z) or a relu that works in place does it.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [A, A]
    return A, cache


# %% wrong feed_forward caches_activations_only
# says: Your cache has the activations alone; it needs every Z as well.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache.append(A)
    return A, cache


# %% wrong feed_forward caches_the_input_too
# says: Your cache begins with X; it begins with Z1.
# hint: 3
# teach: A reasonable design (backpropagation needs X), but not what is asked.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, [X]
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward feeds_z_to_the_next_layer
# says: The next layer gets Z instead of A, so the activations have no effect.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    Z, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ Z + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward relu_on_the_input
# says: ReLU is applied to X before the first layer; negative features are lost.
# hint: 1
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = np.maximum(X, 0), []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward transposed_weights
# says: Your products use the weights the other way round; in the column convention it
#   is W @ A.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k].T @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward four_layers_only
# says: Your function works for exactly four layers; it has to take any number.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    W1, b1, W2, b2, W3, b3, W4, b4 = params
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    A2 = np.maximum(Z2, 0)
    Z3 = W3 @ A2 + b3
    A3 = np.maximum(Z3, 0)
    Z4 = W4 @ A3 + b4
    A4 = OUTPUT_ACTIVATIONS[output_activation](Z4)
    return A4, [Z1, A1, Z2, A2, Z3, A3, Z4, A4]


# %% wrong feed_forward two_layers_only
# says: Your function works for exactly two layers; it has to take any number.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    Z1 = params[0] @ X + params[1]
    A1 = np.maximum(Z1, 0)
    Z2 = params[-2] @ A1 + params[-1]
    A2 = OUTPUT_ACTIVATIONS[output_activation](Z2)
    return A2, [Z1, A1, Z2, A2]


# %% wrong feed_forward changes_its_input
# says: X or the parameters are overwritten: an operator such as += works in place.
# hint: 3
# teach: The next call then starts from other inputs.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    X *= 0.5
    return A, cache


# %% wrong feed_forward empties_params
# says: Your function takes the arrays out of the caller's list; the network is gone
#   after the first call.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    while params:
        Z = params.pop(0) @ A + params.pop(0)
        A = OUTPUT_ACTIVATIONS["relu" if params else output_activation](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward accepts_any_name
# says: An unknown output activation is taken for one of the four; it should raise a
#   ValueError.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    finish = OUTPUT_ACTIVATIONS.get(output_activation, OUTPUT_ACTIVATIONS["linear"])
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = finish(Z) if k == len(params) - 2 else np.maximum(Z, 0)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward raises_a_key_error
# says: An unknown output activation ends in a KeyError; a ValueError is asked for.
# hint: 2
def feed_forward(X, params, output_activation="relu"):
    finish = OUTPUT_ACTIVATIONS[output_activation]
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = finish(Z) if k == len(params) - 2 else np.maximum(Z, 0)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward forgets_the_cache
# says: Your function returns the answer alone; it should return the cache too.
# hint: 3
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A = X
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
    return A


# %% wrong feed_forward linear_by_default
# says: Without a third argument the output should be relu; yours is linear.
# hint: 2
def feed_forward(X, params, output_activation="linear"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = params[k] @ A + params[k + 1]
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward clips_large_values
# says: Large sums are cut off; there is nothing to protect ReLU from.
# hint: 3
# teach: Clipping belongs to exponentials. Ask what happens to a feature in milliseconds.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X, []
    for k in range(0, len(params), 2):
        Z = np.clip(params[k] @ A + params[k + 1], -500, 500)
        A = OUTPUT_ACTIVATIONS[output_activation if k == len(params) - 2 else "relu"](Z)
        cache += [Z, A]
    return A, cache


# %% wrong feed_forward needs_a_hidden_layer
# says: A network of one layer gets two: your first layer is always a hidden one.
# hint: 2
# teach: The smallest case is the one that loops get wrong.
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    Z = params[0] @ X + params[1]
    A = np.maximum(Z, 0)
    cache = [Z, A]
    for k in range(2, len(params) - 2, 2):
        Z = params[k] @ A + params[k + 1]
        A = np.maximum(Z, 0)
        cache += [Z, A]
    Z = params[-2] @ A + params[-1]
    A = OUTPUT_ACTIVATIONS[output_activation](Z)
    return A, [*cache, Z, A]


# %% wrong feed_forward remembers_by_shape
# says: What comes out is kept by the shapes of X and of the weights: other numbers in
#   these shapes get the outputs of the first.
# hint: 1
def feed_forward(X, params, output_activation="relu", _known={}):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(f"unknown output activation {output_activation!r}")
    key = (X.shape, *(part.shape for part in params), output_activation)
    A, cache = X, []
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        Z = W @ A + b
        A = relu(Z)
        cache += [Z, A]
    Z = params[-2] @ A + params[-1]
    y_out = OUTPUT_ACTIVATIONS[output_activation](Z)
    return _known.setdefault(key, (y_out, [*cache, Z, y_out]))


# %% right feed_forward one_example_at_a_time
def feed_forward(X, params, output_activation="relu"):
    finish = {
        "relu": lambda t: max(t, 0.0),
        "linear": lambda t: t,
        "sigmoid": lambda t: 1 / (1 + np.exp(-t)),
        "softplus": lambda t: np.log1p(np.exp(t)),
    }
    if output_activation not in finish:
        raise ValueError("relu, linear, sigmoid or softplus")
    A, cache = X, []
    for k in range(0, len(params), 2):
        W, b = params[k], params[k + 1]
        Z = np.zeros((W.shape[0], X.shape[1]))
        for i in range(Z.shape[0]):
            for j in range(Z.shape[1]):
                Z[i, j] = sum(W[i, q] * A[q, j] for q in range(W.shape[1])) + b[i, 0]
        f = finish[output_activation] if k == len(params) - 2 else finish["relu"]
        A = np.array([[f(t) for t in row] for row in Z])
        cache.append(Z)
        cache.append(A)
    return A, cache


# %% right feed_forward tuple_cache_and_einsum
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in ("relu", "linear", "sigmoid", "softplus"):
        raise ValueError(f"{output_activation} is not known")
    A, cache = X, ()
    n_layers = len(params) // 2
    for k in range(n_layers):
        Z = np.einsum("ij,jm->im", params[2 * k], A) + params[2 * k + 1]
        if k < n_layers - 1 or output_activation == "relu":
            A = Z.clip(min=0)
        elif output_activation == "sigmoid":
            A = 0.5 * (1 + np.tanh(Z / 2))
        elif output_activation == "softplus":
            A = np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))
        else:
            A = Z.copy()
        cache = cache + (Z, A)
    return A.copy(), cache


# %% right feed_forward through_rows
def feed_forward(X, params, output_activation="relu"):
    if output_activation not in OUTPUT_ACTIVATIONS:
        raise ValueError(output_activation)
    A, cache = X.T, []
    for W, b in zip(params[0::2], params[1::2]):
        Z = A @ W.T + b.ravel()
        A = np.where(Z > 0, Z, 0)
        cache.extend([Z.T, A.T])
    cache[-1] = OUTPUT_ACTIVATIONS[output_activation](cache[-2])
    return cache[-1], cache


# %% wrong to_rows reshapes
# says: Your weights have the right shape and the wrong values: they are reshaped, not
#   transposed.
# hint: 1
# teach: Let them write [[1, 2], [3, 4], [5, 6]] both ways.
def to_rows(params):
    return [
        part.reshape(part.shape[::-1]) if i % 2 == 0 else part.ravel()
        for i, part in enumerate(params)
    ]


# %% wrong to_rows biases_stay_columns
# says: Your biases still have the shape (H, 1); in the row convention they are (H,).
# hint: 2
def to_rows(params):
    return [part.T if i % 2 == 0 else part for i, part in enumerate(params)]


# %% wrong to_rows biases_become_rows
# says: Your biases have the shape (1, H); (H,) is asked for.
# hint: 2
# teach: (1, H) would compute the same; the lesson's convention is (H,).
def to_rows(params):
    return [part.T for part in params]


# %% wrong to_rows first_layer_only
# says: Only the first layer is converted.
# hint: 3
def to_rows(params):
    return [params[0].T, params[1].ravel(), *params[2:]]


# %% wrong to_rows square_layers_left_out
# says: Square weights are not transposed; their shape does not change, their meaning
#   does.
# hint: 1
# teach: A check of shapes cannot see it; only a computation can.
def to_rows(params):
    return [
        part.ravel() if i % 2 else (part if part.shape[0] == part.shape[1] else part.T)
        for i, part in enumerate(params)
    ]


# %% wrong to_rows biases_only
# says: Only the biases are converted; the weights have to be transposed.
# hint: 2
def to_rows(params):
    return [part if i % 2 == 0 else part.ravel() for i, part in enumerate(params)]


# %% wrong to_rows everything_flat
# says: The weights are flat too; only the biases should be.
# hint: 2
def to_rows(params):
    return [part.T.ravel() for part in params]


# %% wrong to_rows four_layers_only
# says: Your function works for exactly four layers; it has to take any number.
# hint: 3
def to_rows(params):
    W1, b1, W2, b2, W3, b3, W4, b4 = params
    return [W1.T, b1.ravel(), W2.T, b2.ravel(), W3.T, b3.ravel(), W4.T, b4.ravel()]


# %% wrong to_rows changes_the_list
# says: The caller's list is changed; make a new one.
# hint: 3
def to_rows(params):
    for i in range(len(params)):
        params[i] = params[i].T if i % 2 == 0 else params[i].ravel()
    return params


# %% wrong to_rows squeezes
# says: A layer with one neuron or one input loses an axis; squeeze removes every axis
#   of length 1.
# hint: 2
def to_rows(params):
    return [np.squeeze(part.T) for part in params]


# %% wrong to_rows remembers_by_shape
# says: The arrays are kept by the shapes of params: other parameters of these shapes
#   get the arrays of the first.
# hint: 1
def to_rows(params, _known={}):
    key = tuple(part.shape for part in params)
    rows = [
        part.T.copy() if i % 2 == 0 else part.ravel() for i, part in enumerate(params)
    ]
    return _known.setdefault(key, rows)


# %% right to_rows numpy_functions
def to_rows(params):
    made = []
    for W, b in zip(params[0::2], params[1::2]):
        made.append(np.moveaxis(W, 0, 1))
        made.append(b[:, 0])
    return made


# %% right to_rows copies
def to_rows(params):
    made = []
    for i in range(0, len(params), 2):
        made += [np.array(params[i]).transpose().copy(), params[i + 1].flatten()]
    return tuple(made)


# %% right to_rows loops
def to_rows(params):
    made = []
    for i, part in enumerate(params):
        n_out, n_in = part.shape
        if i % 2:
            made.append(np.array([part[j, 0] for j in range(n_out)]))
        else:
            made.append(
                np.array([[part[j, q] for j in range(n_out)] for q in range(n_in)])
            )
    return made


# %% guess predict_dead_share hardly_any
# says: For one example the answer is 0 with the chance one half, and the 300 examples
#   are not independent: their signs go together.
# teach: Ask for the chance of one example first, then why 300 are not independent.
predict_dead_share = "a"


# %% guess predict_dead_share a_third
# says: Too many: all 300 answers have to be 0, and one above 0 keeps the network alive.
# teach: Narrow networks, such as [4, 6, 3, 1], do come to a third.
predict_dead_share = "c"


# %% guess predict_dead_share half
# says: One half is the chance for a single example; for all 300 it is smaller.
predict_dead_share = "d"


# %% wrong predict_dead_share answers_in_words
# says: Write one of the four letters.
# hint: 1
predict_dead_share = "12 %"


# %% right predict_dead_share capital_letter
predict_dead_share = "B"


# %% right predict_dead_share with_blanks
predict_dead_share = " b "


# %% wrong dead_fraction any_dead
# says: You count networks with a single answer of 0; a dead one answers 0 to all.
# hint: 1
# teach: Nearly every network answers 0 to some example. Ask what that costs.
# - dead += np.all(y_out == 0)
# + dead += np.any(y_out == 0)


# %% wrong dead_fraction share_of_answers
# says: You count answers that are 0 instead of networks.
# hint: 1
# - dead += np.all(y_out == 0)
# + dead += np.mean(y_out == 0)


# %% wrong dead_fraction one_network
# says: You draw one network and ask it n_inits times; each has to be drawn anew.
# hint: 3
def dead_fraction(sizes, n_inits, out, rng):
    params = initialize_parameters(sizes, rng)
    dead = 0
    for _ in range(n_inits):
        y_out, _ = feed_forward(rng.random((sizes[0], 300)), params, out)
        dead += np.all(y_out == 0)
    return dead / n_inits


# %% wrong dead_fraction last_hidden_layer
# says: You look at the last hidden layer; a network is dead if its answers are all 0.
# hint: 1
# - y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
# - dead += np.all(y_out == 0)
# + _, cache = feed_forward(X, initialize_parameters(sizes, rng), out)
# + dead += np.all(cache[-3] == 0)


# %% wrong dead_fraction looks_at_z
# says: Your share is that of relu, whatever `out` is. It has to be passed on, and the
#   answers count, not Z.
# hint: 3
# - y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
# - dead += np.all(y_out == 0)
# + _, cache = feed_forward(X, initialize_parameters(sizes, rng), out)
# + dead += np.all(cache[-2] <= 0)


# %% wrong dead_fraction ignores_the_output
# says: Your share is that of relu, whatever `out` is. It has to be passed on, and the
#   answers count, not Z.
# hint: 3
# - y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
# + y_out, _ = feed_forward(X, initialize_parameters(sizes, rng))


# %% wrong dead_fraction seeds_inside
# says: Your result does not depend on rng: a seed is set inside the function.
# hint: 2
# = def dead_fraction(sizes, n_inits, out, rng):
# +     rng = np.random.default_rng(42)


# %% wrong dead_fraction same_network_again
# says: Every network is drawn from the same seed, so all are alike.
# hint: 2
# - y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
# + params = initialize_parameters(sizes, np.random.default_rng(1))
# + y_out, _ = feed_forward(X, params, out)


# %% wrong dead_fraction counts
# says: You return how many networks are dead; their share is asked for.
# hint: 3
# - return dead / n_inits
# + return dead


# %% wrong dead_fraction alive
# says: You return the share of networks that are alive.
# hint: 1
def dead_fraction(sizes, n_inits, out, rng):
    alive = 0
    for _ in range(n_inits):
        X = rng.random((sizes[0], 300))
        y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
        alive += np.any(y_out != 0)
    return alive / n_inits


# %% wrong dead_fraction three_examples
# says: With fewer examples more networks look dead; 300 are asked for.
# hint: 2
# - X = rng.random((sizes[0], 300))
# + X = rng.random((sizes[0], 3))


# %% wrong dead_fraction centred_examples
# says: Your examples are centred around 0; uniform ones in [0, 1) are asked for.
# hint: 2
# teach: Centred inputs resemble each other less, so fewer networks are dead: a reason
#   to standardise.
# - X = rng.random((sizes[0], 300))
# + X = rng.standard_normal((sizes[0], 300))


# %% wrong dead_fraction uses_the_notebooks_songs
# says: Your function reads the notebook's songs; draw 300 examples from rng.
# hint: 2
# - X = rng.random((sizes[0], 300))
# - y_out, _ = feed_forward(X, initialize_parameters(sizes, rng), out)
# + y_out, _ = feed_forward(X_train, initialize_parameters(sizes, rng), out)


# %% wrong dead_fraction first_output_only
# says: Only the first output is looked at; a network with two is dead if both are 0.
# hint: 1
# - dead += np.all(y_out == 0)
# + dead += np.all(y_out[0] == 0)


# %% wrong dead_fraction draws_one_too_few
# says: You draw one network fewer than n_inits.
# hint: 3
# - for _ in range(n_inits):
# + for _ in range(1, n_inits):


# %% right dead_fraction given_rows
def dead_fraction(sizes, n_inits, out, rng):
    X = rng.random((300, sizes[0]))
    found = [
        not np.any(feed_forward_rows(X, he_rows(sizes, rng), out))
        for _ in range(n_inits)
    ]
    return float(np.mean(found))


# %% right dead_fraction sums_answers
def dead_fraction(sizes, n_inits, out, rng):
    count = 0
    for _ in range(n_inits):
        params = initialize_parameters(sizes, rng)
        X = rng.uniform(size=(sizes[0], 300))
        if np.abs(feed_forward(X, params, out)[0]).sum() == 0:
            count += 1
    return count / n_inits


# %% right dead_fraction all_networks_of_a_generator_first
def dead_fraction(sizes, n_inits, out, rng):
    networks = [initialize_parameters(sizes, rng) for _ in range(n_inits)]
    X = rng.random((sizes[0], 300))
    return (
        sum(bool((feed_forward(X, p, out)[0] == 0).all()) for p in networks) / n_inits
    )


# %% wrong baseline_mse mean_of_the_test_data
# says: Your baseline answers the mean of the test data, which nobody knows beforehand.
# hint: 1
# teach: A leak that makes the baseline look better, and the model worse.
def baseline_mse(ytr, yte):
    return np.mean((yte - yte.mean()) ** 2)


# %% wrong baseline_mse error_on_the_training_data
# says: The error is taken on the training data; it should be that on the test data.
# hint: 1
def baseline_mse(ytr, yte):
    return np.mean((ytr - ytr.mean()) ** 2)


# %% wrong baseline_mse median
# says: Your baseline answers the median; the mean is asked for.
# hint: 2
# teach: The median is best for absolute errors, the mean for squared ones.
def baseline_mse(ytr, yte):
    return np.mean((yte - np.median(ytr)) ** 2)


# %% wrong baseline_mse root
# says: You return the root of the MSE.
# hint: 3
def baseline_mse(ytr, yte):
    return np.sqrt(np.mean((yte - ytr.mean()) ** 2))


# %% wrong baseline_mse sum_of_squares
# says: The squares are added up but not averaged.
# hint: 3
def baseline_mse(ytr, yte):
    return np.sum((yte - ytr.mean()) ** 2)


# %% wrong baseline_mse absolute_errors
# says: You average absolute errors; square them.
# hint: 3
def baseline_mse(ytr, yte):
    return np.mean(np.abs(yte - ytr.mean()))


# %% wrong baseline_mse mean_along_the_wrong_axis
# says: Your mean is taken along the wrong axis: each training song is its own mean.
# hint: 2
def baseline_mse(ytr, yte):
    return np.mean((yte.T - ytr.mean(axis=0)) ** 2)


# %% wrong baseline_mse centres_its_input
# says: The caller's test data is overwritten: -= works in place.
# hint: 3
def baseline_mse(ytr, yte):
    yte -= ytr.mean()
    return np.mean(yte**2)


# %% wrong baseline_mse mean_of_both
# says: The test data is part of your mean; only the training data is known.
# hint: 1
def baseline_mse(ytr, yte):
    return np.mean((yte - np.hstack([ytr, yte]).mean()) ** 2)


# %% wrong baseline_mse remembers_by_shape
# says: The error is kept by the numbers of examples: other targets get the error of the
#   first.
# hint: 1
def baseline_mse(ytr, yte, _known={}):
    key = (ytr.shape, yte.shape)
    return _known.setdefault(key, np.mean((yte - ytr.mean()) ** 2))


# %% right baseline_mse dummy_regressor
def baseline_mse(ytr, yte):
    from sklearn.dummy import DummyRegressor

    model = DummyRegressor().fit(np.zeros((ytr.size, 1)), ytr.ravel())
    answer = model.predict(np.zeros((yte.size, 1)))
    return float(np.mean((yte.ravel() - answer) ** 2))


# %% right baseline_mse loop
def baseline_mse(ytr, yte):
    mean = sum(ytr[0]) / len(ytr[0])
    return sum((value - mean) ** 2 for value in yte[0]) / len(yte[0])


# %% wrong to_popularity returns_a_column
# says: You return the shape (m, 1); (1, m) is asked for.
# hint: 3
def to_popularity(y_scaled, sy):
    return sy.inverse_transform(y_scaled.T)


# %% wrong to_popularity returns_a_flat_array
# says: You return the shape (m,); (1, m) is asked for.
# hint: 3
def to_popularity(y_scaled, sy):
    return sy.inverse_transform(y_scaled.T).ravel()


# %% wrong to_popularity scales_again
# says: You scale once more instead of undoing the scaling.
# hint: 2
def to_popularity(y_scaled, sy):
    return sy.transform(y_scaled.T).T


# %% wrong to_popularity times_one_hundred
# says: You multiply by 100; the scaler knows the true range.
# hint: 2
# teach: Right by chance where the training data runs from 0 to 100.
def to_popularity(y_scaled, sy):
    return 100 * y_scaled


# %% wrong to_popularity min_max_only
# says: Your formula holds for a min-max scaler only; let the scaler do it.
# hint: 2
def to_popularity(y_scaled, sy):
    return y_scaled * (sy.data_max_ - sy.data_min_) + sy.data_min_


# %% wrong to_popularity cuts_off
# says: Values below 0 or above 100 are cut off; undo the scaling, no more.
# hint: 3
def to_popularity(y_scaled, sy):
    return np.clip(sy.inverse_transform(y_scaled.T).T, 0, 100)


# %% wrong to_popularity rounds
# says: Your values are rounded; return them as they are.
# hint: 3
def to_popularity(y_scaled, sy):
    return np.round(sy.inverse_transform(y_scaled.T).T)


# %% wrong to_popularity uses_the_scaler_of_the_features
# says: You use the notebook's scaler of the features; the target's scaler is passed in.
# hint: 3
def to_popularity(y_scaled, sy):
    return x_scaler.inverse_transform(y_scaled.T).T


# %% wrong to_popularity forgets_the_shift
# says: You multiply by the range but do not add where it begins.
# hint: 2
def to_popularity(y_scaled, sy):
    zero, one = sy.inverse_transform(np.array([[0.0], [1.0]])).ravel()
    return y_scaled * (one - zero)


# %% wrong to_popularity remembers_by_shape
# says: The result is kept by the shape of y_scaled and the kind of scaler: other
#   predictions get the values of the first.
# hint: 1
def to_popularity(y_scaled, sy, _known={}):
    key = (y_scaled.shape, type(sy).__name__)
    return _known.setdefault(key, sy.inverse_transform(y_scaled.T).T)


# %% right to_popularity reshape
def to_popularity(y_scaled, sy):
    return sy.inverse_transform(y_scaled.reshape(-1, 1)).reshape(1, -1)


# %% right to_popularity through_two_points
def to_popularity(y_scaled, sy):
    zero, one = sy.inverse_transform(np.array([[0.0], [1.0]])).ravel()
    return zero + y_scaled * (one - zero)


# %% right to_popularity without_transposing
def to_popularity(y_scaled, sy):
    # One column or one row: scikit-learn's arithmetic is the same for both.
    return sy.inverse_transform(y_scaled)
