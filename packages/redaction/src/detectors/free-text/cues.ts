import { isUpper, KIND, kindAt, lettersEnd } from './letters.ts';
import { createPhrases, readBackwards, readForwards } from './phrases.ts';
import { TITLES } from './titles.ts';

/** What the words before a run of capital words say about it, as bits. */
export const BEFORE = {
  /** A title: what follows is a name. */
  title: 0x2,
  /** A label: what follows is a name, even one of common words. */
  label: 0x4,
  /** The beginning or the end of a letter: a name follows, or nothing in particular. */
  greeting: 0x8,
  /** A person by what they are to somebody. */
  relative: 0x10,
  /** What stands before a name or something else: an unknown word is then a name. */
  person: 0x20,
  /** What is done to a person: a given name that is a word as well is then a name. */
  somebody: 0x800,
  /** Family: what follows is a name, even one of common words. */
  family: 0x1000,
  /** Where somebody lives or works: what follows is a place, whatever is said about it. */
  home: 0x2000,
  /** A field of a form for a name, with its colon. */
  form: 0x8000,
  /** What follows is a thing. */
  article: 0x40,
  place: 0x80,
  employer: 0x100,
} as const;

/** What the words behind a run say about it, as bits. */
export const AFTER = {
  /** What a person does. */
  acts: 0x2,
  /** What is named after somebody: "Crohn's disease", "Bayes' theorem". */
  eponym: 0x4,
  /** A lower-case word that makes what stands before it a word about a thing: "the Bosch engineer", "Klebsiella pneumoniae". */
  thing: 0x8,
  /** What somebody has: "Ann's mother", but not "Parkinson's and". */
  owns: 0x10,
  /** What an organisation is or does. */
  employer: 0x20,
} as const;

// Phrases whose joint differs from that of their kind.
const [FIELD, CLOSING, AN] = [0x200, 0x400, 0x4000] as const;

const FAMILY =
  'husband|wife|spouse|fianc\u00e9|fianc\u00e9e|fiance|fiancee|girlfriend|boyfriend|son|daughter|brother|sister|mother|father|mom|mum|dad|grandmother|grandfather|' +
  'grandson|granddaughter|uncle|aunt|cousin|nephew|niece|friend|roommate|flatmate';
const RELATIVES =
  'partner|twin|neighbor|neighbour|boss|manager|colleague|worker|coworker|assistant|doctor|nurse|pt|carer|caregiver|guardian|landlord|teacher|coach|therapist|midwife|' +
  'surgeon|physician|patient|client|witness|policyholder|employee|officer|detective|customer|consultant|registrar|clerk|porter|matron|paramedic|pharmacist|' +
  'physiotherapist|dietitian|dietician|receptionist|radiographer|phlebotomist|anaesthetist|anesthesiologist|psychiatrist|psychologist|cardiologist|oncologist|' +
  'neurologist|gp|hca|crew';

const FIELDS =
  'nombre|kontakt|contacto|contatto|paciente|m\u00e9dico|nom|nome|patient|physician|employee|customer|attending|spouse|contact|attn|' +
  'signature|user|guest|client|caller|agent|sender|recipient|author|provider|beneficiary|bill to|billing address|ship to|directed/written/referred/seen by|starring|' +
  'surgeon|assistant|manager|witness|insured|nurse|therapist|radiologist|from|to|cc|remitido por|name|fullname|username|customername|' +
  'name of patient/client|name of the patient/client|my/his/her/their/whose/the/customer/patient/client/full name';

const FORMS =
  'surname|lastname|firstname|forename|nachname|vorname|apellidos|cognome|pr\u00e9nom|maiden/last/first/middle/family/given name|family/given names';

const NAMED =
  "my/his/her/their/whose/the/customer/patient/client/maiden/last/first/full/family name is/was/to|surname/firstname/lastname/fullname is/was/to|named|name's|" +
  "named/name's him/her/me/it|fao|attn";

const PERSONS =
  "this is|it's|it is|had given|meeting|leave me|that|not by|just|jealous of|between|know|contact|email|phone|message|talk/talking/according to/with|" +
  'recorded/led/prepared/performed by|age of';
const SOMEBODY =
  "i'm|i am|told|asked|tell|ask|say|says|said|meet|met|send|sent|give|gave|show|showed|pay|paid|text|texted|emailed|cc|forwarded to|help|helped|meeting with|saw|called|ping|invite|remind|thank|thanks|thanked|thank you|assigned/reported/speak/spoke/spoken/talked/according/married to/with|" +
  'signed/written/read/seen/reviewed/dictated/referred/approved/attended/reported/examined/treated by|referring|interview with|pray for|appointment with|birth/death of';

const PLACES =
  'in|at|near|visit|visited|visiting|toward|towards|outside|move/moved/moving/went/go/going/travel/travelled/traveled/flew/flying/fly/drove/drive/driving/flight/train/bus/trip to|' +
  'returned/sent/ship/shipped/delivered/relocated to|move/moved/moves back to|come/comes/came/originally/flight/train/people/citizen/resident/moved/flew/shipped/someone from|' +
  "am/i'm/is/was/are from|born in|city/town/village/state/province/capital/university of|based in|north|south|east|west|northern|southern|eastern|western|localidad|municipio";

// Between a title and a name: "Mrs van der Berg".
const PARTICLES = ['van/von/de/da/di/del/dos/du/zu/ter/ten', 'van der/den/de', 'von der', 'de la/los/las'];

const HOMES =
  'live/lives/lived/living/born/based/raised in|office/offices/branch/home/house/flat/hotel/hospital/school in|grew/growing/brought up in|moved/moving/relocated to';

/** Last words of a letter, with the name on the next line. */
export const CLOSINGS: ReadonlySet<string> = new Set(
  'best love warmly saludos atentamente cordialement sinc\u00e8rement gr\u00fc\u00dfe hochachtungsvoll saluti atenciosamente groeten'.split(
    ' ',
  ),
);

const PHRASES_BEFORE = createPhrases(
  [
    [
      BEFORE.title,
      `${TITLES.join('|')}|president|don|do\u00f1a|${PARTICLES.map((particle) => `${TITLES.join('/')} ${particle}`).join('|')}`,
    ],
    [BEFORE.label, NAMED],
    [FIELD, FIELDS],
    [BEFORE.form, FORMS],
    [
      BEFORE.greeting,
      'dear|hi|hello|hey|said to|llamar a|rechnung an|signed|sincerely|faithfully|truly|respectfully|regards|wishes|yours|cheers|thanks|hey/hi/hello its',
    ],
    [CLOSING, [...CLOSINGS].join('|')],
    [BEFORE.relative, RELATIVES],
    [BEFORE.relative | BEFORE.family, FAMILY],
    [BEFORE.person, PERSONS],
    [BEFORE.person | BEFORE.somebody, SOMEBODY],
    [
      BEFORE.article,
      'a|the|this|these|those|its|each|every|any|some|no|another|which|what|new|old|using|via|versus|vs',
    ],
    [AN, 'an'],
    [BEFORE.place, PLACES],
    [BEFORE.place | BEFORE.home, HOMES],
    [
      BEFORE.employer,
      'work/works/worked/working for/at|employed by/at/with|employer|employer is|company|year/intern/interned/job at|hired by|invested in|acquired by|office/offices of',
    ],
  ],
  true,
);

const FOLLOWING =
  'and|or|but|nor|is|was|has|had|have|are|were|will|would|can|could|shall|should|may|might|must|did|does|do|to|from|at|in|on|for|with|without|about|as|' +
  'who|whose|whom|if|when|while|where|because|since|until|before|after|by|of|off|into|over|than|then|that|this|there|here|again|today|tonight|tomorrow|' +
  'yesterday|now|too|also|not|never|always|often|just|only|still|please|yet|so|how|why|i|you|he|she|it|we|they|me|him|her|us|them|my|your|his|our|' +
  'their|a|an|the|isn|wasn|won|last|next|later|earlier|ago|once|twice|both|all|which|re|regarding|per|y|et|und';
const [FOLLOWS, STARTS] = [0x40, 0x80] as const;

const PHRASES_AFTER = createPhrases(
  [
    [FOLLOWS, FOLLOWING],
    [
      AFTER.acts,
      'says|said|told|asked|asks|lives|lived|works|worked|was born|is a very|is very|wrote|writes|began|has been under|had given|moved|called|grew|got|went|came|wants|' +
        'wanted|will be talking|speak|speaks|just has to|points out|explained|died|married|aged|and I|stated|report|reports|denied|denies|complain|complains|retire|' +
        'retires|retired|joined|think|thinks|thought|know|knows|knew|like|likes|love|loves|feel|feels|felt|sat|stood|smiled|laughed|replied|answered|drove|agreed',
    ],
    [
      AFTER.eponym,
      'disease|syndrome|sign|point|test|palsy|contracture|lymphoma|sarcoma|carcinoma|thyroiditis|phenomenon|triangle|tumor|tumour|node|nodes|catheter|tube|score|scale|index|' +
        'classification|criteria|fracture|procedure|repair|manoeuvre|maneuver|reflex|anemia|anaemia|law|laws|theorem|lemma|equation|equations|principle|paradox|' +
        'algorithm|method|conjecture|inequality|constant|number|effect|distribution|process|prize|award|Disease|Syndrome|Law|Theorem|Award|Prize',
    ],
    [AFTER.employer, 'invested|acquired|employs|announced|office|website|headquarters|shares|employees'],
    [STARTS, 'is a/an/the'],
  ],
  false,
);

/** Characters that may stand between a phrase and the run behind it: ` `, `"`, `'`, `,`, `.`, `:`, `=`, `?` and white space. */
const IN_JOINT = new Set(Array.from('"\',.:=?\u201c \t\n\v\f\r', (mark) => mark.charCodeAt(0)));
const LONGEST_JOINT = 14;

const FIELD_JOINT = /^(?:\?|\??["']?[ \t]{0,2}[:=])\s{0,6}["'\u201c]?$/;

/** What each kind of phrase wants between itself and the run. */
const JOINTS: readonly (readonly [number, RegExp, kind?: number])[] = [
  [BEFORE.title, /^\.? ?$/],
  [BEFORE.label, /^\s{0,6}["'\u201c]?$/],
  [FIELD, FIELD_JOINT, BEFORE.label],
  [BEFORE.form, FIELD_JOINT],
  [BEFORE.greeting, /^,?\s{1,6}$/],
  [CLOSING, /^(?:,\s{1,6}|\s?\n\s{0,5})$/, BEFORE.greeting],
  [BEFORE.relative | BEFORE.family, /^,?\s$/],
  [BEFORE.person | BEFORE.somebody | BEFORE.article | AN, /^\s$/],
  [BEFORE.place | BEFORE.home, /^[:\s]\s?$/],
  [BEFORE.employer, /^[:,]?\s$/],
];
const BEHIND_SPACE = readJoint(' ', -1);

const VOWEL = /[AEIOUH]/;

/** Bits of {@link BEFORE} for a run that begins at `start`. */
export function cuesBefore(text: string, start: number): number {
  let end = start;
  while (start - end < LONGEST_JOINT && IN_JOINT.has(text.charCodeAt(end - 1))) end--;
  const found = readBackwards(text, end, PHRASES_BEFORE);
  if (found === 0) return 0;
  const isSpaced = start - end === 1 && text.charCodeAt(end) === 0x20;
  const bits = isSpaced ? found & BEHIND_SPACE : readJoint(text.slice(end, start), found);
  // Before a consonant "an" is no article of English, but says in German who gets something.
  if ((bits & AN) === 0) return bits;
  return bits | (VOWEL.test(text.charAt(start)) || isUpper(text, start + 1) ? BEFORE.article : BEFORE.person);
}

function readJoint(joint: string, found: number): number {
  let bits = 0;
  for (const [kinds, shape, kind = kinds] of JOINTS)
    if ((found & kinds) !== 0 && shape.test(joint)) bits |= kinds === kind ? found & kinds : kind;
  return bits;
}

const ORGANIZATION_IS =
  /^is (?:an?|the) (?:\w{1,14} ){0,3}(?:company|bank|agency|firm|startup|corporation|institution|hospital|brainchild|provider|manufacturer|non-?profit)/;
const OWNED_BY_ORGANIZATION: ReadonlySet<string> = new Set([
  'headquarters',
  'office',
  'website',
  'ceo',
  'shares',
  'CEO',
]);
// "Ann, the", "Ann, 34", "Ann <ann@"
const BESIDE_PERSON = /^(?:, (?:the|a|an|who|you|\d{2}),? |, \d{1,2}\b| ?<[^<>\s]{1,64}@)/;
const WINDOW = 72;

/** Bits of {@link AFTER} for a run that ends at `end`. */
export function cuesAfter(text: string, end: number): number {
  const mark = text.charCodeAt(end);
  if (mark === 0x27) return cuesAfterPossessive(text, end);
  const isList = mark === 0x2c;
  const start = end + (isList ? 2 : 1);
  let bits =
    (isList || mark === 0x3c || text.charCodeAt(start) === 0x3c) && BESIDE_PERSON.test(text.slice(end, end + WINDOW))
      ? AFTER.acts
      : 0;
  if (text.charCodeAt(start - 1) !== 0x20) return bits;
  const found = readForwards(text, start, PHRASES_AFTER);
  bits |= found & (AFTER.acts | AFTER.employer);
  if ((found & STARTS) !== 0 && ORGANIZATION_IS.test(text.slice(start, start + WINDOW))) bits |= AFTER.employer;
  if (isList) return bits;
  if (makesThing(text, start, found)) bits |= AFTER.thing;
  return bits | (found & AFTER.eponym);
}

/** "'s" or "'" and what follows. */
function cuesAfterPossessive(text: string, end: number): number {
  const start = end + (text.charCodeAt(end + 1) === 0x73 ? 3 : 2);
  if (text.charCodeAt(start - 1) !== 0x20) return 0;
  const found = readForwards(text, start, PHRASES_AFTER);
  const owned = text.slice(start, lettersEnd(text, start));
  const isOwned = start === end + 3 && (kindAt(text, start) & KIND.lower) !== 0 && (found & FOLLOWS) === 0;
  return (found & AFTER.eponym) | (isOwned ? AFTER.owns : 0) | (OWNED_BY_ORGANIZATION.has(owned) ? AFTER.employer : 0);
}

/** A lower-case word that is neither a little one nor what somebody did. */
function makesThing(text: string, start: number, found: number): boolean {
  if ((kindAt(text, start) & KIND.lower) === 0 || (found & FOLLOWS) !== 0) return false;
  const end = lettersEnd(text, start);
  return end - start < 4 || end - start > 22 || !text.startsWith('ed', end - 2);
}

/** Last words of the names of organisations, in lower case. */
export const ORGANIZATION_ENDINGS: ReadonlySet<string> = new Set(
  (
    'inc corp corporation ltd limited llc llp plc gmbh ag kg sa srl bv nv oy ab as group company co bank hospital clinic university college institute ' +
    'foundation holdings technologies technology systems solutions partners associates industries enterprises laboratories labs pharmaceuticals ' +
    'pharma insurance consulting ventures capital financial investments airlines motors media networks health healthcare trust society hospice infirmary pharmacy diagnostics'
  ).split(' '),
);

const INSTITUTIONS =
  'hospital asociaci\u00f3n universidad cl\u00ednica centro instituto fundaci\u00f3n facultad complejo colegio h\u00f4pital clinique universit\u00e9 ospedale ' +
  'universit\u00e0 klinikum klinik universit\u00e4t';

/** Last two words of the names of places where people are cared for, in lower case. */
export const CARE_ENDINGS: ReadonlySet<string> = new Set(
  [
    'care/nursing/residential/retirement home',
    'medical/health/care/day centre/center',
    'medical/family/group practice',
  ].flatMap((phrase) => {
    const [kinds = '', places = ''] = phrase.split(' ');
    return kinds.split('/').flatMap((kind) => places.split('/').map((place) => `${kind} ${place}`));
  }),
);

/** First words of the names of institutions, where a language puts the kind first; in lower case. */
export const INSTITUTION_BEGINNINGS: ReadonlySet<string> = new Set(INSTITUTIONS.split(' '));

/** Words that end a name because something else begins with them. */
export const NAME_ENDS: ReadonlySet<string> = new Set([
  ...INSTITUTION_BEGINNINGS,
  ...'servicio departamento unidad secci\u00f3n calle avda avenida av plaza paseo correo tel\u00e9fono tel fax email e-mail service residente apartado'.split(
    ' ',
  ),
]);
