// Reads JSON documents that decide about access: whatever is not understood to the last member is refused,
// as passing over it could allow what its writer meant to forbid. Every error is Errc::invalid_request, says
// what is wrong with which value, and repeats none. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_value.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// A value of a valid document: a slice of its text (followed by json_padding), and its name for
/// messages, such as "entry 2: policy".
struct DocumentValue {
  std::string_view json;
  std::string where;
};

/// Checks a whole text: it stays valid for as long as `padded` does. `name` says what it is in messages.
Result<DocumentValue> read_document(std::string_view padded, std::string_view name);

/// The elements of an array of at most `elements_max`.
Result<std::vector<std::string_view>> read_array(const DocumentValue& value, std::size_t elements_max);

/// A string of at most `bytes_max` bytes, unescaped.
Result<std::string> read_string(const DocumentValue& value, std::size_t bytes_max);

/// An object of a document, each of whose members has a name of its own.
class DocumentObject {
 public:
  static Result<DocumentObject> read(const DocumentValue& value);
  /// Also names a member that is not in `known`.
  static Result<DocumentObject> read(const DocumentValue& value, std::span<const std::string_view> known);

  bool has(std::string_view name) const { return members_.has(name); }
  std::optional<DocumentValue> find(std::string_view name) const;
  /// As find(), for members that must be there.
  Result<DocumentValue> need(std::string_view name) const;
  Result<std::string> text(std::string_view name, std::size_t bytes_max) const;
  /// nullopt if it is not there.
  Result<std::optional<std::string>> optional_text(std::string_view name, std::size_t bytes_max) const;
  /// An error of the member of that name.
  Error failed(std::string_view name, std::string_view what) const;

 private:
  DocumentObject(JsonObject members, std::string where)
      : members_(std::move(members)), where_(std::move(where)) {}
  std::string named(std::string_view name) const;

  JsonObject members_;
  std::string where_;
};

/// "`where`: `what`", or `what` alone where there is no where.
Error document_error(std::string_view where, std::string_view what);

}  // namespace skymarshal::auth
