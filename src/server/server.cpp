#include "server/server.hpp"

#include "server/io_thread.hpp"

#include <algorithm>
#include <thread>

#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::server {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr Milliseconds poll_interval{5};
/// For answers that are on their way out, and for invocations that were told to end.
constexpr Milliseconds last_words{3'000};

}  // namespace

Server::Server(ServerOptions options, gateway::Gateway& gateway, std::optional<net::TlsContext> tls,
               const Clock& clock, Logger& log)
    : options_(std::move(options)), gateway_(gateway), tls_(std::move(tls)), clock_(clock), log_(log) {}

Server::~Server() = default;

Result<std::uint16_t> Server::listen() {
  const auto failed = [this](const error_code& error) {
    return make_error(Errc::invalid_request, "cannot listen on " + options_.host + ":" +
                                                 std::to_string(options_.port) + ": " + error.message());
  };
  error_code error;
  boost::asio::io_context resolving;
  tcp::resolver resolver(resolving);
  const auto found =
      resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, error);
  if (error) return failed(error);

  tcp::endpoint endpoint = found.begin()->endpoint();
  error = IoThread::probe(endpoint);
  if (error) return failed(error);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned count = options_.threads == 0 ? cores : options_.threads;
  for (unsigned i = 0; i < count; ++i) {
    auto thread = std::make_unique<IoThread>(*this);
    error = thread->bind(endpoint);
    if (error) return failed(error);
    endpoint = thread->local_endpoint();
    threads_.push_back(std::move(thread));
  }
  return endpoint.port();
}

void Server::start() {
  for (const auto& thread : threads_) thread->start();
}

boost::asio::any_io_executor Server::executor() { return threads_.front()->executor(); }

void Server::drain(Milliseconds limit) {
  gateway_.begin_draining();
  for (const auto& thread : threads_) thread->drain();
  if (!wait_until_idle(limit)) {
    log_.warning("drain_timeout", {{"limit_ms", static_cast<std::int64_t>(limit.count())}});
    gateway_.stop_invocations(
        make_error(Errc::interrupted, "the server was shut down while this ran: try again"));
    wait_until_idle(last_words);
  }
  // What was answered must still reach its clients.
  const SteadyTime until = clock_.steady_now() + last_words;
  while (connections_ > 0 && clock_.steady_now() < until) std::this_thread::sleep_for(poll_interval);
  for (const auto& thread : threads_) thread->close();
}

void Server::join() {
  for (const auto& thread : threads_) thread->join();
}

bool Server::wait_until_idle(Milliseconds limit) const {
  const SteadyTime until = clock_.steady_now() + limit;
  while (!gateway_.idle()) {
    if (clock_.steady_now() >= until) return false;
    std::this_thread::sleep_for(poll_interval);
  }
  return true;
}

}  // namespace skymarshal::server
