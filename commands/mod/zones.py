"""Time zones by what people write: a city in English or Chinese, or a zone's own name; and the other way round."""

from __future__ import annotations

import functools
import zoneinfo

import babel.core
import babel.dates
import rapidfuzz.process
import rapidfuzz.utils

from content.text import BABEL_LOCALES, Language, Text

NEAR = 70  # rapidfuzz's score, of 100, from which a city is suggested for a mistyped one
OFFERED = (  # from west to east; as many as a select takes, less the one that is suggested
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/Mexico_City", "America/New_York",
    "America/Toronto", "America/Sao_Paulo", "UTC", "Europe/London", "Africa/Lagos", "Europe/Paris", "Europe/Berlin",
    "Africa/Johannesburg", "Europe/Kyiv", "Europe/Istanbul", "Asia/Dubai", "Asia/Kolkata", "Asia/Jakarta",
    "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
LOCALES = {  # where a language is spoken in one place above all; that of an app in American English says nothing
    "zh": "Asia/Shanghai", "zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei", "zh-HK": "Asia/Hong_Kong",
    "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "hi": "Asia/Kolkata", "en-IN": "Asia/Kolkata", "th": "Asia/Bangkok",
    "vi": "Asia/Ho_Chi_Minh", "id": "Asia/Jakarta", "de": "Europe/Berlin", "fr": "Europe/Paris", "it": "Europe/Rome",
    "es-ES": "Europe/Madrid", "pt-BR": "America/Sao_Paulo", "en-GB": "Europe/London", "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw", "cs": "Europe/Prague", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia", "el": "Europe/Athens", "hr": "Europe/Zagreb", "lt": "Europe/Vilnius", "uk": "Europe/Kyiv",
    "tr": "Europe/Istanbul", "sv": "Europe/Stockholm", "da": "Europe/Copenhagen", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki",
}  # fmt: skip
ALSO = {  # large cities after which no zone is called
    "Asia/Shanghai": "Beijing Shenzhen Guangzhou Hangzhou Chengdu Nanjing Wuhan Xi'an Tianjin Suzhou"
    " 北京 深圳 广州 杭州 成都 南京 武汉 西安 天津 苏州 重庆 厦门 青岛 长沙",
    "America/Los_Angeles": "San_Francisco Seattle San_Diego Palo_Alto 旧金山 西雅图 圣迭戈 硅谷",
    "America/New_York": "Boston Washington Philadelphia Atlanta Miami 波士顿 华盛顿 费城 亚特兰大 迈阿密",
    "America/Chicago": "Houston Dallas Austin 休斯敦 达拉斯 奥斯汀",
    "America/Toronto": "Montreal Ottawa 蒙特利尔 渥太华",
    "Europe/Berlin": "Munich München Hamburg Frankfurt Cologne Köln 慕尼黑 汉堡 法兰克福 科隆",
    "Europe/London": "Manchester Edinburgh Cambridge Oxford 曼彻斯特 爱丁堡 剑桥 牛津",
    "Europe/Zurich": "Geneva Bern 日内瓦 伯尔尼",
    "Europe/Rome": "Milan 米兰",
    "Europe/Madrid": "Barcelona 巴塞罗那",
    "Asia/Kolkata": "Mumbai Delhi New_Delhi Bangalore Bengaluru Chennai Hyderabad 孟买 新德里 班加罗尔",
    "Asia/Tokyo": "Osaka Kyoto 大阪 京都",
    "Asia/Ho_Chi_Minh": "Hanoi 河内",
    "Asia/Dubai": "Abu_Dhabi 阿布扎比",
    "Europe/Kyiv": "Kiev",
    "America/Sao_Paulo": "Rio_de_Janeiro 里约热内卢",
    "Australia/Sydney": "Canberra 堪培拉",
}
CHINESE = {  # cities under whose names of today CLDR's Chinese words are not found
    "Africa/Asmara": "阿斯马拉", "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯", "America/Nuuk": "努克",
    "America/Argentina/Cordoba": "科尔多瓦", "America/Argentina/Mendoza": "门多萨", "Asia/Kathmandu": "加德满都",
    "America/Indiana/Indianapolis": "印第安纳波利斯", "America/Kentucky/Louisville": "路易斯维尔",
    "Asia/Ho_Chi_Minh": "胡志明市", "Asia/Kolkata": "加尔各答", "Asia/Yangon": "仰光", "Atlantic/Faroe": "法罗",
    "Europe/Kyiv": "基辅",
}  # fmt: skip


def find_zone(written: str) -> tuple[str | None, str | None]:
    """The IANA zone of a city or a zone's name, or None and the nearest one."""
    wanted = _bare(written)
    zones = _names()
    found = zones.get(wanted) or zones.get(wanted.removesuffix("市"))
    if found is not None or not wanted:
        return found, None
    best = rapidfuzz.process.extractOne(
        wanted, list(zones), processor=rapidfuzz.utils.default_process, score_cutoff=NEAR
    )
    return None, zones[best[0]] if best else None


def suggested(zone: str | None, locale: str | None) -> str | None:
    """A person's own zone, or that of the place where their language is spoken above all."""
    if zone in _known():
        return zone
    tag = (locale or "").replace("_", "-")
    return LOCALES.get(tag) or LOCALES.get(tag.split("-")[0])


def city(zone: str) -> Text:
    """A zone as people say it: its city."""
    return Text(_city(zone, Language.EN), zh=_city(zone, Language.ZH))


def as_id(zone: str) -> str:
    """A zone's name as a press can carry it."""
    return zone.replace("/", ".")


def of_id(written: str) -> str | None:
    """The zone of such a name, if there is one."""
    zone = written.replace(".", "/")
    return zone if zone in _known() else None


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def _names() -> dict[str, str]:
    """Zones by all that they are called. Of two of one name the first; the words of the files before ours."""
    aliases = babel.core.get_global("zone_aliases").items()
    today = {old: new for old, new in aliases if new in _known() and not new.startswith("Etc/")}
    names = {_bare(zone): today.get(zone, zone) for zone in sorted(_known())}
    for zone in sorted(_known()):
        names.setdefault(_bare(zone.rsplit("/", 1)[-1]), today.get(zone, zone))
    for zone in sorted(_known()):
        for language in Language:
            names.setdefault(_bare(_city(zone, language)), today.get(zone, zone))
    for zone, cities in ALSO.items():
        names |= {_bare(each): zone for each in cities.split()}
    return names


@functools.cache
def _city(zone: str, language: Language) -> str:
    """The city in the words of CLDR; in those of ours where it has none."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone
    if language is Language.ZH and zone in CHINESE:
        return CHINESE[zone]
    return babel.dates.get_timezone_location(zone, locale=BABEL_LOCALES[language], return_city=True)


def _bare(words: str) -> str:
    return words.strip().casefold().replace("_", " ")
