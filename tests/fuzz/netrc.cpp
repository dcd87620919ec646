// A .netrc has no more entries than words, a fault has a line of the file, and nothing of a password is told.
#include "fuzzing.hpp"

#include <libftp/protocol/netrc.hpp>

namespace libftp::fuzz {

namespace {

std::string quote(std::string_view word)
{
    std::string quoted = "\"";
    for (const char byte : word)
        quoted.append({'\\', byte});
    return quoted + "\"";
}

std::string write(const std::vector<netrc_entry>& entries)
{
    std::string text;
    for (const auto& entry : entries) {
        text += entry.machine ? "machine " + quote(*entry.machine) + "\n" : "default\n";
        text += "login " + quote(entry.user) + "\n";
        if (entry.password)
            text += "password " + quote(entry.password->reveal()) + "\n";
        if (entry.account)
            text += "account " + quote(entry.account->reveal()) + "\n";
    }
    return text;
}

bool are_equal(const std::optional<secret>& a, const std::optional<secret>& b)
{
    return a.has_value() == b.has_value() && (!a || a->reveal() == b->reveal());
}

} // namespace

void run(std::string_view input)
{
    const std::string text{input};
    const auto entries = parse_netrc(text);
    if (!entries) {
        const auto lines = 1 + std::ranges::count(text, '\n');
        require(entries.error().line >= 1 && entries.error().line <= static_cast<std::size_t>(lines),
                "a fault has its line");
        return;
    }
    const auto again = parse_netrc(write(*entries));
    require(again && std::ranges::equal(*again, *entries,
                                        [](const netrc_entry& a, const netrc_entry& b) {
                                            return a.machine == b.machine && a.user == b.user &&
                                                   are_equal(a.password, b.password) && are_equal(a.account, b.account);
                                        }),
            "entries in quotes are read back");
    for (const auto& entry : *entries)
        require(find_netrc_entry(*entries, entry.machine.value_or("any"), entry.user) != nullptr,
                "an entry is found by its names");
}

} // namespace libftp::fuzz
