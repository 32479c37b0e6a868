#include "agents/facts/names.hpp"

#include "agents/facts/airline_names.hpp"
#include "agents/facts/place_names.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace skymarshal::agents::facts {
namespace {

constexpr bool is_sorted_by_phrase(std::span<const Name> names) {
  return std::is_sorted(names.begin(), names.end(),
                        [](const Name& a, const Name& b) { return a.phrase < b.phrase; });
}
static_assert(is_sorted_by_phrase(place_names) && is_sorted_by_phrase(airline_names));

/// How many tokens from `i` on spell `phrase`; 0 if they do not.
std::size_t spelled(const PromptTokens& tokens, std::size_t i, std::string_view phrase) {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < phrase.size(); ++count) {
    const std::size_t end = std::min(phrase.find(' ', begin), phrase.size());
    if (tokens.lower(i + count) != phrase.substr(begin, end - begin)) return 0;
    begin = end + 1;
  }
  return count;
}

std::optional<NameMatch> find_name(std::span<const Name> names, const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  if (tokens.at(i).kind != TokenKind::word || word.size() < 3) return std::nullopt;
  auto name =
      std::lower_bound(names.begin(), names.end(), word,
                       [](const Name& entry, std::string_view wanted) { return entry.phrase < wanted; });
  std::optional<NameMatch> longest;
  for (; name != names.end() && name->phrase.starts_with(word); ++name) {
    const std::size_t count = spelled(tokens, i, name->phrase);
    if (count > 0) longest = NameMatch{name->code, i + count - 1};
  }
  return longest;
}

}  // namespace

std::optional<NameMatch> find_place(const PromptTokens& tokens, std::size_t i) {
  static constexpr std::string_view ordinary_words[] = {"male", "nice", "porto"};
  const auto found = find_name(place_names, tokens, i);
  const char first = found ? tokens.at(i).text[0] : ' ';
  const bool ordinary = found && found->last == i &&
                        std::find(std::begin(ordinary_words), std::end(ordinary_words), tokens.lower(i)) !=
                            std::end(ordinary_words);
  return ordinary && first >= 'a' && first <= 'z' ? std::nullopt : found;
}

std::optional<NameMatch> find_airline_name(const PromptTokens& tokens, std::size_t i) {
  return find_name(airline_names, tokens, i);
}

}  // namespace skymarshal::agents::facts
