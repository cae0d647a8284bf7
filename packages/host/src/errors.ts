import { type CloisterError, createErrors, type ErrorOccurrence } from '@cloister/core';

/** What the machine can refuse or fail with. */
export type HostErrorCode =
  | 'ERR_HOST_CONFIG_INVALID'
  | 'ERR_HOST_EVIDENCE_UNAVAILABLE'
  | 'ERR_HOST_EVIDENCE_REFUSED'
  | 'ERR_HOST_EVIDENCE_MALFORMED'
  | 'ERR_HOST_EVIDENCE_UNBOUND'
  | 'ERR_HOST_EVIDENCE_CONFLICT'
  | 'ERR_HOST_TEE_MISMATCH'
  | 'ERR_HOST_GPU_COMMAND'
  | 'ERR_HOST_PROCESS_UNSAFE'
  | 'ERR_HOST_EGRESS_ENTRY'
  | 'ERR_HOST_EGRESS_REFUSED'
  | 'ERR_HOST_EGRESS_PROCESS'
  | 'ERR_HOST_SCRATCH_NOT_MEMORY'
  | 'ERR_HOST_SCRATCH_UNAVAILABLE'
  | 'ERR_HOST_SCRATCH_FULL'
  | 'ERR_HOST_SCRATCH_CLOSED';

/** Makes an error of this package. */
export const hostError: (code: HostErrorCode, occurrence?: ErrorOccurrence) => CloisterError<HostErrorCode> =
  createErrors<HostErrorCode>({
    ERR_HOST_CONFIG_INVALID: {
      message: 'The configuration of the evidence provider is not valid.',
      fix: 'Name one of the providers configfs-tsm, coco or dstack with the members of its table in the README.',
    },
    ERR_HOST_EVIDENCE_UNAVAILABLE: {
      message: 'The evidence interface of this guest is not there or does not answer.',
      fix: 'Check that this is a confidential guest, that the interface is mounted or its service runs, and that this process may use it.',
      retryable: true,
    },
    ERR_HOST_EVIDENCE_REFUSED: {
      message: 'The evidence interface refused the request.',
      fix: 'Read the log of the service or the kernel; for the CoCo agent enable its attestation feature.',
    },
    ERR_HOST_EVIDENCE_MALFORMED: {
      message: 'The evidence interface answered in a form that this version does not know.',
      fix: 'Check the version of the service against the README of @cloister/host.',
    },
    ERR_HOST_EVIDENCE_UNBOUND: {
      message: 'The evidence is not about the data that was to be signed.',
      fix: 'Do not use this guest: something between the process and the hardware answers with evidence of its own.',
    },
    ERR_HOST_EVIDENCE_CONFLICT: {
      message: 'Another writer kept changing the same report entry.',
      fix: 'Look for processes that write below the report folder; entries have random names and belong to one process.',
      retryable: true,
    },
    ERR_HOST_TEE_MISMATCH: {
      message: 'The guest runs in another TEE than the configuration says.',
      fix: 'Correct the member tee of the configuration, or start the guest in the intended TEE.',
    },
    ERR_HOST_GPU_COMMAND: {
      message: 'The command for GPU evidence failed, took too long or wrote too much.',
      fix: 'Run it by hand with a nonce of 64 hex digits; it has to print a JSON list of devices.',
    },
    ERR_HOST_PROCESS_UNSAFE: {
      message: 'This process was started in a way that lets its memory or its traffic out.',
      fix: 'Start it without the flag or the environment variable that is named.',
    },
    ERR_HOST_EGRESS_ENTRY: {
      message: 'An entry of the egress allow-list is not understood.',
      fix: 'Write host:port with an exact name or address, or unix:/path.',
    },
    ERR_HOST_EGRESS_REFUSED: {
      message: 'This process may not reach that destination.',
      fix: 'Add host and port to the allow-list if the connection is meant; else find out who asks for it.',
    },
    ERR_HOST_EGRESS_PROCESS: {
      message: 'This process may not start others: they would not be guarded.',
      fix: 'Do the work in this process, or start the other one beside it.',
    },
    ERR_HOST_SCRATCH_NOT_MEMORY: {
      message: 'The folder for scratch files is not on tmpfs: what is written there could reach a disk.',
      fix: 'Name a folder on tmpfs, for example /dev/shm, and run the guest without swap.',
    },
    ERR_HOST_SCRATCH_UNAVAILABLE: {
      message: 'The folder for scratch files is not there or cannot be written.',
      fix: 'Create it, and let this process write to it.',
    },
    ERR_HOST_SCRATCH_FULL: {
      message: 'The scratch files would hold more than they may.',
      fix: 'Close files that are no longer needed, or raise maxBytes.',
    },
    ERR_HOST_SCRATCH_CLOSED: {
      message: 'The scratch file or its space is closed.',
      fix: 'Open another file while it is needed.',
    },
  });
