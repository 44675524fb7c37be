"""What a cell says, as text: the same whether a number was typed as number or as text, in full or half width."""

import datetime as dt
import re
from typing import Any

# Excel keeps 15 digits of a number; what is longer has lost its end and is shown as Excel shows it.
EXACT = 1e15
FULL_WIDTH = {
    code: code - 0xFEE0
    for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0E, 0xFF0D]
}
SPACES = dict.fromkeys([0xA0, 0x3000, 0x2002, 0x2003, 0x2009, 0x202F, 0x09, 0x0B, 0x0C], 0x20)
NOTHING = dict.fromkeys(
    [*range(9), *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0), *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
)
LINES = {0x0D: 0x0A, 0x2028: 0x0A, 0x2029: 0x0A, 0x85: 0x0A}
SIGNS = FULL_WIDTH | SPACES | NOTHING | LINES
STRANGE = re.compile("[" + "".join(map(re.escape, map(chr, SIGNS))) + "]|_x[0-9A-Fa-f]{4}_")
ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|007F)_")
# What a heading says beside its name: how to fill it in, the unit it is counted in, its number.
BEGINS_A_REMARK = (
    "必填 选填 必选 可选 非必填 下拉 多选 单选 可多 可填 请 如 例 示例 格式 按 与 见 没有 无 限 不超过 全称 规范 "
    "名称须 具体 精确 包括 含 年月 单位: 单位： 盖章 加盖 yyyy required optional example"
).split()
IS_A_REMARK = "人 个 名 家 人数 年 度 万元 平方米 ㎡ 小数".split()
REMARK = re.compile(
    rf"[（(【\[](?:(?:[0-9０-９]|{'|'.join(BEGINS_A_REMARK)})[^）)】\]]*|{'|'.join(IS_A_REMARK)})[）)】\]]",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"^\s*[0-9０-９]{1,2}\s*[.、．)）]\s*(?=\D)")
FORMULA_OF_TEXT = re.compile(r'="([^"]*)"')


def normal_text(value: str) -> str:
    """Return a text with half-width digits and letters, plain spaces and no control characters; Chinese stays as is."""
    if STRANGE.search(value):
        value = ESCAPED.sub("", value).translate(SIGNS)
    return value.strip()


def text_of_cell(value: Any) -> str:
    """Return what a cell of a workbook says: 3.0 as 3, a day as 2021-10-01, nothing as an empty text."""
    kind = type(value)
    if kind is str:
        return normal_text(value)
    if kind is float or kind is int:
        return text_of_number(value)
    if kind is dt.datetime:
        if not (value.hour or value.minute or value.second):
            return value.date().isoformat()
        return value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if kind is bool:
        return "TRUE" if value else "FALSE"
    return "" if value is None else normal_text(str(value))


def text_of_number(value: float) -> str:
    """Return a number without a needless decimal part; one too long for Excel as Excel shows it: 9.13205E+17."""
    if abs(value) >= EXACT:
        return f"{value:.5E}"
    if value == int(value):
        return str(int(value))
    return repr(round(value, 10))


def text_of_field(value: str) -> str:
    """Return what a field of a CSV file says; ="0012", by which spreadsheets keep zeros, is 0012."""
    wrapped = FORMULA_OF_TEXT.fullmatch(value.strip()) if value[:1] == "=" else None
    return normal_text(wrapped.group(1) if wrapped else value)


def folded(text: str) -> str:
    """Return a heading or a word as it is compared: without spaces, marks of required columns and case."""
    return "".join(text.replace("*", "").replace("＊", "").split()).casefold()


def heading_key(text: str) -> str:
    """Return a heading as it is compared: its words alone, without signs, numbering and remarks on filling it in.

    «*信用代码（18位）» and «信用代码：» are one heading, «县（市、区）» is 县市区, «负责人（电话）» is 负责人电话.
    """
    words = re.sub(r"[\W_]+", "", REMARK.sub("", NUMBERED.sub("", text))).casefold()
    return words or folded(text)
