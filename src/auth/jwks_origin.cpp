#include "auth/jwks_origin.hpp"

#include "base/file.hpp"
#include "base/file_stamp.hpp"
#include "net/http_client.hpp"

#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

Error unavailable(std::string message) { return make_error(Errc::identity_unavailable, std::move(message)); }

Result<SharedJwkSet> shared_set(std::string_view json) {
  auto set = JwkSet::parse(json);
  if (!set) return unavailable(set.error().message);
  return SharedJwkSet(std::make_shared<const JwkSet>(*std::move(set)));
}

class JwksFile final : public JwksOrigin {
 public:
  explicit JwksFile(std::string path) : path_(std::move(path)) {}

  asio::awaitable<Result<SharedJwkSet>> fetch() override { co_return read(); }

 private:
  Result<SharedJwkSet> read() {
    // Before the file is read: what changes meanwhile is seen next time.
    const auto stamp = stamp_of_file(path_);
    if (!stamp) return unavailable("the file of keys is not there");
    if (stamp == stamp_) return SharedJwkSet();
    const auto text = read_file(path_, jwk_set_bytes_max);
    if (!text || text->empty()) return unavailable("the file of keys cannot be read, or is empty");
    auto set = shared_set(*text);
    if (set) stamp_ = stamp;
    return set;
  }

  std::string path_;
  std::optional<FileStamp> stamp_;
};

class JwksUrl final : public JwksOrigin {
 public:
  JwksUrl(http::Endpoint endpoint, JwksUrlOptions options, std::optional<net::TlsContext> tls)
      : endpoint_(std::move(endpoint)), client_(net::one_connection_each, std::move(tls)) {
    limits_.body_bytes_max = jwk_set_bytes_max;
    limits_.connect_timeout = options.timeout;
    limits_.total_timeout = options.timeout;
  }

  asio::awaitable<Result<SharedJwkSet>> fetch() override {
    http::Request request{"GET", endpoint_.target, {}, {}};
    request.headers.add("Accept", "application/jwk-set+json, application/json");
    const auto response = co_await net::fetch(client_, endpoint_, std::move(request), limits_);
    if (!response) co_return unavailable("the issuer's keys cannot be fetched: " + response.error().message);
    if (response->status != 200)
      co_return unavailable(fmt::format("the issuer's keys cannot be fetched: status {}", response->status));
    co_return shared_set(response->body);
  }

 private:
  http::Endpoint endpoint_;
  net::FetchOptions limits_;
  net::HttpClient client_;
};

}  // namespace

std::unique_ptr<JwksOrigin> jwks_file(std::string path) {
  return std::make_unique<JwksFile>(std::move(path));
}

Result<std::unique_ptr<JwksOrigin>> jwks_url(http::Endpoint endpoint, JwksUrlOptions options,
                                             std::optional<net::TlsContext> tls) {
  const bool safe = endpoint.scheme == "https"
                        ? tls.has_value()
                        : endpoint.scheme == "http" && http::is_loopback(endpoint.host);
  if (!safe) return make_error(Errc::invalid_request, "the issuer's keys must be fetched by https");
  return std::unique_ptr<JwksOrigin>(std::make_unique<JwksUrl>(std::move(endpoint), options, std::move(tls)));
}

}  // namespace skymarshal::auth
