// ftp-client: transfers files by FTP, by commands at a prompt or from a script, and explains listings.
#include "options.hpp"
#include "reporter.hpp"
#include "run_session.hpp"
#include "terminal.hpp"

#include <exception>
#include <utility>

int main(int argc, char** argv)
try {
    terminal::set_up();
    auto asked = parse_options(argc, argv);
    if (const auto* now = std::get_if<exit_now>(&asked))
        return now->code;
    if (const auto* listing = std::get_if<parse_list_options>(&asked))
        return parse_list(*listing);
    const int code = run_session(std::move(std::get<shell_options>(asked)));
    terminal::flush();
    return code;
} catch (const terminal::output_closed& error) {
    terminal::complain(error.what());
    return static_cast<int>(cause::local);
} catch (const terminal::output_failed& error) {
    terminal::complain(error.what());
    return static_cast<int>(cause::local);
} catch (const std::exception& error) {
    terminal::complain(error.what());
    return 1;
}
