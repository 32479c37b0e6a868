// Credentials that a program of the operator's prints: credential_process of a profile. It is run without a
// shell, for a limited time; at the limit it is killed, with all that it started. Coroutines of one look for
// credentials; no thread waits. What the program says to standard error is thrown away: it may hold anything.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
#pragma once

#include "aws/credential_source.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

/// The words of a command as a POSIX shell quotes them, and nothing else of a shell: no variables, no
/// patterns, no pipes (as Python's shlex.split, which botocore uses). nullopt where a quote is not closed.
std::optional<std::vector<std::string>> split_command(std::string_view command);

struct CommandLimits {
  /// Until it has ended.
  Milliseconds timeout{};
  std::size_t output_bytes_max = 0;
};

struct CommandResult {
  /// Its exit status; 128 and the signal's number where one ended it.
  int status = 0;
  Secret output;
};

/// `arguments` is not empty; the program is looked up in PATH. Its standard input is empty.
/// unusable_credentials: it cannot be started, takes too long, or says too much.
boost::asio::awaitable<Result<CommandResult>> run_command(
    std::vector<std::string> arguments, const std::map<std::string, std::string>& environment,
    CommandLimits limits);

/// `command`: of `profile`.
boost::asio::awaitable<Result<FoundCredentials>> process_credentials(const SourceParts& parts,
                                                                     std::string profile,
                                                                     std::string command);

}  // namespace skymarshal::aws
