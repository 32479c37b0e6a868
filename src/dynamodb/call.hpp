// One call of DynamoDB's API as text, put together from its parts. Expressions name attributes as #name and
// values as :name: what stands behind a # is the attribute's own name, so that no reserved word is in the
// way. Values; pure. Whoever makes the call sends it (client.hpp). Source:
// docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
#pragma once

#include "dynamodb/item.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::dynamodb {

class Call {
 public:
  /// "PutItem", "UpdateItem", … on one table.
  Call(std::string_view operation, std::string_view table);

  Call& key(Item key) { return member("Key", std::move(key)); }
  Call& item(Item item) { return member("Item", std::move(item)); }
  Call& start_behind(Item key) { return member("ExclusiveStartKey", std::move(key)); }
  Call& condition(std::string_view text) { return expression("ConditionExpression", text); }
  Call& update(std::string_view text) { return expression("UpdateExpression", text); }
  Call& key_condition(std::string_view text) { return expression("KeyConditionExpression", text); }
  Call& filter(std::string_view text) { return expression("FilterExpression", text); }
  Call& attributes(std::string_view text) { return expression("ProjectionExpression", text); }
  /// What the expressions call by these names: ":owner", …
  Call& values(Item values);
  Call& index(std::string_view name) { return text_member("IndexName", name); }
  Call& returning(std::string_view which) { return text_member("ReturnValues", which); }
  Call& consistent() { return flag_member("ConsistentRead", true); }
  Call& backward() { return flag_member("ScanIndexForward", false); }
  Call& limit(std::size_t items);

  const std::string& operation() const { return operation_; }
  std::string body() const;

 private:
  Call& member(std::string_view name, Item item);
  Call& expression(std::string_view name, std::string_view text);
  Call& text_member(std::string_view name, std::string_view value);
  Call& flag_member(std::string_view name, bool value);

  std::string operation_;
  std::string table_;
  /// Members of the body, and their values as JSON.
  std::map<std::string, std::string, std::less<>> members_;
  std::set<std::string, std::less<>> names_;
  Item values_;
};

/// Up to 100 items of one table by their keys; what comes back is in no order.
std::string batch_get_body(std::string_view table, const std::vector<Item>& keys, bool consistent);
/// Up to 25 writes of one table, none of them conditional.
std::string batch_write_body(std::string_view table, const std::vector<Item>& puts,
                             const std::vector<Item>& deleted_keys);

inline constexpr std::size_t batch_get_items_max = 100;
inline constexpr std::size_t batch_write_items_max = 25;

}  // namespace skymarshal::dynamodb
