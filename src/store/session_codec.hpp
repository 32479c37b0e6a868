// Interactions as text and bytes outside the program. Pure.
#pragma once

#include "invocations/session_store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::store {

/// The inverse of invocations::to_text; nullopt for any other word.
std::optional<invocations::InteractionStatus> parse_status(std::string_view text);

/// Every field, byte for byte: fixed-size fields, then texts with their lengths.
std::string encode_interaction(const invocations::Interaction& interaction);
/// Nullopt if `bytes` is not exactly what encode_interaction gives.
std::optional<invocations::Interaction> decode_interaction(std::string_view bytes);

}  // namespace skymarshal::store
