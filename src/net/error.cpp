#include "net/error.hpp"

#include <stdexcept>

namespace skymarshal::net {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("unchecked error in " + std::string(where.function_name()) + ": " + error.message);
}

}  // namespace skymarshal::net
