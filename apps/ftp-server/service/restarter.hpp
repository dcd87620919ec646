// Starts the program anew for a server that has given up the rights to do so itself.
#pragma once

#include "service_manager.hpp"

#include <sys/types.h>

/// A process apart, which may for ever what this one may when the restarter is made. It does nothing but run the same
/// program with the same arguments when it is asked to, and ends with this process.
class restarter {
public:
    /// To be made before anything is opened and before there is a second thread. Throws std::system_error.
    explicit restarter(char** arguments);
    ~restarter();
    restarter(const restarter&) = delete;
    restarter& operator=(const restarter&) = delete;

    /// The new process inherits these sockets, which stay open here. Returns a descriptor from which its number can be
    /// read once it serves; it ends without one if the process did. Throws std::system_error.
    [[nodiscard]] int start(const service_manager::inheritance& given) const;

private:
    int channel_ = -1;
};
