import { createGateway } from '@cloister/gateway';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { createApiKey, createApiKeyDirectory } from '@cloister/tenancy';
import { createRawClient } from '../../end-to-end/raw-client.ts';
import { type Labelled, measureTopicAuc } from './classify-topics.ts';
import { observeStream } from './observe-stream.ts';
import { startTopicEngine, TOPICS } from './topic-engine.ts';

/** What an attack on one shape gave. */
export interface AttackResult {
  readonly auc: number;
  /** Bytes per second at the socket while it streams, mean. */
  readonly bytesPerSecond: number;
  /** Seconds that a stream takes, mean. */
  readonly seconds: number;
}

/** Streams at the same time: as many as keep the rhythm on a small machine. */
const ABREAST = 20;

/** An observer between client and gateway guesses the topic of every stream from sizes and gaps alone. */
export async function attackStreams(shape: string, streamsPerTopic: number): Promise<AttackResult> {
  await using engine = await startTopicEngine();
  const { apiKey, sha256 } = createApiKey();
  const caller = {
    tenant: 'clinic',
    subject: 'ada',
    groups: [],
    clearance: 'restricted',
    purpose: 'treatment',
  } as const;
  await using gateway = await createGateway({
    config: { upstream: engine.url },
    evidence: (await createSimulatedTee()).provider,
    principals: createApiKeyDirectory([{ ...caller, sha256 }], { issuer: 'clinic.example' }),
  });
  const url = await gateway.listen();
  const raw = await createRawClient(url, apiKey);
  const waiting = Array.from({ length: TOPICS * streamsPerTopic }, (_, index) => index % TOPICS);
  const labelled: Labelled[] = [];
  const work = async (): Promise<void> => {
    for (let topic = waiting.shift(); topic !== undefined; topic = waiting.shift()) {
      const messages = [{ role: 'user', content: `topic ${topic}` }];
      const body = JSON.stringify({ model: 'm', messages, stream: true });
      labelled.push({ topic, observation: await observeStream(url, raw, body, shape) });
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  const byTopic = labelled.toSorted((left, right) => left.topic - right.topic);
  return { auc: measureTopicAuc(byTopic), ...price(byTopic) };
}

/** The rate is that of the stream itself: the head before it and the receipt after it are left out. */
function price(labelled: readonly Labelled[]): Pick<AttackResult, 'bytesPerSecond' | 'seconds'> {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const bytes = sum(labelled.map(({ observation }) => sum(observation.sizes.slice(2, -1))));
  const streaming = sum(labelled.map(({ observation }) => sum(observation.gaps.slice(1, -1)))) / 1000;
  const whole = sum(labelled.map(({ observation }) => sum(observation.gaps))) / 1000;
  return { bytesPerSecond: bytes / streaming, seconds: whole / labelled.length };
}
