#include "base/json_writer.hpp"

#include <cmath>

#include <fmt/format.h>

namespace skymarshal {

namespace {

/// How many bytes at `at` are one character that must not stand as it is (see append_json_string); 0: none.
std::size_t unwanted_bytes(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned char c = byte(at);
  if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) return 1;
  if (c == 0xc2) return byte(at + 1) >= 0x80 && byte(at + 1) <= 0x9f ? 2 : 0;
  if (c != 0xe2 || byte(at + 1) != 0x80) return 0;
  return byte(at + 2) == 0xa8 || byte(at + 2) == 0xa9 ? 3 : 0;
}

void append_escape(std::string& out, std::string_view character) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const auto last = static_cast<unsigned char>(character.back());
  switch (last) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      // U+2028 and U+2029 end in the bytes A8 and A9.
      out += character.size() == 3 ? "\\u20" : "\\u00";
      out += character.size() == 3 ? '2' : digits[last >> 4];
      out += digits[last & 0x0f];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t clean_from = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t unwanted = unwanted_bytes(text, i);
    if (unwanted == 0) {
      ++i;
      continue;
    }
    out.append(text, clean_from, i - clean_from);
    append_escape(out, text.substr(i, unwanted));
    clean_from = i += unwanted;
  }
  out.append(text, clean_from);
  out += '"';
}

JsonWriter& JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_due_ = true;
  return *this;
}

void JsonWriter::before_value() {
  if (comma_due_) out_ += ',';
  comma_due_ = true;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  append_json_string(out_, name);
  out_ += ':';
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  before_value();
  append_json_string(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  before_value();
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

}  // namespace skymarshal
