#include "support/test_authority.hpp"

#include <cstdio>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace skymarshal::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

void add_extension(X509& certificate, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
  X509_add_ext(&certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(EVP_PKEY& key, const std::string& name, int serial) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), &key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

template <typename Write>
void write_file(const std::string& path, Write write) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr) throw std::runtime_error("cannot write " + path);
  write(file);
  std::fclose(file);
}

}  // namespace

struct TestAuthority::Keys {
  Key key = make_key();
  Certificate certificate = make_certificate(*key, "Test Authority", 1);
};

TestAuthority::TestAuthority() : keys_(std::make_unique<Keys>()) {
  X509& own = *keys_->certificate;
  X509_set_issuer_name(&own, X509_get_subject_name(&own));
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign");
  X509_sign(&own, keys_->key.get(), EVP_sha256());
  write_file(file(), [&](std::FILE* out) { PEM_write_X509(out, &own); });
}

TestAuthority::~TestAuthority() = default;

TestAuthority::ServerFiles TestAuthority::issue(const std::string& subject_name) {
  const std::string stem = "server-" + std::to_string(++issued_);
  const ServerFiles files{folder_.file(stem + ".pem").string(), folder_.file(stem + ".key").string()};
  const Key key = make_key();
  const Certificate certificate = make_certificate(*key, "Test Server", issued_ + 1);
  X509& own = *keys_->certificate;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(&own));
  add_extension(*certificate, own, NID_subject_alt_name, subject_name);
  X509_sign(certificate.get(), keys_->key.get(), EVP_sha256());
  write_file(files.certificate_file, [&](std::FILE* out) { PEM_write_X509(out, certificate.get()); });
  write_file(files.key_file, [&](std::FILE* out) {
    PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace skymarshal::test
