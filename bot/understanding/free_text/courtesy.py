"""Recognise courtesies: greetings, thanks, test lines, questions about the bot.

Greetings and pleas for help are also read in German, Spanish, French, Portuguese, Italian and Dutch.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.understanding import words
from bot.understanding.phrases import WORD, any_of, bare, lead

_FOREIGN_BEFORE = (
    r"^\W*(?:(?:hi|hey|hello|hallo|hoi|moin|servus|guten (?:tag|morgen|abend)|bitte|hola|buenas|buenos d[ií]as|bonjour"
    r"|salut|coucou|ol[áa]|oi|bom dia|ciao|salve|buongiorno|goedemorgen|por favor|per favore|s'il (?:te|vous) pla[iî]t"
    r"|alsjeblieft|trailmate|bot)\b\W*)*"
)
_FOREIGN_AFTER = (
    r"(?:\W*\b(?:bitte|hier|denn|so|alles|por favor|aqu[ií]|per favore|qui|ici|s'il (?:te|vous) pla[iî]t|hoje|oggi|hoy"
    r"|alsjeblieft|allemaal|trailmate|bot)\b)*\W*$"
)
_FOREIGN_GREETS = (
    r"(?:na )?wie geht(?:'?s|s| es)(?: (?:dir|euch|ihnen))?|alles klar|qu[eé] tal(?: est[aá]s)?"
    r"|c[oó]mo (?:est[aá]s?|va)"
    r"|comment (?:[çc]a va|vas-tu|allez-vous)|[çc]a va|tudo (?:bem|bom)|como vai(?: voc[eê])?|come (?:stai|va|state)"
    r"|tutto bene|hoe gaat (?:het|ie)(?: met (?:je|jou|u))?|guten (?:tag|morgen|abend)|bom dia|boa (?:tarde|noite)"
    r"|buonanotte|goede(?:morgen|navond|middag)"
)
_FOREIGN_HELP = (
    r"hilfe|hilf (?:mir|uns)|(?:ich|wir) brauche(?:n)?(?: \w+)? hilfe|(?:kannst du|k[oö]nnen sie) (?:mir|uns)"
    r"(?: bitte)? helfen|ayuda(?:me)?|ay[uú]dame|(?:necesito|quiero) (?:tu )?ayuda|(?:me )?puedes ayudar(?:me|nos)?"
    r"|aide(?:[- ](?:moi|nous))?|aidez[- ](?:moi|nous)|[aà] l'aide|au secours|j'ai besoin d'aide"
    r"|(?:(?:peux-tu|pouvez-vous|tu peux) (?:m'|nous )aider)|ajud[ae](?:[- ]me)?|me ajud[ae]|socorro"
    r"|(?:eu )?preciso de ajuda|(?:voc[eê] )?pode me ajudar|aiuto|aiuta(?:mi|ci)|(?:ho )?bisogno di aiuto"
    r"|(?:mi )?puoi aiutar(?:e|mi|ci)|hulp|(?:ik heb )?hulp nodig|kun je (?:me|mij|ons) helpen"
)
_FOREIGN_WHAT = (
    r"was (?:alles )?(?:kannst|machst|tust|bist) du(?: \w+)?"
    r"|was (?:kann|muss|soll) (?:man|ich)(?: \w+)?(?: machen| tun)|"
    r"(?:kann|darf) (?:ich|man)(?: \w+){0,2} (?:auf )?deutsch(?: (?:fragen|schreiben|reden))?"
    r"|(?:sprichst|verstehst|kannst) du(?: \w+)? deutsch|wer bist du"
    r"|wie funktioniert (?:das|es|du|der bot|dieser bot)|wie funktionierst du|wie geht das|was ist das"
    r"|qu[eé] (?:puedes|sabes|pod[eé]is|puede|puedo) hacer|qu[eé] haces|qui[eé]n eres|qu[eé] es esto"
    r"|c[oó]mo funcionas?(?: esto| el bot)?"
    r"|que (?:peux-tu|pouvez-vous|sais-tu|savez-vous|fais-tu|puis-je) ?(?:faire)?|tu (?:peux|sais) faire quoi"
    r"|qu'est[- ]ce que (?:tu|vous|je) (?:peux|pouvez|sais|savez) faire|qu'est[- ]ce que c'est"
    r"|(?:qui )?(?:es-tu|[eê]tes-vous|tu es qui)|comment (?:[çc]a|tu) (?:marches?|fonctionnes?)"
    r"|o que (?:voc[eê]|vc|tu|eu) (?:pode|podes|posso|faz|fazes|sabe|consegue)(?: fazer)?|o que [eé] isso"
    r"|quem (?:[eé] voc[eê]|[eé]s tu)|como (?:isso |isto |voc[eê] )?funciona(?: isso| isto)?"
    r"|(?:che )?cosa (?:puoi|sai|posso) fare|(?:che )?cosa fai|chi sei|come funzion[ai](?: questo| il bot)?"
    r"|wat (?:kan|kun|doe) (?:je|jij|ik)(?: \w+)?(?: doen)?|wie ben (?:je|jij)|hoe werkt (?:dit|het|de bot)|hoe werk je"
)
_FOREIGN_HOW = (
    r"(?:(?:wie|wo|wann) \w+ (?:ich|man|wir)|(?:c[oó]mo|d[oó]nde|cu[aá]ndo) (?:puedo|podemos|hago|me|se|debo|nos|posso"
    r"|eu|fa[cç]o|registro|participo|entro)|(?:comment|o[uù]|quand) (?:puis-je|je|on|faire|faut-il)"
    r"|onde (?:posso|eu)|(?:come|dove) (?:posso|faccio|mi|si)|(?:hoe|waar|wanneer) \w+ ik)\b[^?]{0,60}?\b"
    r"(?:einchecken|check-?in|checken|beitreten|mitmachen|teilnehmen|anmelden|abmelden|an der gruppe"
    r"|verlassen|gruppe|grupo|groupe|gruppo|groep|unir(?:me|se)|apunt(?:o|ar|arme)|participar|entrar|salir|rejoindre"
    r"|inscrire|inscris|quitter|participer|inscrever|sair|iscriv\w+|partecip\w+|uscire|meedoen|aanmelden|afmelden)"
)
"""How one asks the way to what the bot does: to check in, to join, to leave."""
_FOREIGN_SPLIT = (
    r"(?:wie|wo|wann) (?:(?:check|logg|trag)e? (?:ich|man|wir)\b[^?]{0,60}? ein|schreibe? ich mich ein"
    r"|trete? (?:ich|man|wir)\b[^?]{0,60}? bei|mach(?:e|t|en)? (?:ich|man|wir)(?: hier| bei \w+(?: \w+)?)? mit"
    r"|(?:nehmen?|nimmt) (?:ich|man|wir)\b[^?]{0,60}? teil|meld(?:e|et|en)? (?:ich|man|wir)\b[^?]{0,60}? (?:an|ab))"
    r"|(?:hoe|waar|wanneer) (?:(?:check|log|schrijf) ik(?: me| mij)? in|doe ik(?: hier)? mee|meld ik me (?:aan|af))"
)
"""The same by a verb of two parts: its second alone also ends what is asked of notes, as `wie schalte ich X ein`."""
_FOREIGN_GREETING = re.compile(rf"{_FOREIGN_BEFORE}(?:{_FOREIGN_GREETS}){_FOREIGN_AFTER}", re.IGNORECASE)
_FOREIGN_PLEA = re.compile(
    rf"{_FOREIGN_BEFORE}(?:{_FOREIGN_HELP}|{_FOREIGN_WHAT}|{_FOREIGN_HOW}|{_FOREIGN_SPLIT}){_FOREIGN_AFTER}",
    re.IGNORECASE,
)


Courtesy = Literal["hello", "thanks", "bye", "noted", "there", "who", "lost", "foreign"]
"""The courtesy: "there" asks whether the bot listens, "who" asks what it is, "lost" only asks for help, and
"foreign" asks for help or about the bot in another language."""
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_EMOJI = re.compile(r":[a-z0-9_+-]+:", re.IGNORECASE)
_LAUGHS = re.compile(r"\b(?:a*(?:h[aei]+){2,}h?|heh|lo+l|lmf?ao|rofl|xd+)\b", re.IGNORECASE)
_AGREES = re.compile(
    r"\b(?:(?:that |it |this )?(?:all )?makes (?:\w+ )?sense|got (?:it|you)|gotcha|i (?:get|see) (?:it|that)|i see"
    r"|good to know|(?:you're|you are|that's|that is) right|(?:sounds|looks) good|(?:that |it |this )?help(?:s|ed))\b",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(
    r"\?|\bthanks? to\b|\b(?:but|not|no|wrong|however|though|still|yet|never|\w+n'?t)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"\s*[,;:.!]+\s*|\s+[–—-]+\s+")
_ASKS = re.compile(
    rf"{lead(words.LEAD)}(?:{any_of(words.WH, {'y'})}(?:'?s|'?re)?\s+"
    r"(?!(?:i|we)\b|(?:nice|kind|cool|lovely|great|sweet|helpful)\b|an? \w+$)\w"
    rf"|(?:{any_of(words.EXPLAIN)}|tell me|show me|give me|diff(?:erence)?s? between|meaning of)\s+\w"
    r"|(?:is|are)\s+(?:there|it|a|an|the|my|(?!very|so|clear|good|great|fine|all|much|really|now)\w+)\s+\w"
    r"|(?:can|could|do|does|should)\s+\w+\s+\w)",
    re.IGNORECASE,
)
"""The beginnings of a clause that asks."""
_SIGNS: tuple[tuple[Courtesy, str], ...] = (("hello", r"👋|:wave:"), ("thanks", r"🙏|❤|:pray:|:heart:"))
"""The courtesy of an emoji without words."""
_YOU = r"(?:you|u|ya|this bot|the bot|trailmate)"

_LINES: tuple[tuple[Courtesy, str], ...] = (
    ("hello", r"how(?:'?s| is) (?:it going|life|everything|your day)|how (?:are|r) (?:you|u)(?: doing| feeling)?"),
    ("hello", r"how do you do|what'?s up|wha?ss?up|nice to meet you|pleased to meet you|good to (?:see|meet) you"),
    ("there", r"(?:(?:are|r) )?(?:you|u) (?:still )?(?:there|here|awake|alive|online|up|on|listening|working|ok|okay)"),
    ("there", r"(?:is )?(?:any|some)(?:one|body)(?: (?:is )?(?:there|here|home|around|else))?"),
    ("there", r"is (?:this|that|the)(?: (?:thing|bot|channel))? (?:on|working|alive|broken|down|up|ok)"),
    ("there", r"(?:can|do) you (?:hear|read|see|understand) (?:me|this|us)|(?:do|does) (?:you|this bot|the bot) work"),
    ("lost", r"huh|what|eh|hm+|uh|what now|now what|idk|no (?:idea|clue)"),
    ("lost", r"(?:i'?m|i am|i feel) (?:so |totally |completely |a bit )?(?:lost|confused|stuck)"),
    ("lost", r"i (?:do not|don'?t) (?:know|understand|get it)(?: what to do)?"),
    (
        "who",
        rf"(?:who|what|where|how \w+|what kind of \w+)(?:'?re| are| r|'?s| is) {_YOU}"
        r"(?: (?:doing|from|made (?:of|for)|for|called|going|feeling|based on|running on|up to|thinking))?",
    ),
    ("who", r"who(?:'?s| is) this|what(?:'?s| is| are) your (?:\w+ )?\w+"),
    (
        "who",
        rf"(?:(?:are|r|is) (?:{_YOU}|this|that|it)|am i (?:talking|speaking|writing|chatting) (?:to|with))"
        r"(?: (?:a|an|the|really|even|just|still|actually|real|human|living)\b)*"
        r" ?(?:bot|robot|human|person|machine|computer|ai|agent|llm|chat ?gpt|gpt[\w.-]*|claude|gemini|real"
        r"|alive|sentient|conscious|smart|stupid|dumb|free|busy|married|happy|sad|single|broken|ready)"
        r"(?: or (?:an? )?(?:not|bot|robot|human|person|machine|real \w+))?",
    ),
    ("who", rf"who (?:made|built|created|wrote|programmed|trained|runs|owns|invented|developed) {_YOU}"),
    (
        "who",
        rf"(?:what|which) (?:\w+ )?(?:model|llm|ai|version|language|engine) (?:are {_YOU}|do you use|powers {_YOU})"
        r"(?: (?:using|based on|running(?: on)?|written in))?",
    ),
    (
        "who",
        rf"(?:do|does|can|did|will|would|could) {_YOU} (?:(?:even|really|also|ever|still) )?"
        r"(?:sleep|dream|eat|lie|talk|dance|sing|think|feel|exist"
        r"|(?:hear|see|know|remember|understand|love|like|hate|speak) \w+|have (?:an? |any )?(?:name|feelings|friends?)"
        r"|tell (?:me |us )?an? joke)",
    ),
    ("who", r"tell (?:me|us) (?:an? joke|something(?: funny)?|about yourself)|introduce yourself"),
    ("thanks", rf"i (?:love|like) {_YOU}|(?:good|nice|cool|best|great|smart) (?:bot|job|work|one)"),
    ("noted", rf"i (?:hate|miss) {_YOU}|(?:bad|stupid|dumb|silly) (?:bot|job|work|one)"),
)

_READ = tuple(
    (
        kind,
        re.compile(
            rf"{lead(words.LEAD, words.PRESENT, words.BOT, {'hallo', 'hola'})}(?:{line})"
            rf"(?:\W*\b{any_of(words.TAIL, words.PRESENT, words.BOT, {'mate'})}\b)*\W*$",
            re.IGNORECASE,
        ),
    )
    for kind, line in _LINES
)
_QUERY = re.compile(r"^[\s?¿!]*[?¿][\s?¿!]*$")
_THANKED = re.compile(
    r"\W*(?:thanks|thank you|thx)\b\W*(?P<who>[^\W\d_].*?)(?:\W+for\s+(?P<what>.*))?", re.IGNORECASE | re.DOTALL
)
_HEADS: tuple[tuple[Courtesy, frozenset[str]], ...] = (
    ("thanks", words.THANKS),
    ("bye", words.BYE),
    ("hello", words.HELLO),
    ("there", words.THERE),
    ("noted", words.NOTED),
)
_KNOWN = words.FILLERS.union(*(heads for _, heads in _HEADS))
LONGEST = 200
"""Characters; a longer line says something."""
MOST_WORDS = 8
"""Words of a line of manners alone."""
THANKS_WORDS = 15
"""Words of a line that says for what it thanks."""


def courtesy(text: str) -> Courtesy | None:
    """Return what a line means by way of manners; None if it says anything else."""
    if len(text) > LONGEST:
        return None
    if _QUERY.match(text):
        return "lost"
    if _FOREIGN_GREETING.match(text):
        return "hello"
    if _FOREIGN_PLEA.match(text.replace("’", "'")):
        return "foreign"
    if kind := next((kind for kind, line in _READ if line.match(text)), None):
        return kind
    plain = _LAUGHS.sub(" lol ", _AGREES.sub(" ok ", _EMOJI.sub(" ", text)))
    spoken = [_short(word) for word in WORD.findall(plain)]
    if not spoken:
        return next((kind for kind, sign in _SIGNS if re.search(sign, text, re.IGNORECASE)), "noted")
    if text.strip(" !?.,").casefold() in words.HELLO:
        return "hello"
    is_thanking = not words.THANKS.isdisjoint({*spoken[:1], *spoken[-2:]}) and len(spoken) <= THANKS_WORDS
    if is_thanking and not _asks_more(text):
        return "thanks"
    is_short = len(spoken) <= MOST_WORDS and all(word in _KNOWN or word.isdigit() for word in spoken)
    if is_short and (meant := next((kind for kind, heads in _HEADS if heads & set(spoken)), None)):
        return meant
    return "there" if all(word in words.TRIES or word in _ROWS[0] or _is_mashed(word) for word in spoken) else None


def _asks_more(text: str) -> bool:
    """Whether a line of thanks says more than that: against something, or a clause of it asks."""
    rest = bare(text)
    return _SAYS_MORE.search(rest) is not None or any(_ASKS.match(clause) for clause in _CLAUSE.split(rest))


def thanked(text: str) -> tuple[str, str] | None:
    """Return the name that a line may thank, with the text after it, and the reason; None if it names nobody."""
    match = _THANKED.fullmatch(text[:LONGEST])
    if match is None:
        return None
    return match["who"], (match["what"] or "").strip(" .!")


def is_filler(text: str) -> bool:
    """Whether a line begins with a word that says nothing beside manners: `a lot`, `that helped`; or with none."""
    first = WORD.match(text.strip())
    return first is None or first[0].casefold() in _KNOWN


def _short(word: str) -> str:
    """Return a word in small letters, and none that somebody held: `heyyy`."""
    return re.sub(r"([^\W\d])\1{2,}", r"\1", word.casefold())


def _is_mashed(word: str) -> bool:
    """Whether a word is keys pressed one beside the other, or the same few again and again."""
    if _are_neighbours(word):
        return True
    sizes = range(1, min(5, len(word) // 2) + 1)
    again = {size: word[:size] for size in sizes if (word[:size] * len(word))[: len(word)] == word}
    return any(len(word) >= 3 * size or _are_neighbours(part, 2) for size, part in again.items())


def _are_neighbours(keys: str, fewest: int = 3) -> bool:
    return len(keys) >= fewest and any(keys in row or (len(keys) > fewest and keys in row[::-1]) for row in _ROWS)
