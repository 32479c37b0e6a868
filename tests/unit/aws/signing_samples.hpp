// Requests and the signatures that others give them. AWS's own test suite for Signature Version 4 signs with
// this key at this time for the service "service" in us-east-1; the rows named after it have the signatures
// it publishes (github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4). Every row was computed by
// botocore 1.29.27 (SigV4Auth with its clock held still), the odd paths and the last query also by
// @smithy/signature-v4 5.7.5 (applyChecksum false); they agree, but for the last query, where botocore
// signs the escapes as they stand and the suite's rule, to decode and encode anew, is Smithy's.
#pragma once

#include "aws/credentials.hpp"
#include "aws/sigv4_signer.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::aws {

inline constexpr std::string_view suite_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// 2015-08-30T12:36:00Z
inline const WallTime suite_time = from_unix_ms(1'440'938'160'000);

inline Credentials suite_credentials(std::string token = {}) {
  return {"AKIDEXAMPLE", Secret(std::string(suite_secret)), Secret(std::move(token))};
}

inline SigningOptions suite_options() { return {"us-east-1", "service", {}, false}; }

struct SignedSample {
  std::string_view name;
  std::string_view method;
  std::string_view target;
  /// Besides Host.
  std::vector<http::Header> fields;
  std::string_view body;
  std::string_view signed_headers;
  std::string_view signature;

  http::Request request() const {
    http::Request request{
        std::string(method), std::string(target), {{"Host", "example.amazonaws.com"}}, std::string(body)};
    for (const http::Header& field : fields) request.headers.add(field.name, field.value);
    return request;
  }
};

inline const std::string suite_token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

inline const std::vector<SignedSample> signed_samples = {
    {"get-vanilla",
     "GET",
     "/",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla",
     "POST",
     "/",
     {},
     "",
     "host;x-amz-date",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "",
     "host;x-amz-date",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-order-encoded",
     "GET",
     "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     {},
     "",
     "host;x-amz-date",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     {},
     "",
     "host;x-amz-date",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-order-value",
     "GET",
     "/?Param1=value2&Param1=value1",
     {},
     "",
     "host;x-amz-date",
     "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~"
     "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "host;x-amz-date",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "host;x-amz-date",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/ሴ",
     {},
     "",
     "host;x-amz-date",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "",
     "host;my-header1;x-amz-date",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     "GET",
     "/",
     {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
     "",
     "host;my-header1;x-amz-date",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     "GET",
     "/",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "",
     "host;my-header1;my-header2;x-amz-date",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-header-key-sort",
     "POST",
     "/",
     {{"My-Header1", "value1"}},
     "",
     "host;my-header1;x-amz-date",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     {{"My-Header1", "VALUE1"}},
     "",
     "host;my-header1;x-amz-date",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"a form in the body",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "Param1=value1",
     "content-type;host;x-amz-date",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"get-relative",
     "GET",
     "/example/..",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     {},
     "",
     "host;x-amz-date",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-slash",
     "GET",
     "//",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slashes",
     "GET",
     "//example//",
     {},
     "",
     "host;x-amz-date",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"beyond the root",
     "GET",
     "/a/b/../../../c/./d/",
     {},
     "",
     "host;x-amz-date",
     "0b5ed7093ad1d0fa9a236781f29f0d61ca3c26f52a65895864b03681086e82a8"},
    {"above the root",
     "GET",
     "/../..",
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"ends with dots",
     "GET",
     "/a/b/..",
     {},
     "",
     "host;x-amz-date",
     "e7dfad111cdad6139e285ddec7592de69207ee936e9af6cffa906e281325f76a"},
    {"dots that are names",
     "GET",
     "/.a/..b/...",
     {},
     "",
     "host;x-amz-date",
     "adc1e8d4da58a50236547350ad6ebc9a378714300c1c550dbacfdb685a87bf4e"},
    {"escapes, signed twice over",
     "GET",
     "/documents%20and%20settings/%E1%88%B4%2Fx",
     {},
     "",
     "host;x-amz-date",
     "8817dfe4923ce6b1626db456100fc126a8fb839cebfcaeb9f2827b1df58f9d4c"},
    {"lower-case escapes",
     "GET",
     "/a%2fb%3a",
     {},
     "",
     "host;x-amz-date",
     "1ff2b2ce0208d9f2c5426d68ffe9a439359d2c19acb2de61c86ea2685f2da9d3"},
    {"all that a path may hold",
     "GET",
     "/a!$&'()*+,;=:@b",
     {},
     "",
     "host;x-amz-date",
     "28b318547191a18a7b240c35c53a0a93b1f21fd8ebefd8e8f89d1ccfe414d654"},
    {"queries out of order",
     "GET",
     "/?b=%2F%3D&b=1&a&=x&a=%20%25&A=%7E",
     {},
     "",
     "host;x-amz-date",
     "17cd90d9b195ab4b589d6732da5515d3419c10c94819779936789059294159be"},
};

}  // namespace skymarshal::aws
