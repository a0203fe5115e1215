import type { FileChanges } from "./file-changes.js";
import type { Builder, FileDiagnostic, TypeScript, TypeScriptSystem, WatchHost } from "./typescript.js";
import type { VirtualFolder } from "./virtual-folder.js";

/** How the view differs from the original. */
export interface ViewSettings {
  /** Folder of the notebook. */
  readonly folder: VirtualFolder;
  /** Path of TypeScript. */
  readonly typescript: string;
  /** Names of Node's modules. */
  readonly builtins: ReadonlySet<string>;
  /** Files in which imported modules are looked for anew every time. */
  readonly cellFiles: ReadonlySet<string>;
  /** A file of the folder in which modules are looked for that the notebook's folder does not have. */
  readonly fallback: string;
  /** Watches the files of the user. */
  readonly changes: FileChanges;
  /** Options of the compiler that replace tslab's. */
  readonly options: object;
  /** Replaces `transpileModule`. */
  readonly transpileModule: TypeScript["transpileModule"];
  /** Receives complaints about files outside the notebook's folder, which tslab leaves out. */
  readonly onOutside: (diagnostic: FileDiagnostic) => void;
}

const outputFolder = "outDir";

/**
 * A view of TypeScript that tslab is given instead of the original, which stays as it is.
 *
 * The notebook's folder has a placeholder's name. Only files of the user are watched, not packages and folders. Modules
 * of Node are not looked for in folders. Files outside the notebook's folder can be imported.
 *
 * @param real - TypeScript
 * @param settings - how the view differs
 * @returns the view
 */
export function viewOf(real: TypeScript, settings: ViewSettings): TypeScript {
  const { folder, onOutside } = settings;
  real.sys.useCaseSensitiveFileNames = true;
  const isOutside = (path: string): boolean =>
    !path.startsWith(`${folder.path}/`) && !path.includes("/node_modules/") && !path.endsWith(".d.ts");
  return {
    ...real,
    sys: systemOf(real.sys, settings),
    transpileModule: settings.transpileModule,
    createWatchCompilerHost(roots, given, system, ...rest) {
      const options = { ...given, ...settings.options };
      const host = real.createWatchCompilerHost(roots, options, system, ...rest);
      resolveModules(host, real, system, options, settings);
      return host;
    },
    createWatchProgram(host) {
      const created = host.afterProgramCreate;
      host.afterProgramCreate = (builder) => created?.(withFlatOutput(builder, folder.path));
      return real.createWatchProgram(host);
    },
    getPreEmitDiagnosticsOfFiles(program, files) {
      const found = real.getPreEmitDiagnosticsOfFiles(program, files);
      for (const diagnostic of found) {
        if (diagnostic.file && isOutside(diagnostic.file.fileName)) onOutside(diagnostic);
      }
      return found;
    },
  };
}

function systemOf(real: TypeScriptSystem, { folder, changes, typescript }: ViewSettings): TypeScriptSystem {
  const sys: TypeScriptSystem = Object.create(real);
  const at = <T>(path: string, ask: (path: string) => T, otherwise: T): T => {
    const place = folder.real(path);
    return place === undefined ? otherwise : ask(place);
  };
  const isOfPackage = (path: string): boolean => path.includes("/node_modules/");
  const unwatched = { close() {} };
  return Object.assign(sys, {
    getCurrentDirectory: () => folder.path,
    getExecutingFilePath: () => typescript,
    readFile: (path, encoding) =>
      isOfPackage(path) ? at(path, (place) => real.readFile(place, encoding), undefined) : changes.read(path),
    fileExists: (path) => at(path, (place) => real.fileExists(place), false),
    directoryExists: (path) => at(path, (place) => real.directoryExists(place), false),
    getDirectories: (path) => at(path, (place) => real.getDirectories(place), []),
    readDirectory: (path, ...rest) => at(path, (place) => real.readDirectory(place, ...rest), []),
    getModifiedTime: (path) => at(path, (place) => real.getModifiedTime?.(place), undefined),
    realpath: (path) => {
      const place = folder.real(path);
      return place !== undefined && real.fileExists(place) ? (real.realpath?.(place) ?? place) : path;
    },
    watchDirectory: () => unwatched,
    watchFile: (path, callback) => (isOfPackage(path) ? unwatched : changes.watch(path, callback)),
  } satisfies Partial<TypeScriptSystem>);
}

function resolveModules(
  host: WatchHost,
  real: TypeScript,
  system: TypeScriptSystem,
  options: object,
  { folder, builtins, cellFiles, fallback }: ViewSettings,
): void {
  const packages = real.createModuleResolutionCache(folder.path, (name) => name, options);
  host.hasInvalidatedResolutions = (path) => cellFiles.has(path);
  host.resolveModuleNameLiterals = (literals, from, redirected, current) =>
    literals.map(({ text }) => {
      if (builtins.has(text.replace(/^node:/, ""))) return {};
      const cache = from.includes("/node_modules/") ? packages : undefined;
      const found = real.resolveModuleName(text, from, current, system, cache, redirected);
      if (found.resolvedModule || text.startsWith(".") || text.startsWith("/")) return found;
      return real.resolveModuleName(text, fallback, current, system, packages, redirected);
    });
}

/**
 * The root of all files is the root of the machine, so that a file outside the notebook's folder is no error; tslab
 * nevertheless finds the output of its own files where it expects it.
 */
function withFlatOutput(builder: Builder, folder: string): Builder {
  const inside = `${outputFolder}${folder}/`;
  const flat = (name: string): string =>
    name.startsWith(inside) ? `${outputFolder}/${name.slice(inside.length)}` : name;
  return Object.assign(Object.create(builder), {
    emit: (file, write, ...rest) =>
      builder.emit(file, (name, ...more) => write(flat(name), ...more), ...rest),
  } satisfies Partial<Builder>);
}
