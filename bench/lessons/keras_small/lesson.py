# %% [markdown]
# # Train one small network with Keras
#
# A lesson made for the benchmark: imports, one short training, three tests.

# %% nbgrader={"grade_id": "imports", "locked": true}
import keras
import matplotlib.pyplot as plt
import numpy as np

# %%
rng_data = np.random.default_rng(seed=7)
angle = rng_data.uniform(0, 2 * np.pi, 400)
radius = np.where(np.arange(400) % 2, 1.0, 2.0) + rng_data.normal(0, 0.2, 400)
points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
rings = np.arange(400) % 2
# TensorFlow's first operation warns on stderr, which stock nbgrader takes for a failed
# test when it comes in a test cell.
print(keras.ops.convert_to_tensor(points[:2]))


# %% [markdown]
# ### Exercise: `standardise`
#
# Give every column mean 0 and standard deviation 1. (2 points)


# %% nbgrader={"grade_id": "standardise", "solution": true}
def standardise(X):
    """Return X with mean 0 and standard deviation 1 in each column."""
    ### BEGIN SOLUTION
    return (X - X.mean(axis=0)) / X.std(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_standardise_columns", "grade": true, "points": 2}
scaled_check = standardise(np.array([[1.0, 10.0], [3.0, 30.0]]))
assert np.allclose(scaled_check, [[-1, -1], [1, 1]]), f"you return {scaled_check}"
### BEGIN HIDDEN TESTS
many_check = standardise(np.random.default_rng(1).normal(5, 3, (200, 4)))
assert np.allclose(many_check.mean(axis=0), 0), "the columns have a mean that is not 0"
assert np.allclose(many_check.std(axis=0), 1), "the columns are not scaled to 1"
### END HIDDEN TESTS


# %% [markdown]
# ### Exercise: `build_model`
#
# Two inputs, one hidden layer, one output between 0 and 1; compiled. (3 points)


# %% nbgrader={"grade_id": "build_model", "solution": true}
def build_model(hidden):
    """Return a compiled network with one hidden layer."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.layers.Input((2,)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy")
    return model
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_build_model_layers", "grade": true, "points": 3}
small_check = build_model(5)
assert len(small_check.layers) == 2, f"found {len(small_check.layers)} layers, not 2"
### BEGIN HIDDEN TESTS
assert small_check.count_params() == 21, (
    f"found {small_check.count_params()} weights and biases, expected 21"
)
### END HIDDEN TESTS

# %%
keras.utils.set_random_seed(0)
inputs = standardise(points)
network = build_model(16)
history = network.fit(inputs, rings, epochs=8, batch_size=32, verbose=0)
plt.plot(history.history["loss"])
plt.xlabel("epoch")
plt.ylabel("loss")
plt.show()


# %% [markdown]
# ### Exercise: `accuracy`
#
# The share of examples that a model gets right. (3 points)


# %% nbgrader={"grade_id": "accuracy", "solution": true}
def accuracy(model, X, labels):
    """Return the share of rows whose label the model predicts."""
    ### BEGIN SOLUTION
    likely = model.predict(X, verbose=0)[:, 0] > 0.5
    return float(np.mean(likely == labels))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_accuracy_share", "grade": true, "points": 3}
share_check = accuracy(network, inputs, rings)
assert 0 <= share_check <= 1, f"a share lies between 0 and 1, you return {share_check}"
### BEGIN HIDDEN TESTS
assert share_check > 0.8, f"this network gets more right than {share_check:.2f}"
### END HIDDEN TESTS
