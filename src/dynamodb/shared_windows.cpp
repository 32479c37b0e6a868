#include "dynamodb/shared_windows.hpp"

#include "base/text.hpp"
#include "dynamodb/tables.hpp"

#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

/// Well below what an expression may have.
constexpr std::size_t stale_per_report_max = 100;

Item key_item(const SharedWindowKey& key) {
  Item item;
  item.text("client_id", key.client_id).number("window", key.window_ms);
  return item;
}

}  // namespace

Call report_call(std::string_view table, const SharedWindowKey& key, const SharedWindowReport& report) {
  Item values;
  values.number(":seen", report.number_ms).number(":ttl", report.ttl_s);
  std::string update = fmt::format("SET #w{} = :seen, #{} = :ttl", report.writer, ttl_attribute);
  std::string separator = " ADD ";
  for (const auto& [slice, change] : report.report.changes) {
    const std::string name = fmt::format("n{}", slice);
    update += fmt::format("{}#{} :{}", separator, name, name);
    values.number(":" + name, change);
    separator = ", ";
  }
  separator = " REMOVE ";
  for (const std::string& name : report.stale) {
    update += separator + '#' + name;
    separator = ", ";
  }
  Call call("UpdateItem", table);
  call.key(key_item(key)).update(update).values(std::move(values)).returning("ALL_NEW");
  call.condition(fmt::format("attribute_not_exists(#w{0}) OR #w{0} < :seen", report.writer));
  return call;
}

Call read_call(std::string_view table, const SharedWindowKey& key) {
  Call call("GetItem", table);
  call.key(key_item(key)).consistent();
  return call;
}

SharedWindowContents read_shared_window(const Item& item, std::int64_t oldest,
                                        std::int64_t writers_since_ms) {
  SharedWindowContents contents;
  for (const std::string_view name : item.names()) {
    const auto number = item.find_number(name);
    if (!number) continue;
    bool is_stale = false;
    if (const auto slice = parse_number<std::int64_t>(name.substr(1)); name.starts_with('n') && slice) {
      is_stale = *slice < oldest;
      if (!is_stale) contents.counts[*slice] += *number;
    } else if (name.starts_with('w') && name != "window") {
      is_stale = *number < writers_since_ms;
    }
    if (is_stale && contents.stale.size() < stale_per_report_max) contents.stale.emplace_back(name);
  }
  return contents;
}

}  // namespace skymarshal::dynamodb
