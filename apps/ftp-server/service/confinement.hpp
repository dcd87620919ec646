// Whether and how the server gives up what it does not need.
#pragma once

#include "file_confinement.hpp"

#include <cstdint>
#include <optional>
#include <string>

enum class confinement_mode : std::uint8_t {
    off,
    automatic, ///< As far as this machine can.
    on,        ///< Or the server does not start.
};

class confinement {
public:
    confinement(confinement_mode mode, programs others) : mode_(mode), others_(others) {}

    [[nodiscard]] bool is_wanted() const { return mode_ != confinement_mode::off; }
    /// Before there is a second thread. Without files: nobody knows them. False: it could not be done. Throws
    /// std::runtime_error with a sentence for the user, as filter_calls() does.
    bool limit_files(const std::optional<reachable_files>& files);
    /// When everything is opened and the privileges are given up.
    void filter_calls();

    /// A sentence on what came of it.
    [[nodiscard]] std::string describe() const;

private:
    bool note(std::string& outcome, const std::optional<std::string>& obstacle, const char* done) const;

    confinement_mode mode_;
    programs others_;
    std::string files_{};
    std::string calls_{};
};
