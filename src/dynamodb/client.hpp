// Talks to DynamoDB, or to whatever speaks its API: signed requests over kept connections, answers whose
// checksum fits, and another attempt where that can help. Shared by all threads; a call stays on its caller's
// executor. Knows no table: what is asked is put together by others (call.hpp).
// A write may be sent twice, since an answer can be lost on its way: whoever writes asks so that twice is as
// good as once.
// Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html and
// .../Programming.Errors.html
#pragma once

#include "aws/service_signer.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "dynamodb/adaptive_retry.hpp"
#include "dynamodb/call.hpp"
#include "dynamodb/error.hpp"
#include "dynamodb/item.hpp"
#include "http/url.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::dynamodb {

struct ClientOptions {
  http::Endpoint endpoint;
  std::string region;
  /// Of an attempt: connecting, TLS and all of the answer.
  Milliseconds attempt_timeout{1'000};
  /// Of a call: all attempts with the pauses between them.
  Milliseconds call_timeout{2'500};
  /// Of an answer; DynamoDB's own end at 16 MB, in its JSON somewhat more.
  std::size_t answer_bytes_max = 32U << 20;
  RetryOptions retry;
};

/// The service's own in a region (docs.aws.amazon.com/general/latest/gr/ddb.html).
http::Endpoint regional_endpoint(std::string_view region, bool use_fips = false);

class Client {
 public:
  struct Parts {
    aws::CredentialsProvider& credentials;
    const Clock& clock;
    RandomSource& random;
  };

  /// A page of a query or scan.
  struct Page {
    std::vector<Item> items;
    /// Where the next page begins; nullopt at the end.
    std::optional<Item> next;
  };

  /// `tls` is needed for https endpoints. The parts must outlive it.
  Client(ClientOptions options, std::optional<net::TlsContext> tls, const Parts& parts);
  /// Over connections of another kind; for tests.
  Client(ClientOptions options, net::HttpClient http, const Parts& parts);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// One operation; gives the JSON of its answer, checked and padded (json_reader). Errors of all calls: as
  /// dynamodb/error.hpp says.
  boost::asio::awaitable<Result<std::string>> send(std::string operation, std::string body);

  /// GetItem; nullopt if there is none.
  boost::asio::awaitable<Result<std::optional<Item>>> get(Call call);
  /// PutItem, UpdateItem, DeleteItem: the attributes that the call wants returned; none without.
  boost::asio::awaitable<Result<Item>> write(Call call);
  /// Query or Scan, one page.
  boost::asio::awaitable<Result<Page>> page(Call call);
  /// BatchGetItem over any number of keys.
  boost::asio::awaitable<Result<std::vector<Item>>> get_all(std::string table, std::vector<Item> keys,
                                                            bool consistent);
  /// BatchWriteItem over any number of items and keys, in no order, each as if it had been sent alone.
  boost::asio::awaitable<Result<void>> write_all(std::string table, std::vector<Item> puts,
                                                 std::vector<Item> deleted_keys);

 private:
  struct Attempt;

  boost::asio::awaitable<Attempt> attempt(const std::string& operation, const std::string& body,
                                          Milliseconds limit);
  boost::asio::awaitable<Result<void>> pause_before_round(int round, std::string_view operation);

  const ClientOptions options_;
  net::HttpClient http_;
  aws::ServiceSigner signer_;
  AdaptiveRetry retry_;
};

}  // namespace skymarshal::dynamodb
