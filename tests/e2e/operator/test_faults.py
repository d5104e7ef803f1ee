# SPDX-License-Identifier: Apache-2.0
"""Whatever the machine denies (memory, a descriptor, a read, a library), no run answers what it did not find
out: what must be refused is refused or undecided, what must be accepted is accepted or undecided.

Each run is first recorded: every allocation, open, read, write, stat ... with the way to it. Then one of them
fails at a time (fault_shim.c). A plain run tries some of them; a heavy one every way at least once, and prints
what came of it.
"""
import collections
import itertools
import os
import pathlib
import random
import resource
import shutil
import struct
import subprocess
import time
import unittest

from fault_case import FaultCase
from harness import BUILD, CLEAN_ENVIRONMENT, HEAVY, SANITIZED, VERIFY, main, noise

SHIM = pathlib.Path(os.environ.get("CRETULA_FAULT_SHIM") or BUILD / "tests" / "tools" / "fault_shim.so")
KINDS = ("alloc", "open", "read", "write", "stat", "mmap", "dlopen", "other", "intr", "short")
# The same for people, with what the kernel itself denies.
NAMES = {"alloc": "of these: allocations", "open": "opening", "read": "reading", "write": "writing, flushing, naming", "stat": "looking at files",
         "mmap": "mapping", "dlopen": "loading libraries", "other": "processes, threads, locks, clock, random bytes", "intr": "interrupted (EINTR)",
         "short": "half of what was asked for", "descriptors": "few descriptors", "space": "little address space"}
# No fault: a call that a signal interrupted, or that moved fewer bytes than it was asked for, is called again.
PATIENT = ("intr", "short")
# How many faults are tried for each run: of a plain test, and of a heavy one (besides ways never tried before).
PLAIN = {"alloc": 3, "open": 1, "read": 1, "write": 1, "stat": 0, "mmap": 1, "dlopen": 1, "other": 0, "intr": 1, "short": 1}
MOST = {"alloc": 40, "read": 12, "write": 12, "stat": 12, "intr": 12, "short": 12}
# Every how many-th fault is not one failure, but all from there on.
LASTING = 5
VERDICTS = ("ACCEPTED", "REFUSED", "GENUINE", "SOUND", "NOT SOUND")
OUTCOMES = ("as without it", "undecided", "not met", "wrong")


class Fault:
    def __init__(self, process, kind, number, lasting):
        self.process, self.kind, self.number, self.lasting = process, kind, number, lasting

    def environment(self, fired):
        return {"LD_PRELOAD": str(SHIM), "FAULT_KIND": self.kind, "FAULT_AT": str(self.number), "FAULT_PROCESS": str(self.process),
                "FAULT_FIRED": str(fired), **({"FAULT_REST": "1"} if self.lasting else {})}

    def __str__(self):
        return (f"{self.kind} {self.number}{' and all later ones' if self.lasting else ''} of "
                f"{'the child' if self.process else 'the program'}")


class Limit:
    """What the kernel itself denies: descriptors above a number, or address space."""

    def __init__(self, kind, amount):
        self.kind, self.amount = kind, amount

    def apply(self):
        which = {"descriptors": resource.RLIMIT_NOFILE, "space": resource.RLIMIT_AS}[self.kind]
        resource.setrlimit(which, (self.amount, self.amount))

    def __str__(self):
        return f"{self.amount} {self.kind}"


# All that a run meets between "cannot begin" and "enough".
LIMITS = [Limit("descriptors", number) for number in range(3, 16)] + [
    Limit("space", kilobytes << 10) for kilobytes in range(9000, 30000, 500)]


@unittest.skipIf(SANITIZED, "the sanitizers bring an allocator of their own")
class Faults(FaultCase):
    def setUp(self):
        super().setUp()
        self.ways = set()  # tried in some run
        self.draw = random.Random(28)
        self.numbers = itertools.count()
        self.table = collections.Counter()
        self.wrong = []

    def once(self, command, environment, prefix=(), before=None):
        """Runs it in a new folder, which stays; exit code, standard output and error, the folder."""
        out = self.folder / f"out-{next(self.numbers)}"
        out.mkdir()
        words = [str(word) for word in (*prefix, *command(out))]
        done = subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120,
                              preexec_fn=before, env={**CLEAN_ENVIRONMENT, **environment})
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), out

    def recorded(self, run):
        """Every call of the run: (process, kind, way), in order of each process and kind."""
        log = self.folder / "log"
        code, stdout, stderr, out = self.once(run.command, {"LD_PRELOAD": str(SHIM), "FAULT_LOG": str(log)}, ("setarch", "-R"))
        self.assertEqual(code, run.code, f"{run.name}: {stdout}{stderr}")
        for word in run.says:
            self.assertIn(word, stdout + stderr, run.name)
        if run.makes and run.code == 0:
            self.assertTrue((out / run.makes).exists(), run.name)
        shutil.rmtree(out)
        with open(log, "rb") as stream:
            count, = struct.unpack("<Q8x", stream.read(16))
            data = stream.read(16 * count)
        self.assertEqual(len(data), 16 * count, "more calls than the shim has room for")
        log.unlink()
        calls = []
        counts = collections.Counter()
        for process, kind, way in struct.iter_unpack("<IIQ", data):
            counts[process, kind] += 1
            calls.append((process, KINDS[kind], counts[process, kind], way))
        self.assertGreater(len(calls), 100, "the shim is not in effect")
        return calls

    def chosen(self, run, calls):
        """Which calls fail in turn."""
        first = {}
        for process, kind, number, way in calls:
            first.setdefault((process, kind, way), number)
        for kind in KINDS:
            places = [key for key in first if key[1] == kind]
            new = [key for key in places if key not in self.ways]
            if HEAVY:
                known = [key for key in places if key in self.ways]
                picked = new + self.draw.sample(known, min(len(known), max(0, MOST.get(kind, len(known)) - len(new))))
            else:
                picked = self.draw.sample(places, min(len(places), PLAIN[kind]))
            self.ways.update(key for key in picked)
            for place, key in enumerate(picked):
                yield Fault(key[0], kind, first[key], kind == "alloc" and place % LASTING == LASTING - 1)

    def judged(self, run, fault, code, stdout, stderr, out):
        """What came of it: the column of the table, and what is wrong with it."""
        if code not in ((run.code,) if fault.kind in PATIENT and fault.kind not in run.told else (run.code, 3)):
            # The dynamic linker itself, before there is a program.
            if code == 127 and "error while loading shared libraries" in stderr and not stdout:
                return "undecided", None
            return "wrong", f"exit code {code}"
        if code == run.code:
            missing = [word for word in run.says if word not in stdout + stderr]
            # A refusal that cannot be printed is one all the same.
            if missing and not (code == 1 and fault.kind == "write"):
                return "wrong", f"exit code {code} without {missing}"
        elif any(line.startswith(VERDICTS) for line in stdout.splitlines()[:1]):
            return "wrong", "exit code 3 with a verdict"
        if code == 3 and not (stdout + stderr).strip():
            return "wrong", "exit code 3 without a word"
        if run.makes and code != 0 and (out / run.makes).exists():
            return "wrong", f"exit code {code}, and {run.makes} is there"
        if run.after and (out / run.after[1]).exists():
            if run.settle:
                run.settle()
            words = [str(word) for word in (*run.after[0], out / run.after[1])]
            if subprocess.run(words, capture_output=True, check=False, env=CLEAN_ENVIRONMENT).returncode != 0:
                return "wrong", f"exit code {code}, and {run.after[1]} is not sound"
        left = [path.name for path in out.iterdir() if path.name.startswith(".") or path.name.endswith(".tmp")]
        if left:
            return "wrong", f"exit code {code}, and {left} stayed"
        return ("as without it" if code == run.code else "undecided"), None

    def attempt(self, run, fault):
        fired = self.folder / "fired"
        fired.unlink(missing_ok=True)
        if isinstance(fault, Limit):
            code, stdout, stderr, out = self.once(run.command, {}, before=fault.apply)
        else:
            code, stdout, stderr, out = self.once(run.command, fault.environment(fired))
        outcome, fault_found = self.judged(run, fault, code, stdout, stderr, out)
        if isinstance(fault, Fault) and not any(fired.read_bytes()) and fault_found is None:
            outcome = "not met"
        shutil.rmtree(out)
        self.table[run.name, outcome] += 1
        self.table[fault.kind, outcome] += 1
        self.table[run.name, fault.kind, outcome] += 1
        if fault_found:
            self.wrong.append(f"{run.name}, {fault}: {fault_found}\n{stdout[:400]}{stderr[:400]}")
            print(self.wrong[-1], flush=True)

    def leave_rows(self, run):
        """For the table of docs/testing.md (tests/tools/fault_tables.py): a command, a kind of fault, what came of it."""
        if os.environ.get("CRETULA_FAULT_ROWS"):
            with open(os.environ["CRETULA_FAULT_ROWS"], "a", encoding="utf-8") as stream:
                for kind, name in NAMES.items():
                    print(run.name, name, *(self.table[run.name, kind, one] for one in OUTCOMES), sep="\t", file=stream)

    def print_table(self, runs, seconds):
        def line(name, key):
            counts = [self.table[key, one] for one in OUTCOMES]
            return f"{name:32} {sum(counts):7}" + "".join(f"{one:15}" for one in counts)
        print(f"{'':32} {'faults':>7}" + "".join(f"{one:>15}" for one in OUTCOMES))
        for run in runs if HEAVY else ():
            print(line(f"{'accept' if run.code == 0 else 'refuse'}  {run.name}", run.name))
        for kind in NAMES:
            print(line(kind, kind))
        print(f"{len(runs)} runs, {sum(run.code != 0 for run in runs)} to be refused; {seconds:.0f} s", flush=True)

    def test_no_answer_without_finding_out(self):
        self.assertTrue(SHIM.exists(), SHIM)
        begin = time.monotonic()
        runs = self.all_runs()
        only = os.environ.get("CRETULA_FAULT_RUNS")
        runs = [run for run in runs if not only or run.name in only.split(";")]
        self.assertTrue(runs, only)
        for run in runs:
            for fault in self.chosen(run, self.recorded(run)):
                self.attempt(run, fault)
            for fault in LIMITS if HEAVY else self.draw.sample(LIMITS, 1):
                self.attempt(run, fault)
            if HEAVY:
                print(f"{run.name}: {sum(self.table[run.name, one] for one in OUTCOMES)} tried, {self.table[run.name, 'wrong']} wrong", flush=True)
            self.leave_rows(run)
        self.print_table(runs, time.monotonic() - begin)
        self.assertEqual(self.wrong, [], "\n\n".join(self.wrong[:40]))

    def long_list(self, entries):
        """A list of the vendor's root with many certificates, the one that signed the release among them."""
        self.revoked("vendor")
        index = self.folder / "ca" / "index.txt"
        line = index.read_text("ascii")
        date = line.split("\t")[1], line.split("\t")[2]
        index.write_text(line + "".join(f"R\t{date[0]}\t{date[1]}\t{number:032X}\tunknown\t/CN=x\n"
                                        for number in range(1 << 120, (1 << 120) + entries)), "ascii")
        der = self.folder / "list.der"
        self.run_program("openssl", "crl", "-in", self.revoked(), "-outform", "DER", "-out", der, code=0)
        return der

    def test_little_address_space(self):
        """A revoked release and a list of 11 MB: with every amount of memory it is refused, or undecided."""
        archive = self.folder / "good.tar"
        (self.folder / "firmware.bin").write_bytes(noise(5000, "firmware"))
        self.sign("pack", self.description(["firmware.bin"]), *self.key("vendor"), "--out", archive)
        crl = self.long_list(290000)
        command = ("check", archive, "--anchor", self.root("vendor"), "--crl", crl, "--jobs", "1")
        self.assertIn("revoked", self.verify(*command, code=1).out)
        met = collections.Counter()

        def refused(kilobytes):
            def little():
                resource.setrlimit(resource.RLIMIT_AS, (kilobytes << 10, kilobytes << 10))
            done = subprocess.run([str(word) for word in (VERIFY, *command)], capture_output=True, text=True, check=False,
                                  preexec_fn=little, env=CLEAN_ENVIRONMENT)
            met[done.returncode] += 1
            # The dynamic linker says 127 where not even the libraries find their place.
            self.assertIn(done.returncode, (1, 3, 127), f"{kilobytes} kB: {done}")
            self.assertEqual(done.stdout.startswith("REFUSED"), done.returncode == 1, f"{kilobytes} kB: {done}")
            return done.returncode == 1
        # Around the amount that is just enough, a few allocations fail: those of the last step of the work.
        little, enough = 40000, 200000
        while enough - little > 250:
            middle = (little + enough) // 2
            little, enough = (little, middle) if refused(middle) else (middle, enough)
        for kilobytes in range(enough - 3000, enough + 1000, 100 if HEAVY else 500):
            refused(kilobytes)
        print(f"refused {met[1]}, undecided {met[3]}, not started {met[127]} times", flush=True)
        self.assertGreater(met[1], 0)
        self.assertGreater(met[3], 0)


if __name__ == "__main__":
    main()
