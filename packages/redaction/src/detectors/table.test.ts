import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { tableDetector } from './table.ts';

function found(text: string): string[] {
  return tableDetector.detect(text).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

describe('values of a table', () => {
  it.each([
    [
      'commas',
      'Name,DOB,MRN,Phone\nGrace Hill,1990-11-30,RJ123457,07700 900124\nWill Field,n/a,,',
      ['PERSON Grace Hill', 'DATE 1990-11-30', 'MRN RJ123457', 'PHONE 07700 900124', 'PERSON Will Field'],
    ],
    ['semicolons', 'id;patient;city\r\n1;Grace Hill;Springfield\r\n', ['PERSON Grace Hill', 'LOCATION Springfield']],
    ['tabs', 'patient_id\tage\n8837261\t34', ['MRN 8837261', 'AGE 34']],
    ['bars, with the rule of Markdown', '| Patient | Bed |\n|:--|--:|\n| Rose Waters | 4 |\n', ['PERSON Rose Waters']],
    [
      'quotes with a delimiter and a quote inside',
      'First Name,Last Name,Address\n"Rose, May","Hill","9 Mill Lane, ""The Forge"""',
      ['PERSON Rose, May', 'PERSON Hill', 'ADDRESS 9 Mill Lane, ""The Forge'],
    ],
  ])('are told by their header: %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ['no header', 'Grace Hill,1990-11-30,RJ123457\nWill Field,1991-01-01,RJ123458'],
    ['a header that names nobody', 'Fruit,Colour,Price\nRose,Red,3'],
    ['a header that programs have too', '| Name | Address | Default |\n|--|--|--|\n| maxRetries | heap | none |'],
    ['the same in Spanish', 'nombre;ciudad\nFrutas Prado;Lugo'],
    ['two cells with a comma', 'Name, please\nYes, sure'],
    ['one known word in prose', 'The name, the day, the hour\nOne, two, three'],
    ['a row with more cells', 'name;age\nGrace;Hill;34'],
    ['a header alone', 'name;age'],
    ['cells that are no values', 'name;age;mrn\nunknown;old;none'],
  ])('are not claimed without one: %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('end with the first line that does not fit', () => {
    expect(found('name;age\nGrace Hill;34\n\nRose Hill;35')).toEqual(['PERSON Grace Hill', 'AGE 34']);
  });

  it('come back from a redactor with the rest of the line as it was', () => {
    const text = 'name;ward;age\nGrace Hill;7B;34';
    expect(createRedactor({ types: ['PERSON'] }).redactSync(text).text).toMatch(
      /^name;ward;age\n\[\[PERSON_[0-9a-z]{7}\]\];7B;34$/,
    );
  });
});
