// Pauses that are not all of one length: who failed together must not come back together. Pure but for the
// randomness.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

namespace skymarshal {

/// `pause`, longer or shorter by up to `share` of it (0 to 1), evenly.
Milliseconds jittered(Milliseconds pause, double share, RandomSource& random);

}  // namespace skymarshal
