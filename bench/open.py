#!/usr/bin/env python3
"""Times the opening of large files, beside VisiData, zsv and pandas.

    open.py [--gemba PROGRAM] [--dir FOLDER] [--rounds N] [--only NAME,NAME...]
            [--rows N] [--large-rows N] [--seconds N] [--megabytes N]

Each program runs in a pseudo-terminal of 120 columns and 36 lines.  Times are
from its start, or from the key, to the moment when what is wanted stands on
the screen.  Memory is the peak that the kernel tells (VmHWM) at that moment.
The files are made once and kept in FOLDER; without one they are made anew in a
temporary folder.  --only takes names out of: gemba, VisiData, zsv, pandas.
"""
import argparse
import importlib.util
import mmap
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True          # nothing is left in the source
from clock import timed                 # noqa: E402
from screen import GaveUp, Program      # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = (36, 120)
IDLE_SECONDS = 3
BLOCK_ROWS = 10000

# A program that is slower than this in its first round has no others.
SLOW = 15

FIRST, INDEX, JUMP, FIND, DONE, IDLE = (
    "first rows", "all rows", "jump to the end", "find", "at rest", "idle")

# What is promised: file, moment, a limit in ms, MB or %, and of which.
FIGURES = [
    ("small", FIRST, 20, "ms"), ("large", FIRST, 20, "ms"),
    ("large", INDEX, 1200, "ms"), ("small", JUMP, 10, "ms"),
    ("large", JUMP, 10, "ms"), ("large", INDEX, 16, "MB"),
    ("small", IDLE, 0, "%"), ("large", IDLE, 0, "%"),
]
TYPED_SECONDS = 0.6

PANDAS = """\
import sys, time
start = time.perf_counter()
import pandas
imported = time.perf_counter()
table = pandas.read_csv(sys.argv[1])
read = time.perf_counter()
table.describe(include="all"), table.nunique(), table.duplicated().sum()
done = time.perf_counter()
print(imported - start, read - imported, done - read)
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gemba", default=os.environ.get("GEMBA", "./gemba"))
    parser.add_argument("--dir", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--large-rows", type=int, default=15000000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--megabytes", type=int, default=8000)
    return parser.parse_args()


# ---- the files ----

def make_small(path, rows):
    subprocess.run([sys.executable, os.path.join(HERE, "plants.py"),
                    str(rows), path], check=True)


def make_large(path, rows):
    """Nine columns, about 70 bytes a row: a block of rows again and again, in
    which the first half of each id is another."""
    block = b"".join(
        b"@@@@%04d,2024-03-%02d %02d:%02d:%02d,%s,%.2f,%.4f,%.5f,%.1f,%s,%s\n"
        % (i, 1 + i // 400, i // 60 % 24, i % 60, i * 7 % 60,
           b"KLMN"[i % 4:i % 4 + 1], 20 + i * 37 % 200 / 10,
           1 + i * 11 % 300 / 100, i * 13 % 5000 / 1000, 900 + i * 29 % 600,
           (b"running", b"idle", b"set-up")[i % 3], (b"no", b"yes")[i % 7 < 1])
        for i in range(BLOCK_ROWS))
    with open(path, "wb") as out:
        out.write(b"id,time,line,temp [C],pressure,vibration,speed,state,"
                  b"scrap\n")
        for i in range(rows // BLOCK_ROWS):
            out.write(block.replace(b"@@@@", b"%04d" % i))


def made(folder, name, make, rows):
    # Not the number as a program shows it: the name is on the screen, too.
    path = os.path.join(folder, f"{name}-{rows // 1000}k.csv")
    if not os.path.exists(path):
        print(f"making {path} ...", file=sys.stderr, flush=True)
        make(path + ".new", rows)
        os.rename(path + ".new", path)
    return path


class File:
    """What can be seen of a file: two cells of its first row, of its last, and
    of one near the end that is found by a text that is nowhere else."""

    def __init__(self, name, path):
        self.name, self.path = name, path
        with open(path, "rb") as file, mmap.mmap(
                file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            self.bytes = len(data)
            self.rows = count_lines(data) - 1     # and the cache is warm
            self.columns = data.readline().count(b",") + 1
            self.first = cells_of(data.readline())[:2]
            tail = data[-200000:].splitlines()[1:]
            self.last = cells_of(tail[-1])[:2]
            self.pattern, self.hit = findable(data, tail[:-200])

    def title(self):
        return (f"{self.bytes / 1e6:.0f} MB, {self.rows:,} × "
                f"{self.columns}")


def count_lines(data):
    lines = 0
    for at in range(0, len(data), 1 << 24):
        lines += data[at:at + (1 << 24)].count(b"\n")
    return lines


def cells_of(line):
    return line.decode().strip().split(",")


def findable(data, lines):
    """A text that comes once, and with it the cell that stands beside it."""
    for line in reversed(lines):
        cells = cells_of(line)
        for i in (0, len(cells) - 2):
            pattern = cells[i].encode()
            if len(pattern) >= 6 and \
                    data.find(pattern) == data.rfind(pattern):
                return cells[i], (cells[i], cells[i + 1 if i == 0 else i - 1])
    return None, None


# ---- the programs ----

class Peer:
    def __init__(self, name, words, count, keys, find):
        self.name = name
        self.words = words              # of its command line, but the file
        self.count = count              # how it says N rows; None: it does not
        self.keys = keys                # to the data, to the end, to the top
        self.find = find                # a text with %s, or None


def gemba_finds(program):
    """Whether this gemba has a key that finds a text in the data."""
    said = subprocess.run([program, "help", "keys"], capture_output=True,
                          text=True).stdout
    panels = said.split("In the ':' prompt")[0]
    return re.search(r"^  / ", panels, re.M) is not None


def peers(args):
    """Those that are there and wanted."""
    gemba = os.path.abspath(args.gemba)
    all_peers = [
        Peer("gemba", [gemba], r"(?<![~\d,])%s(?![\d,])",
             ("2", "G", "gg"), "/%s" if gemba_finds(gemba) else None),
        Peer("VisiData", ["vd", "-N"], r"\b%s rows", ("", "G", "gg"),
             "g/%s"),
        # Shift with Down and Up are the last and the first row in each of
        # its sets of keys.
        Peer("zsv", ["zsv", "sheet"], None,
             ("", "\x1b[1;2B", "\x1b[1;2A"), "/%s"),
    ]
    wanted = args.only.split(",") if args.only else None
    there = []
    for peer in all_peers:
        if wanted and peer.name not in wanted:
            continue
        if shutil.which(peer.words[0]):
            there.append(peer)
        else:
            print(f"{' '.join(peer.words)} is not there and left out.\n")
    return there


def environment(folder):
    """Nobody's settings."""
    return dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8",
                HOME=folder, XDG_STATE_HOME=folder, XDG_CONFIG_HOME=folder,
                INPUTRC="/dev/null")


def in_one_line(cells):
    return lambda lines: any(all(cell in line for cell in cells)
                             for line in lines)


def has_count(peer, rows):
    pattern = peer.count % f"(?:{rows}|{rows:,})"
    return lambda lines: any(re.search(pattern, line) for line in lines)


def wait_reachable(peer, program, file):
    """All rows can be reached when the program says how many there are, or if
    it never says, when a jump to the last one succeeds."""
    if peer.count:
        return program.wait(has_count(peer, file.rows), program.started)
    there = in_one_line(file.last)
    end = time.perf_counter() + program.seconds
    while not there(program.screen.lines()):
        if time.perf_counter() > end:
            raise GaveUp(f"> {program.seconds:.0f} s")
        program.type(peer.keys[1])
        program.read(0.05)
    return time.perf_counter() - program.started


def wait_rest(program):
    """Until all that it does by itself is done."""
    while program.busy(0.5) > 0.02:
        if time.perf_counter() - program.started > program.seconds:
            raise GaveUp(f"> {program.seconds:.0f} s")
    return time.perf_counter() - 0.5 - program.started


def look_at(peer, program, file, note):
    """The moments of a sitting, in their order."""
    to_data, to_end, to_top = peer.keys
    note(FIRST, program.wait(in_one_line(file.first), program.started))
    note(INDEX, wait_reachable(peer, program, file))
    if to_data:
        program.type(to_data)
        program.busy(0.2)
    program.type(to_top)
    program.wait(in_one_line(file.first), time.perf_counter())
    program.busy(0.2)
    note(JUMP, program.wait(in_one_line(file.last), program.type(to_end)))
    program.type(to_top)
    program.wait(in_one_line(file.first), time.perf_counter())
    if peer.find and file.pattern:
        program.type(peer.find % file.pattern)
        program.busy(0.3)
        try:
            note(FIND, program.wait(in_one_line(file.hit),
                                    program.type("\r")))
        except GaveUp as why:
            note(FIND, str(why))
            program.type("\x03")
    note(DONE, wait_rest(program))
    note(IDLE, program.busy(IDLE_SECONDS))


def sitting(peer, file, folder, args):
    """For each moment (seconds, MB), or why there is none."""
    moments = {}
    program = Program(peer.words + [file.path], SIZE, environment(folder),
                      args.seconds, args.megabytes)

    def note(moment, seconds):
        # When all rows are on the screen the columns are being read already:
        # a picture may be drawn up to 33 ms after what it shows.
        peak = program.peak_before(0.04) if moment == INDEX else \
            program.memory()["VmHWM"]
        moments[moment] = seconds if isinstance(seconds, str) else \
            (seconds, peak)
    try:
        look_at(peer, program, file, note)
    except (GaveUp, OSError) as why:
        missing = [m for m in (FIRST, INDEX, JUMP, DONE, IDLE)
                   if m not in moments]
        moments[missing[0]] = str(why)
    program.end()
    return moments


def time_all(there, file, folder, args):
    """For each program its rounds; the first one warms, and is all there is of
    a slow program."""
    rounds = {peer.name: [] for peer in there}
    slow = set()
    for i in range(args.rounds + 1):
        for peer in there:
            if peer.name in slow:
                continue
            start = time.perf_counter()
            moments = sitting(peer, file, folder, args)
            took = time.perf_counter() - start
            if i > 0 or took > SLOW + IDLE_SECONDS:
                rounds[peer.name].append(moments)
            if took > SLOW + IDLE_SECONDS:
                slow.add(peer.name)
    return rounds


# ---- tables ----

def values(rounds, moment, which):
    return sorted(m[moment][which] for m in rounds
                  if isinstance(m.get(moment), tuple))


def shown(moment, seconds):
    if moment == DONE:
        return "-"              # it is the memory that counts
    if moment == IDLE:
        return f"{seconds * 100:.1f} %"
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 \
        else f"{seconds * 1000:.1f} ms"


def times(theirs, ours, moment):
    """The ratio of two medians."""
    a, b = values(theirs, moment, 0), values(ours, moment, 0)
    if theirs is ours or not a or not b or moment in (DONE, IDLE):
        return ""
    return f"{statistics.median(a) / statistics.median(b):.1f}"


def print_table(file, rounds):
    print(f"\n{file.title()}\n")
    print("| moment | program | median | spread | peak MB | times gemba's |")
    print("|---|---|--:|---|--:|--:|")
    for moment in (FIRST, INDEX, JUMP, FIND, DONE, IDLE):
        for name, runs in rounds.items():
            seconds = values(runs, moment, 0)
            why = [m[moment] for m in runs if isinstance(m.get(moment), str)]
            if seconds:
                spread = "" if moment == DONE else \
                    f"{shown(moment, seconds[0])} to " \
                    f"{shown(moment, seconds[-1])}"
                print(f"| {moment} | {name} "
                      f"| {shown(moment, statistics.median(seconds))} "
                      f"| {spread} "
                      f"| {max(values(runs, moment, 1)):.1f} "
                      f"| {times(runs, rounds.get('gemba', []), moment)} |")
            else:
                print(f"| {moment} | {name} | {why[0] if why else '-'} "
                      "| | | |")
    sys.stdout.flush()


def measured(rounds, moment, unit):
    if unit == "MB":
        return max(values(rounds, moment, 1), default=None)
    seconds = values(rounds, moment, 0)
    if not seconds:
        return None
    return statistics.median(seconds) * (100 if unit == "%" else 1000)


def print_figures(files, everything, typed):
    lines = []
    for name, moment, limit, unit in FIGURES:
        file = next(f for f in files if f.name == name)
        found = measured(everything[name].get("gemba", []), moment, unit)
        lines.append((f"{moment}, {file.title()}", limit, unit, found))
    if typed:
        lines.append(("typed and profiled, " + files[0].title(),
                      TYPED_SECONDS * 1000, "ms", typed * 1000))
    print("\n| figure of gemba | at most | measured | |\n|---|--:|--:|---|")
    for what, limit, unit, found in lines:
        print(f"| {what} | {limit:g} {unit} | " +
              ("- | |" if found is None else
               f"{found:,.1f} {unit} | {'yes' if found <= limit else 'NO'} |"))


# ---- typed load ----

def time_typed(file, args):
    """gemba's median; and the table beside pandas."""
    runs = {"gemba profile": ([os.path.abspath(args.gemba), "profile",
                               file.path], [])}
    if args.only and "pandas" not in args.only.split(","):
        pass
    elif importlib.util.find_spec("pandas"):
        runs["pandas"] = ([sys.executable, "-c", PANDAS, file.path], [])
    else:
        print("\npandas is not there for this python3: gemba alone is timed.")
    for i in range(args.rounds + 1):
        for words, done in runs.values():
            run = timed(words)
            if i > 0:
                done.append(run)
    return print_typed(file, runs)


def print_typed(file, runs):
    print(f"\nRead, typed and profiled: {file.title()}\n")
    print("| program | median s | spread s | peak MB | of the median |")
    print("|---|--:|---|--:|---|")
    for name, (_, done) in runs.items():
        seconds = sorted(run[0] for run in done)
        parts = ""
        if name == "pandas":
            middle = sorted(done, key=lambda run: run[0])[len(done) // 2]
            parts = "import {} s, read_csv {} s, profile {} s".format(
                *(f"{float(s):.2f}" for s in middle[2].split()))
        print(f"| {name} | {statistics.median(seconds):.3f} "
              f"| {seconds[0]:.3f} to {seconds[-1]:.3f} "
              f"| {max(run[1] for run in done):.0f} | {parts} |", flush=True)
    return statistics.median(run[0] for run in runs["gemba profile"][1])


# ---- all of it ----

def spawn_time(folder):
    """What the starting of any program takes here."""
    taken = []
    for _ in range(9):
        p = Program(["printf", "ready"], SIZE, environment(folder), 5, 1000)
        try:
            taken.append(p.wait(in_one_line(["ready"]), p.started))
        except GaveUp:
            pass
        p.end()
    return statistics.median(taken) if taken else 0


def bench(folder, args):
    files = [File("small", made(folder, "plants", make_small, args.rows)),
             File("large", made(folder, "shifts", make_large,
                                args.large_rows))]
    there = peers(args)
    with tempfile.TemporaryDirectory() as home:
        print(f"{os.cpu_count()} cores, {SIZE[1]} × {SIZE[0]}, the files are "
              "in the page cache; to start any program and see a word of it "
              f"takes {spawn_time(home) * 1000:.1f} ms.")
        everything = {}
        for file in files:
            everything[file.name] = time_all(there, file, home, args)
            print_table(file, everything[file.name])
    typed = None
    if any(peer.name == "gemba" for peer in there):
        typed = time_typed(files[0], args)
        print_figures(files, everything, typed)


def main():
    args = arguments()
    if not os.access(args.gemba, os.X_OK):
        sys.exit(f"there is no program {args.gemba}: --gemba PROGRAM")
    if args.dir:
        os.makedirs(args.dir, exist_ok=True)
        bench(args.dir, args)
    else:
        with tempfile.TemporaryDirectory() as folder:
            bench(folder, args)


main()
