"""Run every benchmark there is, one after the other, each in a process of its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

BENCHMARKS = ("speed", "accuracy", "trust", "scans", "legibility", "scale", "fuzz", "faults")


def main() -> int:
    """Print each benchmark's tables; 1 if any of them failed."""
    failed = 0
    for name in BENCHMARKS:
        if importlib.util.find_spec(f"benchmarks.{name}"):
            print(f"\n# {name}\n", flush=True)
            failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
