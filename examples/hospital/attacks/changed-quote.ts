import { attest } from '@cloister/client';
import { createHostileRelay } from '@cloister/simulator/network';
import { codeOfRefusal, type Attack } from './attack.ts';

/** An operator changes one byte of the quote on its way; not a byte of the prompt may leave. */
export const changedQuote: Attack = async (world, question) => {
  const relay = await createHostileRelay(world.gateway.url, { rewriteJson: (_path, body) => changeQuote(body) });
  try {
    const code = await codeOfRefusal(async () => {
      const enclave = await attest(relay.url, { policy: world.evidencePolicy, roots: world.tee.roots });
      const runtime = await world.runtime({ enclave });
      const tenant = await world.enter('cardiologist', runtime);
      await tenant.ask(question).result();
    });
    const leaked = [...relay.requestBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    return {
      name: 'one byte of the quote is changed',
      refused: code.startsWith('ERR_EVIDENCE_') && leaked === 0,
      code,
      detail: `bytes of requests that left: ${leaked}`,
    };
  } finally {
    await relay.close();
  }
};

function changeQuote(body: string): string {
  const bundle = JSON.parse(body) as { cpu: { quote: string } };
  const quote = Buffer.from(bundle.cpu.quote, 'base64url');
  // Byte 200 lies in the measured body, which the quote's signature covers.
  quote.writeUInt8(quote.readUInt8(200) ^ 1, 200);
  return JSON.stringify({ ...bundle, cpu: { ...bundle.cpu, quote: quote.toString('base64url') } });
}
