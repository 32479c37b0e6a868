#include "base/error.hpp"

#include <stdexcept>

namespace skymarshal {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("unchecked error in " + std::string(where.function_name()) + ": " + error.message);
}

}  // namespace skymarshal
