// A walk over all commands: each with a name in every place that takes one, and carried out as far as it goes.
#pragma once

#include <libftp/protocol/command_table.hpp>

#include "session_script.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

/// How a command is said, with `%` for the name; commands that go together stand in one text. What is not among these
/// takes a name alone, or nothing.
struct command_form {
    std::string_view command;
    std::string_view text;
};

inline constexpr command_form command_forms[]{
    {"COMB", R"(COMB "%" "a")"},
    {"COMB", R"(COMB "new" "%")"},
    {"LIST", "LIST -laR %"},
    {"LIST", "LIST %/*"},
    {"MDTM", "MDTM 20200101000000 %"},
    {"MFCT", "MFCT 20200101000000 %"},
    {"MFF", "MFF Modify=20200101000000;UNIX.mode=0600; %"},
    {"MFMT", "MFMT 20200101000000 %"},
    {"NLST", "NLST -d %"},
    {"RNFR", "RNFR %\r\nRNTO moved"},
    {"RNTO", "RNFR a\r\nRNTO %"},
    {"STAT", "STAT -aR %"},
    {"STOR", "REST 0\r\nSTOR %"},
    {"STOR", "TYPE I\r\nREST 1\r\nSTOR %"},
    {"XCRC", R"(XCRC "%" 0 1)"},
    {"SITE CHGRP", "SITE CHGRP 0 %"},
    {"SITE CHMOD", "SITE CHMOD 600 %"},
    {"SITE COPY", R"(SITE COPY "%" "copy")"},
    {"SITE COPY", R"(SITE COPY "a" "%")"},
    {"SITE CPFR", "SITE CPFR %\r\nSITE CPTO copy"},
    {"SITE CPTO", "SITE CPFR a\r\nSITE CPTO %"},
    {"SITE SYMLINK", R"(SITE SYMLINK "%" "link")"},
    {"SITE SYMLINK", R"(SITE SYMLINK "a" "%")"},
    {"SITE UTIME", "SITE UTIME 202001010000 %"},
    {"SITE UTIME", "SITE UTIME % 20200101000000 20200101000000 20200101000000 UTC"},
};

struct walked_line {
    const command_row* row = nullptr;
    std::string bytes{}; ///< With the ends of its lines.
};

/// Every row of both tables with the name wherever it can stand.
inline std::vector<walked_line> lines_with(std::string_view name)
{
    std::vector<walked_line> lines;
    const auto add = [&](const command_row& row, std::string_view form) {
        std::string bytes;
        for (const char c : form)
            c == '%' ? bytes.append(name) : bytes.append(1, c);
        lines.push_back({&row, bytes + "\r\n"});
    };
    const auto walk = [&](std::span<const command_row> rows, const std::string& prefix) {
        for (const auto& row : rows) {
            const auto text = prefix + std::string{row.text};
            add(row, row.argument == argument_rule::none ? text : text + " %");
            for (const auto& form : command_forms) {
                if (form.command == text)
                    add(row, form.text);
            }
        }
    };
    walk(command_table(), "");
    walk(site_command_table(), "SITE ");
    return lines;
}

/// Carries out all that the session asks for: data connections come about, uploads bring `upload`. What was sent over
/// data connections.
inline std::string settle(script_host& h, std::string_view upload = "uploaded")
{
    std::string sent;
    while (!h.actions_.empty()) {
        auto next = std::move(h.actions_.front());
        h.actions_.pop_front();
        if (const auto* listen = std::get_if<action::listen_data>(&next)) {
            h.session_->data_listening(listen->id, endpoint{h.session_->facts().peer.address, data_port}, h.now_);
            h.session_->data_connected(listen->id, h.session_->facts().peer, h.now_);
        } else if (const auto* connect = std::get_if<action::connect_data>(&next)) {
            h.session_->data_connected(connect->id, connect->to, h.now_);
        } else if (auto* send = std::get_if<action::send_data>(&next)) {
            transfer_outcome outcome;
            std::array<char, 4096> buffer;
            while (true) {
                const auto n = send->source->read(buffer);
                if (!n)
                    outcome = {sent.size(), transfer_fault::store, n.error()};
                if (!n || *n == 0)
                    break;
                sent.append(buffer.data(), *n);
            }
            h.session_->transfer_finished(send->id, outcome, h.now_);
        } else if (auto* receive = std::get_if<action::receive_data>(&next)) {
            auto done = receive->sink->write(upload);
            if (done)
                done = receive->sink->commit();
            else
                receive->sink->discard(done.error());
            h.session_->transfer_finished(receive->id,
                                          {upload.size(), done ? transfer_fault::none : transfer_fault::store,
                                           done ? std::error_code{} : done.error()},
                                          h.now_);
        }
        h.drain();
    }
    return sent;
}

/// Whether all that was said on the control connection is lines that end in CRLF and hold none of CR, LF and NUL.
inline bool is_well_formed(std::string_view wire)
{
    while (!wire.empty()) {
        const auto end = wire.find("\r\n");
        if (end == std::string_view::npos ||
            wire.substr(0, end).find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
            return false;
        wire.remove_prefix(end + 2);
    }
    return true;
}

} // namespace libftp::testing
