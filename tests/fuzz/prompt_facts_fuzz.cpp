// Feeds arbitrary bytes to the prompt reader (libFuzzer). It must neither crash nor contradict itself: the
// words of every fact stand in the prompt where the fact says, and the same prompt gives the same facts.
#include "agents/facts/prompt_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using skymarshal::agents::facts::Contradiction;
using skymarshal::agents::facts::Facts;
using skymarshal::agents::facts::Words;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_words(std::string_view prompt, const Words& words) {
  check(!words.text.empty() && words.offset <= prompt.size());
  check(prompt.substr(words.offset, words.text.size()) == words.text);
}

template <typename T>
void check_fact(std::string_view prompt, const Facts::Maybe<T>& fact) {
  if (fact) check_words(prompt, fact->words);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view prompt(reinterpret_cast<const char*>(data), size);
  const Facts facts = skymarshal::agents::facts::read_facts(prompt);
  check(facts == skymarshal::agents::facts::read_facts(prompt));
  check_fact(prompt, facts.flight);
  check_fact(prompt, facts.origin);
  check_fact(prompt, facts.destination);
  check_fact(prompt, facts.registration);
  check_fact(prompt, facts.delay);
  check_fact(prompt, facts.repair_minutes);
  check_fact(prompt, facts.scheduled_departure);
  check_fact(prompt, facts.estimated_departure);
  check_fact(prompt, facts.date);
  check_fact(prompt, facts.cargo_temperature);
  for (const auto& cause : facts.causes) check_words(prompt, cause.words);
  for (const Contradiction& contradiction : facts.contradictions) {
    for (const Words& words : contradiction.statements) check_words(prompt, words);
  }
  const Facts merged = skymarshal::agents::facts::merge_facts(facts, facts);
  check(merged.turns == 2 && merged.delay == facts.delay);
  return 0;
}
