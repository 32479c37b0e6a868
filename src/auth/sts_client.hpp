// Has AWS STS check a presigned request, and reads what it says of the caller. Shared by all threads, each of
// which keeps its own connections open. Follows nothing, remembers nothing.
// Sources: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html and .../CommonErrors.html
#pragma once

#include "auth/authenticator.hpp"
#include "auth/sts_token.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

/// Whom AWS vouches for.
struct CallerIdentity {
  std::string arn;
};

/// When to ask again where STS does not say.
inline constexpr std::chrono::seconds sts_retry_after{2};

/// STS as it cannot be relied upon: Reason::identity_unavailable.
Refusal sts_unavailable();

/// An identity only of a 200 with a JSON body whose Arn is a principal's and whose Account is the ARN's own.
/// 4xx: signature_mismatch, request_expired or invalid_token, by STS's error code; throttling, 429, 5xx and
/// whatever else is said, or cannot be understood: identity_unavailable. No text of STS's reaches the caller.
std::variant<CallerIdentity, Refusal> read_sts_answer(const http::Response& response);

struct StsClientOptions {
  /// Sent in X-Skymarshal-Server-Id: STS takes no request that was signed for another gateway.
  std::string server_id;
  /// Where to connect instead of the host that was signed for, which is still the Host that is named; a
  /// private endpoint, say. Its path has no meaning.
  std::optional<http::Endpoint> endpoint = {};
  /// From the name's resolution to the end of the answer.
  Milliseconds timeout{5'000};
  std::size_t answer_bytes_max = 64 * 1024;
  /// Exchanges at once; whoever comes then is turned away.
  std::size_t exchanges_max = 64;
};

class StsClient {
 public:
  /// `tls` is needed for https, which all of AWS's own endpoints are.
  StsClient(StsClientOptions options, std::optional<net::TlsContext> tls);
  StsClient(const StsClient&) = delete;
  StsClient& operator=(const StsClient&) = delete;

  /// One exchange. As of read_sts_answer; identity_unavailable too if STS cannot be reached or is too slow.
  boost::asio::awaitable<std::variant<CallerIdentity, Refusal>> ask(StsRequest request);

 private:
  StsClientOptions options_;
  net::HttpClient client_;
  std::atomic<std::size_t> exchanges_ = 0;
};

}  // namespace skymarshal::auth
