// The canonical form, line by line, and that it is the same however its request is written.
#include "aws/canonical_request.hpp"

#include "aws/target_parts.hpp"
#include "unit/aws/signing_samples.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::canonical_request_test {

constexpr std::string_view empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

CanonicalForm form_of(std::vector<std::string> signed_headers = {"host"}, PathRules path = {}) {
  return {path, std::move(signed_headers), std::string(empty_hash), {}};
}

http::Request request_of(std::string target, http::Headers headers = {{"Host", "h"}}) {
  return {"GET", std::move(target), std::move(headers), ""};
}

/// The n-th line of the canonical request, or the error.
std::string line(std::size_t n, const http::Request& request, const CanonicalForm& form) {
  const auto text = canonical_request(request, form);
  if (!text) return "error: " + text.error().message;
  std::size_t from = 0;
  for (; n > 0; --n) from = text->find('\n', from) + 1;
  return text->substr(from, text->find('\n', from) - from);
}

std::string path_line(std::string target, PathRules rules = {}) {
  return line(1, request_of(std::move(target)), form_of({"host"}, rules));
}
std::string query_line(std::string target) { return line(2, request_of(std::move(target)), form_of()); }

TEST(CanonicalRequest, IsTheDocumentedOne) {
  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  const http::Request request{"GET",
                              "/?Version=2010-05-08&Action=ListUsers",
                              {{"Host", "iam.amazonaws.com"},
                               {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                               {"X-Amz-Date", "20150830T123600Z"}},
                              ""};
  const auto text = canonical_request(request, form_of({"content-type", "host", "x-amz-date"}));
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
            "content-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\n"
            "x-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n" +
                std::string(empty_hash));
  EXPECT_EQ(payload_hash(*text), "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
}

TEST(CanonicalRequest, EncodesThePathOnceMore) {
  EXPECT_EQ(path_line("/documents%20and%20settings/"), "/documents%2520and%2520settings/");
  EXPECT_EQ(path_line("/a%2fb%2FC"), "/a%252fb%252FC");
  EXPECT_EQ(path_line("/a:b@c,d;e=f!*'()&$+"), "/a%3Ab%40c%2Cd%3Be%3Df%21%2A%27%28%29%26%24%2B");
  EXPECT_EQ(path_line("/-._~"), "/-._~");
  EXPECT_EQ(path_line("/\xE1\x88\xB4"), "/%E1%88%B4");
}

TEST(CanonicalRequest, TakesThePathAsItStandsWhereItIsEncodedOnce) {
  const PathRules of_s3{false, false};
  EXPECT_EQ(path_line("/a%20b/%2F/x:y", of_s3), "/a%20b/%2F/x:y");
  EXPECT_EQ(path_line("//a/../b/./", of_s3), "//a/../b/./");
}

TEST(CanonicalRequest, NormalizesThePathAsOtherSignersDo) {
  const std::vector<std::pair<std::string, std::string>> paths = {{"/", "/"},
                                                                  {"//", "/"},
                                                                  {"/.", "/"},
                                                                  {"/..", "/"},
                                                                  {"/../../a", "/a"},
                                                                  {"/a/..", "/"},
                                                                  {"/a/../", "/"},
                                                                  {"/a/b/..", "/a"},
                                                                  {"/a/b/../", "/a/"},
                                                                  {"/a/./b", "/a/b"},
                                                                  {"//a//b//", "/a/b/"},
                                                                  {"/a/.", "/a"},
                                                                  {"/a/./", "/a/"},
                                                                  {"/.a/..b/c./...", "/.a/..b/c./..."},
                                                                  {"/a/b/../../../c/./d/", "/c/d/"},
                                                                  {"/a/%2e%2e/b", "/a/%252e%252e/b"}};
  for (const auto& [path, normal] : paths) EXPECT_EQ(path_line(path), normal) << path;
  EXPECT_EQ(path_line("//a/..", PathRules{true, false}), "//a/..");
}

TEST(CanonicalRequest, SortsTheQueryByEncodedNameThenValue) {
  EXPECT_EQ(query_line("/?b=1&a=2&a=1&B=0"), "B=0&a=1&a=2&b=1");
  // '-' stands before '=', and "a" before "a-".
  EXPECT_EQ(query_line("/?a-=1&a=2"), "a=2&a-=1");
  // By the encoded text: '%' stands before every letter.
  EXPECT_EQ(query_line("/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1"),
            "%E1%88%B4=Value1&Param=Value2&Param-3=Value3");
}

TEST(CanonicalRequest, WritesTheQueryInTheOneWay) {
  EXPECT_EQ(query_line("/?a=%7E%2d%41&b=~-A"), "a=~-A&b=~-A");
  EXPECT_EQ(query_line("/?a=%2f%3D&b=/="), "a=%2F%3D&b=%2F%3D");
  EXPECT_EQ(query_line("/?flag&b="), "b=&flag=");
  EXPECT_EQ(query_line("/?a=%20&b=+"), "a=%20&b=%2B");
  EXPECT_EQ(query_line("/?a&&=x"), "=&=x&a=");
  EXPECT_EQ(query_line("/?"), "");
  EXPECT_EQ(query_line("/"), "");
}

TEST(CanonicalRequest, LeavesOneParameterOut) {
  CanonicalForm form = form_of();
  form.left_out_parameter = "X-Amz-Signature";
  EXPECT_EQ(line(2, request_of("/?b=1&X-Amz-Signature=00&a=1&x-amz-signature=11"), form),
            "a=1&b=1&x-amz-signature=11");
}

TEST(CanonicalRequest, TrimsFieldsAndJoinsRepeatedOnes) {
  const http::Request request =
      request_of("/", {{"host", "h"}, {"A", " \t x  \"y   z\"\tw "}, {"B", "2"}, {"a", ""}, {"b", "1, 3"}});
  const auto text = canonical_request(request, form_of({"a", "b", "host"}));
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("\na:x \"y z\" w,\nb:2,1, 3\nhost:h\n\na;b;host\n"), std::string::npos) << *text;
}

TEST(CanonicalRequest, RefusesWhatWouldBreakItsLines) {
  EXPECT_FALSE(canonical_request(request_of("/a b"), form_of()));
  EXPECT_FALSE(canonical_request(request_of("/?a=%4"), form_of()));
  EXPECT_FALSE(canonical_request(request_of("/", {{"Host", "h\nx:y"}}), form_of()));
  EXPECT_FALSE(canonical_request(request_of("/", {{"Host", "h\rx"}}), form_of()));
  EXPECT_FALSE(canonical_request(request_of("/", {{"Host", std::string("h\0x", 3)}}), form_of()));
  EXPECT_FALSE(canonical_request(request_of("/", {{"Host\n", "h"}}), form_of({"host\n"})));
  http::Request request = request_of("/");
  request.method = "GET\n/";
  EXPECT_FALSE(canonical_request(request, form_of()));
  request.method = "";
  EXPECT_FALSE(canonical_request(request, form_of()));
}

TEST(CanonicalRequest, NamesTheFieldThatIsNotThere) {
  const auto text = canonical_request(request_of("/"), form_of({"host", "x-amz-date"}));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::malformed_request);
  EXPECT_NE(text.error().message.find("x-amz-date"), std::string::npos);
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters)
    query += (query.empty() ? "" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  return query;
}

RC_GTEST_PROP(CanonicalRequest, SaysTheSameOfAQueryInAnyOrder,
              (std::vector<std::pair<std::string, std::string>> parameters)) {
  const std::string canonical = query_line("/?" + query_of(parameters));
  // Its own canonical form has none but itself.
  RC_ASSERT(query_line("/?" + canonical) == canonical);
  std::ranges::reverse(parameters);
  RC_ASSERT(query_line("/?" + query_of(parameters)) == canonical);
}

RC_GTEST_PROP(CanonicalRequest, TellsDifferentParametersApart,
              (const std::vector<std::pair<std::string, std::string>>& parameters)) {
  const auto read = query_parameters(query_line("/?" + query_of(parameters)));
  RC_ASSERT(read.has_value());
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [name, value] : *read) found.emplace_back(name, value);
  auto expected = parameters;
  std::ranges::sort(expected);
  std::ranges::sort(found);
  RC_ASSERT(found == expected);
}

RC_GTEST_PROP(CanonicalRequest, NormalizesAPathOnce, ()) {
  const auto segments = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("", ".", "..", "a", ".b", "c.."));
  std::string path = "/";
  for (const std::string& segment : segments) path += segment + "/";
  const std::string once = path_line(path);
  RC_ASSERT(path_line(once) == once);
  RC_ASSERT(once.find("//") == std::string::npos && once.find("/./") == std::string::npos &&
            once.find("/../") == std::string::npos);
}

}  // namespace skymarshal::aws::canonical_request_test
