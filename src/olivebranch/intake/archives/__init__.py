"""Takes the files of event archives (ICEWS, GDELT, POLECAT, tables); gives coded rows as SQL. Never writes."""

from olivebranch.intake.archives.drafts import ImportOptions, read_mapping
from olivebranch.intake.archives.formats import FORMATS, choose_format, draft_part
from olivebranch.intake.archives.parts import Part, find_parts
from olivebranch.intake.archives.reading import BlockReader

__all__ = [
    "FORMATS",
    "BlockReader",
    "ImportOptions",
    "Part",
    "choose_format",
    "draft_part",
    "find_parts",
    "read_mapping",
]
