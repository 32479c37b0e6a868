#include "agents/ops/problems.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::ops {

void Problems::add(std::string_view file, std::size_t line, std::string_view column,
                   std::string_view problem) {
  const std::string_view separator = column.empty() ? "" : ": ";
  add_line(fmt::format("{}:{}: {}{}{}", file, line, column, separator, problem));
}

void Problems::add_file(std::string_view file, std::string_view problem) {
  add_line(fmt::format("{}: {}", file, problem));
}

void Problems::add_line(std::string_view line) {
  ++count_;
  if (count_ > named_max) return;
  if (!lines_.empty()) lines_ += '\n';
  lines_ += line;
}

Error Problems::as_error() const {
  std::string message = lines_;
  if (count_ > named_max) message += fmt::format("\nand {} more", count_ - named_max);
  return make_error(Errc::invalid_request, std::move(message));
}

}  // namespace skymarshal::agents::ops
