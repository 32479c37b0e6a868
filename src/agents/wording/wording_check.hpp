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
/// - valid UTF-8, one plain paragraph, neither empty nor much longer than the agent's own reasoning;
/// - each sentence is the agent's own, word for word, or stands up to all of these:
/// - every number stands in the assessment, with the same unit, and there with a word that is beside it here;
///   no number is spelled out that is not spelled out there;
/// - every flight, registration, airport, other code and every name stands in the assessment;
/// - no verdict is named but the assessment's own, without a negation or a doubt about it, and no approval,
/// which
///   would speak for the flight, where the agent speaks for its own matter;
/// - words that judge, permit, oblige or compare are the assessment's, and every statement is negated or not
///   as it is there;
/// - most other words are the assessment's too.
Result<std::string> check_wording(const AgentAssessment& assessment, std::string_view text);

/// Whether `text`, which passed check_wording(), says enough to stand for the agent's reasoning: every number
/// and every code of it, and at least half of its words that mean something. Else
/// Errc::runtime_protocol_error, as above.
Result<void> check_nothing_left_out(const AgentAssessment& assessment, std::string_view text);

}  // namespace skymarshal::agents::wording
