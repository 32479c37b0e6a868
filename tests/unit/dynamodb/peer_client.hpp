// A client of a DynamoDB that answers as a test wrote down.
#pragma once

#include "aws/credentials_provider.hpp"
#include "dynamodb/client.hpp"
#include "unit/net/http_peer.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::test {

struct PeerClient {
  explicit PeerClient(std::vector<std::string> answers)
      : peer(io, {{std::move(answers), true}}),
        client(options(), std::nullopt, dynamodb::Client::Parts{credentials, clock, random}) {}

  static std::string answer(unsigned status, const std::string& body) {
    return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
  }

  dynamodb::ClientOptions options() const {
    dynamodb::ClientOptions options;
    options.endpoint = peer.endpoint();
    options.region = "us-east-1";
    return options;
  }

  boost::asio::io_context io;
  HttpPeer peer;
  aws::FixedCredentials credentials{{"AKIDEXAMPLE", Secret(std::string("secret")), {}}};
  SystemClock clock;
  SystemRandom random;
  dynamodb::Client client;
};

}  // namespace skymarshal::test
