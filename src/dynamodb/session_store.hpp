// Sessions in DynamoDB, shared by any number of gateways. Contract: invocations/session_store.hpp. Safe to
// use from any thread; results arrive on the caller's executor, which does the work. Items go by themselves
// when their time has come (TTL): remove_old() looks at the whole table, and is for an operator who cannot
// wait.
#pragma once

#include "dynamodb/session_table.hpp"
#include "dynamodb/table_access.hpp"
#include "invocations/session_store.hpp"

#include <memory>

namespace skymarshal::dynamodb {

class SessionStore final : public invocations::SessionStore {
 public:
  template <typename T>
  using Answer = boost::asio::awaitable<skymarshal::Result<T>>;

  explicit SessionStore(std::shared_ptr<TableAccess> access);

  Answer<invocations::Session> create(SessionId id, Principal owner) override;
  Answer<invocations::Session> claim(SessionId id, Principal principal) override;
  Answer<invocations::SaveOutcome> save(invocations::Interaction interaction) override;
  Answer<invocations::SessionPage> list(Principal principal, invocations::SessionFilter filter,
                                        invocations::PageRequest page) override;
  Answer<invocations::SessionHistory> history(SessionId id, Principal principal,
                                              invocations::PageRequest page) override;
  Answer<void> erase(SessionId id, Principal principal) override;
  Answer<std::size_t> remove_old() override;
  Answer<void> probe() override;

 private:
  bool is_expired(const invocations::Session& session) const;

  const std::shared_ptr<TableAccess> access_;
  SessionTable table_;
};

}  // namespace skymarshal::dynamodb
