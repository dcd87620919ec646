// Stands between CLI11 and the reader of TOML, so that faults have a line.
#include "configuration.hpp"

#include "files.hpp"
#include "toml_reader.hpp"

#include <CLI/CLI.hpp>

#include <istream>
#include <iterator>
#include <vector>

namespace {

constexpr const char* config_option = "--config";

bool is_key(const CLI::Option& option)
{
    return option.get_configurable() && !option.get_lnames().empty() && !option.get_group().empty();
}

std::string comment(const std::string& text)
{
    constexpr std::size_t width = 100;
    std::string out;
    std::size_t column = width;
    for (const auto& word : CLI::detail::split(text, ' ')) {
        if (column + 1 + word.size() > width) {
            out += (out.empty() ? "# " : "\n# ") + word;
            column = 2 + word.size();
        } else {
            out += " " + word;
            column += 1 + word.size();
        }
    }
    return out + "\n";
}

bool is_flag(const CLI::Option& option)
{
    return option.get_expected_min() == 0;
}

bool is_list(const CLI::Option& option)
{
    return option.get_items_expected_max() > 1;
}

/// What was given, or what is to be filled in.
std::string value_of(const CLI::Option& option)
{
    if (is_flag(option))
        return option.empty() || option.as<bool>() ? "true" : "false";
    const auto values = option.empty() ? std::vector{option.get_option_text()} : option.results();
    std::string list;
    for (const auto& value : values)
        list += (list.empty() ? "" : ", ") + toml_string(value);
    return is_list(option) ? "[" + list + "]" : list;
}

/// Reads the file for CLI11, which knows of no lines.
class toml_configuration final : public CLI::Config {
public:
    toml_configuration(const CLI::App& app, option_places& places) : app_(app), places_(places) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override
    {
        places_.set_file(app_.get_option(config_option)->as<std::string>());
        const std::string text{std::istreambuf_iterator<char>{input}, {}};
        const auto entries = read_toml(text);
        if (!entries)
            fail(entries.error().line, entries.error().reason);
        std::vector<CLI::ConfigItem> set;
        for (const auto& entry : *entries) {
            const auto* option = app_.get_option_no_throw("--" + entry.key);
            if (option == nullptr || !is_key(*option))
                fail(entry.line, "there is no option '" + entry.key + "'; --print-config prints them all");
            if (!option->empty())
                continue;
            check_count(*option, entry);
            places_.put(entry.key, entry.line);
            set.push_back({.name = entry.key, .inputs = entry.values});
        }
        return set;
    }

    std::string to_config(const CLI::App* app, bool, bool, std::string) const override
    {
        return sample_configuration(*app);
    }

private:
    [[noreturn]] void fail(std::size_t line, const std::string& reason) const
    {
        throw CLI::ConfigError(places_.file() + ":" + std::to_string(line) + ": " + reason,
                               CLI::ExitCodes::ConfigError);
    }

    void check_count(const CLI::Option& option, const toml_entry& entry) const
    {
        if (is_flag(option) && (entry.values.size() != 1 || (entry.values[0] != "true" && entry.values[0] != "false")))
            fail(entry.line, entry.key + ": is true or false");
        if (entry.values.empty())
            fail(entry.line, entry.key + ": the list is empty");
        if (entry.values.size() > 1 && !is_list(option))
            fail(entry.line, entry.key + ": takes one value");
    }

    const CLI::App& app_;
    option_places& places_;
};

} // namespace

void add_configuration_file(CLI::App& app, option_places& places)
{
    app.set_config(config_option, "", "A file with options: their long names as keys, in TOML")
        ->option_text("FILE")
        ->check(fault_of_reading);
    app.config_formatter(std::make_shared<toml_configuration>(app, places));
    app.allow_config_extras(CLI::config_extras_mode::error);
}

std::string sample_configuration(const CLI::App& app)
{
    std::string out;
    for (const auto& group : app.get_groups()) {
        for (const auto* option : app.get_options()) {
            if (option->get_group() != group || !is_key(*option))
                continue;
            out += (out.empty() ? "" : "\n") + comment(option->get_description()) + (option->empty() ? "#" : "") +
                   option->get_lnames().front() + " = " + value_of(*option) + "\n";
        }
    }
    return out;
}
