// Whether a text from a language model may stand in the place of an agent's own reasoning. The model is taken
// for a liar: what cannot be shown to come from the assessment is refused, at the cost of refusing much that
// is true. It cannot see every lie: which of two true numbers of one sentence belongs where, for instance.
// Pure, deterministic, in time linear in the texts but for a factor of a sentence's length.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::agents::wording {

using assessment::AgentAssessment;

/// No longer than this, whatever the assessment.
inline constexpr std::size_t wording_bytes_max = 4000;

/// The text with its white space folded, if each of these holds; else Errc::runtime_protocol_error with a
/// phrase that says which does not, and nothing of the text itself:
/// - It is valid UTF-8, one plain paragraph, neither empty nor much longer than the agent's own reasoning.
/// - At most one word in ten is not the assessment's, function words left aside.
/// - No verdict word is hidden in it by blanks or hyphens ("app roved").
/// - Each sentence is the agent's own, word for word, or all of the following holds for it.
///   - Every number stands in the assessment, with the same unit, and there with a word that is beside it
///     here; no number is spelled out that is not spelled out there.
///   - Every flight, registration, airport, other code and every name stands in the assessment.
///   - "conditional" and "rejected" (and their forms) occur only where they are the assessment's status, in a
///     sentence without negation or doubt. "Approved" never occurs, even where it is the status: the agent
///     approves its own matter, and a reader would take it for the flight's approval.
///   - Words that judge, permit, oblige or compare are the assessment's, and every statement is negated or
///     not as it is there.
Result<std::string> check_wording(const AgentAssessment& assessment, std::string_view text);

/// Whether `text`, which passed check_wording(), says enough to stand for the agent's reasoning: every number
/// and every code of it, and at least half of its words that mean something. Else
/// Errc::runtime_protocol_error, as above.
Result<void> check_nothing_left_out(const AgentAssessment& assessment, std::string_view text);

}  // namespace skymarshal::agents::wording
