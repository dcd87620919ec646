// One file as a task: opened when its turn comes, tried again, resumed, verified, or fetched in segments.
#pragma once

#include <libftp/session/client_task.hpp>
#include <libftp/session/transfer_options.hpp>
#include <libftp/store/file_place.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace libftp {

class transfer_steps;

/// What is known of the remote file before, such as from a listing. What a resumed attempt must find again.
struct known_file {
    std::optional<std::uint64_t> size{};
    std::optional<file_time> modified{};
    size_source by = size_source::none;
    time_precision precision = time_precision::none; ///< Of `modified`; none: not known, taken for seconds.
};

/// RETR into a place. The file is committed when it is complete and verified. protocol_errc::changed_meanwhile: what is
/// there already, or came before a failure, is not of the file that the server has now.
///
/// Segments need a known size of 1 MiB for each, bytes (TYPE I) from the beginning on, a place and a server that can
/// do it, and no verification::hash; else the file comes in one piece.
class download_task final : public client_task {
public:
    using value_type = transfer_result;

    /// `path` is on the server. `known` spares asking, and is what must be found again.
    download_task(std::string path, std::shared_ptr<file_place> place, transfer_options options, known_file known = {});
    ~download_task() override;
    download_task(const download_task&) = delete;
    download_task& operator=(const download_task&) = delete;

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    /// Precondition: is_done(). Once.
    client_result<transfer_result> take_result();

private:
    std::shared_ptr<transfer_steps> steps_;
};

/// STOR, APPE or STOU from a place. An attempt that failed is resumed only if what the server has now was not there
/// before; what was appended or got a name of its own is tried again only if nothing had been sent.
/// protocol_errc::changed_meanwhile: the near file is not the one that the transfer began with, or shorter than what
/// the server has of it.
class upload_task final : public client_task {
public:
    using value_type = transfer_result;

    /// `path` is on the server.
    upload_task(std::shared_ptr<file_place> place, std::string path, transfer_options options);
    ~upload_task() override;
    upload_task(const upload_task&) = delete;
    upload_task& operator=(const upload_task&) = delete;

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    /// Precondition: is_done(). Once.
    client_result<transfer_result> take_result();

private:
    std::shared_ptr<transfer_steps> steps_;
};

} // namespace libftp
