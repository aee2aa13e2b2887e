"""Drivers who wrote to us, what went along, who looked, and which cause it was."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _case(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_case_id")
    return sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "support_case",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("driver_id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("named", sa.String(length=20), nullable=True),
        sa.Column("truly", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_support_case_driver_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case")),
        sa.UniqueConstraint("code", name=op.f("uq_support_case_code")),
    )
    op.create_index(op.f("ix_support_case_driver_id"), "support_case", ["driver_id"])
    op.create_table(
        "support_message",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mailed_at", sa.BigInteger(), nullable=True),
        _case("support_message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_message")),
    )
    op.create_index(op.f("ix_support_message_case_id"), "support_message", ["case_id"])
    op.create_table(
        "support_look",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _case("support_look"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["driver.id"], name=op.f("fk_support_look_agent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_look")),
    )
    op.create_index(op.f("ix_support_look_case_id"), "support_look", ["case_id"])
    op.create_index(op.f("ix_support_look_agent_id"), "support_look", ["agent_id"])
    op.create_table(
        "cause_judged",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("named", sa.String(length=20), nullable=True),
        sa.Column("truly", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_judged")),
    )


def downgrade() -> None:
    op.drop_table("cause_judged")
    op.drop_table("support_look")
    op.drop_table("support_message")
    op.drop_table("support_case")
