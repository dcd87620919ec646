// Draws what clients want, and says what its success means.
#include "errand.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace libftp::simulation {

namespace {

using enum errand_kind;

constexpr std::array usual_errands{
    upload,   upload,   upload_text,      upload_unique, append, resume_upload, download, download, download_text,
    download, rename,   resume_download,  download_part, rename, remove_file,   list,     list,     make_directory,
    enter,    modified, remove_directory, list_names,    size,   stat,          hash,     say,
};
constexpr std::array<std::string_view, 4> directories{"/", "/d", "/d/e", "/with space"};
constexpr std::array<std::string_view, 7> names{"a", "b.txt", "c", "d", "with space", "-l", "\xc3\xbc\"q"};
constexpr std::array<std::string_view, 8> sayings{"NOOP", "SYST",   "HELP", "ALLO 100",
                                                  "STAT", "STRU F", "FEAT", "SITE HELP"};

store_path draw_name(chance& luck)
{
    const auto directory = store_path{}.resolve(luck.pick(directories));
    return *directory->resolve("./" + std::string{luck.pick(names)});
}

std::string draw_content(chance& luck, const std::string& name)
{
    if (luck.one_in(12))
        return {};
    auto text = name + '\n';
    const auto size = luck.size_between(0, luck.one_in(10) ? 9000 : 200);
    while (text.size() < size)
        text += luck.one_in(8) ? '\n' : static_cast<char>('a' + luck.below(26));
    return text;
}

} // namespace

errand errand::draw(chance& luck, const std::string& name)
{
    errand drawn;
    drawn.kind = luck.pick(usual_errands);
    drawn.path = draw_name(luck);
    switch (drawn.kind) {
    case resume_upload: drawn.offset = luck.between(1, 40); [[fallthrough]];
    case upload:
    case upload_text:
    case upload_unique:
    case append: drawn.content = draw_content(luck, name); break;
    case download_part: drawn.length = luck.between(1, 60); [[fallthrough]];
    case resume_download: drawn.offset = luck.between(0, 40); break;
    case rename: drawn.to = draw_name(luck); break;
    case make_directory:
    case remove_directory:
    case enter:
    case list:
    case list_names:
        if (!luck.one_in(4))
            drawn.path = *store_path{}.resolve(luck.pick(directories));
        break;
    case say: drawn.content = luck.pick(sayings); break;
    default: break;
    }
    return drawn;
}

client_operation errand::make(chance& luck, near_faults& faults)
{
    const auto text = path.string();
    const auto sink = [&] {
        file = std::make_shared<near_file>();
        return write_near_file(file, faults);
    };
    const auto source = [&] { return read_near_file(content, faults); };
    using to_do = operation::upload_verb;
    constexpr auto ascii = representation_type::ascii;
    switch (kind) {
    case upload: return operation::upload{.path = text, .source = source(), .is_one_of_many = luck.one_in(4)};
    case upload_text: return operation::upload{.path = text, .source = source(), .type = ascii};
    case upload_unique: return operation::upload{.path = text, .source = source(), .verb = to_do::store_unique};
    case append: return operation::upload{.path = text, .source = source(), .verb = to_do::append};
    case resume_upload: return operation::upload{.path = text, .source = source(), .offset = offset};
    case download:
        return operation::download{.path = text,
                                   .sink = sink(),
                                   .expected_size = luck.one_in(2) ? std::optional{luck.between(0, 500)} : std::nullopt,
                                   .is_one_of_many = luck.one_in(4)};
    case download_text: return operation::download{.path = text, .sink = sink(), .type = ascii};
    case resume_download: return operation::download{.path = text, .sink = sink(), .offset = offset};
    case download_part: return operation::download{.path = text, .sink = sink(), .offset = offset, .length = length};
    case rename: return operation::rename{text, to.string()};
    case remove_file: return operation::command{"DELE", text};
    case make_directory: return operation::command{"MKD", text};
    case remove_directory: return operation::command{"RMD", text};
    case list: return operation::list{.path = text, .is_one_of_many = luck.one_in(2)};
    case list_names:
        return operation::listing{.path = text,
                                  .verb =
                                      luck.one_in(2) ? operation::listing_verb::nlst : operation::listing_verb::list,
                                  .sink = sink()};
    case size: return operation::size{text};
    case modified: return operation::modified{text};
    case stat: return operation::stat{text};
    case hash: return operation::hash{text};
    case enter: return operation::command{"CWD", text};
    case say: break;
    }
    const auto space = content.find(' ');
    const auto rest = space == std::string::npos ? std::string{} : content.substr(space + 1);
    return operation::command{content.substr(0, space), rest};
}

bool errand::changes() const noexcept
{
    switch (kind) {
    case upload:
    case upload_text:
    case upload_unique:
    case append:
    case resume_upload:
    case rename:
    case remove_file:
    case make_directory:
    case remove_directory: return true;
    default: return false;
    }
}

write_options errand::way_to_write() const
{
    switch (kind) {
    case upload_unique: return {.mode = write_mode::create};
    case append: return {.mode = write_mode::append};
    case resume_upload: return {.mode = write_mode::resume, .offset = offset};
    default: return {};
    }
}

bool errand::is_begun_by(const tree_change& change) const
{
    switch (change.what) {
    case tree_change::kind::written: {
        const bool uploads =
            kind == upload || kind == upload_text || kind == upload_unique || kind == append || kind == resume_upload;
        // The server makes a unique name of the one that is wanted.
        const bool is_there =
            kind == upload_unique ? change.path.string().starts_with(path.string()) : change.path == path;
        const auto how = way_to_write();
        return uploads && is_there && change.how.mode == how.mode && change.how.offset == how.offset &&
               content.starts_with(change.content);
    }
    case tree_change::kind::made: return kind == make_directory && change.path == path;
    case tree_change::kind::removed_file: return kind == remove_file && change.path == path;
    case tree_change::kind::removed_directory: return kind == remove_directory && change.path == path;
    case tree_change::kind::renamed: return kind == rename && change.path == path && change.to == to;
    }
    return false;
}

bool errand::is(const tree_change& change) const
{
    return is_begun_by(change) && (change.what != tree_change::kind::written || change.content == content);
}

bool errand::wants_the_change_of(const errand& other) const
{
    return changes() && kind == other.kind && path == other.path && to == other.to && content == other.content &&
           offset == other.offset;
}

bool errand::reads(const store_path& what) const
{
    const bool downloads =
        kind == download || kind == download_text || kind == resume_download || kind == download_part || kind == hash;
    return downloads && what == path;
}

bool errand::asks_about(const store_path& what) const
{
    return (kind == size || kind == modified || kind == errand_kind::stat || kind == enter || kind == list) &&
           what == path;
}

std::string errand::describe() const
{
    static constexpr std::array<std::string_view, 21> texts{"upload",
                                                            "upload text",
                                                            "upload unique",
                                                            "append",
                                                            "resume upload",
                                                            "download",
                                                            "download text",
                                                            "resume download",
                                                            "download part",
                                                            "rename",
                                                            "remove file",
                                                            "make directory",
                                                            "remove directory",
                                                            "list",
                                                            "list names",
                                                            "size",
                                                            "modified",
                                                            "stat",
                                                            "hash",
                                                            "enter",
                                                            "say"};
    auto text = fmt::format("{} {}", texts.at(static_cast<std::size_t>(kind)), kind == say ? content : path.string());
    if (!to.is_root())
        text += " to " + to.string();
    if (offset != 0 || length != 0)
        text += fmt::format(" from {} length {}", offset, length);
    if (changes() && !content.empty())
        text += fmt::format(" ({} bytes)", content.size());
    return text;
}

} // namespace libftp::simulation
