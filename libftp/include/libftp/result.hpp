// A value or the error that stood in its way, with the member names of std::expected.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>

namespace libftp {

/// Reports `error` as an exception; result<T>::value() calls it. An error type of its own brings an overload that is
/// found by argument-dependent lookup.
[[noreturn]] void throw_error(const std::error_code& error);
/// As above, for an error that is a text for a person to read: std::runtime_error.
[[noreturn]] void throw_error(const std::string& error);

/// Either a `T` or an `E`. It converts implicitly from a value, from an `E`, and from whatever makes an `E`, such as an
/// error enumerator: `return store_errc::not_found;`.
///
/// Accessing the side that is not there (`*r` on an error, `r.error()` on a value) breaks a precondition; `r.value()`
/// throws instead.
template <class T, class E = std::error_code>
class [[nodiscard]] result {
public:
    /// As of std::expected.
    using value_type = T;
    /// As of std::expected.
    using error_type = E;

    /// A value, from whatever converts to one.
    template <class U = T>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, result>) result(U&& value)
        : state_(std::in_place_index<0>, std::forward<U>(value)) // NOLINT(google-explicit-constructor)
    {
    }

    /// An error, from whatever makes one.
    template <class U>
    requires(std::constructible_from<E, U> && !std::convertible_to<U, T> &&
             !std::same_as<std::remove_cvref_t<U>, result>) result(U&& error)
        : state_(std::in_place_index<1>, std::forward<U>(error)) // NOLINT(google-explicit-constructor)
    {
    }

    /// Whether there is a value, and no error.
    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    /// As has_value().
    explicit operator bool() const noexcept { return has_value(); }

    /// The value. Precondition: there is one.
    [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&state_); }
    /// As above.
    [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
    /// As above, to be moved from.
    [[nodiscard]] T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
    /// A member of the value. Precondition: there is one.
    [[nodiscard]] T* operator->() noexcept { return std::get_if<0>(&state_); }
    /// As above.
    [[nodiscard]] const T* operator->() const noexcept { return std::get_if<0>(&state_); }

    /// The error. Precondition: there is one.
    [[nodiscard]] E& error() noexcept { return *std::get_if<1>(&state_); }
    /// As above.
    [[nodiscard]] const E& error() const noexcept { return *std::get_if<1>(&state_); }

    /// The value, or an exception made from the error (std::system_error for std::error_code).
    T& value() &
    {
        if (!has_value())
            throw_error(error());
        return **this;
    }
    /// As above.
    const T& value() const&
    {
        if (!has_value())
            throw_error(error());
        return **this;
    }
    /// As above, to be moved from.
    T value() &&
    {
        if (!has_value())
            throw_error(error());
        return std::move(**this);
    }

    /// A copy of the value, or `other` if there is none.
    template <class U>
    [[nodiscard]] T value_or(U&& other) const&
    {
        return has_value() ? **this : static_cast<T>(std::forward<U>(other));
    }

private:
    std::variant<T, E> state_;
};

/// Success without a value, or an error.
template <class E>
class [[nodiscard]] result<void, E> {
public:
    /// As of std::expected.
    using value_type = void;
    /// As of std::expected.
    using error_type = E;

    /// Success.
    result() noexcept = default;

    /// An error, from whatever makes one.
    template <class U>
    requires(std::constructible_from<E, U> && !std::same_as<std::remove_cvref_t<U>, result>) result(U&& error)
        : error_(std::in_place, std::forward<U>(error)) // NOLINT(google-explicit-constructor)
    {
    }

    /// Whether there is no error.
    [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
    /// As has_value().
    explicit operator bool() const noexcept { return has_value(); }
    /// The error. Precondition: there is one.
    [[nodiscard]] E& error() noexcept { return *error_; }
    /// As above.
    [[nodiscard]] const E& error() const noexcept { return *error_; }

    /// Throws an exception made from the error, if there is one.
    void value() const
    {
        if (error_)
            throw_error(*error_);
    }

private:
    std::optional<E> error_;
};

} // namespace libftp
