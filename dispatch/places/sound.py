"""How Indonesian words sound, and how they are written in a hurry. Pure."""

import re

_SPELT = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("sy", "s"), ("sh", "s"), ("kh", "h"), ("dh", "d"), ("th", "t"),
    ("bh", "b"), ("ph", "f"), ("ck", "k"), ("v", "f"), ("x", "ks"), ("q", "k"), ("z", "s"), ("y", "i"),
)  # fmt: skip
"""Older, Javanese, Arabic and English spellings, and what they sound like."""

_DOUBLED = re.compile(r"([a-z])\1+")
_VOWELS = re.compile(r"[aeiou]")


def sounded(word: str) -> str:
    """Words that sound the same give the same: 'ferry' and 'feri', 'Soekarno' and 'Sukarno'."""
    for spelt, sound in _SPELT:
        word = word.replace(spelt, sound)
    return _DOUBLED.sub(r"\1", word)


def skeleton(word: str) -> str:
    """The consonants: 'bblu' and 'babulu' give the same."""
    return _VOWELS.sub("", word)
