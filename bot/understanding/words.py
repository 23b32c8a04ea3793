"""The words and phrases that classify free text, each list once. Data only.

An entry may be a regular expression. `phrases` reads the lists.
"""

# ruff: noqa: SIM905 - a list of words reads best as words

from __future__ import annotations

# What stands around a line and changes nothing in it.
GREETINGS = frozenset("hi hiya hey+ heya hello yo".split())
INTERJECTIONS = frozenset("ok okay alright sorry sry srry soz please pls plz lol ha(?:ha)+ hm+ a+h oh um".split())
THANKS_IN_ENGLISH = frozenset("thanks thank thankyou thanx thx thnx tnx ty tysm cheers".split())
BOT = frozenset({"trailmate", "bot"})
PRESENT = frozenset("there all everyone everybody guys folks team".split())
"""People who may be greeted beside the bot."""
LEAD = (
    GREETINGS
    | INTERJECTIONS
    | frozenset("so and but then also now just well thanks thx tbh wait yeah yes".split())
    | {"thank you", "excuse me", "(?:a )?(?:quick )?question"}
)
"""Openings that don't change what a line means."""
WONDERING = frozenset({"i wonder", "i was wondering", "any idea", "(?:anyone|somebody) knows?"})
"""Openings of a question."""
TAIL = frozenset(
    "please pls plz yet already rn now here today again anyway btw exactly actually really then too".split()
)
TAIL |= {"though", "tho", "lol", "so far", "right now"}
"""Endings that don't change what a line means."""
PRAISE = frozenset(
    "k cool great nice awesome perfect good sweet sure neat interesting amazing excellent brilliant helpful funny"
    " true fine yeah yep wow yay understood".split()
)
"""Praise that a thing may be named by as well, as in `k means`: as manners it ends at a mark or before `and`."""

# How a question and a wish for an explanation begin.
WH = frozenset("wh?at wot how why when where who which".split())
EXPLAIN = frozenset("explain define describe compare eli5".split())
"""Verbs that ask for an explanation."""
SUMMARISE = frozenset(
    "summari[sz]e clarify outline illustrate contrast recap derive visuali[sz]e simplify rephrase".split()
)
GO_THROUGH = frozenset(
    {"elaborate on", "expand on", "break down", "go over", "(?:go|run) through", "walk (?:me|us) through"}
)
"""Requests that people also make to each other."""
KINDS = frozenset(
    {
        *("examples?", "summar(?:y|ies)", "overviews?", "outlines?", "definitions?", "explanations?", "intuitions?"),
        *("recaps?", "refreshers?", "analog(?:y|ies)", "formula[se]?", "equations?", "proofs?", "derivations?"),
        *("intro(?:duction)?s?", "steps?", "lists?", "basics", "gist", "differences?", "comparisons?", "use cases?"),
        *("breakdown", "primer", "run ?downs?"),
        "pros and cons",
    }
)
"""Named aspects of a subject that a question can ask for."""

# Of whom a line is. A line with a word of people is private unless it plainly asks: these lists stay whole.
ABOUT_ONESELF = frozenset("i i'm im i've ive i'll me my mine we we're we've us our".split())
YOU = frozenset("you your yours you're u ur ya y'all".split())
ANYBODY = frozenset("anyone anybody someone somebody everyone everybody guys folks team y'all".split())
AT_HOME = frozenset("boss wife husband girlfriend boyfriend partner mom dad sister brother team boys girls".split())
PERSONAL = frozenset(
    "we we're us our he she him her his everyone anyone me myself sick ill holiday vacation family kids late"
    " leave meeting monday tuesday wednesday thursday friday saturday sunday weekend today tonight tomorrow"
    " yesterday deadline group exam".split()
)
AMONG_PEOPLE = PERSONAL | frozenset(
    "we've we'll ours they surgery hospital doctor health depression anxiety tired sad job money quit leaving"
    " meet call week".split()
)
"""Words about oneself. A line with one is a question only by its question mark or its beginning."""
AT_LEISURE = PERSONAL | frozenset("somebody someone guys folks lunch dinner coffee party join".split())
"""Words about plans and meetings. A line with one has no question in its middle."""
IN_SENTENCES = frozenset(
    "is was were are am isn't wasn't will won't would has have had did didn't does doesn't don't can't cannot"
    " couldn't go going gone went got let let's it's that's sorry please maybe today tomorrow tonight yesterday"
    " later soon lol".split()
)
"""Words that a sentence of chat has and the name of a thing has not."""
DOINGS = frozenset(
    {
        *("summari[sz]ed", "learn(?:ed|t)", "lost(?! in)", "need an?", "id like", "say (?:hi|hello)"),
        *("(?:gimme|give me) an? (?:min|sec|minute|second|moment)",),
        *"finally just still solved skipped completed started tried made went took got feel feeling".split(),
        *"gave told wrote".split(),
        *"showed taught walked talked explained struggled broke forgot been wanna gonna trouble".split(),
    }
)
"""Openings of a report of what somebody did or will do."""
WORK = frozenset(
    {
        *"read did done finished watched studied worked wrote spent log today yesterday was were".split(),
        *"talked discussed".split(),
        *("asked", "said", "told", "learn(?:ed|t)", r"am(?! (?:\w+ )?(?:stuck|confused)\b)"),
        "(?:my |the )?(?:plan|goal|task|notes?|homework|reading|title|link|chapter|part|unit|section|paper)",
    }
)
"""How a line begins that tells of work."""
TELLING = frozenset(
    {
        *(
            "i(?:'?(?:m|ve|ll|d))?",
            "we(?:'?(?:re|ve|ll))?",
            "let'?s?",
            "that(?:'?s)?",
            "it(?:'?s)?",
            "no (?:idea|clue)",
        ),
        *(
            "my (?:boss|wife|husband|mom|dad|cat|dog|friend|kid|kids|plan|week|day)",
            "summari[sz]ed",
            "need to",
            "have to",
        ),
        *"he she they tell ask show see saw guess depends remember this thanks thank thx good great".split(),
        *"nice cool our".split(),
        *"just love hate sorry not never finally today yesterday tomorrow tonight will gonna going off".split(),
        *"done read".split(),
        *"did finished told gave taught wrote showed explained remind please pls".split(),
    }
)
"""How a line begins that tells something, whatever words follow."""

# What a line points at.
POINTING = frozenset("it this that they them these those".split())
NAMES_NOTHING = POINTING - {"they"} | frozenset(
    "is are means does a an the something anything everything happened happens happening to do going on go say".split()
)
"""Words that name no subject."""
DECLINES = frozenset(
    "no not now wait stop nothing never mind cancel need worries problem way idea good fine ok okay enough all"
    " everything thanks".split()
)
"""Words of a line that wants nothing, where others correct an answer."""
ROUND_NO = POINTING - {"they", "them", "these", "those"} | frozenset(
    "no nope but and wait hm really actually well sorry again there here about bot right true so correct".split()
)
"""Words beside a denial that says no more than that an answer is wrong."""
NO_NAMES = frozenset(
    "So And But Ok Okay Well Hey Hi Hello Yo Please Pls Also Sorry Thanks Question How What Why When Where Which"
    " Who Then Now Btw Quick Bot Trailmate Cool Great Nice Perfect Wait Maybe Alright Right Yes No Or If".split()
)
"""Words with a capital at the beginning of a line that are nobody's name."""

# Courtesy, in many languages: what is said for manners' sake wants at most a greeting.
HELLO = frozenset(
    "hi hello helo hey hiya hej hei heya howdy yo sup greetings welcome aloha morning evening afternoon hallo"
    " moin servus grüezi guten hola buenas buenos bonjour bonsoir salut coucou ciao salve buongiorno buonasera olá"
    " oi ahoj cześć czesc szia merhaba selam salam shalom namaste नमस्ते привет здравствуйте مرحبا السلام"
    " konnichiwa こんにちは annyeong 안녕하세요 안녕 nihao 你好 您好".split()
)
THANKS = THANKS_IN_ENGLISH | frozenset(
    "danke dank merci gracias grazie obrigado obrigada tack dzięki спасибо arigato ありがとう 谢谢 감사합니다"
    " شكرا bedankt dankeschön".split()
)
BYE = frozenset(
    "bye goodbye byebye night goodnight cya farewell tschüss tschüs adios adiós ade arrivederci revoir".split()
)
NOTED = PRAISE | frozenset("ok okay lol haha hahaha yes no nope done alright sorry sry".split())
THERE = frozenset("test testing ping".split())
TRIES = frozenset(
    "a an another bar baz bla blah bot check foo hello hey hi ignore ipsum is just lorem mic more my one only out"
    " please sorry still test tested testing tests the this try trying world".split()
)
"""Words of a line that is only there to see what happens."""
FILLERS = (
    PRESENT
    | BOT
    | frozenset(
        "you again so very much a lot lots many for the your that this help answer it and my day friend mate got see"
        " later to just only from me buddy dear that's it's now really explanation one well oh ah then point tag abend"
        " morgen tardes días dias noches vielen schön sehr muchas beaucoup mille tout le monde au عليكم".split()
    )
)
"""Words beside a word of manners that add nothing."""

SPELLINGS = {
    "abt": "about", "bout": "about", "btwn": "between", "can't": "can not", "cannot": "can not", "cant": "can not",
    "diff": "difference", "didnt": "did not", "dont": "do not", "dunno": "not know", "eg": "for example",
    "ex": "example", "gimme": "give me", "havent": "have not", "hbt": "what about", "i'd": "i would", "i'm": "i am",
    "i've": "i have", "id": "i would", "idk": "not know", "im": "i am", "isnt": "is not", "ive": "i have",
    "lmk": "let me know", "n": "and", "never": "not", "pls": "please", "plz": "please", "thru": "through", "u": "you",
    "w": "with", "wanna": "want to", "wbt": "what about",
}  # a table of data # fmt: skip
"""Spellings of a chat, and more than one way to say no."""
