"""A network that nobody else uses: loopback alone, where closed connections keep no port."""
import ctypes
import os
import pathlib
import subprocess
import sys

CLONE_NEWNET = 0x40000000


def leave_the_others():
    """From now on this process, and what it starts, has a network of its own.

    A server that closes first leaves its port of a data connection behind for a minute, and thousands of files a second
    would use all ports up: then the next server would fail, or search for a port, for what those before it have done.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWNET) != 0:
        print(f"no network of its own: {os.strerror(ctypes.get_errno())}; ports may run out", file=sys.stderr)
        return
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    pathlib.Path("/proc/sys/net/ipv4/tcp_max_tw_buckets").write_text("0")
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("20000 65000")
