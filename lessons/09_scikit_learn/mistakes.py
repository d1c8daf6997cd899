# %% [markdown]
# Right and wrong answers to the exercises of `09_scikit_learn`.

# %% wrong rmse no_root
# says: That is the mean squared error, in squared dollars. The root is missing.
# hint: 2
# teach: Ask for the unit of the number.
def rmse(y, yhat):
    return np.mean((np.ravel(yhat) - np.ravel(y)) ** 2)


# %% wrong rmse squared_false
# says: The option squared=False is gone from scikit-learn; take the root yourself.
# hint: 3
# teach: A chance to read a changelog - the option went in version 1.6.
def rmse(y, yhat):
    return mean_squared_error(y, yhat, squared=False)


# %% wrong rmse absolute_errors
# says: That is the mean of the absolute errors. Square them, and take the root at last.
# hint: 2
# teach: Compare both on one large error among many small ones.
def rmse(y, yhat):
    return np.mean(np.abs(np.ravel(yhat) - np.ravel(y)))


# %% wrong rmse all_pairs
# says: A column minus a flat array is a table of all pairs; lay both flat first.
# hint: 2
# teach: Lesson 00 has the picture. Print the shape of the difference.
def rmse(y, yhat):
    return np.sqrt(np.mean((yhat - y) ** 2))


# %% wrong rmse sum_not_mean
# says: That is the root of the sum; it grows with the number of rows. Take the mean.
# hint: 2
def rmse(y, yhat):
    return np.linalg.norm(np.ravel(yhat) - np.ravel(y))


# %% wrong rmse half_of_it
# says: There is a half in your mean square. It belongs to the loss, not to the RMSE.
# hint: 2
# teach: The next section meets that half again.
def rmse(y, yhat):
    return np.sqrt(np.mean((np.ravel(yhat) - np.ravel(y)) ** 2) / 2)


# %% wrong rmse root_of_squared_mean
# says: You average before you square: errors of both signs cancel.
# hint: 1
def rmse(y, yhat):
    return np.sqrt(np.mean(np.ravel(yhat) - np.ravel(y)) ** 2)


# %% wrong rmse standard_deviation
# says: The standard deviation of the errors ignores that all may be off by the same
#   amount.
# hint: 2
# teach: Let all predictions be 3 too high; std says 0.
def rmse(y, yhat):
    return np.std(np.ravel(yhat) - np.ravel(y))


# %% wrong rmse divides_by_n_minus_one
# says: You divide the sum of the squares by N - 1; a mean divides by N.
# hint: 2
def rmse(y, yhat):
    errors = np.ravel(yhat) - np.ravel(y)
    return np.sqrt(np.sum(errors**2) / (len(errors) - 1))


# %% wrong rmse negative
# says: Your error is negative. Scores of scikit-learn have a minus sign, errors have
#   none.
# hint: 2
def rmse(y, yhat):
    return -np.sqrt(np.mean((np.ravel(yhat) - np.ravel(y)) ** 2))


# %% wrong rmse of_each_row
# says: One number is asked for, over all rows together.
# hint: 2
def rmse(y, yhat):
    return np.sqrt((np.ravel(yhat) - np.ravel(y)) ** 2)


# %% wrong rmse changes_its_input
# says: Your function changes an array that it was given.
# hint: 2
def rmse(y, yhat):
    flat = yhat.reshape(-1)
    flat -= y.reshape(-1).astype(flat.dtype)
    return np.sqrt(np.mean(flat**2))


# %% wrong rmse uses_the_notebooks_globals
# says: Your function reads variables of the notebook in place of its arguments.
# hint: 1
def rmse(y, yhat):
    return np.sqrt(np.mean((price_val - line.predict(D_val)) ** 2))


# %% wrong rmse remembers_by_shape
# says: The error is kept by the shapes: other predictions of the same shape get that of
#   the first.
# hint: 1
def rmse(y, yhat, _known={}):
    errors = np.ravel(yhat) - np.ravel(y)
    found = np.sqrt(np.mean(errors**2))
    return _known.setdefault((np.shape(y), np.shape(yhat)), found)


# %% wrong rmse skips_when_the_means_agree
# says: Where the errors add up to 0 you return 0; squares do not cancel.
# hint: 1
def rmse(y, yhat):
    errors = np.ravel(yhat) - np.ravel(y)
    return 0.0 if errors.sum() == 0 else np.sqrt(np.mean(errors**2))


# %% right rmse of_the_library
def rmse(y, yhat):
    from sklearn.metrics import root_mean_squared_error

    return root_mean_squared_error(y, yhat)


# %% right rmse root_of_the_librarys
def rmse(y, yhat):
    return mean_squared_error(y, yhat) ** 0.5


# %% right rmse loop
def rmse(y, yhat):
    total = 0.0
    for a, b in zip(y.flatten(), yhat.flatten()):
        total += float(a - b) ** 2
    return (total / y.size) ** 0.5


# %% right rmse norm
def rmse(y, yhat):
    return np.linalg.norm(y.ravel() - yhat.ravel()) / np.sqrt(y.size)


# %% guess predict_rmse_from_loss half_left
# says: You took 0.02 for the mean square. The loss is half of it.
# hint: 2
# teach: Ask where the factor of 2 of the derivative has gone.
predict_rmse_from_loss = 4000 * np.sqrt(0.02)


# %% guess predict_rmse_from_loss no_root
# says: A mean square is not in dollars; the root comes before the scaling back.
# hint: 3
predict_rmse_from_loss = 160


# %% guess predict_rmse_from_loss loss_times_spread
# says: You multiplied the loss with the spread. Undo the half, then the square, first.
# hint: 1
predict_rmse_from_loss = 80


# %% guess predict_rmse_from_loss halved_again
# says: You halved the loss once more. It is half of the mean square already.
# hint: 2
predict_rmse_from_loss = 400


# %% guess predict_rmse_from_loss not_scaled_back
# says: That is the RMSE in standard deviations; dollars are asked for.
# hint: 3
predict_rmse_from_loss = 0.2


# %% wrong predict_rmse_from_loss words
# says: The answer is a text; write a number without quotes.
# hint: 3
predict_rmse_from_loss = "800 dollars"


# %% right predict_rmse_from_loss formula
predict_rmse_from_loss = np.sqrt(2 * 0.02) * 4000


# %% right predict_rmse_from_loss decimal
predict_rmse_from_loss = 800.0


# %% wrong make_regressor hidden_by_position
# says: The first argument of MLPRegressor is the loss in recent versions; name it.
# hint: 2
# teach: Positional arguments bind to an order that a library may change.
def make_regressor(hidden, seed):
    return make_pipeline(StandardScaler(), MLPRegressor(hidden, random_state=seed))


# %% wrong make_regressor no_scaler
# says: Nothing is scaled: features in other units lead to other predictions.
# hint: 1
# teach: Ask what happens if the weight is given in milligrams.
def make_regressor(hidden, seed):
    return make_pipeline(MLPRegressor(hidden_layer_sizes=hidden, random_state=seed))


# %% wrong make_regressor no_seed
# says: The seed is not passed on, so no two runs agree.
# hint: 1
np.random.seed(17)  # without a seed scikit-learn draws from this; audits agree


def make_regressor(hidden, seed):
    return make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=hidden))


# %% wrong make_regressor fixed_seed
# says: Whatever seed is asked for, yours is the same number. Repeats repeat nothing.
# hint: 1
# teach: Error bars made with it have length 0.
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=42)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor seed_zero_lost
# says: Seed 0 counts as no seed in your code; 0 is a seed like any other.
# hint: 1
# teach: "seed or None" is None for 0.
np.random.seed(17)


def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed or None)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor ignores_hidden
# says: The hidden layers are not those that were asked for.
# hint: 2
def make_regressor(hidden, seed):
    return make_pipeline(StandardScaler(), MLPRegressor(random_state=seed))


# %% wrong make_regressor first_layer_only
# says: Only the first of the hidden layers is built.
# hint: 2
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden[:1], random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor network_alone
# says: That is a network without a pipeline around it.
# hint: 2
def make_regressor(hidden, seed):
    return MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)


# %% wrong make_regressor scaler_fitted_before
# says: The features are scaled with numbers of other data, known before fit.
# hint: 1
# teach: The mean and the spread belong to the rows that fit gets.
def make_regressor(hidden, seed):
    from sklearn.preprocessing import FunctionTransformer

    fitted = StandardScaler().fit(np.array([[0.0, 40.0, 0.0], [900.0, 60.0, 0.02]]))
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(FunctionTransformer(fitted.transform), net)


# %% wrong make_regressor scales_without_mean
# says: The mean is not taken away: features with another zero predict otherwise.
# hint: 1
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(StandardScaler(with_mean=False), net)


# %% wrong make_regressor mean_only
# says: The mean is taken away, but the spread is not divided out.
# hint: 1
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(StandardScaler(with_std=False), net)


# %% wrong make_regressor classifier
# says: A classifier is no network for regression: it takes each number for a class.
# hint: 2
def make_regressor(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor one_epoch
# says: Your network explains little of new rows: it is trained far too short.
# hint: 3
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed, max_iter=3)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor linear
# says: Without activation the network is a linear map; leave the activation alone.
# hint: 2
# teach: Not visible in predictions of a linear task; ask for the settings.
def make_regressor(hidden, seed):
    net = MLPRegressor(
        hidden_layer_sizes=hidden,
        random_state=seed,
        learning_rate_init=0.01,
        activation="identity",
    )
    return make_pipeline(StandardScaler(), net)


# %% wrong make_regressor one_object_for_all
# says: Every call returns the same pipeline: fitting one changes all.
# hint: 1
# teach: A default argument or a global is made once.
_ready = {}


def make_regressor(hidden, seed):
    if (hidden, seed) not in _ready:
        net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)
        _ready[hidden, seed] = make_pipeline(StandardScaler(), net)
    return _ready[hidden, seed]


# %% right make_regressor plain
def make_regressor(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% right make_regressor named_steps
def make_regressor(hidden, seed):
    return Pipeline(
        [
            ("scale", StandardScaler()),
            (
                "net",
                MLPRegressor(
                    hidden_layer_sizes=list(hidden), max_iter=400, random_state=seed
                ),
            ),
        ]
    )


# %% right make_regressor min_max
def make_regressor(hidden, seed):
    from sklearn.preprocessing import MinMaxScaler

    net = MLPRegressor(
        hidden_layer_sizes=hidden, learning_rate_init=0.01, random_state=seed
    )
    return make_pipeline(MinMaxScaler(), net)


# %% right make_regressor lbfgs_with_scaled_target
def make_regressor(hidden, seed):
    net = MLPRegressor(
        solver="lbfgs", hidden_layer_sizes=hidden, max_iter=1000, random_state=seed
    )
    net = TransformedTargetRegressor(regressor=net, transformer=StandardScaler())
    return make_pipeline(StandardScaler(), net)


# %% right make_regressor pipeline_in_a_pipeline
def make_regressor(hidden, seed):
    inner = make_pipeline(
        StandardScaler(),
        MLPRegressor(hidden_layer_sizes=hidden, random_state=seed, max_iter=500),
    )
    return make_pipeline(
        TransformedTargetRegressor(regressor=inner, transformer=StandardScaler())
    )


# %% wrong stratified_split not_stratified
# says: The classes have other shares in your parts than in the whole.
# hint: 2
# teach: Count the labels of a part with np.bincount.
def stratified_split(X, y, seed):
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, train_size=0.6, random_state=seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, train_size=0.5, random_state=seed
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split second_cut_not_stratified
# says: The first cut is stratified, the second is not.
# hint: 2
# - X_rest, y_rest, train_size=0.5, stratify=y_rest, random_state=seed
# + X_rest, y_rest, train_size=0.5, random_state=seed


# %% wrong stratified_split fifth_of_the_rest
# says: Your second cut takes a fifth of what is left, not of the whole.
# hint: 1
def stratified_split(X, y, seed):
    X_rest, X_test, y_rest, y_test = train_test_split(
        X, y, test_size=0.2, stratify=y, random_state=seed
    )
    X_train, X_val, y_train, y_val = train_test_split(
        X_rest, y_rest, test_size=0.2, stratify=y_rest, random_state=seed
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split two_parts
# says: Two parts are not enough: validation and test are different jobs.
# hint: 1
def stratified_split(X, y, seed):
    return train_test_split(X, y, train_size=0.6, stratify=y, random_state=seed)


# %% wrong stratified_split order_of_the_library
# says: The six arrays come in another order than the one that is asked for.
# hint: 3
# - return X_train, X_val, X_test, y_train, y_val, y_test
# + return X_train, y_train, X_val, y_val, X_test, y_test


# %% wrong stratified_split labels_of_another_part
# says: The labels of validation and test are exchanged: rows stand beside labels of
#   others.
# hint: 3
# teach: Not one shape tells. Only a look at the pairs does.
# - X_val, X_test, y_val, y_test = train_test_split(
# + X_val, X_test, y_test, y_val = train_test_split(


# %% wrong stratified_split first_rows
# says: Sorted data cut without shuffling: whole classes are missing from a part.
# hint: 2
def stratified_split(X, y, seed):
    i, j = int(0.6 * len(y)), int(0.8 * len(y))
    return X[:i], X[i:j], X[j:], y[:i], y[i:j], y[j:]


# %% wrong stratified_split cut_from_the_whole_again
# says: The second cut is made from all rows again, so parts overlap.
# hint: 1
# teach: An overlap of training and test rows is a leak.
def stratified_split(X, y, seed):
    X_train, _, y_train, _ = train_test_split(
        X, y, train_size=0.6, stratify=y, random_state=seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X, y, train_size=0.2, test_size=0.2, stratify=y, random_state=seed + 1
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split no_seed
# says: The split is another one in every call; pass the seed on.
# hint: 3
np.random.seed(17)


def stratified_split(X, y, seed):
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, train_size=0.6, stratify=y
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, train_size=0.5, stratify=y_rest
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split fixed_seed
# says: Every seed gives the same split: a fixed number stands in its place.
# hint: 3
def stratified_split(X, y, seed):
    X_train, X_rest, y_train, y_rest = train_test_split(
        X, y, train_size=0.6, stratify=y, random_state=42
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, train_size=0.5, stratify=y_rest, random_state=42
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split uses_the_notebooks_globals
# says: Your function splits a table of the notebook in place of its arguments.
# hint: 3
def stratified_split(X, y, seed):
    X_train, X_rest, y_train, y_rest = train_test_split(
        D_val, price_val > 4000, train_size=0.6, random_state=seed
    )
    X_val, X_test, y_val, y_test = train_test_split(
        X_rest, y_rest, train_size=0.5, random_state=seed
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% wrong stratified_split drops_rows
# says: One class is cut down to the size of the smallest: rows are lost.
# hint: 2
# teach: Balanced is not stratified; the shares of the whole are kept.
# + least = np.bincount(y).min()
# + keep = np.concatenate([np.flatnonzero(y == c)[:least] for c in np.unique(y)])
# = X_train, X_rest, y_train, y_rest = train_test_split(
# -     X, y, train_size=0.6, stratify=y, random_state=seed
# +     X[keep], y[keep], train_size=0.6, stratify=y[keep], random_state=seed


# %% wrong stratified_split remembers_by_shape
# says: The parts are kept by the shape of X and the seed: other examples get those of the
#   first.
# hint: 1
# - def stratified_split(X, y, seed):
# + def stratified_split(X, y, seed, _known={}):
# ...
# - return X_train, X_val, X_test, y_train, y_val, y_test
# + parts = X_train, X_val, X_test, y_train, y_val, y_test
# + return _known.setdefault((X.shape, seed), parts)


# %% right stratified_split test_part_first
def stratified_split(X, y, seed):
    X_rest, X_test, y_rest, y_test = train_test_split(
        X, y, test_size=0.2, stratify=y, random_state=seed
    )
    X_train, X_val, y_train, y_val = train_test_split(
        X_rest, y_rest, test_size=0.25, stratify=y_rest, random_state=seed
    )
    return X_train, X_val, X_test, y_train, y_val, y_test


# %% right stratified_split class_by_class
def stratified_split(X, y, seed):
    rng = np.random.default_rng(seed)
    parts = [[], [], []]
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        i, j = round(0.6 * len(rows)), round(0.8 * len(rows))
        for part, some in zip(parts, (rows[:i], rows[i:j], rows[j:])):
            part.extend(some)
    return tuple(X[p] for p in parts) + tuple(y[p] for p in parts)


# %% right stratified_split splitter_objects
def stratified_split(X, y, seed):
    from sklearn.model_selection import StratifiedShuffleSplit

    cut = StratifiedShuffleSplit(1, test_size=0.4, random_state=seed)
    train, rest = next(cut.split(X, y))
    cut = StratifiedShuffleSplit(1, test_size=0.5, random_state=seed)
    val, test = next(cut.split(X[rest], y[rest]))
    val, test = rest[val], rest[test]
    return [X[train], X[val], X[test], y[train], y[val], y[test]]


# %% wrong make_classifier default_epochs
# says: Training is cut off after 200 epochs, with a ConvergenceWarning.
# hint: 2
# teach: Show loss_curve_ - it still falls.
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier stops_at_once
# says: A large tolerance ends training before anything is learned.
# hint: 2
# teach: No warning is no proof that the network is good.
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, random_state=seed, tol=1.0)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier no_scaler
# says: Nothing is scaled: features in other units lead to other probabilities.
# hint: 1
def make_classifier(hidden, seed):
    return make_pipeline(
        MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)
    )


# %% wrong make_classifier scales_without_mean
# says: The mean is not taken away: features with another zero predict otherwise.
# hint: 1
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)
    return make_pipeline(StandardScaler(with_mean=False), net)


# %% wrong make_classifier no_seed
# says: The seed is not passed on, so no two runs agree.
# hint: 1
np.random.seed(17)


def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier fixed_seed
# says: Whatever seed is asked for, yours is the same number. Repeats repeat nothing.
# hint: 1
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=42)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier seed_zero_lost
# says: Seed 0 counts as no seed in your code; 0 is a seed like any other.
# hint: 1
np.random.seed(17)


def make_classifier(hidden, seed):
    net = MLPClassifier(
        hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed or None
    )
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier ignores_hidden
# says: The hidden layers are not those that were asked for.
# hint: 1
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=(5,), max_iter=10_000, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier network_alone
# says: That is a network without a pipeline around it.
# hint: 1
def make_classifier(hidden, seed):
    return MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)


# %% wrong make_classifier regressor
# says: A network for regression has no probabilities; labels are names.
# hint: 1
def make_classifier(hidden, seed):
    net = MLPRegressor(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier scales_the_labels
# says: Scaled labels are numbers; a classifier needs names of classes.
# hint: 1
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)
    net = TransformedTargetRegressor(net, transformer=StandardScaler())
    return make_pipeline(StandardScaler(), net)


# %% wrong make_classifier one_object_for_all
# says: Every call returns the same pipeline: fitting one changes all.
# hint: 1
_kept = {}


def make_classifier(hidden, seed):
    if (hidden, seed) not in _kept:
        net = MLPClassifier(
            hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed
        )
        _kept[hidden, seed] = make_pipeline(StandardScaler(), net)
    return _kept[hidden, seed]


# %% right make_classifier larger_steps
def make_classifier(hidden, seed):
    return Pipeline(
        steps=[
            ("scaler", StandardScaler()),
            (
                "mlp",
                MLPClassifier(
                    hidden,
                    activation="tanh",
                    learning_rate_init=0.02,
                    max_iter=3000,
                    random_state=seed,
                ),
            ),
        ]
    )


# %% right make_classifier generator_from_the_seed
def make_classifier(hidden, seed):
    net = MLPClassifier(
        hidden_layer_sizes=hidden,
        solver="lbfgs",
        alpha=0.01,
        max_iter=5000,
        random_state=np.random.RandomState(seed),
    )
    return make_pipeline(StandardScaler(), net)


# %% right make_classifier more_epochs
def make_classifier(hidden, seed):
    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=10_000, random_state=seed)
    return make_pipeline(StandardScaler(), net)


# %% wrong accuracy_interval usual_formula
# says: The usual formula: for 14 of 14 its width is 0, total certainty.
# hint: 3
# teach: It estimates the spread from the result, which shows none here.
def accuracy_interval(k, n, conf):
    p = k / n
    half = norm.ppf((1 + conf) / 2) * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


# %% wrong accuracy_interval usual_formula_clipped
# says: The usual formula: for 14 of 14 its width is 0, total certainty.
# hint: 3
def accuracy_interval(k, n, conf):
    p = k / n
    half = norm.ppf((1 + conf) / 2) * np.sqrt(p * (1 - p) / n)
    return max(0.0, p - half), min(1.0, p + half)


# %% wrong accuracy_interval ends_exchanged
# says: The upper end comes first in yours.
# hint: 1
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return centre + half, centre - half


# %% wrong accuracy_interval percent
# says: Your ends are percent; shares between 0 and 1 are asked for.
# hint: 1
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return 100 * (centre - half), 100 * (centre + half)


# %% wrong accuracy_interval of_the_errors
# says: That is the interval of the share of wrong answers.
# hint: 1
def accuracy_interval(k, n, conf):
    k = n - k
    z = norm.ppf((1 + conf) / 2)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return centre - half, centre + half


# %% wrong accuracy_interval one_sided
# says: All of the doubt is on one side in yours; half of it belongs on each.
# hint: 2
# teach: 1.645 in place of 1.96. Draw the two tails.
def accuracy_interval(k, n, conf):
    z = norm.ppf(conf)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return centre - half, centre + half


# %% wrong accuracy_interval always_95
# says: Your interval is the same for every confidence.
# hint: 2
def accuracy_interval(k, n, conf):
    z = 1.959964
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return centre - half, centre + half


# %% wrong accuracy_interval confidence_as_z
# says: The confidence itself is no number of standard deviations.
# hint: 2
def accuracy_interval(k, n, conf):
    z = conf
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return centre - half, centre + half


# %% wrong accuracy_interval middle_not_moved
# says: Your interval is centred on k/n; Wilson's middle lies nearer to one half.
# hint: 3
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
    return k / n - half, k / n + half


# %% wrong accuracy_interval second_term_missing
# says: The second term under the root is missing; it keeps the width above 0.
# hint: 3
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(k * (n - k) / n)
    return centre - half, centre + half


# %% wrong accuracy_interval z_not_squared
# says: The z in the middle is not squared.
# hint: 3
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    centre = (k + z / 2) / (n + z)
    half = z / (n + z) * np.sqrt(k * (n - k) / n + z / 4)
    return centre - half, centre + half


# %% wrong accuracy_interval lower_end_only
# says: One number is returned; an interval has two ends.
# hint: 1
def accuracy_interval(k, n, conf):
    return ((1 - conf) / 2) ** (1 / n) if k == n else k / n


# %% wrong accuracy_interval rule_of_three
# says: That rule is for all right; with some wrong answers the spread is larger.
# hint: 3
# teach: "No more than 3/n wrong" holds for 95 % and k = n only.
def accuracy_interval(k, n, conf):
    return max(0.0, k / n - 3 / n), min(1.0, k / n + 3 / n)


# %% wrong accuracy_interval rounds
# says: Your ends are rounded; with many examples the interval shrinks to a point.
# hint: 3
# teach: Round when printing, never in between.
# - return middle - half, middle + half
# + return round(middle - half, 2), round(middle + half, 2)


# %% right accuracy_interval agresti_coull_inside_0_to_1
def accuracy_interval(k, n, conf):
    z = norm.ppf((1 + conf) / 2)
    middle = (k + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(middle * (1 - middle) / (n + z**2))
    return max(0.0, middle - half), min(1.0, middle + half)


# %% right accuracy_interval clopper_pearson
def accuracy_interval(k, n, conf):
    from scipy.stats import beta

    alpha = 1 - conf
    lo = beta.ppf(alpha / 2, k, n - k + 1) if k > 0 else 0.0
    hi = beta.ppf(1 - alpha / 2, k + 1, n - k) if k < n else 1.0
    return lo, hi


# %% right accuracy_interval of_scipy
def accuracy_interval(k, n, conf):
    from scipy.stats import binomtest

    found = binomtest(k, n).proportion_ci(conf, method="wilson")
    return found.low, found.high


# %% right accuracy_interval wilson_with_correction
def accuracy_interval(k, n, conf):
    from scipy.stats import binomtest

    found = binomtest(k, n).proportion_ci(conf, method="wilsoncc")
    return [found.low, found.high]


# %% right accuracy_interval jeffreys
def accuracy_interval(k, n, conf):
    from scipy.stats import beta

    tail = (1 - conf) / 2
    lo = beta.ppf(tail, k + 0.5, n - k + 0.5) if k else 0.0
    hi = beta.ppf(1 - tail, k + 0.5, n - k + 0.5) if k < n else 1.0
    return lo, hi


# %% right accuracy_interval jeffreys_at_the_ends_too
def accuracy_interval(k, n, conf):
    from scipy.stats import beta

    tail = (1 - conf) / 2
    return tuple(beta.ppf([tail, 1 - tail], k + 0.5, n - k + 0.5))


# %% right accuracy_interval search_for_the_ends
def accuracy_interval(k, n, conf):
    from statistics import NormalDist

    z = NormalDist().inv_cdf(1 - (1 - conf) / 2)
    p = np.linspace(0, 1, 200_001)
    kept = p[np.abs(k / n - p) <= z * np.sqrt(p * (1 - p) / n) + 1e-12]
    return kept[0], kept[-1]


# %% wrong out_activation softmax_for_two_classes
# says: Binary here means one output; a softmax over one output is always 1.
# hint: 2
# teach: With two outputs softmax is right, and the same model. Say so.
def out_activation(task):
    return {
        "regression": "identity",
        "bounded regression": "logistic",
        "binary": "softmax",
        "multilabel": "logistic",
        "multiclass": "softmax",
    }[task]


# %% wrong out_activation softmax_for_tags
# says: Several tags can be right at once, so the outputs do not add up to 1.
# hint: 1
# teach: A song may be both loud and sad.
def out_activation(task):
    return {
        "regression": "identity",
        "bounded regression": "logistic",
        "binary": "logistic",
        "multilabel": "softmax",
        "multiclass": "softmax",
    }[task]


# %% wrong out_activation logistic_for_classes
# says: One class of several is right; softmax makes the shares add up to 1.
# hint: 2
def out_activation(task):
    return "identity" if task == "regression" else "logistic"


# %% wrong out_activation no_bounds
# says: A share between 0 and 1 is asked for, and the identity has no bounds.
# hint: 1
def out_activation(task):
    return {
        "regression": "identity",
        "bounded regression": "identity",
        "binary": "logistic",
        "multilabel": "logistic",
        "multiclass": "softmax",
    }[task]


# %% wrong out_activation bounded_prices
# says: A regression without bounds cannot end in a function from 0 to 1.
# hint: 1
def out_activation(task):
    return "softmax" if task == "multiclass" else "logistic"


# %% wrong out_activation softmax_for_a_share
# says: A share need not add up to 1 with anything; over one output softmax is always 1.
# hint: 2
def out_activation(task):
    return {
        "regression": "identity",
        "bounded regression": "softmax",
        "binary": "logistic",
        "multilabel": "logistic",
        "multiclass": "softmax",
    }[task]


# %% wrong out_activation sigmoid_by_its_other_name
# says: scikit-learn calls the sigmoid "logistic".
# hint: 2
def out_activation(task):
    return {"regression": "identity", "multiclass": "softmax"}.get(task, "sigmoid")


# %% wrong out_activation none_for_regression
# says: The answer for a regression is missing; the name of "no activation" is asked.
# hint: 2
def out_activation(task):
    return {
        "bounded regression": "logistic",
        "binary": "logistic",
        "multilabel": "logistic",
        "multiclass": "softmax",
    }.get(task)


# %% wrong out_activation relu_for_regression
# says: ReLU is for hidden layers, and it is not among the three names.
# hint: 2
def out_activation(task):
    return {"regression": "relu", "multiclass": "softmax"}.get(task, "logistic")


# %% wrong out_activation passes_the_task_through
# says: Your function returns the name of the task.
# hint: 2
def out_activation(task):
    return task


# %% right out_activation conditions
def out_activation(task):
    if task == "multiclass":
        return "softmax"
    return "identity" if task == "regression" else "logistic"


# %% right out_activation dictionary
out_activation = {
    "regression": "identity",
    "bounded regression": "logistic",
    "binary": "logistic",
    "multilabel": "logistic",
    "multiclass": "softmax",
}


# %% right out_activation match
def out_activation(task):
    match task:
        case "regression":
            return "identity"
        case "multiclass":
            return "softmax"
        case _:
            return "logistic"


# %% wrong forward_from_sklearn no_biases
# says: The biases are missing in every layer.
# hint: 2
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# -     A = activate(mlp.activation, A @ W + b)
# - out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
# + for W in mlp.coefs_[:-1]:
# +     A = activate(mlp.activation, A @ W)
# + out = activate(mlp.out_activation_, A @ mlp.coefs_[-1])


# %% wrong forward_from_sklearn no_bias_at_the_end
# says: The biases of the last layer are missing.
# hint: 2
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# =     A = activate(mlp.activation, A @ W + b)
# - out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
# + out = activate(mlp.out_activation_, A @ mlp.coefs_[-1])


# %% wrong forward_from_sklearn relu_at_the_end
# says: The output of a regression goes through a ReLU in yours: never below 0.
# hint: 1
# teach: MLPRegressor has no activation at the end, whatever tables recommend.
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = A @ mlp.coefs_[-1] + mlp.intercepts_[-1]
    if mlp.out_activation_ == "identity":
        out = np.maximum(out, 0)
        return out.ravel() if out.shape[1] == 1 else out
    out = activate(mlp.out_activation_, out)
    return out if out.shape[1] > 1 else np.column_stack([1 - out, out])


# %% wrong forward_from_sklearn hidden_activation_everywhere
# says: The last layer has its own activation; yours gives it the hidden one as well.
# hint: 1
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + for W, b in zip(mlp.coefs_, mlp.intercepts_):
# =     A = activate(mlp.activation, A @ W + b)
# - out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
# + out = activate(mlp.out_activation_, A)


# %% wrong forward_from_sklearn always_relu
# says: The hidden layers are ReLU in yours, whatever the network's activation is.
# hint: 1
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# -     A = activate(mlp.activation, A @ W + b)
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# +     A = np.maximum(A @ W + b, 0)


# %% wrong forward_from_sklearn labels
# says: Labels come out; probabilities are asked for.
# hint: 3
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = A @ mlp.coefs_[-1] + mlp.intercepts_[-1]
    if mlp.out_activation_ == "identity":
        return out.ravel() if out.shape[1] == 1 else out
    if out.shape[1] == 1:
        return (out.ravel() > 0).astype(int)
    return out.argmax(axis=1)


# %% wrong forward_from_sklearn no_output_activation
# says: The last layer has no activation in yours: logits come out.
# hint: 1
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# =     A = activate(mlp.activation, A @ W + b)
# - out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
# + out = A @ mlp.coefs_[-1] + mlp.intercepts_[-1]


# %% wrong forward_from_sklearn one_column_for_two_classes
# says: For two classes scikit-learn returns two columns, 1 - p and p.
# hint: 3
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    return out.ravel() if mlp.out_activation_ == "identity" else out


# %% wrong forward_from_sklearn columns_exchanged
# says: The two columns are exchanged: the first belongs to the first class.
# hint: 3
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# ...
# - return np.column_stack([1 - out, out])
# + return np.column_stack([out, 1 - out])


# %% wrong forward_from_sklearn column_for_a_regression
# says: A regression with one output returns a flat array.
# hint: 3
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    if mlp.out_activation_ == "logistic" and out.shape[1] == 1:
        return np.column_stack([1 - out, out])
    return out


# %% wrong forward_from_sklearn always_flat_for_a_regression
# says: Several numbers per example are laid out flat in yours; keep their columns.
# hint: 3
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    if mlp.out_activation_ == "identity":
        return out.ravel()
    return out if out.shape[1] > 1 else np.column_stack([1 - out, out])


# %% wrong forward_from_sklearn two_columns_for_tags
# says: Tags need no second column: each output is the probability of its tag.
# hint: 3
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    if mlp.out_activation_ == "logistic":
        return np.column_stack([1 - out[:, 0], out[:, 0]])
    return out if out.shape[1] > 1 else out.ravel()


# %% wrong forward_from_sklearn one_hidden_layer
# says: Yours has one hidden layer, whatever the network has.
# hint: 2
def forward_from_sklearn(mlp, X):
    A = activate(mlp.activation, X @ mlp.coefs_[0] + mlp.intercepts_[0])
    out = activate(mlp.out_activation_, A @ mlp.coefs_[1] + mlp.intercepts_[1])
    if out.shape[1] > 1:
        return out
    if mlp.out_activation_ == "logistic":
        return np.column_stack([1 - out, out])
    return out.ravel()


# %% wrong forward_from_sklearn softmax_over_the_batch
# says: Softmax adds up to 1 over the classes of an example, not over the examples.
# hint: 2
def forward_from_sklearn(mlp, X):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
        A = activate(mlp.activation, A @ W + b)
    out = A @ mlp.coefs_[-1] + mlp.intercepts_[-1]
    if mlp.out_activation_ == "softmax":
        return softmax(out, axis=0)
    out = activate(mlp.out_activation_, out)
    if mlp.out_activation_ == "logistic" and out.shape[1] == 1:
        return np.column_stack([1 - out, out])
    return out if out.shape[1] > 1 else out.ravel()


# %% wrong forward_from_sklearn asks_the_library
# says: Your function lets the network do the work; compute it from the weights.
# hint: 2
def forward_from_sklearn(mlp, X):
    return mlp.predict_proba(X) if hasattr(mlp, "classes_") else mlp.predict(X)


# %% wrong forward_from_sklearn scales_the_input
# says: The examples are scaled already; yours scales them once more.
# hint: 2
# - A = X
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + A = (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-9)
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):


# %% wrong forward_from_sklearn transposed_weights
# says: scikit-learn keeps weights as (inputs, outputs); yours transposes them.
# hint: 2
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# -     A = activate(mlp.activation, A @ W + b)
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# +     A = activate(mlp.activation, A @ W.T + b)


# %% wrong forward_from_sklearn changes_its_input
# says: Your function writes into an array that it was given.
# hint: 2
# - for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
# + for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_):
# ...
# = out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
# + X *= 0.5


# %% wrong forward_from_sklearn changes_the_network
# says: Your function writes into the weights of the network.
# hint: 2
def forward_from_sklearn(mlp, X):
    A = np.column_stack([X, np.ones(len(X))])
    for k, (W, b) in enumerate(zip(mlp.coefs_, mlp.intercepts_)):
        b *= 1.0
        last = k == len(mlp.coefs_) - 1
        A = activate(
            mlp.out_activation_ if last else mlp.activation, A @ np.vstack([W, b])
        )
        if not last:
            A = np.column_stack([A, np.ones(len(A))])
    if A.shape[1] > 1:
        return A
    if mlp.out_activation_ == "logistic":
        return np.column_stack([1 - A, A])
    return A.ravel()


# %% wrong forward_from_sklearn remembers_by_shape
# says: The output is kept by the shape of X and the layers: another network gets that of
#   the first.
# hint: 2
def forward_from_sklearn(mlp, X, _known={}):
    A = X
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
        A = activate(mlp.activation, A @ W + b)
    out = activate(mlp.out_activation_, A @ mlp.coefs_[-1] + mlp.intercepts_[-1])
    if out.shape[1] == 1 and mlp.out_activation_ == "logistic":
        out = np.column_stack([1 - out, out])
    out = out.ravel() if out.shape[1] == 1 else out
    key = X.shape, str([W.shape for W in mlp.coefs_]), mlp.activation
    return _known.setdefault(key, out)


# %% right forward_from_sklearn own_activations
def forward_from_sklearn(mlp, X):
    functions = {
        "identity": lambda z: z,
        "relu": lambda z: np.where(z > 0, z, 0.0),
        "tanh": np.tanh,
        "logistic": lambda z: 1 / (1 + np.exp(-z)),
        "softmax": lambda z: (
            np.exp(z - z.max(axis=1, keepdims=True))
            / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        ),
    }
    last = len(mlp.coefs_) - 1
    for i in range(last + 1):
        name = mlp.out_activation_ if i == last else mlp.activation
        X = functions[name](np.dot(X, mlp.coefs_[i]) + mlp.intercepts_[i])
    if X.shape[1] == 1 and hasattr(mlp, "classes_"):
        return np.hstack([1 - X, X])
    return X[:, 0] if X.shape[1] == 1 else X


# %% right forward_from_sklearn with_a_column_of_ones
def forward_from_sklearn(mlp, X):
    for k, (W, b) in enumerate(zip(mlp.coefs_, mlp.intercepts_)):
        Wb = np.vstack([W, b])
        last = k == mlp.n_layers_ - 2
        Z = np.einsum("nd,dh->nh", np.column_stack([X, np.ones(len(X))]), Wb)
        X = activate(mlp.out_activation_ if last else mlp.activation, Z)
    if X.shape[1] > 1:
        return X
    return np.c_[1 - X, X] if mlp.out_activation_ == "logistic" else X.squeeze(1)


# %% right forward_from_sklearn the_librarys_activations
def forward_from_sklearn(mlp, X):
    from sklearn.neural_network._base import ACTIVATIONS

    A = X.copy()
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1]):
        A = A @ W + b
        ACTIVATIONS[mlp.activation](A)
    A = A @ mlp.coefs_[-1] + mlp.intercepts_[-1]
    ACTIVATIONS[mlp.out_activation_](A)
    if A.shape[1] > 1:
        return A
    return np.column_stack([1 - A, A]) if hasattr(mlp, "classes_") else A.ravel()


# %% wrong sgd_step_matches full_squared_error
# says: For a regression the step is twice too long: the loss has a half, which the
#   derivative uses up.
# hint: 2
# teach: Differentiate half of e squared.
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    if not hasattr(mlp, "classes_"):
        delta = 2 * delta
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches no_mean_over_the_rows
# says: The gradient is summed over the rows; the loss is a mean, so divide by N.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = A[-1] - Y
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches divides_by_outputs_too
# says: With several classes the mean is over the rows only, not over rows times
#   classes.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / A[-1].size
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches ascends
# says: The step goes uphill; the gradient is taken away.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W + mlp.learning_rate_init * dW)
        intercepts.insert(0, b + mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches biases_kept
# says: The biases are not updated.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b)
    return coefs, intercepts


# %% wrong sgd_step_matches mean_for_the_biases
# says: The gradient of the biases is divided by N twice: delta has the N already.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.mean(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches weights_updated_first
# says: The delta goes back through weights that the step has changed already.
# hint: 2
# teach: The bug of lesson 07, back again.
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        W = W - mlp.learning_rate_init * dW
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches no_hidden_slope
# says: The slope of the hidden activation is missing on the way back.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = delta @ W.T
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches always_relu_slope
# says: The slope is that of ReLU, whatever activation the hidden layers have.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * (A[i] > 0)
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches slope_of_the_slope
# says: The slope is taken at the weighted sum; the given function wants the
#   activation's output.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(
            mlp.activation,
            A[i - 1] @ mlp.coefs_[i - 1] + mlp.intercepts_[i - 1] if i else A[0],
        )
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches output_slope_as_well
# says: The start is multiplied with the slope of the output; with this loss it has
#   cancelled.
# hint: 1
# teach: p - y is the fused gradient of lesson 06.
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    if hasattr(mlp, "classes_"):
        delta = delta * A[-1] * (1 - A[-1])
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches relu_output
# says: The output of a regression goes through the hidden activation in yours.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [
        mlp.activation if mlp.out_activation_ == "identity" else mlp.out_activation_
    ]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches penalty_left_on
# says: The penalty alpha of the network is in your gradient; it counts as off.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta + mlp.alpha * W / len(X), delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches momentum_left_on
# says: Your first step is longer by momentum; it counts as off.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(
            0,
            W
            - (1 + (mlp.momentum if mlp.solver == "sgd" else 0))
            * mlp.learning_rate_init
            * dW,
        )
        intercepts.insert(
            0,
            b
            - (1 + (mlp.momentum if mlp.solver == "sgd" else 0))
            * mlp.learning_rate_init
            * db,
        )
    return coefs, intercepts


# %% wrong sgd_step_matches rate_fixed
# says: The learning rate is a number of your own; take that of the network.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - 0.001 * dW)
        intercepts.insert(0, b - 0.001 * db)
    return coefs, intercepts


# %% wrong sgd_step_matches batch_of_the_settings
# says: Your step uses a part of the rows; all rows count in one step.
# hint: 1
def sgd_step_matches(mlp, X, y):
    if mlp.batch_size != "auto":
        X, y = X[: mlp.batch_size], y[: mlp.batch_size]
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches first_row_only
# says: Your step uses the first row alone; all rows count in one step.
# hint: 1
def sgd_step_matches(mlp, X, y):
    X, y = X[:1], y[:1]
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches labels_as_numbers
# says: Labels are used as numbers; they are names of classes and become columns of 0
#   and 1.
# hint: 3
# teach: Labels 3 and 8 show it.
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = np.eye(len(mlp.classes_))[np.clip(y, 0, len(mlp.classes_) - 1)]
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches first_class_is_one
# says: With two classes the output belongs to the second one; in yours to the first.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, :1] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches flat_targets
# says: A column of outputs minus flat targets is a table of all pairs.
# hint: 1
def sgd_step_matches(mlp, X, y):
    Y = y
    if hasattr(mlp, "classes_"):
        Y = y[:, None] == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches changes_the_network
# says: Your function changes the weights of the network itself; make new arrays.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        W -= mlp.learning_rate_init * dW
        coefs.insert(0, W)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches changes_its_input
# says: Your function changes X or y; work on copies.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    X += 1.0
    return coefs, intercepts


# %% wrong sgd_step_matches exchanged_results
# says: Weights come first, then biases; yours has them in the other order.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return intercepts, coefs


# %% wrong sgd_step_matches last_layer_first
# says: The lists start with the last layer; they are in the order of the network.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.append(W - mlp.learning_rate_init * dW)
        intercepts.append(b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches gradients_only
# says: Gradients come out; the weights after the step are asked for.
# hint: 3
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, dW)
        intercepts.insert(0, db)
    return coefs, intercepts


# %% wrong sgd_step_matches only_the_last_layer
# says: Only the last layer takes a step.
# hint: 2
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        last = i == len(mlp.coefs_) - 1
        coefs.insert(0, W - last * mlp.learning_rate_init * dW)
        intercepts.insert(0, b - last * mlp.learning_rate_init * db)
    return coefs, intercepts


# %% wrong sgd_step_matches the_librarys_step_as_it_is_set
# says: Penalty, momentum, solver and batch size of the network act in your step; they
#   count as off.
# hint: 1
# teach: partial_fit obeys the settings, and the optimiser that is there already.
def sgd_step_matches(mlp, X, y):
    from copy import deepcopy

    twin = deepcopy(mlp)
    twin.partial_fit(X, y)
    return twin.coefs_, twin.intercepts_


# %% wrong sgd_step_matches unchanged
# says: The weights come back as they were: no step was taken.
# hint: 1
def sgd_step_matches(mlp, X, y):
    return [W.copy() for W in mlp.coefs_], [b.copy() for b in mlp.intercepts_]


# %% wrong sgd_step_matches classes_of_the_batch
# says: You number the classes that occur in the batch; a class may be missing there.
# hint: 3
# teach: What are the columns of the output if a batch holds one class only?
def sgd_step_matches(mlp, X, y):
    target = y[:, None]
    if hasattr(mlp, "classes_"):
        target = (y[:, None] == np.unique(y)).astype(float)
        if mlp.n_outputs_ == 1:
            target = target[:, -1:]
    outputs = [X]
    for W, b in zip(mlp.coefs_[:-1], mlp.intercepts_[:-1], strict=True):
        outputs.append(activate(mlp.activation, outputs[-1] @ W + b))
    last = outputs[-1] @ mlp.coefs_[-1] + mlp.intercepts_[-1]
    delta = (activate(mlp.out_activation_, last) - target) / len(X)
    coefs, intercepts = [], []
    for layer in reversed(range(len(mlp.coefs_))):
        W, b = mlp.coefs_[layer], mlp.intercepts_[layer]
        coefs.insert(0, W - mlp.learning_rate_init * outputs[layer].T @ delta)
        intercepts.insert(0, b - mlp.learning_rate_init * delta.sum(axis=0))
        delta = delta @ W.T * slope_at(mlp.activation, outputs[layer])
    return coefs, intercepts


# %% right sgd_step_matches lists_in_order
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        Y = Y == mlp.classes_
        Y = Y[:, 1:] if len(mlp.classes_) == 2 else Y
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * slope_at(mlp.activation, A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts


# %% right sgd_step_matches loops_over_examples
def sgd_step_matches(mlp, X, y):
    from copy import deepcopy

    dWs = [np.zeros_like(W) for W in mlp.coefs_]
    dbs = [np.zeros_like(b) for b in mlp.intercepts_]
    last = len(dWs) - 1
    for x_n, y_n in zip(X, y):
        acts = [x_n]
        for i, (W, b) in enumerate(zip(mlp.coefs_, mlp.intercepts_)):
            name = mlp.out_activation_ if i == last else mlp.activation
            acts.append(activate(name, (acts[-1] @ W + b)[None])[0])
        if mlp.out_activation_ == "softmax":
            target = (mlp.classes_ == y_n).astype(float)
        elif mlp.out_activation_ == "logistic":
            target = float(y_n == mlp.classes_[1])
        else:
            target = y_n
        delta = acts[-1] - target
        for i in range(last, -1, -1):
            dWs[i] += np.outer(acts[i], delta) / len(X)
            dbs[i] += delta / len(X)
            delta = mlp.coefs_[i] @ delta * slope_at(mlp.activation, acts[i])
    rate = mlp.learning_rate_init
    coefs, intercepts = deepcopy(mlp.coefs_), deepcopy(mlp.intercepts_)
    for i in range(last + 1):
        coefs[i] -= rate * dWs[i]
        intercepts[i] -= rate * dbs[i]
    return coefs, intercepts


# %% right sgd_step_matches the_librarys_step_with_all_switched_off
def sgd_step_matches(mlp, X, y):
    from sklearn.base import clone

    twin = clone(mlp)
    twin.set_params(solver="sgd", alpha=0, momentum=0, batch_size=len(X), shuffle=False)
    if hasattr(mlp, "classes_"):
        twin.partial_fit(X, y, classes=mlp.classes_)
    else:
        twin.partial_fit(X, y)
    twin.coefs_ = [W.copy() for W in mlp.coefs_]
    twin.intercepts_ = [b.copy() for b in mlp.intercepts_]
    twin.partial_fit(X, y)
    return twin.coefs_, twin.intercepts_


# %% right sgd_step_matches labels_by_searching
def sgd_step_matches(mlp, X, y):
    Y = y[:, None]
    if hasattr(mlp, "classes_"):
        place = np.searchsorted(mlp.classes_, y)
        Y = np.eye(len(mlp.classes_))[place]
        if len(mlp.classes_) == 2:
            Y = place.reshape(-1, 1)
    names = [mlp.activation] * (len(mlp.coefs_) - 1) + [mlp.out_activation_]
    A = [X]
    for name, W, b in zip(names, mlp.coefs_, mlp.intercepts_):
        A.append(activate(name, A[-1] @ W + b))
    delta = (A[-1] - Y) / len(X)
    coefs, intercepts = [], []
    for i in range(len(mlp.coefs_))[::-1]:
        W, b = mlp.coefs_[i], mlp.intercepts_[i]
        dW, db = A[i].T @ delta, delta.sum(axis=0)
        delta = (delta @ W.T) * {
            "relu": lambda a: np.where(a > 0, 1.0, 0.0),
            "tanh": lambda a: 1 - a * a,
            "logistic": lambda a: a - a * a,
            "identity": lambda a: 1.0,
        }[mlp.activation](A[i])
        coefs.insert(0, W - mlp.learning_rate_init * dW)
        intercepts.insert(0, b - mlp.learning_rate_init * db)
    return coefs, intercepts
