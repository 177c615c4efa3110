"""Whose words a cue gives: the heads of the noun phrases that name the speakers."""

from spacy.tokens import Token

from olivebranch.extraction.cues import CueMatch, is_speech_verb
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_words import has_use
from olivebranch.extraction.syntax import OBJECT_CONTROL, agents_of, is_passive, with_conjuncts

PLACES = frozenset({"GPE", "LOC", "FAC", "DATE", "TIME", "CARDINAL"})
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
VERBAL = frozenset({"VERB", "AUX"})
QUOTERS = frozenset({"quote", "cite", "hear", "see"})
"""Whom somebody quotes "as saying" is the voice, not the quoter."""

LIGHT_VERBS = frozenset(
    {
        *("issue", "make", "repeat", "reiterate", "renew", "offer", "give", "send", "voice", "release", "publish"),
        *("deliver", "sound", "have", "extend", "put", "add"),
    }
)
"""Verbs whose subject is the voice of their object ("issued a warning that")."""

PARALLEL = frozenset({"VBD", "VBZ", "VBP", "VBN"})
OWN_OPENERS = frozenset({"nsubj", "nsubjpass", "expl", "mark"})
VOICES = ("person", "body", "ministry", "official", "expert", "media", "document")
MAX_CLIMB = 6
"""How many heads up a participle's subject is looked for."""


def find_voices(scene: Scene, cue: CueMatch) -> list[Token]:
    """The heads of the phrases that name who speaks, in text order; empty where the sentence does not say.

    Example: of `Speaking in Riga, the minister and his deputy warned that …` they are "minister" and "deputy".
    """
    if cue.row.kind == "preposition":
        return _outside(scene, phrase_objects(scene, cue))
    if cue.row.kind == "noun":
        return _outside(scene, _noun_voices(scene, cue.token))
    return verb_voices(scene, cue.token)


def verb_voices(scene: Scene, verb: Token, climb: int = MAX_CLIMB) -> list[Token]:
    """Who does the saying of a verb: its subject, its agent, or the subject that it inherits."""
    if _undergoes(verb) and not _is_quoted_as(verb):
        return _outside(scene, with_conjuncts(agents_of(verb)))
    inverted = inverted_subject(scene, verb)
    if inverted is not None:
        return _outside(scene, with_conjuncts([inverted]))
    own = scene.subject_tokens(verb)
    if own:
        return _outside(
            scene, with_conjuncts([_antecedent(subject, verb) for subject in own if subject.dep_ != "csubj"])
        )
    return _inherited(scene, verb, climb - 1) if climb else []


def inverted_subject(scene: Scene, verb: Token) -> Token | None:
    """The speaker named after a verb that is set into what was said ("The decision, said Orlov, who …, is final")."""
    first, last = scene.sentence_bounds[verb.i]
    if verb.i <= first or scene.parse[verb.i - 1].text != "," or not is_speech_verb(verb):
        return None
    own = scene.subject_tokens(verb)
    if not own or own[0].i > verb.i or verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return None
    near = scene.parse[verb.i + 1 : min(last, verb.i + 7)]
    for token in near:
        if token.pos_ == "PROPN" and token.ent_type_ in {"PERSON", "ORG"} and token.nbor(1).text == ",":
            return token
        if token.pos_ not in {"PROPN", "NOUN", "ADJ", "DET"}:
            return None
    return None


def _undergoes(verb: Token) -> bool:
    """Whether the verb is a passive one, or a bare participle ("Asked by reporters, he said …")."""
    has_helper = any(child.dep_ in {"aux", "nsubj"} for child in verb.children)
    return is_passive(verb) or (verb.tag_ == "VBN" and verb.dep_ in {"advcl", "acl", "relcl"} and not has_helper)


def _is_quoted_as(verb: Token) -> bool:
    return str(verb.lemma_) in QUOTERS


def _antecedent(subject: Token, verb: Token) -> Token:
    if subject.lower_ not in RELATIVES:
        return subject
    clause = verb
    while clause.dep_ in {"conj", "xcomp", "ccomp"} and clause.head != clause:
        clause = clause.head
    if clause.dep_ != "relcl":
        return subject
    noun = clause.head
    while (
        subject.lower_ == "who"
        and noun.ent_type_ in PLACES
        and noun.head.pos_ in {"NOUN", "PROPN", "ADP"}
        and noun.head != noun
    ):
        noun = noun.head
    return noun


def _inherited(scene: Scene, verb: Token, climb: int) -> list[Token]:
    head = verb.head
    if head == verb:
        return []
    if scene.is_quoted(head):
        outer = next((t for t in head.ancestors if not scene.is_quoted(t) and t.pos_ in VERBAL), None)
        return verb_voices(scene, outer, climb) if outer is not None and verb.dep_ == "conj" and climb else []
    if verb.dep_ == "pcomp" and head.head.lemma_ in QUOTERS and not is_passive(head.head):
        return _outside(scene, [child for child in head.head.children if child.dep_ == "dobj"])
    if verb.dep_ in {"relcl", "acl"}:
        return _of_modified_noun(scene, verb, head, climb)
    if verb.dep_ in {"conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep"} and climb:
        if verb.dep_ == "conj" and is_raised(verb) and head.head.pos_ in VERBAL:
            return verb_voices(scene, head.head, climb)
        if head.pos_ in VERBAL:
            subjects = verb_voices(scene, head, climb)
            return subjects or _outside(scene, scene.subject_tokens(head))
        return _inherited(scene, head, climb - 1) if head.dep_ != "pobj" else []
    return []


def is_raised(verb: Token) -> bool:
    """Whether a coordinated verb belongs to the verb of saying and not to what was said, whatever the parser thought.

    "He said the ice would hold and urged …": "urged" does not go with "would".
    """
    head = verb.head
    if verb.dep_ != "conj" or head.dep_ not in {"ccomp", "xcomp"} or verb.tag_ != head.head.tag_:
        return False
    if verb.tag_ not in PARALLEL or any(child.dep_ in OWN_OPENERS for child in verb.children):
        return False
    if verb.tag_ == "VBN" and not any(child.dep_ == "aux" for child in head.head.children):
        return False
    if head.tag_ == "VB":
        return bool(verb.lemma_ != "be")
    if head.tag_ in {"VBD", "VBZ", "VBP"} and verb.tag_ != head.tag_:
        return True
    return is_speech_verb(verb) and (verb.tag_ != head.tag_ or not _is_said_of_a_voice(head))


def _is_said_of_a_voice(clause: Token) -> bool:
    """Whether a clause's subject could itself have spoken."""
    subjects = [child for child in clause.children if child.dep_ in {"nsubj", "nsubjpass", "expl"}]
    return any(t.pos_ != "NOUN" or any(has_use(t, use) for use in VOICES) for t in subjects) or not subjects


def _of_modified_noun(scene: Scene, verb: Token, noun: Token, climb: int) -> list[Token]:
    """Of "a statement saying" whoever issued it, else the statement; of "the envoy, speaking in Riga" the envoy."""
    governor = noun.head
    if any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children):
        return verb_voices(scene, governor, climb) if governor.pos_ in VERBAL and climb else []
    if verb.tag_ == "VBG" and noun.dep_ in {"dobj", "pobj"} and climb:
        while governor.pos_ == "ADP" and governor.head != governor:
            governor = governor.head
        if (
            governor.pos_ in VERBAL
            and noun.ent_type_ not in {"PERSON", "ORG", "GPE"}
            and str(governor.lemma_) in LIGHT_VERBS | {"say"}
        ):
            return verb_voices(scene, governor, climb) or [noun]
    return _outside(scene, [noun])


def _noun_voices(scene: Scene, noun: Token) -> list[Token]:
    owners = [child for child in noun.children if child.dep_ == "poss"]
    if not owners:
        preps = [child for child in noun.children if child.dep_ == "prep" and child.lower_ in {"by", "from", "of"}]
        owners = [c for p in preps for c in p.children if c.dep_ == "pobj" and p.lower_ != "of"]
    if not owners:
        owners = [
            c
            for c in noun.children
            if c.dep_ in {"compound", "amod", "nmod"} and c.ent_type_ in {"PERSON", "ORG", "NORP", "GPE"}
        ]
    if not owners and noun.dep_ in {"dobj", "attr"} and str(noun.head.lemma_) in LIGHT_VERBS:
        return verb_voices(scene, noun.head)
    return with_conjuncts(owners)


def _outside(scene: Scene, heads: list[Token]) -> list[Token]:
    """The heads that are not quoted words or furniture, without dummies ("it", "there")."""
    return [
        head
        for head in heads
        if not scene.is_closed_off[head.i]
        and not scene.is_quoted(head)
        and head.lower_ not in {"there", "what"}
        and head.tag_ != "EX"
    ]


def voices_by_words(scene: Scene, verb: Token, first: int, last: int) -> list[Token]:
    """The nearest noun phrase beside a verb among the tokens `[first, last)`, after it and then before it.

    Whom somebody "told" stands after it, so there the speaker is looked for before it first.
    """
    sides = (range(verb.i + 1, min(last, verb.i + 8)), range(verb.i - 1, first - 1, -1))
    for stretch in sides[::-1] if verb.lemma_ in OBJECT_CONTROL else sides:
        for index in stretch:
            token = scene.parse[index]
            if token.text in {",", ":", ";"} or token.pos_ == "ADP" or scene.is_closed_off[index]:
                break
            if (
                token.pos_ in {"NOUN", "PROPN", "PRON"}
                and not scene.is_quoted(token)
                and token.ent_type_ not in {"DATE", "TIME"}
            ):
                return with_conjuncts([_top_noun(token, first, last)])
    return []


def _top_noun(token: Token, first: int, last: int) -> Token:
    """The head of the noun phrase that a token stands in."""
    for _ in range(4):
        if token.dep_ in {"compound", "amod", "nmod", "poss", "det"} and first <= token.head.i < last:
            token = token.head
    return token


def phrase_objects(scene: Scene, cue: CueMatch) -> list[Token]:
    """The heads of the source that a cue phrase names ("according to two diplomats")."""
    for token in scene.parse[cue.last : cue.last + 12]:
        if token.dep_ == "pobj" and token.head.i < cue.last:
            return [token]
        if token.text in {",", ".", ";"}:
            break
    nouns = [t for t in scene.parse[cue.last : cue.last + 6] if t.pos_ in {"NOUN", "PROPN", "PRON"}]
    return nouns[:1]
