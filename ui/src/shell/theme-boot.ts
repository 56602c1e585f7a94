/** Runs in `<head>` before the first paint, so that a page never appears in the wrong theme or language first. */
const theme = localStorage.getItem('ilearn.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
const lang = localStorage.getItem('ilearn.language');
if (lang) document.documentElement.lang = lang;
