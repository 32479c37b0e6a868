// A child process that reports what was acknowledged to it, one fixed-size line each, until it is killed in
// the middle of its work. Start it only while this process has a single thread.
#pragma once

#include "base/id.hpp"

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace skymarshal::test {

/// Says that the interaction of this request was acknowledged.
using Acknowledge = std::function<void(const RequestId&)>;

/// Runs `work` in a child, kills it as soon as `count` ids have come, and gives all that came.
inline std::vector<RequestId> acknowledged_before_kill(std::size_t count,
                                                       const std::function<void(Acknowledge)>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends[0]);
    const int out = ends[1];
    work([out](const RequestId& id) {
      // A write this small is one piece.
      if (::write(out, id.view().data(), Uuid::length) != static_cast<ssize_t>(Uuid::length)) ::_exit(1);
    });
    ::_exit(0);
  }
  ::close(ends[1]);
  std::vector<RequestId> acknowledged;
  std::string line(Uuid::length, '\0');
  std::size_t filled = 0;
  for (;;) {
    const ssize_t size = ::read(ends[0], line.data() + filled, line.size() - filled);
    if (size <= 0) break;
    filled += static_cast<std::size_t>(size);
    if (filled < line.size()) continue;
    filled = 0;
    acknowledged.push_back(RequestId::parse(line).value());
    if (acknowledged.size() == count) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSIGNALED(status)) throw std::runtime_error("the child ended by itself");
  return acknowledged;
}

}  // namespace skymarshal::test
