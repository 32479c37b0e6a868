#include "runtime/invocation_protocol.hpp"

namespace skymarshal::runtime {

InvocationProtocol::Step InvocationProtocol::on_message(std::string text) {
  ++messages_;
  const std::size_t bytes = text.size();
  Step step;
  if (end_ == End::stands) {
    step.kind = Step::Kind::late;
    return step;
  }
  DecodedMessage decoded = decode_message(std::move(text));
  if (end_ == End::without_data) {
    const bool fuller = decoded.kind == DecodedMessage::Kind::complete && decoded.has_data;
    if (fuller) return complete(std::move(decoded));
    step.kind = Step::Kind::late;
    return step;
  }
  switch (decoded.kind) {
    case DecodedMessage::Kind::unreadable:
      return skip(decoded, bytes);
    case DecodedMessage::Kind::complete:
      return complete(std::move(decoded));
    case DecodedMessage::Kind::error:
      end_ = End::stands;
      step.kind = Step::Kind::failed;
      step.failure = reported(decoded.words);
      return step;
    case DecodedMessage::Kind::chunk:
      step.first_of_unknown_type = !decoded.known_type && !unknown_type_seen_;
      unknown_type_seen_ = unknown_type_seen_ || !decoded.known_type;
      step.message = std::move(decoded.message);
      break;
  }
  return step;
}

InvocationProtocol::Step InvocationProtocol::skip(const DecodedMessage& decoded, std::size_t bytes) {
  Step step;
  ++unreadable_.count;
  unreadable_.last =
      decoded.problem + " (message " + std::to_string(messages_) + ", " + std::to_string(bytes) + " bytes)";
  const bool is_end = decoded.claimed_type == "complete" || decoded.claimed_type == "error";
  if (!is_end && unreadable_.count <= unreadable_max) {
    step.kind = Step::Kind::skipped;
    step.first_skipped = unreadable_.count == 1;
    return step;
  }
  end_ = End::stands;
  step.kind = Step::Kind::failed;
  step.failure = is_end ? unreadable_end(decoded.claimed_type, unreadable_)
                        : too_many_unreadable(unreadable_max, unreadable_);
  return step;
}

InvocationProtocol::Step InvocationProtocol::complete(DecodedMessage decoded) {
  end_ = decoded.has_data ? End::stands : End::without_data;
  Step step;
  step.kind = decoded.has_data ? Step::Kind::complete : Step::Kind::complete_without_data;
  step.message = std::move(decoded.message);
  return step;
}

Failure InvocationProtocol::on_closed(std::uint16_t close_code, std::string_view reason) const {
  if (!started() && is_try_again(close_code)) return closed_for_now(close_code, reason);
  return closed_without_end(close_code, reason, unreadable_);
}

}  // namespace skymarshal::runtime
