"""Reports that are made, edited, read and written."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas
import polars

import icreport


def made(readings: Sequence[tuple[str, float | None, date]]) -> icreport.Report:
    table = icreport.Table(
        caption="Readings",
        columns=["Tag", icreport.Column(caption="Depth"), 2026],
        rows=readings,
        source_business_object="Reading",
    )
    keyed = icreport.Table(rows=[icreport.Row(("J1", Decimal("12.10")), 7)], categories=["first"])
    tables = [table, keyed]
    return icreport.Report(name="Wall thickness", elements=[icreport.Paragraph(text="Splash zone"), *tables])


def of_tables(tables: list[icreport.Table]) -> icreport.Report:
    return icreport.Report(elements=tables)


def of_frames() -> Iterator[icreport.Table]:
    pandas_frame = pandas.DataFrame({"Tag": ["J1"]})
    polars_frame = polars.DataFrame({"Tag": ["J1"]})
    yield icreport.Table.from_pandas(pandas_frame, caption="pandas")
    yield icreport.Table.from_polars(polars_frame, caption="Polars")
    yield icreport.Table.from_arrow(polars_frame)
    yield icreport.Table.of(polars_frame, caption="any", source_business_object="Joint")
    yield icreport.Table.of([{"Tag": "J1", "Depth": 3}])


def to_frame(table: icreport.Table) -> pandas.DataFrame:
    return table.to_pandas()


def edited(report: icreport.Report) -> icreport.Report:
    elements = [element for element in report.elements if not isinstance(element, icreport.Section)]
    first = report.tables[0].replace(caption="First", rows=[("J1", 1)])
    return report.replace(name="Edited", elements=[first, *elements])


def captions(path: Path) -> list[str]:
    with icreport.scan(path) as scan:
        return [element.caption or element.type for element in scan.elements]


def written(report: icreport.Report, folder: Path) -> bool:
    try:
        result = icreport.write(report, folder / "report.pdf", theme="formal", strict=True)
    except icreport.LossError as error:
        print(error.place, error.remedy)
        return False
    for warning in result.warnings:
        print(warning.code, warning.count, warning.place and warning.place.row)
    return result.lossless and len(icreport.render(report, "csv", delimiter=";")) > 0


def told(progress: icreport.Progress) -> None:
    print(progress.rows, progress.phase)


def converted(source: Path) -> icreport.ConversionResult:
    return icreport.convert(source, source.with_suffix(".xlsx"), progress=told, limits=icreport.Limits(columns=100))
