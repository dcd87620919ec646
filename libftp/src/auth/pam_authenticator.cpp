// One conversation with PAM for each login.
#include <libftp/auth/pam_authenticator.hpp>

#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include <security/pam_appl.h>

namespace libftp {

namespace {

/// C memory that PAM frees.
char* copy_for_pam(std::string_view text)
{
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy != nullptr) {
        text.copy(copy, text.size());
        copy[text.size()] = '\0';
    }
    return copy;
}

void release(pam_response* answers, int count)
{
    for (int i = 0; i < count; ++i) {
        if (answers[i].resp != nullptr) {
            wipe(answers[i].resp, std::strlen(answers[i].resp));
            std::free(answers[i].resp);
        }
    }
    std::free(answers);
}

/// Called by modules: hidden questions are taken for the one about the password, others get an empty answer.
int converse(int count, const pam_message** messages, pam_response** out, void* data)
{
    if (count <= 0 || count > PAM_MAX_NUM_MSG)
        return PAM_CONV_ERR;
    auto* answers = static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (answers == nullptr)
        return PAM_BUF_ERR;
    const auto& password = *static_cast<const secret*>(data);
    for (int i = 0; i < count; ++i) {
        const auto style = messages[i]->msg_style;
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON)
            continue;
        answers[i].resp = copy_for_pam(style == PAM_PROMPT_ECHO_OFF ? password.reveal() : std::string_view{});
        if (answers[i].resp == nullptr) {
            release(answers, count);
            return PAM_BUF_ERR;
        }
    }
    *out = answers;
    return PAM_SUCCESS;
}

/// In place of the pause that modules ask for after a failure: it would keep a thread from other logins, and whoever
/// guesses is slowed down by the session and the throttle.
void pause_not(int /*outcome*/, unsigned /*microseconds*/, void* /*data*/) {}

class transaction {
public:
    transaction(const pam_options& options, const credentials& who)
        : conversation_{.conv = converse, .appdata_ptr = const_cast<secret*>(&who.password)}
    {
        if (options.directory.empty())
            code_ = pam_start(options.service.c_str(), who.user.c_str(), &conversation_, &handle_);
        else
            code_ = pam_start_confdir(options.service.c_str(), who.user.c_str(), &conversation_,
                                      options.directory.c_str(), &handle_);
        if (code_ != PAM_SUCCESS)
            handle_ = nullptr;
        const auto peer = who.peer.address.to_string();
        then([&] { return pam_set_item(handle_, PAM_RHOST, peer.c_str()); });
#ifdef PAM_FAIL_DELAY
        then([&] { return pam_set_item(handle_, PAM_FAIL_DELAY, reinterpret_cast<const void*>(&pause_not)); });
#endif
    }
    ~transaction()
    {
        if (handle_ != nullptr)
            pam_end(handle_, code_);
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    /// Does the next step, if all before it went well.
    template <class Step>
    void then(Step step)
    {
        if (code_ == PAM_SUCCESS)
            code_ = step();
    }

    void check_login()
    {
        then([this] { return pam_authenticate(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK); });
        then([this] { return pam_acct_mgmt(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK); });
    }

    [[nodiscard]] int code() const noexcept
    {
        return code_;
    }

    /// Modules may have chosen another one.
    [[nodiscard]] std::string user() const
    {
        const void* name = nullptr;
        if (pam_get_item(handle_, PAM_USER, &name) != PAM_SUCCESS || name == nullptr)
            return {};
        return static_cast<const char*>(name);
    }

private:
    pam_conv conversation_;
    pam_handle_t* handle_ = nullptr;
    int code_ = PAM_SUCCESS;
};

/// PAM takes C strings.
bool holds_nul(std::string_view text)
{
    return text.find('\0') != std::string_view::npos;
}

} // namespace

bool pam_authenticator::is_available() noexcept
{
    return true;
}

pam_authenticator::pam_authenticator(pam_options options, account_opener open_account)
    : options_(std::move(options)), open_account_(std::move(open_account))
{
}

result<account> pam_authenticator::authenticate(const credentials& who)
{
    if (who.user.empty() || who.is_by_certificate || holds_nul(who.user) || holds_nul(who.password.reveal()))
        return std::make_error_code(std::errc::permission_denied);
    transaction login{options_, who};
    if (login.code() != PAM_SUCCESS)
        return std::make_error_code(std::errc::io_error);
    login.check_login();
    // Modules say so many things of a wrong password that whatever they say has to count as one.
    if (login.code() != PAM_SUCCESS)
        return std::make_error_code(std::errc::permission_denied);
    const auto user = login.user();
    return open_account_(user);
}

} // namespace libftp
