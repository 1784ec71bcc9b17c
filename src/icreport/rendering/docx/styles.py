"""The styles of a document: those that its template has, ours where it lacks them.

Looks are said by styles alone, so that a company's template decides about all of them: it may have `Table Text`,
`Report Table` and the like too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icreport.rendering.docx.oxml import parse_xml
from icreport.rendering.docx.text import attribute
from icreport.rendering.themes.contrast import palettes
from icreport.rendering.themes.tokens import digits_of

if TYPE_CHECKING:
    from icreport.rendering.docx.oxml import BaseOxmlElement, CT_Style
    from icreport.rendering.themes.theme import Theme

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_VAL, _ID, _DEFAULT, _TYPE = f"{{{W}}}val", f"{{{W}}}styleId", f"{{{W}}}default", f"{{{W}}}type"
_OURS = {
    "ink": "17222D", "muted": "51606E", "accent": "0B5A7A", "line": "D8E0E7", "stripe": "F7F9FB", "head": "EEF2F6",
    "good": "14603A", "good-ground": "E2F3E8", "fair": "7A4A00", "fair-ground": "FDF0D6", "bad": "97201B",
    "bad-ground": "FCE6E4", "plain-ground": "E9EEF3",
}  # fmt: skip
SIZE, SMALL = 9.0, 7.5
"""Points of the type of tables, and of wide ones."""
TABLE_TEXT, TABLE_NUMBER, TABLE_HEADING, TABLE_GROUP, TABLE_NOTE = (
    "Table Text",
    "Table Number",
    "Table Heading",
    "Table Group",
    "Table Note",
)
_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
    "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What stands behind the direction of a paragraph in its properties (17.3.1.26)."""
DEEPEST = 3
"""Levels of groups that have a style of their own."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a theme, as six digits by the name of their token."""

    tokens: dict[str, str]

    @classmethod
    def of(cls, theme: Theme) -> Colours:
        """Return the colours of a theme, ours where its tokens are no plain colours."""
        found = palettes(theme)["light"]
        return cls({name: digits_of(found.get(name), ours) for name, ours in _OURS.items()})

    def __getitem__(self, name: str) -> str:
        return self.tokens[name]


def built_in(colours: Colours) -> dict[str, str]:
    """Return the XML of our styles by their names, those on which others are based first."""
    ink, muted, accent, line = colours["ink"], colours["muted"], colours["accent"], colours["line"]
    return {
        "Normal": _paragraph(
            "Normal", "", "", '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/>', _type(10, ink)
        ),
        "Default Paragraph Font": _of(
            "character", "Default Paragraph Font", "", '<w:uiPriority w:val="1"/>', default=True
        ),
        "Normal Table": _of(
            "table",
            "Normal Table",
            "",
            '<w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
            '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
            '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>',
            style_id="TableNormal",
            default=True,
        ),
        "Title": _paragraph(
            "Title", "Normal", "Normal", '<w:keepNext/><w:spacing w:before="0" w:after="60"/>', _bold(20, accent)
        ),
        "Subtitle": _paragraph("Subtitle", "Normal", "Normal", '<w:spacing w:after="240"/>', _type(9.5, muted)),
        "heading 1": _heading(1, 15, accent),
        "heading 2": _heading(2, 12, accent),
        "heading 3": _heading(3, 10.5, ink),
        "caption": _paragraph(
            "caption",
            "Normal",
            "Normal",
            '<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/>',
            _bold(10, ink),
            style_id="Caption",
        ),
        "List": _paragraph("List", "Normal", "", '<w:ind w:left="360" w:hanging="360"/><w:contextualSpacing/>', ""),
        "header": _paragraph("header", "Normal", "", '<w:spacing w:after="0"/>', _type(8, muted), style_id="Header"),
        "footer": _paragraph(
            "footer", "Normal", "", '<w:spacing w:after="0"/><w:jc w:val="right"/>', _type(8, muted), style_id="Footer"
        ),
        "TOC Heading": _paragraph(
            "TOC Heading",
            "Normal",
            "Normal",
            '<w:keepNext/><w:spacing w:before="240" w:after="80"/>',
            _bold(12, accent),
        ),
        "toc 1": _contents(1),
        "toc 2": _contents(2),
        "table of figures": _contents(0),
        "Figure": _paragraph("Figure", "Normal", "", '<w:keepNext/><w:spacing w:before="160" w:after="40"/>', ""),
        "Figure Caption": _paragraph(
            "Figure Caption",
            "Caption",
            "Normal",
            '<w:keepNext w:val="0"/><w:spacing w:before="40" w:after="200"/><w:outlineLvl w:val="9"/>',
            "",
        ),
        "Strong": _of("character", "Strong", "DefaultParagraphFont", "<w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr>"),
        "Hyperlink": _of(
            "character",
            "Hyperlink",
            "DefaultParagraphFont",
            '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>',
        ),
        TABLE_TEXT: _paragraph(
            TABLE_TEXT, "Normal", "", f'{_CLOSE}<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>', _type(SIZE)
        ),
        TABLE_NUMBER: _paragraph(TABLE_NUMBER, "TableText", "", '<w:jc w:val="right"/>', ""),
        TABLE_HEADING: _paragraph(TABLE_HEADING, "TableText", "", "<w:keepNext/>", "<w:b/><w:bCs/>"),
        f"{TABLE_HEADING} Number": _paragraph(
            f"{TABLE_HEADING} Number", "TableHeading", "", '<w:jc w:val="right"/>', ""
        ),
        TABLE_NOTE: _paragraph(TABLE_NOTE, "Normal", "", '<w:spacing w:before="60" w:after="120"/>', _type(8.5, muted)),
        **{
            name: _paragraph(
                name,
                "TableText",
                "",
                f'<w:keepNext/><w:spacing w:before="40" w:after="0"/><w:ind w:left="{200 * level}"/>',
                f'<w:b/><w:bCs/><w:color w:val="{accent}"/>',
            )
            for level, name in enumerate(map(group_style, range(DEEPEST)))
        },
        f"{TABLE_GROUP} New Page": _paragraph(f"{TABLE_GROUP} New Page", "TableGroup", "", "<w:pageBreakBefore/>", ""),
        **{f"Look {look.title()}": _look(look, colours) for look in ("good", "fair", "bad", "plain")},
        "Report Table": _of(
            "table",
            "Report Table",
            "TableNormal",
            '<w:qFormat/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
            '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>'
            f'<w:top w:val="single" w:sz="6" w:space="0" w:color="{muted}"/>'
            f'<w:bottom w:val="single" w:sz="6" w:space="0" w:color="{muted}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
            '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            + _part(
                "firstRow",
                f'<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{accent}"/></w:tcBorders>'
                f'{_fill(colours["head"])}<w:vAlign w:val="bottom"/></w:tcPr>',
            )
            + _part("firstCol", "<w:rPr><w:b/><w:bCs/></w:rPr>")
            + _part("band2Horz", f"<w:tcPr>{_fill(colours['stripe'])}</w:tcPr>"),
        ),
    }


class DocumentStyles:
    """The styles of a document, by their names; one of ours is put in when it is first asked for."""

    def __init__(self, element: BaseOxmlElement, colours: Colours) -> None:
        self.tabs = 0
        """How many styles of numbers with decimals there are."""
        self._element = element
        self._ours = built_in(colours)
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()
        """Names and ids that a style of ours cannot have: of a template's, also those that are of another kind."""
        kinds = {name.casefold(): parse_xml(xml).get(_TYPE) for name, xml in self._ours.items()}
        for style in element.findall(f"{{{W}}}style"):
            found = style.find(f"{{{W}}}name")
            name = "" if found is None else found.get(_VAL, "").casefold()
            kind = style.get(_TYPE, "paragraph")
            self._taken |= {name, style.get(_ID, "")}
            if name and kinds.get(name, kind) == kind:
                self._ids.setdefault(name, style.get(_ID, ""))
        self._names = {parse_xml(xml).get(_ID): name for name, xml in self._ours.items()}

    def id(self, name: str, *, is_small: bool = False) -> str:
        """Return the id of a style, or of one like it in small type."""
        if is_small:
            whole, name = self.id(name), f"{name} Small"
            if name.casefold() not in self._ids:
                self.add(derived(name, whole, run_properties=_type(SMALL)))
        if name.casefold() not in self._ids:
            self.add(self._ours[name])
        return self._ids[name.casefold()]

    def reserve_tab(self) -> str:
        """Return the id of a further style of numbers, which is added when it is known where their decimals stand."""
        self.tabs += 1
        name = f"{TABLE_NUMBER} {self.tabs}"
        while name.casefold() in self._ids:
            self.tabs += 1
            name = f"{TABLE_NUMBER} {self.tabs}"
        self._ids[name.casefold()] = id_of(name)
        self._names[id_of(name)] = name
        return id_of(name)

    def name_of(self, style_id: str) -> str:
        """Return the name of a style of ours."""
        return self._names[style_id]

    def add(self, xml: str) -> None:
        """Add a style; what it is based on, of ours, is added too."""
        style = parse_xml(xml)
        name = style.find(f"{{{W}}}name").get(_VAL)
        known = name.casefold()
        if self._ids.get(known) != style.get(_ID):
            while style.get(_ID) in self._taken | set(self._ids.values()):
                style.set(_ID, f"Report{style.get(_ID)}")
        if known in self._taken and known not in self._ids:
            style.find(f"{{{W}}}name").set(_VAL, f"{name} of Reports")
        self._ids[known] = style.get(_ID)
        if name != "Normal" and style.get(_DEFAULT):
            del style.attrib[_DEFAULT]
        for part in ("basedOn", "next"):
            other = style.find(f"{{{W}}}{part}")
            if other is not None and other.get(_VAL) in self._names:
                other.set(_VAL, self.id(self._names[other.get(_VAL)]))
        self._element.append(style)

    def set_language(self, lang: str, latin: str) -> None:
        """Say in which language the text is, unless a style says another."""
        defaults = self._element.find(f"{{{W}}}docDefaults/{{{W}}}rPrDefault/{{{W}}}rPr")
        if defaults is None:
            return
        found = defaults.find(f"{{{W}}}lang")
        if found is None:
            found = parse_xml(f'<w:lang xmlns:w="{W}"/>')
            defaults.append(found)
        found.set(_VAL, latin)
        found.set(f"{{{W}}}bidi", lang)

    def set_outline(self) -> None:
        """Have captions of tables a level of the outline, by which the contents find them; none sees it."""
        properties = self._style("caption").get_or_add_pPr()
        if properties.find(f"{{{W}}}outlineLvl") is None:
            level = parse_xml(f'<w:outlineLvl xmlns:w="{W}" w:val="1"/>')
            properties.insert_element_before(level, *_AFTER_BIDI[_AFTER_BIDI.index("w:outlineLvl") + 1 :])

    def _style(self, name: str) -> CT_Style:
        """Return the XML of a style."""
        style_id = self.id(name)
        found: list[CT_Style] = self._element.findall(f"{{{W}}}style")
        return next(style for style in found if style.get(_ID) == style_id)

    def set_direction(self) -> None:
        """Have paragraphs run from right to left."""
        properties = self._style("Normal").get_or_add_pPr()
        if properties.find(f"{{{W}}}bidi") is None:
            properties.insert_element_before(parse_xml(f'<w:bidi xmlns:w="{W}"/>'), *_AFTER_BIDI)

    def set_contents(self, width: int) -> None:
        """Have the page numbers of the contents, in styles of ours, stand at the right of the text."""
        for style in self._element.findall(f"{{{W}}}style"):
            if style.get(_ID) in ("TOC1", "TOC2", "TableofFigures"):
                for tab in style.iter(f"{{{W}}}tab"):
                    tab.set(f"{{{W}}}pos", str(width))

    def start_anew(self, defaults: str) -> None:
        """Take all styles out, for ours."""
        for child in list(self._element):
            self._element.remove(child)
        self._element.append(parse_xml(defaults))
        self._ids.clear()
        for xml in self._ours.values():
            if parse_xml(xml).get(_ID) not in self._ids.values():
                self._element.append(parse_xml(xml))
        self._ids = {name.casefold(): style_id for style_id, name in self._names.items()}


def group_style(level: int) -> str:
    """Return the name of the style of the heading of a group."""
    return f"{TABLE_GROUP} {level + 1}" if level else TABLE_GROUP


def derived(name: str, based_on: str, properties: str = "", run_properties: str = "") -> str:
    """Return the XML of a paragraph style that is like another one, given by its id, but for these properties."""
    return _paragraph(name, based_on, "", properties, run_properties)


_CLOSE = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""No blanks between Chinese and figures: dates have none in the width of their column."""


def document_defaults(font: str, lang: str, latin: str) -> str:
    """Return what all text starts from; `latin` is the language of what is not in the letters of `lang`."""
    font, lang, latin = attribute(font), attribute(lang), attribute(latin)
    return (
        f'<w:docDefaults xmlns:w="{W}"><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        '<w:sz w:val="20"/><w:szCs w:val="20"/>'
        f'<w:lang w:val="{latin}" w:eastAsia="{lang}" w:bidi="{lang}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def id_of(name: str) -> str:
    """Return the id of a style of ours."""
    return name.title().replace(" ", "") if name[:1].islower() else name.replace(" ", "")


def _of(kind: str, name: str, based_on: str, more: str, *, style_id: str = "", default: bool = False) -> str:
    default_attribute = ' w:default="1"' if default else ""
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style xmlns:w="{W}" w:type="{kind}"{default_attribute} w:styleId="{style_id or id_of(name)}">'
        f'<w:name w:val="{name}"/>{based}{more}</w:style>'
    )


def _paragraph(
    name: str, based_on: str, following: str, properties: str, run_properties: str, *, style_id: str = ""
) -> str:
    more = f'<w:next w:val="{following}"/>' if following else ""
    more += "<w:qFormat/>"
    more += f"<w:pPr>{properties}</w:pPr>" if properties else ""
    more += f"<w:rPr>{run_properties}</w:rPr>" if run_properties else ""
    return _of("paragraph", name, based_on, more, style_id=style_id, default=name == "Normal")


def _heading(level: int, size: float, colour: str) -> str:
    space = f'<w:spacing w:before="{360 - 60 * level}" w:after="80"/>'
    properties = f'<w:keepNext/><w:keepLines/>{space}<w:outlineLvl w:val="{level - 1}"/>'
    return _paragraph(
        f"heading {level}", "Normal", "Normal", properties, _bold(size, colour), style_id=f"Heading{level}"
    )


def _contents(level: int) -> str:
    indent = f'<w:ind w:left="{220 * max(0, level - 1)}" w:right="440"/>'
    tab = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9600"/></w:tabs>'
    properties = f'{tab}<w:spacing w:after="40"/>{indent}'
    name, style_id = (f"toc {level}", f"TOC{level}") if level else ("table of figures", "TableofFigures")
    return _paragraph(name, "Normal", "Normal", properties, "", style_id=style_id)


def _look(look: str, colours: Colours) -> str:
    colour = "" if look == "plain" else f'<w:color w:val="{colours[look]}"/>'
    bold = "" if look == "plain" else "<w:b/><w:bCs/>"
    return _of(
        "character",
        f"Look {look.title()}",
        "DefaultParagraphFont",
        f"<w:rPr>{bold}{colour}{_fill(colours[f'{look}-ground'])}</w:rPr>",
    )


def _part(kind: str, properties: str) -> str:
    return f'<w:tblStylePr w:type="{kind}">{properties}</w:tblStylePr>'


def _fill(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def _type(size: float, colour: str = "") -> str:
    said = f'<w:color w:val="{colour}"/>' if colour else ""
    return f'{said}<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>'


def _bold(size: float, colour: str) -> str:
    return f"<w:b/><w:bCs/>{_type(size, colour)}"
