#include "agents/wording/wording_text.hpp"

#include "agents/wording/wording_words.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace skymarshal::agents::wording {
namespace {

/// Bytes of letters beyond ASCII count as letters: plain_text() lets nothing else of them through.
bool is_any_letter(char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }
bool is_word_part(char c) { return is_digit(c) || is_any_letter(c); }

struct Replacement {
  std::string_view character;
  std::string_view by;
};
constexpr auto replacements = std::to_array<Replacement>({
    {"\u2018", "'"},     {"\u2019", "'"}, {"\u201C", "\""},   {"\u201D", "\""},  {"\u2010", "-"},
    {"\u2011", "-"},     {"\u2012", "-"}, {"\u2013", "-"},    {"\u2014", " - "}, {"\u2212", "-"},
    {"\u00A0", " "},     {"\u2009", " "}, {"\u202F", " "},    {"\u2026", "..."}, {"\u20AC", " EUR "},
    {"\u00A3", " GBP "}, {"$", " USD "},  {"%", " percent "}, {"\u00B0", ""},    {"\n", " "},
    {"\r", " "},         {"\t", " "},
});

/// Letters of the blocks Latin-1 Supplement, Latin Extended-A and B: two bytes each, without × and ÷.
bool is_latin_letter(std::string_view character) {
  if (character.size() != 2) return false;
  const auto lead = static_cast<unsigned char>(character[0]);
  const auto low = static_cast<unsigned char>(character[1]);
  if (lead == 0xC3) return low != 0x97 && low != 0xB7;
  return lead >= 0xC4 && lead <= 0xC9;
}

bool is_plain(std::string_view character) {
  constexpr std::string_view punctuation = " .,;:'\"()-/&";
  if (character.size() > 1) return is_latin_letter(character);
  return is_word_part(character[0]) || punctuation.find(character[0]) != std::string_view::npos;
}

std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The text with its characters replaced; what is not plain goes to `strange`, which may refuse by false.
template <typename Strange>
bool make_plain(std::string_view text, std::string& out, Strange strange) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, character_size(text[at]));
    at += character.size();
    const auto* const found = std::ranges::find(replacements, character, &Replacement::character);
    if (found != replacements.end()) {
      out += found->by;
    } else if (is_plain(character)) {
      out += character;
    } else if (!strange(character, out)) {
      return false;
    }
  }
  return true;
}

// -- numbers ----------------------------------------------------------------------------------------

/// "1,234.50" as "1234.5", "3,5" as "3.5", "07" as it is; nullopt if it is no single number.
std::optional<std::string> one_spelling(std::string_view text) {
  std::string digits;
  if (text.starts_with('-')) {
    digits = "-";
    text.remove_prefix(1);
  }
  const std::size_t first = digits.size();
  std::size_t at = 0;
  const auto take_digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) digits += text[at++];
    return at - from;
  };
  const std::size_t leading = take_digits();
  if (leading == 0) return std::nullopt;
  bool grouped = false;
  while (leading <= 3 && at < text.size() && text[at] == ',') {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
    if (end - at != 4) break;
    ++at;
    take_digits();
    grouped = true;
  }
  if (at < text.size() && (text[at] == '.' || (text[at] == ',' && !grouped))) {
    ++at;
    digits += '.';
    if (take_digits() == 0) return std::nullopt;
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
  }
  if (at != text.size() || digits.size() == first) return std::nullopt;
  return digits;
}

/// "3h", "3-hour", "30min": the number and the unit that is written to it.
std::optional<Token> number_with_unit(std::string_view text) {
  std::size_t end = text.starts_with('-') ? 1 : 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.' || text[end] == ',')) ++end;
  std::string_view rest = text.substr(end);
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const auto number = one_spelling(text.substr(0, end));
  const std::string_view unit = unit_of(lower_case(rest));
  if (!number || unit.empty()) return std::nullopt;
  Token token;
  token.kind = Token::Kind::number;
  token.key = *number;
  token.unit = unit;
  return token;
}

bool is_number_shaped(std::string_view text) {
  constexpr std::string_view parts = "0123456789.,:-/";
  return std::ranges::any_of(text, is_digit) && text.find_first_not_of(parts) == std::string_view::npos;
}

bool looks_like_code(std::string_view text) {
  return std::ranges::any_of(text, is_digit) || std::ranges::count_if(text, is_capital) > 1;
}

// -- the reader -------------------------------------------------------------------------------------

class Reader {
 public:
  std::vector<Sentence> read(std::string_view plain) {
    for (std::size_t at = 0; at < plain.size();) {
      const std::size_t end = std::min(plain.find(' ', at), plain.size());
      take_chunk(plain.substr(at, end - at));
      at = end + 1;
    }
    end_sentence();
    return std::move(sentences_);
  }

 private:
  /// What stands between two blanks.
  void take_chunk(std::string_view chunk) {
    while (!chunk.empty() && !is_word_part(chunk.front()) && !starts_negative_number(chunk)) {
      take_mark(chunk.front());
      chunk.remove_prefix(1);
    }
    std::size_t size = chunk.size();
    while (size > 0 && !is_word_part(chunk[size - 1])) --size;
    if (size > 0) take_core(chunk.substr(0, size));
    for (const char mark : chunk.substr(size)) take_mark(mark);
  }

  static bool starts_negative_number(std::string_view chunk) {
    return chunk.size() > 1 && chunk[0] == '-' && is_digit(chunk[1]);
  }

  void take_core(std::string_view core) {
    if (is_number_shaped(core)) return take_number(core);
    if (auto number = number_with_unit(core)) {
      number->text = core;
      return add(std::move(*number));
    }
    // Marks between letters part words wherever the blank was forgotten; a code keeps its hyphens
    // and points: ORO.FTL.205.
    std::size_t mark = core.find_first_of(",:;()\"&/");
    if (mark == std::string_view::npos && !looks_like_code(core)) mark = core.find('.');
    if (mark != std::string_view::npos) {
      take_chunk(core.substr(0, mark));
      take_mark(core[mark]);
      return take_chunk(core.substr(mark + 1));
    }
    if (core.ends_with("'s")) core.remove_suffix(2);
    const std::size_t hyphen = core.find('-');
    const bool in_one_piece = hyphen == std::string_view::npos || std::ranges::any_of(core, is_digit);
    if (in_one_piece) return take_word(core);
    take_chunk(core.substr(0, hyphen));
    take_chunk(core.substr(hyphen + 1));
  }

  void take_number(std::string_view text) {
    const auto spelling = one_spelling(text);
    Token* const last = last_token();
    // "1 234": a group of three digits behind one to three.
    const bool joins = spelling && adjacent_ && last != nullptr && last->kind == Token::Kind::number &&
                       last->unit.empty() && is_leading_group(*last) && is_group_of_three(text);
    if (joins) {
      last->text += ' ';
      last->text += text;
      last->key += *spelling;
      return;
    }
    Token token;
    token.kind = Token::Kind::number;
    token.text = text;
    token.key = spelling ? *spelling : std::string(text);
    // "USD 600"
    if (adjacent_ && last != nullptr && last->kind == Token::Kind::code && last->text.size() == 3) {
      token.unit = unit_of(lower_case(last->text));
    }
    add(std::move(token));
  }

  static bool is_leading_group(const Token& token) {
    const std::size_t blank = token.text.rfind(' ');
    const std::string_view first = std::string_view(token.text).substr(0, token.text.find(' '));
    const std::string_view digits = first.starts_with('-') ? first.substr(1) : first;
    return token.text.find_first_of(".,:/") == std::string::npos && digits.size() <= 3 &&
           std::ranges::all_of(digits, is_digit) &&
           (blank == std::string::npos || is_group_of_three(token.text.substr(blank + 1)));
  }

  static bool is_group_of_three(std::string_view text) {
    const std::string_view whole = text.substr(0, text.find('.'));
    return whole.size() == 3 && std::ranges::all_of(whole, is_digit);
  }

  void take_word(std::string_view text) {
    Token token;
    token.text = text;
    if (looks_like_code(text)) {
      token.kind = Token::Kind::code;
      token.key = text;
    } else {
      token.key = lower_case(text);
    }
    const std::string small = lower_case(text);
    Token* const last = last_token();
    if (adjacent_ && last != nullptr && last->kind == Token::Kind::number && last->unit.empty()) {
      last->unit = unit_of(small);
    }
    if (begins_statement(small)) {
      ++statement_;
      ++clause_;
    } else if (is_coordinator(small)) {
      ++clause_;
    }
    add(std::move(token));
  }

  void take_mark(char mark) {
    // "No. 101" counts; a sentence hardly ends with this word.
    Token* const last = last_token();
    if (mark == '.' && adjacent_ && last != nullptr && last->text == "No") {
      last->key = "number";
      return;
    }
    adjacent_ = false;
    if (mark == '.') return end_sentence();
    ++clause_;
    if (mark == ';') ++statement_;
  }

  void add(Token token) {
    token.clause = clause_;
    token.statement = statement_;
    token.begins_sentence = sentence_.empty();
    sentence_.push_back(std::move(token));
    adjacent_ = true;
  }

  void end_sentence() {
    if (!sentence_.empty()) sentences_.push_back(std::exchange(sentence_, {}));
    ++clause_;
    ++statement_;
    adjacent_ = false;
  }

  Token* last_token() { return sentence_.empty() ? nullptr : &sentence_.back(); }

  std::vector<Sentence> sentences_;
  Sentence sentence_;
  std::size_t clause_ = 0;
  std::size_t statement_ = 0;
  /// Nothing but a blank stands between the last token and this one.
  bool adjacent_ = false;
};

}  // namespace

std::string fold_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::optional<std::string> plain_text(std::string_view text, std::string_view also) {
  std::string out;
  const bool plain = make_plain(text, out, [also](std::string_view character, std::string& so_far) {
    so_far += ' ';
    const bool printable = character.size() == 1 && character[0] > ' ' && character[0] < '\x7F';
    return printable && also.find(character) != std::string_view::npos;
  });
  return plain ? std::optional(fold_blanks(out)) : std::nullopt;
}

std::string plain_part(std::string_view text) {
  std::string out;
  make_plain(text, out, [](std::string_view, std::string& so_far) {
    so_far += ' ';
    return true;
  });
  return fold_blanks(out);
}

std::vector<Sentence> read_sentences(std::string_view plain) { return Reader().read(plain); }

}  // namespace skymarshal::agents::wording
