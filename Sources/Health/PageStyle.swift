// SPDX-License-Identifier: BSD-3-Clause

/// How the page looks, on light and dark screens and on paper.
enum PageStyle {
  static let sheet = colors + layout + plots

  private static let colors = """
    :root { color-scheme: light dark;
      --back: #ffffff; --panel: #f6f7f9; --text: #1b1f24; --quiet: #5c6570; --rule: #dfe3e8;
      --good: #1a7f4b; --bad: #c0362c; --accent: #2f6fba;
      --c0: #2f6fba; --c1: #d1642a; --c2: #2c8f5b; --c3: #8e5bb5; --c4: #b58a1f; --c5: #1c98a6;
      --c6: #c2477f; --c7: #77808a; }
    @media (prefers-color-scheme: dark) { :root {
      --back: #14171b; --panel: #1d2127; --text: #e6e9ed; --quiet: #9aa4af; --rule: #333a43;
      --good: #4cc38a; --bad: #f2746b; --accent: #6ea8ee;
      --c0: #6ea8ee; --c1: #f0955f; --c2: #5fcb94; --c3: #bd93e0; --c4: #e0b94f; --c5: #4fc6d3;
      --c6: #ea80ae; --c7: #a5aeb8; } }

    """

  private static let layout = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 60px; }
    h1 { font-size: 15px; font-weight: 600; margin: 0; color: var(--quiet); }
    h2 { font-size: 19px; margin: 44px 0 10px; padding-bottom: 6px;
      border-bottom: 1px solid var(--rule); }
    h3 { font-size: 13px; font-weight: 600; margin: 12px 0 4px; overflow-wrap: anywhere; }
    p { margin: 6px 0; } .quiet, figcaption { color: var(--quiet); font-size: 13px; }
    .verdict { margin: 8px 0 14px; padding: 14px 18px; font-size: 19px; font-weight: 600;
      border-left: 6px solid var(--good); background: var(--panel); border-radius: 4px; }
    .verdict.bad { border-color: var(--bad); }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
      gap: 10px; margin: 16px 0; }
    .card { background: var(--panel); border-radius: 6px; padding: 10px 14px; }
    .card b { display: block; font-size: 21px; font-variant-numeric: tabular-nums; }
    .card.bad b { color: var(--bad); }
    .card span { color: var(--quiet); font-size: 13px; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
    th { text-align: left; font-weight: 600; color: var(--quiet); white-space: nowrap; }
    th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
    .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    code, .name { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      font-size: 12.5px; }
    .name { white-space: nowrap; } .zero { opacity: 0.45; }
    .problem { border-left: 4px solid var(--bad); background: var(--panel); border-radius: 4px;
      margin: 10px 0; padding: 8px 14px; }
    .problem b { font-size: 15px; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr));
      gap: 0 24px; }
    @media print { h2 { break-after: avoid; } figure, .problem { break-inside: avoid; } }

    """

  private static let plots = """
    figure { margin: 10px 0 20px; } svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--quiet); font-size: 11.5px; }
    .rule { stroke: var(--rule); fill: none; } .axis { stroke: var(--quiet); fill: none; }
    .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
    .bar { fill: var(--accent); } .event { fill: var(--bad); fill-opacity: 0.8; }
    .dots { fill: none; stroke-width: 3.4; stroke-linecap: round; }
    .in-order { stroke: var(--c0); background: var(--c0); stroke-opacity: 0.65; }
    .sent-again { stroke: var(--bad); background: var(--bad); }
    .late { stroke: var(--c4); background: var(--c4); }
    .behind-gap { stroke: var(--c3); background: var(--c3); }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; padding-left: 84px; }
    .legend i { display: inline-block; width: 11px; height: 11px; margin-right: 6px;
      border-radius: 2px; }
    .c0 { stroke: var(--c0); background: var(--c0); }
    .c1 { stroke: var(--c1); background: var(--c1); }
    .c2 { stroke: var(--c2); background: var(--c2); }
    .c3 { stroke: var(--c3); background: var(--c3); }
    .c4 { stroke: var(--c4); background: var(--c4); }
    .c5 { stroke: var(--c5); background: var(--c5); }
    .c6 { stroke: var(--c6); background: var(--c6); }
    .c7 { stroke: var(--c7); background: var(--c7); }

    """
}
