#include "app/run_command.hpp"

#include "app/clean_up_command.hpp"
#include "app/serve_command.hpp"
#include "app/store_command.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "cli/keys_command.hpp"

#include <cstdio>
#include <variant>

#include <fmt/format.h>

namespace skymarshal::app {
namespace {

using cli::ExitCode;

struct Run {
  const cli::Environment& environment;

  ExitCode operator()(const cli::ServeCommand& command) const { return run_serve(command, environment); }
  ExitCode operator()(const cli::RuntimeCommand& command) const { return run_runtime(command, environment); }
  ExitCode operator()(const cli::ConfigCommand& command) const { return run_config(command, environment); }
  ExitCode operator()(const cli::InvokeCommand& command) const { return run_invoke(command, environment); }
  ExitCode operator()(const cli::InvocationsCommand& command) const {
    return run_invocations(command, environment);
  }
  ExitCode operator()(const cli::SessionsCommand& command) const {
    return run_sessions(command, environment);
  }
  ExitCode operator()(const cli::CleanUpCommand& command) const { return run_clean_up(command, environment); }
  ExitCode operator()(const cli::StoreCommand& command) const { return run_store(command, environment); }
  ExitCode operator()(const cli::OpsImportCommand& command) const {
    return run_ops_import(command, environment);
  }
  ExitCode operator()(const cli::OpsShowCommand& command) const { return run_ops_show(command, environment); }
  ExitCode operator()(const cli::KeysCommand& command) const {
    const SystemClock clock;
    SystemRandom random;
    return run_keys(command, {clock, random});
  }
  ExitCode operator()(const cli::VersionCommand&) const {
    fmt::print("skymarshal {}\n", SKYMARSHAL_VERSION);
    return ExitCode::done;
  }
  ExitCode operator()(const cli::ShowText& text) const {
    fmt::print(text.is_error ? stderr : stdout, "{}", text.text);
    return text.is_error ? ExitCode::usage : ExitCode::done;
  }
};

}  // namespace

ExitCode run_command(const cli::Command& command, const cli::Environment& environment) {
  return std::visit(Run{environment}, command);
}

}  // namespace skymarshal::app
