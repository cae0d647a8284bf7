import { startVllmStandIn } from '@cloister/simulator/vllm';

// Runs until the process that started it closes the pipe.
const standIn = await startVllmStandIn();
process.stdout.write(`${standIn.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void standIn.close());
