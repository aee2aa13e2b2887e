"""Messages to devices: sealed as the RFC's own example is, signed for one service, and sent nowhere else."""

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.push.encryption import point, sealed
from chargekey.adapters.push.push_key import PushKey, PushKeyUnreadable, push_key
from chargekey.adapters.push.web_push import WebPush
from chargekey.domain.secret import Secret
from chargekey.ports.faults import AnswerLost, Fault, Refused, TooOften, Unreachable
from chargekey.ports.push import PushMessage, Subscription
from chargekey.settings import Settings
from tesla_simulator.clock import TurnedClock
from tesla_simulator.push_vendor import PushVendor
from tesla_simulator.sites import Sites

NOW: Final = datetime(2024, 11, 6, 17, 20, tzinfo=UTC)
SERVICES: Final = str(Settings.model_fields["push_services"].default).split(",")
CURVE: Final = ec.SECP256R1()
OURS: Final = PushKey(ec.generate_private_key(CURVE), "mailto:chargekey@home.example")
BACK: Final = PushMessage("Tesla answers again", "It was down for an hour. …", "/go", "notice-7")


class StandingClock:
    def now(self) -> datetime:
        return NOW


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(of: bytes) -> str:
    return urlsafe_b64encode(of).rstrip(b"=").decode()


def subscription(endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> Subscription:
    key = ec.generate_private_key(CURVE).public_key()
    return Subscription(Secret(endpoint), Secret(text(point(key))), Secret(text(bytes(16))))


def pushing(road: httpx2.MockTransport, simulated: str | None = None) -> WebPush:
    return WebPush(httpx2.AsyncClient(transport=road), StandingClock(), OURS, SERVICES, simulated)


def nobody_is_asked(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError(f"{request.url.host} was asked")


NO_ROAD: Final = httpx2.MockTransport(nobody_is_asked)

# ── the seal ─────────────────────────────────────────────────────────


def test_the_seal_is_that_of_the_rfc() -> None:
    """RFC 8291, appendix A."""
    body = sealed(
        b"When I grow up, I want to be a watermelon",
        ec.EllipticCurvePublicKey.from_encoded_point(
            CURVE, raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
        ),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
        ec.derive_private_key(int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE),
        raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert text(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_browser_opens_what_was_sealed_for_it_and_its_maker_knows_who_sent_it() -> None:
    vendor = PushVendor(Sites("http://localhost:8701"), TurnedClock.showing(NOW))
    browser = vendor.a_browser(OURS.public)

    def road(request: httpx2.Request) -> httpx2.Response:
        token = request.url.path.rsplit("/", 1)[1]
        return httpx2.Response(vendor.takes(token, request.headers, request.content))

    given = {name: Secret(value) for name, value in browser.subscription.items()}
    to = Subscription(given["endpoint"], given["p256dh"], given["auth"])
    push = pushing(httpx2.MockTransport(road), "http://localhost:8701/push")
    assert push.takes(to)
    assert await push.send(to, BACK)
    assert browser.shown == [{"title": BACK.title, "text": BACK.text, "path": "/go", "tag": "notice-7"}]
    browser.forgets_us()
    assert not await push.send(to, BACK)


async def test_whoever_holds_another_key_is_not_let_in() -> None:
    vendor = PushVendor(Sites("http://localhost:8701"), TurnedClock.showing(NOW))
    stranger = PushKey(ec.generate_private_key(CURVE), "mailto:a@b.example")
    browser = vendor.a_browser(OURS.public)
    token = browser.endpoint.rsplit("/", 1)[1]
    for said in ("", "vapid t=x", stranger.authorization("http://localhost:8701", NOW)):
        assert vendor.takes(token, {"authorization": said}, b"") in (401, 403)
    for origin, at in (("http://elsewhere:1", NOW), ("http://localhost:8701", NOW - timedelta(hours=13))):
        assert vendor.takes(token, {"authorization": OURS.authorization(origin, at)}, b"") == 403


# ── where it goes, and where it does not ─────────────────────────────


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-am3p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_makers_of_browsers_are_trusted(endpoint: str) -> None:
    assert pushing(NO_ROAD).takes(subscription(endpoint))


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://someone@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com@169.254.169.254/latest",
        "https://fcm.googleapis.com.attacker.example/abc",
        "https://attackerfcm.googleapis.com.example/abc",
        "https://notfcm.googleapis.com.localhost/",
        "https://xfcm.googleapis.com/abc",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://localhost/",
        "https://intranet/",
        "https://10.1.2.3/",
        "https://fcm.googleapis.com\\@127.0.0.1/",
        "https://127.0.0.1\\.fcm.googleapis.com/",
        "https://fcm.googleapis.com#@127.0.0.1/",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/\n",
        "file:///etc/passwd",
        "//fcm.googleapis.com/abc",
        "https://",
        "",
        "https://fcm.googleapis.com/" + "a" * 2000,
        "http://localhost:8701/push/abc",
    ],
)
async def test_nobody_else_is_ever_asked(endpoint: str) -> None:
    push = pushing(NO_ROAD)
    assert not push.takes(subscription(endpoint))
    with pytest.raises(Refused):
        await push.send(subscription(endpoint), BACK)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "http://localhost:8701/pushed/abc",
        "http://localhost:8701/push/../control/world",
        "http://localhost:87010/push/abc",
    ],
)
def test_the_demo_asks_the_simulated_one_alone(endpoint: str) -> None:
    push = pushing(NO_ROAD, "http://localhost:8701/push")
    assert push.takes(subscription("http://localhost:8701/push/abc"))
    assert not push.takes(subscription(endpoint))


@pytest.mark.parametrize(("key", "auth"), [("", "AAAA"), ("AAAA", text(bytes(16))), (None, "AAAA"), (None, "ä")])
def test_keys_that_are_none_are_not_taken(key: str | None, auth: str) -> None:
    whole = subscription()
    broken = Subscription(whole.endpoint, Secret(key) if key is not None else whole.browser_key, Secret(auth))
    assert not pushing(NO_ROAD).takes(broken)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (httpx2.Response(301, headers={"location": "https://127.0.0.1/"}), Refused),
        (httpx2.Response(400), Refused),
        (httpx2.Response(403), Refused),
        (httpx2.Response(413), Refused),
        (httpx2.Response(429, headers={"retry-after": "30"}), TooOften),
        (httpx2.Response(503), Unreachable),
        (httpx2.ConnectError("no such host"), Unreachable),
        (httpx2.ReadTimeout("too slow"), AnswerLost),
    ],
)
async def test_every_other_answer_is_a_fault_that_names_no_endpoint(
    answer: httpx2.Response | Exception, fault: type[Fault]
) -> None:
    asked: list[str] = []

    def road(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(fault) as met:
        await pushing(httpx2.MockTransport(road)).send(subscription(), BACK)
    assert asked == ["fcm.googleapis.com"]
    assert "abc" not in f"{met.value!r} {met.value.__cause__!r}"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_said_to_be(status: int) -> None:
    road = httpx2.MockTransport(lambda _: httpx2.Response(status))
    assert not await pushing(road).send(subscription(), BACK)


# ── the key ──────────────────────────────────────────────────────────


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "push-key.pem"
    made = push_key(path, "mailto:a@b.example")
    assert path.stat().st_mode & 0o777 == 0o600
    assert push_key(path, "mailto:a@b.example").public == made.public
    assert [one.name for one in tmp_path.iterdir()] == ["push-key.pem"]
    assert made.public not in repr(made)


def test_a_file_that_holds_no_key_is_said_to(tmp_path: Path) -> None:
    path = tmp_path / "push-key.pem"
    path.write_text("no key")
    with pytest.raises(PushKeyUnreadable):
        push_key(path, "mailto:a@b.example")
    assert path.read_text() == "no key"


def test_of_many_who_make_a_key_at_once_all_have_the_same(tmp_path: Path) -> None:
    """Threads have one process number, as two containers have that share a folder."""
    path, begin = tmp_path / "push-key.pem", threading.Barrier(8)

    def makes(_: int) -> str:
        begin.wait()
        return push_key(path, "mailto:a@b.example").public

    with ThreadPoolExecutor(8) as people:
        assert len(set(people.map(makes, range(8)))) == 1
    assert [left.name for left in tmp_path.iterdir()] == ["push-key.pem"]
