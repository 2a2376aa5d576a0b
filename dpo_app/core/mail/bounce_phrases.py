"""The words of mail servers and providers, for reports without a code, or with one that says nothing.

Patterns are tried in order on text in small letters with single blanks; the first that fits decides, so what is sure
stands before what is vague. English is what servers say to each other; Finnish, Swedish, Norwegian, Danish, German,
French, Spanish, Italian, Dutch and Estonian are what some say to people.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))


#: Something that receives mail, as servers call it.
_BOX = r"(?:user|mailbox|recipient|address(?:ee)?|account|alias|person|name|customer|member|inbox|mail ?drop|addresses)"

REASON_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "full",
        _any(
            rf"\b{_BOX}(?:'s)?\b[^.;:]{{0,60}}\b(?:is |are )?(?:full\b|over (?:its |the |their )?(?:disk )?quota|out of storage)",
            r"over ?quota|quota (?:violation|reached|(?:is )?exceed)|exceed\w* (?:its |the |their |your )?(?:disk |mail(?:box)? |storage )*(?:quota|allocation)",
            r"exceeded storage|storage (?:space|limit|quota)|out of storage|insufficient (?:system )?storage|mailbox (?:is )?(?:full|size)",
            r"mailbox exceeds|mail ?box(?:es)? full|inbox is full|disk (?:is )?full|space (?:is )?not enough|not enough (?:storage|disk) space|quotaexceeded",
            r"postilaatikko on täy|postilaatikko täy|laatikko on täynnä|tallennustila|kiintiö",
            r"brevlådan? är full|inkorgen är full|postlåda\w* är full|mailbox\w* är full|postkassen? er full?d?|innboksen er full",
            r"postfach\b.{0,40}\bvoll|speicherplatz|postbus\b.{0,20}\bvol\b|boîte\b.{0,60}\bpleine|buzón (?:está )?lleno|casella\b.{0,30}\bpiena",
            r"postkast on täis",
        ),
    ),
    (
        "too_big",
        _any(
            r"(?:message|mail|e-?mail|size)\b.{0,40}\b(?:too (?:large|big)|exceed\w*\b.{0,40}\b(?:size|length))",
            r"size limit|message size|too large|max(?:imum)? (?:message )?size|viesti on liian suuri|för stor\b|zu gro(?:ß|ss)",
        ),
    ),
    ("policy", _any(r"\bspam(?!assassin)|unsolicited|bulk mail|junk mail|roskaposti|skräppost|søppelpost|unerwünscht")),
    (
        "trust",
        _any(
            r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|required authentication level|sender policy framework",
            r"domain ?keys|authentication (?:checks? )?(?:failed|failure)\b.{0,30}\b(?:domain|sender)",
        ),
    ),
    (
        "setup",
        _any(
            r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed)|prohibited|disallowed)|not (?:a )?permitted to relay",
            r"unable to relay|rcpthosts|no relay|relaying\b.{0,20}\b(?:denied|prohibited|mail)|we do not relay|cannot relay",
            r"helo|ehlo command|fully-qualified host|(?:sender|sending) (?:address|domain)\b.{0,40}\b(?:not (?:exist|resolve|found)|reject|invalid|verif|unknown)",
            r"domain of sender|sender (?:address )?(?:verif|verify)|sender denied|invalid sender|must issue a starttls|authentication (?:is )?required to send",
            r"sendasdenied|not allowed to send as",
        ),
    ),
    (
        "greylisted",
        _any(
            r"gr[ea]y-?list|come back (?:in|later)|please try again (?:in|later) .{0,20}(?:sec|min)|postgrey|deferred for \d+",
            r"temporarily rejected\b.{0,30}\btry again",
        ),
    ),
    (
        "content",
        _any(
            r"virus|malware|infected|phish|attachments?\b.{0,40}\b(?:not (?:allowed|permitted)|block|prohibit|reject|forbid|banned|type)|content (?:rejected|restriction|not allowed|filter)|banned (?:file|content|url)",
            r"(?:message|mail) (?:contains|content)\b.{0,40}\b(?:reject|not allowed|forbidden|prohibited|unacceptable|url)",
            r"bare (?:lf|cr|linefeed)|(?:illegal|invalid|malformed|bad) (?:character|header)|header\b.{0,30}\b(?:invalid|missing|syntax|not rfc)|not rfc|smtputf8|8bitmime",
        ),
    ),
    (
        "policy",
        _any(
            r"black ?list|block ?list|deny ?list|\bdnsbl\b|\brbl\b|reputation|(?<!not )\blisted (?:at|in|on|by)\b|zen\.|\bblocked\b|is blocking",
            r"(?:mail|message|connection|sender|ip)\b.{0,30}\b(?:has been |was |been )?(?:blocked|refused by policy|banned)|bad dns ptr|reverse dns|ptr record",
            r"not accepting mail from|\bip(?: address)?\b.{0,40}\b(?:not allowed|denied|rejected)|not allowed to send(?! as)|sender (?:is |was )?(?:rejected|refused|blocked)|delivery not authorized|authrequired|not authorized to send|restricted (?:address|recipient)|delivery to this address is restricted",
            r"policy (?:reasons|restriction|violation|reject)|(?:local|company|organi[sz]ation|security|site|domain) policy|against\b.{0,20}\bpolicy|administrative prohibition",
            r"unexpected volume|user complaints|rate.?limit|too many (?:messages|connections|recipients|errors|concurrent)|unusual rate|suppression list|rejectmessage",
            r"message (?:was )?(?:rejected|refused) (?:by|due to|for)\b|abuse|prohibited by|ask your postmaster|access denied\W+(?:your|ip|sending|traffic|bann)",
            r"estett|estolista|blockera|spärrad|gesperrte absender|considéré comme (?:spam|indésirable)|correo no deseado|uønsket",
            r"rate limit|throttl",
        ),
    ),
    (
        "moved",
        _any(
            r"user not local|please (?:try|use|forward)\b.{0,20}@|(?:has|have) moved|no longer (?:at|with) this|new (?:e-?mail )?address (?:is|:)|has changed\b.{0,20}address",
            r"forwarding address|relocated",
        ),
    ),
    (
        "disabled",
        _any(
            rf"\b{_BOX}\b[^.;]{{0,60}}\b(?:disabled|suspended|inactive|deactivated|locked|discontinued|closed|expired|frozen|terminated|not active|not enabled|on hold)",
            r"(?:disabled|inactive|suspended|deactivated|closed|expired|blocked|locked) (?:user|mailbox|account|recipient|address)|desactiv|désactiv|account (?:that you tried to reach )?is disabled",
            r"(?:tili|postilaatikko|osoite)\b.{0,30}\b(?:suljettu|poistettu käytöstä|lukittu)|(?:konto|brevlåda|postlåda)\w*\b.{0,30}\b(?:spärra|avslut|inaktiv|stängd)",
            r"(?:konto|postfach)\b.{0,30}\b(?:deaktiviert|gesperrt|inaktiv|geschlossen)|compte\b.{0,20}\b(?:désactivé|fermé|suspendu)|cuenta\b.{0,20}\bdesactivada",
        ),
    ),
    (
        "dead_domain",
        _any(
            r"(?:host|domain|name server)\b.{0,60}\b(?:not (?:be )?found|unknown|n.t (?:be )?found|does ?n.t exist|does not exist|nxdomain|not exist|unresolv|invalid)",
            r"nxdomain|null ?mx|no such (?:domain|host)|unknown (?:host|domain)|no route (?:found )?to (?:domain|host)|no mx (?:record|host)|non-?existent (?:host|domain)",
            r"any host named|mx records? point|domain (?:name )?(?:is )?not (?:registered|valid|recogni[sz]ed)|does not accept mail|domainnonexistent|bad destination (?:host|system)",
            r"destination computer was not found|host or domain name not found|domain\w*\b.{0,20}\b(?:ei löydy|ei ole olemassa|finns inte|existiert nicht|n'existe pas|no existe)",
            r"verkkotunnus\w*\b.{0,30}\bei\b|palvelinta ei löydy",
        ),
    ),
    (
        "dead_address",
        _any(
            rf"(?:no|unknown|invalid|illegal|bad|incorrect|not a valid|not a known|nonexistent|non-existent|undefined|unrouteable|unrouta?ble|unresolvable) (?:or \w+ )?(?:such |local |virtual |e-?mail |destination |email )*{_BOX}",
            rf"\b{_BOX}\b[^;]{{0,70}}?\b(?:unknown|not (?:be )?(?:found|listed|known|recogni[sz]ed|valid|exist)|n.t (?:be )?(?:found|exist)|does ?n.t (?:exist|have)|not exist|no longer (?:valid|exist|available|accepts)|invalid|unavailable|rejected|undeliverable|not our customer|not available|unrouteable|non-?existent)",
            r"no such|not found\b|bad destination mailbox|invalid final delivery|recipnotfound|recipientnotfound|recipient not found|no mailbox here|(?:user|recipient|addressee) ?(?:is )?unknown|unknown recipient",
            r"does not like recipient|address (?:is )?reject|doesn.t have an? [\w.]+ account|not listed in|several matches found|mailbox not found|couldn.t be found",
            r"tuntematon (?:käyttäjä|vastaanottaja)|vastaanottaj\w+ ei (?:ole|löydy|löytyn|tunne)|osoitetta ei (?:ole|löydy|löytyn)|käyttäjää ei (?:ole|löydy|löytyn)|ei ole olemassa|ei löytynyt",
            r"mottagare\w* (?:finns inte|saknas|hittades inte|är okänd|kunde inte hittas)|okänd (?:användare|mottagare|adressat)|adress\w*\b.{0,40}\b(?:finns inte|kunde inte hittas|hittades inte|existerar inte)",
            r"mottakere\w* (?:finnes|eksisterer) ikke|modtagere\w* (?:findes|eksisterer) ikke|ukjent (?:bruker|mottaker)|ukendt (?:bruger|modtager)",
            r"unbekannte\w* (?:benutzer|empfänger|adresse)|(?:empfänger|benutzer|adresse|postfach|mailadresse)\w*\b.{0,60}\b(?:unbekannt|existiert nicht|nicht gefunden|nicht (?:be|ge)kannt|ungültig)",
            r"destinataire\w*\b.{0,40}\b(?:inconnu|invalide|n'existe|introuvable)|adresse\b.{0,50}\b(?:invalide|inconnue|introuvable)|(?:usuario|destinatario)\b.{0,20}\b(?:desconocido|no existe|inexistente|sconosciuto)",
            r"utente (?:sconosciuto|inesistente)|(?:onbekende|ongeldige?) (?:gebruiker|ontvanger|adres)|bestaat niet|kasutajat ei (?:ole|leitud)|user not exist",
        ),
    ),
    (
        "expired",
        _any(
            r"retry (?:timeout|time) (?:exceeded|not reached)|message (?:has )?expired|expired (?:in|from)|allowed queue period|not been collected|failed \d+ attempts|maximum delivery attempts|aborted after|(?:in the queue|queued) (?:for )?too long|gave up after|given up after \d+|too old",
            r"could not be delivered (?:for|within|after) \d+ (?:days|hours)|not going to try again|(?:delivery|retry) time(?:d)?.?out|timeout exceeded|stopped trying|undeliverable (?:for|after) \d+",
            r"connection (?:timed? ?out|refused|reset|lost)|timed out|lost connection|no answer from host|can.t connect|could not connect|unable to connect|not accept our requests to connect|n.t able to establish an smtp connection",
            r"(?:host|network|server) (?:is )?unreachable|no route to host|vanhentu|aikakatkais|tidsgräns|zeitüberschreitung",
        ),
    ),
    (
        "server",
        _any(
            r"\bloop|hop count|too many hops|too many received|configuration error|misconfig|local (?:problem|error)|internal (?:server )?error|system (?:error|failure|not accepting)",
            r"temporary (?:lookup|failure|local|error|server|problem|system)|temporarily (?:unavailable|unable|out)|out of resources|service (?:is )?(?:not |un)available|server (?:is )?(?:busy|down|error|overload)|name server (?:timeout|error)",
            r"try again later|tilapäinen|tillfälligt|vorübergehend|i/o error|cannot open|unable to lock|database error|lookup failure",
        ),
    ),
)

#: A message from a mail system that says a message was not delivered, in its subject or first lines.
FAILED = _any(
    r"undeliver(?:ed|able|y)|non.?deliver|delivery (?:has )?(?:failed|failure|error|problem)|failure notice|mail(?:er)? (?:delivery )?(?:fail|error|system error)|returned mail|returned to sender",
    r"(?:could|can|was|were|did|has|have)(?: ?not|n.t) (?:be |been |able to )?(?:deliver|reach|sent\b)|n.t able to deliver|unable to deliver|not delivered|impossible to deliver|fail(?:ed|s|ure)? (?:to|in) deliver",
    r"delivery status notification \(fail|delivery (?:to|of)\b.{0,60}\b(?:fail|impossible)|permanent (?:error|fail|fatal)|following address(?:\(?es\)?)? failed|did not reach|message (?:was )?(?:rejected|refused|bounced)|(?:has been|was) (?:automatically )?rejected|error (?:has )?occurred while (?:trying|attempting) to deliver|following error",
    r"palautettiin|palautunut|palautettu|ei voitu (?:toimittaa|lähettää|välittää)|toimit\w+ (?:\S+ ){0,4}epäonnistui|toimittaminen epäonnistui|perille toimittaminen|on estetty|jäi toimittamatta",
    r"kunde inte (?:levereras|skickas|nå)|gick inte att leverera|leverans\w* misslyckades|leveransfel|olevererbar|obeställbar|ej levererad|adress\w* misslyckades",
    r"kunne ikke (?:leveres|sendes)|kan ikke leveres|ikke levert|leveringsfejl|unzustellbar|nicht zugestellt|zustell\w+ (?:ist )?(?:fehlgeschlagen|nicht möglich)|fehler bei der zustellung|konnte nicht",
    r"non (?:distribu|remis|délivr)|n'a pas (?:pu )?êt(?:re|é) (?:remis|distribué|délivré)|échec de (?:la )?(?:remise|distribution)|no se (?:ha )?(?:pudo|podido|puede) entregar|no entregad|mancato recapito|impossibile recapitare|mancata consegna|onbestelbaar|niet (?:worden )?(?:bezorgd|afgeleverd)|ei saanud kohale",
)
#: … that it is late and still being tried.
LATE = _any(
    r"warning message only|this is a warning only|do not need to resend|has not (?:yet )?been delivered|hasn.t been delivered yet|not yet been delivered|still being retried|will (?:be|keep) (?:re)?tr(?:ied|ying)|will be retried",
    r"delivery (?:is |has been |was |status notification \()?delay|delayed (?:mail|\d+|for)|message (?:is |has been )?delayed|will continue to be attempted|will retry|postponed|continue to (?:try|attempt)|attempts will continue|delivery incomplete|undelivered after \d|keep trying|warning: (?:message|could not send)",
    r"viivästy|yritetään edelleen|ei ole vielä (?:voitu )?toimit|fördröjd|försenad|fortsätter att försöka|försöker igen|forsinke|verzögert|noch nicht zugestellt|wird weiter versucht|retardé|retrasad|ritardat|vertraagd",
)
#: An automatic answer of or for a person.
AWAY = _any(
    r"out of (?:the )?office|auto(?:matic|mated|-| )?(?:reply|response|answer|responder)|automaattinen vastaus|automaattivastaus|poissaolo|lomalla|vuosiloma|en ole töissä|frånvaro|autosvar|automatiskt svar|på semester|föräldraledig",
    r"abwesenheit|automatische antwort|nicht im büro|im urlaub|\bvacation\b|on (?:annual )?leave\b|away from (?:my|the)|fravær|automatisk svar|på ferie|réponse automatique|absence du bureau|en vacances|respuesta automática|fuera de (?:la )?oficina|risposta automatica|afwezig",
    r"ticket (?:#|number|received|opened)|(?:request|message|mail) has been received|kiitos yhteydenotosta|viestisi on vastaanotettu|tack för (?:ditt|din) (?:mejl|meddelande|e-post)|we have received your|osoitteeni on muuttunut|sähköpostiosoitteeni",
)
#: A filter that wants the sender to prove something first.
CHALLENGE = _any(
    r"sender verification|verify (?:that )?you(?:rself)?\b|confirm (?:that )?(?:you(?:r| are)?|this)\b.{0,40}\b(?:message|human|delivered|address)|being held (?:until|because)|held (?:for|pending) (?:confirmation|verification|approval)",
    r"to (?:have|release|get) your message (?:for )?deliver|waiting list|click\b.{0,30}\bto (?:confirm|deliver|verify)|challenge.?response|\btmda\b|unknown sender.{0,40}\bconfirm|not (?:on|in) my (?:white|contact) ?list",
    r"lähettäjän vahvistus|vahvista,? että olet|odottaa vahvistusta|bekräfta att du|väntar på bekräftelse|avsändarverifiering|bestätigen sie,? dass sie",
)
#: What only a program writes above such words.
BY_MACHINE = _any(
    r"created automatically|automatically generated|auto-?generated|mail delivery software|mail system|this is an automated|automaattise|automatiskt|automatisch",
    r"following (?:recipient|address|user|mail|e-?mail)|end of message|failed recipient|error (?:code|type|detail)|smtp error|original message follows|message headers follow",
)
#: Reports of unwanted mail from providers that do not use the form of RFC 5965.
COMPLAINED = _any(r"complaint about message|abuse report|spam report|feedback loop|junk mail report")
