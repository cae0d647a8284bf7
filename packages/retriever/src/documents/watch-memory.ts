/** A watch that can be ended. */
export interface MemoryWatch {
  stop(): void;
}

const PERIOD = 50;

/**
 * Calls once when the process has grown by more than so many bytes. The bound of a thread's heap does not see buffers
 * outside of it, which is where inflated data lies; the process as a whole is what the machine can run out of.
 */
export function watchMemory(most: number, onExceeded: () => void): MemoryWatch {
  const start = process.memoryUsage.rss();
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() - start <= most) return;
    clearInterval(timer);
    onExceeded();
  }, PERIOD);
  return { stop: () => clearInterval(timer) };
}
