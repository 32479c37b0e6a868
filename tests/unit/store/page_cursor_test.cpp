#include "store/page_cursor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::page_cursor_test {

using store::decode_cursor;
using store::encode_cursor;
using store::PagePosition;

RC_GTEST_PROP(PageCursor, ComesBackAsItWas, (std::int64_t time_ms, std::string scope)) {
  const auto name = *rc::gen::resize(40, rc::gen::arbitrary<std::string>());
  const std::string text = encode_cursor({time_ms, name}, scope);
  RC_ASSERT(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
            std::string::npos);
  const auto position = decode_cursor(text, scope);
  RC_ASSERT(position.has_value());
  RC_ASSERT(position->time_ms == time_ms);
  RC_ASSERT(position->name == name);
}

RC_GTEST_PROP(PageCursor, RefusesAnotherScope, (std::int64_t time_ms, std::string scope, std::string other)) {
  RC_PRE(scope != other);
  const auto position = decode_cursor(encode_cursor({time_ms, "name"}, scope), other);
  RC_ASSERT(!position.has_value());
  RC_ASSERT(position.error().code == Errc::invalid_request);
}

TEST(PageCursor, RefusesAnyOtherCharacterAnywhere) {
  // Of each length modulo three, as the last character then stands for six, four or two bits.
  for (const char* const name : {"name", "names", "longer"}) {
    const std::string text = encode_cursor({1'767'225'600'000, name}, "scope");
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int code = 0; code < 256; ++code) {
        std::string changed = text;
        changed[at] = static_cast<char>(code);
        if (changed != text) EXPECT_FALSE(decode_cursor(changed, "scope")) << name << at << ' ' << code;
      }
    }
  }
}

RC_GTEST_PROP(PageCursor, RefusesAnyText, (std::string text)) {
  RC_ASSERT(!decode_cursor(text, "scope").has_value());
}

TEST(PageCursor, RefusesShortenedAndLengthenedText) {
  const std::string text = encode_cursor({1'234, "name"}, "scope");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(decode_cursor(text.substr(0, size), "scope")) << size;
  }
  for (const std::string tail : {"A", "AA", "=", "==", "\n"}) {
    EXPECT_FALSE(decode_cursor(text + tail, "scope")) << tail;
  }
}

TEST(PageCursor, RefusesHugeText) { EXPECT_FALSE(decode_cursor(std::string(10U << 20, 'A'), "scope")); }

TEST(ReadCursor, IsNoneAtTheBeginningAndRefusesWhatIsNone) {
  EXPECT_FALSE(store::read_cursor(1, "", "scope").value());
  EXPECT_EQ(store::read_cursor(1, encode_cursor({7, "name"}, "scope"), "scope").value()->time_ms, 7);
  EXPECT_EQ(store::read_cursor(1, "nonsense", "scope").error().code, Errc::invalid_request);
  EXPECT_EQ(store::read_cursor(0, "", "scope").error().code, Errc::invalid_request) << "no room for anything";
}

}  // namespace skymarshal::test::page_cursor_test
