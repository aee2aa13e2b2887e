"""All causes in one table. A new cause is one entry in its group's file, its words, and nothing here."""

from collections.abc import Mapping
from typing import Final

from chargekey.domain.causes import (
    access,
    account,
    consent,
    key_status,
    keys,
    operator,
    phone,
    tesla,
    tokens,
    vehicle_state,
)
from chargekey.domain.causes.cause import Cause

CATALOGUE: Final = (
    *consent.CAUSES,
    *account.CAUSES,
    *access.CAUSES,
    *phone.CAUSES,
    *vehicle_state.CAUSES,
    *keys.CAUSES,
    *operator.CAUSES,
    *tokens.CAUSES,
    *tesla.CAUSES,
    *key_status.CAUSES,
)
BY_ID: Final[Mapping[str, Cause]] = {cause.id: cause for cause in CATALOGUE}
