#include "store/waiting_records.hpp"

#include "store/outbox_record.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace skymarshal::store {

Result<WaitingRecords> WaitingRecords::open(OutboxFile file) {
  WaitingRecords waiting(std::move(file));
  for (std::size_t i = 0; i < waiting.file_.size(); ++i) {
    const auto bytes = waiting.file_.record(i);
    if (!bytes) return bytes.error();
    const auto record = decode_record(*bytes);
    if (record) {
      waiting.add(Name{interaction_of(*record).request_id, interaction_of(*record).session_id});
    } else {
      waiting.add(std::nullopt);
    }
  }
  return waiting;
}

void WaitingRecords::add(std::optional<Name> name) {
  if (name) ++of_session_[name->session_id];
  places_.push_back(Place{end_++, name});
}

Result<void> WaitingRecords::append(const std::vector<std::string>& records, const std::vector<Name>& names) {
  auto appended = file_.append(records);
  if (!appended) return appended;
  for (const Name& name : names) add(name);
  return appended;
}

std::optional<WaitingRecords::Number> WaitingRecords::begin_next() {
  /// Behind so many that wait for others of their session, none is looked for.
  constexpr std::size_t looked_at_max = 4'096;
  std::unordered_set<SessionId> before;
  for (std::size_t i = 0; i < std::min(places_.size(), looked_at_max); ++i) {
    Place& place = places_[i];
    if (!place.is_under_way && !(place.name && before.contains(place.name->session_id))) {
      place.is_under_way = true;
      return place.number;
    }
    if (place.name) before.insert(place.name->session_id);
  }
  return std::nullopt;
}

std::size_t WaitingRecords::index_of(Number number) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(places_, number, {}, &Place::number) -
                                  places_.begin());
}

Result<std::string> WaitingRecords::record(Number number) const { return file_.record(index_of(number)); }

std::optional<WaitingRecords::Number> WaitingRecords::find(const RequestId& id) const {
  const auto place = std::ranges::find_if(
      places_, [&id](const Place& one) { return one.name && one.name->request_id == id; });
  if (place == places_.end()) return std::nullopt;
  return place->number;
}

Result<void> WaitingRecords::take(Number number) {
  const std::size_t index = index_of(number);
  auto taken = file_.take(index);
  has_unsynced_ = true;
  // Taken it is also where the file behind it could not be cut off.
  if (places_.size() == file_.size()) {
    give_back(number);
    return taken;
  }
  const auto place = places_.begin() + static_cast<std::ptrdiff_t>(index);
  if (place->name) {
    const auto count = of_session_.find(place->name->session_id);
    if (--count->second == 0) of_session_.erase(count);
  }
  places_.erase(place);
  return taken;
}

Result<void> WaitingRecords::sync() {
  if (!has_unsynced_) return {};
  auto synced = file_.sync();
  has_unsynced_ = !synced;
  return synced;
}

void WaitingRecords::give_back(Number number) { places_[index_of(number)].is_under_way = false; }

}  // namespace skymarshal::store
