// An outbox and the stores in front of it, as one thing to ask.
#pragma once

#include "store/outbox.hpp"
#include "store/outbox_invocation_store.hpp"
#include "store/outbox_session_store.hpp"

#include <memory>
#include <utility>

namespace skymarshal::test {

class OpenedOutbox {
 public:
  OpenedOutbox(std::shared_ptr<store::Outbox> outbox, const Clock& clock)
      : outbox_(std::move(outbox)), sessions_({}, outbox_, clock), invocations_(outbox_, sessions_.known()) {}

  auto save(invocations::Interaction interaction) { return sessions_.save(std::move(interaction)); }
  auto claim(SessionId id, Principal principal) { return sessions_.claim(id, std::move(principal)); }
  auto erase(SessionId id, Principal principal) { return sessions_.erase(id, std::move(principal)); }
  auto history(SessionId id, Principal principal, invocations::PageRequest page) {
    return sessions_.history(id, std::move(principal), std::move(page));
  }
  auto drain() { return outbox_->drain_now(); }
  std::size_t waiting() const { return outbox_->waiting(); }
  std::size_t refused() const { return outbox_->refused(); }
  invocations::SessionStore& sessions() { return sessions_; }
  invocations::InvocationStore& invocations() { return invocations_; }

 private:
  std::shared_ptr<store::Outbox> outbox_;
  store::OutboxSessionStore sessions_;
  store::OutboxInvocationStore invocations_;
};

}  // namespace skymarshal::test
