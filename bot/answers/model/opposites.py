"""Words that say the opposite of each other."""

from __future__ import annotations

_WRITTEN = """
fast faster fastest quick quicker quickly | slow slower slowest slowly
more larger bigger higher greater most largest highest large big high | less fewer smaller lower least fewest \
    smallest lowest small low few
increase increases increased increasing raise raises raised raising grow grows growing rise rises rising expand \
    expands gain gains | decrease decreases decreased decreasing reduce reduces reduced reducing lower lowers \
    lowered shrink shrinks shrinking fall falls falling cut cuts drop drops lose loses
always every all everything | sometimes rarely never none nothing seldom some
before earlier early first | after later late last
true right correct correctly | false wrong incorrect incorrectly
better best good well improve improves improved helps help | worse worst bad poor badly poorly worsen worsens hurts \
    hurt harms harm
easy easier easily simple simpler | hard harder difficult complex
cheap cheaper cheapest cheaply | expensive dear costly costlier
strong stronger strongly | weak weaker weakly
long longer longest | short shorter shortest
wide wider | narrow narrower
deep deeper | shallow shallower
with | without
maximum max maximise maximises maximize | minimum min minimise minimises minimize
same equal identical alike | different unequal distinct
shared shares share common | separate separately own
fixed constant static | variable varying dynamic changing changes
forward forwards | backward backwards
up above upper over top | down below lower under bottom
keep keeps kept preserve preserves retain retains store stores \
    | lose loses lost discard discards discarded drop drops dropped remove removes \
    removed
add adds added include includes | remove removes removed subtract subtracts exclude excludes
start starts begin begins beginning | end ends finish finishes stop stops
positive | negative
near nearer close closer | far farther apart
new newer newest | old older oldest
often frequently usually | rarely seldom
many several | few single one
inside within | outside
parallel simultaneously together once | sequential sequentially serially apart separately
cause causes allow allows let lets enable enables | prevent prevents avoid avoids block blocks forbid forbids \
    stop stops
save saves saving | cost costs waste wastes spend spends
encode encodes encoder | decode decodes decoder
compress compresses | decompress expand expands
read reads reading | write writes writing
exact exactly exhaustive | approximate approximately
local locally | global globally
accept accepts | reject rejects refuse refuses
succeed succeeds works | fail fails
converge converges | diverge diverges
freeze freezes frozen fixed | train trains trained trainable unfreeze update updates updated
sharp sharper sharpens sharpen peaked | flat flatter smooth smooths smoother
deterministic | random randomly stochastic
input inputs | output outputs
row rows | column columns
training | inference testing
sparse | dense
public | private
safe safer safely | dangerous risky unsafe
necessary needed required needs need | unnecessary optional needless
possible | impossible
rich | poor
heavy heavier | light lighter
lossless | lossy
needs requires require need | avoids spares
overfit overfits overfitting | underfit underfits underfitting
bias | variance
precision | recall
supervised labelled labeled | unsupervised unlabelled unlabeled
teacher | student
sender | receiver
mutable changeable | immutable fixed
numerator | denominator
horizontal | vertical
warm hot | cold
whole unsplit intact | split splits splitting
repeat repeats repeated | omit omits omitted leave leaves skip skips
linear linearly | quadratic quadratically exponential exponentially
independent independently | dependent depends depend
"""

Pair = tuple[frozenset[str], frozenset[str]]

OPPOSITES: tuple[Pair, ...] = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, _, other in (line.partition("|") for line in _WRITTEN.strip().splitlines())
)
