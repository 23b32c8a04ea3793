"""Words that say the same in a sentence on a subject: what a rewording may put in each other's place.

Between semicolons is one meaning, and none holds two things that notes may tell apart (mean and median, error and
deviation). Inflected forms with the same stem need not be written.
"""

from __future__ import annotations

from collections import defaultdict

from bot.answers.index.words import stem

_WRITTEN = """
find found catch caught detect discover uncover spot; find found show shown see seen report reveal;
show shown reveal indicate demonstrate; keep kept retain preserve maintain; keep kept stay remain continue go;
keep kept store hold held save; stay remain left; hold held contain include carry; has contain include hold;
consist comprise made; store save write; discard drop throw remove delete; drop leave left omit;
lose lost forget forgot; need require demand call; need require must have; need take cost; cost price bill;
expensive dear costly; cheap inexpensive; more larger bigger greater higher; most largest biggest greatest highest;
less fewer smaller lower; least smallest lowest fewest; large big great high; small little low tiny; long lengthy;
longer larger; fast quick rapid; faster quicker; slow slowly; increase raise rise rose grow grew; sudden abrupt;
rise jump; decrease reduce lower shrink fall fell drop diminish; double twice; begin began start; stop end finish;
give gave given yield produce return deliver; give gave given provide supply offer;
make made produce create generate build built form; turn convert become became change transform; turn translate map;
change alter modify vary edit; replace substitute exchange; put place insert; move shift; move go went come;
go went run ran walk; work run ran; send sent pass forward; add append; subtract deduct; take subtract away;
multiply times; divide split; split cut chunk; combine join merge mix; mix blend; compare comparison;
test check try tried verify; check examine inspect; judge assess evaluate rate; repeat again anew;
retry again repeat; measure measurement; compute calculate reckon; guess predict estimate; expect predict; fit suit;
suit good right appropriate best; match fit agree; match correspond; correspond equal; equal same is; equal equals;
describe explain tell told; explain account explanation; name call; ask question query;
answer reply respond response; wrong false incorrect mistaken; error mistake slip fault; fault bug defect;
error wrong; right correct true; right correctly; bad poor poorly mediocre; good well fine; improve better;
matter count important; important crucial essential key; help aid; hurt harm damage suffer; harm bad;
affect influence; avoid prevent; prevent stop block; allow permit let enable; force compel; protect guard;
hide hid hidden conceal mask; fool trick deceive; cheat trick; punish penalise; reach get attain; arrive reach;
meet met encounter; leave left; ignore disregard; skip omit; separate apart individually; together jointly;
same equal identical alike; same level equal; different other another; differ different; another second;
similar alike resemble; near nearby close closer nearer; nearest closest; near like similar; far distant;
exact exactly precise precisely; precise accurate; exactly closely; whole entire full complete completely;
part portion piece; share fraction proportion percentage; share part; many several multiple numerous; number amount;
number count; size length; picture image; list row; item element entry; word term; text document; page document;
kind type sort; people person human somebody someone anybody whoever everybody; people users; member person;
group team; worker employee; expert specialist; patient person; ill sick; limit bound cap; size limit limits;
aim goal purpose; reason cause why; cause lead led result make made; cause produce; result outcome; result finding;
effect consequence; problem trouble; difficult hard; easy easily simple; plain simple; clear plain; new fresh;
old earlier previous former; before earlier beforehand; before until; early soon; earlier sooner; late later after;
after following behind; first initially begin; final last; often frequently common;
usual common typical normal standard; sudden suddenly; current present now; time moment; constant fixed; chance luck;
luck random; chance probability likelihood; likely probable; spread dispersion; average mean; mean averaged;
sum total; total whole; gap difference; step stage; way method manner; way path; path route;
method approach technique; example sample; example instance; case example; sample draw drew drawn;
draw drew drawn take; network model; weight parameter; sound audio; voice speech; request query; memory storage;
space room; fill full; machine hardware computer; use usage employ apply; choose chosen choice pick select;
pick choose; cluster group; border boundary edge; neighbour near; top highest first; bottom lowest;
above over exceed; below under beneath; between amid; out of; every each per; per each; once single; single one;
one only; also too; enough sufficient suffice; too excessively; forbidden banned disallowed; allowed permitted;
unknown strange foreign; unseen hidden new; secret confidential; private personal; valid correct; exist present;
category class; label annotate; human people; extra additional further; ready prepared; task job;
translation translate; summary summaries summarise summarisation; lookup search; lookup access; search look;
insert insertion add; pay worth; worth useful; benefit gain advantage profit; gain improvement;
drawback disadvantage; steady stable constant; vanish disappear; zero nothing; nothing none; heavy strong;
faint weak light; weak poor; shallow gentle; bend bent curve; straight direct; follow obey; depend rest;
arise come came stem; come came originate; happen occur; decide determine; set setting; fix correct repair mend cure;
remedy cure fix; restart afresh anew; conversation chat dialogue; quote cite; support back; true truth;
invent made-up fabricate; imitate mimic; copy duplicate; plot chart; expand enlarge; squeeze compress; faithful true;
order ranking; rank order; sequence order; ascending rising; descending falling; threshold cutoff;
alarm alert warning; miss overlook; reserve set; waste wasteful; idle unused; quarter fourth; half halve;
third three; share common; look regard view; watch look mind heed; visible see seen; trust believe rely;
think believe assume; say state claim; state tell; note remark; stand lie; lie located; sit stand rest; belong part;
together one; fully completely; mostly mainly largely; mainly chiefly; rough approximate; nearly almost;
hardly barely; perhaps maybe; about roughly; need necessary; necessary required; required needed;
optional unnecessary; finished complete done; done made; waiting wait; next following; same unchanged;
unchanged constant; raise push; push press; destroy ruin; undo reverse; spoil corrupt; known given; rely depend;
cover include; cover span; contain mention; mention name; serve act; act behave; respond react; speed pace rate;
delay latency; quality goodness; safe secure; harmless safe; danger risk; dangerous risky; loss lost;
teach taught learn; learn learnt; train training; practice real; practical useful; real actual true; actually really;
write wrote written; read reading; say spoken; user person; client user; customer user; developer programmer;
program code; run execute; execution run; launch start; release version; version edition; open public; file document;
name label; identical same; everyday daily; daily day; week weekly; yearly year; hour hourly; side hand; half fifty;
percent share; level degree; degree extent; rule guideline; guess try; attempt try; failed failure; agree consent;
opposite reverse contrary; contradict conflict; conflict clash; growing rising; shrinking falling; convenient handy;
helpful useful; obvious clear; wide broad; narrow tight; rarely seldom
"""

_classes: defaultdict[str, set[str]] = defaultdict(set)
for _number, _line in enumerate(_WRITTEN.split(";")):
    for _word in _line.split():
        _classes[stem(_word)].add(f"~{_number}")
CLASSES = {word: frozenset(names) for word, names in _classes.items()}
"""The classes of a stem."""
