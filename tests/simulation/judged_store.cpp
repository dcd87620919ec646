// Does everything twice, in memory_store and in the model, and compares.
#include "judged_store.hpp"

#include "judged_files.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>
#include <utility>

namespace libftp::simulation {

namespace {

std::string_view to_text(tree_change::kind kind) noexcept
{
    switch (kind) {
    case tree_change::kind::written: return "write";
    case tree_change::kind::made: return "make";
    case tree_change::kind::removed_file: return "remove file";
    case tree_change::kind::removed_directory: return "remove directory";
    case tree_change::kind::renamed: return "rename";
    }
    return {};
}

} // namespace

shared_tree::shared_tree(event_queue& events, journal& its_log, const maker& make)
    : log(its_log), files(std::make_shared<memory_store>(
                        [&events] {
                            // Times with a fraction do not come back from the commands of old.
                            return std::chrono::floor<std::chrono::seconds>(file_time{events.now().time_since_epoch()});
                        },
                        link_rule::refuse))
{
    if (make)
        files = make(files);
}

void shared_tree::compare()
{
    std::size_t seen = 1;
    for (const auto& [path, node] : model.nodes()) {
        const auto where = store_path{}.resolve(path);
        const auto info = files->stat(*where);
        if (!info || info->is_directory() != node.is_directory())
            return log.fail("tree", fmt::format("{} is not what the model has", path));
        if (node.is_directory()) {
            const auto directory = files->open_directory(*where);
            file_info entry;
            while (*directory && (*directory)->next(entry).value_or(false))
                ++seen;
            continue;
        }
        std::string content(static_cast<std::size_t>(*info->size), '\0');
        const auto reader = files->open_read(*where, 0);
        const auto count = (*reader)->read(content);
        if (!count || content != *node.content)
            return log.fail("tree", fmt::format("{} holds other bytes than the model has", path));
    }
    log.expect(seen == model.nodes().size(), "tree", "there is more than the model has");
}

judged_store::judged_store(shared_tree& tree, std::string who, chance luck, std::uint64_t one_fault_in,
                           store_witness& witness)
    : store_decorator(tree.files), tree_(tree), who_(std::move(who)), chance_(luck), one_fault_in_(one_fault_in),
      witness_(witness)
{
}

std::error_code judged_store::draw_fault()
{
    static constexpr std::array faults{std::errc::no_space_on_device,  std::errc::io_error,
                                       std::errc::permission_denied,   std::errc::no_such_file_or_directory,
                                       std::errc::too_many_files_open, std::errc::not_enough_memory};
    const auto which = chance_.pick(faults);
    if (one_fault_in_ == 0 || !chance_.one_in(one_fault_in_))
        return {};
    witness_.refused();
    tree_.log.note(who_, "the store fails");
    return std::make_error_code(which);
}

result<void> judged_store::judge(result<void> real, bool modelled, const tree_change& change)
{
    tree_.log.note(who_, fmt::format("{} {} {}: {}", to_text(change.what), change.path.string(), change.to.string(),
                                     real ? "done" : real.error().message()));
    expect(real.has_value() == modelled, "the store and the model differ in what can be done");
    if (real)
        witness_.changed(change);
    else
        witness_.refused();
    return real;
}

result<file_info> judged_store::stat(const store_path& path)
{
    if (const auto fault = draw_fault())
        return fault;
    auto info = tree_.files->stat(path);
    const auto* const known = tree_.model.find(path);
    expect(info.has_value() == (known != nullptr), "the store and the model differ in what is there");
    if (!info) {
        witness_.refused();
        return info;
    }
    if (known == nullptr) // which is found already
        return info;
    expect(info->is_directory() == known->is_directory(), "the store and the model differ in what it is");
    expect(info->is_directory() || info->size == known->content->size(), "the store tells a wrong size");
    witness_.described(path, *info);
    return info;
}

result<std::unique_ptr<file_reader>> judged_store::open_read(const store_path& path, std::uint64_t offset)
{
    if (const auto fault = draw_fault())
        return fault;
    auto reader = tree_.files->open_read(path, offset);
    const auto* const known = tree_.model.find(path);
    const bool is_there = known != nullptr && !known->is_directory() && offset <= known->content->size();
    expect(reader.has_value() == is_there, "the store and the model differ in what can be read");
    if (known != nullptr && !known->is_directory())
        witness_.read(path, known->content); // also what ends before the offset: a range of it has no bytes
    if (!reader) {
        witness_.refused();
        return reader;
    }
    return std::make_unique<judged_reader>(*this, *std::move(reader));
}

result<std::unique_ptr<file_writer>> judged_store::open_write(const store_path& path, const write_options& options)
{
    if (const auto fault = draw_fault())
        return fault;
    auto writer = tree_.files->open_write(path, options);
    const bool can_begin = tree_.model.begin_writing(path, options);
    expect(writer.has_value() == can_begin, "the store and the model differ in what can be written");
    if (!writer) {
        witness_.refused();
        return writer;
    }
    if (!can_begin)
        return store_errc::not_found; // the world ends with what was found
    return std::make_unique<judged_writer>(*this, path, options, *std::move(writer));
}

result<std::unique_ptr<directory_reader>> judged_store::open_directory(const store_path& path)
{
    if (const auto fault = draw_fault())
        return fault;
    auto reader = tree_.files->open_directory(path);
    const auto* const known = tree_.model.find(path);
    expect(reader.has_value() == (known != nullptr && known->is_directory()),
           "the store and the model differ in what can be listed");
    if (reader)
        witness_.listed(path);
    else
        witness_.refused();
    return reader;
}

result<void> judged_store::make_directory(const store_path& path, std::optional<std::uint32_t> umask)
{
    if (const auto fault = draw_fault())
        return fault;
    return judge(tree_.files->make_directory(path, umask), tree_.model.make_directory(path),
                 {.what = tree_change::kind::made, .path = path});
}

result<void> judged_store::remove_directory(const store_path& path)
{
    if (const auto fault = draw_fault())
        return fault;
    return judge(tree_.files->remove_directory(path), tree_.model.remove_directory(path),
                 {.what = tree_change::kind::removed_directory, .path = path});
}

result<void> judged_store::remove_file(const store_path& path)
{
    if (const auto fault = draw_fault())
        return fault;
    return judge(tree_.files->remove_file(path), tree_.model.remove_file(path),
                 {.what = tree_change::kind::removed_file, .path = path});
}

result<void> judged_store::rename(const store_path& from, const store_path& to)
{
    if (const auto fault = draw_fault())
        return fault;
    return judge(tree_.files->rename(from, to), tree_.model.rename(from, to),
                 {.what = tree_change::kind::renamed, .path = from, .to = to});
}

result<void> judged_store::rename_to_new(const store_path& from, const store_path& to)
{
    if (const auto fault = draw_fault())
        return fault;
    const bool is_free = tree_.model.find(to) == nullptr;
    return judge(tree_.files->rename_to_new(from, to), is_free && tree_.model.rename(from, to),
                 {.what = tree_change::kind::renamed, .path = from, .to = to});
}

} // namespace libftp::simulation
