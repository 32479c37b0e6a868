#include "auth/jwks_origin.hpp"

#include "jwt_samples.hpp"
#include "sts_samples.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::auth::jwks_origin_test {

namespace asio = boost::asio;

const std::string& good_set() {
  static const std::string json = test::jwk_set(test::issuer_keys());
  return json;
}

class JwksFileTest : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }
  Result<SharedJwkSet> fetch() { return test::run_awaitable(origin_->fetch()); }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("jwks.json");
  std::unique_ptr<JwksOrigin> origin_ = jwks_file(path_);
};

TEST_F(JwksFileTest, ReadsTheFileWhenItHasChanged) {
  write(good_set());
  EXPECT_EQ((*fetch())->size(), 3U);
  EXPECT_EQ(*fetch(), nullptr);
  write(test::jwk_set(std::vector<std::string>{test::issuer_keys()[1].jwk()}));
  EXPECT_EQ((*fetch())->size(), 1U);
}

TEST_F(JwksFileTest, ABrokenFileIsReadAgain) {
  EXPECT_EQ(fetch().error().code, Errc::identity_unavailable);
  write("{");
  EXPECT_FALSE(fetch());
  EXPECT_FALSE(fetch());
  write("");
  EXPECT_FALSE(fetch());
  write(good_set() + std::string(jwk_set_bytes_max, ' '));
  EXPECT_FALSE(fetch());
  write(good_set());
  EXPECT_TRUE(fetch());
  EXPECT_EQ(fetch().value(), nullptr);
}

class JwksUrlTest : public testing::Test {
 protected:
  Result<SharedJwkSet> fetch(const std::string& answer) {
    test::LocalSts server(io_, [&answer](const std::string&) { return answer; });
    http::Endpoint endpoint = server.endpoint();
    endpoint.target = "/pool/.well-known/jwks.json";
    const auto origin = jwks_url(endpoint, options_, std::nullopt).value();
    auto fetched = test::run_awaitable(io_, origin->fetch());
    requests_ = server.requests();
    return fetched;
  }

  asio::io_context io_;
  JwksUrlOptions options_;
  std::vector<std::string> requests_;
};

TEST_F(JwksUrlTest, GetsTheSet) {
  EXPECT_EQ((*fetch(test::json_answer("200 OK", good_set())))->size(), 3U);
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_TRUE(requests_.front().starts_with("GET /pool/.well-known/jwks.json HTTP/1.1\r\n"));
}

TEST_F(JwksUrlTest, TakesNothingElse) {
  for (const std::string& answer :
       {test::json_answer("302 Found", good_set(), "Location: http://127.0.0.1:1/\r\n"),
        test::json_answer("500 No", good_set()), test::json_answer("200 OK", "<html>"),
        test::json_answer("200 OK", good_set() + std::string(jwk_set_bytes_max, ' ')),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"), std::string("no\r\n\r\n")}) {
    const auto fetched = fetch(answer);
    ASSERT_FALSE(fetched) << answer.substr(0, 40);
    EXPECT_EQ(fetched.error().code, Errc::identity_unavailable);
    EXPECT_EQ(requests_.size(), 1U);
  }
  options_.timeout = Milliseconds(50);
  EXPECT_FALSE(fetch(""));
}

TEST_F(JwksUrlTest, ReadsNoMoreThanASetMayHave) {
  const auto fetched = fetch(test::json_answer("200 OK", good_set() + std::string(jwk_set_bytes_max, ' ')));
  ASSERT_FALSE(fetched);
  EXPECT_TRUE(fetched.error().message.starts_with("the issuer's keys cannot be fetched"))
      << "the fetch ends there, not the reading of what was fetched: " << fetched.error().message;
}

TEST(JwksUrl, IsHttpsUnlessItIsThisMachine) {
  const auto taken = [](const char* url, bool with_tls) {
    std::optional<net::TlsContext> tls;
    if (with_tls) tls = net::TlsContext::client({}).value();
    return jwks_url(http::parse_endpoint(url).value(), {}, std::move(tls)).has_value();
  };
  EXPECT_TRUE(taken("https://issuer.example/jwks.json", true));
  EXPECT_FALSE(taken("https://issuer.example/jwks.json", false));
  EXPECT_FALSE(taken("http://issuer.example/jwks.json", true));
  EXPECT_FALSE(taken("http://127.0.0.1.example/", true));
  EXPECT_FALSE(taken("ws://127.0.0.1/", true));
  for (const char* url : {"http://127.0.0.1:1/", "http://[::1]/", "http://localhost/"})
    EXPECT_TRUE(taken(url, false)) << url;
}

}  // namespace skymarshal::auth::jwks_origin_test
