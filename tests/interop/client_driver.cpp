// Drives the client library through one case against a server: client_driver CASE URL SERVED NEAR [OPTION...].
//
// The password comes by the environment, as FTP_PASSWORD. Options: --active, --sessions=NUMBER,
// --pipelining=off|where_known|always, --tls=off|try|require|implicit, --tls-version=1.2|1.3, --ca=FILE,
// --expect-everything (the server has every command), --trace (print what is said). Prints a line for each check, ends
// with exit code 1 at the first that fails, and then prints what was said last.
#include "client_driver.hpp"
#include "client_driver_files.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace driver {

namespace {

struct conversation {
    std::deque<std::string> last_lines{};
    std::map<std::string, std::size_t> verbs{};
    bool is_printed = false;
};

conversation& heard()
{
    static conversation said;
    return said;
}

void note(std::string line)
{
    constexpr std::size_t lines_kept = 100;
    auto& lines = heard().last_lines;
    if (heard().is_printed)
        std::cout << line << std::endl;
    lines.push_back(std::move(line));
    if (lines.size() > lines_kept)
        lines.pop_front();
}

struct case_of_name {
    std::string_view name;
    void (*run)(const settings&);
};

constexpr case_of_name cases[]{
    {"exchange", exchange}, {"resume", resume}, {"trees", trees}, {"many", many_files},
    {"big", big_file},      {"cancel", cancel}, {"sizes", sizes},
};

libftp::pipelining parse_pipelining(std::string_view way)
{
    if (way == "off")
        return libftp::pipelining::off;
    return way == "always" ? libftp::pipelining::always : libftp::pipelining::where_known;
}

libftp::tls_use parse_tls(std::string_view use)
{
    if (use == "off")
        return libftp::tls_use::off;
    if (use == "try")
        return libftp::tls_use::if_offered;
    return use == "implicit" ? libftp::tls_use::implicit : libftp::tls_use::required;
}

void take_option(settings& with, const std::string& option)
{
    const auto name = option.substr(0, option.find('='));
    const auto value = option.substr(std::min(name.size() + 1, option.size()));
    if (name == "--active")
        with.options.data_mode = libftp::data_mode::active;
    else if (name == "--sessions")
        with.sessions = static_cast<unsigned>(std::stoul(value));
    else if (name == "--files")
        with.files = std::stoul(value);
    else if (name == "--pipelining")
        with.options.pipelining = parse_pipelining(value);
    else if (name == "--tls")
        with.options.tls = parse_tls(value);
    else if (name == "--tls-version")
        with.tls_versions = value == "1.2" ? libftp::net::tls_versions::only_1_2 : libftp::net::tls_versions::only_1_3;
    else if (name == "--ca")
        with.authorities_file = value;
    else if (name == "--expect-everything")
        with.expects_everything = true;
    else if (name == "--trace")
        heard().is_printed = true;
    else
        throw std::invalid_argument{"unknown option " + option};
}

int run(const std::vector<std::string>& arguments)
{
    if (arguments.size() < 4)
        throw std::invalid_argument{"usage: client_driver CASE URL SERVED NEAR [OPTION...]"};
    settings with;
    with.url = libftp::parse_ftp_url(arguments[1]).value();
    const char* password = std::getenv("FTP_PASSWORD");
    with.url.password = libftp::secret{password != nullptr ? password : ""};
    // Pure-FTPd never answers what comes together with ABOR: calling off takes all the time that it is given.
    with.options.abort_limit = std::chrono::seconds{2};
    with.served = arguments[2];
    with.near = arguments[3];
    for (std::size_t i = 4; i < arguments.size(); ++i)
        take_option(with, arguments[i]);
    for (const auto& [name, run_case] : cases) {
        if (name == arguments[0]) {
            run_case(with);
            return 0;
        }
    }
    throw std::invalid_argument{"unknown case " + arguments[0]};
}

} // namespace

std::string describe(const libftp::operation_error& error)
{
    std::ostringstream text;
    text << error.message() << " [" << error.code.message() << ", at step " << to_string(error.step) << ", session "
         << (error.session == libftp::session_state::usable ? "usable" : "closed") << ", " << error.bytes << " bytes]";
    return text.str();
}

void check(bool holds, const std::string& what)
{
    if (!holds)
        throw failed_check{"it is not so: " + what};
    std::cout << "ok    " << what << std::endl;
}

bool is_supported(const settings& with, const libftp::operation_error* error, const std::string& what)
{
    if (error == nullptr) {
        check(true, what);
        return true;
    }
    if (error->code != libftp::protocol_errc::not_supported || with.expects_everything)
        throw failed_check{what + ": " + describe(*error)};
    std::cout << "--    " << what << ": the server cannot" << std::endl;
    return false;
}

void check_protection(const settings& with, const std::shared_ptr<const libftp::tls_facts>& facts,
                      const std::string& what)
{
    const bool is_wanted = with.options.tls != libftp::tls_use::off;
    check((facts != nullptr) == is_wanted, what + (is_wanted ? ": it is protected" : ": it is in clear"));
    if (with.tls_versions != libftp::net::tls_versions::from_1_2)
        check_equal(facts->version, with.tls_versions == libftp::net::tls_versions::only_1_2 ? "TLSv1.2" : "TLSv1.3",
                    what + ": the version of TLS");
}

libftp::net::tls_client_options tls_options(const settings& with)
{
    libftp::net::tls_client_options options;
    options.versions = with.tls_versions;
    if (!with.authorities_file.empty())
        options.authorities = read_file(with.authorities_file);
    return options;
}

libftp::net::client connect(const settings& with)
{
    libftp::net::client client{with.options};
    client.on_event(hear);
    if (with.options.tls != libftp::tls_use::off) {
        if (const auto used = client.use_tls(tls_options(with)); !used)
            throw failed_check{used.error().text};
    }
    must(client.connect(with.url), "connect and log in");
    check_protection(with, client.tls(), "the control connection");
    return client;
}

void hear(const libftp::client_event& event)
{
    if (const auto* sent = std::get_if<libftp::event::command_sent>(&event)) {
        ++heard().verbs[sent->line.substr(0, sent->line.find(' '))];
        note("> " + sent->line);
    } else if (const auto* came = std::get_if<libftp::event::reply_received>(&event)) {
        note("< " + came->answer.to_string());
    }
}

std::size_t times_sent(const std::string& verb)
{
    return heard().verbs[verb];
}

} // namespace driver

int main(int argc, char** argv)
try {
    return driver::run({argv + 1, argv + argc});
} catch (const std::exception& error) {
    if (!driver::heard().is_printed) {
        for (const auto& line : driver::heard().last_lines)
            std::cout << line << '\n';
    }
    std::cout << "FAILED  " << error.what() << std::endl;
    return 1;
}
