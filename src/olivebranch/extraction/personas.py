"""What a story says of each person in it: full name, calling, affiliation, and whether an expert without a side."""

import re
from dataclasses import dataclass, replace

from spacy.tokens import Token

from olivebranch.extraction.cues import is_speech_verb
from olivebranch.extraction.scene import Scene, left_edge
from olivebranch.extraction.source_names import name_of
from olivebranch.extraction.source_words import has_use
from olivebranch.records import ActorMention, Span

LEFT_OUT = frozenset({"relcl", "conj", "cc", "advcl", "ccomp", "parataxis", "preconj"})
SERVING = {
    "advise": "adviser", "chair": "chair", "command": "commander", "direct": "director", "head": "head",
    "lead": "leader", "represent": "representative", "run": "head",
}  # fmt: skip
"""Verbs of a relative clause that say somebody's calling ("who advises the government"), with its noun."""

BELONGING = frozenset({"of", "at", "with", "from", "for"})
NAME_PARTS = frozenset({"compound", "nmod", "amod", "flat"})
TITLE_PARTS = frozenset({"compound", "amod"})
_PROPER_RUN = re.compile(
    r"[A-Z][\w’'&.-]*(?:\s+(?:of|for|the|on|and|de|&)(?=\s+(?:the\s+)?[A-Z])|\s+the(?=\s+[A-Z])|\s+[A-Z][\w’'&.-]*)*"
)
_BEFORE_BODY = re.compile(r"\b(?:of|at|for|with|from|in)\s+(?:the\s+|an?\s+)?(?:[a-z][\w-]*\s+){0,3}$")

_AT = re.compile(r"\bat\s+(?:the\s+|an?\s+)?(?:[a-z][\w-]*\s+){0,3}$")
"""Of "a fellow of the Asia programme at Chatham House" the body is what stands after "at"."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the story says once of somebody, and holds for every mention; `words` are what he or she may be called."""

    affiliation: str | None = None
    is_expert: bool = False
    office: str | None = None
    words: frozenset[str] = frozenset()


NO_FACTS = Facts()


class Personas:
    """The people of one scene: where each is named, under which full name, and what is said of them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.facts: dict[str, Facts] = {}
        self.actor_at = {
            scene.token_at(a.span[1]) - 1: a for a in scene.actors if a.kind == "person" and not is_nominal(scene, a)
        }
        self.people = self._named_people()
        self.name_at = self._names_by_token()
        self.full_names = self._full_names()
        for index, _ in self.people:
            self.learn(index)

    def _named_people(self) -> list[tuple[int, str]]:
        """Every person's name outside furniture: the index of its last word, and the name; in text order."""
        found = {index: actor.name for index, actor in self.actor_at.items()}
        covered = [actor.span for actor in self.scene.actors if actor.kind != "person" and actor.entity]
        taken = {token.i for span in covered for token in self.scene.tokens(span)}
        for ent in self.scene.parse.ents:
            is_new = not taken.intersection(range(ent.start, ent.end))
            if ent.label_ == "PERSON" and is_new and not self.scene.is_closed_off[ent.start]:
                name = name_of(ent.text)
                if name:
                    found.setdefault(ent.end - 1 - (ent[-1].lower_ in {"'s", "’s"}), name)
        for index, name in self._misread_people():
            found.setdefault(index, name)
        return sorted(found.items())

    def _misread_people(self) -> list[tuple[int, str]]:
        """People whom the parser took for bodies: a name of two or three words that an apposition calls a person."""
        found = []
        for actor in self.scene.actors:
            if actor.kind != "organisation" or actor.entity or not 2 <= len(actor.name.split()) <= 3:
                continue
            last = self.scene.token_at(actor.span[1]) - 1
            if any(c.dep_ == "appos" and _is_calling(c) for c in self.scene.parse[last].children):
                found.append((last, actor.name))
        return found

    def _names_by_token(self) -> dict[int, str]:
        """The name that each token of a person's name stands in, as the parser sees it."""
        found = {}
        for ent in self.scene.parse.ents:
            if ent.label_ == "PERSON":
                found.update(dict.fromkeys(range(ent.start, ent.end), name_of(ent.text)))
        found.update({index: name for index, name in self.people if index not in found})
        return found

    def _full_names(self) -> dict[str, list[tuple[int, str]]]:
        """The full names in the story for each surname, with the token where each first stands."""
        names: dict[str, list[tuple[int, str]]] = {}
        for index, name in self.people:
            parts = name.split()
            if len(parts) > 1 and all(name != known for _, known in names.get(parts[-1], ())):
                names.setdefault(parts[-1], []).append((index, name))
        return names

    def full_name(self, words: str, index: int) -> str:
        """The full name that a surname stands for at a token: the one told last before it, else the first after it."""
        known = self.full_names.get(words.split()[-1], ()) if words.split() and " " not in words else ()
        before = [name for at, name in known if at <= index]
        return before[-1] if before else known[0][1] if known else words

    def name_of_mention(self, index: int) -> str:
        """The full name of the person whose name ends at a token."""
        actor = self.actor_at.get(index)
        words = actor.name if actor else self.name_at.get(index) or self.scene.parse[index].text
        return words if actor and actor.entity else self.full_name(words, index)

    def facts_of(self, name: str | None) -> Facts:
        """What the story says of somebody."""
        return self.facts.get(name or "", NO_FACTS)

    def call_expert(self, name: str) -> None:
        """Notes that the story calls somebody an expert ("the analyst says")."""
        self.facts[name] = replace(self.facts_of(name), is_expert=True)

    def learn(self, index: int) -> None:
        """Adds what the words about one mention say: titles before it, an apposition, a relative clause after it."""
        head = head_of_name(self.scene.parse[index])
        name = self.name_of_mention(index)
        whole = head.head if head.dep_ == "appos" and _is_calling(head.head) else head
        span = phrase_span(self.scene, whole)
        parts = set(name.split())
        words = [t for t in self.scene.tokens(span) if t.ent_type_ != "PERSON" and t.text not in parts]
        known = self._with_phrase(self.facts_of(name), _callings(head, whole), words, span, name)
        for clause in _who_clauses(head):
            known = self._with_clause(known, clause, name)
        self.facts[name] = known

    def _with_phrase(self, known: Facts, callings: list[Token], words: list[Token], span: Span, name: str) -> Facts:
        affiliation = known.affiliation or self.affiliation_in(span, name)
        is_of_institute = affiliation is not None and any(has_use(t, "institute") for t in words)
        is_official = any(has_use(t, "official") for t in words)
        is_journalist = any(has_use(t, "media") for t in callings)
        is_judge = any(has_use(t, "expert") for t in words) or (is_of_institute and not is_official)
        is_expert = known.is_expert or (is_judge and not is_journalist)
        return Facts(
            affiliation,
            is_expert,
            known.office or self._title(callings, {t.i for t in words}),
            known.words | {t.lemma_.lower() for t in callings},
        )

    def _with_clause(self, known: Facts, clause: Token, name: str) -> Facts:
        """ "who teaches politics at Tidewater College", "who advises the Israeli government"."""
        verb = clause.lemma_.lower()
        span = self.scene.span_of(clause.i, min(int(clause.right_edge.i) + 1, clause.i + 25))
        if verb in SERVING:
            objects = [c for c in clause.children if c.dep_ == "dobj"]
            body = self._body_of(objects[0]) if objects else None
            is_judge = bool(objects) and any(has_use(t, "institute") for t in objects[0].subtree)
            return replace(
                known,
                affiliation=known.affiliation or body,
                office=known.office or (SERVING[verb] if body else None),
                is_expert=known.is_expert or (is_judge and body is not None),
                words=known.words | {SERVING[verb]},
            )
        if not has_use(clause, "scholarship") or known.office:
            return known
        affiliation = known.affiliation or self.affiliation_in(span, name)
        is_expert = known.is_expert or affiliation is not None
        return replace(known, affiliation=affiliation, is_expert=is_expert, words=known.words | {"expert"})

    def _body_of(self, head: Token) -> str | None:
        """The body that a noun phrase names, without its article."""
        span = phrase_span(self.scene, head)
        if not self.scene.actors_in(span):
            return None
        return re.sub(r"^(?:the|an?)\s+", "", " ".join(self.scene.text[span[0] : span[1]].split()))

    def affiliation_in(self, span: Span, name: str) -> str | None:
        """The body that an apposition or title names ("deputy chair of … of the Federation Council")."""
        text = self.scene.text[span[0] : span[1]]
        for part in name.split():
            text = text.replace(part, "_" * len(part))
        bodies: list[tuple[bool, int, str]] = []
        for match in _PROPER_RUN.finditer(text):
            words = " ".join(match.group().split()).rstrip(".,")
            before = text[: match.start()]
            start = span[0] + match.start()
            is_placed = before.rstrip().endswith(" in") or self._is_country(start, start + len(words))
            if _BEFORE_BODY.search(before) and not is_placed:
                bodies.append((_AT.search(before) is None, len(bodies), words.removesuffix("'s").removesuffix("’s")))
        return min(bodies)[2] if bodies else None

    def _is_country(self, start: int, end: int) -> bool:
        return any(a.kind == "state" and a.span[1] >= end - 2 for a in self.scene.actors_in((start, end)))

    def _title(self, callings: list[Token], known: set[int]) -> str | None:
        """A short title from the words around a name: its role noun with what it modifies."""
        for token in callings:
            left = token.i
            while (
                left - 1 in known
                and self.scene.parse[left - 1].dep_ in TITLE_PARTS
                and self.scene.parse[left - 1].ent_type_ == ""
            ):
                left -= 1
            start, end = self.scene.span_of(left, token.i + 1)
            return self.scene.text[start:end]
        return None


def _who_clauses(head: Token) -> list[Token]:
    """The verbs of the clauses that tell of somebody ("who was ambassador … and now directs …")."""
    clauses = [c for c in head.children if c.dep_ == "relcl" and any(w.lower_ == "who" for w in c.lefts)]
    return clauses + [joint for c in clauses for joint in c.children if joint.dep_ == "conj"]


def _callings(head: Token, whole: Token) -> list[Token]:
    """The words that say what somebody is: titles before the name, an apposition and what is joined to it.

    `whole` is the head of the phrase that the name is in apposition to ("his counterpart, Jan Maas").
    """
    near = [c for c in head.lefts if c.dep_ in NAME_PARTS]
    near += [grand for c in near for grand in c.lefts if grand.dep_ in NAME_PARTS]
    apposed = [c for c in head.rights if c.dep_ == "appos"]
    apposed += [joint for c in apposed for joint in c.rights if joint.dep_ in {"conj", "appos"}]
    found = {t.i: t for t in (whole, head, *near, *apposed)}
    return [found[index] for index in sorted(found) if _is_calling(found[index])]


def _is_calling(token: Token) -> bool:
    return has_use(token, "person") or has_use(token, "expert") or has_use(token, "official")


def is_nominal(scene: Scene, actor: ActorMention) -> bool:
    """Whether a person is told by a calling alone, and by no name: "Japanese official"."""
    if actor.kind != "person" or actor.entity:
        return False
    last = scene.parse[scene.token_at(actor.span[1]) - 1]
    return bool(actor.name == scene.text[slice(*actor.span)] and last.text.islower())


def head_of_name(token: Token) -> Token:
    """The last word of a name whose tail the finders missed ("Yang" of "Yang Jiechi"); no title, no owner."""
    while token.dep_ in NAME_PARTS and token.head.i == token.i + 1 and token.head.ent_type_ in {"", "PERSON"}:
        if token.head.pos_ != "PROPN":
            break
        token = token.head
    return token


def phrase_span(scene: Scene, head: Token) -> Span:
    """The characters of a head's phrase with its titles and appositions, without clauses and joint speakers."""
    last = head.i + 1
    for child in head.rights:
        if child.dep_ == "prep" and scene.parse[child.i - 1].text == "," and child.lower_ not in BELONGING:
            break
        if child.dep_ == "acl" and is_speech_verb(child):
            break
        if child.dep_ in LEFT_OUT or scene.is_quoted(child) != scene.is_quoted(head):
            break
        if child.dep_ not in {"punct", "case"} or child.text in {")", '"'}:
            last = int(child.right_edge.i) + 1
    first = max(left_edge(head), scene.sentence_bounds[head.i][0])
    while first < head.i and (scene.is_closed_off[first] or scene.parse[first].is_punct):
        first += 1
    return scene.span_of(first, last)
