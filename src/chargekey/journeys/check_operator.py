"""The operator makes the command key, once, and registers the app at Tesla, region by region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chargekey.ports.faults import Fault
from chargekey.ports.tesla import TeslaRegistration


@dataclass(frozen=True, slots=True)
class RegionChecked:
    """One region: whether Tesla holds our very key there, and what was in the way if not."""

    region: str
    is_right: bool
    fault: str


class CheckOperator:
    """Registration, and whether it holds. `public_key_hex` is the hosted key, uncompressed."""

    def __init__(
        self, registration: TeslaRegistration, domain: str, regions: Sequence[str], public_key_hex: str
    ) -> None:
        self._registration, self._domain = registration, domain
        self._regions, self._public_key_hex = tuple(regions), public_key_hex

    async def register(self) -> Mapping[str, RegionChecked]:
        """Register in every region; registering again is harmless. A fault in one does not stop the others."""
        return {region: await self._registered(region) for region in self._regions}

    async def _registered(self, region: str) -> RegionChecked:
        try:
            answer = await self._registration.register(region, self._domain)
        except Fault as fault:
            return RegionChecked(region, False, f"{type(fault).__name__}: {fault.detail}".rstrip(": "))
        is_right = answer.value.lower() == self._public_key_hex.lower()
        return RegionChecked(region, is_right, "" if is_right else "Tesla holds another key for this domain")
