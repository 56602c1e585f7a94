import './load-chart.js';
