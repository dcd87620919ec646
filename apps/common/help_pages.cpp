// Lays out what CLI11 knows of an app: in columns for the screen, as macros for man(1).
#include "help_pages.hpp"

#include "help_layout.hpp"
#include "shell_completion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace {

using option_list = std::vector<const CLI::Option*>;

constexpr std::string_view ungrouped = "Options"; // CLI11's name of it

std::string shown(const CLI::Option& option)
{
    if (option.get_positional())
        return option.get_name(true, false);
    std::string text = option.get_name(false, true);
    for (auto comma = text.find(','); comma != std::string::npos; comma = text.find(',', comma + 2))
        text.insert(comma + 1, " ");
    if (!option.get_option_text().empty())
        return text + " " + option.get_option_text();
    return option.get_expected_min() == 0 ? text : text + " " + option.get_type_name();
}

option_list options_of(const CLI::App& app, std::string_view group)
{
    return app.get_options([group](const CLI::Option* option) {
        return option->get_group() == group && !(option->get_positional() && option->get_description().empty());
    });
}

std::vector<const CLI::App*> commands_of(const CLI::App& app)
{
    return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

help_rows rows_of(const option_list& options)
{
    help_rows rows;
    for (const auto* option : options)
        rows.emplace_back(shown(*option), option->get_description());
    return rows;
}

help_rows rows_of(const std::vector<const CLI::App*>& commands)
{
    help_rows rows;
    for (const auto* command : commands)
        rows.emplace_back(command->get_name(), command->get_description());
    return rows;
}

std::string full_name(const CLI::App& app)
{
    const auto* parent = app.get_parent();
    return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
}

/// `ftp-server user add NAME --users FILE [OPTION...]`
std::string usage_of(const CLI::App& app)
{
    auto usage = full_name(app);
    if (!commands_of(app).empty())
        return usage + " COMMAND";
    bool has_more = false;
    for (const auto* option : options_of(app, ungrouped)) {
        if (option == app.get_help_ptr())
            continue;
        if (option->get_required())
            usage += " " + shown(*option);
        else if (option->get_positional())
            usage += " [" + shown(*option) + "]";
        else
            has_more = true;
    }
    return has_more ? usage + " [OPTION...]" : usage;
}

std::string page_of_command(const CLI::App& app)
{
    return titled("Usage", "  " + usage_of(app) + "\n") + "\n" + wrapped(app.get_description()) +
           titled("\nCommands", in_columns(rows_of(commands_of(app)))) +
           titled("\nOptions", in_columns(rows_of(options_of(app, ungrouped))));
}

std::string manual_of_command(const CLI::App& app)
{
    if (const auto commands = commands_of(app); !commands.empty()) {
        std::string text;
        for (const auto* command : commands)
            text += manual_of_command(*command);
        return text;
    }
    return roff::section(roff::level::minor, usage_of(app)) + roff::text(app.get_description()) +
           roff::rows(rows_of(options_of(app, ungrouped)));
}

/// Leaves what to say to the pages.
class page_formatter final : public CLI::Formatter {
public:
    explicit page_formatter(const help_pages& pages) : pages_(pages) {}
    std::string make_help(const CLI::App* app, std::string /*name*/, CLI::AppFormatMode /*mode*/) const override
    {
        return app->get_parent() == nullptr ? pages_.first_page() : page_of_command(*app);
    }

private:
    const help_pages& pages_;
};

void use_formatter(CLI::App& app, const std::shared_ptr<page_formatter>& formatter)
{
    app.formatter(formatter);
    for (auto* command : app.get_subcommands(nullptr))
        use_formatter(*command, formatter);
}

} // namespace

help_pages::help_pages(CLI::App& app, help_contents contents) : app_(app), contents_(std::move(contents))
{
    use_formatter(app, std::make_shared<page_formatter>(*this));
    app.add_flag("--man")->group("")->configurable(false);
    app.add_flag("--completion")->group("")->configurable(false);
}

std::optional<std::string> help_pages::asked_by(int argc, const char* const* argv) const
{
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (words.empty())
        return std::nullopt;
    if (words.front() == "--man")
        return manual();
    if (words.front() == "--completion" && words.size() == 2)
        return shell_completion(app_, words.back());
    if (words.front() != "help" && (words.front() != "--help" || words.size() == 1))
        return std::nullopt;
    return page({words.begin() + 1, words.end()});
}

std::string help_pages::first_page() const
{
    help_rows topics;
    for (const auto& topic : contents_.topics)
        topics.emplace_back(topic.name, topic.summary);
    return wrapped(app_.get_description()) + titled("\nUsage", indented(contents_.usage)) +
           titled("\nExamples", indented(contents_.examples)) +
           titled("\nCommands", in_columns(rows_of(commands_of(app_)))) +
           titled("\nOptions", in_columns(rows_of(options_of(app_, ungrouped)))) +
           titled("\nMore, by " + app_.get_name() + " help TOPIC", in_columns(topics));
}

std::string help_pages::page(const std::vector<std::string>& words) const
{
    const auto* app = &app_;
    for (const auto& word : words) {
        const auto commands = commands_of(*app);
        const auto command = std::ranges::find(commands, word, [](const CLI::App* one) { return one->get_name(); });
        if (command == commands.end()) {
            app = nullptr;
            break;
        }
        app = *command;
    }
    if (app != nullptr)
        return app == &app_ ? first_page() : page_of_command(*app);

    const auto topic = std::ranges::find(contents_.topics, words.front(), &help_topic::name);
    if (topic == contents_.topics.end() || words.size() > 1) {
        std::string names;
        for (const auto& one : contents_.topics)
            names += (names.empty() ? "" : ", ") + one.name;
        throw CLI::ValidationError("help", "there is no topic '" + words.back() + "'; the topics are " + names);
    }
    const auto options = in_columns(rows_of(options_of(app_, topic->group)));
    return topic->group + "\n\n" + wrapped(topic->text) + (topic->text.empty() || options.empty() ? "" : "\n") +
           options;
}

std::string help_pages::manual() const
{
    using roff::level;
    auto text = roff::title(app_.get_name(), contents_.version);
    text += roff::section(level::major, "NAME") + roff::text(app_.get_name() + " - " + contents_.purpose);
    text += roff::section(level::major, "SYNOPSIS") + roff::verbatim(contents_.usage);
    text += roff::section(level::major, "DESCRIPTION") + roff::text(app_.get_description());
    if (!contents_.examples.empty())
        text += roff::section(level::major, "EXAMPLES") + roff::verbatim(contents_.examples);
    text += roff::section(level::major, "OPTIONS") + roff::rows(rows_of(options_of(app_, ungrouped)));

    std::string others;
    for (const auto& topic : contents_.topics) {
        const auto options = options_of(app_, topic.group);
        auto& place = options.empty() ? others : text;
        place += roff::section(options.empty() ? level::major : level::minor, topic.group) + roff::text(topic.text) +
                 roff::rows(rows_of(options));
    }
    const auto commands = commands_of(app_);
    if (!commands.empty())
        text += roff::section(level::major, "COMMANDS");
    for (const auto* command : commands)
        text += manual_of_command(*command);
    return text + others;
}
