// What waits in the outbox, as bytes: the kinds of ends, with a version, and what was written before there
// were any. Pure.
#pragma once

#include "invocations/invocation_store.hpp"
#include "invocations/session_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace skymarshal::store {

/// An end that was not kept before, or one of an invocation that the store has begun.
using OutboxRecord = std::variant<invocations::Interaction, invocations::FinishedInvocation>;

/// Of either kind.
const invocations::Interaction& interaction_of(const OutboxRecord& record);

std::string encode_record(const OutboxRecord& record);
/// Also of records of the first version, which were interactions alone. Nullopt for anything else.
std::optional<OutboxRecord> decode_record(std::string_view bytes);

}  // namespace skymarshal::store
