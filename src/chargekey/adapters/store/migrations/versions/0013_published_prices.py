"""What sources of prices published, and how it goes with asking them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "published_price",
        sa.Column("market", sa.String(80), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("price_micro_per_kwh", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("market", "starts_at", name=op.f("pk_published_price")),
    )
    op.create_table(
        "price_asked",
        sa.Column("market", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("got_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("market", name=op.f("pk_price_asked")),
    )


def downgrade() -> None:
    op.drop_table("price_asked")
    op.drop_table("published_price")
