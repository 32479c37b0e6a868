// Which trace is passed on, and that nothing else is.
#include "http/trace_context.hpp"

#include <gtest/gtest.h>

namespace skymarshal::http::trace_context_test {

const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string parent_of(const std::string& text) {
  return read_trace_context({{"traceparent", text}}).traceparent;
}

TEST(TraceContext, IsPassedOnAsItCame) {
  const Headers headers = {{"Traceparent", parent},
                           {"tracestate", "a=1"},
                           {"TraceState", "b=2, c@d=3"},
                           {"x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Sampled=1"}};
  const Headers fields = read_trace_context(headers).fields();
  EXPECT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields.find("traceparent"), parent);
  EXPECT_EQ(fields.combined("tracestate")->find("a=1"), 0u);
  EXPECT_NE(fields.combined("tracestate")->find("c@d=3"), std::string::npos);
  EXPECT_EQ(fields.find("X-Amzn-Trace-Id"), "Root=1-67891233-abcdef012345678912345678;Sampled=1");
  EXPECT_EQ(read_trace_context({}).fields().size(), 0u);
}

TEST(TraceContext, HasAParentOfItsForm) {
  EXPECT_EQ(parent_of(parent), parent);
  EXPECT_EQ(parent_of(" " + parent + "\t"), parent);
  const std::string later = "cc" + parent.substr(2) + "-what-comes-later";
  EXPECT_EQ(parent_of(later), later);
  const std::vector<std::string> wrong_ones = {"",
                                               "00",
                                               parent.substr(1),
                                               parent + "-more",
                                               "ff" + parent.substr(2),
                                               "00-" + std::string(32, '0') + parent.substr(35),
                                               parent.substr(0, 36) + std::string(16, '0') + "-01",
                                               "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                               "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
                                               "cc" + parent.substr(2) + "x",
                                               "cc" + parent.substr(2) + "-\r\nX: y",
                                               "cc" + parent.substr(2) + "-" + std::string(512, 'x')};
  for (const std::string& wrong : wrong_ones) {
    EXPECT_EQ(parent_of(wrong), "") << wrong;
  }
}

TEST(TraceContext, LeavesOutWhatCannotBeOneField) {
  EXPECT_EQ(read_trace_context({{"traceparent", parent}, {"traceparent", parent}}).traceparent, "");
  EXPECT_EQ(read_trace_context({{"tracestate", "a=1"}}).tracestate, "") << "a state of no trace";
  EXPECT_EQ(read_trace_context({{"traceparent", parent}, {"tracestate", "a=\r\nX: y"}}).tracestate, "");
  EXPECT_EQ(read_trace_context({{"traceparent", parent}, {"tracestate", std::string(513, 'a')}}).tracestate,
            "");
  EXPECT_EQ(read_trace_context({{"x-amzn-trace-id", "Root=1 2"}}).amzn_trace_id, "");
  EXPECT_EQ(read_trace_context({{"x-amzn-trace-id", std::string(513, 'a')}}).amzn_trace_id, "");
}

}  // namespace skymarshal::http::trace_context_test
