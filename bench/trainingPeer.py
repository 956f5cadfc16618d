"""Trains on the examples of a JSON file with Python's ydf on one thread and prints the training's CPU time and its trees."""

import json
import sys
import time

import numpy as np
import ydf

file, label = sys.argv[1:]
with open(file, encoding="utf-8") as stream:
    examples = json.load(stream)
columns = {name: np.array(values, dtype=np.float32) for name, values in examples["columns"].items()}
columns[label] = np.array(examples["labels"], dtype=np.float32)
learner = ydf.GradientBoostedTreesLearner(label=label, task=ydf.Task.REGRESSION, num_threads=1)
begun = time.process_time()
model = learner.train(columns, verbose=0)
print(json.dumps({"ms": (time.process_time() - begun) * 1000, "trees": model.num_trees()}))
