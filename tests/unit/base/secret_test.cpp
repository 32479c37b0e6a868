#include "base/secret.hpp"

#include <ostream>
#include <type_traits>

#include <gtest/gtest.h>

namespace skymarshal::secret_test {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, CannotBePrintedOrTakenForText) {
  EXPECT_FALSE(Printable<Secret>);
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string_view>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
}

TEST(Secret, GivesItsTextToWhoeverAsksForIt) {
  EXPECT_TRUE(Secret().empty());
  const Secret secret(std::string("key"));
  EXPECT_FALSE(secret.empty());
  EXPECT_EQ(secret.reveal(), "key");
}

TEST(Secret, MovingLeavesNothingBehind) {
  Secret first(std::string("key"));
  const char* const bytes = first.reveal().data();
  const Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "key");
  // A short text lives inside the object, where the moved-from one must not keep it.
  EXPECT_EQ(std::string(bytes, 3), std::string(3, '\0'));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the question.
}

TEST(Secret, CopiesAreSeparate) {
  Secret first(std::string("key"));
  Secret second;
  second = first;
  first = Secret(std::string("other"));
  EXPECT_EQ(second.reveal(), "key");
  EXPECT_EQ(first.reveal(), "other");
}

}  // namespace skymarshal::secret_test
