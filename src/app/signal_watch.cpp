#include "app/signal_watch.hpp"

#include <csignal>
#include <cstdlib>

namespace skymarshal::app {

SignalWatch::SignalWatch() : signals_(io_, SIGINT, SIGTERM) {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    first_.set_value(signal);
    expect_second();
  });
  thread_ = std::thread([this] { io_.run(); });
}

SignalWatch::~SignalWatch() {
  io_.stop();
  thread_.join();
}

void SignalWatch::expect_second() {
  signals_.async_wait([](const boost::system::error_code& error, int signal) {
    // What was acknowledged is on the disk already, so nothing needs to be tidied up. 128 + n is how shells
    // name a death by signal.
    if (!error) std::_Exit(128 + signal);
  });
}

}  // namespace skymarshal::app
