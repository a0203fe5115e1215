import { createRequire } from "node:module";
import { packageVersion } from "../package-root.js";
import { protocolVersion } from "../wire/codec.js";

/**
 * What the kernel says about itself. Takes no time: TypeScript is not loaded for it.
 *
 * @returns content of kernel_info_reply
 */
export function kernelInfo(): Record<string, unknown> {
  const require = createRequire(createRequire(import.meta.url).resolve("tslab"));
  const typescript: string = require("@tslab/typescript-for-tslab/package.json").version;
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "dn2",
    implementation_version: packageVersion,
    banner: `DN2 ${packageVersion} (TypeScript ${typescript}, Node.js ${process.versions.node})`,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
      nbconvert_exporter: "script",
    },
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
    debugger: false,
    supported_features: [],
  };
}
