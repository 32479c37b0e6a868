// The commands that need no server of their own, as functions: each runs to its end and says how it went.
// They write to standard output and error, and nothing of theirs outlives them.
#pragma once

#include "cli/cli.hpp"
#include "cli/exit_codes.hpp"
#include "settings/settings.hpp"

#include <map>
#include <string>

namespace skymarshal::cli {

/// The process's variables by name.
using Environment = std::map<std::string, std::string>;

ExitCode run_config(const ConfigCommand& command, const Environment& environment);
ExitCode run_invoke(const InvokeCommand& command, const Environment& environment);
ExitCode run_invocations(const InvocationsCommand& command, const Environment& environment);
ExitCode run_sessions(const SessionsCommand& command, const Environment& environment);
ExitCode run_ops_import(const OpsImportCommand& command, const Environment& environment);
ExitCode run_ops_show(const OpsShowCommand& command, const Environment& environment);

/// Reads the file and the environment and puts them under the flags, for the command that `use` names.
Result<settings::LoadedSettings> read_settings(const SettingArguments& arguments,
                                               const Environment& environment, settings::SettingUse use);
/// One line, or more, on standard error.
void print_error(const std::string& message);

}  // namespace skymarshal::cli
