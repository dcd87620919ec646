// Reads and changes the store's tree of a mirror, by calls that may block.
#include "mirror_task_sides.hpp"

#include <libftp/store/store_task.hpp>

#include <utility>

namespace libftp {
namespace {

tree_entry near_entry(file_info&& entry)
{
    return {.name = std::move(entry.name),
            .type = entry.type,
            .precision = entry.modified ? time_precision::fraction : time_precision::none,
            .by = size_source::near_end,
            .size = entry.size,
            .modified = entry.modified};
}

result<tree_listing> read_directory(file_store& store, const store_path& path, std::size_t max_entries)
{
    const auto reader = store.open_directory(path);
    if (!reader)
        return reader.error();
    tree_listing listing;
    for (file_info found;;) {
        const auto read = (*reader)->next(found);
        if (!read)
            return read.error();
        if (!*read)
            return listing;
        if (listing.entries.size() + listing.unusable.size() == max_entries)
            return protocol_errc::limit_exceeded;
        listing.add_near(near_entry(std::exchange(found, {})));
    }
}

result<std::string> run_to_end(store_task& task)
{
    for (;;) {
        auto step = task.step();
        if (!step)
            return step.error();
        if (step->is_done)
            return std::move(step->text);
    }
}

} // namespace

near_side::near_side(task_steps& steps, std::shared_ptr<file_store> store, store_path root)
    : steps_(steps), store_(std::move(store)), root_(std::move(root))
{
}

result<store_path> near_side::full_path(const std::string& path) const
{
    if (path.empty())
        return root_;
    return root_.resolve(path);
}

template <class T>
void near_side::call(const std::string& path,
                     std::function<result<T>(const std::shared_ptr<file_store>&, const store_path&)> job,
                     outcome_handler<T> then)
{
    auto where = full_path(path);
    if (!where)
        return then(near_failure(where.error()));
    steps_.call<T>([store = store_, where = *std::move(where), job = std::move(job)] { return job(store, where); },
                   std::move(then));
}

void near_side::list(const std::string& path, std::size_t max_entries, outcome_handler<tree_listing> then)
{
    call<tree_listing>(
        path,
        [max_entries](const auto& store, const store_path& where) {
            return read_directory(*store, where, max_entries);
        },
        std::move(then));
}

void near_side::stat(const std::string& path, outcome_handler<tree_entry> then)
{
    call<tree_entry>(
        path,
        [](const auto& store, const store_path& where) -> result<tree_entry> {
            auto found = store->stat(where);
            if (!found)
                return found.error();
            return near_entry(*std::move(found));
        },
        std::move(then));
}

void near_side::confirm_root(outcome_handler<void> then)
{
    then({}); // A store that lists a directory has it.
}

void near_side::make_directory(const std::string& path, outcome_handler<void> then)
{
    call<void>(
        path,
        [is_root = path.empty()](const auto& store, const store_path& where) -> result<void> {
            if (!is_root)
                return store->make_directory(where, std::nullopt);
            const auto made = run_to_end(*make_directories_task(store, where, permissions::full(), std::nullopt));
            if (!made)
                return made.error();
            return {};
        },
        std::move(then));
}

void near_side::remove_file(const std::string& path, outcome_handler<void> then)
{
    call<void>(
        path, [](const auto& store, const store_path& where) { return store->remove_file(where); }, std::move(then));
}

void near_side::remove_directory(const std::string& path, outcome_handler<void> then)
{
    call<void>(
        path, [](const auto& store, const store_path& where) { return store->remove_directory(where); },
        std::move(then));
}

void near_side::digest(const std::string& path, digest_algorithm algorithm, outcome_handler<std::string> then)
{
    call<std::string>(
        path,
        [algorithm](const auto& store, const store_path& where) {
            return run_to_end(*make_digest_task(store, where, algorithm, {}));
        },
        std::move(then));
}

result<std::shared_ptr<file_place>> near_side::place(const std::string& path) const
{
    auto where = full_path(path);
    if (!where)
        return where.error();
    return make_store_place(store_, *std::move(where));
}

} // namespace libftp
