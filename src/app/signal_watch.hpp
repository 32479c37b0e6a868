// The signals of a serving process. Ctrl-C and SIGTERM: the first asks for a graceful end, the second ends
// the process at once. SIGHUP asks for a reload. Those that would end a process for no reason of ours are
// ignored. One object a process; it has a thread of its own, so that the second is heard while the first is
// obeyed.
#pragma once

#include <functional>
#include <future>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace skymarshal::app {

class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// Waits for the first signal to end, from now or from before, and gives its number. Call it once.
  int wait() { return first_.get_future().get(); }

  /// `reload` runs on the watch's thread for each SIGHUP from now on, and at once if there was one already.
  /// Returns when nothing runs the one before any more; empty to hear no more.
  void on_reload(std::function<void()> reload);

 private:
  void expect_end();
  void expect_second_end();
  void expect_reload();

  boost::asio::io_context io_{1};
  boost::asio::signal_set ends_;
  boost::asio::signal_set reloads_;
  std::promise<int> first_;
  std::function<void()> reload_;
  bool reload_wanted_ = false;
  std::thread thread_;
};

}  // namespace skymarshal::app
