"""A signed order all the way: over HTTP, through the car's protocol, into its battery."""

import base64
from datetime import timedelta

from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import common_pb2 as common
from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.demo import DOMAIN, EMAIL
from tests.simulator.served import Tesla
from tests.simulator.signing import VIN, Client, Garage, payload_of

START = payload_of(
    car_server.VehicleAction(chargingStartStopAction=car_server.ChargingStartStopAction(start=common.Void()))
)


async def sent(tesla: Tesla, token: str, message: messages.RoutableMessage) -> messages.RoutableMessage:
    body = {"routable_message": base64.b64encode(message.SerializeToString()).decode()}
    answer = await tesla.posts(token, f"vehicles/{VIN}/signed_command", body)
    assert answer.status_code == 200
    reply = messages.RoutableMessage()
    reply.ParseFromString(base64.b64decode(answer.json()["response"]))
    return reply


async def test_a_signed_start_charges_the_car_and_a_copy_of_it_does_nothing(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    car = registered.world.somebody_buys_a_car(VIN, "Signed", 60, 40, EMAIL)
    car.plugs_in()
    car.somebody_stops_charging()
    garage = Garage()
    garage.car = car.protocol
    client = Client(garage)
    car.takes_key(client.public, DOMAIN)
    client.greets()

    order = client.command(START, flags=0)
    reply = await sent(registered, token, order)
    assert car_server.Response.FromString(reply.protobuf_message_as_bytes).actionStatus.result == 0
    assert car.charging_state == "Starting"
    assert car.accepted_commands == ["charge_start"]

    again = await sent(registered, token, order)
    assert again.signedMessageStatus.signed_message_fault == messages.MESSAGEFAULT_ERROR_INVALID_TOKEN_OR_COUNTER
    assert car.accepted_commands == ["charge_start"]


async def test_a_car_that_lost_our_key_refuses_at_once(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    car = registered.world.somebody_buys_a_car(VIN, "Signed", 60, 40, EMAIL)
    garage = Garage()
    garage.car = car.protocol
    client = Client(garage)
    car.takes_key(client.public, DOMAIN)
    client.greets()
    car.somebody_deletes_our_key(client.public)
    reply = await sent(registered, token, client.command(START))
    assert reply.signedMessageStatus.signed_message_fault == messages.MESSAGEFAULT_ERROR_UNKNOWN_KEY_ID
    assert car.accepted_commands == []


async def test_a_car_that_is_not_up_or_lets_nobody_in_says_so_in_its_own_faults(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    car = registered.world.somebody_buys_a_car(VIN, "Signed", 60, 40, EMAIL)
    garage = Garage()
    garage.car = car.protocol
    client = Client(garage)
    car.takes_key(client.public, DOMAIN)
    client.greets()

    async def fault() -> int:
        reply = await sent(registered, token, client.command(START))
        return int(reply.signedMessageStatus.signed_message_fault)

    car.is_busy_for(timedelta(seconds=20))
    assert await fault() == messages.MESSAGEFAULT_ERROR_BUSY
    car.boots_for(timedelta(seconds=20))
    assert await fault() == messages.MESSAGEFAULT_ERROR_INTERNAL
    await registered.world.time_passes(timedelta(seconds=20))
    assert car.standing_fault() is None
    car.somebody_turns_mobile_access_off(tesla_knows=False)
    assert car.standing_fault() == messages.MESSAGEFAULT_ERROR_REMOTE_ACCESS_DISABLED
    assert car.accepted_commands == []
