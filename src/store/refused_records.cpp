#include "store/refused_records.hpp"

#include "store/outbox_record.hpp"

#include <span>
#include <system_error>
#include <utility>

namespace skymarshal::store {

RefusedRecords::RefusedRecords(std::filesystem::path path, std::uint64_t bytes_max)
    : path_(std::move(path)), bytes_max_(bytes_max) {}

Result<void> RefusedRecords::open() {
  std::error_code unknown;
  const bool is_missing = !std::filesystem::exists(path_, unknown) && !unknown;
  return is_missing ? Result<void>() : open_or_make();
}

Result<void> RefusedRecords::keep(const RequestId& request, const std::string& record) {
  if (auto opened = open_or_make(); !opened) return opened;
  // Whoever looks for what a dead gateway left comes upon it again and again.
  if (requests_.contains(request)) return {};
  if (file_->bytes() + OutboxFile::frame_bytes(record.size()) > bytes_max_) {
    return make_error(Errc::store_unavailable, "the file of refused records is full");
  }
  auto appended = file_->append(std::span(&record, 1));
  if (appended) requests_.insert(request);
  size_ = file_->size();
  return appended;
}

Result<void> RefusedRecords::open_or_make() {
  if (file_) return {};
  auto opened = OutboxFile::open(path_);
  if (!opened) return opened.error();
  for (std::size_t number = 0; number < opened->size(); ++number) {
    const auto bytes = opened->record(number);
    if (!bytes) return bytes.error();
    if (const auto record = decode_record(*bytes)) requests_.insert(interaction_of(*record).request_id);
  }
  file_.emplace(*std::move(opened));
  size_ = file_->size();
  return {};
}

}  // namespace skymarshal::store
