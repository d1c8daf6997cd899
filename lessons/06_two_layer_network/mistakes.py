# %% [markdown]
# Right and wrong answers to the exercises of `06_two_layer_network`.

# %% guess predict_parameters hidden_layer_only
# says: 12 counts the hidden layer alone, or both layers without biases; the output
#   neuron has weights too, and each neuron has a bias.
# hint: 1
# teach: Draw both arrays and count their entries.
predict_parameters = 12


# %% guess predict_parameters forgets_output_bias
# says: One weight is missing: the bias of the output neuron.
# hint: 1
predict_parameters = 16


# %% guess predict_parameters forgets_hidden_biases
# says: The hidden neurons have a bias each; four weights are missing.
# hint: 1
predict_parameters = 13


# %% wrong predict_parameters shapes_as_text
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_parameters = "3x4 + 5x1"


# %% guess predict_parameters three_outputs
# says: You gave the output neuron as many weights as there are inputs. It looks at the
#   four hidden outputs and at the ones.
# hint: 1
predict_parameters = 15


# %% right predict_parameters sum_of_layers
predict_parameters = 3 * 4 + 5 * 1


# %% right predict_parameters numpy_number
predict_parameters = np.zeros((3, 4)).size + np.zeros((5, 1)).size + np.int64(0)


# %% wrong feed_forward ignores_hidden_bias
# says: The last row of wH, the hidden biases, has no effect in your function.
# hint: 1
# teach: The visible check has hidden biases of 0 and cannot see this. Ask for a test
#   that can.
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X[:, :-1] @ wH[:-1])
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward ignores_output_bias
# says: The last row of wO, the bias of the output, has no effect in your function.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    return out1, sigmoid(out1 @ wO[:-1])


# %% wrong feed_forward ones_first
# says: You put the ones before the hidden outputs; they go last, where the bias is.
# hint: 2
# teach: Ask which row of wO each column meets.
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    ones = np.ones((len(X), 1))
    return out1, sigmoid(np.hstack([ones, out1]) @ wO)


# %% wrong feed_forward no_ones
# says: The column of ones between the layers is missing, so the shapes do not fit.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    return out1, sigmoid(out1 @ wO)


# %% wrong feed_forward ones_twice
# says: You append a column of ones to X, which already has one.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(add_bias(X) @ wH)
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward tanh_hidden
# says: Your hidden outputs come from tanh; this network has sigmoids in both layers.
# hint: 2
def feed_forward(X, weights):
    wH, wO = weights
    out1 = np.tanh(X @ wH)
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward linear_output
# says: Your out2 is the weighted sum; the sigmoid of the output is missing.
# hint: 2
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    return out1, add_bias(out1) @ wO


# %% wrong feed_forward linear_hidden
# says: Your hidden layer has no sigmoid; two linear layers are one.
# hint: 2
# teach: Refer to collapse_linear in lesson 01.
def feed_forward(X, weights):
    wH, wO = weights
    out1 = X @ wH
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward out1_with_ones
# says: Your out1 still carries the column of ones; return the hidden outputs alone.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = add_bias(sigmoid(X @ wH))
    return out1, sigmoid(out1 @ wO)


# %% wrong feed_forward output_only
# says: You return the probabilities only; out1 is asked for too.
# hint: 3
def feed_forward(X, weights):
    wH, wO = weights
    return sigmoid(add_bias(sigmoid(X @ wH)) @ wO)


# %% wrong feed_forward flat_output
# says: Your out2 is a flat array; a column of shape (N, 1) is asked for.
# hint: 1
# teach: A flat p against a column y broadcasts to (N, N) later. Show it.
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    return out1, sigmoid(add_bias(out1) @ wO).ravel()


# %% wrong feed_forward transposed_weights
# says: You transpose wH; its columns are the neurons already.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH.T)
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward standardises_the_batch
# says: Your hidden outputs depend on the other rows of the batch.
# hint: 3
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH)
    z2 = add_bias(out1) @ wO
    return out1, sigmoid(z2 - z2.max() + z2[0, 0]) if len(X) > 2 else sigmoid(z2)


# %% wrong feed_forward rounds
# says: Your values are rounded; return them as they are.
# hint: 3
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X @ wH).round(2)
    return out1, sigmoid(add_bias(out1) @ wO).round(2)


# %% wrong feed_forward changes_its_input
# says: Your function overwrites the hidden biases of the caller.
# hint: 3
# = out2 = sigmoid(add_bias(out1) @ wO)
# + wH[-1] = 0


# %% wrong feed_forward uses_the_notebooks_globals
# says: Your function uses the training points of the notebook, not its argument X.
# hint: 3
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(add_bias(X_train) @ wH)
    return out1, sigmoid(add_bias(out1) @ wO)


# %% wrong feed_forward three_hidden_neurons
# says: Your function works for one number of hidden neurons only.
# hint: 1
def feed_forward(X, weights):
    wH, wO = weights
    out1 = np.column_stack([sigmoid(X @ wH[:, 0]), sigmoid(X @ wH[:, 1])])
    return out1, sigmoid(add_bias(out1) @ wO)


# %% right feed_forward einsum
def feed_forward(X, weights):
    out1 = sigmoid(np.einsum("nd,dh->nh", X, weights[0]))
    return out1, sigmoid(np.einsum("nh,hk->nk", add_bias(out1), weights[1]))


# %% right feed_forward separate_biases
def feed_forward(X, weights):
    wH, wO = weights
    out1 = sigmoid(X[:, :-1] @ wH[:-1] + wH[-1])
    out2 = sigmoid(out1 @ wO[:-1] + wO[-1])
    return [out1, out2]


# %% right feed_forward row_by_row
def feed_forward(X, weights):
    wH, wO = weights
    out1 = np.array([sigmoid(row @ wH) for row in X])
    out2 = np.array([sigmoid(np.append(row, 1) @ wO) for row in out1])
    return out1, out2


# %% right feed_forward own_sigmoid
def feed_forward(X, weights):
    def squash(z):
        return 1 / (1 + np.exp(-z))

    out1 = squash(np.dot(X, weights[0]))
    ones = np.ones((X.shape[0], 1))
    return out1, squash(np.dot(np.concatenate([out1, ones], axis=1), weights[1]))


# %% wrong sigmoid_der argument_is_the_activation
# says: You treat z as if it were the activation. The argument is z.
# hint: 1
# teach: The commonest mistake of backpropagation code. Ask for the value at z = 0.
def sigmoid_der(z):
    return z * (1 - z)


# %% wrong sigmoid_der sigmoid_twice
# says: The sigmoid is applied twice before the slope is computed.
# hint: 1
def sigmoid_der(z):
    s = sigmoid(sigmoid(z))
    return s * (1 - s)


# %% wrong sigmoid_der value_not_slope
# says: You return the sigmoid itself, not its slope.
# hint: 3
def sigmoid_der(z):
    return sigmoid(z)


# %% wrong sigmoid_der tanh_formula
# says: 1 - a squared is the slope of tanh, not of the sigmoid.
# hint: 3
def sigmoid_der(z):
    return 1 - sigmoid(z) ** 2


# %% wrong sigmoid_der wrong_sign
# says: Your slope is negative; the sigmoid rises everywhere.
# hint: 3
def sigmoid_der(z):
    s = sigmoid(z)
    return s * (s - 1)


# %% wrong sigmoid_der overflows
# says: Far to the left your formula divides two infinities and gives nan.
# hint: 2
# teach: The formula is right on paper. Ask for exp(1000).
def sigmoid_der(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


# %% wrong sigmoid_der difference_quotient
# says: Your slope is measured with a step; the formula is exact.
# hint: 2
def sigmoid_der(z):
    return (sigmoid(z + 1e-5) - sigmoid(z - 1e-5)) / 2e-5


# %% wrong sigmoid_der changes_its_input
# says: Your function overwrites the array that the caller passed in.
# hint: 2
# = s = sigmoid(z)
# + if isinstance(z, np.ndarray):
# +     z[...] = s


# %% wrong sigmoid_der arrays_only
# says: Your function fails for a single number.
# hint: 2
def sigmoid_der(z):
    out = np.zeros(z.shape)
    out[:] = sigmoid(z) * sigmoid(-z)
    return out


# %% wrong sigmoid_der remembers_by_shape
# says: The slopes are kept by the shape of z: other numbers in that shape get the
#   slopes of the first.
# hint: 1
def sigmoid_der(z, _known={}):
    s = sigmoid(z)
    return _known.setdefault(np.shape(z), s * (1 - s))


# %% right sigmoid_der mirrored
def sigmoid_der(z):
    return sigmoid(z) * sigmoid(-z)


# %% right sigmoid_der half_tanh
def sigmoid_der(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


# %% right sigmoid_der square_taken_away
def sigmoid_der(z):
    return sigmoid(z) - sigmoid(z) ** 2


# %% wrong log_loss_der wrong_sign
# says: All your signs are turned: where y is 1, raising p lowers the loss.
# hint: 1
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return y / p - (1 - y) / (1 - p)


# %% wrong log_loss_der forgets_class_0
# says: The term for y = 0 is missing.
# hint: 1
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -y / p


# %% wrong log_loss_der forgets_class_1
# says: The term for y = 1 is missing.
# hint: 1
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return (1 - y) / (1 - p)


# %% wrong log_loss_der inner_derivative_missing
# says: For y = 0 your sign is turned: the inner derivative of ln(1 - p) is -1.
# hint: 1
# teach: Ask for the derivative of ln(1 - p) on its own.
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -(y / p + (1 - y) / (1 - p))


# %% wrong log_loss_der first_minus_missing
# says: For y = 1 your sign is turned; the loss falls as p rises.
# hint: 1
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return y / p + (1 - y) / (1 - p)


# %% wrong log_loss_der infinite_at_the_ends
# says: At p = 0 or p = 1 your slope is not finite: you divide by zero.
# hint: 2
# - p = np.clip(p, 1e-12, 1 - 1e-12)


# %% wrong log_loss_der clips_one_side
# says: You keep p away from 0 only; at p = 1 you still divide by zero.
# hint: 2
def log_loss_der(y, p):
    p = np.maximum(p, 1e-12)
    return -y / p + (1 - y) / (1 - p)


# %% wrong log_loss_der clips_too_early
# says: You cut p off so early that ordinary probabilities are changed.
# hint: 2
def log_loss_der(y, p):
    p = np.clip(p, 0.01, 0.99)
    return -y / p + (1 - y) / (1 - p)


# %% wrong log_loss_der adds_a_millionth
# says: Your small number is larger than 1e-7: it changes ordinary probabilities.
# hint: 2
def log_loss_der(y, p):
    return -y / (p + 1e-6) + (1 - y) / (1 - p + 1e-6)


# %% wrong log_loss_der protects_one_fraction
# says: Only the fraction for y = 1 is kept from dividing by zero; at p = 1 the other one
#   does.
# hint: 2
def log_loss_der(y, p):
    return -y / (p + 1e-7) + (1 - y) / (1 - p)


# %% wrong log_loss_der zero_where_not_finite
# says: At p = 0 and p = 1 you return 0: a certain mistake would teach nothing.
# hint: 2
def log_loss_der(y, p):
    with np.errstate(all="ignore"):
        slope = -y / p + (1 - y) / (1 - p)
    return np.where(np.isfinite(slope), slope, 0.0)


# %% wrong log_loss_der largest_number_where_infinite
# says: You put the largest number there is in the place of inf. Two of them add up to
#   inf again; keep p away from 0 and 1 instead.
# hint: 2
def log_loss_der(y, p):
    with np.errstate(all="ignore"):
        return np.nan_to_num(-y / p + (1 - y) / (1 - p))


# %% wrong log_loss_der fused
# says: You return p - y, the slope with respect to z. Here it is with respect to p.
# hint: 1
def log_loss_der(y, p):
    return p - y


# %% wrong log_loss_der averaged
# says: Your slopes are divided by the number of examples; here is one for each.
# hint: 3
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return (-y / p + (1 - y) / (1 - p)) / np.size(y)


# %% wrong log_loss_der the_loss_itself
# says: You return the loss, not its slope.
# hint: 1
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong log_loss_der changes_its_input
# says: You clip the caller's p in place; make a new array.
# hint: 3
# = def log_loss_der(y, p):
# +     if isinstance(p, np.ndarray):
# +         np.clip(p, 1e-12, 1 - 1e-12, out=p)


# %% right log_loss_der one_fraction
def log_loss_der(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return (p - y) / (p * (1 - p))


# %% right log_loss_der where
def log_loss_der(y, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.where(y == 1, -1 / p, 1 / (1 - p))


# %% right log_loss_der added_epsilon
def log_loss_der(y, p):
    return -y / (p + 1e-8) + (1 - y) / (1 - p + 1e-8)


# %% right log_loss_der added_ten_millionth
def log_loss_der(y, p):
    return -y / (p + 1e-7) + (1 - y) / (1 - p + 1e-7)


# %% right log_loss_der eps_argument
def log_loss_der(y, p, eps=1e-15):
    p = np.minimum(np.maximum(p, eps), 1 - eps)
    return -(y / p - (1 - y) / (1 - p))


# %% wrong delta_output unfused
# says: You multiply two slopes that are 0 and infinite far out: the result is nan.
# hint: 2
# teach: The formula is right on paper. Evaluate both factors at z = 40.
def delta_output(y, z2):
    p = sigmoid(z2)
    return p * (1 - p) * (-y / p + (1 - y) / (1 - p))


# %% wrong delta_output unfused_and_clipped
# says: Far out your slope is 0 where it should be 1: clipping p avoids the nan and
#   loses the worst mistakes.
# hint: 2
def delta_output(y, z2):
    return sigmoid_der(z2) * log_loss_der(y, sigmoid(z2))


# %% wrong delta_output wrong_sign
# says: Your sign is turned: it is p - y.
# hint: 1
def delta_output(y, z2):
    return y - sigmoid(z2)


# %% wrong delta_output averaged
# says: You divide by the number of examples; the average comes later.
# hint: 3
def delta_output(y, z2):
    return (sigmoid(z2) - y) / len(y)


# %% wrong delta_output slope_too_many
# says: There is one slope of the sigmoid too many; it has cancelled.
# hint: 2
def delta_output(y, z2):
    return (sigmoid(z2) - y) * sigmoid_der(z2)


# %% wrong delta_output divides_again
# says: You divide by p (1 - p), which has cancelled.
# hint: 2
def delta_output(y, z2):
    p = np.clip(sigmoid(z2), 1e-12, 1 - 1e-12)
    return (p - y) / (p * (1 - p))


# %% wrong delta_output no_sigmoid
# says: You use z2 as if it were the probability.
# hint: 3
def delta_output(y, z2):
    return z2 - y


# %% wrong delta_output overflows
# says: Your own sigmoid overflows at z2 = -800; use the given one.
# hint: 2
def delta_output(y, z2):
    return 1 / (1 + np.exp(-z2)) - y


# %% wrong delta_output times_the_loss
# says: You multiply the error with the loss; the slope has no such factor.
# hint: 2
# teach: Ask for the slope of the loss at a certain and right answer, and at a wrong one.
def delta_output(y, z2):
    return (sigmoid(z2) - y) * (np.logaddexp(0, z2) - y * z2)


# %% wrong delta_output flat
# says: You return a flat array; a column of shape (N, 1) is asked for.
# hint: 3
def delta_output(y, z2):
    return (sigmoid(z2) - y).ravel()


# %% wrong delta_output changes_its_input
# says: Your function overwrites the labels of the caller.
# hint: 3
def delta_output(y, z2):
    delta = sigmoid(z2) - y
    y[...] = 0
    return delta


# %% wrong delta_output clips_z
# says: You clip z2 so early that p is not right to nine digits.
# hint: 2
def delta_output(y, z2):
    return sigmoid(np.clip(z2, -15, 15)) - y


# %% wrong delta_output classes
# says: You round p to 0 or 1 first; the error then forgets how sure the network was.
# hint: 1
def delta_output(y, z2):
    return (z2 > 0) * 1.0 - y


# %% wrong delta_output remembers_by_shape
# says: The slopes are kept by the shape of z2: other examples get those of the first.
# hint: 3
def delta_output(y, z2, _known={}):
    return _known.setdefault(z2.shape, sigmoid(z2) - y)


# %% wrong delta_output skips_what_is_right
# says: Examples that are on the right side get a slope of 0; they still pull, less and
#   less.
# hint: 1
def delta_output(y, z2):
    p = sigmoid(z2)
    return np.where((p > 0.5) == (y == 1), 0.0, p - y)


# %% right delta_output where
def delta_output(y, z2):
    return np.where(y == 1, -sigmoid(-z2), sigmoid(z2))


# %% right delta_output half_tanh
def delta_output(y, z2):
    return 0.5 * (1 + np.tanh(z2 / 2)) - y


# %% right delta_output clips_far_out
def delta_output(y, z2):
    z2 = np.clip(z2, -500, 500)
    return 1 / (1 + np.exp(-z2)) - y


# %% wrong backprop updated_weights_in_step_d
# says: Step C uses the output weights after their update; it needs the old ones.
# hint: 3
# teach: Alone it makes a correct network end in nan (lesson 08). Ask which network has
#   made the error.
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    wO = wO - LR * add_bias(out1).T @ delta2
    delta1 = delta2 @ wO[:-1].T * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO


# %% wrong backprop keeps_the_bias_row
# says: Step C takes all of wO; its last row, the bias, has no hidden neuron.
# hint: 2
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO.T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop drops_the_first_row
# says: Step C leaves out the first row of wO; the bias is the last one.
# hint: 2
# teach: Ask where the ones are, and which row of wO they meet.
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[1:].T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop sum_instead_of_mean
# says: Your slopes are added up over the examples; the loss is their mean.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = out2 - y
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop divides_in_the_hidden_layer_again
# says: wO is right, but the hidden layer is divided by N twice.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1 / len(y), wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop uphill
# says: Your step goes uphill: the slopes have to be subtracted.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH + LR * X.T @ delta1, wO + LR * add_bias(out1).T @ delta2


# %% wrong backprop forgets_lr
# says: Your steps do not depend on LR.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH - X.T @ delta1, wO - add_bias(out1).T @ delta2


# %% wrong backprop returns_slopes
# says: You return the slopes; the new weights are asked for.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return X.T @ delta1, add_bias(out1).T @ delta2


# %% wrong backprop slope_at_the_activation
# says: You hand the hidden outputs to sigmoid_der, which wants Z1: the sigmoid is
#   applied twice.
# hint: 2
# teach: out1 is already an activation. Ask what out1 * (1 - out1) is.
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * sigmoid_der(out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop no_hidden_slope
# says: The slope of the hidden sigmoid is missing in step C.
# hint: 2
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = delta2 @ wO[:-1].T
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop output_slope_too_many
# says: The slope of the output sigmoid is there although it has cancelled: this is the
#   gradient of a squared error.
# hint: 2
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) * out2 * (1 - out2) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop no_ones_in_step_c
# says: Your slopes of wO lack the last one: append the ones to out1 in step B.
# hint: 1
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwO = np.vstack([out1.T @ delta2, [[0.0]]])
    return wH - LR * X.T @ delta1, wO - LR * dwO


# %% wrong backprop hidden_biases_stay
# says: Your hidden biases never move.
# hint: 1
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwH = X.T @ delta1
    dwH[-1] = 0
    return wH - LR * dwH, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop only_the_output_learns
# says: You update the output weights only; the hidden layer stays as it was.
# hint: 1
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    return wH.copy(), wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop own_output_as_input
# says: The slopes of wO multiply delta2 with what the output neuron gets, out1 and a one;
#   yours multiply it with what it gives, out2.
# hint: 1
# - dwO = add_bias(out1).T @ delta2
# + dwO = out2.T @ delta2


# %% wrong backprop transposed_delta
# says: Your new weights have the shape of the transposed ones.
# hint: 1
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwH = delta1.T @ X
    dwO = delta2.T @ add_bias(out1)
    return wH.T - LR * dwH, wO.T - LR * dwO


# %% wrong backprop changes_its_input
# says: Your function writes into the weight arrays of the caller.
# hint: 3
# teach: Operators such as -= work in place on arrays.
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    wH -= LR * X.T @ delta1
    wO -= LR * add_bias(out1).T @ delta2
    return wH, wO


# %% wrong backprop puts_new_weights_into_the_list
# says: Your function replaces the entries of the caller's list of weights.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    weights[0] = wH - LR * X.T @ delta1
    weights[1] = wO - LR * add_bias(out1).T @ delta2
    return weights


# %% wrong backprop uses_the_notebooks_globals
# says: Your function takes the number of examples from the notebook, not from its
#   arguments.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(X_train)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop squares_instead_of_multiplying
# says: Step C has 1 - out1 squared, which is the slope of tanh; that of a sigmoid is
#   out1 times 1 - out1.
# hint: 2
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * (1 - out1**2)
    return wH - LR * X.T @ delta1, wO - LR * add_bias(out1).T @ delta2


# %% wrong backprop exchanged_results
# says: You return the output weights first; the order is wH, wO.
# hint: 3
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    return wO - LR * add_bias(out1).T @ delta2, wH - LR * X.T @ delta1


# %% wrong backprop fails_for_one_neuron
# says: Your function fails for a single hidden neuron or a single example: squeeze
#   removes an axis that is needed.
# hint: 1
# teach: Give squeeze an axis, or use ravel and reshape.
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    flow = np.outer(np.squeeze(delta2), np.squeeze(wO[:-1])) * out1 * (1 - out1)
    dwH = np.einsum("nd,nh->dh", X, flow)
    dwO = np.einsum("nh,n->h", add_bias(out1), np.squeeze(delta2))
    return wH - LR * dwH, wO - LR * dwO[:, None]


# %% wrong backprop remembers_by_shape
# says: The new weights are kept by the shapes of X and of the hidden layer: each update
#   arrives at the same place.
# hint: 1
def backprop(weights, out1, out2, y, X, LR, _known={}):
    wH, wO = weights
    delta2 = (out2 - y) / len(y)
    dwO = add_bias(out1).T @ delta2
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwH = X.T @ delta1
    return _known.setdefault((X.shape, out1.shape, LR), (wH - LR * dwH, wO - LR * dwO))


# %% wrong backprop skips_what_is_right
# says: Examples that are on the right side have no part in your slopes; all have.
# hint: 2
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    delta2 = np.where((out2 > 0.5) == (y == 1), 0.0, out2 - y) / len(y)
    dwO = add_bias(out1).T @ delta2
    delta1 = (delta2 @ wO[:-1].T) * out1 * (1 - out1)
    dwH = X.T @ delta1
    return wH - LR * dwH, wO - LR * dwO


# %% right backprop step_by_step
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    slope = out2 * (1 - out2) * log_loss_der(y, out2) / len(y)
    hidden = sigmoid_der(X @ wH) * slope.dot(wO[:-1].T)
    return wH - LR * np.dot(hidden.T, X).T, wO - LR * np.dot(slope.T, add_bias(out1)).T


# %% right backprop einsum
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    error = (out2 - y)[:, 0]
    dwO = np.einsum("nh,n->h", add_bias(out1), error)[:, None] / len(y)
    flow = np.einsum("n,h->nh", error, wO[:-1, 0]) * out1 * (1 - out1)
    dwH = np.einsum("nd,nh->dh", X, flow) / len(y)
    return [wH - LR * dwH, wO - LR * dwO]


# %% right backprop one_example_at_a_time
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    dwH, dwO = np.zeros(wH.shape), np.zeros(wO.shape)
    for row, hidden, p, label in zip(X, out1, out2[:, 0], y[:, 0], strict=True):
        error = p - label
        dwO[:, 0] += error * np.append(hidden, 1)
        dwH += np.outer(row, error * wO[:-1, 0] * hidden * (1 - hidden))
    return wH - LR * dwH / len(y), wO - LR * dwO / len(y)


# %% right backprop recomputes_the_sums
def backprop(weights, out1, out2, y, X, LR):
    wH, wO = weights
    with_ones = add_bias(out1)
    delta2 = delta_output(y, with_ones @ wO)
    delta1 = delta2 * wO[:-1].T * sigmoid_der(X @ wH)
    n = X.shape[0]
    return wH - LR / n * (X.T @ delta1), wO - LR / n * (with_ones.T @ delta2)


# %% wrong train learns_from_validation
# says: Your weights depend on the validation points; nothing may be learned from them.
# hint: 3
# teach: The split is the only honest judge. Ask what a validation loss means then.
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb, labels = add_bias(X), y
    if X_val is not None:
        Xb, labels = np.vstack([Xb, add_bias(X_val)]), np.vstack([y, y_val])
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        history["train"].append(mean_log_loss(y, feed_forward(add_bias(X), weights)[1]))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
        out1, out2 = feed_forward(Xb, weights)
        weights = list(backprop(weights, out1, out2, labels, Xb, lr))
    return weights, history


# %% wrong train bias_column_twice
# says: You append the column of ones twice: wH has a row too many.
# hint: 2
# - Xb = add_bias(X)
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + Xb = add_bias(add_bias(X))
# + weights = [rng.normal(size=(4, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# - _, p_val = feed_forward(add_bias(X_val), weights)
# + _, p_val = feed_forward(add_bias(add_bias(X_val)), weights)


# %% wrong train loss_after_the_update
# says: Your history starts after the first update; it should start before.
# hint: 1
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        weights = list(backprop(weights, out1, out2, y, Xb, lr))
        history["train"].append(mean_log_loss(y, feed_forward(Xb, weights)[1]))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
    return weights, history


# %% wrong train one_loss_too_many
# says: Your history has an entry more than there are epochs.
# hint: 1
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for epoch in range(epochs + 1):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
        if epoch < epochs:
            weights = list(backprop(weights, out1, out2, y, Xb, lr))
    return weights, history


# %% wrong train validation_loss_after_the_update
# says: Your validation loss belongs to other weights than the training loss beside it.
# hint: 3
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# = history["train"].append(mean_log_loss(y, out2))
# + weights = list(backprop(weights, out1, out2, y, Xb, lr))
# ...
# - weights = list(backprop(weights, out1, out2, y, Xb, lr))


# %% wrong train sum_of_losses
# says: Your history has the sum of the losses; the mean is asked for.
# hint: 3
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(len(y) * mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(len(y_val) * mean_log_loss(y_val, p_val))
        weights = list(backprop(weights, out1, out2, y, Xb, lr))
    return weights, history


# %% wrong train steps_of_the_sum
# says: Your steps are N times too long: the learning rate is for the mean loss.
# hint: 3
# teach: With 0.01 and 200 points one gets away with it.
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# - weights = list(backprop(weights, out1, out2, y, Xb, lr))
# + weights = list(backprop(weights, out1, out2, y, Xb, lr * len(y)))


# %% wrong train ignores_lr
# says: Your learning rate is always 10; use the argument lr.
# hint: 3
# teach: Passes with the numbers of the lesson. Ask what lr = 0 should do.
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# - weights = list(backprop(weights, out1, out2, y, Xb, lr))
# + weights = list(backprop(weights, out1, out2, y, Xb, 10))


# %% wrong train global_generator
# says: You draw from NumPy's global generator; draw from rng.
# hint: 2
# + np.random.seed(6)  # or the audit would find something else each time
# +
# +
# = def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
# ...
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [
# +     np.random.normal(size=(3, hidden)),
# +     np.random.normal(size=(hidden + 1, 1)),
# + ]


# %% wrong train own_seed
# says: Two generators gave the same weights: yours are not drawn from the generator that
#   this call was given.
# hint: 2
# teach: A seed inside a function makes every run the same run.
# + rng = np.random.default_rng(42)
# = Xb = add_bias(X)
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]


# %% wrong train own_seed_and_small_start
# says: Two generators gave the same weights: yours are not drawn from the generator that
#   this call was given.
# hint: 2
# + np.random.seed(3)
# = Xb = add_bias(X)
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [0.01 * np.random.randn(3, hidden), 0.01 * np.random.randn(hidden + 1, 1)]


# %% wrong train starts_at_zero
# says: Two generators gave the same weights: you start at zero, where nothing moves.
# hint: 2
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [np.zeros((3, hidden)), np.zeros((hidden + 1, 1))]


# %% wrong train equal_hidden_neurons
# says: All your hidden neurons start with the same weights and stay the same.
# hint: 2
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [np.repeat(rng.normal(size=(3, 1)), hidden, axis=1)]
# + weights.append(np.full((hidden + 1, 1), rng.normal()))


# %% wrong train restarts_every_epoch
# says: Every epoch starts from the first weights again, so the loss stands still.
# hint: 3
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    start = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    weights, history = start, {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, start)
        history["train"].append(mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), start)
            history["val"].append(mean_log_loss(y_val, p_val))
        weights = list(backprop(start, out1, out2, y, Xb, lr))
    return weights, history


# %% wrong train stops_early
# says: You stop before all epochs are made.
# hint: 1
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# = history["train"].append(mean_log_loss(y, out2))
# + if (
# +     len(history["train"]) > 1
# +     and history["train"][-1] > history["train"][-2] - 0.01
# + ):
# +     break


# %% wrong train validation_history_is_training
# says: Your history["val"] holds the training losses.
# hint: 3
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
# ...
# - _, p_val = feed_forward(add_bias(X_val), weights)
# - history["val"].append(mean_log_loss(y_val, p_val))
# + history["val"].append(mean_log_loss(y, out2))


# %% wrong train needs_validation
# says: Without validation points your function fails.
# hint: 3
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb, Xb_val = add_bias(X), add_bias(X_val)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(mean_log_loss(y, out2))
        history["val"].append(mean_log_loss(y_val, feed_forward(Xb_val, weights)[1]))
        weights = list(backprop(weights, out1, out2, y, Xb, lr))
    return weights, history


# %% wrong train uses_the_notebooks_globals
# says: You train on the points of the notebook, not on the arguments.
# hint: 3
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X_train)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(mean_log_loss(y_train, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
        weights = list(backprop(weights, out1, out2, y_train, Xb, lr))
    return weights, history


# %% wrong train four_neurons_always
# says: Your network has four hidden neurons whatever the caller asks for.
# hint: 2
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, 4)), rng.normal(size=(5, 1))]


# %% wrong train changes_its_input
# says: Your function standardises the caller's X in place.
# hint: 3
# + X -= X.mean(axis=0)
# = Xb = add_bias(X)
# - weights = [rng.normal(size=(Xb.shape[1], hidden)), rng.normal(size=(hidden + 1, 1))]
# + weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]


# %% wrong train keeps_the_best_on_validation
# says: You return the weights that were best on the validation points: they have been
#   chosen by them.
# hint: 3
# teach: Early stopping is a good idea for later; then validation is part of training,
#   and a third set has to judge.
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history, best = {"train": [], "val": []}, None
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, weights)
        history["train"].append(mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
            if history["val"][-1] == min(history["val"]):
                best = weights
        weights = list(backprop(weights, out1, out2, y, Xb, lr))
    return weights if best is None else best, history


# %% wrong train remembers_by_shape
# says: Two generators gave the same weights: yours are not drawn from the generator that
#   this call was given.
# hint: 2
# - def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
# + def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None, _known={}):
# ...
# - return weights, history
# + key = X.shape, hidden, lr, epochs, X_val is None
# + return _known.setdefault(key, (weights, history))


# %% wrong train stops_when_all_is_right
# says: Training ends as soon as all points are right; every epoch is to be made.
# hint: 1
# = history["train"].append(mean_log_loss(y, out2))
# + if np.all((out2 > 0.5) == (y == 1)):
# +     break


# %% right train small_uniform_start
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = np.c_[X, np.ones(len(X))]
    wH = rng.uniform(-0.5, 0.5, (3, hidden))
    wO = rng.uniform(-0.5, 0.5, (hidden + 1, 1))
    train_losses, val_losses = [], []
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, [wH, wO])
        train_losses.append(mean_log_loss(y, out2))
        if X_val is not None:
            _, p_val = feed_forward(np.c_[X_val, np.ones(len(X_val))], [wH, wO])
            val_losses.append(mean_log_loss(y_val, p_val))
        wH, wO = backprop([wH, wO], out1, out2, y, Xb, lr)
    return [wH, wO], {"train": train_losses, "val": val_losses}


# %% right train xavier_start_in_a_tuple
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    wH = rng.standard_normal((3, hidden)) / np.sqrt(2)
    wO = rng.standard_normal((hidden + 1, 1)) / np.sqrt(hidden)
    wH[-1], wO[-1] = 0, 0
    history = {"train": [], "val": []}
    for _ in range(epochs):
        out1, out2 = feed_forward(Xb, (wH, wO))
        history["train"].append(mean_log_loss(y, out2))
        if X_val is not None and y_val is not None:
            p_val = feed_forward(add_bias(X_val), (wH, wO))[1]
            history["val"].append(mean_log_loss(y_val, p_val))
        wH, wO = backprop((wH, wO), out1, out2, y, Xb, lr)
    return (wH, wO), history


# %% right train minibatches
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    Xb = add_bias(X)
    weights = [rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))]
    history = {"train": [], "val": []}
    for _ in range(epochs):
        history["train"].append(mean_log_loss(y, feed_forward(Xb, weights)[1]))
        if X_val is not None:
            _, p_val = feed_forward(add_bias(X_val), weights)
            history["val"].append(mean_log_loss(y_val, p_val))
        for rows in np.array_split(rng.permutation(len(y)), max(len(y) // 50, 1)):
            out1, out2 = feed_forward(Xb[rows], weights)
            weights = list(backprop(weights, out1, out2, y[rows], Xb[rows], lr))
    return weights, history


# %% right train written_out
def train(X, y, hidden, lr, epochs, rng, X_val=None, y_val=None):
    def losses_of(points, labels, wH, wO):
        ones = np.ones((len(points), 1))
        a = sigmoid(np.hstack([points, ones]) @ wH)
        z = np.hstack([a, ones]) @ wO
        return a, sigmoid(z), float(np.mean(np.logaddexp(0, z) - labels * z))

    wH, wO = rng.normal(size=(3, hidden)), rng.normal(size=(hidden + 1, 1))
    history = {"train": [], "val": []}
    for _ in range(epochs):
        a, p, loss = losses_of(X, y, wH, wO)
        history["train"].append(loss)
        if X_val is not None:
            history["val"].append(losses_of(X_val, y_val, wH, wO)[2])
        d2 = (p - y) / len(y)
        d1 = d2 @ wO[:-1].T * a * (1 - a)
        wO = wO - lr * np.vstack([a.T @ d2, d2.sum(axis=0, keepdims=True)])
        wH = wH - lr * np.vstack([X.T @ d1, d1.sum(axis=0, keepdims=True)])
    return [wH, wO], history


# %% wrong decision_grid transposed
# says: Your Z is mirrored at the diagonal: rows and columns are exchanged.
# hint: 1
# teach: Ask for the value at the point (lim, -lim) before and after.
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    points = np.array([(x1, x2) for x1 in xs for x2 in xs])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid order_f_too_many
# says: Your Z is mirrored at the diagonal: rows and columns are exchanged.
# hint: 1
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.asarray(predict(points)).reshape((n, n), order="F")


# %% wrong decision_grid upside_down
# says: Up and down are exchanged: row 0 of Z belongs to the lowest points.
# hint: 1
# teach: Images have row 0 at the top, contour plots at the bottom.
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs[::-1])
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid exchanged_coordinates
# says: Your Z is mirrored at the diagonal: rows and columns are exchanged.
# hint: 2
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x2.ravel(), x1.ravel()])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid returns_classes
# says: You turn the values into classes; hand them on as they are.
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, (np.reshape(predict(points), (n, n)) > 0.5) * 1.0


# %% wrong decision_grid lim_is_three
# says: Your grid reaches from -3 to 3 whatever the caller asks for.
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(-3, 3, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid starts_at_zero
# says: Your grid starts at 0; it reaches from -lim to lim.
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(0, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid right_end_missing
# says: The right end of your grid is missing; arange stops before it.
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.arange(-lim, lim, 2 * lim / n)[:n]
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.reshape(predict(points), (n, n))


# %% wrong decision_grid flat
# says: Your Z is still the flat list of all values; give it the shape (n, n).
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.ravel(predict(points))


# %% wrong decision_grid along_the_diagonal
# says: You ask for the n points of the diagonal only.
# hint: 1
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    line = np.ravel(predict(np.column_stack([xs, xs])))
    return xs, xs, np.tile(line, (n, 1))


# %% wrong decision_grid flat_predictions_only
# says: Your function fails when predict returns a column of shape (M, 1).
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    Z = np.zeros((n, n))
    for i in range(n):
        Z[i] = predict(np.column_stack([xs, np.full(n, xs[i])]))
    return xs, xs, Z


# %% wrong decision_grid cut_off
# says: Values below 0 become 0; hand them on as they are.
# hint: 3
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    return xs, xs, np.clip(np.reshape(predict(points), (n, n)), 0, 1)


# %% wrong decision_grid remembers_by_size
# says: The grid is kept by lim and n: another predict gets the values of the first.
# hint: 3
def decision_grid(predict, lim, n, _known={}):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs)
    points = np.column_stack([x1.ravel(), x2.ravel()])
    values = np.reshape(predict(points), (n, n))
    return _known.setdefault((lim, n), (xs, xs, values))


# %% right decision_grid comprehension
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    points = np.array([(x1, x2) for x2 in xs for x1 in xs])
    return xs, xs.copy(), np.asarray(predict(points)).reshape(n, n)


# %% right decision_grid column_by_column
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    points = np.array([(x1, x2) for x1 in xs for x2 in xs])
    return xs, xs, np.ravel(predict(points)).reshape((n, n), order="F")


# %% right decision_grid row_by_row
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    rows = [np.ravel(predict(np.column_stack([xs, np.full(n, x2)]))) for x2 in xs]
    return [xs, xs, np.array(rows)]


# %% right decision_grid ij_and_transpose
def decision_grid(predict, lim, n):
    xs = np.linspace(-lim, lim, n)
    x1, x2 = np.meshgrid(xs, xs, indexing="ij")
    points = np.stack([x1, x2], axis=-1).reshape(-1, 2)
    return xs, xs, np.reshape(predict(points), (n, n)).T


# %% wrong zero_init_accuracy of_one_line
# says: That is the accuracy of one line. From zeros the network does not even get there.
# hint: 2
# teach: Logistic regression learns from zeros, because its inputs differ.
zero_init_accuracy = 0.865


# %% wrong zero_init_accuracy perfect
# says: You expect it to learn; work out the first slopes.
# hint: 2
zero_init_accuracy = 1.0


# %% wrong zero_init_accuracy nothing_right
# says: An accuracy of 0 would be worse than guessing. Every p is 0.5, and half of the
#   points are of class 0.
# hint: 1
zero_init_accuracy = 0.0


# %% wrong zero_init_accuracy in_percent
# says: Write a share between 0 and 1, not percent.
# hint: 3
zero_init_accuracy = 50


# %% wrong zero_init_accuracy random_start
# says: You trained from random weights.
# hint: 3
zero_init_accuracy = 0.995


# %% right zero_init_accuracy reasoned
zero_init_accuracy = 1 / 2


# %% right zero_init_accuracy counted
zero_init_accuracy = np.mean(y_even == 0)


# %% wrong constant_init_columns all_different
# says: You expect four different neurons; nothing ever tells them apart.
# hint: 1
constant_init_columns = 4


# %% wrong constant_init_columns rows_counted
# says: That is the number of rows of wH; count different columns.
# hint: 2
constant_init_columns = 3


# %% wrong constant_init_columns none
# says: Even equal columns are one column, written four times.
# hint: 2
constant_init_columns = 0


# %% wrong constant_init_columns output_units
# says: There is one output, but the hidden columns are two of a kind at most; compare
#   all of them.
# hint: 2
constant_init_columns = 2


# %% wrong constant_init_columns in_words
# says: The answer is a text; write a number without quotes.
# hint: 2
constant_init_columns = "all the same"


# %% right constant_init_columns reasoned
constant_init_columns = 1


# %% right constant_init_columns as_float
constant_init_columns = np.float64(1.0)


# %% wrong sum_loss_breaks_at fifty
# says: With 50 points the rate is 0.5 of the mean, which is small.
# hint: 1
sum_loss_breaks_at = 50


# %% wrong sum_loss_breaks_at two_hundred
# says: With 200 points the rate is 2 of the mean, and training goes well.
# hint: 1
sum_loss_breaks_at = 200


# %% wrong sum_loss_breaks_at two_thousand
# says: With 2000 points the rate is 20 of the mean: rough at first, but all numbers.
# hint: 3
sum_loss_breaks_at = 2000


# %% wrong sum_loss_breaks_at a_rate
# says: That is a learning rate; the number of points is asked for.
# hint: 3
sum_loss_breaks_at = 0.01


# %% right sum_loss_breaks_at reasoned
sum_loss_breaks_at = 20_000


# %% right sum_loss_breaks_at as_float
sum_loss_breaks_at = 2e4
