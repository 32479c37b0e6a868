// What the table of the limits holds: one item for each count and length of window, {client_id, window, ttl},
// in which n{slice} are the requests of a slice of time and w{gateway} the number of that gateway's last
// report. Every report is one UpdateItem that adds and gives all counts back: no two gateways get in each
// other's way, and nothing is read before. Values; pure.
#pragma once

#include "dynamodb/call.hpp"
#include "dynamodb/item.hpp"
#include "limits/shared_count.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::dynamodb {

/// Which count: "principal#{id}" or "account#{shard}".
struct SharedWindowKey {
  std::string client_id;
  std::int64_t window_ms = 0;
  auto operator<=>(const SharedWindowKey&) const = default;
};

struct SharedWindowReport {
  limits::SharedCount::Report report;
  /// Of the gateway that reports; letters and digits.
  std::string_view writer;
  /// Greater in each report of a writer to an item, and a time: a report that comes twice is known by it, and
  /// from it one sees who has long been gone.
  std::int64_t number_ms = 0;
  /// When the item may go, in seconds since 1970.
  std::int64_t ttl_s = 0;
  /// Attributes that tell nothing any more, as found by read_shared_window(); a hundred at most.
  std::vector<std::string> stale;
};

/// UpdateItem that gives the whole item; ErrorKind::condition_failed: it has been made already.
Call report_call(std::string_view table, const SharedWindowKey& key, const SharedWindowReport& report);
/// GetItem, consistent.
Call read_call(std::string_view table, const SharedWindowKey& key);

struct SharedWindowContents {
  limits::SliceCounts counts;
  std::vector<std::string> stale;
};

/// `oldest`: slices before it tell nothing any more, nor do writers whose last report is from before
/// `writers_since_ms`.
SharedWindowContents read_shared_window(const Item& item, std::int64_t oldest, std::int64_t writers_since_ms);

}  // namespace skymarshal::dynamodb
