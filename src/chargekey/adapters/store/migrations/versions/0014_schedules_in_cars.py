"""Which charge schedule an order was about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("command", sa.Column("schedule", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("command", "schedule")
