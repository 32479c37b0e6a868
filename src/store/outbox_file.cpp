#include "store/outbox_file.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

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

Error file_error(const boost::system::error_code& error) {
  return make_error(Errc::store_unavailable, fmt::format("the outbox failed ({})", error.message()));
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

/// The system's failure as the outbox's. Every step on the file ends here.
template <typename T>
Result<T> checked(FileResult<T> done) {
  if (!done) return file_error(done.error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(done);
}

Result<void> cut_at(const File& file, std::uint64_t size) {
  if (auto cut = checked(file.resize(size)); !cut) return cut;
  return checked(file.sync_data());
}

}  // namespace

std::uint64_t OutboxFile::frame_bytes(std::size_t record_size) { return head_size + record_size; }

Result<OutboxFile> OutboxFile::open(const std::filesystem::path& path) {
  auto file = File::open(path, O_RDWR | O_CREAT);
  if (!file) return file_error(file.error());
  OutboxFile outbox(*std::move(file));
  if (const auto opened = outbox.lock_and_recover(path); !opened) return opened.error();
  return outbox;
}

Result<void> OutboxFile::lock_and_recover(const std::filesystem::path& path) {
  const auto locked = file_.try_lock();
  if (!locked && locked.error() == boost::system::errc::operation_would_block)
    return make_error(Errc::store_unavailable, "the outbox is in use by another process");
  if (!locked) return file_error(locked.error());
  if (const auto is_private = checked(file_.set_mode(owner_only)); !is_private) return is_private;
  const auto status = checked(file_.status());
  if (!status) return status.error();
  const auto file_size = static_cast<std::uint64_t>(status->st_size);

  const auto start = checked(file_.read_at(0, magic.size()));
  if (!start) return start.error();
  if (!magic.starts_with(*start)) {
    return make_error(Errc::store_unavailable,
                      "the outbox is a file of another program or of a newer SkyMarshal");
  }
  if (*start == magic) return recover_frames(file_size);

  // New, or a crash came before its first line was whole.
  if (auto written = checked(file_.write_at(0, magic)); !written) return written;
  end_ = magic.size();
  if (auto synced = cut_at(file_, end_); !synced) return synced;
  return checked(sync_folder_of(path));
}

Result<void> OutboxFile::recover_frames(std::uint64_t file_size) {
  end_ = magic.size();
  std::uint64_t whole_bytes = magic.size();
  std::uint64_t offset = magic.size();
  while (offset + head_size <= file_size) {
    const auto head = checked(file_.read_at(offset, head_size));
    if (!head) return head.error();
    const std::string_view bytes = *head;
    if (bytes.size() < head_size || crc32(bytes.substr(0, 8)) != read_u32(bytes.substr(8))) break;
    const Frame frame{offset, read_u32(bytes), read_u32(bytes.substr(4))};
    if (frame.size > file_size - offset - head_size) break;

    // The place of the next frame comes from a checked head, never from what a payload holds.
    const auto payload = checked(file_.read_at(offset + head_size, frame.size));
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
    written = checked(file_.write_at(offset, frame_head(frame.size, frame.checksum)));
    if (written) written = checked(file_.write_at(offset + head_size, record));
    if (!written) break;
    offset += frame_bytes(record.size());
  }
  if (written) written = checked(file_.sync_data());
  if (!written) {
    // What was not acknowledged must not stand between this place and later records.
    broken_ = !cut_at(file_, end_);
    return written;
  }
  end_ = offset;
  waiting_.insert(waiting_.end(), added.begin(), added.end());
  return {};
}

Result<std::string> OutboxFile::record(std::size_t number) const {
  const Frame& frame = waiting_[number];
  auto payload = checked(file_.read_at(frame.offset + head_size, frame.size));
  if (!payload) return payload;
  if (crc32(*payload) != frame.checksum) {
    return make_error(Errc::store_unavailable, "a record of the outbox is damaged");
  }
  return payload;
}

Result<void> OutboxFile::take(std::size_t number) {
  const auto frame = waiting_.begin() + static_cast<std::ptrdiff_t>(number);
  const std::uint64_t mark_offset = frame->offset + state_at;
  if (auto marked = checked(file_.write_at(mark_offset, std::string_view(&taken_mark, 1))); !marked)
    return marked;
  waiting_.erase(frame);
  if (!waiting_.empty()) return {};
  if (auto cut = cut_at(file_, magic.size()); !cut) return cut;
  end_ = magic.size();
  broken_ = false;
  return {};
}

Result<void> OutboxFile::sync() { return checked(file_.sync_data()); }

}  // namespace skymarshal::store
