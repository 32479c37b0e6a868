// What all sources of credentials have in common: what they stand on, what they answer, how they ask a server
// and read what it says; and the sources that only look: variables, and keys in the shared files.
// Belongs to one look for credentials, on that look's executor. Which source goes before which is
// credential_chain's to say.
#pragma once

#include "aws/configuration.hpp"
#include "aws/credentials.hpp"
#include "aws/error.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/http_client.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

struct FoundCredentials {
  Credentials credentials;
  /// nullopt: never.
  std::optional<WallTime> expires_at = {};
  /// For messages: "the environment", "profile ops of /home/…/.aws/credentials".
  std::string source = {};
};

/// A source that has not been set up, and what is missing.
struct NotConfigured {
  std::string why;
};

/// A source that has been set up and fails ends the search (unusable_credentials): whoever set it up wants
/// none of what comes behind it. No text holds a secret.
using SourceAnswer = std::variant<FoundCredentials, NotConfigured, Error>;

/// How one kind of server is asked.
struct Asking {
  /// From the name's resolution to the end of the answer, each time.
  Milliseconds timeout{};
  /// In all. Again after no answer, 429 and 5xx.
  unsigned attempts = 1;
};

struct SourceLimits {
  /// STS, the SSO portal and its tokens.
  Asking service{Milliseconds(5'000), 2};
  Asking container{Milliseconds(2'000), 3};
  /// It is on the machine or not there at all.
  Asking instance{Milliseconds(1'000), 2};
  Milliseconds retry_pause{200};
  std::size_t answer_bytes_max = 64 * 1024;
  /// Of a token's file.
  std::size_t token_file_bytes_max = 64 * 1024;
  /// From the start of credential_process to its end.
  Milliseconds process_timeout{60'000};
  std::size_t process_output_bytes_max = 64 * 1024;
  /// Roles that are assumed one after the other.
  std::size_t roles_max = 5;
};

/// The way to servers, opened when it is first needed: reading the authorities takes longer than most
/// commands. Shared by all threads.
class SourceHttp {
 public:
  /// `authority_file`: as of net::TlsContext::client.
  explicit SourceHttp(std::string authority_file) : authority_file_(std::move(authority_file)) {}
  /// For tests.
  explicit SourceHttp(net::HttpClient client) : client_(std::move(client)) {}

  /// Towards that endpoint. unusable_credentials if the authorities are needed and cannot be read.
  Result<net::HttpClient> client(const http::Endpoint& endpoint) EXCLUDES(mutex_);

 private:
  const std::string authority_file_;
  Mutex mutex_;
  std::optional<net::HttpClient> client_ GUARDED_BY(mutex_);
};

/// All of it outlives the look.
struct SourceParts {
  const Configuration& configuration;
  const SourceLimits& limits;
  const Clock& clock;
  SourceHttp& http;
};

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION.
SourceAnswer environment_credentials(const Configuration& configuration);
/// aws_access_key_id, aws_secret_access_key, aws_session_token of one file: halves of two files never belong
/// together.
SourceAnswer file_credentials(const Configuration& configuration, SharedFileKind file,
                              const std::string& profile);

/// The first line of `path`'s text without white space around it. unusable_credentials if there is none, or
/// more than one word: a line break in a header field would begin another field.
Result<Secret> read_token_file(const std::filesystem::path& path, std::string_view what,
                               const SourceLimits& limits);

/// An exchange as `asking` says.
boost::asio::awaitable<net::Result<http::Response>> ask_source(const SourceParts& parts,
                                                               const http::Endpoint& endpoint,
                                                               const http::Request& request,
                                                               const Asking& asking);
/// `path` below the endpoint's own.
http::Endpoint endpoint_below(http::Endpoint endpoint, std::string_view path);
/// At the endpoint's own target.
http::Request source_request(std::string method, const http::Endpoint& endpoint);

/// How an answer calls what it holds.
struct CredentialNames {
  std::string_view access_key_id = "AccessKeyId";
  std::string_view secret_access_key = "SecretAccessKey";
  std::string_view session_token = "SessionToken";
  std::string_view expiration = "Expiration";
  /// What it counts since 1970 where it is a number.
  Milliseconds expiration_unit{1'000};
};

/// Of a JSON object (valid, padded). unusable_credentials, as "{source} …".
Result<FoundCredentials> read_credentials(std::string_view json, const CredentialNames& names,
                                          std::string source);

/// The first failure counts: "has no KeyId", "is not one word".
Result<void> check_words(const Credentials& credentials, const CredentialNames& names,
                         std::string_view source);

/// RFC 3339 with any offset, or with the "UTC" that older tools wrote; nullopt for anything else.
std::optional<WallTime> parse_expiration(std::string_view text);

/// An error code of AWS's as it may be shown: letters, digits, dots and the like; empty for anything else.
std::string shown_code(std::string_view code);
/// "cannot be asked (…)" or "answered 500 InternalFailure", for messages.
std::string exchange_failure(const net::Result<http::Response>& answer);

}  // namespace skymarshal::aws
