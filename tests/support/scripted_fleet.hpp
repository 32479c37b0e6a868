// Gateways of which a test says who has a turn.
#pragma once

#include "base/stop_signal.hpp"
#include "invocations/fleet.hpp"
#include "support/manual_clock.hpp"

#include <deque>

namespace skymarshal::test {

class ScriptedFleet final : public invocations::Fleet {
 public:
  /// An answer takes so long, by the clock.
  explicit ScriptedFleet(ManualClock& clock, Milliseconds answer_time = Milliseconds(0))
      : clock_(clock), answer_time_(answer_time) {}

  /// To take_turn; the last one stands.
  std::deque<Result<bool>> answers = {true};
  int asked = 0;
  StopSignal* stopped_at_first = nullptr;

  boost::asio::awaitable<Result<std::vector<RequestId>>> renew() override { return lone_.renew(); }
  boost::asio::awaitable<Result<void>> resign() override { return lone_.resign(); }
  boost::asio::awaitable<Result<std::vector<std::string>>> dead_runners() override {
    return lone_.dead_runners();
  }
  boost::asio::awaitable<Result<bool>> is_dead(std::string name) override { return lone_.is_dead(name); }
  boost::asio::awaitable<Result<void>> bury(std::string name) override { return lone_.bury(name); }
  boost::asio::awaitable<Result<void>> ask_to_end(RequestId id, Principal owner) override {
    return lone_.ask_to_end(id, owner);
  }
  boost::asio::awaitable<Result<bool>> take_turn(SessionId, Principal, RequestId) override {
    ++asked;
    clock_.advance(answer_time_);
    if (stopped_at_first != nullptr) stopped_at_first->raise(make_error(Errc::cancelled, "never mind"));
    Result<bool> answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_return answer;
  }
  boost::asio::awaitable<Result<void>> give_turn_back(SessionId session, RequestId request) override {
    return lone_.give_turn_back(session, request);
  }

 private:
  ManualClock& clock_;
  Milliseconds answer_time_;
  invocations::LoneGateway lone_;
};

}  // namespace skymarshal::test
