// Prints what README.md says about the server's commands, made from the table that runs them.
#include <libftp/protocol/command_table.hpp>

#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>

using namespace libftp;

namespace {

/// The document of a reference, without the section: `RFC 959` of `RFC 959 4.1.3`.
std::string_view specification(std::string_view reference)
{
    const auto first_space = reference.find(' ');
    if (reference.starts_with("draft-"))
        return reference.substr(0, first_space);
    if (reference.starts_with("RFC "))
        return reference.substr(0, reference.find(' ', first_space + 1));
    return reference;
}

/// RFCs by number, then drafts, then what only programs define.
struct by_standing {
    static std::pair<int, int> standing(std::string_view text)
    {
        if (text.starts_with("RFC "))
            return {0, std::stoi(std::string{text.substr(4)})};
        return {text.starts_with("draft-") ? 1 : 2, 0};
    }
    bool operator()(std::string_view left, std::string_view right) const
    {
        return std::pair{standing(left), left} < std::pair{standing(right), right};
    }
};

/// Text that stays in its cell.
std::string cell(std::string_view text)
{
    std::string escaped;
    for (const char c : text)
        escaped.append(c == '|' ? "\\" : "").push_back(c);
    return escaped;
}

void print_specifications()
{
    std::map<std::string_view, std::string, by_standing> verbs;
    for (const auto& row : command_table()) {
        if (row.support == support::served)
            verbs[specification(row.reference)].append(" ").append(row.text);
    }
    std::cout << "| Specification | Commands |\n|---|---|\n";
    for (const auto& [name, texts] : verbs)
        std::cout << "| " << name << " |" << texts << " |\n";
}

void print_site_commands()
{
    std::cout << "| SITE | What it does | As in |\n|---|---|---|\n";
    for (const auto& row : site_command_table()) {
        const auto gap = row.syntax.empty() ? "" : " ";
        std::cout << "| `" << row.text << gap << cell(row.syntax) << "` | " << cell(row.help) << " | "
                  << specification(row.reference) << " |\n";
    }
}

void print_recognized()
{
    std::string texts;
    for (const auto& row : command_table()) {
        if (row.support == support::recognized)
            texts.append(texts.empty() ? "" : ", ").append(row.text);
    }
    if (!texts.empty())
        std::cout << "\nKnown and answered 502: " << texts << ".\n";
}

} // namespace

int main()
{
    print_specifications();
    std::cout << '\n';
    print_site_commands();
    print_recognized();
}
