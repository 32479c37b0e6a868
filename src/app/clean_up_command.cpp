#include "app/clean_up_command.hpp"

#include "app/aws_access.hpp"
#include "app/stores.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "settings/access_settings.hpp"

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace skymarshal::app {
namespace {

cli::ExitCode refuse_clean_up(const std::string& message, cli::ExitCode code) {
  cli::print_error(message);
  return code;
}

/// Nothing is cleaned up by making it.
bool lacks_its_file(const settings::Settings& settings) {
  std::error_code ignored;  // What cannot be looked at is not there for us.
  return settings.get<"store">() == "sqlite" && !std::filesystem::exists(settings.get<"database">(), ignored);
}

}  // namespace

cli::ExitCode run_clean_up(const cli::CleanUpCommand& command, const cli::Environment& environment) {
  const auto loaded = cli::read_settings(command.settings, environment, settings::used_by_cleanup);
  if (!loaded) return refuse_clean_up(loaded.error().message, cli::ExitCode::usage);
  const settings::Settings& settings = loaded->values;
  const Result<void> choice = settings::check_store_choice(settings);
  if (!choice) return refuse_clean_up(choice.error().message, cli::ExitCode::usage);
  if (lacks_its_file(settings)) {
    return refuse_clean_up(
        fmt::format("there is no database '{}': name it with --database", settings.get<"database">()),
        cli::ExitCode::usage);
  }
  const SystemClock clock;
  SystemRandom random;
  Logger log({}, clock);
  std::unique_ptr<AwsAccess> access;
  const auto aws = [&]() -> Result<AwsAccess*> {
    auto opened = AwsAccess::open(settings, environment, {clock, random, log});
    if (!opened) return opened.error();
    access = *std::move(opened);
    return access.get();
  };
  // Before the store, whose threads hand their results to it.
  boost::asio::io_context io;
  const auto sessions = open_session_store(settings, {aws, clock, random, log});
  if (!sessions) return refuse_clean_up(sessions.error().message, cli::ExitCode::failed);
  std::optional<Result<std::size_t>> removed;
  boost::asio::co_spawn(io, (*sessions)->remove_old(),
                        [&removed](std::exception_ptr failure, Result<std::size_t> count) {
                          if (failure) std::rethrow_exception(failure);
                          removed = std::move(count);
                        });
  io.run();
  if (!*removed) return refuse_clean_up(removed->error().message, cli::ExitCode::failed);
  fmt::print("removed {} session{}\n", **removed, **removed == 1 ? "" : "s");
  return cli::ExitCode::done;
}

}  // namespace skymarshal::app
