// The transfer log that programs for the logs of FTP servers read: xferlog(5), as wu-ftpd began it.
#pragma once

#include <libftp/session/session_observer.hpp>

#include <functional>
#include <string_view>
#include <utility>

namespace libftp {

/// One line for each ended transfer of a file, complete (`c`) or not (`i`), and for each file that DELE removed
/// (direction `d`, as ProFTPD has it):
///
///     Thu Nov 19 10:07:03 2026 1 192.0.2.7 1048576 /pub/a_file.bin b _ o r ann ftp 0 * c
///
/// Times are UTC. A transfer takes whole seconds, one at least. The size is what passed the data connection. A removed
/// file has time and size 0. The path is the one that the user sees. Spaces and control characters in names are `_`, so
/// that the columns stay; other bytes are kept, also where they are not UTF-8.
class xferlog final : public session_observer {
public:
    /// Called with each line, without its end. Calls come from several threads if the sessions do; it must not block
    /// and must not throw.
    using line_writer = std::function<void(std::string_view line)>;

    /// Precondition: `write` is not empty.
    explicit xferlog(line_writer write) : write_(std::move(write)) {}

    void transfer_ended(const session_facts& session, const transfer_report& report) override;
    void changed(const session_facts& session, const change_report& report) override;

private:
    line_writer write_;
};

} // namespace libftp
