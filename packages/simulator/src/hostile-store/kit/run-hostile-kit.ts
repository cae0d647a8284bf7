import { HARMLESS_BEHAVIOURS, HOSTILE_BEHAVIOURS, type HostileBehaviour } from '../behaviours.ts';
import { KitTruth } from './kit-truth.ts';
import type { KitWorld } from './kit-world.ts';
import { createRandom, type Random } from './random.ts';

/** How much the kit tries. */
export interface HostileKitOptions {
  /** All of `HOSTILE_BEHAVIOURS` unless given. */
  readonly behaviours?: readonly HostileBehaviour[];
  /** Operations against each behaviour; 200 unless said. The claim of isolation wants 100,000. */
  readonly operations?: number;
  /** Another seed tries other operations; the same one the same. */
  readonly seed?: string;
  readonly signal?: AbortSignal;
}

/** What one behaviour came to. */
export interface KitResult {
  readonly behaviour: HostileBehaviour;
  readonly operations: number;
  /** Texts that were given to a caller who must not see them. */
  readonly foreign: number;
  /** Texts that are no longer true, or that nobody wrote. */
  readonly stale: number;
  /** Answers that lacked something, with no error and nothing refused. */
  readonly silent: number;
  /** Answers and writes with an error or with records that were not believed. */
  readonly recorded: number;
  /** `leaks`: foreign or stale texts came out; `unnoticed`: none did, but lies were not found out; `holds`: neither. */
  readonly verdict: 'holds' | 'unnoticed' | 'leaks';
}

/** After this many operations everything begins anew, so that a lie at a write does not hide the next ones. */
const SCENE = 40;
const DOCUMENTS = 3;
const WRITE_LIES: readonly HostileBehaviour[] = ['forget-writes', 'keep-deleted', 'contradictory-counts'];

type Counts = { foreign: number; stale: number; silent: number; recorded: number };

interface Scene {
  readonly world: KitWorld;
  readonly truth: KitTruth;
  readonly random: Random;
  readonly counts: Counts;
}

/**
 * Runs random operations of several callers against a store that lies in every way, and counts what comes out. Writes are
 * honest but for lies about writing, which begin in the middle of a scene; reads are lied to throughout.
 * @param open gives an empty world; it is asked for one again and again
 */
export async function runHostileKit(
  open: () => Promise<KitWorld>,
  options: HostileKitOptions = {},
): Promise<readonly KitResult[]> {
  const { behaviours = Object.keys(HOSTILE_BEHAVIOURS) as HostileBehaviour[], operations = 200 } = options;
  const results: KitResult[] = [];
  for (const behaviour of behaviours) {
    const random = createRandom(`${options.seed ?? 'cloister'} ${behaviour}`);
    const counts: Counts = { foreign: 0, stale: 0, silent: 0, recorded: 0 };
    for (let done = 0; done < operations; done += SCENE) {
      options.signal?.throwIfAborted();
      const world = await open();
      try {
        await play({ world, truth: new KitTruth(), random, counts }, behaviour, Math.min(SCENE, operations - done));
      } finally {
        await world.close();
      }
    }
    results.push({ behaviour, operations, ...counts, verdict: judge(behaviour, counts) });
  }
  return results;
}

function judge(behaviour: HostileBehaviour, { foreign, stale, silent, recorded }: Counts): KitResult['verdict'] {
  if (foreign + stale > 0) return 'leaks';
  const isFoundOut = HARMLESS_BEHAVIOURS.includes(behaviour) ? recorded === 0 : recorded > 0;
  return silent === 0 && isFoundOut ? 'holds' : 'unnoticed';
}

async function play(scene: Scene, behaviour: HostileBehaviour, turns: number): Promise<void> {
  const { world, random } = scene;
  for (let turn = 0; turn < turns; turn++) {
    const isWrite = random(5) < 2;
    const lies = !isWrite || (WRITE_LIES.includes(behaviour) && turn > turns / 2);
    world.behave(lies ? behaviour : 'honest');
    await (isWrite ? write(scene, turn) : read(scene));
  }
}

async function write({ world: { callers }, truth, random, counts }: Scene, turn: number): Promise<void> {
  const author = random(callers.length);
  const id = `note-${author}-${random(DOCUMENTS)}`;
  const who = truth.ownerOf(id) ?? author;
  const caller = callers[who];
  if (caller === undefined) return;
  const isKnown = truth.ownerOf(id) !== undefined;
  const attempt = async (work: Promise<void> | undefined): Promise<boolean> => {
    try {
      await work;
      return false;
    } catch {
      counts.recorded++;
      return true;
    }
  };
  if (isKnown && random(3) === 0) truth.removed(id, await attempt(caller.remove(id)));
  else if (isKnown && caller.handOver !== undefined && caller.peer !== undefined && random(2) === 0) {
    truth.handedOver(id, caller.peer, await attempt(caller.handOver(id)));
  } else {
    const text = `Caller ${who} says in turn ${turn} what the note ${id} says, ${random(1_000_000)}.`;
    truth.wrote(id, who, text, await attempt(caller.write(id, text)));
  }
}

async function read({ world: { callers }, truth, random, counts }: Scene): Promise<void> {
  const who = random(callers.length);
  try {
    const answer = await callers[who]?.search('What does the note say?');
    if (answer === undefined) return;
    const { foreign, stale, missing } = truth.judge(who, answer);
    counts.foreign += foreign;
    counts.stale += stale;
    if (answer.refused > 0) counts.recorded++;
    else if (missing > 0) counts.silent++;
  } catch {
    counts.recorded++;
  }
}
