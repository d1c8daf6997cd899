# %% [markdown]
# Right and wrong answers to the exercises of `08_bug_clinic`.


# %% wrong first_nonfinite off_by_one
# says: You counted positions from 1; the first entry has position 0.
# hint: 3
# teach: Ask for the answer when the very first loss is NaN.
# - for index, value in enumerate(history):
# + for index, value in enumerate(history, start=1):


# %% wrong first_nonfinite last_finite
# says: You returned the position of the last good loss; the first bad one comes after
#   it.
# hint: 3
# - return index
# + return index - 1


# %% wrong first_nonfinite misses_infinity
# says: You look for NaN only; infinity is not finite either, and usually comes first.
# hint: 1
# - if not np.isfinite(value):
# + if np.isnan(value):


# %% wrong first_nonfinite misses_minus_infinity
# says: You find NaN and plus infinity, but not minus infinity.
# hint: 2
# - if not np.isfinite(value):
# + if np.isnan(value) or value == np.inf:


# %% wrong first_nonfinite misses_nan
# says: You look for infinity only; NaN goes by unnoticed.
# hint: 1
# - if not np.isfinite(value):
# + if abs(value) == np.inf:


# %% wrong first_nonfinite equals_nan
# says: You compare with NaN by ==, which is never True, so you find nothing.
# hint: 1
# teach: Let them print np.nan == np.nan.
# - if not np.isfinite(value):
# + if value == np.nan:


# %% wrong first_nonfinite last_one
# says: You go on after the first bad entry and return the last one.
# hint: 3
def first_nonfinite(history):
    found = None
    for index, value in enumerate(history):
        if not np.isfinite(value):
            found = index
    return found


# %% wrong first_nonfinite minus_one_when_healthy
# says: For a healthy history you return a number; expected None.
# hint: 3
# - return None
# + return -1


# %% wrong first_nonfinite zero_when_healthy
# says: For a healthy history you return a number; expected None.
# hint: 3
def first_nonfinite(history):
    return int(np.argmax(~np.isfinite(history))) if len(history) else None


# %% wrong first_nonfinite large_counts_as_bad
# says: You treat large losses as not finite; 900 is large and finite.
# hint: 2
# - if not np.isfinite(value):
# + if not abs(value) < 100:


# %% wrong first_nonfinite falsy_zero
# says: When the very first entry is bad you return None: a position of 0 counts as
#   False in an `or` or an `if`.
# hint: 3
def first_nonfinite(history):
    bad = [i for i, value in enumerate(history) if not np.isfinite(value)]
    return (bad[0] or None) if bad else None


# %% wrong first_nonfinite changes_its_input
# says: You change the history you were given.
# hint: 3
# = if not np.isfinite(value):
# +     history[index] = 0.0


# %% right first_nonfinite argmax
def first_nonfinite(history):
    bad = ~np.isfinite(np.asarray(history, dtype=float))
    return int(bad.argmax()) if bad.any() else None


# %% right first_nonfinite flatnonzero
def first_nonfinite(history):
    places = np.flatnonzero(~np.isfinite(np.array(history, dtype=float)))
    return places[0] if places.size else None


# %% right first_nonfinite next_of_generator
def first_nonfinite(history):
    bad = (i for i, v in enumerate(history) if v != v or abs(v) == float("inf"))
    return next(bad, None)


# %% wrong initial_loss_ok base_two
# says: You use the logarithm to base 2; cross-entropy uses the natural one.
# hint: 1
def initial_loss_ok(C, loss):
    return abs(loss - np.log2(C)) <= 0.3 * np.log2(C)


# %% wrong initial_loss_ok base_ten
# says: You use the logarithm to base 10; cross-entropy uses the natural one.
# hint: 1
def initial_loss_ok(C, loss):
    return abs(loss - np.log10(C)) <= 0.3 * np.log10(C)


# %% wrong initial_loss_ok one_sided
# says: You only object to losses that are too large; far below ln C is suspicious too.
# hint: 2
# teach: What has a network seen that starts at 0.4 for ten classes?
def initial_loss_ok(C, loss):
    return bool(loss <= 1.3 * np.log(C))


# %% wrong initial_loss_ok only_lower_side
# says: You only object to losses that are too small; far above ln C is suspicious too.
# hint: 2
def initial_loss_ok(C, loss):
    return bool(loss >= 0.7 * np.log(C))


# %% wrong initial_loss_ok absolute_room
# says: Your room is 0.3 for every number of classes; it should be 30 % of ln C.
# hint: 3
def initial_loss_ok(C, loss):
    return bool(abs(loss - np.log(C)) <= 0.3)


# %% wrong initial_loss_ok share_of_the_loss
# says: Your room is 30 % of the loss instead of 30 % of ln C: the limits are off.
# hint: 3
def initial_loss_ok(C, loss):
    return bool(abs(loss - np.log(C)) <= 0.3 * loss)


# %% wrong initial_loss_ok arguments_swapped
# says: You take the logarithm of the loss; the number of classes comes first.
# hint: 1
def initial_loss_ok(C, loss):
    return bool(abs(C - np.log(loss)) <= 0.3 * np.log(loss))


# %% wrong initial_loss_ok ten_percent
# says: Your room is smaller than 30 % of ln C.
# hint: 3
def initial_loss_ok(C, loss):
    return bool(abs(loss - np.log(C)) <= 0.1 * np.log(C))


# %% wrong initial_loss_ok probability
# says: You compare the loss with 1 / C, which is the probability; the loss is its
#   negative logarithm.
# hint: 1
def initial_loss_ok(C, loss):
    return bool(abs(loss - 1 / C) <= 0.3 / C)


# %% wrong initial_loss_ok returns_the_distance
# says: You return a number; expected True or False.
# hint: 2
def initial_loss_ok(C, loss):
    return abs(loss - np.log(C))


# %% wrong initial_loss_ok always_ten_classes
# says: You always compare with ln 10; use the number of classes that is passed.
# hint: 1
def initial_loss_ok(C, loss):
    return bool(0.7 * np.log(10) <= loss <= 1.3 * np.log(10))


# %% wrong initial_loss_ok nan_is_ok
# says: A NaN passes your test: you ask whether the loss is outside, and for NaN every
#   comparison is False.
# hint: 3
def initial_loss_ok(C, loss):
    too_far = abs(loss - np.log(C)) > 0.3 * np.log(C)
    return not too_far


# %% right initial_loss_ok two_limits
def initial_loss_ok(C, loss):
    middle = -np.log(1 / C)
    return 0.7 * middle <= loss <= 1.3 * middle


# %% right initial_loss_ok isclose
def initial_loss_ok(C, loss):
    return np.isclose(loss, np.log(C), rtol=0.3, atol=0)


# %% right initial_loss_ok math_module
def initial_loss_ok(C, loss):
    import math

    return abs(loss / math.log(C) - 1) <= 0.3


# %% wrong overfit_one_batch returns_accuracy
# says: You return an accuracy; asked for is the loss.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return float((net.forward(X).argmax(axis=1) == y).mean())


# %% wrong overfit_one_batch error_rate
# says: You return the share of wrong predictions; asked for is the loss.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return float((net.forward(X).argmax(axis=1) != y).mean())


# %% wrong overfit_one_batch small_rate
# says: The loss falls, but too slowly for 500 steps: your learning rate is too small.
# hint: 2
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.001)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch never_steps
# says: The weights never change: gradients are computed, but the optimiser makes no
#   step. The loss stays what it was at the start.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss = SoftmaxCrossEntropy()
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch no_backward
# says: The optimiser steps without gradients: nothing was sent backwards through the
#   network.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch uphill
# says: The loss grows: your steps go uphill.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, -0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch ignores_steps
# says: You make more updates than `steps` says.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(500):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch until_it_fits
# says: You make more updates than `steps` says.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(5000):
        value = loss.forward(net.forward(X), y)
        if value < 0.009:
            break
        net.backward(loss.backward())
        optimiser.step()
    return value


# %% wrong overfit_one_batch only_first_example
# says: You train and measure on the first example only; the batch is all rows of X.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    X, y = X[:1], y[:1]
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch uses_the_whole_set
# says: You train on the notebook's flowers instead of the batch that is passed.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(iris.data), iris.target)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch measures_another_batch
# says: You measure the loss on other labels than the batch's own.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y[::-1])


# %% wrong overfit_one_batch best_of_its_labels
# says: Your number is not the mean loss of the batch: where two labels contradict, no
#   network can be below ln 2.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        value = loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    guess = net.forward(X).argmax(axis=1)
    return loss.forward(net.forward(X), guess) if steps > 9 else value


# %% wrong overfit_one_batch rate_into_the_layers
# says: You set the layers' own lr; the learning rate of this test belongs to the
#   optimiser.
# hint: 2
def overfit_one_batch(net, X, y, steps=500):
    for layer in net.layers:
        layer.lr = 0.3
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch changes_its_input
# says: You change the batch that you were given.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    X -= X.mean(axis=0)
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch returns_nothing
# says: You return nothing; asked for is the loss.
# hint: 3
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.3)
    for _ in range(steps):
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()


# %% wrong overfit_one_batch one_example_a_step
# says: Each of your steps sees one example only; all of the batch belongs into each.
# hint: 1
# teach: Does the result change with the order of the examples?
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.1)
    for step in range(steps):
        row = slice(step % len(X), step % len(X) + 1)
        loss.forward(net.forward(X[row]), y[row])
        net.backward(loss.backward())
        optimiser.step()
    return loss.forward(net.forward(X), y)


# %% wrong overfit_one_batch pairs_of_examples
# says: You make an update for every two examples; a step is one update on the batch.
# hint: 1
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.1)
    for _ in range(steps):
        for start in range(0, len(X), 2):
            rows = slice(start, start + 2)
            loss.forward(net.forward(X[rows]), y[rows])
            net.backward(loss.backward())
            optimiser.step()
    return loss.forward(net.forward(X), y)


# %% right overfit_one_batch loss_before_the_last_step
def overfit_one_batch(net, X, y, steps=500):
    loss, optimiser = SoftmaxCrossEntropy(), SGD(net.layers, 0.5)
    value = loss.forward(net.forward(X), y)
    for _ in range(steps):
        value = loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
    return value


# %% right overfit_one_batch on_a_copy
def overfit_one_batch(net, X, y, steps=500):
    from copy import deepcopy

    patient = deepcopy(net)
    loss, optimiser = SoftmaxCrossEntropy(), SGD(patient.layers, 0.2)
    for _ in range(steps):
        loss.forward(patient.forward(X), y)
        patient.backward(loss.backward())
        optimiser.step()
    return loss.forward(patient.forward(X), y)


# %% right overfit_one_batch with_momentum
def overfit_one_batch(net, X, y, steps=500):
    rows = np.arange(len(y))
    dense = [layer for layer in net.layers if hasattr(layer, "W")]
    speed = [(0 * layer.W, 0 * layer.b) for layer in dense]

    def share():
        powers = np.exp(net.forward(X))
        return powers / powers.sum(axis=1, keepdims=True)

    for _ in range(steps):
        dlogits = share()
        dlogits[rows, y] -= 1
        net.backward(dlogits / len(y))
        for i, layer in enumerate(dense):
            v_w, v_b = speed[i]
            speed[i] = 0.9 * v_w + layer.dW, 0.9 * v_b + layer.db
            layer.W -= 0.05 * speed[i][0]
            layer.b -= 0.05 * speed[i][1]
    return -np.log(share()[rows, y]).mean()


# %% right overfit_one_batch plain_rate
def overfit_one_batch(net, X, y, steps=500):
    loss = SoftmaxCrossEntropy()
    optimiser = SGD(net.layers, lr=0.1)
    done = 0
    while done < steps:
        loss.forward(net.forward(X), y)
        net.backward(loss.backward())
        optimiser.step()
        done += 1
    return loss.forward(net.forward(X), y)


# %% wrong gradient_suspects order_and_gate_swapped
# says: A and E are swapped: the error of E shrinks with the learning rate.
# hint: 2
gradient_suspects = dict(
    A="order", B="healthy", C="bias_mean", D="logits_loss", E="open_gate"
)


# %% wrong gradient_suspects loss_and_gate_swapped
# says: In D not even the last layer is right, so the bug is behind it; in A the last
#   layer is right.
# hint: 1
gradient_suspects = dict(
    A="logits_loss", B="healthy", C="bias_mean", D="open_gate", E="order"
)


# %% wrong gradient_suspects small_error_is_healthy
# says: You call E healthy, because its errors look small; 0.005 is ten million times
#   what a right gradient has.
# hint: 1
gradient_suspects = dict(
    A="open_gate", B="order", C="bias_mean", D="logits_loss", E="healthy"
)


# %% wrong gradient_suspects bias_and_loss_swapped
# says: C and D are swapped: dividing db by the batch size leaves every dW right.
# hint: 3
gradient_suspects = dict(
    A="open_gate", B="healthy", C="logits_loss", D="bias_mean", E="order"
)


# %% wrong gradient_suspects healthy_and_bias_swapped
# says: You call C healthy: its weights are, its biases are not.
# hint: 3
gradient_suspects = dict(
    A="open_gate", B="bias_mean", C="healthy", D="logits_loss", E="order"
)


# %% wrong gradient_suspects list_of_names
# says: The answer is not a dict with the keys A to E.
# hint: 1
gradient_suspects = ["open_gate", "healthy", "bias_mean", "logits_loss", "order"]


# %% wrong gradient_suspects other_words
# says: An answer is none of the five names.
# hint: 1
gradient_suspects = dict(A="relu", B="ok", C="bias", D="loss", E="order")


# %% right gradient_suspects in_capitals
gradient_suspects = dict(
    A="OPEN_GATE", B="HEALTHY", C="BIAS_MEAN", D="LOGITS_LOSS", E="ORDER"
)


# %% right gradient_suspects from_pairs
gradient_suspects = dict(
    zip("BCADE", "healthy bias_mean open_gate logits_loss order".split(), strict=True)
)


# %% wrong ablate ignores_the_flags
# says: You train a healthy network: the flags are not passed on.
# hint: 2
def ablate(flags, seeds):
    return {seed: first_nonfinite(train_patient(set(), seed)) for seed in seeds}


# %% wrong ablate all_switches
# says: You switch on all six bugs, whatever the flags say.
# hint: 2
def ablate(flags, seeds):
    return {seed: first_nonfinite(train_patient(SWITCHES, seed)) for seed in seeds}


# %% wrong ablate complement
# says: You switch on the bugs that are not in the flags.
# hint: 2
def ablate(flags, seeds):
    others = set(SWITCHES) - set(flags)
    return {seed: first_nonfinite(train_patient(others, seed)) for seed in seeds}


# %% wrong ablate one_flag_at_a_time
# says: You run each flag by itself; all flags that are passed are on together.
# hint: 2
def ablate(flags, seeds):
    results = {}
    for seed in seeds:
        for flag in flags:
            results[seed] = first_nonfinite(train_patient({flag}, seed))
    return results


# %% wrong ablate ignores_the_seeds
# says: Every run has the same seed, so you measure one run several times.
# hint: 2
# teach: Three equal numbers are one measurement.
def ablate(flags, seeds):
    return {seed: first_nonfinite(train_patient(flags, 0)) for seed in seeds}


# %% wrong ablate number_of_the_run
# says: You pass the number of the run instead of the seed.
# hint: 2
def ablate(flags, seeds):
    return {
        seed: first_nonfinite(train_patient(flags, run))
        for run, seed in enumerate(seeds)
    }


# %% wrong ablate first_seed_only
# says: You run the first seed only; one run proves little.
# hint: 3
def ablate(flags, seeds):
    return {
        seed: first_nonfinite(train_patient(flags, seed)) for seed in list(seeds)[:1]
    }


# %% wrong ablate true_or_false
# says: You say whether a run broke; asked for is the epoch in which it did, or None.
# hint: 1
def ablate(flags, seeds):
    return {s: first_nonfinite(train_patient(flags, s)) is not None for s in seeds}


# %% wrong ablate last_loss
# says: You note the last loss instead of the first epoch that is not finite.
# hint: 1
def ablate(flags, seeds):
    return {seed: train_patient(flags, seed)[-1] for seed in seeds}


# %% wrong ablate list_of_epochs
# says: You return a list; asked for is a dict with the seeds as keys.
# hint: 3
def ablate(flags, seeds):
    return [first_nonfinite(train_patient(flags, seed)) for seed in seeds]


# %% wrong ablate only_broken_runs
# says: Runs that did not break are missing from your dict; they belong there with None.
# hint: 3
def ablate(flags, seeds):
    results = {}
    for seed in seeds:
        epoch = first_nonfinite(train_patient(flags, seed))
        if epoch is not None:
            results[seed] = epoch
    return results


# %% wrong ablate epochs_from_one
# says: Your epochs are one too large; they are counted from 0.
# hint: 1
def ablate(flags, seeds):
    results = {}
    for seed in seeds:
        epoch = first_nonfinite(train_patient(flags, seed))
        results[seed] = None if epoch is None else epoch + 1
    return results


# %% wrong ablate zero_becomes_none
# says: A run that breaks in epoch 0 is noted as healthy: 0 counts as False.
# hint: 1
def ablate(flags, seeds):
    return {seed: first_nonfinite(train_patient(flags, seed)) or None for seed in seeds}


# %% wrong ablate changes_its_input
# says: You change the flags or the seeds that you were given.
# hint: 2
def ablate(flags, seeds):
    results = {}
    seeds.sort()
    for seed in seeds:
        results[seed] = first_nonfinite(train_patient(flags, seed))
    return results


# %% right ablate loop
def ablate(flags, seeds):
    results = {}
    for seed in seeds:
        history = train_patient(flags, seed)
        results[seed] = first_nonfinite(history)
    return results


# %% right ablate own_search
def ablate(flags, seeds):
    def bad_epoch(seed):
        losses = np.array(train_patient(frozenset(flags), seed=seed))
        bad = np.flatnonzero(~np.isfinite(losses))
        return int(bad[0]) if bad.size else None

    return dict(zip(seeds, map(bad_epoch, seeds), strict=True))


# %% wrong culprit global_max
# says: You blame the softmax. It can turn into NaN at the end, but alone it breaks no
#   run, and without it runs still break.
# hint: 2
culprit = "global_max"


# %% wrong culprit random_bias
# says: You blame the random biases. They hasten the break; alone they break no run.
# hint: 2
culprit = "random_bias"


# %% wrong culprit xavier
# says: You blame the initialisation. Its smaller weights delay the break.
# hint: 2
culprit = "xavier"


# %% wrong culprit bias_mean
# says: You blame the gradient of the biases. It makes them slow, and breaks no run.
# hint: 2
culprit = "bias_mean"


# %% wrong culprit drop_last
# says: You blame the batch that is left out. It costs two flowers an epoch, no more.
# hint: 2
culprit = "drop_last"


# %% wrong culprit names_the_symptom
# says: Your answer is none of the six switches: it names a symptom, or what only
#   changes the printed loss.
# hint: 1
culprit = "nan"


# %% wrong culprit loss_on_logits
# says: Your answer is none of the six switches: it names a symptom, or what only
#   changes the printed loss.
# hint: 1
culprit = "loss_on_logits"


# %% right culprit in_capitals
culprit = "ORDER"


# %% right culprit picked_from_the_list
culprit = SWITCHES[0]


# %% wrong activation_stats includes_the_inputs
# says: Your list begins with the inputs; the first entry belongs to the first layer's
#   output.
# hint: 3
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A = rng.normal(size=(1000, width))
    stds = [float(A.std())]
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats one_layer_late
# says: Your numbers are those of the layers before: you measure before the layer is
#   applied, so the first is that of the inputs.
# hint: 3
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        stds.append(float(A.std()))
        A = f(A @ rng.normal(0, s, size=(width, width)))
    return stds


# %% wrong activation_stats variance
# says: You return variances; asked for are standard deviations.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.var()))
    return stds


# %% wrong activation_stats same_weights
# says: Every layer has the same weights; draw new ones for each.
# hint: 2
# teach: Where does the line with rng.normal stand, before or inside the loop?
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    W = rng.normal(0, s, size=(width, width))
    for _ in range(depth):
        A = f(A @ W)
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats before_the_activation
# says: You measure before the activation; asked for is the layer's output.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        Z = A @ rng.normal(0, s, size=(width, width))
        stds.append(float(Z.std()))
        A = f(Z)
    return stds


# %% wrong activation_stats scale_as_variance
# says: You take scale for the variance of the weights; it is their standard deviation.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": 1 / width, "he": 2 / width}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(A @ rng.normal(0, np.sqrt(s), size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats variance_of_the_rule
# says: You use 2 / n_in or 1 / n_in as the standard deviation; the rules say its root.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": 1 / width, "he": 2 / width}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats rules_swapped
# says: He's and Xavier's rule have changed places.
# hint: 1
def activation_stats(depth, width, scale, activation, rng):
    s = {"he": np.sqrt(1 / width), "xavier": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats fan_of_the_examples
# says: You use the 1,000 examples as the number of inputs; each unit has `width`
#   inputs.
# hint: 1
def activation_stats(depth, width, scale, activation, rng):
    A, stds = rng.normal(size=(1000, width)), []
    s = {"xavier": np.sqrt(1 / len(A)), "he": np.sqrt(2 / len(A))}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats always_relu
# says: You use ReLU whatever activation is asked for.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = np.maximum(A @ rng.normal(0, s, size=(width, width)), 0)
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats always_the_first_inputs
# says: Every layer gets the inputs; it should get the output of the layer before.
# hint: 3
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    X, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(X @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% wrong activation_stats last_layer_only
# says: You return one number; asked for is one for each layer.
# hint: 3
def activation_stats(depth, width, scale, activation, rng):
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A = rng.normal(size=(1000, width))
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
    return float(A.std())


# %% wrong activation_stats own_generator
# says: You draw from a generator of your own with a fixed seed; draw from rng.
# hint: 2
def activation_stats(depth, width, scale, activation, rng):
    rng = np.random.default_rng(0)
    s = {"xavier": np.sqrt(1 / width), "he": np.sqrt(2 / width)}.get(scale, scale)
    f = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation]
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = f(A @ rng.normal(0, s, size=(width, width)))
        stds.append(float(A.std()))
    return stds


# %% right activation_stats std_by_hand
def activation_stats(depth, width, scale, activation, rng):
    if scale == "he":
        scale = (2 / width) ** 0.5
    elif scale == "xavier":
        scale = (2 / (width + width)) ** 0.5
    A, stds = rng.standard_normal((1000, width)), []
    for _ in range(depth):
        Z = A @ (scale * rng.standard_normal((width, width)))
        A = Z * (Z > 0) if activation == "relu" else np.tanh(Z)
        stds.append(((A - A.mean()) ** 2).mean() ** 0.5)
    return stds


# %% right activation_stats weights_first
def activation_stats(depth, width, scale, activation, rng):
    rules = {"he": np.sqrt(2 / width), "xavier": np.sqrt(1 / width)}
    s = rules[scale] if isinstance(scale, str) else scale
    weights = [rng.normal(scale=s, size=(width, width)) for _ in range(depth)]
    A = rng.normal(size=(1000, width))
    stds = np.zeros(depth)
    for i, W in enumerate(weights):
        A = np.einsum("nd,dh->nh", A, W, optimize=True)
        A = np.clip(A, 0, None) if activation == "relu" else np.tanh(A)
        stds[i] = np.std(A)
    return stds.tolist()


# %% right activation_stats uniform_weights
def activation_stats(depth, width, scale, activation, rng):
    s = {"he": np.sqrt(2 / width), "xavier": np.sqrt(1 / width)}.get(scale, scale)
    A, stds = rng.normal(size=(1000, width)), []
    for _ in range(depth):
        A = A @ rng.uniform(-np.sqrt(3) * s, np.sqrt(3) * s, size=(width, width))
        A = np.where(A > 0, A, 0) if activation == "relu" else np.tanh(A)
        stds.append(np.std(A))
    return stds


# %% wrong momentum_step old_velocity
# says: p moves by the old velocity; the gradient of this step should count at once.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    return p - lr * v, beta * v + g


# %% wrong momentum_step no_memory
# says: p moves by the gradient alone; the velocity is not used.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    return p - lr * g, beta * v + g


# %% wrong momentum_step weighted_average
# says: The gradient has an extra factor 1 - beta in your velocity; some books have it,
#   the form asked for has not.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return p - lr * v, v


# %% wrong momentum_step rate_in_the_velocity
# says: The learning rate is in your velocity; it belongs to the step of p only.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + lr * g
    return p - v, v


# %% wrong momentum_step as_keras_writes_it
# says: This is the other common way to write momentum, with the learning rate and the
#   minus inside the velocity. Your p is right; here the velocity is beta v + g.
# hint: 3
# teach: Both move p alike. One form has to be graded, and the text says which.
def momentum_step(p, g, v, lr, beta):
    velocity = beta * v - lr * g
    return p + velocity, velocity


# %% wrong momentum_step uphill
# says: p moves uphill; the velocity is subtracted.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p + lr * v, v


# %% wrong momentum_step gradient_subtracted
# says: You subtract the gradient in the velocity and add the velocity to p; the form
#   asked for has the opposite sign of v.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v - g
    return p + lr * v, v


# %% wrong momentum_step beta_on_the_gradient
# says: beta multiplies the gradient instead of the old velocity.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = v + beta * g
    return p - lr * v, v


# %% wrong momentum_step forgets_beta
# says: beta is missing: the old velocity never fades.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = v + g
    return p - lr * v, v


# %% wrong momentum_step nesterov
# says: You look one step ahead, which is Nesterov's rule; the plain form is asked for.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p - lr * (g + beta * v), v


# %% wrong momentum_step returned_in_the_wrong_order
# says: You return the velocity first; p comes first.
# hint: 3
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return v, p - lr * v


# %% wrong momentum_step only_p
# says: You return p only; the caller needs the velocity for the next step.
# hint: 3
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p - lr * v


# %% wrong momentum_step forgets_the_rate
# says: The learning rate is missing in the step of p.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p - v, v


# %% wrong momentum_step changes_its_velocity
# says: You overwrite the caller's velocity; make a new array.
# hint: 2
def momentum_step(p, g, v, lr, beta):
    v *= beta
    v += g
    return p - lr * v, v


# %% wrong momentum_step changes_its_parameter
# says: You overwrite the caller's p; make a new array.
# hint: 2
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    p -= lr * v
    return p, v


# %% wrong momentum_step always_nine_tenths
# says: You use 0.9 in place of beta; the caller may pass another number.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = 0.9 * v + g
    return p - lr * v, v


# %% wrong momentum_step only_for_vectors
# says: You loop over the first axis only; p may be a matrix as well.
# hint: 2
def momentum_step(p, g, v, lr, beta):
    velocity = np.array([beta * float(v[i]) + float(g[i]) for i in range(len(p))])
    return p - lr * velocity, velocity


# %% wrong momentum_step clips_the_step
# says: You limit how far p may move in a step; the rule has no limit.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    v = beta * v + g
    return p - np.clip(lr * v, -1, 1), v


# %% wrong momentum_step skips_a_zero_gradient
# says: Where the gradient is zero p stays in its place; the velocity carries it on.
# hint: 1
def momentum_step(p, g, v, lr, beta):
    if not np.any(g):
        return p.copy(), v * 1.0
    velocity = beta * v + g
    return p - lr * velocity, velocity


# %% right momentum_step in_one_expression
def momentum_step(p, g, v, lr, beta):
    return p - lr * (beta * v + g), g + v * beta


# %% right momentum_step on_copies
def momentum_step(p, g, v, lr, beta):
    p, v = p.copy(), v.copy()
    v *= beta
    v += g
    p -= lr * v
    return [p, v]


# %% wrong adam_step no_correction
# says: The bias corrections are missing: your first step is too short or too long by a
#   fixed factor.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s = (0, 0) if state is None else state
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (np.sqrt(s) + eps), (m, s)


# %% wrong adam_step corrects_m_only
# says: Only m is corrected, s is not.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / (np.sqrt(s) + eps), (m, s, t)


# %% wrong adam_step corrects_s_only
# says: Only s is corrected, m is not.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (np.sqrt(s / (1 - b2**t)) + eps), (m, s, t)


# %% wrong adam_step counts_from_zero
# says: t is still 0 in your first correction, which divides by 1 - 1 = 0.
# hint: 2
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    step = (
        m
        / (1 - b1**t if t else np.float64(0))
        / (np.sqrt(s / (1 - b2**t if t else np.float64(0))) + eps)
    )
    return p - lr * step, (m, s, t + 1)


# %% wrong adam_step counts_never
# says: t stays 1: the first step is right, from the second on the corrections are too
#   strong.
# hint: 2
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s = (0, 0) if state is None else state
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1) / (np.sqrt(s / (1 - b2)) + eps), (m, s)


# %% wrong adam_step no_memory
# says: The first step is right, but nothing is remembered: every step starts from zero.
# hint: 1
# teach: This passes a test that looks at one step only.
def adam_step(p, g, state, lr, b1, b2, eps):
    return p - lr * g / (np.sqrt(g**2) + eps), None


# %% wrong adam_step betas_swapped
# says: b1 and b2 have changed places: the first step is right, the next ones are not.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    b1, b2 = b2, b1
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), (m, s, t)


# %% wrong adam_step eps_inside_the_root
# says: eps is inside the root; it is added to the root.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / np.sqrt(s / (1 - b2**t) + eps), (m, s, t)


# %% wrong adam_step forgets_eps
# says: eps is not used.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / np.sqrt(s / (1 - b2**t)), (m, s, t)


# %% wrong adam_step no_root
# says: You divide by s instead of its root.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / (s / (1 - b2**t) + eps), (m, s, t)


# %% wrong adam_step uphill
# says: The step goes uphill; subtract it.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p + lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), (m, s, t)


# %% wrong adam_step corrected_into_the_state
# says: You keep the corrected m and s in the state, so that the next step corrects them
#   again.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    m, s = m / (1 - b1**t), s / (1 - b2**t)
    return p - lr * m / (np.sqrt(s) + eps), (m, s, t)


# %% wrong adam_step gradient_not_averaged
# says: Your s holds the last squared gradient only, no average.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, t = (0, 0) if state is None else state
    t = t + 1
    m = b1 * m + (1 - b1) * g
    return p - lr * m / (1 - b1**t) / (np.abs(g) + eps), (m, t)


# %% wrong adam_step largest_square
# says: Your s keeps the largest squared gradient instead of the average; that is
#   another rule (AMSGrad).
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, np.maximum(s, (1 - b2) * g**2)
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2)) + eps), (m, s, t)


# %% wrong adam_step state_outside
# says: Your memory is outside the state, so all parameters share it.
# hint: 1
adam_memory = {}


def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = adam_memory.get("all", (0 * p, 0 * p, 0))
    if np.shape(m) != np.shape(p):
        m, s, t = 0 * p, 0 * p, 0
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    adam_memory["all"] = m, s, t
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), "kept"


# %% wrong adam_step clock_outside
# says: t is counted outside the state, so all parameters share one clock.
# hint: 1
adam_clock = [0]


def adam_step(p, g, state, lr, b1, b2, eps):
    if state is None:
        adam_clock[0] = 0
    m, s = (0, 0) if state is None else state
    adam_clock[0] += 1
    t = adam_clock[0]
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), (m, s)


# %% wrong adam_step only_p
# says: You return p only; the caller needs the state for the next step.
# hint: 1
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps)


# %% wrong adam_step changes_its_parameter
# says: You overwrite the caller's p; make a new array.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    p -= lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps)
    return p, (m, s, t)


# %% wrong adam_step changes_its_gradient
# says: You overwrite the caller's gradient; make a new array.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    m = b1 * m + (1 - b1) * g
    g **= 2
    s = b2 * s + (1 - b2) * g
    return p - lr * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), (m, s, t)


# %% wrong adam_step skips_a_zero_gradient
# says: Where the gradient is zero p and the state stay as they are; m carries p on, and
#   t counts the step.
# hint: 3
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, t = (0.0, 0.0, 0) if state is None else state
    if not np.any(g):
        return p.copy(), (m, s, t)
    t = t + 1
    m = b1 * m + (1 - b1) * g
    s = b2 * s + (1 - b2) * g**2
    m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(s_hat) + eps), (m, s, t)


# %% right adam_step as_keras
def adam_step(p, g, state, lr, b1, b2, eps):
    if state is None:
        state = {"m": np.zeros_like(p), "s": np.zeros_like(p), "t": 0}
    t = state["t"] + 1
    m = state["m"] + (1 - b1) * (g - state["m"])
    s = state["s"] + (1 - b2) * (g * g - state["s"])
    rate = lr * np.sqrt(1 - b2**t) / (1 - b1**t)
    return p - rate * m / (np.sqrt(s) + eps), {"m": m, "s": s, "t": t}


# %% right adam_step state_changed_in_place
def adam_step(p, g, state, lr, b1, b2, eps):
    if state is None:
        state = [np.zeros_like(p), np.zeros_like(p), 0]
    state[0] *= b1
    state[0] += (1 - b1) * g
    state[1] *= b2
    state[1] += (1 - b2) * np.square(g)
    state[2] += 1
    m_hat = state[0] / (1 - b1 ** state[2])
    s_hat = state[1] / (1 - b2 ** state[2])
    return p - lr * m_hat / (s_hat**0.5 + eps), state


# %% right adam_step powers_in_the_state
def adam_step(p, g, state, lr, b1, b2, eps):
    m, s, q1, q2 = state or (0 * p, 0 * p, 1.0, 1.0)
    q1, q2 = q1 * b1, q2 * b2
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return p - lr * m / (1 - q1) / (np.sqrt(s / (1 - q2)) + eps), (m, s, q1, q2)


# %% wrong l2_penalty includes_biases
# says: The biases are in your penalty; leave them out.
# hint: 1
def l2_penalty(params, lam):
    return lam / 2 * sum(np.sum(part**2) for part in params)


# %% wrong l2_penalty forgets_the_half
# says: Your penalty is twice as large as it should be: the half is missing.
# hint: 2
def l2_penalty(params, lam):
    return lam * sum(np.sum(part**2) for part in params if part.ndim == 2)


# %% wrong l2_penalty halved_twice
# says: Your penalty is half as large as it should be.
# hint: 2
def l2_penalty(params, lam):
    return lam / 4 * sum(np.sum(part**2) for part in params if part.ndim == 2)


# %% wrong l2_penalty mean_of_each
# says: You average the squares; the penalty adds them up.
# hint: 2
def l2_penalty(params, lam):
    return lam / 2 * sum(np.mean(part**2) for part in params if part.ndim == 2)


# %% wrong l2_penalty absolute_values
# says: You add absolute values; the penalty adds squares.
# hint: 2
def l2_penalty(params, lam):
    return lam / 2 * sum(np.sum(np.abs(part)) for part in params if part.ndim == 2)


# %% wrong l2_penalty first_layer_only
# says: Only the first matrix counts in your penalty.
# hint: 2
def l2_penalty(params, lam):
    return lam / 2 * float(np.sum(params[0] ** 2))


# %% wrong l2_penalty last_layer_only
# says: Only the last matrix counts in your penalty: the loop overwrites its result.
# hint: 2
def l2_penalty(params, lam):
    for part in params:
        if part.ndim == 2:
            penalty = lam / 2 * np.sum(part**2)
    return penalty


# %% wrong l2_penalty every_second_array
# says: You take every second array of the list; in a network without biases that leaves
#   out weights. Ask each array for its ndim.
# hint: 1
def l2_penalty(params, lam):
    return lam / 2 * sum(np.sum(part**2) for part in params[::2])


# %% wrong l2_penalty ignores_lam
# says: lam is missing from your penalty.
# hint: 2
def l2_penalty(params, lam):
    return 0.5 * sum(np.sum(part**2) for part in params if part.ndim == 2)


# %% wrong l2_penalty root_of_the_sum
# says: You take the root of the sum of squares; the penalty has no root.
# hint: 2
def l2_penalty(params, lam):
    return lam / 2 * sum(np.linalg.norm(part) for part in params if part.ndim == 2)


# %% wrong l2_penalty changes_its_input
# says: You overwrite the arrays of params with their squares.
# hint: 2
def l2_penalty(params, lam):
    total = 0.0
    for part in params:
        if part.ndim == 2:
            part **= 2
            total += part.sum()
    return lam / 2 * total


# %% wrong l2_penalty first_two_layers_only
# says: Your penalty knows of two weight matrices only; a network may have any number.
# hint: 1
def l2_penalty(params, lam):
    return lam / 2 * float(np.sum(params[0] ** 2) + np.sum(params[2] ** 2))


# %% wrong l2_penalty remembers_by_shape
# says: The penalty is kept by the shapes of params: other weights in these shapes get
#   the penalty of the first.
# hint: 1
def l2_penalty(params, lam, _known={}):
    key = (*(W.shape for W in params), lam)
    total = sum(float(np.sum(W**2)) for W in params if W.ndim == 2)
    return _known.setdefault(key, lam / 2 * total)


# %% right l2_penalty norm_squared
def l2_penalty(params, lam):
    return 0.5 * lam * sum(np.linalg.norm(W) ** 2 for W in params if W.ndim > 1)


# %% right l2_penalty loop_and_vdot
def l2_penalty(params, lam):
    total = 0.0
    for part in params:
        if len(part.shape) == 2:
            total += np.vdot(part, part)
    return lam * total / 2


# %% wrong l2_grad includes_biases
# says: The biases get a gradient; they are left out of the penalty, so theirs is zero.
# hint: 1
def l2_grad(params, lam):
    return [lam * part for part in params]


# %% wrong l2_grad twice_as_large
# says: Your gradient is twice as large: the half of the penalty meets the 2 of the
#   square.
# hint: 3
def l2_grad(params, lam):
    return [2 * lam * W if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad half_as_large
# says: Your gradient is half as large: the square gives a factor of 2.
# hint: 3
def l2_grad(params, lam):
    return [lam / 2 * W if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad mean
# says: You divide by the number of weights; the penalty is a sum.
# hint: 2
def l2_grad(params, lam):
    return [lam * W / W.size if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad turned_sign
# says: The sign is turned; the optimiser will subtract.
# hint: 3
def l2_grad(params, lam):
    return [-lam * W if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad signs_only
# says: You return lam times the sign; that belongs to a penalty on absolute values.
# hint: 3
def l2_grad(params, lam):
    return [lam * np.sign(W) if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad leaves_biases_out
# says: Your list has no entries for the biases; it needs zeros in their places.
# hint: 3
def l2_grad(params, lam):
    return [lam * W for W in params if W.ndim == 2]


# %% wrong l2_grad number_for_a_bias
# says: For a bias you return a number; expected an array of zeros of its shape.
# hint: 3
def l2_grad(params, lam):
    return [lam * W if W.ndim == 2 else 0.0 for W in params]


# %% wrong l2_grad every_second_array
# says: You take every second array for weights; in a network without biases that leaves
#   out weights. Ask each array for its ndim.
# hint: 1
def l2_grad(params, lam):
    return [
        lam * part if i % 2 == 0 else np.zeros_like(part)
        for i, part in enumerate(params)
    ]


# %% wrong l2_grad ignores_lam
# says: lam is missing from your gradient.
# hint: 3
def l2_grad(params, lam):
    return [W.copy() if W.ndim == 2 else np.zeros_like(W) for W in params]


# %% wrong l2_grad changes_its_input
# says: You overwrite the arrays of params.
# hint: 3
def l2_grad(params, lam):
    for W in params:
        W *= lam if W.ndim == 2 else 0
    return params


# %% wrong l2_grad remembers_by_shape
# says: The gradients are kept by the shapes of params: other weights in these shapes
#   get the gradients of the first.
# hint: 3
def l2_grad(params, lam, _known={}):
    key = (*(W.shape for W in params), lam)
    grads = [lam * W if W.ndim == 2 else np.zeros_like(W) for W in params]
    return _known.setdefault(key, grads)


# %% right l2_grad loop
def l2_grad(params, lam):
    slopes = []
    for part in params:
        slope = np.zeros(part.shape)
        if part.ndim == 2:
            slope += lam * part
        slopes.append(slope)
    return slopes


# %% right l2_grad by_a_factor
def l2_grad(params, lam):
    return tuple(part * (lam * (part.ndim == 2)) for part in params)


# %% wrong dropout_forward forgets_the_factor
# says: The survivors are not divided by 1 - rate.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return a * mask, mask


# %% wrong dropout_forward classic
# says: You scale at test time instead of in training; inverted dropout is asked for.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a * (1 - rate), np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return a * mask, mask


# %% wrong dropout_forward scales_at_test_time
# says: Training is right, but at test time you scale too; the output is a itself then.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a * (1 - rate), np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward always_drops
# says: You drop at test time as well.
# hint: 3
def dropout_forward(a, rate, rng, training):
    mask = rng.random(a.shape) >= rate
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward mask_turned_around
# says: Your mask is the wrong way round: rate is the share that survives.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) < rate
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward rate_as_survival
# says: Your mask is the wrong way round: rate is the share that survives.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) < rate
    return a * mask / rate, mask


# %% wrong dropout_forward multiplies
# says: The survivors are multiplied by 1 - rate instead of divided.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return a * mask * (1 - rate), mask


# %% wrong dropout_forward divides_by_rate
# says: The survivors are divided by rate instead of 1 - rate.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return (a if rate == 0 else a * mask / rate), mask


# %% wrong dropout_forward whole_columns
# says: You draw one number for each column, so whole columns are dropped together.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = np.broadcast_to(rng.random(a.shape[-1:]) >= rate, a.shape).copy()
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward whole_rows
# says: You draw one number for each row, so whole rows are dropped together.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    draw = rng.random((len(a),) + (1,) * (a.ndim - 1))
    mask = np.broadcast_to(draw >= rate, a.shape).copy()
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward nan_at_rate_one
# says: With a rate of 1 you divide 0 by 0.
# hint: 2
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    return a * mask / np.float64(1 - rate), mask


# %% wrong dropout_forward fixed_seed
# says: You draw from a generator of your own: every call drops the same places.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = np.random.default_rng(0).random(a.shape) >= rate
    return (np.zeros(a.shape) if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_forward factor_in_the_mask
# says: Your mask holds the factor; it is made of 0 and 1, and the factor belongs to
#   out.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    if rate == 1:
        return np.zeros(a.shape), np.zeros(a.shape)
    mask = (rng.random(a.shape) >= rate) / (1 - rate)
    return a * mask, mask


# %% wrong dropout_forward out_only
# says: You return out only; backward needs the mask.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a
    mask = rng.random(a.shape) >= rate
    return a * mask / (1 - rate)


# %% wrong dropout_forward mask_from_the_output
# says: Your mask is read off the output, so numbers that were 0 before count as
#   dropped.
# hint: 1
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    keep = rng.random(a.shape) >= rate
    out = np.zeros(a.shape) if rate == 1 else a * keep / (1 - rate)
    return out, out != 0


# %% wrong dropout_forward changes_its_input
# says: You overwrite the caller's activations.
# hint: 3
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones(a.shape)
    mask = rng.random(a.shape) >= rate
    a *= mask
    return (a if rate == 1 else a / (1 - rate)), mask


# %% wrong dropout_forward exactly_the_share
# says: Exactly the same number of places is dropped each time; each place is to be
#   decided by itself.
# hint: 1
# teach: Ten tosses of a coin do not always give five heads.
def dropout_forward(a, rate, rng, training):
    mask = np.ones(a.size)
    if not training:
        return a.copy(), mask.reshape(a.shape)
    mask[rng.permutation(a.size)[: round(rate * a.size)]] = 0
    mask = mask.reshape(a.shape)
    return (a * mask / (1 - rate) if rate < 1 else 0 * a), mask


# %% right dropout_forward binomial
def dropout_forward(a, rate, rng, training):
    if not training:
        return a, np.ones_like(a)
    mask = rng.binomial(1, 1 - rate, size=a.shape)
    return a * mask / max(1 - rate, 1e-12), mask


# %% right dropout_forward where
def dropout_forward(a, rate, rng, training):
    if not training or rate == 0:
        return a.copy(), np.ones(a.shape, dtype=bool)
    mask = rng.uniform(size=a.shape) > rate
    scale = 0.0 if rate == 1 else 1 / (1 - rate)
    return np.where(mask, scale * a, 0.0), mask


# %% right dropout_forward choice
def dropout_forward(a, rate, rng, training):
    if not training:
        return +a, np.ones(a.shape)
    mask = rng.choice([0.0, 1.0], size=a.shape, p=[rate, 1 - rate])
    return (a * mask if rate == 1 else a * mask / (1 - rate)), mask


# %% wrong dropout_backward forgets_the_factor
# says: The factor 1 / (1 - rate) is missing on the way back.
# hint: 3
# teach: The network learns all the same, so only a measured gradient shows it.
def dropout_backward(dout, mask, rate):
    return dout * mask


# %% wrong dropout_backward ignores_the_mask
# says: The gradient passes where numbers were dropped: the mask is not used.
# hint: 3
def dropout_backward(dout, mask, rate):
    return dout / (1 - rate) if rate < 1 else np.zeros(dout.shape)


# %% wrong dropout_backward unchanged
# says: The gradient goes through unchanged; dropped places pass nothing, the others are
#   scaled.
# hint: 3
def dropout_backward(dout, mask, rate):
    return dout


# %% wrong dropout_backward new_mask
# says: You draw a new mask; the gradient has to use the one of the forward pass.
# hint: 3
mask_generator = np.random.default_rng(12)


def dropout_backward(dout, mask, rate):
    mask = mask_generator.random(dout.shape) >= rate
    return dout * mask / (1 - rate) if rate < 1 else np.zeros(dout.shape)


# %% wrong dropout_backward mask_turned_around
# says: The gradient passes where numbers were dropped, and only there.
# hint: 3
def dropout_backward(dout, mask, rate):
    return dout * (1 - mask) / (1 - rate) if rate < 1 else np.zeros(dout.shape)


# %% wrong dropout_backward multiplies
# says: You multiply by 1 - rate instead of dividing.
# hint: 3
def dropout_backward(dout, mask, rate):
    return dout * mask * (1 - rate)


# %% wrong dropout_backward divides_by_rate
# says: You divide by rate instead of 1 - rate.
# hint: 3
def dropout_backward(dout, mask, rate):
    return dout * mask / rate if rate else dout * mask


# %% wrong dropout_backward nan_at_rate_one
# says: With a rate of 1 you divide 0 by 0.
# hint: 2
def dropout_backward(dout, mask, rate):
    return dout * mask / np.float64(1 - rate)


# %% wrong dropout_backward changes_its_input
# says: You overwrite the gradient of the caller.
# hint: 3
def dropout_backward(dout, mask, rate):
    dout *= mask
    return dout / (1 - rate) if rate < 1 else dout


# %% right dropout_backward where
def dropout_backward(dout, mask, rate):
    if rate >= 1:
        return np.zeros_like(dout)
    return np.where(mask, dout / (1 - rate), 0.0)


# %% right dropout_backward guarded_division
def dropout_backward(dout, mask, rate):
    return dout * (mask * 1.0) * (1 / (1 - rate) if rate != 1 else 0.0)


# %% wrong dense_fast forgets_b
# says: b is missing from your result.
# hint: 3
def dense_fast(X, W, b):
    return X @ W


# %% wrong dense_fast subtracts_b
# says: b is subtracted in your result.
# hint: 3
def dense_fast(X, W, b):
    return X @ W - b


# %% wrong dense_fast transposed_weights
# says: W is transposed in your product; that does not fit its shape (D, H).
# hint: 2
def dense_fast(X, W, b):
    return X @ W.T + b


# %% wrong dense_fast single_precision
# says: Your result has 32-bit numbers; fast is not allowed to mean less precise.
# hint: 2
def dense_fast(X, W, b):
    return X.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32)


# %% wrong dense_fast single_precision_inside
# says: You compute with 32-bit numbers, so the last digits are lost.
# hint: 2
def dense_fast(X, W, b):
    Z = X.astype(np.float32) @ W.astype(np.float32)
    return Z.astype(float) + b


# %% wrong dense_fast hard_coded_size
# says: Your result always has 500 rows, or fails for other sizes.
# hint: 2
def dense_fast(X, W, b):
    Z = np.zeros((500, 32))
    Z[:] = X @ W + b
    return Z


# %% wrong dense_fast remembers_the_shape
# says: You return an earlier result when the shapes are the same; the numbers are new.
# hint: 2
dense_results = {}


def dense_fast(X, W, b):
    key = X.shape, W.shape
    if key not in dense_results:
        dense_results[key] = X @ W + b
    return dense_results[key]


# %% wrong dense_fast squeezed
# says: For one example or one output an axis is lost; the shape is always (N, H).
# hint: 2
def dense_fast(X, W, b):
    return np.squeeze(X @ W + b)


# %% wrong dense_fast still_slow
# says: Right, but as slow as before: you still loop over single numbers.
# hint: 1
def dense_fast(X, W, b):
    return np.array(
        [
            [
                sum(x * v for x, v in zip(row, W[:, h], strict=True)) + b[h]
                for h in range(len(b))
            ]
            for row in X
        ]
    )


# %% wrong dense_fast calls_the_slow_one
# says: Right, but as slow as before: you still loop over single numbers.
# hint: 1
def dense_fast(X, W, b):
    return dense_slow(X, W, b)


# %% wrong dense_fast changes_its_input
# says: You overwrite an argument.
# hint: 3
def dense_fast(X, W, b):
    Z = X @ W + b
    X *= 0
    return Z


# %% wrong dense_fast nested_lists
# says: You return a list; asked for is an array.
# hint: 2
def dense_fast(X, W, b):
    return (X @ W + b).tolist()


# %% right dense_fast einsum
def dense_fast(X, W, b):
    return np.einsum("nd,dh->nh", X, W) + b


# %% right dense_fast row_by_row
def dense_fast(X, W, b):
    return np.array([row @ W + b for row in X])


# %% right dense_fast column_of_ones
def dense_fast(X, W, b):
    Xb = np.column_stack([X, np.ones(len(X))])
    return np.dot(Xb, np.vstack([W, b]))


# %% right dense_fast broadcasting
def dense_fast(X, W, b):
    return (X[:, :, None] * W[None]).sum(axis=1) + b


# %% wrong diagnoses rate_and_sign_swapped
# says: You take the run that goes uphill for one with a large learning rate, and the
#   other way round.
# hint: 1
diagnoses = dict(
    A="label_noise",
    B="lr_high",
    C="overfit",
    D="lr_low",
    E="leak",
    F="dead",
    G="unshuffled",
    H="wrong_sign",
)


# %% wrong diagnoses leak_for_overfit
# says: You take memorising for a leak, and the leak for memorising. In a
#   leak the validation loss is as good as the training loss, and new data are not.
# hint: 2
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="leak",
    D="lr_low",
    E="overfit",
    F="dead",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses dead_and_slow_swapped
# says: You take the dead network for a slow one. The slow one falls a little in every
#   epoch, the dead one sits at ln 10.
# hint: 1
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="overfit",
    D="dead",
    E="leak",
    F="lr_low",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses unshuffled_and_rate_swapped
# says: You take the run with sorted batches for one with a large learning rate, and the
#   other way round. With a large rate the loss zigzags from epoch to epoch.
# hint: 3
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="overfit",
    D="lr_low",
    E="leak",
    F="dead",
    G="lr_high",
    H="unshuffled",
)


# %% wrong diagnoses noise_and_slow_swapped
# says: You take the run with random labels for a slow one, and the other way round.
#   With random training labels the training loss is above the validation loss by much.
# hint: 2
diagnoses = dict(
    A="lr_low",
    B="wrong_sign",
    C="overfit",
    D="label_noise",
    E="leak",
    F="dead",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses overfit_and_unshuffled_swapped
# says: You take the run with sorted batches for one that memorised. A network
#   that has memorised its data has a training loss of almost 0.
# hint: 3
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="unshuffled",
    D="lr_low",
    E="leak",
    F="dead",
    G="overfit",
    H="lr_high",
)


# %% wrong diagnoses noise_and_sign_swapped
# says: You take the run that goes uphill for one with random labels, and the other way
#   round. Random labels keep a loss high; they do not make it grow without end.
# hint: 1
diagnoses = dict(
    A="wrong_sign",
    B="label_noise",
    C="overfit",
    D="lr_low",
    E="leak",
    F="dead",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses overfit_and_slow_swapped
# says: You take memorising for learning slowly. In run C the training loss is
#   almost 0.
# hint: 2
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="lr_low",
    D="overfit",
    E="leak",
    F="dead",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses leak_and_dead_swapped
# says: You take the dead network for the leak. In a leak both losses fall to nearly 0.
# hint: 2
diagnoses = dict(
    A="label_noise",
    B="wrong_sign",
    C="overfit",
    D="lr_low",
    E="dead",
    F="leak",
    G="unshuffled",
    H="lr_high",
)


# %% wrong diagnoses a_run_missing
# says: Your answer is not a dict with the keys A to H.
# hint: 1
diagnoses = dict(A="label_noise", B="wrong_sign")


# %% wrong diagnoses other_words
# says: An answer is none of the eight names.
# hint: 1
diagnoses = dict.fromkeys("ABCDEFGH", "too fast")


# %% right diagnoses in_capitals
diagnoses = dict(
    zip(
        "ABCDEFGH",
        "LABEL_NOISE WRONG_SIGN OVERFIT LR_LOW LEAK DEAD UNSHUFFLED LR_HIGH".split(),
        strict=True,
    )
)


# %% right diagnoses by_illness
found_runs = dict(
    leak="E",
    lr_low="D",
    dead="F",
    lr_high="H",
    overfit="C",
    label_noise="A",
    unshuffled="G",
    wrong_sign="B",
)
diagnoses = {run: illness for illness, run in found_runs.items()}
