"""A certificate authority for one test run, made by the openssl command."""

import pathlib
import ssl
import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class TestAuthority:
    """Signs server certificates that are good for one day."""

    __test__ = False

    def __init__(self, folder, name="Test CA"):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.certificate = str(self._folder / "ca.pem")
        self._key = str(self._folder / "ca.key")
        _openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "1",
            "-subj",
            f"/CN={name}",
            "-keyout",
            self._key,
            "-out",
            self.certificate,
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-addext",
            "keyUsage=critical,keyCertSign",
        )

    def issue(self, name, alternative_names):
        """(certificate file, key file) of a server, e.g. issue("localhost", "DNS:localhost,IP:127.0.0.1")."""
        stem = self._folder / name
        request, key, certificate, extensions = (f"{stem}.{end}" for end in ("csr", "key", "pem", "ext"))
        _openssl(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            f"/CN={name}",
            "-keyout",
            key,
            "-out",
            request,
        )
        pathlib.Path(extensions).write_text(
            f"subjectAltName={alternative_names}\nextendedKeyUsage=serverAuth\n"
        )
        _openssl(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            self.certificate,
            "-CAkey",
            self._key,
            "-CAcreateserial",
            "-days",
            "1",
            "-extfile",
            extensions,
            "-out",
            certificate,
        )
        return certificate, key

    def server_context(self, name, alternative_names):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(name, alternative_names))
        return context
