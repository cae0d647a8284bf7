import { attest } from '@cloister/client';
import { createHostileRelay } from '@cloister/simulator/network';
import { codeOfRefusal, type Attack } from './attack.ts';

/** Bytes of the sealed answer that the relay lets through: some of the text has arrived by then. */
const PASSED_BYTES = 2500;

/** An operator ends the sealed answer early, as if it were complete. */
export const cutAnswer: Attack = async (world, question) => {
  const relay = await createHostileRelay(world.gateway.url, { cutStreamAfter: PASSED_BYTES });
  try {
    await using enclave = await attest(relay.url, { policy: world.evidencePolicy, roots: world.tee.roots });
    const tenant = await world.enter('cardiologist', await world.runtime({ enclave }));
    let characters = 0;
    const code = await codeOfRefusal(async () => {
      const answer = tenant.ask(question);
      for await (const text of answer.textStream) characters += text.length;
      await answer.result();
    });
    return {
      name: "the answer's stream is cut",
      refused: code === 'ERR_CHANNEL_TRUNCATED',
      code,
      detail: `an error after ${characters} characters, not a shorter answer`,
    };
  } finally {
    await relay.close();
  }
};
