// The times of a key's requests, oldest first: a ring that takes no more room than its contents need, within
// a factor of four. A plain value, belongs to one owner.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

namespace skymarshal::limits {

class TimeRing {
 public:
  /// Nanoseconds of the steady clock.
  using Time = std::int64_t;

  std::uint32_t size() const { return size_; }
  std::uint32_t capacity() const { return capacity_; }
  /// 0 is the oldest.
  Time operator[](std::uint32_t index) const { return times_[place(index)]; }
  /// Of at least one.
  Time newest() const { return (*this)[size_ - 1]; }

  /// How many are at `time` or before; quickest where they are few.
  std::uint32_t count_until(Time time) const {
    std::uint32_t beyond = 1;
    while (beyond <= size_ && (*this)[beyond - 1] <= time) beyond *= 2;
    std::uint32_t low = beyond / 2;
    std::uint32_t high = std::min(beyond - 1, size_);
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if ((*this)[middle] <= time)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  void drop_oldest(std::uint32_t count) {
    head_ = place(count);
    size_ -= count;
  }

  /// `time` is not before the newest.
  void push(Time time) {
    if (size_ == capacity_)
      move_to(std::max<std::uint32_t>(1, capacity_ * 2));
    else if (capacity_ > 4 && size_ < capacity_ / 4)
      move_to(capacity_ / 2);
    times_[place(size_)] = time;
    ++size_;
  }

 private:
  /// The capacity is 0 or a power of two.
  std::uint32_t place(std::uint32_t index) const { return (head_ + index) & (capacity_ - 1); }

  void move_to(std::uint32_t capacity) {
    auto times = std::make_unique_for_overwrite<Time[]>(capacity);
    for (std::uint32_t i = 0; i < size_; ++i) times[i] = (*this)[i];
    times_ = std::move(times);
    capacity_ = capacity;
    head_ = 0;
  }

  std::unique_ptr<Time[]> times_;
  std::uint32_t capacity_ = 0;
  std::uint32_t head_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace skymarshal::limits
