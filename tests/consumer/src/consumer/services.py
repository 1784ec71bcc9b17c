"""Jobs of the service, and many reports at once."""

from concurrent.futures import Executor
from pathlib import Path

import icreport


def fetched(server: str) -> icreport.Report | None:
    with icreport.Client(server, api_key="…") as client:
        job = client.wait(client.generate(3, parameters={"Component_ID": 12}), timeout=60)
        content = client.content(job.id)
        if not content.is_report:
            content.save(Path("content"))
            return None
        return content.report()


def told(progress: icreport.BatchProgress) -> None:
    print(progress.ended, progress.total, progress.item.source)


def night(executor: Executor) -> dict[str, str]:
    result = icreport.convert_many(["exports/"], "out", ["pdf"], executor=executor, progress=told)
    return {record.source: record.error.message for record in result.failures if record.error}
