"""Finds every quotation: straight, curly, German and French marks, single ones, nested, unclosed, over paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from olivebranch.records import Paragraph, Quotation, Span
from olivebranch.text.marks import Family, Mark, find_marks

MAX_DEPTH = 4
"""Quotations of one kind of mark nest no deeper; more is a slip of the keyboard."""

MAX_SILENT_PARAGRAPHS = 6
"""A quotation left open is looked for its closing mark this many paragraphs on, where none of them re-opens it."""


@dataclass(slots=True, eq=False)
class _Open:
    """A quotation not closed yet; `start` is where its words begin in the paragraph being read."""

    family: Family
    outer_start: int
    start: int
    is_sure: bool
    spans: list[Span] = field(default_factory=list)

    @property
    def is_real(self) -> bool:
        """Whether it is a quotation though nothing closes it; a single mark that nothing closes was an apostrophe."""
        return bool(self.spans) or (self.family != "single" and self.is_sure)


def find_quotations(text: str, paragraphs: Sequence[Paragraph]) -> tuple[Quotation, ...]:
    """All quotations of the story's own paragraphs (furniture is passed over), by where they begin.

    A quotation that its paragraph does not close goes on where the next paragraph re-opens it, or where a later one
    closes it without having opened any; else it ends with its paragraph and `is_closed` is False.

    Example: `"We are ready," he said.` gives one quotation whose span is that of `We are ready,`.
    """
    own = [paragraph for paragraph in paragraphs if paragraph.furniture is None]
    return _Reader(text, own).read()


class _Reader:
    """Goes through the paragraphs once, with a stack of the quotations that are open."""

    def __init__(self, text: str, paragraphs: list[Paragraph]) -> None:
        self.text = text
        self.paragraphs = paragraphs
        self.marks = [find_marks(text, *paragraph.span) for paragraph in paragraphs]
        self.stack: list[_Open] = []
        self.found: list[Quotation] = []

    def read(self) -> tuple[Quotation, ...]:
        for index, paragraph in enumerate(self.paragraphs):
            self._read_paragraph(index, paragraph)
            self._end_paragraph(index, paragraph.span[1])
        return _with_depths(self.found)

    def _read_paragraph(self, index: int, paragraph: Paragraph) -> None:
        marks = self.marks[index]
        first = self._reopen(marks, paragraph.span[0])
        balances, are_passed = _balances(marks), _passed_marks(marks)
        for number in range(first, len(marks)):
            mark = marks[number]
            is_open = any(opened.family == mark.family for opened in self.stack)
            if mark.can_close and is_open:
                if not are_passed[number]:
                    self._close(mark)
            elif mark.can_open:
                self._open(mark, balances[number], is_open)
            elif number == 0 and not self.stack:
                self._open_unopened(marks, paragraph.span[0])

    def _reopen(self, marks: list[Mark], start: int) -> int:
        """Sets the quotations carried over going again; how many marks at the paragraph's start re-opened them."""
        used = 0
        for opened in self.stack:
            opened.start = start
            is_here = used < len(marks) and marks[used].start == start and marks[used].can_open
            if is_here and marks[used].family == opened.family:
                start = opened.start = marks[used].end
                used += 1
        return used

    def _open(self, mark: Mark, balance: int, is_open: bool) -> None:
        opened_last = self.stack[-1] if self.stack else None
        if is_open:
            if opened_last and opened_last.family == mark.family and self._is_repeated(opened_last, mark):
                opened_last.start = mark.end
                return
            depth = sum(opened.family == mark.family for opened in self.stack)
            if mark.family == "single" or balance <= depth or depth >= MAX_DEPTH:
                self._close_before(mark)
        self.stack.append(_Open(mark.family, mark.start, mark.end, is_sure=not mark.can_close))

    def _is_repeated(self, opened: _Open, mark: Mark) -> bool:
        return mark.start - opened.start <= 1 and not self.text[opened.start : mark.start].strip()

    def _close(self, mark: Mark) -> None:
        if mark.family == "single" and self.stack[-1].family != "single":
            return  # an apostrophe inside a quotation nested in single marks
        while self.stack[-1].family != mark.family:
            self._give_up(self.stack.pop(), mark.start)
        opened = self.stack.pop()
        self._add(opened, mark.start, (opened.outer_start, mark.end), is_closed=True)

    def _close_before(self, mark: Mark) -> None:
        """Ends a quotation that was never closed where the next of its kind begins."""
        while self.stack:
            opened = self.stack.pop()
            self._give_up(opened, mark.start)
            if opened.family == mark.family:
                return

    def _open_unopened(self, marks: list[Mark], start: int) -> None:
        """A first mark that closes what none opened.

        It opens (mistyped) where the next of its kind closes too. It closes the paragraph so far, whose opening mark
        was lost, where it is the only one and follows a comma or stop.
        """
        mark = marks[0]
        following = next((other for other in marks[1:] if other.family == mark.family), None)
        if mark.family != "double":
            return
        if following is not None and following.can_close and not following.can_open:
            self.stack.append(_Open(mark.family, mark.start, mark.end, is_sure=False))
        elif following is None and self.text[mark.start - 1 : mark.start] in tuple(",.?!…"):
            self._add(_Open(mark.family, start, start, is_sure=True), mark.start, (start, mark.end), is_closed=False)

    def _end_paragraph(self, index: int, end: int) -> None:
        """Carries over what goes on in the next paragraph; ends the rest here."""
        carried = self._find_carried(index) if self.stack else []
        for opened in self.stack:
            if opened not in carried:
                self._give_up(opened, end)
        self.stack = carried
        for opened in carried:
            opened.spans.extend(self._trimmed(opened.start, end))

    def _find_carried(self, index: int) -> list[_Open]:
        if index + 1 >= len(self.paragraphs) or self.paragraphs[index].role == "headline":
            return []
        reopening = self._families_reopened(index + 1)
        if not reopening:
            outer = next((opened for opened in self.stack if opened.is_real), None)
            return [outer] if outer and outer.family != "single" and self._closes_silently(outer.family, index) else []
        carried: list[_Open] = []
        for opened in self.stack:
            if len(carried) < len(reopening) and reopening[len(carried)] == opened.family:
                carried.append(opened)
            elif opened.is_real:
                break  # it ends here, and so does all that it holds
        return carried

    def _families_reopened(self, index: int) -> list[Family]:
        """The families of the opening marks that paragraph `index` begins with (several where one nests in another)."""
        families: list[Family] = []
        start = self.paragraphs[index].span[0]
        for mark in self.marks[index][:MAX_DEPTH]:
            if mark.start != start or not mark.can_open:
                break
            families.append(mark.family)
            start = mark.end
        return families

    def _closes_silently(self, family: Family, index: int) -> bool:
        for marks in self.marks[index + 1 : index + 1 + MAX_SILENT_PARAGRAPHS]:
            first = next((mark for mark in marks if mark.family == family), None)
            if first is not None:
                return first.can_close and not first.can_open
        return False

    def _give_up(self, opened: _Open, end: int) -> None:
        """Ends an unclosed quotation."""
        if opened.is_real:
            trimmed = self._trimmed(opened.start, end)
            last = trimmed[-1][1] if trimmed else opened.spans[-1][1] if opened.spans else end
            self._add(opened, end, (opened.outer_start, last), is_closed=False)

    def _add(self, opened: _Open, end: int, outer: Span, is_closed: bool) -> None:
        spans = (*opened.spans, *self._trimmed(opened.start, end))
        if spans:
            self.found.append(Quotation(spans, outer, is_closed=is_closed))

    def _trimmed(self, start: int, end: int) -> tuple[Span, ...]:
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        return ((start, end),) if start < end else ()


def _balances(marks: list[Mark]) -> list[int]:
    """For each mark, how many more sure closing than opening marks of its family follow it."""
    totals: dict[Family, int] = {}
    balances = []
    for mark in reversed(marks):
        balances.append(totals.get(mark.family, 0))
        if mark.can_open != mark.can_close:
            totals[mark.family] = totals.get(mark.family, 0) + (1 if mark.can_close else -1)
    return balances[::-1]


def _passed_marks(marks: list[Mark]) -> list[bool]:
    """For each mark, whether it is a possessive: weak, and a surer closing mark comes before the next opening one."""
    is_surer_ahead = False
    passed = []
    for mark in reversed(marks):
        passed.append(mark.is_weak and is_surer_ahead)
        if mark.family == "single" and not mark.is_weak:
            is_surer_ahead = not mark.can_open
    return passed[::-1]


def _with_depths(found: list[Quotation]) -> tuple[Quotation, ...]:
    """In order of their beginnings, each with the number of quotations around it."""
    ordered = sorted(found, key=lambda quotation: (quotation.outer[0], -quotation.outer[1]))
    ends: list[int] = []
    result = []
    for quotation in ordered:
        while ends and ends[-1] <= quotation.outer[0]:
            ends.pop()
        result.append(Quotation(quotation.spans, quotation.outer, len(ends), quotation.is_closed))
        ends.append(quotation.outer[1])
    return tuple(result)
