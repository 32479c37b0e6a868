// Request targets and endpoints: what is taken apart, and what is refused.
#include "http/url.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::http::url_test {

using Segments = std::vector<std::string>;

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

TEST(ParseTarget, CutsThePathAtItsSlashes) {
  EXPECT_EQ(parse_target("/api/v1/invoke")->segments, (Segments{"api", "v1", "invoke"}));
  EXPECT_EQ(parse_target("/a/")->segments, (Segments{"a", ""}));
  EXPECT_EQ(parse_target("/a//b")->segments, (Segments{"a", "", "b"}));
}

TEST(ParseTarget, NeverSeparatesAtAnEncodedSlash) {
  EXPECT_EQ(parse_target("/a/b%2Fc")->segments, (Segments{"a", "b/c"}));
  EXPECT_EQ(parse_target("/a%2fb")->segments, (Segments{"a/b"}));
}

TEST(ParseTarget, DecodesPercentEscapesButNoPlusInThePath) {
  EXPECT_EQ(parse_target("/caf%C3%A9/a+b%20c")->segments, (Segments{"caf\xC3\xA9", "a+b c"}));
  EXPECT_EQ(parse_target("/%61pi")->segments, (Segments{"api"}));
  EXPECT_EQ(parse_target("/%252F")->segments, (Segments{"%2F"}));
}

TEST(ParseTarget, KeepsDotSegmentsAsTheyAre) {
  EXPECT_EQ(parse_target("/a/../b/.")->segments, (Segments{"a", "..", "b", "."}));
}

TEST(ParseTarget, ReadsTheQuery) {
  const Target target = *parse_target("/s?limit=5&cursor=a%26b%3D&flag&x=1+2&x=3&empty=");
  EXPECT_EQ(target.parameter("limit"), "5");
  EXPECT_EQ(target.parameter("cursor"), "a&b=");
  EXPECT_EQ(target.parameter("flag"), "");
  EXPECT_EQ(target.parameter("x"), "1 2");
  EXPECT_EQ(target.parameter("empty"), "");
  EXPECT_EQ(target.parameter("none"), std::nullopt);
  EXPECT_EQ(target.query.size(), 6u);
  EXPECT_EQ(target.segments, Segments{"s"});
}

TEST(ParseTarget, TakesAnEmptyQuery) {
  for (const std::string_view text : {"/s?", "/s"}) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_TRUE(target->query.empty());
  }
}

TEST(ParseTarget, RefusesBadPercentEscapes) {
  for (const std::string_view text : {"/%", "/%1", "/%zz", "/a%2", "/?a=%", "/?a=%g0", "/?%=1"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(ParseTarget, RefusesNulAndWhatIsNoUtf8) {
  for (const std::string_view text :
       {"/%00", "/a%00b", "/?a=%00", "/?%00=1", "/%ff", "/%C3", "/%C0%AF", "/%ED%A0%80", "/?a=%ff", "/?%80"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(ParseTarget, RefusesFragmentsAndOtherForms) {
  for (const std::string_view text :
       {"", "a", "*", "#", "/#", "/a#b", "/?#", "/?a=b#c", "http://host/", "host:80", "/a b", "/a\tb",
        "/a\r\nb", "/\xC3\xA9", "/a\\b", "/\"", "/<x>", "?a=b"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(ParseTarget, RefusesARawNul) { EXPECT_FALSE(parse_target(std::string_view("/a\0b", 4))); }

TEST(ParseTarget, NamesTheErrorCode) { EXPECT_EQ(parse_target("/%").error().code, Errc::invalid_request); }

RC_GTEST_PROP(ParseTarget, GivesBackEncodedSegmentsAndParameters, ()) {
  const auto character =
      rc::gen::element<std::string>("a", "/", "%", "+", " ", "?", "#", "&", "=", ".", "..", "\r\n", "\x01",
                                    "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80");
  const auto text =
      rc::gen::map(rc::gen::nonEmpty(rc::gen::container<Segments>(character)), [](const Segments& parts) {
        std::string joined;
        for (const std::string& part : parts) joined += part;
        return joined;
      });
  const auto encodable = rc::gen::nonEmpty(rc::gen::scale(0.2, rc::gen::container<Segments>(text)));
  const Segments segments = *encodable;
  const Segments names = *encodable;
  std::string target;
  for (const std::string& segment : segments) target += "/" + percent_encoded(segment);
  char before = '?';
  for (const std::string& name : names) {
    target += before + percent_encoded(name) + "=" + percent_encoded(name + name);
    before = '&';
  }
  RC_LOG() << target;
  const auto parsed = parse_target(target);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->segments == segments);
  RC_ASSERT(parsed->query.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    RC_ASSERT(parsed->query[i].name == names[i]);
    RC_ASSERT(parsed->query[i].value == names[i] + names[i]);
  }
}

RC_GTEST_PROP(ParseTarget, AnswersAnyBytes, (const std::vector<std::uint8_t>& bytes)) {
  static constexpr std::string_view alphabet = "//?&=%%0123abF#:@[]+ \t\"\\\x80\xC3.~";
  std::string text = "/";
  for (const std::uint8_t byte : bytes)
    text += byte < 200 ? alphabet[byte % alphabet.size()] : static_cast<char>(byte);
  const auto parsed = parse_target(text);
  if (!parsed) return;
  for (const std::string& segment : parsed->segments) RC_ASSERT(is_utf8(segment));
  for (const QueryParameter& parameter : parsed->query) RC_ASSERT(is_utf8(parameter.name + parameter.value));
}

TEST(ParseEndpoint, TakesAnAddressApart) {
  const Endpoint endpoint = *parse_endpoint("ws://127.0.0.1:8080/ws?x=1");
  EXPECT_EQ(endpoint.scheme, "ws");
  EXPECT_EQ(endpoint.host, "127.0.0.1");
  EXPECT_EQ(endpoint.port, 8080);
  EXPECT_EQ(endpoint.target, "/ws?x=1");
  EXPECT_FALSE(endpoint.secure());
  EXPECT_EQ(endpoint.authority(), "127.0.0.1:8080");
}

TEST(ParseEndpoint, KnowsTheSchemesOwnPorts) {
  struct Case {
    std::string_view url;
    std::uint16_t port;
    bool secure;
  };
  for (const Case& c : {Case{"http://a.example", 80, false}, Case{"ws://a.example", 80, false},
                        Case{"https://a.example", 443, true}, Case{"wss://a.example", 443, true}}) {
    const Endpoint endpoint = *parse_endpoint(c.url);
    EXPECT_EQ(endpoint.port, c.port);
    EXPECT_EQ(endpoint.secure(), c.secure);
    EXPECT_EQ(endpoint.authority(), "a.example");
    EXPECT_EQ(endpoint.target, "/");
  }
  EXPECT_EQ(parse_endpoint("https://a:80")->authority(), "a:80");
  EXPECT_EQ(parse_endpoint("http://a:80")->authority(), "a");
}

TEST(ParseEndpoint, TakesIpv6WithAndWithoutPort) {
  EXPECT_EQ(parse_endpoint("ws://[::1]:9000/ws")->host, "::1");
  EXPECT_EQ(parse_endpoint("ws://[::1]:9000/ws")->authority(), "[::1]:9000");
  EXPECT_EQ(parse_endpoint("wss://[2001:db8::1]")->port, 443);
  EXPECT_EQ(parse_endpoint("wss://[2001:db8::1]")->authority(), "[2001:db8::1]");
}

TEST(ParseEndpoint, PutsASlashBeforeALonelyQuery) {
  EXPECT_EQ(parse_endpoint("ws://h?qualifier=x")->target, "/?qualifier=x");
  EXPECT_EQ(parse_endpoint("ws://h/%2Fa%3Ab/ws")->target, "/%2Fa%3Ab/ws");
}

TEST(ParseEndpoint, RefusesWhatItCannotUseAndSaysWhy) {
  struct Case {
    std::string_view url, why;
  };
  for (const Case& c : {Case{"ws://h/ws#x", "fragment"},
                        Case{"http://h/?#", "fragment"},
                        Case{"ftp://h/", "http://"},
                        Case{"h:80", "http://"},
                        Case{"", "http://"},
                        Case{"//h/", "http://"},
                        Case{"ws://user@h/", "user name"},
                        Case{"ws://user:pw@h/", "user name"},
                        Case{"ws:///ws", "host"},
                        Case{"ws://", "host"},
                        Case{"ws://h:/", "port"},
                        Case{"ws://h:0/", "port"},
                        Case{"ws://h:65536/", "port"},
                        Case{"ws://h:-1/", "port"},
                        Case{"ws://h:8o/", "port"},
                        Case{"ws://::1/", "host"},
                        Case{"ws://[]:80/", "host"},
                        Case{"ws://[::1/", "host"},
                        Case{"ws://a b/", "host"},
                        Case{"ws://h\r\nX: y/", "host"},
                        Case{"ws://h/a b", "path"},
                        Case{"ws://h/a\r\nX: y", "path"},
                        Case{"ws://h/%zz", "path"}}) {
    const auto endpoint = parse_endpoint(c.url);
    ASSERT_TRUE(endpoint.has_error()) << c.url;
    EXPECT_EQ(endpoint.error().code, Errc::invalid_request);
    EXPECT_NE(endpoint.error().message.find(c.why), std::string::npos) << endpoint.error().message;
  }
}

RC_GTEST_PROP(ParseEndpoint, AnswersAnyBytesWithNothingThatBreaksALine,
              (const std::vector<std::uint8_t>& bytes)) {
  static constexpr std::string_view alphabet = "://[]@?#%ab01.-\r\n &\x80";
  std::string url = "ws://";
  for (const std::uint8_t byte : bytes) url += alphabet[byte % alphabet.size()];
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return;
  RC_ASSERT(endpoint->port != 0);
  RC_ASSERT(!endpoint->host.empty());
  RC_ASSERT(endpoint->target.front() == '/');
  const std::string sent = endpoint->authority() + endpoint->target;
  RC_ASSERT(sent.find_first_of("\r\n #") == std::string::npos);
}

TEST(ParseHostPort, TakesNamesAndAddresses) {
  EXPECT_EQ(parse_host_port("127.0.0.1:0")->port, 0);
  EXPECT_EQ(parse_host_port("localhost:65535")->port, 65535);
  EXPECT_EQ(parse_host_port("[::1]:8080")->host, "::1");
  EXPECT_EQ(parse_host_port("[fe80::1%eth0]:1")->host, "fe80::1%eth0");
}

TEST(HostPort, IsWrittenAsItIsRead) {
  for (const std::string_view text : {"127.0.0.1:0", "localhost:65535", "[::1]:8080"}) {
    EXPECT_EQ(parse_host_port(text)->text(), text);
  }
}

TEST(IsLoopback, KnowsWhatOnlyThisMachineReaches) {
  for (const std::string_view host : {"localhost", "127.0.0.1", "127.8.9.10", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const std::string_view host :
       {"", "localhost.example", "0.0.0.0", "128.0.0.1", "::", "::2", "127.0.0.1.example"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

TEST(LooksLikeUrl, TellsUrlsFromFiles) {
  EXPECT_TRUE(looks_like_url("https://issuer.example/jwks.json"));
  EXPECT_FALSE(looks_like_url("/etc/skymarshal/jwks.json"));
  EXPECT_FALSE(looks_like_url("keys:jwks.json"));
}

TEST(ParseHostPort, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", ":", ":80", "host", "host:", "host:x", "host:65536", "host:-1", "host:+1", "host: 1", "::1:80",
        "[::1]", "[]:80", "[::1:80", "ho st:80", "h/:80", "http://h:80", "127.0.0.1:80:90"}) {
    const auto parsed = parse_host_port(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code, Errc::invalid_request);
  }
}

TEST(PercentEncode, KeepsTheUnreservedCharactersAlone) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  std::string kept;
  const std::string encoded = percent_encode(all);
  for (std::size_t i = 0; i < encoded.size(); i += encoded[i] == '%' ? 3 : 1)
    if (encoded[i] != '%') kept += encoded[i];
  EXPECT_EQ(kept, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
  EXPECT_EQ(percent_encode("a/b"), "a%2Fb");
  EXPECT_EQ(percent_encode("a/b \xff", true), "a/b%20%FF");
}

RC_GTEST_PROP(PercentEncode, IsUndoneByDecoding, (const std::string& bytes)) {
  RC_ASSERT(percent_decode(percent_encode(bytes)) == bytes);
}

TEST(PercentDecode, TakesEveryByteInEitherLetterCase) {
  EXPECT_EQ(percent_decode("%41%7e%7E%00%fF"), std::string("A~~\0\xff", 5));
  EXPECT_EQ(percent_decode("%2541"), "%41");
}

TEST(PercentDecode, RefusesBrokenEscapes) {
  for (const char* text : {"%", "a%4", "%zz", "%4g", "%g4", "%%41", "% 41"})
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

RC_GTEST_PROP(PercentDecode, LeavesAloneWhatHasNoPercentSign, (const std::string& text)) {
  RC_PRE(text.find('%') == std::string::npos);
  RC_ASSERT(percent_decode(text) == text);
}

}  // namespace skymarshal::http::url_test
