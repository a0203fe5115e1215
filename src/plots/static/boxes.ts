import { ascent, descent, type Face, textWidth } from "./fonts.js";

/** A rectangle in pixels, y downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const identity: Matrix = [1, 0, 0, 1, 0, 0];

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformOf(element: Element): Matrix {
  let matrix = identity;
  for (const [, name, list] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const v = list.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix = multiply(matrix, [1, 0, 0, 1, v[0], v[1] ?? 0]);
    else if (name === "scale") matrix = multiply(matrix, [v[0], 0, 0, v[1] ?? v[0], 0, 0]);
    else if (name === "matrix") matrix = multiply(matrix, v as unknown as Matrix);
    else if (name === "rotate") {
      const [angle, x = 0, y = 0] = v;
      const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      matrix = multiply(matrix, [c, s, -s, c, x - c * x + s * y, y - s * x - c * y]);
    }
  }
  return matrix;
}

function apply(m: Matrix, box: Box): Box {
  const points = [
    [box.left, box.top],
    [box.right, box.top],
    [box.left, box.bottom],
    [box.right, box.bottom],
  ].map(([x, y]) => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]]);
  return around(points);
}

function around(points: number[][]): Box {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function union(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return around(
    boxes.flatMap((b) => [
      [b.left, b.top],
      [b.right, b.bottom],
    ]),
  );
}

function length(element: Element, name: string): number {
  return Number.parseFloat(element.getAttribute(name) ?? "") || 0;
}

function styleOf(element: Element, property: string): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const own = (at as SVGElement).style?.getPropertyValue(property) || at.getAttribute(property);
    if (own) return own;
  }
  return "";
}

function fontSize(element: Element): number {
  const own = (element as SVGElement).style?.fontSize || element.getAttribute("font-size") || "";
  const value = Number.parseFloat(own);
  if (own.endsWith("%") && element.parentElement) return (value / 100) * fontSize(element.parentElement);
  if (own.endsWith("em") && element.parentElement) return value * fontSize(element.parentElement);
  if (own) return value;
  return element.parentElement ? fontSize(element.parentElement) : 12;
}

function face(element: Element): Face {
  const weight = styleOf(element, "font-weight");
  const slanted = /italic|oblique/.test(styleOf(element, "font-style"));
  const bold = weight === "bold" || Number(weight) >= 600;
  return bold ? (slanted ? "boldOblique" : "bold") : slanted ? "oblique" : "regular";
}

/**
 * @param element - a `text` or `tspan` element
 * @returns the width in pixels of all its text on one line
 */
export function runWidth(element: Element): number {
  let width = 0;
  for (const child of element.childNodes) {
    if (child.nodeType === 1) width += runWidth(child as Element);
    else if (child.nodeType === 3) {
      width += textWidth((child.nodeValue ?? "").replace(/\u200b/g, ""), fontSize(element), face(element));
    }
  }
  return width;
}

function shift(element: Element): number {
  const dy = element.getAttribute("dy") ?? "";
  return (Number.parseFloat(dy) || 0) * (dy.endsWith("em") ? fontSize(element) : 1);
}

function textBox(text: Element): Box | undefined {
  const lines = Array.from(text.children).filter((child) => child.classList.contains("line"));
  const anchor = styleOf(text, "text-anchor");
  const size = fontSize(text);
  const boxes = (lines.length > 0 ? lines : [text]).map((line) => {
    const width = runWidth(line);
    const x = length(line, "x") || length(text, "x");
    const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
    const baseline = (length(line, "y") || length(text, "y")) + shift(line);
    return { left, right: left + width, top: baseline - ascent * size, bottom: baseline + descent * size };
  });
  return text.textContent ? union(boxes) : undefined;
}

function pathBox(path: Element): Box | undefined {
  const points: number[][] = [];
  let [x, y] = [0, 0];
  for (const [, command, list] of (path.getAttribute("d") ?? "").matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const v = (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const relative = command === command.toLowerCase();
    const kind = command.toUpperCase();
    const step =
      kind === "H" || kind === "V" ? 1 : kind === "A" ? 7 : kind === "C" ? 6 : kind === "Q" ? 4 : 2;
    for (let i = 0; i + step <= v.length; i += step) {
      const [endX, endY] = [v[i + step - (kind === "V" ? 1 : step === 1 ? 1 : 2)], v[i + step - 1]];
      if (kind !== "V") x = relative ? x + endX : endX;
      if (kind !== "H") y = relative ? y + endY : endY;
      points.push([x, y]);
    }
  }
  return points.length > 0 ? around(points) : undefined;
}

/**
 * @param element - an SVG element
 * @returns the box around what it draws, in its own coordinates; undefined when it draws nothing
 */
export function localBox(element: Element): Box | undefined {
  switch (element.tagName) {
    case "text":
      return textBox(element);
    case "rect":
    case "image": {
      const [left, top] = [length(element, "x"), length(element, "y")];
      return { left, top, right: left + length(element, "width"), bottom: top + length(element, "height") };
    }
    case "path":
      return pathBox(element);
    case "g":
    case "a":
    case "svg":
      return union(
        Array.from(element.children).flatMap((child) => {
          const box = localBox(child);
          return box ? [apply(transformOf(child), box)] : [];
        }),
      );
    default:
      return undefined;
  }
}

/**
 * @param element - an SVG element
 * @returns the box around what it draws, in the coordinates of the outermost element that is drawn
 */
export function pageBox(element: Element): Box {
  let box = localBox(element) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  for (let at: Element | null = element; at; at = at.parentElement) box = apply(transformOf(at), box);
  return box;
}
