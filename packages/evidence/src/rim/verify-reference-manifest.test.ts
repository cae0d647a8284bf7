import { fromUtf8, utf8 } from '@cloister/core';
import { createSimulatedGpus, type GpuFault, type SimulatedGpus } from '@cloister/simulator/nvidia';
import { describe, expect, test } from 'vitest';
import { loadGpu } from '../../../../test/evidence/load-nvidia.ts';
import { loadText } from '../../../../test/evidence/load-vectors.ts';
import { AppraisalError } from '../check.ts';
import { resolveReference } from '../nvidia/spdm/reference-measurements.ts';
import { matchesReferences } from '../nvidia/spdm/compare-measurements.ts';
import { parseGpuReport } from '../nvidia/spdm/parse-gpu-report.ts';
import { verifyReferenceManifest, type VerifyReferenceManifestOptions } from './verify-reference-manifest.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const clock = { now: () => now, monotonic: () => 0 };
const genuine = loadText('nvidia/rim-driver-gh100-550.144.03.xml');

async function judge(text: string | Uint8Array, change: Partial<VerifyReferenceManifestOptions> = {}): Promise<string> {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  return verifyReferenceManifest(bytes, { now, ...change }).then(
    ({ kind, version }) => `${kind} ${version}`,
    (error: unknown) => (error instanceof AppraisalError ? `${error.subject} ${error.code}` : String(error)),
  );
}

function simulate(...faults: GpuFault[]): SimulatedGpus {
  return createSimulatedGpus({ clock, faults });
}

describe('a genuine manifest', () => {
  test('is accepted, and is not simulated', async () => {
    expect(await verifyReferenceManifest(utf8(genuine), { now })).toEqual({
      kind: 'driver',
      version: '550.144.03',
      sha256: '585ccd55e3d9420d693f82f4a1aa0b7506f126ba2ab9344ec67e244fde0c6305',
      simulated: false,
      expiresAt: Date.parse('2026-12-30T16:56:50Z'),
    });
  });

  test.each([
    ['before its time', '2024-12-30T16:56:49Z', false],
    ['at its start', '2024-12-30T16:56:50Z', true],
    ['at its end', '2026-12-30T16:56:50Z', true],
    ['after it', '2026-12-30T16:56:51Z', false],
  ])('%s', async (_, at, holds) => {
    const refused = 'rim.validity ERR_EVIDENCE_CERTIFICATE_EXPIRED';
    expect(await judge(genuine, { now: Date.parse(at) })).toBe(holds ? 'driver 550.144.03' : refused);
  });

  // The reports are of another driver version, so most values have changed; but what has not stands at these places.
  test.each([
    ['trustee-hopper', [22, 26, 27, 28, 30, 31, 33, 34, 35, 36, 37, 38, 39]],
    ['sdk-hopper', [34, 36, 37, 39]],
  ] as const)('shares measurements with the genuine report %s, one index further on', async (name, expected) => {
    const report = parseGpuReport(loadGpu(name).report);
    const accepted = resolveReference(await verifyReferenceManifest(utf8(genuine), { now }))?.accepted ?? new Map();
    const shared = (offset: number): number[] =>
      report.measurements
        .filter(({ value }) => value.some((byte) => byte !== 0))
        .filter(({ index, value }) =>
          (accepted.get(index + offset) ?? []).some((golden: Uint8Array) => Buffer.from(golden).equals(value)),
        )
        .map(({ index }) => index);
    expect(shared(0)).toEqual(expected);
    expect([...shared(-1), ...shared(1)]).toEqual([]);
    expect(matchesReferences(report, [])).toBe(false);
  });
});

describe('one form', () => {
  const malformed = 'rim.format ERR_EVIDENCE_RIM_MALFORMED';
  const info = /<ds:SignedInfo>[^]*<\/ds:SignedInfo>/.exec(genuine)?.[0] ?? '';
  const reference = /<ds:Reference[^]*<\/ds:Reference>/.exec(genuine)?.[0] ?? '';
  const signature = /<ds:Signature [^]*<\/ds:Signature>/.exec(genuine)?.[0] ?? '';
  const resource = /<ns0:Resource[^>]*index="7"[^>]*>/.exec(genuine)?.[0] ?? '';

  test.each<[string, (text: string) => string]>([
    ['a document type', (text) => `<!DOCTYPE a>${text}`],
    ['an entity', (text) => `<!DOCTYPE a [<!ENTITY e "x">]>${text.replace('GPU', '&e;')}`],
    ['an unknown entity', (text) => text.replace('"GPU"', '"&e;"')],
    ['a comment', (text) => text.replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->')],
    ['CDATA', (text) => text.replace('<ns0:Payload', '<![CDATA[x]]><ns0:Payload')],
    ['a processing instruction', (text) => text.replace('<ns0:Payload', '<?x y?><ns0:Payload')],
    ['a second reference', (text) => text.replace(reference, reference + reference)],
    ['a reference to a part', (text) => text.replace('URI=""', 'URI="#x"')],
    ['no transform', (text) => text.replace(/<ds:Transform [^>]*c14n11"\/><\/ds:Transforms>/, '</ds:Transforms>')],
    ['another transform', (text) => text.replace('#enveloped-signature', '#base64')],
    ['a weaker digest', (text) => text.replace('xmldsig-more#sha384', 'xmldsig#sha1')],
    ['another signature method', (text) => text.replace('#ecdsa-sha384', '#ecdsa-sha1')],
    ['a second signature', (text) => text.replace(signature, signature + signature)],
    ['no signature', (text) => text.replace(signature, '')],
    [
      'a signature further inside',
      (text) => text.replace('</ns0:Payload>', `${signature}</ns0:Payload>`).replace(`\n${signature}<`, '\n<'),
    ],
    ['an object in the signature', (text) => text.replace('</ds:Signature>', '<ds:Object/></ds:Signature>')],
    ['a second signed info', (text) => text.replace(info, info + info)],
    ['one index twice', (text) => text.replace(resource, resource + resource)],
    ['a short digest', (text) => text.replace('size="48"', 'size="32"')],
    ['a missing alternative', (text) => text.replace('alternatives="1"', 'alternatives="2"')],
    ['an xml: attribute', (text) => text.replace('corpus=', 'xml:space="preserve" corpus=')],
    ['depth', (text) => text.replace('<ns0:Payload', `${'<a>'.repeat(12)}${'</a>'.repeat(12)}<ns0:Payload`)],
    ['length', (text) => text + ' '.repeat(1024 * 1024)],
    ['a second root', (text) => `${text}<a/>`],
    ['nothing', () => ''],
  ])('%s is refused', async (_, change) => {
    const changed = change(genuine);
    expect(changed).not.toBe(genuine);
    expect(await judge(changed)).toBe(malformed);
  });

  test('bytes that are not UTF-8 are refused', async () => {
    expect(await judge(Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e))).toBe(malformed);
  });

  test('what canonical XML does not tell apart is accepted', async () => {
    const other = genuine
      .replace('corpus="false" name="GH100"', `name='GH100'  corpus="false"`)
      .replace(/(<ds:Transform [^>]*)\/>/, '$1></ds:Transform>')
      .replaceAll('\n', '\r\n');
    expect(await judge(`<?xml version="1.0" encoding="UTF-8"?>\r\n${other}`)).toBe('driver 550.144.03');
  });

  test('a cut anywhere is malformed', async () => {
    for (let length = 0; length < genuine.trimEnd().length; length += 97)
      expect(await judge(genuine.slice(0, length))).toBe(malformed);
  });

  // The long run: CLOISTER_LONG_FUZZ=10000.
  test('no changed character is accepted', { timeout: 600_000 }, async () => {
    const accepted: string[] = [];
    const bytes = utf8(genuine);
    for (let round = 0; round < Number(process.env['CLOISTER_LONG_FUZZ'] ?? 150); round++) {
      const at = (round * 1009) % bytes.length;
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 + ((round * 31) % 127));
      const outcome = await judge(changed);
      // Space inside tags and base64 does not count, and neither do the two kinds of quotation marks.
      const isSame = outcome.startsWith('driver') && /\s/.test(fromUtf8(bytes.subarray(at, at + 1)));
      if (!/^rim\.\S+ ERR_EVIDENCE_/.test(outcome) && !isSame) accepted.push(`${at} ${outcome}`);
    }
    expect(accepted).toEqual([]);
  });
});

const REFUSALS: readonly (readonly [GpuFault, string])[] = [
  ['manifest-signature-foreign', 'rim.signature ERR_EVIDENCE_RIM_SIGNATURE'],
  ['manifest-chain-foreign', 'rim.chain ERR_EVIDENCE_CHAIN_INVALID'],
  ['manifest-certificate-expired', 'rim.validity ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  ['manifest-text-other', 'rim.digest ERR_EVIDENCE_RIM_DIGEST'],
  ['manifest-two-references', 'rim.format ERR_EVIDENCE_RIM_MALFORMED'],
  ['manifest-document-type', 'rim.format ERR_EVIDENCE_RIM_MALFORMED'],
];

describe('simulated manifests', () => {
  test('are accepted under their roots, and say that they are simulated', async () => {
    const { manifests, roots } = simulate();
    for (const manifest of manifests)
      expect(await verifyReferenceManifest(manifest, { now, roots })).toMatchObject({ simulated: true });
  });

  test.each(REFUSALS)('with %s: %s', async (fault, expected) => {
    const { manifests, roots } = simulate(fault);
    for (const manifest of manifests) expect(await judge(manifest, { roots })).toBe(expected);
  });

  test("NVIDIA's root refuses all of them", async () => {
    for (const fault of [undefined, ...REFUSALS.map(([name]) => name)]) {
      for (const manifest of simulate(...(fault === undefined ? [] : [fault])).manifests)
        expect(await judge(manifest)).toMatch(/^rim\.(?:root|format) /);
    }
  });
});
