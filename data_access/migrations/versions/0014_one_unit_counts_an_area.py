"""An area that is not registered counts for one unit of its bureau

Every figure is worked out anew.
"""

from data_access.migrations.new_figures import ask_for_new_figures

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ask_for_new_figures()


def downgrade() -> None:
    ask_for_new_figures()
