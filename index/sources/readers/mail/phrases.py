"""The words that mail programs write around quoted and forwarded mails, and below what people write."""

from __future__ import annotations

import re

_KEYS = {
    "from": "from|von|de|da|mittente|van|från|fra",
    "date": "date|sent|datum|gesendet|fecha|enviado|envoyé|verzonden|skickat|sendt|dato|data|inviato",
    "subject": "subject|betreff|asunto|objet|onderwerp|ämne|emne|assunto|oggetto",
    "to": "to|an|para|à|aan|till|til|a",
    "other": "cc|bcc|reply-to|antwort an|kopie|kopia",
}
FIELDS = {name: field for field, written in _KEYS.items() for name in written.split("|")}
"""What a field of such a header says, by how programs call it."""

FIELD = re.compile(rf"[*\s]*(?P<name>{'|'.join(FIELDS)})\*?\s?:\*?[\s|]*(?P<value>.*)", re.IGNORECASE)
"""A line of the header of a mail inside another: `name` and `value`."""

ADDRESS = re.compile(r"[^\s<>@:]+@[\w-]+\.[\w.-]+")
IN_BRACKETS = re.compile(rf"<{ADDRESS.pattern}>")
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
"""A time of day."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

_VERB = (
    r"(?:wrote|writes|schrieb|a écrit|escribió|escreveu|skrev|schreef|ha scritto|napsala?|napisała?|kirjoitti"
    r"|geschreven|написала?)\b"
)
_OPENS = r"(?:On|Am|Le|El|Op|Den|Em|Il|W dniu|Dne|Il giorno|\d{4}-\d\d-\d\d)"
DATED_ATTRIBUTION = re.compile(rf"{_OPENS}\b.{{0,300}}?{_VERB}.{{0,200}}:", re.IGNORECASE)
"""“On …, … wrote:”."""

ATTRIBUTION = re.compile(rf"(?=.*(?:\b{_VERB}|{ADDRESS.pattern})).{{1,150}}:", re.IGNORECASE)
"""Any other line that names who is quoted below it."""

MARKER = re.compile(
    r"[-_=\s]*(?:begin |anfang der |start (?:of|på) |inicio del |début du |inizio |início da )?(?:(?P<forward>"
    r"forwarded (?:e-?mail|message|by)|weitergeleiteten? (?:nachricht|e-?mail)|mensaje reenviado|doorgestuurd bericht"
    r"|message (?:transféré|transmis|réexpédié)|vidarebefordrat (?:meddelande|mejl)|messaggio inoltrato"
    r"|videresendt (?:besked|melding|meddelelse)|mensagem (?:re)?encaminhada)"
    r"|original message|ursprüngliche nachricht|message d.origine|mensaje original|oorspronkelijk bericht"
    r"|originalmeddelande|oprindelig meddelelse|messaggio originale)\b[^a-z]{0,60}",
    re.IGNORECASE,
)
"""The line that announces another mail; `forward` where it says that it is passed on."""

SENT_FROM = re.compile(
    r"(?:Sent (?:from|via|with) (?=(?:my|Mail|Outlook|Yahoo|Samsung|Proton|Gmail|iPhone|Android)\b)|Get Outlook for "
    r"|Von meinem |Gesendet (?:von|mit) |Envoyé (?:de|depuis) |Enviado (?:desde|do) |Verzonden vanaf |Skickat från )"
    r"[\w ]{2,40}\.?",
    re.IGNORECASE,
)
"""What telephones sign with."""

LIST_FOOTER = re.compile(r"_{20,}\n(?:.*\n?){0,2}.*(?:\bmailing list\b|/listinfo/)", re.IGNORECASE)
"""The lines that a mailing list puts below a mail."""

WROTE = re.compile(rf"[\d,](?:\s*[AP]M\b)?(?:\s*[A-Z]{{3,4}}\b)?,?\s+(?P<who>[^\d,<]*(?:<[^>]*>)?)\s*{_VERB}")
"""Who wrote, in the line “On …, … wrote:”."""

REPLY = re.compile(r"(re|aw|sv|antw|ang|odp|rif|res)(\[\d+\])?\s?:", re.IGNORECASE)
"""How the subject of an answer begins."""

FORWARD = re.compile(r"(fwd?|wg|tr|rv|vs|i|enc|doorst)\s?:\s*", re.IGNORECASE)
"""How the subject of what is passed on begins."""
