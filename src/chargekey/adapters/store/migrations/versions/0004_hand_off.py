"""Pages for owners, and the cars on each."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hand_off",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("driver_id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asks_as", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("consented_at", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_in", NUMBER, nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_in"], ["web_session.id"], name=op.f("fk_hand_off_answered_in"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_hand_off_driver_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_off")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hand_off_token_hash")),
    )
    op.create_index(op.f("ix_hand_off_driver_id"), "hand_off", ["driver_id"])
    op.create_table(
        "hand_off_car",
        sa.Column("hand_off_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("vehicle_id", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_off_id"], ["hand_off.id"], name=op.f("fk_hand_off_car_hand_off_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_hand_off_car_vehicle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hand_off_id", "vehicle_id", name=op.f("pk_hand_off_car")),
    )
    op.create_index(op.f("ix_hand_off_car_vehicle_id"), "hand_off_car", ["vehicle_id"])


def downgrade() -> None:
    op.drop_table("hand_off_car")
    op.drop_table("hand_off")
