// Where the next page of a list goes on, as text that callers hand back to us.
// Pure. A cursor grants nothing: every query names its principal. Its checksum only keeps cursors of other
// lists, other principals and other programs from being taken for a place in this one.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::store {

/// The last item of a page: its time and, where times may repeat, its name.
struct PagePosition {
  std::int64_t time_ms = 0;
  std::string name;
};

/// base64url (RFC 4648 section 5) without padding. `scope` names the list: everything that must be the same
/// when the cursor comes back.
std::string encode_cursor(const PagePosition& position, std::string_view scope);

/// Errc::invalid_request if `text` is not what encode_cursor gave for this very scope.
Result<PagePosition> decode_cursor(std::string_view text, std::string_view scope);

/// Where a page of at most `limit` items starts; nullopt at the beginning of the list. Errc::invalid_request
/// as above, and for pages without room.
Result<std::optional<PagePosition>> read_cursor(std::size_t limit, std::string_view text,
                                                std::string_view scope);

}  // namespace skymarshal::store
