"""HTML of 100,000 rows of each set of data: rendering beside a streamed Jinja loop, in Chromium beside a plain table.

`python benchmarks/page.py [ROWS]`. Chromium is Debian's; it is left out where it is not installed.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import measure
import synthetic

PLAIN = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{{ report.name }}</title>
<style>table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 4px 8px }</style>
<h1>{{ report.name }}</h1>
{% for table in report.elements %}<table><caption>{{ table.caption }}</caption>
<thead><tr>{% for column in table.columns %}<th scope="col">{{ column.caption }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}<tr data-source-key="{{ row.source_key }}">
{%- for value in row.values %}<td>{{ "" if value is none else value }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% endfor %}
</html>"""

# What one writes for a plain table: sort its rows by a cell, hide those without a text.
SORT_PLAIN = """column => {
  const body = document.querySelector("tbody"), number = row => Number(row.cells[column].textContent);
  body.append(...[...body.rows].sort((a, b) => number(a) - number(b)));
}"""
SEARCH_PLAIN = """text => {
  for (const row of document.querySelector("tbody").rows) row.hidden = !row.textContent.toLowerCase().includes(text);
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Our page puts what it has done into its fragment when it is done.
REMEMBERED = """what => new Promise(done => {
  const look = () => location.hash.includes(what) ? done() : setTimeout(look, 5);
  look();
})"""
FIRST_PAINT = """() => new Promise(done => {
  const found = () => performance.getEntriesByName("first-contentful-paint")[0];
  const look = () => found() ? done(found().startTime / 1000) : setTimeout(look, 5);
  look();
})"""


def icreport_html(report, path):
    import icreport

    icreport.write(report, path)


def jinja_loop(report, path):
    import jinja2

    template = jinja2.Environment(autoescape=True).from_string(PLAIN)

    stream = template.stream(report=report)
    stream.enable_buffering(1000)
    with open(path, "wb") as file:
        stream.dump(file, encoding="utf-8")


CONTENDERS = {"streamed Jinja loop": jinja_loop, "icreport": icreport_html}


def seconds(page, work):
    """Seconds until the work is done and drawn."""
    start = page.evaluate("performance.now()")
    work()
    page.evaluate(DRAWN)
    return (page.evaluate("performance.now()") - start) / 1000


def browse(browser, path, *, ours):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(path.as_uri(), wait_until="commit")
    paint = page.evaluate(FIRST_PAINT)
    page.wait_for_load_state("load")
    if ours:
        page.wait_for_selector("html[data-ready]")
        sort = seconds(
            page,
            lambda: (
                page.locator("thead button.sort").nth(6).evaluate("button => button.click()"),
                page.evaluate(REMEMBERED, "sort="),
            ),
        )
        search = seconds(
            page,
            lambda: (
                page.locator(".tools input").evaluate(
                    "field => { field.value = 'måling'; field.dispatchEvent(new Event('input')); }"
                ),
                page.evaluate(REMEMBERED, "find="),
            ),
        )
    else:
        sort = seconds(page, lambda: page.evaluate(SORT_PLAIN, 6))
        search = seconds(page, lambda: page.evaluate(SEARCH_PLAIN, "måling"))
    page.close()
    return {"first paint": paint, "sort": sort, "search": search}


def in_chromium(pages, runs=1):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        found = {name: [] for name in pages}
        for _ in range(runs):
            for name, path in pages.items():
                found[name].append(browse(browser, path, ours=name == "icreport"))
        browser.close()
    plain, ours = found.values()
    print(f"\n| {'in Chromium':<12} | plain table s | icreport s | ratio |")
    print("| ------------ | ------------: | ---------: | ----: |")
    for what in plain[0]:
        theirs, mine = (statistics.median(run[what] for run in runs) for runs in (plain, ours))
        print(f"| {what:<12} | {theirs:>13.2f} | {mine:>10.2f} | {mine / theirs:>5.2f} |")


def main(rows):
    for kind in reversed(synthetic.SETS):
        # Chromium shows the anomalies, which come last.
        with tempfile.TemporaryDirectory() as folder:
            source = synthetic.write(rows, f"{folder}/report.json", kind=kind)
            print(f"\n{kind}: {rows:,} rows")
            measure.compare(__file__, CONTENDERS, source, folder, runs=3)
            if kind == "anomalies" and Path("/usr/bin/chromium").exists():
                in_chromium({name: Path(folder, f"{name}.html") for name in CONTENDERS})


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in CONTENDERS:
        import icreport

        __import__("jinja2"), icreport.formats()  # imports are not what is timed
        name, source, folder = sys.argv[1:]
        in_memory = icreport.read(source)
        measure.child(CONTENDERS[name], in_memory, f"{folder}/{name}.html")
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
