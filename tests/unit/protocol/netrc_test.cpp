// The logins of .netrc.
#include <doctest/doctest.h>

#include <libftp/protocol/netrc.hpp>

#include <stdexcept>
#include <string>

using namespace libftp;

namespace {

std::string text_of(const std::optional<secret>& value)
{
    return value ? std::string{value->reveal()} : "none";
}

std::string password_in(std::string_view text, std::string_view host, std::string_view user = {})
{
    const auto entries = parse_netrc(text);
    REQUIRE(entries);
    const auto* entry = find_netrc_entry(*entries, host, user);
    return entry != nullptr ? text_of(entry->password) : "no entry";
}

std::size_t faulty_line(std::string_view text)
{
    const auto entries = parse_netrc(text);
    return entries ? 0 : entries.error().line;
}

} // namespace

TEST_CASE("An entry of .netrc has a machine, a login, a password and an account, on one line or on several")
{
    for (const auto* text :
         {"machine h login ann password p account a", "machine h\n\tlogin ann\n\tpasswd p\naccount a\n",
          "machine\r\nh\r\nlogin ann password p\r\naccount a\r\n"}) {
        const auto entries = parse_netrc(text);
        REQUIRE(entries);
        REQUIRE(entries->size() == 1);
        const auto& entry = entries->front();
        CHECK(entry.machine == "h");
        CHECK(entry.user == "ann");
        CHECK(text_of(entry.password) == "p");
        CHECK(text_of(entry.account) == "a");
    }
}

TEST_CASE("The first entry of .netrc that fits host and user is taken, and default fits every host")
{
    constexpr auto* text = "machine a login ann password 1 machine b login bob password 2\n"
                           "machine A login carl password 3\ndefault login dan password 4\nmachine z password 5";
    CHECK(password_in(text, "a") == "1");
    CHECK(password_in(text, "B") == "2");
    CHECK(password_in(text, "a", "carl") == "3");
    CHECK(password_in(text, "a", "dan") == "4");
    CHECK(password_in(text, "z") == "4");
    CHECK(password_in(text, "z", "eve") == "5");
    CHECK(password_in(text, "a", "eve") == "no entry");
    CHECK(password_in("", "a") == "no entry");
}

TEST_CASE("An empty machine of .netrc is not the default")
{
    CHECK(password_in("machine \"\" password p", "a") == "no entry");
}

TEST_CASE("A password in .netrc may have blanks in quotes, any byte behind a backslash, and may look like a keyword")
{
    CHECK(password_in("machine h password \"open sesame\" login ann", "h") == "open sesame");
    CHECK(password_in(R"(machine h password "a\"b\\c")", "h") == R"(a"b\c)");
    CHECK(password_in(R"(machine h password a\ b\\c)", "h") == R"(a b\c)");
    CHECK(password_in(R"(machine h password a"b)", "h") == R"(a"b)");
    CHECK(password_in("machine h password \"\"", "h").empty());
    CHECK(password_in("machine h password #1", "h") == "#1");
    CHECK(password_in("machine h password machine login ann", "h") == "machine");
    CHECK(password_in("machine h password a\\", "h") == "a\\");
}

TEST_CASE("Comments and macro definitions of .netrc are skipped")
{
    CHECK(password_in("# machine h password 1\nmachine h # password 2\npassword 3", "h") == "3");
    CHECK(password_in("machine h password 1\nmacdef init\ncd machine\nmachine h password 2\n\nmachine i password 3",
                      "i") == "3");
    CHECK(password_in("macdef init\r\ncd x\r\n\r\nmachine i password 3", "i") == "3");
    CHECK(password_in("machine h password 1 macdef init\nmachine i password 2", "i") == "no entry");
}

TEST_CASE("A fault of .netrc names its line, and nothing of what stands there")
{
    CHECK(faulty_line("machine h\nlogin ann\npassword open sesame\n") == 3);
    CHECK(faulty_line("\nlogin ann\nmachine h") == 2);
    CHECK(faulty_line("machine h password") == 1);
    CHECK(faulty_line("machine h\npassword \"p\n\n") == 2);
    CHECK(faulty_line("\"machine") == 1);
    const auto entries = parse_netrc("machine h password open sesame");
    REQUIRE(!entries);
    CHECK(entries.error().text.find("sesame") == std::string::npos);
}

TEST_CASE("A fault of .netrc is thrown with its line")
{
    CHECK_THROWS_WITH_AS((void)parse_netrc("\nlogin ann\n").value(),
                         ".netrc, line 2: A login, password or account stands before the first machine.",
                         std::runtime_error);
}

TEST_CASE("Each beginning of a .netrc is either read or refused")
{
    constexpr std::string_view text = "machine h login \"a\\\"b\" password p\\ q # c\nmacdef m\nx\n\ndefault account z";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto entries = parse_netrc(text.substr(0, size));
        CHECK((entries || entries.error().line >= 1));
    }
}
