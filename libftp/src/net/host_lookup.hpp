// Asking the system for the addresses of a host, which may take as long as it likes.
#pragma once

#include "asio_types.hpp"

#include <libftp/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace libftp::net {

/// Blocks. The system's resolver, or a test's own.
using resolver_function = std::function<result<std::vector<endpoint>>(const std::string& host, std::uint16_t port)>;

result<std::vector<endpoint>> ask_system_resolver(const std::string& host, std::uint16_t port);

/// One question to a resolver, on a thread that nobody waits for: nothing can interrupt a resolver.
class host_lookup {
public:
    using handler = std::function<void(result<std::vector<endpoint>>)>;

    /// `done` is called once, from `executor`, unless this object is gone by then.
    host_lookup(const asio::any_io_executor& executor, resolver_function resolver, std::string host, std::uint16_t port,
                handler done);
    /// The answer, if it comes later, is dropped.
    ~host_lookup();
    host_lookup(const host_lookup&) = delete;
    host_lookup& operator=(const host_lookup&) = delete;

private:
    struct question;
    std::shared_ptr<question> question_;
};

} // namespace libftp::net
