#include "app/store_command.hpp"

#include "app/tables_client.hpp"
#include "base/log.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

namespace skymarshal::app {
namespace {

using cli::ExitCode;
using Reports = dynamodb::Result<std::vector<dynamodb::TableReport>>;

constexpr std::string_view permissions_to_check = "dynamodb:DescribeTable and dynamodb:DescribeTimeToLive";
constexpr std::string_view permissions_to_create = "dynamodb:CreateTable and dynamodb:UpdateTimeToLive";

ExitCode complain(const std::string& message, ExitCode code) {
  cli::print_error(message);
  return code;
}

ExitCode explain(const dynamodb::Error& error, const http::Endpoint& endpoint, bool creates) {
  if (error.message.find("AccessDenied") != std::string::npos) {
    return complain(
        fmt::format("{}\nThe credentials need {}{}{} on the tables.", error.message, permissions_to_check,
                    creates ? ", and " : "", creates ? permissions_to_create : ""),
        ExitCode::not_allowed);
  }
  if (error.kind == dynamodb::ErrorKind::unavailable) {
    return complain(fmt::format("DynamoDB at {}://{} does not do it: {}", endpoint.scheme,
                                endpoint.authority(), error.message),
                    ExitCode::no_connection);
  }
  return complain(error.message, ExitCode::failed);
}

/// One line a table, and one for each thing that is wrong with it.
ExitCode print_reports(const std::vector<dynamodb::TableReport>& reports) {
  bool all_fit = true;
  for (const dynamodb::TableReport& report : reports) {
    const std::string_view state = !report.problems.empty() ? "look at it"
                                   : report.was_created     ? "made"
                                                            : "fits";
    fmt::print("{}: {}\n", report.table, state);
    for (const std::string& problem : report.problems) fmt::print("  {}\n", problem);
    all_fit = all_fit && report.problems.empty();
  }
  return all_fit ? ExitCode::done : ExitCode::failed;
}

}  // namespace

ExitCode run_store(const cli::StoreCommand& command, const cli::Environment& environment) {
  const auto loaded = cli::read_settings(command.settings, environment, settings::used_by_store);
  if (!loaded) return complain(loaded.error().message, ExitCode::usage);
  const settings::Settings& settings = loaded->values;
  const SystemClock clock;
  SystemRandom random;
  Logger log({.level = LogLevel::off}, clock);
  const RefreshParts parts{clock, random, log};
  const auto aws = AwsAccess::open(settings, environment, parts);
  if (!aws) return complain(aws.error().message, ExitCode::usage);
  const auto client =
      open_tables_client(settings, **aws, clock, random, settings.get<"dynamodb_timeout_ms">());
  if (!client) return complain(client.error().message, ExitCode::failed);

  const bool creates = command.action == cli::StoreCommand::Action::init;
  boost::asio::io_context io;
  const dynamodb::TableNames names = table_names(settings);
  auto work = creates ? dynamodb::create_tables(**client, names) : dynamodb::check_tables(**client, names);
  auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
  io.run();
  const Reports reports = done.get();
  if (!reports) return explain(reports.error(), tables_endpoint(settings, **aws), creates);
  const ExitCode code = print_reports(*reports);
  if (settings.get<"store">() != "dynamodb") {
    fmt::print(
        "store is {}: a gateway uses these tables with store = dynamodb, and the last of them with "
        "rate_limit_store = dynamodb\n",
        settings.get<"store">());
  }
  return code;
}

}  // namespace skymarshal::app
