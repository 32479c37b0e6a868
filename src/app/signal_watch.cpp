#include "app/signal_watch.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

namespace skymarshal::app {
namespace {

/// Each would end the process, unless it is handled (signal(7)). A write to a reader that has gone, or beyond
/// the limit for files, then fails with EPIPE or EFBIG like any other write; the rest are timers that we
/// never set, and words of other programs that mean nothing here. What asks for a core dump keeps its effect.
constexpr std::array ignored_signals = {SIGPIPE, SIGXFSZ, SIGUSR1,   SIGUSR2, SIGALRM,
                                        SIGPROF, SIGPOLL, SIGVTALRM, SIGPWR};

}  // namespace

SignalWatch::SignalWatch() : ends_(io_, SIGINT, SIGTERM), reloads_(io_, SIGHUP) {
  for (const int number : ignored_signals) std::signal(number, SIG_IGN);
  expect_end();
  expect_reload();
  thread_ = std::thread([this] { io_.run(); });
}

SignalWatch::~SignalWatch() {
  io_.stop();
  thread_.join();
}

void SignalWatch::on_reload(std::function<void()> reload) {
  const auto set = [this, fresh = std::move(reload)] {
    reload_ = fresh;
    if (reload_ && std::exchange(reload_wanted_, false)) reload_();
  };
  boost::asio::post(io_, boost::asio::use_future(set)).get();
}

void SignalWatch::expect_end() {
  ends_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    first_.set_value(signal);
    expect_second_end();
  });
}

void SignalWatch::expect_second_end() {
  ends_.async_wait([](const boost::system::error_code& error, int signal) {
    // What was acknowledged is on the disk already, so nothing needs to be tidied up. 128 + n is how shells
    // name a death by signal.
    if (!error) std::_Exit(128 + signal);
  });
}

void SignalWatch::expect_reload() {
  reloads_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    if (reload_) {
      reload_();
    } else {
      reload_wanted_ = true;
    }
    expect_reload();
  });
}

}  // namespace skymarshal::app
