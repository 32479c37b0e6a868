// Numbers and texts one behind the other, as bytes: what records outside the program are made of. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skymarshal::store {

/// Eight bytes, little-endian.
inline void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>((number >> shift) & 0xff);
}

/// Its length, then itself.
inline void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out += text;
}

/// Takes fields off the front of some bytes. After the first that is not whole, everything reads as empty.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes(std::uint64_t size) {
    if (size > bytes_.size()) broken_ = true;
    const std::string_view field = broken_ ? std::string_view() : bytes_.substr(0, size);
    bytes_.remove_prefix(field.size());
    return field;
  }
  std::uint64_t number() {
    const std::string_view field = bytes(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(field[i])) << (8 * i);
    }
    return value;
  }
  std::string_view slice() { return bytes(number()); }
  std::string text() { return std::string(slice()); }
  bool is_whole() const { return !broken_; }
  bool ended_whole() const { return !broken_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool broken_ = false;
};

}  // namespace skymarshal::store
