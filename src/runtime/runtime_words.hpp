// What a runtime itself says when it fails: its error message in any of the usual shapes, its close frame,
// its refusal of the handshake. Pure. Every text in it is UTF-8 without control characters and of bounded
// length, fit for callers and for the log.
#pragma once

#include "base/json_value.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::runtime {

struct RuntimeWords {
  /// Of its error message.
  std::string code;
  std::string type;
  std::string message;
  /// JSON on one line, as it came, so escapes in it too; empty if there was none.
  std::string details;
  /// Of its close frame (RFC 6455 section 7.4); absent where none came.
  std::optional<std::uint16_t> close_code;
  std::string close_reason;
  /// Of its answer to the handshake where that was not 101, else 0.
  unsigned http_status = 0;
  /// The first `body_bytes_max` bytes of that answer's body.
  std::string body;
  /// When it wants to be asked again.
  std::optional<std::chrono::seconds> retry_after;

  static constexpr std::size_t message_bytes_max = 4096;
  static constexpr std::size_t name_bytes_max = 256;
  static constexpr std::size_t body_bytes_max = 1024;
  /// Beyond it, `details` is the text of their beginning.
  static constexpr std::size_t details_bytes_max = 16 * 1024;
};

/// What was said, as UTF-8 of at most `bytes_max` bytes without control characters (C0, DEL, C1): white space
/// becomes a space, the others go, bytes that are no UTF-8 become U+FFFD.
std::string plain_words(std::string_view said, std::size_t bytes_max);

/// What an error message says: `message` is the whole text, `members` those of it. `error` may be an object
/// or a string; code, type, message and details may stand in it or beside it.
RuntimeWords read_error_message(std::string_view message, const JsonObject& members);

/// The value of `details.runtime`: a JSON object with what was said; what was not is left out.
std::string runtime_words_json(const RuntimeWords& words);
/// The same in one line for the log, without `details`, which may hold what belongs to callers.
std::string runtime_words_text(const RuntimeWords& words);

}  // namespace skymarshal::runtime
