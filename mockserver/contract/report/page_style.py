"""The style of a report's page, light or dark as its reader likes it."""

from __future__ import annotations

from typing import Final


STYLE: Final = """
:root { --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --box: #f6f8fa;
  --good: #116329; --bad: #a40e26; --warn: #7d4e00; --link: #0550ae }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --box: #151b23;
    --good: #56d364; --bad: #ff7b72; --warn: #e3b341; --link: #79c0ff }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
main { max-width: 70rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem }
h3 { font-size: 1rem; margin: 0 0 .5rem }
a { color: var(--link) }
small { color: var(--soft); font-weight: normal }
code, pre { font: 0.85rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere;
  white-space: pre-wrap }
pre { margin: 0; padding: .5rem; background: var(--box); border-radius: 4px }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 600 }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 4px;
  padding: .8rem; margin: 1rem 0 }
.finding.should { border-left-color: var(--warn) }
dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .25rem .75rem; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; min-width: 0 }
.v-passed { color: var(--good) } .v-found { color: var(--bad); font-weight: 600 }
.v-skipped { color: var(--warn) } .v-unsupported, .v-undocumented { color: var(--soft) }
details { border-top: 1px solid var(--line); padding: .5rem 0 }
summary { cursor: pointer }
figure { margin: 1rem 0 } figcaption { color: var(--soft); font-size: .85rem }
.life { max-width: 100%; height: auto; font: 12px system-ui, sans-serif }
"""
