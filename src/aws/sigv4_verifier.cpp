#include "aws/sigv4_verifier.hpp"

#include "aws/field_index.hpp"
#include "aws/presented_signature.hpp"
#include "aws/sigv4_names.hpp"
#include "aws/sigv4_signer.hpp"
#include "aws/target_parts.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::aws {
namespace {

using Parameters = std::vector<http::QueryParameter>;

bool is_presigned_name(std::string_view name) {
  return std::ranges::any_of(names::of_presigned_requests,
                             [name](std::string_view known) { return equal_ignoring_case(name, known); });
}

/// "x-amz-*" but what the signer cannot know of; signed or not, that decides nothing.
bool belongs_to_the_signature(std::string_view name) {
  return starts_with_ignoring_case(name, "x-amz-") &&
         std::ranges::none_of(names::added_on_the_way,
                              [name](std::string_view added) { return equal_ignoring_case(name, added); });
}

std::optional<SignatureRefusal> objection_to_fields(const FieldIndex& fields) {
  const FieldIndex::Fields all = fields.all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::string_view name = all[i]->name;
    if (!equal_ignoring_case(name, all[i - 1]->name)) continue;
    const bool must_be_one = equal_ignoring_case(name, "authorization") ||
                             equal_ignoring_case(name, "host") || equal_ignoring_case(name, "date") ||
                             belongs_to_the_signature(name);
    if (must_be_one) return malformed("send the header '" + std::string(name) + "' once, not repeatedly");
  }
  if (fields.find("host").empty()) return malformed("send a Host header and sign it");
  return std::nullopt;
}

std::optional<SignatureRefusal> objection_to_parameters(const Parameters& parameters) {
  std::vector<std::string_view> names;
  for (const http::QueryParameter& parameter : parameters) {
    if (starts_with_ignoring_case(parameter.name, "x-amz-")) names.push_back(parameter.name);
  }
  const auto less = [](std::string_view a, std::string_view b) {
    return std::ranges::lexicographical_compare(a, b, {}, ascii_lower, ascii_lower);
  };
  std::ranges::sort(names, less);
  const auto repeated = std::ranges::adjacent_find(names, equal_ignoring_case);
  if (repeated != names.end()) {
    return malformed("write the query parameter '" + std::string(*repeated) + "' once, not repeatedly");
  }
  for (const std::string_view name : names) {
    const auto exact = std::ranges::find(names::of_presigned_requests, name);
    if (is_presigned_name(name) && exact == names::of_presigned_requests.end()) {
      return malformed(
          "write the names of the X-Amz- query parameters as X-Amz-Signature is written, with "
          "capitals: '" +
          std::string(name) + "' is not");
    }
  }
  return std::nullopt;
}

/// "." and "..", also with their dots escaped, once or twice over: whoever decodes late must not see them.
bool is_dot_segment(std::string_view segment) {
  std::size_t dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (starts_with_ignoring_case(segment, "%2e")) {
      segment.remove_prefix(3);
    } else if (starts_with_ignoring_case(segment, "%252e")) {
      segment.remove_prefix(5);
    } else {
      return false;
    }
    ++dots;
  }
  return dots == 1 || dots == 2;
}

/// Everything that might be routed as something else than what was signed.
std::optional<SignatureRefusal> objection_to_target(const TargetParts& target) {
  for (std::size_t from = 1; from <= target.path.size();) {
    const std::size_t slash = std::min(target.path.find('/', from), target.path.size());
    const std::string_view segment = target.path.substr(from, slash - from);
    if (is_dot_segment(segment)) return malformed("write the path without '.' and '..' segments");
    if (segment.empty() && slash < target.path.size())
      return malformed("write the path without empty segments: one slash, not two");
    from = slash + 1;
  }
  if (!http::percent_decode(target.path))
    return malformed("the path has a % that two hex digits do not follow: write %25 for a percent sign");
  if (target.query.find('+') != std::string_view::npos)
    return malformed("the query has a +, which some read as a space: write %2B or %20");
  return std::nullopt;
}

std::optional<SignatureRefusal> objection_to_time(const PresentedSignature& claim,
                                                  const VerifierOptions& options, WallTime now) {
  if (claim.valid_for && (claim.valid_for->count() < 1 || *claim.valid_for > options.presigned_for_max)) {
    return malformed("X-Amz-Expires must be a number of seconds from 1 to " +
                     std::to_string(options.presigned_for_max.count()));
  }
  const auto refused = [now](std::string_view what, WallTime time) {
    return SignatureRefusal{SignatureFault::expired, std::string(what) + amz_date(time) + " and it is " +
                                                         amz_date(now) +
                                                         " here: sign anew, by a clock that is right"};
  };
  // A presigned request states how long it is good; no tolerance is added to what its signer chose.
  const WallTime last = claim.signed_at + claim.valid_for.value_or(options.clock_skew);
  if (now > last) return refused("the signature was good until ", last);
  if (now < claim.signed_at - options.clock_skew) return refused("the signature is of ", claim.signed_at);
  return std::nullopt;
}

std::optional<SignatureRefusal> objection_to_scope(const CredentialScope& scope, std::string_view date,
                                                   const VerifierOptions& options) {
  if (scope.date != date.substr(0, 8))
    return malformed("the date in Credential must be the day of X-Amz-Date");
  if (scope.service != options.service) return malformed("sign for the service '" + options.service + "'");
  if (!options.region.empty() && scope.region != options.region)
    return malformed("sign for the region '" + options.region + "'");
  return std::nullopt;
}

/// Lower case, sorted, each once, and each there.
Reading<std::vector<std::string>> read_signed_headers(std::string_view list, const FieldIndex& fields) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min(list.find(';', from), list.size());
    const std::string_view name = list.substr(from, end - from);
    from = end + 1;
    const bool is_lower = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!http::is_token(name) || !is_lower || (!names.empty() && name <= names.back())) {
      return malformed(
          "SignedHeaders must name headers in lower case, sorted, each once, separated by semicolons");
    }
    if (fields.find(name).empty())
      return malformed("SignedHeaders names '" + std::string(name) + "', which the request does not have");
    names.emplace_back(name);
  }
  return names;
}

std::optional<SignatureRefusal> objection_to_unsigned(const std::vector<std::string>& signed_names,
                                                      const PresentedSignature& claim,
                                                      const FieldIndex& fields) {
  for (const http::Header* field : fields.all()) {
    const bool must_be_signed = equal_ignoring_case(field->name, "host") ||
                                equal_ignoring_case(field->name, claim.date_field) ||
                                belongs_to_the_signature(field->name);
    if (must_be_signed && !std::ranges::binary_search(signed_names, lower_case(field->name)))
      return malformed("sign the header '" + field->name +
                       "': host, the date and every x-amz- header must be");
  }
  return std::nullopt;
}

/// What the two forms have in common.
Reading<ClaimedSignature> check(PresentedSignature claim, const http::Request& request,
                                const FieldIndex& fields, const VerifierOptions& options, WallTime now) {
  ClaimedSignature claimed;
  auto credential = parse_credential(claim.credential);
  if (!credential)
    return malformed("Credential must be KEY-ID/YYYYMMDD/REGION/" + options.service + "/aws4_request");
  if (!is_signature(claim.signature)) return malformed("Signature must be 64 lower-case hex digits");
  if (auto wrong = objection_to_scope(credential->scope, claim.amz_date, options)) return std::move(*wrong);
  auto names = read_signed_headers(claim.signed_headers, fields);
  if (!names) return names.error();
  if (auto wrong = objection_to_unsigned(*names, claim, fields)) return std::move(*wrong);
  if (auto wrong = objection_to_time(claim, options, now)) return std::move(*wrong);

  claimed.form.payload_hash = payload_hash(request.body);
  if (claim.payload_hash && *claim.payload_hash != claimed.form.payload_hash) {
    return malformed(
        "X-Amz-Content-Sha256 must be the lower-case hex SHA-256 of the body; unsigned and "
        "streamed payloads are not accepted");
  }
  claimed.access_key_id = std::move(credential->access_key_id);
  claimed.scope = std::move(credential->scope);
  claimed.amz_date = std::move(claim.amz_date);
  claimed.signature = std::move(claim.signature);
  claimed.session_token = std::move(claim.session_token);
  claimed.form.signed_headers = std::move(*names);
  if (claim.valid_for) claimed.form.left_out_parameter = names::signature;
  return claimed;
}

Reading<ClaimedSignature> read(const http::Request& request, const VerifierOptions& options, WallTime now) {
  const auto target = split_target(request.target);
  if (!target) return malformed(target.error().message);
  const auto parameters = query_parameters(target->query);
  if (!parameters) return malformed(parameters.error().message);
  const FieldIndex fields(request.headers);
  const bool has_header = !fields.find("authorization").empty();
  const bool has_query = std::ranges::any_of(*parameters, is_presigned_name, &http::QueryParameter::name);
  if (!has_header && !has_query) {
    return SignatureRefusal{
        SignatureFault::missing,
        "sign the request with AWS Signature Version 4, in an Authorization header or as a "
        "presigned request"};
  }
  if (has_header && has_query)
    return malformed(
        "the request has both an Authorization header and X-Amz- parameters of a presigned "
        "request: sign it in one way");
  if (auto wrong = objection_to_target(*target)) return std::move(*wrong);
  if (auto wrong = objection_to_fields(fields)) return std::move(*wrong);
  if (auto wrong = objection_to_parameters(*parameters)) return std::move(*wrong);
  auto claim = has_header ? read_header_form(fields) : read_query_form(*parameters, fields);
  if (!claim) return claim.error();
  return check(std::move(*claim), request, fields, options, now);
}

}  // namespace

std::variant<ClaimedSignature, SignatureRefusal> read_claimed_signature(const http::Request& request,
                                                                        const VerifierOptions& options,
                                                                        WallTime now) {
  auto claimed = read(request, options, now);
  if (!claimed) return claimed.error();
  return std::move(*claimed);
}

bool matches(const ClaimedSignature& claim, const http::Request& request, const Sha256& signing_key) {
  const auto canonical = canonical_request(request, claim.form);
  // What cannot be written canonically was refused before; if it was not, nothing can match it.
  const std::string expected =
      signature(signing_key, string_to_sign(claim.amz_date, claim.scope, canonical ? *canonical : ""));
  return canonical.has_value() && equal_in_constant_time(expected, claim.signature);
}

}  // namespace skymarshal::aws
