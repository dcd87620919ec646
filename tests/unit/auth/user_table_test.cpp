// Users files: how they read and write, and what they let in.
#include <libftp/auth/user_table.hpp>

#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace libftp;

namespace {

/// Of the password "correct horse", made by another implementation of crypt(5).
const std::string sha256_hash = "$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8";
const std::string sha512_hash =
    "$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFt"
    "v/uamSo5z0";

user_table parsed(std::string_view text)
{
    return user_table::parse(text).value();
}

user_table_error error_in(std::string_view text)
{
    const auto table = user_table::parse(text);
    REQUIRE_FALSE(table.has_value());
    return table.error();
}

/// A table's users, each with a store that knows which root it was opened for.
struct login_desk {
    std::vector<std::string> opened{};
    std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
    user_table_authenticator users;

    explicit login_desk(user_table table)
        : users(std::move(table), [this](const user_entry& user) -> result<account> {
              opened.push_back(user.root);
              if (user.root == "/gone")
                  return std::make_error_code(std::errc::no_such_file_or_directory);
              if (user.root == "/forbidden")
                  return std::make_error_code(std::errc::permission_denied);
              return account{.name = user.name, .store = store, .allowed = user.allowed};
          })
    {
    }

    result<account> log_in(std::string_view user, std::string_view password)
    {
        credentials who;
        who.user = user;
        who.password = secret{password};
        return users.authenticate(who);
    }

    bool is_denied(std::string_view user, std::string_view password)
    {
        const auto refused = log_in(user, password);
        return !refused && refused.error() == std::errc::permission_denied;
    }
};

} // namespace

TEST_CASE("A byte order mark is no part of a users file, nor of a name")
{
    const auto table = parsed("\xEF\xBB\xBF"
                              "anna:*:full:\n");
    CHECK(table.find("anna") != nullptr);
    CHECK(table.to_string() == "anna:*:full:\n");
    CHECK(parsed("\xEF\xBB\xBF# nobody yet\n").entries().empty());
    const auto fault = error_in("anna:*:full:\n\xEF\xBB\xBF"
                                "bob:*:full:\n");
    CHECK(fault.line == 2);
    CHECK(fault.reason == "the name begins with a byte order mark");
}

TEST_CASE("Each line of a users file is a user")
{
    const auto table = parsed("anna:$y$hash:full:/srv/anna\n"
                              "bob:*:read-only:\n");
    REQUIRE(table.entries().size() == 2);
    const auto& anna = table.entries()[0];
    CHECK(anna.name == "anna");
    CHECK(anna.password_hash == "$y$hash");
    CHECK(anna.allowed == permissions::full());
    CHECK(anna.root == "/srv/anna");
    const auto* bob = table.find("bob");
    REQUIRE(bob != nullptr);
    CHECK(bob->allowed == permissions::read_only());
    CHECK(bob->root.empty());
    CHECK(table.find("Bob") == nullptr);
    CHECK(table.find("") == nullptr);
}

TEST_CASE("Empty lines, comments, CRLF and a missing last line end do not matter")
{
    const auto table = parsed("# users\r\n\r\n\n#anna:x:full:\nanna:h:full:/a b\r\nbob:h:list:/b");
    REQUIRE(table.entries().size() == 2);
    CHECK(table.find("anna")->root == "/a b");
    CHECK(table.find("bob")->root == "/b");
    CHECK(parsed("").entries().empty());
    CHECK(parsed("\n").entries().empty());
}

TEST_CASE("The root is the rest of the line, colons and all")
{
    CHECK(parsed("a:h:full:C:/x::y:").find("a")->root == "C:/x::y:");
    CHECK(parsed("a:h:full: ").find("a")->root == " ");
}

TEST_CASE("A fault is reported with its line")
{
    CHECK(error_in("a:h:full:\n\n# c\nb:h:full\n").line == 4);
    CHECK(error_in("b").line == 1);
    CHECK(error_in(":h:full:").reason == "the name is empty");
    CHECK(error_in("a::full:").reason == "the password hash is empty");
    const std::string known = "; there are full, read-only, none, list, read, write, append, delete, remove, rename, "
                              "make, times, mode, admin";
    CHECK(error_in("a:h:read,fly,list:").reason == "'fly' is no permission" + known);
    CHECK(error_in("a:h::").reason == "'' is no permission" + known);
    CHECK(error_in("a:h:\x1b[2J:").reason == "what stands there is no permission" + known);
    CHECK(error_in("a:read:$6$salt$hash:").reason == "what stands there is no permission" + known);
    CHECK(error_in("a:h:list,none:").reason == "none goes without other permissions");
    CHECK(error_in("a\tb:h:full:").reason == "the name holds control bytes");
    CHECK(error_in("a:h\x7f:full:").reason == "the password hash holds control bytes");
    CHECK(error_in("a:h:full:/x\ry").reason == "the root holds control bytes");
    CHECK(error_in(std::string_view{"a\0:h:full:", 10}).reason == "the name holds control bytes");
    const auto twice = error_in("a:h:full:\nb:h:full:\na:h:full:/x\n");
    CHECK(twice.line == 3);
    CHECK(twice.reason == "the user is there already");
}

TEST_CASE("A fault thrown names line and reason")
{
    CHECK_THROWS_WITH_AS(user_table::parse("\nx").value(), "users file, line 2: a line is name:hash:permissions:root",
                         std::runtime_error);
}

TEST_CASE("A table written as text reads back the same")
{
    user_table table;
    CHECK(table.put({"anna", "$y$j9T$x", permissions::full(), "/srv/anna:1"}).has_value());
    CHECK(table
              .put({"b\xc3\xb6"
                    "b ",
                    "*", permissions{permission::list, permission::make}, ""})
              .has_value());
    CHECK(table.put({"none", "!", permissions{}, "/"}).has_value());
    const auto text = table.to_string();
    CHECK(text.starts_with("anna:$y$j9T$x:full:/srv/anna:1\n"));

    const auto again = parsed(text);
    CHECK(again.to_string() == text);
    REQUIRE(again.entries().size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(again.entries()[i].name == table.entries()[i].name);
        CHECK(again.entries()[i].password_hash == table.entries()[i].password_hash);
        CHECK(again.entries()[i].allowed == table.entries()[i].allowed);
        CHECK(again.entries()[i].root == table.entries()[i].root);
    }
}

TEST_CASE("Putting a user replaces the one of that name and keeps the order")
{
    auto table = parsed("a:h:full:\nb:h:full:\n");
    CHECK(table.put({"a", "new", permissions::read_only(), "/r"}).has_value());
    CHECK(table.to_string() == "a:new:read-only:/r\nb:h:full:\n");
}

TEST_CASE("What would not read back cannot be put")
{
    user_table table;
    const auto fault = [&table](user_entry entry) {
        const auto outcome = table.put(std::move(entry));
        return outcome ? std::string{} : outcome.error();
    };
    CHECK(fault({"", "h", {}, ""}) == "the name is empty");
    CHECK(fault({"a:b", "h", {}, ""}) == "the name holds a colon");
    CHECK(fault({"a\nb", "h", {}, ""}) == "the name holds control bytes");
    CHECK(fault({"#a", "h", {}, ""}) == "the name begins like a comment");
    CHECK(fault({"a", "", {}, ""}) == "the password hash is empty");
    CHECK(fault({"a", "h:", {}, ""}) == "the password hash holds a colon");
    CHECK(fault({"a", "h\r", {}, ""}) == "the password hash holds control bytes");
    CHECK(fault({"a", "h", {}, "/x\n"}) == "the root holds control bytes");
    CHECK(table.entries().empty());
}

TEST_CASE("A password has its own hash, and no other has")
{
    const auto hash = hash_password(secret{"s\xc3\xa4same"}).value();
    // yescrypt by crypt(3), or what takes its place.
    CHECK((hash.starts_with("$y$") || hash.starts_with("$6$rounds=100000$")));
    CHECK(verify_password(secret{"s\xc3\xa4same"}, hash));
    CHECK_FALSE(verify_password(secret{"s\xc3\xa4samE"}, hash));
    CHECK_FALSE(verify_password(secret{"s\xc3\xa4sam"}, hash));
    CHECK_FALSE(verify_password(secret{}, hash));
    CHECK(hash_password(secret{"s\xc3\xa4same"}).value() != hash);
}

TEST_CASE("Hashes of other methods are verified too")
{
    for (const auto& hash : {sha256_hash, sha512_hash}) {
        CHECK(verify_password(secret{"correct horse"}, hash));
        CHECK_FALSE(verify_password(secret{"battery staple"}, hash));
    }
}

TEST_CASE("Hashes by SHA-crypt are known at every length of password and salt, on every system")
{
    struct known {
        std::size_t bytes;
        const char* hash;
    };
    // As libcrypt makes them of as many times `p`.
    for (const known& each :
         {known{31, "$5$rounds=1001$sixteen.bytes/xx$uDbM.8JWyCjDAuf.wjpCbB1HwKo8cnXPcHGJTzyAZ6/"},
          known{32, "$5$abcdefgh$Sf4BEwlD3gYtxqz63vSwgzojtsvOrohstKT2b4G3QZ5"},
          known{65, "$5$abcdefgh$HfxSXUtYjNLyOCpWXfhGSGifEWwakf.uzRFotq1UQkD"},
          known{1, "$6$b$YPouK1p8NizR45/PIZsLQEYgIF2tOQzNYNlAEyfq7PL69UmMrlGauv/6..ThMeG9lJSdzwU1Q/w.CTJmhVm0o1"},
          known{63, "$6$rounds=1000$sixteen.bytes/"
                    "xx$zlvisyo11ESTIw.hzVT9Li76G2672p7pAk1PqUliT1ByBdzA3somEXaUPP7mO1vj9UDIv61ydcVJu9Rz6Nh7K1"},
          known{64,
                "$6$abcdefgh$.Ej/.p2DTeFeO5NSQEtRok8bEasOzKS33lsFPoFtkDFVeO42gEmTq6c./2guhbxXpQQpj0u/iH3gYsAggFJgD."},
          known{
              300,
              "$6$abcdefgh$YIWm7WSYut2pJzw77KOG6tAvJzHOtdfWp8J5V6WawYsm9lx0QUy2hbvlSj3AtCGE5urI/StM72HFDeesiefIH/"}}) {
        CAPTURE(each.bytes);
        CHECK(verify_password(secret{std::string(each.bytes, 'p')}, each.hash));
        CHECK_FALSE(verify_password(secret{std::string(each.bytes + 1, 'p')}, each.hash));
    }
}

TEST_CASE("What is no hash matches no password")
{
    for (const auto* none :
         {"", "*", "*0", "*1", "!", "x", "!$5$rounds=1000$saltsalt$x", "$", "$5$", "$y$", "$nope$x$y"})
        for (const auto* password : {"", "x", "*0", "*1", "!"}) {
            CAPTURE(none);
            CHECK_FALSE(verify_password(secret{password}, none));
        }
    CHECK_FALSE(verify_password(secret{"correct horse"}, sha256_hash.substr(0, sha256_hash.size() - 1)));
    CHECK_FALSE(verify_password(secret{"correct horse"}, sha256_hash + "x"));
}

TEST_CASE("A password that crypt would cut short is not hashed and matches nothing")
{
    const std::string_view with_nul{"correct horse\0tail", 18};
    CHECK_FALSE(verify_password(secret{with_nul}, sha256_hash));
    CHECK(hash_password(secret{with_nul}).error() == std::errc::invalid_argument);
    CHECK(hash_password(secret{std::string_view{"\0", 1}}).error() == std::errc::invalid_argument);

    const std::string longest(511, 'x');
    const auto hash = hash_password(secret{longest}).value();
    CHECK(verify_password(secret{longest}, hash));
    CHECK_FALSE(verify_password(secret{longest + "x"}, hash));
    CHECK_FALSE(verify_password(secret{std::string(100'000, 'x')}, hash));
    CHECK(hash_password(secret{longest + "x"}).error() == std::errc::invalid_argument);
}

TEST_CASE("The empty password can be hashed and is one like any other")
{
    const auto hash = hash_password(secret{}).value();
    CHECK(verify_password(secret{}, hash));
    CHECK_FALSE(verify_password(secret{"x"}, hash));
}

TEST_CASE("The right password gives the user's account and files")
{
    login_desk desk{parsed("anna:" + sha256_hash + ":list,read:/srv/anna\n")};
    const auto anna = desk.log_in("anna", "correct horse").value();
    CHECK(anna.name == "anna");
    CHECK(anna.store == desk.store);
    CHECK(anna.home.is_root());
    CHECK(anna.allowed.at(store_path{}) == permissions::read_only());
    CHECK(desk.opened == std::vector<std::string>{"/srv/anna"});
    CHECK(desk.users.blocks());
}

TEST_CASE("Passwords are checked on the caller's thread only if every hash of the table is a quick one")
{
    if (hash_password(secret{}).value().starts_with("$6$"))
        return; // without libcrypt none of the quick ones is known
    const std::string des = "ab:rl.3StKT.4T8M:full:\n";
    const std::string md5 = "cd:$1$rasmusle$rISCgZzpwk3UhDidwXvin0:full:\n";
    const auto blocks = [](const std::string& table) { return login_desk{parsed(table)}.users.blocks(); };
    CHECK_FALSE(blocks(des));
    CHECK_FALSE(blocks(md5));
    CHECK_FALSE(blocks(des + md5 + "locked:!:full:\n"));
    CHECK(blocks(des + "anna:" + sha256_hash + ":full:\n"));
    CHECK(blocks("anna:" + sha256_hash + ":full:\n" + md5));
    CHECK(blocks("locked:!:full:\n"));
    CHECK(blocks(""));
}

TEST_CASE("A wrong password and an unknown user are denied alike, and no files are opened")
{
    login_desk desk{parsed("anna:" + sha256_hash + ":full:\n")};
    CHECK(desk.is_denied("anna", "battery staple"));
    CHECK(desk.is_denied("anna", ""));
    CHECK(desk.is_denied("nobody", "battery staple"));
    // The right password of somebody else.
    CHECK(desk.is_denied("nobody", "correct horse"));
    CHECK(desk.is_denied("", "correct horse"));
    CHECK(desk.is_denied("Anna", "correct horse"));
    CHECK(desk.is_denied("anonymous", "correct horse"));
    CHECK(desk.is_denied("ftp", "me@example.com"));
    CHECK(desk.opened.empty());
}

TEST_CASE("A locked account is denied whatever the password")
{
    login_desk desk{parsed("locked:!:full:\nstarred:*:full:\nodd:x:full:\nanna:" + sha256_hash + ":full:\n")};
    for (const auto* user : {"locked", "starred", "odd"})
        for (const auto* password : {"", "!", "*", "x", "correct horse"})
            CHECK(desk.is_denied(user, password));
    CHECK(desk.log_in("anna", "correct horse").has_value());
}

TEST_CASE("A table without a usable password denies everybody")
{
    login_desk empty{user_table{}};
    CHECK(empty.is_denied("anna", ""));
    login_desk locked{parsed("locked:!:full:\n")};
    CHECK(locked.is_denied("locked", ""));
    CHECK(locked.is_denied("anna", "x"));
}

TEST_CASE("A user may have a special name and logs in like any other")
{
    login_desk desk{parsed("anonymous:" + sha256_hash + ":full:\n")};
    CHECK(desk.is_denied("anonymous", "me@example.com"));
    CHECK(desk.log_in("anonymous", "correct horse").has_value());
}

TEST_CASE("Files that cannot be opened are the error of the login")
{
    login_desk desk{parsed("anna:" + sha256_hash + ":full:/gone\n")};
    const auto refused = desk.log_in("anna", "correct horse");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == std::errc::no_such_file_or_directory);
}

TEST_CASE("Files that may not be opened are no wrong password")
{
    login_desk desk{parsed("anna:" + sha256_hash + ":full:/forbidden\n")};
    const auto refused = desk.log_in("anna", "correct horse");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() != std::errc::permission_denied);
}

TEST_CASE("A user who is removed is not there any more")
{
    user_table table;
    REQUIRE(table.put({"a", "x", permissions::full(), ""}));
    REQUIRE(table.put({"b", "x", permissions::full(), ""}));
    CHECK(table.remove("a"));
    CHECK(table.find("a") == nullptr);
    CHECK(table.find("b") != nullptr);
    CHECK_FALSE(table.remove("a"));
}
