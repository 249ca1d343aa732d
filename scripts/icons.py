"""Make the icons of the installed scan page from icon.svg: `python scripts/icons.py`.

Needs Chromium.
"""

import os
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).parents[1]
STATIC: Final = ROOT / "warehouse" / "core" / "static"
RED: Final = "#c8102e"

# name → (side in pixels, share of it that the drawing fills, ground).  A launcher may cut a
# maskable icon to a circle of four fifths of its side.
ICONS: Final = {
    "icon-192": (192, 1.0, "transparent"),
    "icon-512": (512, 1.0, "transparent"),
    "icon-maskable": (512, 0.8, RED),
}

sys.path.insert(0, str(ROOT))
from tests import chromium  # noqa: E402 (the one place that knows where browsers are)


def main() -> None:
    """Draw each icon in a browser, and keep the picture."""
    found = chromium.find()
    if found is None:
        sys.exit(chromium.HOW)
    drawing = (STATIC / "icon.svg").read_text("utf-8")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=as_root)
        for name, (side, share, ground) in ICONS.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(
                f"<body style='margin: 0; display: grid; place-items: center; height: 100vh;"
                f" background: {ground}'><div style='width: {share:.0%}'>{drawing}</div>"
            )
            page.locator("svg").evaluate("it => it.style.display = 'block'")
            page.screenshot(path=STATIC / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
