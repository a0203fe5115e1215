import { darkFigureStyle, ownPaper } from "../../src/core/dark-figures.js";

/** How a shared page looks: light or dark as the reader's system, on a phone as on a wide screen, and in print. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #5d646c; --rule: #d9dde2; --paper: #fff; --shade: #f5f7f9; --link: #0b5cad;
  --error: #fdecea; --error-rule: #d3382b; --warn: #fdf6e3; --keyword: #8a3ffc; --string: #0a6640; --number: #0550ae; --comment: #646b73;
  --title: #953800; --black: #24292f; --red: #b3261e; --green: #1a7f37; --yellow: #7d5600; --blue: #0550ae; --magenta: #8250df; --cyan: #1b6f85;
  --white: #5d646c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e6ea; --quiet: #9aa4ae; --rule: #373d44; --paper: #15181c; --shade: #1e2328;
  --link: #79b8ff; --error: #35191a; --error-rule: #e5534b; --warn: #2e2813; --keyword: #c9a6ff; --string: #8ddb8c; --number: #79c0ff;
  --comment: #8b949e; --title: #ffb77c; --black: #9aa4ae; --red: #ff8a80; --green: #6bd480; --yellow: #e3b341; --blue: #79b8ff;
  --magenta: #d2a8ff; --cyan: #6fd3e3; --white: #e2e6ea; }
${darkFigureStyle("figure.plotly")}
figure.plotly.live:is(:not(:has(.main-svg image)), :has(${ownPaper})) { background: none; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.page { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
main { min-width: 0; }
a { color: var(--link); text-underline-offset: 2px; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2rem 0 .6rem; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; margin-top: .5rem; } h2 { font-size: 1.4rem; } h3 { font-size: 1.15rem; } h4, h5, h6 { font-size: 1rem; }
.text > p, .text > ul, .text > ol, .text > blockquote { max-width: 46rem; overflow-wrap: anywhere; }
.text img { max-width: 100%; height: auto; }
.text blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--rule); color: var(--quiet); }
math[display="block"], .text > .katex-block { overflow: auto hidden; padding: .25rem 0; }
code, pre, samp { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:not(pre) > code { background: var(--shade); padding: .12em .35em; border-radius: 4px; }
pre { margin: .5rem 0; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.source, .text pre { background: var(--shade); border: 1px solid var(--rule); border-radius: 6px; padding: .65rem .85rem; white-space: pre; overflow-wrap: normal;
  tab-size: 2; }
.cell { margin: 1rem 0; }
.cell > details > summary { color: var(--quiet); cursor: pointer; font-size: .9rem; }
.mark { color: var(--quiet); font-size: .78rem; margin: .9rem 0 -.2rem; }
.out { margin: .6rem 0; }
pre.out { padding: 0 .85rem; max-height: 32rem; }
pre.stderr { background: var(--warn); padding: .5rem .85rem; border-radius: 6px; }
pre.error { background: var(--error); border-left: 3px solid var(--error-rule); padding: .6rem .85rem; border-radius: 0 6px 6px 0; white-space: pre; overflow-wrap: normal; }
figure { margin: .8rem 0; }
figure img { display: block; max-width: 100%; height: auto; }
figure.plotly, figure.explorer:not(.live) { background: #fff; border-radius: 6px; width: fit-content; max-width: 100%; overflow: hidden; position: relative; }
figure.plotly .graph { position: absolute; left: 0; top: 0; transform-origin: 0 0; }
.missing, .problem { color: var(--quiet); font-size: .9rem; }
.table { overflow-x: auto; }
.table:has(> progress) { color: var(--quiet); font-size: .85rem; margin: .2rem 0; }
progress { vertical-align: middle; accent-color: var(--link); }
caption { text-align: left; padding: .3rem .75rem; color: var(--quiet); }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .5rem 0; }
.text > table { display: block; overflow-x: auto; }
th, td { padding: .3rem .75rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; }
.about { color: var(--quiet); font-size: .88rem; margin: 0 0 1.25rem; }
.about p { margin: .15rem 0; overflow-wrap: anywhere; }
footer.about { border-top: 1px solid var(--rule); margin-top: 3rem; padding-top: 1rem; }
nav { margin: 0 0 1.5rem; font-size: .92rem; }
nav summary { cursor: pointer; color: var(--quiet); }
nav ol { list-style: none; margin: .4rem 0 0; padding: 0; }
nav li { margin: .15rem 0; } nav li.deep { padding-left: 1rem; } nav a { text-decoration: none; color: inherit; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; color: var(--link); }
@media (min-width: 80rem) {
  .page.with-contents { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 3rem; max-width: 84rem; }
  .with-contents > nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow: auto; }
  .with-contents > header, .with-contents > main, .with-contents > footer { grid-column: 2; }
  .with-contents > nav { grid-column: 1; grid-row: 1 / span 3; }
}
.hljs-keyword, .hljs-literal, .hljs-built_in, .hljs-selector-tag { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-subst .hljs-string { color: var(--string); }
.hljs-number, .hljs-symbol { color: var(--number); }
.hljs-comment, .hljs-quote { color: var(--comment); font-style: italic; }
.hljs-title, .hljs-attr, .hljs-section { color: var(--title); }
.hljs-subst { color: inherit; }
${["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
  .map(
    (name) =>
      `.ansi-${name}-fg, .ansi-bright-${name}-fg { color: var(--${name}); } .ansi-${name}-bg, .ansi-bright-${name}-bg { background: var(--${name}); color: var(--paper); }`,
  )
  .join("\n")}
@media print { .page.with-contents { display: block; max-width: none; } nav { display: none; } .source, figure, pre.out { break-inside: avoid; } pre.out { max-height: none; } }
`;
