"""What refresh finds of rectifications: what came after them, against what was to be expected.

Stored, for one expectation of a line or area is compared with all of its bureau: some hundredths of a second
each, and a page shows hundreds.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from data_access.tables.metadata import DISTRIBUTED, metadata

rectification_proofs = Table(
    "rectification_proofs",
    metadata,
    Column("bureau_id", String(60), primary_key=True),
    Column("item_id", String(20), primary_key=True),
    Column("outcome", String(12), primary_key=True, comment="outages, customers, customer_s"),
    Column("org_unit_id", Integer, nullable=False),
    Column("measure_kind", String(40), nullable=False),
    Column("rule_version", Integer, nullable=False, comment="of rule set proof"),
    Column("verdict", String(12), nullable=False, comment="effective, no_evidence, worse, too_early"),
    Column("stage", String(12), nullable=False, comment="too_early, provisional, final"),
    Column("reason", String(20), nullable=False, comment="why nothing is judged; '' where it is"),
    Column("found", JSON, nullable=False, comment="every number of domain.proof.Proof"),
    Column("seen", String(64), nullable=False, comment="hash of what it was judged by"),
    Column("of_items", String(64), nullable=False, comment="hash of all items of the bureau then"),
    Index(None, "org_unit_id"),
    comment="What came after a rectification; one row per item whose works are done, and outcome.",
    info=DISTRIBUTED,
)

rectification_pools = Table(
    "rectification_pools",
    metadata,
    Column("bureau_id", String(60), primary_key=True, comment="the unit's home key space"),
    Column("org_unit_id", Integer, primary_key=True, comment="with all below it, inside one city bureau"),
    Column("measure_kind", String(40), primary_key=True, comment="of rule set measures; or ''"),
    Column("outcome", String(12), primary_key=True),
    Column("is_top", Boolean, nullable=False, comment="nothing above it is compared with it"),
    Column("rule_version", Integer, nullable=False),
    Column("found", JSON, nullable=False),
    Column("seen", String(64), nullable=False),
    comment="Rectifications of one kind of measure, judged together.",
    info=DISTRIBUTED,
)
