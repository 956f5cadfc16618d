"""Scores taxi trips in an Azure Machine Learning batch deployment with a YDF decision forest.

Features and columns are those of contract/trips.ts, which says what they mean. An empty cell is a missing value.
"""

import csv
import os
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import ydf

NUMBER_FEATURES = ["trip_minutes", "distance", "passengers", "tolls", "pickup_hour", "pickup_weekday"]
CATEGORY_FEATURES = ["color", "pickup_zone", "dropoff_zone", "pickup_borough", "dropoff_borough"]
REQUIRED_COLUMNS = ["pickup", "dropoff", "passengers", "distance", "tolls", *CATEGORY_FEATURES]
COPIED_COLUMNS = ["pickup", "pickup_zone", "dropoff_zone", "distance", "fare"]
SCORE_COLUMNS = ["row", *COPIED_COLUMNS, "predicted_fare"]

TIME_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}", re.ASCII)
NUMBER_PATTERN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# YDF reads numbers of 32 bits
GREATEST_NUMBER = 3.4028234663852886e38

model = None


def init():
    """Loads the model: the one zip below AZUREML_MODEL_DIR."""
    global model
    zips = sorted(Path(os.environ["AZUREML_MODEL_DIR"]).rglob("*.zip"))
    if len(zips) != 1:
        raise RuntimeError(f"AZUREML_MODEL_DIR must hold one zip with the model, it holds {len(zips)}.")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(zips[0]) as archive:
            archive.extractall(folder)
        model = ydf.load_model(folder)


def run(mini_batch):
    """Scores the files of a mini-batch; the rows of the answer are appended to predictions.csv."""
    return pd.concat([score(path) for path in mini_batch])


def score(path):
    """The rows of `SCORE_COLUMNS` for a file; raises ValueError naming missing columns or the bad row."""
    header, rows = read_table(path)
    missing = [column for column in REQUIRED_COLUMNS if column not in header]
    if missing:
        noun = "column" if len(missing) == 1 else "columns"
        raise ValueError(f"The file lacks the {noun} {', '.join(missing)}.")
    trips = [dict(zip(header, cells)) for cells in rows]
    predicted = model.predict(columns_of(trips))
    scored = pd.DataFrame({"row": range(1, len(trips) + 1)})
    for column in COPIED_COLUMNS:
        scored[column] = [trip.get(column, "") for trip in trips]
    scored["predicted_fare"] = [f"{fare:.2f}" for fare in predicted]
    return scored[SCORE_COLUMNS]


def columns_of(trips):
    """The features of trips by name, one array each; raises ValueError naming the bad row."""
    made = [features_of(trip, number) for number, trip in enumerate(trips, 1)]
    columns = {name: np.array([row[name] for row in made], dtype=np.float32) for name in NUMBER_FEATURES}
    return columns | {name: np.array([trip[name] for trip in trips]) for name in CATEGORY_FEATURES}


def read_table(path):
    """The header and the rows of a CSV file, cells stripped; blank lines are skipped."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = [[cell.strip() for cell in cells] for cells in csv.reader(file, strict=True) if cells]
    if not lines:
        raise ValueError("The file is empty: it must begin with a line that names its columns.")
    header, *rows = lines
    doubled = next((name for index, name in enumerate(header) if name in header[:index]), None)
    if doubled is not None:
        raise ValueError(f"The header names the column '{doubled}' twice.")
    if not rows:
        raise ValueError("The file has a header and no rows: there is nothing to score.")
    for number, cells in enumerate(rows, 1):
        if len(cells) != len(header):
            raise ValueError(f"Row {number} has {len(cells)} cells where the header names {len(header)} columns.")
    return header, rows


def features_of(trip, row):
    """The number features of a trip; NaN is a missing value."""
    pickup = time_of(trip["pickup"], "pickup", row)
    dropoff = time_of(trip["dropoff"], "dropoff", row)
    return {
        "trip_minutes": (dropoff - pickup).total_seconds() / 60 if pickup and dropoff else np.nan,
        "distance": number_of(trip["distance"], "distance", row),
        "passengers": number_of(trip["passengers"], "passengers", row),
        "tolls": number_of(trip["tolls"], "tolls", row),
        "pickup_hour": pickup.hour if pickup else np.nan,
        "pickup_weekday": pickup.weekday() if pickup else np.nan,
    }


def number_of(text, column, row):
    if text == "":
        return np.nan
    if not NUMBER_PATTERN.fullmatch(text):
        raise ValueError(f"Row {row}: {column} is '{text}', which is not a number.")
    value = float(text)
    if abs(value) > GREATEST_NUMBER:
        raise ValueError(f"Row {row}: {column} is '{text}', which is beyond the numbers that a model holds (3.4e38).")
    return value


def time_of(text, column, row):
    if text == "":
        return None
    try:
        if not TIME_PATTERN.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Row {row}: {column} is '{text}', which is not a time like 2019-03-23 20:21:09.") from None
