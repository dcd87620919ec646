// Accounts in a text file: one line a user, passwords as salted slow hashes (crypt(5)), never in clear.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/protocol/permission.hpp>
#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// A line of a users file.
struct user_entry {
    std::string name{};
    std::string password_hash{}; ///< crypt(5), such as `$y$...`.
    permissions allowed{};
    std::string root{}; ///< The directory that this user sees; empty: the server's own.
};

/// Where and why a users file cannot be read.
struct user_table_error {
    std::size_t line = 0; ///< Counted from 1.
    std::string reason{};
};

/// The table itself; plain data. The file's form is `name:hash:permissions:root`, `#` begins a comment line.
class user_table {
public:
    /// Reads all lines, or says which is the first that cannot be read. A name that comes twice is an error, too.
    static result<user_table, user_table_error> parse(std::string_view text);
    /// The text that parse() reads, without comments.
    [[nodiscard]] std::string to_string() const;

    /// In the order of the file; valid until the table is changed.
    [[nodiscard]] std::span<const user_entry> entries() const noexcept { return entries_; }
    /// nullptr: there is none of that name. Valid until the table is changed.
    [[nodiscard]] const user_entry* find(std::string_view name) const noexcept;
    /// Adds a user or replaces the one of that name. Error: what is wrong with a field (empty, `:`, control bytes).
    result<void, std::string> put(user_entry entry);
    /// False: there is none of that name.
    bool remove(std::string_view name);

private:
    std::vector<user_entry> entries_;
};

/// Reports a users file error as an exception.
[[noreturn]] void throw_error(const user_table_error& error);

/// Hashes a password with yescrypt and a random salt, or, where the library was built without libcrypt, with SHA-512
/// (`$6$`). Takes tens of milliseconds on purpose.
/// Errors: std::errc::invalid_argument for a password that holds NUL or is longer than 511 bytes; the system's, if
/// there is no source of randomness.
result<std::string> hash_password(const secret& password);

/// Whether `password` has this hash: of any method of libcrypt, or, without it, `$5$` and `$6$`. Takes as long as
/// hashing does.
bool verify_password(const secret& password, const std::string& hash);

/// Checks logins against a table. An unknown user costs the same time as a wrong password.
class user_table_authenticator final : public authenticator {
public:
    /// Makes the account of a user whose password was right: with the files and whatever else differs from user to user
    /// (rules by path, rates, a quota around the store). Called at each login, from several threads at once: what all
    /// sessions of a user are to share, such as a quota or rates, must be the same object each time. Any error means
    /// that there can be no login at the moment. Must not block where blocks() is false.
    using account_opener = std::function<result<account>(const user_entry& user)>;

    /// Hashes a password that nobody has, for unknown users: takes tens of milliseconds. Precondition: `open_account`
    /// is not empty.
    user_table_authenticator(user_table table, account_opener open_account);
    /// Not if all hashes are of the old kinds that take less than a millisecond: traditional DES and `$1$`. One slow
    /// hash is enough, or the time taken would tell who has it.
    [[nodiscard]] bool blocks() const noexcept override { return blocks_; }
    result<account> authenticate(const credentials& who) override;

private:
    user_table table_;
    account_opener open_account_;
    std::vector<std::string> decoys_; ///< An unknown user's password is compared with one of them: one of each kind.
    bool blocks_ = true;
};

} // namespace libftp
