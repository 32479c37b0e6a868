// What is asked of the table of sessions, one method a question. None needs a transaction: each write is
// conditional, every step may come twice, and after whichever step a process dies, the next to come finds out
// how far it was. Shared by all threads. Knows times by its access alone.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "dynamodb/session_items.hpp"
#include "dynamodb/table_access.hpp"
#include "invocations/session_store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::dynamodb {

class SessionTable {
 public:
  template <typename T>
  using Answer = boost::asio::awaitable<skymarshal::Result<T>>;
  /// Forgets what a request left in other tables, as its session is erased.
  using Forget = std::function<Answer<void>(RequestId)>;

  SessionTable(std::shared_ptr<TableAccess> access, Forget forget)
      : access_(std::move(access)), forget_(std::move(forget)) {}

  /// As it is now; nullopt if there is none. What is left of one that is being erased is erased first.
  Answer<std::optional<SessionHead>> find(SessionId id);

  struct Claimed {
    invocations::Session session;
    bool was_made = false;
  };
  /// As SessionStore::claim. `opens`: a request whose end will be counted, from now on among the open ones.
  Answer<Claimed> claim(SessionId id, Principal principal, std::optional<RequestId> opens);
  /// As SessionStore::create.
  Answer<invocations::Session> create(SessionId id, Principal owner);
  /// Takes an open request back; and a session that was made for it, if nothing else has come to it.
  Answer<void> take_back(Claimed claimed, RequestId request);

  /// Beside an interaction, what its invocation has to know after a crash. Empty of one that is not kept.
  struct Ending {
    std::string text = {};
    std::int64_t last_chunk = 0;
    /// Of the turn in which it came; 0 if it had none.
    std::int64_t turn = 0;
    /// The run never reached the runtime: its claim is free.
    bool releases_claim = false;
    /// Told by another than the one that ran it, who may have died between two steps of telling it itself.
    bool by_another = false;
  };
  struct Saved {
    invocations::Interaction interaction;
    Ending ending;
    /// False: the request had its interaction before, which is this one.
    bool is_new = true;
  };
  /// As SessionStore::save: puts it into its session, makes that where there is none, counts it once.
  Answer<Saved> save(invocations::Interaction interaction, Ending ending);

  /// What the interaction at that time says; it stays where it is. False if it is another request's.
  Answer<bool> replace(invocations::Interaction interaction, Ending ending);

  /// Who wants a session's turn, and until when it has it at most.
  struct TurnWish {
    RequestId request;
    /// Who has it then: one process, and not whoever starts again under its name.
    std::string runner;
    std::int64_t until_ms = 0;
    /// A holder that is known to be dead.
    std::string dead_holder = "nobody";
  };
  /// Gives whose the turn is then: the wish's own, unless somebody else of another gateway has it. None if
  /// there is no such session of the owner's. Who has the turn is among the open requests from then on.
  Answer<std::optional<HeldTurn>> take_turn(SessionId id, Principal owner, TurnWish wish);
  Answer<void> give_turn_back(SessionId id, RequestId request);

  /// The one of a request at that time, whole; nullopt if there is none.
  Answer<std::optional<Saved>> read(SessionId id, std::int64_t timestamp_ms);

  struct Page {
    std::vector<invocations::Interaction> interactions;
    bool has_more = false;
  };
  /// Those of this session behind that time, oldest first. What is left of an earlier one of its id, whose
  /// head TTL took, is none of them, least of all where it was another principal's.
  Answer<Page> interactions(invocations::Session session, std::int64_t after_ms, std::size_t limit);

  struct ListRange {
    Principal owner;
    /// Bounds of the last activity, both included.
    std::int64_t activity_min_ms = 0;
    std::int64_t activity_max_ms = 0;
    /// The last one of the page before.
    std::optional<std::pair<std::int64_t, SessionId>> behind = {};
    std::size_t limit = 0;
  };
  /// Newest activity first.
  Answer<std::vector<invocations::Session>> list(ListRange range);

  /// With all that is in it. False: `owner` has no such session.
  Answer<bool> erase(SessionId id, Principal owner);
  /// All whose last activity was before that; returns how many. Looks at every item of the table.
  Answer<std::size_t> erase_older(std::int64_t before_ms);

  /// Writes as a save does.
  Answer<void> probe();

 private:
  struct Found {
    std::optional<SessionHead> head;
    /// Of the request's interaction, if it has one.
    std::optional<std::int64_t> place_ms;
  };
  struct FreeTime {
    std::int64_t timestamp_ms = 0;
    /// What stands there is the request's own.
    bool is_taken_by_it = false;
  };

  Answer<std::optional<SessionHead>> read_any(SessionId id);
  Answer<Found> look(SessionId id, RequestId request);
  Answer<bool> make(invocations::Session session, Item more);
  Answer<std::optional<SessionHead>> open(SessionId id, Principal owner, RequestId request,
                                          std::int64_t activity_min_ms);
  Answer<Saved> save_first(invocations::Interaction interaction, Ending ending, bool& was_made);
  Answer<Saved> save_into(SessionHead head, invocations::Interaction interaction, Ending ending);
  Answer<Saved> place(invocations::Interaction interaction, Ending ending);
  Answer<Item> whole_item(const invocations::Interaction& interaction, const Ending& ending);
  void add_readable(Item& item, std::string_view response) const;
  Answer<FreeTime> remains_of(SessionId id, RequestId request);
  Answer<FreeTime> put_interaction(const invocations::Interaction& interaction, const Ending& ending);
  Answer<FreeTime> free_time(SessionId id, RequestId request, std::int64_t from_ms);
  Answer<Saved> put_place(Saved placed);
  Answer<void> count(SessionHead head, RequestId request, std::int64_t timestamp_ms);
  Answer<bool> count_from(const SessionHead& head, RequestId request, std::int64_t timestamp_ms);
  Answer<Saved> saved_before(SessionId id, std::int64_t timestamp_ms);
  Answer<void> put_listing(const invocations::Session& session);
  Answer<bool> write_if(Call call);
  Answer<Saved> whole(Item item);
  Answer<std::vector<invocations::Session>> listed(const std::vector<Item>& listings, const Principal& owner);
  Answer<bool> unlist_stale(Item key);
  Answer<bool> mark_erased(SessionId id, std::string condition, Item values);
  Answer<void> finish_erasing(SessionId id);
  Answer<std::vector<Item>> forget_contents(SessionId id);

  const std::shared_ptr<TableAccess> access_;
  const Forget forget_;
};

}  // namespace skymarshal::dynamodb
