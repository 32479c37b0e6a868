// What of a run had come before it failed: its chunks are paid for, and an error must not lose them. Pure.
#pragma once

#include "base/error.hpp"
#include "invocations/journal.hpp"

#include <cstddef>

namespace skymarshal::invocations {

/// So much of a failed run goes into its error and so into its session's history, in bytes of JSON.
inline constexpr std::size_t received_bytes_max = 256 * 1024;

/// Adds `received` to the details of `error`, if any chunk had come:
/// {"count": how many, "chunks": [those that fit into `bytes_max`, the last before the first, in their
/// order]}.
void add_received(Error& error, const Journal& journal, std::size_t bytes_max = received_bytes_max);

}  // namespace skymarshal::invocations
