#include "auth/sts_client.hpp"

#include "net/http_client.hpp"

#include <utility>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

/// One of the exchanges there may be, given back however it ends.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& taken) : taken_(taken), number_(++taken_) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::size_t number() const { return number_; }

 private:
  std::atomic<std::size_t>& taken_;
  std::size_t number_;
};

http::Request http_request(StsRequest request, const std::string& server_id) {
  http::Request out;
  out.method = "GET";
  out.target = std::move(request.target);
  out.headers.add("Host", std::move(request.host));
  out.headers.add(std::string(sts_server_id_field), server_id);
  // Not signed, so that callers need not know of it.
  out.headers.add("Accept", "application/json");
  return out;
}

}  // namespace

StsClient::StsClient(StsClientOptions options, std::optional<net::TlsContext> tls)
    : options_(std::move(options)), tls_(std::move(tls)) {}

asio::awaitable<std::variant<CallerIdentity, Refusal>> StsClient::ask(StsRequest request) {
  const Place place(exchanges_);
  if (place.number() > options_.exchanges_max) co_return sts_unavailable();
  const http::Endpoint endpoint = options_.endpoint.value_or(http::Endpoint{"https", request.host, 443, "/"});
  if (endpoint.secure() && !tls_) co_return sts_unavailable();

  net::HttpClient::Options limits;
  limits.body_bytes_max = options_.answer_bytes_max;
  limits.head_bytes_max = options_.answer_bytes_max;
  limits.connect_timeout = options_.timeout;
  limits.total_timeout = options_.timeout;
  const auto executor = co_await asio::this_coro::executor;
  net::HttpClient exchange(executor, limits, tls_ ? &*tls_ : nullptr);
  http::Request sent = http_request(std::move(request), options_.server_id);
  auto head = co_await exchange.send(endpoint, std::move(sent));
  if (!head) co_return sts_unavailable();
  auto body = co_await exchange.read_rest();
  if (!body) co_return sts_unavailable();
  const http::Response response{head->status, std::move(head->headers), std::move(*body)};
  co_return read_sts_answer(response);
}

}  // namespace skymarshal::auth
