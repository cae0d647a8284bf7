import {
  type Clock,
  type EvidenceProvider,
  sha384,
  systemClock,
  type TdxCollateral,
  toHex,
  utf8,
} from '@cloister/core';
import { type Pin, PINS, type TrustRoots } from '@cloister/evidence';
import type { SimulatedGpus } from '../nvidia/create-simulated-gpus.ts';
import { createCollateral } from './create-collateral.ts';
import { createPki } from './create-pki.ts';
import { createEventLog, type SimulatedEvent } from './create-event-log.ts';
import { createQuote, type QuoteFormat, type QuoteMaterial, type QuoteMeasurements } from './create-quote.ts';
import type { TeeFault } from './faults.ts';
import { createSigningKey } from './signing-key.ts';

/** How to simulate. */
export interface SimulatedTeeOptions {
  /** Dates of certificates and collateral are set around its time; the system's unless said. */
  readonly clock?: Clock;
  /** Measurements that differ from the fixed ones, 48 bytes each. */
  readonly measurements?: Partial<QuoteMeasurements>;
  /** MRCONFIGID, 48 bytes: a short way to `measurements.mrConfigId`. */
  readonly mrConfigId?: Uint8Array;
  /** Which quotes to issue; version 4 unless said. */
  readonly quoteFormat?: QuoteFormat;
  /** Events of the guest's start: RTMR0 to RTMR3 follow from them, and the log travels with the quote. */
  readonly events?: readonly SimulatedEvent[];
  /** GPUs of the machine; none unless given. */
  readonly gpus?: SimulatedGpus;
  /** What shall be wrong; nothing unless said. */
  readonly faults?: readonly TeeFault[];
}

/** A TEE in software. Its evidence has the exact form of Intel's and ends in a root made for this process. */
export interface SimulatedTee {
  /** Issues quotes and sends its collateral along. */
  readonly provider: EvidenceProvider;
  /** The roots a verifier must be given explicitly to accept it. */
  readonly roots: TrustRoots;
  /** Measurements of the simulated guest, hex. */
  readonly measurements: Readonly<Record<Pin, string>>;
  /** Pins for a policy's `workload`: image and configuration. */
  readonly workload: Readonly<Pick<Record<Pin, string>, 'mrTd' | 'rtmr1' | 'rtmr2' | 'mrConfigId'>>;
  readonly collateral: TdxCollateral;
}

/** Fixed measurements, so that a policy written for one simulated guest fits the next. */
function createMeasurements({ measurements = {}, mrConfigId }: SimulatedTeeOptions): QuoteMeasurements {
  const unset = new Set<Pin>(['rtmr3', 'mrOwner', 'mrOwnerConfig']);
  const fixed = PINS.map((pin) => [
    pin,
    unset.has(pin) ? new Uint8Array(48) : sha384(utf8(`cloister simulated ${pin}`)),
  ]);
  return {
    ...(Object.fromEntries(fixed) as QuoteMeasurements),
    ...measurements,
    ...(mrConfigId === undefined ? {} : { mrConfigId }),
  };
}

function nameRegisters(registers: readonly Uint8Array[] = []): Partial<QuoteMeasurements> {
  return Object.fromEntries(registers.map((register, index) => [`rtmr${index}`, register]));
}

function createProvider(
  material: QuoteMaterial,
  collateral: TdxCollateral,
  { eventLog, gpus }: { readonly eventLog: Uint8Array | undefined; readonly gpus: SimulatedGpus | undefined },
): EvidenceProvider {
  return {
    tee: 'tdx',
    collect: async (reportData) => {
      if (reportData.length !== 64) throw new RangeError('report data has 64 bytes');
      const quote = createQuote(material, reportData);
      return { tee: 'tdx', quote, ...(eventLog === undefined ? {} : { eventLog }) };
    },
    collectGpus: async (nonce) => gpus?.collect(nonce) ?? [],
    collateral: async () => collateral,
  };
}

/**
 * Starts a simulated TDX platform with a PKI of its own: root, PCK CA, platform certificate, TCB signer, revocation lists,
 * TCB info and QE identity. Development only: every verdict over it says SIMULATED, and production roots reject it.
 */
export async function createSimulatedTee(options: SimulatedTeeOptions = {}): Promise<SimulatedTee> {
  const now = (options.clock ?? systemClock).now();
  const faults = new Set(options.faults ?? []);
  const pki = createPki(now, faults);
  const collateral = createCollateral(pki, now, faults);
  const { events, quoteFormat: format = 'v4' } = options;
  const history = events && createEventLog(events);
  const shown = faults.has('event-log-altered') ? events && createEventLog(events.slice(1)) : history;
  const measurements = { ...createMeasurements(options), ...nameRegisters(history?.registers) };
  const material = {
    pki,
    attestationKey: createSigningKey(),
    foreignKey: createSigningKey(),
    measurements,
    faults,
    format,
  };
  const named = Object.fromEntries(PINS.map((pin) => [pin, toHex(measurements[pin])])) as Record<Pin, string>;
  const { mrTd, rtmr1, rtmr2, mrConfigId } = named;
  return {
    provider: createProvider(material, collateral, { eventLog: shown?.log, gpus: options.gpus }),
    roots: { intel: [pki.root.raw], nvidia: options.gpus?.roots, simulated: true },
    measurements: named,
    workload: { mrTd, rtmr1, rtmr2, mrConfigId },
    collateral,
  };
}
