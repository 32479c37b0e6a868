// JSON for tests: a grammar check written straight from RFC 8259, byte by byte, and texts built from a tape
// of random bytes. The tape shrinks like any vector, and with it the text. Shares no code with what it
// judges.
#pragma once

#include "base/json_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::test {

/// Whether `text` is one JSON text in UTF-8, nested at most `depth_max` deep.
class JsonOracle {
 public:
  static bool accepts(std::string_view text, std::size_t depth_max = JsonRules().depth_max) {
    JsonOracle oracle(text);
    oracle.skip_space();
    if (!oracle.value(depth_max)) return false;
    oracle.skip_space();
    return oracle.at_ == text.size();
  }

 private:
  explicit JsonOracle(std::string_view text) : text_(text) {}

  int peek() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }
  bool take(char c) {
    if (peek() != static_cast<unsigned char>(c)) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  bool value(std::size_t depth) {
    switch (peek()) {
      case '{':
        return depth > 0 && object(depth - 1);
      case '[':
        return depth > 0 && array(depth - 1);
      case '"':
        return string();
      case 't':
        return take_word("true");
      case 'f':
        return take_word("false");
      case 'n':
        return take_word("null");
      default:
        return number();
    }
  }

  bool object(std::size_t depth) {
    take('{');
    skip_space();
    if (take('}')) return true;
    for (;;) {
      skip_space();
      if (!string()) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      if (!value(depth)) return false;
      skip_space();
      if (take('}')) return true;
      if (!take(',')) return false;
    }
  }

  bool array(std::size_t depth) {
    take('[');
    skip_space();
    if (take(']')) return true;
    for (;;) {
      skip_space();
      if (!value(depth)) return false;
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return false;
    }
  }

  bool digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > from;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    while (peek() != '"') {
      if (peek() < 0x20) return false;
      if (!(take('\\') ? escape() : scalar())) return false;
    }
    return take('"');
  }

  bool escape() {
    if (take('u')) {
      for (int i = 0; i < 4; ++i) {
        const int c = peek();
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
        ++at_;
      }
      return true;
    }
    for (const char c : std::string_view("\"\\/bfnrt")) {
      if (take(c)) return true;
    }
    return false;
  }

  /// One scalar value by the table of RFC 3629 section 4.
  bool scalar() {
    const int first = peek();
    ++at_;
    if (first < 0x80) return true;
    const auto tail = [this](int low = 0x80, int high = 0xBF) {
      if (peek() < low || peek() > high) return false;
      ++at_;
      return true;
    };
    if (first >= 0xC2 && first <= 0xDF) return tail();
    if (first == 0xE0) return tail(0xA0) && tail();
    if (first == 0xED) return tail(0x80, 0x9F) && tail();
    if (first >= 0xE1 && first <= 0xEF) return tail() && tail();
    if (first == 0xF0) return tail(0x90) && tail() && tail();
    if (first >= 0xF1 && first <= 0xF3) return tail() && tail() && tail();
    if (first == 0xF4) return tail(0x80, 0x8F) && tail() && tail();
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Builds valid JSON from a tape of random bytes; an exhausted tape reads as zeros and ends everything soon.
class JsonBuilder {
 public:
  struct Text {
    /// As it stands in JSON, with quotes.
    std::string raw;
    std::string decoded;
  };

  explicit JsonBuilder(std::vector<std::uint8_t> tape) : tape_(std::move(tape)) {}

  std::size_t pick(std::size_t below) { return at_ < tape_.size() ? tape_[at_++] % below : 0; }

  std::string space() {
    std::string out;
    for (std::size_t i = pick(4) == 3 ? pick(4) : 0; i > 0; --i) out += " \t\r\n"[pick(4)];
    return out;
  }

  std::string value(std::size_t depth = 0) {
    static constexpr std::string_view words[] = {"null", "true", "false"};
    switch (pick(depth > 6 ? 6 : 10)) {
      case 0:
        return std::string(words[pick(3)]);
      case 1:
      case 2:
        return number();
      case 3:
      case 4:
      case 5:
        return text(true).raw;
      case 6:
      case 7:
        return array(depth);
      default:
        return object(depth);
    }
  }

  std::string number() {
    std::string out = pick(3) == 1 ? "-" : "";
    const std::size_t size = pick(12) == 11 ? 400 : 1 + pick(20);
    out += size == 1 ? "0123456789"[pick(10)] : "123456789"[pick(9)];
    append_digits(out, size - 1);
    if (pick(2) == 1) {
      out += '.';
      append_digits(out, 1 + pick(20));
    }
    if (pick(3) == 1) {
      out += "eE"[pick(2)];
      out += std::string_view("+-").substr(0, pick(3)).substr(0, 1);
      append_digits(out, 1 + pick(3));
    }
    return out;
  }

  /// A string; only where `lone_surrogates` is set may it name half a character, which no text can hold.
  Text text(bool lone_surrogates = false) {
    struct Piece {
      std::string_view raw, decoded;
    };
    static constexpr Piece pieces[] = {{"a", "a"},
                                       {"Z", "Z"},
                                       {" ", " "},
                                       {"{", "{"},
                                       {"]", "]"},
                                       {",", ","},
                                       {":", ":"},
                                       {"\\\"", "\""},
                                       {"\\\\", "\\"},
                                       {"\\/", "/"},
                                       {"/", "/"},
                                       {"\\b", "\b"},
                                       {"\\f", "\f"},
                                       {"\\n", "\n"},
                                       {"\\r", "\r"},
                                       {"\\t", "\t"},
                                       {"\\u0041", "A"},
                                       {"\\u00e9", "\xC3\xA9"},
                                       {"\\u20AC", "\xE2\x82\xAC"},
                                       {"\\uD83D\\uDE00", "\xF0\x9F\x98\x80"},
                                       {"\xC3\xA9", "\xC3\xA9"},
                                       {"\xE2\x82\xAC", "\xE2\x82\xAC"},
                                       {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
                                       {"\x7F", "\x7F"},
                                       {"\\ud800", ""},
                                       {"\\uDFFF", ""}};
    Text out{"\"", ""};
    for (std::size_t i = pick(12); i > 0; --i) {
      const Piece& piece = pieces[pick(lone_surrogates ? 26 : 24)];
      out.raw += piece.raw;
      out.decoded += piece.decoded;
    }
    out.raw += '"';
    return out;
  }

 private:
  void append_digits(std::string& out, std::size_t count) {
    for (; count > 0; --count) out += "0123456789"[pick(10)];
  }

  std::string array(std::size_t depth) {
    std::string out = "[" + space();
    for (std::size_t i = pick(5); i > 0; --i)
      out += value(depth + 1) + space() + (i > 1 ? "," + space() : "");
    return out + "]";
  }

  std::string object(std::size_t depth) {
    std::string out = "{" + space();
    for (std::size_t i = pick(5); i > 0; --i) {
      out += text(true).raw + space() + ":" + space();
      out += value(depth + 1) + space() + (i > 1 ? "," + space() : "");
    }
    return out + "}";
  }

  std::vector<std::uint8_t> tape_;
  std::size_t at_ = 0;
};

}  // namespace skymarshal::test
