"""A link to a namespace of its own that hands each packet on after a while: round trips as of a far network.

It needs root, `ip` and /dev/net/tun, and no netem, which many kernels lack. Handshakes wait as data does."""
import collections
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time

PACKET = 65535
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def command(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def read_all(device, seconds, waiting):
    """What has come, each packet with the moment when it is due."""
    try:
        while True:
            waiting.append((time.monotonic() + seconds, os.read(device, PACKET)))
    except BlockingIOError:
        pass


def hand_over(devices, seconds):
    """Until it is ended."""
    queues = {devices[0]: collections.deque(), devices[1]: collections.deque()}
    other = {devices[0]: devices[1], devices[1]: devices[0]}
    while True:
        due = min((queue[0][0] for queue in queues.values() if queue), default=None)
        wait = None if due is None else max(0, due - time.monotonic())
        for device in select.select(devices, [], [], wait)[0]:
            read_all(device, seconds, queues[device])
        now = time.monotonic()
        for device, queue in queues.items():
            while queue and queue[0][0] <= now:
                os.write(other[device], queue.popleft()[1])


class DelayedLink:
    """Servers listen on `near`; what inside() starts reaches them with this round trip, and nothing else."""

    def __init__(self, round_trip):
        self.name = f"libftp-{os.getpid()}"
        self.child = None
        # Addresses for measurements (RFC 2544), so that several such links can be there.
        network = f"198.18.{os.getpid() // 64 % 256}"
        self.near, far = (f"{network}.{os.getpid() % 64 * 4 + number}" for number in [1, 2])
        ends = [f"libftp{os.getpid()}{end}" for end in "nf"]
        devices = [open_device(end) for end in ends]
        command("ip", "netns", "add", self.name)
        try:
            command("ip", "link", "set", ends[1], "netns", self.name)
            inside = ["ip", "-n", self.name]
            for words, end, own, other in [(["ip"], ends[0], self.near, far), (inside, ends[1], far, self.near)]:
                command(*words, "address", "add", own, "peer", other, "dev", end)
                command(*words, "link", "set", end, "mtu", "65000", "txqueuelen", "10000", "up")
            command(*inside, "link", "set", "lo", "up")
            self.child = os.fork()
            if self.child == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                hand_over(devices, round_trip / 2)
        except BaseException:
            self.close()
            raise
        for device in devices:
            os.close(device)

    def inside(self, words):
        """The command that runs another one at the far end."""
        return ["ip", "netns", "exec", self.name, *words]

    def close(self):
        if self.child:
            os.kill(self.child, signal.SIGTERM)
            os.waitpid(self.child, 0)
        command("ip", "netns", "delete", self.name)


if __name__ == "__main__":  # by hand: delayed_link.py SECONDS COMMAND..., in which NEAR is the address
    link = DelayedLink(float(sys.argv[1]))
    try:
        subprocess.run(link.inside([word.replace("NEAR", link.near) for word in sys.argv[2:]]), check=False)
    finally:
        link.close()
