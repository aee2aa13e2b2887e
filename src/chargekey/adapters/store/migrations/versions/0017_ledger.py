"""The ledger: what each night came to, booked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("night_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("prices_from", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("lacks", sa.String(60), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_ledger_entry_night_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("night_id", "number", name=op.f("uq_ledger_entry_night_id_number")),
    )
    op.create_table(
        "ledger_line",
        sa.Column("entry_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_line_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "account", "unit", name=op.f("pk_ledger_line")),
    )


def downgrade() -> None:
    op.drop_table("ledger_line")
    op.drop_table("ledger_entry")
