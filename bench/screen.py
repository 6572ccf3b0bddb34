"""A program in a pseudo-terminal, and the text of its screen.

Enough of a terminal to follow what programs on curses write (TERM is
xterm-256color): text, where it goes, and what is erased.  Colours are not
kept.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

TOKEN = re.compile(
    r"\x1b\[(?P<mark>[?>=!]?)(?P<numbers>[0-9;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/][ -~]|\x1b(?P<escape>[0-Z\\^-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f])|(?P<text>[^\x00-\x1f]+)")


class Screen:
    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pending = ""
        self.y = self.x = 0
        self.saved = (0, 0)
        self.top, self.bottom = 0, rows - 1
        self.cell = [self.blank() for _ in range(rows)]

    def blank(self):
        return [" "] * self.columns

    def lines(self):
        return ["".join(row) for row in self.cell]

    def feed(self, data):
        text = self.pending + self.decoder.decode(data)
        at = 0
        while at < len(text):
            token = TOKEN.match(text, at)
            if not token:
                break                   # it goes on in the next bytes
            at = token.end()
            self.take(token)
        self.pending = text[at:]

    def take(self, token):
        if token["text"]:
            for c in token["text"]:
                self.put(c)
        elif token["control"]:
            self.control(token["control"])
        elif token["escape"]:
            self.escape(token["escape"])
        elif token["final"] and not token["mark"]:
            self.command(token["final"], [
                int(n) if n.isdigit() else 0
                for n in token["numbers"].split(";")])

    def put(self, c):
        if unicodedata.combining(c) or unicodedata.category(c) == "Cf":
            return
        wide = unicodedata.east_asian_width(c) in "WF"
        if self.x + wide >= self.columns:
            if self.x >= self.columns:
                self.x = 0
                self.down()
        self.cell[self.y][self.x] = self.last = c
        if wide and self.x + 1 < self.columns:
            self.cell[self.y][self.x + 1] = ""
        self.x += 1 + wide

    def down(self):
        if self.y == self.bottom:
            self.scroll(self.top, 1)
        elif self.y < self.rows - 1:
            self.y += 1

    def scroll(self, top, n):
        """The rows from top on go n up; down, when n is negative."""
        for _ in range(min(abs(n), self.rows)):
            self.cell.pop(top if n > 0 else self.bottom)
            self.cell.insert(self.bottom if n > 0 else top, self.blank())

    def control(self, c):
        if c == "\r":
            self.x = 0
        elif c in "\n\v\f":
            self.down()
        elif c == "\b":
            self.x = max(self.x - 1, 0)
        elif c == "\t":
            self.x = min(self.x // 8 * 8 + 8, self.columns - 1)

    def escape(self, c):
        if c == "7":
            self.saved = self.y, self.x
        elif c == "8":
            self.y, self.x = self.saved
        elif c == "D":
            self.down()
        elif c == "M" and self.y == self.top:
            self.scroll(self.top, -1)
        elif c == "M":
            self.y = max(self.y - 1, 0)

    def command(self, final, number):
        n = number[0] or 1
        if final in "Hf":
            self.y = min(n, self.rows) - 1
            self.x = min((number + [0])[1] or 1, self.columns) - 1
        elif final in "Gd`":
            if final == "d":
                self.y = min(n, self.rows) - 1
            else:
                self.x = min(n, self.columns) - 1
        elif final in "AB":
            self.y = min(max(self.y + (n if final == "B" else -n), 0),
                         self.rows - 1)
        elif final in "CD":
            self.x = min(max(self.x + (n if final == "C" else -n), 0),
                         self.columns - 1)
        elif final == "r":
            self.top = n - 1
            self.bottom = ((number + [0])[1] or self.rows) - 1
            self.y = self.x = 0
        elif final in "ST":
            self.scroll(self.top, n if final == "S" else -n)
        elif final in "LM":
            self.scroll(self.y, n if final == "M" else -n)
        elif final == "b":
            for _ in range(n):
                self.put(self.last)
        else:
            self.erase(final, number[0], n)

    def erase(self, final, what, n):
        row, x = self.cell[self.y], min(self.x, self.columns - 1)
        if final == "J":
            for y in range(self.rows):
                if what == 2 or (y > self.y if what == 0 else y < self.y):
                    self.cell[y] = self.blank()
        if final in "JK" and what == 0:
            row[x:] = [" "] * (self.columns - x)
        elif final in "JK" and what == 1:
            row[:x + 1] = [" "] * (x + 1)
        elif final == "K":
            row[:] = self.blank()
        elif final == "X":
            n = min(n, self.columns - x)
            row[x:x + n] = [" "] * n
        elif final == "P":
            row[x:] = (row[x + n:] + self.blank())[:self.columns - x]
        elif final == "@":
            row[x:] = ([" "] * n + row[x:])[:self.columns - x]


class GaveUp(Exception):
    """Why a program was not waited for any longer."""


class Program:
    """It has limits: seconds for each wait(), and MB of memory."""

    def __init__(self, words, size, environment, seconds, megabytes):
        self.seconds, self.megabytes = seconds, megabytes
        self.screen = Screen(*size)
        self.started = time.perf_counter()
        self.peaks = []
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", *size, 0, 0))
            os.execvpe(words[0], words, environment)

    def type(self, keys):
        os.write(self.fd, keys.encode())
        return time.perf_counter()

    def read(self, wait):
        """When it wrote something that is now on the screen, or None."""
        if not select.select([self.fd], [], [], wait)[0]:
            return None
        now = time.perf_counter()
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            raise GaveUp("it ended")
        self.screen.feed(data)
        return now

    def wait(self, shows, since):
        """Seconds until the lines of the screen are such as wanted."""
        seen = since
        while not shows(self.screen.lines()):
            if time.perf_counter() - since > self.seconds:
                raise GaveUp(f"> {self.seconds:.0f} s")
            memory = self.memory()
            self.peaks.append((time.perf_counter(), memory["VmHWM"]))
            if memory["VmRSS"] > self.megabytes:
                raise GaveUp(f"> {self.megabytes} MB")
            seen = self.read(0.1) or seen
        return seen - since

    def peak_before(self, seconds):
        """MB, as they were seen so many seconds ago."""
        then = time.perf_counter() - seconds
        seen = [mb for when, mb in self.peaks if when <= then]
        return seen[-1] if seen else self.peaks[0][1]

    def memory(self):
        """MB: the peak (VmHWM) and what it is now (VmRSS)."""
        with open(f"/proc/{self.pid}/status") as status:
            return {line.split(":")[0]: int(line.split()[1]) / 1024
                    for line in status if line.startswith(("VmHWM",
                                                           "VmRSS"))}

    def busy(self, seconds):
        """The part of some seconds that it spends on a processor."""
        before, end = self.ticks(), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        ticks = self.ticks() - before
        return ticks / os.sysconf("SC_CLK_TCK") / seconds

    def ticks(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
