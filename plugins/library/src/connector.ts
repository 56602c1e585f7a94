/** For packages of providers: `import { defineConnector } from '@ilearn/plugin-library/connector'`. */
export * from './connectors/define-connector.js';
