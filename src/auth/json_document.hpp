// Reads JSON documents that decide about access: whatever is not understood to the last member is refused,
// as passing over it could allow what its writer meant to forbid. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// A value of a valid document: a slice of its text (followed by JsonReader::padding), and its name for
/// messages, such as "entry 2: policy".
struct DocumentValue {
  std::string_view json;
  std::string where;
};

/// The members of an object. Errc::invalid_request names a member that is there twice; no message repeats a
/// value. More members than 64 are refused as well.
Result<std::vector<JsonMember>> read_members(JsonReader& reader, const DocumentValue& value);

/// As read_members, and names a member that is not in `known`.
Result<std::vector<JsonMember>> read_object(JsonReader& reader, const DocumentValue& value,
                                            std::span<const std::string_view> known);

/// The elements of an array of at most `elements_max`.
Result<std::vector<std::string_view>> read_array(JsonReader& reader, const DocumentValue& value,
                                                 std::size_t elements_max);

/// A string of at most `bytes_max` bytes, unescaped.
Result<std::string> read_string(const DocumentValue& value, std::size_t bytes_max);

/// Errc::invalid_request: "`where`: `what`", or `what` alone where there is no where.
Error document_error(std::string_view where, std::string_view what);

}  // namespace skymarshal::auth
