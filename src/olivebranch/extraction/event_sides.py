"""The two sides of a coded act: who did it and to whom, by the grammar first, then by the sentence and the story."""

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from olivebranch.codebook.tables import EventPhrase
from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.extraction.predicates import ASIDE, Match, recipient_heads
from olivebranch.extraction.syntax import (
    agents_of,
    governing_verb,
    is_passive,
    is_verbal,
    lemma_of,
    patients_of,
    prepositions_of,
    subjects_of,
)
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import Document, EventActor

Pair = tuple[list[EventActor], list[EventActor]]
Reach = Literal["grammar", "sentence", "story"]
"""Where a recipient may be found: where the phrase table has it, in the sentence, or as the story's other side."""

TWO_SIDED = frozenset({"CONSULT", "COOPERATE"})
"""Types that both sides do: each is actor and recipient."""
MUTUAL = frozenset({"AGREE", "SUPPORT", "RETREAT", "REJECT"})
"""Types that two sides in one subject do to each other ("Peru and Chile signed the treaty") where no other is named."""
SPOKEN = frozenset({"ACCUSE", "AGREE", "REQUEST", "SUPPORT", "THREATEN"})
"""Types whose nouns may have their speaker after "from" ("criticism from Brussels")."""
HOSTILE = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST"})
"""Deeds that one side's word alone makes only alleged, and that may be done in a land that takes no other part."""
DONE_SOMEWHERE = HOSTILE | {"AID", "RETREAT", "SANCTION"}
"""Types whose recipient may be the land where they were done."""
PRIVATE_SECTORS = frozenset({"AGR", "BUS", "CVL", "EDU", "ENV", "HLH", "LAB", "MED", "NGO"})
LOOSE_VERBS = frozenset({"hit", "fight", "strike", "target", "level", "battle", "help", "hold", "drive", "force"})
"""Verbs of deeds that mean other things without a named other side ("hit bottom", "fight inflation")."""
ARMED_SECTORS = frozenset({"REB", "RAD", "UAF"})
"""Sectors that stand against their own state as a power does."""
BESIDE = frozenset({"near", "outside", "around"})
WHERE = frozenset({"in", "at", "on", "near", "inside", "over", "outside", "around"})


@dataclass(frozen=True)
class Sides:
    """Finds the sides of the matches of one story."""

    document: Document
    participants: Participants

    def find(self, match: Match, reach: Reach = "story") -> Pair | None:
        """Actors and recipients of a match, both sides in both where both do it; None where a side is missing.

        `reach`: how far the recipient is looked for beyond the places where the phrase table has it. Example: in
        "Canada imposed sanctions on Belarus" CAN and BLR.
        """
        if match.phrase.type == "CONSULT" and _is_setting(match.trigger):
            return None
        actors = self._actors(match)
        recipients = self._told_recipients(match, actors)
        is_sent = match.phrase.mode == "visit" and match.object is not None
        if not recipients and reach != "grammar" and (match.phrase.type != "CONSULT" or is_sent):
            recipients = self._recipients_around(match, actors)
        if not actors and recipients:
            actors = self._unnamed_actors(match, recipients)
        if reach == "story" and not (actors and recipients):
            actors, recipients = self._by_story(match, actors, recipients)
        actors, recipients = _settle(match.phrase, actors, recipients)
        if not actors or not recipients or not _is_international(actors, recipients):
            return None
        if match.phrase.type != "PROTEST" and all(actor.sector in PRIVATE_SECTORS for actor in actors):
            return None
        return actors, recipients

    def _actors(self, match: Match) -> list[EventActor]:
        trigger = match.trigger
        if is_verbal(trigger):
            return self._verb_actors(trigger) or self._planner(trigger) or self._speaker(trigger)
        if match.phrase.pos == "adj":
            return self.participants.of(subjects_of(trigger.head if trigger.head.pos_ == "AUX" else trigger))
        return self._noun_actors(match)

    def _verb_actors(self, verb: Token) -> list[EventActor]:
        found = self.participants.of(agents_of(verb) if is_passive(verb) else subjects_of(verb))
        if (
            found
            or verb.dep_ != "acl"
            or verb.tag_ != "VBG"
            or lemma_of(verb.head) not in words_for("event_words", "names_statement")
        ):
            return found
        # "Issued a statement criticising": whoever issued it.
        governor = governing_verb(verb.head)
        return self.participants.of(subjects_of(governor)) if governor is not None else []

    def _planner(self, verb: Token) -> list[EventActor]:
        """Of "embraced an accord that would end the war" whoever embraced it."""
        subjects = [child for child in verb.children if child.dep_ == "nsubj"]
        if verb.dep_ not in {"relcl", "advcl"} or not any(s.lower_ in {"that", "which"} for s in subjects):
            return []
        governor = verb.head if verb.dep_ == "advcl" else governing_verb(verb.head)
        heads = governor.children if governor is not None else ()
        return self.participants.of([head for head in heads if head.dep_ in {"nsubj", "nsubjpass"}])

    def _speaker(self, verb: Token) -> list[EventActor]:
        """Of "he urged", "the ministry demanded": whose statement the verb reports."""
        speaker = None if is_passive(verb) else self.participants.speaker_by(verb.idx)
        return [speaker] if speaker is not None else []

    def _noun_actors(self, match: Match) -> list[EventActor]:
        noun = match.trigger
        owners = [c for c in noun.children if c.dep_ in {"poss", "amod", "compound", "nmod"}]
        ways = ("by", "from") if match.phrase.type in SPOKEN else ("by",)
        found = self.participants.of([*owners, *_objects_after(noun, *ways)])
        if found:
            return found
        if match.phrase.symmetric:
            both = self.participants.of(_objects_after(noun, "between", "among"))
            if both:
                return both
        if noun.dep_ == "pobj" and noun.head.head.pos_ in {"NOUN", "PROPN"}:
            owner = self.participants.of([noun.head.head])
            if owner and match.phrase.symmetric:
                return owner
        return self._lent_actors(match)

    def _lent_actors(self, match: Match) -> list[EventActor]:
        """Of "launched an attack" whoever launched it; of "came under criticism from" whom it came from."""
        noun = match.trigger
        verb = governing_verb(noun)
        if verb is None or noun.dep_ in {"nsubj", "nsubjpass"}:
            # "The killing of an Italian" has its victim, not its doer, after "of".
            ways = ("from",) if "of" in match.phrase.recipient_roles else ("of", "from")
            return self.participants.of(_objects_after(noun, *ways))
        if _is_undergone(verb):
            return self.participants.of([*_objects_after(noun, "from", "by"), *_objects_after(verb, "from", "by")])
        if verb.lemma_.lower() not in words_for("event_words", "lends_subject"):
            return []
        return self.participants.of(agents_of(verb) if is_passive(verb) else subjects_of(verb))

    def _told_recipients(self, match: Match, actors: list[EventActor]) -> list[EventActor]:
        is_held = _is_held(match)
        for role in match.phrase.recipient_roles:
            if is_held and role in WHERE:
                continue  # "Arrested in Moscow": by whose land it is.
            found = self._without(self._in_role(match, role), actors)
            if found:
                return found
        if match.phrase.pos == "noun" and (verb := governing_verb(match.trigger)) is not None and _is_undergone(verb):
            return self._without(self.participants.of(subjects_of(verb)), actors)
        return []

    def _recipients_around(self, match: Match, actors: list[EventActor]) -> list[EventActor]:
        """In the trigger's own phrases; of a verb that has the object which its row asked for, in the sentence."""
        found = self._without(self.participants.within(_around(match.trigger, match.phrase.type)), actors)
        found = [actor for actor in found if actor.sector not in PRIVATE_SECTORS]
        is_request = match.phrase.type == "REQUEST"
        if found or is_request or match.phrase.pos != "verb" or match.object is None:
            return found[:1]
        return self._others_in_sentence(match, actors)

    def _without(self, found: list[EventActor], others: list[EventActor]) -> list[EventActor]:
        return [actor for actor in found if not any(same_side(actor, other) for other in others)]

    def _unnamed_actors(self, match: Match, recipients: list[EventActor]) -> list[EventActor]:
        """Who did what is told without a doer: the land of an arrest, or the sanctions' other side in the sentence."""
        trigger = match.trigger
        if _is_held(match):
            places = [obj for prep, obj in prepositions_of(trigger) if prep in WHERE]
            found = self._without(self.participants.of(places), recipients)
            return found or (self._others_in_sentence(match, recipients) if trigger.dep_ == "acl" else [])
        if match.phrase.type == "MOBILIZE" or match.phrase.mode == "withdraw":
            # "Turkish troops were pulled out": whose they are did it.
            return self._without(self.participants.of(patients_of(trigger)), recipients) if is_verbal(trigger) else []
        if match.phrase.type == "SANCTION" and match.object is not None:
            return self._others_in_sentence(match, recipients)
        return []

    def _by_story(self, match: Match, actors: list[EventActor], recipients: list[EventActor]) -> Pair:
        """What the sentence leaves out, from the story: its two sides, or the one that it sets against the named one.

        Example: "opened fire on the flotilla", "the talks will resume" in a story of two powers.
        """
        if match.phrase.symmetric and not actors and not recipients:
            if match.phrase.pos != "noun" or match.phrase.type not in {"AGREE", "CONSULT", "RETREAT"}:
                return [], []
            pair = self.participants.pair
            named = self.participants.within(token for token in match.trigger.sent if token.pos_ != "PRON")
            # A sentence that names a third side speaks of something else.
            return ([], []) if self._without(named, pair) else (pair, [])
        if not actors or recipients or not is_power(actors[0]) or not _may_be_implied(match):
            return actors, recipients
        other = self.participants.counterpart(actors[0])
        return actors, [other] if other is not None else []

    def _others_in_sentence(self, match: Match, actors: list[EventActor]) -> list[EventActor]:
        """The other power that the sentence names, after the trigger before those that stand ahead of it."""
        trigger = match.trigger
        is_somewhere = match.phrase.type in DONE_SOMEWHERE
        named = [t for t in trigger.sent if t.pos_ != "PRON" and (is_somewhere or t.head.lower_ not in WHERE)]
        before = [t for t in named if t.i < trigger.i]
        # Of a participle ("captured with them") the nearest one before it.
        before = before[::-1] if trigger.dep_ == "acl" else before
        tokens = [t for t in named if t.i > trigger.i] + before
        others = [a for a in self._without(self.participants.within(tokens), actors) if a.sector not in PRIVATE_SECTORS]
        joined = others[:1]
        for other in others[1:]:
            if not self._is_joined(joined[-1], other):
                break
            joined.append(other)
        return joined

    def _is_joined(self, one: EventActor, other: EventActor) -> bool:
        """Whether only "and", commas and articles stand between two names."""
        if one.span is None or other.span is None or one.span[1] > other.span[0]:
            return False
        between = self.document.words((one.span[1], other.span[0])).replace(",", " ").split()
        return len(between) <= 3 and set(between) <= {"and", "the", "or", "both"}

    def _in_role(self, match: Match, role: str) -> list[EventActor]:
        heads = recipient_heads(match, role)
        return self.participants.within(heads) if role == "comp" else self.participants.of(heads)


def _objects_after(head: Token, *prepositions: str) -> list[Token]:
    return [obj for prep, obj in prepositions_of(head) if prep in prepositions]


def _may_be_implied(match: Match) -> bool:
    """Whether whom an act was done to may go unsaid: of a verb with its object, or of a plain deed."""
    if match.phrase.pos != "verb" or match.phrase.symmetric:
        return False
    is_plain = match.phrase.type in DONE_SOMEWHERE and lemma_of(match.trigger) not in LOOSE_VERBS
    return match.object is not None or (is_plain and bool(patients_of(match.trigger)))


def _is_held(match: Match) -> bool:
    """ "Two Britons were arrested in Minsk", "held captive in Iran": told without a doer."""
    verb = match.trigger
    is_kind = match.phrase.type == "COERCE" or match.phrase.mode == "abduct"
    return is_kind and verb.pos_ == "VERB" and is_passive(verb) and not agents_of(verb)


def _is_setting(trigger: Token) -> bool:
    """ "Met at a summit in Lima": the meeting at which something else takes place."""
    return trigger.pos_ == "NOUN" and trigger.dep_ == "pobj" and trigger.head.lower_ in {"at", "during", "in", "before"}


def _is_undergone(verb: Token) -> bool:
    """ "Faced criticism", "came under attack": the subject is at the other end of the noun's act."""
    if lemma_of(verb) == "come":
        return any(child.lower_ in {"under", "in"} and child.dep_ == "prep" for child in verb.children)
    return lemma_of(verb) in words_for("event_words", "lends_object") and not is_passive(verb)


def _around(trigger: Token, kind: str) -> list[Token]:
    """The words of a trigger's own objects and prepositional phrases, nearest first, as far as the act reaches."""
    found: list[Token] = []
    aside = ASIDE | {"by"} | (BESIDE if kind in DONE_SOMEWHERE else WHERE)
    for child in trigger.children:
        if child.dep_ in {"dobj", "dative", "nsubjpass", "attr"}:
            found.extend(_phrase(child))
        elif child.dep_ == "prep" and child.lower_ not in aside:
            found.extend(token for obj in child.children for token in _phrase(obj))
    return [token for token in found if token.pos_ != "PRON"]


def _phrase(head: Token) -> list[Token]:
    """A noun phrase without its clauses and asides."""
    found = [head]
    for child in head.children:
        if child.dep_ in {"relcl", "acl", "advcl", "appos", "punct"} or (
            child.dep_ == "prep" and child.lower_ in ASIDE
        ):
            continue
        found.extend(_phrase(child))
    return found


def _settle(
    phrase: EventPhrase, actors: list[EventActor], recipients: list[EventActor]
) -> tuple[list[EventActor], list[EventActor]]:
    """Both sides of what both do are actor and recipient; two sides in the subject did it to each other."""
    two_sided = phrase.symmetric or phrase.type in TWO_SIDED
    mutual = phrase.type in MUTUAL and not recipients
    if (two_sided or mutual) and (recipients or len(actors) > 1):
        both = [*actors, *(r for r in recipients if not any(same_side(r, a) for a in actors))]
        return both, both
    return actors, recipients


def _is_international(actors: list[EventActor], recipients: list[EventActor]) -> bool:
    """Whether the act crosses between powers: a state and its own people are one, its armed rebels are not."""
    return any(not same_side(a, r) and not _are_compatriots(a, r) for a in actors for r in recipients)


def _are_compatriots(one: EventActor, other: EventActor) -> bool:
    return one.code == other.code and not {one.sector, other.sector} & ARMED_SECTORS
