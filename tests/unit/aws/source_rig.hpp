// A home folder, variables, and a server that stands for every server that credentials are had from: whatever
// address is asked, it is the one that answers, and the addresses are kept.
#pragma once

#include "aws/credential_source.hpp"
#include "net/dial.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"
#include "unit/net/http_peer.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::test {

inline std::string http_answer(unsigned status, const std::string& body, const std::string& fields = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Said\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class SourceRig : public testing::Test {
 protected:
  SourceRig() {
    search_.environment["HOME"] = folder_.file("").string();
    search_.environment["AWS_REGION"] = "eu-central-1";
    limits_.retry_pause = Milliseconds(1);
  }

  std::string path(const std::string& name) { return folder_.file(name).string(); }
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder_.file(name).parent_path());
    std::ofstream(folder_.file(name)) << text;
    return path(name);
  }
  void write_credentials(const std::string& text) { write(".aws/credentials", text); }
  void write_config(const std::string& text) { write(".aws/config", text); }
  void set(const std::string& name, const std::string& value) { search_.environment[name] = value; }

  /// One exchange after the other. An empty answer is none: the connection is closed.
  void serve(const std::vector<std::string>& answers) {
    std::vector<HttpPeer::Connection> connections;
    for (const std::string& answer : answers) connections.push_back({{answer}});
    peer_ = std::make_unique<HttpPeer>(io_, std::move(connections));
  }
  /// The last one: head and body.
  std::string request() const { return peer_->requests().empty() ? "(none)" : peer_->requests().back(); }
  std::size_t request_count() const { return peer_->requests().size(); }
  bool was_sent(const std::string& part) const { return request().find(part) != std::string::npos; }

  /// `ask(parts)` gives the coroutine.
  template <typename Ask>
  auto look(Ask ask) {
    configuration_ = aws::Configuration::read(search_).value();
    const aws::SourceParts parts{configuration_, limits_, clock_, *http_};
    return run_awaitable(io_, ask(parts));
  }

  static std::string key_of(const aws::SourceAnswer& answer) {
    const auto* found = std::get_if<aws::FoundCredentials>(&answer);
    return found == nullptr ? "(none)" : found->credentials.access_key_id;
  }
  static std::string key_of(const aws::Result<aws::FoundCredentials>& found) {
    return found ? found->credentials.access_key_id : "(none)";
  }
  static std::string complaint_of(const aws::SourceAnswer& answer) {
    const auto* failure = std::get_if<aws::Error>(&answer);
    return failure == nullptr ? "(none)" : failure->message;
  }
  static std::string complaint_of(const aws::Result<aws::FoundCredentials>& found) {
    return found ? "(none)" : found.error().message;
  }
  static std::string lack_of(const aws::SourceAnswer& answer) {
    const auto* missing = std::get_if<aws::NotConfigured>(&answer);
    return missing == nullptr ? "(none)" : missing->why;
  }
  static bool says(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    return text.find(part) != std::string::npos;
  }

  TemporaryFolder folder_;
  aws::ConfigurationSearch search_;
  aws::SourceLimits limits_;
  ManualClock clock_;
  boost::asio::io_context io_;
  std::unique_ptr<HttpPeer> peer_;
  /// Where it was meant to go: "https://sts.eu-central-1.amazonaws.com".
  std::vector<std::string> asked_;
  std::shared_ptr<aws::SourceHttp> http_ =
      std::make_shared<aws::SourceHttp>(net::HttpClient(net::one_connection_each, {}, connect()));

 private:
  net::HttpClient::Connect connect() {
    return [this](const http::Endpoint& endpoint, const net::TlsContext*, Milliseconds limit) {
      asked_.push_back(endpoint.scheme + "://" + endpoint.authority());
      return net::dial(peer_ ? peer_->endpoint() : http::Endpoint{"http", "127.0.0.1", 1, "/"}, nullptr,
                       limit);
    };
  }

  aws::Configuration configuration_;
};

}  // namespace skymarshal::test
