import { utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { canonicalize } from './canonicalize.ts';
import { childElements, readXml } from './read-xml.ts';

// The expected texts are written by hand, from section 2 of W3C xml-c14n.
describe('canonical XML', () => {
  test.each([
    ['empty elements', '<a><b/><c ></c></a>', '<a><b></b><c></c></a>'],
    ['attributes in order', `<a z='1'  b="2" a='3'/>`, '<a a="3" b="2" z="1"></a>'],
    [
      'unprefixed first, then by namespace',
      '<a xmlns:p="u:2" xmlns:q="u:1" p:a="1" q:b="2" z="3"/>',
      '<a xmlns:p="u:2" xmlns:q="u:1" z="3" q:b="2" p:a="1"></a>',
    ],
    [
      'declarations in order',
      '<b xmlns:z="u:1" xmlns="u:3" xmlns:a="u:2"/>',
      '<b xmlns="u:3" xmlns:a="u:2" xmlns:z="u:1"></b>',
    ],
    [
      'declarations once',
      '<a xmlns="u" xmlns:p="v"><b xmlns="u" xmlns:p="v"><c xmlns:p="w"/></b></a>',
      '<a xmlns="u" xmlns:p="v"><b><c xmlns:p="w"></c></b></a>',
    ],
    [
      'a default taken back',
      '<a xmlns="u"><b xmlns=""><c xmlns=""/></b></a>',
      '<a xmlns="u"><b xmlns=""><c></c></b></a>',
    ],
    ['no default to take back', '<a xmlns=""/>', '<a></a>'],
    ['text', '<a>&amp;&lt;&gt;"\'&#13;\t\r\n</a>', '<a>&amp;&lt;&gt;"\'&#xD;\t\n</a>'],
    ['values', `<a b='&amp;&lt;>"&#9;&#10;&#13; \t\n'/>`, '<a b="&amp;&lt;>&quot;&#x9;&#xA;&#xD;   "></a>'],
  ])('%s', (_, text, expected) => {
    expect(canonicalize(readXml(utf8(text)))).toBe(expected);
    expect(canonicalize(readXml(utf8(expected)))).toBe(expected);
  });

  test('an element alone takes the declarations above it along', () => {
    const root = readXml(utf8('<a xmlns="u" xmlns:p="v" xmlns:q="w"><p:b xmlns:q="x"><c xmlns:p="v"/></p:b> tail</a>'));
    const [child] = childElements(root);
    expect(child && canonicalize(child)).toBe('<p:b xmlns="u" xmlns:p="v" xmlns:q="x"><c></c></p:b>');
  });

  test('an element left out takes nothing of the text around it along', () => {
    const root = readXml(utf8('<a>one <b>two</b> three</a>'));
    expect(canonicalize(root, childElements(root)[0])).toBe('<a>one  three</a>');
  });
});
