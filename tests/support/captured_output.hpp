// What a command writes while it runs in a test.
#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace skymarshal::test {

struct CapturedOutput {
  std::string out;
  std::string error;
};

template <typename Run>
CapturedOutput captured(Run run) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  std::move(run)();
  CapturedOutput output;
  output.out = testing::internal::GetCapturedStdout();
  output.error = testing::internal::GetCapturedStderr();
  return output;
}

}  // namespace skymarshal::test
