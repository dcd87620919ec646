// Writes a new file at any offset by pwrite(2), before it has its name.
#include "disk_hidden_name.hpp"
#include "disk_open.hpp"
#include "disk_segments.hpp"

#include <utility>

#include <fcntl.h>

namespace libftp::disk {
namespace {

class linux_file final : public unnamed_file {
public:
    explicit linux_file(replacement made) : made_(std::move(made)) {}

    result<void> write(std::string_view bytes, std::uint64_t offset) override
    {
        return write_all(made_.file->file(), bytes, offset);
    }

    result<void> publish() override { return made_.publish(); }

private:
    replacement made_;
};

} // namespace

result<std::unique_ptr<unnamed_file>> make_unnamed_file(const local_name& where)
{
    if (is_hidden_name(where.name.name()))
        return store_errc::name_not_allowed;
    const descriptor folder{restarted([&] { return ::open(where.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); })};
    if (folder.number() == -1)
        return last_error();
    auto made = make_replacement(folder.number(), where.name, {});
    if (!made)
        return made.error();
    return std::make_unique<linux_file>(*std::move(made));
}

} // namespace libftp::disk
