"""One Chromium for each module of browser tests."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

# For every module here: they need the stack, and are skipped by name where there is no Chromium.
CHROMIUM = shutil.which("chromium")
NEEDS = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


# By module, not by session: while Playwright's synchronous interface is open its event loop runs
# in this thread, and no other test could start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*arguments, "--disable-sync", "--no-first-run"]
        )
        yield browser
        browser.close()
