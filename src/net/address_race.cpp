#include "net/address_race.hpp"

#include "base/wakeup.hpp"

#include <algorithm>
#include <deque>
#include <optional>

namespace skymarshal::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Shared with the attempts under way, which may end after whoever asked is gone.
struct AddressRace::State {
  explicit State(const asio::any_io_executor& executor) : changed(executor) {}

  bool decided() const { return cancelled || winner; }

  void close_all() {
    for (tcp::socket& attempt : attempts) {
      error_code ignored;  // The descriptor is released either way.
      attempt.close(ignored);
    }
  }

  Wakeup changed;
  /// A deque never moves its elements, which the kernel is busy with.
  std::deque<tcp::socket> attempts;
  std::size_t failures = 0;
  error_code last_failure;
  std::optional<std::size_t> winner;
  bool cancelled = false;
};

std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& addresses) {
  if (addresses.empty()) return {};
  const auto is_first_family = [&](const tcp::endpoint& address) {
    return address.protocol() == addresses.front().protocol();
  };
  std::vector<tcp::endpoint> first, second, mixed;
  for (const tcp::endpoint& address : addresses)
    (is_first_family(address) ? first : second).push_back(address);
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

AddressRace::AddressRace(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

void AddressRace::cancel() {
  state_->cancelled = true;
  state_->close_all();
  state_->changed.wake();
}

asio::awaitable<error_code> AddressRace::run(tcp::socket& socket, std::vector<tcp::endpoint> addresses) {
  const std::shared_ptr<State> state = state_;
  for (const tcp::endpoint& address : addresses) {
    if (state->decided()) break;
    const std::size_t index = state->attempts.size();
    tcp::socket& attempt = state->attempts.emplace_back(state->changed.executor());
    attempt.async_connect(address, [state, index](const error_code& error) {
      if (error) {
        ++state->failures;
        state->last_failure = error;
      } else if (!state->winner) {
        state->winner = index;
      }
      state->changed.wake();
    });
    // The next one is due when one fails, or when all together are slow.
    const std::size_t failures_before = state->failures;
    const SteadyTime next = std::chrono::steady_clock::now() + attempt_delay;
    bool is_due = false;
    while (!is_due && !state->decided() && state->failures == failures_before) {
      is_due = !co_await state->changed.wait_until(next);
    }
  }
  while (!state->decided() && state->failures < state->attempts.size()) {
    co_await state->changed.wait_until(Wakeup::never);
  }
  error_code outcome = state->cancelled ? error_code(asio::error::operation_aborted) : state->last_failure;
  if (!state->cancelled && state->winner) {
    socket = std::move(state->attempts[*state->winner]);
    outcome = {};
  }
  state->close_all();
  co_return outcome;
}

}  // namespace skymarshal::net
