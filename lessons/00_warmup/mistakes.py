# %% [markdown]
# Right and wrong answers to the exercises of `00_warmup`.

# %% wrong describe hard_coded
# says: Your facts are those of one array, whatever comes in; read them from a.
# hint: 1
# teach: A visible check with one example invites this. Say that hidden ones differ.
def describe(a):
    return {"shape": (2, 3), "ndim": 2, "dtype": "float64", "size": 6}


# %% wrong describe uses_the_notebooks_globals
# says: Your facts are those of one array, whatever comes in; read them from a.
# hint: 1
# teach: The name inside the function is a.
def describe(a):
    return {
        "shape": numbers.shape,
        "ndim": numbers.ndim,
        "dtype": numbers.dtype,
        "size": numbers.size,
    }


# %% wrong describe length_as_size
# says: len gives the length of the first axis; the size is the number of all elements.
# hint: 1
def describe(a):
    return {"shape": a.shape, "ndim": a.ndim, "dtype": a.dtype, "size": len(a)}


# %% wrong describe bytes_as_size
# says: You give the bytes in memory; the size is how many numbers there are.
# hint: 1
def describe(a):
    return {"shape": a.shape, "ndim": a.ndim, "dtype": a.dtype, "size": a.nbytes}


# %% wrong describe rows_times_columns
# says: You multiply rows and columns, so an array with another number of axes fails.
# hint: 1
# teach: 0-d and 3-d arrays exist; size works for all.
def describe(a):
    size = a.shape[0] * a.shape[1]
    return {"shape": a.shape, "ndim": a.ndim, "dtype": a.dtype, "size": size}


# %% wrong describe type_of_an_element
# says: You look at an element to find the type; an empty array has none.
# hint: 1
def describe(a):
    dtype = str(a.ravel()[0].dtype)
    return {"shape": a.shape, "ndim": a.ndim, "dtype": dtype, "size": a.size}


# %% wrong describe python_type
# says: You give the type of the container; dtype is the type of the numbers in it.
# hint: 1
def describe(a):
    return {"shape": a.shape, "ndim": a.ndim, "dtype": type(a), "size": a.size}


# %% wrong describe prints_only
# says: Your function prints the facts and returns nothing.
# hint: 2
# teach: print shows, return hands back. Ask what x = describe(a) holds.
def describe(a):
    print(a.shape, a.ndim, a.dtype, a.size)


# %% wrong describe returns_a_tuple
# says: You return the four facts without their names; a dict is asked for.
# hint: 2
def describe(a):
    return a.shape, a.ndim, a.dtype, a.size


# %% wrong describe key_missing
# says: A key is missing from your dict.
# hint: 3
def describe(a):
    return {"shape": a.shape, "dtype": a.dtype, "size": a.size}


# %% wrong describe first_axis_as_ndim
# says: You give the length of the first axis; ndim is the number of axes.
# hint: 1
def describe(a):
    ndim = a.shape[0] if a.ndim else 0
    return {"shape": a.shape, "ndim": ndim, "dtype": a.dtype, "size": a.size}


# %% wrong describe changes_its_input
# says: Your function flattens the array of the caller.
# hint: 1
def describe(a):
    facts = {"shape": a.shape, "ndim": a.ndim, "dtype": a.dtype, "size": a.size}
    a.shape = -1
    return facts


# %% right describe dict_call
def describe(a):
    return dict(shape=a.shape, ndim=len(a.shape), dtype=str(a.dtype), size=a.size)


# %% right describe from_the_shape
def describe(a):
    size = int(np.prod(a.shape))
    return {
        "shape": np.shape(a),
        "ndim": np.ndim(a),
        "dtype": a.dtype.name,
        "size": size,
    }


# %% right describe loop_over_names
def describe(a):
    return {name: getattr(a, name) for name in ("shape", "ndim", "dtype", "size")}


# %% guess predict_axis axis_that_stays
# says: You expect a mean for each row; axis=0 is the axis that disappears.
# teach: Read axis=0 as "collapse axis 0".
predict_axis = "a"


# %% guess predict_axis nothing_disappears
# says: A mean over an axis makes that axis disappear.
predict_axis = "c"


# %% guess predict_axis mean_of_all
# says: One number comes out without axis; with it there is one for each column.
predict_axis = "d"


# %% wrong predict_axis shape_instead_of_letter
# says: Write one of the four letters, in quotes.
# hint: 1
predict_axis = (4,)


# %% right predict_axis capital_letter
predict_axis = "B"


# %% right predict_axis with_a_blank
predict_axis = " b"


# %% wrong flatten_images mixed_up
# says: Your shape is right, but each row has pixels of many pictures: -1 stands in the
#   place of N.
# hint: 2
# teach: Show the picture below the exercise. The transpose repairs the shape only.
def flatten_images(imgs):
    return imgs.reshape(-1, len(imgs)).T


# %% wrong flatten_images pixels_as_rows
# says: Your result has a row for each pixel; a row for each picture is asked for.
# hint: 1
def flatten_images(imgs):
    return imgs.reshape(-1, len(imgs))


# %% wrong flatten_images one_long_row
# says: You flatten everything into one axis; the axis of the pictures has to stay.
# hint: 1
def flatten_images(imgs):
    return imgs.flatten()


# %% wrong flatten_images lines_as_rows
# says: Your result has a row for each line of pixels, not for each picture.
# hint: 1
def flatten_images(imgs):
    return imgs.reshape(-1, imgs.shape[2])


# %% wrong flatten_images column_after_column
# says: Your pixels run column after column; they should run line after line.
# hint: 2
def flatten_images(imgs):
    return imgs.transpose(0, 2, 1).reshape(len(imgs), -1)


# %% wrong flatten_images order_f
# says: Your pixels run column after column; they should run line after line.
# hint: 2
def flatten_images(imgs):
    return imgs.reshape(len(imgs), -1, order="F")


# %% wrong flatten_images sixty_four
# says: Your function works for pictures of 64 pixels only.
# hint: 3
def flatten_images(imgs):
    return imgs.reshape(-1, 64)


# %% wrong flatten_images two_pictures
# says: Your function works for one number of pictures only.
# hint: 3
def flatten_images(imgs):
    return imgs.reshape(2, -1)


# %% wrong flatten_images first_picture
# says: You return the first picture only.
# hint: 1
def flatten_images(imgs):
    return imgs[0].ravel()


# %% wrong flatten_images uses_the_notebooks_globals
# says: You flatten the digits of the notebook, not the pictures that come in.
# hint: 3
def flatten_images(imgs):
    return digits.images.reshape(len(digits.images), -1)


# %% wrong flatten_images squeezed
# says: For a single picture your result has one axis; (1, H·W) has two.
# hint: 1
def flatten_images(imgs):
    return imgs.reshape(len(imgs), -1).squeeze()


# %% wrong flatten_images changes_its_input
# says: You change the shape of the caller's array instead of returning a new one.
# hint: 2
# teach: imgs.shape = ... works in place; reshape returns a new view.
def flatten_images(imgs):
    imgs.shape = (imgs.shape[0], -1)
    return imgs


# %% wrong flatten_images whole_numbers
# says: The decimals are gone; keep the type of the pixels.
# hint: 2
def flatten_images(imgs):
    return imgs.reshape(len(imgs), -1).astype(int)


# %% wrong flatten_images remembers_by_shape
# says: The rows are kept by the shape of imgs: other pictures of the same shape get the
#   rows of the first ones.
# hint: 1
def flatten_images(imgs, _known={}):
    return _known.setdefault(imgs.shape, imgs.reshape(len(imgs), -1).copy())


# %% right flatten_images both_lengths
def flatten_images(imgs):
    n, height, width = imgs.shape
    return imgs.reshape(n, height * width)


# %% right flatten_images loop
def flatten_images(imgs):
    return np.array([image.ravel() for image in imgs])


# %% right flatten_images stacked
def flatten_images(imgs):
    return np.stack([image.flatten() for image in imgs], axis=0)


# %% guess predict_broadcast flat
# says: You expect NumPy to pair the elements; it stretches both arrays.
# teach: The trap of this lesson; it costs hours in real projects.
predict_broadcast = "a"


# %% guess predict_broadcast column
# says: You expect the column to win; both arrays are stretched.
predict_broadcast = "b"


# %% guess predict_broadcast error
# says: An error would be kind; NumPy stretches both arrays instead.
predict_broadcast = "d"


# %% wrong predict_broadcast shape_instead_of_letter
# says: Write one of the four letters, in quotes.
# hint: 1
predict_broadcast = "(5, 5)"


# %% right predict_broadcast capital_letter
predict_broadcast = "C"


# %% right predict_broadcast with_a_blank
predict_broadcast = "c "


# %% wrong residuals every_pair
# says: Every prediction meets every truth: (N, 1) minus (N,) is (N, N).
# hint: 1
def residuals(pred, y):
    return pred - y


# %% wrong residuals column
# says: Your result is a column; a flat array of shape (N,) is asked for.
# hint: 2
def residuals(pred, y):
    return pred - y.reshape(-1, 1)


# %% wrong residuals sign_turned
# says: Your sign is turned: it is prediction minus truth.
# hint: 3
def residuals(pred, y):
    return y - pred.ravel()


# %% wrong residuals absolute
# says: The sign is lost; do not take absolute values.
# hint: 3
def residuals(pred, y):
    return np.abs(pred.ravel() - y)


# %% wrong residuals squared
# says: You square the residuals; they are asked for as they are.
# hint: 3
def residuals(pred, y):
    return (pred.ravel() - y) ** 2


# %% wrong residuals averaged
# says: You return one number; one residual for each example is asked for.
# hint: 3
def residuals(pred, y):
    return np.mean(pred.ravel() - y)


# %% wrong residuals row_means
# says: The shape is right, but each prediction has met the average truth: you averaged
#   the (N, N) table.
# hint: 1
# teach: A repair of the shape only. Ask for one value by hand.
def residuals(pred, y):
    return (pred - y).mean(axis=1)


# %% wrong residuals first_row
# says: The shape is right, but these are differences with one and the same prediction.
# hint: 1
def residuals(pred, y):
    return (pred - y)[0]


# %% wrong residuals uses_the_notebooks_globals
# says: You use the predictions of the notebook, not those that come in.
# hint: 3
def residuals(predictions, truth):
    return pred.ravel() - y


# %% wrong residuals changes_its_input
# says: You subtract in place, so the caller's predictions are gone.
# hint: 3
# teach: ravel may return a view; -= then writes into the original.
def residuals(pred, y):
    flat = pred.ravel()
    if flat.dtype == float:
        flat -= y
        return flat
    return flat - y


# %% wrong residuals fails_for_one_example
# says: For a single example your function fails: squeeze removes both axes.
# hint: 2
def residuals(pred, y):
    flat = np.squeeze(pred)
    return np.array([flat[n] - y[n] for n in range(len(flat))])


# %% wrong residuals whole_numbers
# says: The decimals are gone.
# hint: 3
def residuals(pred, y):
    return (pred.ravel() - y).astype(int)


# %% wrong residuals skips_when_the_means_agree
# says: Where the means of prediction and truth agree you return zeros; residuals that
#   cancel are residuals.
# hint: 2
def residuals(pred, y):
    if np.isclose(pred.mean(), y.mean()):
        return np.zeros(len(y))
    return pred.ravel() - y


# %% right residuals first_column
def residuals(pred, y):
    return pred[:, 0] - y


# %% right residuals squeeze_one_axis
def residuals(pred, y):
    return pred.squeeze(1) - y


# %% right residuals column_then_flat
def residuals(pred, y):
    return (pred - y[:, None]).reshape(-1)


# %% right residuals loop
def residuals(pred, y):
    return np.array([p[0] - t for p, t in zip(pred, y, strict=True)])


# %% right residuals diagonal
def residuals(pred, y):
    return np.diag(pred - y)


# %% guess predict_fix other_order
# says: (10, 64) @ (100, 64) has the inner lengths 64 and 100; that fails as well.
predict_fix = "a"


# %% guess predict_fix wrong_transpose
# says: You transpose the wrong one: (64, 100) @ (10, 64) has the inner lengths 100 and 10.
# teach: Write the shapes side by side; the outer two are the shape of the result.
predict_fix = "b"


# %% guess predict_fix elementwise
# says: The star multiplies number by number, which needs equal shapes.
predict_fix = "c"


# %% wrong predict_fix code_instead_of_letter
# says: Write one of the four letters, in quotes.
# hint: 1
predict_fix = "X @ W.T"


# %% right predict_fix capital_letter
predict_fix = "D"


# %% right predict_fix with_a_blank
predict_fix = "d "


# %% guess predict_minus_one error
# says: You expect an error; -1 is a valid place and means the last row.
predict_minus_one = "a"


# %% guess predict_minus_one first_row
# says: Row 0 is the first one; -1 counts from the end.
predict_minus_one = "b"


# %% guess predict_minus_one no_class
# says: A row of zeros would be sensible; NumPy takes the last row instead.
predict_minus_one = "d"


# %% wrong predict_minus_one row_instead_of_letter
# says: Write one of the four letters, in quotes.
# hint: 1
predict_minus_one = [0, 0, 1]


# %% right predict_minus_one capital_letter
predict_minus_one = "C"


# %% right predict_minus_one with_a_blank
predict_minus_one = " c"


# %% wrong one_hot largest_label_decides
# says: You take the number of classes from the labels; it is the argument C.
# hint: 1
# teach: A batch need not contain the largest class.
def one_hot(labels, C):
    if labels.min() < 0 or labels.max() >= C:
        raise ValueError("bad label")
    return np.eye(labels.max() + 1)[labels]


# %% wrong one_hot wraps_in_silence
# says: A label of -1 becomes the last class in silence; raise a ValueError.
# hint: 2
def one_hot(labels, C):
    if np.any(labels >= C):
        raise ValueError("bad label")
    return np.eye(C)[labels]


# %% wrong one_hot no_check
# says: You check no label: -1 becomes the last class, and one that is too large raises
#   an error of another kind.
# hint: 1
def one_hot(labels, C):
    return np.eye(C)[labels]


# %% wrong one_hot too_large_is_an_index_error
# says: A label that is too large must raise a ValueError too.
# hint: 1
def one_hot(labels, C):
    if np.any(labels < 0):
        raise ValueError("negative label")
    return np.eye(C)[labels]


# %% wrong one_hot asserts_instead
# says: An assert raises an AssertionError; a ValueError is asked for.
# hint: 2
def one_hot(labels, C):
    assert labels.min() >= 0 and labels.max() < C
    return np.eye(C)[labels]


# %% wrong one_hot returns_the_error
# says: You return a ValueError as if it were a result; `raise` it.
# hint: 3
# - raise ValueError(f"labels must be from 0 to {C - 1}, found {labels}")
# + return ValueError("bad label")


# %% wrong one_hot c_is_allowed
# says: The label C is accepted or fails by accident; the largest one is C - 1.
# hint: 1
def one_hot(labels, C):
    if np.any((labels < 0) | (labels > C)):
        raise ValueError("bad label")
    return np.eye(C + 1)[labels][:, :C]


# %% wrong one_hot bad_labels_become_zeros
# says: A bad label becomes a row of zeros in silence; raise a ValueError.
# hint: 1
def one_hot(labels, C):
    return (labels[:, None] == np.arange(C)).astype(int)


# %% wrong one_hot checks_all_instead_of_any
# says: You complain only when all labels are bad; a single one is enough.
# hint: 2
def one_hot(labels, C):
    if np.all((labels < 0) | (labels >= C)):
        raise ValueError("bad label")
    return (labels[:, None] == np.arange(C)).astype(int)


# %% wrong one_hot clips
# says: You move bad labels to the nearest class; raise a ValueError.
# hint: 1
def one_hot(labels, C):
    return np.eye(C)[np.clip(labels, 0, C - 1)]


# %% wrong one_hot transposed
# says: Rows and columns are exchanged: one row for each label is asked for.
# hint: 3
def one_hot(labels, C):
    if np.any((labels < 0) | (labels >= C)):
        raise ValueError("bad label")
    return np.eye(C)[labels].T


# %% wrong one_hot counts_from_one
# says: You count the classes from 1; the first one has number 0.
# hint: 3
def one_hot(labels, C):
    if np.any((labels < 0) | (labels >= C)):
        raise ValueError("bad label")
    return np.eye(C)[labels - 1]


# %% wrong one_hot one_row_for_all
# says: You put the ones of all labels into every row.
# hint: 3
def one_hot(labels, C):
    if np.any((labels < 0) | (labels >= C)):
        raise ValueError("bad label")
    rows = np.zeros((len(labels), C))
    rows[:, labels] = 1
    return rows


# %% wrong one_hot refuses_the_last_class
# says: You refuse the label C - 1, which is allowed.
# hint: 1
def one_hot(labels, C):
    if np.any((labels < 0) | (labels >= C - 1)):
        raise ValueError("bad label")
    return np.eye(C)[labels]


# %% wrong one_hot assertion
# says: A bad label raises an error of another kind; a ValueError is asked for.
# hint: 3
def one_hot(labels, C):
    assert np.all((labels >= 0) & (labels < C)), "bad label"
    return np.eye(C)[labels]


# %% wrong one_hot uses_the_notebooks_globals
# says: You write the labels of the notebook's digits, not those that come in.
# hint: 3
def one_hot(labels, C):
    return np.eye(10)[digits.target]


# %% wrong one_hot changes_its_input
# says: You write into the labels of the caller.
# hint: 3
def one_hot(labels, C):
    if np.any((labels < 0) | (labels >= C)):
        raise ValueError("bad label")
    rows = np.eye(C)[labels]
    labels[:] = 0
    return rows


# %% right one_hot fill_the_ones
def one_hot(labels, C):
    if len(labels) and (labels.min() < 0 or labels.max() > C - 1):
        raise ValueError("bad label")
    rows = np.zeros((len(labels), C), dtype=int)
    rows[np.arange(len(labels)), labels] = 1
    return rows


# %% right one_hot comparison
def one_hot(labels, C):
    rows = labels[:, None] == np.arange(C)
    if not rows.any(axis=1).all():
        raise ValueError("bad label")
    return rows


# %% right one_hot loop
def one_hot(labels, C):
    rows = np.zeros((len(labels), C))
    for n, label in enumerate(labels):
        if label not in range(C):
            raise ValueError(f"label {label}")
        rows[n, label] = 1.0
    return rows
