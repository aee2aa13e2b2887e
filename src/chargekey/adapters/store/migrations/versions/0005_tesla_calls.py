"""How calls to Tesla went, Tesla's outages, and what drivers were told of such things."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tesla_call",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("grant_id", NUMBER, nullable=True),
        sa.Column("vehicle_id", NUMBER, nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.Column("request_id", sa.String(length=120), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["tesla_grant.id"], name=op.f("fk_tesla_call_grant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_tesla_call_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tesla_call")),
    )
    op.create_index(op.f("ix_tesla_call_at"), "tesla_call", ["at"])
    op.create_index("ix_tesla_call_grant", "tesla_call", ["grant_id", "at"])
    op.create_index(op.f("ix_tesla_call_vehicle_id"), "tesla_call", ["vehicle_id"])
    op.create_table(
        "tesla_outage",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tesla_outage")),
    )
    op.create_table(
        "notice",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("driver_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("filled_with", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_notice_driver_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("driver_id", "event", name=op.f("uq_notice_driver_id_event")),
    )
    op.create_index(op.f("ix_notice_driver_id"), "notice", ["driver_id"])


def downgrade() -> None:
    op.drop_table("notice")
    op.drop_table("tesla_outage")
    op.drop_table("tesla_call")
