import { expect, it } from "vitest";
import { tableBundle } from "../../src/core/table.js";

const table = {
  title: "figures of a < b",
  header: ["class", "ROCAUC", "interval"],
  rows: [
    ["a long name", "85.59", "[80.24, 90.94]"],
    ["mean", "85.59"],
  ],
  notes: ["a note"],
};

it("keeps an interval on one line, and lets the table and nothing else scroll in a narrow page", () => {
  const html = String(tableBundle(table, { strong: "mean" })["text/html"]);
  expect(html).toContain("[80.24,\u00a090.94]</td>");
  expect(html).toContain(">a long name</td>");
  expect(html.match(/white-space:nowrap/g)).toHaveLength(6);
  expect(html).toMatch(/^<p [^>]*>figures of a &#60; b<\/p><div style="overflow-x:auto"><table>/);
  expect(html).toMatch(/<\/table><\/div><small>a note<\/small>$/);
});
