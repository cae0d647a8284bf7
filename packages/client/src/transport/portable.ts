import { fetchTransport } from './fetch-transport.ts';
import type { Transport } from './types.ts';

/** The platform's fetch, in browsers and every other runtime. */
export const transport: Transport = fetchTransport((input, init) => globalThis.fetch(input, init));
