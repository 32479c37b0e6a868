// Where an invocation can be asked for. Pure.
#pragma once

#include "base/id.hpp"

#include <string>

namespace skymarshal::gateway {

inline std::string status_url(const RequestId& id) { return "/api/v1/invocations/" + id.str(); }
inline std::string events_url(const RequestId& id) { return status_url(id) + "/events"; }

}  // namespace skymarshal::gateway
