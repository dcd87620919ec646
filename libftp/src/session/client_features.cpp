// FEAT, and what it tells of the server; OPTS UTF8 ON (RFC 2389, RFC 2640, draft-somers-ftp-mfxx,
// draft-bryan-ftpext-hash).
#include "../protocol/ascii.hpp"
#include "running_operation.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp {

namespace {

/// The parts of `SHA-256*;SHA-1;MD5`.
std::vector<std::string_view> split_list(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        if (const auto part = ascii::trimmed(ascii::take_until(text, ';')); !part.empty())
            parts.push_back(part);
    }
    return parts;
}

/// Removes the star that marks what is chosen.
bool take_star(std::string_view& part) noexcept
{
    const bool is_chosen = part.ends_with('*');
    if (is_chosen)
        part.remove_suffix(1);
    return is_chosen;
}

struct digest_feature {
    std::string_view name;
    digest_algorithm algorithm;
};
/// Commands for digests. MD5 is from draft-twine-ftpmd5.
constexpr std::array digest_features{
    digest_feature{"XCRC", digest_algorithm::crc32},     digest_feature{"XMD5", digest_algorithm::md5},
    digest_feature{"MD5", digest_algorithm::md5},        digest_feature{"XSHA1", digest_algorithm::sha1},
    digest_feature{"XSHA", digest_algorithm::sha1},      digest_feature{"XSHA256", digest_algorithm::sha256},
    digest_feature{"XSHA512", digest_algorithm::sha512},
};

void add_unless_there(std::vector<digest_algorithm>& all, digest_algorithm one)
{
    if (std::ranges::find(all, one) == all.end())
        all.push_back(one);
}

void take_hash(server_knowledge& server, std::string_view choices)
{
    for (auto part : split_list(choices)) {
        const bool is_chosen = take_star(part);
        const auto algorithm = parse_digest_algorithm(part);
        if (!algorithm)
            continue;
        add_unless_there(server.features.hash, *algorithm);
        if (is_chosen) {
            server.hash = *algorithm;
            auto& known = server.features.hash;
            std::rotate(known.begin(), std::ranges::find(known, *algorithm), known.end());
        }
    }
}

void take_feature(server_knowledge& server, std::string_view line)
{
    const auto feature = ascii::trimmed(line);
    const auto name = feature.substr(0, feature.find_first_of(" \t"));
    const auto rest = ascii::trimmed(feature.substr(name.size()));
    const auto is = [name](std::string_view wanted) { return ascii::equal_ignoring_case(name, wanted); };
    auto& known = server.features;

    if (is("MLST") || is("MLSD"))
        known.mlst = true;
    else if (is("SIZE"))
        known.size = true;
    else if (is("MDTM"))
        known.mdtm = true;
    else if (is("MFMT"))
        known.mfmt = true;
    else if (is("UTF8") || is("UTF-8"))
        known.utf8 = true;
    else if (is("AVBL"))
        known.avbl = true;
    else if (is("REST") && ascii::equal_ignoring_case(rest, "STREAM"))
        known.rest_stream = true;
    else if (is("RANG") && ascii::equal_ignoring_case(rest, "STREAM"))
        known.range_stream = true;
    else if (is("MODE") && ascii::equal_ignoring_case(rest, "B KEEP"))
        known.keeps_data = true;
    else if (is("HASH"))
        take_hash(server, rest);

    // `MDTM YYYYMMDDHHMMSS[+-TZ] filename`: it sets times too, and takes them for local ones without a zone.
    if (is("MDTM") && rest.find("[+-") != std::string_view::npos)
        server.sets_times_with_zone = true;
    if (is("MFF")) {
        for (auto fact : split_list(rest)) {
            (void)take_star(fact);
            known.changeable_facts.push_back(ascii::in_lower_case(fact));
        }
    }
    for (const auto& row : digest_features) {
        if (!is(row.name))
            continue;
        add_unless_there(known.digest_verbs, row.algorithm);
        server.digest_verbs.push_back({row.algorithm, std::string{row.name}});
    }
}

class features final : public running_operation {
public:
    using running_operation::running_operation;

private:
    void begin() override
    {
        if (std::exchange(control().server().has_foreign_features, false))
            ask_for_utf8();
        else
            ask("FEAT", {}, &features::listed, preliminary::allowed);
    }

    /// A server that refuses, by whatever code, has no features to tell of.
    void listed(const reply& answer)
    {
        if (answer.is_preliminary())
            return;
        auto& server = control().server();
        auto& known = server.features;
        known = {};
        server.refuses_mlst = false;
        server.sets_times_with_zone = false;
        server.sets_times.reset();
        server.sets_modes.reset();
        server.hash.reset();
        server.digest_verbs.clear();
        // After a login, or later, the server may tell more.
        known.known = answer.code != to_int(reply_code::not_logged_in) && !answer.is_transient_failure();
        if (answer.is_completion()) {
            for (const auto& line : answer.lines) {
                take_feature(server, line);
                server.manners.take(server_words::feature, ascii::trimmed(line), control().options().quirks);
            }
        }
        if (has(server.manners.effects, server_effect::no_mlsd))
            known.mlst = false;
        ask_for_utf8();
    }

    void ask_for_utf8()
    {
        const auto& server = control().server();
        if (server.features.utf8 && !has(server.manners.effects, server_effect::no_utf8_option))
            ask("OPTS", "UTF8 ON", &features::utf8_answered);
        else
            succeed();
    }

    // Servers that use UTF-8 anyway may refuse to be asked for it.
    void utf8_answered(const reply& /*answer*/) { succeed(); }
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::features /*what*/)
{
    return std::make_unique<features>(control, id);
}

} // namespace libftp
