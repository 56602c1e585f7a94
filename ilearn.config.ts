import { defineConfig } from '@ilearn/core';

/** The portal that `npm start` runs: all plugins, and the demonstration school. */
export default defineConfig({
  plugins: {
    '@ilearn/plugin-directory': {},
    '@ilearn/plugin-login': {},
    '@ilearn/plugin-library': {},
    '@ilearn/plugin-lti': {},
    '@ilearn/plugin-notifications': {},
    '@ilearn/plugin-myway': {},
    '@ilearn/plugin-academy': {},
    '@ilearn/plugin-helpdesk': {},
    '@ilearn/plugin-cube': { demonstration: true },
    '@ilearn/plugin-reports': {},
    '@ilearn/plugin-data-space': {},
    '@ilearn/plugin-search': {},
    '@ilearn/plugin-api': {},
    '@ilearn/plugin-rosters': {},
    '@ilearn/plugin-operations': {},
    '@ilearn/plugin-privacy': {},
    '@ilearn/plugin-connector-practice': { spawn: true },
    '@ilearn/plugin-connector-blockly-games': {},
    '@ilearn/plugin-connector-geogebra': {},
    '@ilearn/plugin-connector-microbit': {},
    '@ilearn/plugin-connector-music-lab': {},
    '@ilearn/plugin-connector-openstreetmap': {},
    '@ilearn/plugin-connector-phet': {},
    '@ilearn/plugin-connector-scratch': {},
    '@ilearn/plugin-connector-wikipedia': {},
    '@ilearn/plugin-demo': {},
  },
  required: ['@ilearn/plugin-directory', '@ilearn/plugin-login'],
});
