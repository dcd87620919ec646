// Collects lines and writes them in the background.
#include <libftp/net/log_file.hpp>

#include "system_calls.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace libftp::net {

namespace {

/// What could not be written.
std::string_view write_all(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto written = write_some(file, bytes);
        if (!written)
            break;
        bytes.remove_prefix(*written);
    }
    return bytes;
}

} // namespace

struct log_file::writer {
    writer(std::string at, int opened) : path(std::move(at)), file(opened), thread([this] { run(); }) {}
    ~writer()
    {
        {
            const std::lock_guard lock{mutex};
            ends = true;
        }
        changed.notify_one();
        thread.join();
        close_file(file);
    }

    void run()
    {
        std::string taken;
        std::unique_lock lock{mutex};
        while (true) {
            changed.wait(lock, [this] { return ends || reopens_at || !waiting.empty(); });
            if (waiting.empty() && !reopens_at)
                return;
            taken.clear();
            taken.swap(waiting);
            const auto opens_at = std::exchange(reopens_at, std::nullopt);
            lock.unlock();
            const auto of_old_file = std::string_view{taken}.substr(0, opens_at.value_or(taken.size()));
            auto lost = write_lines(of_old_file);
            if (opens_at) {
                open_anew();
                lost += write_lines(std::string_view{taken}.substr(of_old_file.size()));
            }
            lock.lock();
            dropped += lost;
        }
    }

    /// How many of `lines` were lost.
    std::uint64_t write_lines(std::string_view lines)
    {
        if (ends_in_line && !lines.empty())
            ends_in_line = !write_all(file, "\n").empty();
        const auto left = ends_in_line ? lines : write_all(file, lines);
        if (left.size() < lines.size())
            ends_in_line = lines[lines.size() - left.size() - 1] != '\n';
        return static_cast<std::uint64_t>(std::count(left.begin(), left.end(), '\n'));
    }

    void open_anew()
    {
        if (const auto opened = open_to_append(path)) {
            close_file(std::exchange(file, *opened));
            ends_in_line = false;
        }
    }

    const std::string path;
    int file;                  ///< The thread's, like the next one.
    bool ends_in_line = false; ///< A full disk took a part of a line, to which the next one must not be added.
    std::mutex mutex;          ///< Of all below.
    std::condition_variable changed;
    std::string waiting;
    std::uint64_t dropped = 0;
    std::optional<std::size_t> reopens_at; ///< Lines behind this place are for the file that is opened then.
    bool ends = false;
    std::thread thread; ///< Last: it uses all above.
};

log_file::log_file(std::unique_ptr<writer> from) noexcept : writer_(std::move(from)) {}

log_file::~log_file() = default;

result<std::unique_ptr<log_file>> log_file::open(const std::string& path)
{
    const auto file = open_to_append(path);
    if (!file)
        return file.error();
    return std::unique_ptr<log_file>{new log_file{std::make_unique<writer>(path, *file)}};
}

void log_file::write(std::string_view line)
{
    {
        const std::lock_guard lock{writer_->mutex};
        if (writer_->waiting.size() + line.size() >= max_waiting_bytes) {
            ++writer_->dropped;
            return;
        }
        writer_->waiting.append(line).push_back('\n');
    }
    writer_->changed.notify_one();
}

void log_file::reopen()
{
    {
        const std::lock_guard lock{writer_->mutex};
        if (!writer_->reopens_at)
            writer_->reopens_at = writer_->waiting.size();
    }
    writer_->changed.notify_one();
}

std::uint64_t log_file::dropped() const
{
    const std::lock_guard lock{writer_->mutex};
    return writer_->dropped;
}

} // namespace libftp::net
