#include "cli/request_signing.hpp"

#include "auth/sts_token.hpp"
#include "aws/configuration.hpp"
#include "aws/credential_chain.hpp"
#include "aws/error.hpp"
#include "aws/partition.hpp"
#include "aws/sigv4_signer.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/url.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr std::string_view default_region = "us-east-1";
constexpr std::size_t token_file_bytes_max = 64 * 1024;

Error refused(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

/// The words are the same, for whoever typed the command.
Error refused(const aws::Error& error) { return refused(error.message); }

Result<Secret> read_token(const std::string& path) {
  auto read = read_file(path, token_file_bytes_max);
  const std::string text = read ? *std::move(read) : std::string();
  const bool is_whole = text.size() <= token_file_bytes_max;
  std::string_view word = without_byte_order_mark(text);
  word.remove_suffix(word.size() - (word.find_last_not_of(" \t\r\n") + 1));
  Secret token{std::string(word)};
  if (is_whole && is_visible_ascii(token.reveal())) return token;
  return refused(fmt::format("there is no token in '{}': name a file that holds it and nothing else", path));
}

/// The key of the command line itself; nullopt if there is none.
Result<std::optional<aws::Credentials>> key_of(const SigningArguments& arguments) {
  if (arguments.access_key_id.empty() && arguments.secret_access_key.empty()) return std::nullopt;
  const std::string_view token = arguments.session_token.reveal();
  if (!is_visible_ascii(arguments.access_key_id) || !is_visible_ascii(arguments.secret_access_key.reveal()) ||
      (!token.empty() && !is_visible_ascii(token))) {
    return refused("an access key's id, secret and session token are each one word: give id and secret");
  }
  return aws::Credentials{arguments.access_key_id, arguments.secret_access_key, arguments.session_token};
}

struct SigningKey {
  /// nullopt: there is none, and none is needed.
  std::optional<aws::Credentials> credentials;
  std::string source;
  /// Empty if nobody says.
  std::string region;
};

/// Waits for one look. Whoever may do without credentials does not wait for a metadata service that is not
/// there.
aws::LookResult look_for_credentials(const aws::Configuration& configuration, aws::InstanceUse instance) {
  const SystemClock clock;
  const aws::SourceLimits limits;
  aws::SourceHttp http{std::string(configuration.variable("AWS_CA_BUNDLE"))};
  const aws::SourceParts parts{configuration, limits, clock, http};
  boost::asio::io_context io;
  std::optional<aws::LookResult> looked;
  boost::asio::co_spawn(io, aws::look_for_credentials(parts, aws::CredentialLook{instance}),
                        [&looked](std::exception_ptr failure, aws::LookResult found) {
                          if (failure) std::rethrow_exception(failure);
                          looked.emplace(std::move(found));
                        });
  io.run();
  return *std::move(looked);
}

/// Where AWS's own tools look.
Result<SigningKey> found_key(const SigningArguments& arguments, const aws::Configuration& configuration) {
  const bool is_needed = !arguments.profile.empty() || !arguments.sts_server_id.empty();
  auto looked = look_for_credentials(configuration,
                                     is_needed ? aws::InstanceUse::always : aws::InstanceUse::where_likely);
  if (!looked && is_needed) return refused(looked.error());
  if (!looked) {
    return refused(looked.error().message +
                   "\n(--no-sign leaves the signature out, for a gateway that asks for none)");
  }
  auto* const found = std::get_if<aws::FoundCredentials>(&*looked);
  if (found != nullptr) return SigningKey{std::move(found->credentials), std::move(found->source), {}};
  if (!is_needed) return SigningKey{};
  return refused(std::move(std::get<aws::NotConfigured>(*looked).why));
}

/// That of the command line itself first.
Result<SigningKey> signing_key(const SigningArguments& arguments,
                               const std::map<std::string, std::string>& environment) {
  auto given = key_of(arguments);
  if (!given) return given.error();
  SigningKey key{*std::move(given), "the command line", arguments.region};
  if (key.credentials && !key.region.empty()) return key;
  const auto configuration = aws::Configuration::read({environment, arguments.profile});
  if (!configuration) return refused(configuration.error());
  const auto region = aws::find_region(*configuration);
  if (!region) return refused(region.error());
  if (key.region.empty()) key.region = *region;
  if (key.credentials) return key;
  auto found = found_key(arguments, *configuration);
  if (!found) return found.error();
  found->region = std::move(key.region);
  return found;
}

/// Whom this program's request to STS goes to, as far as its signature is concerned.
std::string sts_host(const std::string& region) { return aws::service_host("sts", region, false); }

Result<void> add_sts_token(http::Request& request, const aws::Credentials& credentials,
                           const std::string& region, const std::string& server_id, WallTime now) {
  http::Request asked;
  asked.method = "GET";
  asked.target = "/?Action=GetCallerIdentity&Version=2011-06-15";
  asked.headers.add("Host", sts_host(region));
  asked.headers.add(std::string(auth::sts_server_id_field), server_id);
  aws::SigningOptions options;
  options.region = region;
  options.service = "sts";
  const auto presigned = aws::presign(asked, credentials, options, now, auth::sts_token_age_max);
  if (!presigned) return refused(presigned.error());
  const std::string url = "https://" + sts_host(region) + asked.target;
  request.headers.set("Authorization", "Bearer " + auth::sts_token_of(url));
  return {};
}

}  // namespace

Result<RequestSigning> RequestSigning::open(const SigningArguments& arguments,
                                            const std::map<std::string, std::string>& environment) {
  RequestSigning signing;
  if (arguments.no_sign) return signing;
  if (!arguments.bearer_token_file.empty()) {
    auto token = read_token(arguments.bearer_token_file);
    if (!token) return token.error();
    signing.way_ = Way::bearer;
    signing.source_ = arguments.bearer_token_file;
    signing.bearer_token_ = *std::move(token);
    return signing;
  }
  if (!arguments.sts_server_id.empty() && !is_visible_ascii(arguments.sts_server_id)) {
    return refused("--sts-server-id is one word: write it as the gateway has it");
  }
  auto key = signing_key(arguments, environment);
  if (!key) return key.error();
  signing.source_ = std::move(key->source);
  signing.region_ = key->region.empty() ? default_region : std::move(key->region);
  if (!key->credentials) return signing;
  signing.credentials_ = *std::move(key->credentials);
  signing.sts_server_id_ = arguments.sts_server_id;
  signing.way_ = arguments.sts_server_id.empty() ? Way::signature : Way::sts;
  return signing;
}

Result<void> RequestSigning::sign(http::Request& request, WallTime now) const {
  switch (way_) {
    case Way::none:
      return {};
    case Way::bearer:
      request.headers.set("Authorization", "Bearer " + std::string(bearer_token_.reveal()));
      return {};
    case Way::sts:
      return add_sts_token(request, credentials_, region_, sts_server_id_, now);
    case Way::signature:
      break;
  }
  aws::SigningOptions options;
  options.region = region_;
  if (const auto done = aws::sign(request, credentials_, options, now); !done) return refused(done.error());
  return {};
}

std::string RequestSigning::warning(const http::Endpoint& endpoint) const {
  const bool sends_token = way_ == Way::bearer || way_ == Way::sts || !credentials_.session_token.empty();
  if (!sends_token || endpoint.secure() || http::is_loopback(endpoint.host)) return {};
  return fmt::format("warning: {} is plain http, so everybody on the way can read the {} that is sent there",
                     endpoint.authority(), way_ == Way::signature ? "session token" : "token");
}

std::string RequestSigning::description() const {
  switch (way_) {
    case Way::none:
      return "the request was not signed";
    case Way::bearer:
      return fmt::format("the token was that of {}", source_);
    case Way::sts:
      return fmt::format("AWS was to vouch for {} ({}, {}) to the gateway {}", credentials_.access_key_id,
                         source_, region_, sts_server_id_);
    case Way::signature:
      break;
  }
  return fmt::format("the request was signed with {} ({}) for {}", credentials_.access_key_id, source_,
                     region_);
}

}  // namespace skymarshal::cli
