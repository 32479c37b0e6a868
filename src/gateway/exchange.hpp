// One request on its way through the gateway and the answer it gets, with the headers that every answer
// carries. Lives as long as the request is handled, on its executor.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "gateway/cors.hpp"
#include "http/message.hpp"
#include "http/response_writer.hpp"
#include "http/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

class Exchange {
 public:
  /// The stages that Server-Timing tells of; absent ones were not reached.
  struct Timings {
    std::optional<std::chrono::microseconds> auth;
    std::optional<Milliseconds> queue, connect, first_message;
  };

  Exchange(http::Request request, http::ResponseWriter& writer, const RequestId& request_id,
           const Clock& clock, const CorsPolicy& cors);

  const http::Request& request() const { return request_; }
  const RequestId& request_id() const { return request_id_; }
  http::ResponseWriter& writer() { return writer_; }

  /// Of the request target; set by the router's step.
  http::Target target;
  /// What stood in the places of the route's {names}.
  std::vector<std::string> parameters;
  Principal principal;
  Timings timings;
  /// What the log line says about it.
  std::string_view route = "none";
  std::optional<SessionId> session_id;
  /// What the answer carries beside the common headers, whoever sends it.
  http::Headers answer_headers;

  /// Sends a whole answer with the common headers. False: the client is gone. `body` must stay valid until
  /// the call returns.
  boost::asio::awaitable<bool> send(http::ResponseHead head, std::string_view body);
  boost::asio::awaitable<bool> send_json(unsigned status, std::string body);
  boost::asio::awaitable<bool> send_problem(Error error);
  /// For the log line, where the error does not go through send_problem.
  void note_error(const Error& error);
  /// Starts a streamed answer with the common headers.
  void start(http::ResponseHead head);

  /// Of the answer; 0 while there is none.
  unsigned status() const { return status_; }
  /// Of the error sent; empty if none was.
  std::string_view error_code() const { return error_code_; }
  std::chrono::microseconds elapsed() const;

 private:
  void add_common_headers(http::Headers& headers) const;
  std::string server_timing() const;

  http::Request request_;
  http::ResponseWriter& writer_;
  RequestId request_id_;
  const Clock& clock_;
  const CorsPolicy& cors_;
  SteadyTime started_;
  unsigned status_ = 0;
  std::string_view error_code_;
};

}  // namespace skymarshal::gateway
