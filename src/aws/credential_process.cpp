#include "aws/credential_process.hpp"

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "net/deadline.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

namespace asio = boost::asio;

/// How often a program that has closed its output is looked at until it has ended, which is at once.
constexpr Milliseconds exit_look_interval{5};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The attributes and the descriptors of a child that inherits nothing: a process group of its own, no
/// blocked or ignored signals, an empty input, its output to us, its errors to nobody.
class SpawnSetup {
 public:
  explicit SpawnSetup(int output) {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // Sockets of ours are among what it would get, and it may live on.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  const posix_spawnattr_t* attributes() const { return &attributes_; }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

/// A program under way. If it has not ended by then it ends with this, and so does what it started and left
/// in its group.
class Child {
 public:
  static FileResult<Child> start(std::vector<std::string> arguments,
                                 const std::map<std::string, std::string>& environment) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
      return boost::system::error_code(errno, boost::system::system_category());
    File output(ends[0]);
    const File input(ends[1]);
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) variables.push_back(fmt::format("{}={}", name, value));
    const std::vector<char*> argument_pointers = pointers_to(arguments);
    const std::vector<char*> variable_pointers = pointers_to(variables);
    const SpawnSetup setup(input.descriptor());
    pid_t process = 0;
    const int failure =
        ::posix_spawnp(&process, arguments.front().c_str(), setup.actions(), setup.attributes(),
                       argument_pointers.data(), variable_pointers.data());
    if (failure != 0) return boost::system::error_code(failure, boost::system::system_category());
    return Child(process, std::move(output));
  }

  Child(Child&& other) noexcept
      : process_(std::exchange(other.process_, 0)), output_(std::move(other.output_)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (process_ == 0) return;
    ::kill(-process_, SIGKILL);
    // It cannot refuse that, so this does not wait for anything it does.
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// The caller closes it. Negative where no more files can be open.
  int take_output() const { return ::fcntl(output_.descriptor(), F_DUPFD_CLOEXEC, 0); }

  /// Its status as of CommandResult, once it has ended.
  std::optional<int> status() {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended == 0) return std::nullopt;
    process_ = 0;
    if (ended < 0) return 0;
    constexpr int of_signal = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : of_signal + WTERMSIG(status);
  }

 private:
  Child(pid_t process, File output) : process_(process), output_(std::move(output)) {}

  /// And its group's; 0 once its end has been heard of.
  pid_t process_;
  File output_;
};

Error process_failed(const std::string& profile, std::string_view what) {
  return unusable_credentials(
      fmt::format("credential_process of profile {} {}: run it by hand to see what it says", profile, what));
}

}  // namespace

std::optional<std::vector<std::string>> split_command(std::string_view command) {
  constexpr std::string_view space = " \t\r\n";
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == '\0' && space.find(c) != std::string_view::npos) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (!word) word.emplace();
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (i + 1 == command.size()) return std::nullopt;
      const char next = command[++i];
      // Between double quotes it stands for itself before anything but these two.
      if (quote == '"' && next != '"' && next != '\\') *word += c;
      *word += next;
    } else {
      *word += c;
    }
  }
  if (quote != '\0') return std::nullopt;
  if (word) words.push_back(*std::move(word));
  return words;
}

asio::awaitable<Result<CommandResult>> run_command(std::vector<std::string> arguments,
                                                   const std::map<std::string, std::string>& environment,
                                                   CommandLimits limits) {
  const auto executor = co_await asio::this_coro::executor;
  auto started = Child::start(std::move(arguments), environment);
  if (!started) {
    co_return unusable_credentials(fmt::format("cannot be started ({})", started.error().message()));
  }
  Child child = *std::move(started);
  const int descriptor = child.take_output();
  if (descriptor < 0) co_return unusable_credentials("cannot be started, as too many files are open");
  asio::posix::stream_descriptor output(executor, descriptor);
  bool is_late = false;
  asio::steady_timer pause(executor);
  net::Deadline deadline(executor, [&] {
    is_late = true;
    boost::system::error_code ignored;
    output.close(ignored);
    pause.cancel();
  });
  deadline.expires_after(limits.timeout);

  std::string said;
  std::array<char, 4096> piece{};
  boost::system::error_code ended;
  while (!ended && said.size() <= limits.output_bytes_max) {
    const auto room = asio::buffer(piece);
    const auto [error, bytes] = co_await output.async_read_some(room, asio::as_tuple(asio::use_awaitable));
    said.append(piece.data(), bytes);
    ended = error;
  }
  CommandResult result{0, Secret(std::move(said))};
  if (result.output.reveal().size() > limits.output_bytes_max) {
    co_return unusable_credentials(fmt::format("says more than {} bytes", limits.output_bytes_max));
  }
  std::optional<int> status = child.status();
  while (!status && !is_late) {
    pause.expires_after(exit_look_interval);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    status = child.status();
  }
  if (is_late || !status) {
    co_return unusable_credentials(
        fmt::format("has not ended within {} s", std::chrono::duration<double>(limits.timeout).count()));
  }
  result.status = *status;
  co_return result;
}

asio::awaitable<Result<FoundCredentials>> process_credentials(const SourceParts& parts, std::string profile,
                                                              std::string command) {
  auto arguments = split_command(command);
  if (!arguments || arguments->empty())
    co_return process_failed(profile, "is empty, or a quote in it is not closed");
  const CommandLimits limits{parts.limits.process_timeout, parts.limits.process_output_bytes_max};
  const auto done = co_await run_command(*std::move(arguments), parts.configuration.environment(), limits);
  if (!done) co_return process_failed(profile, done.error().message);
  if (done->status != 0) co_return process_failed(profile, fmt::format("ended with status {}", done->status));
  std::string text(done->output.reveal());
  const std::string_view json = pad_json(text);
  if (!validate_json(json) || json_kind(json) != JsonKind::object) {
    co_return process_failed(profile, "does not print a JSON object");
  }
  const auto version = json_object(json).find("Version", JsonKind::number);
  if (!version || trim(*version, json_space) != "1") {
    co_return process_failed(profile, "does not print credentials of Version 1");
  }
  co_return read_credentials(json, {}, fmt::format("credential_process of profile {}", profile));
}

}  // namespace skymarshal::aws
