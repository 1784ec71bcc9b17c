"""Reports of the night in Airflow: what fails is retried once, by a run that resumes and so does only that."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    "icreport",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
):
    BashOperator(
        task_id="batch",
        bash_command=(
            "icreport batch 's3://bucket/exports/*.json' -d s3://bucket/documents -t pdf,xlsx --resume"
            " --journal /srv/icreport/journal.jsonl --summary s3://bucket/summary.json --log-format json"
        ),
        env={"ICREPORT_API_KEY": "{{ conn.icreport.password }}"},
        append_env=True,
    )
