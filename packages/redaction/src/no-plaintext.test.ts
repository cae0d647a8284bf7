import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';
import { createRestorer } from './restore/create-restorer.ts';
import { createVault } from './vault/create-vault.ts';
import { openSealedVault } from './vault/open-sealed-vault.ts';
import { redactJson } from './json/redact-json.ts';
import { sealVault } from './vault/seal-vault.ts';

// What this package hands out beside text: none of it may hold a value in clear.

const NOTE = 'Maria Kowalski, jo@example.org, (617) 555-0142, SA-204417';
const NEEDLES = /Kowalski|jo@|555.?0142|204417/i;
const look = (value: unknown): string => inspect(value, { depth: 20, showHidden: true, maxStringLength: 1e6 });
const place = { key: new Uint8Array(32).fill(7), tenant: 'a', session: 'b', version: 1 };

async function thrownBy(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return look(error) + JSON.stringify(error) + String((error as Error).stack);
  }
  throw new Error('nothing was thrown');
}

describe('values in clear', () => {
  it('are in no vault, report, detection, error or sealed copy', async () => {
    const redactor = createRedactor({ names: ['Maria Kowalski'], patterns: { mrn: 'SA-\\d{6}' } });
    const vault = createVault();
    const { text, detections, counts } = redactor.redactSync(NOTE, { vault, label: 'restricted', source: 'note' });
    const restorer = createRestorer(vault, { clearance: 'restricted' });
    const restored = restorer.push(text) + restorer.end();
    const sealed = await sealVault(vault, place);
    const outputs = [
      vault,
      JSON.stringify(vault),
      vault.summarize(),
      redactor,
      text,
      detections,
      counts,
      restorer,
      restorer.report(),
    ];
    outputs.push(Buffer.from(sealed).toString('latin1'), await openSealedVault(sealed, place));
    outputs.push(await thrownBy(() => openSealedVault(sealed, { ...place, session: 'c' })));
    outputs.push(await thrownBy(() => redactJson(redactor, `{"a": ${NOTE}}`)));
    outputs.push(await thrownBy(() => createRedactor({ names: [`${NOTE}\n${'x'.repeat(1000)}`] })));
    const bad = { id: 'bad', detect: () => [{ type: 'EMAIL', start: 0, end: 1e6, score: 1, verified: false }] };
    outputs.push(await thrownBy(() => createRedactor({ detectors: [bad] }).redactSync(NOTE)));
    vault.close();
    outputs.push(vault, await thrownBy(() => vault.restore(text)));
    for (const output of outputs) expect(typeof output === 'string' ? output : look(output)).not.toMatch(NEEDLES);
    // Control: the same look finds them in what was restored.
    expect(look({ nested: [restored] })).toMatch(NEEDLES);
    expect(restored).toBe(NOTE);
  });
});
