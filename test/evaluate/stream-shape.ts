import { printReport, type Row } from '../../benchmarks/report.ts';
import { attackStreams } from './stream-shape/attack-streams.ts';

// An observer of the network guesses which of ten topics each stream is about, from the sizes and gaps of what passes; then
// the same with each shape, and what the shape costs. AUC 0.5 is chance.

const STREAMS_PER_TOPIC = 24;

const rows: Row[] = [];
for (const shape of ['off', 'coalesce', 'frames']) {
  const { auc, bytesPerSecond, seconds } = await attackStreams(shape, STREAMS_PER_TOPIC);
  rows.push(
    { name: `${shape}: topic AUC of an observer`, value: auc, unit: 'AUC' },
    { name: `${shape}: bytes at the socket`, value: bytesPerSecond / 1024, unit: 'KiB/s' },
    { name: `${shape}: duration of a stream`, value: seconds, unit: 's' },
  );
}
printReport('stream-shape', rows);
