"""An index of names that forgives typing errors and answers while one types.

Words of the query are matched against the vocabulary (exact, prefix, or a few letters off), and only names that share
a word are scored: the cost grows with the vocabulary (rapidfuzz, in C), not with the number of names.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_FUZZY = 4
"""Letters; a shorter word is another word when one letter differs."""

TWO_ERRORS_FROM = 7
"""Letters from which two typing errors are forgiven."""

MOST_SIMILAR = 24
"""Similar vocabulary words looked at for one word of the query."""

KM_WEIGHT = 3.0
"""What a Km counts among the query's words: about as much as a village's name."""

PREFIX_SCORE = 0.5
"""Of a word that is still being typed; the rest by how much of it is there."""

CONTEXT_SCORE = 0.9
"""A word that is a place's village or kecamatan, not its name, explains a little less."""


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an entry's name, and the words around it (its village, its kecamatan)."""

    entry: int
    words: tuple[str, ...]
    context: frozenset[str] = frozenset()
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    entry: int
    explained: float
    """How much of the query this entry explains, 0 to 1."""
    covered: float
    """How much of the entry's name the query says, 0 to 1."""

    @property
    def score(self) -> float:
        return 0.6 * self.explained + 0.4 * self.covered


class NameIndex:
    def __init__(self, names: Sequence[Name]) -> None:
        self._names = tuple(names)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for word in set(name.words):
                self._postings[word].append(number)
        self._vocabulary = sorted(self._postings)
        total = len(self._names) + 1
        self._weight = {word: math.log(1 + total / len(found)) for word, found in self._postings.items()}
        self._unknown_weight = math.log(1 + total) / 2

    def search(self, words: Sequence[str], km: float | None = None) -> dict[int, Hit]:
        """The best hit of each entry that shares a word with the query."""
        similar = [self._similar(word, last=at == len(words) - 1) for at, word in enumerate(words)]
        weights = [self._weight_of(found) for found in similar]
        total = sum(weights) + (KM_WEIGHT if km is not None else 0.0)
        candidates = {number for found in similar for word in found for number in self._postings[word]}
        best: dict[int, Hit] = {}
        for number in candidates:
            hit = self._hit(self._names[number], similar, weights, total, km)
            if hit.entry not in best or hit.score > best[hit.entry].score:
                best[hit.entry] = hit
        return best

    def share(self, words: Sequence[str], known: Collection[str]) -> float:
        """How much of a query with a Km is explained by the Km and the known words, 0 to 1."""
        similar = [self._similar(word, last=False) for word in words]
        weights = [self._weight_of(found) for found in similar]
        explained = sum(
            weight * max((found.get(other, 0.0) for other in known), default=0.0) if word not in known else weight
            for word, found, weight in zip(words, similar, weights, strict=True)
        )
        return (KM_WEIGHT + explained) / (KM_WEIGHT + sum(weights))

    def _weight_of(self, found: Mapping[str, float]) -> float:
        return max((self._weight[word] for word in found), default=self._unknown_weight)

    def _hit(
        self,
        name: Name,
        similar: Sequence[Mapping[str, float]],
        weights: Sequence[float],
        total: float,
        km: float | None,
    ) -> Hit:
        said: dict[str, float] = {}
        explained = KM_WEIGHT if km is not None and name.km == km else 0.0
        for found, weight in zip(similar, weights, strict=True):
            own = max(((found[word], word) for word in name.words if word in found), default=(0.0, ""))
            around = max((found[word] for word in name.context if word in found), default=0.0)
            explained += weight * max(own[0], CONTEXT_SCORE * around)
            said[own[1]] = max(said.get(own[1], 0.0), own[0])
        whole = sum(self._weight[word] for word in name.words)
        covered = sum(self._weight[word] * said.get(word, 0.0) for word in name.words) / whole
        return Hit(name.entry, explained / total, covered)

    def _similar(self, word: str, *, last: bool) -> dict[str, float]:
        """Vocabulary words like this one, with how like (0 to 1)."""
        found: dict[str, float] = {}
        if word in self._postings:
            found[word] = 1.0
        if last or len(word) >= SHORTEST_FUZZY:
            for longer in self._beginning_with(word):
                typed = len(word) / len(longer)
                found.setdefault(longer, PREFIX_SCORE + (1 - PREFIX_SCORE) * typed if last else typed)
        if len(word) >= SHORTEST_FUZZY and not word.isdigit():
            errors = 2 if len(word) >= TWO_ERRORS_FROM else 1
            for other, distance, _at in process.extract(
                word, self._vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=MOST_SIMILAR
            ):
                found.setdefault(other, 1 - distance / min(len(word), len(other)))
        return found

    def _beginning_with(self, word: str) -> Iterator[str]:
        start = bisect_left(self._vocabulary, word)
        for other in self._vocabulary[start : start + MOST_SIMILAR]:
            if not other.startswith(word):
                return
            yield other
