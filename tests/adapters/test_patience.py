"""What Tesla told us to leave alone is left alone, and nothing else."""

from datetime import timedelta

import pytest

from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.pace import Pace
from chargekey.adapters.tesla.patience import LIMIT_LASTS, Patience
from chargekey.ports.faults import OverLimit, TooOften
from tests.adapters.tesla_side import GRANT, OTHER_VIN, TRUSTED, VIN, PocketVault, StillClock, Tesla, said

OTHER_GRANT = GRANT + 1
LOOK = f"/api/1/vehicles/{VIN.whole}/vehicle_data"
OTHER_LOOK = f"/api/1/vehicles/{OTHER_VIN.whole}/vehicle_data"
LIST = "/api/1/vehicles"
LIMIT = {"error": "account disabled: EXCEEDED_LIMIT"}


def asking(clock: StillClock, *answers: object) -> tuple[FleetApi, Tesla, Patience]:
    tesla, patience = Tesla(*answers), Patience(clock)  # type: ignore[arg-type]  # answers, as `said` makes them
    return FleetApi(tesla.http, PocketVault(), TRUSTED, patience=patience), tesla, patience


async def test_a_limit_on_our_app_is_met_once_for_everybody() -> None:
    clock = StillClock()
    api, tesla, _ = asking(clock, said(403, LIMIT), said(200, {}))
    with pytest.raises(OverLimit):
        await api.ask(GRANT, LOOK)
    for grant_id, path in ((GRANT, LOOK), (OTHER_GRANT, LIST)):
        with pytest.raises(OverLimit):
            await api.ask(grant_id, path)
    assert len(tesla.asked) == 1
    clock.passes(LIMIT_LASTS.total_seconds())
    await api.ask(OTHER_GRANT, LIST)


async def test_a_limit_that_is_lifted_holds_nobody_back() -> None:
    api, _, patience = asking(StillClock(), said(402, {}), said(200, {}))
    with pytest.raises(OverLimit):
        await api.ask(GRANT, LIST)
    patience.limit_is_lifted()
    await api.ask(GRANT, LIST)


async def test_a_rate_limit_on_a_car_holds_back_that_car_alone() -> None:
    clock = StillClock()
    api, tesla, _ = asking(clock, said(429, "", retry_after="90"), said(200, {}), said(200, {}), said(200, {}))
    with pytest.raises(TooOften):
        await api.ask(GRANT, LOOK)
    clock.passes(60)
    with pytest.raises(TooOften) as waits:
        await api.command(GRANT, f"/api/1/vehicles/{VIN.whole}/wake_up", {})
    assert waits.value.wait == timedelta(seconds=30)
    await api.ask(GRANT, OTHER_LOOK)
    await api.ask(GRANT, LIST)
    clock.passes(30)
    await api.ask(GRANT, LOOK)
    assert len(tesla.asked) == 4


async def test_a_rate_limit_on_an_account_holds_back_all_of_it_and_no_other() -> None:
    api, tesla, _ = asking(StillClock(), said(429, "Retry in 90 seconds"), said(200, {}))
    with pytest.raises(TooOften):
        await api.ask(GRANT, LIST)
    with pytest.raises(TooOften):
        await api.ask(GRANT, LOOK)
    await api.ask(OTHER_GRANT, LOOK)
    assert len(tesla.asked) == 2


async def test_so_many_at_once_go_one_after_the_other() -> None:
    waited_s: list[float] = []

    async def pause(seconds: float) -> None:
        waited_s.append(seconds)

    pace = Pace(0.1, pause)
    for _ in range(4):
        await pace.turn()
    assert [round(seconds, 1) for seconds in waited_s] == [0.1, 0.2, 0.3]
