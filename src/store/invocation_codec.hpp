// Ends of invocations as text outside the program: JSON, so that whoever looks into a store can read it.
// Without the answer's body, which stands elsewhere. Pure.
#pragma once

#include "invocations/journal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::store {

/// Everything but `body` and `persisted`; of the timings all but the stage's name.
std::string encode_ending(const invocations::InvocationEnd& end);
/// Nullopt if `text` is not what encode_ending gives. The body is null.
std::optional<invocations::InvocationEnd> decode_ending(std::string_view text);

}  // namespace skymarshal::store
