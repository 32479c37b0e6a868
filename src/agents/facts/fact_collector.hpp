// Writes what the prompt readers find into Facts, each with its words, and keeps contradictions apart.
// Used by one reader at a time on the stack; refers to tokens and facts that must outlive it.
// Words about another flight than the one in trouble are set aside and state nothing.
#pragma once

#include "agents/facts/facts.hpp"
#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::agents::facts {

/// Tokens from `first` to `last`, both included.
struct TokenSpan {
  std::size_t first = 0;
  std::size_t last = 0;
};

class FactCollector {
 public:
  FactCollector(const PromptTokens& tokens, std::int32_t turn, Facts& facts)
      : tokens_(tokens), turn_(turn), facts_(facts), durations_(read_durations(tokens)) {}

  const PromptTokens& tokens() const { return tokens_; }
  Facts& facts() const { return facts_; }
  /// Found once, as several readers ask what each duration is about.
  const std::vector<DurationMention>& durations() const { return durations_; }

  /// From here on nothing in `span` states a fact. Spans must come in order.
  void set_aside(TokenSpan span) { aside_.push_back(span); }
  bool is_aside(std::size_t index) const {
    const auto next = std::upper_bound(aside_.begin(), aside_.end(), index,
                                       [](std::size_t at, TokenSpan span) { return at < span.first; });
    return next != aside_.begin() && index <= std::prev(next)->last;
  }

  /// States a fact that has one value. Another value for it in the same prompt makes it contradictory.
  template <typename T>
  void state(std::string_view name, std::optional<Fact<T>> Facts::* member, T value, TokenSpan span) {
    if (is_aside(span.first)) return;
    auto& slot = facts_.*member;
    if (is_contradictory(name)) {
      contradict_again(name, span);
    } else if (!slot) {
      slot = Fact<T>{std::move(value), words(span)};
    } else if (slot->value != value) {
      contradict(name, slot->words, span);
      slot.reset();
    }
  }

  /// Adds one of several values; the first words for a value are kept.
  template <typename T>
  void add(std::vector<Fact<T>> Facts::* member, T value, TokenSpan span) {
    if (is_aside(span.first)) return;
    auto& values = facts_.*member;
    const bool known =
        std::any_of(values.begin(), values.end(), [&](const Fact<T>& fact) { return fact.value == value; });
    if (!known && values.size() < Facts::several_max) {
      values.push_back(Fact<T>{std::move(value), words(span)});
    }
  }

  /// Adds how many there are of one kind (`key`). Two numbers (`count`; 0 is none) of a kind are
  /// contradictory.
  template <typename T, typename Key>
  void add_counted(std::vector<Fact<T>> Facts::* member, Key T::* key, std::int32_t T::* count, T value,
                   TokenSpan span) {
    if (is_aside(span.first)) return;
    auto& values = facts_.*member;
    const std::string name = contradiction_name(value);
    if (is_contradictory(name)) return contradict_again(name, span);
    const auto known = std::find_if(values.begin(), values.end(),
                                    [&](const Fact<T>& fact) { return fact.value.*key == value.*key; });
    if (known == values.end()) {
      if (values.size() < Facts::several_max) values.push_back(Fact<T>{std::move(value), words(span)});
    } else if (known->value.*count == 0) {
      *known = Fact<T>{std::move(value), words(span)};
    } else if (value.*count != 0 && known->value.*count != value.*count) {
      contradict(name, known->words, span);
      values.erase(known);
    }
  }

 private:
  Words words(TokenSpan span) const {
    const std::size_t offset = tokens_.at(span.first).offset;
    const std::size_t end = tokens_.at(span.last).end();
    return Words{std::string(tokens_.prompt().substr(offset, end - offset)), offset, turn_};
  }

  bool is_contradictory(std::string_view name) const {
    return std::find(contradictory_.begin(), contradictory_.end(), name) != contradictory_.end();
  }

  void contradict(std::string_view name, const Words& first, TokenSpan second) {
    contradictory_.emplace_back(name);
    if (facts_.contradictions.size() < Facts::several_max) {
      facts_.contradictions.push_back(Contradiction{std::string(name), {first, words(second)}});
    }
  }

  void contradict_again(std::string_view name, TokenSpan span) {
    auto& all = facts_.contradictions;
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Contradiction& each) { return each.fact == name; });
    if (known != all.end() && known->statements.size() < Facts::several_max) {
      known->statements.push_back(words(span));
    }
  }

  const PromptTokens& tokens_;
  std::int32_t turn_;
  Facts& facts_;
  std::vector<DurationMention> durations_;
  std::vector<TokenSpan> aside_;
  /// Names of all contradictory facts, also of those that facts_ has no room for.
  std::vector<std::string> contradictory_;
};

}  // namespace skymarshal::agents::facts
