# %% [markdown]
# Catalogue of `01_neuron`: wrong and right answers to its exercises.


# %% guess predict_z forgets_bias
# says: You predicted the sum without the bias; the third edge of the figure counts too.
# teach: Ask how many edges run into the node.
predict_z = 0.36


# %% guess predict_z loses_the_minus_sign
# says: You predicted the sum with w_2 = +0.1; the second weight is negative.
# teach: Ask what a negative weight means for an input that grows.
predict_z = 0.7


# %% guess predict_z uses_first_input_only
# says: You predicted 0.6 · 0.8 + 0.1; the second input is left out.
# teach: Let the student write one product beside each edge.
predict_z = 0.58


# %% guess predict_z adds_bias_for_each_input
# says: You predicted a sum with the bias added twice; it is added once.
# teach: Ask what z is when both inputs are 0.
predict_z = 0.56


# %% guess predict_z swaps_the_weights
# says: You gave each weight to the input of the other edge.
# teach: Have the student follow one edge from left to right with a finger.
predict_z = 0.74


# %% guess predict_z multiplies_the_sums
# says: You multiplied the sum of the inputs by the sum of the weights; each input is
#   multiplied by its own weight first.
# teach: Recall that (a + b)(c + d) has four products, a weighted sum two.
predict_z = 1.1


# %% wrong predict_z writes_the_calculation_as_text
# says: You wrote text in quotes; write one number.
# hint: 1
# teach: Show the difference between 0.46 and "0.46".
predict_z = "0.8 * 0.6 + 1.2 * -0.1 + 0.1"


# %% wrong predict_z lists_the_products
# says: You wrote the terms of the sum as a list; add them up to one number.
# hint: 1
# teach: Ask how many numbers stand in the node on the right.
predict_z = [0.48, -0.12, 0.1]


# %% right predict_z by_hand
predict_z = 0.46


# %% right predict_z by_calculation
predict_z = 0.8 * 0.6 + 1.2 * -0.1 + 0.1


# %% right predict_z with_numpy
predict_z = np.dot(np.array([0.8, 1.2]), np.array([0.6, -0.1])) + 0.1


# %% wrong weighted_sum forgets_bias
# says: Your z is too small by exactly b: the bias is never added.
# hint: 1
# teach: Ask what the neuron returns for x = 0.
def weighted_sum(x, w, b):
    return np.dot(w, x)


# %% wrong weighted_sum adds_bias_for_each_input
# says: The bias is added once for each input; it belongs to the sum, once.
# hint: 1
# teach: Ask what the neuron returns for x = 0 and D = 5.
def weighted_sum(x, w, b):
    return np.sum(x * w + b)


# %% wrong weighted_sum subtracts_bias
# says: The bias is subtracted; in this course it is added.
# hint: 1
# teach: Some texts write the threshold as a positive number and subtract it.
def weighted_sum(x, w, b):
    return np.dot(w, x) - b


# %% wrong weighted_sum multiplies_by_bias
# says: The bias multiplies the sum; it is a term of its own.
# hint: 1
# teach: Ask what the neuron could say with b = 0.
def weighted_sum(x, w, b):
    return np.dot(w, x) * b


# %% wrong weighted_sum returns_the_products
# says: You return one number for each input: the products are not added up.
# hint: 2
# teach: Print the shape of x * w and ask what it should become.
def weighted_sum(x, w, b):
    return x * w + b


# %% wrong weighted_sum uses_first_input_only
# says: Only the first input reaches your sum. If you wrote a loop, look where its
#   return stands.
# hint: 2
# teach: Change x[1] and show that the result stays.
def weighted_sum(x, w, b):
    return x[0] * w[0] + b


# %% wrong weighted_sum works_for_two_inputs_only
# says: Your sum stops after two inputs; a neuron may have any number.
# hint: 2
# teach: Try one and three inputs.
def weighted_sum(x, w, b):
    return x[0] * w[0] + x[1] * w[1] + b


# %% wrong weighted_sum returns_from_inside_the_loop
# says: Only the first input reaches your sum. If you wrote a loop, look where its
#   return stands.
# hint: 2
# teach: Step through the loop with the student.
def weighted_sum(x, w, b):
    total = b
    for x_i, w_i in zip(x, w):
        total += x_i * w_i
        return total


# %% wrong weighted_sum starts_at_the_second_input
# says: Your loop leaves out the first input: positions begin at 0.
# hint: 2
# teach: The formula counts from 1, Python counts from 0.
def weighted_sum(x, w, b):
    total = b
    for i in range(1, len(x)):
        total += x[i] * w[i]
    return total


# %% wrong weighted_sum uses_the_notebooks_globals
# says: Your function gives the same result for every neuron: it uses the numbers of the
#   notebook instead of its arguments.
# hint: 2
# teach: Rename the parameters and see what still refers to the notebook.
def weighted_sum(inputs, weights, bias):
    return np.dot(w, x) + b


# %% wrong weighted_sum reads_the_notebooks_bias
# says: Inputs and weights are taken from the arguments, but the bias is the one of the
#   notebook.
# hint: 1
# teach: Call it twice with different b.
def weighted_sum(x, w, bias):
    return np.dot(w, x) + b


# %% wrong weighted_sum averages
# says: You take the mean of the products; the neuron takes their sum.
# hint: 2
# teach: Ask how z changes when an input with weight 0 is added.
def weighted_sum(x, w, b):
    return np.mean(x * w) + b


# %% wrong weighted_sum drops_negative_products
# says: Products below 0 are lost; a negative weight pulls the sum down.
# hint: 2
# teach: That is an activation at the wrong place; ask what w = −0.1 is for.
def weighted_sum(x, w, b):
    return np.sum(np.maximum(x * w, 0)) + b


# %% wrong weighted_sum applies_an_activation
# says: You return an activation of the sum; the weighted sum itself is asked.
# hint: 2
# teach: Point at z and a in the table of symbols.
def weighted_sum(x, w, b):
    return np.tanh(np.dot(w, x) + b)


# %% wrong weighted_sum rounds
# says: Your result is rounded; return all digits.
# hint: 3
# teach: Show 0.1 + 0.2, and why tests compare with a tolerance.
def weighted_sum(x, w, b):
    return round(float(np.dot(w, x) + b), 2)


# %% wrong weighted_sum changes_its_input
# says: The numbers are right, but x is overwritten: x *= w writes into the caller's
#   array.
# hint: 3
# teach: Call it twice with the same arrays.
def weighted_sum(x, w, b):
    x *= w
    return x.sum() + b


# %% wrong weighted_sum changes_the_weights
# says: The numbers are right, but w is overwritten: w *= x writes into the caller's
#   array.
# hint: 3
# teach: Call it twice with the same arrays.
def weighted_sum(x, w, b):
    w *= x
    return w.sum() + b


# %% wrong weighted_sum prints_instead_of_returning
# says: Your function returns None. To print the result is not enough: return it.
# hint: 3
# teach: Try 1 + weighted_sum(x, w, b).
def weighted_sum(x, w, b):
    print(np.dot(w, x) + b)


# %% wrong weighted_sum remembers_by_shape
# says: The result is kept by the shape of x: other numbers in an x of that shape get
#   the sum of the first.
# hint: 2
def weighted_sum(x, w, b, _known={}):
    return _known.setdefault((x.shape, b), np.dot(w, x) + b)


# %% right weighted_sum loop_over_pairs
def weighted_sum(x, w, b):
    total = b
    for x_i, w_i in zip(x, w):
        total += x_i * w_i
    return total


# %% right weighted_sum sum_of_products
def weighted_sum(x, w, b):
    return float(np.sum(x * w) + b)


# %% right weighted_sum matrix_product
def weighted_sum(x, w, b):
    return x @ w + b


# %% right weighted_sum einsum
def weighted_sum(x, w, b):
    return np.einsum("i,i->", x, w) + b


# %% right weighted_sum zero_dimensional_array
def weighted_sum(x, w, b):
    return np.array(sum(w_i * x_i for w_i, x_i in zip(w, x)) + b)


# %% wrong neuron ignores_activation
# says: You return the weighted sum; the activation is never called.
# hint: 2
# teach: Ask what the fourth argument is for.
def neuron(x, w, b, activation):
    return np.dot(w, x) + b


# %% wrong neuron adds_bias_after_activation
# says: The bias is added after the activation; it belongs to the sum inside.
# hint: 1
# teach: With f = step the output could be 1.1: ask whether it may.
def neuron(x, w, b, activation):
    return activation(np.dot(w, x)) + b


# %% wrong neuron applies_activation_twice
# says: The activation is called on its own result; once is enough.
# hint: 2
# teach: Use f(z) = z² to make it visible.
def neuron(x, w, b, activation):
    return activation(activation(np.dot(w, x) + b))


# %% wrong neuron activates_the_inputs
# says: The activation is called on the inputs; it belongs to the sum.
# hint: 1
# teach: Follow the signal through the figure from left to right.
def neuron(x, w, b, activation):
    return np.dot(w, activation(x)) + b


# %% wrong neuron activates_each_product
# says: The activation is called on each product before they are added; add first.
# hint: 1
# teach: Ask how many numbers go into the activation.
def neuron(x, w, b, activation):
    return np.sum(activation(x * w)) + b


# %% wrong neuron activates_bias_for_each_input
# says: The activation is called on an array of products; it should get one number.
# hint: 2
# teach: Print what goes into the activation.
def neuron(x, w, b, activation):
    return activation(x * w + b)


# %% wrong neuron hard_codes_tanh
# says: Your neuron always uses tanh, whatever activation it is given.
# hint: 2
# teach: Call it with np.square.
def neuron(x, w, b, activation):
    return np.tanh(np.dot(w, x) + b)


# %% wrong neuron hard_codes_sigmoid
# says: Your neuron always uses the sigmoid, whatever activation it is given.
# hint: 2
# teach: Call it with np.square.
def neuron(x, w, b, activation):
    return 1 / (1 + np.exp(-(np.dot(w, x) + b)))


# %% wrong neuron forgets_bias
# says: The activation gets the sum without the bias.
# hint: 1
# teach: Ask what the neuron says for x = 0.
def neuron(x, w, b, activation):
    return activation(np.dot(w, x))


# %% wrong neuron subtracts_bias
# says: The bias is subtracted; in this course it is added.
# hint: 1
# teach: Some texts subtract a threshold; here the bias is its negative.
def neuron(x, w, b, activation):
    return activation(np.dot(w, x) - b)


# %% wrong neuron multiplies_sum_by_activation
# says: You multiply the sum by its activation; return the activation alone.
# hint: 1
# teach: z · sigmoid(z) exists (swish), but as an activation of its own.
def neuron(x, w, b, activation):
    z = np.dot(w, x) + b
    return z * activation(z)


# %% wrong neuron returns_the_function
# says: You return the activation function itself; call it on z.
# hint: 2
# teach: Show print(np.tanh) beside print(np.tanh(0.46)).
def neuron(x, w, b, activation):
    return activation


# %% wrong neuron uses_the_notebooks_globals
# says: Your neuron gives the same result for all inputs: it reads x, w and b of the
#   notebook.
# hint: 2
# teach: Rename the parameters and see what still refers to the notebook.
def neuron(inputs, weights, bias, activation):
    return activation(np.dot(w, x) + b)


# %% wrong neuron changes_its_input
# says: The numbers are right, but x is overwritten: x *= w writes into the caller's
#   array.
# hint: 3
# teach: Call it twice with the same arrays.
def neuron(x, w, b, activation):
    x *= w
    return activation(x.sum() + b)


# %% wrong neuron changes_the_weights
# says: The numbers are right, but w is overwritten: w *= x writes into the caller's
#   array.
# hint: 3
# teach: Call it twice with the same arrays.
def neuron(x, w, b, activation):
    w *= x
    return activation(w.sum() + b)


# %% wrong neuron limits_the_sum
# says: Your z is cut off at ±100; the activation gets the sum as it is, however large.
# hint: 1
# teach: Ask what a limit protects from here, and who asked for it.
def neuron(x, w, b, activation):
    return activation(np.clip(np.dot(w, x) + b, -100, 100))


# %% right neuron calls_weighted_sum
def neuron(x, w, b, activation):
    return activation(weighted_sum(x, w, b))


# %% right neuron loop
def neuron(x, w, b, activation):
    z = b
    for i in range(len(x)):
        z = z + w[i] * x[i]
    a = activation(z)
    return a


# %% right neuron bias_as_a_weight
def neuron(x, w, b, activation):
    return activation(np.append(w, b) @ np.append(x, 1.0))


# %% right neuron plain_number_to_the_activation
def neuron(x, w, b, activation):
    return float(activation(float(np.sum(x * w)) + b))


# %% wrong neuron_batch returns_a_column
# says: You return a column of shape (N, 1); an array of shape (N,) is asked.
# hint: 2
# teach: Subtract labels of shape (N,) from it and look at the shape.
def neuron_batch(X, w, b):
    return X @ w.reshape(-1, 1) + b


# %% wrong neuron_batch returns_a_list
# says: You return a list; an array is asked.
# hint: 2
# teach: Try result * 2 with a list.
def neuron_batch(X, w, b):
    return [float(np.dot(row, w) + b) for row in X]


# %% wrong neuron_batch multiplies_in_the_wrong_order
# says: w @ X fits only when N and D happen to be equal, and then sums over the wrong
#   axis.
# hint: 2
# teach: Write the shapes under the two factors.
def neuron_batch(X, w, b):
    return w @ X + b


# %% wrong neuron_batch sums_over_examples
# says: You add up over the examples; each example has a sum of its own.
# hint: 1
# teach: Ask which axis of X holds the inputs of one example.
def neuron_batch(X, w, b):
    return np.sum(X * w, axis=0) + b


# %% wrong neuron_batch adds_everything_up
# says: You return one number for the whole batch; each row has its own sum.
# hint: 1
# teach: Ask what axis np.sum takes when none is given.
def neuron_batch(X, w, b):
    return np.sum(X * w) + b


# %% wrong neuron_batch forgets_bias
# says: Every result is too small by b: the bias is never added.
# hint: 1
# teach: Ask what comes out for a row of zeros.
def neuron_batch(X, w, b):
    return X @ w


# %% wrong neuron_batch subtracts_bias
# says: The bias is subtracted; in this course it is added.
# hint: 1
# teach: Ask what comes out for a row of zeros.
def neuron_batch(X, w, b):
    return X @ w - b


# %% wrong neuron_batch adds_bias_for_each_input
# says: The bias is added once for each input; it is added once a row.
# hint: 1
# teach: Ask what comes out for a row of zeros.
def neuron_batch(X, w, b):
    return np.sum(X * w + b, axis=1)


# %% wrong neuron_batch adds_bias_to_first_row_only
# says: Only the first example gets the bias.
# hint: 3
# teach: Broadcasting adds a number to all entries; no index is needed.
def neuron_batch(X, w, b):
    z = X @ w
    z[0] += b
    return z


# %% wrong neuron_batch returns_the_products
# says: You return the products, shape (N, D); they have to be added up for each row.
# hint: 2
# teach: Print the shape of X * w.
def neuron_batch(X, w, b):
    return X * w + b


# %% wrong neuron_batch squeezes_one_example
# says: For a batch of one example you return a number; it should be an array of shape
#   (1,).
# hint: 2
# teach: squeeze removes every axis of length 1, also the one you need.
def neuron_batch(X, w, b):
    return np.squeeze(X @ w.reshape(-1, 1)) + b


# %% wrong neuron_batch applies_an_activation
# says: You return the activation; the weighted sums are asked.
# hint: 1
# teach: Point at z in the docstring.
def neuron_batch(X, w, b):
    return np.tanh(X @ w + b)


# %% wrong neuron_batch stores_results_as_integers
# says: When X holds integers your results lose their decimals: the array you fill has
#   the type of X.
# hint: 1
# teach: Print z.dtype; np.zeros(N) would have been of type float.
def neuron_batch(X, w, b):
    z = np.zeros_like(X[:, 0])
    for n, row in enumerate(X):
        z[n] = np.dot(row, w) + b
    return z


# %% wrong neuron_batch works_for_two_inputs_only
# says: Only the first two columns of X are used; a neuron may have any number of
#   inputs.
# hint: 2
# teach: Try D = 3.
def neuron_batch(X, w, b):
    return X[:, 0] * w[0] + X[:, 1] * w[1] + b


# %% wrong neuron_batch uses_the_notebooks_globals
# says: Weights and bias are those of the notebook, not the arguments.
# hint: 1
# teach: Rename the parameters and see what still refers to the notebook.
def neuron_batch(X, weights, bias):
    return X @ w + b


# %% wrong neuron_batch loses_precision
# says: Your results are right to about 7 digits: the numbers are converted to float32.
# hint: 3
# teach: Show np.float32(0.1) - 0.1.
def neuron_batch(X, w, b):
    return X.astype(np.float32) @ w.astype(np.float32) + np.float32(b)


# %% wrong neuron_batch changes_its_input
# says: The numbers are right, but X is overwritten. Perhaps an operator such as *=
#   writes into the caller's array.
# hint: 3
# teach: Call it twice with the same batch.
def neuron_batch(X, w, b):
    if X.dtype.kind == "f":
        X *= w
        return X.sum(axis=1) + b
    return X @ w + b


# %% wrong neuron_batch remembers_by_shape
# says: The sums are kept by the shape of X: another batch of that shape gets the sums
#   of the first.
# hint: 1
def neuron_batch(X, w, b, _known={}):
    return _known.setdefault((X.shape, b), X @ w + b)


# %% right neuron_batch einsum
def neuron_batch(X, w, b):
    return np.einsum("nd,d->n", X, w) + b


# %% right neuron_batch loop_over_rows
def neuron_batch(X, w, b):
    return np.array([weighted_sum(row, w, b) for row in X])


# %% right neuron_batch sum_of_products
def neuron_batch(X, w, b):
    return (X * w).sum(axis=1) + b


# %% right neuron_batch transposed
def neuron_batch(X, w, b):
    return w @ X.T + b


# %% right neuron_batch column_made_flat
def neuron_batch(X, w, b):
    return (X @ w[:, None] + b)[:, 0]


# %% guess predict_bias doubles_the_whole_sum
# says: You doubled z; only the bias is doubled, the rest of the sum stays.
# teach: Write z as two terms and double one of them.
predict_bias = "a"


# %% guess predict_bias loses_the_minus_sign
# says: You added the doubled bias as if it were positive; it is −0.6.
# teach: A larger threshold is a more negative bias.
predict_bias = "c"


# %% guess predict_bias takes_bias_for_harmless
# says: You took the sign of z for given by weights and inputs; the bias is a term too.
# teach: Ask for which b the neuron of this question would never fire.
predict_bias = "d"


# %% wrong predict_bias answers_with_the_number
# says: You wrote the new sum; write the letter of the choice.
# hint: 1
# teach: The number is right, the form is not.
predict_bias = -0.1


# %% right predict_bias letter
predict_bias = "b"


# %% right predict_bias capital_letter
predict_bias = "B"


# %% wrong step is_zero_at_zero
# says: step(0) should be 1; you compare with > instead of >=.
# hint: 1
# teach: Ask on which side of the threshold the threshold itself lies, by our rule.
def step(z):
    return np.where(z > 0, 1, 0)


# %% wrong step gives_minus_one
# says: Below 0 you return −1; it should be 0.
# hint: 1
# teach: Some texts use labels −1 and 1; this course uses 0 and 1.
def step(z):
    return np.where(z >= 0, 1, -1)


# %% wrong step is_half_at_zero
# says: At exactly 0 you return 0.5; it should be 1.
# hint: 1
# teach: The second argument of np.heaviside is the value at 0.
def step(z):
    return np.heaviside(z, 0.5)


# %% wrong step works_for_one_number_only
# says: Your step works for one number; with an array the if does not know what to do.
# hint: 2
# teach: Ask what bool() of an array of five answers should be.
def step(z):
    if z >= 0:
        return 1
    return 0


# %% wrong step works_for_arrays_only
# says: Your step works for arrays; a plain number has no such method.
# hint: 2
# teach: Try step(0.3).
def step(z):
    return (z >= 0).astype(int)


# %% wrong step returns_an_array_for_a_number
# says: For one number you return an array of shape (1,); it should be one number.
# hint: 2
# teach: Print np.shape(step(2.0)).
def step(z):
    return np.where(np.atleast_1d(z) >= 0, 1, 0)


# %% wrong step returns_a_list
# says: For an array you return a list; it should be an array of the same shape.
# hint: 2
# teach: Try 2 * step(z).
def step(z):
    if np.ndim(z) == 0:
        return int(z >= 0)
    return [int(z_n >= 0) for z_n in z]


# %% wrong step flattens
# says: The shape of z is lost: you return all answers in one row.
# hint: 2
# teach: Try an array of shape (2, 3).
def step(z):
    if np.ndim(z) == 0:
        return int(z >= 0)
    return np.array([int(value >= 0) for value in np.ravel(z)])


# %% wrong step is_turned_around
# says: Your step returns 1 below 0 and 0 above.
# hint: 1
# teach: Ask when a neuron fires.
def step(z):
    return np.where(z <= 0, 1, 0)


# %% wrong step jumps_at_one
# says: Your jump is at 1; it should be at 0.
# hint: 1
# teach: Ask for step(0.5).
def step(z):
    return np.where(z >= 1, 1, 0)


# %% wrong step tolerates_small_negatives
# says: Numbers a little below 0 count as 0 in your step; the jump should be sharp.
# hint: 1
# teach: Ask for step(-1e-12).
def step(z):
    return np.where(z >= -1e-9, 1, 0)


# %% wrong step rounds_first
# says: You round before you compare, so that −0.4 counts as 0.
# hint: 1
# teach: Ask for step(-0.25).
def step(z):
    return np.where(np.round(z) >= 0, 1, 0)


# %% wrong step clips
# says: Between 0 and 1 you return z itself; a step has no values in between.
# hint: 1
# teach: Ask for step(0.5).
def step(z):
    return np.where(z == 0, 1, np.clip(z, 0, 1))


# %% wrong step uses_the_sign
# says: At exactly 0 you return 0.5; it should be 1.
# hint: 1
# teach: np.sign has three values.
def step(z):
    return (np.sign(z) + 1) / 2


# %% wrong step ignores_its_argument
# says: Your step always returns the same.
# hint: 2
# teach: Ask what step(-1) should be.
def step(z):
    return np.ones_like(z)


# %% wrong step changes_its_input
# says: The answer is right, but the caller's array is overwritten.
# hint: 3
# teach: Print z after step(z).
def step(z):
    if np.ndim(z) == 0:
        return int(z >= 0)
    fires = z >= 0
    z[fires] = 1
    z[~fires] = 0
    return z


# %% right step heaviside
def step(z):
    return np.heaviside(z, 1)


# %% right step booleans
def step(z):
    return np.greater_equal(z, 0)


# %% right step product_with_one
def step(z):
    return 1 * (z >= 0)


# %% right step vectorized
def step(z):
    return np.vectorize(lambda value: 1.0 if value >= 0 else 0.0)(z)


# %% right step not_below_zero
def step(z):
    return 1 - (np.asarray(z) < 0).astype(int)


# %% guess predict_flip picks_the_largest_weight
# says: You picked the weight furthest from 0; its input is 0, so it has no say here.
# teach: A weight matters through its product with the input.
predict_flip = "b"


# %% guess predict_flip picks_the_largest_product
# says: You picked the largest product, but it is negative already: with the other sign
#   it helps to fire.
# teach: Ask in which direction z moves.
predict_flip = "c"


# %% guess predict_flip sees_no_weight
# says: One weight is enough: the only product that holds the sum up is one of the three.
# teach: Let the student compute z for each of the three changes.
predict_flip = "d"


# %% wrong predict_flip answers_with_the_weight
# says: You wrote the name of the weight; write the letter of the choice.
# hint: 1
# teach: The form of an answer can be checked before handing in: run the check cell.
predict_flip = "w_1"


# %% right predict_flip letter
predict_flip = "a"


# %% right predict_flip capital_letter
predict_flip = "A"


# %% wrong perceptron_fit updates_with_the_wrong_sign
# says: Your corrections go the wrong way: y − ŷ is turned around.
# hint: 2
# teach: Do one correction by hand and compute z again.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = int(x_n @ w + b >= 0) - y_n
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit forgets_bias_update
# says: The bias stays 0: it is never corrected, so the line always runs through the
#   origin.
# hint: 2
# teach: Show AND: no line through (0, 0) separates it.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit ignores_bias_in_prediction
# says: The bias is corrected but does not take part in the prediction.
# hint: 2
# teach: Ask where b enters z.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit updates_on_every_example
# says: You change the weights for every example; they may change only after a mistake.
# hint: 2
# teach: Ask what y − ŷ is when the prediction is right.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            predicted = int(x_n @ w + b >= 0)
            direction = 2 * y_n - 1
            w = w + lr * direction * x_n
            b = b + lr * direction
            mistakes += int(predicted != y_n)
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit uses_labels_minus_one_and_one
# says: Your rule is the one for labels −1 and 1; with labels 0 and 1 the class 0 is
#   never corrected.
# hint: 2
# teach: Ask what y · x adds when y is 0.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            if y_n * (x_n @ w + b) <= 0:
                w = w + lr * y_n * x_n
                b = b + lr * y_n
                mistakes += 1
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit corrects_one_class_only
# says: Only examples that fired by mistake are corrected; those that should have fired
#   need a correction too.
# hint: 2
# teach: Count the mistakes of each kind.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            predicted = int(x_n @ w + b >= 0)
            if predicted > y_n:
                w, b = w - lr * x_n, b - lr
            mistakes += int(predicted != y_n)
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit counts_cumulatively
# says: Your list of errors never falls: the counter is not set back to 0 for each pass.
# hint: 1
# teach: Ask which line runs once a pass.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors, mistakes = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(epochs):
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit counts_after_the_pass
# says: You count the mistakes that are left after each pass; asked are those made during
#   it.
# hint: 1
# teach: With one example the two counts differ by the first mistake.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
        errors.append(int(np.sum((X @ w + b >= 0) != y)))
    return w, b, errors


# %% wrong perceptron_fit adds_signed_errors
# says: You add up y − ŷ itself; mistakes of the two kinds cancel. Count each as 1.
# hint: 1
# teach: Ask for the count of one mistake of each kind.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = int(y_n) - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += error
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit corrects_after_the_pass
# says: You collect the corrections and apply them after the pass; each has to come at
#   once, before the next example.
# hint: 2
# teach: Seven equal examples need one correction, not seven.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = y - (X @ w + b >= 0).astype(int)
        w = w + lr * X.T @ wrong
        b = b + lr * float(np.sum(wrong))
        errors.append(int(np.sum(wrong != 0)))
    return w, b, errors


# %% wrong perceptron_fit averages_over_the_batch
# says: You correct once a pass, with the mean over all examples; each mistake has to be
#   corrected at once.
# hint: 2
# teach: That is gradient descent, the subject of lesson 03.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = y - (X @ w + b >= 0)
        w = w + lr * X.T @ wrong / len(y)
        b = b + lr * float(np.mean(wrong))
        errors.append(int(np.sum(wrong != 0)))
    return w, b, errors


# %% wrong perceptron_fit ignores_lr
# says: The learning rate has no effect in your rule.
# hint: 2
# teach: Call it with lr=0.5 on one example.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + error * x_n
            b = b + error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit forgets_lr_for_bias
# says: The bias is corrected by 1 instead of lr.
# hint: 2
# teach: Compare the two update formulas.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit has_another_default_lr
# says: Without lr your corrections are smaller than they should be: its default is 1.0.
# hint: 2
# teach: Compare the signature with the one of the exercise.
def perceptron_fit(X, y, epochs, lr=0.1):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit does_not_fire_at_zero
# says: At z = 0 your perceptron predicts 0; by the rule it fires there.
# hint: 2
# teach: At the start every z is 0, so the first prediction shows it.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b > 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit starts_at_ones
# says: Your weights start at 1; they should start at 0.
# hint: 3
# teach: Fit an example that needs no correction and print w.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.ones(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit drops_the_clean_pass
# says: The last pass, the one without a mistake, is missing from your list.
# hint: 1
# teach: Ask whether break comes before or after append.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        if mistakes == 0:
            break
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit ignores_epochs
# says: You make more passes than `epochs` allows; it is the limit, also when no line
#   separates the classes.
# hint: 1
# teach: Call it with epochs=1 and look at the length of errors.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(100):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit runs_until_clean
# says: You make more passes than `epochs` allows; it is the limit, also when no line
#   separates the classes.
# hint: 1
# teach: Ask what happens on XOR.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors, mistakes = np.zeros(X.shape[1]), 0.0, [], 1
    while mistakes:
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
    return w, b, errors


# %% wrong perceptron_fit stops_one_pass_early
# says: You make one pass less than `epochs` allows.
# hint: 1
# teach: Call it with epochs=1.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(1, epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit stops_when_the_count_rises
# says: You stop as soon as a pass is no better than the one before; mistakes go up and
#   down before they end.
# hint: 1
# teach: Look at the mistakes of the two clouds, pass by pass.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0 or len(errors) > 1 and errors[-1] >= errors[-2]:
            break
    return w, b, errors


# %% wrong perceptron_fit leaves_the_pass_at_a_mistake
# says: A pass ends at its first mistake; it should show every example.
# hint: 1
# teach: Ask what break leaves.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            if error != 0:
                w, b, mistakes = w + lr * error * x_n, b + lr * error, 1
                break
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit forgets_the_errors
# says: You return two things; the list of errors is missing.
# hint: 3
# teach: Read the Returns section together.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
    return w, b


# %% wrong perceptron_fit returns_the_total
# says: You return the number of all mistakes; asked is a list with one count a pass.
# hint: 1
# teach: Ask what the figure after this exercise needs.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, 0
    for _ in range(epochs):
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
    return w, b, mistakes


# %% wrong perceptron_fit returns_column_weights
# says: Your weights have shape (D, 1); (D,) is asked.
# hint: 3
# teach: Print w.shape at the start and at the end.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros((X.shape[1], 1)), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int((x_n @ w)[0] + b >= 0)
            w = w + lr * error * x_n[:, None]
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit counts_features_as_examples
# says: Your inner loop runs over the D inputs; it should run over the N examples.
# hint: 1
# teach: Print len(X) and X.shape[1].
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for n in range(min(X.shape)):
            error = y[n] - int(X[n] @ w + b >= 0)
            w = w + lr * error * X[n]
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit continues_from_the_last_call
# says: The second call goes on from the weights of the first; each should start at 0.
# hint: 3
# teach: A default argument is made once, when the function is defined.
def perceptron_fit(X, y, epochs, lr=1.0, memory={}):
    w, b = memory.get(X.shape[1], (np.zeros(X.shape[1]), 0.0))
    errors = []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    memory[X.shape[1]] = w, b
    return w, b, errors


# %% wrong perceptron_fit uses_the_notebooks_globals
# says: Your perceptron starts from w and b of the notebook; it should start at 0.
# hint: 3
# teach: Ask where w gets its first value.
def perceptron_fit(X, y, epochs, lr=1.0):
    weights, bias, errors = np.resize(w, X.shape[1]), b, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ weights + bias >= 0)
            weights = weights + lr * error * x_n
            bias = bias + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return weights, bias, errors


# %% wrong perceptron_fit changes_its_input
# says: The result is right, but the labels of the caller are turned into −1 and 1.
# hint: 2
# teach: Print y after the call.
def perceptron_fit(X, y, epochs, lr=1.0):
    y[y == 0] = -1
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            if (x_n @ w + b >= 0) != (y_n > 0):
                w = w + lr * y_n * x_n
                b = b + lr * y_n
                mistakes += 1
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit shuffles_the_callers_data
# says: The rows of the caller's X are reordered; shuffle an order of row numbers
#   instead.
# hint: 3
# teach: rng.permutation(N) gives an order without touching X.
def perceptron_fit(X, y, epochs, lr=1.0):
    X[:], y[:] = X[::-1].copy(), y[::-1].copy()
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


# %% wrong perceptron_fit stops_when_nearly_all_are_right
# says: You stop while a few examples are still wrong; go on until a pass makes no
#   mistake, or `epochs` is reached.
# hint: 1
# teach: Ask what the convergence theorem promises, and after which pass.
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for x_n, y_n in zip(X, y):
            error = y_n - int(x_n @ w + b >= 0)
            w = w + lr * error * x_n
            b = b + lr * error
            mistakes += int(error != 0)
        errors.append(mistakes)
        if mistakes <= len(y) // 10:
            break
    return w, b, errors


# %% wrong perceptron_fit remembers_by_shape
# says: What was learned is kept by the shape of X: other examples or labels of that
#   shape get the weights of the first.
# hint: 2
def perceptron_fit(X, y, epochs, lr=1.0, _known={}):
    key = (X.shape, epochs, lr)
    if key not in _known:
        w, b, errors = np.zeros(X.shape[1]), 0.0, []
        for _ in range(epochs):
            mistakes = 0
            for x_n, y_n in zip(X, y):
                error = y_n - int(x_n @ w + b >= 0)
                w, b = w + lr * error * x_n, b + lr * error
                mistakes += error != 0
            errors.append(int(mistakes))
            if mistakes == 0:
                break
        _known[key] = w, b, errors
    return _known[key]


# %% right perceptron_fit all_passes
def perceptron_fit(X, y, epochs, lr=1.0):
    w = np.zeros(X.shape[1])
    b = 0.0
    errors = []
    for _ in range(epochs):
        mistakes = 0
        for n in range(len(X)):
            predicted = 1 if np.dot(X[n], w) + b >= 0 else 0
            w += lr * (y[n] - predicted) * X[n]
            b += lr * (y[n] - predicted)
            if predicted != y[n]:
                mistakes += 1
        errors.append(mistakes)
    return w, b, errors


# %% right perceptron_fit augmented_weights
def perceptron_fit(X, y, epochs, lr=1.0):
    Xb = np.column_stack([X, np.ones(len(X))])
    v = np.zeros(Xb.shape[1])
    errors = []
    while len(errors) < epochs and 0 not in errors:
        mistakes = 0
        for x_n, y_n in zip(Xb, y):
            predicted = np.heaviside(x_n @ v, 1)
            v = v + lr * (y_n - predicted) * x_n
            mistakes += int(abs(y_n - predicted))
        errors.append(mistakes)
    return v[:-1], v[-1], errors


# %% right perceptron_fit backwards
def perceptron_fit(X, y, epochs, lr=1.0):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors.append(0)
        for n in reversed(range(len(X))):
            fired = neuron(X[n], w, b, step)
            if fired and not y[n]:
                w, b = w - lr * X[n], b - lr
                errors[-1] += 1
            elif y[n] and not fired:
                w, b = w + lr * X[n], b + lr
                errors[-1] += 1
    return w, b, errors


# %% right perceptron_fit shuffled_order
def perceptron_fit(X, y, epochs, lr=1.0):
    order_rng = np.random.default_rng()
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for n in order_rng.permutation(len(X)):
            error = y[n] - (X[n] @ w + b >= 0)
            w, b = w + lr * error * X[n], b + lr * error
            mistakes += error != 0
        errors.append(mistakes)
        if not mistakes:
            break
    return w, b, errors


# %% wrong collapse_linear multiplies_in_the_wrong_order
# says: W2 @ W1 multiplies in the wrong order; the first layer comes first, on the left.
# hint: 2
# teach: Write the shapes under the two factors.
def collapse_linear(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2


# %% wrong collapse_linear transposes_the_weights
# says: Your W has shape (K, D); in this course a layer's weights are (inputs, outputs).
# hint: 2
# teach: That is the column convention of some books, met again in lesson 04.
def collapse_linear(W1, b1, W2, b2):
    return W2.T @ W1.T, b1 @ W2 + b2


# %% wrong collapse_linear adds_the_biases
# says: The two biases are added directly; b1 has to pass through the second layer
#   first.
# hint: 1
# teach: Ask for their shapes: they do not even fit.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2


# %% wrong collapse_linear forgets_first_bias
# says: b1 is lost: it reaches the output through W2.
# hint: 1
# teach: Send X = 0 through both layers.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b2


# %% wrong collapse_linear forgets_second_bias
# says: b2 is missing in your bias.
# hint: 1
# teach: Send X = 0 through both layers.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2


# %% wrong collapse_linear sums_the_first_bias
# says: b1 is added up to one number; its entries are weighted by W2, each output in its
#   own way.
# hint: 1
# teach: Ask what each hidden neuron sends to each output.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1.sum() + b2


# %% wrong collapse_linear passes_b2_through_too
# says: Both biases pass through a layer in your answer; b2 is added at the very end.
# hint: 1
# teach: Follow b2 in the formula.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2 * W2.sum(axis=0)


# %% wrong collapse_linear subtracts_second_bias
# says: b2 is subtracted; it is added.
# hint: 1
# teach: Send X = 0 through both layers.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 - b2


# %% wrong collapse_linear multiplies_elementwise
# says: * multiplies entry by entry and fits only by accident; a product of two layers is
#   a matrix product.
# hint: 2
# teach: Ask for the shape of W.
def collapse_linear(W1, b1, W2, b2):
    return W1 * W2, b1 * W2 + b2


# %% wrong collapse_linear stacks_the_layers
# says: You put the two layers beside each other; the second works on what the first
#   says.
# hint: 2
# teach: Ask how many inputs and outputs the one layer has.
def collapse_linear(W1, b1, W2, b2):
    return np.vstack([W1, W2.T]), np.concatenate([b1, b2])


# %% wrong collapse_linear puts_a_step_between
# says: There is a step between your layers; then they do not collapse.
# hint: 2
# teach: That is the point of the section: only without an activation there is one W.
def collapse_linear(W1, b1, W2, b2):
    origin = np.where(b1 >= 0, 1, 0) @ W2 + b2
    rows = [np.where(row + b1 >= 0, 1, 0) @ W2 + b2 - origin for row in W1]
    return np.array(rows), origin


# %% wrong collapse_linear probes_without_removing_the_bias
# says: Each row of your W still contains the bias: what the layers return for an input
#   of 0 has to be taken off.
# hint: 1
# teach: Probing with the identity matrix is a fine idea; ask what X = 0 gives.
def collapse_linear(W1, b1, W2, b2):
    probe = (np.eye(len(W1)) @ W1 + b1) @ W2 + b2
    return probe, b1 @ W2 + b2


# %% wrong collapse_linear returns_row_bias
# says: Your bias has shape (1, K); (K,) is asked.
# hint: 2
# teach: Print b1.shape and b.shape.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1.reshape(1, -1) @ W2 + b2


# %% wrong collapse_linear returns_outputs
# says: You return one array; two are asked, W and b.
# hint: 3
# teach: Read the Returns section together.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2 + b1 @ W2 + b2


# %% wrong collapse_linear swaps_the_results
# says: You return b before W.
# hint: 3
# teach: The order of the docstring counts.
def collapse_linear(W1, b1, W2, b2):
    return b1 @ W2 + b2, W1 @ W2


# %% wrong collapse_linear uses_the_notebooks_globals
# says: The bias of the notebook's neuron is in your result; use the four arguments.
# hint: 1
# teach: Ask which names in the function are not parameters.
def collapse_linear(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b


# %% wrong collapse_linear changes_its_input
# says: The result is right, but the caller's b2 is overwritten: += writes into it.
# hint: 3
# teach: Call it twice with the same arrays.
def collapse_linear(W1, b1, W2, b2):
    b2 += b1 @ W2
    return W1 @ W2, b2


# %% wrong collapse_linear rounds
# says: Your results are rounded; return all digits.
# hint: 3
# teach: Round when you print, not when you compute.
def collapse_linear(W1, b1, W2, b2):
    return (W1 @ W2).round(2), (b1 @ W2 + b2).round(2)


# %% wrong collapse_linear remembers_by_shape
# says: The layer is kept by the shapes of W1 and W2: other weights of the same shapes
#   get the layer of the first.
# hint: 2
def collapse_linear(W1, b1, W2, b2, _known={}):
    return _known.setdefault((W1.shape, W2.shape), (W1 @ W2, b1 @ W2 + b2))


# %% right collapse_linear einsum
def collapse_linear(W1, b1, W2, b2):
    return np.einsum("dh,hk->dk", W1, W2), np.einsum("h,hk->k", b1, W2) + b2


# %% right collapse_linear probing_with_the_identity
def collapse_linear(W1, b1, W2, b2):
    b = (np.zeros(len(W1)) @ W1 + b1) @ W2 + b2
    W = (np.eye(len(W1)) @ W1 + b1) @ W2 + b2 - b
    return W, b


# %% right collapse_linear loops
def collapse_linear(W1, b1, W2, b2):
    D, H = W1.shape
    K = W2.shape[1]
    W, b = np.zeros((D, K)), np.array(b2, dtype=float)
    for k in range(K):
        for h in range(H):
            b[k] += b1[h] * W2[h, k]
            for d in range(D):
                W[d, k] += W1[d, h] * W2[h, k]
    return W, b


# %% right collapse_linear transposed_product
def collapse_linear(W1, b1, W2, b2):
    return [(W2.T @ W1.T).T, W2.T @ b1 + b2]
