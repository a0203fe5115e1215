import type { QuickInfo } from "../tslab/types.js";

/** What is known about a name, in two forms. */
export interface NameDescription {
  /** For terminals. */
  readonly plain: string;
  /** For notebooks: the signature as code, the documentation as Markdown. */
  readonly markdown: string;
}

/**
 * Presents what the editor services know about a name.
 *
 * @param info - signature, documentation and tags
 * @returns signature first, then the documentation
 */
export function describeName(info: QuickInfo): NameDescription {
  const signature = join(info.displayParts);
  const documentation = join(info.documentation).trim();
  const tags = (info.tags ?? []).map((tag) => ({ name: tag.name, text: join(tag.text).trim() }));
  const plain = [signature, documentation, tags.map((tag) => `@${tag.name} ${tag.text}`.trim()).join("\n")];
  const markdown = [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, tags.map(asItem).join("\n")];
  return { plain: plain.filter(Boolean).join("\n\n"), markdown: markdown.filter(Boolean).join("\n\n") };
}

function join(parts: QuickInfo["displayParts"]): string {
  return (parts ?? []).map((part) => part.text).join("");
}

function asItem({ name, text }: { name: string; text: string }): string {
  if (name === "param" || name === "typeParam") {
    const [, parameter, rest] = /^(\S+)\s*(?:-\s*)?([\s\S]*)$/.exec(text) ?? ["", "", text];
    return `- \`${parameter}\`: ${rest}`;
  }
  return `- *${name}*${text ? `: ${text}` : ""}`;
}
