import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

// What a gateway is compared with: a reverse proxy in Node that passes bytes on and protects nothing.

const [upstream = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const server = createServer((incoming, response) => {
  const { method = 'GET', url = '/', headers } = incoming;
  const outgoing = request(new URL(url, upstream), { agent, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume();
process.stdin.once('end', () => process.exit());
