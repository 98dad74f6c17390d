"""Rectification items with log, extensions and evidence"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rectification_numbers',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_no', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'year', name=op.f('pk_rectification_numbers')),
    comment='The last number given to an item of a key space in a year; who takes the next holds the row.',
    info={'citus': 'distributed'}
    )
    op.create_table('rectifications',
    sa.Column('bureau_id', sa.String(length=60), nullable=False, comment='key space of the object'),
    sa.Column('item_id', sa.String(length=20), nullable=False, comment='R, year and running number: R2026-0042'),
    sa.Column('org_unit_id', sa.Integer(), nullable=False),
    sa.Column('object_kind', sa.String(length=10), nullable=False, comment='line, area, equipment'),
    sa.Column('object_code', sa.String(length=60), nullable=False),
    sa.Column('rules', sa.String(length=80), server_default='', nullable=False, comment='RL1;RL6'),
    sa.Column('evidence', sa.JSON(), nullable=True, comment='as it was found at creation'),
    sa.Column('found_by', sa.String(length=20), server_default='', nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False, comment='1 high, 2 medium, 3 low'),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('measure', sa.Text(), server_default='', nullable=False),
    sa.Column('measure_type', sa.String(length=12), server_default='', nullable=False, comment='operation, works ...'),
    sa.Column('measure_kind', sa.String(length=40), server_default='', nullable=False, comment='of rule set measures'),
    sa.Column('department', sa.String(length=120), server_default='', nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('responsible', sa.String(length=80), nullable=True),
    sa.Column('co_responsible_id', sa.Integer(), nullable=True),
    sa.Column('co_responsible', sa.String(length=80), nullable=True),
    sa.Column('worked_by_ids', sa.JSON(), nullable=False, comment='who had a hand in it; verifies nothing of it'),
    sa.Column('funding', sa.String(length=200), server_default='', nullable=False, comment='or number of the project'),
    sa.Column('original_due', sa.Date(), nullable=True, comment='set once'),
    sa.Column('current_due', sa.Date(), nullable=True, comment='later than the original one by approved extensions only'),
    sa.Column('interim_control', sa.Text(), server_default='', nullable=False),
    sa.Column('contingency', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False, comment='draft, assigned, working, done, closed, cancelled'),
    sa.Column('progress_pct', sa.Integer(), server_default='0', nullable=False),
    sa.Column('assigned_at', sa.DateTime(), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('done_at', sa.Date(), nullable=True, comment='when the works ended'),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.Column('done_by', sa.String(length=80), nullable=True),
    sa.Column('verified_at', sa.DateTime(), nullable=True),
    sa.Column('verified_by_id', sa.Integer(), nullable=True),
    sa.Column('verified_by', sa.String(length=80), nullable=True),
    sa.Column('verification', sa.Text(), server_default='', nullable=False),
    sa.Column('closed_at', sa.Date(), nullable=True, comment='local day on which it left the books: closed or cancelled'),
    sa.Column('returned_times', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reopen_of', sa.String(length=20), nullable=True, comment='the item, in the same key space, whose relapse made this one'),
    sa.Column('relapsed_on', sa.Date(), nullable=True),
    sa.Column('before_from', sa.Date(), nullable=True, comment='first month of the time before, frozen at creation'),
    sa.Column('before_to', sa.Date(), nullable=True, comment='last month'),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('cancelled_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['co_responsible_id'], ['people.id'], name=op.f('fk_rectifications_co_responsible_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['people.id'], name=op.f('fk_rectifications_created_by_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['people.id'], name=op.f('fk_rectifications_done_by_id')),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_units.id'], name=op.f('fk_rectifications_org_unit_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['people.id'], name=op.f('fk_rectifications_responsible_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['people.id'], name=op.f('fk_rectifications_verified_by_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'item_id', name=op.f('pk_rectifications')),
    comment='One row per rectification item.',
    info={'citus': 'distributed'}
    )
    with op.batch_alter_table("rectifications") as batch_op:
        batch_op.create_index(batch_op.f('ix_rectifications_bureau_id_object_kind_object_code'), ['bureau_id', 'object_kind', 'object_code'])
        batch_op.create_index(batch_op.f('ix_rectifications_org_unit_id_status'), ['org_unit_id', 'status'])
        batch_op.create_index(batch_op.f('ix_rectifications_responsible_id_status'), ['responsible_id', 'status'])

    op.create_table('rectification_extensions',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('item_id', sa.String(length=20), nullable=False),
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('from_due', sa.Date(), nullable=False),
    sa.Column('to_due', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False, comment='asked, approved, refused'),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decision_reason', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['people.id'], name=op.f('fk_rectification_extensions_asked_by_id')),
    sa.ForeignKeyConstraint(['bureau_id', 'item_id'], ['rectifications.bureau_id', 'rectifications.item_id'], name=op.f('fk_rectification_extensions_bureau_id_item_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_rectification_extensions_decided_by_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'item_id', 'no', name=op.f('pk_rectification_extensions')),
    comment='Requests for a later due date; each decided once, by somebody else.',
    info={'citus': 'distributed'}
    )
    op.create_table('rectification_files',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('item_id', sa.String(length=20), nullable=False),
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False, comment='the content, and its place beside the database'),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False, comment='as the content says, not the name'),
    sa.Column('stage', sa.String(length=8), nullable=False, comment='before, after, other'),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['people.id'], name=op.f('fk_rectification_files_added_by_id')),
    sa.ForeignKeyConstraint(['bureau_id', 'item_id'], ['rectifications.bureau_id', 'rectifications.item_id'], name=op.f('fk_rectification_files_bureau_id_item_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'item_id', 'no', name=op.f('pk_rectification_files')),
    comment='Evidence of an item; the contents lie beside the database, one file each.',
    info={'citus': 'distributed'}
    )
    with op.batch_alter_table("rectification_files") as batch_op:
        batch_op.create_index(batch_op.f('ix_rectification_files_bureau_id_sha256'), ['bureau_id', 'sha256'])

    op.create_table('rectification_log',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('item_id', sa.String(length=20), nullable=False),
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False, comment='1, 2, 3 ... of the item'),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='note, file, create, relapse, or the step: assign ...'),
    sa.Column('text', sa.Text(), nullable=False, comment='as the person wrote it'),
    sa.Column('progress_pct', sa.Integer(), nullable=True),
    sa.Column('to_id', sa.Integer(), nullable=True),
    sa.Column('to_name', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['bureau_id', 'item_id'], ['rectifications.bureau_id', 'rectifications.item_id'], name=op.f('fk_rectification_log_bureau_id_item_id')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_rectification_log_by_id')),
    sa.ForeignKeyConstraint(['to_id'], ['people.id'], name=op.f('fk_rectification_log_to_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'item_id', 'no', name=op.f('pk_rectification_log')),
    comment='What was done or said about an item; rows are only added.',
    info={'citus': 'distributed'}
    )


def downgrade() -> None:
    op.drop_table('rectification_log')
    with op.batch_alter_table("rectification_files") as batch_op:
        batch_op.drop_index(batch_op.f('ix_rectification_files_bureau_id_sha256'))

    op.drop_table('rectification_files')
    op.drop_table('rectification_extensions')
    with op.batch_alter_table("rectifications") as batch_op:
        batch_op.drop_index(batch_op.f('ix_rectifications_responsible_id_status'))
        batch_op.drop_index(batch_op.f('ix_rectifications_org_unit_id_status'))
        batch_op.drop_index(batch_op.f('ix_rectifications_bureau_id_object_kind_object_code'))

    op.drop_table('rectifications')
    op.drop_table('rectification_numbers')
