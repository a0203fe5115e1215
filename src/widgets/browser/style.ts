const css = `
.dn2x { --dn2x-quiet: var(--jp-ui-font-color2, var(--quiet, GrayText)); --dn2x-rule: var(--jp-border-color2, rgba(128, 128, 128, .4));
  --dn2x-accent: var(--jp-brand-color1, #0072B2); --dn2x-normal: #0072B2; --dn2x-anomaly: #D55E00;
  color: var(--jp-content-font-color1, inherit); font-family: var(--jp-ui-font-family, system-ui, sans-serif); font-size: 13px;
  line-height: 1.4; box-sizing: border-box; padding: 8px 4px 12px; max-width: 1320px; }
.dn2x-width { container-type: inline-size; }
.dn2x[data-dark="true"] { --dn2x-normal: #4FA9DF; --dn2x-anomaly: #FF8A33; }
.dn2x *, .dn2x *::before { box-sizing: border-box; }
.dn2x [hidden] { display: none !important; }
.dn2x .dn2x-title { font-size: 16px; font-weight: 600; margin: 0 0 8px; line-height: 1.3; color: inherit; }
.dn2x-controls { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 0 0 8px; }
.dn2x-control { display: flex; align-items: center; gap: 8px; min-height: 28px; max-width: 100%; }
.dn2x-control label { white-space: nowrap; color: inherit; }
.dn2x-range { width: 200px; min-width: 80px; flex: 0 1 auto; margin: 0; accent-color: var(--dn2x-accent); cursor: pointer; }
.dn2x-value { min-width: 3.2em; font-variant-numeric: tabular-nums; font-weight: 600; }
.dn2x-select { font: inherit; color: inherit; background: var(--jp-layout-color1, Canvas); border: 1px solid var(--dn2x-rule);
  border-radius: 3px; padding: 3px 6px; max-width: 100%; }
.dn2x-readouts { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0 0 6px; padding: 0; }
.dn2x-readout { margin: 0; min-width: 0; }
.dn2x-name, .dn2x-detail { color: var(--dn2x-quiet); font-size: 12px; }
.dn2x-number { font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.25; overflow-wrap: anywhere; }
.dn2x .dn2x-notes { margin: 4px 0; padding: 0; list-style: none; color: var(--dn2x-quiet); font-size: 12px; }
.dn2x-figures { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; margin: 4px 0; }
@container (min-width: 680px) { .dn2x-figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .dn2x-figure:last-child:nth-child(odd) { grid-column: 1 / -1; } }
@container (min-width: 1080px) { .dn2x-figures:has(> :nth-child(3)) { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .dn2x-figure:last-child:nth-child(3n) { grid-column: auto; } }
.dn2x-figure { position: relative; min-width: 0; min-height: 120px; overflow: auto hidden; }
.dn2x-graph, .dn2x-gallery { contain: layout style; }
.dn2x-mark { position: absolute; left: 0; top: 0; width: 0; border-left: 1.5px dashed #868686; pointer-events: none; }
.dn2x-mark-text { position: absolute; top: 0; padding: 0 4px; white-space: nowrap; font: 12px/1.3 "DejaVu Sans", Verdana, sans-serif; }
.dn2x-mark[data-side="left"] .dn2x-mark-text { right: 2px; }
.dn2x-mark[data-side="right"] .dn2x-mark-text { left: 2px; }
.dn2x-mark-point { position: absolute; left: -7px; top: -6px; width: 12px; height: 12px; border: 1.5px solid #FFFFFF; border-radius: 50%; }
.dn2x-line { position: absolute; width: 17px; margin-left: -8px; cursor: ew-resize; touch-action: none; border-radius: 4px; }
.dn2x-line::before { content: ""; position: absolute; left: 5px; top: calc(50% - 13px); width: 7px; height: 26px; border-radius: 4px;
  background: #868686; box-shadow: 0 0 0 1.5px var(--jp-layout-color0, Canvas); }
.dn2x-line:hover::before, .dn2x-line:focus-visible::before { background: var(--dn2x-accent); }
.dn2x :focus-visible { outline: 2px solid var(--dn2x-accent); outline-offset: 1px; }
.dn2x-galleries { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; margin-top: 6px; }
.dn2x .dn2x-gallery-title { margin: 0 0 4px; font-size: 13px; font-weight: 600; color: inherit; line-height: 1.3; }
.dn2x .dn2x-tiles { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0; list-style: none; }
.dn2x .dn2x-tiles li { margin: 0; }
.dn2x-tile { display: block; width: 88px; padding: 2px; border: 0; background: none; font: inherit; color: inherit; text-align: center; }
button.dn2x-tile { cursor: pointer; border-radius: 4px; }
button.dn2x-tile:hover .dn2x-box { filter: brightness(1.12); }
.dn2x-box { display: flex; align-items: center; justify-content: center; height: 84px; border: 2px solid transparent; border-radius: 4px;
  background: var(--jp-layout-color2, rgba(128, 128, 128, .12)); overflow: hidden; }
.dn2x-tile[data-frame="anomaly"] .dn2x-box { border-color: var(--dn2x-anomaly); border-width: 3px; }
.dn2x-tile[data-frame="normal"] .dn2x-box { border-color: var(--dn2x-normal); }
.dn2x-picture { display: flex; align-items: center; justify-content: center; width: 80px; height: 80px; flex: none;
  background-repeat: no-repeat; font-size: 10px; color: var(--dn2x-quiet); }
.dn2x-picture[data-state]::after { content: "\\2026"; font-size: 16px; }
.dn2x-picture[data-state="missing"]::after { content: "no picture saved"; font-size: 10px; line-height: 1.2; }
.dn2x-caption span { display: block; font-size: 11px; line-height: 1.25; color: var(--dn2x-quiet); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.dn2x .dn2x-empty { margin: 0; color: var(--dn2x-quiet); font-size: 12px; }
.dn2x .dn2x-empty:empty { display: none; }
.dn2x-explain { position: relative; padding: 8px 10px 2px; border: 1px solid var(--dn2x-rule); border-radius: 6px; }
.dn2x-explain > .dn2x { padding: 0; }
.dn2x-close { position: absolute; right: 8px; top: 8px; font: inherit; color: inherit; background: none; z-index: 1;
  border: 1px solid var(--dn2x-rule); border-radius: 3px; padding: 2px 8px; cursor: pointer; }
.dn2x-said { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dn2x-problem { color: var(--jp-error-color1, #b00020); }
@container (max-width: 420px) { .dn2x-control { flex-wrap: wrap; } .dn2x-range { width: 150px; } }
`;

/**
 * Puts the explorers' style into the document of an element, once.
 *
 * @param target - an element of the document, or of a shadow root in it
 */
export function addStyle(target: Node): void {
  const root = target.getRootNode();
  const place = root instanceof ShadowRoot ? root : document.head;
  // A page may hold explorers of two versions: one that a kernel brought and one of JupyterLab's extension.
  if ([...place.querySelectorAll("style[data-dn2x]")].some(({ textContent }) => textContent === css)) return;
  const style = document.createElement("style");
  style.dataset.dn2x = "";
  style.textContent = css;
  place.append(style);
}
