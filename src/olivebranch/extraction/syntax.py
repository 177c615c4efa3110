"""Small questions about a spaCy parse: whose subject is it, what does it govern, how far does the phrase go."""

from collections.abc import Iterator

from spacy.tokens import Token

PLACE_PARTICLES = frozenset({"away", "back", "down", "home", "off", "out", "over", "up"})
SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "attr", "oprd", "obj"})
CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis"})
OBJECT_CONTROL = frozenset(
    "advise allow ask beg call cause command compel convince direct enable encourage exhort expect forbid force get "
    "have help implore instruct invite let make oblige order permit persuade press pressure prompt push request "
    "require tell urge want warn".split()
)
"""Verbs whose object, not subject, does what the infinitive says."""


MISREAD_FORMS = {
    "hopes": "hope", "hoped": "hope", "hoping": "hope", "waged": "wage", "waging": "wage", "wages": "wage",
    "forgave": "forgive", "bases": "base", "axed": "axe", "inked": "ink", "lambasted": "lambast", "slated": "slate",
}  # fmt: skip
"""Forms that the parser gives to other words than their own ("hop" for "hopes"), with their lemma."""


def lemma_of(token: Token) -> str:
    """The lemma, lower case, the parser's known slips mended ("hopes" is of "hope", not of "hop")."""
    return MISREAD_FORMS.get(token.lower_) or token.lemma_.lower()


def is_verbal(token: Token) -> bool:
    """Whether a token is a verb, or a noun by mistake that has a subject ("Russia and Estonia exchange two spies")."""
    if token.pos_ in {"VERB", "AUX"}:
        return True
    return (
        token.pos_ in {"NOUN", "PROPN"}
        and token.dep_ == "ROOT"
        and any(c.dep_ == "nsubj" for c in token.children)
        and (not any(c.dep_ in {"cop", "det"} for c in token.children))
    )


def is_passive(verb: Token) -> bool:
    """Whether the verb's grammatical subject undergoes the act ("sanctions were imposed", "sanctions imposed by")."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    return verb.dep_ == "acl" and verb.tag_ == "VBN"


def subjects_of(verb: Token, depth: int = 4) -> list[Token]:
    """The heads of whoever does the act of an active verb: its subject, or the one that it inherits."""
    own = [child for child in verb.children if child.dep_ in SUBJECTS]
    if own:
        # Of two the nearer one: the other is a dateline that the parser took for a subject.
        return with_conjuncts(_antecedents(own[-1:], verb))
    if depth == 0 or any(child.dep_ in PASSIVE_SUBJECTS for child in verb.children):
        return []
    return _inherited_subjects(verb, depth - 1)


def _inherited_subjects(verb: Token, depth: int) -> list[Token]:
    head = verb.head
    if head == verb:
        return []
    if _is_controlled(verb) and head.lemma_ in OBJECT_CONTROL:
        controllers = [child for child in head.children if child.dep_ in {"dobj", "dative", "nsubjpass"}]
        controllers += [
            obj for prep in head.children if prep.dep_ == "prep" for obj in prep.children if obj.dep_ == "pobj"
        ]
        if controllers:
            return with_conjuncts(controllers)
    if verb.dep_ == "acl":
        return [] if verb.tag_ == "VBN" else _acl_subjects(verb, depth)
    if verb.dep_ == "relcl":
        return []
    if verb.dep_ in {"conj", "xcomp", "advcl", "ccomp", "dep"} and head.pos_ in {"VERB", "AUX", "ADJ"}:
        return patients_of(head) if is_passive(head) and verb.dep_ != "conj" else subjects_of(head, depth)
    if verb.dep_ in {"pcomp", "xcomp", "conj"}:
        return _pcomp_subjects(verb, depth)
    return []


def _is_controlled(verb: Token) -> bool:
    """A complement, or the infinitive of "called on Russia to release" that the parser takes for a purpose."""
    if verb.dep_ in {"xcomp", "ccomp"}:
        return True
    is_infinitive = any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)
    return (
        verb.dep_ == "advcl"
        and is_infinitive
        and any(c.dep_ == "prep" and c.lower_ in {"on", "upon", "to"} for c in verb.head.children)
    )


def _acl_subjects(verb: Token, depth: int) -> list[Token]:
    """Of "troops massing" the troops; of "a plan to withdraw" whoever has the plan."""
    noun = verb.head
    if verb.tag_ == "VBG":
        return [noun]
    given_to = [child for child in noun.head.children if child.dep_ == "dative"]
    if given_to and noun.dep_ == "dobj":
        return given_to
    owners = [child for child in noun.children if child.dep_ in {"poss", "compound", "amod", "nmod"}]
    owners += [obj for prep, obj in prepositions_of(noun) if prep == "by"]
    if owners:
        return owners
    if noun.dep_ in OBJECTS | {"pobj"}:
        governor = governing_verb(noun)
        return subjects_of(governor, depth) if governor is not None else []
    return []


def _pcomp_subjects(verb: Token, depth: int) -> list[Token]:
    """Of "accused Russia of shelling" Russia; of "interested in normalizing" whoever is interested."""
    prep = verb.head
    if prep.dep_ != "prep":
        return []
    governor = prep.head
    if governor.pos_ in {"VERB", "AUX", "ADJ"}:
        if governor.lemma_ in {"accuse", "suspect", "stop", "prevent", "blame", "criticize", "criticise", "condemn"}:
            return with_conjuncts([child for child in governor.children if child.dep_ in {"dobj", "nsubjpass"}])
        return subjects_of(governor, depth)
    return [child for child in governor.children if child.dep_ == "poss"]


def _antecedents(subjects: list[Token], verb: Token) -> list[Token]:
    """A relative pronoun's noun in place of the pronoun."""
    if verb.dep_ == "relcl" and any(subject.lower_ in {"that", "which", "who"} for subject in subjects):
        return [verb.head]
    return subjects


def patients_of(verb: Token) -> list[Token]:
    """The heads of whatever undergoes the act: the direct object, or a passive verb's subject."""
    if is_passive(verb):
        own = [child for child in verb.children if child.dep_ in PASSIVE_SUBJECTS]
        if not own and verb.dep_ == "acl":
            own = [verb.head]
        if not own and verb.dep_ == "conj" and verb.head != verb:
            return patients_of(verb.head) if is_passive(verb.head) else []
        return with_conjuncts(_antecedents(own, verb))
    own = [child for child in verb.children if child.dep_ in OBJECTS]
    if verb.dep_ == "relcl" and (not own or own[0].lower_ in {"that", "which", "whom", "who"}):
        subjects = [child for child in verb.children if child.dep_ in SUBJECTS]
        own = [verb.head] if subjects and subjects[0].lower_ not in {"that", "which", "who"} else own
    return with_conjuncts(own)


def agents_of(verb: Token) -> list[Token]:
    """The heads of the by-phrase of a passive verb."""
    return with_conjuncts(
        [
            obj
            for child in verb.children
            if child.dep_ in {"agent", "prep"} and child.lower_ == "by"
            for obj in child.children
            if obj.dep_ == "pobj"
        ]
    )


def with_conjuncts(heads: list[Token]) -> list[Token]:
    """The heads and what is coordinated with each, in text order, no token twice."""
    found = {token.i: token for head in heads for token in (head, *_nominal_conjuncts(head))}
    return [found[index] for index in sorted(found)]


def _nominal_conjuncts(head: Token) -> Iterator[Token]:
    for child in head.children:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "PRON", "ADJ", "NUM"}:
            yield child
            yield from _nominal_conjuncts(child)


def prepositions_of(head: Token) -> Iterator[tuple[str, Token]]:
    """(preposition, head of its object) for each prepositional phrase of a head, coordinated objects too."""
    for prep in head.children:
        if prep.dep_ not in {"prep", "agent", "dative"} or prep.pos_ not in {"ADP", "SCONJ", "PART", "VERB", "ADV"}:
            continue
        for child in prep.children:
            if child.dep_ == "pobj":
                yield from ((prep.lower_, obj) for obj in with_conjuncts([child]))
            elif child.dep_ == "prep":
                yield from ((f"{prep.lower_} {child.lower_}", obj) for obj in child.children if obj.dep_ == "pobj")
            elif child.dep_ == "pcomp":
                yield prep.lower_, child


def governing_verb(token: Token) -> Token | None:
    """The nearest verb or predicate adjective above a token within its clause."""
    for ancestor in token.ancestors:
        if ancestor.pos_ in {"VERB", "AUX"}:
            return ancestor
    return None


def phrase_tokens(head: Token) -> Iterator[Token]:
    """The tokens of a noun phrase, without clauses, coordinated phrases and prepositions but "of", "for", "from"."""
    yield head
    for child in head.children:
        if child.dep_ in CLAUSES or child.dep_ in {"conj", "cc", "punct", "appos"}:
            continue
        if child.dep_ == "prep" and child.lower_ not in {"of", "for", "from"}:
            continue
        yield from phrase_tokens(child)


def particle_of(verb: Token) -> str | None:
    """The verb's particle ("off" of "broke off", "back" of "pull back")."""
    for child in verb.children:
        is_bare = child.dep_ == "prep" and child.i == verb.i + 1 and not any(True for _ in child.children)
        if child.dep_ == "prt" or is_bare or (child.dep_ == "advmod" and child.lower_ in PLACE_PARTICLES):
            return child.lower_
    return None
