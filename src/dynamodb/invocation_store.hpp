// Invocations in DynamoDB, shared by any number of gateways. Contract: invocations/invocation_store.hpp. Safe
// to use from any thread; results arrive on the caller's executor, which does the work. What ends an
// invocation is its interaction, put into its session with all that the end has to say; its head follows, and
// whoever finds the one without the other brings it after.
#pragma once

#include "dynamodb/invocation_table.hpp"
#include "dynamodb/session_table.hpp"
#include "dynamodb/table_access.hpp"
#include "invocations/invocation_store.hpp"

#include <memory>

namespace skymarshal::dynamodb {

class InvocationStore final : public invocations::InvocationStore {
 public:
  template <typename T>
  using Answer = boost::asio::awaitable<skymarshal::Result<T>>;

  explicit InvocationStore(std::shared_ptr<TableAccess> access);

  Answer<invocations::BeginOutcome> begin(invocations::InvocationRecord record) override;
  Answer<bool> start(RequestId id, Principal owner) override;
  Answer<bool> append(RequestId id, Principal owner, invocations::JournalBatch batch) override;
  Answer<invocations::FinishOutcome> finish(invocations::FinishedInvocation finished) override;
  Answer<void> withdraw(RequestId id, SessionId session, Principal owner) override;
  Answer<std::optional<invocations::InvocationHead>> claimant(Principal owner, std::string key) override;
  Answer<invocations::StoredJournal> read(RequestId id, Principal principal, std::uint64_t after) override;
  Answer<invocations::InvocationPage> list(Principal principal,
                                           std::optional<invocations::InvocationState> state,
                                           invocations::PageRequest page) override;
  Answer<std::vector<invocations::InvocationRecord>> open_ones(std::string runner) override;
  /// Looks at the whole table: chunks and claims go by themselves when their time has come.
  Answer<std::size_t> remove_old_journals() override;

 private:
  /// Of one that has not ended, and is the owner's; nullopt for all else.
  Answer<std::optional<InvocationItem>> find_open(RequestId id, Principal owner);
  Answer<bool> end_as(const InvocationItem& invocation, SessionTable::Saved saved);
  Answer<bool> end_it(InvocationTable::End& end);
  Answer<void> remove_unkept(const InvocationItem& invocation);
  Answer<invocations::FinishOutcome> ended_before(const InvocationItem& invocation);
  Answer<invocations::FinishOutcome> correct(const InvocationItem& invocation,
                                             invocations::FinishedInvocation finished);
  Answer<invocations::StoredJournal> add_chunks(InvocationItem invocation, std::uint64_t after,
                                                invocations::StoredJournal journal);
  Answer<void> add_end(const InvocationItem& invocation, invocations::StoredJournal& journal);

  const std::shared_ptr<TableAccess> access_;
  InvocationTable invocations_;
  SessionTable sessions_;
};

}  // namespace skymarshal::dynamodb
