import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { parseGpuReport, verifyGpuReport } from '@cloister/evidence/nvidia';
import { loadGpu } from '../test/evidence/load-nvidia.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

const ROUNDS = 120;
const WARM_UP = 20;
const NOW = Date.parse('2026-11-24T00:00:00Z');

interface SignatureCheck {
  readonly key: KeyObject;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly form: 'der' | 'ieee-p1363';
}

/** The signed part and the signature of a certificate: the first and the last element of its sequence. */
function splitCertificate(raw: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const element = (at: number): { start: number; end: number } => {
    const first = raw[at + 1] ?? 0;
    const size = first < 0x80 ? 0 : first & 0x7f;
    const length = size === 0 ? first : raw.subarray(at + 2, at + 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
    return { start: at + 2 + size, end: at + 2 + size + length };
  };
  const signed = element(0).start;
  const algorithm = element(signed).end;
  const bits = element(element(algorithm).end);
  return [raw.subarray(signed, algorithm), raw.subarray(bits.start + 1, bits.end)];
}

/** The five signatures that a GPU's report needs, with nothing around them. */
function collectSignatures(report: Uint8Array, pem: string): readonly SignatureCheck[] {
  const blocks = pem.match(/-----BEGIN[^]*?END CERTIFICATE-----/g) ?? [];
  const chain = blocks.map((block) => new X509Certificate(block));
  const keys = chain.map(({ publicKey }) => createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })));
  const { signed, signature } = parseGpuReport(report);
  const links = chain.slice(0, -1).map((certificate, index): SignatureCheck => {
    const [message, own] = splitCertificate(new Uint8Array(certificate.raw));
    return { key: keys[index + 1] as KeyObject, message, signature: own, form: 'der' };
  });
  return [...links, { key: keys[0] as KeyObject, message: signed, signature, form: 'ieee-p1363' }];
}

/** Verification of one GPU's report beside its bare signature checks in the same run; milliseconds, median. */
export async function measureGpuRows(): Promise<readonly Row[]> {
  const evidence = loadGpu('trustee-hopper');
  const signatures = collectSignatures(evidence.report, new TextDecoder().decode(evidence.certChain));
  const samples = createSamples();
  for (let round = 0; round < ROUNDS; round++) {
    if (round === WARM_UP) samples.clear();
    const start = performance.now();
    await verifyGpuReport(evidence, { now: NOW });
    const middle = performance.now();
    const areGood = signatures.every(({ key, message, signature, form }) =>
      verify('sha384', message, { key, dsaEncoding: form }, signature),
    );
    const end = performance.now();
    if (!areGood) throw new Error('a bare signature check failed');
    samples.add('report', middle - start);
    samples.add('bare', end - middle);
  }
  const [value, baseline] = [samples.median('report'), samples.median('bare')];
  return [
    {
      name: 'GPU report local, p50 (against its bare signatures)',
      value,
      unit: 'ms',
      baseline,
      ratio: value / baseline,
    },
  ];
}
