/** Named series of numbers. */
export interface Samples {
  add(name: string, value: number): void;
  /** Runs `work` and adds the CPU milliseconds of this process under `<name> cpu`. */
  cpu<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Runs `work` and adds the CPU milliseconds of this thread under `name`: waiting for a busy machine is not in them. */
  thread<Result>(name: string, work: () => Result): Result;
  median(name: string): number;
  mean(name: string): number;
  clear(): void;
}

/** Starts with no series. Asking for a series that has no value throws. */
export function createSamples(): Samples {
  const series = new Map<string, number[]>();
  const add = (name: string, value: number): void => {
    const values = series.get(name);
    if (values) values.push(value);
    else series.set(name, [value]);
  };
  const valuesOf = (name: string): readonly number[] => {
    const values = series.get(name);
    if (values === undefined) throw new Error(`no sample of ${name}`);
    return values;
  };
  return {
    add,
    async cpu(name, work) {
      const start = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(start);
      add(`${name} cpu`, (user + system) / 1000);
      return result;
    },
    thread(name, work) {
      const start = process.threadCpuUsage();
      const result = work();
      const { user, system } = process.threadCpuUsage(start);
      add(name, (user + system) / 1000);
      return result;
    },
    median(name) {
      const sorted = valuesOf(name).toSorted((left, right) => left - right);
      return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    },
    mean(name) {
      const values = valuesOf(name);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    },
    clear: () => series.clear(),
  };
}
