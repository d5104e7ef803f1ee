# SPDX-License-Identifier: Apache-2.0
"""Runs commands in turn (A B C, A B C, ...), and keeps of each run the time on the clock, that of the processor, and the peak
memory of its processes. A command that fails is a result with its reason."""
import dataclasses
import os
import pathlib
import shutil
import statistics
import subprocess
import threading
import time


@dataclasses.dataclass
class Way:
    """One way to do a job: its command, and what has to be true for it."""
    name: str
    command: object                    # a list of words, or a line for sh
    needs: str = "sh"                  # the program it is about
    before: str = ""                   # a line for sh, not timed: what an earlier run left goes
    altered: object = None             # a file of the payload as this way reads it, which the bench alters; None: is not asked
    writes: object = None              # what a creation leaves: a file or a folder
    ours: bool = False
    note: str = ""                     # what the figure does not say by itself
    reason: str = ""                   # why there is none
    notices: object = None             # whether an altered payload was noticed; None: not asked
    runs: list = dataclasses.field(default_factory=list)
    memory: float = 0.0                # MB, of all its processes together

    @property
    def median(self):
        return statistics.median(run["seconds"] for run in self.runs) if self.runs and not self.reason else None

    @property
    def spread(self):
        return (min(run["seconds"] for run in self.runs), max(run["seconds"] for run in self.runs))

    @property
    def processor(self):
        return statistics.median(run["processor"] for run in self.runs)


def family(pid):
    """A process and all below it."""
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        try:
            todo += map(int, pathlib.Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    return found


class Watch(threading.Thread):
    """The peaks (VmHWM) of a process and of those below it that live at one time, added; of these sums the largest."""

    PAUSE = 0.0005  # seconds, at first
    SHARE = 0.01    # of the time so far: a long run is looked at less often, so that watching leaves it the machine

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()
        self.before = os.readlink("/proc/self/exe")

    def run(self):
        begin = time.monotonic()
        while not self.over.is_set():
            total = 0
            for pid in family(self.pid):
                try:
                    if os.readlink(f"/proc/{pid}/exe") == self.before:
                        continue  # it is still the bench itself, about to become the command
                    status = pathlib.Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
            self.peak = max(self.peak, total)
            self.over.wait(max(self.PAUSE, self.SHARE * (time.monotonic() - begin)))


def last_words(path):
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return (lines[-1] if lines else "it says nothing")[:160]


def shell(line, folder):
    subprocess.run(["sh", "-c", line], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def once(way, folder, watch=False, limit=900):
    """One run: {"seconds", "processor", "code"}; the last words of a failure are in the folder's file "said"."""
    if way.before:
        shell(way.before, folder)
    words = ["sh", "-c", way.command] if isinstance(way.command, str) else [str(word) for word in way.command]
    said = folder / "said"
    with open(said, "wb") as stream:
        begin = time.perf_counter()
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stream,
                                   env={**os.environ, "TMPDIR": str(folder)})
        alarm = threading.Timer(limit, process.kill)
        alarm.start()
        watcher = Watch(process.pid) if watch else None
        if watcher is not None:
            watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    if watcher is not None:
        watcher.over.set()
        watcher.join()
        way.memory = max(way.memory, watcher.peak / 1024)
    return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "code": process.returncode}


def first(way, folder, counts):
    """The first run warms the caches, samples the memory, and says whether this way works at all. Watching takes a part of a core, so
    it is a result only where counts says so of its seconds: never of what a goal is about."""
    if shutil.which(way.needs) is None:
        way.reason = "not installed"
        return
    try:
        run = once(way, folder, watch=True)
    except (OSError, subprocess.SubprocessError) as fault:
        way.reason = f"does not start: {fault}"[:160]
        return
    if run["code"] != 0:
        way.reason = f"fails (exit {run['code']}): {last_words(folder / 'said')}"
    elif counts(run["seconds"]):
        way.runs.append(run)


def alter(way, folder):
    """Whether a changed byte in the middle of the payload is noticed; the byte is put back."""
    path = folder / way.altered
    with open(path, "r+b") as stream:
        place = os.fstat(stream.fileno()).st_size // 2
        stream.seek(place)
        byte = stream.read(1)
        stream.seek(place)
        stream.write(bytes([byte[0] ^ 1]))
        stream.flush()
        way.notices = once(way, folder)["code"] != 0
        stream.seek(place)
        stream.write(byte)


@dataclasses.dataclass
class Patience:
    """How often a way is run that takes long: so that a whole bench ends while somebody waits. Ours, and what they are compared with,
    are run in every round."""
    always: tuple = ()
    twice: float = float("inf")   # seconds: a way that takes longer is run twice
    once: float = float("inf")    # and this long, once, nor is its payload altered

    def compared(self, way):
        return way.ours or way.name in self.always

    def rounds(self, way, rounds):
        taken = way.runs[0]["seconds"] if way.runs and not self.compared(way) else 0.0
        return 1 if taken > self.once else min(2, rounds) if taken > self.twice else rounds


def interleave(ways, folder, rounds, patience=Patience(), say=print):
    """Every way once a round, as far as patience goes. Altering comes last."""
    for way in ways:
        first(way, folder, lambda seconds, way=way: seconds > 1.0 and not patience.compared(way))
        say(f"    {way.name:34} {way.reason or 'works'}")
    for number in range(rounds):
        for way in ways:
            if way.reason or len(way.runs) > number or len(way.runs) >= patience.rounds(way, rounds):
                continue
            run = once(way, folder)
            if run["code"] != 0:
                way.reason = f"fails (exit {run['code']}): {last_words(folder / 'said')}"
                continue
            way.runs.append(run)
    for way in ways:
        if way.altered is not None and not way.reason and (rounds == 1 or patience.rounds(way, rounds) > 1):
            alter(way, folder)
            say(f"    {way.name:34} {'notices' if way.notices else 'DOES NOT NOTICE'} an altered payload")
    return ways
