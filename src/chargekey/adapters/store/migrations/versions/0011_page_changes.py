"""Counters by which processes tell each other that an open page has something new."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "page_change",
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raised", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counter", name=op.f("pk_page_change")),
    )


def downgrade() -> None:
    op.drop_table("page_change")
