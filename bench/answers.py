"""Right and wrong answers to the benchmark's own lessons."""

from autograder.model.catalogue import Answer

KERAS_SMALL = [
    Answer(
        "right",
        "standardise",
        "with_numpy_functions",
        "def standardise(X):\n"
        "    centred = X - np.mean(X, axis=0, keepdims=True)\n"
        "    return centred / np.std(X, axis=0, keepdims=True)\n",
    ),
    Answer(
        "wrong",
        "standardise",
        "over_all_columns",
        "def standardise(X):\n    return (X - X.mean()) / X.std()\n",
    ),
    Answer(
        "right",
        "build_model",
        "layer_by_layer",
        "def build_model(hidden):\n"
        "    model = keras.Sequential()\n"
        "    model.add(keras.Input((2,)))\n"
        '    model.add(keras.layers.Dense(hidden, activation="tanh"))\n'
        '    model.add(keras.layers.Dense(1, activation="sigmoid"))\n'
        "    optimizer = keras.optimizers.Adam(learning_rate=0.05)\n"
        '    model.compile(optimizer, loss="binary_crossentropy")\n'
        "    return model\n",
    ),
    Answer(
        "wrong",
        "build_model",
        "ignores_its_argument",
        "def build_model(hidden):\n"
        "    model = keras.Sequential([\n"
        "        keras.Input((2,)),\n"
        '        keras.layers.Dense(8, activation="relu"),\n'
        '        keras.layers.Dense(1, activation="sigmoid"),\n'
        "    ])\n"
        '    model.compile("adam", loss="binary_crossentropy")\n'
        "    return model\n",
    ),
    Answer(
        "right",
        "accuracy",
        "with_round",
        "def accuracy(model, X, labels):\n"
        "    rounded = np.round(model.predict(X, verbose=0)).ravel()\n"
        "    return (rounded == labels).sum() / len(labels)\n",
    ),
    Answer(
        "wrong",
        "accuracy",
        "counts_instead_of_share",
        "def accuracy(model, X, labels):\n"
        "    likely = model.predict(X, verbose=0)[:, 0] > 0.5\n"
        "    return float(np.sum(likely == labels))\n",
    ),
]

TINY = [
    Answer(
        "right",
        "add",
        "with_sum",
        "def add(first, second):\n    return sum([first, second])\n",
    ),
    Answer(
        "wrong",
        "add",
        "subtracts",
        "def add(first, second):\n    return first - second\n",
    ),
]
