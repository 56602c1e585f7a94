/** The style of pages that the server renders: the colours of the portal, system fonts, no file to fetch. */
export const style = `
:root{color-scheme:light dark;font:1.0625rem/1.6 "Atkinson Hyperlegible Next",system-ui,sans-serif;--paper:light-dark(#fbf6ee,#17161d);
--surface:light-dark(#fffdf9,#211f29);--ink:light-dark(#1c1b29,#f5efe4);--soft:light-dark(#575365,#b8b1be);--rule:light-dark(#e3d9ca,#383643);
--edge:light-dark(#857c70,#8a8597);--link:light-dark(#1a36ba,#aebfff);--good:light-dark(#11694e,#6fd3a6);--warn:light-dark(#855300,#f2bd62);
--warn-fill:light-dark(#fbecc9,#3a2c12);--bad:light-dark(#a8231a,#ff9d8f);--bad-fill:light-dark(#fbe4de,#3f1b19)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.75rem 1rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;justify-content:space-between;padding:.5rem max(1rem,calc(50vw - 24rem));
border-bottom:4px solid var(--ink)}
header nav,footer nav{display:flex;flex-wrap:wrap;gap:0 1.25rem}
header a,footer a,footer span{display:inline-flex;align-items:center;min-height:2.75rem;color:inherit}
.logo{font-size:1.375rem;text-decoration:none}
[aria-current]{font-weight:700;text-decoration:none}
main{max-width:50rem;margin:0 auto;padding:1.5rem 1rem 3rem;outline:none}
footer{max-width:50rem;margin:0 auto;padding:0 1rem 2rem;color:var(--soft);font-size:.9375rem}
h1{font-size:1.875rem;line-height:1.2;margin:0 0 .75rem}
h2{font-size:1.25rem;line-height:1.3;margin:2rem 0 .5rem}
h3{font-size:1.0625rem;margin:1.5rem 0 .5rem}
p,ul,ol,table,blockquote{margin:0 0 1rem}
.lead{font-size:1.125rem;color:var(--soft)}
.soft{color:var(--soft);font-size:.9375rem}
img{max-width:100%;height:auto;border:1px solid var(--rule);border-radius:8px}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
caption{text-align:start;font-weight:700;padding-bottom:.5rem}
code{background:var(--surface);border:1px solid var(--rule);border-radius:4px;padding:0 .25em}
pre{overflow-x:auto;background:var(--surface);border:1px solid var(--rule);border-radius:8px;padding:1rem}
pre code{border:0;padding:0}
blockquote{border-inline-start:4px solid var(--rule);padding-inline-start:1rem;margin-inline:0}
.search{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 1.5rem;align-items:end}
.search label{flex:1 1 14rem;font-weight:600}
input[type=search]{display:block;width:100%;font:inherit;min-height:2.75rem;padding:.25rem .75rem;margin-top:.25rem;color:var(--ink);
background:var(--surface);border:1px solid var(--edge);border-radius:8px}
button{font:inherit;font-weight:700;min-height:2.75rem;padding:.25rem 1.25rem;color:var(--ink);background:var(--surface);
border:2px solid var(--ink);border-radius:8px;cursor:pointer}
.list{list-style:none;padding:0}
.list li{padding:.75rem 0;border-bottom:1px solid var(--rule)}
.list a{font-weight:700;display:inline-block;padding-block:.25rem}
.list p{margin:0}
.did{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--rule)}
.did p{margin:0;font-weight:600}
.note{padding:1rem;border-radius:8px;background:var(--warn-fill)}
.note.down{background:var(--bad-fill)}
.note h2{margin-top:0}
.state{font-weight:700;white-space:nowrap}
.works{color:var(--good)}.slow{color:var(--warn)}.down .state,.state.down{color:var(--bad)}
@media print{header,footer,.did,.search,.skip{display:none}}
`;
