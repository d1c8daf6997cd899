"""Times, as learning platforms write them: in many languages, mostly without a zone."""

import re
import unicodedata
import warnings
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.parser import UnknownTimezoneWarning, parse

from autograder.base.errors import WrongUse

TWO_DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
"""No day, month or year is the same: what is read off both was written."""
LANGUAGES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
januar februar marz april mai juni juli august september oktober november dezember
janner februar marz april mai juni juli august september oktober november dezember
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre
xaneiro febreiro marzo abril maio xuno xullo agosto setembro outubro novembro decembro
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre \
dicembre
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta \
syyskuuta lokakuuta marraskuuta joulukuuta
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika \
listopada grudnia
januara februara marca aprila maja juna jula augusta septembra oktobra novembra \
decembra
januarja februarja marec april maj junij julij avgust september oktober november \
december
sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna october studenoga \
prosinca
jaanuar veebruar marts aprill mai juuni juuli august september oktoober november \
detsember
sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio \
lapkricio gruodzio
januari februari maret april mei juni juli agustus september oktober november desember
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
januar februar marcius aprilis majus junius julius augusztus szeptember oktober \
november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie \
noiembrie decembrie
ocak subat mart nisan mayıs haziran temmuz agustos eylul ekim kasım aralık
януари февруари март април маи юни юли август септември октомври ноември декември
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου \
οκτωβριου νοεμβριου δεκεμβριου
"""
"""The twelve months of each, as they stand in dates, without accents."""
MONTHS = {
    name: number
    for names in LANGUAGES.strip().splitlines()
    for number, name in enumerate(names.split(), start=1)
}
CROATIAN = re.compile(r"(?<=\d\.) ?listopada", re.IGNORECASE)
"""October there, where days have a point; November in Polish, where they have none."""
IN_ENGLISH = LANGUAGES.split()[:12]
ZONES = ("utc", "gmt", "z", "t")
NONE_YET = re.compile(r"[\W_]*")
"""What stands in the place of a time that there is none of."""
WORD = re.compile(r"[^\W\d_]+")
YEAR_FIRST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
VIETNAMESE = re.compile(r"(\d{1,2}) tháng (\d{1,2}),?(?: năm)? (\d{4})", re.IGNORECASE)
BY_NUMBERS = re.compile(r"(?<![\d.:])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?![\d.:])")
HAS_ALL = re.compile(r"\d{4}(?:([-/])\d\d?\1|\.\s?\d\d?\.\s?)\d|(?<!\d)\d{8}")
"""A date in numbers alone, whose order is known."""
CLOCK = re.compile(
    # Not the hours that a zone is ahead or behind.
    r"(?<![\d.+])(?<!:\d\d-)(?<!:\d\d -)(?<!\d{3}-)"
    r"(\d{1,2})(?:[.:]|\s?h\s?)(\d\d)(:\d\d)?(?![\d.]*\d)"
)
OFFSET = re.compile(r"\b(?:UTC|GMT)\s?(?=[+-]\d)")
"""What dateutil takes for a place from which so many hours lead to UTC."""
AFTERNOON = re.compile(
    r"下午|午後|오후|(?<![^\W\d_])p\.?\s?m\b\.?|\bμ\.?\s?μ\b\.?|\bös\b", re.IGNORECASE
)
MORNING = re.compile(
    r"上午|午前|오전|(?<![^\W\d_])a\.?\s?m\b\.?|\bπ\.?\s?μ\b\.?|\böö\b", re.IGNORECASE
)
AHEAD = timedelta(days=366)
"""By more, no clock is wrong: it is another calendar, or no year."""


class UnreadTime(ValueError):
    """A time that cannot be read: its message says why."""


def in_utc(text: str, zone: tzinfo | None = None) -> str:
    """Return a time as nbgrader writes it; nothing of what says that there is none.

    Of an hour that a clock shows twice, as summer time ends, it is the first.

    Parameters
    ----------
    zone
        That of the platform, where the text does not say; this machine's if None.

    Raises
    ------
    UnreadTime
        It is no time, or leaves open which.
    """
    if NONE_YET.fullmatch(text):
        return ""
    plain = _in_english(text)
    try:
        with warnings.catch_warnings(action="error", category=UnknownTimezoneWarning):
            read, again = (parse(plain, default=day) for day in TWO_DAYS)
        read = read if read.tzinfo else read.replace(tzinfo=zone)
        seconds = read.timestamp()
        back = datetime.fromtimestamp(seconds, read.tzinfo)
        in_time = nbgrader_time(seconds)
    except UnknownTimezoneWarning:
        raise UnreadTime("its zone is one of several places") from None
    except (ValueError, OverflowError, OSError):
        raise UnreadTime("it is in no form that is known here") from None
    if read.replace(tzinfo=None) != again.replace(tzinfo=None):
        raise UnreadTime("day, month or year is not in it")
    if back.replace(tzinfo=None) != read.replace(tzinfo=None):
        raise UnreadTime("no clock shows it here, as summer time begins in that hour")
    if seconds > (datetime.now(UTC) + AHEAD).timestamp():
        raise UnreadTime("it is still to come")
    return in_time


def zone_called(name: str) -> tzinfo:
    """Return a time zone by its name.

    Raises
    ------
    WrongUse
        None is called so.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, RecursionError) as error:
        raise WrongUse(
            f"found no time zone {name}, expected one such as Europe/Berlin or UTC."
        ) from error


def nbgrader_time(seconds: float) -> str:
    """Return seconds since 1970 as nbgrader writes them into `timestamp.txt`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def seconds_of(time: str) -> float:
    """Return the seconds since 1970 of a time as nbgrader writes it."""
    read = datetime.strptime(time, "%Y-%m-%d %H:%M:%S UTC")
    return read.replace(tzinfo=UTC).timestamp()


def _in_english(text: str) -> str:
    """Return a time with its month in English, without weekdays and other words."""
    text = unicodedata.normalize("NFKC", text)
    text = YEAR_FIRST.sub(r"\1-\2-\3 ", text.replace("(", " ").replace(")", " "))
    text = VIETNAMESE.sub(r"\3-\2-\1", CROATIAN.sub(" october", text))
    text = OFFSET.sub(" ", BY_NUMBERS.sub(_year_first, text))
    later = 12 if AFTERNOON.search(text) else 0
    is_by_twelve = bool(later or MORNING.search(text))
    text = MORNING.sub(" ", AFTERNOON.sub(" ", text))

    def of_24_hours(clock: re.Match) -> str:
        hour = int(clock[1])
        hour = hour % 12 + later if is_by_twelve and hour <= 12 else hour
        return f" {hour:02}:{clock[2]}{clock[3] or ''}"

    text = CLOCK.sub(of_24_hours, text)
    # A weekday before it may look like a month: the last long word is the month.
    months = [word for word in WORD.findall(text) if _bare(word) in MONTHS]
    month = max(reversed(months), key=len, default="")
    if not month and re.search(r"\d", text) and not HAS_ALL.search(text):
        raise UnreadTime("day, month or year is not in it")

    def kept(word: re.Match) -> str:
        if word[0] == month:
            return f" {IN_ENGLISH[MONTHS[_bare(month)] - 1]} "
        is_zone = word[0].isupper() and 2 <= len(word[0]) <= 5
        return word[0] if is_zone or word[0].casefold() in ZONES else " "

    return WORD.sub(kept, text)


def _year_first(numbers: re.Match) -> str:
    first, sign, second, year = numbers.groups()
    day, month = (first, second) if sign == "." or int(first) > 12 else (second, first)
    if sign != "." and max(int(first), int(second)) <= 12 and first != second:
        raise UnreadTime(f"{first} and {second} may both be its month")
    if len(year) == 2:
        if sign != "." and int(first) > 12:
            raise UnreadTime(f"{first} and {year} may both be its year")
        year = f"20{year}"
    return f"{year}-{month}-{day} "


def _bare(word: str) -> str:
    """Return a word in small letters without accents."""
    parts = unicodedata.normalize("NFD", word.casefold())
    kept = "".join(c for c in parts if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)
