import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock, type TdxCollateral } from '@cloister/core';
import { type AmdAnswers, createAmdAnswers } from './amd-answers.ts';
import { answerAsIntel } from './intel-answers.ts';
import { answerAsNvidia } from './nvidia-answers.ts';
import type { SimulatedSnp } from '../snp/create-simulated-snp.ts';
import { type Answer, answerFault, type ServiceFault } from './service-fault.ts';

/** What the services know. */
export interface CollateralStandInOptions {
  /** Of a simulated TEE. */
  readonly intel: TdxCollateral;
  /** Whose certificates and list AMD serves for its line; without it they verify nothing. */
  readonly amd?: SimulatedSnp;
  /** Under another root: what `wrong-chain` answers with. */
  readonly foreign?: TdxCollateral;
  readonly clock?: Clock;
}

/** Stand-ins of Intel's PCS and a PCCS, AMD's KDS and NVIDIA's RIM, OCSP and NRAS, on one loopback port. */
export interface CollateralServicesStandIn extends AsyncDisposable {
  /** Addresses in the shape that the client takes. */
  readonly services: Readonly<
    Record<'intel' | 'intelRootList' | 'amd' | 'nvidiaRim' | 'nvidiaOcsp' | 'nvidiaAttestation', string>
  >;
  readonly url: string;
  /** Paths with their queries, in the order in which they came. */
  readonly requests: readonly string[];
  /** What is wrong from now on. @param count for how many answers; for all unless said */
  setFault(fault: ServiceFault | undefined, count?: number): void;
  /** What Intel serves from now on. */
  setIntel(collateral: TdxCollateral): void;
}

/** Starts the services on a free port, with nothing wrong until `setFault`. */
export async function startCollateralServices(options: CollateralStandInOptions): Promise<CollateralServicesStandIn> {
  const clock = options.clock ?? systemClock;
  const state = { intel: options.intel, fault: undefined as ServiceFault | undefined, left: 0 };
  const requests: string[] = [];
  const amd = createAmdAnswers(clock.now());
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const url = new URL(request.url ?? '/', 'http://stand-in');
    requests.push(url.pathname + url.search);
    const fault = state.left-- > 0 ? state.fault : undefined;
    const isWrong = fault === 'wrong-chain' || fault === 'wrong-subject';
    const intel = fault === 'wrong-chain' ? (options.foreign ?? state.intel) : state.intel;
    const answer = answerOf(url, body, { intel, amd, machine: options.amd, isWrong, now: clock.now() });
    if (answer === undefined) response.writeHead(404).end();
    else if (!answerFault(fault, answer, response)) response.writeHead(200, answer.headers).end(answer.body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    services: {
      intel: url,
      intelRootList: `${url}/IntelSGXRootCA.der`,
      amd: url,
      nvidiaRim: url,
      nvidiaOcsp: `${url}/ocsp`,
      nvidiaAttestation: url,
    },
    setFault(fault, count = Infinity) {
      state.fault = fault;
      state.left = count;
    },
    setIntel: (collateral) => void (state.intel = collateral),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Knowledge {
  readonly intel: TdxCollateral;
  readonly amd: AmdAnswers;
  readonly machine: SimulatedSnp | undefined;
  readonly isWrong: boolean;
  readonly now: number;
}

function answerOf(url: URL, body: Uint8Array, { intel, amd, machine, isWrong, now }: Knowledge): Answer | undefined {
  return answerAsIntel(url, intel) ?? amd(url, { isWrong, machine }) ?? answerAsNvidia(url, body, now, isWrong);
}
