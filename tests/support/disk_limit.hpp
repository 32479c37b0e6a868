// While it lives, no file of this process grows beyond a size: the disk is full, as far as our code can see.
#pragma once

#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <sys/resource.h>

namespace skymarshal::test {

class DiskLimit {
 public:
  explicit DiskLimit(std::uint64_t file_bytes_max) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    if (::getrlimit(RLIMIT_FSIZE, &before_) != 0) throw std::runtime_error("no limit to read");
    const rlimit now{file_bytes_max, before_.rlim_max};
    if (::setrlimit(RLIMIT_FSIZE, &now) != 0) throw std::runtime_error("no limit to set");
  }
  ~DiskLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  DiskLimit(const DiskLimit&) = delete;
  DiskLimit& operator=(const DiskLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace skymarshal::test
