/** What stands right before a name and leaves little doubt: the name may then be made of common words. */
export const NAME_BEFORE: RegExp =
  /(?:\b(?:my|his|her|their|whose|the|customer|patient|client|maiden|last|first|full|family|sur) ?name(?:'s| is| was| to|:)|\b(?:named|name's)(?: (?:him|her|me|it))?|\bname(?: of (?:the )?(?:patient|client))?\??"?[ \t]{0,2}[:=]|\bname\?|\b(?:dear|hi|hello|hey|said to|signed|sincerely|regards|yours|cheers|thanks),?|\b(?:my|his|her|their|our) (?:husband|wife|son|daughter|brother|sister|mother|father|mom|dad|friend|boss|partner|colleague|neighbou?r|uncle|aunt|cousin|assistant|doctor)|\b(?:nombre|apellidos|paciente|m\u00e9dico|nom|pr\u00e9nom|nachname|vorname|cognome|nome|patient|physician|employee|customer|attending|spouse|contact|attn|signature|user|guest|client|caller|agent|sender|recipient|author|provider|beneficiary|bill(?:ing address| to)|ship to|directed by|written by|starring)[ \t]{0,2}:)\s{0,6}$/i;

/** What stands right before a name or before something else: an unknown word is then a name. */
export const PERSON_BEFORE: RegExp =
  /\b(?:i'm|i am|this is|it's|it is|under|by|with|and|told|asked|tell|ask|says?|said|had given|meet|met|meeting|saw|called|leave me|for|to|from|that|not by|just|jealous of|manager|between|like|know|contact|email|phone|message|invite|remind|thank|assigned to|of)\s$/i;

/** What a person does: stands right behind a name. */
export const PERSON_AFTER: RegExp =
  /^(?:'s\b|,? (?:says|said|told|asked|lives|lived|works|worked|was born|is a very|is very|wrote|writes|began|has been under|had given|moved|called|grew|got|went|came|wants|wanted|will be talking|speaks?|just has to|points out|explained|died|married|aged|and I\b)|, (?:the|a|an|who|\d{2}),? |, \d{1,2}\b)/;

/** What stands right before a place. */
export const PLACE_BEFORE: RegExp =
  /\b(?:in|to|from|near|visit(?:ed|ing)?|toward|towards|outside|city of|town of|village of|state of|province of|based in|capital of|(?:north|south|east|west)(?:ern)?|university of|localidad|municipio)[:\s]\s?$/i;

/** What stands right before an employer. */
export const EMPLOYER_BEFORE: RegExp =
  /\b(?:works? (?:for|at)|worked (?:for|at)|working (?:for|at)|employed (?:by|at)|employer(?: is|:)|company:?|employed with|year at|intern(?:ed)? at|job at|hired by|invested in|acquired by|offices? of)\s$/i;

/** What an organisation is: stands right behind its name. */
export const EMPLOYER_AFTER: RegExp =
  /^(?:,? is (?:an?|the) (?:\w{1,14} ){0,3}(?:company|bank|agency|firm|startup|corporation|institution|hospital|brainchild|provider|manufacturer|non-?profit)|,? (?:invested|acquired|employs|announced|office|website|headquarters|shares|employees)\b|'s (?:headquarters|office|website|ceo|shares)\b)/i;

/** Last words of the names of organisations, in lower case. */
export const ORGANIZATION_ENDINGS: ReadonlySet<string> = new Set(
  (
    'inc corp corporation ltd limited llc llp plc gmbh ag kg sa srl bv nv oy ab as group company co bank hospital clinic university college institute ' +
    'foundation holdings technologies technology systems solutions partners associates industries enterprises laboratories labs pharmaceuticals ' +
    'pharma insurance consulting ventures capital financial investments airlines motors media networks health healthcare trust society'
  ).split(' '),
);

/** Titles before a name. */
export const TITLE_BEFORE: RegExp =
  /(?:^|[^\p{L}])(?:mrs?|ms|miss|mx|drs?|dra|prof|professor|sra?|srta|don|do\u00f1a|herr|frau|madame|monsieur|mme|rev|sir|captain|sergeant|nurse|judge|senator|president)\.? $/iu;
