#include "aws/sigv4_signer.hpp"

#include "aws/field_index.hpp"
#include "aws/sigv4_names.hpp"
#include "aws/target_parts.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace skymarshal::aws {
namespace {

/// What proxies change, so that a signature over them would not hold. Lower case.
constexpr std::array<std::string_view, 4> changed_by_proxies = {"connection", "user-agent",
                                                                "transfer-encoding", "expect"};

bool changes_on_the_way(std::string_view name) {
  return std::ranges::find(changed_by_proxies, name) != changed_by_proxies.end() ||
         std::ranges::find(names::added_on_the_way, name) != names::added_on_the_way.end();
}

/// Sorted, each once.
template <typename LeftOut>
std::vector<std::string> names_to_sign(const http::Request& request, const LeftOut& left_out) {
  std::vector<std::string> names;
  const FieldIndex fields(request.headers);
  for (const http::Header* field : fields.all()) {
    std::string name = lower_case(field->name);
    if (left_out(name) || (!names.empty() && names.back() == name)) continue;
    names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ';';
    text += name;
  }
  return text;
}

/// What is wrong with a request or its key before anything is signed; nullopt if nothing is.
std::optional<Error> objection(const http::Request& request, const CredentialName& credential) {
  if (!parse_credential(to_text(credential))) {
    return malformed_request(
        "cannot sign: the access key id, the region or the service is empty or holds a "
        "character that none of them has");
  }
  std::size_t hosts = 0;
  for (const http::Header& field : request.headers) {
    if (equal_ignoring_case(field.name, "host")) ++hosts;
  }
  if (hosts == 1) return std::nullopt;
  return malformed_request("cannot sign: the request must have exactly one Host header");
}

/// The signature of `request`, which has everything but it.
Result<std::string> sign_with(const Secret& secret, const http::Request& request, const CanonicalForm& form,
                              const CredentialScope& scope, std::string_view date) {
  const auto canonical = canonical_request(request, form);
  if (!canonical) return canonical.error();
  return signature(derive_signing_key(secret, scope), string_to_sign(date, scope, *canonical));
}

/// Without the parameters of an earlier signature.
std::string unsigned_target(std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  std::string kept(target.substr(0, question));
  if (question + 1 >= target.size()) return kept;
  char separator = '?';
  for (std::size_t from = question + 1; from <= target.size();) {
    const std::size_t end = std::min(target.find('&', from), target.size());
    const std::string_view pair = target.substr(from, end - from);
    from = end + 1;
    const auto name = http::percent_decode(pair.substr(0, pair.find('=')));
    if (name && std::ranges::find(names::of_presigned_requests, *name) != names::of_presigned_requests.end())
      continue;
    kept.append(1, std::exchange(separator, '&')).append(pair);
  }
  return kept;
}

}  // namespace

Sha256 derive_signing_key(const Secret& secret_access_key, const CredentialScope& scope) {
  std::string seed = "AWS4";
  seed += secret_access_key.reveal();
  const Secret start(std::move(seed));
  const Sha256 of_day = hmac_sha256(start.reveal(), scope.date);
  const Sha256 of_region = hmac_sha256(as_text(of_day), scope.region);
  const Sha256 of_service = hmac_sha256(as_text(of_region), scope.service);
  return hmac_sha256(as_text(of_service), "aws4_request");
}

std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope,
                           std::string_view canonical_request) {
  std::string text;
  text.reserve(192);
  text.append(names::algorithm_of_signatures).append(1, '\n');
  text.append(amz_date).append(1, '\n');
  text.append(scope.text()).append(1, '\n');
  text.append(hex(as_text(sha256(canonical_request))));
  return text;
}

std::string signature(const Sha256& signing_key, std::string_view string_to_sign) {
  return hex(as_text(hmac_sha256(as_text(signing_key), string_to_sign)));
}

Result<void> sign(http::Request& request, const Credentials& credentials, const SigningOptions& options,
                  WallTime now) {
  const std::string date = amz_date(now);
  const CredentialName credential{credentials.access_key_id,
                                  {date.substr(0, 8), options.region, options.service}};
  if (auto wrong = objection(request, credential)) return std::move(*wrong);

  http::Request to_sign = request;
  to_sign.headers.remove("Authorization");
  to_sign.headers.remove(names::security_token);
  to_sign.headers.set(names::date, date);
  if (!credentials.session_token.empty())
    to_sign.headers.set(names::security_token, std::string(credentials.session_token.reveal()));
  CanonicalForm form{options.path, {}, payload_hash(request.body), {}};
  if (options.send_payload_hash || to_sign.headers.find(names::content_sha256))
    to_sign.headers.set(names::content_sha256, form.payload_hash);
  form.signed_headers = names_to_sign(to_sign, changes_on_the_way);

  const auto signed_with = sign_with(credentials.secret_access_key, to_sign, form, credential.scope, date);
  if (!signed_with) return signed_with.error();
  std::string authorization(names::algorithm_of_signatures);
  authorization += " Credential=" + to_text(credential);
  authorization += ", SignedHeaders=" + joined(form.signed_headers);
  authorization += ", Signature=" + *signed_with;
  to_sign.headers.add("Authorization", std::move(authorization));
  request = std::move(to_sign);
  return {};
}

Result<void> presign(http::Request& request, const Credentials& credentials, const SigningOptions& options,
                     WallTime now, std::chrono::seconds valid_for) {
  const std::string date = amz_date(now);
  const CredentialName credential{credentials.access_key_id,
                                  {date.substr(0, 8), options.region, options.service}};
  if (auto wrong = objection(request, credential)) return std::move(*wrong);
  if (valid_for < std::chrono::seconds(1) || valid_for > std::chrono::days(7)) {
    return malformed_request("cannot sign: a presigned request is valid for 1 second to 7 days");
  }

  http::Request to_sign = request;
  for (const std::string_view name : {std::string_view("Authorization"), names::date, names::security_token})
    to_sign.headers.remove(name);
  CanonicalForm form{options.path, {}, payload_hash(request.body), names::signature};
  if (options.send_payload_hash || to_sign.headers.find(names::content_sha256))
    to_sign.headers.set(names::content_sha256, form.payload_hash);
  form.signed_headers = names_to_sign(to_sign, [](const std::string&) { return false; });

  to_sign.target = unsigned_target(request.target);
  const auto add = [&target = to_sign.target](std::string_view name, std::string_view value) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target.append(name).append(1, '=').append(http::percent_encode(value));
  };
  add(names::algorithm, names::algorithm_of_signatures);
  add(names::credential, to_text(credential));
  add(names::date, date);
  add(names::expires, std::to_string(valid_for.count()));
  add(names::signed_headers, joined(form.signed_headers));
  if (!credentials.session_token.empty()) add(names::security_token, credentials.session_token.reveal());
  const auto signed_with = sign_with(credentials.secret_access_key, to_sign, form, credential.scope, date);
  if (!signed_with) return signed_with.error();
  add(names::signature, *signed_with);
  request = std::move(to_sign);
  return {};
}

}  // namespace skymarshal::aws
