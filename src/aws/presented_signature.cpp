#include "aws/presented_signature.hpp"

#include "aws/credential_scope.hpp"
#include "aws/sigv4_names.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace skymarshal::aws {
namespace {

/// The one value of a field, or of none; a repeated field is caught before.
std::optional<std::string_view> value_of(const FieldIndex& fields, std::string_view name) {
  const FieldIndex::Fields same = fields.find(name);
  if (same.empty()) return std::nullopt;
  return trim(same.front()->value);
}

/// "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…": each part once, in any order.
std::optional<SignatureRefusal> read_authorization(std::string_view text, PresentedSignature& claim) {
  const std::size_t space = std::min(text.find(' '), text.size());
  if (text.substr(0, space) != names::algorithm_of_signatures)
    return malformed("the Authorization header must begin with AWS4-HMAC-SHA256, the one algorithm accepted");
  text.remove_prefix(space);
  const std::array<std::pair<std::string_view, std::string*>, 3> parts = {{
      {"Credential=", &claim.credential},
      {"SignedHeaders=", &claim.signed_headers},
      {"Signature=", &claim.signature},
  }};
  std::size_t found = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string_view part = trim(text.substr(from, comma - from));
    from = comma + 1;
    const auto known =
        std::ranges::find_if(parts, [part](const auto& entry) { return part.starts_with(entry.first); });
    if (known == parts.end() || !known->second->empty() || part.size() == known->first.size()) {
      return malformed(
          "write the Authorization header as AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, "
          "Signature=…, each part once");
    }
    *known->second = part.substr(known->first.size());
    ++found;
  }
  if (found != parts.size())
    return malformed("the Authorization header needs Credential=, SignedHeaders= and Signature=");
  return std::nullopt;
}

/// IMF-fixdate, as http_date writes it, or with "-0000" for "GMT", as botocore does (RFC 5322 section 3.3).
std::optional<WallTime> parse_http_date(std::string_view sent) {
  constexpr std::string_view form = "Sat, 31 Jan 2026 09:05:00 GMT";
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::string text(sent);
  if (text.ends_with(" -0000")) text.replace(text.size() - 5, 5, "GMT");
  if (text.size() != form.size()) return std::nullopt;
  const std::size_t month = months.find(std::string_view(text).substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  std::string iso(text.substr(12, 4));
  iso.append(month < 27 ? "-0" : "-").append(std::to_string(month / 3 + 1));
  iso.append(1, '-').append(text.substr(5, 2));
  iso.append(1, 'T').append(text.substr(17, 8)).append(1, 'Z');
  const auto time = parse_iso8601(iso);
  // Weekday and punctuation are right where writing it again gives the same.
  return time && http_date(*time) == text ? time : std::nullopt;
}

/// X-Amz-Date, else Date (RFC 9110 section 5.6.7), which signers may use instead.
std::optional<SignatureRefusal> read_date_fields(const FieldIndex& fields, PresentedSignature& claim) {
  const auto amz = value_of(fields, "x-amz-date");
  const auto date = amz ? std::nullopt : value_of(fields, "date");
  const auto time = amz ? parse_amz_date(*amz) : date ? parse_http_date(*date) : std::nullopt;
  if (!time)
    return malformed("send the time of signing as X-Amz-Date, in the form 20260131T090500Z, and sign it");
  claim.signed_at = *time;
  claim.amz_date = amz ? std::string(*amz) : amz_date(*time);
  claim.date_field = amz ? "x-amz-date" : "date";
  return std::nullopt;
}

std::optional<std::chrono::seconds> read_seconds(std::string_view text) {
  const auto seconds = parse_number<std::int64_t>(text);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

}  // namespace

SignatureRefusal malformed(std::string message) { return {SignatureFault::malformed, std::move(message)}; }

Reading<PresentedSignature> read_header_form(const FieldIndex& fields) {
  PresentedSignature claim;
  if (auto wrong = read_authorization(value_of(fields, "authorization").value_or(""), claim))
    return std::move(*wrong);
  if (auto wrong = read_date_fields(fields, claim)) return std::move(*wrong);
  claim.session_token = value_of(fields, "x-amz-security-token").value_or("");
  claim.payload_hash = value_of(fields, "x-amz-content-sha256");
  return claim;
}

Reading<PresentedSignature> read_query_form(const std::vector<http::QueryParameter>& parameters,
                                            const FieldIndex& fields) {
  const auto find = [&parameters](std::string_view name) -> std::optional<std::string_view> {
    for (const http::QueryParameter& parameter : parameters) {
      if (equal_ignoring_case(parameter.name, name)) return parameter.value;
    }
    return std::nullopt;
  };
  for (const http::QueryParameter& parameter : parameters) {
    if (starts_with_ignoring_case(parameter.name, "x-amz-") && !fields.find(parameter.name).empty()) {
      return malformed("send '" + parameter.name + "' in the query or as a header, not both");
    }
  }
  if (find(names::algorithm) != names::algorithm_of_signatures)
    return malformed("X-Amz-Algorithm must be AWS4-HMAC-SHA256, the one algorithm accepted");
  if (!fields.find(names::security_token).empty())
    return malformed("send X-Amz-Security-Token in the query, where the other parts of the signature are");
  PresentedSignature claim;
  claim.credential = find(names::credential).value_or("");
  claim.signed_headers = find(names::signed_headers).value_or("");
  claim.signature = find(names::signature).value_or("");
  claim.session_token = find(names::security_token).value_or("");
  claim.payload_hash = find(names::content_sha256);
  if (!claim.payload_hash) claim.payload_hash = value_of(fields, names::content_sha256);
  claim.amz_date = find(names::date).value_or("");
  const auto signed_at = parse_amz_date(claim.amz_date);
  if (!signed_at) return malformed("X-Amz-Date must be the time of signing, in the form 20260131T090500Z");
  claim.signed_at = *signed_at;
  claim.valid_for = read_seconds(find(names::expires).value_or(""));
  if (!claim.valid_for)
    return malformed("X-Amz-Expires must be the number of seconds that the request is good for");
  return claim;
}

}  // namespace skymarshal::aws
