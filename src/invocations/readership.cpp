#include "invocations/readership.hpp"

#include <utility>

#include <boost/asio/dispatch.hpp>

namespace skymarshal::invocations {

Readership::Attachment::Attachment(std::shared_ptr<Readership> readership)
    : readership_(std::move(readership)) {
  boost::asio::dispatch(readership_->grace_.get_executor(), [held = readership_] { held->attach(); });
}

Readership::Attachment::~Attachment() {
  if (!readership_) return;
  boost::asio::dispatch(readership_->grace_.get_executor(), [held = readership_] { held->detach(); });
}

Readership::Readership(const boost::asio::any_io_executor& executor, WhenUnread when_unread,
                       std::function<void()> on_deserted)
    : grace_(executor), when_unread_(when_unread), on_deserted_(std::move(on_deserted)) {}

void Readership::waive() {
  boost::asio::dispatch(grace_.get_executor(), [self = shared_from_this()] {
    self->when_unread_ = WhenUnread::run_to_the_end();
    self->grace_.cancel();
  });
}

void Readership::close() {
  on_deserted_ = nullptr;
  grace_.cancel();
}

void Readership::attach() {
  ++readers_;
  grace_.cancel();
}

void Readership::detach() {
  if (--readers_ > 0 || !on_deserted_ || !when_unread_.grace) return;
  grace_.expires_after(*when_unread_.grace);
  grace_.async_wait([held = shared_from_this()](const boost::system::error_code& error) {
    if (error || held->readers_ > 0 || !held->on_deserted_ || !held->when_unread_.grace) return;
    // Over already when somebody came and left again: that time is meant no more, a newer one runs.
    if (std::chrono::steady_clock::now() < held->grace_.expiry()) return;
    std::exchange(held->on_deserted_, nullptr)();
  });
}

}  // namespace skymarshal::invocations
