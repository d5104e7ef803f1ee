# SPDX-License-Identifier: Apache-2.0
"""Power cuts: what a program asks of the file system is recorded (strace), and every state of the disk is made
that a cut at any moment may leave.

What is certain is what was flushed: the bytes of a file by its fsync, the names in a folder by the folder's, all
by syncfs. Of the rest each call may have reached the disk or not, in any order; of a write also its first half, or
the length alone, with zeros where the bytes should be. A rename is one step. That is the least that POSIX promises;
most file systems keep more.
"""
import itertools
import pathlib
import re
import subprocess

TRACED = ("open,openat,openat2,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,syncfs,sync,msync,rename,renameat,renameat2,"
          "link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,truncate,ftruncate,fallocate,copy_file_range,sendfile,splice")
LINE = re.compile(r"^(\d+)\s+(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$")
RESULT = re.compile(r"^(.*?)\)\s+= (-?\d+)(?:<(.*?)>)?.*$")
HALF, ZEROS = "half", "zeros"


def unescaped(text):
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def arguments(text):
    """The arguments of a call; strings and paths are in hex, so that nothing in them is a comma."""
    return [word.strip() for word in text.split(", ")]


class Write:
    def __init__(self, inode, offset, data):
        self.inode, self.offset, self.data = inode, offset, data

    def forms(self):
        return (True, False, HALF, ZEROS)

    def apply(self, disk, form=True):
        data = {HALF: self.data[:len(self.data) // 2], ZEROS: bytes(len(self.data))}.get(form, self.data)
        if data:
            content = disk.content.setdefault(self.inode, bytearray())
            content.extend(bytes(max(0, self.offset - len(content))))
            content[self.offset:self.offset + len(data)] = data

    def flushed_by(self, inode):
        return inode in (self.inode, None)


class Length(Write):
    """A file of that length: cut, or with zeros at its end."""

    def __init__(self, inode, length, grows=False):
        super().__init__(inode, 0, b"")
        self.length, self.grows = length, grows

    def forms(self):
        return (True, False)

    def apply(self, disk, form=True):
        content = disk.content.setdefault(self.inode, bytearray())
        if not self.grows:
            del content[self.length:]
        content.extend(bytes(max(0, self.length - len(content))))


class Names:
    """Names in folders: each (folder, name, inode or None), together or not at all."""

    def __init__(self, *entries):
        self.entries = entries

    def forms(self):
        return (True, False)

    def apply(self, disk, form=True):
        for folder, name, inode in self.entries:
            if inode is None:
                disk.names.pop((folder, name), None)
            else:
                disk.names[folder, name] = inode

    def flushed_by(self, inode):
        return inode is None or any(folder == inode for folder, _, _ in self.entries)


class Flush:
    def __init__(self, inode):
        self.inode = inode


class Said:
    """Something was told to whoever waits."""

    def __init__(self, text):
        self.text = text


class Disk:
    """Files by inode, and their names in folders, which are inodes too. 0 is the folder that is watched."""

    def __init__(self, content=(), names=()):
        self.content, self.names = dict(content), dict(names)

    def copy(self):
        return Disk({inode: bytearray(data) for inode, data in self.content.items()}, self.names)

    def tree(self):
        """{path: bytes; None for a folder} of what has a name."""
        found, below = {}, {}
        for (folder, name), inode in self.names.items():
            below.setdefault(folder, []).append((name, inode))
        waiting = [("", 0)]
        while waiting:
            path, folder = waiting.pop()
            for name, inode in below.get(folder, ()):
                inner = f"{path}{name}"
                if inode < 0:
                    found[inner] = None
                    waiting.append((f"{inner}/", inode))
                else:
                    found[inner] = bytes(self.content.get(inode, b""))
        return found


def tree_of(folder):
    """The same of a real folder."""
    return {path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def put(tree, folder):
    """Makes a real folder of a tree."""
    for path, data in sorted(tree.items()):
        place = folder / path
        if data is None:
            place.mkdir()
        else:
            place.write_bytes(data)


class Recording:
    """One run of a program, and what it asked of the file system below `folder`."""

    def __init__(self, folder, command, environment, code=0):
        self.folder = pathlib.Path(folder).resolve()
        self.numbers = itertools.count(1)
        self.now, self.position, self.steps = Disk(), {}, []
        self.unnamed, self.numbered = {}, {}  # files without a name, by the path that strace shows, and by descriptor
        for path in sorted(self.folder.rglob("*")):
            inode = next(self.numbers) * (-1 if path.is_dir() else 1)
            parent, name = self.place(str(path).encode())
            self.now.names[parent, name] = inode
            if inode > 0:
                self.now.content[inode] = bytearray(path.read_bytes())
        self.before, self.cuts = self.now.copy(), 0
        log = self.folder.parent / f"{self.folder.name}.strace"
        done = subprocess.run(["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={TRACED}", "-o", log, *map(str, command)],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"exit code {done.returncode}: {done.stdout.decode()}{done.stderr.decode()}")
        self.read(log.read_text("ascii"))
        log.unlink()
        if self.now.tree() != tree_of(self.folder):
            differ = {path for path in {**self.now.tree(), **tree_of(self.folder)} if self.now.tree().get(path, 0) != tree_of(self.folder).get(path, 0)}
            raise AssertionError(f"the recorder did not see how these became what they are: {sorted(differ)}")

    # what strace says

    def read(self, text):
        begun = {}
        for line in text.splitlines():
            match = LINE.match(line)
            if match is None:
                continue
            process, resumed, name, rest = match.groups()
            if rest.endswith("<unfinished ...>"):
                begun[process] = rest[:-len("<unfinished ...>")]
                continue
            if resumed:
                name, rest = resumed, begun.pop(process, "") + rest
            result = RESULT.match(rest)
            # "?" stands for a call that did not return
            if result is None or int(result.group(2)) < 0:
                continue
            self.call(name, arguments(result.group(1)), int(result.group(2)), result.group(3))

    def path(self, word, at=None):
        """The path of an argument: a string below the folder of `at` (a descriptor), or a descriptor's own."""
        base = str(self.folder).encode()
        if at is not None and "<" in at:
            base = unescaped(at[at.index("<") + 1:at.rindex(">")])
        if word.startswith('"'):
            given = unescaped(word.strip('"'))
            parts = [part for part in given.split(b"/") if part not in (b"", b".")]
            return b"/" + b"/".join(parts) if given.startswith(b"/") else b"/".join([base, *parts])
        return unescaped(word[word.index("<") + 1:word.rindex(">")]) if "<" in word else None

    def place(self, path):
        """(folder, name) of a path below the watched folder; None: it is elsewhere."""
        root = str(self.folder).encode()
        if path is None or not path.startswith(root + b"/"):
            return None
        *folders, name = path[len(root) + 1:].decode().split("/")
        inode = 0
        for one in folders:
            inode = self.now.names.get((inode, one))
        return inode, name

    def inode(self, path, deleted=False):
        """Of a path, a folder, or a file without a name ("#17" in its folder); None: it is elsewhere."""
        if path == str(self.folder).encode():
            return 0
        if deleted or (path or b"").endswith(b"(deleted)"):
            return self.unnamed.get(path)
        place = self.place(path)
        return self.now.names.get(place, self.unnamed.get(path)) if place else None

    def descriptor(self, word):
        return self.inode(self.path(word), "(deleted)" in word) if "<" in word else None

    def step(self, one):
        self.steps.append(one)
        if isinstance(one, (Write, Names)):
            one.apply(self.now)

    def call(self, name, words, result, given):
        kind = {"pwrite64": "write_at", "openat": "open", "openat2": "open", "creat": "open", "fdatasync": "fsync", "renameat2": "rename",
                "renameat": "rename", "link": "linkat", "unlinkat": "unlink", "rmdir": "unlink", "mkdirat": "mkdir"}.get(name, name)
        at = words[0] if "at" in name and not words[0].startswith('"') else None
        if at is not None and kind in ("open", "unlink", "mkdir", "rename"):
            words = words[1:]
        handler = getattr(self, f"do_{kind}", None)
        if handler is not None:
            handler(words, result, at, given)
        elif any(self.descriptor(word) is not None for word in words) or any(self.place(self.path(word)) for word in words if word.startswith('"')):
            raise AssertionError(f"the recorder does not know the call {name}")

    def do_open(self, words, result, at, given):
        flags = words[1] if len(words) > 1 else "O_CREAT|O_TRUNC"
        path = self.path(words[0], at)
        if "O_TMPFILE" in flags:
            opened = unescaped(given.split("<")[0])
            if opened.startswith(str(self.folder).encode()):
                inode = self.unnamed[opened] = self.numbered[result] = next(self.numbers)
                self.position[inode] = 0
            return
        place = self.place(path)
        if place is None or "O_DIRECTORY" in flags or (inode := self.now.names.get(place, 0)) < 0:
            return
        if inode == 0 and "O_CREAT" in flags:
            inode = next(self.numbers)
            self.step(Names((*place, inode)))
        if inode and "O_RDONLY" not in flags:
            if "O_TRUNC" in flags:
                self.step(Length(inode, 0))
            self.position[inode] = None if "O_APPEND" in flags else 0

    def written(self, inode, offset, data):
        if data:
            self.step(Write(inode, offset, data))

    def do_write(self, words, result, _at, _given):
        data = unescaped(words[1].strip('"'))[:result]
        if words[0].startswith("1<"):
            self.step(Said(data))
            return
        inode = self.descriptor(words[0])
        if inode is None:
            return
        offset = self.position.get(inode)
        if offset is None:
            offset = len(self.now.content.get(inode, b""))
        else:
            self.position[inode] = offset + result
        self.written(inode, offset, data)

    def do_write_at(self, words, result, _at, _given):
        inode = self.descriptor(words[0])
        if inode is not None:
            self.written(inode, int(words[3]), unescaped(words[1].strip('"'))[:result])

    def do_copy_file_range(self, words, result, _at, _given):
        inode = self.descriptor(words[2])
        if inode is None:
            return
        source = self.descriptor(words[0])
        data = bytes(self.now.content[source]) if source is not None else pathlib.Path(self.path(words[0]).decode()).read_bytes()
        begin = int(words[1].strip("[]"))
        self.written(inode, int(words[3].strip("[]")), data[begin:begin + result])

    def do_ftruncate(self, words, _result, _at, _given):
        inode = self.descriptor(words[0])
        if inode is not None and len(self.now.content.get(inode, b"")) != int(words[1]):
            self.step(Length(inode, int(words[1])))

    def do_fallocate(self, words, _result, _at, _given):
        inode, end = self.descriptor(words[0]), int(words[2]) + int(words[3])
        if inode is not None and words[1] == "0" and len(self.now.content.get(inode, b"")) < end:
            self.step(Length(inode, end, grows=True))

    def do_fsync(self, words, _result, _at, _given):
        inode = self.descriptor(words[0])
        if inode is not None:
            self.step(Flush(inode))

    def do_syncfs(self, _words, _result, _at, _given):
        self.step(Flush(None))

    do_sync = do_syncfs

    def do_mkdir(self, words, _result, at, _given):
        if (place := self.place(self.path(words[0], at))) is not None:
            self.step(Names((*place, -next(self.numbers))))

    def do_unlink(self, words, _result, at, _given):
        if (place := self.place(self.path(words[0], at))) is not None:
            self.step(Names((*place, None)))

    def do_rename(self, words, _result, at, _given):
        source = self.place(self.path(words[0], at))
        target = self.place(self.path(words[2] if at is not None else words[1], words[1] if at is not None else None))
        if source is not None and target is not None:
            self.step(Names((*target, self.now.names[source]), (*source, None)))

    def do_linkat(self, words, _result, at, _given):
        source = self.path(words[1] if at is not None else words[0], at)
        target = self.place(self.path(words[3] if at is not None else words[1], words[2] if at is not None else None))
        if target is None:
            return
        if source.startswith(b"/proc/self/fd/"):
            inode = self.numbered[int(source.rsplit(b"/", 1)[1])]
        else:
            inode = self.inode(source)
        self.step(Names((*target, inode)))

    # what a cut leaves

    def states(self, draw, most=64, samples=48):
        """Each (place in the steps, whether something was told, tree) that a cut may leave, all of them where the
        steps that may be missing are few; each only once."""
        known, self.cuts = set(), 0
        certain, pending, told = self.before.copy(), [], b""
        for place in range(len(self.steps) + 1):
            for forms in self.choices(pending, draw, most, samples):
                self.cuts += 1
                disk = certain.copy()
                for one, form in zip(pending, forms, strict=True):
                    if form is not False:
                        one.apply(disk, form)
                tree = disk.tree()
                key = (bool(told), tuple(sorted(tree.items(), key=lambda item: item[0])))
                if key not in known:
                    known.add(key)
                    yield place, told, tree
            if place == len(self.steps):
                return
            step = self.steps[place]
            if isinstance(step, Said):
                told += step.text
            elif isinstance(step, Flush):
                for one in pending:
                    if one.flushed_by(step.inode):
                        one.apply(certain)
                pending = [one for one in pending if not one.flushed_by(step.inode)]
            else:
                pending.append(step)

    @staticmethod
    def choices(pending, draw, most, samples):
        forms = [one.forms() for one in pending]
        count = 1
        for one in forms:
            count *= len(one)
        if count <= most:
            yield from itertools.product(*forms)
            return
        whole = [True] * len(pending)
        yield whole
        yield [False] * len(pending)
        for place, these in enumerate(forms):
            for form in these[1:]:
                yield [*whole[:place], form, *whole[place + 1:]]
            yield [*([False] * place), True, *([False] * (len(pending) - place - 1))]
        for _ in range(samples):
            yield [draw.choice(these) for these in forms]
