// Names of files inside a store: absolute, normal, and unable to leave the root (RFC 959 pathname, RFC 3659 TVFS).
#pragma once

#include <libftp/result.hpp>

#include <string>
#include <string_view>

namespace libftp {

/// A normal absolute path, of the root or such as /a/b, none of whose components is empty, one dot or two. Components
/// are bytes, kept as they came; CR, LF and NUL never occur in them.
class store_path {
public:
    /// Of the whole path.
    static constexpr std::size_t max_bytes = 4095;
    /// Of the name of one file or directory.
    static constexpr std::size_t max_component_bytes = 255;

    /// The root.
    store_path() : text_("/") {}

    /// What `argument` names for someone whose working directory is this path. `..` above the root stays at the root,
    /// as in a Unix root directory. Errors: store_errc::name_not_allowed for CR, LF, NUL, an empty argument, or a path
    /// over the limits.
    [[nodiscard]] result<store_path> resolve(std::string_view argument) const;

    /// The whole path; valid as long as this object.
    [[nodiscard]] const std::string& string() const noexcept { return text_; }
    /// Relative to the root, without the leading slash; "" for the root.
    [[nodiscard]] std::string_view relative() const noexcept { return std::string_view{text_}.substr(1); }
    /// Whether it is the root.
    [[nodiscard]] bool is_root() const noexcept { return text_.size() == 1; }
    /// The last component; empty for the root.
    [[nodiscard]] std::string_view name() const noexcept;
    /// The root is its own parent.
    [[nodiscard]] store_path parent() const;
    /// Whether `other` is this path or lies below it.
    [[nodiscard]] bool contains(const store_path& other) const noexcept;

    friend bool operator==(const store_path&, const store_path&) noexcept = default;

private:
    std::string text_;
};

} // namespace libftp
