"""Follows a run to its end and finds it in a window of time, knowing no other time than its own watch's."""

import json
import sys
import time
from datetime import datetime, timezone

from azure.identity import DefaultAzureCredential
from azure.synapse.artifacts import ArtifactsClient
from azure.synapse.artifacts.models import PipelineResource, RunFilterParameters, WaitActivity

NAME = "of-a-python-client"
endpoint, seconds = sys.argv[1:]
credential = DefaultAzureCredential()
client = ArtifactsClient(credential, endpoint)
pipelines, runs = client.pipeline, client.pipeline_run

token = credential.get_token("https://dev.azuresynapse.net/.default")
token_seconds = round(token.expires_on - time.time())
definition = PipelineResource(activities=[WaitActivity(name="Hold", wait_time_in_seconds=int(seconds))])
pipelines.begin_create_or_update_pipeline(NAME, definition).result()
begun = datetime.now(timezone.utc)
run_id = pipelines.create_pipeline_run(NAME).run_id
run = runs.get_pipeline_run(run_id)
while run.status in ("InProgress", "Queued"):
    time.sleep(0.2)
    run = runs.get_pipeline_run(run_id)
window = RunFilterParameters(last_updated_after=begun, last_updated_before=datetime.now(timezone.utc))
queried = runs.query_pipeline_runs_by_workspace(window)
activities = runs.query_activity_runs(NAME, run_id, window)
json.dump(
    {
        "tokenSeconds": token_seconds,
        "realMs": (datetime.now(timezone.utc) - begun).total_seconds() * 1000,
        "status": run.status,
        "durationInMs": run.duration_in_ms,
        "queried": [one.status for one in queried.value if one.run_id == run_id],
        "activities": [[one.activity_name, one.status] for one in activities.value],
    },
    sys.stdout,
)
