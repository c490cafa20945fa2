"""Names of invented members in many scripts. Nobody real is meant: given and family names are drawn by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass

from content.text import Language


@dataclass(frozen=True, slots=True)
class Naming:
    """How people of one script are called. `weight` of all; `space` stands between the two names.

    Some have a middle `initial`.
    """

    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    language: Language = Language.EN
    family_first: bool = False
    space: str = " "
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the language of the app of whoever has it."""

    name: str
    language: Language


def _words(words: str) -> tuple[str, ...]:
    return tuple(words.split())


NAMINGS = (
    Naming(
        22,
        _words("Maya Tom Ruth Owen Clara Hugo Nadia Felix Ines Jonah Greta Paul Tess Malik Abena Kwame Imani Leo Wren")
        + _words(
            "Edda Jasper Lena Marcus Odile Priya Quentin Rosa Stefan Tilda Umar Vera Wanda Yannick Zola Bruno Noor"
        ),
        _words("Hartley Brookes Adeyemi Mensah Tanner Okello Whitford Marsh Diallo Quill Farrow Lindgren Novak Weaver")
        + _words("Ashdown Bellamy Castell Dunmore Eriksen Fontaine Grieve Holloway Ilves Jansen Keane Lomax Moreau"),
        initial="ABCDEFGHJKLMNPRSTVW",
    ),
    Naming(
        12,
        _words("Zoë José Søren Łucja Žofie Çağla Renée Björn Agnès Iñigo Mátyás Ștefan Thùy Ürün Ólafur Đorđe"),
        _words("Núñez Østergaard Wójcik Kučera Yıldız Lefèvre Ångström Ibáñez Szabó Țepeluș Nguyễn Þórsson Jurić"),
    ),
    Naming(
        24,
        _words("雨晴 思远 子涵 佳怡 志强 文静 宇航 雪梅 浩然 欣悦 建国 若曦 天佑 婉清 一鸣 书瑶 景行 安然")
        + _words("明轩 梓萱 嘉禾 听澜 立冬 小满 知微 承泽 云舒 沐阳 清和 星野 乐天 念慈 向东 海宁 润泽 亦凡"),
        _words("林 周 许 何 沈 韩 唐 冯 董 程 曹 袁 邓 傅 曾 欧阳 司徒 诸葛 王 李 张 陈 吴 赵 孙 马 朱 胡 郭 高"),
        Language.ZH,
        family_first=True,
        space="",
    ),
    Naming(
        4,
        _words("家豪 淑芬 怡君 志偉 雅婷 俊傑 詠詩 浩賢"),
        _words("陳 黃 鄭 蕭 謝 盧 鍾 劉"),
        Language.ZH,
        family_first=True,
        space="",
    ),
    Naming(
        7,
        _words("Анна Илья Вера Олег Дарья Тимур Ксения Глеб Юлия Богдан"),
        _words("Соколенко Белых Тарасюк Черных Кравченко Дьяченко Мельник Сухих"),
    ),
    Naming(5, _words("سلمى سامي ليلى يوسف هدى كريم رانيا طارق"), _words("حداد منصور الخطيب نجار قاسم الشامي درويش")),
    Naming(3, _words("נועה איתן תמר יונתן מאיה אורי"), _words("לוין ברק שפירא אלון גל רוזן")),
    Naming(6, _words("अर्जुन मीरा कबीर अनन्या रोहन दीया ईशान"), _words("मेहता शर्मा वर्मा जोशी पाटिल नायर")),
    Naming(2, _words("தமிழ் இனியா கவின் மலர்"), _words("செல்வம் முருகன் அரசு குமரன்")),
    Naming(
        5, _words("서연 민준 하은 지호 유진 도윤 수아"), _words("김 이 박 최 정 강 윤"), family_first=True, space=""
    ),
    Naming(
        5,
        _words("さくら 健太 美咲 大輔 ひかり 翔 陽菜"),
        _words("佐藤 高橋 渡辺 小林 五十嵐 長谷川"),
        family_first=True,
    ),
    Naming(3, _words("Ελένη Δάφνη Ίρις Ζωή Μυρτώ"), _words("Παππά Βλάχου Ρήγα Μακρή Ζέρβα")),
    Naming(2, _words("กานดา ธนา พิมพ์ใจ วิชัย มาลี"), _words("ศรีสุข ทองดี แก้วมณี วงศ์ใหญ่")),
    Naming(1, _words("ნინო გიორგი თამარ"), _words("ბერიძე კაპანაძე ლომიძე")),
    Naming(1, _words("Անի Արամ Լուսինե"), _words("Սարգսյան Գրիգորյան Պետրոսյան")),
    Naming(1, _words("ሰላም ዳዊት ሃና"), _words("ተስፋዬ በቀለ ግርማ")),
)
LONG = 0.02  # of all have a name that no line is wide enough for
INITIAL = 0.4  # of those where that is usual
_WEIGHTS = tuple(each.weight for each in NAMINGS)


def draw(rng: random.Random) -> Named:
    """Somebody's name."""
    naming = rng.choices(NAMINGS, _WEIGHTS)[0]
    given, family = rng.choice(naming.given), rng.choice(naming.family)
    if naming.initial and rng.random() < INITIAL:
        given = f"{given} {rng.choice(naming.initial)}."
    if rng.random() < LONG:
        given = naming.space.join(dict.fromkeys((given, *rng.sample(naming.given, 2))))
        family = "-".join(dict.fromkeys((family, *rng.sample(naming.family, 2))))
    parts = (family, given) if naming.family_first else (given, family)
    return Named(naming.space.join(parts), naming.language)
