/** Tabs. */
import './web-awesome.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import { applyLook } from './look.js';

applyLook('wa-tab-group');
