import { concat, isCloisterError, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { flipBit, loadBytes, loadGoogleV5, loadPhalaV4 } from '../../../../test/evidence/load-vectors.ts';
import { parseTdxQuote } from './parse-tdx-quote.ts';

const { quote } = loadPhalaV4();
const PADDING = 70;

function code(bytes: Uint8Array): string {
  try {
    parseTdxQuote(bytes);
    return 'parsed';
  } catch (error) {
    return isCloisterError(error) ? error.code : 'foreign error';
  }
}

describe('version 4', () => {
  test('reads the fields of a genuine quote', () => {
    const { version, report, qeReport, qeAuthData } = parseTdxQuote(quote);
    expect(version).toBe(4);
    expect(toHex(report.mrTd)).toMatch(/^91eb2b44d141d4ece09f0c75c2c53d24/);
    expect(toHex(report.reportData)).toMatch(/^9a9d48e7f6799642d3d1b34e1e5e1742/);
    expect(toHex(report.xfam)).toBe('e702060000000000');
    expect(report.mrServiceTd).toBeUndefined();
    expect(qeReport).toMatchObject({ isvProdId: 2, isvSvn: 6 });
    expect(qeAuthData).toHaveLength(32);
  });

  test('a cut at any byte before the padding is refused as malformed', () => {
    for (let length = 0; length < quote.length - PADDING; length++) {
      expect(code(quote.subarray(0, length))).toBe('ERR_EVIDENCE_QUOTE_MALFORMED');
    }
    expect(code(quote.subarray(0, quote.length - PADDING))).toBe('parsed');
  });

  test('only zero padding may follow, and not without end', () => {
    expect(code(concat(quote, new Uint8Array(500)))).toBe('parsed');
    expect(code(concat(quote, Uint8Array.of(0, 0, 1)))).toBe('ERR_EVIDENCE_QUOTE_MALFORMED');
    expect(code(flipBit(quote, quote.length - 1))).toBe('ERR_EVIDENCE_QUOTE_MALFORMED');
    expect(code(concat(quote, new Uint8Array(32 * 1024)))).toBe('ERR_EVIDENCE_QUOTE_MALFORMED');
  });

  test.each([
    ['version', 0],
    ['key type', 2],
    ['TEE type', 4],
    ['outer certification type', 764],
    ['inner certification type', 1252],
  ])('refuses another %s by name', (_, offset) => {
    expect(code(flipBit(quote, offset))).toBe('ERR_EVIDENCE_QUOTE_UNSUPPORTED');
  });

  test.each([
    ['signature data', 632],
    ['certification data', 766],
    ['authentication data', 1218],
    ['chain', 1254],
  ])('refuses another size of the %s', (_, offset) => {
    expect(code(flipBit(quote, offset))).not.toBe('parsed');
  });
});

describe('other formats', () => {
  test('reads the TDX 1.5 body of version 5', () => {
    const { version, report } = parseTdxQuote(loadGoogleV5().quote);
    expect(version).toBe(5);
    expect(report.mrServiceTd).toEqual(new Uint8Array(48));
    expect(report.teeTcbSvn2).toHaveLength(16);
  });

  test('refuses another body type or size of version 5', () => {
    expect(code(flipBit(loadGoogleV5().quote, 48, 2))).toBe('ERR_EVIDENCE_QUOTE_UNSUPPORTED');
    expect(code(flipBit(loadGoogleV5().quote, 50))).toBe('ERR_EVIDENCE_QUOTE_MALFORMED');
  });

  test('refuses an SGX quote', () => {
    expect(code(loadBytes('phala-sgx-v3.quote.bin'))).toBe('ERR_EVIDENCE_QUOTE_UNSUPPORTED');
  });
});
