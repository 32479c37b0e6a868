// UTF-8 judged against a decoder that knows nothing but the table of RFC 3629.
#include "base/utf8.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::utf8_test {

/// The scalar values of `text`, or nothing if it is not UTF-8: assembled bit by bit, then checked by value.
std::optional<std::vector<char32_t>> decode(std::string_view text) {
  std::vector<char32_t> scalars;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t size = first < 0x80       ? 1
                             : first >> 5 == 6  ? 2
                             : first >> 4 == 14 ? 3
                             : first >> 3 == 30 ? 4
                                                : 0;
    if (size == 0 || i + size > text.size()) return std::nullopt;
    char32_t scalar = size == 1 ? first : first & (0xFFu >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6 != 2) return std::nullopt;
      scalar = scalar << 6 | (next & 0x3Fu);
    }
    static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (scalar < smallest[size] || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF))
      return std::nullopt;
    scalars.push_back(scalar);
    i += size;
  }
  return scalars;
}

std::string encode(const std::vector<char32_t>& scalars) {
  std::string out;
  for (const char32_t c : scalars) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
      out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
              static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    }
  }
  return out;
}

/// White_Space of Unicode's PropList.txt, by code point.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

rc::Gen<std::vector<char32_t>> scalars() {
  const auto below = [](std::uint32_t from, std::uint32_t to) {
    return rc::gen::map(rc::gen::inRange(from, to), [](std::uint32_t c) { return static_cast<char32_t>(c); });
  };
  return rc::gen::container<std::vector<char32_t>>(
      rc::gen::oneOf(below(0, 0x80), below(0x80, 0x800), below(0x800, 0xD800), below(0xE000, 0x10000),
                     below(0x10000, 0x110000), below(0x2000, 0x2030), below(0x09, 0x21),
                     rc::gen::element<char32_t>(0x85, 0xA0, 0x1680, 0x180E, 0x200B, 0x205F, 0x3000, 0xFEFF)));
}

RC_GTEST_PROP(IsUtf8, AcceptsEveryEncodedScalarAndCountsThem, ()) {
  const std::vector<char32_t> expected = *scalars();
  const std::string text = encode(expected);
  RC_ASSERT(is_utf8(text));
  RC_ASSERT(decode(text) == expected);
  RC_ASSERT(count_scalars(text) == expected.size());
}

RC_GTEST_PROP(IsUtf8, AgreesWithTheDecoderOnDamagedText, ()) {
  std::string text = encode(*scalars());
  const auto changes = *rc::gen::container<std::vector<std::pair<std::uint16_t, char>>>(
      rc::gen::arbitrary<std::pair<std::uint16_t, char>>());
  for (const auto& [at, byte] : changes) {
    if (text.empty() || at % 3 == 0)
      text.insert(at % (text.size() + 1), 1, byte);
    else if (at % 3 == 1)
      text.erase(at % text.size(), 1);
    else
      text[at % text.size()] = byte;
    RC_ASSERT(is_utf8(text) == decode(text).has_value());
  }
}

TEST(IsUtf8, RefusesEveryClassOfBrokenText) {
  for (const std::string_view bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xC3z"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_FALSE(decode(bad));
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

RC_GTEST_PROP(TrimUnicodeSpace, TakesExactlyTheSpaceAtBothEnds, ()) {
  const std::vector<char32_t> text = *scalars();
  auto first = text.begin();
  auto last = text.end();
  while (first != last && is_space(*first)) ++first;
  while (first != last && is_space(*(last - 1))) --last;
  const std::string whole = encode(text);
  const std::string_view trimmed = trim_unicode_space(whole);
  RC_ASSERT(std::string(trimmed) == encode({first, last}));
  RC_ASSERT(trim_unicode_space(trimmed) == trimmed);
}

TEST(TrimUnicodeSpace, KnowsEverySpaceAndNoOther) {
  for (char32_t c = 1; c < 0x11000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string text = encode({c, U'x', c});
    EXPECT_EQ(trim_unicode_space(text), is_space(c) ? "x" : text) << static_cast<std::uint32_t>(c);
  }
}

TEST(TrimUnicodeSpace, LeavesNothingOfSpaceAlone) {
  EXPECT_EQ(trim_unicode_space(" \t\r\n\xE3\x80\x80\xC2\xA0"), "");
  EXPECT_EQ(trim_unicode_space(""), "");
}

TEST(Utf8Prefix, EndsWhereSomethingElseBegins) {
  EXPECT_EQ(utf8_prefix(""), 0U);
  EXPECT_EQ(utf8_prefix("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 10U);
  EXPECT_EQ(utf8_prefix("ab\xFF"), 2U);
  EXPECT_EQ(utf8_prefix("ab\xC3"), 2U);
  EXPECT_EQ(utf8_prefix("\xED\xA0\x80"), 0U);
  EXPECT_EQ(utf8_prefix("a\x80"), 1U);
}

}  // namespace skymarshal::utf8_test
