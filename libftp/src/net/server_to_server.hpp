// A file from one server to another (RFC 959 2.3, "FXP"): each is told to use the other as its data connection.
#pragma once

#include "client_engine.hpp"

#include <functional>
#include <memory>
#include <string>

namespace libftp::net {

/// `source` sends `remote` to `target`, which stores it as `target_remote`. To be called on the executor of `source`,
/// where `done` is called too; `target` may have another one, on another thread. When it has failed, both servers have
/// been told to give up, and the session with one that does not answer is closed.
canceler begin_server_to_server(const std::shared_ptr<client_engine>& source,
                                const std::shared_ptr<client_engine>& target, std::string remote,
                                std::string target_remote, std::function<void(client_result<transfer_result>)> done);

} // namespace libftp::net
