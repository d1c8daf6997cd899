# %% [markdown]
# Right and wrong answers to the exercises of `11_capstone`.


# %% wrong audit only_exact_copies
# says: You find columns that equal the target. A copy in other units, or with small
#   errors, gives it away as well.
# hint: 1
# teach: Ask whether a price in cents is another fact than the price in euros.
def audit(df, features, target):
    return [name for name in features if (df[name] == df[target]).all()]


# %% wrong audit correlation_only
# says: You look at correlations alone. A code, such as the number of a machine, can
#   decide the target without any.
# hint: 3
# teach: Plot target against code - the points form columns without any slope.
def audit(df, features, target):
    return [name for name in features if abs(df[name].corr(df[target])) >= 0.99]


# %% wrong audit codes_only
# says: You look for codes alone; a near copy, where all values differ, is not found.
# hint: 1
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        if repeats and (df.groupby(name)[target].nunique() == 1).all():
            found.append(name)
    return found


# %% wrong audit blames_strong_columns
# says: You suspect columns with a correlation of 0.85: strong, and often honest.
# hint: 1
# teach: Ask what loudness and energy have to do with each other in a real song.
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.8 or code:
            found.append(name)
    return found


# %% wrong audit blames_from_nine_tenths
# says: You suspect columns with a correlation of 0.95; the line is at 0.99.
# hint: 1
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.9 or code:
            found.append(name)
    return found


# %% wrong audit forgets_the_sign
# says: You miss copies that are turned around: a correlation of -0.99 is as strong as
#   one of 0.99.
# hint: 1
# teach: Ask what a column "days not played" would have for a correlation.
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if df[name].corr(df[target]) >= 0.99 or code:
            found.append(name)
    return found


# %% wrong audit blames_columns_without_repeats
# says: You suspect every column whose values are all different. A value that is there
#   once cannot go with two targets; that is no sign.
# hint: 3
# teach: Ask how many rows each group of the groupby has.
def audit(df, features, target):
    found = []
    for name in features:
        code = (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return found


# %% wrong audit asks_the_other_way_round
# says: You ask whether the target decides the column. A column with many values for one
#   target is missed, though its value decides the target.
# hint: 3
# teach: Which of the two is known when a new song comes in?
def audit(df, features, target):
    found = []
    for name in features:
        code = (df.groupby(target)[name].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return found


# %% wrong audit most_values_decide
# says: You suspect a column when most of its values decide the target; all have to.
# hint: 3
def audit(df, features, target):
    found = []
    for name in features:
        best = df.groupby(name)[target].agg(lambda part: part.value_counts().iloc[0])
        code = df[name].nunique() <= len(df) / 2 and best.sum() >= 0.75 * len(df)
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return found


# %% wrong audit all_columns
# says: You look at all columns of the table; only those in `features` were asked about.
# hint: 1
def audit(df, features, target):
    found = []
    for name in df.columns.drop(target):
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return found


# %% wrong audit stops_at_the_first
# says: You return after the first suspicious column; there may be more.
# hint: 1
# teach: A return inside a loop ends the loop too.
def audit(df, features, target):
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            return [name]
    return []


# %% wrong audit the_honest_ones
# says: You return the columns that may stay; asked are the suspicious ones.
# hint: 1
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) < 0.99 and not code:
            found.append(name)
    return found


# %% wrong audit scores_instead_of_names
# says: You return a number for each column instead of a list of names.
# hint: 1
def audit(df, features, target):
    return {name: abs(df[name].corr(df[target])) for name in features}


# %% wrong audit the_notebooks_table
# says: You read a table of the notebook instead of the one that is handed over.
# hint: 1
# teach: Run the function on a table of your own.
def audit(df, features, target):
    return [
        name for name in CANDIDATES if abs(offered[name].corr(offered["hit"])) >= 0.99
    ]


# %% wrong audit changes_its_table
# says: You find the right columns, but remove them from the table that the caller
#   handed over.
# hint: 1
# teach: Ask who else uses this table.
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    df.drop(columns=found, inplace=True)
    return found


# %% wrong audit any_repeat_will_do
# says: One value that is there twice is enough for your code; that may be chance. The
#   column may have at most half as many different values as there are rows.
# hint: 3
# teach: How surprising is it that two of forty songs agree in the target?
def audit(df, features, target):
    suspicious = []
    for name in features:
        targets = df.groupby(name)[target].nunique()
        is_code = len(targets) < len(df) and (targets == 1).all()
        if is_code or abs(df[name].corr(df[target])) >= 0.99:
            suspicious.append(name)
    return suspicious


# %% wrong audit ten_values_at_most
# says: A code may have more than ten values; compare with the number of rows.
# hint: 3
def audit(df, features, target):
    suspicious = []
    for name in features:
        targets = df.groupby(name)[target].nunique()
        is_code = len(targets) <= 10 and (targets == 1).all()
        if is_code or abs(df[name].corr(df[target])) >= 0.99:
            suspicious.append(name)
    return suspicious


# %% wrong audit rank_correlation
# says: That is the correlation of ranks; the correlation of the values is asked.
# hint: 2
def audit(df, features, target):
    suspicious = []
    for name in features:
        targets = df.groupby(name)[target].nunique()
        is_code = len(targets) <= len(df) / 2 and (targets == 1).all()
        if is_code or abs(df[name].corr(df[target], method="spearman")) >= 0.99:
            suspicious.append(name)
    return suspicious


# %% wrong audit remembers_by_shape
# says: What you found is kept by the size of the table: another table of the same size
#   gets the first one's list.
# hint: 1
def audit(df, features, target, _known={}):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return list(_known.setdefault((df.shape, tuple(features)), found))


# %% wrong audit never_all_of_them
# says: When every column is suspicious you return none; all of them are leaks then.
# hint: 1
def audit(df, features, target):
    found = []
    for name in features:
        repeats = df[name].nunique() <= len(df) / 2
        code = repeats and (df.groupby(name)[target].nunique() == 1).all()
        if abs(df[name].corr(df[target])) >= 0.99 or code:
            found.append(name)
    return found if len(found) < len(features) else []


# %% right audit score_of_one_column
def audit(df, features, target):
    found = []
    y = df[target].to_numpy(float)
    for name in features:
        x = df[name].to_numpy(float)
        line = np.polyval(np.polyfit(x, y, 1), x)
        r2 = 1 - np.sum((y - line) ** 2) / np.sum((y - y.mean()) ** 2)
        values, first, counts = np.unique(x, return_index=True, return_counts=True)
        code = counts.mean() >= 2 and all(len(set(y[x == v])) == 1 for v in values)
        if r2 > 0.97 or code:
            found.append(name)
    return found


# %% right audit spread_within_groups
def audit(df, features, target):
    strong = df[features].corrwith(df[target]).abs() > 0.98
    codes = [
        name
        for name in features
        if df[name].duplicated().mean() >= 0.5
        and (df.groupby(name)[target].transform("max") == df[target]).all()
        and (df.groupby(name)[target].transform("min") == df[target]).all()
    ]
    return sorted({*strong.index[strong], *codes})


# %% right audit numpy_correlation
def audit(df, features, target):
    def decides(name):
        pairs = df[[name, target]].drop_duplicates()
        return not pairs[name].duplicated().any() and 2 * len(pairs) <= len(df)

    return [
        name
        for name in features
        if decides(name) or abs(np.corrcoef(df[name], df[target])[0, 1]) > 0.985
    ]


# %% wrong grouped_split deals_out_rows
# says: Some groups are on both sides: you shuffle rows instead of groups.
# hint: 1
# teach: Ask which song the model may have met.
def grouped_split(df, key, test_size, rng):
    order = rng.permutation(len(df))
    cut = round(test_size * len(df))
    return df.iloc[order[cut:]], df.iloc[order[:cut]]


# %% wrong grouped_split drops_further_rows
# says: You keep one row of each group and lose the others.
# hint: 3
# teach: A split is no clean-up; every row belongs somewhere.
def grouped_split(df, key, test_size, rng):
    single = df.drop_duplicates(key)
    order = rng.permutation(len(single))
    cut = round(test_size * len(single))
    return single.iloc[order[cut:]], single.iloc[order[:cut]]


# %% wrong grouped_split exchanged
# says: The two tables are exchanged: training first, test second.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[chosen], df[~chosen]


# %% wrong grouped_split always_a_fifth
# says: Your test share is 0.2, whatever `test_size` says.
# hint: 1
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: len(shuffled) // 5])
    return df[~chosen], df[chosen]


# %% wrong grouped_split half_as_many
# says: Your test table is much too small: groups are counted as a share of rows twice.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled) / 2)])
    return df[~chosen], df[chosen]


# %% wrong grouped_split not_shuffled
# says: The groups are not shuffled: the test table holds those that come first.
# hint: 1
# teach: Sorted files are common. Ask what a test set of old songs alone would measure.
def grouped_split(df, key, test_size, rng):
    groups = df[key].unique()
    chosen = df[key].isin(groups[: round(test_size * len(groups))])
    return df[~chosen], df[chosen]


# %% wrong grouped_split own_seed
# says: You draw from a generator of your own with a fixed seed; `rng` has no effect.
# hint: 2
def grouped_split(df, key, test_size, rng):
    own = np.random.default_rng(0)
    shuffled = own.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~chosen], df[chosen]


# %% wrong grouped_split global_generator
# says: Two generators in the same state give two splits: you draw from somewhere else.
# hint: 2
# teach: np.random.permutation draws from a generator that the whole program shares.
_shared = np.random.default_rng(99)


def grouped_split(df, key, test_size, rng):
    shuffled = _shared.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~chosen], df[chosen]


# %% wrong grouped_split returns_keys
# says: You return the groups of each side; asked are the two tables.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    cut = round(test_size * len(shuffled))
    return shuffled[cut:], shuffled[:cut]


# %% wrong grouped_split loses_the_key
# says: The column of the key is missing in the tables that you return.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~chosen].drop(columns=key), df[chosen].drop(columns=key)


# %% wrong grouped_split drops_rows_with_gaps
# says: You lose rows in which a value is missing; a split keeps all rows.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    chosen = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~chosen].dropna(), df[chosen].dropna()


# %% wrong grouped_split largest_groups_first
# says: The generator has no effect: the test table holds the largest groups.
# hint: 1
def grouped_split(df, key, test_size, rng):
    rows = df[key].value_counts(sort=True)
    rows = rows.sort_index().sort_values(ascending=False, kind="stable").cumsum()
    chosen = df[key].isin(rows.index[rows <= test_size * len(df)])
    return df[~chosen], df[chosen]


# %% wrong grouped_split the_notebooks_key
# says: You group by the column `song` of the notebook instead of by `key`.
# hint: 2
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df["song"].unique())
    chosen = df["song"].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~chosen], df[chosen]


# %% wrong grouped_split marks_the_table
# says: You add a column to the table that the caller handed over.
# hint: 3
def grouped_split(df, key, test_size, rng):
    shuffled = rng.permutation(df[key].unique())
    df["chosen"] = df[key].isin(shuffled[: round(test_size * len(shuffled))])
    return df[~df["chosen"]], df[df["chosen"]]


# %% wrong grouped_split a_toss_for_each_group
# says: Each group is tossed for by itself, so the share is only met on average.
# hint: 3
def grouped_split(df, key, test_size, rng):
    groups = df[key].unique()
    is_test = df[key].isin(groups[rng.random(len(groups)) < test_size])
    return df[~is_test], df[is_test]


# %% right grouped_split share_of_groups
def grouped_split(df, key, test_size, rng):
    groups = sorted(set(df[key]))
    chosen = set(rng.choice(groups, round(test_size * len(groups)), replace=False))
    in_test = np.array([group in chosen for group in df[key]])
    return df[~in_test].copy(), df[in_test].copy()


# %% right grouped_split scikit_learn
def grouped_split(df, key, test_size, rng):
    from sklearn.model_selection import GroupShuffleSplit

    split = GroupShuffleSplit(1, test_size=test_size, random_state=rng.integers(2**31))
    train_rows, test_rows = next(split.split(df, groups=df[key]))
    return df.iloc[train_rows], df.iloc[test_rows]


# %% right grouped_split group_by_group
def grouped_split(df, key, test_size, rng):
    tables = [table for _, table in df.groupby(key)]
    test, rows = [], 0
    for position in rng.permutation(len(tables)):
        if rows >= test_size * len(df):
            break
        test.append(tables[position])
        rows += len(tables[position])
    test_df = pd.concat(test)
    return df.drop(test_df.index), test_df


# %% wrong repeat same_seed_each_time
# says: train_fn gets the same seed in every run, so the runs are one run.
# hint: 1
# teach: Ask what the standard deviation of equal numbers is.
def repeat(train_fn, seeds):
    return pd.DataFrame({"seed": seeds, "metric": [train_fn(seeds[0]) for _ in seeds]})


# %% wrong repeat counts_instead_of_seeds
# says: You train with 0, 1, 2, ... instead of with the seeds that were given.
# hint: 1
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(i)) for i, seed in enumerate(seeds)]
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat drops_failed_runs
# says: A run that ends in nan is gone. It is a result, and hiding it makes training
#   look safer than it is.
# hint: 1
# teach: Two of ten networks diverge - what should the reader of the card know?
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"]).dropna()


# %% wrong repeat tries_again_after_a_failure
# says: After a run that ends in nan you train again with another seed.
# hint: 1
def repeat(train_fn, seeds):
    rows = []
    for seed in seeds:
        metric = train_fn(seed)
        while np.isnan(metric):
            metric = train_fn(1000)
        rows.append((seed, metric))
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat sorted_by_result
# says: The rows are sorted by result; they should stand in the order of the seeds.
# hint: 3
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"]).sort_values("metric")


# %% wrong repeat sorted_by_seed
# says: You train in the order of sorted seeds; keep the order in which they were given.
# hint: 3
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in sorted(seeds)]
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat keeps_the_best
# says: You return the best run only; all of them were asked for.
# hint: 1
# teach: The best of ten is a fact about luck.
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    return pd.DataFrame([max(rows, key=lambda r: r[1])], columns=["seed", "metric"])


# %% wrong repeat other_column_names
# says: The columns are not called `seed` and `metric`.
# hint: 2
def repeat(train_fn, seeds):
    return pd.DataFrame([(seed, train_fn(seed)) for seed in seeds])


# %% wrong repeat seeds_as_index
# says: The seeds are labels of the rows; make them a column.
# hint: 2
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"]).set_index("seed")


# %% wrong repeat returns_a_list
# says: You return a list of pairs; make a DataFrame of it.
# hint: 2
def repeat(train_fn, seeds):
    return [(seed, train_fn(seed)) for seed in seeds]


# %% wrong repeat trains_twice
# says: You train twice with each seed; once is enough, and costs half.
# hint: 1
def repeat(train_fn, seeds):
    rows = [(seed, (train_fn(seed) + train_fn(seed)) / 2) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat drops_equal_results
# says: Runs with a result that was there before are missing; each seed has its row.
# hint: 3
def repeat(train_fn, seeds):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"]).drop_duplicates("metric")


# %% wrong repeat changes_its_seeds
# says: You empty the list of seeds that the caller handed over.
# hint: 3
def repeat(train_fn, seeds):
    rows = []
    while seeds:
        seed = seeds.pop(0)
        rows.append((seed, train_fn(seed)))
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat rounds_the_results
# says: The results are rounded in the table; keep every digit, and round when printing.
# hint: 3
def repeat(train_fn, seeds):
    rows = [(seed, round(train_fn(seed), 3)) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "metric"])


# %% wrong repeat remembers_the_seeds
# says: The results of an earlier call are kept and handed out again; each call trains
#   anew.
# hint: 1
def repeat(train_fn, seeds, _known={}):
    rows = [(seed, train_fn(seed)) for seed in seeds]
    runs = pd.DataFrame(rows, columns=["seed", "metric"])
    return _known.setdefault(tuple(seeds), runs)


# %% wrong repeat remembers_by_number
# says: The results of an earlier call are kept and handed out again; each call trains
#   anew.
# hint: 1
def repeat(train_fn, seeds, _known={}):
    metrics = [train_fn(seed) for seed in seeds]
    metrics = _known.setdefault(len(seeds), metrics)
    return pd.DataFrame({"seed": list(seeds), "metric": list(metrics)})


# %% right repeat dictionary_of_columns
def repeat(train_fn, seeds):
    return pd.DataFrame({"seed": seeds, "metric": [train_fn(s) for s in seeds]})


# %% right repeat row_by_row
def repeat(train_fn, seeds):
    runs = pd.DataFrame(
        {"seed": pd.Series(dtype=int), "metric": pd.Series(dtype=float)}
    )
    for seed in seeds:
        runs.loc[len(runs)] = [seed, train_fn(seed)]
    return runs


# %% right repeat mapped
def repeat(train_fn, seeds):
    runs = pd.DataFrame({"seed": list(seeds)})
    runs["metric"] = list(map(train_fn, seeds))
    return runs


# %% wrong summary divides_by_n
# says: Your sd divides by n; with few runs that is too small. Divide by n - 1.
# hint: 2
# teach: NumPy and pandas have different defaults here.
def summary(df):
    values = df["metric"].to_numpy()
    return values.mean(), values.std(), len(values)


# %% wrong summary variance
# says: The root is missing: your second value is the variance.
# hint: 1
def summary(df):
    return df["metric"].mean(), df["metric"].var(), len(df)


# %% wrong summary standard_error
# says: You divide the sd by the root of n: that is how sure the mean is, not how much
#   runs differ.
# hint: 1
# teach: Which of the two shrinks if you train a hundred times?
def summary(df):
    return df["metric"].mean(), df["metric"].std() / np.sqrt(len(df)), len(df)


# %% wrong summary median
# says: Your first value is the median; asked is the mean.
# hint: 3
def summary(df):
    return df["metric"].median(), df["metric"].std(), len(df)


# %% wrong summary largest
# says: Your first value is the best run; asked is the mean.
# hint: 3
# teach: The best of ten is a fact about luck.
def summary(df):
    return df["metric"].max(), df["metric"].std(), len(df)


# %% wrong summary range
# says: You return largest minus smallest value as spread; that grows with n.
# hint: 1
def summary(df):
    return df["metric"].mean(), df["metric"].max() - df["metric"].min(), len(df)


# %% wrong summary mean_of_the_seeds
# says: You average the column of seeds.
# hint: 3
def summary(df):
    return df["seed"].mean(), df["seed"].std(), len(df)


# %% wrong summary counts_cells
# says: Your n counts all cells of the table; asked is the number of runs.
# hint: 3
def summary(df):
    return df["metric"].mean(), df["metric"].std(), df.size


# %% wrong summary without_n
# says: n is missing: without it nobody can judge the sd.
# hint: 3
def summary(df):
    return df["metric"].mean(), df["metric"].std()


# %% wrong summary n_in_the_middle
# says: The order is mean, sd, n.
# hint: 3
def summary(df):
    return df["metric"].mean(), len(df), df["metric"].std()


# %% wrong summary rounds
# says: You round the values; rounding belongs where they are shown.
# hint: 3
def summary(df):
    return round(df["metric"].mean(), 2), round(df["metric"].std(), 2), len(df)


# %% wrong summary changes_its_table
# says: You overwrite the metrics of the table that was handed over.
# hint: 3
def summary(df):
    mean = df["metric"].mean()
    df["metric"] -= mean
    return mean, np.sqrt((df["metric"] ** 2).sum() / (len(df) - 1)), len(df)


# %% wrong summary remembers_by_shape
# says: The three numbers are kept by the size of the table: another table with as many
#   runs gets those of the first.
# hint: 3
def summary(df, _known={}):
    found = df["metric"].mean(), df["metric"].std(), len(df)
    return _known.setdefault(df.shape, found)


# %% wrong summary skips_equal_extremes
# says: When the first and the last run agree you report a spread of 0; the runs in
#   between count too.
# hint: 1
def summary(df):
    values = df["metric"]
    sd = 0.0 if values.iloc[0] == values.iloc[-1] else values.std()
    return values.mean(), sd, len(df)


# %% right summary numpy
def summary(df):
    values = df["metric"].to_numpy()
    return values.mean(), values.std(ddof=1), values.size


# %% right summary standard_library
def summary(df):
    from statistics import mean, stdev

    values = [float(value) for value in df["metric"]]
    return mean(values), stdev(values), len(values)


# %% right summary aggregated
def summary(df):
    return df["metric"].agg(["mean", "std", "count"])


# %% wrong bootstrap_ci without_replacement
# says: All your resamples have the same mean. Either they are all answers in another
#   order, or right and wrong ones are drawn apart, so that their numbers never change.
# hint: 1
# teach: Let the student print one resample of [0, 1, 1].
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = [rng.permutation(correct).mean() for _ in range(n_boot)]
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci whole_tail_on_each_side
# says: Your interval is too narrow: each side loses 1 - conf, together twice as much as
#   it should.
# hint: 3
# teach: Draw the histogram and shade what lies outside.
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    lo, hi = np.quantile(shares, [1 - conf, conf])
    return lo, hi


# %% wrong bootstrap_ci percent_as_share
# says: np.percentile counts from 0 to 100; you gave it shares, so both ends are near
#   the lowest value.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    lo, hi = np.percentile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci lowest_and_highest
# says: You return the lowest and the highest mean; these drift apart as n_boot grows.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    return shares.min(), shares.max()


# %% wrong bootstrap_ci ignores_conf
# says: Your interval is for 95 % whatever `conf` says.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    lo, hi = np.quantile(shares, [0.025, 0.975])
    return lo, hi


# %% wrong bootstrap_ci spread_of_answers
# says: You use the spread of single answers; that of their mean is smaller by the root
#   of N.
# hint: 1
def bootstrap_ci(correct, n_boot, rng, conf):
    values = rng.choice(correct, size=n_boot)
    lo, hi = np.quantile(values, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci half_resamples
# says: Your resamples have N / 2 answers; means of fewer answers spread too much.
# hint: 1
def bootstrap_ci(correct, n_boot, rng, conf):
    half = max(1, len(correct) // 2)
    shares = correct[rng.integers(len(correct), size=(n_boot, half))].mean(1)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci exchanged_sizes
# says: You draw N resamples of n_boot answers; it should be n_boot resamples of N.
# hint: 2
# teach: Ask how the width should change if n_boot is doubled.
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(len(correct), n_boot))].mean(1)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci averages_the_wrong_axis
# says: You average each position over all resamples instead of each resample.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(0)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci class_by_class
# says: All your resamples have the same mean. Either they are all answers in another
#   order, or right and wrong ones are drawn apart, so that their numbers never change.
# hint: 1
def bootstrap_ci(correct, n_boot, rng, conf):
    right, wrong = correct[correct > 0], correct[correct == 0]
    shares = []
    for _ in range(n_boot):
        part = [rng.choice(p, len(p)) for p in (right, wrong) if len(p)]
        shares.append(np.concatenate(part).mean())
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci counts
# says: You return numbers of right answers instead of shares.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    counts = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].sum(1)
    lo, hi = np.quantile(counts, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci high_before_low
# says: The two ends are exchanged; the lower one comes first.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    hi, lo = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci centre_and_half_width
# says: You return the middle and half the width; asked are the two ends.
# hint: 3
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return (lo + hi) / 2, (hi - lo) / 2


# %% wrong bootstrap_ci own_seed
# says: You draw from a generator of your own with a fixed seed; `rng` has no effect.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    own = np.random.default_rng(0)
    shares = correct[own.integers(len(correct), size=(n_boot, len(correct)))].mean(1)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci global_generator
# says: Generators in the same state give different intervals: you draw from elsewhere.
# hint: 2
_common = np.random.default_rng(98)


def bootstrap_ci(correct, n_boot, rng, conf):
    picks = _common.integers(len(correct), size=(n_boot, len(correct)))
    lo, hi = np.quantile(correct[picks].mean(1), [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci thousand_resamples
# says: You draw 1000 resamples whatever `n_boot` says.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = correct[rng.integers(len(correct), size=(1000, len(correct)))].mean(1)
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci shuffles_its_input
# says: Your interval may be right, but you write resamples into the array that was
#   handed over.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    original, shares = correct.copy(), []
    for _ in range(n_boot):
        correct[:] = rng.choice(original, len(original))
        shares.append(correct.mean())
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% wrong bootstrap_ci normal_with_the_resampled_spread
# says: Mean plus and minus a multiple of the spread leaves the range of accuracies; the
#   quantiles of the resampled accuracies themselves are asked.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    from statistics import NormalDist

    places = rng.integers(len(correct), size=(n_boot, len(correct)))
    shares = correct[places].mean(axis=1)
    half = NormalDist().inv_cdf((1 + conf) / 2) * shares.std()
    return shares.mean() - half, shares.mean() + half


# %% wrong bootstrap_ci mirrored_at_the_share
# says: Your interval is mirrored at the share that was seen; return the quantiles of
#   the resampled accuracies as they are.
# hint: 2
def bootstrap_ci(correct, n_boot, rng, conf):
    places = rng.integers(len(correct), size=(n_boot, len(correct)))
    shares = correct[places].mean(axis=1)
    hi, lo = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return 2 * correct.mean() - lo, 2 * correct.mean() - hi


# %% wrong bootstrap_ci remembers_by_shape
# says: What an earlier call found is kept and used again: other answers get the first
#   ones' interval.
# hint: 1
def bootstrap_ci(correct, n_boot, rng, conf, _known={}):
    picks = rng.integers(len(correct), size=(n_boot, len(correct)))
    shares = correct[picks].mean(axis=1)
    ends = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    ends = _known.setdefault((len(correct), n_boot, conf), ends)
    return ends[0], ends[1]


# %% wrong bootstrap_ci remembers_the_resamples
# says: What an earlier call found is kept and used again: other answers get the first
#   ones' interval.
# hint: 1
def bootstrap_ci(correct, n_boot, rng, conf, _known={}):
    picks = rng.integers(len(correct), size=(n_boot, len(correct)))
    shares = _known.setdefault(picks.shape, correct[picks].mean(axis=1))
    lo, hi = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2])
    return lo, hi


# %% right bootstrap_ci loop_over_resamples
def bootstrap_ci(correct, n_boot, rng, conf):
    shares = []
    for _ in range(n_boot):
        shares.append(np.mean(rng.choice(correct, size=len(correct), replace=True)))
    tail = 100 * (1 - conf) / 2
    return tuple(np.percentile(shares, [tail, 100 - tail]))


# %% right bootstrap_ci binomial
def bootstrap_ci(correct, n_boot, rng, conf):
    n = len(correct)
    shares = np.sort(rng.binomial(n, np.mean(correct), size=n_boot) / n)
    first = int((1 - conf) / 2 * n_boot)
    return shares[first], shares[n_boot - 1 - first]


# %% right bootstrap_ci weights
def bootstrap_ci(correct, n_boot, rng, conf):
    n = len(correct)
    times = rng.multinomial(n, np.full(n, 1 / n), size=n_boot)
    shares = times @ np.asarray(correct, float) / n
    return np.quantile(shares, (1 - conf) / 2), np.quantile(shares, (1 + conf) / 2)


# %% wrong random_search one_trial_too_many
# says: You ask the objective once more than the budget allows.
# hint: 1
# teach: Each call is a training that somebody pays for.
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget + 1):
        params = {k: _draw(entry, rng) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


def _draw(entry, rng):
    if isinstance(entry, list):
        return entry[rng.integers(len(entry))]
    kind, lo, hi = entry
    if kind == "log":
        return np.exp(rng.uniform(np.log(lo), np.log(hi)))
    return rng.uniform(lo, hi)


# %% wrong random_search asks_the_best_again
# says: You ask the objective again for the best settings: one call too many.
# hint: 1
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget):
        params = {k: _draw(entry, rng) for k, entry in space.items()}
        history.append((params, objective(params)))
    best = min(history, key=lambda t: t[1])[0]
    return best, objective(best), history


def _draw(entry, rng):
    if isinstance(entry, list):
        return entry[rng.integers(len(entry))]
    kind, lo, hi = entry
    if kind == "log":
        return np.exp(rng.uniform(np.log(lo), np.log(hi)))
    return rng.uniform(lo, hi)


# %% wrong random_search returns_the_worst
# says: You return the trial with the highest score; lower is better here.
# hint: 3
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget):
        params = {k: _draw(entry, rng) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *max(history, key=lambda t: t[1]), history


def _draw(entry, rng):
    if isinstance(entry, list):
        return entry[rng.integers(len(entry))]
    kind, lo, hi = entry
    if kind == "log":
        return np.exp(rng.uniform(np.log(lo), np.log(hi)))
    return rng.uniform(lo, hi)


# %% wrong random_search returns_the_last
# says: You return the last trial instead of the best.
# hint: 3
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget):
        params = {k: _draw(entry, rng) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *history[-1], history


def _draw(entry, rng):
    if isinstance(entry, list):
        return entry[rng.integers(len(entry))]
    kind, lo, hi = entry
    if kind == "log":
        return np.exp(rng.uniform(np.log(lo), np.log(hi)))
    return rng.uniform(lo, hi)


# %% wrong random_search log_drawn_evenly
# says: You draw a `log` range evenly, so small values hardly ever occur.
# hint: 2
# teach: Ask how many of a hundred draws between 0.0001 and 1 are below 0.01.
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget):
        params = {
            k: entry[rng.integers(len(entry))]
            if isinstance(entry, list)
            else rng.uniform(*entry[1:])
            for k, entry in space.items()
        }
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search forgets_the_exponential
# says: You draw the logarithm and forget to go back: the values are negative.
# hint: 2
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return rng.uniform(np.log(lo), np.log(hi))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search mixes_two_logarithms
# says: You take the logarithm to base e and go back with powers of 10, so values leave
#   the range.
# hint: 2
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return 10 ** rng.uniform(np.log(lo), np.log(hi))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search draws_once
# says: Every trial has the same settings: you draw before the loop.
# hint: 1
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    params = {k: draw(entry) for k, entry in space.items()}
    history = [(params, objective(params)) for _ in range(budget)]
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search first_item_of_each_list
# says: Of each list you always take the first item.
# hint: 2
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[0]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search never_the_last_item
# says: The last item of a list never has its turn.
# hint: 2
# teach: The end of rng.integers is left out, as in range.
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry) - 1)]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search best_starts_at_zero
# says: The search starts with a best score of a fixed number, and no trial gets below
#   it.
# hint: 3
# teach: Ask what the first trial should be compared with.
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    best_params, best_score, history = {}, 10.0, []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        score = objective(params)
        history.append((params, score))
        if score < best_score:
            best_params, best_score = params, score
    return best_params, best_score, history


# %% wrong random_search one_dictionary_for_all
# says: best_params is not the best trial: one dictionary is overwritten in each trial.
# hint: 3
# teach: Names refer to objects; the history holds the same object many times.
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    history, params = [], {}
    for _ in range(budget):
        for k, entry in space.items():
            params[k] = draw(entry)
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search without_history
# says: The history is missing: return three values.
# hint: 3
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        history.append((params, objective(params)))
    return min(history, key=lambda t: t[1])


# %% wrong random_search history_of_improvements
# says: Your history holds the improvements only; all trials were asked for.
# hint: 3
# teach: What was tried and failed is part of the report.
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in space.items()}
        score = objective(params)
        if not history or score < history[-1][1]:
            history.append((params, score))
    return *history[-1], history


# %% wrong random_search empties_the_space
# says: You take entries out of the space that the caller handed over.
# hint: 1
def random_search(objective, space, budget, rng):
    def draw(entry):
        if isinstance(entry, list):
            return entry[rng.integers(len(entry))]
        kind, lo, hi = entry
        if kind == "log":
            return np.exp(rng.uniform(np.log(lo), np.log(hi)))
        return rng.uniform(lo, hi)

    entries = {}
    while space:
        name, entry = space.popitem()
        entries[name] = entry
    history = []
    for _ in range(budget):
        params = {k: draw(entry) for k, entry in entries.items()}
        history.append((params, objective(params)))
    return *min(history, key=lambda t: t[1]), history


# %% wrong random_search one_draw_a_trial
# says: One random number decides all settings of a trial, so they rise and fall
#   together, and most combinations are never tried.
# hint: 2
# teach: Plot two of the settings against each other.
def random_search(objective, space, budget, rng):
    history = []
    for _ in range(budget):
        share, params = rng.random(), {}
        for name, entry in space.items():
            if isinstance(entry, list):
                params[name] = entry[int(share * len(entry))]
            elif entry[0] == "log":
                params[name] = entry[1] * (entry[2] / entry[1]) ** share
            else:
                params[name] = entry[1] + share * (entry[2] - entry[1])
        history.append((params, objective(params)))
    return *min(history, key=lambda trial: trial[1]), history


# %% wrong random_search remembers_the_search
# says: The result is kept by space and budget: another objective gets the answer of the
#   first.
# hint: 1
# - def random_search(objective, space, budget, rng):
# + def random_search(objective, space, budget, rng, _known={}):
# ...
# - return best_params, best_score, history
# + key = (tuple(space), budget)
# + return _known.setdefault(key, (best_params, best_score, history))


# %% wrong random_search skips_what_was_tried
# says: A setting that comes again is not tried again, and the budget is not used up.
#   Chance has a part in training: a second run is a second result.
# hint: 1
# - history.append((params, objective(params)))
# + if params not in [earlier for earlier, _ in history]:
# +     history.append((params, objective(params)))


# %% right random_search keeps_the_best_so_far
def random_search(objective, space, budget, rng):
    best_params, best_score, history = None, np.inf, []
    while len(history) < budget:
        params = {}
        for name, entry in space.items():
            if isinstance(entry, list):
                params[name] = rng.choice(entry)
            else:
                kind, lo, hi = entry
                u = rng.random()
                params[name] = (
                    lo * (hi / lo) ** u if kind == "log" else lo + (hi - lo) * u
                )
        score = objective(params)
        history.append((dict(params), score))
        if score < best_score:
            best_params, best_score = dict(params), score
    return best_params, best_score, history


# %% right random_search halton
def random_search(objective, space, budget, rng):
    from scipy.stats import qmc

    points = qmc.Halton(len(space), rng=rng).random(budget)
    history = []
    for point in points:
        params = {}
        for u, (name, entry) in zip(point, space.items(), strict=True):
            if isinstance(entry, list):
                params[name] = entry[int(u * len(entry))]
            elif entry[0] == "log":
                params[name] = float(
                    np.exp(np.log(entry[1]) * (1 - u) + np.log(entry[2]) * u)
                )
            else:
                params[name] = float(entry[1] * (1 - u) + entry[2] * u)
        history.append((params, objective(params)))
    scores = [score for _, score in history]
    return *history[int(np.argmin(scores))], history


# %% right random_search grid_within_the_budget
def random_search(objective, space, budget, rng):
    from itertools import cycle, islice, product

    def steps(entry):
        if isinstance(entry, list):
            return entry
        kind, lo, hi = entry
        u = np.array([0.125, 0.375, 0.625, 0.875])
        return lo * (hi / lo) ** u if kind == "log" else lo + (hi - lo) * u

    grid = list(product(*[steps(entry) for entry in space.values()]))
    grid = [grid[i] for i in rng.permutation(len(grid))]
    history = []
    for values in islice(cycle(grid), budget):
        params = dict(zip(space, values, strict=True))
        history.append((params, objective(params)))
    best_params, best_score = sorted(history, key=lambda trial: trial[1])[0]
    return best_params, best_score, pd.DataFrame(history, columns=["params", "score"])


# %% wrong subgroup_report errors_cancel
# says: Errors of both signs cancel: take absolute values before you average.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": y - yhat})
    return errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()


# %% wrong subgroup_report absolute_after_averaging
# says: You average first and take the absolute value then: errors of both signs cancel
#   before.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": y - yhat})
    report = errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()
    report["mae"] = report["mae"].abs()
    return report


# %% wrong subgroup_report squared_errors
# says: You square the errors; absolute ones were asked for. For labels 0 and 1 you
#   would not see the difference.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": (y - yhat) ** 2})
    return errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()


# %% wrong subgroup_report sums
# says: You add the errors of a group up instead of averaging them.
# hint: 3
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    return errors.groupby("group")["error"].agg(n="size", mae="sum").reset_index()


# %% wrong subgroup_report divides_by_all
# says: You divide by the number of all examples instead of those of the group.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat) / len(y)})
    return errors.groupby("group")["error"].agg(n="size", mae="sum").reset_index()


# %% wrong subgroup_report median
# says: You take the median error of each group; asked is the mean.
# hint: 3
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    return errors.groupby("group")["error"].agg(n="size", mae="median").reset_index()


# %% wrong subgroup_report drops_single_examples
# says: Groups of one example are missing. Report them, with their n.
# hint: 1
# teach: Those who are rare in the data are often those who are harmed.
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    report = errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()
    return report[report["n"] > 1]


# %% wrong subgroup_report drops_perfect_groups
# says: Groups without any error are missing.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    report = errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()
    return report[report["mae"] > 0]


# %% wrong subgroup_report without_n
# says: The column n is missing: without it nobody can judge the error.
# hint: 2
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "mae": np.abs(y - yhat)})
    return errors.groupby("group")["mae"].mean().reset_index()


# %% wrong subgroup_report groups_as_index
# says: The groups are labels of the rows; make them a column.
# hint: 2
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    return errors.groupby("group")["error"].agg(n="size", mae="mean")


# %% wrong subgroup_report share_instead_of_n
# says: Your n is a share of the examples; asked is how many there are.
# hint: 2
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    report = errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()
    report["n"] = report["n"] / len(y)
    return report


# %% wrong subgroup_report counts_mistakes
# says: Your n counts the examples with an error; asked are all examples of the group.
# hint: 2
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    report = errors.groupby("group")["error"].agg(mae="mean").reset_index()
    wrong = errors[errors["error"] > 0]["group"].value_counts()
    report["n"] = [int(wrong.get(name, 0)) for name in report["group"]]
    return report


# %% wrong subgroup_report sorts_the_groups
# says: You sort the groups before they are matched with the errors.
# hint: 2
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": np.sort(group), "error": np.abs(y - yhat)})
    return errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()


# %% wrong subgroup_report changes_its_inputs
# says: Your report is right, but you overwrite the targets that were handed over.
# hint: 1
def subgroup_report(y, yhat, group):
    y -= yhat.astype(y.dtype)
    errors = pd.DataFrame({"group": group, "error": np.abs(y)})
    return errors.groupby("group")["error"].agg(n="size", mae="mean").reset_index()


# %% wrong subgroup_report remembers_by_shape
# says: The report is kept by the number of examples: other examples get the first ones'.
# hint: 2
def subgroup_report(y, yhat, group, _known={}):
    errors = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
    report = errors.groupby("group")["error"].agg(n="size", mae="mean")
    return _known.setdefault(len(y), report.reset_index())


# %% wrong subgroup_report skips_when_the_means_agree
# says: Where the errors of a group add up to 0 you report 0; errors of both signs do
#   not cancel.
# hint: 1
def subgroup_report(y, yhat, group):
    errors = pd.DataFrame({"group": group, "signed": y - yhat})
    errors["error"] = errors["signed"].abs()
    report = errors.groupby("group").agg(
        n=("error", "size"), mae=("error", "mean"), off=("signed", "sum")
    )
    report.loc[report["off"] == 0, "mae"] = 0.0
    return report.drop(columns="off").reset_index()


# %% right subgroup_report loop_over_groups
def subgroup_report(y, yhat, group):
    rows = []
    for name in set(group.tolist()):
        gaps = np.abs(y[group == name] - yhat[group == name])
        rows.append({"group": name, "n": len(gaps), "mae": float(gaps.mean())})
    return pd.DataFrame(rows)


# %% right subgroup_report bincount
def subgroup_report(y, yhat, group):
    names, number = np.unique(group, return_inverse=True)
    n = np.bincount(number)
    mae = np.bincount(number, weights=np.abs(y - yhat)) / n
    return pd.DataFrame({"mae": mae, "n": n, "group": names})


# %% right subgroup_report scikit_learn
def subgroup_report(y, yhat, group):
    from sklearn.metrics import mean_absolute_error

    table = pd.DataFrame({"y": y, "yhat": yhat, "group": group})
    rows = [
        (name, len(part), mean_absolute_error(part["y"], part["yhat"]))
        for name, part in table.groupby("group")
    ]
    return pd.DataFrame(rows, columns=["group", "n", "mae"])
