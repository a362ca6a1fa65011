/** The page's own style: nothing is fetched, light and dark, screen and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f6f2; --sheet: #ffffff; --ink: #1b2230; --quiet: #545d6b; --line: #d8d5cb; --accent: #1d4b75;
  --blocks: #92191c; --blocks-bg: #fdeceb; --stops: #703d00; --stops-bg: #fff0d9; --changes: #194a85; --changes-bg: #e7f0fb;
  --reports: #434a57; --reports-bg: #eceef2; --fine: #17553a; --fine-bg: #e4f3ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --sheet: #1a1f27; --ink: #e9ebef; --quiet: #b0b8c4; --line: #363e4a; --accent: #93c4f7;
    --blocks: #ffb9b3; --blocks-bg: #411b1c; --stops: #ffd29a; --stops-bg: #3b2a10; --changes: #b0d5ff; --changes-bg: #182c45;
    --reports: #cfd6df; --reports-bg: #2b333e; --fine: #a5e3be; --fine-bg: #163321;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--sheet); color: var(--accent); z-index: 1; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wide { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { border-top: .375rem solid var(--accent); background: var(--sheet); border-bottom: 1px solid var(--line); }
header .wide { padding-top: 2.25rem; padding-bottom: 1.5rem; }
.kicker { margin: 0; color: var(--quiet); font-size: .8125rem; letter-spacing: .09em; text-transform: uppercase; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; font-family: Georgia, "Times New Roman", serif; font-weight: 600; }
h1, h3, dd, p, caption { overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 5vw, 2.5rem); margin: .25rem 0 .5rem; }
h2 { font-size: 1.5rem; margin: 0 0 1rem; padding-bottom: .375rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1875rem; margin: 0; }
h4 { font-size: .9375rem; margin: 0; }
p { margin: 0 0 .75rem; max-width: 46rem; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
nav ul { list-style: none; margin: 1.25rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .9375rem; }
nav a { display: inline-block; padding: .25rem 0; }
section { margin: 2.5rem 0; }
.verdict { font-size: 1.1875rem; max-width: 46rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.tiles div { background: var(--sheet); border: 1px solid var(--line); border-left: .3125rem solid var(--tone); border-radius: .375rem; padding: .75rem 1rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dt { color: var(--quiet); font-size: .875rem; }
.tiles dd { margin: 0; font: 600 2rem/1.1 Georgia, "Times New Roman", serif; font-variant-numeric: tabular-nums; }
.tone-affected { --tone: var(--stops); } .tone-cannot-tell { --tone: var(--reports); } .tone-enforced, .tone-not-affected { --tone: var(--fine); } .tone-settings { --tone: var(--blocks); }
.badge { display: inline-block; padding: .0625rem .5rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; line-height: 1.5; white-space: nowrap; color: var(--tint); background: var(--tint-bg); }
.blocks { --tint: var(--blocks); --tint-bg: var(--blocks-bg); } .stops, .affected { --tint: var(--stops); --tint-bg: var(--stops-bg); }
.changes { --tint: var(--changes); --tint-bg: var(--changes-bg); } .reports, .look, .cannot-tell { --tint: var(--reports); --tint-bg: var(--reports-bg); }
.enforced, .not-affected { --tint: var(--fine); --tint-bg: var(--fine-bg); }
.steps { list-style: none; counter-reset: step; margin: 0; padding: 0; }
.steps > li { counter-increment: step; position: relative; padding: .75rem 0 .75rem 3rem; border-bottom: 1px solid var(--line); }
.steps > li::before { content: counter(step); position: absolute; left: 0; top: .75rem; width: 2rem; height: 2rem; border: 1px solid var(--accent); border-radius: 50%; text-align: center; line-height: 1.875rem; color: var(--accent); font-weight: 600; font-variant-numeric: tabular-nums; }
.steps h3 { font: 600 1rem/1.4 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; margin-bottom: .25rem; }
.steps p { margin: .25rem 0 0; }
article { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem; margin: 0 0 1rem; }
article header { all: unset; display: flex; flex-wrap: wrap; gap: .375rem .75rem; align-items: baseline; justify-content: space-between; }
.figure { margin: .5rem 0 .75rem; font-variant-numeric: tabular-nums; }
.advice { display: grid; grid-template-columns: minmax(9rem, 12rem) minmax(0, 1fr); gap: .375rem 1rem; margin: 0 0 .75rem; }
.advice dt { font-weight: 600; } .advice dd { margin: 0; max-width: 46rem; }
.frame { overflow-x: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: .9063rem; }
caption { text-align: left; padding: .625rem .75rem; font-weight: 600; caption-side: top; }
th, td { text-align: left; vertical-align: top; padding: .4375rem .75rem; border-top: 1px solid var(--line); }
thead th { font-size: .8125rem; color: var(--quiet); white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.name { overflow-wrap: anywhere; }
code { font: .875em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
td code, th code { overflow-wrap: normal; white-space: nowrap; font-weight: 400; }
footer { border-top: 1px solid var(--line); padding: 1.5rem 0 2.5rem; color: var(--quiet); font-size: .875rem; }
@media screen and (max-width: 40rem) {
  body { overflow-wrap: anywhere; }
  .wide { padding: 0 1rem; }
  section { margin: 2rem 0; }
  article { padding: 1rem; }
  .advice { grid-template-columns: minmax(0, 1fr); gap: 0; } .advice dd { margin-bottom: .5rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .badge { white-space: normal; border-radius: .5rem; }
  table, caption, tbody, tr, tbody th { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: .625rem .75rem; border-top: 1px solid var(--line); }
  th, td { border: 0; padding: .125rem 0; }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .75rem; text-align: left; overflow-wrap: anywhere; }
  td::before { content: attr(data-title); color: var(--quiet); font-size: .8125rem; }
  td:empty, td:has(> bdi:only-child:empty) { display: none; }
  td code, th code { white-space: normal; overflow-wrap: anywhere; }
  .number { text-align: left; white-space: normal; }
  .steps > li { padding-left: 2.75rem; }
}
@page { margin: 16mm 14mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --sheet: #ffffff; --ink: #000000; --quiet: #434343; --line: #b9b9b9; --accent: #1d4b75;
    --blocks: #92191c; --blocks-bg: #fdeceb; --stops: #703d00; --stops-bg: #fff0d9; --changes: #194a85; --changes-bg: #e7f0fb;
    --reports: #434a57; --reports-bg: #eceef2; --fine: #17553a; --fine-bg: #e4f3ea;
  }
  html { font-size: 9.5pt; }
  body { overflow-wrap: anywhere; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .skip { display: none; }
  .wide { max-width: none; padding: 0; }
  header .wide { padding-top: .5rem; }
  a { color: inherit; text-decoration: none; }
  section { margin: 1.5rem 0; }
  h2, h3, caption, article header { break-after: avoid; }
  tr, .steps > li, .tiles div, .advice, .figure { break-inside: avoid; }
  thead { display: table-header-group; }
  .frame { overflow: visible; border: 0; border-radius: 0; }
  td code, th code { white-space: normal; overflow-wrap: anywhere; }
  th, td { padding: .25rem .5rem; }
  article { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .75rem 0 0; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
