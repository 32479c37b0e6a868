#include "dynamodb/item.hpp"

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

#include <type_traits>
#include <utility>

namespace skymarshal::dynamodb {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

void write_value(JsonWriter& json, const Value& value) {
  const auto write =
      Overloaded{[&json](const std::string& text) {
                   json.begin_object().member("S", std::string_view(text)).end_object();
                 },
                 [&json](const Number& number) {
                   json.begin_object().member("N", std::string_view(number.digits)).end_object();
                 },
                 [&json](const Bytes& bytes) {
                   json.begin_object().member("B", std::string_view(base64_encode(bytes.bytes))).end_object();
                 },
                 [&json](bool flag) { json.begin_object().member("BOOL", flag).end_object(); },
                 [&json](const TextSet& set) {
                   json.begin_object().key("SS").begin_array();
                   for (const std::string& text : set.texts) json.string(text);
                   json.end_array().end_object();
                 },
                 [&json](const RawValue& raw) { json.raw(raw.json); }};
  std::visit(write, value);
}

std::optional<Value> read_texts(std::string_view json) {
  TextSet set;
  for (const std::string_view element : json_elements(json)) {
    auto text = json_string(element);
    if (!text) return std::nullopt;
    set.texts.push_back(*std::move(text));
  }
  return Value(std::move(set));
}

std::optional<Value> read_value(std::string_view json) {
  const JsonObject typed = json_object(json);
  if (typed.size() != 1) return std::nullopt;
  const JsonMember& member = typed[0];
  if (member.key == "S") {
    auto text = json_string(member.value);
    return text ? std::optional<Value>(*std::move(text)) : std::nullopt;
  }
  if (member.key == "N") {
    auto digits = json_string(member.value);
    return digits ? std::optional<Value>(Number{*std::move(digits)}) : std::nullopt;
  }
  if (member.key == "B") {
    const auto text = json_string(member.value);
    auto bytes = text ? base64_decode(*text) : std::nullopt;
    return bytes ? std::optional<Value>(Bytes{*std::move(bytes)}) : std::nullopt;
  }
  if (member.key == "BOOL") return Value(member.value == "true");
  if (member.key == "SS") return read_texts(member.value);
  return Value(RawValue{std::string(json)});
}

std::size_t bytes_of(const Value& value) {
  // A number takes one byte for two digits and one more, and never more than 21.
  constexpr std::size_t number_bytes_max = 21;
  const auto weigh = Overloaded{
      [](const std::string& text) { return text.size(); }, [](const Number&) { return number_bytes_max; },
      [](const Bytes& bytes) { return bytes.bytes.size(); }, [](bool) { return std::size_t{1}; },
      [](const TextSet& set) {
        std::size_t bytes = 0;
        for (const std::string& text : set.texts) bytes += text.size();
        return bytes;
      },
      // Its wire form is longer than what it stands for.
      [](const RawValue& raw) { return raw.json.size(); }};
  return std::visit(weigh, value);
}

}  // namespace

Item& Item::text(std::string_view name, std::string_view value) {
  attributes_.insert_or_assign(std::string(name), std::string(value));
  return *this;
}

Item& Item::number(std::string_view name, std::int64_t value) { return digits(name, std::to_string(value)); }

Item& Item::digits(std::string_view name, std::string value) {
  attributes_.insert_or_assign(std::string(name), Number{std::move(value)});
  return *this;
}

Item& Item::bytes(std::string_view name, std::string value) {
  attributes_.insert_or_assign(std::string(name), Bytes{std::move(value)});
  return *this;
}

Item& Item::flag(std::string_view name, bool value) {
  attributes_.insert_or_assign(std::string(name), value);
  return *this;
}

Item& Item::text_set(std::string_view name, std::vector<std::string> texts) {
  attributes_.insert_or_assign(std::string(name), TextSet{std::move(texts)});
  return *this;
}

Item& Item::raw(std::string_view name, std::string json) {
  attributes_.insert_or_assign(std::string(name), RawValue{std::move(json)});
  return *this;
}

template <typename T>
const T* Item::find(std::string_view name) const {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? nullptr : std::get_if<T>(&found->second);
}

std::optional<std::string_view> Item::find_text(std::string_view name) const {
  const auto* const text = find<std::string>(name);
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

std::optional<std::int64_t> Item::find_number(std::string_view name) const {
  const auto digits = find_digits(name);
  return digits ? parse_number<std::int64_t>(*digits) : std::nullopt;
}

std::optional<std::string_view> Item::find_digits(std::string_view name) const {
  const auto* const number = find<Number>(name);
  return number == nullptr ? std::nullopt : std::optional<std::string_view>(number->digits);
}

std::optional<std::string_view> Item::find_bytes(std::string_view name) const {
  const auto* const bytes = find<Bytes>(name);
  return bytes == nullptr ? std::nullopt : std::optional<std::string_view>(bytes->bytes);
}

const std::vector<std::string>& Item::find_texts(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto* const set = find<TextSet>(name);
  return set == nullptr ? none : set->texts;
}

std::size_t Item::bytes_max() const {
  std::size_t bytes = 0;
  for (const auto& [name, value] : attributes_) bytes += name.size() + bytes_of(value);
  return bytes;
}

void Item::write(JsonWriter& json) const {
  json.begin_object();
  for (const auto& [name, value] : attributes_) {
    json.key(name);
    write_value(json, value);
  }
  json.end_object();
}

std::optional<Item> read_item(std::string_view padded_json) {
  if (json_kind(padded_json) != JsonKind::object) return std::nullopt;
  Item item;
  for (const JsonMember& member : json_object(padded_json)) {
    auto value = read_value(member.value);
    if (!value) return std::nullopt;
    item.attributes_.insert_or_assign(member.key, *std::move(value));
  }
  return item;
}

}  // namespace skymarshal::dynamodb
