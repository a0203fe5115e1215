import { DataError } from "../../core/errors.js";

/** A box as an annotation states it: pixels, right and bottom excluded. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One object of an annotated picture. */
export interface AnnotatedObject {
  /** Class of the object. */
  readonly name: string;
  /** Where it is; undefined where the annotation states no whole box. */
  readonly box?: Box;
}

/** A picture's annotation. */
export interface Annotation {
  /** The picture's size in pixels, where stated. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The objects in the order of the file. */
  readonly objects: readonly AnnotatedObject[];
}

const largestCharacters = 10_000_000;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads an annotation in the form of PASCAL VOC. Of XML only elements without attributes of interest are understood;
 * document types and entities of the file's own are refused, so that nothing is expanded or read from elsewhere.
 *
 * @param text - the XML text
 * @param path - its file, for messages
 * @returns size and objects; parts of objects are passed over
 * @throws DataError when it is no annotation, is too large, or declares a document type
 */
export function parseAnnotation(text: string, path: string): Annotation {
  const refuse = (reason: string): never => {
    throw new DataError(`${path} must be an annotation in the form of PASCAL VOC; ${reason}`, path);
  };
  if (text.length > largestCharacters) refuse(`it has more than ${largestCharacters} characters`);
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) refuse("it declares a document type");
  const plain = text.replace(/<!--[\s\S]*?-->/g, "");
  const root = element(plain, "annotation") ?? refuse("it has no element annotation that is closed");
  const opened = root.match(/<object[\s>]/g)?.length ?? 0;
  const blocks = [...root.matchAll(/<object(?:\s[^<>]*)?>([\s\S]*?)<\/object>/g)].map(([, block]) => block);
  if (opened !== blocks.length) refuse("an element object is not closed");
  const objects = blocks.map((block) => {
    const own = block.replace(/<part(?:\s[^<>]*)?>[\s\S]*?<\/part>/g, "");
    const name = decode(element(own, "name") ?? "").trim();
    return name === "" ? refuse("an object has no name") : { name, box: boxOf(own) };
  });
  const size = element(root, "size") ?? "";
  const [width, height] = [numberIn(size, "width"), numberIn(size, "height")];
  return { size: width > 0 && height > 0 ? { width, height } : undefined, objects };
}

function boxOf(block: string): Box | undefined {
  const box = element(block, "bndbox");
  if (box === undefined) return undefined;
  const [left, top, right, bottom] = ["xmin", "ymin", "xmax", "ymax"].map((name) =>
    Math.round(numberIn(box, name)),
  );
  return [left, top, right, bottom].every(Number.isFinite) ? { left, top, right, bottom } : undefined;
}

function element(text: string, name: string): string | undefined {
  const opening = new RegExp(`<${name}(?:\\s[^<>]*)?>`).exec(text);
  const start = opening ? opening.index + opening[0].length : -1;
  const end = text.indexOf(`</${name}>`, start);
  return start < 0 || end < 0 ? undefined : text.slice(start, end);
}

function numberIn(text: string, name: string): number {
  const found = element(text, name)?.trim();
  return found ? Number(found) : Number.NaN;
}

function decode(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) =>
    Object.hasOwn(entities, name) ? entities[name] : whole,
  );
}
