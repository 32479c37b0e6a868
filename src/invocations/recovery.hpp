// What a gateway that died left running: nobody runs it any more, so it is ended.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "invocations/invocation_store.hpp"

#include <cstddef>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// Whether nobody runs it any more, asked right before it is ended.
using IsLeft = std::function<boost::asio::awaitable<Result<bool>>(const InvocationRecord&)>;

/// Ends what `runner` began and did not end, as far as `is_left` says so (all of it, without), with
/// Errc::interrupted and what had been kept of each; returns of how many. The claims of those that waited are
/// free again. All others stay: whether their runtime had begun cannot be known any more, so nothing runs
/// again under the same key.
boost::asio::awaitable<Result<std::size_t>> end_interrupted(InvocationStore& store, std::string runner,
                                                            const Clock& clock, IsLeft is_left = {});

}  // namespace skymarshal::invocations
