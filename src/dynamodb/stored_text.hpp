// Long texts as attributes: as they are where they are short, compressed where that helps, and in items of
// their own where they would not fit beside the rest (an item has 400 KB at most, names counted). Read back
// whole, or not at all: a checksum stands in each.
// Parts stand in partitions of their own, two in each: a partition takes 1,000 KB a second
// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
// Form of what is compressed: RFC 8878 (zstd), with its content checksum.
#pragma once

#include "dynamodb/client.hpp"
#include "dynamodb/error.hpp"
#include "dynamodb/item.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::dynamodb {

/// The table of an item with a text, by whose keys the parts of that text are found.
struct TextTable {
  std::string name;
  std::string_view partition;
  std::string_view sort;
};

struct TextOptions {
  /// What a compressed text may take up in the item itself.
  std::size_t inline_bytes_max = 200'000;
  /// Of one part.
  std::size_t part_bytes_max = 380'000;
  /// When parts may go; seconds since 1970.
  std::int64_t ttl_s = 0;
};

/// Puts `text` into `item` under `name`, or under names that begin with it. What is given back are its parts,
/// to be written before the item. `owner` names whatever the item is of, so that no two share parts.
std::vector<Item> pack_text(Item& item, std::string_view name, std::string_view text, std::string_view owner,
                            const TextTable& table, const TextOptions& options);

/// Writes parts before the item that they are of; in steps so small that each has a second, and pauses, of
/// its own. What comes again is written again.
boost::asio::awaitable<Result<void>> write_parts(Client& client, std::string table, std::vector<Item> parts);

/// ErrorKind::invalid where something of it is missing or was changed. Empty if the item has none.
boost::asio::awaitable<Result<std::string>> unpack_text(Client& client, TextTable table, const Item& item,
                                                        std::string_view name);

/// Of the parts of a text that an item has; none where it stands in the item.
std::vector<Item> part_keys(const Item& item, std::string_view name, const TextTable& table);

}  // namespace skymarshal::dynamodb
