#include "cli/api_call.hpp"

#include "cli/gateway_errors.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr Milliseconds answer_timeout{30'000};

ExitCode refuse(const Error& error, ExitCode code) {
  print_error(error.message);
  return code;
}

}  // namespace

ExitCode run_api_call(const ApiCall& call, const Environment& environment) {
  const auto client = GatewayClient::open(call.endpoint, environment);
  if (!client) return refuse(client.error(), ExitCode::usage);
  print_error(client->signing().warning(client->endpoint()));
  const auto response = client->fetch(call.request(*client), answer_timeout);
  if (!response) return refuse(response.error(), exit_code_of(response.error().code));
  if (response->status < 300) {
    fmt::print("{}", call.text(*response));
    return ExitCode::done;
  }
  const GatewayError error = read_gateway_error(*response);
  if (call.json && !error.error_code.empty())
    fmt::print("{}\n", response->body);
  else
    print_error(error_text(error, client->signing().description()));
  return exit_code_of(error);
}

}  // namespace skymarshal::cli
