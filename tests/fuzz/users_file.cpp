// What is read of a users file is written and read back; nothing that would break the file can be put into it.
#include "fuzzing.hpp"

#include <libftp/auth/user_table.hpp>

namespace libftp::fuzz {

namespace {

bool are_equal(const user_table& a, const user_table& b)
{
    return std::ranges::equal(a.entries(), b.entries(), [](const user_entry& x, const user_entry& y) {
        return x.name == y.name && x.password_hash == y.password_hash && x.allowed == y.allowed && x.root == y.root;
    });
}

void write_and_read(const user_table& table)
{
    const auto again = user_table::parse(table.to_string());
    require(again && are_equal(*again, table), "a table is read back");
}

} // namespace

void run(std::string_view input)
{
    const std::string text{input};
    if (auto table = user_table::parse(text)) {
        write_and_read(*table);
        for (const auto& entry : table->entries())
            require(table->find(entry.name) == &entry, "each user is there once");
        require(table->entries().empty() || table->remove(std::string{table->entries().front().name}),
                "who is there can be removed");
        write_and_read(*table);
    } else {
        const auto lines = 1 + std::ranges::count(text, '\n');
        require(table.error().line >= 1 && table.error().line <= static_cast<std::size_t>(lines),
                "a fault has its line");
        require(!table.error().reason.empty(), "a fault has its reason");
    }

    choices fields{input};
    user_entry entry{.name = std::string{fields.text('|')}, .password_hash = std::string{fields.text('|')}};
    entry.root = fields.rest();
    user_table table;
    if (table.put(std::move(entry)))
        write_and_read(table);
}

} // namespace libftp::fuzz
