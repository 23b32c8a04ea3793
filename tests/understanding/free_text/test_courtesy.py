"""What is said for manners' sake, told from what asks something."""

from __future__ import annotations

import pytest

from bot.understanding.free_text import Courtesy, read

MANNERS: dict[Courtesy, tuple[str, ...]] = {
    "hello": (
        "hi", "Hello there!", "hello?", "heyyy", "good morning everyone", "hola", "Hallo!", "bonjour", "guten Morgen",
        "buenos días", "hola, qué tal?", "wie geht's?", "Hallo, wie geht es dir?", "salut, ça va ?", "tudo bem?",
        "come stai?", "hoe gaat het?", "moin", "ciao", "नमस्ते", "こんにちは", "你好", "👋", ":wave:", "hi trailmate",
        "how are you?", "hey, what's up", "nice to meet you",
    ),
    "thanks": (
        "thanks!", "thank you so much for your help", "ok thanks", "thx", "danke", "vielen Dank!", "merci beaucoup",
        "muchas gracias", "🙏", "great, thanks a lot", "hi and thanks",
        "thanks, how nice", "thanks, I know what to do now", "thank you for explaining what a p value is",
        "that is what I needed, thanks", "thanks, is clear now",
        "thanks, that helps me", "that clears it up, thank you!", "no, that makes sense, thanks",
    ),
    "bye": ("bye", "good night", "see you later, bye", "tschüss"),
    "noted": ("ok", "👍", ":tada: :+1:", "cool", "great!", "", "...", "haha", "yes", "hahaha 😂", "lmao",
        "makes sense now", "you're right", "ah ok, I see"),
    "there": ("test", "testing 1 2 3", "ping", "asdf", "mic check", "are you there?", "anyone there?",
        "can you hear me", "you there?"),
    "who": (
        "are you a bot", "Are you a bot?", "r u real", "hi, are you human?", "is this a bot?", "who are you?",
        "am I talking to a robot", "are you an AI or a human?", "are you ChatGPT", "what are you", "who made you?",
        "tell me a joke",
    ),
    "foreign": (
        "hilfe", "Hilfe!", "ayuda", "aide", "aide-moi", "ajuda", "aiuto", "hulp", "ich brauche Hilfe",
        "kannst du mir helfen?", "necesito ayuda", "¿me puedes ayudar?", "tu peux m'aider ?", "preciso de ajuda",
        "puoi aiutarmi?", "kun je me helpen?", "was kannst du?", "Hallo, was kannst du alles?", "was machst du hier",
        "wer bist du?", "¿qué puedes hacer?", "que puedes hacer", "que peux-tu faire ?",
        "qu’est-ce que tu peux faire ?",
        "o que você pode fazer?", "cosa puoi fare?", "wat kun je doen?", "wie funktioniert das?", "comment ça marche ?",
        "como funciona?", "come funziona?", "hoe werkt dit?", "wie checke ich ein?",
        "wie melde ich mich an", "was muss ich machen?",
        "kann ich auch auf deutsch fragen?", "sprichst du Deutsch?", "wie kann ich beitreten?",
        "wie trete ich der Gruppe bei?", "¿cómo hago check-in?", "¿cómo me uno al grupo?", "comment je m'inscris ?",
        "comment faire un check-in ?", "como faço check-in?", "come faccio a partecipare?", "hoe check ik in?",
        "wie mache ich mit?", "wie melde ich mich ab?", "wie nehme ich an der Gruppe teil?", "hoe doe ik mee?",
    ),
    "lost": ("?", "???", "huh?", "what?", "I'm lost", "i am so confused", "no idea", "I don't know what to do"),
}  # a table of data # fmt: skip


@pytest.mark.parametrize("kind", MANNERS)
def test_manners_are_known_in_many_words(kind: Courtesy) -> None:
    assert {line: read(line).courtesy for line in MANNERS[kind]} == dict.fromkeys(MANNERS[kind], kind)


@pytest.mark.parametrize(
    "said",
    [
        "hi, what is attention",
        "thanks to attention it works",
        "frobnicate",
        "tag",
        "unit test",
        "test set",
        "is this good?",
        "what is a test",
        "are you sure?",
        "how are weights initialised?",
        "what is up-sampling",
        "are you a bot or what is a bot in RAG",
        "no, dropout is only used at test time",
        "good night's sleep helps",
        "who are the authors of BERT?",
        "what are tensors",
        "is this a token?",
        "hello world in python",
        "ping latency",
        "attention",
        "day of the week",
        "I'm stuck on the exercise",
        "I don't know what attention is",
        "what now happens with the gradient",
        "thanks but that is wrong",
        "thanks, and at test time?",
        "thanks what is dropout",
        "thx. other thing, what is a p value",
        "how does dropout work ty",
        "explain softmax thx",
        "what is a p value thanks",
        "thanks! one more thing: how do i read a csv",
        "thx, next one: explain entropy",
        "is dropout used at test time, thanks",
        "got it. and dropout",
        "I see the loss rise",
        "was ist attention?",
        "wie funktioniert attention?",
        "¿qué es un token?",
        "comment fonctionne un transformer ?",
        "come together",
        "was it in the notes",
        "wo ist die Ableitung von e^x?",
        "aide memoire",
        "cosa fa una softmax?",
        "wie schalte ich dropout ein?",
        "wie rechne ich die Ableitung mit?",
        "hoe stel ik dropout in?",
    ],
)
def test_what_says_more_than_manners_is_left_to_others(said: str) -> None:
    assert read(said).courtesy is None
