"""The formats of event archives, each a function from a table's header to its draft; None where it is of another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from olivebranch.errors import UnreadableArchive, UsageError
from olivebranch.intake.archives.drafts import (
    EVENT_COLUMNS,
    Draft,
    Header,
    ImportOptions,
    day_of,
    name_key,
)
from olivebranch.intake.archives.parts import Part, read_head

REDUCED_SAMPLE_ENDS = date(2011, 10, 7)
"""Before this day the reduced ICEWS of 2005 to 2015 is a sample of a fifth of its rows."""
MENTION_NAMES = (
    "GlobalEventID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier",
    "SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence",
    "MentionDocLen", "MentionDocTone", "MentionDocTranslationInfo", "Extras",
)  # fmt: skip


def draft_icews(header: Header, options: ImportOptions) -> Draft | None:
    """ICEWS: the native tables of 20 columns, or the reduced ones (date, source, cameo, target).

    A reduced table with a column `from` was put together from sets without their biggest nodes: it gets a source of
    its own, `icews-0515`, and names no dyads; its rows before October 2011 are a sample.
    """
    if header.has("Event ID", "Source Name", "CAMEO Code"):
        return _draft_native_icews(header, options)
    if not header.has("date", "source", "cameo", "target"):
        return None
    is_partial = header.has("from")
    cells = [f"replace({header.cell(name)}, chr(160), ' ')" for name in ("source", "target")]
    columns = {
        "source_row": _hashed(header.cell("date"), cells[0], header.cell("cameo"), cells[1]),
        "happened_on": day_of(header.cell("date")),
        "actor_key": name_key(cells[0]),
        "actor_name": cells[0],
        "recipient_key": name_key(cells[1]),
        "recipient_name": cells[1],
        "cameo": header.cell("cameo"),
    }
    sampled = REDUCED_SAMPLE_ENDS if is_partial else None
    return Draft(
        "icews-0515" if is_partial else "icews",
        header,
        columns,
        "icews",
        (len(header.names), len(header.names)),
        names_dyads=not is_partial if options.names_dyads is None else options.names_dyads,
        sampled_before=options.sampled_before or sampled,
    )


def _draft_native_icews(header: Header, options: ImportOptions) -> Draft:
    def known(name: str) -> str:
        return f"nullif({header.cell(name)}, 'NA')"

    day = day_of(header.cell("Event Date"))
    ends = {
        side: (known(f"{word} Name"), known(f"{word} Country"), known(f"{word} Sectors"))
        for side, word in (("actor", "Source"), ("recipient", "Target"))
    }
    columns = {
        # ICEWS gives an id again on another day; only the two together are one event's.
        "source_row": f"{header.cell('Event ID')} || '-' || replace({header.cell('Event Date')}, '-', '')",
        "happened_on": day,
        **{f"{side}_key": name_key(*cells) for side, cells in ends.items()},
        **{f"{side}_name": cells[0] for side, cells in ends.items()},
        "cameo": header.cell("CAMEO Code"),
        "place_key": known("Country"),
        "outlet": known("Publisher"),
        "story": known("Story ID"),
    }
    width = len(header.names)
    return Draft("icews", header, columns, "icews", (width, width), names_dyads=options.names_dyads is not False,
                 sampled_before=options.sampled_before)  # fmt: skip


def draft_gdelt(header: Header, options: ImportOptions) -> Draft | None:
    """GDELT: event exports of version 1 (57 or 58 columns) and 2 (60 or 61), and mentions (16)."""
    has_header = header.has("GlobalEventID")
    if header.has("MentionIdentifier") or (not has_header and 14 <= len(header.names) <= 16):
        return _draft_mentions(header, has_header)
    if has_header:
        return _draft_named_events(header, options)
    if header.kind != "lines" or not 57 <= len(header.names) <= 61 or not header.names[0].isdigit():
        return None
    width = "len(cells)"
    # A day of 8 digits in column 57 is DATEADDED of version 1; version 2 has a latitude there, and three columns more.
    is_first = "length(cells[57]) = 8 AND cells[57] NOT LIKE '%.%'"
    added = f"CASE WHEN {is_first} THEN cells[57] WHEN {width} >= 60 THEN left(cells[60], 8) END"
    columns = _event_columns(header.cell_at(1), header.cell_at(2), added, [6, 7, 16, 17], header) | {
        "cameo": header.cell_at(27),
        "reports": header.cell_at(34),
        "place_key": f"CASE WHEN {is_first} THEN {header.cell_at(52)} ELSE {header.cell_at(54)} END",
        "story": f"CASE WHEN {is_first} THEN {header.cell_at(58)} ELSE {header.cell_at(61)} END",
    }
    checks = [("known_on IS NULL", "'no day in DATEADDED: columns are lost or torn'")]
    return Draft("gdelt", header, columns, "gdelt", (57, 61), has_header=False, checks=checks,
                 names_dyads=options.names_dyads is not False, sampled_before=options.sampled_before)  # fmt: skip


def _event_columns(row: str, day: str, added: str, ends: list[int], header: Header) -> dict[str, str]:
    cells = [header.cell_at(number) for number in ends]
    return _named_ends(cells) | {
        "source_row": row,
        "happened_on": f"try_strptime({day}, '%Y%m%d')::DATE",
        "known_on": f"try_strptime({added}, '%Y%m%d')::DATE",
    }


def _named_ends(cells: list[str]) -> dict[str, str]:
    actor, actor_name, recipient, recipient_name = cells
    return {
        "actor_key": actor,
        "actor_name": f"coalesce({actor_name}, {actor})",
        "recipient_key": recipient,
        "recipient_name": f"coalesce({recipient_name}, {recipient})",
    }


def _draft_named_events(header: Header, options: ImportOptions) -> Draft | None:
    """A GDELT table with a header, as BigQuery exports it."""
    if not header.has("SQLDATE", "Actor1Code", "EventCode"):
        return None
    added = f"left({header.cell('DATEADDED')}, 8)" if header.has("DATEADDED") else header.cell("SQLDATE")
    ends = [header.cell(name) for name in ("Actor1Code", "Actor1Name", "Actor2Code", "Actor2Name")]
    columns = _named_ends(ends) | {
        "source_row": header.cell("GlobalEventID"),
        "happened_on": day_of(header.cell("SQLDATE")),
        "known_on": day_of(added),
        "cameo": header.cell("EventCode"),
        "reports": header.cell("NumArticles"),
        "place_key": header.cell("ActionGeo_CountryCode"),
        "story": header.cell("SOURCEURL"),
    }
    width = len(header.names)
    return Draft("gdelt", header, columns, "gdelt", (width, width), names_dyads=options.names_dyads is not False,
                 sampled_before=options.sampled_before)  # fmt: skip


def _draft_mentions(header: Header, has_header: bool) -> Draft:
    named = header if has_header else Header(MENTION_NAMES, header.kind, header.delimiter)
    own = ("GlobalEventID", "MentionTimeDate", "MentionIdentifier", "SentenceID")
    offsets = ("Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset")
    columns = {
        "source_row": _hashed(*(named.cell(name) for name in own + offsets)),
        "event_row": named.cell("GlobalEventID"),
        "mentioned_on": f"try_strptime(left({named.cell('MentionTimeDate')}, 8), '%Y%m%d')::DATE",
        "outlet": named.cell("MentionSourceName"),
        "story": named.cell("MentionIdentifier"),
        "confidence": f"try_cast({named.cell('Confidence')} AS INTEGER)",
    }
    width = len(header.names)
    widths = (14, 16) if named.kind == "lines" else (width, width)
    return Draft("gdelt", named, columns, "gdelt", widths, has_header=has_header, is_mentions=True)


def _hashed(*cells: str) -> str:
    """SQL for an id made of cells, for tables that have none of their own: the same row has the same id anywhere."""
    return f"left(md5(concat_ws('|', {', '.join(cells)})), 16)"


def draft_polecat(header: Header, options: ImportOptions) -> Draft | None:
    """POLECAT's weekly tables, whatever the order of their columns; of several actors in a cell the first."""
    if not header.has("Event ID", "Event Date", "Event Type", "Actor Name"):
        return None

    def first(*names: str) -> str:
        return f"nullif(trim(split_part(trim({header.cell(*names)}, '\"'), ';', 1)), 'None')"

    ends = {
        side: (
            first(f"{word} Name", f"{word} Name Raw"),
            first(f"{word} COW", f"{word} Country"),
            f"concat_ws(';', {first(f'Primary {word} Sector')}, {header.cell(f'{word} Sectors')})",
        )
        for side, word in (("actor", "Actor"), ("recipient", "Recipient"))
    }
    country = {side: first(f"{word} Country") for side, word in (("actor", "Actor"), ("recipient", "Recipient"))}
    columns = {
        "source_row": header.cell("Event ID"),
        "happened_on": day_of(first("Event Date")),
        "known_on": day_of(first("Publication Date", "Event Date")),
        **{f"{side}_key": name_key(name, f"coalesce({country[side]}, {cow})", sectors)
           for side, (name, cow, sectors) in ends.items()},
        **{f"{side}_name": cells[0] for side, cells in ends.items()},
        "type": f"upper({first('Event Type')})",
        "mode": f"lower({first('Event Mode')})",
        "place_key": first("Country"),
        "outlet": first("Source", "Sources", "Publisher"),
        "story": first("Story ID", "Headline"),
    }  # fmt: skip
    width = len(header.names)
    return Draft("polecat", header, columns, "polecat", (width, width), names_dyads=options.names_dyads is not False,
                 sampled_before=options.sampled_before)  # fmt: skip


MAPPED = ("actor", "actor_sector", "recipient", "recipient_sector", *EVENT_COLUMNS)
"""The columns of ours that a mapping may name."""


def draft_mapped(header: Header, options: ImportOptions) -> Draft | None:
    """CSV or Parquet of any columns, by the user's mapping; columns named as ours need none.

    Raises:
        UsageError: the mapping names a column that is not there, or says too little.
    """
    given = {name: name for name in MAPPED if header.has(name) and not name.endswith("_key")}
    mapping = given | dict(options.mapping)
    unknown = sorted(name for name in mapping if name not in MAPPED or name.endswith("_key"))
    if unknown:
        raise UsageError(f"--map {unknown[0]}: is no column of ours; there are {', '.join(_mappable())}")
    cells = {name: _mapped_cell(header, name, column) for name, column in mapping.items()}
    if "happened_on" not in cells or not {"cameo", "type"} & set(cells):
        raise UsageError(
            f"say which column is the day and which the code: --map happened_on=… --map cameo=… (or type=…); "
            f"the file has {', '.join(header.names)}"
        )
    whole = [header.cell_at(number + 1) for number in range(len(header.names))]
    columns = {name: cell for name, cell in cells.items() if name in EVENT_COLUMNS} | {
        "source_row": cells.get("source_row", _hashed(*whole)),
        "happened_on": day_of(cells["happened_on"], options.day_format),
        **({"known_on": day_of(cells["known_on"], options.day_format)} if "known_on" in cells else {}),
        **{f"{side}_key": _mapped_key(cells, side) for side in ("actor", "recipient")},
        **{f"{side}_name": _either(cells, f"{side}_name", side) for side in ("actor", "recipient")},
        "type": f"upper({cells.get('type', 'NULL')})",
    }
    width = len(header.names)
    return Draft(f"csv:{options.name}", header, columns, "polecat", (width, width),
                 names_dyads=options.names_dyads is not False, sampled_before=options.sampled_before)  # fmt: skip


def _mappable() -> list[str]:
    return [name for name in MAPPED if not name.endswith("_key")]


def _mapped_cell(header: Header, ours: str, theirs: str) -> str:
    if theirs.startswith("'") and theirs.endswith("'") and len(theirs) > 1:
        return "'" + theirs[1:-1].replace("'", "''") + "'"
    if not header.has(theirs):
        raise UsageError(f"--map {ours}={theirs}: there is no such column; the file has {', '.join(header.names)}")
    return header.cell(theirs)


def _mapped_key(cells: dict[str, str], side: str) -> str:
    country = cells.get(side, "NULL")
    return name_key(_either(cells, f"{side}_name", side), country, cells.get(f"{side}_sector", "NULL"))


def _either(cells: dict[str, str], *names: str) -> str:
    return f"coalesce({', '.join([cells[name] for name in names if name in cells] + ['NULL'])})"


FORMATS: dict[str, Callable[[Header, ImportOptions], Draft | None]] = {
    "icews": draft_icews,
    "gdelt": draft_gdelt,
    "polecat": draft_polecat,
    "csv": draft_mapped,
}
"""Every format by the name that `olivebranch import` takes."""


def choose_format(name: str) -> Callable[[Header, ImportOptions], Draft | None]:
    """The format of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in FORMATS:
        raise UsageError(f"no archive format '{name}': there are {', '.join(FORMATS)}")
    return FORMATS[name]


def draft_part(part: Part, format: str, options: ImportOptions, parquet_names: tuple[str, ...] = ()) -> Draft:
    """How a table is to be read, by its first line (by its columns, where it is Parquet).

    Raises:
        UnreadableArchive: the table is not of this format; the message says what it looks like.
        UsageError: the mapping does not fit.
    """
    draft = choose_format(format)
    options = replace(options, name=options.name or part.path.name.split(".")[0])
    if part.is_parquet:
        header = Header(parquet_names, "parquet")
        found = draft(header, options)
    else:
        line = read_head(part)
        header = Header.of_line(line, quoted=format == "csv")
        found = draft(header, options)
    if found is not None:
        return found
    alike = [other for other in FORMATS if other not in (format, "csv") and FORMATS[other](header, ImportOptions())]
    hint = f"it looks like {alike[0]}" if alike else f"it begins with {' '.join(header.names)[:80]!r}"
    raise UnreadableArchive(f"{part.path}: is not of the format {format}; {hint} ({len(header.names)} columns)")
