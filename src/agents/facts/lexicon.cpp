#include "agents/facts/lexicon.hpp"

#include "agents/facts/words_arabic.hpp"
#include "agents/facts/words_english.hpp"
#include "agents/facts/words_french.hpp"
#include "agents/facts/words_german.hpp"
#include "agents/facts/words_spanish.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace skymarshal::agents::facts {
namespace {

/// All languages in one table, sorted by word, with the place where words of each first byte begin.
struct Dictionary {
  std::vector<WordMeaning> meanings;
  std::array<std::size_t, 257> first_of = {};
};

Dictionary make_dictionary() {
  Dictionary made;
  const auto take = [&](std::span<const WordMeaning> words) {
    made.meanings.insert(made.meanings.end(), words.begin(), words.end());
  };
  take(english_words);
  take(german_words);
  take(french_words);
  take(spanish_words);
  take(arabic_words);
  std::stable_sort(made.meanings.begin(), made.meanings.end(),
                   [](const WordMeaning& a, const WordMeaning& b) { return a.word < b.word; });
  std::size_t next = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    while (next < made.meanings.size() && static_cast<unsigned char>(made.meanings[next].word[0]) < byte)
      ++next;
    made.first_of[byte] = next;
  }
  made.first_of[256] = made.meanings.size();
  return made;
}

}  // namespace

std::span<const WordMeaning> meanings_of(std::string_view folded_word) {
  // A constant, sorted once: sorting a thousand words at compile time exceeds what compilers allow.
  static const Dictionary dictionary = make_dictionary();
  if (folded_word.empty()) return {};
  const auto byte = static_cast<unsigned char>(folded_word[0]);
  const auto begin = dictionary.meanings.begin();
  const auto found =
      std::lower_bound(begin + static_cast<std::ptrdiff_t>(dictionary.first_of[byte]),
                       begin + static_cast<std::ptrdiff_t>(dictionary.first_of[byte + 1U]), folded_word,
                       [](const WordMeaning& meaning, std::string_view word) { return meaning.word < word; });
  auto end = found;
  while (end != dictionary.meanings.end() && end->word == folded_word) ++end;
  return {found, end};
}

}  // namespace skymarshal::agents::facts
