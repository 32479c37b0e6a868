// Tokens for STS as callers make them, and a local STS that says what a test wrote down.
#pragma once

#include "auth/sts_token.hpp"
#include "aws/sigv4_signer.hpp"
#include "http/url.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace skymarshal::test {

inline constexpr const char* ops_arn = "arn:aws:sts::123456789012:assumed-role/Operations/anna";

struct StsTokenParts {
  std::string host = "sts.eu-west-1.amazonaws.com";
  std::string region = "eu-west-1";
  std::string server_id = "gateway.example";
  std::string access_key_id = "ASIAEXAMPLE";
  std::string session_token = "FwoGZXIvYXdz//+=";
  std::chrono::seconds valid_for{900};
};

/// As aws::presign makes it.
inline std::string presigned_url(WallTime now, const StsTokenParts& parts = {}) {
  http::Request request;
  request.method = "GET";
  request.target = "/?Action=GetCallerIdentity&Version=2011-06-15";
  request.headers.add("Host", parts.host);
  request.headers.add("x-skymarshal-server-id", parts.server_id);
  aws::SigningOptions options;
  options.region = parts.region;
  options.service = "sts";
  const aws::Credentials credentials{parts.access_key_id, Secret("secret"), Secret(parts.session_token)};
  aws::presign(request, credentials, options, now, parts.valid_for).value();
  return "https://" + parts.host + request.target;
}

inline std::string json_answer(std::string_view status, std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: application/json\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string identity_json(const std::string& arn = ops_arn,
                                 const std::string& account = "123456789012") {
  return R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":")" + account +
         R"(","Arn":")" + arn +
         R"(","UserId":"AROAEXAMPLE:anna"},"ResponseMetadata":{"RequestId":"01234567"}}})";
}

inline std::string error_json(const std::string& code, const std::string& message = "no") {
  return R"({"Error":{"Code":")" + code + R"(","Message":")" + message + R"(","Type":"Sender"}})";
}

/// Answers each request with what `script` gives; an empty answer is none at all.
class LocalSts {
 public:
  using Script = std::function<std::string(const std::string& request)>;

  LocalSts(boost::asio::io_context& io, Script script)
      : state_(std::make_shared<State>(
            State{tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
                  std::move(script),
                  {},
                  {}})) {
    boost::asio::co_spawn(io, accept(state_), boost::asio::detached);
  }
  ~LocalSts() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    state_->silent.clear();
  }
  LocalSts(const LocalSts&) = delete;
  LocalSts& operator=(const LocalSts&) = delete;

  http::Endpoint endpoint() const {
    return {"http", "127.0.0.1", state_->acceptor.local_endpoint().port(), "/"};
  }
  const std::vector<std::string>& requests() const { return state_->requests; }

 private:
  using tcp = boost::asio::ip::tcp;
  static constexpr auto await_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

  struct State {
    tcp::acceptor acceptor;
    Script script;
    std::vector<std::string> requests;
    /// Connections that get no answer, kept open.
    std::vector<std::shared_ptr<tcp::socket>> silent;
  };

  static boost::asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      const auto socket = std::make_shared<tcp::socket>(state->acceptor.get_executor());
      const auto [closed] = co_await state->acceptor.async_accept(*socket, await_tuple);
      if (closed) co_return;
      boost::asio::co_spawn(state->acceptor.get_executor(), answer(state, socket), boost::asio::detached);
    }
  }

  static boost::asio::awaitable<void> answer(std::shared_ptr<State> state,
                                             std::shared_ptr<tcp::socket> socket) {
    std::string request;
    auto buffer = boost::asio::dynamic_buffer(request);
    const auto [error, n] = co_await boost::asio::async_read_until(*socket, buffer, "\r\n\r\n", await_tuple);
    if (error) co_return;
    state->requests.push_back(request);
    const std::string text = state->script(request);
    if (text.empty()) state->silent.push_back(socket);
    const auto bytes = boost::asio::buffer(text);
    co_await boost::asio::async_write(*socket, bytes, await_tuple);
  }

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::test
