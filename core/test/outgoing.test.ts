import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../dist/outgoing/addresses.js';
import { OutgoingRefused, outgoingFetch, outgoingRefusal, setOutgoingPolicy } from '../dist/outgoing/fetch.js';

let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    if (request.url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    else if (request.url === '/large') response.end('x'.repeat(5_000));
    else if (request.url !== '/hangs') response.setHeader('content-type', 'application/json').end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => setOutgoingPolicy('http://localhost:3000', []));

const inner = [
  'https://127.0.0.1/',
  'https://10.0.0.1/jwks',
  'https://172.16.3.4/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://0.0.0.0/',
  'https://0/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::1]/',
  'https://[::]/',
  'https://[fe80::1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[ff02::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:a00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:db8::1]/',
  'https://[fd00:ec2::254]/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://localhost/',
  'https://localhost./',
  'https://LOCALHOST/',
  'https://tools.localhost/',
];

describe('attack 14: a call to another service', () => {
  test.each(inner)('does not lead into a private network: %s', async (address) => {
    setOutgoingPolicy('https://leren.example', []);
    expect(outgoingRefusal(address)).not.toBeNull();
    await expect(outgoingFetch(address)).rejects.toThrow(OutgoingRefused);
  });

  test('of a name goes where the name was seen to lead: one that leads inside is refused as it connects', async () => {
    setOutgoingPolicy('https://leren.example', []);
    // The machine's own name leads to it, and says nothing of that itself.
    const { hostname } = await import('node:os');
    const before = asked;
    const name = hostname();
    const failed = outgoingFetch(`https://${name}:${port}/`).catch((error: Error) => error);
    expect(await failed).toBeInstanceOf(Error);
    expect(asked).toBe(before);
  });

  test('goes over http to nobody, unless the portal itself is on this machine', async () => {
    setOutgoingPolicy('https://leren.example', ['127.0.0.1']);
    await expect(outgoingFetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(OutgoingRefused);
    setOutgoingPolicy('http://localhost:3000', []);
    for (const host of ['127.0.0.1', 'localhost', '127.1', '[::ffff:127.0.0.1]']) {
      const answer = await outgoingFetch(`http://${host}:${port}/`).catch((error: Error) => error);
      if (host !== '[::ffff:127.0.0.1]') expect((answer as Response).status, host).toBe(200);
    }
    await expect(outgoingFetch('http://10.0.0.1/')).rejects.toThrow(OutgoingRefused);
    for (const address of [
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'ftp://127.0.0.1/',
      'data:,x',
      'x',
      'http://a:b@localhost/',
    ])
      await expect(outgoingFetch(address)).rejects.toThrow(OutgoingRefused);
  });

  test('may go where the operator says, and nowhere beside it', () => {
    setOutgoingPolicy('https://leren.example', ['10.1.0.0/16', 'tools.school.lan', 'fd12::/16', '192.168.7.7']);
    for (const address of ['https://10.1.2.3/', 'https://[fd12::9]/', 'https://192.168.7.7/', 'https://tools.school.lan/'])
      expect(outgoingRefusal(address), address).toBeNull();
    for (const address of ['https://10.2.0.1/', 'https://[fd13::9]/', 'https://192.168.7.8/'])
      expect(outgoingRefusal(address)).not.toBeNull();
  });

  test('follows no redirect, and ends at a size and at a signal', async () => {
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;
    expect((await outgoingFetch(at('/away'))).status).toBe(302);
    await expect(outgoingFetch(at('/large'), { largestBytes: 4_000 })).rejects.toThrow(/larger than 4000/);
    await expect(outgoingFetch(at('/hangs'), { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(await (await outgoingFetch(at('/'), { largestBytes: 4_000 })).json()).toEqual({ keys: [] });
  });

  test('whatever spelling an IPv4 address has, it is judged as that address', () => {
    setOutgoingPolicy('https://leren.example', []);
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))), fc.nat(5), (parts, way) => {
        const dotted = parts.join('.');
        const [a = 0, b = 0, c = 0, d = 0] = parts;
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const hex = (value: number) => value.toString(16);
        const spelt = [
          dotted,
          String(number),
          `0x${hex(number)}`,
          parts.map((part) => `0${part.toString(8)}`).join('.'),
          `[::ffff:${dotted}]`,
          `[::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
        ][way];
        expect(outgoingRefusal(`https://${spelt}/`) === null, spelt).toBe(isPublicAddress(dotted));
      }),
      { numRuns: 500 },
    );
    for (const address of ['8.8.8.8', '193.190.198.1', '2a02:a03f::1', '2606:4700::1111'])
      expect(isPublicAddress(address)).toBe(true);
  });
});
