const RELATIVES =
  'husband|wife|spouse|partner|fianc\\u00e9e?|girlfriend|boyfriend|son|daughter|brother|sister|twin|mother|father|mom|mum|dad|grandmother|grandfather|' +
  'grandson|granddaughter|uncle|aunt|cousin|nephew|niece|friend|roommate|flatmate|neighbou?r|boss|manager|colleague|co-?worker|assistant|doctor|nurse|' +
  'pt|carer|caregiver|guardian|landlord|teacher|coach|therapist|midwife|surgeon|physician|patient|client|witness|policyholder|employee|officer|detective|customer';

const FIELDS =
  'nombre|apellidos|paciente|m\\u00e9dico|nom|pr\\u00e9nom|nachname|vorname|cognome|nome|patient|physician|employee|customer|attending|spouse|contact|attn|' +
  'signature|user|guest|client|caller|agent|sender|recipient|author|provider|beneficiary|bill(?:ing address| to)|ship to|directed by|written by|starring|' +
  'surgeon|assistant|manager|witness|insured|nurse|therapist|radiologist|referred by|seen by|from|to|cc|remitido por|full ?name|first ?name|last ?name|username';

/** A label: what stands behind it is a name, even one of common words. */
export const LABEL_BEFORE: RegExp = new RegExp(
  `(?:\\b(?:my|his|her|their|whose|the|customer|patient|client|maiden|last|first|full|family|sur) ?name(?:'s| is| was| to|:)|` +
    `\\b(?:named|name's)(?: (?:him|her|me|it))?|\\bname(?: of (?:the )?(?:patient|client))?\\??["']?[ \\t]{0,2}[:=]|\\bname\\?|` +
    `\\b(?:${FIELDS})["']?[ \\t]{0,2}[:=])\\s{0,6}["'\\u201c]?$`,
  'i',
);

/** The beginning or the end of a letter: what stands behind it is a name, or nothing in particular. */
export const NAME_BEFORE: RegExp =
  /\b(?:(?:dear|hi|hello|hey|said to|llamar a|rechnung an|signed|sincerely|faithfully|truly|respectfully|regards|wishes|yours|cheers|thanks),?|(?:best|love|warmly|saludos|cordialement|gr\u00fc\u00dfe)(?:,|(?=\s?\n))|(?:hey|hi|hello),? its)\s{1,6}$/i;

/** A person by what they are to somebody: stands right before a name. */
export const RELATIVE_BEFORE: RegExp = new RegExp(`\\b(?:${RELATIVES}),?\\s$`, 'i');

/** What stands right before a name or before something else: an unknown word is then a name. */
export const PERSON_BEFORE: RegExp =
  /\b(?:i'm|i am|this is|it's|it is|told|asked|tell|ask|says?|said|had given|meet|met|meeting(?: with)?|saw|called|leave me|that|not by|just|jealous of|between|know|contact|email|phone|message|ping|invite|remind|thanks?|thanked|(?:assigned|reported|spoke|spoken|talk(?:ed|ing)?|according|married) (?:to|with)|(?:signed|written|read|seen|reviewed|dictated|performed|prepared|referred|approved|attended|led|reported|recorded|treated|examined) by|interview with|pray for|appointment with|age of|birth of|death of)\s$/i;

/** Words that stand before a thing: what follows is no person. */
export const ARTICLE_BEFORE: RegExp =
  /\b(?:an?|the|this|these|those|its|each|every|any|some|no|another|which|what|new|old|using|via|versus|vs\.?)\s$/i;

/** What a person does: stands right behind a name. */
export const PERSON_AFTER: RegExp =
  /^(?:,? (?:says|said|told|asked|asks|lives|lived|works|worked|was born|is a very|is very|wrote|writes|began|has been under|had given|moved|called|grew|got|went|came|wants|wanted|will be talking|speaks?|just has to|points out|explained|died|married|aged|and I\b|stated|reports?|denie[sd]|complains?|retires?|retired|joined|thinks?|thought|knows?|knew|likes?|loves?|feels?|felt|sat|stood|smiled|laughed|replied|answered|drove|agreed)\b|, (?:the|a|an|who|\d{2}),? |, \d{1,2}\b| ?<[^<>\s]{1,64}@)/;

const FOLLOWING =
  'and|or|but|nor|is|was|has|had|have|are|were|will|would|can|could|shall|should|may|might|must|did|does|do|to|from|at|in|on|for|with|without|about|as|' +
  'who|whose|whom|if|when|while|where|because|since|until|before|after|by|of|off|into|over|than|then|that|this|there|here|again|today|tonight|tomorrow|' +
  'yesterday|now|too|also|not|never|always|often|just|only|still|please|yet|so|how|why|i|you|he|she|it|we|they|me|him|her|us|them|my|your|his|our|' +
  'their|a|an|the|isn|wasn|won|can|last|next|later|earlier|ago|once|twice|both|all|again|which|y|et|und';

/** A lower-case word that makes what stands before it a word about a thing: "the Bosch engineer", "Klebsiella pneumoniae". */
export const THING_AFTER: RegExp = new RegExp(`^ (?!(?:${FOLLOWING}|\\p{Ll}{2,20}ed)(?!\\p{L}))\\p{Ll}`, 'u');

/** What somebody has: "Ann's mother", but not "Parkinson's and". */
export const OWNS: RegExp = new RegExp(`^'s (?!(?:${FOLLOWING})(?!\\p{L}))\\p{Ll}`, 'u');

/** What is named after somebody: "Crohn's disease", "Bayes' theorem". */
export const EPONYM_AFTER: RegExp =
  /^(?:'s?)? (?:disease|syndrome|sign|point|test|palsy|contracture|lymphoma|sarcoma|carcinoma|thyroiditis|phenomenon|triangle|tumou?r|nodes?|catheter|tube|score|scale|index|classification|criteria|fracture|procedure|repair|manoeuvre|maneuver|reflex|anemia|anaemia|law|laws|theorem|lemma|equations?|principle|paradox|algorithm|method|conjecture|inequality|constant|number|effect|distribution|process|prize|award)\b/i;

/** What stands right before a place. */
export const PLACE_BEFORE: RegExp =
  /\b(?:in|at|near|visit(?:ed|ing)?|toward|towards|outside|(?:moved?|moving|went|go|going|travel(?:led|ling)?|flew|flying|fly|drove|drive|driving|flight|train|bus|trip|returned|sent|ship|shipped|delivered|relocated|move[sd]? back) to|(?:comes?|came|originally|flight|train|people|citizen|resident|moved|flew|shipped|someone|am|i'm|is|was|are) from|born in|city of|town of|village of|state of|province of|based in|capital of|(?:north|south|east|west)(?:ern)?|university of|localidad|municipio)[:\s]\s?$/i;

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

const INSTITUTIONS =
  'hospital asociaci\u00f3n universidad cl\u00ednica centro instituto fundaci\u00f3n facultad complejo colegio h\u00f4pital clinique universit\u00e9 ospedale ' +
  'universit\u00e0 klinikum klinik universit\u00e4t';

/** First words of the names of institutions, where a language puts the kind first; in lower case. */
export const INSTITUTION_BEGINNINGS: ReadonlySet<string> = new Set(INSTITUTIONS.split(' '));

/** Words that end a name because something else begins with them. */
export const NAME_ENDS: ReadonlySet<string> = new Set([
  ...INSTITUTION_BEGINNINGS,
  ...'servicio departamento unidad secci\u00f3n calle avda avenida av plaza paseo correo tel\u00e9fono tel fax email e-mail service residente apartado'.split(
    ' ',
  ),
]);

/** Titles before a name. */
export const TITLE_BEFORE: RegExp =
  /(?:^|[^\p{L}])(?:mrs?|ms|miss|mx|drs?|dra|prof|professor|sra?|srta|don|do\u00f1a|herr|frau|madame|monsieur|mme|rev|sir|captain|sergeant|nurse|judge|senator|president|officer|detective)\.? ?$/iu;
