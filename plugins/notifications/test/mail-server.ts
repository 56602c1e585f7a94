import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A certificate for mail.test and 127.0.0.1, made for tests alone: openssl req -x509 -newkey ec -days 36500. */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUFOJzQGTTIWTiBIhoh/3n/xLwjiEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbWFpbC50ZXN0MCAXDTI2MTEyNzEyMDIyOFoYDzIxMjYxMTAz
MTIwMjI4WjAUMRIwEAYDVQQDDAltYWlsLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQCTaRhko2sGRyjGwhwNAxBJc+RW1e4mimPf2chiR5wqf7lsR18LZN2
VtsTQ3AhUgY0iTeFj8rdHXZOzG5ytpBZo28wbTAdBgNVHQ4EFgQUy0wSaiUBpS5S
61IYvzZQysDT2uswHwYDVR0jBBgwFoAUy0wSaiUBpS5S61IYvzZQysDT2uswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARggltYWlsLnRlc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgGoOLVAHrCLLXYFjjYyM3GgxwkZZ+E9YYOyplrPoCzHUCIQCQ
6NFcRhZE+O5dA/VbJVNqffDVGY5vxDGuA0Rkvl962g==
-----END CERTIFICATE-----
`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg97vJvUBdRrvMe7Ii
EPyzVP2DaLbEmjjYymtKAscAGL6hRANCAAQCTaRhko2sGRyjGwhwNAxBJc+RW1e4
mimPf2chiR5wqf7lsR18LZN2VtsTQ3AhUgY0iTeFj8rdHXZOzG5ytpBZ
-----END PRIVATE KEY-----
`;

/** An e-mail that the server took. */
export interface Taken {
  from: string;
  to: string[];
  user: string | undefined;
  secure: boolean;
  /** Headers and body as sent. */
  raw: string;
}

interface Refusal extends Error {
  responseCode: number;
}
const refusal = (responseCode: number, message: string): Refusal => Object.assign(new Error(message), { responseCode });

/** Answers by recipient; `hang` never answers. Others are accepted. */
const answers: Record<string, number | string | 'hang'> = {
  'gone@school.example': '550 5.1.1 gone@school.example does not live here',
  'policy@school.example': '550 5.7.1 your portal is not welcome',
  'busy@school.example': '451 4.3.2 come back later',
  'slow@school.example': 'hang',
};

/** An SMTP server on loopback, by others: STARTTLS and a password are required. */
export async function startMailServer() {
  const taken: Taken[] = [];
  let isBusy = true;
  const server = new SMTPServer({
    ...{ cert, key },
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'portal' && password === 'a secret' ? done(null, { user: username }) : done(refusal(535, '5.7.8 no')),
    onRcptTo: ({ address }, _session, done) => {
      const answer = address === 'busy@school.example' && !isBusy ? undefined : answers[address];
      if (answer === 'hang') return;
      if (answer === undefined) return done();
      const [code, ...words] = String(answer).split(' ');
      done(refusal(Number(code), words.join(' ')));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }: { address: string }) => address),
          user: session.user,
          secure: session.secure,
          raw: Buffer.concat(parts).toString('utf8'),
        });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    /** The e-mails to this address. */
    to: (address: string) => taken.filter(({ to }) => to.includes(address)),
    /** `busy@school.example` accepts from now on. */
    calm: () => {
      isBusy = false;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** The text and HTML of an e-mail, decoded (RFC 2045 section 6.7, RFC 2047). */
export function partsOf(raw: string): { headers: string; text: string; html: string } {
  const at = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, at).replace(/\r\n[ \t]+/g, ' ');
  const boundary = /boundary="([^"]+)"/.exec(headers)?.[1] as string;
  const [text = '', html = ''] = raw
    .slice(at)
    .split(`--${boundary}`)
    .slice(1, 3)
    .map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const content = body.join('\r\n\r\n');
      if (/base64/i.test(head)) return Buffer.from(content, 'base64').toString('utf8');
      if (!/quoted-printable/i.test(head)) return content;
      const bytes = content
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString('utf8');
    });
  return { headers, text, html };
}
