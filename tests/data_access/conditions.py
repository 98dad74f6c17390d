"""Files about the condition of lines and areas of the company of importing.py, two rows of each kind."""

from sqlalchemy import Engine, select

from data_access import stale
from data_access.tables.org import org_units
from data_access.transactions import reading_all

# Of each kind, two rows: the first of station S1, the second of S2.
FILES = {
    "transformers": "配变编号,台区编码,额定容量(kVA),投运日期\nT1,A1,315,2003-05-01\nT2,A2,200,2020-01-01\n",
    "area_loads": (
        "台区编码,月份,最大负载率(%),最长连续重载点数,最长连续过载点数,最大三相不平衡度,三相不平衡时长(小时)\n"
        "A1,2024-07,104.256,12,3,31,40.5\nA2,2024-07,55,0,0,9,0\n"
    ),
    "load_points": "台区编码,量测时间,有功功率(kW)\nA1,2024-08-01 00:15,-30.5\nA2,2024-07-31 23:45,12\n",
    "voltage_days": (
        "台区编码,日期,最低电压(V),低电压时长(分钟)\nA1,2024-07-03,187.5,95\nA2,2024-07-04,201,0\n"
    ),
    "defects": (
        "缺陷编号,单位编码,线路编码,台区编码,发现方式,缺陷等级,发现时间,消缺期限,消缺时间,缺陷内容\n"
        "D1,S1,L1,,无人机,重大,2024-05-31 23:30,2024-06-30,,绝缘子破损\n"
        "D2,S2,,A2,95598,一般,2024-05-02 09:00,,2024-05-02,引线松动\n"
    ),
    "damage_sites": (
        "隐患点编号,单位编码,线路编码,隐患类型,地点,起始日期,解除日期,巡视周期(天)\n"
        "P1,S1,L1,施工,3号杆,2024-03-05,,7\nP2,S2,L2,垂钓,9号杆,2024-04-01,2024-06-30,\n"
    ),
    "patrols": (
        "巡视编号,隐患点编号,巡视日期,巡视情况,下次应巡日期\n"
        "X1,P1,2024-03-12,,2024-03-19\nX2,P2,2024-04-08,有人垂钓,\n"
    ),
    "customer_equipment": (
        "设备编号,单位编码,台区编码,客户名称,线路编码,进线开关设备,装有分界开关,避雷器类型,"
        "变压器投运日期,上次预防性试验日期\n"
        "E1,S1,A1,周甲,L1,环网柜,否,碳化硅,1999-01-01,2019-06-01\n"
        "E2,S2,A2,郑乙,L2,开关柜,是,氧化锌,2020-01-01,2023-06-01\n"
    ),
}  # fmt: skip


def marks(engine: Engine, source: str) -> set[tuple[str, str]]:
    """(unit code, month) of the marks that wait of that source; "every" for every month."""
    with reading_all(engine) as connection:
        codes = dict(connection.execute(select(org_units.c.id, org_units.c.code)).all())
        found = stale.waiting(connection)
    return {
        (codes[unit], "every" if month == stale.EVERY_MONTH else f"{month:%Y-%m}")
        for unit, of, month in found
        if of == source
    }
