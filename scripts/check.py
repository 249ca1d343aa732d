"""Everything that is checked, in one order, for people and for CI: ./scripts/test runs this."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent

CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports"],
    "spelling": ["codespell"],
    "browser": ["python", "-m", "tests.chromium"],
    # Translations and migrations among them; two at a time, each with a database server of its own.
    "tests": ["python", "-m", "pytest", "-n", "2", "--dist", "worksteal"],
}


def passes(name: str) -> bool:
    """Run check *name* and say how long it took."""
    tool, *arguments = CHECKS[name]
    print(f"── {name}: {tool} {' '.join(arguments)}", flush=True)
    began = time.monotonic()
    passed = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, check=False).returncode == 0
    print(f"   {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
    return passed


def main() -> int:
    """Run every check; return 1 if any failed."""
    began = time.monotonic()
    failed = [name for name in CHECKS if not passes(name)]
    took = f"in {time.monotonic() - began:.0f} s"
    if failed:
        print(f"{len(failed)} of {len(CHECKS)} checks failed {took}: {', '.join(failed)}")
        return 1
    print(f"All {len(CHECKS)} checks passed {took}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
