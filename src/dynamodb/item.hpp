// Items as DynamoDB has them: attributes with their types, and their form in its JSON protocol. Values; pure.
// Source: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html and
// .../developerguide/CapacityUnitCalculations.html (what an item weighs)
#pragma once

#include "base/json_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skymarshal::dynamodb {

/// N, in decimal digits: up to 38 of them count.
struct Number {
  std::string digits;
  bool operator==(const Number&) const = default;
};

/// B.
struct Bytes {
  std::string bytes;
  bool operator==(const Bytes&) const = default;
};

/// SS, each text once, in no order. DynamoDB has no empty ones: what would be empty is absent.
struct TextSet {
  std::vector<std::string> texts;
  bool operator==(const TextSet&) const = default;
};

/// A value in its wire form, such as {"M":{…}}: what is not looked into.
struct RawValue {
  std::string json;
  bool operator==(const RawValue&) const = default;
};

/// A std::string is S, bool BOOL.
using Value = std::variant<std::string, Number, Bytes, bool, TextSet, RawValue>;

/// DynamoDB's limit is 400 KB: nothing larger is taken
/// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
inline constexpr std::size_t item_bytes_max = 400'000;

class Item {
 public:
  Item() = default;

  /// Replaces an attribute of that name.
  Item& text(std::string_view name, std::string_view value);
  Item& number(std::string_view name, std::int64_t value);
  Item& digits(std::string_view name, std::string value);
  Item& bytes(std::string_view name, std::string value);
  Item& flag(std::string_view name, bool value);
  Item& text_set(std::string_view name, std::vector<std::string> texts);
  Item& raw(std::string_view name, std::string json);

  /// nullopt also if it is of another type.
  std::optional<std::string_view> find_text(std::string_view name) const;
  std::optional<std::int64_t> find_number(std::string_view name) const;
  std::optional<std::string_view> find_digits(std::string_view name) const;
  std::optional<std::string_view> find_bytes(std::string_view name) const;
  /// Empty where there is none.
  const std::vector<std::string>& find_texts(std::string_view name) const;
  bool has(std::string_view name) const { return attributes_.contains(name); }
  /// Of all its attributes.
  std::vector<std::string_view> names() const {
    std::vector<std::string_view> all;
    for (const auto& attribute : attributes_) all.push_back(attribute.first);
    return all;
  }
  bool empty() const { return attributes_.empty(); }

  /// What it weighs against item_bytes_max: names and values in bytes, numbers and nested ones at most.
  std::size_t bytes_max() const;
  /// {"name":{"S":"value"},…}
  void write(JsonWriter& json) const;

  bool operator==(const Item&) const = default;

 private:
  friend std::optional<Item> read_item(std::string_view padded_json);

  template <typename T>
  const T* find(std::string_view name) const;

  std::map<std::string, Value, std::less<>> attributes_;
};

/// Of an item in its wire form, valid JSON with padding behind (json_reader). Nullopt for what is none.
std::optional<Item> read_item(std::string_view padded_json);

}  // namespace skymarshal::dynamodb
