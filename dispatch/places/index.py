"""An index of names that forgives typing errors and answers while one types.

Words of the query are matched against the vocabulary (exact, prefix, a few letters off, sounding alike, or written
without vowels); then all names are scored at once in arrays. Measured over 100,000 places by bench/places.py.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from dispatch.places.sound import skeleton, sounded

SHORTEST_FUZZY = 4
"""Letters; a shorter word is another word when one letter differs."""

TWO_ERRORS_FROM = 7
"""Letters from which two typing errors are forgiven."""

MOST_SIMILAR = 24
"""Similar vocabulary words looked at for one word of the query."""

MOST_COMPLETIONS = 120
"""Vocabulary words that begin with what is typed; a village's come first, then those of most names."""

KM_WEIGHT = 3.0
"""What a Km counts among the query's words: about as much as a village's name."""

PREFIX_SCORE = 0.5
"""Of a word that is still being typed; the rest by how much of it is there."""

SOUND_SCORE = 0.93
SKELETON_SCORE = 0.7
"""Of a word that sounds the same ('ferry'), and of one written without its vowels ('bblu')."""

CONTEXT_SCORE = 0.9
"""A word that is a place's village or kecamatan, not its name, explains a little less."""

EXPLAINED_SHARE = 0.6
"""Of a score; the rest is how much of the name was said."""

KEPT_WORDS = 4096
"""Words whose likeness to the vocabulary is remembered: while one types, only the last word is new."""

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an entry's name, and the words around it (its village, its kecamatan)."""

    entry: int
    words: tuple[str, ...]
    context: frozenset[str] = frozenset()
    km: float | None = None
    leading: bool = False
    """A village's or kecamatan's: completed before others."""


@dataclass(frozen=True, slots=True)
class Hit:
    entry: int
    explained: float
    """How much of the query this entry explains, 0 to 1."""
    covered: float
    """How much of the entry's name the query says, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Matches:
    """How well each entry that shares a word with the query fits it."""

    entries: Numbers
    scores: Floats
    """Of each of `entries`, by its best spelling, 0 to 1."""
    _starts: Numbers
    _of_names: Floats
    _explained: Floats
    _covered: Floats

    def hit(self, at: int) -> Hit:
        """The details of `entries[at]`."""
        start = int(self._starts[at])
        end = int(self._starts[at + 1]) if at + 1 < len(self._starts) else len(self._of_names)
        best = start + int(np.argmax(self._of_names[start:end]))
        return Hit(int(self.entries[at]), float(self._explained[best]), float(self._covered[best]))


class NameIndex:
    def __init__(self, names: Sequence[Name]) -> None:
        """`names` are ordered by entry."""
        self._size = len(names)
        own: dict[str, list[int]] = defaultdict(list)
        around: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            for word in set(name.words):
                own[word].append(number)
            for word in name.context:
                around[word].append(number)
        total = self._size + 1
        self._weight = {word: math.log(1 + total / len(found)) for word, found in own.items()}
        self._unknown_weight = math.log(1 + total) / 2
        self._whole = np.array([sum(self._weight[word] for word in name.words) for name in names], np.float32)
        self._km = np.array([math.nan if name.km is None else name.km for name in names], np.float32)
        self._own = {word: np.array(found, np.int32) for word, found in own.items()}
        self._around = {word: np.array(found, np.int32) for word, found in around.items()}
        self._entries = np.array([name.entry for name in names], np.int32)
        self._vocabulary = _Vocabulary(own, {word for name in names if name.leading for word in name.words})

    def search(self, words: Sequence[str], km: float | None = None) -> Matches:
        """How well each entry that shares a word with the query fits it."""
        similar = [self._vocabulary.similar(word, last=at == len(words) - 1) for at, word in enumerate(words)]
        weights = [self._weight_of(found) for found in similar]
        total = sum(weights) + (KM_WEIGHT if km is not None else 0.0)
        those = self._sharing(similar)
        explained = np.zeros(len(those), np.float32)
        covered = np.zeros(len(those), np.float32)
        for found, weight in zip(similar, weights, strict=True):
            own, strength, around = self._likeness(found, those)
            explained += weight * np.maximum(own, CONTEXT_SCORE * around)
            covered += own * strength
        if km is not None:
            explained += KM_WEIGHT * (self._km[those] == np.float32(km))
        explained /= total or 1.0
        covered = np.minimum(1.0, covered / self._whole[those])
        scores = EXPLAINED_SHARE * explained + (1 - EXPLAINED_SHARE) * covered
        entries = self._entries[those]
        starts = np.flatnonzero(np.diff(entries, prepend=-1)).astype(np.int32)
        best = np.maximum.reduceat(scores, starts) if len(those) else scores
        return Matches(entries[starts], best, starts, scores, explained, covered)

    def _sharing(self, similar: Sequence[Mapping[str, float]]) -> NDArray[np.int64]:
        """The names that have a word like one of the query's: all else is reckoned for these alone."""
        shares = np.zeros(self._size, np.bool_)
        for found in similar:
            for word in found:
                if (numbers := self._own.get(word)) is not None:
                    shares[numbers] = True
        return np.flatnonzero(shares)

    def _likeness(self, found: Mapping[str, float], those: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """Of each of those names: how like its likest word is, what that word weighs, and how like one around it is."""
        own, strength, around = (np.zeros(self._size, np.float32) for _ in range(3))
        for word, like in sorted(found.items(), key=lambda pair: pair[1]):
            if (numbers := self._own.get(word)) is not None:
                own[numbers] = like
                strength[numbers] = self._weight[word]
            if (beside := self._around.get(word)) is not None:
                around[beside] = like
        return own[those], strength[those], around[those]

    def share(self, words: Sequence[str], known: Collection[str]) -> float:
        """How much of a query with a Km is explained by the Km and the known words, 0 to 1."""
        similar = [self._vocabulary.similar(word, last=False) for word in words]
        weights = [self._weight_of(found) for found in similar]
        explained = sum(
            weight * max((found.get(other, 0.0) for other in known), default=0.0) if word not in known else weight
            for word, found, weight in zip(words, similar, weights, strict=True)
        )
        return (KM_WEIGHT + explained) / (KM_WEIGHT + sum(weights))

    def _weight_of(self, found: Mapping[str, float]) -> float:
        return max((self._weight[word] for word in found), default=self._unknown_weight)


class _Vocabulary:
    """All words of names, and which of them a typed word may be."""

    def __init__(self, postings: Mapping[str, Sequence[int]], leading: Collection[str]) -> None:
        self._words = sorted(postings)
        self._known = frozenset(self._words)
        self._letters = np.array([_letters(word) for word in self._words], np.uint64)
        self._lengths = np.array([len(word) for word in self._words], np.int16)
        in_names = [len(postings[word]) + (len(postings) if word in leading else 0) for word in self._words]
        self._in_names = np.array(in_names, np.int64)
        self._sounds = _by(self._words, sounded)
        self._skeletons = _by((word for word in self._words if len(skeleton(word)) > 2), skeleton)
        self._kept: dict[tuple[str, bool], dict[str, float]] = {}

    def similar(self, word: str, *, last: bool) -> Mapping[str, float]:
        """Words like this one, with how like (0 to 1); `last`: it may be typed half."""
        key = (word, last)
        if (kept := self._kept.get(key)) is not None:
            return kept
        if len(self._kept) >= KEPT_WORDS:
            self._kept.clear()
        found = self._kept[key] = self._find(word, last=last)
        return found

    def _find(self, word: str, *, last: bool) -> dict[str, float]:
        found: dict[str, float] = {word: 1.0} if word in self._known else {}
        if last or len(word) >= SHORTEST_FUZZY:
            for longer in self._beginning_with(word, MOST_COMPLETIONS if last else MOST_SIMILAR):
                typed = len(word) / len(longer)
                found.setdefault(longer, PREFIX_SCORE + (1 - PREFIX_SCORE) * typed if last else typed)
        if not word.isdigit():
            for other, like in (*self._sounding(word), *self._misspelt(word)):
                found[other] = max(like, found.get(other, 0.0))
        return found

    def _sounding(self, word: str) -> Iterable[tuple[str, float]]:
        for other in self._sounds.get(sounded(word), ()) if len(word) >= SHORTEST_FUZZY else ():
            yield other, SOUND_SCORE
        for other in self._skeletons.get(skeleton(word), ()):
            if other[0] == word[0] and len(other) > len(word):
                yield other, SKELETON_SCORE

    def _misspelt(self, word: str) -> Iterable[tuple[str, float]]:
        """Words that few errors make of this one; each error changes at most two of the letters that a word has."""
        if len(word) < SHORTEST_FUZZY:
            return
        errors = 2 if len(word) >= TWO_ERRORS_FROM else 1
        apart = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        possible = np.flatnonzero((apart <= 2 * errors) & (np.abs(self._lengths - len(word)) <= errors))
        near = [self._words[at] for at in possible]
        for other, distance, _at in process.extract(
            word, near, scorer=OSA.distance, score_cutoff=errors, limit=MOST_SIMILAR
        ):
            yield other, 1 - distance / min(len(word), len(other))

    def _beginning_with(self, word: str, most: int) -> list[str]:
        start, end = bisect_left(self._words, word), bisect_left(self._words, f"{word}\uffff")
        if end - start <= most:
            return self._words[start:end]
        best = np.argpartition(-self._in_names[start:end], most)[:most]
        return [self._words[start + int(at)] for at in best]


def _letters(word: str) -> int:
    """A bit for each letter and digit that the word has."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits


def _by(words: Iterable[str], key: object) -> dict[str, list[str]]:
    assert callable(key)
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        found[key(word)].append(word)
    return found
