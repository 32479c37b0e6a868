#include "server/connection_input.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace skymarshal::server {
namespace {

constexpr std::size_t first_bytes = 4096;

}  // namespace

ConnectionInput::ConnectionInput(std::shared_ptr<net::ByteStream> stream, std::size_t bytes_max)
    : stream_(std::move(stream)),
      bytes_max_(bytes_max),
      buffer_(std::min(first_bytes, bytes_max)),
      arrived_(stream_->executor()) {}

void ConnectionInput::read_on() {
  if (reading_ || ended_) return;
  make_room();
  if (end_ == buffer_.size()) return;
  reading_ = true;
  const boost::asio::mutable_buffer room(buffer_.data() + end_, buffer_.size() - end_);
  stream_->async_read_some(
      room, [self = shared_from_this()](const net::IoResult& result) { self->on_read(result); });
}

boost::asio::awaitable<bool> ConnectionInput::wait_until(SteadyTime deadline) {
  return arrived_.wait_until(deadline);
}

void ConnectionInput::on_ended(std::function<void()> listener) {
  on_ended_ = std::move(listener);
  if (ended_ && on_ended_) on_ended_();
}

void ConnectionInput::async_read_some(boost::asio::mutable_buffer room, net::ByteStream::ReadHandler reader) {
  const bool nothing_between = data().empty() && !ended_ && !reading_;
  if (nothing_between) return stream_->async_read_some(room, std::move(reader));
  room_ = room;
  reader_ = std::move(reader);
  if (!data().empty() || ended_) pass_on();
}

/// Later, as a stream would: the reader may not expect an answer before it has asked to the end.
void ConnectionInput::pass_on() {
  net::IoResult result;
  result.bytes = boost::asio::buffer_copy(room_, boost::asio::buffer(data()));
  consume(result.bytes);
  if (result.bytes == 0) result.error = end_reason_;
  const auto tell = [reader = std::exchange(reader_, {}), result] { reader(result); };
  boost::asio::post(stream_->executor(), tell);
}

void ConnectionInput::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ < buffer_.size()) return;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.end(), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  } else {
    buffer_.resize(std::min(buffer_.size() * 2, bytes_max_));
  }
}

void ConnectionInput::on_read(const net::IoResult& result) {
  reading_ = false;
  end_ += result.bytes;
  if (result.error) {
    ended_ = true;
    end_reason_ = result.error;
    if (on_ended_) on_ended_();
  }
  if (reader_) pass_on();
  arrived_.wake();
}

}  // namespace skymarshal::server
