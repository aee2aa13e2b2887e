"""Our own key file, fetched as Tesla fetches it."""

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.public_eye import PATH, OwnDomain
from chargekey.domain.findings import KeyFile

OURS = CommandKey(ec.generate_private_key(ec.SECP256R1()))
ANOTHER = CommandKey(ec.generate_private_key(ec.SECP256R1()))
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()


def pem(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


async def sees(answer: httpx2.Response | Exception) -> KeyFile:
    asked: list[str] = []

    def road(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(road), follow_redirects=True) as http:
        found = await OwnDomain(http, "https://charge.example", OURS.public_hex).key_file()
    assert asked == ["https://charge.example" + PATH]  # no redirect is followed, whatever the client would do
    return found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (httpx2.Response(200, content=OURS.public_pem), KeyFile.RIGHT),
        (httpx2.Response(200, content=ANOTHER.public_pem), KeyFile.ANOTHER_KEY),
        (httpx2.Response(200, content=pem(OTHER_CURVE)), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, content=pem(RSA)), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, html="<!doctype html><title>Welcome</title>"), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, content=b"x" * 1_000_000), KeyFile.NOT_A_KEY),
        (httpx2.Response(404), KeyFile.MISSING),
        (httpx2.Response(403), KeyFile.MISSING),
        (httpx2.Response(301, headers={"location": "https://www.charge.example/"}), KeyFile.MOVED),
        (httpx2.Response(502), KeyFile.UNREACHABLE),
        (httpx2.ConnectError("no such host"), KeyFile.UNREACHABLE),
        (httpx2.ReadTimeout("too slow"), KeyFile.UNREACHABLE),
    ],
)
async def test_every_answer_has_its_finding(answer: httpx2.Response | Exception, found: KeyFile) -> None:
    assert await sees(answer) is found
