// A blocking FTP client: each function returns when its work is done or has failed.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/secret.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>
#include <libftp/session/client_session.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace libftp::net {

/// How a file is transferred.
struct transfer_options {
    representation_type type = representation_type::image;
    std::uint64_t offset = 0; ///< Where the transfer begins, in both files (REST).
    bool append = false;      ///< Uploads: write at the end of the remote file (APPE).
};

/// One control connection at a time. Not for several threads at once. One that was moved from can only be destroyed or
/// assigned to.
///
/// Errors: operation_error, with the server's reply where there was one; `error.code == failure::transient` asks
/// whether trying again may help. `.value()` throws instead. After an error the connection is usable unless
/// is_connected() says otherwise. Arguments that hold CR, LF or NUL are refused before anything is sent.
class client {
public:
    explicit client(client_options options = {});
    ~client();
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    /// Hears each command, reply and progress of the running operation. The argument must neither call the client nor
    /// throw; nor may the sinks and sources of transfers throw.
    void on_event(std::function<void(const client_event&)> listener);

    /// Resolves `host`, tries its addresses in turn for options.reply_limit in all (the system's resolver may take
    /// longer), and waits for the greeting. Closes an older connection first. Returns the greeting.
    client_result<reply> connect(const std::string& host, std::uint16_t port = 21);
    [[nodiscard]] bool is_connected() const noexcept;
    /// Logs in, and asks for the server's features.
    client_result<reply> login(const std::string& user, const secret& password);
    /// Empty until login() asked for them.
    [[nodiscard]] server_features features() const noexcept;
    /// How the next data connections are opened.
    void use_data_mode(data_mode mode) noexcept;

    /// Sends one command and returns its reply. For commands that open no data connection.
    client_result<reply> command(const std::string& verb, const std::string& argument = {});
    /// PASS on its own, for those who log in by hand.
    client_result<reply> send_password(const secret& password);

    client_result<std::string> working_directory();
    client_result<void> change_directory(const std::string& path);
    client_result<void> make_directory(const std::string& path);
    client_result<void> remove_directory(const std::string& path);
    client_result<void> remove_file(const std::string& path);
    client_result<void> rename(const std::string& from, const std::string& to);
    /// In bytes, as TYPE I transfers it.
    client_result<std::uint64_t> size(const std::string& path);
    client_result<file_time> modified(const std::string& path);

    /// The entries of a directory, by MLSD or LIST. Lines that could not be read are left out.
    client_result<std::vector<file_info>> list(const std::string& path = {});
    /// A listing as the server wrote it.
    client_result<std::string> listing_text(const std::string& path = {},
                                            operation::listing_verb verb = operation::listing_verb::list);

    /// Into a local file, which appears when it is complete. With an offset the file is continued there, in place.
    client_result<transfer_result> download(const std::string& remote, const std::string& local_file,
                                            transfer_options options = {});
    /// Into anything that takes bytes; `sink` is committed only after the server confirmed and the size agreed.
    client_result<transfer_result> download(const std::string& remote, std::unique_ptr<file_writer> sink,
                                            transfer_options options = {});
    client_result<transfer_result> upload(const std::string& local_file, const std::string& remote,
                                          transfer_options options = {});
    /// From anything that gives bytes, beginning at options.offset of the whole.
    client_result<transfer_result> upload(std::unique_ptr<file_reader> source, const std::string& remote,
                                          transfer_options options = {});

    /// Says QUIT and closes. Without a connection it does nothing.
    void quit();
    /// Closes without a word.
    void close() noexcept;

private:
    struct engine;
    std::unique_ptr<engine> engine_;
};

} // namespace libftp::net
