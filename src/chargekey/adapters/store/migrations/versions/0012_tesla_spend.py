"""What a month of Tesla's API has cost, with what was counted before: a budget holds from the first day."""

from collections import Counter
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MICRO_USD = {"data": 2_000, "command": 1_000, "wake": 20_000}
"""As the prices were when this was written."""
CALLS = sa.text(
    "SELECT billed_call.category, billed_call.at, vehicle.vin "
    "FROM billed_call LEFT JOIN vehicle ON vehicle.id = billed_call.vehicle_id"
)


def upgrade() -> None:
    spend = op.create_table(
        "tesla_spend",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("spent_micro_usd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", "vin", name=op.f("pk_tesla_spend")),
    )
    spent: Counter[tuple[str, str]] = Counter()
    for category, at, vin in op.get_bind().execute(CALLS):
        month = f"{datetime.fromtimestamp(at // 1_000_000, UTC):%Y-%m}"
        for name in {"", vin or ""}:  # the home, and the car where it is still known
            spent[month, name] += MICRO_USD[category]
    rows = [{"month": month, "vin": vin, "spent_micro_usd": micro} for (month, vin), micro in spent.items()]
    if rows:
        op.bulk_insert(spend, rows)


def downgrade() -> None:
    op.drop_table("tesla_spend")
