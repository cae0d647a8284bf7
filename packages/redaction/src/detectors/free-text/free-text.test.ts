import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../create-redactor.ts';

const redactor = createRedactor({ types: ['PERSON', 'LOCATION', 'ORGANIZATION', 'ADDRESS', 'AGE', 'POSTAL_CODE'] });

function found(text: string): string[] {
  return redactor.redactSync(text).detections.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

describe('names without a model', () => {
  it.each([
    ['Her brother Devon called.', ['PERSON Devon']],
    ['The grandson Summer Fields came along on Monday.', ['PERSON Summer Fields']],
    ['Nobody told Robin about the new plan.', ['PERSON Robin']],
    ['The letter was written by Grace Field on paper.', ['PERSON Grace Field']],
    ['Cordialement,\nLucienne Barthelemy', ['PERSON Lucienne Barthelemy']],
    ['Lieferung 12 an Wendelin Brandl.', ['PERSON Wendelin Brandl']],
    ['Dear Mrs van der Hoeven, thank you for the flowers.', ['PERSON Hoeven']],
    ['Our branch in Trelleborg closes on Sundays, so come early.', ['LOCATION Trelleborg']],
    ['We spoke about how he grew up in South Field and left.', ['LOCATION South Field']],
    ['Their new home is 12 Garden Bridge\nSt. Alban, ON K1A0B1', ['ADDRESS 12 Garden Bridge\nSt. Alban, ON K1A0B1']],
    ['Seen by Dr. Nkemelu on the ward.', ['PERSON Nkemelu']],
    ['Read by Priyanka Raghunathan, radiologist.', ['PERSON Priyanka Raghunathan']],
    ['We were late. Kwame said that he can drive.', ['PERSON Kwame']],
    ['Please remind Oluwaseun about it.', ['PERSON Oluwaseun']],
    ["Marisol's party is on Saturday.", ['PERSON Marisol']],
    ['{"name": "Giulia Ferrante", "plan": "Premium"}', ['PERSON Giulia Ferrante']],
    ['El paciente fue visto por la Dra. Luisa Roca Mir Hospital General de la Cruz', ['PERSON Luisa Roca Mir']],
    ['ingresa en el Hospital General de la Cruz', ['ORGANIZATION Hospital General de la Cruz']],
    ['She was admitted from Willow Brook Nursing Home yesterday.', ['ORGANIZATION Willow Brook Nursing Home']],
    ['Referred by Lakeside Health Centre for a scan.', ['ORGANIZATION Lakeside Health Centre']],
    ["The plan was made with Sister O'Reilly.", ["PERSON O'Reilly"]],
    ['Please tell the ward clerk Yusuf about it.', ['PERSON Yusuf']],
    ['We met Fatima al-Rashid and Omar el-Fayed there.', ['PERSON Fatima al-Rashid', 'PERSON Omar el-Fayed']],
    ['Re: Peter Smith, discharged today.', ['PERSON Peter Smith']],
    ['Patient name: SMITH, John', ['PERSON SMITH', 'PERSON John']],
    ['MARLOWE, Jean-Paul was seen at noon.', ['PERSON MARLOWE', 'PERSON Jean-Paul']],
    ['Fatima will bring the results with Chidi.', ['PERSON Fatima', 'PERSON Chidi']],
    ['We asked Oluwaseun, Priya and Thuy about it.', ['PERSON Oluwaseun', 'PERSON Priya', 'PERSON Thuy']],
    ['Ma\u0142gorzata and S\u00f8ren called.', ['PERSON Ma\u0142gorzata', 'PERSON S\u00f8ren']],
    ['Consented by Research Nurse H. Brandl.', ['PERSON H. Brandl']],
    ['They live at 12 Oak Dr Springdale, IL 62704', ['ADDRESS 12 Oak Dr Springdale, IL 62704']],
    ['Her employer, Lindgren Freight, wrote.', ['ORGANIZATION Lindgren Freight']],
    ['Spoke to Marisol re: discharge.', ['PERSON Marisol']],
    ["Please ring Grace Hill's daughter before noon.", ['PERSON Grace Hill']],
    ['FAO Rose Waters, room 3', ['PERSON Rose Waters']],
    ['{"firstName": "Will", "lastName": "Field"}', ['PERSON Will', 'PERSON Field']],
    ['First name: Last name:', []],
    ['To: Marketing, Sales', []],
    ['The surgery went well, and the day centre is closed.', []],
    ['She lives at 42 Larkspur Crescent, Leeds LS8 3QT.', ['ADDRESS 42 Larkspur Crescent, Leeds LS8 3QT']],
    ['paciente mujer de 62 a\u00f1os, fumadora', ['AGE 62']],
    ['der 45-j\u00e4hrige Patient', ['AGE 45']],
    ['We flew to Modesto CA 95351 that day.', ['LOCATION Modesto CA', 'POSTAL_CODE 95351']],
    [
      'A nurse from Apple Creek. She has 12 Mill Lane, Apple Creek, OH 44606.',
      ['LOCATION Apple Creek', 'ADDRESS 12 Mill Lane, Apple Creek, OH 44606'],
    ],
    // A guess by a little word is no reason to look for more of it.
    ['It runs in Grafenia; but Grafenia is new to us.', ['LOCATION Grafenia']],
    ['Please send Priyanka the results.', ['PERSON Priyanka']],
    ['postal code: K1A 0B1', ['POSTAL_CODE K1A 0B1']],
  ])('are found in %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    // Things that carry the name of somebody.
    "History of Crohn's disease; Murphy's sign was positive, and Bayes' theorem holds.",
    'The Foley catheter was removed; Braden score 17, Glasgow Coma Scale 15, Apgar 9.',
    // Kinds and makes before a common noun.
    'Cultures grew Klebsiella pneumoniae, and the Bosch engineer came with a Siemens scanner.',
    'He was switched to Rocephin and shows signs of Pseudomonas.',
    // Abbreviations and their plurals.
    'NVIDIA sells GPUs; HKDF, HMAC and SHA are functions, see README and the URIs.',
    // Parts of identifiers, calls, paths and assignments.
    'new Uint8Array(4); DETECTION_TYPES; Blake2b; foo.Bar; Charge(Amount); Restart=Always',
    'Install `Docker` and `Kubernetes` in /opt/Grafana/bin, then run helm --set Prometheus=1 and see Foo.bar().',
    '2024-05 INFO [main] c.a.s.OrderController - Created order for Customer in OrderService::run()',
    // Numbers that only look like a street, an age or a code.
    'GPT 51, GOT 87, LDH 557; preheat to 180 C. Mix 200 g; a dose of 60 Gy en 30 sesiones.',
    'Grafana listens on port 3000, Redis on 6379.',
    'diabetes de 7 a\u00f1os de evoluci\u00f3n, en tratamiento desde hace 13 a\u00f1os',
    'the policy CP198753 and cp usvn 1.1, ZIP215, cp 10 files',
  ])('are told from other words: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
