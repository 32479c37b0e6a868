#include "auth/json_document.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t members_max = 64;
constexpr std::size_t shown_bytes_max = 40;

/// A member's name for a message: somebody else's text, so short and without control characters.
std::string shown(std::string_view name) {
  const bool is_plain =
      name.size() <= shown_bytes_max && is_utf8(name) && std::ranges::none_of(name, is_control);
  return is_plain ? fmt::format("'{}'", name) : std::string("with an odd name");
}

}  // namespace

Error document_error(std::string_view where, std::string_view what) {
  return make_error(Errc::invalid_request,
                    where.empty() ? std::string(what) : fmt::format("{}: {}", where, what));
}

Result<std::vector<JsonMember>> read_members(JsonReader& reader, const DocumentValue& value) {
  if (value.json.empty() || json_kind(value.json) != JsonKind::object)
    return document_error(value.where, "must be a JSON object");
  std::vector<JsonMember> members = reader.members(value.json);
  if (members.size() > members_max) return document_error(value.where, "has too many members");
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string& key = members[i].key;
    const auto same_key = [&key](const JsonMember& other) { return other.key == key; };
    if (std::any_of(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(i), same_key))
      return document_error(value.where, fmt::format("the member {} is there twice", shown(key)));
  }
  return members;
}

Result<std::vector<JsonMember>> read_object(JsonReader& reader, const DocumentValue& value,
                                            std::span<const std::string_view> known) {
  auto members = read_members(reader, value);
  if (!members) return members;
  for (const JsonMember& member : *members) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    return document_error(value.where, fmt::format("the member {} is not known here; there are {}",
                                                   shown(member.key), fmt::join(known, ", ")));
  }
  return members;
}

Result<std::vector<std::string_view>> read_array(JsonReader& reader, const DocumentValue& value,
                                                 std::size_t elements_max) {
  if (value.json.empty() || json_kind(value.json) != JsonKind::array)
    return document_error(value.where, "must be a JSON array");
  std::vector<std::string_view> elements = reader.elements(value.json);
  if (elements.size() > elements_max) {
    return document_error(value.where,
                          fmt::format("has {} elements, {} at most", elements.size(), elements_max));
  }
  return elements;
}

Result<std::string> read_string(const DocumentValue& value, std::size_t bytes_max) {
  if (value.json.empty() || json_kind(value.json) != JsonKind::string)
    return document_error(value.where, "must be a JSON string");
  auto text = json_string(value.json);
  if (!text) return document_error(value.where, "is no text that can be read: a surrogate stands alone");
  if (text->size() > bytes_max)
    return document_error(value.where, fmt::format("is longer than {} bytes", bytes_max));
  return *std::move(text);
}

}  // namespace skymarshal::auth
