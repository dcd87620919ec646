// Gives up the rights of root: the server opens its ports with them, and does all else as an ordinary user.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

class privileges {
public:
    /// `run_as` is NAME or NAME:GROUP, or empty to go on as who started the program. Throws option_error as check()
    /// does, and std::runtime_error with a sentence for the user if it takes root to become that user.
    explicit privileges(const std::string& run_as);

    /// Whether root could become that user. Throws option_error if there is no such user or group.
    static void check(const std::string& run_as);

    /// Acts as the ordinary user until raise(): opens what that user will need, so that what is out of reach shows.
    void lower() const;
    void raise() const;
    /// For good. Throws std::runtime_error if there is a way back.
    void give_up() const;

    /// A sentence if the server goes on as root.
    [[nodiscard]] std::optional<std::string_view> warning() const;

private:
    struct identity {
        uid_t user = 0;
        std::vector<gid_t> groups{}; ///< The first is the primary one.
    };
    static identity find(const std::string& run_as);

    std::optional<identity> other_{}; ///< Nobody else: nothing is to be done.
    gid_t own_group_ = 0;
};

/// lower() as long as this lives.
class lowered_privileges {
public:
    explicit lowered_privileges(const privileges& whose) : whose_(whose) { whose_.lower(); }
    ~lowered_privileges() { whose_.raise(); }
    lowered_privileges(const lowered_privileges&) = delete;
    lowered_privileges& operator=(const lowered_privileges&) = delete;

private:
    const privileges& whose_;
};
