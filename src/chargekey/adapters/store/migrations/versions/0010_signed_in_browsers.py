"""What a browser in which somebody is signed in calls itself, and which passkey let him in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("web_session", sa.Column("named", sa.String(60), nullable=True))
    op.add_column("web_session", sa.Column("passkey_id", NUMBER, nullable=True))


def downgrade() -> None:
    op.drop_column("web_session", "passkey_id")
    op.drop_column("web_session", "named")
