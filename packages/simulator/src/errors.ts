import { createErrors, type CloisterError, type ErrorOccurrence } from '@cloister/core';

/** What can go wrong when a stand-in is set up; what it then answers on the wire is not an error of this package. */
export type SimulatorErrorCode = 'ERR_SIMULATOR_OPTION' | 'ERR_SIMULATOR_PORT' | 'ERR_SIMULATOR_MEMORY';

/** Makes an error of this package. */
export const simulatorError: (
  code: SimulatorErrorCode,
  occurrence?: ErrorOccurrence,
) => CloisterError<SimulatorErrorCode> = createErrors<SimulatorErrorCode>({
  ERR_SIMULATOR_OPTION: {
    message: 'An option of the simulator is out of range.',
    fix: 'Correct the option that is named; its docstring states the range.',
  },
  ERR_SIMULATOR_MEMORY: {
    message: 'The memory of the process could not be read.',
    fix: 'Look into a living child process, on Linux, as the same user; hardening and ptrace_scope may forbid it.',
  },
  ERR_SIMULATOR_PORT: {
    message: 'The stand-in could not listen on its port of 127.0.0.1.',
    fix: 'Choose another port, or 0 to take a free one.',
  },
});
