// A value or the error that stood in its way, with the member names of std::expected.
#pragma once

#include <concepts>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>

namespace libftp {

/// Reports `error` as an exception; result<T>::value() calls it. An error type of its own brings an overload that is
/// found by argument-dependent lookup.
[[noreturn]] void throw_error(const std::error_code& error);

/// Either a `T` or an `E`. It converts implicitly from a value, from an `E`, and from whatever makes an `E`, such as an
/// error enumerator: `return store_errc::not_found;`.
///
/// Accessing the side that is not there (`*r` on an error, `r.error()` on a value) breaks a precondition; `r.value()`
/// throws instead.
template <class T, class E = std::error_code>
class [[nodiscard]] result {
public:
    using value_type = T;
    using error_type = E;

    template <class U = T>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, result>) result(U&& value)
        : state_(std::in_place_index<0>, std::forward<U>(value)) // NOLINT(google-explicit-constructor)
    {
    }

    template <class U>
    requires(std::constructible_from<E, U> && !std::convertible_to<U, T> &&
             !std::same_as<std::remove_cvref_t<U>, result>) result(U&& error)
        : state_(std::in_place_index<1>, std::forward<U>(error)) // NOLINT(google-explicit-constructor)
    {
    }

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&state_); }
    [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
    [[nodiscard]] T* operator->() noexcept { return std::get_if<0>(&state_); }
    [[nodiscard]] const T* operator->() const noexcept { return std::get_if<0>(&state_); }

    [[nodiscard]] E& error() noexcept { return *std::get_if<1>(&state_); }
    [[nodiscard]] const E& error() const noexcept { return *std::get_if<1>(&state_); }

    /// The value, or an exception made from the error (std::system_error for std::error_code).
    T& value() &
    {
        if (!has_value())
            throw_error(error());
        return **this;
    }
    T value() &&
    {
        if (!has_value())
            throw_error(error());
        return std::move(**this);
    }

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
    using value_type = void;
    using error_type = E;

    result() noexcept = default;

    template <class U>
    requires(std::constructible_from<E, U> && !std::same_as<std::remove_cvref_t<U>, result>) result(U&& error)
        : error_(std::in_place, std::forward<U>(error)) // NOLINT(google-explicit-constructor)
    {
    }

    [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] E& error() noexcept { return *error_; }
    [[nodiscard]] const E& error() const noexcept { return *error_; }

    void value() const
    {
        if (error_)
            throw_error(*error_);
    }

private:
    std::optional<E> error_;
};

} // namespace libftp
