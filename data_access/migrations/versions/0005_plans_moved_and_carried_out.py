"""Plans moved by a later message, and those whose outage began on another day, are told apart

Every figure is worked out anew.
"""

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ask_for_new_figures()


def downgrade() -> None:
    ask_for_new_figures()
