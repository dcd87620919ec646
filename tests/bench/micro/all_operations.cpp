// Puts the operations of all topics into one table.
#include "operation.hpp"

#include <iterator>
#include <utility>

namespace libftp::bench {

std::vector<operation> all_operations()
{
    std::vector<operation> all;
    for (auto topic : {protocol_operations, session_operations, listing_operations, coding_operations}) {
        auto some = topic();
        all.insert(all.end(), std::move_iterator{some.begin()}, std::move_iterator{some.end()});
    }
    return all;
}

} // namespace libftp::bench
