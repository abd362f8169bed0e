import { Agent, request } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConnectionGate } from '../../../src/annotate/server/connection-gate.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { plainAssets, TOKENS, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const CAPS = { inAll: 12, waiting: 8, waitingPerAddress: 5 };
let web: WebLab;
beforeAll(async () => {
  const lab = await deskLab(home, 'campaign');
  // Any address of this machine reaches it: 127.0.0.2 is another client than 127.0.0.1.
  const options = { campaign: lab.options, assets: plainAssets(home), tokens: TOKENS, caps: CAPS };
  web = await webLab(lab.folder, { ...options, host: '0.0.0.0' });
});
afterAll(() => web.close());

/** Connects and sends the beginning of a request. */
async function halfOpen(from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: web.port, localAddress: from });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  await new Promise<void>((resolve) => socket.write('GET /api/session HTTP/1.1\r\n', () => resolve()));
  return socket;
}

const closed = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));

/** The status of a request on the agent's connection. */
function ask(agent: Agent): Promise<{ status: number; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKENS.annotator}`, host: 'localhost' };
    const sent = request({ port: web.port, host: '127.0.0.1', path: '/api/session', agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve({ status: answer.statusCode!, socket: sent.socket! }));
    });
    sent.once('error', reject).end();
  });
}

it('by default keeps room for 500 connections, of which 200 may wait, 50 of one address', () => {
  const closed: string[] = [];
  const connect = (gate: ConnectionGate, address: string, count: number) =>
    Array.from({ length: count }, () => {
      const socket = Object.assign(new Socket(), { destroy: () => void closed.push(address) });
      Object.defineProperty(socket, 'remoteAddress', { value: address });
      gate.admit(socket);
      return socket;
    });
  const gate = new ConnectionGate();
  connect(gate, 'a', 50);
  expect(closed).toEqual([]);
  connect(gate, 'a', 1);
  expect(closed).toEqual(['a']);
  for (const address of ['b', 'c', 'd']) connect(gate, address, 50);
  expect(closed).toHaveLength(1);
  connect(gate, 'e', 1);
  expect(closed).toHaveLength(2);

  const full = new ConnectionGate();
  for (let count = 0; count < 500; count += 1) for (const socket of connect(full, 'f', 1)) full.trust(socket);
  expect(closed).toHaveLength(2);
  connect(full, 'g', 1);
  expect(closed).toEqual(['a', expect.any(String), 'g']);
});

it('closes the oldest half-open connection of an address that has too many, and no session', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { socket: session } = await ask(agent);
  const flood: Socket[] = [];
  for (let count = 0; count < 40; count += 1) flood.push(await halfOpen());
  await Promise.all(flood.slice(0, -CAPS.waitingPerAddress).map(closed));
  expect(flood.slice(-CAPS.waitingPerAddress).some(({ destroyed }) => destroyed)).toBe(false);
  // The session goes on on its connection, and a new one is let in.
  const again = await ask(agent);
  expect(again).toMatchObject({ status: 200 });
  expect(again.socket).toBe(session);
  expect((await web.ask('ben', 'GET', '/api/session')).status).toBe(200);
  agent.destroy();
  for (const socket of flood) socket.destroy();
  await Promise.all(flood.map(closed));
});

it.runIf(process.platform === 'linux')(
  'takes room from the address that has the most half-open connections',
  async () => {
    const quiet = await halfOpen('127.0.0.2');
    const flood: Socket[] = [];
    for (const address of ['127.0.0.3', '127.0.0.4', '127.0.0.5']) {
      for (let count = 0; count < 5; count += 1) flood.push(await halfOpen(address));
    }
    // 16 were opened, one address after the other; 8 stay.
    await Promise.all(flood.slice(0, 5).map(closed).slice(0, 1));
    expect((await web.ask('cleo', 'GET', '/api/session')).status).toBe(200);
    expect(quiet.destroyed).toBe(false);
    for (const socket of [quiet, ...flood]) socket.destroy();
    await Promise.all([quiet, ...flood].map(closed));
  },
);
