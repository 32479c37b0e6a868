// The records of an outbox's file and whose they are: which of them may be given to its store next, so that
// those of one session keep their order and nobody waits for another's. Belongs to one thread.
#pragma once

#include "base/id.hpp"
#include "store/outbox_file.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace skymarshal::store {

class WaitingRecords {
 public:
  /// Ascending, in the order in which they came; of this process.
  using Number = std::uint64_t;

  struct Name {
    RequestId request_id;
    SessionId session_id;
  };

  /// Reads whose they are.
  static Result<WaitingRecords> open(OutboxFile file);

  bool empty() const { return places_.empty(); }
  std::size_t size() const { return places_.size(); }
  /// Of the file.
  std::uint64_t file_bytes() const { return file_.bytes(); }
  /// The number of the next one that comes.
  Number end() const { return end_; }
  bool any_before(Number number) const { return !empty() && places_.front().number < number; }
  bool any_of(const SessionId& session) const { return of_session_.contains(session); }

  /// All or none, durable when this returns. As many names as records.
  Result<void> append(const std::vector<std::string>& records, const std::vector<Name>& names);

  /// The oldest that is not under way and has none of its session before it: it is under way from now on.
  /// Nullopt: there is none just now.
  std::optional<Number> begin_next();
  Result<std::string> record(Number number) const;
  std::optional<Number> find(const RequestId& id) const;
  /// It waits no longer. A crash may undo this until sync(). After a failure it may wait still.
  Result<void> take(Number number);
  /// It is no longer under way, and waits.
  void give_back(Number number);
  Result<void> sync();

 private:
  struct Place {
    Number number;
    /// Unset where the record cannot be read.
    std::optional<Name> name;
    bool is_under_way = false;
  };

  explicit WaitingRecords(OutboxFile file) : file_(std::move(file)) {}
  void add(std::optional<Name> name);
  std::size_t index_of(Number number) const;

  OutboxFile file_;
  /// As many as the file has, in its order.
  std::deque<Place> places_;
  std::unordered_map<SessionId, std::size_t> of_session_;
  Number end_ = 0;
  bool has_unsynced_ = false;
};

}  // namespace skymarshal::store
