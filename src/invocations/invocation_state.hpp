// Where an invocation is, as callers are told: on its way, or at which end. Pure.
#pragma once

#include "invocations/journal.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace skymarshal::invocations {

enum class InvocationState { queued, running, success, error, timeout, cancelled, interrupted };

inline constexpr std::array invocation_states = {
    InvocationState::queued,  InvocationState::running,   InvocationState::success,    InvocationState::error,
    InvocationState::timeout, InvocationState::cancelled, InvocationState::interrupted};

/// "queued", "running", "success", "error", "timeout", "cancelled", "interrupted".
constexpr std::string_view to_text(InvocationState state) {
  switch (state) {
    case InvocationState::queued:
      return "queued";
    case InvocationState::running:
      return "running";
    case InvocationState::success:
      return "success";
    case InvocationState::error:
      return "error";
    case InvocationState::timeout:
      return "timeout";
    case InvocationState::cancelled:
      return "cancelled";
    case InvocationState::interrupted:
      return "interrupted";
  }
  return "";
}

/// The inverse of to_text; nullopt for any other word.
constexpr std::optional<InvocationState> parse_invocation_state(std::string_view text) {
  for (const InvocationState state : invocation_states) {
    if (text == to_text(state)) return state;
  }
  return std::nullopt;
}

constexpr bool has_ended(InvocationState state) {
  return state != InvocationState::queued && state != InvocationState::running;
}

/// Of an invocation that ended so.
inline InvocationState state_of(const InvocationEnd& end) {
  if (!end.error) return InvocationState::success;
  switch (end.error->code) {
    case Errc::timeout:
      return InvocationState::timeout;
    case Errc::cancelled:
      return InvocationState::cancelled;
    case Errc::interrupted:
      return InvocationState::interrupted;
    default:
      return InvocationState::error;
  }
}

/// Whether an end stands over the one that the store has. Whoever ran it knows how it ended; those who told
/// an interruption meanwhile took its gateway for dead.
inline bool stands_over(const InvocationEnd& end, InvocationState stored) {
  return stored == InvocationState::interrupted && state_of(end) != InvocationState::interrupted;
}

}  // namespace skymarshal::invocations
