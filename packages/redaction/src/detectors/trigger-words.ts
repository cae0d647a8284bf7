import { LABEL_WORDS } from './labels.ts';

/** Detectors with words in common. */
export type TriggerGroup =
  | 'aged'
  | 'box'
  | 'corner'
  | 'device'
  | 'label'
  | 'month'
  | 'nationalId'
  | 'nhs'
  | 'phone'
  | 'postcode'
  | 'provider'
  | 'routing'
  | 'secret'
  | 'street'
  | 'years';

/**
 * Words without one of which an expression cannot match, by group. Letters of ASCII count, and case does not: of a word with other
 * letters its longest part does.
 */
export const TRIGGER_WORDS: Readonly<Record<TriggerGroup, string>> = {
  aged: 'age aged turn turned turns turning edad \u00e2g\u00e9 alter et\u00e0 idade she he they i when',
  box: 'box apo fpo dpo apt suite ste',
  corner: 'corner',
  device: 'imei handset device',
  label: LABEL_WORDS.join(' '),
  month:
    'jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november dec december ' +
    'enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre janvier f\u00e9vrier mars avril mai juin juillet ' +
    'ao\u00fbt septembre octobre novembre d\u00e9cembre januar j\u00e4nner februar m\u00e4rz juni juli oktober dezember gennaio febbraio aprile maggio giugno luglio settembre ' +
    'ottobre dicembre janeiro fevereiro mar\u00e7o maio junho julho setembro outubro novembro dezembro januari februari maart mei augustus',
  nationalId:
    'dni nie nif pesel bsn burgerservicenummer tfn tax nir s\u00e9curit\u00e9 insee cpf sin social personnummer aadhaar aadhar uidai tckn kimlik pps ppsn hetu henkil\u00f6tunnus ' +
    'f\u00f8dselsnummer fnr rijksregister rijksregisternummer rrn num\u00e9ro',
  nhs: 'nhs',
  phone:
    'phone tel telephone mobile cell fax call called calling reach reached reachable contact ring dial sms text texted whatsapp whats number pager hotline ' +
    'rang dialled dialed number tried voicemail landline tfno tlf tfn m\u00f3vil movil handy telefon telefone telefono telem\u00f3vel telemovel cellulare t\u00e9l\u00e9copie telecopie t\u00e9lecopie tel\u00e9copie llamar llame llama anrufen appeler appelez chiamare ligar',
  postcode: 'zip zipcode post postal postcode plz code c\u00f3digo cp c p',
  provider: 'npi provider',
  routing: 'aba routing rtn transit',
  secret:
    'password passwd passphrase pwd authorization key apikey secret token accesskey accesstoken authtoken refreshtoken bearer ' +
    'accountkey privatekey secretkey secretaccesskey clientsecret clientsecretkey clientsecretaccesskey appsecret appsecretkey awssecret ' +
    'awssecretkey awssecretaccesskey sharedsecret sharedsecretkey webhooksecret webhooksecretkey signingsecret signingsecretkey',
  street:
    'rue avenue via vicolo viale piazza piazzetta corso strada largo calle c avda avenida av plaza pza paseo carrer carretera ctra camino ronda rua r\u00faa ' +
    'pra\u00e7a travessa estrada ul ulica aleja chemin all\u00e9e boulevard quai impasse cours strasse am der im',
  years:
    'year years yr yrs y yo o month months week weeks day days old jahre j\u00e4hrige j\u00e4hriger j\u00e4hrigen j\u00e4hriges j\u00e4hrigem ' +
    'a\u00f1os meses semanas d\u00edas ans mois anni mesi anos',
};

const GROUPS = Object.keys(TRIGGER_WORDS) as TriggerGroup[];
const SIZE = 16_384;
const TABLE = new Int32Array(SIZE);
/** A bit for each of the words: most others end here, in a place that stays close to the processor. */
const MARKS = new Int32Array(1024);

/** The hash of a word goes on with its next letter; any letter makes it other than 0. */
export function addLetter(hash: number, code: number): number {
  return (Math.imul(hash, 0x01000193) ^ (code | 0x20)) | 1;
}

/** The groups that may have the word: all that have it, rarely another. */
export function groupsOf(hash: number): number {
  const mark = markOf(hash);
  return (((MARKS[mark >>> 5] as number) >>> (mark & 0x1f)) & 1) === 0 ? 0 : (TABLE[slotOf(hash)] as number);
}

function markOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 17;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 14)) & (SIZE - 1);
}

/** The bit of a group. */
export function groupBit(group: TriggerGroup): number {
  return 1 << GROUPS.indexOf(group);
}

function plant(word: string, bit: number): void {
  const longest = word.split(/[^a-z]+/).reduce((one, next) => (next.length < one.length ? one : next));
  let hash = 0;
  for (let index = 0; index < longest.length; index++) hash = addLetter(hash, longest.charCodeAt(index));
  const [slot, mark] = [slotOf(hash), markOf(hash)];
  TABLE[slot] = (TABLE[slot] as number) | bit;
  MARKS[mark >>> 5] = (MARKS[mark >>> 5] as number) | (1 << (mark & 0x1f));
}

for (const group of GROUPS) for (const word of TRIGGER_WORDS[group].split(' ')) plant(word, groupBit(group));
