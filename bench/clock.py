"""The time and the memory that a program takes."""
import os
import subprocess
import sys
import tempfile
import time


def timed(words):
    """Seconds, peak memory in MB, and what was said."""
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(words)}: exit status {child.returncode}")
        said.seek(0)
        return seconds, used.ru_maxrss / 1024, said.read()
