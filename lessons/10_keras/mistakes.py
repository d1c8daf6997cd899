# %% [markdown]
# Right and wrong answers to the exercises of `10_keras`.


# %% guess predict_leak small_weights
# says: You expect an honest regression; but a copy of the target is among the features.
# hint: 1
# teach: Ask which weights would make the error exactly 0.
predict_leak = "a"


# %% guess predict_leak equal_weights
# says: You expect all columns to share; the copy of the target alone fits exactly.
# hint: 1
predict_leak = "c"


# %% guess predict_leak expects_an_error
# says: You expect the library to notice; no library compares features with the target.
# hint: 1
# teach: The heart of the matter - nobody but the author looks for leaks.
predict_leak = "d"


# %% wrong predict_leak answers_in_words
# says: Write one of the four letters, in quotes.
# hint: 1
predict_leak = "all weight on energy"


# %% right predict_leak capital_letter
predict_leak = "B"


# %% right predict_leak with_a_blank
predict_leak = " b"


# %% guess predict_parameters forgets_biases
# says: You counted the weights alone; each unit has a bias too.
# hint: 1
predict_parameters = 784 * 300 + 300 * 100 + 100 * 10


# %% guess predict_parameters counts_units
# says: You counted units; a layer learns a weight for each pair of input and unit.
# hint: 1
predict_parameters = 784 + 300 + 100 + 10


# %% guess predict_parameters first_layer_only
# says: You counted the first Dense layer; there are three.
# hint: 1
predict_parameters = 785 * 300


# %% guess predict_parameters a_row_of_pixels
# says: You took 28 inputs; a picture has 28 times 28.
# hint: 1
predict_parameters = 29 * 300 + 301 * 100 + 101 * 10 - 200


# %% guess predict_parameters biases_of_inputs
# says: You gave the inputs biases; only units have one.
# hint: 1
predict_parameters = 784 + 785 * 300 + 301 * 100 + 101 * 10


# %% wrong predict_parameters answers_in_words
# says: The answer is a text; write a number without quotes.
# hint: 1
predict_parameters = "266 thousand"


# %% right predict_parameters number
predict_parameters = 266_610


# %% right predict_parameters sum_over_sizes
sizes_of_layers = [784, 300, 100, 10]
predict_parameters = sum(
    (n_in + 1) * n_out
    for n_in, n_out in zip(sizes_of_layers, sizes_of_layers[1:], strict=False)
)


# %% wrong songs_xy leaks_energy
# says: energy, the target, is among the columns of X: it leaks.
# hint: 1
# teach: Show the error of practically 0 that this gives, and ask whether to be glad.
# - df[FEATURES], df["energy"], test_size=0.2, random_state=42
# + df[[*FEATURES, "energy"]], df["energy"], test_size=0.2, random_state=42


# %% wrong songs_xy energy_for_tempo
# says: One column of X is the target itself, in place of a feature.
# hint: 1
# - df[FEATURES], df["energy"], test_size=0.2, random_state=42
# + df[[*FEATURES[:-1], "energy"]], df["energy"], test_size=0.2, random_state=42


# %% wrong songs_xy all_columns_of_numbers
# says: X has columns that are not asked for: it takes every column of numbers.
# hint: 1
# + numbers = df.select_dtypes("number").drop(columns="energy")
# = X_train, X_test, y_train, y_test = train_test_split(
# -     df[FEATURES], df["energy"], test_size=0.2, random_state=42
# +     numbers, df["energy"], test_size=0.2, random_state=42


# %% wrong songs_xy scales_before_splitting
# says: You scale all songs before you split: the test rows leak into the training data.
# hint: 3
# teach: Ask what you would do with a song that comes in tomorrow.
def songs_xy(df):
    scaled = StandardScaler().fit_transform(df[FEATURES])
    return train_test_split(scaled, df["energy"], test_size=0.2, random_state=42)


# %% wrong songs_xy scales_each_part
# says: The test rows are scaled with their own mean; use that of the training rows.
# hint: 3
def songs_xy(df):
    X_train, X_test, y_train, y_test = train_test_split(
        df[FEATURES], df["energy"], test_size=0.2, random_state=42
    )
    scaler = StandardScaler()
    return (
        scaler.fit_transform(X_train),
        scaler.fit_transform(X_test),
        y_train,
        y_test,
    )


# %% wrong songs_xy scaler_of_the_test_rows
# says: The training columns have no mean of 0: they are scaled with numbers of other
#   rows.
# hint: 3
# - scaler = StandardScaler().fit(X_train)
# + scaler = StandardScaler().fit(X_test)


# %% wrong songs_xy not_scaled
# says: The training columns have no mean of 0: they are not standardised.
# hint: 3
def songs_xy(df):
    parts = train_test_split(
        df[FEATURES].to_numpy(), df["energy"], test_size=0.2, random_state=42
    )
    return parts


# %% wrong songs_xy test_part_not_scaled
# says: The test inputs are not scaled with the training rows' statistics.
# hint: 3
# - scaler = StandardScaler().fit(X_train)
# - return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
# + return StandardScaler().fit_transform(X_train), X_test.to_numpy(), y_train, y_test


# %% wrong songs_xy quarter_for_testing
# says: Your split is not 80 to 20: without a size, a quarter of the rows is set aside.
# hint: 2
# - df[FEATURES], df["energy"], test_size=0.2, random_state=42
# + df[FEATURES], df["energy"], random_state=42


# %% wrong songs_xy another_seed
# says: Other rows are in the parts than random_state=42 chooses.
# hint: 2
# - df[FEATURES], df["energy"], test_size=0.2, random_state=42
# + df[FEATURES], df["energy"], test_size=0.2, random_state=0


# %% wrong songs_xy parts_in_another_order
# says: The four parts come in another order than asked: inputs first, then targets.
# hint: 3
# - return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
# + return scaler.transform(X_train), y_train, scaler.transform(X_test), y_test


# %% wrong songs_xy scales_the_target
# says: The target is standardised too; it stays as it is.
# hint: 3
def songs_xy(df):
    X_train, X_test, y_train, y_test = train_test_split(
        df[FEATURES], df["energy"], test_size=0.2, random_state=42
    )
    scaler = StandardScaler().fit(X_train)
    middle, spread = y_train.mean(), y_train.std()
    return (
        scaler.transform(X_train),
        scaler.transform(X_test),
        (y_train - middle) / spread,
        (y_test - middle) / spread,
    )


# %% wrong songs_xy changes_its_input
# says: Your function changes the table that it was given.
# hint: 3
# + target = df.pop("energy")
# = X_train, X_test, y_train, y_test = train_test_split(
# -     df[FEATURES], df["energy"], test_size=0.2, random_state=42
# +     df[FEATURES], target, test_size=0.2, random_state=42


# %% wrong songs_xy uses_the_notebooks_table
# says: Your function reads the notebook's table `songs`, not the one it is given.
# hint: 3
# - df[FEATURES], df["energy"], test_size=0.2, random_state=42
# + songs[FEATURES], songs["energy"], test_size=0.2, random_state=42


# %% wrong songs_xy remembers_by_shape
# says: The parts are kept by the size of the table: another table of the same size gets
#   those of the first.
# hint: 3
def songs_xy(df, _known={}):
    X_train, X_test, y_train, y_test = train_test_split(
        df[FEATURES], df["energy"], test_size=0.2, random_state=42
    )
    scaler = StandardScaler().fit(X_train)
    parts = scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
    return _known.setdefault(df.shape, parts)


# %% wrong songs_xy skips_what_looks_standardised
# says: Columns that have mean 0 in the whole table are left as they are; the training
#   rows' mean is another one.
# hint: 3
# = scaler = StandardScaler().fit(X_train)
# + if np.allclose(df[FEATURES].mean(), 0):
# +     return X_train, X_test, y_train, y_test


# %% right songs_xy own_arithmetic
def songs_xy(df):
    train, test = train_test_split(df, test_size=0.2, random_state=42)
    mean, std = train[FEATURES].mean(), train[FEATURES].std()
    return (
        ((train[FEATURES] - mean) / std).to_numpy(),
        ((test[FEATURES] - mean) / std).to_numpy(),
        train["energy"].to_numpy(),
        test["energy"].to_numpy(),
    )


# %% right songs_xy targets_as_columns
def songs_xy(df):
    X_train, X_test, y_train, y_test = train_test_split(
        df[FEATURES].to_numpy(),
        df[["energy"]].to_numpy(),
        test_size=0.2,
        random_state=42,
    )
    scaler = StandardScaler()
    X_train = scaler.fit_transform(X_train)
    return X_train, scaler.transform(X_test), y_train, y_test


# %% right songs_xy columns_in_the_tables_order
# + inputs = df[sorted(FEATURES)]
# = X_train, X_test, y_train, y_test = train_test_split(
# -     df[FEATURES], df["energy"], test_size=0.2, random_state=42
# +     inputs, df["energy"], test_size=0.2, random_state=42


# %% wrong linear_neuron relu_output
# says: Your neuron has an activation; then it is no linear regression.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential(
        [keras.Input(shape=(n_features,)), keras.layers.Dense(1, activation="relu")]
    )
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron sigmoid_output
# says: Your neuron has an activation; then it is no linear regression.
# hint: 1
# teach: It fits a target from 0 to 1 quite well, which is why it is tempting.
def linear_neuron(n_features):
    net = keras.Sequential(
        [keras.Input(shape=(n_features,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron two_units
# says: Your model's weights have other shapes than one neuron's.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(2)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron no_bias
# says: Your model's weights have other shapes than one neuron's.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential(
        [keras.Input(shape=(n_features,)), keras.layers.Dense(1, use_bias=False)]
    )
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron hidden_layer
# says: Your model's weights have other shapes than one neuron's.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(8),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron absolute_error
# says: Your loss is the mean absolute error, not the mean squared error.
# hint: 3
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    net.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mae")
    return net


# %% wrong linear_neuron cross_entropy
# says: Your loss is for classes, not for numbers.
# hint: 3
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    net.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="binary_crossentropy"
    )
    return net


# %% wrong linear_neuron input_shape
# says: You give input_shape to the layer; Keras warns. keras.Input takes its place.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential([keras.layers.Dense(1, input_shape=(n_features,))])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron no_input
# says: Your model has no input, and so no weights until it sees data.
# hint: 1
def linear_neuron(n_features):
    net = keras.Sequential([keras.layers.Dense(1)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron steps_too_short
# says: 600 steps do not lead to the weights: your steps are too short.
# hint: 2
# teach: Adam's default is 0.001; ask how far 600 such steps reach.
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong linear_neuron steps_too_long
# says: Your learning rate is so large that training ends in nan.
# hint: 3
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=3.0), loss="mse")
    return net


# %% wrong linear_neuron fixed_number_of_features
# says: The number of inputs is fixed; take it from the argument.
# hint: 3
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")
    return net


# %% wrong linear_neuron not_compiled
# says: Your model is not compiled.
# hint: 3
def linear_neuron(n_features):
    return keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])


# %% wrong linear_neuron forgets_return
# says: Your function builds a model and returns nothing.
# hint: 3
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,)), keras.layers.Dense(1)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mse")


# %% right linear_neuron adam
def linear_neuron(n_features):
    net = keras.Sequential([keras.Input((n_features,)), keras.layers.Dense(units=1)])
    net.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.05),
        loss=keras.losses.MeanSquaredError(),
        metrics=["mae"],
    )
    return net


# %% right linear_neuron default_sgd
def linear_neuron(n_features):
    net = keras.models.Sequential()
    net.add(keras.Input(shape=(n_features,)))
    net.add(keras.layers.Dense(1, activation="linear"))
    net.compile(loss="mean_squared_error", optimizer="sgd")
    return net


# %% right linear_neuron functional
def linear_neuron(n_features):
    inputs = keras.Input(shape=(n_features,))
    net = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    net.compile(
        loss=keras.losses.mean_squared_error, optimizer=keras.optimizers.SGD(0.1)
    )
    return net


# %% wrong read_weights kernel_only
# says: You return one thing, not the two that are asked: w and b.
# hint: 1
def read_weights(model):
    return model.get_weights()[0]


# %% wrong read_weights bias_first
# says: You return the bias in the place of w; in the list the kernel comes first.
# hint: 2
def read_weights(model):
    kernel, bias = model.get_weights()
    return float(bias[0]), kernel[:, 0]


# %% wrong read_weights as_it_comes
# says: w is still a table of one column, shape (D, 1).
# hint: 2
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel, float(bias[0])


# %% wrong read_weights bias_as_array
# says: b is an array of one number; take the number out.
# hint: 2
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel.ravel(), bias


# %% wrong read_weights first_weight_only
# says: You return the first weight alone; there is one for each input.
# hint: 2
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel[0], float(bias[0])


# %% wrong read_weights sign_of_the_bias
# says: Your b has the other sign.
# hint: 3
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel[:, 0], -float(bias[0])


# %% wrong read_weights absolute_weights
# says: Your weights have lost their signs.
# hint: 3
def read_weights(model):
    kernel, bias = model.get_weights()
    return np.abs(kernel[:, 0]), float(bias[0])


# %% wrong read_weights squeezes
# says: For a model with one input your w is a number; it is an array for any D.
# hint: 2
# teach: squeeze drops every axis of length 1, also the one that matters.
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel.squeeze(), float(bias[0])


# %% wrong read_weights rounds
# says: Your weights are rounded; return them as they are.
# hint: 3
def read_weights(model):
    kernel, bias = model.get_weights()
    return kernel[:, 0].round(1), float(bias[0])


# %% right read_weights from_the_layer
def read_weights(model):
    layer = model.layers[0]
    return np.array(layer.kernel)[:, 0], np.array(layer.bias)[0]


# %% right read_weights ravel_and_item
def read_weights(model):
    kernel, bias = model.layers[-1].get_weights()
    return kernel.ravel(), bias.item()


# %% wrong deep_model relu_output
# says: Your output has an activation that holds it back; it should be linear.
# hint: 2
# teach: With relu an output can be stuck at 0 from the start (lesson 04).
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, activation="relu"),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model sigmoid_output
# says: Your output has an activation that holds it back; it should be linear.
# hint: 2
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model no_bends
# says: Your hidden layers have no activation; together they are one linear layer.
# hint: 2
# teach: Go back to collapse_linear of lesson 01.
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32),
            keras.layers.Dense(16),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model second_layer_linear
# says: One of your hidden layers has no activation and adds nothing.
# hint: 2
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model one_hidden_layer
# says: Your model has one hidden layer; two are asked for.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model wide_output
# says: Your last layer has several units; one number is predicted.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model cross_entropy
# says: Your loss is not the mean squared error.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="binary_crossentropy")
    return net


# %% wrong deep_model absolute_error
# says: Your loss is not the mean squared error.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mae")
    return net


# %% wrong deep_model no_input
# says: Your model has no input, and so no weights until it sees data.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model not_compiled
# says: Your model is not compiled.
# hint: 3
# - model = keras.Sequential(
# + return keras.Sequential(
# ...
# - model.compile(optimizer="adam", loss="mse")
# - return model


# %% wrong deep_model fixed_number_of_features
# says: The number of inputs is fixed; take it from the argument.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(4,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong deep_model never_learns
# says: Training does not lower the error: the learning rate is 0.
# hint: 3
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.0), loss="mse")
    return net


# %% right deep_model dense_then_relu_layers
def deep_model(n_features):
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(24),
            keras.layers.ReLU(),
            keras.layers.Dense(12),
            keras.layers.LeakyReLU(),
            keras.layers.Dropout(0.05),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    return model


# %% right deep_model functional
def deep_model(n_features):
    inputs = keras.Input(shape=(n_features,))
    hidden = keras.layers.Dense(24, activation="tanh")(inputs)
    hidden = keras.layers.Dense(12, activation="tanh")(hidden)
    net = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    net.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
    return net


# %% right deep_model three_hidden_layers
def deep_model(n_features):
    net = keras.Sequential()
    net.add(keras.Input(shape=(n_features,)))
    for units in (64, 32, 8):
        net.add(keras.layers.Dense(units, activation="elu"))
    net.add(keras.layers.Dense(1, activation="linear"))
    net.compile(optimizer="sgd", loss=keras.losses.MeanSquaredError(), metrics=["mae"])
    return net


# %% right deep_model activation_layers
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32, activation=keras.activations.relu),
            keras.layers.Dense(16, activation=keras.activations.relu),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer=keras.optimizers.RMSprop(), loss="mse")
    return net


# %% right deep_model batch_normalised
def deep_model(n_features):
    net = keras.Sequential([keras.Input(shape=(n_features,))])
    for units in (24, 12):
        net.add(keras.layers.Dense(units))
        net.add(keras.layers.BatchNormalization())
        net.add(keras.layers.Activation("relu"))
    net.add(keras.layers.Dense(1))
    net.compile(optimizer="adam", loss="mse")
    return net


# %% right deep_model slopes_that_are_learned
def deep_model(n_features):
    net = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(32),
            keras.layers.PReLU(),
            keras.layers.Dense(16),
            keras.layers.PReLU(),
            keras.layers.Dense(1),
        ]
    )
    net.compile(optimizer="adam", loss="mse")
    return net


# %% wrong load_idx little_endian
# says: You read the header with the bytes in the wrong order.
# hint: 2
# teach: 2051 read backwards is 50855936 (0x03080000); print both.
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "little")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 8 if magic == 2049 else 16
    shape = np.frombuffer(data[4:offset], "<i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape).copy()


# %% wrong load_idx images_from_byte_eight
# says: Your pictures begin 8 bytes too early: rows and columns are taken for pixels.
# hint: 1
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic, count = struct.unpack_from(">2i", data)
    if magic == 2049:
        if len(data) != 8 + count:
            raise ValueError("wrong count")
        return np.frombuffer(data[8:], np.uint8).copy()
    if magic != 2051:
        raise ValueError("unknown magic number")
    rows, columns = struct.unpack_from(">2i", data, 8)
    if len(data) != 16 + count * rows * columns:
        raise ValueError("wrong count")
    pixels = np.frombuffer(data[8:], np.uint8)[: count * rows * columns]
    return pixels.reshape(count, rows, columns).copy()


# %% wrong load_idx labels_from_byte_sixteen
# says: Your labels begin too late: their header is two numbers long.
# hint: 1
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic, count = struct.unpack_from(">2i", data)
    if magic == 2049:
        if len(data) != 8 + count:
            raise ValueError("wrong count")
        return np.frombuffer(data[16:], np.uint8).copy()
    if magic != 2051:
        raise ValueError("unknown magic number")
    rows, columns = struct.unpack_from(">2i", data, 8)
    if len(data) != 16 + count * rows * columns:
        raise ValueError("wrong count")
    return np.frombuffer(data[16:], np.uint8).reshape(count, rows, columns).copy()


# %% wrong load_idx labels_not_counted
# says: The labels of a file that is too short or too long are returned in silence.
# hint: 3
# teach: The pictures are safe, since reshape counts; who counts the labels?
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic, count = struct.unpack_from(">2i", data)
    if magic == 2049:
        return np.frombuffer(data[8:], np.uint8).copy()
    if magic != 2051:
        raise ValueError("unknown magic number")
    rows, columns = struct.unpack_from(">2i", data, 8)
    if len(data) != 16 + count * rows * columns:
        raise ValueError("wrong count")
    return np.frombuffer(data[16:], np.uint8).reshape(count, rows, columns).copy()


# %% wrong load_idx accepts_what_is_too_long
# says: A file with more bytes than its header says is read in silence.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic, count = struct.unpack_from(">2i", data)
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    shape = (count,)
    if magic == 2051:
        shape = struct.unpack_from(">3i", data, 4)
    offset = 4 + 4 * len(shape)
    size = int(np.prod(shape))
    values = np.frombuffer(data[offset : offset + size], np.uint8)
    return values.reshape(shape).copy()


# %% wrong load_idx any_magic_number
# says: A file with another magic number is read in silence.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape).copy()


# %% wrong load_idx returns_none_for_others
# says: For an unknown magic number your reader returns nothing instead of raising.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        print("unknown magic number")
        return None
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape).copy()


# %% wrong load_idx read_only
# says: Your array is read-only: it shows the bytes of the file, which cannot change.
# hint: 2
# teach: Let them assign one pixel and read the message.
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape)


# %% wrong load_idx flat_pictures
# says: Your pictures come as one long row; give them their shape.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.copy()


# %% wrong load_idx columns_before_rows
# says: Rows and columns are exchanged, which shows where a picture is not square.
# hint: 1
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    if magic == 2051:
        return values.reshape(shape[0], shape[2], shape[1]).copy()
    return values.copy()


# %% wrong load_idx always_28
# says: Your pictures have 28 rows and columns whatever the header says.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic, count = struct.unpack_from(">2i", data)
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    if magic == 2049:
        if len(data) != 8 + count:
            raise ValueError("wrong count")
        return np.frombuffer(data[8:], np.uint8).copy()
    if len(data) != 16 + count * 784:
        raise ValueError("wrong count")
    return np.frombuffer(data[16:], np.uint8).reshape(-1, 28, 28).copy()


# %% wrong load_idx scales_already
# says: Your values are floats from 0 to 1; the file's bytes are asked for.
# hint: 3
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.uint8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape) / 255


# %% wrong load_idx signed_bytes
# says: Your values have a sign: bytes above 127 come out negative.
# hint: 2
def load_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("unknown magic number")
    offset = 16 if magic == 2051 else 8
    shape = np.frombuffer(data[4:offset], ">i4")
    values = np.frombuffer(data[offset:], np.int8)
    if len(values) != shape.prod():
        raise ValueError("wrong count")
    return values.reshape(shape).copy()


# %% wrong load_idx remembers_by_name
# says: What was read before is kept and handed out again: another file of the same name
#   or shape gets the pixels of the first.
# hint: 2
# - def load_idx(path):
# + def load_idx(path, _known={}):
# ...
# - return values.reshape(shape).copy()
# + return _known.setdefault(str(path), values.reshape(shape).copy())


# %% wrong load_idx remembers_by_shape
# says: What was read before is kept and handed out again: another file of the same name
#   or shape gets the pixels of the first.
# hint: 2
# - def load_idx(path):
# + def load_idx(path, _known={}):
# ...
# - return values.reshape(shape).copy()
# + return _known.setdefault(tuple(shape), values.reshape(shape).copy())


# %% right load_idx struct
def load_idx(path):
    data = gzip.decompress(Path(path).read_bytes())
    (magic,) = struct.unpack_from(">i", data)
    if magic == 2051:
        shape = struct.unpack_from(">iii", data, 4)
    elif magic == 2049:
        shape = struct.unpack_from(">i", data, 4)
    else:
        raise ValueError(f"magic number {magic}")
    offset = 4 + 4 * len(shape)
    if len(data) - offset != int(np.prod(shape)):
        raise ValueError("the header promises another number of bytes")
    return np.frombuffer(bytearray(data), np.uint8, offset=offset).reshape(shape)


# %% right load_idx plain_files_too
def load_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    number_of_axes = {2049: 1, 2051: 3}
    magic = int(np.frombuffer(data, ">i4", count=1)[0])
    if magic not in number_of_axes:
        raise ValueError("neither images nor labels")
    axes = number_of_axes[magic]
    shape = np.frombuffer(data, ">i4", count=axes, offset=4).astype(int)
    values = np.array(list(data[4 + 4 * axes :]), dtype=np.uint8)
    return values.reshape(tuple(shape))


# %% right load_idx reads_piece_by_piece
def load_idx(path):
    with gzip.open(path, "rb") as file:
        magic = int.from_bytes(file.read(4), byteorder="big")
        if magic not in (2049, 2051):
            raise ValueError("unknown magic number")
        shape = [
            int.from_bytes(file.read(4), byteorder="big")
            for _ in range(1 if magic == 2049 else 3)
        ]
        rest = file.read()
    if len(rest) != np.prod(shape):
        raise ValueError("the file was cut off, or goes on too long")
    return np.array(np.frombuffer(rest, dtype=np.uint8)).reshape(shape)


# %% wrong image_classifier no_flatten
# says: Your outputs have another shape than (N, 10): the picture is not flattened.
# hint: 1
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier eleven_outputs
# says: Your last layer has not 10 units.
# hint: 1
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(11, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier smaller_layers
# says: Your model has another number of parameters: its layers have other sizes.
# hint: 3
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier sigmoid_output
# says: Your outputs are ten separate shares that do not add up to 1: sigmoid.
# hint: 2
# teach: Sigmoids are right where several labels may be true at once.
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="sigmoid"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier no_hidden_activation
# says: Your hidden layers have no relu.
# hint: 3
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300),
            keras.layers.Dense(100),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier input_shape
# says: You give input_shape to a layer; Keras warns. keras.Input takes its place.
# hint: 1
def image_classifier():
    net = keras.Sequential(
        [
            keras.layers.Flatten(input_shape=(28, 28)),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier no_input
# says: Your model has no input, and so no weights until it sees data.
# hint: 1
def image_classifier():
    net = keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier logits_for_probabilities
# says: Your outputs are logits, and the loss takes them for probabilities.
# hint: 2
# teach: The loss on raw logits, as in lesson 07, now in Keras.
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    net.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return net


# %% wrong image_classifier one_hot_loss
# says: Your loss wants one-hot labels, not whole numbers.
# hint: 2
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return net


# %% wrong image_classifier squared_error
# says: Your loss is not the cross-entropy of the outputs.
# hint: 2
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(optimizer="adam", loss="mse", metrics=["sparse_categorical_accuracy"])
    return net


# %% wrong image_classifier no_metric
# says: You compile without the metric accuracy.
# hint: 3
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return net


# %% wrong image_classifier never_learns
# says: Training does not raise the accuracy: the steps are far too short or too long.
# hint: 3
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer=keras.optimizers.SGD(learning_rate=1e-8),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return net


# %% wrong image_classifier not_compiled
# says: Your model is not compiled.
# hint: 3
def image_classifier():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %% right image_classifier logits
def image_classifier():
    net = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    net.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return net


# %% right image_classifier sgd_and_names
def image_classifier():
    net = keras.models.Sequential()
    net.add(keras.Input(shape=[28, 28]))
    net.add(keras.layers.Flatten(name="pixels"))
    net.add(keras.layers.Dense(300, activation="relu", name="hidden_1"))
    net.add(keras.layers.Dense(100, activation="relu", name="hidden_2"))
    net.add(keras.layers.Dense(10, activation="softmax", name="classes"))
    net.compile(
        loss=keras.losses.sparse_categorical_crossentropy,
        optimizer=keras.optimizers.SGD(learning_rate=0.05),
        metrics=["accuracy"],
    )
    return net


# %% right image_classifier functional
def image_classifier():
    inputs = keras.Input(shape=(28, 28))
    hidden = keras.layers.Reshape((784,))(inputs)
    for units in (300, 100):
        hidden = keras.layers.Dense(units, activation="relu")(hidden)
    outputs = keras.layers.Dense(10, activation="softmax")(hidden)
    net = keras.Model(inputs, outputs)
    net.compile(
        optimizer=keras.optimizers.Adam(),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )
    return net


# %% wrong fit_with_validation no_early_stopping
# says: Training goes on to the last epoch: the validation loss is not watched.
# hint: 2
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation keeps_the_last_weights
# says: Training stops in time, but the model keeps the weights of the last epoch.
# hint: 2
# teach: restore_best_weights is False unless asked for.
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation watches_the_training_loss
# says: Training goes on to the last epoch: the validation loss is not watched.
# hint: 2
# teach: The training loss falls nearly always; what would it warn of?
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation splits_the_training_data
# says: You validate on training data, all or a part, and not on X_val and y_val.
# hint: 1
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_split=0.2,
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation validates_on_the_training_data
# says: You validate on training data, all or a part, and not on X_val and y_val.
# hint: 1
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X, y),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation no_validation
# says: Your history has no validation loss.
# hint: 1
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    log = model.fit(X, y, batch_size=128, epochs=epochs, verbose=0)
    model.save(path)
    return log


# %% wrong fit_with_validation not_saved
# says: The file at the path does not hold this model: nothing was saved there in this
#   call.
# hint: 3
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    return model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )


# %% wrong fit_with_validation saves_the_weights_alone
# says: The saved model cannot be loaded: the file holds weights without a model.
# hint: 3
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    np.savez("weights.npz", *model.get_weights())
    os.replace("weights.npz", path)
    return log


# %% wrong fit_with_validation saves_before_training
# says: The saved model has other weights than the returned one: saved too early.
# hint: 3
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    model.save(path)
    return model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )


# %% wrong fit_with_validation not_shuffled
# says: Your batches come in the same order each time: shuffling is switched off.
# hint: 3
# teach: Harmless here, a disaster for data sorted by class.
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        shuffle=False,
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation another_batch_size
# says: Your batches have another size than 128.
# hint: 3
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    log = model.fit(
        X,
        y,
        batch_size=64,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation patience_too_short
# says: Training stops after the first epoch without a new best; patience is not used.
# hint: 2
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(monitor="val_loss", restore_best_weights=True)
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return log


# %% wrong fit_with_validation returns_the_model
# says: You return the model; what fit returned is asked for.
# hint: 3
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    watch = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True
    )
    model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[watch],
        verbose=0,
    )
    model.save(path)
    return model


# %% wrong fit_with_validation keeps_a_file_that_is_there
# says: The file at the path does not hold this model: nothing was saved there in this
#   call.
# hint: 3
# - model.save(path)
# + if not Path(path).exists():
# +     model.save(path)


# %% right fit_with_validation checkpoint
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    best = keras.callbacks.ModelCheckpoint(path, save_best_only=True)
    watch = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    return model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[best, watch],
        verbose=0,
    )


# %% right fit_with_validation checkpoint_brought_back
def fit_with_validation(model, X, y, X_val, y_val, path, epochs, patience):
    log = model.fit(
        X,
        y,
        batch_size=128,
        epochs=epochs,
        validation_data=(X_val, y_val),
        callbacks=[
            keras.callbacks.ModelCheckpoint(
                str(path), monitor="val_loss", save_best_only=True
            ),
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience),
        ],
        verbose=0,
    )
    model.set_weights(keras.models.load_model(path).get_weights())
    return log


# %% wrong keras_to_numpy forgets_biases
# says: Your function leaves the biases out.
# hint: 2
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            A = ACTIVATIONS[one.activation.__name__](A @ one.get_weights()[0])
        return A

    return forward


# %% wrong keras_to_numpy softmax_twice
# says: Your outputs are flatter than the model's: softmax is applied twice.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = ACTIVATIONS[one.activation.__name__](A @ kernel + bias)
        return softmax(A, axis=1) if A.shape[1] > 1 else A

    return forward


# %% wrong keras_to_numpy transposes
# says: Your product fails or is wrong: the kernel is transposed.
# hint: 2
# teach: Keras keeps (inputs, units), as lesson 07 did; PyTorch keeps the transpose.
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = ACTIVATIONS[one.activation.__name__](A @ kernel.T + bias)
        return A

    return forward


# %% wrong keras_to_numpy transposes_square_kernels
# says: Square kernels are transposed in your function; nothing is to be transposed.
# hint: 2
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            if kernel.shape[0] == kernel.shape[1]:
                kernel = kernel.T
            A = ACTIVATIONS[one.activation.__name__](A @ kernel + bias)
        return A

    return forward


# %% wrong keras_to_numpy relu_everywhere
# says: Your function applies relu to the output as well.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = np.maximum(A @ kernel + bias, 0)
        return A

    return forward


# %% wrong keras_to_numpy no_hidden_activation
# says: Your function leaves the hidden layers' activations out.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = A @ kernel + bias
        return ACTIVATIONS[dense[-1].activation.__name__](A)

    return forward


# %% wrong keras_to_numpy relu_then_linear
# says: Your hidden layers use relu and your output is softmax or nothing, whatever the
#   model says.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense[:-1]:
            kernel, bias = one.get_weights()
            A = np.maximum(A @ kernel + bias, 0)
        kernel, bias = dense[-1].get_weights()
        A = A @ kernel + bias
        return softmax(A, axis=1) if A.shape[1] > 1 else A

    return forward


# %% wrong keras_to_numpy no_softmax
# says: Where the model ends in softmax your rows do not add up to 1.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = A @ kernel + bias
            name = one.activation.__name__
            A = A if name == "softmax" else ACTIVATIONS[name](A)
        return A

    return forward


# %% wrong keras_to_numpy softmax_of_the_whole_table
# says: Your softmax divides by the sum of the whole table; each row should add up to 1.
# hint: 3
def keras_to_numpy(model):
    table = ACTIVATIONS | {"softmax": lambda Z: np.exp(Z) / np.exp(Z).sum()}
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            A = table[one.activation.__name__](A @ kernel + bias)
        return A

    return forward


# %% wrong keras_to_numpy softmax_overflows
# says: For large logits your softmax gives nan: exp overflows.
# hint: 3
def keras_to_numpy(model):
    table = ACTIVATIONS | {
        "softmax": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    }
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1)
        for one in dense:
            kernel, bias = one.get_weights()
            with np.errstate(over="ignore", invalid="ignore"):
                A = table[one.activation.__name__](A @ kernel + bias)
        return A

    return forward


# %% wrong keras_to_numpy no_flatten
# says: Your function fails for pictures: it does not make rows of them.
# hint: 1
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X
        for one in dense:
            kernel, bias = one.get_weights()
            A = ACTIVATIONS[one.activation.__name__](A @ kernel + bias)
        return A

    return forward


# %% wrong keras_to_numpy returns_values
# says: You return an array; a function is asked for that takes X.
# hint: 3
def keras_to_numpy(model):
    kernel, bias = model.layers[-1].get_weights()
    return np.ones((1, len(kernel))) @ kernel + bias


# %% wrong keras_to_numpy fails_for_flatten
# says: Your function unpacks weights of every layer; Flatten has none.
# hint: 1
def keras_to_numpy(model):
    steps = []
    for one in model.layers:
        kernel, bias = one.get_weights()
        steps.append((kernel, bias, ACTIVATIONS[one.activation.__name__]))

    def forward(X):
        A = X.reshape(len(X), -1)
        for kernel, bias, activation in steps:
            A = activation(A @ kernel + bias)
        return A

    return forward


# %% wrong keras_to_numpy changes_its_input
# says: Your function writes into the X that it was given.
# hint: 3
def keras_to_numpy(model):
    dense = [one for one in model.layers if isinstance(one, keras.layers.Dense)]

    def forward(X):
        A = X.reshape(len(X), -1).copy()
        for one in dense:
            kernel, bias = one.get_weights()
            A = ACTIVATIONS[one.activation.__name__](A @ kernel + bias)
        X *= 0
        return A

    return forward


# %% wrong keras_to_numpy remembers_by_layers
# says: The weights are kept by the sizes of the layers: another model of the same sizes
#   gets those of the first.
# hint: 2
# - def keras_to_numpy(model):
# -     steps = []
# + def keras_to_numpy(model, _known={}):
# +     steps = []
# ...
# = steps.append((*layer.get_weights(), layer.activation.__name__))
# + steps = _known.setdefault(str([step[0].shape for step in steps]), steps)


# %% wrong keras_to_numpy skips_what_adds_up_to_one
# says: Rows that add up to 1 before the softmax are taken for probabilities; they are
#   logits like any others.
# hint: 2
# - A = ACTIVATIONS[name](A @ W + b)
# + A = A @ W + b
# + if name != "softmax" or not np.allclose(A.sum(axis=1), 1):
# +     A = ACTIVATIONS[name](A)


# %% right keras_to_numpy own_activations
def keras_to_numpy(model):
    def activate(name, Z):
        if name == "softmax":
            e = np.exp(Z - Z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        if name == "sigmoid":
            return 0.5 * (1 + np.tanh(Z / 2))
        return {"relu": lambda: Z * (Z > 0), "tanh": lambda: np.tanh(Z)}.get(
            name, lambda: Z
        )()

    def f(X):
        A = np.array(X)
        for layer in model.layers:
            if isinstance(layer, keras.layers.Flatten):
                A = A.reshape(A.shape[0], -1)
            else:
                A = activate(
                    layer.get_config()["activation"],
                    np.einsum("nd,dh->nh", A, np.array(layer.kernel))
                    + np.array(layer.bias),
                )
        return A

    return f


# %% right keras_to_numpy pairs_of_weights
def keras_to_numpy(model):
    weights = [np.asarray(part, dtype="float64") for part in model.get_weights()]
    names = [
        layer.activation.__name__
        for layer in model.layers
        if hasattr(layer, "activation")
    ]
    triples = list(zip(weights[::2], weights[1::2], names, strict=True))
    return lambda X: _run(triples, np.reshape(X, (len(X), -1)))


def _run(triples, A):
    for W, b, name in triples:
        A = ACTIVATIONS[name](np.dot(A, W) + b)
    return A


# %% wrong report training_accuracy_twice
# says: Your test accuracy is that of the training data.
# hint: 3
# teach: Ask which data the model has seen.
def report(model, X_train, y_train, X_test, y_test):
    reached = float(np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train))
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": reached,
        "test_accuracy": reached,
        "baseline": float(np.mean(y_test == commonest)),
    }


# %% wrong report parts_exchanged
# says: Training and test accuracy are exchanged.
# hint: 3
def report(model, X_train, y_train, X_test, y_test):
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": model.evaluate(X_test, y_test, verbose=0)[1],
        "test_accuracy": model.evaluate(X_train, y_train, verbose=0)[1],
        "baseline": float(np.mean(y_test == commonest)),
    }


# %% wrong report takes_the_loss
# says: Your accuracies are losses: evaluate returns the loss first.
# hint: 1
def report(model, X_train, y_train, X_test, y_test):
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": model.evaluate(X_train, y_train, verbose=0)[0],
        "test_accuracy": model.evaluate(X_test, y_test, verbose=0)[0],
        "baseline": float(np.mean(y_test == commonest)),
    }


# %% wrong report percent
# says: Your accuracies are percentages; shares from 0 to 1 are asked for.
# hint: 3
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) == y_test)
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": float(100 * train),
        "test_accuracy": float(100 * test),
        "baseline": float(100 * np.mean(y_test == commonest)),
    }


# %% wrong report errors_for_accuracies
# says: Your numbers are shares of mistakes, not of right answers.
# hint: 3
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) != y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) != y_test)
    commonest = np.bincount(y_train).argmax()
    return {
        "train_accuracy": float(train),
        "test_accuracy": float(test),
        "baseline": float(np.mean(y_test == commonest)),
    }


# %% wrong report baseline_of_the_test_labels
# says: Your baseline takes the commonest test label; you may only look at training ones.
# hint: 2
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) == y_test)
    return {
        "train_accuracy": float(train),
        "test_accuracy": float(test),
        "baseline": float(np.bincount(y_test).max() / len(y_test)),
    }


# %% wrong report baseline_in_the_training_data
# says: Your baseline is counted in the training labels; count it in the test labels.
# hint: 2
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) == y_test)
    return {
        "train_accuracy": float(train),
        "test_accuracy": float(test),
        "baseline": float(np.bincount(y_train).max() / len(y_train)),
    }


# %% wrong report one_in_c
# says: Your baseline is one divided by the number of classes, as if all were as common.
# hint: 2
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) == y_test)
    return {
        "train_accuracy": float(train),
        "test_accuracy": float(test),
        "baseline": 1 / model.output_shape[-1],
    }


# %% wrong report no_baseline
# says: Your dict has not the three keys that are asked for.
# hint: 3
def report(model, X_train, y_train, X_test, y_test):
    return {
        "train_accuracy": model.evaluate(X_train, y_train, verbose=0)[1],
        "test_accuracy": model.evaluate(X_test, y_test, verbose=0)[1],
    }


# %% wrong report returns_a_tuple
# says: You return a tuple; a dict is asked for.
# hint: 3
def report(model, X_train, y_train, X_test, y_test):
    train = np.mean(model.predict(X_train, verbose=0).argmax(1) == y_train)
    test = np.mean(model.predict(X_test, verbose=0).argmax(1) == y_test)
    commonest = np.bincount(y_train).argmax()
    return train, test, np.mean(y_test == commonest)


# %% wrong report remembers_by_shape
# says: The accuracies are kept by the size of the data: other data of the same size get
#   those of the first.
# hint: 3
# - def report(model, X_train, y_train, X_test, y_test):
# + def report(model, X_train, y_train, X_test, y_test, _known={}):
# ...
# - return {
# + numbers = {
# =     "train_accuracy": float(np.mean(train_guesses == y_train)),
# =     "test_accuracy": float(np.mean(test_guesses == y_test)),
# =     "baseline": float(np.mean(y_test == commonest)),
# = }
# + return _known.setdefault((X_train.shape, X_test.shape), numbers)


# %% right report evaluate
def report(model, X_train, y_train, X_test, y_test):
    _, train = model.evaluate(X_train, y_train, verbose=0)
    _, test = model.evaluate(X_test, y_test, verbose=0)
    kinds, counts = np.unique(y_train, return_counts=True)
    return {
        "train_accuracy": train,
        "test_accuracy": test,
        "baseline": np.mean(y_test == kinds[counts.argmax()]),
    }


# %% right report evaluate_as_dict
def report(model, X_train, y_train, X_test, y_test):
    def reached(X, y):
        return model.evaluate(X, y, verbose=0, return_dict=True)["accuracy"]

    top = pd.Series(y_train).mode()[0]
    return {
        "baseline": sum(int(label) == int(top) for label in y_test) / len(y_test),
        "test_accuracy": reached(X_test, y_test),
        "train_accuracy": reached(X_train, y_train),
    }
