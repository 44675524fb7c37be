"""The fixed parts of a workbook's file (ECMA-376): what it holds, its styles, the frame around a worksheet's rows."""

from collections.abc import Iterable, Sequence

from riskreport.ground.sheets.cells import DATE, DATETIME, HEAD, INT, LINES, TEXT, escaped, text_element

HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MOMENT_FORMAT = 164  # the first number of formats of one's own
DATE_FORMAT = 165


def content_types(sheets: int) -> str:
    """Return the list of what kinds of parts there are."""
    own = [("workbook", "sheet.main"), ("styles", "styles"), ("sharedStrings", "sharedStrings")]
    own += [(f"worksheets/sheet{number}", "worksheet") for number in range(1, sheets + 1)]
    parts = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>' for name, kind in own)
    return (
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{parts}</Types>"
    )


def relations(targets: Iterable[tuple[str, str]]) -> str:
    """Return the relations to (kind, file), numbered rId1, rId2 …"""
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def workbook(names: Sequence[str], areas: Sequence[str]) -> str:
    """Return the list of worksheets. The first ones are lists, each filling its of ``areas``: $A$1:$T$100."""
    sheets = "".join(
        f'<sheet name="{_quoted(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    filters, titles = "", ""
    for number, (name, area) in enumerate(zip(names, areas, strict=False)):
        place = escaped(f"'{name}'!")
        filters += (
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{place}{area}</definedName>'
        )
        titles += f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{place}$1:$1</definedName>'
    return (
        f'{HEADER}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{filters}{titles}</definedNames></workbook>"
    )


def _quoted(name: str) -> str:
    return escaped(name).replace('"', "&quot;")


def styles() -> str:
    """Return the styles of cells; their places are the constants of cells.py."""
    top = '<alignment vertical="top"/>'
    wrapped = '<alignment vertical="top" wrapText="1"/>'
    left = '<alignment horizontal="left" vertical="top"/>'
    formats = {
        0: (0, 0, top),
        TEXT: (49, 0, top),
        LINES: (49, 0, wrapped),
        INT: (1, 0, top),
        DATE: (DATE_FORMAT, 0, left),
        DATETIME: (MOMENT_FORMAT, 0, left),
        HEAD: (49, 1, '<alignment vertical="center" wrapText="1"/>'),
    }
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="{head}" fillId="{2 * head}" borderId="{head}" xfId="0" applyNumberFormat="1"'
        f' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{alignment}</xf>'
        for _place, (number, head, alignment) in sorted(formats.items())
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'{HEADER}<styleSheet xmlns="{MAIN}">'
        f'<numFmts count="2"><numFmt numFmtId="{MOMENT_FORMAT}" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
        f'<numFmt numFmtId="{DATE_FORMAT}" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFF5F7FA"/><bgColor indexed="64"/></patternFill>'
        '</fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(formats)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def shared_strings(texts: Iterable[str]) -> str:
    """Return the texts that cells name by number."""
    return f'{HEADER}<sst xmlns="{MAIN}">{"".join(f"<si>{text_element(text)}</si>" for text in texts)}</sst>'


def before_rows(columns: Sequence[tuple[float, int]], *, is_list: bool, is_shown: bool) -> str:
    """Return what stands before a worksheet's rows: ``columns`` are (width, style); a list's heading stays in sight."""
    frozen = '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>' if is_list else ""
    shown = ' tabSelected="1"' if is_shown else ""
    cols = "".join(
        f'<col min="{place}" max="{place}" width="{width}" style="{style}" customWidth="1"/>'
        for place, (width, style) in enumerate(columns, start=1)
    )
    return (
        f'{HEADER}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView{shown} workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{cols}</cols><sheetData>'
    )


def after_rows(area: str = "") -> str:
    """Return what stands behind the rows: filter arrows over ``area`` and no warning of numbers written as text."""
    arrows = f'<autoFilter ref="{area}"/>' if area else ""
    ignored = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>' if area else ""
    return (
        f'</sheetData>{arrows}<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>{ignored}</worksheet>"
    )
