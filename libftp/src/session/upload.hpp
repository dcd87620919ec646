// An upload as a chain of steps: what the server has, the attempts, what is verified at the end.
#pragma once

#include "digest_set.hpp"
#include "transfer_steps.hpp"

#include <libftp/session/transfer_task.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace libftp {

/// The server says that there is no such file.
bool is_missing(const operation_error& why);

class upload final : public transfer_steps {
public:
    upload(std::shared_ptr<file_place> place, std::string path, transfer_options options);

private:
    /// The near file as an attempt finds it.
    struct opened_file {
        std::optional<file_info> facts{};
        std::shared_ptr<digest_set> digests{};
        std::unique_ptr<file_reader> reader{}; ///< None if the server has all of it already.
    };
    /// What opening goes by; it happens on another thread.
    struct opening {
        std::shared_ptr<file_place> place;
        std::optional<file_info> before;
        std::uint64_t position = 0;
        bool resumes = false;
        bool hashes = false;

        client_result<opened_file> operator()() const;
    };

    // Before the first byte and after the last (upload_task.cpp).

    void begin() override;
    [[nodiscard]] bool are_options_sound() const noexcept;
    void look_far();
    void compare(client_result<listed_entry> found);

    void verify();
    void verify_size();
    void verify_hash();
    void keep_time();
    void conclude();

    // Attempts (upload_attempts.cpp).

    void open();
    void attempt(opened_file file);
    void attempt_succeeded(const transfer_result& made);
    void attempt_failed(operation_error why);
    void check_confirmed(operation_error why);
    void look_again();
    void resume_again(const client_result<listed_entry>& found);
    void report_progress(const transfer_progress& made) const;

    void release() override {}

    [[nodiscard]] bool resumes_file() const noexcept { return options().existing == existing_file::resume; }
    /// Each attempt makes something new of its own.
    [[nodiscard]] bool only_adds() const noexcept
    {
        return options().existing == existing_file::append || options().existing == existing_file::keep_unique;
    }

    const std::shared_ptr<file_place> place_;
    std::string path_;                 ///< In the end, the name that the server has chosen.
    std::optional<known_file> before_; ///< What the server had; of size 0 if there was nothing.
    std::optional<file_info> near_;
    std::shared_ptr<digest_set> digests_; ///< Of the bytes before position_ and those sent since.
    std::uint64_t start_ = 0;
    std::uint64_t position_ = 0;       ///< Where the attempt begins.
    std::uint64_t sent_to_ = 0;        ///< How far the bytes went that were sent.
    std::optional<std::uint64_t> end_; ///< Of the near file, when the attempt began.
    bool can_restart_ = true;
    bool appends_ = false; ///< What is to be resumed goes behind what is there by APPE, since REST was refused.
    unsigned attempt_ = 1;
    operation_error failure_; ///< Of the attempt before.
};

} // namespace libftp
