# %% [markdown]
# Right and wrong answers to the exercises of `02_activations`.

# %% guess predict_sigmoid_zero zero
# says: You expect 0 at z = 0. The sigmoid runs from 0 to 1, and z = 0 is its middle.
# teach: Ask what a probability of 0 would claim about a score that favours no side.
predict_sigmoid_zero = 0


# %% guess predict_sigmoid_zero one
# says: You dropped one of the two ones in the denominator: it is 1 plus e to the 0.
# teach: Ask for the value of e to the power 0 first.
predict_sigmoid_zero = 1.0


# %% guess predict_sigmoid_zero largest_slope
# says: That is how steep the sigmoid is at 0, not how high.
# teach: Value and slope are easily mixed up; point at both in the figure.
predict_sigmoid_zero = 0.25


# %% guess predict_sigmoid_zero e_in_the_denominator
# says: You used e to the power 1. At z = 0 the exponent is 0.
# teach: Put the exponent in brackets before evaluating.
predict_sigmoid_zero = 1 / (1 + np.e)


# %% wrong predict_sigmoid_zero answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_sigmoid_zero = "one half"


# %% right predict_sigmoid_zero fraction
predict_sigmoid_zero = 1 / 2


# %% right predict_sigmoid_zero numpy_number
predict_sigmoid_zero = 1 / (1 + np.exp(0.0))


# %% guess predict_tanh_far_left zero
# says: You expect 0, as for the sigmoid. tanh runs from -1 to 1.
# teach: Compare the ranges in the table at the top.
predict_tanh_far_left = 0.0


# %% guess predict_tanh_far_left plus_one
# says: That is the right end of tanh; -1000 is far to the left.
predict_tanh_far_left = 1.0


# %% guess predict_tanh_far_left not_a_number
# says: The fraction of exponentials would be NaN at -1000; NumPy's tanh is stable.
# teach: A good mistake - the student has understood the overflow. Let them run it.
predict_tanh_far_left = float("nan")


# %% guess predict_tanh_far_left unchanged
# says: tanh squashes: whatever goes in, the result lies between -1 and 1.
predict_tanh_far_left = -1000.0


# %% wrong predict_tanh_far_left answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_tanh_far_left = "minus one"


# %% right predict_tanh_far_left whole_number
predict_tanh_far_left = -1


# %% right predict_tanh_far_left numpy_number
predict_tanh_far_left = np.float64(-1.0)


# %% guess predict_largest_slope value_at_zero
# says: That is how high the sigmoid is at 0, not how steep.
# teach: Draw the tangent at 0 and read off rise over run.
predict_largest_slope = 0.5


# %% guess predict_largest_slope one
# says: That is the largest slope of tanh; the sigmoid is four times flatter.
predict_largest_slope = 1.0


# %% guess predict_largest_slope read_off_one_step
# says: You read off the rise from z = 0 to z = 1. The curve bends on the way: at 0
#   itself it is a little steeper.
# teach: A secant instead of a tangent; a good start for the limit of smaller steps.
predict_largest_slope = 0.23


# %% guess predict_largest_slope grows_without_end
# says: The sigmoid flattens on both sides, so its slope has a largest value.
predict_largest_slope = float("inf")


# %% wrong predict_largest_slope answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_largest_slope = "one quarter"


# %% right predict_largest_slope fraction
predict_largest_slope = 1 / 4


# %% right predict_largest_slope product
predict_largest_slope = np.float64(0.5) * (1 - 0.5)


# %% guess predict_softmax_shift sharper
# says: Multiplying the logits makes softmax surer; adding the same number does not.
# teach: Only differences of logits count. Ask for z1 - z2 before and after.
predict_softmax_shift = "a"


# %% guess predict_softmax_shift scaled
# says: The factor is in the numerator and in the denominator; it cancels.
# teach: Ask what the three probabilities would then add up to.
predict_softmax_shift = "c"


# %% guess predict_softmax_shift flatter
# says: Compared with 100 the differences look small, but softmax sees differences only.
# teach: The student thinks of ratios of logits; ask for ratios of probabilities.
predict_softmax_shift = "d"


# %% wrong predict_softmax_shift answers_in_words
# says: Write one of the four letters.
# hint: 1
predict_softmax_shift = "they stay the same"


# %% right predict_softmax_shift capital_letter
predict_softmax_shift = "B"


# %% right predict_softmax_shift with_a_blank
predict_softmax_shift = "b "


# %% wrong sigmoid overflows_far_left
# says: For z around -1000 your sigmoid computes exp(1000), which overflows.
# hint: 1
# teach: Show the warning; ask which z makes the exponent large and positive.
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% wrong sigmoid overflows_far_right
# says: For z around 1000 your sigmoid computes exp(1000) and divides two infinities.
# hint: 2
# teach: The second formula alone moves the problem to the other side.
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


# %% wrong sigmoid both_branches_of_where
# says: np.where computes both of its branches for every element, so the dangerous
#   exponential is still computed.
# hint: 2
# teach: np.where is no if; print the branches separately.
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


# %% wrong sigmoid falls
# says: Your curve falls: the minus in the exponent is missing.
# hint: 1
# teach: Ask for the value at z = 10.
def sigmoid(z):
    return 1 / (1 + np.exp(np.clip(z, -500, 500)))


# %% wrong sigmoid forgets_the_minus
# says: The exponent is -z: with z your curve falls from 1 to 0, and it overflows for
#   large z.
# hint: 1
def sigmoid(z):
    return 1 / (1 + np.exp(z))


# %% wrong sigmoid returns_a_pair
# says: You return two things, the value and z; here only the value is asked for.
# hint: 3
# teach: Some courses keep z for the way back. Here a function returns its value alone.
def sigmoid(z):
    value = 0.5 * (1 + np.tanh(0.5 * z))
    return value, z


# %% wrong sigmoid base_two
# says: Your power has base 2; the sigmoid needs base e.
# hint: 1
def sigmoid(z):
    return 1 / (1 + 2.0 ** -np.clip(z, -500, 500))


# %% wrong sigmoid doubled
# says: Your z is doubled before the exponential: the curve is twice too steep.
# hint: 1
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z))


# %% wrong sigmoid one_number_only
# says: math.exp takes one number; your sigmoid has to take arrays.
# hint: 2
# teach: The moment to explain vectorised functions.
def sigmoid(z):
    import math

    return 1 / (1 + math.exp(-z))


# %% wrong sigmoid arrays_only
# says: Your sigmoid fails for a single number: it indexes into its argument.
# hint: 3
def sigmoid(z):
    out = np.empty(z.shape)
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return out


# %% wrong sigmoid vectors_only
# says: Your sigmoid fails for arrays with more than one axis: it loops over one.
# hint: 3
def sigmoid(z):
    if np.ndim(z) == 0:
        return 0.5 * (1 + np.tanh(z / 2))
    return np.array([0.5 * (1 + np.tanh(float(t) / 2)) for t in z])


# %% wrong sigmoid changes_its_input
# says: Your sigmoid overwrites the array that the caller passed in.
# hint: 3
# teach: Operators such as *= work in place on arrays. Ask who else holds this array.
def sigmoid(z):
    if isinstance(z, np.ndarray) and z.dtype == float:
        z *= 0.5
        return 0.5 * (1 + np.tanh(z))
    return 0.5 * (1 + np.tanh(z / 2))


# %% wrong sigmoid cuts_off_decimals
# says: For an array of whole numbers your result has whole numbers too: 0 and 1 only.
# hint: 3
# teach: zeros_like copies the dtype as well as the shape.
def sigmoid(z):
    z = np.asarray(z)
    out = np.zeros_like(z)
    e = np.exp(-np.abs(z))
    out[...] = np.where(z >= 0, 1, e) / (1 + e)
    return out


# %% wrong sigmoid clips_at_five
# says: You clip z at 5 and -5: the values beyond are too far from 0 and 1.
# hint: 2
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -5, 5)))


# %% wrong sigmoid clips_at_ten
# says: You clip z at 10 and -10, which is too early for nine digits.
# hint: 2
# teach: Clipping is fine from about 36 on; ask where 1 + exp(-z) becomes exactly 1.
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


# %% wrong sigmoid rounds
# says: Your values are rounded; return them as they are.
# hint: 3
def sigmoid(z):
    return np.round(0.5 * (1 + np.tanh(z / 2)), 2)


# %% wrong sigmoid forgets_brackets
# says: Brackets are missing: division comes before addition.
# hint: 2
def sigmoid(z):
    return 1 / 1 + np.exp(-np.clip(z, -500, 500))


# %% wrong sigmoid hard_sigmoid
# says: Yours is made of straight pieces; the sigmoid is a smooth curve.
# hint: 2
# teach: Hard sigmoid is a real activation, used on small devices - another lesson.
def sigmoid(z):
    return np.clip(0.25 * z + 0.5, 0, 1)


# %% wrong sigmoid returns_a_list
# says: You return a list; an array is asked for, shaped like z.
# hint: 3
def sigmoid(z):
    return (0.5 * (1 + np.tanh(z / 2))).tolist()


# %% wrong sigmoid forgets_return
# says: Your function prints its result and returns nothing.
# hint: 3
def sigmoid(z):
    print(0.5 * (1 + np.tanh(z / 2)))


# %% wrong sigmoid hides_the_warning
# says: You switched the warning off for good with np.seterr; the overflow is still there.
# hint: 1
# teach: Hiding a message is no repair; and it changes NumPy for every later cell.
def sigmoid(z):
    np.seterr(over="ignore")
    out = np.exp(z) / (1 + np.exp(z))
    return np.where(z > 700, 0.9, out)


# %% wrong sigmoid skips_what_lies_between_0_and_1
# says: Arrays whose numbers all lie between 0 and 1 come back as they are, as if the
#   sigmoid had been applied already.
# hint: 1
def sigmoid(z):
    if np.ndim(z) > 0 and np.all((z > 0) & (z < 1)):
        return np.array(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


# %% right sigmoid scipy
def sigmoid(z):
    from scipy.special import expit

    return expit(z)


# %% right sigmoid half_tanh
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


# %% right sigmoid logaddexp
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


# %% right sigmoid clips_at_forty
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -40, 40)))


# %% right sigmoid clips_at_thirty_six
def sigmoid(z):
    return 1 / (1 + np.exp(np.minimum(-z, 36)))


# %% right sigmoid clips_at_five_hundred
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


# %% right sigmoid masks
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    left = z < 0
    out[~left] = 1 / (1 + np.exp(-z[~left]))
    out[left] = np.exp(z[left]) / (1 + np.exp(z[left]))
    return out


# %% right sigmoid where_on_safe_numbers
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


# %% right sigmoid vectorised_loop
def sigmoid(z):
    import math

    def one(t):
        return 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))

    return np.vectorize(one, otypes=[float])(z)


# %% wrong tanh_from_sigmoid inner_two_missing
# says: The 2 inside the sigmoid is missing, so your curve is too flat.
# hint: 2
# teach: Compare the slopes at 0: 0.5 instead of 1.
def tanh_from_sigmoid(z):
    return 2 * expit(z) - 1


# %% wrong tanh_from_sigmoid outer_two_missing
# says: The factor 2 in front of the sigmoid is missing.
# hint: 2
def tanh_from_sigmoid(z):
    return expit(2 * z) - 1


# %% wrong tanh_from_sigmoid not_moved_down
# says: The 1 is not subtracted: your curve runs from 0 to 2.
# hint: 1
def tanh_from_sigmoid(z):
    return 2 * expit(2 * z)


# %% wrong tanh_from_sigmoid moved_up
# says: You add 1 instead of taking it away.
# hint: 1
def tanh_from_sigmoid(z):
    return 2 * expit(2 * z) + 1


# %% wrong tanh_from_sigmoid mirrored
# says: Your curve falls; tanh rises.
# hint: 1
def tanh_from_sigmoid(z):
    return 1 - 2 * expit(2 * z)


# %% wrong tanh_from_sigmoid sigmoid_itself
# says: This is the sigmoid; it is neither stretched nor moved.
# hint: 1
def tanh_from_sigmoid(z):
    return expit(z)


# %% wrong tanh_from_sigmoid hard_tanh
# says: Yours is made of straight pieces; tanh is a smooth curve.
# hint: 2
def tanh_from_sigmoid(z):
    return np.clip(z, -1.0, 1.0)


# %% wrong tanh_from_sigmoid fraction_of_exponentials
# says: Far from 0 your fraction is infinity over infinity, which is NaN.
# hint: 3
# teach: Right near 0, broken far out: ask where the test of a formula should look.
def tanh_from_sigmoid(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# %% wrong tanh_from_sigmoid one_sided_fraction
# says: At -1000 your exponential overflows and the fraction is infinity over infinity.
# hint: 3
def tanh_from_sigmoid(z):
    return (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))


# %% wrong tanh_from_sigmoid naive_sigmoid_inside
# says: The sigmoid inside overflows for large negative z; use a stable one.
# hint: 3
def tanh_from_sigmoid(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


# %% wrong tanh_from_sigmoid changes_its_input
# says: You double the caller's array in place.
# hint: 3
def tanh_from_sigmoid(z):
    z = np.asarray(z)
    z *= 2
    return 2 * expit(z) - 1


# %% wrong tanh_from_sigmoid uses_the_notebooks_globals
# says: You use the grid of the figures instead of the argument z.
# hint: 3
# teach: Works in the notebook by accident. Restart the kernel and call it with 0.
def tanh_from_sigmoid(z):
    return 2 * expit(2 * grid) - 1


# %% wrong tanh_from_sigmoid remembers_by_shape
# says: The result is kept by the shape of z: other numbers in that shape get the values
#   of the first.
# hint: 2
def tanh_from_sigmoid(z, _known={}):
    return _known.setdefault(np.shape(z) or float(z), 2 * sigmoid(2 * z) - 1)


# %% right tanh_from_sigmoid numpy
def tanh_from_sigmoid(z):
    return np.tanh(z)


# %% right tanh_from_sigmoid own_sigmoid
def tanh_from_sigmoid(z):
    return 2 * sigmoid(2 * z) - 1


# %% right tanh_from_sigmoid difference_of_sigmoids
def tanh_from_sigmoid(z):
    return expit(2 * z) - expit(-2 * z)


# %% wrong relu clips_at_six
# says: You cut off at 6 as well; ReLU has no upper end.
# hint: 2
# teach: That is ReLU6, a real activation for phones - not this one.
def relu(z):
    return np.clip(z, 0, 6)


# %% wrong relu clips_at_three
# says: You cut off at 3 as well; ReLU has no upper end.
# hint: 2
# teach: The test of a well-known course accepts this one.
def relu(z):
    return np.clip(z, 0, 3)


# %% wrong relu clips_at_hundred
# says: You cut off at 100 as well; ReLU has no upper end.
# hint: 2
def relu(z):
    return np.clip(z, 0, 100)


# %% wrong relu floors
# says: The decimals of positive numbers are gone.
# hint: 2
def relu(z):
    return np.floor(np.maximum(z, 0))


# %% wrong relu threshold_one_half
# says: Numbers between 0 and 0.5 became 0; the cut is at 0.
# hint: 1
def relu(z):
    return np.where(z > 0.5, z, 0)


# %% wrong relu threshold_one
# says: Numbers between 0 and 1 became 0; the cut is at 0.
# hint: 1
def relu(z):
    return np.where(z >= 1, z, 0)


# %% wrong relu absolute
# says: Negative numbers keep their size; they have to become 0.
# hint: 1
def relu(z):
    return np.abs(z)


# %% wrong relu minimum
# says: You keep the negative numbers and drop the positive ones.
# hint: 2
def relu(z):
    return np.minimum(z, 0)


# %% wrong relu step
# says: This is the slope, 0 or 1; the value of a positive z is z.
# hint: 2
def relu(z):
    return np.where(z > 0, 1.0, 0.0)


# %% wrong relu changes_its_input
# says: You set elements of the caller's array to 0.
# hint: 3
# teach: Indexing on the left of = writes into the same memory.
def relu(z):
    z = np.asarray(z)
    z[z < 0] = 0
    return z


# %% wrong relu max_of_everything
# says: np.max looks for one largest number; its second argument is an axis.
# hint: 1
def relu(z):
    return np.max(z, 0)


# %% wrong relu axis_is_an_array
# says: np.max(0, z) takes z for an axis number; you need np.maximum.
# hint: 2
def relu(z):
    return np.max(0, z)


# %% wrong relu one_number_only
# says: Python's max compares whole arrays, which have no single truth value.
# hint: 1
def relu(z):
    return max(0, z)


# %% wrong relu arrays_only
# says: Your relu fails for a single number.
# hint: 2
def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out


# %% wrong relu leaks
# says: A little of each negative number gets through; ReLU lets nothing through.
# hint: 2
def relu(z):
    return np.where(z > 0, z, 0.001 * z)


# %% wrong relu remembers_by_shape
# says: The result is kept by the shape of z: other numbers in that shape get the values
#   of the first.
# hint: 2
def relu(z, _known={}):
    return _known.setdefault(np.shape(z) or float(z), np.maximum(z, 0))


# %% right relu no_leak
def relu(z):
    return leaky_relu(z, alpha=0)


# %% wrong relu default_leak
# says: A hundredth of each negative number gets through: which alpha is 0 below 0?
# hint: 1
def relu(z):
    return leaky_relu(z)


# %% right relu where
def relu(z):
    return np.where(z > 0, z, 0)


# %% right relu times_mask
def relu(z):
    return z * (z > 0)


# %% right relu clip
def relu(z):
    return z.clip(0, None)


# %% right relu half_sum
def relu(z):
    return (z + np.abs(z)) / 2


# %% right relu on_a_copy
def relu(z):
    out = np.array(z)
    out[out < 0] = 0
    return out


# %% wrong leaky_relu alpha_on_the_positive_side
# says: alpha shrinks your positive numbers; it belongs to the negative ones.
# hint: 1
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, alpha * z, z)


# %% wrong leaky_relu ignores_alpha
# says: You use 0.01 whatever the caller says.
# hint: 3
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, 0.01 * z)


# %% wrong leaky_relu other_default
# says: Without alpha the slope below 0 has to be 0.01.
# hint: 3
# teach: Many libraries use another default; the docstring decides.
def leaky_relu(z, alpha=0.1):
    return np.where(z > 0, z, alpha * z)


# %% wrong leaky_relu no_leak
# says: This is relu: nothing of a negative number gets through.
# hint: 1
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0)


# %% wrong leaky_relu constant_below_zero
# says: Below 0 you return alpha itself, not alpha times z.
# hint: 3
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha)


# %% wrong leaky_relu alpha_as_threshold
# says: You compare with alpha; the cut is at 0, and alpha is a factor.
# hint: 2
def leaky_relu(z, alpha=0.01):
    return np.where(z > alpha, z, alpha * z)


# %% wrong leaky_relu positive_everywhere
# says: Your negative numbers come out positive.
# hint: 1
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, -alpha * z)


# %% wrong leaky_relu scales_everything
# says: You multiply positive numbers by alpha as well.
# hint: 1
def leaky_relu(z, alpha=0.01):
    return alpha * z


# %% wrong leaky_relu adds_the_leak
# says: Positive numbers became larger: the leak is added to them too.
# hint: 2
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0) + alpha * z


# %% wrong leaky_relu changes_its_input
# says: You shrink elements of the caller's array.
# hint: 3
def leaky_relu(z, alpha=0.01):
    z = np.asarray(z)
    z[z < 0] = alpha * z[z < 0]
    return z


# %% wrong leaky_relu cuts_off_decimals
# says: An array of whole numbers cannot hold alpha times z; your decimals are gone.
# hint: 3
def leaky_relu(z, alpha=0.01):
    out = np.array(z)
    out[out < 0] = alpha * out[out < 0]
    return out


# %% wrong leaky_relu divides_by_alpha
# says: You divide by alpha; with alpha = 0 that is not even defined.
# hint: 1
def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, z / alpha)


# %% wrong leaky_relu remembers_by_shape
# says: The result is kept by the shape of z: other numbers in that shape get the values
#   of the first.
# hint: 2
def leaky_relu(z, alpha=0.01, _known={}):
    key = (np.shape(z) or float(z), alpha)
    return _known.setdefault(key, np.where(z > 0, z, alpha * z))


# %% right leaky_relu maximum
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, alpha * z)


# %% right leaky_relu two_parts
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


# %% right leaky_relu times_mask
def leaky_relu(z, alpha=0.01):
    return z * ((z > 0) + alpha * (z <= 0))


# %% wrong activation_table wide_form
# says: Your table has one column for each function; one row for each point is asked.
# hint: 2
# teach: Ask how a plotting library would know which columns belong to one legend.
def activation_table(x):
    return pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )


# %% wrong activation_table forgets_relu
# says: One function is missing: relu.
# hint: 1
def activation_table(x):
    wide = pd.DataFrame({"x": x, "sigmoid": expit(x), "tanh": np.tanh(x)})
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table default_names
# says: melt calls its columns variable and value unless you name them.
# hint: 2
def activation_table(x):
    wide = pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    return wide.melt(id_vars="x")


# %% wrong activation_table slopes
# says: Your table holds slopes; the values of the functions are asked.
# hint: 3
def activation_table(x):
    s = expit(x)
    wide = pd.DataFrame(
        {"x": x, "sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": x > 0}
    )
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table capital_names
# says: The names are written in small letters: sigmoid, tanh, relu.
# hint: 3
def activation_table(x):
    wide = pd.DataFrame(
        {"x": x, "Sigmoid": expit(x), "Tanh": np.tanh(x), "ReLU": np.maximum(x, 0)}
    )
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table names_and_values_out_of_step
# says: The names change with every row while the values come in blocks: they do not
#   belong together.
# hint: 3
# teach: tile and repeat look alike; print the first four rows.
def activation_table(x):
    return pd.DataFrame(
        {
            "x": np.tile(x, 3),
            "activation": ["sigmoid", "tanh", "relu"] * len(x),
            "value": np.concatenate([expit(x), np.tanh(x), np.maximum(x, 0)]),
        }
    )


# %% wrong activation_table x_out_of_step
# says: Each x appears three times in a row, but the values run through all of x: the
#   pairs are wrong.
# hint: 3
def activation_table(x):
    return pd.DataFrame(
        {
            "x": np.repeat(x, 3),
            "activation": np.repeat(["sigmoid", "tanh", "relu"], len(x)),
            "value": np.concatenate([expit(x), np.tanh(x), np.maximum(x, 0)]),
        }
    )


# %% wrong activation_table sorts_x_only
# says: You sort x after the values were computed, so the pairs no longer fit.
# hint: 3
def activation_table(x):
    wide = pd.DataFrame(
        {"sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    wide["x"] = np.sort(x)
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table drops_repeated_numbers
# says: A number that appears twice in x has to keep both rows.
# hint: 1
def activation_table(x):
    wide = pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    long = wide.melt(id_vars="x", var_name="activation", value_name="value")
    return long.drop_duplicates()


# %% wrong activation_table uses_the_notebooks_globals
# says: You tabulate the grid of the figures instead of the argument x.
# hint: 3
def activation_table(x):
    wide = pd.DataFrame({"x": grid, "sigmoid": expit(grid), "tanh": np.tanh(grid)})
    wide["relu"] = np.maximum(grid, 0)
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table changes_its_input
# says: You sort the caller's array in place.
# hint: 3
def activation_table(x):
    x.sort()
    wide = pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% wrong activation_table index_as_column
# says: A fourth column came in with reset_index; only x, activation and value are asked.
# hint: 2
def activation_table(x):
    wide = pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    long = wide.melt(id_vars="x", var_name="activation", value_name="value")
    return long.reset_index()


# %% wrong activation_table remembers_by_shape
# says: The table is kept by the length of x: other numbers get the table of the first
#   ones.
# hint: 1
def activation_table(x, _known={}):
    functions = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}
    parts = [
        pd.DataFrame({"x": x, "activation": name, "value": function(x)})
        for name, function in functions.items()
    ]
    return _known.setdefault(len(x), pd.concat(parts))


# %% right activation_table melt
def activation_table(x):
    wide = pd.DataFrame(
        {"x": x, "sigmoid": expit(x), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}
    )
    return wide.melt(id_vars="x", var_name="activation", value_name="value")


# %% right activation_table list_of_rows
def activation_table(x):
    functions = [("relu", relu), ("tanh", np.tanh), ("sigmoid", expit)]
    rows = [
        {"value": float(f(number)), "activation": name, "x": number}
        for number in x
        for name, f in functions
    ]
    return pd.DataFrame(rows)


# %% right activation_table tile_and_repeat
def activation_table(x):
    return pd.DataFrame(
        {
            "x": np.tile(x, 3),
            "activation": np.repeat(["sigmoid", "tanh", "relu"], len(x)),
            "value": np.concatenate([expit(x), np.tanh(x), np.maximum(x, 0)]),
        }
    )


# %% wrong drelu compares_the_output
# says: Every slope of yours is 1. Perhaps you ask whether the output of relu is at least
#   0: it always is.
# hint: 3
# teach: Training still lowers the loss with this bug, so nobody notices. Ask for the
#   slope at -5.
def drelu(z):
    a = np.maximum(z, 0)
    return np.where(a >= 0, 1.0, 0.0)


# %% wrong drelu value_instead_of_slope
# says: You return relu itself; its slope is 0 or 1.
# hint: 1
def drelu(z):
    return np.maximum(z, 0)


# %% wrong drelu clips
# says: Between 0 and 1 your slope is z; it is 1 everywhere right of 0.
# hint: 1
# teach: The test of a well-known course accepts this one; it has whole numbers only.
def drelu(z):
    return np.clip(z, 0, 1)


# %% wrong drelu a_third_of_relu
# says: Your slope grows with z. A straight line has the same slope everywhere.
# hint: 1
def drelu(z):
    return np.maximum(z, 0) / 3


# %% wrong drelu threshold_one
# says: Between 0 and 1 your slope is 0; the corner is at 0.
# hint: 2
def drelu(z):
    return np.where(z > 1, 1.0, 0.0)


# %% wrong drelu threshold_near_zero
# says: For small positive z your slope is 0; the corner is at 0.
# hint: 2
def drelu(z):
    return np.where(z > 1e-3, 1.0, 0.0)


# %% wrong drelu threshold_below_zero
# says: For small negative z your slope is 1; the corner is at 0.
# hint: 2
def drelu(z):
    return np.where(z > -1e-3, 1.0, 0.0)


# %% wrong drelu sign
# says: Left of 0 your slope is -1; relu is flat there.
# hint: 1
def drelu(z):
    return np.sign(z)


# %% wrong drelu changed_places
# says: 0 and 1 have changed places.
# hint: 2
def drelu(z):
    return np.where(z > 0, 0.0, 1.0)


# %% wrong drelu not_a_number_at_zero
# says: At z = 0 you divide 0 by 0; choose a number from 0 to 1 instead.
# hint: 1
def drelu(z):
    with np.errstate(invalid="ignore"):
        return np.maximum(z, 0) / np.abs(z)


# %% wrong drelu two_at_zero
# says: At z = 0 your slope is 2; choose a number from 0 to 1.
# hint: 1
def drelu(z):
    return np.where(z == 0, 2.0, z > 0)


# %% wrong drelu difference_quotient
# says: Close to the corner your two points lie on different sides: use the closed form.
# hint: 3
# teach: A fine check of a formula, a poor replacement for one.
def drelu(z):
    h = 1e-5
    return (np.maximum(z + h, 0) - np.maximum(z - h, 0)) / (2 * h)


# %% wrong drelu changes_its_input
# says: You overwrite the caller's array with slopes.
# hint: 3
def drelu(z):
    z = np.asarray(z)
    z[z > 0] = 1
    z[z <= 0] = 0
    return z


# %% right drelu where_relu_is_positive
def drelu(z):
    return relu(z) > 0


# %% right drelu comparison_as_numbers
def drelu(z):
    return (z > 0).astype(int)


# %% right drelu mask
def drelu(z):
    return np.asarray(z > 0)


# %% right drelu one_at_zero
def drelu(z):
    return np.where(z >= 0, 1.0, 0.0)


# %% right drelu one_half_at_zero
def drelu(z):
    return np.heaviside(z, 0.5)


# %% wrong dsigmoid z_for_sigma
# says: You put z into the formula where it says the sigmoid of z.
# hint: 1
# teach: The most common slip of all: is the argument z or a? Ask for the slope at 0.
def dsigmoid(z):
    return z * (1 - z)


# %% wrong dsigmoid sigmoid_twice
# says: You apply the sigmoid twice; the slope at 0 comes out as 0.235.
# hint: 1
def dsigmoid(z):
    s = expit(expit(z))
    return s * (1 - s)


# %% wrong dsigmoid value_instead_of_slope
# says: You return the sigmoid itself.
# hint: 3
def dsigmoid(z):
    return expit(z)


# %% wrong dsigmoid squared
# says: You square the sigmoid; the second factor is what is missing to 1.
# hint: 3
def dsigmoid(z):
    return expit(z) ** 2


# %% wrong dsigmoid one_minus_square
# says: The 1 minus belongs to the second factor alone.
# hint: 3
def dsigmoid(z):
    return 1 - expit(z) ** 2


# %% wrong dsigmoid first_factor_missing
# says: The first factor, the sigmoid itself, is missing.
# hint: 3
def dsigmoid(z):
    return 1 - expit(z)


# %% wrong dsigmoid negative
# says: Your slope is negative; the sigmoid rises everywhere.
# hint: 3
def dsigmoid(z):
    s = expit(z)
    return s * (s - 1)


# %% wrong dsigmoid slope_of_tanh
# says: This is the slope of tanh.
# hint: 3
def dsigmoid(z):
    return 1 - np.tanh(z) ** 2


# %% wrong dsigmoid overflows
# says: At -1000 your exponential overflows and the result is NaN.
# hint: 2
# teach: Right on paper. Put the two sides of the curve into one symmetric formula.
def dsigmoid(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


# %% wrong dsigmoid naive_sigmoid_inside
# says: The sigmoid inside overflows for large negative z; use a stable one.
# hint: 2
def dsigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


# %% wrong dsigmoid difference_quotient
# says: A difference quotient is right to about 10 digits only; use the closed form.
# hint: 2
# teach: It is how lesson 05 checks formulas - with a tolerance that allows for it.
def dsigmoid(z):
    h = 1e-5
    return (expit(z + h) - expit(z - h)) / (2 * h)


# %% wrong dsigmoid never_below_a_floor
# says: You keep the slope above a small number; far out it has to go to 0.
# hint: 3
# teach: A real trick against vanishing gradients, but then it is not the slope.
def dsigmoid(z):
    s = expit(z)
    return np.maximum(s * (1 - s), 1e-4)


# %% wrong dsigmoid changes_its_input
# says: You overwrite the caller's array.
# hint: 3
def dsigmoid(z):
    s = expit(z)
    if isinstance(z, np.ndarray):
        z[...] = s
    return s * (1 - s)


# %% wrong dsigmoid uses_the_notebooks_globals
# says: You use the grid of the figures instead of the argument z.
# hint: 3
def dsigmoid(z):
    s = expit(grid)
    return s * (1 - s)


# %% right dsigmoid own_sigmoid
def dsigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


# %% right dsigmoid mirrored_factor
def dsigmoid(z):
    return expit(z) * expit(-z)


# %% right dsigmoid stable_exponentials
def dsigmoid(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


# %% right dsigmoid from_tanh
def dsigmoid(z):
    return (1 - np.tanh(z / 2) ** 2) / 4


# %% wrong dtanh z_squared
# says: You square z; the formula squares tanh of z.
# hint: 1
def dtanh(z):
    return 1 - z**2


# %% wrong dtanh tanh_twice
# says: You apply tanh twice.
# hint: 2
def dtanh(z):
    return 1 - np.tanh(np.tanh(z)) ** 2


# %% wrong dtanh forgets_the_square
# says: The square is missing, so your slope is 2 far to the left.
# hint: 3
def dtanh(z):
    return 1 - np.tanh(z)


# %% wrong dtanh value_instead_of_slope
# says: You return tanh itself.
# hint: 3
def dtanh(z):
    return np.tanh(z)


# %% wrong dtanh square_only
# says: You return the square; it has to be subtracted from 1.
# hint: 3
def dtanh(z):
    return np.tanh(z) ** 2


# %% wrong dtanh formula_of_the_sigmoid
# says: You used the sigmoid's formula with tanh in it.
# hint: 3
# teach: Each function has its own; at 0 this one gives 0.
def dtanh(z):
    t = np.tanh(z)
    return t * (1 - t)


# %% wrong dtanh adds_the_square
# says: You add the square; it has to be subtracted.
# hint: 3
def dtanh(z):
    return 1 + np.tanh(z) ** 2


# %% wrong dtanh negative
# says: Your slope is negative; tanh rises everywhere.
# hint: 3
def dtanh(z):
    return np.tanh(z) ** 2 - 1


# %% wrong dtanh slope_of_sigmoid
# says: This is the slope of the sigmoid; at 0 it is 0.25 instead of 1.
# hint: 1
def dtanh(z):
    return expit(z) * (1 - expit(z))


# %% wrong dtanh difference_quotient
# says: A difference quotient is right to about 10 digits only; use the closed form.
# hint: 3
def dtanh(z):
    h = 1e-5
    return (np.tanh(z + h) - np.tanh(z - h)) / (2 * h)


# %% wrong dtanh changes_its_input
# says: You overwrite the caller's array.
# hint: 3
def dtanh(z):
    t = np.tanh(z)
    if isinstance(z, np.ndarray):
        z[...] = t
    return 1 - t**2


# %% wrong dtanh remembers_by_shape
# says: The slopes are kept by the shape of z: other numbers in that shape get the
#   slopes of the first.
# hint: 2
def dtanh(z, _known={}):
    return _known.setdefault(np.shape(z), 1 - np.tanh(z) ** 2)


# %% wrong dtanh one_factor_of_two
# says: Your slope is half as large as it should be: squeezing makes a curve steeper, and
#   so does stretching its height.
# hint: 2
def dtanh(z):
    return 2 * dsigmoid(2 * z)


# %% wrong dtanh not_squeezed
# says: You take four times the slope of the sigmoid at z. The curve was squeezed, too.
# hint: 2
def dtanh(z):
    return 4 * dsigmoid(z)


# %% right dtanh stretched_sigmoid
def dtanh(z):
    return 4 * dsigmoid(2 * z)


# %% right dtanh product
def dtanh(z):
    t = np.tanh(z)
    return (1 - t) * (1 + t)


# %% right dtanh from_the_sigmoid
def dtanh(z):
    return 4 * expit(2 * z) * expit(-2 * z)


# %% right dtanh cosh
def dtanh(z):
    return 1 / np.cosh(z) ** 2


# %% wrong softmax wrong_axis
# says: Your columns add up to 1; the classes of one example are in a row.
# hint: 2
# teach: With a square batch the shape gives nothing away; ask what one row means.
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


# %% wrong softmax global_maximum
# says: You subtract the largest logit of the whole batch. A row far below it becomes 0
#   divided by 0, which is NaN.
# hint: 1
# teach: The bug of a published course notebook. Let students build the batch that
#   breaks it.
def softmax(Z):
    e = np.exp(Z - np.max(Z))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax no_maximum
# says: Without subtracting a maximum the exponential of a large logit overflows.
# hint: 1
def softmax(Z):
    e = np.exp(Z)
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax row_mean
# says: What you subtract from a row is not its largest logit, so the exponential of the
#   largest one still overflows.
# hint: 1
# teach: Any shift is right on paper; only the maximum is safe.
def softmax(Z):
    e = np.exp(Z - np.mean(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax row_minimum
# says: What you subtract from a row is not its largest logit, so the exponential of the
#   largest one still overflows.
# hint: 1
def softmax(Z):
    e = np.exp(Z - np.min(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax clips_logits
# says: You clip the logits; above the limit they all look equal.
# hint: 1
def softmax(Z):
    e = np.exp(np.clip(Z, -500, 500))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax sum_of_the_whole_batch
# says: All your probabilities together add up to 1; each row should.
# hint: 1
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e)


# %% wrong softmax base_two
# says: Your power has base 2 instead of e.
# hint: 3
def softmax(Z):
    e = 2.0 ** (Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax temperature
# says: You divide the logits by 2 first, so the probabilities are too even.
# hint: 3
def softmax(Z):
    e = np.exp((Z - np.max(Z, axis=-1, keepdims=True)) / 2)
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax no_exponential
# says: You divide the logits by their sum; the exponential is missing.
# hint: 3
def softmax(Z):
    return Z / np.sum(Z, axis=-1, keepdims=True)


# %% wrong softmax sigmoid_of_each
# says: This is a sigmoid of each logit; the classes do not share one sum.
# hint: 2
# teach: Right for several yes-no questions at once, not for one choice among C.
def softmax(Z):
    return expit(Z)


# %% wrong softmax changes_its_input
# says: You subtract the maximum from the caller's array in place.
# hint: 3
def softmax(Z):
    Z -= np.max(Z, axis=-1, keepdims=True)
    e = np.exp(Z)
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax batches_only
# says: Your softmax fails for one example of shape (C,): it has no axis 1.
# hint: 2
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# %% wrong softmax batches_only_no_maximum
# says: It works for a batch of rows alone: one example of shape (C,) has no axis 1. And
#   without subtracting each row's maximum, large logits overflow.
# hint: 1
def softmax(Z):
    powers = np.exp(Z)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong softmax forgets_keepdims
# says: Without keepdims the maxima and sums do not line up with the rows.
# hint: 2
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=-1))
    return e / np.sum(e, axis=-1)


# %% wrong softmax forgets_to_divide
# says: Your rows are not divided by their sum.
# hint: 3
def softmax(Z):
    return np.exp(Z - np.max(Z, axis=-1, keepdims=True))


# %% wrong softmax hides_nan
# says: You turn NaN into 0, so a row far below the largest logit adds up to 0.
# hint: 1
def softmax(Z):
    e = np.exp(Z - np.max(Z))
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(e / np.sum(e, axis=-1, keepdims=True))


# %% wrong softmax epsilon_in_the_sum
# says: The small number in the denominator makes every row add up to less than 1.
# hint: 3
# teach: After subtracting the row's maximum the sum is at least 1; no epsilon needed.
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / (np.sum(e, axis=-1, keepdims=True) + 1e-6)


# %% wrong softmax cuts_off_decimals
# says: For whole-number logits your result has whole numbers too: all zeros.
# hint: 3
def softmax(Z):
    out = np.zeros_like(Z)
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    out[...] = e / np.sum(e, axis=-1, keepdims=True)
    return out


# %% wrong softmax only_square_or_vector
# says: Your result comes back transposed.
# hint: 2
def softmax(Z):
    e = np.exp(Z.T - np.max(Z.T, axis=0))
    return e / np.sum(e, axis=0)


# %% wrong softmax skips_what_adds_up_to_one
# says: Rows that add up to one come back as they are, as if they were probabilities
#   already; they are logits.
# hint: 1
def softmax(Z):
    if np.all(Z >= 0) and np.allclose(np.sum(Z, axis=-1), 1):
        return np.array(Z, dtype=float)
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong softmax leaves_rows_that_add_up_to_one
# says: Rows that add up to one come back as they are, as if they were probabilities
#   already; they are logits.
# hint: 1
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    total = np.sum(Z, axis=-1, keepdims=True)
    looks_done = np.isclose(total, 1) & np.all(Z >= 0, axis=-1, keepdims=True)
    return np.where(looks_done, Z, e / np.sum(e, axis=-1, keepdims=True))


# %% right softmax scipy
def softmax(Z):
    from scipy.special import softmax as of_scipy

    return of_scipy(Z, axis=-1)


# %% right softmax logsumexp
def softmax(Z):
    from scipy.special import logsumexp

    return np.exp(Z - logsumexp(Z, axis=-1, keepdims=True))


# %% right softmax row_by_row
def softmax(Z):
    if Z.ndim == 1:
        e = np.exp(Z - Z.max())
        return e / e.sum()
    return np.array([softmax(row) for row in Z])


# %% right softmax transposed_twice
def softmax(Z):
    e = np.exp(Z.T - Z.max(axis=-1))
    return (e / e.sum(axis=0)).T


# %% wrong bug_spot_wrong all_slopes
# says: You suspect all three slopes. C hands the activation to a formula that is
#   written for the activation.
# hint: 1
# teach: Contrast A and C - same pattern, other formula.
bug_spot_wrong = "ACDE"


# %% wrong bug_spot_wrong misses_the_softmax
# says: One of your rows divides 0 by 0: look at the first row of D.
# hint: 2
bug_spot_wrong = "AE"


# %% wrong bug_spot_wrong misses_the_mask
# says: E asks whether a ReLU's output is at least 0; for which z is it not?
# hint: 2
bug_spot_wrong = "AD"


# %% wrong bug_spot_wrong misses_the_sigmoid
# says: A applies the sigmoid to something that has been through the sigmoid.
# hint: 1
bug_spot_wrong = "DE"


# %% wrong bug_spot_wrong suspects_unusual_spelling
# says: You suspect B or F because they look unusual; both give what they promise.
# hint: 3
bug_spot_wrong = "ABDEF"


# %% wrong bug_spot_wrong names_the_right_ones
# says: You named the snippets that are right; the wrong ones are asked.
# hint: 3
bug_spot_wrong = "BCF"


# %% wrong bug_spot_wrong answers_in_words
# says: Write the letters alone, in one string.
# hint: 3
bug_spot_wrong = "all of them are wrong"


# %% right bug_spot_wrong other_order
bug_spot_wrong = "e, d, a"


# %% right bug_spot_wrong list_of_letters
bug_spot_wrong = ["A", "D", "E"]


# %% wrong bug_spot_output what_they_promise
# says: You wrote what the comments promise; three snippets do something else.
# hint: 3
bug_spot_output = {"A": "c", "B": "c", "C": "a", "D": "a", "E": "a", "F": "d"}


# %% wrong bug_spot_output zeros_for_nan
# says: In D the first row is 0 divided by 0, which is NaN and not 0.
# hint: 3
bug_spot_output = {"A": "b", "B": "c", "C": "a", "D": "b", "E": "b", "F": "d"}


# %% wrong bug_spot_output mask_instead_of_value
# says: B multiplies the numbers by the mask; it does not return the mask.
# hint: 3
bug_spot_output = {"A": "b", "B": "b", "C": "a", "D": "d", "E": "b", "F": "d"}


# %% wrong bug_spot_output leak_on_both_sides
# says: F takes the larger of two numbers; for a positive z that is z itself.
# hint: 3
bug_spot_output = {"A": "b", "B": "c", "C": "a", "D": "d", "E": "b", "F": "c"}


# %% wrong bug_spot_output activation_taken_for_z
# says: In C the formula squares the activation, which is -1, not z, which is -1000.
# hint: 1
bug_spot_output = {"A": "b", "B": "c", "C": "c", "D": "d", "E": "b", "F": "d"}


# %% wrong bug_spot_output some_left_out
# says: An answer for each of the six snippets is asked.
# hint: 3
bug_spot_output = {"A": "b", "D": "d", "E": "b"}


# %% wrong bug_spot_output in_one_string
# says: Write a dict from the snippet's letter to the answer's letter.
# hint: 3
bug_spot_output = "bcadbd"


# %% right bug_spot_output capital_answers
bug_spot_output = {"A": "B", "B": "C", "C": "A", "D": "D", "E": "B", "F": "D"}


# %% right bug_spot_output other_order
bug_spot_output = dict(F="d", E="b", D="d", C="a", B="c", A="b")
