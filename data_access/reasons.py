"""Why a value is missing, as the command line says it, in English and Chinese; pages have ui/messages.py."""

import os

SOURCES = {
    "outages": ("no outages loaded", "未导入停电记录"),
    "outages.customers": ("no customers of outages reported", "停电记录未报低压户数"),
    "outages.mv_users": ("no MV users of outages reported", "停电记录未报中压用户数"),
    "outages.area_code": ("no areas of outages reported", "停电记录未报台区"),
    "outages.line_code": ("no lines of outages reported", "停电记录未报线路"),
    "outages.trip": ("no trips of lines reported", "停电记录未报跳闸"),
    "outages.has_automation": ("no automation of lines reported", "停电记录未报自愈条件"),
    "outages.is_fast_restored": ("no fast restorations reported", "停电记录未报快速复电"),
    "outages.detected_at": ("no times of detection reported", "停电记录未报发现时间"),
    "promises": ("no restoration promises loaded", "未导入复电承诺"),
    "promises.revisions": ("only one restoration time of each outage reported", "每次停电只报了一个复电时间"),
    "notices": ("no notices loaded", "未导入停电信息"),
    "notices.area_codes": ("no areas of notices reported", "停电信息未报台区"),
    "major_events": (
        "no major event days determined: a full earlier year with customers served, or a list, is needed",
        "未确定重大事件日：需有此前完整一年的停电记录与用户总数，或导入清单",
    ),
    "customers_served.LV": ("no customers served reported", "未报用户总数"),
    "customers_served.MV": ("no MV customers served reported", "未报中压用户总数"),
    "lines": ("no lines loaded", "未导入线路"),
    "lines.length_m": ("no lengths of lines reported", "线路未报长度"),
    "areas": ("no areas loaded", "未导入台区"),
    "rectifications": ("no rectification items yet", "尚无整改项"),
}
OTHERS = {
    "zero_denominator": ("the denominator is zero", "分母为零"),
    "no_complete_month": ("no complete month in the period", "期内没有完整月份"),
}
LANGUAGES = ("en", "zh")


def language() -> str:
    """Language of the terminal, from the environment."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def text(missing: str, spoken: str = "en") -> str:
    """The reason code of a Reading as words, with the months that it names."""
    code, source, months = [*missing.split(":"), "", ""][:3]
    both = SOURCES.get(source) if code == "not_covered" else OTHERS.get(code)
    if both is None:
        both = (missing.replace("_", " "), missing)
    words = both[LANGUAGES.index(spoken)]
    if not months:
        return words
    colon, comma = ("：", "、") if spoken == "zh" else (": ", ", ")
    return words + colon + months.replace(",", comma)
