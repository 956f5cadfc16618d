"""azure-synapse-artifacts: a pipeline from its publishing to its deletion, and its runs."""

from datetime import datetime, timedelta, timezone

from azure.synapse.artifacts import ArtifactsClient
from azure.synapse.artifacts.models import (
    Expression,
    ParameterSpecification,
    PipelineResource,
    RunFilterParameters,
    RunQueryFilter,
    WaitActivity,
)
from refusal import refusal


def run(credential, stack):
    client = ArtifactsClient(credential, stack["synapseEndpoint"])
    pipelines, runs = client.pipeline, client.pipeline_run
    name, renamed = "of-a-python-client", "renamed-by-a-python-client"
    seconds = Expression(type="Expression", value="@pipeline().parameters.seconds")
    definition = PipelineResource(
        parameters={"seconds": ParameterSpecification(type="Int", default_value=600)},
        activities=[WaitActivity(name="Hold", wait_time_in_seconds=seconds)],
    )
    published = pipelines.begin_create_or_update_pipeline(name, definition).result()
    pipelines.begin_rename_pipeline(name, renamed).result()
    shown = pipelines.get_pipeline(renamed)
    names = [each.name for each in pipelines.get_pipelines_by_workspace()]

    run_id = pipelines.create_pipeline_run(renamed, parameters={"seconds": 300}).run_id
    started = runs.get_pipeline_run(run_id)
    now = datetime.now(timezone.utc)
    window = {"last_updated_after": now - timedelta(hours=1), "last_updated_before": now + timedelta(hours=1)}
    by_name = RunQueryFilter(operand="PipelineName", operator="Equals", values=[renamed])
    queried = runs.query_pipeline_runs_by_workspace(RunFilterParameters(**window, filters=[by_name]))
    activities = runs.query_activity_runs(renamed, run_id, RunFilterParameters(**window))
    runs.cancel_pipeline_run(run_id, is_recursive=True)
    cancelled = runs.get_pipeline_run(run_id)
    pipelines.begin_delete_pipeline(renamed).result()
    return {
        "workspace": client.workspace.get().type,
        "published": [each.type for each in published.activities],
        "shown": [shown.name, shown.activities[0].wait_time_in_seconds],
        "listed": [stack["pipelineName"] in names, renamed in names],
        "run": [started.pipeline_name, started.parameters, started.invoked_by.name],
        "queried": [each.run_id == run_id for each in queried.value],
        "activities": [[each.activity_name, each.activity_type] for each in activities.value],
        "cancelled": cancelled.status,
        "afterDelete": refusal(pipelines.get_pipeline, renamed),
        "unknownRun": refusal(pipelines.create_pipeline_run, renamed),
    }
