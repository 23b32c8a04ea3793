"""Greetings and pleas for help in German, Spanish, French, Portuguese, Italian and Dutch."""

from __future__ import annotations

import re

_BEFORE = (
    r"^\W*(?:(?:hi|hey|hello|hallo|hoi|moin|servus|guten (?:tag|morgen|abend)|bitte|hola|buenas|buenos d[ií]as|bonjour"
    r"|salut|coucou|ol[áa]|oi|bom dia|ciao|salve|buongiorno|goedemorgen|por favor|per favore|s'il (?:te|vous) pla[iî]t"
    r"|alsjeblieft|trailmate|bot)\b\W*)*"
)
_AFTER = (
    r"(?:\W*\b(?:bitte|hier|denn|so|alles|por favor|aqu[ií]|per favore|qui|ici|s'il (?:te|vous) pla[iî]t|hoje|oggi|hoy"
    r"|alsjeblieft|allemaal|trailmate|bot)\b)*\W*$"
)
_GREETS = (
    r"(?:na )?wie geht(?:'?s|s| es)(?: (?:dir|euch|ihnen))?|alles klar|qu[eé] tal(?: est[aá]s)?"
    r"|c[oó]mo (?:est[aá]s?|va)"
    r"|comment (?:[çc]a va|vas-tu|allez-vous)|[çc]a va|tudo (?:bem|bom)|como vai(?: voc[eê])?|come (?:stai|va|state)"
    r"|tutto bene|hoe gaat (?:het|ie)(?: met (?:je|jou|u))?|guten (?:tag|morgen|abend)|bom dia|boa (?:tarde|noite)"
    r"|buonanotte|goede(?:morgen|navond|middag)"
)
_HELP = (
    r"hilfe|hilf (?:mir|uns)|(?:ich|wir) brauche(?:n)?(?: \w+)? hilfe|(?:kannst du|k[oö]nnen sie) (?:mir|uns)"
    r"(?: bitte)? helfen|ayuda(?:me)?|ay[uú]dame|(?:necesito|quiero) (?:tu )?ayuda|(?:me )?puedes ayudar(?:me|nos)?"
    r"|aide(?:[- ](?:moi|nous))?|aidez[- ](?:moi|nous)|[aà] l'aide|au secours|j'ai besoin d'aide"
    r"|(?:(?:peux-tu|pouvez-vous|tu peux) (?:m'|nous )aider)|ajud[ae](?:[- ]me)?|me ajud[ae]|socorro"
    r"|(?:eu )?preciso de ajuda|(?:voc[eê] )?pode me ajudar|aiuto|aiuta(?:mi|ci)|(?:ho )?bisogno di aiuto"
    r"|(?:mi )?puoi aiutar(?:e|mi|ci)|hulp|(?:ik heb )?hulp nodig|kun je (?:me|mij|ons) helpen"
)
_WHAT = (
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
_HOW = (
    r"(?:(?:wie|wo|wann) \w+ (?:ich|man|wir)|(?:c[oó]mo|d[oó]nde|cu[aá]ndo) (?:puedo|podemos|hago|me|se|debo|nos|posso"
    r"|eu|fa[cç]o|registro|participo|entro)|(?:comment|o[uù]|quand) (?:puis-je|je|on|faire|faut-il)"
    r"|onde (?:posso|eu)|(?:come|dove) (?:posso|faccio|mi|si)|(?:hoe|waar|wanneer) \w+ ik)\b[^?]{0,60}?\b"
    r"(?:einchecken|check-?in|checken|beitreten|mitmachen|teilnehmen|anmelden|abmelden|an der gruppe"
    r"|verlassen|gruppe|grupo|groupe|gruppo|groep|unir(?:me|se)|apunt(?:o|ar|arme)|participar|entrar|salir|rejoindre"
    r"|inscrire|inscris|quitter|participer|inscrever|sair|iscriv\w+|partecip\w+|uscire|meedoen|aanmelden|afmelden)"
)
"""How one asks the way to what the bot does: to check in, to join, to leave."""
_SPLIT = (
    r"(?:wie|wo|wann) (?:(?:check|logg|trag)e? (?:ich|man|wir)\b[^?]{0,60}? ein|schreibe? ich mich ein"
    r"|trete? (?:ich|man|wir)\b[^?]{0,60}? bei|mach(?:e|t|en)? (?:ich|man|wir)(?: hier| bei \w+(?: \w+)?)? mit"
    r"|(?:nehmen?|nimmt) (?:ich|man|wir)\b[^?]{0,60}? teil|meld(?:e|et|en)? (?:ich|man|wir)\b[^?]{0,60}? (?:an|ab))"
    r"|(?:hoe|waar|wanneer) (?:(?:check|log|schrijf) ik(?: me| mij)? in|doe ik(?: hier)? mee|meld ik me (?:aan|af))"
)
"""The same by a verb of two parts: its second alone also ends what is asked of notes, as `wie schalte ich X ein`."""
GREETING = re.compile(rf"{_BEFORE}(?:{_GREETS}){_AFTER}", re.IGNORECASE)
PLEA = re.compile(rf"{_BEFORE}(?:{_HELP}|{_WHAT}|{_HOW}|{_SPLIT}){_AFTER}", re.IGNORECASE)
