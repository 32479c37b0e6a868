// What a caller is answered with, and whose it is: a journal that grows, or one that is read back.
#pragma once

#include "base/id.hpp"
#include "invocations/journal.hpp"
#include "invocations/readership.hpp"

#include <memory>
#include <optional>

namespace skymarshal::invocations {

struct AnswerSource {
  std::shared_ptr<Journal> journal;
  /// Of the invocation, which an earlier request may have begun.
  RequestId request_id;
  SessionId session_id;
  /// Where the invocation cares whether it is read.
  std::optional<Readership::Attachment> attachment = {};
};

}  // namespace skymarshal::invocations
