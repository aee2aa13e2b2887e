"""From where a sign-in link was asked for, as a keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("sign_in_link", sa.Column("asked_from", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_sign_in_link_asked_at"), "sign_in_link", ["asked_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_link_asked_at"), table_name="sign_in_link")
    op.drop_column("sign_in_link", "asked_from")
