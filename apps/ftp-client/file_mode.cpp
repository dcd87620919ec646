// Octal digits, or clauses of who, how and what.
#include "file_mode.hpp"

#include "../common/quantities.hpp"

namespace {

constexpr std::uint32_t every_bit = 07777;

std::optional<std::uint32_t> read_octal(std::string_view text)
{
    const auto mode = parse_number<std::uint32_t>(text, 8);
    return mode && *mode <= every_bit ? mode : std::nullopt;
}

/// One bit for each of user, group and others.
constexpr std::uint32_t in_each_class(std::uint32_t bit)
{
    return bit << 6U | bit << 3U | bit;
}

/// Takes letters off the front; each stands for the bits of the same place in `bits`.
template <std::size_t Count>
std::uint32_t take_letters(std::string_view& text, std::string_view letters, const std::uint32_t (&bits)[Count])
{
    std::uint32_t taken = 0;
    for (; !text.empty() && letters.find(text.front()) != std::string_view::npos; text.remove_prefix(1))
        taken |= bits[letters.find(text.front())];
    return taken;
}

/// `go-w`.
std::optional<std::uint32_t> apply(std::uint32_t mode, std::string_view clause)
{
    static constexpr std::uint32_t classes[] = {04700, 02070, 01007, every_bit};
    static constexpr std::uint32_t permissions[] = {in_each_class(4), in_each_class(2), in_each_class(1), 06000, 01000};
    auto who = take_letters(clause, "ugoa", classes);
    if (who == 0)
        who = every_bit;
    if (clause.empty() || std::string_view{"+-="}.find(clause.front()) == std::string_view::npos)
        return std::nullopt;
    const char how = clause.front();
    clause.remove_prefix(1);
    const auto what = take_letters(clause, "rwxst", permissions) & who;
    if (!clause.empty())
        return std::nullopt;
    if (how == '+')
        return mode | what;
    return how == '-' ? mode & ~what : (mode & ~who) | what;
}

} // namespace

std::optional<std::uint32_t> change_mode(std::uint32_t before, std::string_view text)
{
    if (!is_relative_mode(text))
        return read_octal(text);
    std::optional mode{before};
    while (mode) {
        const auto clause = text.substr(0, text.find(','));
        mode = apply(*mode, clause);
        if (clause.size() == text.size())
            break;
        text.remove_prefix(clause.size() + 1);
    }
    return mode;
}

bool is_relative_mode(std::string_view text) noexcept
{
    return text.empty() || text.find_first_not_of("01234567") != std::string_view::npos;
}
