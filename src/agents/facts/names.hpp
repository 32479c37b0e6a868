// Names of places and airlines as people write them, and the codes they stand for.
// Constant tables (place_names.hpp, airline_names.hpp), safe from any thread.
#pragma once

#include "agents/facts/prompt_tokens.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace skymarshal::agents::facts {

struct Name {
  /// Folded, words joined by one space.
  std::string_view phrase;
  /// IATA code; empty for a city with several airports, of which none is meant for sure.
  std::string_view code;
};

struct NameMatch {
  std::string_view code;
  /// The last token of the name.
  std::size_t last = 0;
};

/// The longest name of a city or an airport that starts at token `i`. Names that are ordinary words as well
/// ("Nice") count only with a capital.
std::optional<NameMatch> find_place(const PromptTokens& tokens, std::size_t i);

/// The longest name of an airline that starts at token `i`.
std::optional<NameMatch> find_airline_name(const PromptTokens& tokens, std::size_t i);

}  // namespace skymarshal::agents::facts
