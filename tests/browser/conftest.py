"""A real Chromium (Debian's), and the judges from npm; `scripts/setup test` installs them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JUDGES = ROOT / ".venv/judges/node_modules"
CHROMIUM = "/usr/bin/chromium"


def needed(path):
    """A tool that these tests need: where it is missing they fail in CI and are skipped elsewhere."""
    if not Path(path).exists():
        message = f"{path} is missing: run scripts/setup test"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return Path(path)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    needed(CHROMIUM)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path):
    """Open HTML as a file; fails the test afterwards if the page logged an error or asked for anything."""
    complaints = []
    contexts = []

    def opened(page_bytes, fragment="", *, name="page.html", **options):
        path = tmp_path / name
        path.write_bytes(page_bytes)
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        ours = (path.as_uri(), "blob:", "data:")
        page.on("request", lambda request: None if request.url.startswith(ours) else complaints.append(request.url))
        page.goto(path.as_uri() + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe():
    return needed(JUDGES / "axe-core/axe.min.js").read_text()


@pytest.fixture(scope="session")
def nu():
    """The errors that the Nu checker finds in files, as the objects that it prints."""
    jar = needed(JUDGES / "vnu-jar/build/dist/vnu.jar")
    # Compiled as far as a short run is worth it, by a compiler whose code needs more of the stack.
    java = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar]

    def errors(*files):
        command = [*java, "--format", "json", "--stdout", "--exit-zero-always", *files]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        return [one for one in json.loads(said.stdout)["messages"] if one["type"] == "error"]

    return errors
