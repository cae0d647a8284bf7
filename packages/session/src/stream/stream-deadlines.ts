/** How long an answer may take, each in milliseconds. */
export interface StreamDeadlines {
  /** Until its head; an answer that is no stream comes whole. Default 300,000. */
  readonly head: number;
  /** From the head to the first byte. Default 120,000. */
  readonly firstByte: number;
  /** Between two pieces, as long as somebody asks for one. Default 60,000. */
  readonly idle: number;
  /** All of it. Default 600,000. */
  readonly total: number;
}

/** What holds unless something else is said: five minutes for a head, ten for a whole answer. */
export const DEFAULT_DEADLINES: StreamDeadlines = { head: 300_000, firstByte: 120_000, idle: 60_000, total: 600_000 };

/** What `work` gives, unless a deadline is over before. @throws what `late` resolves with */
export async function orLate<Result>(work: Promise<Result>, late: Promise<Error>): Promise<Result> {
  const first = await Promise.race([work.then((value) => ({ value })), late]);
  if (first instanceof Error) throw first;
  return first.value;
}

/** Watches over one answer. */
export interface DeadlineWatch {
  /** Somebody waits for the next thing. */
  wait(stage: Exclude<keyof StreamDeadlines, 'total'>): void;
  /** It came: nobody waits. */
  came(): void;
  /** The answer is over. */
  end(): void;
}

/**
 * One timer for all deadlines: it is set anew when it goes off too early, not whenever a piece comes.
 * @param expire called at most once
 */
export function watchDeadlines(
  deadlines: StreamDeadlines,
  expire: (stage: keyof StreamDeadlines) => void,
): DeadlineWatch {
  const overAt = performance.now() + deadlines.total;
  let stage: keyof StreamDeadlines = 'total';
  let [dueAt, armedAt] = [overAt, Number.POSITIVE_INFINITY];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = (): void => {
    clearTimeout(timer);
    armedAt = Math.min(dueAt, overAt);
    timer = setTimeout(ring, Math.max(0, armedAt - performance.now()));
  };
  const ring = (): void => {
    if (performance.now() < Math.min(dueAt, overAt)) return arm();
    expire(dueAt < overAt ? stage : 'total');
  };
  return {
    wait(next) {
      stage = next;
      dueAt = performance.now() + deadlines[next];
      if (dueAt < armedAt) arm();
    },
    came: () => void (dueAt = Number.POSITIVE_INFINITY),
    end: () => clearTimeout(timer),
  };
}
