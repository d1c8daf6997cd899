# %% [markdown]
# Catalogue of `05_backpropagation`: wrong and right answers to its exercises.


# %% wrong numeric_grad forward_difference
# says: You step to one side only. The bend of f stays in the result, about h times as
#   large as it should be.
# hint: 3
# teach: Compare both formulas of the section for f = theta squared.
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        moved = theta.astype(float)
        moved[index] += h
        gradient[index] = (f(moved) - f(theta.astype(float))) / h
    return gradient


# %% wrong numeric_grad backward_difference
# says: You step down only. One side keeps the bend of f in the result.
# hint: 3
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        moved = theta.astype(float)
        moved[index] -= h
        gradient[index] = (f(theta.astype(float)) - f(moved)) / h
    return gradient


# %% wrong numeric_grad divides_by_h
# says: Your slopes are twice too large: the two points are 2 h apart.
# hint: 3
# teach: Draw the two points and the base of the triangle between them.
# - gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
# + gradient[index] = (f(theta + step) - f(theta - step)) / h


# %% wrong numeric_grad multiplies_by_half_h
# says: Operators from left to right: `/ 2 * h` divides by 2 and then multiplies by h.
# hint: 3
# teach: Put the denominator in brackets.
# - gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
# + gradient[index] = (f(theta + step) - f(theta - step)) / 2 * h


# %% wrong numeric_grad halves_a_forward_difference
# says: Your slopes are half of what they should be: one step of h, divided by 2 h.
# hint: 3
# - gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
# + gradient[index] = (f(theta + step) - f(theta + 0 * step)) / (2 * h)


# %% wrong numeric_grad moves_all_at_once
# says: All entries move together, so every slope you return is the sum of all of them.
# hint: 1
# teach: Ask how f could know which of the entries was meant.
def numeric_grad(f, theta, h=1e-5):
    slope = (f(theta + h) - f(theta - h)) / (2 * h)
    return np.full(theta.shape, slope)


# %% wrong numeric_grad does_not_put_back
# says: An entry that has been moved stays moved, and so the caller's theta is not what
#   it was.
# hint: 2
# teach: Let the student print theta after the call.
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        theta[index] += h
        above = f(theta)
        theta[index] -= 2 * h
        gradient[index] = (above - f(theta)) / (2 * h)
    return gradient


# %% wrong numeric_grad keeps_earlier_steps
# says: Your copy is made once, and entries that were moved stay moved while the next
#   one is measured.
# hint: 1
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    moved = theta.astype(float)
    for index in np.ndindex(theta.shape):
        moved[index] += h
        above = f(moved)
        moved[index] -= 2 * h
        gradient[index] = (above - f(moved)) / (2 * h)
    return gradient


# %% wrong numeric_grad whole_numbers_stay_whole
# says: In an array of whole numbers a step of 1e-5 is cut off, and the slopes are 0.
# hint: 2
# teach: Show np.array([1, 2])[0] += 0.5 and what NumPy says.
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] = above[index] + h
        below[index] = below[index] - h
        gradient[index] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% wrong numeric_grad slopes_cut_off
# says: The result takes over the dtype of theta: for whole numbers the slopes lose
#   their decimals.
# hint: 2
# - gradient = np.zeros(theta.shape)
# + gradient = np.zeros_like(theta)


# %% wrong numeric_grad vectors_only
# says: Your loop counts along the first axis only, so arrays with several axes fail.
# hint: 2
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return gradient


# %% wrong numeric_grad moves_whole_rows
# says: You move a whole row at a time, and every entry of it gets the sum of the
#   row's slopes.
# hint: 2
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for i in range(len(theta)):
        step = np.zeros(theta.shape)
        step[i] = h
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return gradient


# %% wrong numeric_grad tiny_step
# says: Your own step is so small that the slope is lost in rounding; h is not used.
# hint: 3
# teach: This is the left-hand end of the V in the figure.
# - def numeric_grad(f, theta, h=1e-5):
# + def numeric_grad(f, theta, h=1e-12):
# +     h = 1e-12


# %% wrong numeric_grad ignores_h
# says: You step by 1e-5 whatever the caller asks for: the argument h is not used.
# hint: 3
# - step[index] = h
# - gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
# + step[index] = 1e-5
# + gradient[index] = (f(theta + step) - f(theta - step)) / 2e-5


# %% wrong numeric_grad flattens
# says: Your slopes come in one row, and f was handed one row too; both should keep the
#   shape of theta.
# hint: 2
def numeric_grad(f, theta, h=1e-5):
    flat = theta.astype(float).ravel()
    steps = h * np.eye(flat.size)
    return np.array(
        [
            (f((flat + s).reshape(theta.shape)) - f((flat - s).reshape(theta.shape)))
            / (2 * h)
            for s in steps
        ]
    )


# %% wrong numeric_grad turned_sign
# says: Every slope has the wrong sign: it is f above minus f below.
# hint: 3
# - gradient[index] = (f(theta + step) - f(theta - step)) / (2 * h)
# + gradient[index] = (f(theta - step) - f(theta + step)) / (2 * h)


# %% wrong numeric_grad passes_one_number
# says: You hand f a single number; f needs the whole array with one entry moved.
# hint: 1
def numeric_grad(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        entry = np.array(float(theta[index]))
        gradient[index] = (f(entry + h) - f(entry - h)) / (2 * h)
    return gradient


# %% wrong numeric_grad returns_a_list
# says: You return a list; an array is asked for, shaped like theta.
# hint: 2
def numeric_grad(f, theta, h=1e-5):
    slopes = []
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        slopes.append((f(theta + step) - f(theta - step)) / (2 * h))
    return slopes


# %% right numeric_grad nditer_in_place
def numeric_grad(f, theta, h=1e-5):
    theta = np.array(theta, dtype=float)
    gradient = np.zeros_like(theta)
    entries = np.nditer(theta, flags=["multi_index"])
    while not entries.finished:
        index = entries.multi_index
        kept = theta[index]
        theta[index] = kept + h
        above = f(theta)
        theta[index] = kept - h
        below = f(theta)
        theta[index] = kept
        gradient[index] = (above - below) / (2 * h)
        entries.iternext()
    return gradient


# %% right numeric_grad puts_back_in_the_callers_array
def numeric_grad(f, theta, h=1e-5):
    if theta.dtype != float:
        theta = theta.astype(float)
    gradient = np.zeros(theta.shape)
    for index in np.ndindex(*theta.shape):
        kept = theta[index]
        theta[index] = kept + h
        above = f(theta)
        theta[index] = kept - h
        gradient[index] = (above - f(theta)) / (2 * h)
        theta[index] = kept
    return gradient


# %% right numeric_grad adds_and_takes_back
def numeric_grad(f, theta, h=1e-5):
    point = theta.astype(float)
    gradient = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        below = f(point)
        point[index] += h
        gradient[index] = (above - below) / (2 * h)
    return gradient


# %% right numeric_grad flat_loop
def numeric_grad(f, theta, h=1e-5):
    def f_flat(flat):
        return f(flat.reshape(theta.shape))

    flat = theta.ravel() * 1.0
    slopes = [
        (f_flat(flat + step) - f_flat(flat - step)) / (2 * h)
        for step in h * np.eye(flat.size)
    ]
    return np.array(slopes).reshape(theta.shape)


# %% right numeric_grad fourth_order
def numeric_grad(f, theta, h=1e-5):
    gradient = np.empty(theta.shape)
    for index in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[index] = h
        near = f(theta + e) - f(theta - e)
        far = f(theta + 2 * e) - f(theta - 2 * e)
        gradient[index] = (8 * near - far) / (12 * h)
    return gradient


# %% wrong rel_error absolute_error
# says: You return the largest gap itself. It has to be divided by the size of the
#   gradients.
# hint: 3
# teach: Ask whether 0.1 is much between slopes of 1000.
def rel_error(a, b):
    return float(np.max(np.abs(a - b)))


# %% wrong rel_error zero_by_zero
# says: Two zeros give 0 / 0, which is NaN; they should count as equal.
# hint: 2
# teach: ReLU networks have many exact zeros among their slopes.
def rel_error(a, b):
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))


# %% wrong rel_error against_a_only
# says: You measure the gap against the first argument alone; where that is 0 the error
#   explodes.
# hint: 1
def rel_error(a, b):
    return float(np.max(np.abs(a - b) / (np.abs(a) + 1e-12)))


# %% wrong rel_error against_b_only
# says: You measure the gap against the second argument alone; where that is 0 the
#   error explodes.
# hint: 1
def rel_error(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(b), 1e-12)))


# %% wrong rel_error mean_of_entries
# says: You average over the entries, which hides a single wrong one among hundreds.
# hint: 3
# teach: One wrong bias gradient among 3521 parameters would pass unseen.
def rel_error(a, b):
    size = np.maximum(np.abs(a) + np.abs(b), 1e-300)
    return float(np.mean(np.abs(a - b) / size))


# %% wrong rel_error sums_above_and_below
# says: You divide a sum of gaps by a sum of sizes: a single wrong entry disappears
#   among hundreds of right ones.
# hint: 3
def rel_error(a, b):
    size = np.sum(np.abs(a) + np.abs(b))
    return float(np.sum(np.abs(a - b)) / max(size, 1e-300))


# %% wrong rel_error compares_sums
# says: You add up each gradient first; mistakes in different entries cancel.
# hint: 3
def rel_error(a, b):
    a, b = np.sum(a), np.sum(b)
    return float(abs(a - b) / max(abs(a), abs(b), 1e-300))


# %% wrong rel_error loses_the_sign
# says: You compare sizes without signs: a gradient and its negative count as equal.
# hint: 3
# teach: A turned sign is the most frequent mistake in gradients.
def rel_error(a, b):
    a, b = np.abs(a), np.abs(b)
    return float(np.max(np.abs(a - b) / np.maximum(np.maximum(a, b), 1e-300)))


# %% wrong rel_error gap_with_sign
# says: The gap keeps its sign, so gaps below zero are never the largest.
# hint: 3
def rel_error(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max((a - b) / np.maximum(size, 1e-300)))


# %% wrong rel_error high_floor
# says: The floor below the line is too high: for slopes around 1e-5 your error is much
#   too small.
# hint: 2
def rel_error(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-2)))


# %% wrong rel_error one_below_the_line
# says: You add 1 to the size, so small gradients all count as equal.
# hint: 2
def rel_error(a, b):
    return float(np.max(np.abs(a - b) / (1 + np.abs(a) + np.abs(b))))


# %% wrong rel_error entry_by_entry
# says: You return one error for each entry; one number is asked for, the largest.
# hint: 3
def rel_error(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.maximum(size, 1e-300)


# %% wrong rel_error percent
# says: You return percent; 0.1 % is 0.001.
# hint: 3
def rel_error(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    return float(100 * np.max(np.abs(a - b) / np.maximum(size, 1e-300)))


# %% wrong rel_error first_entry
# says: You look at the first entry only.
# hint: 3
def rel_error(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return float(abs(a[0] - b[0]) / max(abs(a[0]), abs(b[0]), 1e-300))


# %% wrong rel_error smallest_entry
# says: You return the smallest error of all entries; the largest is asked for.
# hint: 3
def rel_error(a, b):
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300)
    return float(np.min(np.abs(a - b) / size))


# %% wrong rel_error signed_size
# says: The size below the line is a + b with signs; it is near 0 when they differ.
# hint: 1
def rel_error(a, b):
    size = np.abs(a + b)
    return float(np.max(np.abs(a - b) / np.maximum(size, 1e-12)))


# %% wrong rel_error changes_its_input
# says: Your function overwrites the arrays that the caller passed in.
# hint: 3
# teach: The caller still needs the gradient, to take a step.
def rel_error(a, b):
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300)
    if isinstance(a, np.ndarray):
        a -= b
        return float(np.max(np.abs(a) / size))
    return float(np.max(np.abs(a - b) / size))


# %% wrong rel_error close_is_equal
# says: Gradients that np.allclose takes for equal get 0. How far apart they are is
#   what is asked.
# hint: 3
def rel_error(a, b):
    if np.allclose(a, b):
        return 0.0
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.maximum(size, 1e-8)))


# %% right rel_error sum_below_the_line
def rel_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


# %% right rel_error norms
def rel_error(a, b):
    a, b = np.ravel(a), np.ravel(b)
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return 0.0 if size == 0 else np.linalg.norm(a - b) / size


# %% right rel_error larger_norm
def rel_error(a, b):
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    size = max(np.sqrt(np.sum(a**2)), np.sqrt(np.sum(b**2)), 1e-15)
    return float(np.sqrt(np.sum((a - b) ** 2)) / size)


# %% right rel_error largest_gap_by_largest_entry
def rel_error(a, b):
    top = max(np.max(np.abs(a)), np.max(np.abs(b)))
    return float(np.max(np.abs(a - b)) / top) if top > 0 else 0.0


# %% right rel_error where_not_zero
def rel_error(a, b):
    a, b = np.atleast_1d(a).astype(float), np.atleast_1d(b).astype(float)
    size = np.maximum(np.abs(a), np.abs(b))
    errors = np.divide(np.abs(a - b), size, out=np.zeros_like(size), where=size > 0)
    return errors.max()


# %% right rel_error plus_a_tiny_number
def rel_error(a, b):
    return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b) + 1e-12))


# %% guess predict_best_h large
# says: With h = 0.1 the terms that the formula leaves over cost about h squared, a
#   hundredth.
# teach: Right end of the V.
predict_best_h = "a"


# %% guess predict_best_h as_small_as_possible
# says: The smaller the better holds until rounding takes over: 1e-16 / h is large here.
# teach: Left end of the V. Ask how many digits f(x + h) and f(x - h) differ in.
predict_best_h = "d"


# %% guess predict_best_h best_for_forward
# says: That is close to the best step of the forward difference. A central one leaves
#   less over and can afford a larger step, with less rounding.
predict_best_h = "c"


# %% wrong predict_best_h answers_with_a_number
# says: Write one of the four letters.
# hint: 1
predict_best_h = 1e-5


# %% right predict_best_h capital_letter
predict_best_h = "B"


# %% right predict_best_h with_a_blank
predict_best_h = " b"


# %% wrong neuron_grads slope_of_sigmoid_at_a
# says: The sigmoid is applied twice: its slope is a (1 - a), with a as it is.
# hint: 2
# teach: Value or pre-activation? Ask which of the two the formula takes.
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    s = expit(a)
    dL_da, da_dz = 2 * (a - y), s * (1 - s)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads slope_of_sigmoid_from_z
# says: z stands where the formula of the slope has a.
# hint: 2
def neuron_grads(x, w, b, y):
    z = np.dot(w, x) + b
    dL_da, da_dz = 2 * (expit(z) - y), z * (1 - z)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads forgets_the_two
# says: The derivative of a square has a factor 2, and there is no 1/2 in this loss.
# hint: 1
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = a - y, a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads turned_sign
# says: The sign is turned: it is a minus y.
# hint: 1
# teach: If the output is too small, should a larger weight raise or lower the loss?
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (y - a), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads bias_has_no_gradient
# says: You return 0 for db. The bias changes z, and through it the loss.
# hint: 3
# teach: The derivative of b along b is 1, not 0; the student thinks of a constant.
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": 0.0}


# %% wrong neuron_grads slope_along_b_is_zero
# says: The local derivative of z along b is 0 in your table; z grows by 1 when b does.
# hint: 1
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 0.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": 0.0}


# %% wrong neuron_grads bias_without_sigmoid
# says: Your db stops at the output: the slope of the sigmoid is missing.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dL_da}


# %% wrong neuron_grads dx_without_w
# says: Your dx stops at z: the local derivative along x is missing.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * np.ones_like(w), "db": dz}


# %% wrong neuron_grads x_and_w_exchanged
# says: dw and dx are exchanged: the slope of z along w is x, and the other way round.
# hint: 2
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": w, "dz_dx": x, "dz_db": 1.0}
    return locals_ | {"dw": dz * w, "dx": dz * x, "db": dz}


# %% wrong neuron_grads no_sigmoid_slope
# says: The slope of the sigmoid is missing in all three gradients.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dL_da * x, "dx": dL_da * w, "db": dL_da}


# %% wrong neuron_grads no_loss_slope
# says: The slope of the loss is missing in all three gradients: these are slopes of a.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": da_dz * x, "dx": da_dz * w, "db": da_dz}


# %% wrong neuron_grads forgets_the_bias
# says: z is computed without the bias, so every number that depends on a is off.
# hint: 1
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x))
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads log_loss_instead
# says: This is the gradient of log loss, where the slope of the sigmoid cancels; here
#   the loss is a square.
# hint: 1
# teach: A formula from memory; ask which loss this lesson has.
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dz = a - y
    locals_ = {"dL_da": dz / (a * (1 - a)), "da_dz": a * (1 - a)}
    locals_ |= {"dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads sums_over_inputs
# says: dw is one number, the sum over the inputs; every weight has a slope of its own.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": np.sum(dz * x), "dx": dz * w, "db": dz}


# %% wrong neuron_grads products_not_added
# says: You multiply inputs and weights and do not add the products up: z is one number.
# hint: 1
# - a = expit(np.dot(w, x) + b)
# + a = expit(w * x + b)
# ...


# %% wrong neuron_grads bias_like_x
# says: db has one entry for each input; there is one bias, so it is one number.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    ones = np.ones_like(x)
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": ones}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz * ones}


# %% wrong neuron_grads without_local_derivatives
# says: The local derivatives are missing from your dictionary.
# hint: 3
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dz = 2 * (a - y) * a * (1 - a)
    return {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads two_inputs_only
# says: Your z adds up two inputs, however many there are.
# hint: 1
def neuron_grads(x, w, b, y):
    a = expit(w[0] * x[0] + w[-1] * x[-1] + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": dz * x, "dx": dz * w, "db": dz}


# %% wrong neuron_grads updates_the_weights
# says: Your function takes a step: it changes the weights that the caller passed in.
#   Asked for is the gradient alone.
# hint: 3
# teach: Backpropagation answers a question; gradient descent acts on the answer.
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w.copy()}
    result = locals_ | {"dz_db": 1.0, "dw": dz * x, "dx": dz * w, "db": dz}
    w -= 0.1 * dz * x
    return result


# %% wrong neuron_grads uses_the_notebooks_globals
# says: Your a comes from variables of the notebook, not from the arguments.
# hint: 1
# teach: Restart the kernel and call it with other numbers.
def neuron_grads(x_in, w_in, b_in, y_in):
    a = expit(x @ w + b)
    dL_da, da_dz = 2 * (a - y_in), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x_in, "dz_dx": w_in}
    return locals_ | {"dz_db": 1.0, "dw": dz * x_in, "dx": dz * w_in, "db": dz}


# %% wrong neuron_grads clips_the_gradient
# says: Your gradients are cut off at 1 and -1; large inputs have large slopes.
# hint: 3
# teach: Clipping is a choice of the step, and a good one at times; it is no gradient.
def neuron_grads(x, w, b, y):
    a = expit(np.dot(w, x) + b)
    dL_da, da_dz = 2 * (a - y), a * (1 - a)
    dz = dL_da * da_dz
    locals_ = {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dz_dx": w, "dz_db": 1.0}
    return locals_ | {"dw": np.clip(dz * x, -1, 1), "dx": dz * w, "db": dz}


# %% right neuron_grads fused
def neuron_grads(x, w, b, y):
    a = 1 / (1 + np.exp(-(sum(x * w) + b)))
    dz = 2 * a * (a - y) * (1 - a)
    return dict(
        dL_da=2 * (a - y),
        da_dz=a - a**2,
        dz_dw=x,
        dz_dx=w,
        dz_db=1,
        dw=dz * x,
        dx=dz * w,
        db=dz,
    )


# %% right neuron_grads product_of_entries
def neuron_grads(x, w, b, y):
    z = w @ x + b
    a = expit(z)
    g = {"z": z, "a": a, "dL_da": 2 * a - 2 * y, "da_dz": expit(z) * expit(-z)}
    g["dz_dw"], g["dz_dx"], g["dz_db"] = np.array(x), np.array(w), np.float64(1)
    for name in ("w", "x", "b"):
        g["d" + name] = g["dL_da"] * g["da_dz"] * g["dz_d" + name]
    return g


# %% right neuron_grads loops
def neuron_grads(x, w, b, y):
    a = expit(sum(x_i * w_i for x_i, w_i in zip(x, w)) + b)
    first, second = 2 * (a - y), a * (1 - a)
    return {
        "dL_da": first,
        "da_dz": second,
        "dz_dw": np.array([x_i for x_i in x]),
        "dz_dx": np.array([w_i for w_i in w]),
        "dz_db": 1.0,
        "dw": np.array([first * second * x_i for x_i in x]),
        "dx": np.array([first * second * w_i for w_i in w]),
        "db": first * second,
    }


# %% guess predict_used_twice one_path_only
# says: You followed the path through p only; the path through q adds to it.
predict_used_twice = 2 * (u + 1)


# %% guess predict_used_twice other_path_only
# says: You followed the path through q only; the path through p adds to it.
predict_used_twice = 2 * u


# %% guess predict_used_twice multiplies_the_paths
# says: You multiplied what the two paths bring. Along a path numbers multiply, where
#   paths meet they add.
# teach: Nudge u by 0.01 and follow both changes.
predict_used_twice = 2 * (u + 1) * 2 * u


# %% guess predict_used_twice value_not_slope
# says: That is the value of L at this u, not its slope.
predict_used_twice = 2 * u * (u + 1)


# %% guess predict_used_twice local_derivatives_only
# says: You added the local derivatives at u, 2 and 1, or multiplied them. What p and q
#   receive from the product is missing.
predict_used_twice = 3


# %% guess predict_used_twice forgets_to_cross
# says: A product node hands each factor the value of the OTHER one.
# teach: With u = 3, 6 * 2 + 4 * 1: the student sent p to p.
predict_used_twice = 2 * u * 2 + (u + 1)


# %% wrong predict_used_twice answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_used_twice = "fourteen"


# %% right predict_used_twice school_formula
predict_used_twice = 4.0 * u + 2


# %% right predict_used_twice numpy_number
predict_used_twice = np.int64(2 * (u + 1) + 2 * u)


# %% guess predict_after_backward everything_follows
# says: Loss and slope do not follow the weight by themselves; somebody has to compute
#   them anew.
# teach: A node keeps the value it was computed with. Spreadsheets follow, programs do
#   not.
predict_after_backward = "a"


# %% guess predict_after_backward gradient_used_up
# says: The step reads the gradient; it stays in grad until the next backward().
predict_after_backward = "c"


# %% guess predict_after_backward backward_has_moved_it_too
# says: You let the weight move twice. backward() computes slopes; it moves no weight.
# teach: The mixing up of backpropagation and gradient descent, in its purest form.
predict_after_backward = "d"


# %% wrong predict_after_backward answers_in_words
# says: Write one of the four letters.
# hint: 1
predict_after_backward = "only the gradient"


# %% right predict_after_backward capital_letter
predict_after_backward = "B"


# %% right predict_after_backward with_a_blank
predict_after_backward = "b "


# %% wrong Node overwrites_arrivals
# says: Where two paths meet, your second arrival overwrites the first; gradients that
#   arrive at the same node add up.
# hint: 3
# teach: Let the student try u * u and the diamond.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = [self], [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.append(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad = slope * node.grad


# %% wrong Node no_start
# says: Every gradient is 0: the node that backward starts from never gets its 1.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node starts_with_its_value
# says: backward starts with the value of the node instead of 1.
# hint: 1
# teach: Ask for the slope of L along L.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = self.value
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node keeps_old_gradients
# says: A second backward() adds to what the first one left; every call starts from
#   zero.
# hint: 2
# teach: Big libraries do keep adding, on purpose; then somebody has to reset.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node resets_leaves_only
# says: Your second backward() resets the inputs, but nodes in the middle keep what the
#   first call left.
# hint: 2
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            if not node.edges:
                node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node resets_parents_of_the_root_only
# says: Your second backward() resets the nodes next to the result; those further away
#   keep what the first call left.
# hint: 2
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for parent, _ in self.edges:
            parent.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node first_found_first_served
# says: A node passes its gradient on before all its users have added to it.
# hint: 2
# teach: Draw a node that is used directly and through another one.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        order, found = [self], {self}
        for node in order:
            for parent, _ in node.edges:
                if parent not in found:
                    found.add(parent)
                    order.append(parent)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node depth_first_order
# says: A node passes its gradient on before all its users have added to it.
# hint: 2
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        order, found, waiting = [], {self}, [self]
        while waiting:
            node = waiting.pop()
            order.append(node)
            for parent, _ in node.edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node from_the_inputs_up
# says: Only the nodes next to the result get a gradient. It has to be handed on, node by
#   node, from the highest level down to the lowest.
# hint: 2
# teach: The student walks from the inputs up, and hands on what has not arrived yet.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node calls_itself
# says: backward calls itself once for each node on the way; a graph of thousands of
#   levels meets Python's limit.
# hint: 2
# teach: Collecting with a list needs no recursion.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        order, found = [], set()

        def visit(node):
            if node not in found:
                found.add(node)
                for parent, _ in node.edges:
                    visit(parent)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node along_every_path
# says: You go along every path instead of once through every node; the number of paths
#   doubles with every node that is used twice.
# hint: 2
# teach: Right numbers, but for a network of 40 layers with two paths each it takes
#   years.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        waiting = [(self, 1.0)]
        while waiting:
            node, arriving = waiting.pop()
            node.grad += arriving
            waiting += [(parent, slope * arriving) for parent, slope in node.edges]


# %% wrong Node one_level_only
# says: Only the nodes next to the result get a gradient. It has to be handed on, node by
#   node, from the highest level down to the lowest.
# hint: 2
# teach: One loop over the edges of the result is not enough; what of their parents?
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        self.grad = 1.0
        for parent, _ in self.edges:
            parent.grad = 0.0
        for parent, slope in self.edges:
            parent.grad += slope


# %% wrong Node no_local_derivative
# says: Gradients are handed on without the local derivative of the edge.
# hint: 3
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += node.grad


# %% wrong Node no_arriving_gradient
# says: Each parent gets the local derivative alone, without what has arrived at the
#   node.
# hint: 3
# teach: A chain has more than one factor.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope


# %% wrong Node product_slopes_not_crossed
# says: In a product each factor gets its own value as slope; it should be the value of
#   the other one.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, self.value), (other, other.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node product_like_a_sum
# says: The edges of your product have the slope 1, like those of a sum.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, 1.0), (other, 1.0)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node product_loses_one_side
# says: The second factor of your product gets no gradient: it has no edge.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = ((self, other.value),)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node numbers_on_the_right_only
# says: 2.0 * u and 1.0 + u fail: nothing is defined for a number on the left.
# hint: 3
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node no_left_sum
# says: 1.0 + u fails: a sum with the number on the left is not defined.
# hint: 3
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __rmul__ = __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node nodes_only
# says: u * 2.0 fails: the other side is expected to be a node.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node left_product_adds
# says: A number on the left of * is added instead of multiplied.
# hint: 3
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__ = __rmul__ = __add__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node relu_lets_everything_back
# says: The slope of your ReLU is 1 also where the value is negative.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, 1.0),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node relu_slope_is_the_value
# says: The slope of your ReLU is its value; it is 1 for every positive number.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, max(self.value, 0.0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node relu_does_not_bend
# says: Your ReLU returns negative numbers unchanged.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(self.value, ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node relu_threshold_one
# says: Your ReLU has slope 0 for values between 0 and 1; the corner is at 0.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 1)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node tanh_slope_from_the_input
# says: The slope of your tanh is 1 minus the square of the input; it is the square of
#   the output.
# hint: 1
# teach: Slope at 2: 1 - 4 is negative, and tanh rises everywhere.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - self.value**2),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node tanh_slope_not_squared
# says: The slope of your tanh is 1 minus tanh; the square is missing.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node tanh_applied_twice
# says: The slope of your tanh applies tanh to the output a second time.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - np.tanh(t) ** 2),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node tanh_has_no_slope
# says: Nothing comes back through your tanh: its result has no edges.
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        return Node(np.tanh(self.value))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node tanh_with_the_slope_of_sigmoid
# says: The slope of your tanh is that of the sigmoid, t (1 - t).
# hint: 1
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, t * (1 - t)),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node backward_takes_a_step
# says: Your backward() changes the values: it takes a step of gradient descent. It
#   should set gradients only.
# hint: 3
# teach: Backpropagation answers, gradient descent acts.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad
        for node in found - {self}:
            node.value = node.value - 0.1 * node.grad


# %% wrong Node equal_values_are_one_node
# says: Nodes with equal values count as the same node, and their gradients end up in
#   one of them.
# hint: 2
# teach: An __eq__ that compares values makes sets and dicts merge different nodes.
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __eq__(self, other):
        return isinstance(other, Node) and self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong Node skips_when_its_gradient_is_one
# says: Your backward does not do its work a second time. What it left the first time is
#   not always what is there: another node's backward may have come in between.
# hint: 2
# teach: Ask what another node's backward, called in between, has done to shared nodes.
# - found, waiting = {self}, [self]
# + if self.grad == 1.0:
# +     return
# + found, waiting = {self}, [self]


# %% wrong Node goes_back_once
# says: Your backward does not do its work a second time. What it left the first time is
#   not always what is there: another node's backward may have come in between.
# hint: 2
# - found, waiting = {self}, [self]
# + if getattr(self, "done", False):
# +     return
# + self.done = True
# + found, waiting = {self}, [self]


# %% right Node closures
class Node:
    def __init__(self, value, parents=()):
        self.value, self.grad = float(value), 0.0
        self._parents = parents
        self._pass_on = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.value + other.value, (self, other))

        def pass_on():
            self.grad += out.grad
            other.grad += out.grad

        out._pass_on = pass_on
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.value * other.value, (self, other))

        def pass_on():
            self.grad += other.value * out.grad
            other.grad += self.value * out.grad

        out._pass_on = pass_on
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        out = Node(max(0.0, self.value), (self,))

        def pass_on():
            self.grad += (out.value > 0) * out.grad

        out._pass_on = pass_on
        return out

    def tanh(self):
        out = Node(np.tanh(self.value), (self,))

        def pass_on():
            self.grad += (1 - out.value**2) * out.grad

        out._pass_on = pass_on
        return out

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node._parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node._pass_on()


# %% right Node recursion_with_a_higher_limit
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        import sys

        order, found = [], set()

        def visit(node):
            if node not in found:
                found.add(node)
                for parent, _ in node.edges:
                    visit(parent)
                order.append(node)

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(100_000)
        visit(self)
        sys.setrecursionlimit(limit)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% right Node counts_users
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        return Node(max(self.value, 0.0), ((self, float(self.value > 0)),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        users, waiting = {self: 0}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in users:
                    users[parent] = 0
                    waiting.append(parent)
                users[parent] += 1
        for node in users:
            node.grad = 0.0
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop()
            for parent, slope in node.edges:
                parent.grad += slope * node.grad
                users[parent] -= 1
                if users[parent] == 0:
                    ready.append(parent)


# %% right Node table_of_operations
class Node:
    made = 0

    def __init__(self, value, op="", parents=()):
        self.value, self.grad = value, 0.0
        self.op, self.parents = op, parents
        Node.made += 1
        self.number = Node.made

    def _slopes(self):
        if self.op == "+":
            return (1.0, 1.0)
        if self.op == "*":
            return (self.parents[1].value, self.parents[0].value)
        if self.op == "relu":
            return (1.0 if self.value > 0 else 0.0,)
        if self.op == "tanh":
            return (1.0 - self.value**2,)
        return ()

    def __add__(self, other):
        if not isinstance(other, Node):
            other = Node(other)
        return Node(self.value + other.value, "+", (self, other))

    def __radd__(self, other):
        return Node(other) + self

    def __mul__(self, other):
        if not isinstance(other, Node):
            other = Node(other)
        return Node(self.value * other.value, "*", (self, other))

    def __rmul__(self, other):
        return Node(other) * self

    def relu(self):
        return Node(0.5 * (self.value + abs(self.value)), "relu", (self,))

    def tanh(self):
        return Node(np.tanh(self.value), "tanh", (self,))

    def backward(self):
        nodes, stack = {self.number: self}, [self]
        while stack:
            for parent in stack.pop().parents:
                if parent.number not in nodes:
                    nodes[parent.number] = parent
                    stack.append(parent)
        for node in nodes.values():
            node.grad = 0.0
        self.grad = 1.0
        for number in sorted(nodes, reverse=True):
            node = nodes[number]
            for parent, slope in zip(node.parents, node._slopes()):
                parent.grad = parent.grad + slope * node.grad


# %% right Node half_at_the_corner
class Node:
    def __init__(self, value, edges=()):
        self.value = value
        self.grad = 0.0
        self.edges = edges
        self.level = 1 + max((parent.level for parent, _ in edges), default=-1)

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        sides = (self, other.value), (other, self.value)
        return Node(self.value * other.value, sides)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self):
        slope = np.heaviside(self.value, 0.5)
        return Node(self.value * (self.value > 0), ((self, slope),))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, ((self, 1 - t * t),))

    def backward(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().edges:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.level):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% wrong affine_backward mean_for_the_bias
# says: Your db is a mean over the examples. The 1/N of the loss is in dZ already, so
#   db is N times too small.
# hint: 2
# teach: A published notebook has this; its biases learn N times too slowly.
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.mean(axis=0)


# %% wrong affine_backward divides_weights_again
# says: Your dW is divided by N; that has happened at the loss already.
# hint: 3
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ / len(X), dZ.sum(axis=0)


# %% wrong affine_backward divides_everything_again
# says: All your gradients of parameters are divided by N a second time.
# hint: 3
# teach: Ask where in the forward pass the division is.
def affine_backward(dZ, X, W):
    n = len(dZ)
    return dZ @ W.T / n, X.T @ dZ / n, dZ.sum(axis=0) / n


# %% wrong affine_backward multiplies_by_n
# says: Your dW is N times too large.
# hint: 3
def affine_backward(dZ, X, W):
    return dZ @ W.T, len(X) * X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward weights_transposed
# says: Your dW has the shape (K, D); it belongs to W, so it is shaped like W.
# hint: 1
def affine_backward(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ.sum(axis=0)


# %% wrong affine_backward weights_not_transposed_back
# says: W has to be transposed on the way back; the shapes only fit by chance.
# hint: 1
def affine_backward(dZ, X, W):
    return dZ @ W, X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward reshapes_instead_of_transposing
# says: You reshape W where it has to be transposed: the shape is right, the numbers
#   are in the wrong places.
# hint: 1
# teach: Write a 2 x 3 array, reshape it to 3 x 2 and transpose it, side by side.
def affine_backward(dZ, X, W):
    return dZ @ W.reshape(W.shape[1], W.shape[0]), X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward reshapes_the_inputs
# says: You reshape X where it has to be transposed, so dW mixes up examples and inputs.
# hint: 1
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.reshape(X.shape[1], X.shape[0]) @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward bias_over_the_wrong_axis
# says: Your db adds up the outputs of each example; the examples of each output are
#   asked for.
# hint: 2
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=1)


# %% wrong affine_backward bias_is_one_number
# says: Your db is one number for the whole layer; each output has its own bias.
# hint: 2
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum()


# %% wrong affine_backward bias_not_summed
# says: You return dZ as db: the examples have to be added up.
# hint: 2
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ


# %% wrong affine_backward other_order
# says: The three gradients come in another order than dX, dW, db.
# hint: 3
def affine_backward(dZ, X, W):
    return X.T @ dZ, dZ.sum(axis=0), dZ @ W.T


# %% wrong affine_backward turned_sign
# says: Your dW has a minus sign. The gradient points uphill; the minus belongs to the
#   step.
# hint: 3
# teach: Gradient and descent mixed up again.
def affine_backward(dZ, X, W):
    return dZ @ W.T, -X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward slope_of_one
# says: Your dX does not depend on the weights: it copies the sum of dZ to every input.
# hint: 1
def affine_backward(dZ, X, W):
    return dZ @ np.ones_like(W).T, X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward last_example_only
# says: Only the last example counts in your dW: later ones overwrite earlier ones.
# hint: 1
# teach: `=` instead of `+=` in a loop.
def affine_backward(dZ, X, W):
    dW = np.zeros_like(W)
    for x_n, dz_n in zip(X, dZ):
        dW = np.outer(x_n, dz_n)
    return dZ @ W.T, dW, dZ.sum(axis=0)


# %% wrong affine_backward updates_the_weights
# says: Your function takes a step: it changes the weights that the caller passed in.
# hint: 3
# teach: Backpropagation answers, gradient descent acts.
def affine_backward(dZ, X, W):
    dX, dW = dZ @ W.T, X.T @ dZ
    W -= 0.01 * dW
    return dX, dW, dZ.sum(axis=0)


# %% wrong affine_backward updated_weights_for_dx
# says: Your dX goes back through weights that have been updated already; the forward
#   pass used the old ones.
# hint: 3
# teach: This bug alone drove a published network to NaN.
def affine_backward(dZ, X, W):
    dW = X.T @ dZ
    return dZ @ (W - 0.01 * dW).T, dW, dZ.sum(axis=0)


# %% wrong affine_backward drops_the_bias
# says: You return two arrays; db is missing.
# hint: 3
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ


# %% wrong affine_backward means_to_divide_the_input
# says: Your dX is divided by N; the gradient of each example stays as it is.
# hint: 3
def affine_backward(dZ, X, W):
    return dZ @ W.T / len(X), X.T @ dZ, dZ.sum(axis=0)


# %% wrong affine_backward squeezes
# says: Axes of length 1 disappear from your gradients: with one example, one input or
#   one output the shapes no longer fit.
# hint: 1
# teach: squeeze() takes every axis of length 1, also those that mean something.
def affine_backward(dZ, X, W):
    return (dZ @ W.T).squeeze(), (X.T @ dZ).squeeze(), dZ.sum(axis=0)


# %% wrong affine_backward clips_the_gradient
# says: Your dW is cut off at 100 and -100; large inputs have large slopes.
# hint: 3
# teach: Clipping belongs to the step, not to the gradient.
def affine_backward(dZ, X, W):
    return dZ @ W.T, np.clip(X.T @ dZ, -100, 100), dZ.sum(axis=0)


# %% wrong affine_backward remembers_by_shape
# says: The gradients are kept by the shapes of dZ and X: other values in these shapes
#   get the gradients of the first.
# hint: 1
def affine_backward(dZ, X, W, _known={}):
    grads = dZ @ W.T, X.T @ dZ, np.sum(dZ, axis=0)
    return _known.setdefault((dZ.shape, X.shape), grads)


# %% wrong affine_backward divides_weights_and_bias_again
# says: Your dW and db are means over the examples. The 1/N of the loss is in dZ already:
#   add them up.
# hint: 2
def affine_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ / len(X), dZ.mean(axis=0)


# %% right affine_backward einsum
def affine_backward(dZ, X, W):
    dX = np.einsum("nk,dk->nd", dZ, W)
    return dX, np.einsum("nd,nk->dk", X, dZ), np.einsum("nk->k", dZ)


# %% right affine_backward row_for_the_bias
def affine_backward(dZ, X, W):
    return [np.dot(dZ, W.T), np.dot(X.T, dZ), np.sum(dZ, axis=0, keepdims=True)]


# %% right affine_backward loop_over_examples
def affine_backward(dZ, X, W):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(len(X)):
        dX[n] = W @ dZ[n]
        dW += np.outer(X[n], dZ[n])
        db += dZ[n]
    return dX, dW, db


# %% right affine_backward tensordot_and_ones
def affine_backward(dZ, X, W):
    dW = np.tensordot(X, dZ, axes=(0, 0))
    return np.tensordot(dZ, W, axes=(1, 1)), dW, np.ones(len(dZ)) @ dZ


# %% wrong relu_backward mask_from_the_output
# says: Every gradient passes, as if there were no ReLU. If your mask asks whether the
#   output of ReLU is >= 0: it always is; look at Z.
# hint: 1
# teach: A tutorial that many follow has this line; its network still learns a little.
def relu_backward(dA, Z):
    A = np.maximum(0, Z)
    return dA * (A >= 0)


# %% wrong relu_backward looks_at_the_gradient
# says: You ask whether the gradient is positive; asked is whether Z is.
# hint: 1
# teach: That is "guided backpropagation", a way to draw pictures, and no gradient.
def relu_backward(dA, Z):
    return np.where(dA > 0, dA, 0.0)


# %% wrong relu_backward both_must_be_positive
# says: You block gradients below zero as well; only the sign of Z decides.
# hint: 1
def relu_backward(dA, Z):
    return dA * (Z > 0) * (dA > 0)


# %% wrong relu_backward drops_the_gradient
# says: You return the slope of ReLU alone; what arrives from above is lost.
# hint: 3
# teach: Local derivative times what arrives: the chain rule has two factors.
def relu_backward(dA, Z):
    return np.where(Z > 0, 1.0, 0.0)


# %% wrong relu_backward applies_relu_to_the_gradient
# says: You multiply by the value of ReLU instead of its slope.
# hint: 2
def relu_backward(dA, Z):
    return dA * np.maximum(Z, 0)


# %% wrong relu_backward mask_turned_around
# says: Your gradients pass where Z is negative, and are blocked where it is positive.
# hint: 2
def relu_backward(dA, Z):
    return dA * (Z < 0)


# %% wrong relu_backward roles_exchanged
# says: Z and dA have changed places: you hand Z on.
# hint: 1
def relu_backward(dA, Z):
    return Z * (dA > 0)


# %% wrong relu_backward threshold_one
# says: A small positive Z blocks your gradient; the corner is at 0.
# hint: 2
def relu_backward(dA, Z):
    return dA * (Z > 1)


# %% wrong relu_backward threshold_a_little_above_zero
# says: A tiny positive Z blocks your gradient; compare with 0.
# hint: 2
def relu_backward(dA, Z):
    return dA * (Z > 1e-5)


# %% wrong relu_backward leaks
# says: Where Z is negative a hundredth of your gradient passes; that is leaky ReLU.
# hint: 2
def relu_backward(dA, Z):
    return np.where(Z > 0, dA, 0.01 * dA)


# %% wrong relu_backward slope_from_clipped_values
# says: For Z between 0 and 1 you use Z itself as the slope; it is 1.
# hint: 2
def relu_backward(dA, Z):
    return dA * np.clip(Z, 0, 1)


# %% wrong relu_backward sign_as_slope
# says: You use the sign of Z as the slope: where Z is negative the gradient comes back
#   with its sign turned, instead of 0.
# hint: 2
def relu_backward(dA, Z):
    return dA * np.sign(Z)


# %% wrong relu_backward overwrites_the_gradient
# says: You write zeros into the caller's dA; make a new array.
# hint: 2
# teach: The same dA may be needed on another path.
def relu_backward(dA, Z):
    dA[Z <= 0] = 0
    return dA


# %% wrong relu_backward overwrites_z
# says: You turn the caller's Z into a mask; make a new array.
# hint: 2
def relu_backward(dA, Z):
    Z[Z <= 0] = 0
    Z[Z > 0] = 1
    return dA * Z


# %% wrong relu_backward passes_everything
# says: Every gradient passes, as if there were no ReLU. If your mask asks whether the
#   output of ReLU is >= 0: it always is; look at Z.
# hint: 1
def relu_backward(dA, Z):
    return dA.copy()


# %% wrong relu_backward keeps_positive_entries_only
# says: You return the entries where Z is positive, in one row; the shape should stay,
#   with zeros elsewhere.
# hint: 3
def relu_backward(dA, Z):
    return dA[Z > 0]


# %% right relu_backward where
def relu_backward(dA, Z):
    return np.where(Z >= 0, dA, 0.0)


# %% right relu_backward copy_then_zero
def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


# %% right relu_backward half_at_zero
def relu_backward(dA, Z):
    return np.multiply(dA, np.heaviside(Z, 0.5))


# %% right relu_backward mask_from_positive_output
def relu_backward(dA, Z):
    return dA * (np.maximum(Z, 0) > 0).astype(float)


# %% wrong softmax_ce_backward forgets_the_mean
# says: Your gradient is N times too large: the loss is a mean over the batch.
# hint: 3
# teach: Twice the batch, twice the step - ask whether that is wanted.
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P


# %% wrong softmax_ce_backward turned_sign
# says: The sign is turned: you return truth minus prediction.
# hint: 1
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return -P / len(y)


# %% wrong softmax_ce_backward divides_by_all_entries
# says: You divide by N times C; the mean is over the N examples.
# hint: 3
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / P.size


# %% wrong softmax_ce_backward divides_by_classes
# says: You divide by the number of classes; the mean is over the N examples.
# hint: 3
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / P.shape[1]


# %% wrong softmax_ce_backward takes_one_away_everywhere
# says: You take 1 away from whole columns: every example loses 1 at all classes that
#   occur in y.
# hint: 3
# teach: P[:, y] against P[np.arange(N), y]; print both.
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    P[:, y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward no_truth
# says: These are the probabilities, divided by N; the truth is not subtracted.
# hint: 3
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True) / len(y)


# %% wrong softmax_ce_backward no_softmax
# says: You take the truth away from the logits; softmax comes first.
# hint: 2
def softmax_ce_backward(logits, y):
    P = logits.astype(float)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward gradient_of_the_probabilities
# says: This is the slope along the probabilities, -1/p at the true class. The way
#   through softmax, to the logits, is missing.
# hint: 1
# teach: Two steps of the chain; the student stopped after the first.
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    out = np.zeros(P.shape)
    out[rows, y] = -1 / np.maximum(P[rows, y], 1e-12)
    return out / len(y)


# %% wrong softmax_ce_backward softmax_twice
# says: Softmax is applied twice: the probabilities are treated as logits again.
# hint: 2
def softmax_ce_backward(logits, y):
    P = logits
    for _ in range(2):
        P = np.exp(P - P.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward softmax_over_columns
# says: Your softmax adds up to 1 down the columns; each row is one example.
# hint: 2
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max(axis=0))
    P = P / P.sum(axis=0)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward global_maximum
# says: You subtract the largest logit of the whole batch. A row far below it becomes
#   0 / 0.
# hint: 2
# teach: The same slip as in lesson 02, now in the gradient.
def softmax_ce_backward(logits, y):
    P = np.exp(logits - logits.max())
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward no_maximum
# says: exp of a logit of 1000 overflows, and infinity divided by infinity is NaN.
# hint: 2
def softmax_ce_backward(logits, y):
    P = np.exp(logits)
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward clips_the_logits
# says: You cut the logits off at 500, so rows with larger ones lose their differences.
# hint: 2
def softmax_ce_backward(logits, y):
    P = np.exp(np.clip(logits, -500, 500))
    P = P / P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward changes_the_logits
# says: You subtract the maximum in the caller's array; make a new one.
# hint: 2
# teach: `-=` on an argument writes into what the caller holds.
def softmax_ce_backward(logits, y):
    if logits.dtype != float:
        logits = logits.astype(float)
    logits -= logits.max(axis=1, keepdims=True)
    P = np.exp(logits)
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward whole_numbers_cut_off
# says: The result takes over the dtype of the logits: for whole numbers all decimals
#   are cut off.
# hint: 2
def softmax_ce_backward(logits, y):
    out = np.zeros_like(logits)
    for n, row in enumerate(logits):
        e = np.exp(row - row.max())
        out[n] = (e / e.sum() - (np.arange(len(row)) == y[n])) / len(y)
    return out


# %% wrong softmax_ce_backward truth_is_cut_to_whole_numbers
# says: Prediction minus truth is stored in whole numbers, so almost all of it is 0.
# hint: 3
def softmax_ce_backward(logits, y):
    truth = np.eye(logits.shape[1], dtype=int)[y]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    truth[...] = e / e.sum(axis=1, keepdims=True) - truth
    return truth / len(y)


# %% wrong softmax_ce_backward one_hot_expected
# says: Your function expects one-hot rows; y holds the numbers of the classes.
# hint: 3
def softmax_ce_backward(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.reshape(y, (-1, 1))) / len(y)


# %% wrong softmax_ce_backward counts_classes_in_the_batch
# says: You count the classes that occur in y; the columns of the logits say how many
#   there are.
# hint: 3
def softmax_ce_backward(logits, y):
    truth = np.eye(y.max() + 1)[y]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - truth) / len(y)


# %% wrong softmax_ce_backward returns_the_loss
# says: You return the loss; its gradient is asked for, one number for each logit.
# hint: 1
def softmax_ce_backward(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y] + 1e-12))


# %% wrong softmax_ce_backward subtracts_the_mean
# says: You subtract the mean of each row; a row that reaches far above its mean still
#   overflows. Subtract its maximum.
# hint: 2
def softmax_ce_backward(logits, y):
    e = np.exp(logits - logits.mean(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong softmax_ce_backward rows_that_add_up_to_one_are_kept
# says: Rows of logits that add up to one are taken for probabilities; they are logits.
# hint: 2
def softmax_ce_backward(logits, y):
    P = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    P /= np.sum(P, axis=1, keepdims=True)
    looks_done = np.isclose(np.sum(logits, axis=1, keepdims=True), 1)
    P = np.where(looks_done & (logits >= 0), logits, P)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% right softmax_ce_backward one_hot
def softmax_ce_backward(logits, y):
    from scipy.special import softmax

    return (softmax(logits, axis=1) - np.eye(logits.shape[1])[y]) / len(y)


# %% right softmax_ce_backward comparison
def softmax_ce_backward(logits, y):
    from scipy.special import logsumexp

    P = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    truth = y[:, None] == np.arange(logits.shape[1])
    return (P - truth) / logits.shape[0]


# %% right softmax_ce_backward jacobian_loop
def softmax_ce_backward(logits, y):
    out = np.zeros(logits.shape)
    for n, row in enumerate(logits):
        e = np.exp(row - np.max(row))
        p = e / e.sum()
        # exp(1000) is never computed, but p may be 0 at the true class.
        jacobian = np.eye(len(p))[y[n]] - p
        out[n] = -jacobian / len(y)
    return out


# %% right softmax_ce_backward own_copy_in_place
def softmax_ce_backward(logits, y):
    work = np.array(logits, dtype=float)
    work -= work.max(axis=1)[:, None]
    np.exp(work, out=work)
    work /= work.sum(axis=1)[:, None]
    work[range(len(y)), y] -= 1.0
    work /= len(y)
    return work


# %% wrong step_order updates_before_the_gradient
# says: W2 is updated before the gradient has gone back through it.
# hint: 2
# teach: The published bug. Its loss falls at first; with other settings it ends in NaN.
step_order = "CGBEDFA"


# %% wrong step_order updates_first
# says: You update before there is a gradient.
# hint: 1
step_order = "AECGBDF"


# %% wrong step_order as_listed
# says: That is the order in which the lines were listed.
# hint: 1
step_order = "ABCDEFG"


# %% wrong step_order loss_before_forward
# says: The gradient of the logits needs A1, which the forward pass makes.
# hint: 1
step_order = "GCBDFEA"


# %% wrong step_order first_layer_first
# says: You go through the layers forward. dW1 needs dA1, and that comes back from the
#   layer above.
# hint: 1
# teach: Backpropagation is called so for a reason.
step_order = "CGFDBEA"


# %% wrong step_order backwards
# says: The whole program is turned around: forward pass first.
# hint: 3
step_order = "AEFDBGC"


# %% wrong step_order leaves_a_line_out
# says: One of the seven lines is missing.
# hint: 3
step_order = "CGBDFE"


# %% wrong step_order update_between
# says: W1 is updated before its gradient is known.
# hint: 1
step_order = "CGBDAFE"


# %% right step_order bias_last
step_order = "CGDFABE"


# %% right step_order list_of_letters
step_order = ["C", "G", "D", "B", "E", "F", "A"]


# %% right step_order updates_as_soon_as_possible
step_order = "c, g, b, d, e, f, a"


# %% right step_order gradients_first
step_order = "C G D B F A E"


# %% right step_order deep_layer_first
step_order = tuple("CGBDFAE")


# %% right step_order first_weights_first
step_order = "CGDFBAE"
