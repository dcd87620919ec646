// The paths that fit a pattern, as a directory whose entries they are.
#pragma once

#include <libftp/store/listing.hpp>

#include <memory>

namespace libftp {

/// Entries for all that fits request.path, named as the client would write them, in no order.
/// Precondition: request.directory can resolve request.path. Errors: as open_listing().
result<std::unique_ptr<directory_reader>> open_pattern(std::shared_ptr<file_store> store,
                                                       const listing_request& request);

} // namespace libftp
