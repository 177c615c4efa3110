"""The CAMEO code of words about deeds: an offer to lift sanctions is 0354, a demand for it 1054."""

from spacy.tokens import Token

from olivebranch.extraction.predicates import Match, match_word
from olivebranch.extraction.syntax import patients_of, prepositions_of

SPOKEN_OF = {
    "AGREE": {"085": "0354", "0871": "0356", "087": "0356", "0873": "0356", "0874": "0356", "0841": "0353",
              "0862": "0355",
              "04": "036", "057": "030", "06": "031", "061": "0311", "062": "0312", "063": "0313", "064": "0314",
              "07": "033", "072": "0332", "074": "0334", "05": "032", "08": "035"},
    "REQUEST": {"085": "0254", "0871": "0256", "087": "0256", "0873": "0256", "0874": "0256", "0841": "0253",
                "0862": "0255",
                "04": "026", "06": "021", "061": "0211", "062": "0212", "063": "0213", "064": "0214",
                "07": "023", "072": "0232", "074": "0234", "05": "022", "08": "025", "16": "022"},
    "REJECT": {"085": "1244", "0871": "1246", "087": "1246", "0874": "1246", "0841": "1243", "0862": "1245",
               "04": "125", "06": "121", "07": "122", "08": "124"},
    "THREATEN": {"163": "1312", "162": "1311", "164": "134", "16": "1313", "15": "138", "18": "138",
                 "19": "138", "17": "132"},
}  # fmt: skip
"""By type of the words, the deed spoken of (CAMEO prefix, longest first) and the code of speaking of it so."""


def refine_cameo(match: Match) -> str | None:
    """The match's CAMEO code, made exact by the deed that its complement speaks of."""
    code = match.phrase.cameo
    table = SPOKEN_OF.get(match.phrase.type)
    if table is None or code is None:
        return code
    spoken = next((found for token in _complements(match.trigger) if (found := _deed_code(token))), None)
    if spoken is None:
        return code
    for length in range(len(spoken), 1, -1):
        refined = table.get(spoken[:length])
        if refined:
            return "10" + refined[2:] if code.startswith("10") and refined.startswith("02") else refined
    return code


def _complements(trigger: Token) -> list[Token]:
    tokens = [child for child in trigger.children if child.dep_ in {"xcomp", "ccomp", "acl", "advcl"}]
    tokens += [obj for _, obj in prepositions_of(trigger)]
    return tokens + (patients_of(trigger) if trigger.pos_ == "VERB" else [])


def _deed_code(token: Token) -> str | None:
    match = match_word(token)
    return match.phrase.cameo if match is not None else None


def has_hostile_deed(match: Match) -> bool:
    """Whether what the words speak of is a hostile deed (CAMEO roots 13 to 20)."""
    return any((_deed_code(token) or "")[:2] >= "13" for token in _complements(match.trigger))


def refusal_code(match: Match) -> str:
    """The CAMEO code of refusing the deed of a match: not to lift sanctions is 1244."""
    code = match.phrase.cameo or ""
    table = SPOKEN_OF["REJECT"]
    return next((table[code[:n]] for n in range(len(code), 1, -1) if code[:n] in table), "120")
