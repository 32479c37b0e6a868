#include "dynamodb/call.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::dynamodb {
namespace {

std::string wire_form(const Item& item) {
  std::string text;
  JsonWriter json(text);
  item.write(json);
  return text;
}

bool is_of_a_name(char c) { return is_letter_or_digit(c) || c == '_'; }

}  // namespace

Call::Call(std::string_view operation, std::string_view table) : operation_(operation), table_(table) {}

Call& Call::values(Item values) {
  values_ = std::move(values);
  return *this;
}

Call& Call::limit(std::size_t items) {
  members_.insert_or_assign("Limit", std::to_string(items));
  return *this;
}

std::string Call::body() const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("TableName", std::string_view(table_));
  for (const auto& [name, value] : members_) json.raw_member(name, value);
  if (!names_.empty()) {
    json.key("ExpressionAttributeNames").begin_object();
    for (const std::string& name : names_) json.member("#" + name, std::string_view(name));
    json.end_object();
  }
  if (!values_.empty()) {
    json.key("ExpressionAttributeValues");
    values_.write(json);
  }
  json.end_object();
  return text;
}

Call& Call::member(std::string_view name, Item item) {
  members_.insert_or_assign(std::string(name), wire_form(item));
  return *this;
}

Call& Call::expression(std::string_view name, std::string_view text) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    names_.emplace(rest.begin(), std::ranges::find_if_not(rest, is_of_a_name));
  }
  return text_member(name, text);
}

Call& Call::text_member(std::string_view name, std::string_view value) {
  std::string text;
  append_json_string(text, value);
  members_.insert_or_assign(std::string(name), std::move(text));
  return *this;
}

Call& Call::flag_member(std::string_view name, bool value) {
  members_.insert_or_assign(std::string(name), value ? "true" : "false");
  return *this;
}

std::string batch_get_body(std::string_view table, const std::vector<Item>& keys, bool consistent) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("RequestItems").begin_object().key(table).begin_object();
  json.member("ConsistentRead", consistent).key("Keys").begin_array();
  for (const Item& key : keys) key.write(json);
  json.end_array().end_object().end_object().end_object();
  return text;
}

std::string batch_write_body(std::string_view table, const std::vector<Item>& puts,
                             const std::vector<Item>& deleted_keys) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("RequestItems").begin_object().key(table).begin_array();
  for (const Item& item : puts) {
    json.begin_object().key("PutRequest").begin_object().key("Item");
    item.write(json);
    json.end_object().end_object();
  }
  for (const Item& key : deleted_keys) {
    json.begin_object().key("DeleteRequest").begin_object().key("Key");
    key.write(json);
    json.end_object().end_object();
  }
  json.end_array().end_object().end_object();
  return text;
}

}  // namespace skymarshal::dynamodb
