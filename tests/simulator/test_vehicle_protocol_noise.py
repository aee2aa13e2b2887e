"""Whatever arrives, the car answers with a fault and does nothing: bytes at random, and good messages spoiled."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tesla_protocol.command import universal_message_pb2 as messages

from tests.simulator.signing import GCM, HMAC, Client, Garage, order_amps


def answered(garage: Garage, wire: bytes) -> messages.RoutableMessage:
    reply = messages.RoutableMessage()
    reply.ParseFromString(garage.car.answer(wire))
    return reply


@given(st.binary(max_size=200))
def test_bytes_at_random_are_answered_and_not_obeyed(wire: bytes) -> None:
    garage = Garage()

    answered(garage, wire)

    assert garage.obeyed == []


@settings(max_examples=300)
@given(how=st.sampled_from([HMAC, GCM]), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_single_flipped_bit_makes_the_car_do_something_else(how: int, where: float, bit: int) -> None:
    garage = Garage()
    client = Client(garage)
    client.greets()
    wire = bytearray(client.command(order_amps(13), how=how).SerializeToString())
    wire[int(where * len(wire))] ^= 1 << bit

    answered(garage, bytes(wire))

    # A bit outside what is signed, such as one of the reply's address, leaves the order as it was.
    assert garage.obeyed in ([], [("set_charging_amps", {"charging_amps": 13})])
