import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expect, it } from "vitest";
import { installKernelSpec, kernelSpecState, uninstallKernelSpec } from "../../kernel/spec/kernel-spec.js";

it("registers the kernel under a prefix, notices when it is outdated, and removes it", async () => {
  const prefix = mkdtempSync(join(tmpdir(), "dn2-spec-"));
  try {
    expect(await kernelSpecState(prefix)).toBe("absent");
    const folder = await installKernelSpec(prefix);
    expect(folder).toBe(join(prefix, "share", "jupyter", "kernels", "dn2"));
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      display_name: "DN2 (TypeScript)",
      language: "typescript",
      interrupt_mode: "message",
    });
    expect(isAbsolute(spec.argv[0])).toBe(true);
    expect(spec.argv.at(-1)).toBe("{connection_file}");
    expect(await kernelSpecState(prefix)).toBe("current");
    writeFileSync(join(folder, "kernel.json"), "{}");
    expect(await kernelSpecState(prefix)).toBe("outdated");
    expect(await uninstallKernelSpec(prefix)).toBe(true);
    expect(await uninstallKernelSpec(prefix)).toBe(false);
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
});
