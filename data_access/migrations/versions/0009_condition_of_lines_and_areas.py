"""Tables of the condition of lines and areas; conductors and ties of lines"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area_loads',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('peak_load_pct', sa.Numeric(precision=7, scale=2), nullable=True, comment='highest load of the month in % of the capacity'),
    sa.Column('heavy_run_points', sa.Integer(), nullable=True, comment='longest run of 15-minute points at or above the heavy limit'),
    sa.Column('overload_run_points', sa.Integer(), nullable=True, comment='longest run at or above the overload limit'),
    sa.Column('unbalance_pct', sa.Numeric(precision=5, scale=2), nullable=True, comment='highest unbalance of the phases in %'),
    sa.Column('unbalance_hours', sa.Numeric(precision=6, scale=2), nullable=True, comment="hours of the month above the source's limit of unbalance"),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'month', name=op.f('pk_area_loads')),
    comment='One row per area and month: what the metering system says of its load.',
    info={'citus': 'distributed', 'key': ('area_code', 'month')}
    )
    op.create_table('area_loads_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('peak_load_pct', sa.Numeric(precision=7, scale=2), nullable=True),
    sa.Column('heavy_run_points', sa.Integer(), nullable=True),
    sa.Column('overload_run_points', sa.Integer(), nullable=True),
    sa.Column('unbalance_pct', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('unbalance_hours', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'month', 'batch_id', name=op.f('pk_area_loads_past')),
    comment='Rows of area_loads that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'area_loads'}
    )
    op.create_table('customer_equipment_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('equipment_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('area_code', sa.String(length=60), nullable=True),
    sa.Column('customer', sa.String(length=120), nullable=True),
    sa.Column('line_code', sa.String(length=60), nullable=True),
    sa.Column('switchgear', sa.String(length=16), nullable=True),
    sa.Column('has_boundary_switch', sa.Boolean(), nullable=True),
    sa.Column('arrester_type', sa.String(length=16), nullable=True),
    sa.Column('transformer_in_service_on', sa.Date(), nullable=True),
    sa.Column('last_test_on', sa.Date(), nullable=True),
    sa.Column('last_maintenance_on', sa.Date(), nullable=True),
    sa.Column('findings', sa.Text(), nullable=True),
    sa.Column('advice', sa.Text(), nullable=True),
    sa.Column('advised_on', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'equipment_key', 'batch_id', name=op.f('pk_customer_equipment_past')),
    comment='Rows of customer_equipment that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'customer_equipment'}
    )
    op.create_table('damage_sites_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('site_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('line_code', sa.String(length=60), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('patrol_every_days', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'site_key', 'batch_id', name=op.f('pk_damage_sites_past')),
    comment='Rows of damage_sites that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'damage_sites'}
    )
    op.create_table('defects_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('defect_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('line_code', sa.String(length=60), nullable=True),
    sa.Column('area_code', sa.String(length=60), nullable=True),
    sa.Column('found_by', sa.String(length=10), nullable=True),
    sa.Column('severity', sa.String(length=10), nullable=True),
    sa.Column('found_at', sa.DateTime(), nullable=True),
    sa.Column('limit_on', sa.Date(), nullable=True),
    sa.Column('cleared_at', sa.DateTime(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'defect_key', 'batch_id', name=op.f('pk_defects_past')),
    comment='Rows of defects that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'defects'}
    )
    op.create_table('load_points',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('measured_at', sa.DateTime(), nullable=False, comment='a whole quarter of an hour'),
    sa.Column('power_kw', sa.Numeric(precision=12, scale=3), nullable=False, comment="sum of the area's meters; reverse flow by size"),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'measured_at', name=op.f('pk_load_points')),
    comment='One row per area and 15-minute point: metered power, from the metering system.',
    info={'citus': 'distributed', 'key': ('area_code', 'measured_at')}
    )
    op.create_table('load_points_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('measured_at', sa.DateTime(), nullable=False),
    sa.Column('power_kw', sa.Numeric(precision=12, scale=3), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'measured_at', 'batch_id', name=op.f('pk_load_points_past')),
    comment='Rows of load_points that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'load_points'}
    )
    op.create_table('patrols',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('patrol_key', sa.String(length=120), nullable=False),
    sa.Column('site_key', sa.String(length=80), nullable=False),
    sa.Column('patrolled_on', sa.Date(), nullable=False),
    sa.Column('finding', sa.Text(), nullable=True, comment='what was seen; null for nothing of note'),
    sa.Column('next_due_on', sa.Date(), nullable=True, comment='last day for the next patrol, where somebody set one'),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('bureau_id', 'patrol_key', name=op.f('pk_patrols')),
    comment='One row per patrol of a damage site, from patrol records.',
    info={'citus': 'distributed', 'key': ('patrol_key',)}
    )
    with op.batch_alter_table('patrols') as batch:
        batch.create_index(batch.f('ix_patrols_bureau_id_site_key_patrolled_on'), ['bureau_id', 'site_key', 'patrolled_on'], unique=False)

    op.create_table('patrols_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('patrol_key', sa.String(length=120), nullable=False),
    sa.Column('site_key', sa.String(length=80), nullable=True),
    sa.Column('patrolled_on', sa.Date(), nullable=True),
    sa.Column('finding', sa.Text(), nullable=True),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'patrol_key', 'batch_id', name=op.f('pk_patrols_past')),
    comment='Rows of patrols that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'patrols'}
    )
    op.create_table('transformers',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('transformer_key', sa.String(length=60), nullable=False, comment='asset number of the register'),
    sa.Column('area_code', sa.String(length=60), nullable=False, comment='the area that it supplies'),
    sa.Column('capacity_kva', sa.Numeric(precision=12, scale=2), nullable=True, comment='rated capacity'),
    sa.Column('in_service_on', sa.Date(), nullable=True, comment='first day in service; null where unknown'),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('bureau_id', 'transformer_key', name=op.f('pk_transformers')),
    comment='One row per distribution transformer, from the asset register; an area may have several.',
    info={'citus': 'distributed', 'key': ('transformer_key',)}
    )
    with op.batch_alter_table('transformers') as batch:
        batch.create_index(batch.f('ix_transformers_bureau_id_area_code'), ['bureau_id', 'area_code'], unique=False)

    op.create_table('transformers_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('transformer_key', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=True),
    sa.Column('capacity_kva', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('in_service_on', sa.Date(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'transformer_key', 'batch_id', name=op.f('pk_transformers_past')),
    comment='Rows of transformers that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'transformers'}
    )
    op.create_table('voltage_days',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('day', sa.Date(), nullable=False, comment='local day'),
    sa.Column('lowest_v', sa.Numeric(precision=6, scale=2), nullable=True, comment='lowest phase voltage of any meter of the area, in volts'),
    sa.Column('low_minutes', sa.Integer(), nullable=False, comment='minutes of the day below the lower limit'),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'day', name=op.f('pk_voltage_days')),
    comment='One row per area and day: how low the voltage of its customers was, from the metering system.',
    info={'citus': 'distributed', 'key': ('area_code', 'day')}
    )
    op.create_table('voltage_days_past',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('area_code', sa.String(length=60), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('lowest_v', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('low_minutes', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('bureau_id', 'area_code', 'day', 'batch_id', name=op.f('pk_voltage_days_past')),
    comment='Rows of voltage_days that a later batch replaced, and keys that a batch withdrew.',
    info={'citus': 'distributed', 'past_of': 'voltage_days'}
    )
    op.create_table('customer_equipment',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('equipment_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False, comment='inspects it'),
    sa.Column('area_code', sa.String(length=60), nullable=True, comment='the dedicated account that it belongs to'),
    sa.Column('customer', sa.String(length=120), nullable=True),
    sa.Column('line_code', sa.String(length=60), nullable=True, comment="the line that it hangs on; null: the account's"),
    sa.Column('switchgear', sa.String(length=16), nullable=True, comment='ring_main, switch_cabinet, column_switch, fuse, other'),
    sa.Column('has_boundary_switch', sa.Boolean(), nullable=True, comment='cuts its faults off from the line; null where unknown'),
    sa.Column('arrester_type', sa.String(length=16), nullable=True, comment='valve, silicon_carbide, metal_oxide, none'),
    sa.Column('transformer_in_service_on', sa.Date(), nullable=True),
    sa.Column('last_test_on', sa.Date(), nullable=True, comment='last preventive test; null where none is known'),
    sa.Column('last_maintenance_on', sa.Date(), nullable=True),
    sa.Column('findings', sa.Text(), nullable=True, comment='what the inspection found'),
    sa.Column('advice', sa.Text(), nullable=True, comment='what the customer was told to do'),
    sa.Column('advised_on', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True, comment='the customer agreed'),
    sa.Column('done_on', sa.Date(), nullable=True, comment='the customer did it'),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_units.id'], name=op.f('fk_customer_equipment_org_unit_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'equipment_key', name=op.f('pk_customer_equipment')),
    comment='One row per customer installation at medium voltage, from inspections.',
    info={'citus': 'distributed', 'key': ('equipment_key',)}
    )
    with op.batch_alter_table('customer_equipment') as batch:
        batch.create_index(batch.f('ix_customer_equipment_bureau_id_area_code'), ['bureau_id', 'area_code'], unique=False)
        batch.create_index(batch.f('ix_customer_equipment_bureau_id_line_code'), ['bureau_id', 'line_code'], unique=False)
        batch.create_index(batch.f('ix_customer_equipment_org_unit_id'), ['org_unit_id'], unique=False)

    op.create_table('damage_sites',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('site_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False, comment='has to patrol it'),
    sa.Column('line_code', sa.String(length=60), nullable=True, comment='the line in danger'),
    sa.Column('kind', sa.String(length=16), nullable=False, comment='construction, crossing, tall_machinery, fishing, other'),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False, comment='first day of the danger'),
    sa.Column('closed_on', sa.Date(), nullable=True, comment='last day; null while it is open'),
    sa.Column('patrol_every_days', sa.Integer(), nullable=True, comment='patrols are due so often; null: as the rules say'),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_units.id'], name=op.f('fk_damage_sites_org_unit_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'site_key', name=op.f('pk_damage_sites')),
    comment='One row per place where others may damage a line, from the list that the unit keeps.',
    info={'citus': 'distributed', 'key': ('site_key',)}
    )
    with op.batch_alter_table('damage_sites') as batch:
        batch.create_index(batch.f('ix_damage_sites_bureau_id_line_code'), ['bureau_id', 'line_code'], unique=False)
        batch.create_index(batch.f('ix_damage_sites_org_unit_id_opened_on'), ['org_unit_id', 'opened_on'], unique=False)

    op.create_table('defects',
    sa.Column('bureau_id', sa.String(length=60), nullable=False),
    sa.Column('defect_key', sa.String(length=80), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False, comment='has to clear it'),
    sa.Column('line_code', sa.String(length=60), nullable=True, comment='where it is; a defect of an area may name its line too'),
    sa.Column('area_code', sa.String(length=60), nullable=True),
    sa.Column('found_by', sa.String(length=10), nullable=True, comment='patrol, drone, online, hotline, other'),
    sa.Column('severity', sa.String(length=10), nullable=False, comment='urgent, major, minor'),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('limit_on', sa.Date(), nullable=True, comment='last day on which it is to be cleared'),
    sa.Column('cleared_at', sa.DateTime(), nullable=True, comment='null while it is open'),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_units.id'], name=op.f('fk_defects_org_unit_id')),
    sa.PrimaryKeyConstraint('bureau_id', 'defect_key', name=op.f('pk_defects')),
    comment='One row per defect of a line or area, from patrols, drones, monitoring or customers.',
    info={'citus': 'distributed', 'key': ('defect_key',)}
    )
    with op.batch_alter_table('defects') as batch:
        batch.create_index(batch.f('ix_defects_bureau_id_area_code'), ['bureau_id', 'area_code'], unique=False)
        batch.create_index(batch.f('ix_defects_bureau_id_line_code'), ['bureau_id', 'line_code'], unique=False)
        batch.create_index(batch.f('ix_defects_org_unit_id_found_at'), ['org_unit_id', 'found_at'], unique=False)

    with op.batch_alter_table('lines') as batch:
        batch.add_column(sa.Column('conductor', sa.String(length=10), nullable=True, comment='bare, insulated, cable, mixed; null where unknown'))
        batch.add_column(sa.Column('conductor_since', sa.Date(), nullable=True, comment='the oldest part of it was strung then'))
        batch.add_column(sa.Column('ties', sa.Integer(), nullable=True, comment='tie points to other lines; 0: radial; null where unknown'))
        batch.add_column(sa.Column('ties_at_limit', sa.Boolean(), nullable=True, comment='no tie can take over load at the peak'))

    with op.batch_alter_table('lines_past') as batch:
        batch.add_column(sa.Column('conductor', sa.String(length=10), nullable=True))
        batch.add_column(sa.Column('conductor_since', sa.Date(), nullable=True))
        batch.add_column(sa.Column('ties', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('ties_at_limit', sa.Boolean(), nullable=True))



def downgrade() -> None:
    """Patrols and their past rows go before the sites, which their policies on PostgreSQL look at."""
    with op.batch_alter_table('lines_past') as batch:
        batch.drop_column('ties_at_limit')
        batch.drop_column('ties')
        batch.drop_column('conductor_since')
        batch.drop_column('conductor')

    with op.batch_alter_table('lines') as batch:
        batch.drop_column('ties_at_limit')
        batch.drop_column('ties')
        batch.drop_column('conductor_since')
        batch.drop_column('conductor')

    with op.batch_alter_table('defects') as batch:
        batch.drop_index(batch.f('ix_defects_org_unit_id_found_at'))
        batch.drop_index(batch.f('ix_defects_bureau_id_line_code'))
        batch.drop_index(batch.f('ix_defects_bureau_id_area_code'))

    op.drop_table('defects')
    with op.batch_alter_table('customer_equipment') as batch:
        batch.drop_index(batch.f('ix_customer_equipment_org_unit_id'))
        batch.drop_index(batch.f('ix_customer_equipment_bureau_id_line_code'))
        batch.drop_index(batch.f('ix_customer_equipment_bureau_id_area_code'))

    op.drop_table('customer_equipment')
    op.drop_table('voltage_days_past')
    op.drop_table('voltage_days')
    op.drop_table('transformers_past')
    with op.batch_alter_table('transformers') as batch:
        batch.drop_index(batch.f('ix_transformers_bureau_id_area_code'))

    op.drop_table('transformers')
    op.drop_table('patrols_past')
    with op.batch_alter_table('patrols') as batch:
        batch.drop_index(batch.f('ix_patrols_bureau_id_site_key_patrolled_on'))

    op.drop_table('patrols')
    with op.batch_alter_table('damage_sites') as batch:
        batch.drop_index(batch.f('ix_damage_sites_org_unit_id_opened_on'))
        batch.drop_index(batch.f('ix_damage_sites_bureau_id_line_code'))

    op.drop_table('damage_sites')
    op.drop_table('load_points_past')
    op.drop_table('load_points')
    op.drop_table('defects_past')
    op.drop_table('damage_sites_past')
    op.drop_table('customer_equipment_past')
    op.drop_table('area_loads_past')
    op.drop_table('area_loads')
