"""The content of reported clauses: what follows, precedes or surrounds a cue that introduces no quotation."""

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from olivebranch.extraction.cues import CueMatch, match_cue
from olivebranch.extraction.scene import MAX_SENTENCE, Scene, left_edge, right_edge
from olivebranch.extraction.surrounding import Found, Stretch, around_phrase, clause_before
from olivebranch.extraction.syntax import agents_of, is_passive
from olivebranch.extraction.voices import inverted_subject, is_raised

QUESTION_WORDS = frozenset({"whether", "if", "why", "how", "what", "who", "when", "where", "which"})
CONDITIONS = frozenset({"if", "unless", "provided", "providing", "until"})
COPULAS = frozenset({"is", "was", "are", "were", "be", "being", "been", "as"})


def find_content(scene: Scene, cue: CueMatch, is_wide: bool = False) -> Found | None:
    """The content that a cue governs, or None where it governs none; widely, also what was announced, told, asked.

    Example: of `Kyiv accused Moscow of breaking the truce.` the content is "Moscow of breaking the truce".
    """
    if cue.row.kind == "preposition":
        return around_phrase(scene, cue)
    if cue.row.kind == "noun":
        return _of_noun(cue)
    if inverted_subject(scene, cue.token) is not None:
        return clause_before(scene, cue)
    for finder in (_clause_after, _infinitive, _naming, _object, _linked, clause_before):
        found = finder(scene, cue)
        if found is not None:
            return found if is_wide else _without_addressee(scene, cue, found)
    return _bare_object(cue) if is_wide else None


def _without_addressee(scene: Scene, cue: CueMatch, found: Found) -> Found:
    """The content alone: of "urged Kyiv to sign" the infinitive, of "called the text 'a pause'" the quoted words."""
    if len(found.stretches) != 1:
        return found
    first, last = found.stretches[0]
    if found.how == "infinitive" and cue.row.is_addressed:
        to = next((t.i for t in scene.parse[first:last] if t.lower_ == "to" and t.dep_ == "aux"), first)
        is_passive_act = to + 1 < last and scene.parse[to + 1].lower_ == "be"
        return found if is_passive_act else replace(found, stretches=((to, last),))
    if found.how not in {"object", "naming"}:
        return found
    last = _without_occasion(scene, first, last)
    start = last
    while start > first and (scene.is_quoted(scene.parse[start - 1]) or scene.parse[start - 1].is_punct):
        start -= 1
    opener = next((i for i in range(start, last) if scene.is_quoted(scene.parse[i])), last)
    words = sum(token.is_alpha for token in scene.parse[opener:last])
    is_linked = found.how == "naming" or scene.parse[max(first, opener - 1)].lower_ in cue.row.links
    return replace(found, stretches=((opener, last),)) if first < opener and words and is_linked else found


def _without_occasion(scene: Scene, first: int, last: int) -> int:
    """Where a quoted description ends, short of where it was uttered ("called it 'a gift' on Twitter")."""
    closing = next((i for i in range(last - 1, first, -1) if scene.is_quoted(scene.parse[i])), last - 1) + 1
    is_placed = closing < last and scene.parse[closing].lower_ in {"on", "in", "at", "during"}
    return closing if is_placed else last


def _bare_object(cue: CueMatch) -> Found | None:
    """Announced steps; promised help: what a verb of speech has for its object."""
    objects = [t for t in _objects(cue) if t.i > cue.token.i and t.pos_ != "PRON"]
    if not objects or cue.row.is_addressed:
        return None
    return Found(((min(left_edge(t) for t in objects), max(right_edge(t) for t in objects)),), "object")


def _clause_after(scene: Scene, cue: CueMatch) -> Found | None:
    """He said (that) …; he asked whether …; what experts say is …."""
    frames = cue.row.frames
    verb = cue.token
    for child in verb.children:
        if child.dep_ != "ccomp" or child.i < verb.i:
            continue
        first, last = left_edge(child), right_edge(child)
        if first < verb.i:
            if scene.parse[first].tag_ == "WP" and child.i > verb.i:
                return Found((_without_copula(scene, verb, child.i, last),), "clause")
            continue
        last = _end_of(scene, cue, child)
        opener = scene.parse[first].lower_
        is_open = "clause" in frames
        if opener == "that" and (is_open or "that" in frames):
            return Found(((first + 1, last),), "that-clause")
        if opener in QUESTION_WORDS and ("wh" in frames or (is_open and opener not in {"whether", "if"})):
            return Found(((first, last),), "question clause")
        if is_open and opener not in QUESTION_WORDS and _is_clause(child):
            return Found((_without_copula(scene, verb, first, last),), "clause")
    return _cleft(cue) or _passive(cue) or _that_clause_by_words(scene, cue)


def _is_clause(head: Token) -> bool:
    """Whether a complement is a clause ("said it would go"), no infinitive and no bare noun ("says a Mass")."""
    return not _is_infinitive(head) and (head.pos_ in {"VERB", "AUX"} or _has_subject(head))


def _end_of(scene: Scene, cue: CueMatch, clause: Token) -> int:
    """Where the content that begins with a clause ends: with what is coordinated with it, and nothing more."""
    last = _without_source(scene, clause.i, _without_raised(scene, clause, right_edge(clause)))
    for child in cue.token.children:
        if child.dep_ != "conj" or left_edge(child) < last or match_cue(scene, child) is not None:
            continue
        opener = scene.parse[left_edge(child)]
        is_that = opener.lower_ == "that" and _is_conjunction(opener)
        if is_that or (opener.lower_ in {"it", "he", "she", "they"} and scene.parse[opener.i - 2].text != ","):
            last = right_edge(child)
    return _with_rest(scene, cue, clause, _with_condition(scene, cue, last))


def _with_rest(scene: Scene, cue: CueMatch, clause: Token, last: int) -> int:
    """Where a content ends that the parser broke off: at a colon that explains it, or at quoted words amid it."""
    end = scene.sentence_bounds[cue.token.i][1]
    edge = last
    while edge < end and scene.parse[edge].is_punct and scene.is_quoted(scene.parse[edge]):
        edge += 1
    if edge + 1 >= end:
        return last
    before, after, further = scene.parse[edge - 1], scene.parse[edge], scene.parse[edge + 1]
    if after.text == ":" and not scene.is_quoted(further) and clause.tag_[:2] == "VB":
        return end
    is_joined = after.tag_ == "MD" or (after.pos_ == "CCONJ" and further.tag_ in {"MD", "VBD", "VBZ", "VBP"})
    is_cut = before.pos_ == "CCONJ" or (is_joined and scene.is_quoted(before))
    has_cue = any(match_cue(scene, t) for t in scene.parse[edge:end] if not scene.is_quoted(t))
    return end if is_cut and not has_cue else last


def _with_condition(scene: Scene, cue: CueMatch, last: int) -> int:
    """Where a content ends with the condition that the parser hung on the cue (", provided that …", ", if …")."""
    for child in cue.token.children:
        if child.dep_ not in {"advcl", "prep"} or child.i < last:
            continue
        first = left_edge(child)
        between = scene.parse[last:first]
        if scene.parse[first].lower_ in CONDITIONS and all(token.text == "," for token in between):
            last = right_edge(child)
    return last


def _without_raised(scene: Scene, clause: Token, last: int) -> int:
    """Where a content ends, short of "and urged …" that the parser hung on it."""
    for child in clause.children:
        if child.i > clause.i and is_raised(child):
            first = min([child.i, left_edge(child)])
            while first > clause.i + 1 and (scene.parse[first - 1].pos_ == "CCONJ" or scene.parse[first - 1].is_punct):
                first -= 1
            return first
    return last


def _without_source(scene: Scene, head: int, last: int) -> int:
    """Where a content ends, short of ", according to …", which has its own say of it."""
    for index in range(head + 1, min(last - 1, head + MAX_SENTENCE)):
        if (
            scene.parse[index].lower_ == "according"
            and scene.parse[index + 1].lower_ == "to"
            and not scene.is_quoted(scene.parse[index])
        ):
            return index
    return last


def _cleft(cue: CueMatch) -> Found | None:
    """What analysts say is that …."""
    verb = cue.token
    if verb.dep_ != "csubj" or "clause" not in cue.row.frames or verb.head.lemma_ != "be":
        return None
    parts = [c for c in verb.head.children if c.dep_ in {"ccomp", "attr", "acomp"} and c.i > verb.head.i]
    if not parts:
        return None
    first = left_edge(parts[0])
    return Found(((first + (parts[0].dep_ == "ccomp"), right_edge(parts[-1])),), "what … say is")


def _passive(cue: CueMatch) -> Found | None:
    """The plan is said by diplomats to be dead."""
    verb = cue.token
    subjects = [c for c in verb.children if c.dep_ == "nsubjpass"]
    complements = [c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i and _is_infinitive(c)]
    if not subjects or not complements or "clause" not in cue.row.frames or cue.row.is_addressed:
        return None
    subject, complement = subjects[0], complements[0]
    return Found(
        ((left_edge(subject), right_edge(subject)), (left_edge(complement), right_edge(complement))), "is said to"
    )


def _without_copula(scene: Scene, verb: Token, first: int, last: int) -> Stretch:
    """Of "what experts say is a signal" the content is "a signal"."""
    before = scene.parse[max(0, verb.i - 8) : verb.i]
    if scene.parse[first].lower_ in COPULAS and any(token.lower_ in {"what", "which", "that"} for token in before):
        return first + 1, last
    return first, last


def _that_clause_by_words(scene: Scene, cue: CueMatch) -> Found | None:
    """A that-clause which the parser hung on the addressee ("told reporters that …")."""
    if not {"clause", "that"} & set(cue.row.frames):
        return None
    end = min(scene.sentence_bounds[cue.token.i][1], cue.last + 14)
    for token in scene.parse[cue.last : end]:
        if token.tag_ in {"VBD", "VBZ", "VBP", "MD", "TO"} or token.text in {":", ";"}:
            return None
        if token.tag_ == "VBG" and match_cue(scene, token) is not None:
            return None
        if token.lower_ == "that" and scene.parse[token.i - 1].pos_ == "CCONJ":
            return None
        if token.lower_ == "that" and (_is_conjunction(token) or (cue.row.is_addressed and _has_subject(token.head))):
            last = right_edge(token.head) if token.head.i > token.i else right_edge(cue.token)
            return Found(((token.i + 1, max(last, token.i + 1)),), "that-clause") if last > token.i + 1 else None
    return None


def _is_conjunction(that: Token) -> bool:
    return that.dep_ == "mark" or that.tag_ == "IN"


def _has_subject(verb: Token) -> bool:
    """Whether a clause has a subject of its own, so that "that" before it is no relative pronoun's."""
    return any(child.dep_ in {"nsubj", "nsubjpass", "expl"} and child.lower_ != "that" for child in verb.children)


def _is_infinitive(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)


def _infinitive(scene: Scene, cue: CueMatch) -> Found | None:
    """Promised to …; urged X to …; called on X to …."""
    if "infinitive" not in cue.row.frames:
        return _gerund(cue)
    verb = cue.token
    complement = next(
        (c for c in _dependents(cue) if c.i > verb.i and c.dep_ in {"xcomp", "ccomp", "advcl"} and _is_infinitive(c)),
        None,
    )
    objects = [t for t in _objects(cue) if t.i > verb.i]
    if complement is None:
        complement = next(
            (c for o in objects for c in o.children if c.dep_ in {"acl", "relcl"} and _is_infinitive(c)), None
        )
    if complement is None:
        return _gerund(cue)
    first = min([left_edge(complement), *(left_edge(t) for t in objects if t.i < complement.i)])
    last = _without_raised(scene, complement, right_edge(complement))
    return Found(((max(first, cue.last), last),), "infinitive")


def _gerund(cue: CueMatch) -> Found | None:
    """Suggested lifting …; admitted breaking …."""
    for child in cue.token.children:
        if child.dep_ == "xcomp" and child.tag_ == "VBG" and child.i > cue.token.i and "quote" in cue.row.frames:
            return Found(((left_edge(child), right_edge(child)),), "gerund")
    return None


def _dependents(cue: CueMatch) -> Iterator[Token]:
    yield from cue.token.children
    for child in cue.token.children:
        if child.i < cue.last and child.i > cue.token.i:
            yield from child.children


def _objects(cue: CueMatch) -> list[Token]:
    """Direct objects, and those of the cue's own preposition ("called on Kyiv")."""
    found = [c for c in cue.token.children if c.dep_ in {"dobj", "dative", "oprd", "attr"} and c.i >= cue.last]
    for child in cue.token.children:
        if cue.token.i < child.i < cue.last:
            found += [c for c in child.children if c.dep_ in {"pobj", "pcomp", "dobj"}]
    return [t for t in found if t.lower_ not in {"it"} or "infinitive" in cue.row.frames]


def _naming(scene: Scene, cue: CueMatch) -> Found | None:
    """Called X Y; what he called Y."""
    if "naming" not in cue.row.frames:
        return None
    verb = cue.token
    if is_passive(verb) and not agents_of(verb):
        return None
    names = [c for c in verb.children if c.dep_ in {"oprd", "acomp"} and c.i > verb.i]
    small = [
        c for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i and not _is_infinitive(c) and c.tag_[:2] != "VB"
    ]
    ends = [*names, *small]
    objects = [c for c in verb.children if c.dep_ == "dobj"]
    if not ends:
        quoted = [c for c in objects if c.i > verb.i and _has_quotation(scene, c)]
        if not quoted:
            return None
        ends = quoted
    firsts = [left_edge(t) for t in (*objects, *ends) if t.i > verb.i]
    return Found(((max(cue.last, min(firsts)), max(right_edge(t) for t in ends)),), "naming")


def _has_quotation(scene: Scene, head: Token) -> bool:
    return any(scene.quotation_of[index] >= 0 for index in range(left_edge(head), right_edge(head)))


def _object(scene: Scene, cue: CueMatch) -> Found | None:
    """Accused X of …; described X as …; called for …."""
    if "object" not in cue.row.frames:
        return None
    verb, links = cue.token, cue.row.links
    is_needed = bool(links) and cue.row.scope == "speech"
    linked = [c for c in verb.children if c.dep_ in {"prep", "advcl", "dative"} and c.lower_ in links and c.i > verb.i]
    objects = [t for t in _objects(cue) if t.i > verb.i]
    linked += [c for o in objects for c in o.children if c.dep_ == "prep" and c.lower_ in links]
    if any(child.dep_ == "pcomp" and child.lemma_ == "say" for prep in linked for child in prep.children):
        return None  # "quoted X as saying": "saying" is the cue
    if is_passive(verb):
        if not linked or not agents_of(verb):
            return None
        return Found(((linked[0].i + 1, right_edge(linked[-1])),), "object")
    if (is_needed and not linked) or not (objects or linked):
        return None
    if objects and all(t.pos_ == "PRON" and not linked for t in objects):
        return None
    first = min(left_edge(t) for t in objects) if objects else linked[0].i + 1
    last = max(right_edge(t) for t in (*objects, *linked))
    return Found(((max(first, cue.last), last),), "object")


def _linked(scene: Scene, cue: CueMatch) -> Found | None:
    """Warned of …; insisted on …: the preposition belongs to the cue."""
    if "object" in cue.row.frames:
        return None
    for child in cue.token.children:
        if child.dep_ == "prep" and child.lower_ in cue.row.links and child.i > cue.token.i:
            last = right_edge(child)
            if last > child.i + 1 and (child.i == cue.last or cue.row.cue != "say"):
                cue_last = child.i + 1 if child.i == cue.last else None
                return Found(((child.i + 1, last),), f"{cue.row.cue} {child.lower_}", cue_last)
    return None


def _of_noun(cue: CueMatch) -> Found | None:
    """X's claim that …; the pope's call for …."""
    noun = cue.token
    for child in noun.children:
        if child.i < noun.i:
            continue
        first, last = left_edge(child), right_edge(child)
        if child.dep_ in {"acl", "ccomp", "relcl"} and "that" in cue.row.frames:
            opener = next(iter(child.subtree))
            if opener.lower_ == "that" and _is_conjunction(opener) and _has_subject(child):
                return Found(((first + 1, last),), "noun and that-clause")
        if child.dep_ in {"acl", "xcomp", "advcl"} and "infinitive" in cue.row.frames and _is_infinitive(child):
            return Found(((first, last),), "noun and infinitive")
        if child.dep_ == "prep" and child.lower_ in cue.row.links and last > child.i + 1:
            return Found(((child.i + 1, last),), f"noun and {child.lower_}")
    return None
