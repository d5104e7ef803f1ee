# SPDX-License-Identifier: Apache-2.0
"""What strace -f saw, and which of it a confined process did."""
import re

CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
THREAD = re.compile(r"^(\d+) +(?:<\.\.\. )?clone(?:\(| resumed>).* = (\d+)$")


def calls(text):
    """(process, call, arguments, whether it was confined by then) of each line of strace -f that begins a call."""
    confined = set()
    for line in text.splitlines():
        match = CALL.match(line)
        if match:
            yield int(match[1]), match[2], match[3], int(match[1]) in confined
            if match[2] == "seccomp":
                confined.add(int(match[1]))
        thread = THREAD.match(line)
        if thread and int(thread[1]) in confined:
            confined.add(int(thread[2]))
