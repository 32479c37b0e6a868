#include "websocket_frames.hpp"

#include <array>
#include <bit>
#include <cstring>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace skymarshal::bench {
namespace {

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

/// Masking is its own inverse. `key` holds the four bytes in the order of the wire.
void apply_mask(char* bytes, std::size_t count, const std::array<char, 4>& key) {
  std::array<char, 8> doubled;
  std::memcpy(doubled.data(), key.data(), 4);
  std::memcpy(doubled.data() + 4, key.data(), 4);
  const auto word_key = std::bit_cast<std::uint64_t>(doubled);
  std::size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes + at, 8);
    word ^= word_key;
    std::memcpy(bytes + at, &word, 8);
  }
  for (; at < count; ++at) bytes[at] = static_cast<char>(bytes[at] ^ key[at % 4]);
}

}  // namespace

std::string websocket_frame(Opcode opcode, std::string_view payload, std::uint32_t mask) {
  std::string frame;
  frame.reserve(payload.size() + 14);
  frame.push_back(static_cast<char>(0x80 | static_cast<int>(opcode)));
  const int mask_bit = mask != 0 ? 0x80 : 0;
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(mask_bit | static_cast<int>(payload.size())));
  } else if (payload.size() <= 0xFFFF) {
    frame.push_back(static_cast<char>(mask_bit | 126));
    append_big_endian(frame, payload.size(), 2);
  } else {
    frame.push_back(static_cast<char>(mask_bit | 127));
    append_big_endian(frame, payload.size(), 8);
  }
  if (mask != 0) append_big_endian(frame, mask, 4);
  const std::size_t start = frame.size();
  frame.append(payload);
  if (mask != 0) {
    std::array<char, 4> key;
    std::memcpy(key.data(), frame.data() + start - 4, 4);
    apply_mask(frame.data() + start, payload.size(), key);
  }
  return frame;
}

std::string websocket_accept(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  // 20 bytes become 28 characters; OpenSSL puts a zero behind them.
  std::array<unsigned char, 29> encoded;
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {encoded.begin(), encoded.end() - 1};
}

void FrameReader::reset() {
  input_.clear();
  consumed_ = 0;
  fragments_.clear();
  in_fragments_ = false;
  payload_ = {};
}

FrameReader::Event FrameReader::next() {
  for (;;) {
    Head head{};
    const HeadStatus status = read_head(head);
    if (status == HeadStatus::broken) return Event::broken;
    const std::size_t unread = input_.size() - consumed_;
    if (status == HeadStatus::incomplete || unread < head.head_bytes + head.payload_bytes) break;
    // A fragment in the middle of a message is no event yet.
    const Event event = take_frame(head);
    if (event != Event::need_more) return event;
  }
  payload_ = {};
  input_.erase(0, consumed_);
  consumed_ = 0;
  return Event::need_more;
}

FrameReader::HeadStatus FrameReader::read_head(Head& head) const {
  const std::string_view bytes = std::string_view(input_).substr(consumed_);
  if (bytes.size() < 2) return HeadStatus::incomplete;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  const bool masked = (second & 0x80) != 0;
  // Reserved bits belong to extensions, and none was agreed on.
  if ((first & 0x70) != 0 || masked != expect_masked_) return HeadStatus::broken;
  const std::size_t short_length = second & 0x7F;
  const std::size_t length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  head.head_bytes = 2 + length_bytes + (masked ? 4 : 0);
  if (bytes.size() < head.head_bytes) return HeadStatus::incomplete;
  head.final = (first & 0x80) != 0;
  head.opcode = static_cast<Opcode>(first & 0x0F);
  head.payload_bytes = length_bytes == 0 ? short_length : read_big_endian(bytes.substr(2, length_bytes));
  return head.payload_bytes > message_bytes_max_ ? HeadStatus::broken : HeadStatus::complete;
}

FrameReader::Event FrameReader::take_frame(const Head& head) {
  char* payload = input_.data() + consumed_ + head.head_bytes;
  if (expect_masked_) {
    std::array<char, 4> key;
    std::memcpy(key.data(), payload - 4, 4);
    apply_mask(payload, head.payload_bytes, key);
  }
  consumed_ += head.head_bytes + head.payload_bytes;
  const std::string_view bytes(payload, head.payload_bytes);
  payload_ = bytes;
  const bool is_control = static_cast<int>(head.opcode) >= 8;
  if (is_control && (!head.final || head.payload_bytes > 125)) return Event::broken;
  switch (head.opcode) {
    case Opcode::close:
      return Event::close;
    case Opcode::ping:
      return Event::ping;
    case Opcode::pong:
      return Event::pong;
    case Opcode::text:
    case Opcode::binary:
    case Opcode::continuation:
      return take_data(head, bytes);
  }
  return Event::broken;
}

FrameReader::Event FrameReader::take_data(const Head& head, std::string_view bytes) {
  const bool continues = head.opcode == Opcode::continuation;
  if (continues != in_fragments_) return Event::broken;
  if (head.final && !continues) return Event::message;
  if (!continues) fragments_.clear();
  if (fragments_.size() + bytes.size() > message_bytes_max_) return Event::broken;
  fragments_.append(bytes);
  in_fragments_ = !head.final;
  payload_ = fragments_;
  return head.final ? Event::message : Event::need_more;
}

}  // namespace skymarshal::bench
