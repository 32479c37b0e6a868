// One gateway's part in a count that many gateways share: what it has let in and not told yet, what the
// others had told when it last asked, and how much it may let in before it has to ask again. A plain value
// without a clock or a lock; whoever owns it carries its reports to where the counts are. The shared count is
// kept by slices of time, since an exact one would have to hold every request's time.
#pragma once

#include "base/clock.hpp"
#include "limits/rate_limiter.hpp"

#include <cstdint>
#include <map>

namespace skymarshal::limits {

/// How a window is cut: `in_window` slices of `length_ms`, numbered from 1970 on.
struct Slices {
  explicit Slices(Milliseconds window);
  std::int64_t at(WallTime time) const { return unix_ms(time) / length_ms; }
  /// What was let in during an earlier slice counts no more. One slice more than the window touches, so that
  /// a request is counted for long enough also where the clocks of two gateways differ by up to a slice.
  std::int64_t oldest_that_counts(std::int64_t slice) const { return slice - in_window - 1; }
  /// When a slice counts no more.
  WallTime end_of(std::int64_t slice) const { return from_unix_ms((slice + in_window + 2) * length_ms); }

  std::int64_t length_ms;
  std::int64_t in_window;
};

/// Requests by slices. What is taken back is negative.
using SliceCounts = std::map<std::int64_t, std::int64_t>;

/// With L the limit, B the lease (lease_of), G the gateways, W the window and S the length of a slice (W/30),
/// while reports are carried and no two clocks differ by more than S:
///  - in any window fewer than L + G·B requests are let in;
///  - nobody is refused for whom fewer than L − (G−1)·B were let in during the last W + 2·S, and S more for
///    clocks that differ.
/// What take_alone() lets in comes on top of the first. A report that is lost without anybody knowing whether
/// it has arrived may count twice, which moves the second by what it held.
class SharedCount {
 public:
  enum class Answer { let_in, refused, must_ask };

  /// What a gateway that has lost touch tells: changes to the shared counts.
  struct Report {
    SliceCounts changes;
    /// Slices before it may be removed.
    std::int64_t oldest = 0;
  };

  SharedCount(RateLimit limit, int lease_percent);

  /// A share of the limit, at least 1.
  static std::int64_t lease_of(RateLimit limit, int lease_percent);

  /// Another number for the same window.
  void set_limit(RateLimit limit, int lease_percent);

  /// Counts the request if it is let in. After must_ask: report, and ask again.
  Answer take(WallTime now);
  /// Lets it in and counts it, whatever has been told.
  void take_alone(WallTime now);
  /// A request that was let in is not made after all.
  void put_back(WallTime now);

  /// It has let in so much that it should report before it has to.
  bool should_report(WallTime now);
  /// The report is on its way until one of the two below; one at a time.
  Report begin_report(WallTime now);
  /// `told`: all counts that are shared, with this report's among them. True: it should report once more at
  /// once, since it has asked for what it did not get.
  bool end_report(const SliceCounts& told, WallTime now);
  void fail_report();

  /// Of a refusal: when enough of what was told has left the window, if nobody else is quicker.
  Milliseconds retry_after(WallTime now) const;
  /// What is left as far as is known: an estimate, as others may have let in what they have not told.
  std::int64_t remaining(WallTime now) const;
  /// Nothing of it counts any more, and nothing is under way.
  bool is_idle(WallTime now) const;

 private:
  void forget_old(WallTime now);
  std::int64_t untold() const;
  std::int64_t credit() const { return credit_ + reserved_; }

  RateLimit limit_;
  std::int64_t lease_;
  Slices slices_;
  SliceCounts untold_;
  /// In a report that is under way.
  SliceCounts sent_;
  /// What was known of all when it last asked, its own untold ones apart.
  SliceCounts told_;
  /// May be let in before it has to ask: for good, and while the reservation below counts.
  std::int64_t credit_;
  std::int64_t reserved_ = 0;
  /// The last report counted so many that had not been let in yet, for those who waited: the next takes them
  /// back, as what has become of them is told like all others.
  std::int64_t reservation_ = 0;
  std::int64_t reservation_slice_ = 0;
  std::int64_t sent_reservation_ = 0;
  /// Since the last report began.
  std::int64_t waiting_ = 0;
  /// No room was found during this slice.
  std::int64_t refused_slice_ = -1;
  std::int64_t sent_slice_ = 0;
  bool is_under_way_ = false;
};

}  // namespace skymarshal::limits
