#include "auth/key_store.hpp"

#include "auth/key_file_access.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

}  // namespace

/// Never changed once it is seen by others.
struct KeyStore::Table {
  std::unordered_map<std::string, Key, TextHash, std::equal_to<>> keys;

  std::size_t count_usable(WallTime now) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(keys, [now](const auto& each) { return !each.second.has_ended(now); }));
  }
};

Result<std::unique_ptr<KeyStore>> KeyStore::open(std::string path, const Parts& parts) {
  std::unique_ptr<KeyStore> store(new KeyStore(std::move(path), parts));
  store->seen_ = stamp_of_file(store->path_);
  if (auto loaded = store->load(); !loaded) return loaded.error();
  if (store->table()->count_usable(parts.clock.wall_now()) == 0) {
    return make_error(Errc::invalid_request,
                      fmt::format("the key file '{}' holds no key that is valid: make one with 'skymarshal "
                                  "keys add'",
                                  store->path_));
  }
  return store;
}

KeyStore::KeyStore(std::string path, const Parts& parts)
    : path_(std::move(path)),
      clock_(parts.clock),
      log_(parts.log),
      decoy_(make_secret(parts.random)),
      table_(std::make_shared<const Table>()) {}

KeyStore::~KeyStore() = default;

std::shared_ptr<const KeyStore::Table> KeyStore::table() const {
  const MutexLock lock(mutex_);
  return table_;
}

std::shared_ptr<const Key> KeyStore::find(std::string_view access_key_id) const {
  const auto now_valid = table();
  const auto found = now_valid->keys.find(access_key_id);
  if (found == now_valid->keys.end() || found->second.has_ended(clock_.wall_now())) return nullptr;
  return {now_valid, &found->second};
}

std::size_t KeyStore::size() const { return table()->keys.size(); }

void KeyStore::reload_if_changed() {
  // Before it is read: what changes while it is read is seen at the next look.
  const auto stamp = stamp_of_file(path_);
  const bool has_changed = stamp != seen_;
  if (!has_changed && !try_again_) return;
  seen_ = stamp;
  const auto before = table();
  const auto loaded = load();
  // A shortage of the moment ends without a change of the file.
  try_again_ = !loaded && loaded.error().code == Errc::store_unavailable;
  if (has_changed) reported_error_.clear();
  report(loaded, *before);
}

Result<void> KeyStore::load() {
  auto keys = read_key_file(path_);
  if (!keys) return keys.error();
  auto fresh = std::make_shared<Table>();
  fresh->keys.reserve(keys->size());
  for (Key& key : *keys) {
    std::string id = key.access_key_id;
    fresh->keys.emplace(std::move(id), std::move(key));
  }
  const MutexLock lock(mutex_);
  table_ = std::move(fresh);
  return {};
}

void KeyStore::report(const Result<void>& loaded, const Table& before) {
  if (!loaded) {
    // One line a change, not one a look.
    if (loaded.error().message == reported_error_) return;
    reported_error_ = loaded.error().message;
    log_.error("keys_not_reloaded", {{"error_message", std::string_view(reported_error_)},
                                     {"keys_kept", static_cast<std::int64_t>(before.keys.size())}});
    return;
  }
  const auto now = table();
  const auto is_new = [&before](const auto& each) { return !before.keys.contains(each.first); };
  const auto added = std::ranges::count_if(now->keys, is_new);
  const auto count = static_cast<std::int64_t>(now->keys.size());
  const auto removed = static_cast<std::int64_t>(before.keys.size()) + added - count;
  const auto usable = static_cast<std::int64_t>(now->count_usable(clock_.wall_now()));
  log_.write(usable == 0 ? LogLevel::warning : LogLevel::info, "keys_reloaded",
             {{"keys", count}, {"valid", usable}, {"added", std::int64_t{added}}, {"removed", removed}});
}

}  // namespace skymarshal::auth
