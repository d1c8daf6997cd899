"""Objects of libraries are proxies of their class, or data."""

import os
import subprocess
import sys
import textwrap

import pytest

from autograder.base.paths import ROOT
from tests.support.sealed.conversation import notebook, run


def test_scikit_learn_pipelines_and_figures_are_proxies_of_their_class():
    pytest.importorskip("sklearn.neural_network")
    pytest.importorskip("plotnine")
    import matplotlib as mpl

    mpl.use("Agg")
    code = """
        import matplotlib.pyplot as plt
        from plotnine import aes, geom_line, ggplot
        from sklearn.neural_network import MLPClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        def make_classifier(hidden, seed):
            mlp = MLPClassifier(hidden, random_state=seed, max_iter=2)
            return make_pipeline(StandardScaler(), mlp)

        def forward(scaler, X):
            return (X - scaler.mean_) / scaler.scale_

        def curve():
            figure, axes = plt.subplots()
            axes.set_title("loss")
            return figure

        def plot(df):
            return ggplot(df, aes("x", "y")) + geom_line()
    """
    test = """
        import matplotlib.figure, plotnine
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        X = np.random.default_rng(0).normal(size=(30, 2))
        y = (X[:, 0] > 0).astype(int)
        pipeline = make_classifier((4,), 0)
        assert isinstance(pipeline, Pipeline)
        assert isinstance(pipeline[-1], MLPClassifier)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            try:
                pipeline.fit(X, y)
            except ConvergenceWarning:
                pass
            else:
                raise AssertionError("two passes were enough")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            pipeline.fit(X, y)
        assert any(issubclass(w.category, ConvergenceWarning) for w in caught)
        assert pipeline.predict_proba(X).shape == (30, 2)
        assert pipeline.named_steps["mlpclassifier"].coefs_[0].shape == (2, 4)
        scaler = StandardScaler().fit(X)
        assert np.allclose(forward(scaler, X), scaler.transform(X))
        figure = curve()
        assert isinstance(figure, matplotlib.figure.Figure)
        assert figure.axes[0].get_title() == "loss"
        drawn = plot(pd.DataFrame({"x": [1, 2], "y": [3, 4]}))
        assert isinstance(drawn, plotnine.ggplot) and len(drawn.layers) == 1
        assert list(drawn.data.columns) == ["x", "y"]
    """
    with notebook(code) as conversation:
        run(conversation, test)


KERAS = '''
import keras, numpy as np, tensorflow as tf
from tests.support.sealed.conversation import notebook, run

CODE = """
    import keras, numpy as np, tensorflow as tf

    def linear_neuron(n):
        model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd")
        return model

    def read_weights(model):
        W, b = model.layers[-1].get_weights()
        return W[:, 0], float(b[0])

    def tensors():
        return tf.constant([1.0, 2.0]), tf.Variable(3.0), keras.Variable([4.0])
"""
TEST = """
    import keras
    model = linear_neuron(3)
    assert isinstance(model, keras.Model) and isinstance(model, keras.Sequential)
    assert not isinstance(model, keras.optimizers.Optimizer)
    assert model.layers[0].units == 1 and model.count_params() == 4
    assert [type(w) for w in model.get_weights()] == [np.ndarray] * 2
    X = np.ones((4, 3), np.float32)
    history = model.fit(X, np.ones((4, 1)), epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2
    W, b = model.get_weights()
    assert np.allclose(model.predict(X, verbose=0), X @ W + b, atol=1e-5)
    own = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    w, b = read_weights(own)
    assert np.array_equal(w, own.get_weights()[0][:, 0])
    constant, variable, other = tensors()
    assert constant.tolist() == [1, 2] and variable == 3 and other.tolist() == [4]
"""
with notebook(CODE) as conversation:
    run(conversation, TEST)
print("the test of Keras ran to its end")
'''


@pytest.mark.tensorflow
def test_keras_models_are_proxies_and_tensors_are_arrays():
    # TensorFlow must be imported before the fork, and must not have run anything.
    done = subprocess.run(
        [sys.executable, "-c", KERAS],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "ran to its end" in done.stdout, done.stderr


def test_checking_a_kind_imports_no_library():
    code = """
        import sys
        from autograder.sealed.student import server
        from autograder.sealed.protocol import encoder
        from autograder.sealed.protocol.wire import MessageLimits
        from autograder.sealed.examiner import conversation

        encoder.Encoder(MessageLimits()).encode([1, (2.0, "x")])
        heavy = {"pandas", "tensorflow", "keras", "sklearn", "matplotlib"}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
