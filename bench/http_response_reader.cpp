#include "http_response_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace skymarshal::bench {
namespace {

constexpr std::size_t head_bytes_max = std::size_t{32} * 1024;

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return lowered;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool read_number(std::string_view text, int base, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void HttpResponseReader::reset() {
  part_ = Part::head;
  status_code_ = 0;
  keeps_alive_ = true;
  is_chunked_ = false;
  has_length_ = false;
  remaining_ = 0;
  content_type_.clear();
  body_.clear();
}

HttpResponseReader::Status HttpResponseReader::advance(std::string& input) {
  std::size_t consumed = 0;
  bool broken = false;
  while (part_ != Part::done && !broken) {
    const std::string_view unread = std::string_view(input).substr(consumed);
    if (part_ == Part::fixed_body || part_ == Part::chunk_data) {
      if (unread.empty()) break;
      consumed += take_body_bytes(unread);
      continue;
    }
    const std::string_view mark = part_ == Part::head ? "\r\n\r\n" : "\r\n";
    const std::size_t end = unread.find(mark);
    if (end == std::string_view::npos) {
      broken = unread.size() > head_bytes_max;
      break;
    }
    broken = part_ == Part::head ? !take_head(unread.substr(0, end)) : !take_line(unread.substr(0, end));
    consumed += end + mark.size();
  }
  input.erase(0, consumed);
  if (broken) return Status::broken;
  return part_ == Part::done ? Status::complete : Status::need_more;
}

bool HttpResponseReader::take_head(std::string_view head) {
  const std::size_t first_end = std::min(head.find("\r\n"), head.size());
  std::size_t code = 0;
  const std::string_view first = head.substr(0, first_end);
  if (!first.starts_with("HTTP/1.1 ") || first.size() < 12) return false;
  if (!read_number(first.substr(9, 3), 10, code)) return false;
  status_code_ = static_cast<int>(code);
  std::string_view rest = head.substr(first_end);
  while (rest.starts_with("\r\n")) {
    rest.remove_prefix(2);
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    if (!take_header(lower_case(line.substr(0, colon)), trimmed(line.substr(colon + 1)))) return false;
  }
  if (is_chunked_ == has_length_) return false;
  part_ = is_chunked_ ? Part::chunk_size : remaining_ > 0 ? Part::fixed_body : Part::done;
  return true;
}

bool HttpResponseReader::take_header(std::string_view name, std::string_view value) {
  if (name == "content-length") {
    has_length_ = true;
    return read_number(value, 10, remaining_);
  }
  if (name == "transfer-encoding") is_chunked_ = lower_case(value) == "chunked";
  if (name == "connection") keeps_alive_ = lower_case(value) != "close";
  if (name == "content-type") content_type_ = value;
  return true;
}

bool HttpResponseReader::take_line(std::string_view line) {
  switch (part_) {
    case Part::chunk_size:
      return take_chunk_size(line);
    case Part::chunk_end:
      part_ = Part::chunk_size;
      return line.empty();
    case Part::trailer:
      if (line.empty()) part_ = Part::done;
      return true;
    case Part::head:
    case Part::fixed_body:
    case Part::chunk_data:
    case Part::done:
      return false;
  }
  return false;
}

bool HttpResponseReader::take_chunk_size(std::string_view line) {
  if (!read_number(trimmed(line.substr(0, line.find(';'))), 16, remaining_)) return false;
  part_ = remaining_ > 0 ? Part::chunk_data : Part::trailer;
  return true;
}

std::size_t HttpResponseReader::take_body_bytes(std::string_view bytes) {
  const std::size_t taken = std::min(bytes.size(), remaining_);
  body_.append(bytes.substr(0, taken));
  remaining_ -= taken;
  if (remaining_ == 0) part_ = part_ == Part::fixed_body ? Part::done : Part::chunk_end;
  return taken;
}

}  // namespace skymarshal::bench
