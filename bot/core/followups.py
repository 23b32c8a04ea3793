"""Few words to an answer that ask for the same in another manner: an example, more of it, plainer words. Pure."""

from __future__ import annotations

import re

from bot.core import pleas, speech

_IT = r"(?:it|that|this|them|these|those)"
_ME = r"(?:give|show|send|get|tell) me"
_WISH = (
    rf"(?:{_ME}|do you have|have you got|got|have|(?:can|could|may) (?:i|we) (?:have|get|see)|(?:give|show)"
    rf"|is there|there is"
    r"|i (?:want|need|would like|could use)(?: to see)?|any|with|how about|what (?:is|are|would be)|whats)"
)
_EXAMPLE = (
    r"(?:(?:an?|one|one more|some|any|another|the) )?"
    r"(?:(?:worked|working|simple|small|short|concrete|real|real[- ]life|everyday|practical|numerical|quick"
    r"|good|more) )*"
    r"(?:examples?|e\.g|instance)"
)
_FOR_WHAT = (
    rf"(?: (?:of|for|to understand|about) {_IT}|(?: (?:with|in) numbers)| (?:would|will|could) (?:help|be \w+))*"
)
_PLAIN = r"(?:plain|simple|simpler|other|easier|fewer|short)(?:er)? (?:words|terms|english|language|sentences)"
_AGAIN = r"(?: (?:again|more|further|to me|for me|once more|in detail))*"
_MANNERS = (
    ("why?", r"how come"),
    ("when?", r"since when"),
    ("an example?", rf"(?:{_WISH} )?{_EXAMPLE}{_FOR_WHAT}|for (?:example|instance)|(?:show|give) me(?: (?:one"
                    rf"|another one|how))?"),
    ("more?", r"elaborate|go on|continue|(?:in )?(?:more|further|some more) (?:details?|info)|in detail|anything else"
              rf"|(?:{_ME}|say|explain|tell)(?: me)? (?:(?:some |a bit |a little )?more|further)(?: details?| info)?"),
    ("explain", rf"(?:explain(?: {_IT})? )?in (?:{_PLAIN}|short|brief|(?:one|a|two|few) (?:words?|sentences?))"
                r"|simpler|shorter|easier|simplify|eli5|tl;?dr|the short version"
                rf"|(?:{_WISH} )?(?:a |the )?(?:short |quick )?(?:summary|recap|explanation)"
                rf"|(?:make|put) {_IT} (?:simpler|shorter|plainer|differently)|(?:{_IT} )?(?:is )?(?:not clear"
                rf"|unclear|confusing)"
                rf"|{_IT} confuses me|wdym|what does {_IT} mean"),
    ("", rf"(?:walk me through|help me understand|explain|summarise|elaborate on|clarify|break down"
         rf"|not sure i get) {_IT}{_AGAIN}"
         rf"|break {_IT} down{_AGAIN}|(?:list|name|compare) {_IT}|(?:list|name) (?:two|three|four|five|some|a few|\d+)"
         r"|what else|in (?:what|which) way|how (?:so|exactly)|(?:the |any )?(?:pros and cons|downsides?"
         r"|drawbacks?|limits|limitations"
         r"|advantages|disadvantages|trade-?offs?|alternatives|pitfalls|use cases)"),
)  # fmt: skip
"""What is asked, in words without any that a search would look for, and how it is said; "" keeps what was said."""
_FRAMES = tuple(
    (meant, re.compile(rf"^(?:{said})(?: (?:please|then|though|too))*\W*$", re.IGNORECASE)) for meant, said in _MANNERS
)
LONGEST = 80


def goes_on(said: str) -> bool:
    """Whether a line asks further of what was said before it: `and at test time`, `why`, `an example please`."""
    return speech.goes_on(said) or manner(said) is not None


def manner(said: str) -> str | None:
    """Return what a line that only makes sense after an answer asks: `an example?` of `got an example pls`.

    "" where it says that best itself; None where it is no such line.
    """
    line = pleas.plain(said).rstrip(" ?!.") if len(said) <= LONGEST else ""
    return next((meant for meant, frame in _FRAMES if frame.match(line)), None) if line else None
