// Turns what a client calls a file into a normal path inside the store (RFC 959 pathname, RFC 3659 TVFS).
#include <libftp/store/store_path.hpp>

#include <libftp/store/store_error.hpp>

#include <algorithm>

namespace libftp {

result<store_path> store_path::resolve(std::string_view argument) const
{
    constexpr auto is_forbidden = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0'; };
    if (argument.empty() || std::ranges::any_of(argument, is_forbidden))
        return store_errc::name_not_allowed;

    // Without the root's slash while it is built, so that every component brings its own.
    std::string text;
    const std::string_view from = argument.front() == '/' || is_root() ? std::string_view{} : text_;
    text.reserve(from.size() + 1 + argument.size());
    text = from;
    while (!argument.empty()) {
        const auto component = argument.substr(0, argument.find('/'));
        argument.remove_prefix(std::min(component.size() + 1, argument.size()));
        if (component.empty() || component == ".")
            continue;
        if (component == "..") {
            text.erase(text.empty() ? 0 : text.rfind('/'));
            continue;
        }
        if (component.size() > max_component_bytes)
            return store_errc::name_not_allowed;
        text.append(1, '/').append(component);
    }
    if (text.size() > max_bytes)
        return store_errc::name_not_allowed;

    store_path path;
    if (!text.empty())
        path.text_ = std::move(text);
    return path;
}

std::string_view store_path::name() const noexcept
{
    return std::string_view{text_}.substr(text_.rfind('/') + 1);
}

store_path store_path::parent() const
{
    store_path path;
    if (const auto slash = text_.rfind('/'); slash != 0)
        path.text_ = text_.substr(0, slash);
    return path;
}

bool store_path::contains(const store_path& other) const noexcept
{
    return is_root() ||
           (other.text_.starts_with(text_) && (other.text_.size() == text_.size() || other.text_[text_.size()] == '/'));
}

} // namespace libftp
