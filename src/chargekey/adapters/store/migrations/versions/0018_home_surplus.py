"""What homes tell of their own sun, by quarter of an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "home_surplus",
        sa.Column("vehicle_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("surplus_w", sa.Integer(), nullable=False),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_home_surplus_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vehicle_id", "starts_at", name=op.f("pk_home_surplus")),
    )


def downgrade() -> None:
    op.drop_table("home_surplus")
