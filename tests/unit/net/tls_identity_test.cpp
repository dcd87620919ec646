// Certificates with their keys: read from files, made, inspected.
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"

#include <libftp/error.hpp>
#include <libftp/net/tls.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <system_error>
#include <vector>

using namespace libftp;
using namespace libftp::net;

namespace {

std::vector<std::string> many(std::initializer_list<std::string> names)
{
    return names;
}

} // namespace

TEST_CASE("A certificate and its key are read from two files")
{
    const testing::scratch_folder folder;
    const auto& made = testing::local_identity();
    folder.write("c", made.certificate_chain + testing::authority().certificate());
    folder.write("k", made.private_key.reveal());
    const auto read = read_tls_identity(folder.path("c"), folder.path("k")).value();
    CHECK(read.certificate_chain == made.certificate_chain + testing::authority().certificate());
    CHECK(read.private_key.reveal() == made.private_key.reveal());
    CHECK(inspect(read).value().fingerprint == testing::fingerprint_of(made));
}

TEST_CASE("Of one file with both, the key stays out of the certificates")
{
    const testing::scratch_folder folder;
    const auto& made = testing::local_identity();
    folder.write("both", std::string{made.private_key.reveal()} + made.certificate_chain);
    const auto read = read_tls_identity(folder.path("both"), folder.path("both")).value();
    CHECK(read.certificate_chain == made.certificate_chain);
    CHECK(tls_server_context::make(testing::server_of(read)));
}

TEST_CASE("A fault of a file names the file and what is wrong with it")
{
    const testing::scratch_folder folder;
    const auto& made = testing::local_identity();
    folder.write("c", made.certificate_chain);
    folder.write("k", made.private_key.reveal());
    folder.write("other", testing::authority().issue_for("localhost").private_key.reveal());
    folder.write("text", "text");

    const auto missing = read_tls_identity(folder.path("none"), folder.path("k")).error();
    CHECK(missing.code == std::errc::no_such_file_or_directory);
    CHECK(missing.text.find(folder.path("none")) != std::string::npos);
    CHECK(read_tls_identity(folder.path("c"), folder.path("none")).error().code ==
          std::errc::no_such_file_or_directory);

    const auto mismatch = read_tls_identity(folder.path("c"), folder.path("other")).error();
    CHECK(mismatch.code == tls_errc::certificate_invalid);
    CHECK(mismatch.text.find("is not that of the certificate") != std::string::npos);

    CHECK(read_tls_identity(folder.path("text"), folder.path("k")).error().text ==
          "'" + folder.path("text") + "': there is no certificate in PEM");
    CHECK(read_tls_identity(folder.path("c"), folder.path("text")).error().text ==
          "'" + folder.path("text") + "': there is no private key in PEM");
}

TEST_CASE("A fault is thrown as a system_error with its text")
{
    const testing::scratch_folder folder;
    try {
        static_cast<void>(read_tls_identity(folder.path("none"), folder.path("none")).value());
        FAIL("nothing was thrown");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::no_such_file_or_directory);
        CHECK(std::string{error.what()}.find(folder.path("none")) != std::string::npos);
    }
}

TEST_CASE("A self-signed certificate is for its names, hosts and addresses, and for as long as asked")
{
    using std::chrono::hours;
    const auto made =
        make_self_signed_identity(many({"ftp.example.org", "*.example.org", "127.0.0.1", "::1"}), hours{24 * 10})
            .value();
    const auto facts = inspect(made).value();
    CHECK(facts.names == many({"ftp.example.org", "*.example.org", "127.0.0.1", "::1"}));
    CHECK(facts.common_name == "ftp.example.org");
    CHECK(facts.issuer == facts.subject);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    CHECK(facts.valid_from.time_since_epoch() < now);
    CHECK(facts.valid_until.time_since_epoch() < now + hours{24 * 10 + 1});
    CHECK(facts.valid_until.time_since_epoch() > now + hours{24 * 10 - 1});
}

TEST_CASE("Two self-signed certificates are never the same, and a long name is no hindrance")
{
    const auto name = many({std::string(60, 'a') + ".example.org"});
    const auto one = inspect(make_self_signed_identity(name).value()).value();
    const auto other = inspect(make_self_signed_identity(name).value()).value();
    CHECK(one.fingerprint != other.fingerprint);
    CHECK(one.names == name);
    CHECK(one.common_name.empty());
}

TEST_CASE("A self-signed certificate proves its server to a client that has it as authority")
{
    const auto made = make_self_signed_identity(many({"localhost"})).value();
    auto options = testing::good_client();
    options.authorities = made.certificate_chain;
    CHECK(testing::sides_of(testing::server_of(made), std::move(options)).control().shake().is_done());
}

TEST_CASE("A certificate is made for no text that is neither a host nor an address")
{
    for (const auto& name : {"", "a b", "x,DNS:y", "a\nb", "http://a", "a\xff"}) {
        CAPTURE(name);
        CHECK(make_self_signed_identity(many({name})).error().code == std::errc::invalid_argument);
    }
    CHECK(make_self_signed_identity({}).error().code == std::errc::invalid_argument);
}

TEST_CASE("Only a certificate can be inspected")
{
    CHECK(inspect({}).error().code == tls_errc::certificate_invalid);
}
