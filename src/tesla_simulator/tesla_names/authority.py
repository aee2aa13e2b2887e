"""A certificate authority of our own, and the certificate under which Tesla's host names answer here.

Rules of this room:

1. The authority is made once and kept: whoever trusted it goes on trusting it. The names' certificate is made anew
   whenever it runs out soon or names other hosts.
2. Valid by the machine's clock, not by the simulated one: it is the machine's programs that check.
3. Strict clients (Python 3.13's VERIFY_X509_STRICT) want keyUsage on the authority and authorityKeyIdentifier on the
   leaf; Go wants the names as subjectAltName.
4. The authority may sign for these names alone (nameConstraints), so that its key, should it leak, opens no other site.
5. A name may be an address. Where addresses are constrained and host names are not, any host name would be allowed, so
   whoever names an address names a host as well.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tesla_simulator.tesla_names.certificates import begun, issued_by, usage

_AUTHORITY_LASTS: Final = timedelta(days=3650)
_LEAF_LASTS: Final = timedelta(days=90)
_RENEWED_BEFORE: Final = timedelta(days=30)


class Unusable(Exception):
    """A file in the folder is not what this room writes; remove the folder to begin anew."""


@dataclass(frozen=True)
class Authority:
    """`folder` holds everything; only `authority.pem` is for others to read. `called` is how a list of the trusted
    names it, `lasts` how long it is good, unless it is made anew before.
    """

    folder: Path
    called: str = "Tesla simulator on this machine"
    lasts: timedelta = _AUTHORITY_LASTS

    @property
    def certificate(self) -> Path:
        """What programs must be told to trust: PEM."""
        return self.folder / "authority.pem"

    @property
    def leaf(self) -> Path:
        """Certificate and chain of the names: PEM."""
        return self.folder / "names.pem"

    @property
    def leaf_key(self) -> Path:
        return self.folder / "names-key.pem"

    @property
    def _key(self) -> Path:
        return self.folder / "authority-key.pem"

    def prepare(self, names: Sequence[str], now: datetime) -> None:
        """Afterwards all files are there and good for `names` at `now`. Raises `Unusable`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            authority = self._loaded(self.certificate)
            if (
                authority is None
                or authority.not_valid_after_utc <= now + _RENEWED_BEFORE
                or not _may_sign(authority, names)
            ):
                authority = self._makes_itself(names, now)
            leaf = self._loaded(self.leaf)
            if leaf is None or leaf.not_valid_after_utc <= now + _RENEWED_BEFORE or not _is_for(leaf, names, authority):
                self._signs(authority, names, now)
        except ValueError as error:
            raise Unusable(f"{self.folder}: {error}") from error

    def _makes_itself(self, names: Sequence[str], now: datetime) -> x509.Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.called)])
        made = (
            begun(name, name, key.public_key(), now, self.lasts)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints(_roots(names), None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _write_key(self._key, key)
        self.certificate.write_bytes(made.public_bytes(Encoding.PEM))
        return made

    def _signs(self, authority: x509.Certificate, names: Sequence[str], now: datetime) -> None:
        signer = load_pem_private_key(self._key.read_bytes(), None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise ValueError("the authority's key is of another kind")
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        made = (
            begun(name, authority.subject, key.public_key(), now, _LEAF_LASTS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([_named(one) for one in names]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(issued_by(authority), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _write_key(self.leaf_key, key)
        self.leaf.write_bytes(made.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))

    def _loaded(self, file: Path) -> x509.Certificate | None:
        return x509.load_pem_x509_certificate(file.read_bytes()) if file.exists() else None


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _roots(names: Sequence[str]) -> list[x509.GeneralName]:
    """`tesla.com` for `auth.tesla.com`, an address for itself alone; each once."""
    return list(dict.fromkeys(_root(_named(name)) for name in names))


def _root(name: x509.GeneralName) -> x509.GeneralName:
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(name.value))
    return x509.DNSName(".".join(str(name.value).split(".")[-2:]))


def _may_sign(authority: x509.Certificate, names: Sequence[str]) -> bool:
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return set(_roots(names)) <= set(allowed)


def _is_for(leaf: x509.Certificate, names: Sequence[str], authority: x509.Certificate) -> bool:
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    issuer = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return set(named) == {_named(one) for one in names} and issuer == issued_by(authority)


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
