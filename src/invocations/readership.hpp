// Who still reads a journal, and what follows when the last one has left: the policy is given, not built in.
// Belongs to an invocation and lives on its executor; attachments come and go on any thread, and may outlive
// the invocation.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace skymarshal::invocations {

/// What becomes of an invocation that its last reader has left.
struct WhenUnread {
  /// It ends when nobody has come back for so long. Without a value it runs to its end, read or not.
  std::optional<Milliseconds> grace;

  static WhenUnread end_after(Milliseconds grace) { return {grace}; }
  static WhenUnread run_to_the_end() { return {}; }
};

class Readership : public std::enable_shared_from_this<Readership> {
 public:
  /// A reader's stake: while one is held, the invocation is wanted.
  class Attachment {
   public:
    explicit Attachment(std::shared_ptr<Readership> readership);
    Attachment(Attachment&& other) noexcept = default;
    Attachment& operator=(Attachment&&) = delete;
    ~Attachment();

   private:
    std::shared_ptr<Readership> readership_;
  };

  /// `on_deserted` runs at most once, on `executor`, when the grace time is over.
  Readership(const boost::asio::any_io_executor& executor, WhenUnread when_unread,
             std::function<void()> on_deserted);

  /// From now on it runs to its end, read or not. From any thread.
  void waive();
  /// It has ended: who leaves from now on deserts nothing. On the executor.
  void close();

 private:
  void attach();
  void detach();

  boost::asio::steady_timer grace_;
  WhenUnread when_unread_;
  /// Empty once called or closed.
  std::function<void()> on_deserted_;
  int readers_ = 0;
};

}  // namespace skymarshal::invocations
