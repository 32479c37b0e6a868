#include "invocations/invocation_state.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::invocation_state_test {

InvocationEnd failed(Errc code) {
  InvocationEnd end;
  end.error = make_error(code, "why");
  return end;
}

TEST(InvocationState, IsReadAsItIsWritten) {
  for (const InvocationState state : invocation_states)
    EXPECT_EQ(parse_invocation_state(to_text(state)), state);
  for (const std::string_view text : {"", "Running", "running ", "done"}) {
    EXPECT_FALSE(parse_invocation_state(text)) << text;
  }
}

TEST(InvocationState, TwoOfThemAreNoEnds) {
  for (const InvocationState state : invocation_states) {
    const bool is_on_its_way = state == InvocationState::queued || state == InvocationState::running;
    EXPECT_EQ(has_ended(state), !is_on_its_way) << to_text(state);
  }
}

TEST(InvocationState, FollowsFromTheEnd) {
  EXPECT_EQ(state_of(InvocationEnd()), InvocationState::success);
  EXPECT_EQ(state_of(failed(Errc::timeout)), InvocationState::timeout);
  EXPECT_EQ(state_of(failed(Errc::cancelled)), InvocationState::cancelled);
  EXPECT_EQ(state_of(failed(Errc::interrupted)), InvocationState::interrupted);
  EXPECT_EQ(state_of(failed(Errc::runtime_error)), InvocationState::error);
}

}  // namespace skymarshal::invocations::invocation_state_test
