// Names: their format, their uniqueness (property 14), and what is taken for one.
#include "base/id.hpp"

#include <set>
#include <thread>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::id_test {

class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out)
      byte = bytes_.empty() ? std::byte{0} : std::byte{bytes_[at_++ % bytes_.size()]};
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// RFC 9562 section 5.4, stated without a look at the code.
bool is_lower_case_v4(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < 36; ++i) {
    const std::string_view allowed = i == 8 || i == 13 || i == 18 || i == 23 ? "-"
                                     : i == 14                               ? "4"
                                     : i == 19                               ? "89ab"
                                                                             : "0123456789abcdef";
    if (allowed.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

RC_GTEST_PROP(Uuid, IsAVersion4UuidWhateverTheRandomBytesAre, (const std::vector<std::uint8_t>& bytes)) {
  FixedRandom random(bytes);
  const Uuid uuid = Uuid::generate(random);
  RC_ASSERT(is_lower_case_v4(uuid.view()));
  RC_ASSERT(Uuid::parse(uuid.view()) == uuid);
}

// Property 14: concurrent requests get different names.
RC_GTEST_PROP(Uuid, IsNeverTheSameTwiceOnAnyThread, ()) {
  SystemRandom random;
  constexpr std::size_t per_thread = 200;
  std::array<std::vector<RequestId>, 3> made;
  std::vector<std::thread> threads;
  for (std::vector<RequestId>& own : made) {
    threads.emplace_back([&random, &own] {
      for (std::size_t i = 0; i < per_thread; ++i) own.push_back(RequestId::generate(random));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unordered_set<RequestId> all;
  for (const std::vector<RequestId>& own : made) {
    for (const RequestId& id : own) {
      RC_ASSERT(is_lower_case_v4(id.view()));
      RC_ASSERT(all.insert(id).second);
    }
  }
  RC_ASSERT(all.size() == made.size() * per_thread);
}

RC_GTEST_PROP(UuidParse, TakesAnyLetterCaseAndKeepsLowerCase, (const std::vector<bool>& upper)) {
  SystemRandom random;
  const Uuid uuid = Uuid::generate(random);
  std::string text = uuid.str();
  for (std::size_t i = 0; i < std::min(text.size(), upper.size()); ++i) {
    if (upper[i] && text[i] >= 'a' && text[i] <= 'f') text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  const std::optional<Uuid> parsed = Uuid::parse(text);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == uuid);
  RC_ASSERT(parsed->str() == uuid.str());
}

RC_GTEST_PROP(UuidParse, AcceptsExactlyWhatTheFormatAllowsAfterOneChange, ()) {
  SystemRandom random;
  std::string text = Uuid::generate(random).str();
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::arbitrary<char>();
  std::string lower = text;
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  RC_ASSERT(Uuid::parse(text).has_value() == is_lower_case_v4(lower));
}

RC_GTEST_PROP(UuidParse, RefusesRandomText, (const std::string& text)) { RC_ASSERT(!Uuid::parse(text)); }

TEST(UuidParse, RefusesOtherVersionsAndVariants) {
  const std::string good = "7f0c1f6e-3a52-4d1c-9b1e-0123456789ab";
  EXPECT_TRUE(Uuid::parse(good));
  for (const char version : std::string("012356789abcdefg")) {
    std::string text = good;
    text[14] = version;
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
  for (const char variant : std::string("01234567cdefg-")) {
    std::string text = good;
    text[19] = variant;
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(UuidParse, RefusesOtherWritings) {
  for (const std::string_view text :
       {"", "7f0c1f6e3a524d1c9b1e0123456789ab", "{7f0c1f6e-3a52-4d1c-9b1e-0123456789ab}",
        "urn:uuid:7f0c1f6e-3a52-4d1c-9b1e-0123456789ab", "7f0c1f6e-3a52-4d1c-9b1e-0123456789a",
        "7f0c1f6e-3a52-4d1c-9b1e-0123456789abc", " 7f0c1f6e-3a52-4d1c-9b1e-0123456789a",
        "7f0c1f6e_3a52_4d1c_9b1e_0123456789ab", "7f0c1f6-e3a52-4d1c-9b1e-0123456789ab",
        "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, NamesNothingByDefault) { EXPECT_EQ(Uuid().str(), "00000000-0000-0000-0000-000000000000"); }

TEST(Id, KeepsKindsApart) {
  static_assert(!std::is_convertible_v<RequestId, SessionId>);
  static_assert(!std::is_constructible_v<SessionId, RequestId>);
  const std::string_view text = "7F0C1F6E-3A52-4D1C-9B1E-0123456789AB";
  const std::optional<SessionId> id = SessionId::parse(text);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->view(), "7f0c1f6e-3a52-4d1c-9b1e-0123456789ab");
  EXPECT_FALSE(SessionId::parse("nothing"));
}

TEST(Id, OrdersAndHashesByItsText) {
  const auto a = *SessionId::parse("00000000-0000-4000-8000-000000000001");
  const auto b = *SessionId::parse("00000000-0000-4000-8000-000000000002");
  EXPECT_LT(a, b);
  EXPECT_EQ(std::hash<SessionId>()(a), std::hash<SessionId>()(*SessionId::parse(a.view())));
  EXPECT_EQ((std::set<SessionId>{b, a, b}.size()), 2u);
}

}  // namespace skymarshal::id_test
