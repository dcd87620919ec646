"""The servers that clients are tested against, other people's and ours: how each serves a folder."""
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys

import interop
from interop import PEERS

ACCOUNT = "libftp-peer"  # made by set-up.sh


class Server(interop.InteropTest):
    """A subclass says by server_command() how its server serves self.served to self.user with self.password."""
    authority = None  # whose certificate it shows; without one it knows no TLS

    def setUp(self):
        super().setUp()
        self.prepare()

    def prepare(self):
        """For the servers that work for an account of the system, and change to it."""
        interop.need_root()
        try:
            account = pwd.getpwnam(ACCOUNT)
            self.password = (PEERS / "password").read_text().strip()
            shadow = subprocess.run(["getent", "shadow", ACCOUNT], capture_output=True, text=True, check=True).stdout
        except (KeyError, OSError, subprocess.CalledProcessError) as error:
            self.skipTest(f"set-up.sh did not run: {error}")
        self.hash = shadow.split(":")[1]
        self.user, self.owner = ACCOUNT, f"{account.pw_uid}:{account.pw_gid}"
        shutil.chown(self.served, ACCOUNT, ACCOUNT)

    def peer(self, path):
        """A file of a peer that set-up.sh has unpacked."""
        if not (PEERS / path).exists():
            self.skipTest(f"{PEERS / path} is not there")
        return PEERS / path

    def configuration(self, text):
        path = self.scratch / "configuration"
        path.write_text(text)
        path.chmod(0o600)
        return path

    def connect(self, host="127.0.0.1", active=False):
        self.host, self.active = host, active
        self.port = interop.start_on_free_port(self, host, lambda port: self.server_command(port, host))

    def url(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"ftp://{self.user}@{host}:{self.port}/"


class Vsftpd(Server):
    def server_command(self, port, address):
        (self.scratch / "nothing").mkdir(exist_ok=True)
        listen = f"listen=NO\nlisten_ipv6=YES\nlisten_address6={address}" if ":" in address else \
            f"listen=YES\nlisten_address={address}"
        # Its list of allowed system calls is older than the kernel.
        return [self.peer("vsftpd/usr/sbin/vsftpd"), self.configuration(f"""\
{listen}
listen_port={port}
background=NO
seccomp_sandbox=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
local_umask=022
ascii_upload_enable=YES
ascii_download_enable=YES
chroot_local_user=YES
allow_writeable_chroot=YES
local_root={self.served}
pam_service_name={ACCOUNT}
session_support=NO
secure_chroot_dir={self.scratch}/nothing
xferlog_enable=NO
{self.tls_settings()}""")]

    def tls_settings(self):
        if not self.authority:
            return ""
        return f"""\
ssl_enable=YES
rsa_cert_file={self.authority.certificate}
rsa_private_key_file={self.authority.key}
ssl_ciphers=HIGH
force_local_logins_ssl=YES
force_local_data_ssl=YES
require_ssl_reuse=YES
strict_ssl_read_eof=YES
strict_ssl_write_shutdown=YES
"""


class Proftpd(Server):
    def server_command(self, port, address):
        users = self.scratch / "passwd"
        users.write_text(f"{self.user}:{self.hash}:{self.owner}::{self.served}:/bin/false\n")
        users.chmod(0o600)
        digest = self.peer("proftpd-core/usr/lib/proftpd/mod_digest.so")
        return [self.peer("proftpd-core/usr/sbin/proftpd"), "-n", "-q", "-c", self.configuration(f"""\
ModulePath {digest.parent}
LoadModule mod_digest.c
ServerType standalone
ServerName peer
UseIPv6 on
DefaultAddress {address}
SocketBindTight on
Port {port}
UseReverseDNS off
User {ACCOUNT}
Group {ACCOUNT}
Umask 022
AuthOrder mod_auth_file.c
AuthUserFile {users}
RequireValidShell off
DefaultRoot {self.served}
AllowOverwrite on
AllowStoreRestart on
WtmpLog off
TransferLog none
SystemLog {self.scratch}/log
PidFile {self.scratch}/pid
ScoreboardFile {self.scratch}/scoreboard
<IfModule mod_delay.c>
DelayEngine off
</IfModule>
{self.tls_settings()}""")]

    def tls_settings(self):
        """It demands by default that data connections continue the session."""
        if not self.authority:
            return ""
        tls = self.peer("proftpd-mod-crypto/usr/lib/proftpd/mod_tls.so")
        return f"""\
ModulePath {tls.parent}
LoadModule mod_tls.c
TLSEngine on
TLSRequired on
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile {self.authority.certificate}
TLSECCertificateKeyFile {self.authority.key}
TLSLog {self.scratch}/tls-log
"""


class PureFtpd(Server):
    def server_command(self, port, address):
        users, database = self.scratch / "passwd", self.scratch / "puredb"
        users.write_text(f"{self.user}:{self.hash}:{self.owner}::{self.served}/./::::::::::::\n")
        self.command([self.peer("pure-ftpd/usr/bin/pure-pw"), "mkdb", database, "-f", users])
        return [self.peer("pure-ftpd/usr/sbin/pure-ftpd"), "-S", f"{address},{port}", "-A", "-E", "-H", "-u", "1",
                "-U", "133:022", "-l", f"puredb:{database}", "-g", self.scratch / "pid", "-f", "none", *self.tls_options()]

    def tls_options(self):
        if not self.authority:
            return []
        return ["--tls", "3", "--certfile", f"{self.authority.certificate},{self.authority.key}"]


class Pyftpdlib(Server):
    """It needs no account of the system, and so no root."""

    def prepare(self):
        self.user, self.password = "anna", "open-sesame"

    def server_command(self, port, address):
        library = self.peer("python3-pyftpdlib/usr/lib/python3/dist-packages/pyftpdlib").parent
        handler = "TLS_FTPHandler" if self.authority else "FTPHandler"
        python = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable
        return [python, "-c", f"""
import sys
sys.path.insert(0, {str(library)!r})
from pyftpdlib import authorizers, handlers, servers
handler = handlers.{handler}
handler.authorizer = authorizers.DummyAuthorizer()
handler.authorizer.add_user({self.user!r}, {self.password!r}, {str(self.served)!r}, perm="elradfmwMT")
{self.tls_settings()}
servers.FTPServer(({address!r}, {port}), handler).serve_forever()
"""]

    def tls_settings(self):
        if not self.authority:
            return ""
        return f"""\
handler.certfile, handler.keyfile = {str(self.authority.certificate)!r}, {str(self.authority.key)!r}
handler.tls_control_required = handler.tls_data_required = True
"""


class FtpServer(Server):
    """Ours, which ends in order when nobody is connected any more."""

    def prepare(self):
        self.user, self.password, self.server = interop.USER, interop.PASSWORD, None

    def connect(self, host="127.0.0.1", active=False):
        self.host, self.active = host, active
        self.server, self.port = interop.start_our_server(self, self.served, host, *self.tls_options())

    def tls_options(self):
        if not self.authority:
            return []
        return ["--tls=require", "--tls-binding=require", "--tls-cert", self.authority.certificate, "--tls-key",
                self.authority.key]

    def tearDown(self):
        if self.server:
            self.server.signal(signal.SIGTERM)
            self.assertEqual(self.server.child.wait(20), 0, "exit code of ftp-server")
