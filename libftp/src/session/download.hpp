// A download as a chain of steps: what is asked first, the pieces and their attempts, what is verified at the end.
#pragma once

#include "kept_file.hpp"
#include "transfer_steps.hpp"

#include <libftp/session/transfer_task.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace libftp {

class download final : public transfer_steps {
public:
    download(std::string path, std::shared_ptr<file_place> place, transfer_options options, known_file known);

private:
    /// A part of the file, or all of it from the start on.
    struct piece {
        std::uint64_t offset = 0;
        std::optional<std::uint64_t> length{}; ///< Of a segment.
        std::shared_ptr<kept_file> file{};
        std::uint64_t written = 0;  ///< Bytes in `file`, when no attempt runs.
        std::uint64_t position = 0; ///< For progress: the same with what has moved since, and how fast it moves.
        std::uint64_t bytes_per_second = 0;
        unsigned attempt = 1;
        bool is_complete = false;
    };
    using piece_pointer = std::shared_ptr<piece>;
    using opened_file = result<std::shared_ptr<kept_file>>;

    // Before the first byte and after the last (download_task.cpp).

    void begin() override;
    [[nodiscard]] bool are_options_sound() const noexcept;
    void look_near();
    void look_far();
    [[nodiscard]] bool needs_facts() const noexcept;
    void learn(const listed_entry& found);
    void compare();
    void ask_hash(std::function<void()> then);
    void open();
    void check_near_file();

    void conclude();
    void confirm_unchanged();
    void verify_whole();
    void look_again();
    void verify(const std::function<result<std::string>(digest_algorithm)>& digest);
    void commit();
    /// Leaves what was to be continued as it was.
    void fail_as_before(operation_error why);

    // Pieces and their attempts (download_pieces.cpp).

    [[nodiscard]] std::vector<piece_pointer> whole() const;
    [[nodiscard]] std::vector<piece_pointer> segments() const;
    void open(std::vector<piece_pointer> pieces);
    [[nodiscard]] std::function<opened_file()> opening_of(const piece& which) const;
    void attempt(const piece_pointer& which);
    void attempt_succeeded(const piece_pointer& which, const transfer_result& made);
    void attempt_failed(const piece_pointer& which, const operation_error& why);
    [[nodiscard]] bool is_confirmed_whole(const piece& which, const operation_error& why) const;
    void take_stock(const piece_pointer& which, const operation_error& why);
    void compare_again(const piece_pointer& which, const operation_error& why);
    void go_on(const piece_pointer& which, const operation_error& why);
    void begin_anew(const piece_pointer& which, const operation_error& why);
    void complete(const piece_pointer& which);
    void report_progress(const transfer_progress& last) const;

    void stop() override;
    void release() override { pieces_.clear(); }

    const std::string path_;
    const std::shared_ptr<file_place> place_;
    known_file known_; ///< What the transfer began with.
    operation_error no_facts_;
    std::optional<file_info> near_;
    std::uint64_t start_ = 0;
    std::optional<file_digest> expected_;
    std::vector<piece_pointer> pieces_;
    unsigned attempt_ = 1; ///< Of what is asked before the first byte.
    bool is_confirmed_ = true;
};

} // namespace libftp
