// A file of a disk store that is being written and does not have its name yet.
#pragma once

#include "disk_system.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace libftp::disk {

/// Removes an unfinished file whose process has died. Those of living ones are locked (flock(2)); on a file system that
/// several machines share this rests on locks that count for all of them. Precondition: is_hidden_name(name).
void remove_if_abandoned(int directory, const char* name) noexcept;

/// What becomes of a file that already has the name of a new one.
enum class if_taken : std::uint8_t {
    replace,       ///< At once, as rename(2) does.
    replace_known, ///< The same, and it was there when last looked at.
    fail,          ///< It stays: store_errc::already_exists.
};

/// Goes away with this object unless it was published.
class new_file {
public:
    /// A file in `directory` without any name, or with a hidden one where the file system cannot do that.
    static result<std::unique_ptr<new_file>> create(descriptor directory, mode_t mode);
    static result<std::unique_ptr<new_file>> create_hidden(descriptor directory, mode_t mode);

    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;
    ~new_file();

    [[nodiscard]] const descriptor& file() const noexcept { return file_; }

    /// Gives it this name. Called at most once; after an error nothing has changed.
    result<void> publish(const std::string& name, if_taken taken);

private:
    new_file(descriptor directory, descriptor file, std::string hidden_name);
    result<void> publish_in_place(const std::string& name, if_taken taken);
    result<void> publish_new(const std::string& name);
    result<void> link_as(const std::string& name);

    descriptor directory_;
    descriptor file_;
    std::string hidden_name_; ///< Empty: it has no name at all.
};

} // namespace libftp::disk
