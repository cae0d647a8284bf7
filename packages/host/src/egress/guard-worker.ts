import { getEnvironmentData } from 'node:worker_threads';
import { guardEgress } from './guard-egress.ts';
import { WORKER_LIST } from './guard-processes.ts';

// What worker threads load before anything else: they have prototypes of their own.
const allow = getEnvironmentData(WORKER_LIST);
guardEgress({ allow: Array.isArray(allow) ? allow.map(String) : [] });
