"""Retrains by the documented flow: upload a file to a blob, submit a job, start it, poll it, download what it made.

Python's standard library and azure-storage-blob, nothing else. What is printed is one JSON document: what was seen.

    retrain.py <file.csv> <label> [words] [delete] [leave]
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient

CONTAINER = "retraining"
STATES = ["NotStarted", "Running", "Failed", "Cancelled", "Finished"]

endpoint = os.environ["BES_ENDPOINT"]
storage = os.environ["BES_STORAGE_CONNECTION_STRING"]


def call(method, path, body=None, query="api-version=2.0"):
    """One request to the service: the status of the answer, and its body as JSON."""
    request = urllib.request.Request(f"{endpoint}/jobs{path}?{query}", method=method)
    request.add_header("Authorization", "Bearer " + os.environ["BES_API_KEY"])
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def upload(path):
    service = BlobServiceClient.from_connection_string(storage)
    container = service.get_container_client(CONTAINER)
    try:
        container.create_container()
    except ResourceExistsError:
        pass
    with open(path, "rb") as file:
        container.upload_blob("input.csv", file, overwrite=True)


def blob(name):
    return {"ConnectionString": storage, "RelativeLocation": f"{CONTAINER}/{name}"}


def state_of(status):
    """The state as a word, which the service gives as a number, as a word, or not at all before the start."""
    code = status.get("StatusCode", 0)
    return STATES[code] if isinstance(code, int) else code


def download(results):
    """The size of each output, and the metrics among the lines of the results."""
    sizes, metrics = {}, {}
    for name, place in results.items():
        address = place["BaseLocation"] + place["RelativeLocation"] + place["SasBlobToken"]
        with urllib.request.urlopen(address) as answer:
            content = answer.read()
        sizes[name] = len(content)
        if name == "output2":
            rows = [line.split(",") for line in content.decode().splitlines()]
            metrics = {row[1]: float(row[2]) for row in rows if row[0] == "metric"}
    return sizes, metrics


def main(path, label, *wishes):
    upload(path)
    submission = {
        "Inputs": {"input1": blob("input.csv")},
        "Outputs": {"output1": blob("output1.ilearner"), "output2": blob("output2results.csv")},
        "GlobalParameters": {"Label": label},
    }
    query = "api-version=2.0&format=swagger" if "words" in wishes else "api-version=2.0"
    seen = {"submit": call("POST", "", submission)}
    job = seen["submit"][1]
    seen["before"] = call("GET", "/" + job, query=query)
    seen["start"] = call("POST", f"/{job}/start", query=query)
    states = []
    while True:
        status = call("GET", "/" + job, query=query)[1]
        state = state_of(status)
        if state not in states:
            states.append(state)
        if "leave" in wishes and state == "Running":
            break
        if "delete" in wishes and (status.get("Details") or "").startswith("training"):
            seen["delete"] = call("DELETE", "/" + job)
            wishes = ()
        if state in ("Failed", "Cancelled", "Finished"):
            break
        time.sleep(0.05)
    seen["states"] = states
    if state == "Finished":
        seen["sizes"], seen["metrics"] = download(status["Results"])
        seen["delete"] = call("DELETE", "/" + job)
        seen["after"] = call("GET", "/" + job)[0]
    json.dump(seen, sys.stdout)


main(*sys.argv[1:])
