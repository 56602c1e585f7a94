export { AccessRefused, type ConnectOptions } from './access.js';
export { CallFailed, type Connection, connect } from './connect.js';
