// Hashes passwords by crypt(3): new ones with yescrypt, and with whatever else it knows where a hash is there already.
#include "password_hash.hpp"

#include <libftp/auth/user_table.hpp>

#include <cerrno>
#include <memory>
#include <system_error>

#include <crypt.h>

namespace libftp {
namespace {

/// What crypt(3) works on. It holds the password and traces of it, so it is wiped when it goes.
class crypt_memory {
public:
    crypt_memory() : data_(std::make_unique<crypt_data>()) {}
    crypt_memory(const crypt_memory&) = delete;
    crypt_memory& operator=(const crypt_memory&) = delete;
    ~crypt_memory() { wipe(reinterpret_cast<char*>(data_.get()), sizeof(crypt_data)); }

    /// Nothing if `setting`, a hash or a salt, is not one that crypt(3) knows.
    std::optional<std::string> hash(std::string_view password, const std::string& setting)
    {
        // A password that does not fit is cut, and takes its time all the same.
        const auto size = password.copy(data_->input, sizeof data_->input - 1);
        data_->input[size] = '\0';
        const char* made = ::crypt_rn(data_->input, setting.c_str(), data_.get(), sizeof(crypt_data));
        if (!made || *made == '*')
            return std::nullopt;
        return std::string{made};
    }

private:
    std::unique_ptr<crypt_data> data_;
};

/// crypt(3) would not see what is behind a NUL or its limit.
bool is_whole_for_crypt(std::string_view password) noexcept
{
    return password.size() < CRYPT_MAX_PASSPHRASE_SIZE && password.find('\0') == std::string_view::npos;
}

/// Takes the same time wherever the first difference is.
bool is_equal_in_constant_time(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned>(a[i] ^ b[i]);
    return difference == 0;
}

} // namespace

std::optional<bool> compare_password(std::string_view password, const std::string& hash)
{
    const auto made = crypt_memory{}.hash(password, hash);
    if (!made)
        return std::nullopt;
    return is_equal_in_constant_time(*made, hash) && is_whole_for_crypt(password);
}

result<std::string> hash_password(const secret& password)
{
    if (!is_whole_for_crypt(password.reveal()))
        return std::make_error_code(std::errc::invalid_argument);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (!::crypt_gensalt_rn("$y$", 0, nullptr, 0, setting, sizeof setting))
        return std::error_code{errno, std::system_category()};
    auto hash = crypt_memory{}.hash(password.reveal(), setting);
    if (!hash)
        return std::make_error_code(std::errc::not_enough_memory); // All else is known to be right.
    return *std::move(hash);
}

} // namespace libftp
