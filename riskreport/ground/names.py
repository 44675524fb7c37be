"""Names as they are compared and searched: width, case, spaces and punctuation make no difference."""

import unicodedata


def normal_name(text: str) -> str:
    """Return the letters and digits of a name, full-width ones as plain ones, in lower case.

    「昆山（花桥）颐养院 A区」 and 「昆山(花桥)颐养院Ａ区」 are the same name.
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def search_words(text: str) -> list[str]:
    """Return what a person typed as the words that must all be found; a word of signs alone is none."""
    return [word for part in text.split() if (word := normal_name(part))]


def pieces_of(word: str) -> list[str]:
    """Return every two neighbouring characters of a normal name, or its only one: what an index can look up."""
    return [word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)]
