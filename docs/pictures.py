"""Makes the pictures of the docs from the samples: `python docs/pictures.py` (Chromium, poppler, LibreOffice)."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

import icreport

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples/inspection.json"
VIEW = ROOT / "samples/inspection.toml"
IMAGES = ROOT / "docs/images"
HANDED_OVER = ROOT / "samples/handover.json"
GAP = 16
CHARTS, PHOTOGRAPHS = 2, 6
"""Pages of the sample that is handed over."""


def main() -> None:
    """Make all of them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for theme in ("house", "compact", "formal"):
            icreport.convert(SAMPLE, place / f"{theme}.pdf", theme=theme)
            save(side_by_side(pages(place / f"{theme}.pdf")[:2]), f"theme-{theme}")
        icreport.convert(SAMPLE, place / "report.html")
        shot = ("--no-sandbox", "--headless", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,1500")
        run("chromium", *shot, f"--screenshot={place}/page.png", f"file://{place}/report.html", cwd=place)
        save(Image.open(place / "page.png"), "inspection-html")
        icreport.convert(SAMPLE, place / "view.html", view=VIEW)
        tall = [word.replace(",1500", ",2600") for word in shot]
        run("chromium", *tall, f"--screenshot={place}/view.png", f"file://{place}/view.html", cwd=place)
        save(Image.open(place / "view.png").crop((0, 1200, 1100, 2600)), "view-html")
        icreport.convert(SAMPLE, place / "view.pdf", view=VIEW)
        save(side_by_side(pages(place / "view.pdf")[1:3]), "view-pdf")
        with icreport.compare(SAMPLE, SAMPLE.parent / "next-week/inspection-week-2.json") as found:
            icreport.write(found.report, place / "compare.html")
        run("chromium", *shot, f"--screenshot={place}/compare.png", f"file://{place}/compare.html", cwd=place)
        save(Image.open(place / "compare.png").crop((0, 150, 1100, 1250)), "compare-html")
        icreport.convert(SAMPLE, place / "view.xlsx", view=VIEW)
        run("soffice", "--headless", "--convert-to", "pdf", "--outdir", "sheets", "view.xlsx", cwd=place)
        save(side_by_side(pages(place / "sheets" / "view.pdf")[3:5]), "view-xlsx")
        icreport.convert(HANDED_OVER, place / "handover.pdf", theme="formal", view=HANDED_OVER.with_suffix(".toml"))
        found = pages(place / "handover.pdf")
        save(side_by_side([found[0], found[CHARTS], found[PHOTOGRAPHS]]), "handover-pdf", colours=256)
        charts(place)
        icreport.convert(SAMPLE, place / "word.docx", view=VIEW)
        run("soffice", "--headless", "--convert-to", "pdf", "word.docx", cwd=place)
        save(side_by_side(pages(place / "word.pdf")[:2]), "inspection-docx")
        icreport.convert(SAMPLE, place / "report.xlsx")
        run("soffice", "--headless", "--convert-to", "pdf", "report.xlsx", cwd=place)
        found = pages(place / "report.pdf")
        save(side_by_side([found[0], found[3]]), "inspection-xlsx")


def charts(place: Path) -> None:
    """Make those of charts: in a browser, light and dark, and in LibreOffice."""
    from playwright.sync_api import sync_playwright

    handed_over = ROOT / "samples/handover.json"
    for suffix in ("html", "xlsx"):
        icreport.convert(handed_over, place / f"charts.{suffix}", view=handed_over.with_suffix(".toml"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme, viewport={"width": 760, "height": 900})
            page.goto((place / "charts.html").as_uri())
            page.locator("section.chart").first.screenshot(path=place / f"charts-{scheme}.png")
        browser.close()
    save(side_by_side([Image.open(place / f"charts-{scheme}.png") for scheme in ("light", "dark")]), "charts-html")
    run("soffice", "--headless", "--convert-to", "pdf", "--outdir", "drawn", "charts.xlsx", cwd=place)
    shown = [page.crop((0, 0, page.width, page.height // 2)) for page in pages(place / "drawn" / "charts.pdf")]
    save(side_by_side([page for page in shown if page.width > page.height][1:3]), "charts-xlsx")


def pages(document: Path) -> list[Image.Image]:
    """Give the pages of a PDF as images."""
    run("pdftoppm", "-r", "64", "-png", document.name, document.stem, cwd=document.parent)
    return [Image.open(path) for path in sorted(document.parent.glob(f"{document.stem}-*.png"))]


def side_by_side(images: list[Image.Image]) -> Image.Image:
    """Put images beside each other, each in a thin frame."""
    framed = [ImageOps.expand(image, 1, "#c8d0d8") for image in images]
    size = (sum(image.width for image in framed) + GAP * (len(framed) + 1), max(i.height for i in framed) + 2 * GAP)
    whole = Image.new("RGB", size, "#eef1f4")
    left = GAP
    for image in framed:
        whole.paste(image, (left, GAP))
        left += image.width + GAP
    return whole


def save(image: Image.Image, name: str, colours: int = 64) -> None:
    """Write an image with few colours, which is small."""
    image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def run(*command: str, cwd: Path) -> None:
    """Run a program that says too much."""
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)


if __name__ == "__main__":
    main()
