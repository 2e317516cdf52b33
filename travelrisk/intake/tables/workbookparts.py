"""The parts of a workbook: sheets, and what belongs to them, which name one another by relations."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = "xl/workbook.xml"


class Related(NamedTuple):
    """A part that another one names: under which id, what it is, and where it stands in the archive."""

    key: str
    kind: str
    path: str


class Parts:
    """An archive whose size was checked before; its XML is read without entities and without network.

    Every method raises KeyError for a part that is missing, and lxml's XMLSyntaxError for a broken one.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = frozenset(archive.namelist())

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each sheet and where it stands."""
        targets = {each.key: each.path for each in self.related(_ROOT)}
        for sheet in self.tree(_ROOT).iterfind(".//{*}sheet"):
            keys = [str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")]
            path = targets["".join(keys)]
            if path in self._names:
                yield str(sheet.get("name")), path

    def related(self, path: str) -> Iterator[Related]:
        """Yield the parts that a part names; addresses of web pages are none."""
        folder, name = posixpath.split(path)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self._names:
            return
        for each in self.tree(relations):
            target = posixpath.normpath(posixpath.join("/", folder, str(each.get("Target") or "")))
            if each.get("TargetMode") != "External":
                kind = str(each.get("Type") or "").rpartition("/")[2]
                yield Related(str(each.get("Id")), kind, target.lstrip("/"))

    def content(self, path: str) -> bytes:
        """Return a part as it stands in the archive."""
        return self._archive.read(path)

    def tree(self, path: str) -> "_Element":
        """Return a part as XML."""
        from lxml import etree  # noqa: PLC0415 - only workbooks need it

        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.content(path), parser)
