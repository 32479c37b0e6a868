// The system's name resolution, replaced for this test program: names under .test mean what a test says, all
// others are left to the system.
#pragma once

#include <string>

namespace skymarshal::test {

/// 127.0.0.1 only.
inline const std::string good_name = "good.test";
/// First an address of this machine where nobody listens, then 127.0.0.1.
inline const std::string second_name = "second.test";
inline const std::string unknown_name = "unknown.test";
/// Does not come back before release_hanging_lookups().
inline const std::string hanging_name = "hanging.test";

void release_hanging_lookups();
/// How often anything was asked for.
int lookups();

}  // namespace skymarshal::test
