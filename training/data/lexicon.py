"""Words that mean the opposite, the same, or another thing of the same kind: from WordNet's files, inflected to fit.

WordNet (Fellbaum 1998) is read as its own manual describes its files, wndb(5WN). Only a word's commonest senses count.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PARTS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ", "adv": "ADV"}
_SENSES = 2
_KNOWN = 3  # a word must stand so often in WordNet's tagged texts to be put in a question
_OPPOSITE, _KIND_OF, _KINDS = "!", "@", "~"

Related = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Related words by (lemma, part of speech). An empty one knows none."""

    opposites: Related = field(default_factory=dict)
    siblings: Related = field(default_factory=dict)
    synonyms: Related = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Lexicon":
        """Read WordNet's data.* and index.* files.

        Raises:
            OSError: a file is missing.
        """
        counts = _counts(folder / "cntlist.rev")
        opposites: dict[tuple[str, str], tuple[str, ...]] = {}
        siblings: dict[tuple[str, str], tuple[str, ...]] = {}
        synonyms: dict[tuple[str, str], tuple[str, ...]] = {}
        for name, part in _PARTS.items():
            senses = {offset: _Sense.of(line) for offset, line in _lines(folder / f"data.{name}")}
            for lemma, offsets in _lemmas(folder / f"index.{name}"):
                key = lemma, part
                if counts.get(key, 0) < _KNOWN:
                    continue
                own = [senses[offset] for offset in offsets[:_SENSES]]
                known = [word for word in own[0].words if word != lemma and counts.get((word, part), 0) >= _KNOWN]
                synonyms[key] = tuple(known)
                against = (
                    senses[offset].words[target - 1]
                    for sense in own
                    for symbol, offset, other, source, target in sense.pointers
                    if symbol == _OPPOSITE and other == part and sense.words[source - 1] == lemma
                )
                opposites[key] = tuple(word for word in dict.fromkeys(against) if counts.get((word, part), 0) >= _KNOWN)
                above = [senses[offset] for symbol, offset, _, _, _ in own[0].pointers if symbol == _KIND_OF]
                beside = (
                    word
                    for parent in above
                    for symbol, offset, _, _, _ in parent.pointers
                    if symbol == _KINDS and senses[offset] is not own[0]
                    for word in senses[offset].words[:1]
                )
                siblings[key] = tuple(word for word in beside if counts.get((word, part), 0) >= _KNOWN)
        return cls(opposites, siblings, synonyms)

    def like(self, word: str, related: Related) -> list[str]:
        """Return the words related to ``word``, in its form: *failed* gives *succeeded*."""
        import lemminflect  # noqa: PLC0415 - loads its tables

        found: list[str] = []
        for part, lemmas in lemminflect.getAllLemmas(word).items():
            for lemma in lemmas:
                forms = [tag for tag, made in lemminflect.getAllInflections(lemma, part).items() if word in made]
                for other in related.get((lemma, part), ()):
                    made = lemminflect.getInflection(other, forms[0]) if forms and word != lemma else (other,)
                    found.extend(made[:1])
        return [other for other in dict.fromkeys(found) if other != word and other.isalpha()]


@dataclass(frozen=True, slots=True)
class _Sense:
    words: tuple[str, ...]
    pointers: tuple[tuple[str, int, str, int, int], ...]

    @classmethod
    def of(cls, line: str) -> "_Sense":
        fields = line.split(" | ", maxsplit=1)[0].split()
        count = int(fields[3], 16)
        words = tuple(word.split("(")[0].lower() for word in fields[4 : 4 + 2 * count : 2])
        place = 4 + 2 * count
        parts = {"n": "NOUN", "v": "VERB", "a": "ADJ", "s": "ADJ", "r": "ADV"}
        pointers = []
        for index in range(int(fields[place])):
            symbol, offset, part, ends = fields[place + 1 + 4 * index : place + 5 + 4 * index]
            source, target = bytes.fromhex(ends)
            pointers.append((symbol[0], int(offset), parts[part], source, target))
        return cls(words, tuple(pointers))


def _lines(path: Path) -> list[tuple[int, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(int(line.split(" ", 1)[0]), line) for line in lines if not line.startswith(" ")]


def _lemmas(path: Path) -> list[tuple[str, list[int]]]:
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            if not line.startswith(" ") and fields[0].isalpha():
                found.append((fields[0], [int(offset) for offset in fields[-int(fields[2]) :]]))
    return found


def _counts(path: Path) -> dict[tuple[str, str], int]:
    """Return how often each word was tagged in WordNet's texts, by part of speech."""
    parts = {"1": "NOUN", "2": "VERB", "3": "ADJ", "4": "ADV", "5": "ADJ"}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            key, _, count = line.split()
            lemma, rest = key.split("%")
            counts[lemma, parts[rest[0]]] += int(count)
    return counts
