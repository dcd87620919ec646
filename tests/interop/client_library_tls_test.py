"""The client library by TLS against servers that demand it as strictly as they can, through client_driver."""
import sys

import client_library_test
import foreign_servers
import interop
from certificates import Authority


class ClientLibraryOverTls(interop.FourWays):
    """Each case happens with TLS 1.2 only and with TLS 1.3 only."""
    drive_once = client_library_test.ClientLibrary.drive
    options = []

    def setUp(self):
        super().setUp()
        self.authority = Authority(self)

    def drive(self, case, *options):
        for version in ["1.2", "1.3"]:
            with self.subTest(version):
                self.drive_once(case, "--tls=require", f"--ca={self.authority.ca}", f"--tls-version={version}", *options)

    def exchange(self, host="127.0.0.1", active=False):
        self.connect(host, active)
        self.drive("exchange")

    def test_resume(self):
        self.connect()
        self.drive("resume")

    def test_trees(self):
        self.connect()
        self.drive("trees", "--sessions=2")

    def test_trees_active(self):
        self.connect(active=True)
        self.drive("trees")

    def test_many_files(self):
        self.connect()
        self.drive("many", "--files=100")

    def test_sizes(self):
        self.connect()
        self.drive("sizes")

    def test_ends_in_the_middle(self):
        self.connect()
        self.drive("cancel")


class LibraryVsftpdTls(ClientLibraryOverTls, foreign_servers.Vsftpd):
    pass


class LibraryProftpdTls(ClientLibraryOverTls, foreign_servers.Proftpd):
    pass


class LibraryPureFtpdTls(ClientLibraryOverTls, foreign_servers.PureFtpd):
    pass


class LibraryPyftpdlibTls(ClientLibraryOverTls, foreign_servers.Pyftpdlib):
    pass


class LibraryFtpServerTls(ClientLibraryOverTls, foreign_servers.FtpServer):
    options = ["--expect-everything"]


if __name__ == "__main__":
    interop.InteropTest.scratch_parent = client_library_test.folder_in_memory()
    cases = [LibraryVsftpdTls, LibraryProftpdTls, LibraryPureFtpdTls, LibraryPyftpdlibTls, LibraryFtpServerTls]
    sys.exit(interop.run(cases, sys.argv[1:], client_library_test.SECONDS))
