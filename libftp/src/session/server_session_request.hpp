// How a server session's handlers ask the host for something.
#pragma once

#include <libftp/session/server_session.hpp>

#include <utility>

namespace libftp {

template <class Action>
op_id server_session::request(Action asked)
{
    asked.id = op_id{++last_id_};
    const auto id = asked.id;
    actions_.emplace_back(std::move(asked));
    return id;
}

} // namespace libftp
