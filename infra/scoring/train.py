"""Trains the fare model that score.py loads, on a CSV of trips, as a command job of Azure Machine Learning runs it.

    python train.py --data trips.csv --output model

The output folder gets model.zip (a flat zip of a YDF model) and evaluation.csv (its errors on the held-out rows). The
features are score.py's; every fifth row that has a label is held out, the rows by which `npm run retrain` compares models.
"""

import argparse
import csv
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import ydf

from score import CATEGORY_FEATURES, NUMBER_FEATURES, REQUIRED_COLUMNS, columns_of, number_of, read_table

HELD_OUT_EVERY = 5


def main():
    """Reads the command line, trains, evaluates and writes; exits with a message for a file that cannot be used."""
    parser = argparse.ArgumentParser(description="Trains gradient boosted trees on a CSV of trips.")
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--label", default="fare")
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    try:
        train(arguments.data, arguments.label, arguments.output)
    except ValueError as error:
        parser.exit(1, f"{arguments.data}: {error}\n")


def train(data, label, output):
    """Writes model.zip and evaluation.csv into the folder `output`; raises ValueError naming what is wrong with the file."""
    header, rows = read_table(data)
    missing = [column for column in [*REQUIRED_COLUMNS, label] if column not in header]
    if missing:
        raise ValueError(f"The file lacks {', '.join(missing)}.")
    place = header.index(label)
    known = [(cells, number_of(cells[place], label, number)) for number, cells in enumerate(rows, 1) if cells[place]]
    held_out = known[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    training = [row for number, row in enumerate(known, 1) if number % HELD_OUT_EVERY != 0]
    if len(held_out) < 2:
        raise ValueError(f"It has {len(known)} rows with a {label}: too few to train on and to hold out.")
    if len({answer for _, answer in training}) < 2:
        raise ValueError(f"The label column '{label}' has one value only: there is nothing to learn.")
    learner = ydf.GradientBoostedTreesLearner(label=label, task=ydf.Task.REGRESSION, features=feature_columns(label))
    model = learner.train(examples(header, training, label), verbose=0)
    output.mkdir(parents=True, exist_ok=True)
    save(model, output / "model.zip")
    actual = np.array([answer for _, answer in held_out])
    errors = model.predict(examples(header, held_out, label)) - actual
    write_evaluation(output / "evaluation.csv", errors, actual)


def feature_columns(label):
    numbers = [ydf.Feature(name, ydf.Semantic.NUMERICAL) for name in NUMBER_FEATURES if name != label]
    categories = [ydf.Feature(name, ydf.Semantic.CATEGORICAL) for name in CATEGORY_FEATURES if name != label]
    return numbers + categories


def examples(header, rows, label):
    columns = columns_of([dict(zip(header, cells)) for cells, _ in rows])
    return columns | {label: np.array([answer for _, answer in rows], dtype=np.float32)}


def save(model, file):
    """YDF saves a folder; scoring wants its files at the top of a zip."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)


def write_evaluation(file, errors, actual):
    squares = float(np.sum(errors**2))
    spread = float(np.sum((actual - actual.mean()) ** 2))
    rows = [
        ("rows", len(actual)),
        ("rmse", (squares / len(actual)) ** 0.5),
        ("mae", float(np.mean(np.abs(errors)))),
        ("r2", 1 - squares / spread if spread > 0 else ""),
    ]
    with open(file, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("metric", "value"), *rows])
    for name, value in rows:
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
