/** Tooltips. */
import './web-awesome.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
