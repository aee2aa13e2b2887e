"""Grants of another account that came back, for the hour in which their driver decides."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "undecided_grant",
        sa.Column("grant_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("came_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("cars", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["tesla_grant.id"], name=op.f("fk_undecided_grant_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_undecided_grant")),
    )


def downgrade() -> None:
    op.drop_table("undecided_grant")
