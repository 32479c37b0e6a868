// What a request body must be before anything is spent on it. Pure; bodies come from strangers.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::gateway {

inline constexpr std::size_t prompt_characters_min = 10;
inline constexpr std::size_t prompt_characters_max = 10'000;
inline constexpr std::size_t body_depth_max = 32;

struct InvokeCommand {
  /// Sanitised.
  std::string prompt;
  std::optional<SessionId> session_id;
  /// nullopt where the body leaves it to the Accept header.
  std::optional<bool> streaming;
};

/// The body of POST /invoke. Errc::invalid_json with line and column for what is not one JSON object of at
/// most 32 levels, in UTF-8 with or without a byte order mark, without duplicate keys and lone surrogates;
/// Errc::invalid_request with every problem at once in details.errors[].
Result<InvokeCommand> read_invoke_command(std::string_view body);

/// For requests that take no fields: an empty body or an empty JSON object. Errors as above.
Result<void> expect_no_fields(std::string_view body);

/// Without < > { } and C0 controls other than tab, CR and LF, then without Unicode white space at both ends.
/// Doing it twice changes nothing more. `prompt` must be UTF-8.
std::string sanitise_prompt(std::string_view prompt);

}  // namespace skymarshal::gateway
