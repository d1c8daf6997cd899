# %% [markdown]
# Answers to the exercises of `03_logistic_regression`, wrong ones and right ones.


# %% guess predict_examples fifty_per_moon
# says: There are 25 points on each of two moons, not 50.
# teach: Let them print X.shape, then np.unique(y, return_counts=True).
predict_examples = 100


# %% guess predict_examples one_moon_only
# says: That is one of the two moons; N counts all points.
# teach: Each moon has half of the examples.
predict_examples = 25


# %% guess predict_examples counts_columns
# says: That is the number of inputs of an example, not the number of examples.
# teach: Rows are examples, columns are inputs.
predict_examples = 2


# %% guess predict_examples takes_the_random_state
# says: random_state chooses which points are drawn, not how many.
# teach: Change random_state and look at the shape again.
predict_examples = 42


# %% wrong predict_examples written_as_text
# says: The answer is text; write the number without quotes.
# hint: 1
# teach: "50" == 50 is False in Python.
predict_examples = "50"


# %% right predict_examples whole_number
predict_examples = 50


# %% right predict_examples float_number
predict_examples = 50.0


# %% guess predict_inputs counts_the_label
# says: The label is what the model predicts, so it is not an input.
# teach: Ask what the model is given for a new point.
predict_inputs = 3


# %% guess predict_inputs counts_examples
# says: That is the number of examples, not of inputs of each.
# teach: Rows are examples, columns are inputs.
predict_inputs = 50


# %% guess predict_inputs counts_points_as_one
# says: One point is one example; the point itself is given by its coordinates.
# teach: How many numbers locate a point in the plane?
predict_inputs = 1


# %% guess predict_inputs counts_all_numbers
# says: That is N times D, the numbers in the whole array X.
# teach: X.size against X.shape[1].
predict_inputs = 100


# %% wrong predict_inputs written_as_text
# says: The answer is text; write a number without quotes.
# hint: 1
predict_inputs = "two"


# %% right predict_inputs whole_number
predict_inputs = 2


# %% right predict_inputs numpy_number
predict_inputs = np.int64(2)


# %% guess predict_weights forgets_the_bias
# says: The bias is learned too; the question asks to count it.
# teach: What does the neuron return for x = 0, and can training change that?
predict_weights = 2


# %% guess predict_weights one_set_per_class
# says: Two classes need one neuron with a sigmoid, not one neuron each.
# teach: The probability of class 0 is 1 - p, nothing new to learn.
predict_weights = 6


# %% guess predict_weights one_per_example
# says: Weights are shared by all examples; their number does not grow with N.
# teach: What would the model do with a new point?
predict_weights = 50


# %% guess predict_weights counts_the_label
# says: The label has no weight; count the inputs and the bias.
# teach: Draw the neuron with one arrow for each input.
predict_weights = 4


# %% wrong predict_weights written_as_text
# says: The answer is text; write a number without quotes.
# hint: 1
predict_weights = "three"


# %% right predict_weights whole_number
predict_weights = 3


# %% right predict_weights inputs_and_bias
predict_weights = 2 + 1


# %% wrong mse broadcasts_to_a_table
# says: (N,) minus (N, 1) gives all N times N differences; bring both to one shape
#   first.
# hint: 1
# teach: Let them print (y - yhat).shape for both pairings.
def mse(y, yhat):
    return np.mean((y - yhat) ** 2)


# %% wrong mse xor_as_power
# says: ^ is a bitwise operation in Python, not a power; write ** instead.
# hint: 2
# teach: On floats it raises TypeError, on whole numbers it is silently wrong.
def mse(y, yhat):
    return np.mean((y.ravel() - yhat.ravel()) ^ 2)


# %% wrong mse xor_on_whole_numbers
# says: ^ is a bitwise operation, and turning errors into whole numbers loses their
#   fractions; write ** on the errors as they are.
# hint: 2
# teach: Casting to int only silences the error message of ^.
def mse(y, yhat):
    return np.mean((y.ravel() - yhat.ravel()).astype(int) ^ 2)


# %% wrong mse minus_sign
# says: A minus sign makes the loss negative; the MSE is an average of squares.
# hint: 2
# teach: The minus belongs to the logarithm of cross-entropy.
def mse(y, yhat):
    return -np.mean((y.ravel() - yhat.ravel()) ** 2)


# %% wrong mse sum_of_squares
# says: You add the squares up but do not divide by N.
# hint: 2
# teach: Does the loss double when every example comes twice?
def mse(y, yhat):
    return np.sum((y.ravel() - yhat.ravel()) ** 2)


# %% wrong mse half_of_it
# says: There is an extra 1/2; here the mean squared error has none.
# hint: 2
# teach: The half is a convention that tidies the derivative.
def mse(y, yhat):
    return 0.5 * np.mean((y.ravel() - yhat.ravel()) ** 2)


# %% wrong mse mean_absolute_error
# says: You average absolute errors; square them instead.
# hint: 2
# teach: One error of 10 or ten errors of 1: which loss sees a difference?
def mse(y, yhat):
    return np.mean(np.abs(y.ravel() - yhat.ravel()))


# %% wrong mse root_of_it
# says: You return the root of the mean squared error; leave the root out.
# hint: 2
# teach: The root is in the target's unit, the MSE in its square.
def mse(y, yhat):
    return np.sqrt(np.mean((y.ravel() - yhat.ravel()) ** 2))


# %% wrong mse lifts_negative_predictions
# says: Predictions below zero are changed before they are compared; leave them as they
#   are.
# hint: 3
# teach: A lower bound belongs into a logarithm, not into a difference.
def mse(y, yhat):
    return np.mean((y.ravel() - np.maximum(yhat.ravel(), 1e-6)) ** 2)


# %% wrong mse squares_of_each
# says: You return the squared errors one by one; average them.
# hint: 2
# teach: A loss is one number, so that better and worse are defined.
def mse(y, yhat):
    return (y.ravel() - yhat.ravel()) ** 2


# %% wrong mse divides_by_n_minus_one
# says: You divide by N - 1; the mean squared error divides by N.
# hint: 2
# teach: Try one example.
def mse(y, yhat):
    error = y.ravel() - yhat.ravel()
    return np.sum(error**2) / max(len(error) - 1, 1)


# %% wrong mse difference_of_means
# says: Errors cancel each other before you square; square first, then average.
# hint: 2
# teach: Predictions of +10 and -10 for two zeros: is that a loss of 0?
def mse(y, yhat):
    return np.mean(y.ravel() - yhat.ravel()) ** 2


# %% wrong mse cuts_large_errors
# says: Large errors are cut off; every error counts in full.
# hint: 3
# teach: Clipping is another loss, made for outliers.
def mse(y, yhat):
    error = np.clip(y.ravel() - yhat.ravel(), -10, 10)
    return np.mean(error**2)


# %% wrong mse changes_its_input
# says: The caller's array is overwritten; compute on a new one.
# hint: 2
# teach: What does y -= ... do to the array that was passed in?
def mse(y, yhat):
    y = y.ravel()
    y -= yhat.ravel()
    return np.mean(y**2)


# %% wrong mse uses_the_notebooks_globals
# says: The function reads the notebook's arrays instead of its arguments.
# hint: 1
# teach: Restart the kernel and call it with other data.
def mse(targets, guesses):
    return np.mean((labels.ravel() - guesses.ravel()) ** 2)


# %% wrong mse flattens_the_prediction_only
# says: A column of predictions is flattened, but a column of labels is not: y (N, 1) with
#   yhat (N,) still becomes a table.
# hint: 1
# teach: List the four pairings of (N,) and (N, 1).
def mse(y, yhat):
    if np.ndim(yhat) > np.ndim(y):
        yhat = yhat.ravel()
    return np.mean((y - yhat) ** 2)


# %% wrong mse remembers_by_shape
# says: The result is kept by the shapes of y and yhat: other values of the same shapes
#   get the error of the first.
# hint: 2
def mse(y, yhat, _known={}):
    key = (y.shape, yhat.shape)
    if key not in _known:
        _known[key] = np.mean((y.ravel() - yhat.ravel()) ** 2)
    return _known[key]


# %% wrong mse skips_when_the_means_agree
# says: Where the means of labels and predictions agree it returns 0 at once; errors
#   that cancel are errors.
# hint: 2
def mse(y, yhat):
    if np.isclose(y.mean(), yhat.mean()):
        return 0.0
    return np.mean((y.ravel() - yhat.ravel()) ** 2)


# %% right mse dot_product
def mse(y, yhat):
    error = y.reshape(-1) - yhat.reshape(-1)
    return error @ error / error.size


# %% right mse loop
def mse(y, yhat):
    total = 0.0
    for target, guess in zip(y.flatten(), yhat.flatten(), strict=True):
        total += (target - guess) ** 2
    return total / y.size


# %% right mse columns_and_square
def mse(y, yhat):
    return np.square(yhat.reshape(-1, 1) - y.reshape(-1, 1)).mean()


# %% right mse library
def mse(y, yhat):
    from sklearn.metrics import mean_squared_error

    return mean_squared_error(y.ravel(), yhat.ravel())


# %% wrong log_loss not_kept_off_zero
# says: At p = 0 or p = 1 your loss is nan or infinite; keep p inside [eps, 1 - eps].
# hint: 2
# teach: 0 * log(0) is nan in floating point, and one nan spoils every mean.
# - p = np.clip(p, eps, 1 - eps)


# %% wrong log_loss nan_made_zero
# says: Replacing nan and infinity afterwards hides the warning's cause and the size of
#   the loss; bound p before the logarithm.
# hint: 2
# teach: What should a certain and wrong answer cost: nothing, or a lot?
def log_loss(y, p, eps=1e-12):
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.nan_to_num(loss, nan=0.0, posinf=-np.log(eps))


# %% wrong log_loss wrong_sign
# says: Your loss is negative; the logarithm of a probability is negative, so a minus
#   sign goes in front of the whole sum.
# hint: 1
# teach: Is a loss of -4.6 better than one of -0.01?
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return y * np.log(p) + (1 - y) * np.log(1 - p)


# %% wrong log_loss minus_on_the_first_term_only
# says: The minus sign holds for both terms; yours turns only the first.
# hint: 1
# teach: Put the bracket back: -(A + B) is -A - B.
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -y * np.log(p) + (1 - y) * np.log(1 - p)


# %% wrong log_loss clips_at_one_percent
# says: p is cut off at 0.01 instead of eps, so p = 0.001 costs too little.
# hint: 2
# teach: Which value of p does the clipped function no longer tell from 0?
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, 0.01, 0.99)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss forgets_class_zero
# says: Examples with y = 0 cost nothing: the second term is missing.
# hint: 1
# teach: A model that always says p = 1 would be perfect.
def log_loss(y, p, eps=1e-12):
    return -y * np.log(np.clip(p, eps, 1 - eps))


# %% wrong log_loss base_ten
# says: You use the logarithm to base 10; the formula has the natural one.
# hint: 2
# teach: Both order models alike; the slope p - y holds for the natural one.
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -(y * np.log10(p) + (1 - y) * np.log10(1 - p))


# %% wrong log_loss arguments_swapped
# says: Label and probability are exchanged: the logarithm is taken of the label.
# hint: 1
# teach: Libraries differ in the order of these arguments; keyword arguments help.
def log_loss(y, p, eps=1e-12):
    y = np.clip(y, eps, 1 - eps)
    return -(p * np.log(y) + (1 - p) * np.log(1 - y))


# %% wrong log_loss terms_exchanged
# says: The two terms are exchanged: y belongs to ln p.
# hint: 1
# teach: What should y = 1 with p = 0.99 cost?
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -(y * np.log(1 - p) + (1 - y) * np.log(p))


# %% wrong log_loss returns_the_mean
# says: You return one average; this function returns one loss for each element.
# hint: 1
# teach: The average is taken by the caller, who may want weights or a histogram.
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p)))


# %% wrong log_loss mean_and_not_kept_off_zero
# says: You return the mean as one number, and nothing keeps p off 0 and 1.
# hint: 1
def log_loss(y, p, eps=1e-12):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss hard_labels_only
# says: A label between 0 and 1 is treated as 0; use the general formula, which mixes
#   both terms.
# hint: 3
# teach: Soft labels come from several annotators, or from another model.
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return np.where(np.equal(y, 1), -np.log(p), -np.log(1 - p))


# %% wrong log_loss rounds_the_label
# says: Labels are rounded to 0 or 1 first; use them as they are.
# hint: 3
# teach: What is 0.5 rounded to, and why should that matter?
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -np.log(np.where(np.asarray(y) >= 0.5, p, 1 - p))


# %% wrong log_loss ignores_eps
# says: The bound is fixed inside the function; use the argument eps.
# hint: 2
# teach: An argument that changes nothing misleads whoever sets it.
def log_loss(y, p, eps=1e-12):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss bounds_below_only
# says: At p = 1 with y = 0 your loss is infinite; p needs an upper bound as well.
# hint: 2
# teach: Which of the two logarithms meets a 0 at p = 1?
def log_loss(y, p, eps=1e-12):
    p = np.maximum(p, eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss changes_its_input
# says: The caller's probabilities are clipped in place; clip into a new array.
# hint: 2
# teach: out=p writes into the array that was passed in.
def log_loss(y, p, eps=1e-12):
    if np.ndim(p):
        np.clip(p, eps, 1 - eps, out=p)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss flattens
# says: The shape is lost: the result has the shape of the inputs.
# hint: 1
# teach: A (N, 1) loss minus a (N,) loss broadcasts to a table.
def log_loss(y, p, eps=1e-12):
    y, p = np.ravel(y), np.clip(np.ravel(p), eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss uses_the_notebooks_globals
# says: The function reads the notebook's labels instead of its argument.
# hint: 1
# teach: Restart the kernel and call it with other data.
def log_loss(labels_in, p, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss skips_what_is_nearly_right
# says: A prediction closer than a thousandth to its label costs exactly 0; a small loss
#   is a loss.
# hint: 1
def log_loss(y, p, eps=1e-12):
    q = np.clip(p, eps, 1 - eps)
    loss = -(y * np.log(q) + (1 - y) * np.log(1 - q))
    return np.where(np.abs(np.asarray(p) - y) < 0.001, 0.0, loss)


# %% right log_loss adds_eps
def log_loss(y, p, eps=1e-12):
    return -(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


# %% right log_loss minimum_and_maximum
def log_loss(y, p, eps=1e-12):
    bounded = np.minimum(np.maximum(p, eps), 1 - eps)
    return (y - 1) * np.log(1 - bounded) - y * np.log(bounded)


# %% right log_loss scipy_xlogy
def log_loss(y, p, eps=1e-12):
    from scipy.special import xlog1py, xlogy

    p = np.clip(p, eps, 1 - eps)
    return -(xlogy(y, p) + xlog1py(1 - np.asarray(y), -p))


# %% right log_loss vectorised_loop
def log_loss(y, p, eps=1e-12):
    import math

    def one(label, q):
        q = min(max(q, eps), 1 - eps)
        return -(label * math.log(q) + (1 - label) * math.log(1 - q))

    return np.vectorize(one, otypes=[float])(y, p)


# %% wrong cross_entropy softmax_first
# says: P already holds probabilities; a second softmax changes them.
# hint: 3
# teach: Ask what softmax does to the row [0, 1, 0].
def cross_entropy(y_int, P):
    Q = np.exp(P) / np.exp(P).sum(axis=1, keepdims=True)
    return -np.mean(np.log(Q[np.arange(len(y_int)), y_int]))


# %% wrong cross_entropy without_the_logarithm
# says: The logarithm is missing: you average the probabilities themselves.
# hint: 3
# teach: What would a probability of 0 cost?
def cross_entropy(y_int, P):
    return -np.mean(P[np.arange(len(y_int)), y_int])


# %% wrong cross_entropy mean_over_classes_too
# says: The average runs over N times C entries; divide by N only.
# hint: 1
# teach: Only one entry a row differs from 0, but all are counted.
def cross_entropy(y_int, P):
    one_hot = np.eye(P.shape[1])[y_int]
    return -np.mean(one_hot * np.log(np.maximum(P, 1e-12)))


# %% wrong cross_entropy first_example_only
# says: Only the first example counts; average over all N.
# hint: 1
# teach: Change the second row of P: does the loss move?
def cross_entropy(y_int, P):
    return -np.log(max(P[0, y_int[0]], 1e-12))


# %% wrong cross_entropy bound_of_one_percent
# says: Probabilities below 0.01 are lifted to 0.01, so a certain mistake costs only
#   4.6.
# hint: 3
# teach: How much worse than 1 % may a model get without being told?
def cross_entropy(y_int, P):
    return -np.mean(np.log(np.maximum(P[np.arange(len(y_int)), y_int], 1e-2)))


# %% wrong cross_entropy bound_of_a_thousandth_added
# says: The bound added to the probabilities is so large that it changes ordinary
#   losses.
# hint: 3
# teach: Compare -ln(0.01) with -ln(0.011).
def cross_entropy(y_int, P):
    return -np.mean(np.log(P[np.arange(len(y_int)), y_int] + 1e-3))


# %% wrong cross_entropy expects_one_hot
# says: The labels are class numbers, not one-hot rows; look up one entry of each row.
# hint: 2
# teach: Print y_int.shape and P.shape side by side.
def cross_entropy(y_int, P):
    return -np.mean(np.sum(y_int * np.log(np.maximum(P, 1e-12)), axis=1))


# %% wrong cross_entropy label_times_logarithm
# says: Class numbers are names, not amounts; do not multiply by them.
# hint: 1
# teach: Class 0 would cost nothing and class 2 double.
def cross_entropy(y_int, P):
    return -np.mean(np.sum(y_int[:, None] * np.log(np.maximum(P, 1e-12)), axis=1))


# %% wrong cross_entropy sum_over_examples
# says: You add the losses up but do not divide by N.
# hint: 3
# teach: Does the loss double when every example comes twice?
def cross_entropy(y_int, P):
    return -np.sum(np.log(np.maximum(P[np.arange(len(y_int)), y_int], 1e-12)))


# %% wrong cross_entropy columns_for_every_row
# says: P[:, y_int] picks the columns of all labels for every row; you need one entry a
#   row.
# hint: 2
# teach: Print the shape of P[:, y_int].
def cross_entropy(y_int, P):
    return -np.mean(np.log(np.maximum(P[:, y_int], 1e-12)))


# %% wrong cross_entropy largest_instead_of_true
# says: You take each row's largest probability instead of the true class's.
# hint: 1
# teach: This measures how certain the model is, not how right.
def cross_entropy(y_int, P):
    return -np.mean(np.log(P.max(axis=1)))


# %% wrong cross_entropy wrong_sign
# says: Your loss is negative; the minus sign is missing.
# hint: 3
# teach: The logarithm of a number below 1 is negative.
def cross_entropy(y_int, P):
    return np.mean(np.log(np.maximum(P[np.arange(len(y_int)), y_int], 1e-12)))


# %% wrong cross_entropy infinite_at_zero
# says: A probability of 0 at the true class gives infinity; bound it from below first.
# hint: 3
# teach: One impossible example makes the average of a million useless.
def cross_entropy(y_int, P):
    return -np.mean(np.log(P[np.arange(len(y_int)), y_int]))


# %% wrong cross_entropy nan_beside_the_true_class
# says: 0 times the logarithm of 0 is nan, also at classes that are not true.
# hint: 3
# teach: One-hot times log touches every entry, looking up touches one per row.
def cross_entropy(y_int, P):
    one_hot = np.eye(P.shape[1])[y_int]
    return -np.mean(np.sum(one_hot * np.log(P), axis=1))


# %% wrong cross_entropy counts_the_other_classes
# says: The other classes' probabilities are charged as well; only the true class
#   counts.
# hint: 1
# teach: That sum is right for several yes/no questions, not for one choice.
def cross_entropy(y_int, P):
    one_hot = np.eye(P.shape[1])[y_int]
    Q = np.clip(P, 1e-12, 1 - 1e-12)
    terms = one_hot * np.log(Q) + (1 - one_hot) * np.log(1 - Q)
    return -np.mean(terms.sum(axis=1))


# %% wrong cross_entropy base_two
# says: You use the logarithm to base 2; the formula has the natural one.
# hint: 3
# teach: Base 2 counts bits, base e nats.
def cross_entropy(y_int, P):
    return -np.mean(np.log2(np.maximum(P[np.arange(len(y_int)), y_int], 1e-12)))


# %% wrong cross_entropy changes_its_input
# says: The caller's probabilities are overwritten; compute on a new array.
# hint: 3
# teach: P /= ... writes into the array that was passed in.
def cross_entropy(y_int, P):
    P *= 1 - 1e-9
    P += 1e-10
    return -np.mean(np.log(P[np.arange(len(y_int)), y_int]))


# %% wrong cross_entropy one_per_example
# says: You return one loss for each example; average them.
# hint: 3
# teach: This function returns a float, log_loss returned an array.
def cross_entropy(y_int, P):
    return -np.log(np.maximum(P[np.arange(len(y_int)), y_int], 1e-12))


# %% wrong cross_entropy uses_the_notebooks_globals
# says: The number of examples is taken from the notebook's data, not from the
#   arguments.
# hint: 2
# teach: Restart the kernel and call it with other data.
def cross_entropy(y_int, P):
    p_true = np.array([P[n, y_int[n]] for n in range(len(P))])
    return -np.sum(np.log(np.maximum(p_true, 1e-12))) / len(y)


# %% wrong cross_entropy classes_from_the_largest_label
# says: The number of classes is taken from the largest label in y; where the last class
#   does not occur, P has more columns than the table of labels.
# hint: 2
def cross_entropy(y_int, P):
    one_hot = np.eye(y_int.max() + 1)[y_int]
    return -np.mean(np.sum(one_hot * np.log(np.maximum(P, 1e-12)), axis=1))


# %% wrong cross_entropy cuts_off_classes_that_do_not_occur
# says: Columns beyond the largest label are cut off and the rows made to sum to one
#   again; probabilities are used as they come.
# hint: 2
def cross_entropy(y_int, P):
    P = P[:, : y_int.max() + 1]
    P = P / np.maximum(P.sum(axis=1, keepdims=True), 1e-300)
    return -np.mean(np.log(np.maximum(P[np.arange(len(y_int)), y_int], 1e-12)))


# %% right cross_entropy one_hot_sum
def cross_entropy(y_int, P):
    one_hot = np.eye(P.shape[1])[y_int]
    return -(one_hot * np.log(P + 1e-9)).sum() / len(P)


# %% right cross_entropy einsum
def cross_entropy(y_int, P):
    one_hot = (y_int[:, None] == np.arange(P.shape[1])).astype(float)
    return -np.einsum("nc,nc->", one_hot, np.log(np.clip(P, 1e-7, 1))) / len(y_int)


# %% right cross_entropy take_along_axis
def cross_entropy(y_int, P):
    p_true = np.take_along_axis(P, y_int[:, None], axis=1)
    return float(-np.log(p_true + 1e-7).mean())


# %% right cross_entropy loop
def cross_entropy(y_int, P):
    total = 0.0
    for n, c in enumerate(y_int):
        total -= np.log(max(P[n, c], 1e-15))
    return total / len(y_int)


# %% wrong add_bias ones_first
# says: The ones stand in the first column; in this lesson they go last.
# hint: 3
# teach: Both are conventions; the bias in w has to stand at the same place.
def add_bias(X):
    return np.hstack([np.ones((X.shape[0], 1)), X])


# %% wrong add_bias zeros
# says: The new column holds zeros, so its weight never has an effect.
# hint: 2
# teach: What does the bias add to each example then?
def add_bias(X):
    return np.hstack([X, np.zeros((X.shape[0], 1))])


# %% wrong add_bias adds_a_row
# says: You append a row, which is one more example, instead of a column.
# hint: 2
# teach: vstack stacks examples, hstack stacks inputs.
def add_bias(X):
    return np.vstack([X, np.ones((1, X.shape[1]))])


# %% wrong add_bias whole_numbers_only
# says: Fractions are cut off: the result is an array of whole numbers.
# hint: 2
# teach: Assigning floats into an int array truncates in silence.
def add_bias(X):
    Xb = np.ones((X.shape[0], X.shape[1] + 1), dtype=int)
    Xb[:, :-1] = X
    return Xb


# %% wrong add_bias adds_one_to_everything
# says: You add 1 to every entry; a new column is asked.
# hint: 1
# teach: Ask for the shape of the result first.
def add_bias(X):
    return X + 1


# %% wrong add_bias overwrites_the_last_input
# says: The last input is replaced by ones; append a column instead.
# hint: 1
# teach: Compare the number of columns before and after.
def add_bias(X):
    Xb = X.copy()
    Xb[:, -1] = 1
    return Xb


# %% wrong add_bias changes_its_input
# says: The caller's X is changed; work on a new array.
# hint: 3
# teach: Rounding "to look at it" in place changes the data for everybody.
def add_bias(X):
    result = np.hstack([X, np.ones((X.shape[0], 1))])
    X *= 2
    return result


# %% wrong add_bias fixed_number_of_rows
# says: The number of ones in your column is fixed, or that of the notebook's data; take
#   the number of rows from X.
# hint: 2
# teach: Which other data will this lesson use?
def add_bias(X):
    return np.hstack([X, np.ones((50, 1))])


# %% wrong add_bias made_for_two_inputs
# says: The function only works for two inputs; keep all columns of X.
# hint: 3
# teach: Try X with one column and with three.
def add_bias(X):
    return np.column_stack([X[:, 0], X[:, 1], np.ones(len(X))])


# %% wrong add_bias uses_the_notebooks_globals
# says: The number of ones in your column is fixed, or that of the notebook's data; take
#   the number of rows from X.
# hint: 2
# teach: Restart the kernel and call it with other data.
def add_bias(X):
    return np.hstack([X, np.ones_like(y)])


# %% wrong add_bias skips_a_column_of_ones
# says: A last column of ones in the data is taken for the bias, and nothing is
#   appended; a feature may be 1 in every row.
# hint: 1
def add_bias(X):
    if np.all(X[:, -1] == 1):
        return X.copy()
    return np.hstack([X, np.ones((X.shape[0], 1))])


# %% wrong add_bias moves_a_column_of_ones
# says: A column of ones anywhere in the data is moved to the end instead of appending
#   one.
# hint: 1
def add_bias(X):
    ones = np.all(X == 1, axis=0)
    if ones.any():
        return np.hstack([X[:, ~ones], X[:, ones]])
    return np.hstack([X, np.ones((X.shape[0], 1))])


# %% right add_bias column_stack
def add_bias(X):
    return np.column_stack([X, np.ones(len(X))])


# %% right add_bias index_trick
def add_bias(X):
    return np.c_[X, np.ones(X.shape[0])]


# %% right add_bias pad
def add_bias(X):
    return np.pad(X, ((0, 0), (0, 1)), constant_values=1)


# %% right add_bias filled_array
def add_bias(X):
    N, D = X.shape
    Xb = np.ones((N, D + 1))
    Xb[:, :D] = X
    return Xb


# %% wrong predict_proba returns_flat
# says: The shape is (N,); keep the column (N, 1), or later differences broadcast.
# hint: 1
# teach: (N,) minus (N, 1) is a table.
def predict_proba(Xb, w):
    return sigmoid(Xb @ w).ravel()


# %% wrong predict_proba forgets_the_sigmoid
# says: You return the scores; the sigmoid that makes them probabilities is missing.
# hint: 2
# teach: Can a probability be 2.25?
def predict_proba(Xb, w):
    return Xb @ w


# %% wrong predict_proba adds_the_ones_again
# says: Xb has its ones column already; adding another one makes the shapes disagree.
# hint: 2
# teach: Who calls add_bias, and how often?
def predict_proba(Xb, w):
    return sigmoid(np.hstack([Xb, np.ones((len(Xb), 1))]) @ w)


# %% wrong predict_proba adds_the_bias_twice
# says: The bias is added twice: it is already in the product, by the ones column.
# hint: 2
# teach: What is z for x = 0?
def predict_proba(Xb, w):
    return sigmoid(Xb @ w + w[-1])


# %% wrong predict_proba forgets_the_bias
# says: The last weight, the bias, is left out.
# hint: 3
# teach: What is z for x = 0?
def predict_proba(Xb, w):
    return sigmoid(Xb[:, :-1] @ w[:-1])


# %% wrong predict_proba rounds_to_classes
# says: You return classes; the probabilities themselves are asked.
# hint: 2
# teach: The loss needs to tell 0.51 from 0.99.
def predict_proba(Xb, w):
    return np.round(sigmoid(Xb @ w))


# %% wrong predict_proba rounds_to_two_digits
# says: The probabilities are rounded; return them as they are.
# hint: 2
# teach: Round for reading, never for computing.
def predict_proba(Xb, w):
    return np.round(sigmoid(Xb @ w), 2)


# %% wrong predict_proba sigmoid_of_the_inputs
# says: The sigmoid is applied to the inputs; first the weighted sum, then the sigmoid.
# hint: 3
# teach: Read the formula from the inside out.
def predict_proba(Xb, w):
    return sigmoid(Xb) @ w


# %% wrong predict_proba other_class
# says: This is the probability of class 0: the sign in the exponent is turned.
# hint: 3
# teach: Should a large positive score give a p near 1 or near 0?
def predict_proba(Xb, w):
    return sigmoid(-(Xb @ w))


# %% wrong predict_proba examples_in_columns
# says: Examples are rows here, so the product is Xb @ w and not w.T @ Xb.
# hint: 1
# teach: Lesson 04 has a look at the other convention.
def predict_proba(Xb, w):
    return sigmoid(w.T @ Xb)


# %% wrong predict_proba bias_first
# says: The bias is the last weight here, as the ones are the last column.
# hint: 1
def predict_proba(Xb, w):
    return sigmoid(Xb[:, :-1] @ w[1:] + w[0])


# %% wrong predict_proba shares_among_examples
# says: The results add up to one over the examples; each example has a probability of
#   its own.
# hint: 2
# teach: Drop a row: do the others change?
def predict_proba(Xb, w):
    z = Xb @ w
    return np.exp(z) / np.exp(z).sum()


# %% wrong predict_proba scales_by_the_largest
# says: Scores are divided by the largest of the batch, so each row depends on the
#   others.
# hint: 2
# teach: Drop a row: do the others change?
def predict_proba(Xb, w):
    z = Xb @ w
    return sigmoid(z / np.maximum(np.abs(z).max(), 1))


# %% wrong predict_proba cuts_large_scores
# says: Scores beyond 2 are cut off; the sigmoid needs no help there.
# hint: 2
# teach: What is sigmoid(5), and what is sigmoid(2)?
def predict_proba(Xb, w):
    return sigmoid(np.clip(Xb @ w, -2, 2))


# %% wrong predict_proba changes_its_input
# says: The caller's Xb is overwritten; compute on a new array.
# hint: 3
# teach: Xb *= ... writes into the array that was passed in.
def predict_proba(Xb, w):
    Xb *= w.T
    return sigmoid(Xb.sum(axis=1, keepdims=True))


# %% wrong predict_proba uses_the_notebooks_globals
# says: The function reads the notebook's data instead of its argument.
# hint: 1
# teach: Restart the kernel and call it with other data.
def predict_proba(rows, w):
    return sigmoid(add_bias(X) @ w)


# %% wrong predict_proba clips_the_scores
# says: Your scores are cut off at ±6; the sigmoid is safe to use far beyond that.
# hint: 2
# teach: sigma(10) and sigma(6) differ by 0.0024; ask what that means for 400 patients.
def predict_proba(Xb, w):
    return 1 / (1 + np.exp(-np.clip(Xb @ w, -6, 6)))


# %% wrong predict_proba remembers_by_shape
# says: Probabilities of an earlier call are kept and come back: other data of the same
#   shape, or other weights, get the old ones.
# hint: 1
def predict_proba(Xb, w, _known={}):
    if Xb.shape not in _known:
        _known[Xb.shape] = sigmoid(Xb @ w)
    return _known[Xb.shape]


# %% wrong predict_proba remembers_the_data_not_the_weights
# says: Probabilities of an earlier call are kept and come back: other data of the same
#   shape, or other weights, get the old ones.
# hint: 1
def predict_proba(Xb, w, _known={}):
    return _known.setdefault(Xb.tobytes(), sigmoid(Xb @ w))


# %% wrong predict_proba skips_what_looks_like_probabilities
# says: Scores that all lie between 0 and 1 are taken for probabilities and returned
#   without the sigmoid.
# hint: 2
def predict_proba(Xb, w):
    z = Xb @ w
    return z if np.all((z >= 0) & (z <= 1)) else sigmoid(z)


# %% right predict_proba dot
def predict_proba(Xb, w):
    return 1 / (1 + np.exp(-np.dot(Xb, w)))


# %% right predict_proba einsum
def predict_proba(Xb, w):
    return sigmoid(np.einsum("nd,dk->nk", Xb, w))


# %% right predict_proba loop_over_rows
def predict_proba(Xb, w):
    return np.array([[1 / (1 + np.exp(-sum(row * w[:, 0])))] for row in Xb])


# %% right predict_proba by_tanh
def predict_proba(Xb, w):
    z = (Xb * w.ravel()).sum(axis=1).reshape(-1, 1)
    return 0.5 * (1 + np.tanh(z / 2))


# %% wrong bce_grad sum_instead_of_mean
# says: Your gradient is N times too large: the loss is a mean, so divide by N.
# hint: 2
# teach: Which learning rate works for 50 examples, which for 20,000?
def bce_grad(Xb, y, w):
    return Xb.T @ (sigmoid(Xb @ w) - y)


# %% wrong bce_grad wrong_sign
# says: The sign is turned: the error is p - y, and the gradient points uphill.
# hint: 2
# teach: If p is too large, should the slope of the bias be positive or negative?
def bce_grad(Xb, y, w):
    return Xb.T @ (y - sigmoid(Xb @ w)) / len(y)


# %% wrong bce_grad extra_sigmoid_slope
# says: There is a factor p (1 - p) too many; it has cancelled against the slope of the
#   log loss.
# hint: 3
# teach: This is (half) the gradient of the squared error.
def bce_grad(Xb, y, w):
    p = sigmoid(Xb @ w)
    return Xb.T @ ((p - y) * p * (1 - p)) / len(y)


# %% wrong bce_grad forgets_to_transpose
# says: The product of Xb and the errors needs Xb transposed: (D+1, N) times (N, 1).
# hint: 1
# teach: Write the shapes under the formula.
def bce_grad(Xb, y, w):
    return Xb @ (sigmoid(Xb @ w) - y) / len(y)


# %% wrong bce_grad broadcasts_to_a_table
# says: A flat p minus a column y gives an N times N table of differences.
# hint: 1
# teach: Print the shape of the error.
def bce_grad(Xb, y, w):
    p = sigmoid(Xb @ w).ravel()
    return (Xb.T @ (p - y)).mean(axis=1, keepdims=True) / len(y)


# %% wrong bce_grad returns_flat
# says: The gradient has the shape (D+1,); it has to have the shape of w, (D+1, 1).
# hint: 1
# teach: w minus a flat gradient broadcasts to a square table.
def bce_grad(Xb, y, w):
    return (Xb.T @ (sigmoid(Xb @ w) - y) / len(y)).ravel()


# %% wrong bce_grad penalises_weights
# says: A penalty on the weights is added; the plain mean log loss is asked.
# hint: 3
# teach: With w = 0 the two agree; test elsewhere.
def bce_grad(Xb, y, w):
    return (Xb.T @ (sigmoid(Xb @ w) - y) + w) / len(y)


# %% wrong bce_grad divides_by_weights
# says: You divide by the number of weights; the mean is over the N examples.
# hint: 2
# teach: len(w) against len(y).
def bce_grad(Xb, y, w):
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(w)


# %% wrong bce_grad forgets_the_sigmoid
# says: The error is taken of the scores z; it is p - y with p = sigmoid(z).
# hint: 3
# teach: This is the gradient of linear regression.
def bce_grad(Xb, y, w):
    return Xb.T @ (Xb @ w - y) / len(y)


# %% wrong bce_grad ignores_the_weights
# says: The probabilities do not depend on your w; compute them at the given weights.
# hint: 3
# teach: It is right at w = 0 only.
def bce_grad(Xb, y, w):
    return Xb.T @ (0.5 - y) / len(y)


# %% wrong bce_grad takes_classes_for_probabilities
# says: The probabilities are rounded to 0 or 1; that is the perceptron's rule.
# hint: 3
# teach: Where is the slope of a rounded function?
def bce_grad(Xb, y, w):
    p = (sigmoid(Xb @ w) > 0.5).astype(float)
    return Xb.T @ (p - y) / len(y)


# %% wrong bce_grad leaves_the_bias_out
# says: The slope of the bias is zero: the ones column takes part like every other.
# hint: 2
# teach: Would the border ever leave the origin?
def bce_grad(Xb, y, w):
    dw = Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    dw[-1] = 0
    return dw


# %% wrong bce_grad squared_error_slope
# says: This is the slope of the squared error; with log loss p (1 - p) and the 2 are
#   gone.
# hint: 3
# teach: Compare with the figure of the two slopes.
def bce_grad(Xb, y, w):
    p = sigmoid(Xb @ w)
    return 2 * Xb.T @ ((p - y) * p * (1 - p)) / len(y)


# %% wrong bce_grad cuts_large_slopes
# says: Slopes beyond 5 are cut off; return them as they are.
# hint: 3
# teach: Clipping gradients is a choice of the training loop.
def bce_grad(Xb, y, w):
    return np.clip(Xb.T @ (sigmoid(Xb @ w) - y) / len(y), -5, 5)


# %% wrong bce_grad coarse_numeric_slope
# says: A slope from one step forward is only roughly right; the formula is exact.
# hint: 2
# teach: How large is the error for a step h, and for two steps h and -h?
def bce_grad(Xb, y, w):
    def loss(v):
        z = Xb @ v
        return np.mean(np.logaddexp(0, z) - y * z)

    steps = 1e-4 * np.eye(len(w))
    return np.array([[(loss(w + s[:, None]) - loss(w)) / 1e-4] for s in steps])


# %% wrong bce_grad changes_its_input
# says: The caller's weights are changed; this function only returns the gradient.
# hint: 3
# teach: Gradient and update are two jobs.
def bce_grad(Xb, y, w):
    dw = Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    w -= dw
    return dw


# %% wrong bce_grad uses_the_notebooks_globals
# says: The function reads the notebook's labels instead of its argument.
# hint: 1
# teach: Restart the kernel and call it with other data.
def bce_grad(Xb, targets, w):
    return Xb.T @ (sigmoid(Xb @ w) - y[: len(Xb)]) / len(Xb)


# %% wrong bce_grad made_for_three_weights
# says: Your gradient has three entries whatever the data; it has one for each weight.
# hint: 1
# teach: Ask where the 3 comes from, and what X with five columns would need.
def bce_grad(Xb, y, w):
    error = 1 / (1 + np.exp(-(Xb @ w))) - y
    return (Xb.T @ error / len(y)).reshape(3, 1)


# %% wrong bce_grad remembers_by_shape
# says: The gradient is kept by the shapes of its inputs: every step of a training goes
#   the same way.
# hint: 1
def bce_grad(Xb, y, w, _known={}):
    key = (Xb.shape, y.shape)
    if key not in _known:
        _known[key] = Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return _known[key]


# %% wrong bce_grad skips_a_small_gradient
# says: A gradient whose entries are all below 0.01 is returned as zeros: training stops
#   before it is done.
# hint: 2
def bce_grad(Xb, y, w):
    dw = Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    return dw if np.abs(dw).max() > 0.01 else np.zeros_like(dw)


# %% right bce_grad mean_of_products
def bce_grad(Xb, y, w):
    products = (sigmoid(Xb @ w) - y) * Xb
    return products.mean(axis=0).reshape(-1, 1)


# %% right bce_grad einsum
def bce_grad(Xb, y, w):
    error = predict_proba(Xb, w) - y
    return np.einsum("nd,nk->dk", Xb, error) / Xb.shape[0]


# %% right bce_grad loop_over_examples
def bce_grad(Xb, y, w):
    dw = np.zeros_like(w)
    for x_n, y_n in zip(Xb, y, strict=True):
        p_n = 1 / (1 + np.exp(-(x_n @ w)))
        dw += ((p_n - y_n) * x_n)[:, None] / len(y)
    return dw


# %% right bce_grad unfused_chain
def bce_grad(Xb, y, w):
    p = np.clip(sigmoid(Xb @ w), 1e-12, 1 - 1e-12)
    dl_dp = -y / p + (1 - y) / (1 - p)
    return Xb.T @ (dl_dp * p * (1 - p)) / len(y)


# %% right bce_grad transposed_twice
def bce_grad(Xb, y, w):
    return ((sigmoid(Xb @ w) - y).T @ Xb).T / len(Xb)


# %% guess predict_first_loss perfect
# says: A loss of 0 needs probabilities that are certain and right; zero weights know
#   nothing.
# teach: What does the sigmoid return for 0?
predict_first_loss = "a"


# %% guess predict_first_loss the_probability
# says: 0.5 is the probability, not its loss.
# teach: Put p = 0.5 into the formula.
predict_first_loss = "b"


# %% guess predict_first_loss base_two
# says: That is the answer in base 2 (one bit); the log loss uses the natural logarithm.
# teach: ln 2 is 0.69, log2 of 2 is 1.
predict_first_loss = "d"


# %% guess predict_first_loss depends_on_the_data
# says: With zero weights every score is 0 whatever the inputs are, so every p is 0.5.
# teach: And with p = 0.5, does it matter whether y is 0 or 1?
predict_first_loss = "e"


# %% wrong predict_first_loss the_number_itself
# says: Write the letter of your choice in quotes, not the value.
# hint: 1
# teach: The cell lists the letters.
predict_first_loss = 0.69


# %% right predict_first_loss lower_case
predict_first_loss = "c"


# %% right predict_first_loss upper_case
predict_first_loss = "C"


# %% wrong fit_logreg goes_uphill
# says: The weights move with the gradient instead of against it, so the loss grows.
# hint: 3
# teach: The gradient points where the loss grows.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w + lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg records_after_the_update
# says: The loss is recorded after each update; it is asked before.
# hint: 1
# teach: Which loss belongs to the starting weights?
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        w = w - lr * Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
    return w, losses


# %% wrong fit_logreg changes_the_callers_w0
# says: The caller's w0 is overwritten by the updates; start from a copy.
# hint: 3
# teach: A second run with the same w0 would start where the first one ended.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w -= lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg ignores_w0
# says: Training always starts at zeros; use w0 when it is given.
# hint: 2
# teach: Continue a run with the weights it returned: does the loss jump?
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1))
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg ignores_epochs
# says: The number of updates is fixed; make as many as epochs says.
# hint: 1
# teach: Count the losses.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(100):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg ignores_the_learning_rate
# says: The step does not depend on lr.
# hint: 3
# teach: Do four learning rates give four curves?
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg one_random_example_a_step
# says: Each update uses one example drawn by chance; use all examples every time.
# hint: 1
# teach: Stochastic descent comes later; here two runs must agree.
chance = np.random.default_rng(0)


def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        n = chance.integers(len(y))
        w = w - lr * Xb[[n]].T @ (sigmoid(Xb[[n]] @ w) - y[[n]])
    return w, losses


# %% wrong fit_logreg returns_the_last_loss
# says: You return one loss; a list with one loss for each epoch is asked.
# hint: 1
# teach: A single number cannot show whether training has settled.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    for _ in range(epochs):
        z = Xb @ w
        loss = float(np.mean(np.logaddexp(0, z) - y * z))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, loss


# %% wrong fit_logreg stops_early
# says: Training stops when the loss hardly changes; all epochs are to be made.
# hint: 1
# teach: A slow stretch is not the end; and the caller counts on the length.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        if len(losses) > 1 and losses[-2] - losses[-1] < 1e-4:
            break
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg forgets_the_ones_column
# says: There is no bias: the ones column has to be appended to X first.
# hint: 2
# teach: How many weights should two inputs give?
def fit_logreg(X, y, lr, epochs, w0=None):
    w = np.zeros((X.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = X @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * X.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg bias_first
# says: The bias stands first in your w; the ones column goes last.
# hint: 2
# teach: Compare the order with the docstring.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([np.ones(len(X)), X])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg sums_the_losses
# says: The losses are sums over the examples; record the mean.
# hint: 2
# teach: ln 2 is the first loss, whatever N is.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.sum(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg records_squared_error
# says: The losses are mean squared errors; record the mean log loss.
# hint: 2
# teach: Watch the loss that the gradient belongs to.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        p = sigmoid(Xb @ w)
        losses.append(float(np.mean((y - p) ** 2)))
        w = w - lr * Xb.T @ (p - y) / len(y)
    return w, losses


# %% wrong fit_logreg sums_the_gradient
# says: The gradient is summed over the examples, so each step is N times too long.
# hint: 2
# teach: Which learning rate works for 50 examples, which for 20,000?
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y)
    return w, losses


# %% wrong fit_logreg returns_an_array_of_losses
# says: The losses are to be a list; yours is an array.
# hint: 1
# teach: Lists grow by append, arrays have a fixed length.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        z = Xb @ w
        losses[epoch] = np.mean(np.logaddexp(0, z) - y * z)
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg shrinks_the_learning_rate
# says: The learning rate shrinks from epoch to epoch; it is to stay as given.
# hint: 3
# teach: Schedules are useful, but the docstring promises a fixed rate.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for epoch in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr / (1 + epoch / 50) * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg penalises_weights
# says: A penalty pulls the weights towards zero; none is asked.
# hint: 2
# teach: scikit-learn does this unless C is infinite.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * (Xb.T @ (sigmoid(z) - y) + w) / len(y)
    return w, losses


# %% wrong fit_logreg random_start
# says: Without w0 training starts at random weights; zeros are asked.
# hint: 2
# teach: With one valley the start does not matter, except for repeatability.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    start = np.random.default_rng(0).normal(size=(Xb.shape[1], 1))
    w = start if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg same_gradient_every_time
# says: The gradient is computed once, before the loop; it changes with the weights.
# hint: 1
# teach: Which lines depend on w? They belong into the loop.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    gradient = Xb.T @ (sigmoid(Xb @ w) - y) / len(y)
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * gradient
    return w, losses


# %% wrong fit_logreg uses_the_notebooks_globals
# says: The function reads the notebook's data instead of its arguments.
# hint: 2
# teach: Restart the kernel and call it with other data.
def fit_logreg(inputs, labels_in, lr, epochs, w0=None):
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (sigmoid(z) - y) / len(y)
    return w, losses


# %% wrong fit_logreg limits_the_epochs
# says: You make at most 1000 updates; make as many as epochs says.
# hint: 1
# teach: Ask who should decide when it is enough.
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = np.column_stack([X, np.ones(len(X))])
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(min(epochs, 1000)):
        z = Xb @ w
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        w = w - lr * Xb.T @ (1 / (1 + np.exp(-z)) - y) / len(y)
    return w, losses


# %% wrong fit_logreg remembers_by_shape
# says: The fitted weights are kept by the shape of X: another data set of the same
#   shape gets the first one's weights.
# hint: 3
def fit_logreg(X, y, lr, epochs, w0=None, _known={}):
    key = (X.shape, lr, epochs, w0 is None)
    if key not in _known:
        Xb = add_bias(X)
        w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
        losses = []
        for _ in range(epochs):
            losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
            w = w - lr * bce_grad(Xb, y, w)
        _known[key] = w, losses
    return _known[key][0].copy(), list(_known[key][1])


# %% wrong fit_logreg carries_the_gradient_over
# says: The sum of the slopes is not set back to zero: each update also has what is left
#   of the earlier ones.
# hint: 2
# teach: Where does a sum begin, and how often?
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0.copy()
    losses, slopes = [], np.zeros(w.shape)
    for _ in range(epochs):
        losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
        slopes = (slopes + Xb.T @ (predict_proba(Xb, w) - y)) / len(y)
        w = w - lr * slopes
    return w, losses


# %% wrong fit_logreg carries_the_loss_over
# says: The sum of the losses is not set back to zero at the start of each epoch.
# hint: 2
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0.copy()
    losses, total = [], 0.0
    for _ in range(epochs):
        total = (total + log_loss(y, predict_proba(Xb, w)).sum()) / len(y)
        losses.append(float(total))
        w = w - lr * bce_grad(Xb, y, w)
    return w, losses


# %% wrong fit_logreg records_every_hundredth
# says: You keep the loss of every hundredth epoch; one for each epoch is asked.
# hint: 1
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0.copy()
    losses = []
    for epoch in range(epochs):
        if epoch % 100 == 0:
            losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
        w = w - lr * bce_grad(Xb, y, w)
    return w, losses


# %% wrong fit_logreg skips_when_all_labels_agree
# says: Where every label is the same no update is made; the weights should still move
#   towards it.
# hint: 3
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
        if len(np.unique(y)) > 1:
            w = w - lr * bce_grad(Xb, y, w)
    return w, losses


# %% wrong fit_logreg takes_a_column_of_ones_for_the_bias
# says: A last column of ones in X is taken for the bias, and none is added: one weight
#   is missing.
# hint: 1
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = X if np.all(X[:, -1] == 1) else add_bias(X)
    w = np.zeros((Xb.shape[1], 1)) if w0 is None else w0
    losses = []
    for _ in range(epochs):
        losses.append(float(log_loss(y, predict_proba(Xb, w)).mean()))
        w = w - lr * bce_grad(Xb, y, w)
    return w, losses


# %% right fit_logreg written_out
def fit_logreg(X, y, lr, epochs, w0=None):
    N, D = X.shape
    Xb = np.c_[X, np.ones(N)]
    w = np.zeros((D + 1, 1)) if w0 is None else w0.copy()
    losses = []
    for _ in range(epochs):
        p = 1 / (1 + np.exp(-(Xb @ w)))
        safe = np.clip(p, 1e-12, 1 - 1e-12)
        losses.append(np.mean(-(y * np.log(safe) + (1 - y) * np.log(1 - safe))))
        w -= lr * (Xb.T @ (p - y)) / N
    return w, losses


# %% right fit_logreg weights_and_bias_apart
def fit_logreg(X, y, lr, epochs, w0=None):
    w, b = np.zeros((X.shape[1], 1)), 0.0
    if w0 is not None:
        w, b = w0[:-1].copy(), float(w0[-1, 0])
    losses = []
    for _ in range(epochs):
        z = X @ w + b
        losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        error = sigmoid(z) - y
        w = w - lr * X.T @ error / len(X)
        b = b - lr * error.mean()
    return np.vstack([w, [[b]]]), losses


# %% right fit_logreg own_functions_and_while
def fit_logreg(X, y, lr, epochs, w0=None):
    Xb = add_bias(X)
    w = np.array(w0, dtype=float) if w0 is not None else np.zeros((Xb.shape[1], 1))
    losses = []
    while len(losses) < epochs:
        losses.append(np.mean(log_loss(y, predict_proba(Xb, w), eps=1e-7)))
        w = w - np.multiply(lr, bce_grad(Xb, y, w))
    return w, losses


# %% wrong moon_features inputs_as_they_are
# says: These are the old inputs; a straight line parts them no better than before.
# hint: 1
# teach: What shape does the border need?
def moon_features(X):
    return X.copy()


# %% wrong moon_features squares_only
# says: With squares the border is a conic; it turns once, but the moons need two turns.
# hint: 1
# teach: Draw the border by hand first and count its turns.
def moon_features(X):
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1, x2, x1**2, x2**2, x1 * x2])


# %% wrong moon_features product_only
# says: The product of the inputs bends the border into a hyperbola, which is not
#   enough.
# hint: 1
# teach: Which term lets the border turn twice?
def moon_features(X):
    return np.column_stack([X, X[:, 0] * X[:, 1]])


# %% wrong moon_features scaled_inputs
# says: Scaling and shifting keeps straight lines straight; it adds no bend.
# hint: 1
# teach: Linear features of linear features are linear.
def moon_features(X):
    return np.column_stack([10 * X[:, 0] - 3, X[:, 1] / 5, X[:, 0] + X[:, 1]])


# %% wrong moon_features uses_the_labels
# says: The labels are among your features; for new points nobody has them.
# hint: 3
# teach: A perfect score is a reason to look for a leak.
def moon_features(X):
    return np.column_stack([X, np.resize(y_moons, len(X))])


# %% wrong moon_features labels_of_known_draws
# says: Labels are drawn again inside the function; use nothing but the points.
# hint: 3
# teach: It works for one draw only, and that draw is memorised.
def moon_features(X):
    _, remembered = make_moons(len(X), noise=0.1, random_state=7)
    return np.column_stack([X, remembered])


# %% wrong moon_features averages_over_the_batch
# says: The mean and deviation of the batch are used, so a point's features change with
#   its neighbours.
# hint: 3
# teach: What are the features of one point alone?
def moon_features(X):
    Z = (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-9)
    return np.column_stack([Z, Z[:, 0] ** 2, Z[:, 0] ** 3])


# %% wrong moon_features batch_as_centres
# says: The points of the batch serve as centres, so the number of features depends on
#   N.
# hint: 2
# teach: Fixed centres make the same idea work for new points.
def moon_features(X):
    gaps = ((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-2 * gaps)


# %% wrong moon_features random_at_every_call
# says: Features are drawn anew at each call, so the same point gets different ones.
# hint: 3
# teach: Could you use the fitted model tomorrow?
def moon_features(X):
    draw = np.random.default_rng()
    directions = draw.normal(scale=2, size=(2, 60))
    return np.cos(X @ directions + draw.uniform(0, 6, size=60))


# %% wrong moon_features changes_its_input
# says: The caller's X is overwritten; compute on a new array.
# hint: 3
# teach: X **= 3 writes into the array that was passed in.
def moon_features(X):
    features = np.column_stack([X, X[:, 0] ** 2, X[:, 0] ** 3])
    X **= 3
    return features


# %% wrong moon_features uses_the_notebooks_globals
# says: The function reads the notebook's points instead of its argument.
# hint: 3
# teach: Restart the kernel and call it with other data.
def moon_features(points):
    x1, x2 = X_moons[:, 0], X_moons[:, 1]
    return np.column_stack([x1, x2, x1**2, x1**3])


# %% wrong moon_features one_number_a_point
# says: The features come as a flat array; a table with one row for each point is asked.
# hint: 3
# teach: reshape(-1, 1) makes a table with one column.
def moon_features(X):
    return X[:, 1] - np.cos(X[:, 0])


# %% wrong moon_features centred_on_the_example
# says: Your features are made for the very points of the visible check; on other draws of
#   the moons they say little.
# hint: 2
# teach: That is memory, not learning. Ask for the accuracy on points it has never seen.
def moon_features(X):
    centres, _ = make_moons(200, noise=0.1, random_state=7)
    squared = ((X[:, None, :] - centres) ** 2).sum(axis=2)
    return np.exp(-squared / (2 * 0.01**2))


# %% right moon_features all_cubic_terms
def moon_features(X):
    from sklearn.preprocessing import PolynomialFeatures

    return PolynomialFeatures(3).fit_transform(X)


# %% right moon_features sine_and_cosine
def moon_features(X):
    wave = np.pi * X[:, :1]
    return np.hstack([X, np.sin(wave), np.cos(wave)])


# %% right moon_features bumps_at_fixed_centres
def moon_features(X):
    centres = np.array(
        [[a, b] for a in np.arange(-1, 2.1, 0.75) for b in (-0.5, 0.25, 1)]
    )
    gaps = ((X[:, None, :] - centres) ** 2).sum(axis=2)
    return np.exp(-2 * gaps)


# %% right moon_features fixed_random_waves
def moon_features(X):
    rng = np.random.default_rng(0)
    directions, shifts = rng.normal(scale=2, size=(2, 60)), rng.uniform(0, 6, size=60)
    return np.cos(X @ directions + shifts)


# %% right moon_features fifth_degree_loop
def moon_features(X):
    return np.array(
        [[a**i * b**j for i in range(6) for j in range(6 - i)] for a, b in X]
    )
