import { fromBase64url, fromHex, toBase64, toHex } from '@cloister/core';
import type { EvidenceProvider } from '@cloister/core';
import { type GuestHandler, type GuestService, startGuestService } from './start-guest-service.ts';

/** Two stand-ins of guest services over one software TEE. */
export interface GuestServiceOptions {
  readonly provider: EvidenceProvider;
}

async function quoteOf(provider: EvidenceProvider, given: Uint8Array): Promise<Uint8Array> {
  const reportData = new Uint8Array(64);
  reportData.set(given);
  const evidence = await provider.collect(reportData);
  if (evidence.tee !== 'tdx') throw new Error('these services speak TDX');
  return evidence.quote;
}

/** The attestation agent of Confidential Containers: `GET /aa/evidence` and `/aa/additional-evidence`. */
export async function startCocoAgent({ provider }: GuestServiceOptions): Promise<GuestService> {
  const handler: GuestHandler = async (_method, path) => {
    const url = new URL(path, 'http://127.0.0.1');
    const text = url.searchParams.get('runtime_data') ?? '';
    // Without the parameter the agent takes the text itself, as the real one does.
    const data = url.searchParams.get('encoding') === 'base64' ? fromBase64url(text) : new TextEncoder().encode(text);
    if (url.pathname === '/aa/evidence') {
      return { body: JSON.stringify({ quote: toBase64(await quoteOf(provider, data)), cc_eventlog: null }) };
    }
    if (url.pathname !== '/aa/additional-evidence') return { status: 404, body: 'not found' };
    const gpus = await provider.collectGpus(data);
    const list = gpus.map(({ arch, report, certChain }, index) => ({
      arch,
      uuid: `GPU-${index}`,
      evidence: toBase64(report),
      certificate: toBase64(certChain),
    }));
    return { body: JSON.stringify({ nvidia: { device_evidence_list: list } }) };
  };
  return startGuestService(handler);
}

/** The guest agent of dstack on a Unix socket: `POST /GetQuote`. */
export async function startDstackAgent({ provider }: GuestServiceOptions, socket: string): Promise<GuestService> {
  const handler: GuestHandler = async (method, path, body) => {
    if (method !== 'POST' || path !== '/GetQuote') return { status: 404, body: 'not found' };
    const { report_data: text } = JSON.parse(body) as { readonly report_data: string };
    const quote = await quoteOf(provider, fromHex(text));
    return { body: JSON.stringify({ quote: toHex(quote), event_log: '[]', report_data: text, vm_config: '{}' }) };
  };
  return startGuestService(handler, socket);
}
