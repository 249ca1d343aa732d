"""The browser of the browser tests: found, or installed where that needs nobody's leave.

``python -m tests.chromium`` makes sure of it; a missing browser is never a skipped test.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
HOW = (
    "The browser tests need Chromium. On Debian: sudo apt-get install chromium; "
    "on macOS: brew install --cask chromium"
)


def find() -> str | None:
    """Where Chromium or Chrome is; None if there is neither."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return next((str(path) for path in ON_MACOS if path.exists()), None)


def install() -> None:
    """Install Debian's Chromium, if we are root or may become it without a password."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") is None or (as_root and shutil.which("sudo") is None):
        return
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=False)
    subprocess.run([*apt, "install", "-y", "--no-install-recommends", "chromium"], check=False)


def main() -> int:
    """Make sure that there is a browser; return 1 and say how if there is none."""
    if find() is None:
        install()
    if found := find():
        print(found)
        return 0
    print(HOW, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
