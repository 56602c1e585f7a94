// A OneRoster 1.2 server with a school at every path: /<number>/ims/oneroster/rostering/v1p2. Each has 100 teachers, 1,900 pupils, 100 classes and
// 2,000 places; objects are made for each answer, so that it needs no memory.
import { createServer } from 'node:http';

const people = 2_000;
const classes = 100;
const reference = (sourcedId) => ({ sourcedId, href: `https://source.example/${sourcedId}` });
const make = {
  orgs: (school) => ({ sourcedId: school, type: 'school', name: `School ${school}`, identifier: school }),
  academicSessions: () => ({
    sourcedId: 'y',
    type: 'schoolYear',
    title: '2026-2027',
    startDate: '2026-09-01',
    endDate: '2027-08-31',
  }),
  classes: (school, at) => ({
    sourcedId: `c${at}`,
    title: `Class ${at}`,
    classType: 'homeroom',
    school: reference(school),
    terms: [reference('y')],
    grades: ['03'],
  }),
  users: (school, at) => ({
    sourcedId: `u${at}`,
    enabledUser: 'true',
    givenName: `Given ${at}`,
    familyName: `Family ${school}`,
    roles: [{ roleType: 'primary', role: at < classes ? 'teacher' : 'student', org: reference(school) }],
  }),
  enrollments: (school, at) => ({
    sourcedId: `e${at}`,
    role: at < classes ? 'teacher' : 'student',
    user: reference(`u${at}`),
    class: reference(`c${at % classes}`),
    school: reference(school),
  }),
};
const sizes = { orgs: 1, academicSessions: 1, classes, users: people, enrollments: people };

const server = createServer((request, response) => {
  request.resume();
  const url = new URL(request.url, 'http://source.example');
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/token') return response.end(JSON.stringify({ access_token: 'token', token_type: 'bearer' }));
  const [, school, name] = /^\/(\d{6})\/ims\/oneroster\/rostering\/v1p2\/(\w+)$/.exec(url.pathname) ?? [];
  if (make[name] === undefined) return response.writeHead(404).end('{}');
  const offset = Number(url.searchParams.get('offset'));
  const count = Math.max(0, Math.min(Number(url.searchParams.get('limit')), sizes[name] - offset));
  const objects = Array.from({ length: count }, (_, index) => ({ status: 'active', ...make[name](school, offset + index) }));
  response.setHeader('x-total-count', sizes[name]);
  return response.end(JSON.stringify({ [name]: objects }));
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
