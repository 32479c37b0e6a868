// Property 22: what is signed is accepted, and any change of one byte of what was signed is refused.
#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"
#include "http/url.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::signature_property_test {

using Gen = rc::Gen<std::string>;
constexpr std::chrono::seconds presigned_for{900};

Gen text_of(std::string_view letters, std::size_t size_max) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size_max + 1), [letters](std::size_t size) {
    return rc::gen::container<std::string>(size, rc::gen::elementOf(std::string(letters)));
  });
}

struct Signed {
  http::Request request;
  Credentials credentials;
  SigningOptions options;
  WallTime time;
  bool is_presigned = false;
};

/// Parts of paths and queries that signers and servers have disagreed about.
Gen odd_text() {
  return rc::gen::oneOf(text_of("abcXYZ019-._~", 8), text_of("%/?#&=+ ;:@!$'()*,[]\"<>\\^`{|}", 5),
                        rc::gen::element<std::string>("\xC3\xA9", "\xE1\x88\xB4", "\xF0\x9F\x98\x80", "%41",
                                                      "...", "a.", "%2F", "X-Other"),
                        rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
}

std::string odd_path() {
  std::string path = "/";
  const auto segments = *rc::gen::resize(4, rc::gen::container<std::vector<std::string>>(odd_text()));
  for (const std::string& segment : segments) {
    const std::string encoded = http::percent_encode(segment);
    // Those that the verifier refuses have tests of their own.
    if (encoded.empty() || encoded == "." || encoded == "..") continue;
    path += encoded + "/";
  }
  if (*rc::gen::arbitrary<bool>() && path.size() > 1) path.pop_back();
  return path;
}

std::string odd_query() {
  std::string query;
  const auto parameters =
      *rc::gen::resize(4, rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
                              rc::gen::pair(odd_text(), odd_text())));
  for (const auto& [name, value] : parameters) {
    query += (query.empty() ? "?" : "&") + http::percent_encode(name);
    if (!value.empty() || *rc::gen::arbitrary<bool>()) query += "=" + http::percent_encode(value);
  }
  return query;
}

http::Headers odd_fields() {
  http::Headers headers{{"Host", "gateway.example:8443"}};
  const auto fields = *rc::gen::resize(
      5, rc::gen::container<std::vector<std::pair<std::string, std::string>>>(rc::gen::pair(
             rc::gen::element<std::string>("Accept", "accept", "X-Custom", "content-type", "TE", "b"),
             text_of("ab \t,;=\"\xC3\xA9", 12))));
  for (const auto& [name, value] : fields) headers.add(name, value);
  if (*rc::gen::arbitrary<bool>()) headers.add("X-Amz-Meta-Data", *text_of("abc 1", 8));
  return headers;
}

Signed any_signed(bool is_presigned) {
  Signed made;
  made.is_presigned = is_presigned;
  made.request = {*rc::gen::element<std::string>("GET", "POST", "DELETE", "PATCH"), odd_path() + odd_query(),
                  odd_fields(), *rc::gen::container<std::string>(rc::gen::arbitrary<char>())};
  made.credentials.access_key_id = "AKID" + *text_of("ABCXYZ019", 16);
  made.credentials.secret_access_key = Secret("s" + *text_of("abcXYZ019+/=", 40));
  made.credentials.session_token = Secret(*text_of("abcXYZ019+/=", 30));
  made.options = {*rc::gen::element<std::string>("us-east-1", "eu-central-1"),
                  "execute-api",
                  {},
                  *rc::gen::arbitrary<bool>()};
  made.time = from_unix_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000) * 1000);
  const auto done = is_presigned
                        ? presign(made.request, made.credentials, made.options, made.time, presigned_for)
                        : sign(made.request, made.credentials, made.options, made.time);
  RC_ASSERT(done.has_value());
  return made;
}

/// As a gateway does it that knows one key.
bool accepts(const http::Request& request, const Signed& made, WallTime now) {
  const auto read = read_claimed_signature(request, {}, now);
  const auto* claim = std::get_if<ClaimedSignature>(&read);
  if (claim == nullptr || claim->access_key_id != made.credentials.access_key_id) return false;
  return matches(*claim, request, derive_signing_key(made.credentials.secret_access_key, claim->scope));
}

bool accepts(const http::Request& request, const Signed& made) { return accepts(request, made, made.time); }

RC_GTEST_PROP(Signatures, AreAcceptedAsTheyWereMade, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  RC_ASSERT(accepts(made.request, made));
  const auto read = read_claimed_signature(made.request, {}, made.time);
  RC_ASSERT(std::get<ClaimedSignature>(read).session_token == made.credentials.session_token.reveal());
}

RC_GTEST_PROP(Signatures, AreAcceptedByOthersWithinTheirTime, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  const auto offset = *rc::gen::inRange<std::int64_t>(-2'000'000, 2'000'000);
  const std::int64_t last = made.is_presigned ? 900'000 : 300'000;
  RC_ASSERT(accepts(made.request, made, made.time + Milliseconds(offset)) ==
            (offset >= -300'000 && offset <= last));
}

RC_GTEST_PROP(Signatures, HoldForNoOtherSecret, ()) {
  Signed made = any_signed(*rc::gen::arbitrary<bool>());
  std::string other(made.credentials.secret_access_key.reveal());
  other[*rc::gen::inRange<std::size_t>(0, other.size())] ^= 1;
  made.credentials.secret_access_key = Secret(other);
  RC_ASSERT(!accepts(made.request, made));
}

/// A query can say the same in several ways: "%2d" and "-", "a=" and "a". A path cannot.
bool says_the_same(const http::Request& a, const http::Request& b) {
  const auto path = [](const http::Request& request) {
    return request.target.substr(0, request.target.find('?'));
  };
  const auto canonical_a = canonical_request(a, {}), canonical_b = canonical_request(b, {});
  return path(a) == path(b) && canonical_a && canonical_b && *canonical_a == *canonical_b;
}

RC_GTEST_PROP(Signatures, BreakWithAnyByteOfTheTarget, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  http::Request changed = made.request;
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, changed.target.size());
  changed.target[at] = *rc::gen::arbitrary<char>();
  RC_PRE(!says_the_same(changed, made.request));
  RC_ASSERT(!accepts(changed, made));
}

RC_GTEST_PROP(Signatures, BreakWithAnyByteThatIsAddedToOrTakenFromTheTarget, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  http::Request changed = made.request;
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, changed.target.size());
  if (*rc::gen::arbitrary<bool>())
    changed.target.erase(at, 1);
  else
    changed.target.insert(at, 1, *rc::gen::arbitrary<char>());
  RC_PRE(!says_the_same(changed, made.request));
  RC_ASSERT(!accepts(changed, made));
}

RC_GTEST_PROP(Signatures, BreakWithTheMethod, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  http::Request changed = made.request;
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, changed.method.size());
  const char byte = *rc::gen::arbitrary<char>();
  RC_PRE(byte != changed.method[at]);
  changed.method[at] = byte;
  RC_ASSERT(!accepts(changed, made));
}

RC_GTEST_PROP(Signatures, BreakWithAnyByteOfTheBody, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  http::Request changed = made.request;
  if (changed.body.empty() || *rc::gen::arbitrary<bool>()) {
    changed.body.insert(*rc::gen::inRange<std::size_t>(0, changed.body.size() + 1), 1,
                        *rc::gen::arbitrary<char>());
  } else {
    char& byte = changed.body[*rc::gen::inRange<std::size_t>(0, changed.body.size())];
    byte = static_cast<char>(byte ^ *rc::gen::inRange(1, 256));
  }
  RC_ASSERT(!accepts(changed, made));
}

/// The field's value without what canonicalisation takes away.
std::string collapsed(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space)
      text += c;
    else if (!text.empty() && text.back() != ' ')
      text += ' ';
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

RC_GTEST_PROP(Signatures, BreakWithAnyByteOfASignedField, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  std::vector<http::Header> fields(made.request.headers.begin(), made.request.headers.end());
  http::Header& field = fields[*rc::gen::inRange<std::size_t>(0, fields.size())];
  const std::string before = field.value;
  if (before.empty() || *rc::gen::arbitrary<bool>()) {
    field.value.insert(*rc::gen::inRange<std::size_t>(0, before.size() + 1), 1, *rc::gen::arbitrary<char>());
  } else {
    field.value[*rc::gen::inRange<std::size_t>(0, before.size())] = *rc::gen::arbitrary<char>();
  }
  // White space around the parts of an Authorization is not signed, and neither are runs of it elsewhere.
  const bool is_authorization = field.name == "Authorization";
  const auto without_spaces = [](std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
    return text;
  };
  const bool is_changed = is_authorization ? without_spaces(field.value) != without_spaces(before)
                                           : collapsed(field.value) != collapsed(before);
  RC_PRE(is_changed);
  http::Request changed = made.request;
  changed.headers = {};
  for (http::Header& each : fields) changed.headers.add(std::move(each.name), std::move(each.value));
  RC_ASSERT(!accepts(changed, made));
}

RC_GTEST_PROP(Signatures, BreakWithASignedFieldThatIsMissing, ()) {
  const Signed made = any_signed(*rc::gen::arbitrary<bool>());
  http::Request changed = made.request;
  changed.headers = {};
  const std::size_t left_out = *rc::gen::inRange<std::size_t>(0, made.request.headers.size());
  std::size_t i = 0;
  for (const http::Header& field : made.request.headers)
    if (i++ != left_out) changed.headers.add(field.name, field.value);
  RC_ASSERT(!accepts(changed, made));
}

}  // namespace skymarshal::aws::signature_property_test
