"""Invented names of places and people; none is meant to be a real one.

People are called by a surname and one of the ten stems (甲, 乙 ...), which in Chinese texts says "anybody".
"""

PROVINCE = ("06", "南岭电网", "Nanling Grid")
CITIES = (("云川局", "Yunchuan"), ("岚湾局", "Lanwan"), ("锦樟局", "Jinzhang"))
COUNTIES = (
    (("青溪县局", "Qingxi"), ("石棠县局", "Shitang"), ("望岭区局", "Wangling"), ("云西区局", "Yunxi")),
    (("潮音区局", "Chaoyin"), ("沙屿县局", "Shayu"), ("湾东区局", "Wandong"), ("松埔县局", "Songpu")),
    (("樟东区局", "Zhangdong"), ("岩口县局", "Yankou"), ("竹岭县局", "Zhuling"), ("双坳县局", "Shuang'ao")),
)
STATIONS = (
    ("城东", "Chengdong"), ("河口", "Hekou"), ("茶坪", "Chaping"), ("龙塘", "Longtang"), ("枫木", "Fengmu"),
    ("棠下", "Tangxia"), ("石鼓", "Shigu"), ("柳泉", "Liuquan"), ("新圩", "Xinxu"), ("黄岭", "Huangling"),
    ("望江", "Wangjiang"), ("岭脚", "Lingjiao"), ("榕树", "Rongshu"), ("桥头", "Qiaotou"), ("北坡", "Beipo"),
    ("云山", "Yunshan"), ("溪尾", "Xiwei"), ("大垌", "Dadong"), ("鹅湖", "Ehu"), ("杉林", "Shanlin"),
    ("潮头", "Chaotou"), ("渔港", "Yugang"), ("灯塔", "Dengta"), ("盐坳", "Yan'ao"), ("海角", "Haijiao"),
    ("沙尾", "Shawei"), ("屿仔", "Yuzai"), ("红树", "Hongshu"), ("蚝围", "Haowei"), ("风车", "Fengche"),
    ("湾头", "Wantou"), ("码头", "Matou"), ("东堤", "Dongdi"), ("工业园", "Gongyeyuan"), ("月湖", "Yuehu"),
    ("松岗", "Songgang"), ("埔心", "Puxin"), ("荔园", "Liyuan"), ("竹围", "Zhuwei"), ("塔脚", "Tajiao"),
    ("樟树", "Zhangshu"), ("东圃", "Dongpu"), ("瓦窑", "Wayao"), ("金鸡岭", "Jinjiling"), ("花地", "Huadi"),
    ("岩前", "Yanqian"), ("口洞", "Koudong"), ("石板", "Shiban"), ("温泉", "Wenquan"), ("木棉", "Mumian"),
    ("竹海", "Zhuhai"), ("岭南坳", "Lingnan'ao"), ("水车", "Shuiche"), ("梯田", "Titian"), ("古井", "Gujing"),
    ("双桥", "Shuangqiao"), ("坳背", "Aobei"), ("鹿鸣", "Luming"), ("茅坪", "Maoping"), ("大湖", "Dahu"),
)  # fmt: skip
LINES = (("甲", "A"), ("乙", "B"), ("丙", "C"), ("丁", "D"))
STEMS = (
    ("甲", "Jia"), ("乙", "Yi"), ("丙", "Bing"), ("丁", "Ding"), ("戊", "Wu"),
    ("己", "Ji"), ("庚", "Geng"), ("辛", "Xin"), ("壬", "Ren"), ("癸", "Gui"),
)  # fmt: skip
SURNAMES = (
    ("赵", "Zhao"),
    ("钱", "Qian"),
    ("孙", "Sun"),
    ("李", "Li"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("郑", "Zheng"),
)


def station(number: int) -> tuple[str, str]:
    """Name in both languages of the n-th station, from 0; larger demo companies number them on."""
    zh, en = STATIONS[number % len(STATIONS)]
    again = number // len(STATIONS)
    return (
        (f"{zh}{again + 1}供电所", f"{en} {again + 1} station") if again else (f"{zh}供电所", f"{en} station")
    )


def person(number: int) -> tuple[str, str]:
    """Name in both languages of the n-th invented person, from 0."""
    surname, stem = SURNAMES[number % len(SURNAMES)], STEMS[number // len(SURNAMES) % len(STEMS)]
    again = number // (len(SURNAMES) * len(STEMS))
    tail = str(again + 1) if again else ""
    return f"{surname[0]}{stem[0]}{tail}", f"{surname[1]} {stem[1]}{tail}"


def email(name_en: str) -> str:
    """An address of the domain that is kept free for examples: nobody gets mail there."""
    return name_en.lower().replace(" ", ".") + "@example.com"
