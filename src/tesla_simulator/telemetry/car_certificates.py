"""The certificates by which cars show a server who they are: issued by `TeslaMotors`, made out to the VIN (§8).

Rules of this room:

1. The authority is made when it is first asked for and kept with the world: a server that has been told to trust it
   (`tls.ca_file`) goes on doing so.
2. Valid by the machine's clock, not by the simulated one: it is the machine's programs that check.
"""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tesla_simulator.tesla_names.certificates import begun, issued_by, usage

ISSUER: Final = "TeslaMotors"
"""The name by which a fleet-telemetry server knows that the subject is a car."""
_AUTHORITY_LASTS: Final = timedelta(days=3650)
_RENEWED_BEFORE: Final = timedelta(days=30)
_CARS_LASTS: Final = timedelta(days=2)


def authority(kept_pem: str, now: datetime) -> str:
    """Key and certificate as PEM: those that were kept, while they are good."""
    if kept_pem:
        kept = x509.load_pem_x509_certificate(kept_pem.encode())
        if kept.not_valid_after_utc > now + _RENEWED_BEFORE:
            return kept_pem
    key, name = ec.generate_private_key(ec.SECP256R1()), _called(ISSUER)
    made = (
        begun(name, name, key.public_key(), now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(key, made)


def certificate(authority_pem: str) -> str:
    """What a server is told to trust: the authority without its key."""
    found = x509.load_pem_x509_certificate(authority_pem.encode())
    return found.public_bytes(Encoding.PEM).decode()


def for_car(vin: str, authority_pem: str, now: datetime) -> str:
    """Key and certificate of a car as PEM, good for one connection."""
    signer = load_pem_private_key(authority_pem.encode(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is of another kind")
    issuer, key = x509.load_pem_x509_certificate(authority_pem.encode()), ec.generate_private_key(ec.SECP256R1())
    made = (
        begun(_called(vin), issuer.subject, key.public_key(), now, _CARS_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(issued_by(issuer), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return _pem(key, made)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey, made: x509.Certificate) -> str:
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    return raw.decode()
