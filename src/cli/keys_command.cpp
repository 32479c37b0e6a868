#include "cli/keys_command.hpp"

#include "auth/key.hpp"
#include "auth/key_file.hpp"
#include "auth/key_file_access.hpp"
#include "auth/policy.hpp"
#include "auth/principal_arn.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

using KeysAction = KeysCommand::Action;
using auth::Key;
using Keys = std::vector<Key>;

constexpr int tries_max = 4;

ExitCode refuse_keys(const Error& error) {
  print_error(error.message);
  return error.code == Errc::invalid_request ? ExitCode::usage : ExitCode::failed;
}

void print_secret(const Secret& text) { std::fwrite(text.reveal().data(), 1, text.reveal().size(), stdout); }

/// Whoever asked must get it: the secret is nowhere else to be had.
ExitCode show_new_key(const KeysCommand& command, const Key& key) {
  print_secret(command.json ? new_key_json(key) : new_key_text(key));
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return ExitCode::done;
  print_error(fmt::format("the key {} was made, but could not be shown: revoke it", key.access_key_id));
  return ExitCode::failed;
}

Result<std::string> read_policy_file(const std::string& path) {
  auto text = read_file(path, auth::policy_bytes_max);
  if (!text) return make_error(Errc::invalid_request, fmt::format("cannot read the policy file '{}'", path));
  return std::string(without_byte_order_mark(*text));
}

/// As a document, so that it is checked as every other.
auth::Policy policy_of_resources(const KeysCommand& command) {
  std::vector<auth::Statement> statements;
  const std::vector<std::string> everything{"*"};
  const std::vector<std::string> invoke{"execute-api:Invoke"};
  statements.push_back({auth::Effect::allow, invoke, command.allow.empty() ? everything : command.allow});
  if (!command.deny.empty()) statements.push_back({auth::Effect::deny, invoke, command.deny});
  return auth::Policy(std::move(statements));
}

/// Null: everything is allowed.
Result<std::shared_ptr<const auth::Policy>> policy_of(const KeysCommand& command) {
  std::shared_ptr<const auth::Policy> none;
  if (command.policy_file.empty() && command.allow.empty() && command.deny.empty()) return none;
  const auto document = command.policy_file.empty()
                            ? Result<std::string>(to_json(policy_of_resources(command)))
                            : read_policy_file(command.policy_file);
  if (!document) return document.error();
  auto policy = auth::parse_policy(*document);
  if (!policy) return policy.error();
  return std::make_shared<const auth::Policy>(*std::move(policy));
}

Result<auth::KeyRequest> key_request_of(const KeysCommand& command) {
  if (!auth::is_principal_arn(command.principal)) {
    return make_error(Errc::invalid_request,
                      "--principal must be an ARN such as arn:aws:iam::123456789012:user/name");
  }
  if (!auth::is_tier(command.tier))
    return make_error(Errc::invalid_request, "--tier takes up to 64 letters, digits, '_', '.' and '-'");
  auto policy = policy_of(command);
  if (!policy) return policy.error();
  auth::KeyRequest request;
  request.principal = {command.principal, command.tier};
  request.policy = *std::move(policy);
  if (command.expires_in_seconds) request.valid_for = std::chrono::seconds(*command.expires_in_seconds);
  return request;
}

Keys::iterator find_key(Keys& keys, std::string_view access_key_id) {
  return std::ranges::find(keys, access_key_id, &Key::access_key_id);
}

Error no_such_key(const KeysCommand& command) {
  return make_error(Errc::not_found,
                    fmt::format("there is no key '{}' in '{}': 'skymarshal keys list' shows what there is",
                                command.access_key_id, command.file));
}

/// A key whose name nobody has yet; one try is enough unless randomness is broken, and then none is.
Key make_unused_key(const Keys& keys, const auth::KeyRequest& request, const KeysContext& context) {
  const WallTime now = context.clock.wall_now();
  Key key = auth::make_key(request, context.random, now);
  const auto is_taken = [&] {
    return std::ranges::find(keys, key.access_key_id, &Key::access_key_id) != keys.end();
  };
  for (int tries = 1; tries < tries_max && is_taken(); ++tries)
    key = auth::make_key(request, context.random, now);
  return key;
}

ExitCode add(const KeysCommand& command, const KeysContext& context) {
  const auto request = key_request_of(command);
  if (!request) return refuse_keys(request.error());
  auth::KeyFileUpdate update{command.file};
  update.create = true;
  Key made;
  const auto done = auth::update_key_file(update, [&](Keys& keys) -> Result<void> {
    made = make_unused_key(keys, *request, context);
    keys.push_back(made);
    return {};
  });
  if (!done) return refuse_keys(done.error());
  return show_new_key(command, made);
}

ExitCode list(const KeysCommand& command, const KeysContext& context) {
  const auto keys = auth::read_key_file(command.file);
  if (!keys) return refuse_keys(keys.error());
  const WallTime now = context.clock.wall_now();
  fmt::print("{}", command.json ? key_list_json(*keys, now) : key_list_text(*keys, now));
  return ExitCode::done;
}

ExitCode revoke(const KeysCommand& command) {
  const auto done = auth::update_key_file({command.file}, [&](Keys& keys) -> Result<void> {
    const auto found = find_key(keys, command.access_key_id);
    if (found == keys.end()) return no_such_key(command);
    keys.erase(found);
    return {};
  });
  if (!done) return refuse_keys(done.error());
  fmt::print("revoked {}\n", command.access_key_id);
  return ExitCode::done;
}

/// What the key was made with. A temporary one is made for as long again.
auth::KeyRequest request_like(const Key& key) {
  auth::KeyRequest request{key.principal, key.policy, std::nullopt};
  const bool is_temporary = !key.session_token.empty() && key.expires_at;
  if (is_temporary) {
    request.valid_for = std::max(std::chrono::seconds(1),
                                 std::chrono::ceil<std::chrono::seconds>(*key.expires_at - key.created_at));
  }
  return request;
}

ExitCode rotate(const KeysCommand& command, const KeysContext& context) {
  Key made;
  const auto done = auth::update_key_file({command.file}, [&](Keys& keys) -> Result<void> {
    const auto old = find_key(keys, command.access_key_id);
    if (old == keys.end()) return no_such_key(command);
    const WallTime now = context.clock.wall_now();
    if (old->has_ended(now)) {
      return make_error(Errc::not_found, fmt::format("the key '{}' has ended: make one with 'keys add'",
                                                     command.access_key_id));
    }
    made = make_unused_key(keys, request_like(*old), context);
    const WallTime ends = now + std::chrono::seconds(command.keep_for_seconds);
    old->expires_at = old->expires_at ? std::min(*old->expires_at, ends) : ends;
    if (command.keep_for_seconds == 0) keys.erase(old);
    keys.push_back(made);
    return {};
  });
  if (!done) return refuse_keys(done.error());
  return show_new_key(command, made);
}

}  // namespace

ExitCode run_keys(const KeysCommand& command, const KeysContext& context) {
  switch (command.action) {
    case KeysAction::add:
      return add(command, context);
    case KeysAction::list:
      return list(command, context);
    case KeysAction::revoke:
      return revoke(command);
    case KeysAction::rotate:
      return rotate(command, context);
  }
  return ExitCode::usage;
}

}  // namespace skymarshal::cli
