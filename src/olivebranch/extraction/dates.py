"""Finds every expression of time in a story and resolves it against the day of publication."""

from datetime import date
from functools import cache

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.extraction.date_forms import FoundForm, find_forms, passes_guard
from olivebranch.extraction.date_rules import CALENDAR_RULES
from olivebranch.extraction.date_setting import Rule, Setting
from olivebranch.extraction.days import Stretch
from olivebranch.extraction.outlook import Outlook, judge_outlook, outlook_words
from olivebranch.extraction.publication import infer_published_on
from olivebranch.extraction.relative_dates import RELATIVE_RULES
from olivebranch.records import DateMention, Document, Span

__all__ = ["date_for", "find_dates", "infer_published_on", "resolve_form"]

RULES: dict[str, Rule] = {**CALENDAR_RULES, **RELATIVE_RULES}
"""Every rule by the name that `date_forms` calls it."""

CLAUSE_MARKS = frozenset({"ROOT", "ccomp", "advcl", "relcl", "acl", "parataxis", "csubj"})
"""Relations by which a verb opens a clause with a time of its own."""


def find_dates(document: Document, published_on: date | None = None) -> tuple[DateMention, ...]:
    """Every expression outside furniture that resolves to a decade or finer, in text order.

    Args:
        document: the story.
        published_on: the day of publication; by default the article's own. Without any, expressions that are
            relative to it ("Sunday", "last month", "Sept. 28") are left out.

    Example: in a story of 29 September 2014, "set to meet Tuesday" gives 2014-09-30 and "said Sunday" 2014-09-28.
    """
    on = published_on or document.article.published_on
    mentions: list[DateMention] = []
    anchor: Stretch | None = None
    for found in find_forms(document.parse.text):
        words = document.parse.char_span(*found.span, alignment_mode="expand")
        if words is None or not _is_open(document, found.span) or not passes_guard(found, words):
            continue
        stretch = resolve_form(found, _setting(document, words, on, anchor))
        if stretch is None:
            continue
        if stretch.granularity in {"day", "month", "year"}:
            anchor = stretch
        mentions.append(
            DateMention(
                span=found.span, from_=stretch.begins, to=stretch.ends, granularity=stretch.granularity, how=stretch.how
            )
        )
    return tuple(mentions)


def resolve_form(found: FoundForm, setting: Setting) -> Stretch | None:
    """The days that a form means where it stands; None where it means none (or none that can be told)."""
    try:
        return RULES[found.form.rule](found.groups, setting)
    except (LookupError, ValueError, OverflowError):
        # No day of publication to resolve against, or a day outside the calendar.
        return None


def _setting(document: Document, words: Words, on: date | None, anchor: Stretch | None) -> Setting:
    before = words[0].nbor(-1).lower_ if words[0].i > 0 else ""
    return Setting(on, outlook_of(document, words), anchor, before)


def outlook_of(document: Document, words: Words) -> Outlook | None:
    """Whether the words of an expression look ahead or back where they stand."""
    paragraph = document.paragraph_at(words.start_char)
    is_headline = paragraph is not None and paragraph.role == "headline"
    return judge_outlook(words.root, is_headline)


def _is_open(document: Document, span: Span) -> bool:
    """Whether a span lies in one paragraph of the story's own, outside furniture."""
    paragraph = document.paragraph_at(span[0])
    if paragraph is None or paragraph.furniture is not None or span[1] > paragraph.span[1]:
        return False
    sentence = document.sentence_at(span[0])
    return sentence is None or sentence.furniture is None


def date_for(where: Span | Token, document: Document, dates: tuple[DateMention, ...]) -> DateMention | None:
    """The date that governs an act: that of its own clause, else of the clauses around it in its sentence.

    Args:
        where: the act's trigger, as characters or as a token.
        document: the story.
        dates: all of the story's dates.

    The date of the saying is not that of what is said: in "said on Sunday that troops had crossed" the crossing
    has none.
    """
    trigger = where if isinstance(where, Token) else _token_of(document, where)
    if trigger is None:
        return None
    near = [mention for mention in dates if _in_sentence(mention, trigger)]
    heads = {mention: _root_of(document, mention) for mention in near}
    for clause in _clauses_over(trigger):
        held = [mention for mention in near if (root := heads[mention]) is not None and _clause_of(root) == clause]
        if held:
            return min(held, key=lambda mention: _steps(trigger, heads[mention], mention))
    return None


def _token_of(document: Document, span: Span) -> Token | None:
    words = document.parse.char_span(*span, alignment_mode="expand")
    return words.root if words is not None and len(words) else None


def _root_of(document: Document, mention: DateMention) -> Token | None:
    return _token_of(document, mention.span)


def _in_sentence(mention: DateMention, trigger: Token) -> bool:
    return bool(trigger.sent.start_char <= mention.span[0] < trigger.sent.end_char)


def _clause_of(token: Token) -> Token:
    """The verb (or root) that opens the clause of a token."""
    while token.head != token and not (token.dep_ in CLAUSE_MARKS and token.pos_ in {"VERB", "AUX"}):
        token = token.head
    return token


def _clauses_over(trigger: Token) -> list[Token]:
    """The trigger's own clause and those above it, up to the first that only says it; then what hangs below none."""
    clauses = [_clause_of(trigger)]
    while clauses[-1].head != clauses[-1]:
        inner, above = clauses[-1], clauses[-1].head
        if inner.dep_ in {"ccomp", "parataxis", "relcl"} and (inner.dep_ == "relcl" or _says(above)):
            break
        clauses.append(_clause_of(above))
    return clauses


def _says(verb: Token) -> bool:
    return verb.lemma_ in _saying()


@cache
def _saying() -> frozenset[str]:
    return outlook_words("saying")


def _steps(trigger: Token, root: Token | None, mention: DateMention) -> tuple[int, int]:
    """How far a date stands from the act: steps up the tree to the trigger's own branch, then words between."""
    if root is None:
        return (99, 99)
    over = [trigger, *trigger.ancestors]
    climb = next((step for step, token in enumerate([root, *root.ancestors]) if token in over), 99)
    return (climb, abs(root.i - trigger.i))
