// What stands behind the question mark, for requests that take some of it; and lists, which come in pages by
// it. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "http/url.hpp"
#include "invocations/session_store.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace skymarshal::gateway {

inline constexpr std::size_t page_default = 50;
inline constexpr std::size_t page_max = 500;

/// Errc::invalid_request, naming the parameter: "{name} {rule}".
Error bad_parameter(std::string_view name, std::string_view rule);

/// Refuses parameters that the route does not know, as a misspelt one would silently change what is asked,
/// and repeated ones: a signature does not tell in which order they came.
Result<void> expect_parameters(const http::Target& target, std::initializer_list<std::string_view> known);

/// `limit` (1 to 500, 50 where it is not given) and `cursor`.
Result<invocations::PageRequest> read_page(const http::Target& target);

/// The member `next_cursor`: null on the last page.
void write_next_cursor(JsonWriter& json, const std::string& cursor);

}  // namespace skymarshal::gateway
