#include "aws/credential_chain.hpp"

#include "aws/credential_process.hpp"
#include "aws/metadata_credentials.hpp"
#include "aws/sso_credentials.hpp"
#include "aws/sts_credentials.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

namespace asio = boost::asio;

using Answering = asio::awaitable<SourceAnswer>;

struct NamedSource {
  std::string name;
  /// What it gives is awaited at once.
  std::function<Answering()> look;
};

Answering at_once(SourceAnswer answer) { co_return answer; }

/// The first that has been set up; if none has, what each of them lacks, a line each.
Answering first_of(std::vector<NamedSource> sources, WallTime now) {
  std::string lacking;
  for (const NamedSource& source : sources) {
    SourceAnswer answer = co_await source.look();
    if (const auto* missing = std::get_if<NotConfigured>(&answer)) {
      lacking += fmt::format("\n  {}: {}", source.name, missing->why);
      continue;
    }
    const auto* found = std::get_if<FoundCredentials>(&answer);
    if (found != nullptr && found->expires_at && *found->expires_at <= now) {
      co_return unusable_credentials(
          fmt::format("the credentials of {} have expired at {}, by this machine's clock", found->source,
                      iso8601(*found->expires_at)));
    }
    co_return answer;
  }
  co_return NotConfigured{std::move(lacking)};
}

/// Of what must be there: a source that another one names.
SourceAnswer required(SourceAnswer answer, const std::string& asked_by) {
  const auto* missing = std::get_if<NotConfigured>(&answer);
  if (missing == nullptr) return answer;
  return unusable_credentials(fmt::format("{} has no credentials: {}", asked_by, missing->why));
}

bool has_role(const Configuration& configuration, const std::string& profile) {
  return !configuration.setting(profile, "role_arn").empty() &&
         configuration.setting(profile, "web_identity_token_file").empty();
}

bool has_keys(const Configuration& configuration, const std::string& profile) {
  return !configuration.setting(profile, "aws_access_key_id").empty() ||
         !configuration.setting(profile, "aws_secret_access_key").empty();
}

Answering web_identity_credentials(const SourceParts& parts, std::string profile, bool use_variables) {
  const Configuration& configuration = parts.configuration;
  const auto said = [&](std::string_view variable, std::string_view setting) {
    std::string value(use_variables ? configuration.variable(variable) : std::string_view());
    return value.empty() ? configuration.text(profile, setting) : value;
  };
  const std::string token_file = said("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
  if (token_file.empty()) {
    co_return NotConfigured{fmt::format("{}profile {} has no web_identity_token_file",
                                        use_variables ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set, and " : "",
                                        profile)};
  }
  Role role{said("AWS_ROLE_ARN", "role_arn"), said("AWS_ROLE_SESSION_NAME", "role_session_name")};
  role.named_by = fmt::format("the web identity token file '{}'", token_file);
  if (role.arn.empty()) {
    co_return unusable_credentials(
        fmt::format("{} has no role: set AWS_ROLE_ARN, or role_arn of profile {}", role.named_by, profile));
  }
  Result<FoundCredentials> found = co_await assume_role_with_web_identity(parts, role, token_file);
  if (!found) co_return found.error();
  co_return *std::move(found);
}

Answering process_answer(const SourceParts& parts, std::string profile) {
  const std::string command = parts.configuration.text(profile, "credential_process");
  if (command.empty()) co_return NotConfigured{fmt::format("profile {} has no credential_process", profile)};
  Result<FoundCredentials> found = co_await process_credentials(parts, profile, command);
  if (!found) co_return found.error();
  co_return *std::move(found);
}

/// Of `aws login`, which keeps a session in its own cache and renews it by a signed proof of possession. It
/// is set up, so nobody else's credentials take its place.
SourceAnswer login_answer(const Configuration& configuration, const std::string& profile) {
  if (configuration.setting(profile, "login_session").empty())
    return NotConfigured{fmt::format("profile {} has no login_session", profile)};
  return unusable_credentials(fmt::format(
      "profile {0} is one of `aws login` (login_session), which is not read here: set credential_process of "
      "another profile to `aws configure export-credentials --profile {0} --format process`",
      profile));
}

/// What a profile itself has, but for a role with a source.
std::vector<NamedSource> profile_sources(const SourceParts& parts, const std::string& profile,
                                         bool use_variables) {
  const auto file = [&parts, profile](SharedFileKind kind) {
    return at_once(file_credentials(parts.configuration, kind, profile));
  };
  return {
      {"web identity",
       [&parts, profile, use_variables] { return web_identity_credentials(parts, profile, use_variables); }},
      {"SSO", [&parts, profile] { return sso_credentials(parts, profile); }},
      {"credentials file", [file] { return file(SharedFileKind::credentials); }},
      {"login", [&parts, profile] { return at_once(login_answer(parts.configuration, profile)); }},
      {"process", [&parts, profile] { return process_answer(parts, profile); }},
      {"config file", [file] { return file(SharedFileKind::config); }}};
}

Result<Role> role_of(const Configuration& configuration, const std::string& profile) {
  Role role{configuration.text(profile, "role_arn"), configuration.text(profile, "role_session_name"),
            configuration.text(profile, "external_id")};
  role.named_by = fmt::format("profile {}", profile);
  if (!configuration.setting(profile, "mfa_serial").empty()) {
    return unusable_credentials(fmt::format(
        "the role of {} asks for a code of an MFA device (mfa_serial), which nobody is asked for here: write "
        "`aws configure export-credentials --profile {} --format env`, or use a role without it",
        role.named_by, profile));
  }
  const std::string seconds = configuration.text(profile, "duration_seconds");
  if (seconds.empty()) return role;
  const auto duration = parse_number<std::int32_t>(seconds);
  if (!duration || *duration <= 0) {
    return unusable_credentials(fmt::format("duration_seconds of {} is no number of seconds", role.named_by));
  }
  role.duration = std::chrono::seconds(*duration);
  return role;
}

Answering named_source_credentials(const SourceParts& parts, std::string profile, std::string name) {
  SourceAnswer answer = unusable_credentials(fmt::format(
      "credential_source of profile {} is none of Environment, Ec2InstanceMetadata, EcsContainer", profile));
  if (name == "Environment") answer = environment_credentials(parts.configuration);
  if (name == "EcsContainer") answer = co_await container_credentials(parts);
  if (name == "Ec2InstanceMetadata") answer = co_await instance_credentials(parts);
  const std::string asked_by = fmt::format("credential_source {} of profile {}", name, profile);
  co_return required(std::move(answer), asked_by);
}

Answering role_credentials(const SourceParts& parts, std::string profile, std::vector<std::string> visited);

/// Of the profile that `profile` names as its role's source. A profile may name itself for its own keys, and
/// no other that came before.
Answering source_profile_credentials(const SourceParts& parts, std::string profile, std::string source,
                                     std::vector<std::string> visited) {
  const Configuration& configuration = parts.configuration;
  const std::string asked_by = fmt::format("source_profile {} of profile {}", source, profile);
  if (!configuration.has_profile(source)) {
    co_return unusable_credentials(fmt::format("{} is in none of the AWS files", asked_by));
  }
  const bool was_visited = std::ranges::find(visited, source) != visited.end();
  if (was_visited && (source != profile || !has_keys(configuration, source))) {
    co_return unusable_credentials(fmt::format("{} leads round in a circle", asked_by));
  }
  if (!has_keys(configuration, source) && has_role(configuration, source)) {
    co_return co_await role_credentials(parts, source, visited);
  }
  std::vector<NamedSource> sources = profile_sources(parts, source, false);
  SourceAnswer answer = co_await first_of(std::move(sources), parts.clock.wall_now());
  co_return required(std::move(answer), asked_by);
}

Answering role_credentials(const SourceParts& parts, std::string profile, std::vector<std::string> visited) {
  const Configuration& configuration = parts.configuration;
  if (!has_role(configuration, profile)) {
    co_return NotConfigured{fmt::format("profile {} has no role_arn", profile)};
  }
  const Result<Role> role = role_of(configuration, profile);
  if (!role) co_return role.error();
  const std::string source_profile = configuration.text(profile, "source_profile");
  const std::string source_name = configuration.text(profile, "credential_source");
  if (source_profile.empty() == source_name.empty()) {
    co_return unusable_credentials(fmt::format(
        "profile {} has a role_arn: it needs source_profile or credential_source, and not both", profile));
  }
  visited.push_back(profile);
  if (visited.size() > parts.limits.roles_max) {
    co_return unusable_credentials(
        fmt::format("profile {} is the end of more than {} roles", profile, parts.limits.roles_max));
  }
  SourceAnswer source;
  if (source_profile.empty())
    source = co_await named_source_credentials(parts, profile, source_name);
  else
    source = co_await source_profile_credentials(parts, profile, source_profile, visited);
  if (!std::holds_alternative<FoundCredentials>(source)) co_return source;
  const Credentials credentials = std::get<FoundCredentials>(source).credentials;
  Result<FoundCredentials> found = co_await assume_role(parts, *role, credentials);
  if (!found) co_return found.error();
  co_return *std::move(found);
}

Answering instance_answer(const SourceParts& parts, InstanceUse use) {
  if (use == InstanceUse::where_likely && !expects_instance(parts.configuration)) {
    co_return NotConfigured{"this machine does not look like an EC2 instance"};
  }
  co_return co_await instance_credentials(parts);
}

}  // namespace

asio::awaitable<LookResult> look_for_credentials(const SourceParts& parts, CredentialLook look) {
  const Configuration& configuration = parts.configuration;
  const std::string& profile = configuration.profile();
  const bool use_variables = !configuration.caller_names_profile();
  std::vector<NamedSource> sources;
  if (use_variables)
    sources.push_back({"environment", [&] { return at_once(environment_credentials(configuration)); }});
  sources.push_back({"role", [&] { return role_credentials(parts, profile, std::vector<std::string>()); }});
  std::ranges::move(profile_sources(parts, profile, use_variables), std::back_inserter(sources));
  sources.push_back({"container", [&] { return container_credentials(parts); }});
  sources.push_back({"instance", [&] { return instance_answer(parts, look.instance); }});
  SourceAnswer answer = co_await first_of(std::move(sources), parts.clock.wall_now());
  if (auto* found = std::get_if<FoundCredentials>(&answer)) co_return std::move(*found);
  if (auto* failure = std::get_if<Error>(&answer)) co_return std::move(*failure);
  co_return NotConfigured{
      fmt::format("there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a "
                  "profile that has "
                  "some (AWS_PROFILE), or give this machine a role. Looked for them in:{}",
                  std::get<NotConfigured>(answer).why)};
}

std::optional<Lifetime> credential_lifetime(std::optional<WallTime> expires_at, WallTime now) {
  constexpr Milliseconds century = std::chrono::years(100);
  constexpr Milliseconds shortest = std::chrono::seconds(5);
  constexpr Milliseconds ahead = std::chrono::minutes(15);
  // What a source gives again and again while it is about to expire is not asked for more often.
  constexpr Milliseconds refresh_pause = std::chrono::seconds(30);
  constexpr Milliseconds margin = std::chrono::minutes(1);
  if (!expires_at) return Lifetime{century, century};
  const Milliseconds left = *expires_at - now;
  if (left < shortest) return std::nullopt;
  const Milliseconds good_for = left - std::min(margin, left / 10);
  const Milliseconds refresh_after = std::max({left - ahead, left / 2, refresh_pause});
  return Lifetime{std::min(refresh_after, good_for), good_for};
}

/// Shared with a look under way.
struct CredentialChain::State {
  State(CredentialChainOptions given, std::shared_ptr<SourceHttp> way, const Clock& time)
      : options(std::move(given)), http(std::move(way)), clock(time) {}

  const CredentialChainOptions options;
  const std::shared_ptr<SourceHttp> http;
  const Clock& clock;
  Mutex mutex;
  /// Of the last look.
  Shared last GUARDED_BY(mutex);

  using Fetched = RefreshedValue<Credentials>::Fetched;
  using FetchResult = RefreshedValue<Credentials>::FetchResult;

  static RefreshOptions refresh_options() {
    RefreshOptions options;
    options.failure_event = "aws_credentials_failed";
    // Longer than any source takes: a process has a minute, roles some seconds each.
    options.fetch_timeout = std::chrono::minutes(2);
    return options;
  }

  static asio::awaitable<FetchResult> look(std::shared_ptr<State> state) {
    const Result<Configuration> configuration = Configuration::read(state->options.search);
    if (!configuration) co_return FetchFailure{configuration.error().message};
    const SourceParts parts{*configuration, state->options.limits, state->clock, *state->http};
    LookResult looked = co_await look_for_credentials(parts, CredentialLook{});
    if (!looked) co_return FetchFailure{looked.error().message};
    if (const auto* missing = std::get_if<NotConfigured>(&*looked)) co_return FetchFailure{missing->why};
    FoundCredentials& found = std::get<FoundCredentials>(*looked);
    const auto lifetime = credential_lifetime(found.expires_at, state->clock.wall_now());
    if (!lifetime) co_return FetchFailure{fmt::format("the credentials of {} expire at once", found.source)};
    co_return Fetched{state->shared(std::move(found.credentials)), lifetime};
  }

  /// The same again if they are the same: who was refused with them need not try them once more.
  Shared shared(Credentials found) EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    const bool is_known = last && last->access_key_id == found.access_key_id &&
                          last->secret_access_key.reveal() == found.secret_access_key.reveal() &&
                          last->session_token.reveal() == found.session_token.reveal();
    if (!is_known) last = std::make_shared<const Credentials>(std::move(found));
    return last;
  }
};

CredentialChain::CredentialChain(CredentialChainOptions options, std::shared_ptr<SourceHttp> http,
                                 const RefreshParts& parts)
    : credentials_(
          State::refresh_options(),
          [state = std::make_shared<State>(std::move(options), std::move(http), parts.clock)] {
            return State::look(state);
          },
          parts) {}

asio::awaitable<Result<CredentialsProvider::Shared>> CredentialChain::current() {
  auto answer = co_await credentials_.current();
  if (!answer) co_return unusable_credentials(std::move(answer.error().why));
  co_return *std::move(answer);
}

asio::awaitable<CredentialsProvider::Shared> CredentialChain::newer_than(Shared seen) {
  co_return co_await credentials_.newer_than(std::move(seen));
}

}  // namespace skymarshal::aws
