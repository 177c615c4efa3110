"""Small event files for tests, made by hand: ICEWS, GDELT 1.0 and 2.0, POLECAT."""

import gzip
import zipfile

ICEWS_HEADER = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\t"
    "Target Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\t"
    "Country\tLatitude\tLongitude"
)
REDUCED_HEADER = "date\tsource\tcameo\tgoldstein\trelation\ttarget"


def icews_line(number, day="2018-03-01", source="Foreign Affairs (Russia)", cameo="036", target="United States"):
    """A row of a native ICEWS table."""
    return (
        f"{number}\t{day}\t{source}\tExecutive,Foreign Ministry,Government\tRussian Federation\tSomething\t{cameo}\t4\t"
        f"{target}\tNA\tUnited States\t77{number}\t2\tThe Daily Example\tMoscow\tNA\tMoskva\tRussian Federation\t55\t37"
    )


def reduced_line(day="2018-03-01", source="Government (Russia)", cameo="036", target="Japan"):
    """A row of a reduced ICEWS table."""
    return f"{day}\t{source}\t{cameo}\t4\tSomething\t{target}"


def gdelt_line(
    number,
    day="20180301",
    actor="RUSGOV",
    recipient="USA",
    code="036",
    added=None,
    version=1,
    columns=None,
    url="http://e.org/a",
):
    """A row of a GDELT export: 57 or 58 columns (version 1), 61 (version 2), or as many as asked for."""
    ends = [part for code_ in (actor, recipient) for part in (code_, f"NAME OF {code_}", code_[:3], *[""] * 7)]
    head = [
        str(number),
        day,
        day[:6],
        day[:4],
        "2018.2",
        *ends,
        "1",
        code,
        code[:3],
        code[:2],
        "1",
        "4.0",
        "3",
        "1",
        "5",
        "1.5",
    ]
    geography = ["1", "Moscow", "RS", "RS48", *([""] if version == 2 else []), "38.8973", "-77.0083", "1"] * 3
    added = (added or day) + ("101500" if version == 2 else "")
    cells = [*head, *geography, added, url]
    return "\t".join(
        cells[:columns] if columns and columns < len(cells) else [*cells, *["x"] * ((columns or 0) - len(cells))]
    )


def write_file(path, lines, header=None, encoding="utf-8"):
    """Writes lines as plain text, gz or zip by the file's name."""
    text = "".join(f"{line}\n" for line in ([header] if header else []) + list(lines))
    data = text.encode(encoding)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("events.csv", data)
    else:
        path.write_bytes(data)
    return path
