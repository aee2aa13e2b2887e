"""What sources of carbon intensity published, and how it goes with asking them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "published_carbon",
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("g_per_kwh", sa.Integer(), nullable=False),
        sa.Column("is_forecast", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "starts_at", name=op.f("pk_published_carbon")),
    )
    op.create_table(
        "carbon_asked",
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("got_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_carbon_asked")),
    )


def downgrade() -> None:
    op.drop_table("carbon_asked")
    op.drop_table("published_carbon")
