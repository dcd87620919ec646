// A listing is read as of now and in UTC unless the arguments say otherwise.
#include "parse_list_arguments.hpp"

#include <CLI/CLI.hpp>

#include <chrono>

namespace {

/// The name of a style, or what a server answers to SYST.
libftp::listing_style to_style(const std::string& hint)
{
    using style = libftp::listing_style;
    for (const auto known : {style::facts, style::unix_ls, style::dos, style::eplf, style::vms, style::mvs,
                             style::mvs_member, style::mvs_job, style::os400, style::zvm, style::nonstop,
                             style::netware, style::os2, style::os9, style::vxworks, style::macos, style::other}) {
        if (to_string(known) == hint)
            return known;
    }
    if (const auto told = libftp::listing_style_of_system(hint))
        return *told;
    throw CLI::ValidationError("--hint", "'" + hint + "' is neither a style nor an answer to SYST that tells one");
}

libftp::listing_context to_context(const std::string& now, int zone, const std::string& hint)
{
    libftp::listing_context context{
        .now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()),
        .time_zone = std::chrono::minutes{zone}};
    if (!now.empty()) {
        const auto time = libftp::parse_timestamp(now);
        if (!time)
            throw CLI::ValidationError("--now", "'" + now + "' is not a time of the form YYYYMMDDHHMMSS");
        context.now = *time;
    }
    if (!hint.empty())
        context.hint = to_style(hint);
    return context;
}

} // namespace

void parse_list_arguments::add_to(CLI::App& app)
{
    command_ = app.add_subcommand("parse-list", "Print a server's listing as JSON, one entry a line");
    command_->add_option("FILE", file_, "The listing (standard input)")->check(CLI::ExistingFile);
    command_->add_option("--now", now_, "YYYYMMDDHHMMSS in UTC: decides the year of dates without one (the clock)")
        ->option_text("TIME");
    command_->add_option("--zone", zone_, "How many minutes the server's clock is ahead of UTC (0)")
        ->option_text("MINUTES")
        ->check(CLI::Range(-24 * 60, 24 * 60));
    command_->add_option("--hint", hint_, "The style of the listing, or what the server answered to SYST")
        ->option_text("STYLE");
}

std::optional<parse_list_options> parse_list_arguments::read() const
{
    if (!command_->parsed())
        return std::nullopt;
    return parse_list_options{file_, to_context(now_, zone_, hint_)};
}
