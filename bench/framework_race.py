"""The race of lesson 07: the learner's network against scikit-learn's and Keras's.

Run as a program: trains the same networks on the same data, in turns, and writes what
each took. The learner's code and scikit-learn's settings are the lesson's own.
"""

import ast
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import numpy as np

from autograder.model.lesson_reader import lesson_path, read_lesson

CLASSES, LEARNING_RATE, UPDATES, ROUNDS = 10, 0.1, 45, 3
# Inputs, hidden units, examples a batch, epochs; the first is the lesson's race.
SIZES = [
    (64, 64, 32, 20),
    (64, 1024, 32, 4),
    (768, 1024, 32, 2),
    (768, 2048, 32, 1),
    (768, 1024, 256, 1),
]
Train = Callable[..., object]


@dataclass
class Race:
    """One network, trained by everybody."""

    inputs: int
    hidden: int
    batch: int
    epochs: int
    seconds: dict[str, float] = field(default_factory=dict)
    """Shortest training of each."""
    accuracy: dict[str, float] = field(default_factory=dict)
    """On the lesson's test digits; empty for made-up data."""

    @property
    def name(self) -> str:
        """The network's sizes, as the lesson writes them."""
        return f"{self.inputs}-{self.hidden}-{CLASSES}"


def measure_races() -> list[Race]:
    """Hold the races in a process of their own, where nothing else is imported."""
    command = [sys.executable, "-m", "bench.framework_race"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return [Race(**race) for race in json.loads(done.stdout)]


def runners() -> tuple[dict[str, Train], dict]:
    """Return the lesson's training functions by name, and its namespace."""
    names: dict = {"__name__": "lesson"}
    for cell in read_lesson(lesson_path("07_layers")).cells:
        if cell.grade_id in ("checking", "imports") or cell.role == "solution":
            exec(cell.source, names)  # noqa: S102 - the course's own code
        elif cell.role == "given":
            body = [n for n in ast.parse(cell.source).body if _is_definition(n)]
            code = compile(ast.Module(body, []), "lesson", "exec")
            exec(code, names)  # noqa: S102 - the course's own code
    return {"yours": names["by_yours"], "scikit-learn": names["by_scikit_learn"]}, names


def _is_definition(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def by_keras(X, y, hidden, batch_size, epochs, lr, seed=0):
    """Train the same network in Keras; its first call, which sets up, is not timed."""
    import keras

    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((X.shape[1],)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(CLASSES),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(lr), loss)
    model.fit(X[:batch_size], y[:batch_size], batch_size, verbose=0)
    start = time.perf_counter()
    model.fit(X, y, batch_size, epochs, verbose=0)
    seconds = time.perf_counter() - start
    return seconds, lambda X_new: model.predict(X_new, verbose=0).argmax(axis=1)


def timed(train: Train) -> Train:
    """Return a function that trains and says how long it took."""

    def run(*settings) -> tuple[float, Callable]:
        start = time.perf_counter()
        model = train(*settings)
        return time.perf_counter() - start, model.predict

    return run


def main() -> None:
    """Hold all races; write them to standard output as JSON."""
    lessons, names = runners()
    everybody = {name: timed(train) for name, train in lessons.items()}
    everybody["Keras"] = by_keras
    pixels, digits = names["load_digits"](return_X_y=True)
    x_train, x_test, y_train, y_test = names["train_test_split"](
        pixels / 16, digits, test_size=0.2, stratify=digits, random_state=0
    )
    rng = np.random.default_rng(0)
    races = []
    for number, (inputs, hidden, batch, epochs) in enumerate(SIZES):
        X, y = x_train, y_train
        if number:
            X = rng.normal(size=(UPDATES * batch, inputs))
            y = rng.integers(CLASSES, size=len(X))
        race = Race(inputs, hidden, batch, epochs)
        for _ in range(ROUNDS):
            for name, train in everybody.items():
                seconds, predict = train(X, y, hidden, batch, epochs, LEARNING_RATE)
                race.seconds[name] = min(seconds, race.seconds.get(name, seconds))
                if number == 0:
                    race.accuracy[name] = float(np.mean(predict(x_test) == y_test))
        races.append(race)
    sys.stdout.write(json.dumps([asdict(race) for race in races]))


if __name__ == "__main__":
    main()
