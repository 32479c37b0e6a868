// A value, or why there is none: Boost's result, which is copied as what it is also where it holds a bool.
// Boost.System 1.81 has an explicit constructor from whatever a value can be made of, and that is, for bool,
// a result itself. It wins wherever the copy constructor is not the better match: in a direct initialisation
// from one that is not const, and in `co_return` of a local that is. The copy then held whether there was a
// value.
#pragma once

#include <type_traits>
#include <utility>

#include <boost/system/result.hpp>

namespace skymarshal {

template <typename T, typename E>
class [[nodiscard]] ResultOf : public boost::system::result<T, E> {
  using Base = boost::system::result<T, E>;

 public:
  using Base::Base;
  ResultOf() = default;
  ResultOf(const ResultOf&) = default;
  ResultOf(ResultOf&&) noexcept(std::is_nothrow_move_constructible_v<Base>) = default;
  ResultOf(ResultOf& other) : ResultOf(std::as_const(other)) {}
  ResultOf(const ResultOf&& other) : ResultOf(other) {}
  ResultOf& operator=(const ResultOf&) = default;
  ResultOf& operator=(ResultOf&&) noexcept(std::is_nothrow_move_assignable_v<Base>) = default;
  ~ResultOf() = default;
};

}  // namespace skymarshal
