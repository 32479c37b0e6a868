#include "invocation_store_contract.hpp"
#include "support/store_samples.hpp"

#include <algorithm>
#include <tuple>

namespace skymarshal::test {

using invocations::FinishOutcome;
using invocations::InvocationHead;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::PageRequest;
using namespace std::chrono_literals;

std::vector<InvocationHead> InvocationStoreContract::whole_list(const Principal& principal,
                                                                std::optional<InvocationState> state,
                                                                std::size_t limit) {
  std::vector<InvocationHead> all;
  PageRequest page{limit, {}};
  for (int pages = 0; pages < 10'000; ++pages) {
    auto list = ask(store().list(principal, state, page));
    EXPECT_TRUE(list) << list.error().message;
    if (!list) return all;
    EXPECT_LE(list->invocations.size(), limit);
    std::ranges::move(list->invocations, std::back_inserter(all));
    page.cursor = list->next_cursor;
    if (page.cursor.empty()) return all;
  }
  ADD_FAILURE() << "the list never ends";
  return all;
}

namespace {

TEST_P(InvocationStoreContract, ListsTheCallersOwnNewestFirst) {
  const auto owner = fresh_principal();
  std::vector<InvocationRecord> records;
  for (int i = 0; i < 7; ++i) {
    // Two of one millisecond each.
    if (i % 2 == 0) clock().advance(1ms);
    records.push_back(record_of(owner));
    ASSERT_TRUE(ask(store().begin(records.back())));
    ASSERT_TRUE(ask(store().begin(record_of(fresh_principal()))));
  }
  ASSERT_EQ(ask(store().finish(end_of(records[2]))).value(), FinishOutcome::finished);
  std::ranges::sort(records, [](const auto& a, const auto& b) {
    return std::tuple(b.accepted_at, b.request_id) < std::tuple(a.accepted_at, a.request_id);
  });
  for (const std::size_t limit : {1U, 2U, 3U, 500U}) {
    const auto list = whole_list(owner, {}, limit);
    ASSERT_EQ(list.size(), records.size());
    for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(list[i].request_id, records[i].request_id);
  }
  EXPECT_EQ(whole_list(owner, InvocationState::running, 2).size(), 6U);
  EXPECT_EQ(whole_list(owner, InvocationState::success).size(), 1U);
  EXPECT_TRUE(whole_list(owner, InvocationState::timeout).empty());
  EXPECT_TRUE(whole_list(fresh_principal()).empty());
}

TEST_P(InvocationStoreContract, RefusesCursorsThatAreNotOfThisList) {
  const auto owner = fresh_principal();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ask(store().begin(record_of(owner))));
  const std::string cursor = ask(store().list(owner, {}, {1, {}}))->next_cursor;
  ASSERT_FALSE(cursor.empty());
  const auto refuses = [this](const Principal& principal, std::optional<InvocationState> state,
                              PageRequest page) {
    const auto list = ask(store().list(principal, state, std::move(page)));
    return !list && list.error().code == Errc::invalid_request;
  };
  EXPECT_TRUE(refuses(fresh_principal(), {}, {1, cursor}));
  EXPECT_TRUE(refuses(owner, InvocationState::running, {1, cursor}));
  EXPECT_TRUE(refuses(owner, {}, {1, "nonsense"}));
  EXPECT_TRUE(refuses(owner, {}, {0, {}}));
}

}  // namespace
}  // namespace skymarshal::test
