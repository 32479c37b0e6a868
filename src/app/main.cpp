#include "app/run_command.hpp"
#include "cli/cli.hpp"

#include <exception>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

skymarshal::cli::Environment read_environment() {
  skymarshal::cli::Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto command = skymarshal::cli::parse_command_line(arguments);
    return static_cast<int>(skymarshal::app::run_command(command, read_environment()));
  } catch (const std::exception& bug) {
    skymarshal::cli::print_error(bug.what());
    return static_cast<int>(skymarshal::cli::ExitCode::failed);
  }
}
