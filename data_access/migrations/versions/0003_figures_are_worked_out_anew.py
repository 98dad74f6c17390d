"""figures are worked out anew

Measures were added or mean something else: what the last refresh wrote is not what this code would write.
"""

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ask_for_new_figures()


def downgrade() -> None:
    ask_for_new_figures()
