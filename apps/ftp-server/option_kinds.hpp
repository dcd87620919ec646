// Kinds of values that options take, and how CLI11 is told of them.
#pragma once

#include "options.hpp"

#include <libftp/endpoint.hpp>
#include <libftp/session/passive_address.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

std::optional<std::uint16_t> parse_port(std::string_view text);
/// An address as text, or `localhost`.
std::optional<libftp::ip_address> parse_address(std::string_view text);
/// `192.0.2.1`, `192.0.2.1:21`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:21`.
std::optional<listening_place> parse_listening_place(std::string_view text);
/// `203.0.113.7` for everybody, or `10.0.0.0/8=10.0.0.1` for a network.
std::optional<libftp::network_address> parse_announced_address(std::string_view text);
/// `ftp.example.com` or `*.example.com`: what a client's HOST can fit.
std::optional<std::string> parse_host_pattern(std::string_view text);
/// `90`, `90s`, `5m`, `2h`, `1d`.
std::optional<std::chrono::seconds> parse_time(std::string_view text);
/// `027`: bits to take away.
std::optional<unsigned> parse_umask(std::string_view text);

/// What an option looks like and says.
struct option_words {
    std::string name{};  ///< `--listen`
    std::string value{}; ///< `ADDRESS[:PORT]`
    std::string description{};
    std::string kind{}; ///< Behind `'x' is not`: `a port from 0 to 65535`.
};

template <class Value, class Parse>
Value parse_or_complain(const option_words& words, const std::string& text, Parse parse)
{
    auto parsed = parse(text);
    if (!parsed)
        throw CLI::ValidationError(words.name, "'" + text + "' is not " + words.kind);
    return Value{*std::move(parsed)};
}

/// `parse` makes an optional value of text. What is bound has to live until the command line is parsed.
template <class Value, class Parse>
CLI::Option* add_option(CLI::App& app, const option_words& words, Value& value, Parse parse)
{
    return app
        .add_option_function<std::string>(
            words.name,
            [&value, words, parse](const std::string& text) { value = parse_or_complain<Value>(words, text, parse); },
            words.description)
        ->option_text(words.value);
}

/// May be repeated.
template <class Value, class Parse>
CLI::Option* add_list(CLI::App& app, const option_words& words, std::vector<Value>& values, Parse parse)
{
    return app
        .add_option_function<std::vector<std::string>>(
            words.name,
            [&values, words, parse](const std::vector<std::string>& texts) {
                values.clear();
                for (const auto& text : texts)
                    values.push_back(parse_or_complain<Value>(words, text, parse));
            },
            words.description)
        ->option_text(words.value)
        ->allow_extra_args(false);
}
