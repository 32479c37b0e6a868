// How the command line's requests prove who sends them: an AWS signature, a proof for STS, a bearer token, or
// nothing. Made once, used for every request; looks up files and variables only when it is made.
#pragma once

#include "aws/credentials.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "cli/cli.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

#include <map>
#include <string>

namespace skymarshal::cli {

class RequestSigning {
 public:
  /// Nothing is signed.
  RequestSigning() = default;
  /// `environment` is the process's. Errc::invalid_request where credentials were asked for and are not
  /// there, or are broken.
  static Result<RequestSigning> open(const SigningArguments& arguments,
                                     const std::map<std::string, std::string>& environment);

  /// Adds what proves it; the request must be complete, with its Host. Errc::invalid_request.
  Result<void> sign(http::Request& request, WallTime now) const;

  /// For standard error, before anything is sent; empty if there is nothing to warn of: whether a token would
  /// go to `endpoint` for everybody on the way to read.
  std::string warning(const http::Endpoint& endpoint) const;
  /// For whoever was refused: "the request was signed with AKIA… (the environment) for us-east-1". Holds no
  /// secret.
  std::string description() const;

 private:
  enum class Way { none, signature, sts, bearer };

  Way way_ = Way::none;
  aws::Credentials credentials_;
  /// Of the credentials.
  std::string source_;
  std::string region_;
  std::string sts_server_id_;
  Secret bearer_token_;
};

}  // namespace skymarshal::cli
