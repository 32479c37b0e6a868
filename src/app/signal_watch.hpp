// Ctrl-C and SIGTERM: the first asks for a graceful end, the second ends the process at once. One object a
// process; it has a thread of its own, so that the second is heard while the first is being obeyed.
#pragma once

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

  /// Waits for the first signal, from now or from before, and gives its number. Call it once.
  int wait() { return first_.get_future().get(); }

 private:
  void expect_second();

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  std::promise<int> first_;
  std::thread thread_;
};

}  // namespace skymarshal::app
