"""What the scripts here begin with: the program, the data, and how to skip.

oracle.test runs every script of this folder but this one.
"""
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Files with real data: $GEMBA_SHARED, or ../shared beside the source.
SHARED = Path(os.environ.get("GEMBA_SHARED",
                             HERE.parent.parent.parent / "shared")) / "data"
GEMBA = os.environ.get("GEMBA", "./gemba")


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def saw(name, off, tolerance):
    """Keep a difference in the file $GEMBA_DIFFERENCES, for README.md."""
    path = os.environ.get("GEMBA_DIFFERENCES")
    if path:
        with open(path, "a") as out:
            out.write(f"{Path(sys.argv[0]).name}\t{off:.2g}\t{tolerance:g}"
                      f"\t{name}\n")


if not os.access(GEMBA, os.X_OK):
    skip(f"no program {GEMBA}")
