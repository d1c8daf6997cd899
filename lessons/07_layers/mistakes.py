# %% [markdown]
# Right and wrong answers to the exercises of `07_layers`.


# %% guess predict_parameters forgets_biases
# says: You counted the weights only; every output of a Dense layer has a bias too.
# hint: 2
predict_parameters = 4 * 32 + 32 * 32 + 32 * 3


# %% guess predict_parameters first_layer_only
# says: You counted the first Dense layer only; there are three.
# hint: 2
predict_parameters = 4 * 32 + 32


# %% guess predict_parameters counts_units
# says: You counted units. A layer learns a weight for every pair of an input and an
#   output.
# hint: 2
predict_parameters = 4 + 32 + 32 + 3


# %% guess predict_parameters biases_of_inputs
# says: You gave biases to the inputs as well; only outputs of layers have one.
# hint: 2
predict_parameters = 5 * 32 + 4 + 33 * 32 + 33 * 3


# %% guess predict_parameters one_bias_a_layer
# says: You counted one bias for each layer; each has one for every output.
# hint: 2
predict_parameters = 4 * 32 + 32 * 32 + 32 * 3 + 3


# %% wrong predict_parameters answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 2
predict_parameters = "about 1300"


# %% right predict_parameters number
predict_parameters = 1315


# %% right predict_parameters sum_over_sizes
sizes_of_layers = [4, 32, 32, 3]
predict_parameters = sum(
    (n_in + 1) * n_out
    for n_in, n_out in zip(sizes_of_layers, sizes_of_layers[1:], strict=False)
)


# %% guess predict_log_step not_averaged
# says: That is the loss of the example itself; the printed loss averages over a batch
#   of 4.
# hint: 2
predict_log_step = -np.log(2e-9)


# %% guess predict_log_step one_epsilon
# says: The second 1e-9 is missing: it is added after the lifting.
# hint: 2
predict_log_step = -np.log(1e-9) / 4


# %% guess predict_log_step sign
# says: Your number is negative; the loss has a minus sign in front of the logarithm.
# hint: 2
predict_log_step = np.log(2e-9) / 4


# %% guess predict_log_step log10
# says: You used the logarithm to base 10; cross-entropy has the natural one.
# hint: 2
predict_log_step = -np.log10(2e-9) / 4


# %% guess predict_log_step reads_the_log
# says: That is the whole printed loss of the first batch; it holds more than one such
#   example.
# hint: 2
predict_log_step = 10.73


# %% wrong predict_log_step answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 3
predict_log_step = "about 5"


# %% right predict_log_step two_decimals
predict_log_step = 5.01


# %% right predict_log_step numpy_number
predict_log_step = np.float64(0.25) * np.log(5e8)


# %% wrong Dense random_bias
# says: Your biases start at random numbers; they start at 0.
# hint: 1
# teach: The course notebook does this. It is no disaster, but nothing is gained
#   either.
# - self.b = np.zeros(n_out)
# + self.b = rng.random(n_out)


# %% wrong Dense plain_normal
# says: Your weights have standard deviation 1; divide by the root of the number of
#   inputs.
# hint: 3
# teach: Ask for the size of a sum of 100 such terms.
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(0, 1.0, size=(n_in, n_out))


# %% wrong Dense forgets_the_root
# says: You use the variance where the standard deviation is asked: the root is
#   missing.
# hint: 3
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(0, variances[init], size=(n_in, n_out))


# %% wrong Dense fan_out
# says: Your weights shrink with the number of outputs; it is the inputs that are
#   summed.
# hint: 1
# - variances = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}
# + variances = {"he": 2 / n_out, "xavier": 2 / (n_in + n_out)}


# %% wrong Dense one_over_n_in
# says: Your weights for "he" are too small by the root of 2, which makes up for the
#   half that ReLU removes.
# hint: 1
# - variances = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}
# + variances = {"he": 1 / n_in, "xavier": 2 / (n_in + n_out)}


# %% wrong Dense xavier_one_over_n_in
# says: Your weights for "xavier" depend on the inputs only; this rule counts inputs
#   and outputs.
# hint: 1
# - variances = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}
# + variances = {"he": 2 / n_in, "xavier": 1 / n_in}


# %% wrong Dense ignores_init
# says: Both values of init give the same weights, and an unknown one is accepted.
# hint: 3
# - variances = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}
# - if init not in variances:
# -     raise ValueError(f"init is {init!r}, expected 'he' or 'xavier'")
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out))


# %% wrong Dense xavier_by_default
# says: Without init your layer uses "xavier"; the default is "he".
# hint: 1
# - def __init__(self, n_in, n_out, rng, init="he"):
# + def __init__(self, n_in, n_out, rng, init="xavier"):


# %% wrong Dense accepts_any_init
# says: An unknown init is accepted in silence; a ValueError is asked.
# hint: 3
# - if init not in variances:
# -     raise ValueError(f"init is {init!r}, expected 'he' or 'xavier'")
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(
# +     0, np.sqrt(variances.get(init, 2 / n_in)), size=(n_in, n_out)
# + )


# %% wrong Dense global_generator
# says: Your weights come from np.random, so the generator that is passed in decides
#   nothing.
# hint: 3
# teach: Run the notebook twice: the curves differ, and nobody can repeat them.
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = np.random.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))


# %% wrong Dense own_generator
# says: You make a generator of your own with a fixed seed, so all layers of one shape
#   start with the same weights.
# hint: 3
# = def __init__(self, n_in, n_out, rng, init="he"):
# +     rng = np.random.default_rng(0)


# %% wrong Dense identical_columns
# says: All columns of your W are the same; draw every weight.
# hint: 3
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, 1)) * np.ones(
# +     n_out
# + )


# %% wrong Dense zeros
# says: Your weights are all zero, so all units of the layer compute and learn the
#   same.
# hint: 3
# teach: The symmetry argument of lesson 06.
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = np.zeros((n_in, n_out))


# %% wrong Dense uniform_with_the_wrong_width
# says: Your uniform numbers run up to the standard deviation; then their own is
#   smaller by the root of 3.
# hint: 3
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.uniform(-1, 1, (n_in, n_out)) * np.sqrt(variances[init])


# %% wrong Dense positive_weights
# says: All your weights are positive; their mean is 0.
# hint: 3
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = np.abs(rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out)))


# %% wrong Dense transposed_weights
# says: Your W has the shape (n_out, n_in); it is (n_in, n_out).
# hint: 2
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_out, n_in))


# %% wrong Dense forgets_bias
# says: Your forward leaves out b.
# hint: 1
# - return x @ self.W + self.b
# + return x @ self.W


# %% wrong Dense subtracts_bias
# says: Your forward subtracts b.
# hint: 1
# - return x @ self.W + self.b
# + return x @ self.W - self.b


# %% wrong Dense relu_inside
# says: A ReLU has crept into your Dense layer; that is a layer of its own.
# hint: 1
# teach: A last layer with a ReLU cannot give negative logits.
# - return x @ self.W + self.b
# + return np.maximum(x @ self.W + self.b, 0)


# %% wrong Dense returns_zeros
# says: Your forward returns zeros of the right shape.
# hint: 1
# teach: A test that looks at shapes only accepts this one.
# - return x @ self.W + self.b
# + return np.zeros((len(x), len(self.b)))


# %% wrong Dense draws_anew_in_forward
# says: Your forward draws new weights at every call; they are drawn once, in
#   __init__.
# hint: 1
# = self.x = x
# + self.W = np.random.default_rng(0).normal(size=self.W.shape)


# %% wrong Dense updates_in_backward
# says: Your backward changes W and b; it only computes gradients.
# hint: 1
# teach: The NaN of the course notebook; see the figure near the end of the lesson.
# = self.db = dout.sum(axis=0)
# + self.W -= 0.01 * self.dW
# + self.b -= 0.01 * self.db


# %% wrong Dense updates_after_dx
# says: Your backward changes W and b, if only at its end; that is the optimiser's
#   work.
# hint: 1
# - return dout @ self.W.T
# + dx = dout @ self.W.T
# + self.W -= 0.01 * self.dW
# + self.b -= 0.01 * self.db
# + return dx


# %% wrong Dense db_mean
# says: Your db is the mean over the examples; it is the sum, because the loss has
#   divided by N already.
# hint: 3
# teach: Another bug of the course notebook: biases learn N times too slowly, and
#   nothing crashes.
# - self.db = dout.sum(axis=0)
# + self.db = dout.mean(axis=0)


# %% wrong Dense divides_by_n_again
# says: You divide the gradients by N; the loss has done that already.
# hint: 3
# - self.dW = self.x.T @ dout
# - self.db = dout.sum(axis=0)
# + self.dW = self.x.T @ dout / len(dout)
# + self.db = dout.mean(axis=0)


# %% wrong Dense db_over_the_wrong_axis
# says: You add up db over the outputs; it is the examples that have to go.
# hint: 2
# - self.db = dout.sum(axis=0)
# + self.db = dout.sum(axis=1)


# %% wrong Dense db_zero
# says: Your db is zero: the biases would never learn.
# hint: 2
# - self.db = dout.sum(axis=0)
# + self.db = np.zeros(len(self.b))


# %% wrong Dense accumulates
# says: Your gradients add up over calls of backward; each call overwrites them.
# hint: 1
# teach: PyTorch does it that way, and therefore needs zero_grad. Here it is not
#   asked.
# - self.dW = self.x.T @ dout
# - self.db = dout.sum(axis=0)
# + self.dW = getattr(self, "dW", 0) + self.x.T @ dout
# + self.db = getattr(self, "db", 0) + dout.sum(axis=0)


# %% wrong Dense dw_transposed
# says: Your dW has the shape (n_out, n_in); it has the shape of W.
# hint: 2
# - self.dW = self.x.T @ dout
# + self.dW = dout.T @ self.x


# %% wrong Dense dw_negated
# says: Your dW has the wrong sign; the optimiser will subtract it.
# hint: 2
# - self.dW = self.x.T @ dout
# + self.dW = -self.x.T @ dout


# %% wrong Dense dx_without_transpose
# says: Your dx multiplies by W where the transpose of W is needed.
# hint: 2
# - return dout @ self.W.T
# + return dout @ self.W


# %% wrong Dense dx_forgotten
# says: Your backward returns nothing; the layer before needs dx.
# hint: 2
# - return dout @ self.W.T
# + self.dx = dout @ self.W.T


# %% wrong Dense returns_dw
# says: Your backward returns dW; it returns dx and stores dW on self.
# hint: 2
# - return dout @ self.W.T
# + return self.dW


# %% wrong Dense remembers_the_first_batch
# says: Your layer remembers its first batch forever; every forward brings a new one.
# hint: 1
# - self.x = x
# + self.x = x if self.x is None else self.x


# %% wrong Dense silent_before_forward
# says: Called before forward, your backward raises something else than a
#   RuntimeError.
# hint: 3
# - if self.x is None:
# -     raise RuntimeError("backward was called before forward")


# %% wrong Dense returns_zero_before_forward
# says: Called before forward, your backward goes on as if nothing were wrong.
# hint: 3
# - raise RuntimeError("backward was called before forward")
# + return dout @ self.W.T


# %% wrong Dense weights_on_the_class
# says: Your W belongs to the class: a second layer replaces the weights of the
#   first.
# hint: 1
# teach: Ask what `self` is for.
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + Dense.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))


# %% wrong Dense changes_its_input
# says: Your layer overwrites the batch it was given.
# hint: 1
# - return x @ self.W + self.b
# + out = x @ self.W + self.b
# + x *= 0
# + return out


# %% wrong Dense one_example_comes_back_flat
# says: For one example your forward returns (n_out,); it returns (1, n_out).
# hint: 1
# - return x @ self.W + self.b
# + return (
# +     np.squeeze(x @ self.W + self.b, 0) if len(x) == 1 else x @ self.W + self.b
# + )


# %% wrong Dense flattens_single_columns
# says: Your dW loses an axis when the layer has one output; it has the shape of W.
# hint: 2
# - self.dW = self.x.T @ dout
# + self.dW = np.squeeze(self.x.T @ dout)


# %% wrong Dense uses_the_notebooks_globals
# says: Your forward uses the notebook's X_train instead of its argument.
# hint: 1
# - return x @ self.W + self.b
# + return X_train[: len(x)] @ self.W + self.b


# %% wrong Dense forward_remembers_by_shape
# says: The output is kept by the shape of x: another batch of the same shape gets the
#   first one's.
# hint: 1
# - def forward(self, x):
# + def forward(self, x, _known={}):
# ...
# - return x @ self.W + self.b
# + return _known.setdefault((x.shape, self.W.shape), x @ self.W + self.b)


# %% wrong Dense backward_remembers_by_shape
# says: The gradients are kept by the shape of dout: another batch of the same shape gets
#   the first one's.
# hint: 2
# - def backward(self, dout):
# + def backward(self, dout, _known={}):
# ...
# - self.dW = self.x.T @ dout
# - self.db = dout.sum(axis=0)
# - return dout @ self.W.T
# + found = self.x.T @ dout, dout.sum(axis=0), dout @ self.W.T
# + self.dW, self.db, dx = _known.setdefault((self.x.shape, dout.shape), found)
# + return dx


# %% wrong Dense keeps_gradients_that_are_there
# says: A second backward of a batch of the same size keeps the gradients of the first.
# hint: 2
# - self.dW = self.x.T @ dout
# - self.db = dout.sum(axis=0)
# + if getattr(self, "size", None) != len(dout):
# +     self.size = len(dout)
# +     self.dW = self.x.T @ dout
# +     self.db = dout.sum(axis=0)


# %% right Dense uniform
# - self.W = rng.normal(0, np.sqrt(variances[init]), size=(n_in, n_out))
# + self.W = rng.uniform(-1, 1, (n_in, n_out)) * np.sqrt(3 * variances[init])


# %% right Dense bias_as_a_row
# - self.b = np.zeros(n_out)
# + self.b = np.zeros((1, n_out))
# ...
# - self.db = dout.sum(axis=0)
# + self.db = dout.sum(axis=0, keepdims=True)


# %% right Dense einsum
class Dense:
    def __init__(self, n_in, n_out, rng, init="he"):
        if init == "he":
            std = (2 / n_in) ** 0.5
        elif init == "xavier":
            std = (2 / (n_in + n_out)) ** 0.5
        else:
            raise ValueError(init)
        self.W = std * rng.standard_normal((n_in, n_out))
        self.b = np.zeros(n_out)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.cache = x.copy()
        return np.einsum("nd,dh->nh", x, self.W) + self.b

    def backward(self, dout):
        if not hasattr(self, "cache"):
            raise RuntimeError("no forward yet")
        self.dW = np.einsum("nd,nh->dh", self.cache, dout)
        self.db = np.einsum("nh->h", dout)
        return np.einsum("nh,dh->nd", dout, self.W)


# %% right Dense loops_and_in_place_gradients
class Dense:
    def __init__(self, n_in, n_out, rng, init="he"):
        if init not in ("he", "xavier"):
            raise ValueError(init)
        fan = n_in if init == "he" else n_in + n_out
        limit = np.sqrt(6 / fan)
        self.W = rng.uniform(-limit, limit, size=(n_in, n_out))
        self.b = np.zeros(n_out)
        self.dW, self.db, self._x = np.zeros((n_in, n_out)), np.zeros(n_out), None

    def forward(self, x):
        self._x = np.array(x)
        return np.array([row @ self.W + self.b for row in self._x])

    def backward(self, dout):
        if self._x is None:
            raise RuntimeError("backward before forward")
        self.dW[...] = 0
        self.db[...] = 0
        for x_n, d_n in zip(self._x, dout, strict=True):
            self.dW += np.outer(x_n, d_n)
            self.db += d_n
        return np.dot(dout, self.W.transpose())


# %% right Dense error_class_of_its_own
class NotYetForward(RuntimeError):
    pass


class Dense:
    def __init__(self, n_in, n_out, rng, init="he"):
        scale = {"he": np.sqrt(2 / n_in), "xavier": np.sqrt(2 / (n_in + n_out))}
        if init not in scale:
            raise ValueError(f"unknown init {init}")
        self.W = rng.normal(size=(n_in, n_out)) * scale[init]
        self.b = np.zeros(n_out)
        self.dW = self.db = self.inputs = None

    def forward(self, x):
        self.inputs = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        if self.inputs is None:
            raise NotYetForward("forward has to come first")
        self.dW = np.dot(self.inputs.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


# %% wrong ReLU mask_from_output
# says: Your gate is open everywhere: ReLU's output is never below 0, so `>= 0` is
#   always true of it.
# hint: 2
# teach: The network learns all the same, so only a measured gradient shows it.
class ReLU:
    def forward(self, x):
        out = np.maximum(x, 0)
        self.mask = out >= 0
        return out

    def backward(self, dout):
        return dout * self.mask


# %% wrong ReLU mask_of_the_first_batch
# says: Your gate is that of the first batch forever; every forward makes a new one.
# hint: 2
# teach: Works as long as the last batch is smaller, and the first one never comes
#   again.
# - self.mask = x > 0
# + if not hasattr(self, "mask") or self.mask.shape != x.shape:
# +     self.mask = x > 0


# %% wrong ReLU mask_on_the_class
# says: All your ReLU layers share one gate; store it on self.
# hint: 2
class ReLU:
    def forward(self, x):
        ReLU.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * ReLU.mask


# %% wrong ReLU mask_from_dout
# says: Your gate looks at the sign of dout; it is the sign of x that counts.
# hint: 1
# - return dout * self.mask
# + return np.maximum(dout, 0)


# %% wrong ReLU drops_negative_dout
# says: Your backward loses the negative numbers in dout.
# hint: 1
# - return dout * self.mask
# + return dout * (self.mask & (dout > 0))


# %% wrong ReLU forgets_dout
# says: Your backward returns the slope of ReLU; multiply dout by it.
# hint: 3
# - return dout * self.mask
# + return self.mask * 1.0


# %% wrong ReLU keeps_the_wrong_side
# says: Your gate is open where x is negative.
# hint: 1
# - self.mask = x > 0
# + self.mask = x < 0


# %% wrong ReLU threshold_one
# says: Your gate opens at 1 instead of 0.
# hint: 2
# - self.mask = x > 0
# + self.mask = x > 1


# %% wrong ReLU multiplies_by_x
# says: Your backward multiplies by x as well; the slope of ReLU is 1 there.
# hint: 3
# - self.mask = x > 0
# + self.mask = np.maximum(x, 0)


# %% wrong ReLU works_in_place
# says: Your forward overwrites its input.
# hint: 3
# teach: The Dense layer before has handed out this array; what else uses it?
# - return np.maximum(x, 0)
# + x *= self.mask
# + return x


# %% wrong ReLU overwrites_dout
# says: Your backward overwrites the dout that it was given.
# hint: 3
# - return dout * self.mask
# + dout[~self.mask] = 0
# + return dout


# %% wrong ReLU clips_at_six
# says: Your ReLU has an upper end at 6.
# hint: 1
# - return np.maximum(x, 0)
# + return np.clip(x, 0, 6)


# %% wrong ReLU absolute
# says: Negative numbers keep their size; they become 0.
# hint: 1
# - return np.maximum(x, 0)
# + return np.abs(x)


# %% wrong ReLU leaky
# says: Your ReLU leaks: negative numbers become small instead of 0.
# hint: 1
# - return np.maximum(x, 0)
# + return np.maximum(x, 0.01 * x)


# %% wrong ReLU uses_the_notebooks_globals
# says: Your gate is made of data of the notebook instead of x.
# hint: 2
# - self.mask = x > 0
# + self.mask = np.resize(y_train, x.shape) > 0


# %% right ReLU where
class ReLU:
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, 0)

    def backward(self, dout):
        return np.where(self.x > 0, dout, 0)


# %% right ReLU open_at_zero
class ReLU:
    def __init__(self):
        self.open = None

    def forward(self, x):
        self.open = (x >= 0).astype(float)
        return x * self.open

    def backward(self, dout):
        return np.multiply(self.open, dout)


# %% right ReLU half_at_zero
class ReLU:
    def forward(self, x):
        self.slope = np.heaviside(x, 0.5)
        return x.clip(0, None)

    def backward(self, dout):
        return self.slope * dout


# %% right ReLU mask_from_output_above_zero
class ReLU:
    def forward(self, x):
        self.out = np.maximum(0, x)
        return self.out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.out <= 0] = 0
        return dx


# %% wrong SoftmaxCrossEntropy loss_on_logits
# says: You take the logarithm of the logits; it is that of the probabilities.
# hint: 3
# teach: The course notebook's bug: the network learns, and the printed loss means
#   nothing.
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + clipped = np.clip(logits[self.rows, labels], 1e-9, 1 - 1e-9)
# + return float(-np.log(clipped + 1e-9).mean())


# %% wrong SoftmaxCrossEntropy global_maximum
# says: You subtract the largest of all logits; a row far below it becomes 0 / 0.
# hint: 3
# teach: Show the row [0, 1, 2] beside [1000, 1001, 1002].
# - shifted = logits - logits.max(axis=1, keepdims=True)
# + shifted = logits - logits.max()


# %% wrong SoftmaxCrossEntropy no_maximum
# says: You take exponentials of raw logits, which overflow from 710 on.
# hint: 3
# - shifted = logits - logits.max(axis=1, keepdims=True)
# + shifted = logits


# %% wrong SoftmaxCrossEntropy log_of_zero
# says: A probability that is rounded to 0 gives an infinite loss; use the logarithm
#   of the sum instead.
# hint: 3
# teach: Softmax is stable here, the logarithm is not. Derive ln p from the shifted
#   logits.
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(-np.log(self.P[self.rows, labels]).mean())


# %% wrong SoftmaxCrossEntropy large_epsilon
# says: Your epsilon of 0.01 changes the loss of ordinary probabilities.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(-np.log(self.P[self.rows, labels] + 1e-2).mean())


# %% wrong SoftmaxCrossEntropy clips_at_one_hundredth
# says: You cut probabilities off at 0.01, so a certain mistake costs 4.6 only.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(-np.log(np.clip(self.P[self.rows, labels], 1e-2, 1)).mean())


# %% wrong SoftmaxCrossEntropy sum_over_examples
# says: Your loss is the sum over the examples; it is their mean.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).sum())


# %% wrong SoftmaxCrossEntropy mean_over_classes
# says: Your loss is averaged over N times C numbers; it is averaged over N examples.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + hot = np.eye(C)[labels]
# + return float(-(hot * (shifted - np.log(sums))).mean())


# %% wrong SoftmaxCrossEntropy negative_loss
# says: Your loss is negative: the minus sign in front is missing.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return -float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())


# %% wrong SoftmaxCrossEntropy log10
# says: You use the logarithm to base 10.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(
# +     (np.log(sums[:, 0]) - shifted[self.rows, labels]) / np.log(10).mean()
# + )


# %% wrong SoftmaxCrossEntropy columns_instead_of_rows
# says: You normalise columns; the classes of one example are in a row.
# hint: 3
# - shifted = logits - logits.max(axis=1, keepdims=True)
# + shifted = logits - logits.max(axis=0, keepdims=True)
# = powers = np.exp(shifted)
# - sums = powers.sum(axis=1, keepdims=True)
# + sums = powers.sum(axis=0, keepdims=True)
# = self.P, self.labels, self.rows = powers / sums, labels, np.arange(N)
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float((np.log(sums[0])[labels] - shifted[self.rows, labels]).mean())


# %% wrong SoftmaxCrossEntropy first_example_only
# says: You return the loss of the first example alone.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float((np.log(sums[:, 0]) - shifted[self.rows, labels])[0])


# %% wrong SoftmaxCrossEntropy integer_labels_only
# says: One-hot labels are not recognised.
# hint: 2
# - if labels.ndim == 2:
# -     labels = labels.argmax(axis=1)


# %% wrong SoftmaxCrossEntropy one_hot_labels_only
# says: Integer labels are not recognised.
# hint: 2
# - if labels.ndim == 2:
# -     labels = labels.argmax(axis=1)
# + labels = labels.argmax(axis=-1)
# + labels = np.atleast_1d(labels)


# %% wrong SoftmaxCrossEntropy accepts_minus_one
# says: A label of -1 is taken for the last class; it has to be refused.
# hint: 2
# teach: NumPy's negative index, in silence.
# - if labels.min() < 0 or labels.max() >= C:
# + if labels.max() >= C:


# %% wrong SoftmaxCrossEntropy checks_nothing
# says: A label of -1 is taken for the last class; it has to be refused.
# hint: 2
# - if labels.min() < 0 or labels.max() >= C:
# -     raise ValueError(f"labels must lie in 0 … {C - 1}")


# %% wrong SoftmaxCrossEntropy clips_labels
# says: Labels outside the classes are moved to the nearest class; they have to be
#   refused.
# hint: 2
# - if labels.min() < 0 or labels.max() >= C:
# -     raise ValueError(f"labels must lie in 0 … {C - 1}")
# + labels = np.clip(labels, 0, C - 1)


# %% wrong SoftmaxCrossEntropy refuses_the_last_class
# says: The last class is refused as a label.
# hint: 2
# - if labels.min() < 0 or labels.max() >= C:
# + if labels.min() < 0 or labels.max() >= C - 1:


# %% wrong SoftmaxCrossEntropy gradient_turned
# says: Your gradient is Y - P; it is P - Y.
# hint: 3
# - return dlogits / len(dlogits)
# + return -dlogits / len(dlogits)


# %% wrong SoftmaxCrossEntropy gradient_not_divided
# says: Your gradient is not divided by N.
# hint: 3
# - return dlogits / len(dlogits)
# + return dlogits


# %% wrong SoftmaxCrossEntropy gradient_divided_by_nc
# says: Your gradient is divided by N times C; it is divided by N.
# hint: 3
# - return dlogits / len(dlogits)
# + return dlogits / dlogits.size


# %% wrong SoftmaxCrossEntropy gradient_without_labels
# says: Your gradient is P / N; Y is missing.
# hint: 3
# - dlogits[self.rows, self.labels] -= 1


# %% wrong SoftmaxCrossEntropy subtracts_in_every_column
# says: You subtract 1 in whole columns instead of one place in each row.
# hint: 2
# - dlogits[self.rows, self.labels] -= 1
# + dlogits[:, self.labels] -= 1


# %% wrong SoftmaxCrossEntropy one_hot_labels_as_index
# says: With one-hot labels your backward takes the zeros and ones for row and column
#   numbers.
# hint: 2
# = N, C = logits.shape
# + self.given = labels
# ...
# - dlogits[self.rows, self.labels] -= 1
# + dlogits[self.rows, self.given.T] -= 1


# %% wrong SoftmaxCrossEntropy spoils_its_memory
# says: Your backward changes the probabilities it remembers, so a second call returns
#   something else.
# hint: 1
# - dlogits = self.P.copy()
# + dlogits = self.P


# %% wrong SoftmaxCrossEntropy divides_its_memory
# says: Your backward divides what it remembers, so a second call returns something
#   else.
# hint: 1
# - dlogits = self.P.copy()
# - dlogits[self.rows, self.labels] -= 1
# - return dlogits / len(dlogits)
# + self.P = (self.P - np.eye(self.P.shape[1])[self.labels]) / len(self.P)
# + return self.P


# %% wrong SoftmaxCrossEntropy remembers_the_first_batch
# says: Your backward uses the labels of the first batch forever.
# hint: 1
# - self.P, self.labels, self.rows = powers / sums, labels, np.arange(N)
# + self.P, self.rows = powers / sums, np.arange(N)
# + self.labels = getattr(self, "labels", labels)
# + self.labels = self.labels if len(self.labels) == N else labels


# %% wrong SoftmaxCrossEntropy memory_on_the_class
# says: All your losses share one memory; store it on self.
# hint: 1
# - self.P, self.labels, self.rows = powers / sums, labels, np.arange(N)
# + SoftmaxCrossEntropy.P, self.labels, self.rows = (
# +     powers / sums,
# +     labels,
# +     np.arange(N),
# + )
# ...
# - dlogits = self.P.copy()
# + dlogits = SoftmaxCrossEntropy.P.copy()


# %% wrong SoftmaxCrossEntropy changes_the_logits
# says: Your forward overwrites the logits.
# hint: 3
# - shifted = logits - logits.max(axis=1, keepdims=True)
# + logits -= logits.max(axis=1, keepdims=True)
# + shifted = logits


# %% wrong SoftmaxCrossEntropy changes_the_labels
# says: Your forward rewrites the caller's one-hot labels.
# hint: 2
# - labels = labels.argmax(axis=1)
# + hot, labels = labels, labels.argmax(axis=1)
# + hot[:] = 0


# %% wrong SoftmaxCrossEntropy integer_gradient
# says: Your gradient is cut to whole numbers: 0 and -1 over N.
# hint: 3
# - dlogits = self.P.copy()
# + dlogits = self.P.astype(int)


# %% wrong SoftmaxCrossEntropy returns_one_loss_an_example
# says: Your forward returns one loss for each example; it returns their mean.
# hint: 3
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return np.log(sums[:, 0]) - shifted[self.rows, labels]


# %% wrong SoftmaxCrossEntropy uses_the_notebooks_globals
# says: Your loss uses the notebook's y_train instead of the labels it is given.
# hint: 1
# = N, C = logits.shape
# + labels = y_train[: len(logits)]


# %% right SoftmaxCrossEntropy logsumexp
class SoftmaxCrossEntropy:
    def forward(self, logits, labels):
        from scipy.special import logsumexp

        log_p = logits - logsumexp(logits, axis=1, keepdims=True)
        if np.ndim(labels) == 1:
            if np.any(labels < 0):
                raise IndexError("negative label")
            labels = np.eye(logits.shape[1])[labels]
        self.P, self.Y = np.exp(log_p), labels
        return -np.sum(labels * log_p) / len(logits)

    def backward(self):
        return (self.P - self.Y) / len(self.P)


# %% right SoftmaxCrossEntropy log_softmax_of_scipy
class SoftmaxCrossEntropy:
    def forward(self, logits, labels):
        from scipy.special import log_softmax

        n_classes = logits.shape[1]
        if labels.ndim == 1:
            if not np.all((labels >= 0) & (labels < n_classes)):
                raise ValueError("label")
            labels = (labels[:, None] == np.arange(n_classes)).astype(float)
        self.log_p, self.hot = log_softmax(logits, axis=1), labels
        return np.mean(-(self.hot * self.log_p).sum(axis=1))

    def backward(self):
        return (np.exp(self.log_p) - self.hot) / self.hot.shape[0]


# %% right SoftmaxCrossEntropy small_epsilon
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(-np.log(self.P[self.rows, labels] + 1e-12).mean())


# %% right SoftmaxCrossEntropy levels_off_at_690
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + return float(-np.log(np.maximum(self.P[self.rows, labels], 1e-300)).mean())


# %% right SoftmaxCrossEntropy clips_like_keras
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + kept = np.clip(self.P[self.rows, labels], 1e-7, 1 - 1e-7)
# + return float(-np.log(kept).mean())


# %% right SoftmaxCrossEntropy two_small_epsilons
# teach: Clumsy, but any epsilon up to 1e-7 in a logarithm is accepted in this course.
# - return float((np.log(sums[:, 0]) - shifted[self.rows, labels]).mean())
# + kept = np.clip(self.P[self.rows, labels], 1e-9, 1 - 1e-9)
# + return float(-np.log(kept + 1e-9).mean())


# %% right SoftmaxCrossEntropy row_by_row
class SoftmaxCrossEntropy:
    def forward(self, logits, labels):
        self.labels = []
        self.P = np.zeros(logits.shape)
        losses = []
        for i, row in enumerate(logits):
            label = (
                int(np.argmax(labels[i])) if np.ndim(labels) == 2 else int(labels[i])
            )
            if label not in range(len(row)):
                raise ValueError(f"label {label}")
            e = np.exp(row - max(row))
            self.P[i] = e / sum(e)
            self.labels.append(label)
            losses.append(np.log(sum(e)) - (row[label] - max(row)))
        return sum(losses) / len(losses)

    def backward(self):
        grad = self.P / len(self.P)
        for i, label in enumerate(self.labels):
            grad[i, label] -= 1 / len(self.P)
        return grad


# %% wrong minibatches drops_the_last_batch
# says: Your loop ends one batch too early: the last batch is never used.
# hint: 3
# teach: The course notebook's loop: with 150 examples and batches of 150, nothing is
#   trained at all.
# - for start in range(0, len(X), batch_size):
# + for start in range(0, len(X) - batch_size, batch_size):


# %% wrong minibatches drops_the_remainder
# says: What is left over at the end is never used; the last batch may be smaller.
# hint: 3
# - for start in range(0, len(X), batch_size):
# + for start in range(0, len(X) - batch_size + 1, batch_size):


# %% wrong minibatches floor_of_batches
# says: What is left over at the end is never used; the last batch may be smaller.
# hint: 3
# - for start in range(0, len(X), batch_size):
# + for number in range(len(X) // batch_size):
# +     start = number * batch_size


# %% wrong minibatches one_batch_too_many
# says: Your last batch may be empty.
# hint: 3
# - for start in range(0, len(X), batch_size):
# + for start in range(0, len(X) + 1, batch_size):


# %% wrong minibatches stops_when_larger_than_data
# says: A batch size above N yields nothing; it yields one batch of N.
# hint: 3
# = def minibatches(X, y, batch_size, rng):
# +     if batch_size > len(X):
# +         return


# %% wrong minibatches fills_the_last_batch
# says: You fill the last batch with examples that were used already.
# hint: 3
# = for start in range(0, len(X), batch_size):
# +     start = max(0, min(start, len(X) - batch_size))


# %% wrong minibatches equal_parts
# says: Your batches are nearly equal parts; all but the last hold exactly batch_size
#   examples.
# hint: 3
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    parts = -(-len(X) // batch_size)
    yield from zip(np.array_split(X, parts), np.array_split(y, parts), strict=True)


# %% wrong minibatches two_orders
# says: X and y are shuffled by two different orders: labels and inputs do not belong
#   together.
# hint: 1
# teach: Training then ends at the accuracy of guessing. Ask what the network could
#   have learned.
# - X, y = X[order], y[order]
# + X, y = X[order], y[rng.permutation(len(X))]


# %% wrong minibatches shuffles_inputs_only
# says: You shuffle X and leave y in its old order.
# hint: 1
# - X, y = X[order], y[order]
# + X = X[order]


# %% wrong minibatches no_shuffle
# says: Your batches come in the old order, epoch after epoch.
# hint: 2
# teach: Iris is sorted by species: every batch would hold one class.
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


# %% wrong minibatches rolls_the_rows
# says: You only begin at a random row: the rows follow each other as they did before.
# hint: 2
# - order = rng.permutation(len(X))
# + order = np.roll(np.arange(len(X)), rng.integers(1, len(X) + 1))


# %% wrong minibatches shuffles_the_batches
# says: You shuffle the order of the batches; each still holds neighbouring rows.
# hint: 2
def minibatches(X, y, batch_size, rng):
    starts = np.arange(0, len(X), batch_size)
    last = starts[-1]
    for start in [*rng.permutation(starts[:-1]), last]:
        yield X[start : start + batch_size], y[start : start + batch_size]


# %% wrong minibatches shuffles_inside_batches
# says: You shuffle inside each batch: it holds the same examples in every epoch.
# hint: 2
# teach: Iris is sorted by species; most batches would hold one class.
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        part = X[start : start + batch_size], y[start : start + batch_size]
        order = rng.permutation(len(part[0]))
        yield part[0][order], part[1][order]


# %% wrong minibatches random_with_replacement
# says: You draw with replacement: some examples come twice in an epoch and others not
#   at all.
# hint: 2
# - order = rng.permutation(len(X))
# + order = rng.integers(0, len(X), len(X))


# %% wrong minibatches draws_each_batch_anew
# says: Every batch is drawn from all examples, so an epoch does not use each of them
#   once.
# hint: 1
# - yield X[start : start + batch_size], y[start : start + batch_size]
# + size = min(batch_size, len(X) - start)
# + rows = rng.choice(len(X), size, replace=False)
# + yield X[rows], y[rows]


# %% wrong minibatches global_generator
# says: You shuffle by np.random, so the generator that is passed in decides nothing.
# hint: 2
# - order = rng.permutation(len(X))
# + order = np.random.permutation(len(X))


# %% wrong minibatches own_generator
# says: You make a generator with a fixed seed: every epoch has the same order.
# hint: 2
# - order = rng.permutation(len(X))
# + order = np.random.default_rng(0).permutation(len(X))


# %% wrong minibatches shuffles_in_place
# says: You rearrange the caller's X and y.
# hint: 2
# - X, y = X[order], y[order]
# + X[:], y[:] = X[order], y[order]


# %% wrong minibatches y_flattened
# says: You flatten y: a y with columns is torn apart.
# hint: 1
# - X, y = X[order], y[order]
# + X, y = X[order], y[order].ravel()


# %% wrong minibatches y_as_column
# says: You make a column of y; its parts have the shape of y otherwise.
# hint: 1
# - X, y = X[order], y[order]
# + X, y = X[order], y[order].reshape(len(X), -1)


# %% wrong minibatches inputs_only
# says: You yield the inputs alone; a pair is asked.
# hint: 3
# - yield X[start : start + batch_size], y[start : start + batch_size]
# + yield X[start : start + batch_size]


# %% wrong minibatches returns_first_batch
# says: You return in the loop, so there is one batch only; a generator yields.
# hint: 3
# - yield X[start : start + batch_size], y[start : start + batch_size]
# + return [(X[start : start + batch_size], y[start : start + batch_size])]


# %% wrong minibatches uses_the_notebooks_globals
# says: You use the notebook's X_train and y_train instead of the arguments.
# hint: 1
# - X, y = X[order], y[order]
# + X, y = X_train[order], y_train[order]


# %% right minibatches list_of_pairs
def minibatches(X, y, batch_size, rng):
    idx = rng.permutation(X.shape[0])
    picks = [idx[i : i + batch_size] for i in range(0, len(idx), batch_size)]
    return [(X[pick], y[pick]) for pick in picks]


# %% right minibatches while_loop
def minibatches(X, y, batch_size, rng):
    rows = np.arange(len(y))
    rng.shuffle(rows)
    while len(rows):
        yield X[rows[:batch_size]], y[rows[:batch_size]]
        rows = rows[batch_size:]


# %% right minibatches library_slices
def minibatches(X, y, batch_size, rng):
    from sklearn.utils import gen_batches

    order = rng.choice(len(X), size=len(X), replace=False)
    for part in gen_batches(len(X), batch_size):
        yield X[order[part]], y[order[part]]


# %% right minibatches sorted_random_numbers
def minibatches(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    number = int(np.ceil(len(X) / batch_size))
    for k in range(number):
        rows = order[k * batch_size : min((k + 1) * batch_size, len(X))]
        yield X[rows], y[rows]


# %% wrong accuracy broadcasts
# says: A column against a flat array is compared in N times N pairs.
# hint: 1
# teach: A perfect prediction of three balanced classes scores 1/3.
def accuracy(y, yhat):
    return float(np.mean(y == yhat))


# %% wrong accuracy flattens_one_side
# says: You flatten only one of the two; the other may be a column as well.
# hint: 1
def accuracy(y, yhat):
    return float(np.mean(y.ravel() == yhat))


# %% wrong accuracy per_cent
# says: You return per cent; a share from 0 to 1 is asked.
# hint: 3
def accuracy(y, yhat):
    return float((y.ravel() == yhat.ravel()).mean() * 100)


# %% wrong accuracy share_of_wrong
# says: You return the share of wrong predictions.
# hint: 2
def accuracy(y, yhat):
    return float((y.ravel() != yhat.ravel()).mean())


# %% wrong accuracy count
# says: You return the number of right predictions; divide by N.
# hint: 2
def accuracy(y, yhat):
    return float((y.ravel() == yhat.ravel()).sum())


# %% wrong accuracy all_or_nothing
# says: You ask whether all predictions are right.
# hint: 2
def accuracy(y, yhat):
    return float(np.array_equal(y.ravel(), yhat.ravel()))


# %% wrong accuracy rounded
# says: You round the share.
# hint: 3
def accuracy(y, yhat):
    return round(float((y.ravel() == yhat.ravel()).mean()), 1)


# %% wrong accuracy one_for_each
# says: You return one True or False an example; their mean is asked.
# hint: 2
def accuracy(y, yhat):
    return y.ravel() == yhat.ravel()


# %% wrong accuracy binary_only
# says: You count as if there were two classes only: differences of several classes
#   add up.
# hint: 2
def accuracy(y, yhat):
    return float(1 - np.mean(np.abs(y.ravel() - yhat.ravel())))


# %% wrong accuracy true_positives
# says: You count only examples of classes other than 0.
# hint: 2
def accuracy(y, yhat):
    return float(np.mean((y.ravel() == yhat.ravel()) & (y.ravel() > 0)))


# %% wrong accuracy uses_the_notebooks_globals
# says: You compare with the notebook's y_val instead of y.
# hint: 1
def accuracy(y, yhat):
    return float(np.mean(np.resize(y_val, yhat.size) == yhat.ravel()))


# %% wrong accuracy changes_its_input
# says: You overwrite the predictions.
# hint: 1
def accuracy(y, yhat):
    share = float((y.ravel() == yhat.ravel()).mean())
    yhat[...] = 0
    return share


# %% right accuracy library
def accuracy(y, yhat):
    from sklearn.metrics import accuracy_score

    return accuracy_score(y.ravel(), yhat.ravel())


# %% right accuracy loop
def accuracy(y, yhat):
    hits = 0
    for t, p in zip(np.ravel(y), np.ravel(yhat), strict=True):
        hits += int(t == p)
    return hits / len(y)


# %% right accuracy reshape
def accuracy(y, yhat):
    return np.mean(y.reshape(-1, 1) == yhat.reshape(-1, 1))


# %% right accuracy counts_zeros
def accuracy(y, yhat):
    return 1 - np.count_nonzero(np.squeeze(y) - np.squeeze(yhat)) / y.size


# %% wrong SGD uphill
# says: Your step adds the gradient: it goes uphill.
# hint: 3
# - layer.W -= self.lr * layer.dW
# - layer.b -= self.lr * layer.db
# + layer.W += self.lr * layer.dW
# + layer.b += self.lr * layer.db


# %% wrong SGD forgets_the_rate
# says: Your step ignores the learning rate.
# hint: 3
# - layer.W -= self.lr * layer.dW
# - layer.b -= self.lr * layer.db
# + layer.W -= layer.dW
# + layer.b -= layer.db


# %% wrong SGD forgets_biases
# says: Your step leaves the biases as they are.
# hint: 3
# - layer.b -= self.lr * layer.db


# %% wrong SGD forgets_weights
# says: Your step leaves the weights as they are.
# hint: 3
# - layer.W -= self.lr * layer.dW


# %% wrong SGD first_layer_only
# says: Your step updates the first layer only.
# hint: 3
# = layer.b -= self.lr * layer.db
# + return


# %% wrong SGD forgets_the_last_layer
# says: Your step leaves out the last layer.
# hint: 3
# - for layer in self.layers:
# + for layer in self.layers[:-1]:


# %% wrong SGD every_second_layer
# says: Your step takes every second layer of those with weights.
# hint: 3
# - for layer in self.layers:
# + for layer in self.layers[::2]:


# %% wrong SGD stumbles_over_relu
# says: Your step fails at a layer without weights; skip it.
# hint: 3
# - self.layers = [layer for layer in layers if hasattr(layer, "W")]
# + self.layers = [layer for layer in layers]


# %% wrong SGD stops_at_relu
# says: Your loop ends at the first layer without weights; go on to the next.
# hint: 3
# - self.layers = [layer for layer in layers if hasattr(layer, "W")]
# + self.layers = layers
# ...
# = for layer in self.layers:
# +     if not hasattr(layer, "W"):
# +         break


# %% wrong SGD local_copy
# says: You compute new arrays and leave those of the layer as they were.
# hint: 2
# teach: Assigning to a name does not change what the name pointed to.
# - layer.W -= self.lr * layer.dW
# - layer.b -= self.lr * layer.db
# + W, b = layer.W, layer.b
# + W = W - self.lr * layer.dW
# + b = b - self.lr * layer.db


# %% wrong SGD looks_up_gradients_too_early
# says: You look up the gradients when the optimiser is made; they do not exist yet.
# hint: 1
class SGD:
    def __init__(self, layers, lr):
        self.layers = [layer for layer in layers if hasattr(layer, "W")]
        self.lr = lr
        self.slopes = [(layer.dW, layer.db) for layer in self.layers]

    def step(self):
        for layer, (dW, db) in zip(self.layers, self.slopes, strict=True):
            layer.W -= self.lr * dW
            layer.b -= self.lr * db


# %% wrong SGD remembers_old_gradients
# says: You use the gradients of the first step forever.
# hint: 1
class SGD:
    def __init__(self, layers, lr):
        self.layers = [layer for layer in layers if hasattr(layer, "W")]
        self.lr = lr

    def step(self):
        if not hasattr(self, "slopes"):
            self.slopes = [(layer.dW, layer.db) for layer in self.layers]
        for layer, (dW, db) in zip(self.layers, self.slopes, strict=True):
            layer.W -= self.lr * dW
            layer.b -= self.lr * db


# %% wrong SGD accumulates_gradients
# says: Your gradients add up over the steps.
# hint: 1
# teach: Momentum with beta = 1; lesson 08 does it properly.
# - layer.W -= self.lr * layer.dW
# - layer.b -= self.lr * layer.db
# + layer.sum_W = getattr(layer, "sum_W", 0) + layer.dW
# + layer.sum_b = getattr(layer, "sum_b", 0) + layer.db
# + layer.W -= self.lr * layer.sum_W
# + layer.b -= self.lr * layer.sum_b


# %% wrong SGD bias_rate_divided
# says: Your biases learn with another rate than the weights.
# hint: 3
# - layer.b -= self.lr * layer.db
# + layer.b -= self.lr / len(layer.W) * layer.db


# %% wrong SGD shrinking_rate
# says: Your learning rate shrinks from step to step.
# hint: 3
# =     layer.b -= self.lr * layer.db
# + self.lr *= 0.9


# %% wrong SGD scales_the_gradients
# says: Your step overwrites the gradients.
# hint: 3
# - layer.W -= self.lr * layer.dW
# + layer.dW *= self.lr
# + layer.W -= layer.dW


# %% wrong SGD fixed_rate
# says: Your learning rate is fixed at 0.1, whatever is asked.
# hint: 3
# - self.lr = lr
# + self.lr = 0.1


# %% wrong SGD clips_gradients
# says: You cut gradients off at 100; they are used as they are.
# hint: 3
# teach: Clipping is a choice that a learning rate does not show; say it in a name.
# - layer.W -= self.lr * layer.dW
# - layer.b -= self.lr * layer.db
# + layer.W -= self.lr * np.clip(layer.dW, -100, 100)
# + layer.b -= self.lr * np.clip(layer.db, -100, 100)


# %% right SGD rebinds_the_attributes
class SGD:
    def __init__(self, layers, lr):
        self.layers, self.lr = layers, lr

    def step(self):
        for layer in self.layers:
            if hasattr(layer, "W"):
                layer.W = layer.W - self.lr * layer.dW
                layer.b = layer.b - self.lr * layer.db


# %% right SGD asks_for_the_class
class SGD:
    def __init__(self, layers, lr):
        self.layers, self.lr = list(layers), lr

    def step(self):
        for layer in self.layers:
            if isinstance(layer, Dense):
                layer.W -= self.lr * layer.dW
                layer.b -= self.lr * layer.db


# %% right SGD loops_over_names
class SGD:
    def __init__(self, layers, lr):
        self.layers, self.lr = layers, lr

    def step(self):
        for layer in self.layers:
            for name in ("W", "b"):
                value = getattr(layer, name, None)
                if value is not None:
                    value[...] -= self.lr * getattr(layer, "d" + name)


# %% right SGD skips_by_exception
class SGD:
    def __init__(self, layers, lr):
        self.layers = layers
        self.learning_rate = lr

    def step(self):
        for layer in self.layers:
            try:
                np.subtract(layer.W, self.learning_rate * layer.dW, out=layer.W)
                np.subtract(layer.b, self.learning_rate * layer.db, out=layer.b)
            except AttributeError:
                continue


# %% wrong NeuralNetwork layers_backwards
# says: Your forward goes through the layers from the last to the first.
# hint: 2
# - for layer in self.layers:
# + for layer in reversed(self.layers):


# %% wrong NeuralNetwork backward_in_forward_order
# says: Your backward goes through the layers from the first to the last.
# hint: 3
# - for layer in reversed(self.layers):
# + for layer in self.layers:


# %% wrong NeuralNetwork every_layer_gets_x
# says: Every layer gets the input of the network instead of what the layer before
#   returned.
# hint: 2
# -     X = layer.forward(X)
# - return X
# +     out = layer.forward(X)
# + return out


# %% wrong NeuralNetwork every_layer_gets_dout
# says: Every layer gets the gradient of the loss instead of what the next layer
#   returned.
# hint: 3
# teach: Lesson 05's chain rule: each factor multiplies what comes from behind.
# -     dout = layer.backward(dout)
# - return dout
# +     dx = layer.backward(dout)
# + return dx


# %% wrong NeuralNetwork skips_the_first_layer
# says: Your backward leaves out the first layer.
# hint: 3
# - for layer in reversed(self.layers):
# + for layer in reversed(self.layers[1:]):


# %% wrong NeuralNetwork first_and_last_layer_only
# says: Your backward reaches the first and the last layer and leaves out those
#   between.
# hint: 3
# - for layer in reversed(self.layers):
# + for layer in (self.layers[-1], self.layers[0])[: len(self.layers)]:


# %% wrong NeuralNetwork reverses_for_good
# says: Your backward turns the list of layers around for good; the second forward
#   goes the wrong way.
# hint: 3
# - for layer in reversed(self.layers):
# + self.layers.reverse()
# + for layer in self.layers:


# %% wrong NeuralNetwork logits_as_probabilities
# says: Your predict_proba returns logits.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + return self.forward(X)


# %% wrong NeuralNetwork softmax_of_columns
# says: Your predict_proba normalises columns; each row adds up to 1.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + return softmax(self.forward(X), axis=0)


# %% wrong NeuralNetwork softmax_of_everything
# says: Your predict_proba makes all numbers of the batch add up to 1.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + return softmax(self.forward(X))


# %% wrong NeuralNetwork unstable_softmax
# says: Your softmax overflows for large logits.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + e = np.exp(self.forward(X))
# + return e / e.sum(axis=1, keepdims=True)


# %% wrong NeuralNetwork softmax_by_global_maximum
# says: Your softmax subtracts the largest of all logits, and a row far below becomes
#   0 / 0.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + logits = self.forward(X)
# + e = np.exp(logits - logits.max())
# + return e / e.sum(axis=1, keepdims=True)


# %% wrong NeuralNetwork predict_returns_logits
# says: Your predict returns scores; it returns one label for each example.
# hint: 1
# - return self.forward(X).argmax(axis=1)
# + return self.forward(X)


# %% wrong NeuralNetwork predict_over_examples
# says: Your predict looks for the largest value of each column; classes are on axis
#   1.
# hint: 1
# - return self.forward(X).argmax(axis=1)
# + return self.forward(X).argmax(axis=0)


# %% wrong NeuralNetwork predict_smallest
# says: Your predict chooses the least probable class.
# hint: 1
# - return self.forward(X).argmax(axis=1)
# + return self.forward(X).argmin(axis=1)


# %% wrong NeuralNetwork predict_as_column
# says: Your predict returns a column; its shape is (N,).
# hint: 1
# - return self.forward(X).argmax(axis=1)
# + return self.forward(X).argmax(axis=1).reshape(-1, 1)


# %% wrong NeuralNetwork predict_returns_probability
# says: Your predict returns how probable the class is, not which one it is.
# hint: 1
# - return self.forward(X).argmax(axis=1)
# + return self.predict_proba(X).max(axis=1)


# %% wrong NeuralNetwork forgets_the_step
# says: You never call the optimiser: nothing is learned.
# hint: 2
# teach: The loss stays where it was. Which line would move it?
# - optimizer.step()


# %% wrong NeuralNetwork one_step_an_epoch
# says: You call the optimiser once an epoch; it is called once a batch.
# hint: 2
# -     optimizer.step()
# + optimizer.step()


# %% wrong NeuralNetwork steps_before_backward
# says: You update before the gradients of this batch are there.
# hint: 2
# teach: The first step fails or uses nothing; later ones use the batch before.
# + optimizer.step()
# = self.backward(loss.backward())
# - optimizer.step()


# %% wrong NeuralNetwork forgets_backward
# says: Your fit never sends the gradient through the layers.
# hint: 2
# - self.backward(loss.backward())
# + loss.backward()


# %% wrong NeuralNetwork backward_with_logits
# says: You send the logits back through the layers instead of the gradient of the
#   loss.
# hint: 2
# - self.backward(loss.backward())
# + self.backward(logits)


# %% wrong NeuralNetwork steps_inside_backward
# says: You call the optimiser in the middle of backward, before all gradients are
#   there.
# hint: 2
# teach: The course notebook's NaN, by another way.
# - self.backward(loss.backward())
# - optimizer.step()
# + dout = loss.backward()
# + for layer in reversed(self.layers):
# +     dout = layer.backward(dout)
# +     optimizer.step()


# %% wrong NeuralNetwork whole_set_every_time
# says: You train on all examples at every step; the batches are not used.
# hint: 2
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for _ in range(0, len(X), batch_size):
# +     X_batch, y_batch = X, y


# %% wrong NeuralNetwork batches_made_once
# says: You make the batches once and use them in every epoch; a generator is empty
#   after the first.
# hint: 2
# = history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
# + batches = minibatches(X, y, batch_size, rng)
# ...
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in batches:


# %% wrong NeuralNetwork first_batch_only
# says: You use the first batch of each epoch only.
# hint: 2
# = optimizer.step()
# + break


# %% wrong NeuralNetwork trains_on_validation
# says: You train on the validation data as well.
# hint: 3
# teach: Then nothing is left that judges the network.
# = logits = self.forward(X_val)
# + self.backward(loss.backward())
# + optimizer.step()


# %% wrong NeuralNetwork validates_between
# says: You send validation data through the layers between forward and backward of a
#   batch; they overwrite what the layers remember.
# hint: 3
# = hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# + if X_val is not None:
# +     self.forward(X_val)


# %% wrong NeuralNetwork loss_of_last_batch
# says: You report the loss of the last batch instead of the mean over the epoch.
# hint: 2
# - loss_sum += len(X_batch) * loss.forward(logits, y_batch)
# + loss_sum = len(X) * loss.forward(logits, y_batch)


# %% wrong NeuralNetwork mean_over_batches
# says: Your mean gives every batch the same weight; a smaller last batch counts too
#   much.
# hint: 2
# teach: Ask how much one example of a batch of 2 counts beside one of a batch of 4.
# - loss_sum += len(X_batch) * loss.forward(logits, y_batch)
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# + loss_sum += loss.forward(logits, y_batch)
# + hit_sum += accuracy(y_batch, logits.argmax(axis=1))
# ...
# - history["loss"].append(loss_sum / len(X))
# - history["accuracy"].append(hit_sum / len(X))
# + history["loss"].append(loss_sum / -(-len(X) // batch_size))
# + history["accuracy"].append(hit_sum / -(-len(X) // batch_size))


# %% wrong NeuralNetwork sum_of_batches
# says: You report the sum over the batches; divide by the number of examples.
# hint: 2
# - history["loss"].append(loss_sum / len(X))
# - history["accuracy"].append(hit_sum / len(X))
# + history["loss"].append(loss_sum)
# + history["accuracy"].append(hit_sum)


# %% wrong NeuralNetwork sums_never_start_anew
# says: Your sums go on from epoch to epoch; start them at 0 in each.
# hint: 2
# + loss_sum = hit_sum = 0.0
# = for _ in range(epochs):
# -     loss_sum = hit_sum = 0.0


# %% wrong NeuralNetwork one_entry_a_batch
# says: Your history has an entry for every batch; one per epoch is expected.
# hint: 2
# - history["loss"].append(loss_sum / len(X))
# +     history["loss"].append(loss_sum / len(X))


# %% wrong NeuralNetwork last_epoch_only
# says: You return the numbers of the last epoch; a list of all is asked.
# hint: 3
# - return history
# + return {name: values[-1:] for name, values in history.items()}


# %% wrong NeuralNetwork forgets_validation
# says: Your validation lists stay empty.
# hint: 3
# - if X_val is not None:
# + if X_val is None and y_val is not None:


# %% wrong NeuralNetwork validation_is_training
# says: Your validation numbers are those of the training data.
# hint: 3
# - logits = self.forward(X_val)
# - history["val_loss"].append(loss.forward(logits, y_val))
# - history["val_accuracy"].append(accuracy(y_val, logits.argmax(axis=1)))
# + logits = self.forward(X)
# + history["val_loss"].append(loss.forward(logits, y))
# + history["val_accuracy"].append(accuracy(y, logits.argmax(axis=1)))


# %% wrong NeuralNetwork validates_before_the_epoch
# says: You look at the validation data before the epoch's updates; it is done after
#   them.
# hint: 3
# = for _ in range(epochs):
# +     if X_val is not None:
# +         logits = self.forward(X_val)
# +         history["val_loss"].append(loss.forward(logits, y_val))
# +         history["val_accuracy"].append(accuracy(y_val, logits.argmax(axis=1)))
# ...
# - if X_val is not None:
# -     logits = self.forward(X_val)
# -     history["val_loss"].append(loss.forward(logits, y_val))
# -     history["val_accuracy"].append(accuracy(y_val, logits.argmax(axis=1)))


# %% wrong NeuralNetwork needs_validation
# says: Your fit fails without validation data.
# hint: 3
# - if X_val is not None:
# + if True:


# %% wrong NeuralNetwork prints_instead
# says: Your fit prints its numbers and returns nothing.
# hint: 3
# - return history
# + print(history)


# %% wrong NeuralNetwork uses_the_notebooks_globals
# says: Your fit trains on the notebook's X_train and y_train instead of its
#   arguments.
# hint: 2
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in minibatches(X_train, y_train, batch_size, rng):


# %% wrong NeuralNetwork changes_its_input
# says: Your forward overwrites the data it is given.
# hint: 2
# - X = layer.forward(X)
# + X[...] = layer.forward(X)


# %% wrong NeuralNetwork no_return_from_backward
# says: Your backward returns nothing; it returns what the first layer gave.
# hint: 3
# teach: Training works without it. A network that is used as a layer of another one
#   does not.
# - return dout


# %% wrong NeuralNetwork accuracy_after_the_epoch
# says: Your accuracy is that of the network after the epoch; it is measured on each
#   batch, before its update, as the loss is.
# hint: 2
# - loss_sum = hit_sum = 0.0
# + loss_sum = 0.0
# ...
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# ...
# - history["accuracy"].append(hit_sum / len(X))
# + history["accuracy"].append(accuracy(y, self.predict(X)))


# %% wrong NeuralNetwork accuracy_after_the_step
# says: Your accuracy of a batch is measured after the network was updated with it; it
#   is measured before, as the loss is.
# hint: 2
# teach: It looks better than it is: the batch has just been learned.
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# ...
# = optimizer.step()
# + hit_sum += len(X_batch) * accuracy(y_batch, self.predict(X_batch))


# %% wrong NeuralNetwork loss_after_the_step
# says: Your loss of a batch is measured after the network was updated with it.
# hint: 2
# - loss_sum += len(X_batch) * loss.forward(logits, y_batch)
# + loss.forward(logits, y_batch)
# ...
# = optimizer.step()
# + again = loss.forward(self.forward(X_batch), y_batch)
# + loss_sum += len(X_batch) * again


# %% wrong NeuralNetwork list_of_batches_made_once
# says: You make the batches once and use the same ones in every epoch.
# hint: 2
# = history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
# + batches = list(minibatches(X, y, batch_size, rng))
# ...
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in batches:


# %% wrong NeuralNetwork generator_of_its_own
# says: You shuffle by a generator of your own, so the rng that is passed in decides
#   nothing.
# hint: 2
# = history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
# + rng = np.random.default_rng(0)


# %% wrong NeuralNetwork new_generator_every_epoch
# says: You shuffle by a generator of your own, so the rng that is passed in decides
#   nothing.
# hint: 2
# teach: This one also repeats the same order in every epoch.
# = for _ in range(epochs):
# +     rng = np.random.default_rng(1)


# %% wrong NeuralNetwork predict_remembers_by_shape
# says: The labels are kept by the shape of X: other examples get those of the first.
# hint: 1
# - def predict(self, X):
# -     return self.forward(X).argmax(axis=1)
# + def predict(self, X, _known={}):
# +     return _known.setdefault(X.shape, self.forward(X).argmax(axis=1))


# %% wrong NeuralNetwork probabilities_remembered_by_shape
# says: The probabilities are kept by the shape of X: other examples get those of the
#   first.
# hint: 1
# - def predict_proba(self, X):
# -     return softmax(self.forward(X), axis=1)
# + def predict_proba(self, X, _known={}):
# +     return _known.setdefault(X.shape, softmax(self.forward(X), axis=1))


# %% wrong NeuralNetwork skips_softmax_of_what_adds_up_to_one
# says: Logits that add up to 1 are taken for probabilities; they are logits like any
#   others.
# hint: 1
# - return softmax(self.forward(X), axis=1)
# + logits = self.forward(X)
# + return logits if np.allclose(logits.sum(axis=1), 1) else softmax(logits, axis=1)


# %% wrong NeuralNetwork stops_when_all_is_right
# says: Training ends as soon as all examples are right; `epochs` says how long to train.
# hint: 3
# = history["accuracy"].append(hit_sum / len(X))
# + if hit_sum == len(X):
# +     break


# %% wrong NeuralNetwork skips_updates_without_loss
# says: No update is made where the loss is 0; the optimiser's step comes after every
#   batch.
# hint: 2
# - self.backward(loss.backward())
# - optimizer.step()
# + if loss_sum > 0:
# +     self.backward(loss.backward())
# +     optimizer.step()


# %% right NeuralNetwork running_list_of_batches
class NeuralNetwork:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, X):
        activations = [X]
        for layer in self.layers:
            activations.append(layer.forward(activations[-1]))
        return activations[-1]

    def backward(self, dout):
        grad = dout
        for i in range(len(self.layers) - 1, -1, -1):
            grad = self.layers[i].backward(grad)
        return grad

    def predict_proba(self, X):
        logits = self.forward(X)
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def predict(self, X):
        return np.argmax(self.predict_proba(X), axis=1)

    def fit(
        self, X, y, loss, optimizer, epochs, batch_size, rng, X_val=None, y_val=None
    ):
        history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
        for epoch in range(epochs):
            losses, hits, sizes = [], [], []
            for Xb, yb in minibatches(X, y, batch_size, rng):
                out = self.forward(Xb)
                losses.append(loss.forward(out, yb))
                self.backward(loss.backward())
                hits.append(accuracy(yb, np.argmax(out, axis=1)))
                sizes.append(len(yb))
                optimizer.step()
            history["loss"].append(np.average(losses, weights=sizes))
            history["accuracy"].append(np.average(hits, weights=sizes))
            if X_val is not None:
                history["val_loss"].append(loss.forward(self.forward(X_val), y_val))
                history["val_accuracy"].append(accuracy(y_val, self.predict(X_val)))
        return history


# %% right NeuralNetwork batches_of_its_own
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + order = rng.permutation(len(X))
# + for start in range(0, len(X), batch_size):
# +     rows = order[start : start + batch_size]
# +     X_batch, y_batch = X[rows], y[rows]
# ...
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# + hit_sum += np.sum(logits.argmax(axis=1) == y_batch)


# %% right NeuralNetwork calls_next
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + batches = minibatches(X, y, batch_size, rng)
# + for _ in range(-(-len(X) // batch_size)):
# +     X_batch, y_batch = next(batches)


# %% right NeuralNetwork predicts_again_for_accuracy
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# + hit_sum += len(X_batch) * accuracy(y_batch, self.predict(X_batch))


# %% right NeuralNetwork predicts_between_backward_and_step
# - hit_sum += len(X_batch) * accuracy(y_batch, logits.argmax(axis=1))
# = self.backward(loss.backward())
# + hit_sum += len(X_batch) * accuracy(y_batch, self.predict(X_batch))


# %% wrong SquaredError half
# says: Your loss is half of the mean; the formula has no 1/2.
# hint: 2
# - return float((self.off**2).mean())
# + return float((self.off**2).mean() / 2)


# %% wrong SquaredError sum_of_squares
# says: Your loss is the sum of the squares, not their mean.
# hint: 3
# - return float((self.off**2).mean())
# + return float((self.off**2).sum())


# %% wrong SquaredError backward_without_n
# says: Your gradient is not divided by N; each of the N terms counts 1/N.
# hint: 2
# - return 2 * self.off / self.off.size
# + return 2 * self.off


# %% wrong SquaredError forgets_the_two
# says: The 2 of the derivative is missing in your gradient.
# hint: 2
# - return 2 * self.off / self.off.size
# + return self.off / self.off.size


# %% wrong SquaredError turned
# says: The sign of your gradient is turned: it grows where the prediction is too small.
# hint: 1
# - self.off = yhat - y
# + self.off = y - yhat


# %% wrong SquaredError absolute_errors
# says: Your loss averages absolute errors; they are to be squared.
# hint: 3
# - return float((self.off**2).mean())
# + return float(np.abs(self.off).mean())


# %% wrong SquaredError root
# says: Your loss is the root of the mean; the formula has none.
# hint: 3
# - return float((self.off**2).mean())
# + return float((self.off**2).mean() ** 0.5)


# %% wrong SquaredError remembers_by_shape
# says: The loss is kept by the shape of the predictions: another batch gets the first
#   one's.
# hint: 1
# - def forward(self, yhat, y):
# + def forward(self, yhat, y, _known={}):
# ...
# - return float((self.off**2).mean())
# + return _known.setdefault(yhat.shape, float((self.off**2).mean()))


# %% wrong SquaredError skips_balanced_errors
# says: Errors that add up to 0 count as none; squared errors do not cancel.
# hint: 3
# - return float((self.off**2).mean())
# + return 0.0 if self.off.sum() == 0 else float((self.off**2).mean())


# %% wrong SquaredError uses_up_its_memory
# says: A second backward after the same forward gives another result.
# hint: 1
# - return 2 * self.off / self.off.size
# + self.off = 2 * self.off / self.off.size
# + return self.off


# %% wrong SquaredError memory_of_the_class
# says: Two losses share what they remember; keep it on self.
# hint: 1
# - self.off = yhat - y
# + SquaredError.off = yhat - y


# %% right SquaredError by_einsum
class SquaredError:
    def forward(self, yhat, y):
        self.d = np.subtract(yhat, y)
        return float(np.einsum("nk,nk->", self.d, self.d)) / len(y)

    def backward(self):
        return np.divide(self.d + self.d, self.d.shape[0])


# %% right SquaredError keeps_both
class SquaredError:
    def forward(self, yhat, y):
        self.pair = yhat.copy(), y.copy()
        return np.mean(np.square(y - yhat))

    def backward(self):
        yhat, y = self.pair
        return (yhat - y) * (2 / len(y))
