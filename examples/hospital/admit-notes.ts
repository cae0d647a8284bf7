import type { Runtime } from '@cloister/runtime';
import { hospitals } from './notes.ts';
import type { Person, World } from './world.ts';

/** Seals the notes of both hospitals, each with the keys of its own tenant. Notes of an earlier run are recognised. */
export async function admitNotes(
  world: World,
  runtime: Runtime,
  options: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
): Promise<void> {
  const admitting: readonly Person[] = ['cardiologist', 'oncologist'];
  for (const [index, person] of admitting.entries()) {
    const hospital = hospitals[index];
    if (hospital === undefined) continue;
    const tenant = await world.enter(person, runtime);
    const receipt = await tenant.ingest(hospital.notes, { signal: options.signal });
    options.progress(`${hospital.name}: ${receipt.documents} notes, ${receipt.skipped} of them sealed before`);
  }
}
