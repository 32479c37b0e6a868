// Runs one coroutine to its end on an io_context of its own and gives its result. One that never ends fails
// by its own name, not with all others of its program by their limit.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::test {

template <typename T>
T run_awaitable(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr error, T value) {
    failure = error;
    if (!error) result.emplace(std::move(value));
  });
  io.restart();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (!result && !failure && io.run_one_until(give_up) > 0) {
  }
  if (failure) std::rethrow_exception(failure);
  if (!result) throw std::runtime_error("the coroutine never ended");
  return std::move(*result);
}

template <typename T>
T run_awaitable(boost::asio::awaitable<T> work) {
  boost::asio::io_context io;
  return run_awaitable(io, std::move(work));
}

}  // namespace skymarshal::test
