"""The key with which a home tells of its own sun."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "surplus_key",
        sa.Column("vehicle_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_surplus_key_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vehicle_id", name=op.f("pk_surplus_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_surplus_key_key_hash")),
    )


def downgrade() -> None:
    op.drop_table("surplus_key")
