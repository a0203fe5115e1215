import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisLabel, label, plainLine, refuseActiveLinks, shortLabel } from "../../src/plots/label.js";

describe("a label", () => {
  it("keeps what was written and leaves no markup", () => {
    expect(label("a < b & c > d")).toBe("a &#60; b &#38; c &#62; d");
    expect(label("$x$ %{y} \"quoted\" 'too'")).toBe("&#36;x&#36; &#37;{y} &#34;quoted&#34; &#39;too&#39;");
  });

  it("never contains a character that plotly.js reads as markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(label(text)).not.toMatch(/[<>"'$%\n\u0000-\u001f]/);
        expect(label(text).replace(/&#\d+;/g, "")).not.toContain("&");
      }),
    );
  });

  it("is one line of whole characters in reading order", () => {
    expect(plainLine("one\r\ntwo\tthree\u0000 ")).toBe("one two three");
    expect(plainLine("abc\u202edef\u2066 \ud83d \ud83d\ude00")).toBe("abcdef  \ud83d\ude00");
  });

  it("loses its middle where it is too long to be shown at the mouse", () => {
    expect(shortLabel("a".repeat(80))).toBe("a".repeat(80));
    expect(shortLabel(`${"a".repeat(60)}${"b".repeat(60)}`)).toBe(`${"a".repeat(40)}…${"b".repeat(39)}`);
  });
});

describe("the label of an axis", () => {
  it("begins with a capital, but for a sign that stands by itself, and holds no markup", () => {
    expect(axisLabel("training images")).toBe("Training images");
    expect(axisLabel("k, the number of neighbors")).toBe("k, the number of neighbors");
    expect(axisLabel("ROCAUC (%)")).toBe("ROCAUC (&#37;)");
    expect(axisLabel("")).toBe("");
  });
});

describe("a link", () => {
  it("is looked for in markup only", () => {
    expect(() => refuseActiveLinks(label('<a href="javascript:x">'))).not.toThrow();
    expect(() => refuseActiveLinks("<a target=_self href=javascript:x>")).toThrow("got javascript:x");
    expect(() => refuseActiveLinks("<a href='vbscript:x'>")).toThrow("https:");
  });
});
