"""The style of a report's page, light or dark as its reader likes it."""

from __future__ import annotations

from typing import Final


STYLE: Final = """
:root { color-scheme: light dark; --ground: #f6f7f9; --sheet: #ffffff; --ink: #1b2027;
  --soft: #57606c; --line: #dde1e7; --box: #f3f5f8; --link: #0b57b8;
  --good: #0f6a37; --good-box: #ddf3e4; --bad: #a8172c; --bad-box: #fde4e6;
  --warn: #7a4a00; --warn-box: #fdeccb; --calm-box: #e9ecf1 }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0e1116; --sheet: #161b22; --ink: #e8ebf0; --soft: #9ba6b4; --line: #2c333e;
    --box: #10151c; --link: #7db8ff; --good: #6fdc95; --good-box: #12331f; --bad: #ff8f97;
    --bad-box: #43171d; --warn: #f0bd5c; --warn-box: #3b2a0c; --calm-box: #262d38 }
}
* { box-sizing: border-box }
html { scroll-behavior: auto; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif }
header, main { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 2.5rem }
header h1 { font-size: 2.4rem; line-height: 1.15; letter-spacing: -.02em; margin: .1rem 0 .4rem }
header.found h1 { color: var(--bad) } header.passed h1 { color: var(--good) }
header.skipped h1 { color: var(--warn) }
header p { margin: 0; overflow-wrap: anywhere }
.over { color: var(--soft); font-size: .85rem; font-weight: 600; letter-spacing: .02em }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem; padding: 0;
  margin: 1.4rem 0 0 }
.tiles li { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem;
  padding: .45rem .9rem; color: var(--soft); font-size: .9rem }
.tiles b { color: var(--ink); font-size: 1.15rem; font-variant-numeric: tabular-nums;
  margin-right: .25rem }
main { padding-bottom: 4rem }
h2 { font-size: 1.25rem; letter-spacing: -.01em; margin: 2.6rem 0 .9rem }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0 0 .5rem }
h4 { font-size: .8rem; color: var(--soft); margin: .9rem 0 .3rem; font-weight: 600 }
a { color: var(--link) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
code, pre { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono",
  monospace; overflow-wrap: anywhere; white-space: pre-wrap }
h3 code { font-size: .95rem }
pre { margin: 0; padding: .7rem .85rem; background: var(--box); border: 1px solid var(--line);
  border-radius: .45rem }
.wide { overflow-x: auto; background: var(--sheet); border: 1px solid var(--line);
  border-radius: .7rem }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem }
thead th { color: var(--soft); font-size: .8rem; font-weight: 600 }
tbody th { font-weight: 500 }
tbody tr > * { border-top: 1px solid var(--line) }
.chip { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .78rem;
  font-weight: 600; line-height: 1.5; background: var(--calm-box); color: var(--soft);
  white-space: nowrap; vertical-align: .08em }
.chip.passed { background: var(--good-box); color: var(--good) }
.chip.found, .chip.must { background: var(--bad-box); color: var(--bad) }
.chip.skipped, .chip.should { background: var(--warn-box); color: var(--warn) }
.finding, details.case { background: var(--sheet); border: 1px solid var(--line);
  border-radius: .7rem; padding: 1rem 1.15rem; margin: 0 0 .9rem }
.finding { border-left: .3rem solid var(--bad) }
.finding.should { border-left-color: var(--warn) }
.finding p { margin: 0 0 .8rem; max-width: 46rem }
.finding p.remedy { margin: .8rem 0 0 }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1rem;
  margin: 0 }
dt { color: var(--soft); font-size: .88rem } dd { margin: 0; min-width: 0 }
summary { cursor: pointer }
details.case[open] > summary { margin-bottom: .8rem }
details.said { border-top: 1px solid var(--line); padding: .4rem 0 }
details.said > summary code { font-size: .8rem }
details.said pre { max-height: 24rem; overflow-y: auto }
.meant, .legend, figcaption { color: var(--soft); font-size: .82rem }
.legend { margin: 0 0 .8rem }
figure { margin: 0 0 .8rem; overflow-x: auto }
.life { display: block; max-width: 100%; height: auto; color: var(--ink) }
@media (max-width: 34rem) {
  header h1 { font-size: 1.8rem } dl { grid-template-columns: minmax(0, 1fr); gap: .1rem }
  dd { margin-bottom: .5rem }
}
@media print {
  body { background: none } .finding, details.case, .wide { break-inside: avoid }
}
"""
