# SPDX-License-Identifier: Apache-2.0
"""A TPM of one's own for each test (swtpm on a Unix socket), a proxy that changes what passes, and
answers of TPMs that do not work."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

HEADER = 10


class Swtpm:
    """One swtpm. Paths of Unix sockets are short, so it lives below /tmp."""

    def __init__(self, started=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cretula-tpm-", dir="/tmp"))
        self.path = self.folder / "tpm"
        self.tcti = f"swtpm:path={self.path}"
        self.process = None
        self.start(started)

    def start(self, started=True):
        (self.folder / "state").mkdir(exist_ok=True)
        for path in (self.path, self.control):
            path.unlink(missing_ok=True)
        flags = "not-need-init,startup-clear" if started else "not-need-init"
        self.process = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}/state",
             "--server", f"type=unixio,path={self.path}",
             "--ctrl", f"type=unixio,path={self.control}", "--flags", flags],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.listens(self.path) and self.listens(self.control))

    def listens(self, path):
        """A socket has its name before anybody listens there: only a connection says so."""
        if self.process.poll() is not None:
            raise AssertionError(f"swtpm ended with exit code {self.process.returncode}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(path)) == 0

    @property
    def control(self):
        return pathlib.Path(f"{self.path}.ctrl")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)

    def tool(self, *arguments, code=0, stdin=None):
        """A program of tpm2-tools on this TPM; gives what it printed (and, where it failed, what it
        said of that)."""
        done = subprocess.run(
            [str(argument) for argument in arguments], input=stdin, capture_output=True, check=False,
            env={**os.environ, "TPM2TOOLS_TCTI": self.tcti, "TSS2_LOG": "all+NONE"})
        if code is not None and done.returncode != code:
            raise AssertionError(f"{arguments}: exit code {done.returncode}\n"
                                 f"{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode() + (done.stderr.decode() if done.returncode else "")

    def left_over(self):
        """Sessions and transient objects that nobody flushed."""
        return (self.tool("tpm2_getcap", "handles-loaded-session")
                + self.tool("tpm2_getcap", "handles-transient")).strip()

    def handles(self):
        return (self.tool("tpm2_getcap", "handles-nv-index")
                + self.tool("tpm2_getcap", "handles-persistent")).split()


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.005)


def receive(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def receive_message(connection):
    """One command or response: tag, size, code, rest."""
    head = receive(connection, HEADER)
    return head + receive(connection, int.from_bytes(head[2:6], "big") - HEADER)


def command_code(command):
    return int.from_bytes(command[6:10], "big")


class Listener:
    """A Unix socket served by threads; handle() gets each connection."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(8)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self.guarded, args=(connection,), daemon=True).start()

    def guarded(self, connection):
        with contextlib.suppress(OSError), connection:
            self.handle(connection)

    def handle(self, connection):
        raise NotImplementedError

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Pump(Listener):
    """Passes everything on as it is: the control channel."""

    def __init__(self, path, target):
        self.target = target
        super().__init__(path)

    def handle(self, connection):
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(self.target))
            back = threading.Thread(target=self.copy, args=(other, connection), daemon=True)
            back.start()
            self.copy(connection, other)
            back.join(5)

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class Proxy(Listener):
    """Between the program and a TPM. change(number, command, response) gives the response that the
    program gets; before(number, command) the command that the TPM gets."""

    def __init__(self, tpm, change=None, before=None):
        self.tpm = tpm
        self.change = change or (lambda number, command, response: response)
        self.before = before or (lambda number, command: command)
        self.number = 0
        self.log = []  # (command, response) as they passed before a change
        self.path = tpm.folder / f"proxy-{time.monotonic_ns()}"
        self.tcti = f"swtpm:path={self.path}"
        self.pump = Pump(f"{self.path}.ctrl", tpm.control)
        super().__init__(self.path)

    def handle(self, connection):
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(self.tpm.path))
            while True:
                command = receive_message(connection)
                number, self.number = self.number, self.number + 1
                other.sendall(self.before(number, command))
                response = receive_message(other)
                self.log.append((command, response))
                connection.sendall(self.change(number, command, response))

    def close(self):
        super().close()
        self.pump.close()
        for path in (self.path, pathlib.Path(f"{self.path}.ctrl")):
            path.unlink(missing_ok=True)


class Breaking(Proxy):
    """Passes on as many commands; then the connection ends before an answer, and whoever calls again waits for ever, as
    behind a connection that nobody closed."""

    def __init__(self, tpm, commands):
        self.broken = threading.Event()
        self.commands = commands
        super().__init__(tpm)

    def handle(self, connection):
        if self.broken.is_set():
            connection.recv(1 << 16)
            threading.Event().wait()
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(self.tpm.path))
            while True:
                command = receive_message(connection)
                if self.number == self.commands:
                    self.broken.set()
                    return
                self.number += 1
                other.sendall(command)
                connection.sendall(receive_message(other))


class Answer(Listener):
    """No TPM, but something that gives one answer to everything: a response code, or bytes."""

    def __init__(self, folder, code=None, data=None):
        self.path = pathlib.Path(folder) / f"answer-{time.monotonic_ns()}"
        self.tcti = f"swtpm:path={self.path}"
        self.data = data if data is not None else (
            b"\x80\x01" + (HEADER).to_bytes(4, "big") + code.to_bytes(4, "big"))
        self.control = Zeros(f"{self.path}.ctrl")
        super().__init__(self.path)

    def handle(self, connection):
        while True:
            receive_message(connection)
            connection.sendall(self.data)

    def close(self):
        super().close()
        self.control.close()
        for path in (self.path, pathlib.Path(f"{self.path}.ctrl")):
            path.unlink(missing_ok=True)


class Zeros(Listener):
    """A control channel that agrees to everything."""

    def handle(self, connection):
        while connection.recv(4096):
            connection.sendall(bytes(4))
