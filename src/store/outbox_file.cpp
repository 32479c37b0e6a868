#include "store/outbox_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <boost/crc.hpp>
#include <fmt/format.h>

namespace skymarshal::store {
namespace {

/// The last two characters are the version of the format.
constexpr std::string_view magic = "SKYOBX01";

// A frame: payload size, payload checksum, checksum of those two (each 4 bytes, little-endian), state.
constexpr std::size_t head_size = 13;
constexpr std::size_t state_at = 12;
constexpr char waiting_mark = 'W';
constexpr char taken_mark = 'T';

Error file_error(int error) {
  return make_error(Errc::store_unavailable,
                    fmt::format("the outbox failed ({})", std::generic_category().message(error)));
}

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void append_u32(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((number >> shift) & 0xff);
}

std::uint32_t read_u32(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return number;
}

std::string frame_head(std::uint32_t size, std::uint32_t checksum) {
  std::string head;
  append_u32(head, size);
  append_u32(head, checksum);
  append_u32(head, crc32(head));
  head += waiting_mark;
  return head;
}

/// All of it or an error.
Result<void> write_at(int file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error(errno);
    offset += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// All of it, or less at the end of the file.
Result<std::string> read_at(int file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::pread(file, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> sync_data(int file) {
  if (::fdatasync(file) != 0) return file_error(errno);
  return {};
}

Result<void> cut_at(int file, std::uint64_t size) {
  if (::ftruncate(file, static_cast<off_t>(size)) != 0) return file_error(errno);
  return sync_data(file);
}

/// So that the name of a new file is as durable as its content.
Result<void> sync_folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return file_error(errno);
  const int status = ::fsync(handle);
  const int error = errno;
  ::close(handle);
  if (status != 0) return file_error(error);
  return {};
}

}  // namespace

std::uint64_t OutboxFile::frame_bytes(std::size_t record_size) { return head_size + record_size; }

Result<OutboxFile> OutboxFile::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return file_error(errno);
  OutboxFile outbox(file);
  if (const auto opened = outbox.lock_and_recover(path); !opened) return opened.error();
  return outbox;
}

OutboxFile::OutboxFile(OutboxFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      end_(other.end_),
      dropped_bytes_(other.dropped_bytes_),
      waiting_(std::move(other.waiting_)),
      broken_(other.broken_) {}

OutboxFile::~OutboxFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> OutboxFile::lock_and_recover(const std::filesystem::path& path) {
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    return make_error(Errc::store_unavailable, "the outbox is in use by another process");
  }
  struct stat status = {};
  if (::fchmod(file_, S_IRUSR | S_IWUSR) != 0 || ::fstat(file_, &status) != 0) return file_error(errno);
  const auto file_size = static_cast<std::uint64_t>(status.st_size);

  const auto start = read_at(file_, 0, magic.size());
  if (!start) return start.error();
  if (!magic.starts_with(*start)) {
    return make_error(Errc::store_unavailable,
                      "the outbox is a file of another program or of a newer SkyMarshal");
  }
  if (*start == magic) return recover_frames(file_size);

  // New, or a crash came before its first line was whole.
  if (auto written = write_at(file_, 0, magic); !written) return written;
  end_ = magic.size();
  if (auto synced = cut_at(file_, end_); !synced) return synced;
  return sync_folder_of(path);
}

Result<void> OutboxFile::recover_frames(std::uint64_t file_size) {
  end_ = magic.size();
  std::uint64_t whole_bytes = magic.size();
  std::uint64_t offset = magic.size();
  while (offset + head_size <= file_size) {
    const auto head = read_at(file_, offset, head_size);
    if (!head) return head.error();
    const std::string_view bytes = *head;
    if (bytes.size() < head_size || crc32(bytes.substr(0, 8)) != read_u32(bytes.substr(8))) break;
    const Frame frame{offset, read_u32(bytes), read_u32(bytes.substr(4))};
    if (frame.size > file_size - offset - head_size) break;

    // The place of the next frame comes from a checked head, never from what a payload holds.
    const auto payload = read_at(file_, offset + head_size, frame.size);
    if (!payload) return payload.error();
    offset += frame_bytes(frame.size);
    if (crc32(*payload) != frame.checksum) continue;
    end_ = offset;
    whole_bytes += frame_bytes(frame.size);
    if (bytes[state_at] != taken_mark) waiting_.push_back(frame);
  }
  dropped_bytes_ = file_size - whole_bytes;
  if (waiting_.empty()) end_ = magic.size();
  if (end_ == file_size) return {};
  return cut_at(file_, end_);
}

Result<void> OutboxFile::append(std::span<const std::string> records) {
  if (broken_) return make_error(Errc::store_unavailable, "the outbox failed before: it takes no more");
  std::deque<Frame> added;
  std::uint64_t offset = end_;
  Result<void> written;
  for (const std::string& record : records) {
    if (record.size() > std::numeric_limits<std::uint32_t>::max()) {
      written = make_error(Errc::store_unavailable, "the record is too large for the outbox");
      break;
    }
    const Frame frame{offset, static_cast<std::uint32_t>(record.size()), crc32(record)};
    added.push_back(frame);
    written = write_at(file_, offset, frame_head(frame.size, frame.checksum));
    if (written) written = write_at(file_, offset + head_size, record);
    if (!written) break;
    offset += frame_bytes(record.size());
  }
  if (written) written = sync_data(file_);
  if (!written) {
    // What was not acknowledged must not stand between this place and later records.
    broken_ = !cut_at(file_, end_);
    return written;
  }
  end_ = offset;
  waiting_.insert(waiting_.end(), added.begin(), added.end());
  return {};
}

Result<std::string> OutboxFile::front() const {
  const Frame& frame = waiting_.front();
  auto payload = read_at(file_, frame.offset + head_size, frame.size);
  if (!payload) return payload;
  if (crc32(*payload) != frame.checksum) {
    return make_error(Errc::store_unavailable, "a record of the outbox is damaged");
  }
  return payload;
}

Result<void> OutboxFile::pop() {
  const std::uint64_t mark_offset = waiting_.front().offset + state_at;
  if (auto marked = write_at(file_, mark_offset, std::string_view(&taken_mark, 1)); !marked) return marked;
  waiting_.pop_front();
  if (!waiting_.empty()) return {};
  if (auto cut = cut_at(file_, magic.size()); !cut) return cut;
  end_ = magic.size();
  broken_ = false;
  return {};
}

Result<void> OutboxFile::sync() { return sync_data(file_); }

}  // namespace skymarshal::store
