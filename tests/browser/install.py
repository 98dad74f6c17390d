"""`python -m tests.browser.install`: makes sure that a Chromium is there; the system's first.

Where there is none, playwright's own is downloaded; where that cannot be had, Debian's package, when root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN = (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"])


def system_chromium() -> str | None:
    """Path of the system's Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _own_chromium() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    """Install one if needed; 1 with the reason if none can be had."""
    if system_chromium() or _own_chromium():
        return 0
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if _own_chromium():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in DEBIAN:
            subprocess.run(command, check=False)
        if system_chromium():
            return 0
    sys.stderr.write("No Chromium: install the package chromium, or let playwright download its own.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
