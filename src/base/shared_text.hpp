// Text that is written once and then read by many, on any thread: an answer that the store, the outbox and
// every reader hold, and nobody copies.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace skymarshal {

/// Never null where a value is meant.
using SharedText = std::shared_ptr<const std::string>;

inline SharedText share_text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace skymarshal
