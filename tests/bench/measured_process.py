"""A server as the system sees it: all processes that belong to it, their CPU time and their memory."""
import contextlib
import ctypes
import os
import pathlib
import re
import signal
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """What a server has started, and leaves behind, becomes ours: else nobody could tell what time it took."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Process:
    """A server without a log, and all that it starts: a session of the system, whose number is its process id."""
    lines = ["what it says is thrown away"]

    def __init__(self, command):
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True)

    def runs(self):
        return self.child.poll() is None

    def members(self):
        """Process ids with the fields of stat behind the name: the session, and children that have left it."""
        found = {}
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                found[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
            except OSError:
                pass  # it has just ended
        members = {number for number, fields in found.items() if int(fields[3]) == self.child.pid}
        while more := {number for number, fields in found.items() if int(fields[1]) in members} - members:
            members |= more
        return [(number, found[number]) for number in members]

    def cpu_seconds(self):
        """Of all that ran and run: theirs, and what they have inherited from those that they waited for."""
        return sum(int(field) for _, fields in self.members() for field in fields[11:15]) / TICKS

    def kibibytes(self, file, field):
        """The sum of what a file of /proc says for each process, as Pss in smaps_rollup or VmHWM in status."""
        total = 0
        for number, _ in self.members():
            try:
                found = re.search(rf"^{field}:\s+(\d+) kB$", pathlib.Path(f"/proc/{number}/{file}").read_text(), re.M)
                total += int(found.group(1)) if found else 0
            except OSError:
                pass  # it has just ended
        return total

    def forget_peak(self):
        """VmHWM counts from now on."""
        for number, _ in self.members():
            pathlib.Path(f"/proc/{number}/clear_refs").write_text("5")

    def bury_orphans(self):
        for number, fields in self.members():
            if fields[0] == "Z" and int(fields[1]) == os.getpid() and number != self.child.pid:
                os.waitpid(number, 0)

    def end(self):
        for number in [signal.SIGTERM, signal.SIGKILL]:
            for member, _ in self.members():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member, number)
            try:
                self.child.wait(2)
            except subprocess.TimeoutExpired:
                continue
        self.bury_orphans()
