#include "auth/json_document.hpp"

#include "base/json_reader.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace skymarshal::auth {

Error document_error(std::string_view where, std::string_view what) {
  return make_error(Errc::invalid_request,
                    where.empty() ? std::string(what) : fmt::format("{}: {}", where, what));
}

Result<DocumentValue> read_document(std::string_view padded, std::string_view name) {
  if (const auto valid = validate_json(padded); !valid)
    return document_error("", fmt::format("{} is not valid JSON: {}", name, valid.error().message));
  return DocumentValue{padded.substr(padded.find_first_not_of(json_space)), std::string(name)};
}

Result<std::vector<std::string_view>> read_array(const DocumentValue& value, std::size_t elements_max) {
  if (value.json.empty() || json_kind(value.json) != JsonKind::array)
    return document_error(value.where, "must be a JSON array");
  std::vector<std::string_view> elements = json_elements(value.json);
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

Result<DocumentObject> DocumentObject::read(const DocumentValue& value) {
  if (value.json.empty() || json_kind(value.json) != JsonKind::object)
    return document_error(value.where, "must be a JSON object");
  JsonObject members = json_object(value.json);
  if (const auto name = members.repeated_name())
    return document_error(value.where, fmt::format("the member {} is there twice", shown_name(*name)));
  return DocumentObject(std::move(members), value.where);
}

Result<DocumentObject> DocumentObject::read(const DocumentValue& value,
                                            std::span<const std::string_view> known) {
  auto object = read(value);
  if (!object) return object;
  if (const auto name = object->members_.unknown_name(known)) {
    return document_error(value.where, fmt::format("the member {} is not known here; there are {}",
                                                   shown_name(*name), fmt::join(known, ", ")));
  }
  return object;
}

std::optional<DocumentValue> DocumentObject::find(std::string_view name) const {
  const auto json = members_.find(name);
  if (!json) return std::nullopt;
  return DocumentValue{*json, named(name)};
}

Result<DocumentValue> DocumentObject::need(std::string_view name) const {
  auto value = find(name);
  if (!value) return failed(name, "is missing");
  return *std::move(value);
}

Result<std::string> DocumentObject::text(std::string_view name, std::size_t bytes_max) const {
  const auto value = need(name);
  if (!value) return value.error();
  return read_string(*value, bytes_max);
}

Result<std::optional<std::string>> DocumentObject::optional_text(std::string_view name,
                                                                 std::size_t bytes_max) const {
  if (!has(name)) return std::optional<std::string>();
  auto read = text(name, bytes_max);
  if (!read) return read.error();
  return std::optional<std::string>(*std::move(read));
}

Error DocumentObject::failed(std::string_view name, std::string_view what) const {
  return document_error(named(name), what);
}

std::string DocumentObject::named(std::string_view name) const {
  return where_.empty() ? std::string(name) : fmt::format("{}: {}", where_, name);
}

}  // namespace skymarshal::auth
