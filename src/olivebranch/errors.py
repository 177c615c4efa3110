"""Every error olivebranch raises on purpose, as one tree.

OlivebranchError
├── UsageError            wrong words from the caller: a bad dyad, date or option        exit 2
├── MissingExtra          packages of an extra, such as `archive`, are not installed     exit 2
├── IntakeError           a story that cannot be read                                    exit 1 or 3
│   ├── UnreadableStory   the file is missing, binary, or not in a known encoding
│   ├── EmptyStory        nothing is left to read
│   ├── NotEnglish        the text is in another language
│   ├── StoryTooLarge     over `settings.MAX_STORY_BYTES`
│   └── UnreadableArchive an event archive that is missing, damaged or of another format
├── WeightsError          the trained weights are missing or damaged                     exit 1
├── CodebookError         a table is damaged, or an unknown code was asked for           exit 2
└── LedgerError           the store cannot be opened, read or written                    exit 4
    ├── LedgerLocked      another process holds the file
    └── LedgerMismatch    the file is not a ledger, or was made by a newer olivebranch

A message says what was wrong and what to do. `code` is the stable name that `--json` shows.
"""


class OlivebranchError(Exception):
    """Root of all errors raised on purpose; `code` names the kind, `exit_code` is the command line's."""

    exit_code = 1

    @property
    def code(self) -> str:
        """The class name in snake case, as `--json` prints it."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class UsageError(OlivebranchError):
    """The caller's words cannot be used: a malformed dyad, date or option."""

    exit_code = 2


class MissingExtra(OlivebranchError):
    """Packages of an extra are not installed; the message says which `pip install` brings them."""

    exit_code = 2

    @classmethod
    def needed_for(cls, what: str, extra: str) -> "MissingExtra":
        """The error for something to do ("finding change points") and the extra that it needs ("archive")."""
        return cls(f'{what} needs packages that are not installed: pip install "olivebranch[{extra}]"')


class IntakeError(OlivebranchError):
    """A story cannot be read."""


class UnreadableStory(IntakeError):
    """The file is missing, binary, or in no encoding that we know."""


class EmptyStory(IntakeError):
    """Nothing is left to read."""


class NotEnglish(IntakeError):
    """The text is in another language than English."""


class StoryTooLarge(IntakeError):
    """The story is larger than `settings.MAX_STORY_BYTES`."""


class UnreadableArchive(IntakeError):
    """A file of an event archive is missing, damaged, empty, or not of the format named."""


class WeightsError(OlivebranchError):
    """The trained weights are missing or damaged; the rules still read."""


class CodebookError(OlivebranchError):
    """A code table is damaged, or a code was asked for that no table holds."""

    exit_code = 2


class LedgerError(OlivebranchError):
    """The ledger cannot be opened, read or written."""

    exit_code = 4


class LedgerLocked(LedgerError):
    """Another process holds the ledger file."""


class LedgerMismatch(LedgerError):
    """The file is not a ledger, or was made by a newer version of olivebranch."""
