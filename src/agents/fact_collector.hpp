// Writes what the prompt readers find into Facts, each with its words, and keeps contradictions apart.
// Used by one reader at a time on the stack; refers to tokens and facts that must outlive it.
#pragma once

#include "agents/facts.hpp"
#include "agents/prompt_tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::agents {

/// Tokens from `first` to `last`, both included.
struct TokenSpan {
  std::size_t first = 0;
  std::size_t last = 0;
};

class FactCollector {
 public:
  FactCollector(const PromptTokens& tokens, std::int32_t turn, Facts& facts)
      : tokens_(tokens), turn_(turn), facts_(facts) {}

  const PromptTokens& tokens() const { return tokens_; }
  Facts& facts() const { return facts_; }

  /// States a fact that has one value. Another value for it in the same prompt makes it contradictory.
  template <typename T>
  void state(std::string_view name, std::optional<Fact<T>> Facts::* member, T value, TokenSpan span) {
    auto& slot = facts_.*member;
    if (Contradiction* known = find_contradiction(name)) {
      if (known->statements.size() < Facts::several_max) known->statements.push_back(words(span));
    } else if (!slot) {
      slot = Fact<T>{std::move(value), words(span)};
    } else if (slot->value != value) {
      if (facts_.contradictions.size() < Facts::several_max) {
        facts_.contradictions.push_back(Contradiction{std::string(name), {slot->words, words(span)}});
      }
      slot.reset();
    }
  }

  /// Adds one of several values; the first words for a value are kept.
  template <typename T>
  void add(std::vector<Fact<T>> Facts::* member, T value, TokenSpan span) {
    auto& values = facts_.*member;
    const bool known =
        std::any_of(values.begin(), values.end(), [&](const Fact<T>& fact) { return fact.value == value; });
    if (!known && values.size() < Facts::several_max) {
      values.push_back(Fact<T>{std::move(value), words(span)});
    }
  }

 private:
  Words words(TokenSpan span) const {
    const std::size_t offset = tokens_.at(span.first).offset;
    const std::size_t end = tokens_.at(span.last).end();
    return Words{std::string(tokens_.prompt().substr(offset, end - offset)), offset, turn_};
  }

  Contradiction* find_contradiction(std::string_view name) {
    auto& all = facts_.contradictions;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Contradiction& known) { return known.fact == name; });
    return found != all.end() ? &*found : nullptr;
  }

  const PromptTokens& tokens_;
  std::int32_t turn_;
  Facts& facts_;
};

}  // namespace skymarshal::agents
