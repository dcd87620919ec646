"""The servers that are measured: those of the interop tests, ours, nginx and the floors."""
import ctypes
import pathlib
import socket
import sys
import time

from measured_process import Process, adopt_orphans  # noqa: F401, for those that measure

sys.path.append(str(pathlib.Path(__file__).parents[1] / "interop"))
import certificates  # noqa: E402
import foreign_servers  # noqa: E402
import interop  # noqa: E402

MANY = 20000  # sessions, where a server wants to know how many there may be


def cheap_hash(password):
    """Logging in is to cost the server, not a hash that is slow on purpose: crypt(3) makes this one in 3 us."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    return library.crypt(password.encode(), b"ab").decode()


class Measured:
    """Comes before a server of the interop tests among the bases."""
    scratch_parent = "/dev/shm"
    programs = None  # the folder of ours
    shared = None  # a folder that other servers serve too
    cpus = 1  # that it runs on
    process_per_session = False

    def folder(self, name, files=None):
        return self.shared if self.shared and name == "served" else super().folder(name, files)

    def start(self, command):
        self.process = Process(command)
        self.addCleanup(self.process.end)
        return self.process

    def program(self, name):
        if not (self.programs / name).exists():
            self.skipTest(f"{self.programs / name} is not built")
        return self.programs / name

    def load_arguments(self, arguments):
        """What ftp_load is told, if this is what it is told for others."""
        return arguments


class OfAnAccount(Measured):
    """One that changes to the account of the interop tests, with a process for each session."""
    process_per_session = True

    def prepare(self):
        super().prepare()
        self.hash = cheap_hash(self.password)


class Vsftpd(OfAnAccount, foreign_servers.Vsftpd):
    def prepare(self):
        """It asks the system for the password, which has the cheap hash as long as the server runs."""
        super().prepare()
        self.command([interop.need("chpasswd"), "--encrypted"], f"{self.user}:{self.hash}\n")
        self.addCleanup(self.command, [interop.need("chpasswd")], f"{self.user}:{self.password}\n")

    def configuration(self, text):
        return super().configuration(f"{text}\nmax_clients={MANY}\nmax_per_ip={MANY}\n")

    def tls_settings(self):
        return super().tls_settings().replace("require_ssl_reuse=YES", "require_ssl_reuse=NO")


class Proftpd(OfAnAccount, foreign_servers.Proftpd):
    def tls_settings(self):
        return super().tls_settings() + ("TLSOptions NoSessionReuseRequired\n" if self.authority else "")


class PureFtpd(OfAnAccount, foreign_servers.PureFtpd):
    def server_command(self, port, address):
        return [*super().server_command(port, address), "-c", str(MANY), "-L", "10000000:10"]


class Pyftpdlib(Measured, foreign_servers.Pyftpdlib):
    def server_command(self, port, address):
        """It has no accounts of its own with hashes, but is made to be given some."""
        *python, program = super().server_command(port, address)
        return [*python, program.replace("handler.authorizer = authorizers.DummyAuthorizer()", f"""\
import ctypes
library = ctypes.CDLL("libcrypt.so.1")
library.crypt.restype = ctypes.c_char_p
expected = {cheap_hash(self.password).encode()!r}
class HashingAuthorizer(authorizers.DummyAuthorizer):
    def validate_authentication(self, user, password, handler):
        if not self.has_user(user) or library.crypt(password.encode(), expected) != expected:
            raise authorizers.AuthenticationFailed("no")
handler.authorizer = HashingAuthorizer()
servers.FTPServer.max_cons = {MANY}""")]


class FtpServer(Measured, foreign_servers.Server):
    """Ours, as it is without options, but for how many sessions may come from one address."""

    def prepare(self):
        self.user, self.password = interop.USER, interop.PASSWORD

    def server_command(self, port, address):
        users = self.scratch / "users"
        users.write_text(f"{self.user}:{cheap_hash(self.password)}:full:\n")
        tls = ["--tls=require", "--tls-cert", self.authority.certificate,
               "--tls-key", self.authority.key] if self.authority else []
        return [self.program("ftp-server"), str(port), self.served, "--listen", address, "--users", users,
                f"--threads={self.cpus}", f"--max-sessions={MANY}", f"--max-sessions-per-address={MANY}", *tls]


class Floor(Measured, foreign_servers.Server):
    """It takes any password."""
    options = []

    def prepare(self):
        self.user, self.password = interop.USER, interop.PASSWORD

    def server_command(self, port, address):
        tls = [self.authority.certificate, self.authority.key] if self.authority else []
        return [self.program("ftp_floor"), str(port), self.served, *tls, *self.options]


class SpliceFloor(Floor):
    options = ["--upload=splice"]


class Nginx(Measured, foreign_servers.Server):
    """What the same files take by HTTP."""

    def prepare(self):
        self.user, self.password = interop.USER, interop.PASSWORD

    def connect(self, host="127.0.0.1", active=False):
        self.host, self.active, self.port = host, active, interop.free_port(host)
        self.start(self.server_command(self.port, host))
        deadline = time.monotonic() + 15
        while self.process.runs() and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((host, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("nginx does not start")

    def server_command(self, port, address):
        tls = f"ssl_certificate {self.authority.certificate}; ssl_certificate_key {self.authority.key}; " \
            "ssl_protocols TLSv1.3;" if self.authority else ""
        return [interop.need("nginx"), "-e", "stderr", "-c", self.configuration(f"""\
user root; daemon off; worker_processes {self.cpus}; pid {self.scratch}/pid;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on;
    server {{ listen {address}:{port}{" ssl" if tls else ""}; root {self.served}; {tls} }}
}}
""")]

    def load_arguments(self, arguments):
        return ["http", *arguments[1:]]


OURS = "ours"
PEERS = {"vsftpd": Vsftpd, "proftpd": Proftpd, "pure-ftpd": PureFtpd, "pyftpdlib": Pyftpdlib}
FLOORS = {"floor": Floor, "splice-floor": SpliceFloor}
SERVERS = {OURS: FtpServer, **PEERS, **FLOORS, "nginx": Nginx}


def open_server(name, protected, shared=None, cpus=1):
    """A server that runs, to be ended by doCleanups(); unittest.SkipTest says what is missing."""
    server = SERVERS[name]()
    server.transcript, server.shared, server.cpus = [], shared, cpus
    try:
        server.setUp()
        server.authority = certificates.Authority(server) if protected else None
        server.connect()
    except BaseException:
        server.doCleanups()
        raise
    return server
