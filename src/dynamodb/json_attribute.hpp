// JSON as DynamoDB's own maps, lists and scalars, for whoever looks into a table or queries it. Pure, and one
// way only: what must come back byte for byte is kept beside it (stored_text).
// Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::dynamodb {

/// `json` (valid, padded; json_reader) in its wire form {"M":{…}}; nullopt if it is no object, or its wire
/// form is longer than `bytes_max`. Numbers are exact: what has more than 38 digits, or is beyond DynamoDB's
/// range, is text. Text are also what is nested more deeply than DynamoDB allows, and objects with a name
/// that it has not (empty, or twice).
std::optional<std::string> json_as_map(std::string_view json, std::size_t bytes_max);

/// Whether DynamoDB keeps this JSON number exactly.
bool is_exact_number(std::string_view number);

}  // namespace skymarshal::dynamodb
