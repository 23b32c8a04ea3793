"""A bare term of the notes is a question where it is put to the bot, and in the thread of an answer."""

from __future__ import annotations

from bot.messages.call import Call
from bot.understanding.intents import carry_on, hear
from tests.features.ask.test_commands import parrot
from tests.harness import World


async def test_a_term_of_the_notes_asks_what_it_is_and_other_words_do_not(w: World) -> None:
    await w.begin("ada")
    bird, registry = parrot(w), w.app.registry
    reply = await w.say("ada", "cross entropy")
    assert bird.asked == ["cross entropy"] and reply.audience == "public"
    for term in ("Softmax", "dropout?", "gradient descent", "ok, cross-entropy"):
        assert hear(registry, term, "mention") == Call("ask", {"question": term}) == carry_on(registry, term), term
    for chat in ("lunch plans", "attention", "list", "good memory", "same here", "a set", "my dropout", "this week"):
        assert hear(registry, chat, "mention").name != "ask" and carry_on(registry, chat) is None, chat


ASKED = (
    "hybrid search bm25 + vectors how do u combine the scores", "llm as judge can i trust it",
    "recall@5 how to compute", "is it ok to fit the scaler on the whole dataset before splitting",
    "train acc 99 val acc 71 what now", "lora rank 8 vs 64 which one for a small dataset",
    "batch norm at test time how does it work", "is it normal that val loss is lower than train loss",
    "are there any downsides of a bigger batch size", "can i use cosine similarity on unnormalised vectors",
    "should i freeze the embeddings when fine-tuning", "my loss is nan what to do",
    "kv cache memory how much per token", "gradient clipping what does it do exactly",
    "beam search or sampling which is better for chat", "is there a rule of thumb for the learning rate",
    "dropout plus batch norm is it ok", "rag with long context why not just paste everything",
    "adam or sgd for a cnn", "attention complexity how is it quadratic", "bm25 cosine similarity reranking",
    "softmax temperature 0 what does it do", "is it safe to unpickle a model from the hub",
    "chunk overlap any rule of thumb", "dataloader workers how many should i use",
    "is it possible to overfit with a frozen backbone", "vae blurry images why",
    "gan mode collapse how to fix", "precision recall f1 which one for imbalanced classes",
    "is it bad to tune on the test set", "quantisation to 4 bit how much worse is it",
    "should i shuffle time series before splitting", "are there models that run on a phone",
    "is it better to chunk by tokens or by headings", "pre-norm post-norm what is the difference",
    "cross entropy vs kl divergence", "mixed precision fp16 bf16 which should i use",
    "early stopping how long to wait", "hnsw recall how do i tune it", "prompt injection can it be prevented",
)  # a table of data # fmt: skip
TOLD = (
    "thanks", "lol that was great", "see you tomorrow", "good morning", "I was sick on Monday",
    "my boss wants me here", "ok cool", "that was a nice answer", "we will see how it goes",
    "I know how to do that", "tell ben how to get there", "ben knows what to do", "let me show you how to do it",
    "nice one", "I read two papers today", "great explanation", "sorry for the noise", "let's meet on friday",
    "I am on holiday next week", "happy birthday ben", "congrats everyone", "my cat walked over the keyboard",
    "this week was hard", "not now", "the weather is awful", "I will join later", "dinner was great",
    "we decided what to read next", "count me in", "good luck with the exam", "off to lunch", "haha so true",
    "the group is quiet today", "will be late tomorrow", "no idea what he means", "I love this group",
    "hope you are well", "that's how we do it", "is it friday already", "remember when we met",
)  # a table of data # fmt: skip


async def test_what_asks_within_a_line_is_a_question_where_it_is_put_to_the_bot(w: World) -> None:
    registry = w.app.registry
    for way in ("mention", "direct"):
        assert [one for one in ASKED if hear(registry, one, way).name != "ask"] == []
    assert [one for one in TOLD if hear(registry, one, "mention").name == "ask"] == []
    assert len(ASKED) == len(TOLD) == 40
