// What is remembered of sessions, as people read it.
// Pure; the JSON comes from a gateway.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::cli {

/// A page of GET /sessions as a table.
std::string session_list_text(std::string_view body);
/// A page of GET /sessions/{id}, wrapped to `width` columns.
std::string session_history_text(std::string_view body, std::size_t width);

}  // namespace skymarshal::cli
