import { createHostileStore } from '@cloister/simulator/hostile-store';
import { codeOfRefusal, type Attack } from './attack.ts';

/** The other hospital asks the same question while the database answers every query with everything it holds. */
export const otherTenant: Attack = async (world, question) => {
  const store = createHostileStore(world.store);
  const runtime = await world.runtime({ store });
  // An operator has seen whatever was asked before: now the store knows where the first hospital's records lie.
  const owner = await world.enter('cardiologist', runtime);
  await owner.ask(question).result();
  store.behave('ignore-filters');
  const tenant = await world.enter('oncologist', await world.runtime({ store }));
  let foreign = 0;
  const code = await codeOfRefusal(() =>
    tenant
      .ask(question, {
        observer: {
          retrieved: (chunks) => {
            foreign += chunks.filter((chunk) => !world.ownDocuments('oncologist').has(chunk.document)).length;
          },
        },
      })
      .result(),
  );
  return {
    name: 'the other hospital asks while the store returns everything',
    refused: code.startsWith('ERR_RETRIEVER_') && foreign === 0,
    code,
    detail: `foreign chunks seen: ${foreign}`,
  };
};
