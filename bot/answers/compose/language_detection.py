"""In which language something is asked, by its script or by function words; only when it is sure. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.answers.compose.values import is_own
from bot.curriculum.note import Note

ENGLISH = "en"

_PLAIN = (
    "what the how does why when which for and with this that these those between from not you are can my should would "
    "did where who use explain has have if its of or than then there they to we while will your"
)
"""English function words, but for those that are words of the other languages too."""

_TELLING: Mapping[str, str] = {
    "de": "was ist sind das der dem ein eine einen einem einer eines und oder für kann kannst ich wird werden zum "
    "zur beim wann gibt macht wenn bitte meine meinem meinen brauche brauchen braucht soll sollen sollte "
    "womit worum erklär geht auf heißt heisst über nutzt nimmt nehme viele sich mein haben mehr als nach wie "
    "misst kostet passiert besser groß mir",
    "fr": "quoi comment quand quel quels est une dans avec entre sont les des du le la sur je il elle et ou pas "
    "faut fait sert peut peux dois utiliser qui au aux un mon mes cela où que de pour se l' d' qu' j' n' "
    "signifie",
    "es": "por para porque el los las un una del entre está son puedo se sirve usa usar uso hace funciona significa "
    "y es la de que mi mis debo como cuando necesito tengo más tiene explica favor",
    "pt": "o que como quando qual onde quem quanto quantos por para um uma dos das entre com está é posso se serve "
    "usa usar uso faz funciona significa eu meu minha meus devo explique em preciso porque tenho mais à ao na "
    "de tem custa as",
    "it": "cosa che come quando qual dove quanto quanti un uno una il lo gli le del dei nel tra fra con sono è "
    "serve usare uso fa funziona significa mio mia miei devo devono essere posso spiega di la ha l' mi",
    "nl": "wat waar een tussen zijn voor naar niet kan ik worden gebruikt gebruiken werken betekenen doet moet "
    "moeten heeft hebben je mijn uit veel heb aan als dat goed de nodig er bij",
    "pl": "co jak ile mój moja która które jaki jaka jakie oraz lub nie dla czy czego po mogę można używa znaczy "
    "gdzie kto na od za mam trzeba powinienem robi robić ma powinny się służy",
    "tr": "neden hangi hangisi kim nerede kaç fark farkı ve ile için bir mı mü ne zaman niye olur oluyor yarar "
    "gerekir yok kadar benim daha çok iyi yapar açıkla kez iki",
}  # a table of data # fmt: skip
"""Words that English has not got, or means something else by; one alone says nothing."""
_SURE: Mapping[str, str] = {
    "de": "wie warum wozu wieso weshalb welche welcher welches welchen wofür unterschied nicht funktioniert "
    "bedeutet zwischen erkläre können wieviel",
    "fr": "pourquoi qu'est-ce quelle quelles est-ce c'est différence d'une d'un puis-je combien a-t-il est-elle "
    "passe-t-il explique-moi qu'un qu'une",
    "es": "qué cómo cuándo cuál cuáles dónde cuánto cuántos cuántas diferencia",
    "pt": "quais diferença não são uma você há quantos",
    "it": "cos'è perché quale quali della delle differenza cosa gli dell' c'è sono",
    "nl": "hoe hoeveel waarom wanneer welke welk het verschil betekent gebruik werkt wordt",
    "pl": "dlaczego kiedy jest są różni różnica między który czym działa służy wyjaśnij",
    "tr": "nedir nasıl niçin arasındaki arasında nelerdir çalışır kullanılır kullanılıyor midir demek",
}  # a table of data # fmt: skip
"""Words that say it almost alone."""
_SIGNS: Mapping[str, str] = {"es": "¿¡", "pt": "ãõ", "pl": "łężźśń", "tr": "ğış", "de": "ß", "nl": ""}
"""Letters and marks that none of the others write."""

IN_ENGLISH: Mapping[str, str] = {
    "de": "Unsere Notizen sind auf Englisch. Frag mich bitte auf Englisch.",
    "fr": "Nos notes sont en anglais. Pose-moi la question en anglais, s'il te plaît.",
    "es": "Nuestros apuntes están en inglés. Pregúntame en inglés, por favor.",
    "pt": "As nossas notas estão em inglês. Pergunta-me em inglês, por favor.",
    "it": "I nostri appunti sono in inglese. Chiedimelo in inglese, per favore.",
    "nl": "Onze notities zijn in het Engels. Stel je vraag alsjeblieft in het Engels.",
    "pl": "Nasze notatki są po angielsku. Zapytaj mnie proszę po angielsku.",
    "tr": "Notlarımız İngilizce. Lütfen bana İngilizce sor.",
    "ru": "Наши заметки на английском. Спроси меня, пожалуйста, по-английски.",
    "zh": "我们的笔记是英文的，请用英文问我。",
    "ja": "ノートは英語で書かれています。英語で質問してください。",
}
"""The reply to a question in another language than the notes' English, in that language."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]*)*")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_SURE_FROM, _SAMPLES = 2, 20
_ENGLISH_WORDS = frozenset(_PLAIN.split())
_KNOWN = {name: (frozenset(_TELLING[name].split()), frozenset(_SURE[name].split())) for name in _TELLING}
_LETTERS_OF_A_SCRIPT = 3


def tongue_of(text: str) -> str | None:
    """Return the language of a question as ISO 639 has it, Russian for Cyrillic; None where it is not plain."""
    words = _words(text)
    english = sum(word in _ENGLISH_WORDS for word in words)
    if (script := _script(text)) is not None:
        return script if not english else None
    weights = {tongue: _weight(words, text, tongue) for tongue in _KNOWN}
    best = max(weights, key=lambda tongue: weights[tongue])
    second = max(weight for tongue, weight in weights.items() if tongue != best)
    is_sure = weights[best] >= _SURE_FROM and weights[best] > second and weights[best] > 2 * english
    return best if is_sure else None


def prevailing(texts: Iterable[str]) -> str | None:
    """Return the language that most of some texts are in, English among them; None where there is no telling."""
    words = [word for text in texts for word in _words(text)]
    counts = {ENGLISH: sum(word in _ENGLISH_WORDS for word in words)}
    counts |= {tongue: sum(word in sure for word in words) for tongue, (_, sure) in _KNOWN.items()}
    best = max(counts, key=lambda tongue: counts[tongue])
    return best if counts[best] else None


def unlike(question: str, notes: Mapping[str, Note]) -> str | None:
    """Return the language of a question that notes in English were asked in; None where it is theirs, or not plain."""
    if (tongue := tongue_of(question)) is None:
        return None
    own = (prevailing(_samples([note])) for number, note in notes.items() if is_own(number))
    is_english = prevailing(_samples([*notes.values()][:_SAMPLES])) == ENGLISH
    return tongue if is_english and tongue not in own else None


def _samples(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        yield from (text for section in note.sections[:1] for text in section.paragraphs[:2])


def _words(text: str) -> list[str]:
    words = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    return words + [word.split("'")[0] + "'" for word in words if "'" in word]


def _script(text: str) -> str | None:
    letters, cyrillic = len(_LETTER.findall(text)), len(_CYRILLIC.findall(text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if kana + han >= _LETTERS_OF_A_SCRIPT:
        return "ja" if kana else "zh"
    return "ru" if cyrillic >= _LETTERS_OF_A_SCRIPT and cyrillic > letters / 2 else None


def _weight(words: Sequence[str], text: str, tongue: str) -> int:
    telling, sure = _KNOWN[tongue]
    found = set(words)
    signs = any(sign in text.casefold() for sign in _SIGNS.get(tongue, ""))
    return len(found & (telling - sure)) + 2 * len(found & sure) + (1 if signs else 0)
