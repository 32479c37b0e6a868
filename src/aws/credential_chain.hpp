// Where this process's AWS credentials come from: the sources in the order of AWS's own tools, and what they
// gave, kept, and made new before it expires. A chain is shared by all threads; whoever asks waits on its own
// executor. What a source needs of files and variables is looked at anew each time.
// Sources: docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html; where SDKs differ, botocore
#pragma once

#include "aws/credential_source.hpp"
#include "aws/credentials_provider.hpp"
#include "base/refreshed_value.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

/// Whether the metadata service is asked that every EC2 instance has. Elsewhere its address leads nowhere,
/// and that takes its time.
enum class InstanceUse {
  always,
  /// Where its endpoint has been set, or the machine says that it is an EC2 instance: for whoever can do
  /// without credentials.
  where_likely,
};

/// One look, at one source after the other until one has some: variables; role_arn of the profile; web
/// identity; SSO; the credentials file; credential_process; the config file; the container; the instance.
/// A source that has been set up and fails ends it. unusable_credentials: what failed, or what every source
/// lacks.
struct CredentialLook {
  InstanceUse instance = InstanceUse::always;
};
using LookResult = Result<std::variant<FoundCredentials, NotConfigured>>;
boost::asio::awaitable<LookResult> look_for_credentials(const SourceParts& parts, CredentialLook look);

/// How long credentials are kept; nullopt where they have expired, or will before anything can be done with
/// them.
/// Fetched anew 15 minutes ahead, as botocore does, or in the middle of a life under half an hour: so that
/// one of 15 minutes is fetched twice an hour and not in a loop. Given out until a minute before the end, so
/// that what is signed then arrives in time, and an outage of the source that is shorter than the rest is
/// noticed by nobody.
std::optional<Lifetime> credential_lifetime(std::optional<WallTime> expires_at, WallTime now);

struct CredentialChainOptions {
  ConfigurationSearch search;
  SourceLimits limits = {};
};

class CredentialChain final : public CredentialsProvider {
 public:
  /// `http` is not null.
  CredentialChain(CredentialChainOptions options, std::shared_ptr<SourceHttp> http,
                  const RefreshParts& parts);

  boost::asio::awaitable<Result<Shared>> current() override;
  boost::asio::awaitable<Shared> newer_than(Shared seen) override;

 private:
  struct State;

  RefreshedValue<Credentials> credentials_;
};

}  // namespace skymarshal::aws
