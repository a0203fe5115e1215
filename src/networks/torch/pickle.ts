import type { Fail } from "../../core/zip.js";
import { build, callGlobal, type Global, globalNamed, OrderedDict, persistentLoad } from "./globals.js";

/** What a pickle may hold here: plain values, lists, dictionaries, and the tensors of `globals.ts`. */
export type Pickled = unknown;

const mark = Symbol("mark");

/** Names of the instructions that are refused. */
const opcodeNames: Record<number, string> = Object.fromEntries(
  (
    "30 POP 31 POP_MARK 32 DUP 46 FLOAT 49 INT 4c LONG 50 PERSID 53 STRING 54 BINSTRING 55 SHORT_BINSTRING 56 UNICODE " +
    "64 DICT 67 GET 69 INST 6c LIST 6f OBJ 70 PUT 81 NEWOBJ 82 EXT1 83 EXT2 84 EXT4 8b LONG4 42 BINBYTES " +
    "43 SHORT_BINBYTES 8d BINUNICODE8 8e BINBYTES8 8f EMPTY_SET 90 ADDITEMS 91 FROZENSET 92 NEWOBJ_EX 96 BYTEARRAY8 " +
    "97 NEXT_BUFFER 98 READONLY_BUFFER"
  )
    .match(/\S+ \S+/g)
    ?.map((pair) => [Number.parseInt(pair, 16), pair.slice(3)]) ?? [],
);

/**
 * Reads a pickle that builds tensors and plain values only. It is a fixed list of instructions on lists and dictionaries:
 * nothing that the pickle names is looked up or run, and whatever is not on the list is refused by its name.
 *
 * @param bytes - the pickle, and possibly more behind it
 * @param fail - makes the error
 * @returns the value, and how many bytes the pickle has
 * @throws what `fail` makes for any other instruction or global, and for a pickle that is cut off or damaged
 * @see Python's pickletools for the instructions
 */
export function readPickle(bytes: Uint8Array, fail: Fail): { value: Pickled; length: number } {
  return new Unpickler(bytes, fail).read();
}

class Unpickler {
  #at = 0;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly fail: Fail,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): { value: Pickled; length: number } {
    for (;;) {
      const opcode = this.#number(1, (at) => this.#view.getUint8(at));
      if (opcode === 0x2e) return { value: this.#pop(), length: this.#at };
      this.#step(opcode);
    }
  }

  #step(opcode: number): void {
    const value = this.#value(opcode);
    if (value !== undefined) this.#push(value);
    else this.#act(opcode);
  }

  /** The value that an instruction puts on the stack; undefined for an instruction of another kind. */
  #value(opcode: number): unknown {
    const view = this.#view;
    switch (opcode) {
      case 0x28:
        return mark;
      case 0x4e:
        return null;
      case 0x88:
        return true;
      case 0x89:
        return false;
      case 0x4a:
        return this.#number(4, (at) => view.getInt32(at, true));
      case 0x4b:
        return this.#byte();
      case 0x4d:
        return this.#number(2, (at) => view.getUint16(at, true));
      case 0x47:
        return this.#number(8, (at) => view.getFloat64(at, false));
      case 0x8a:
        return this.#long(this.#take(this.#byte()));
      case 0x58:
        return this.#text(this.#number(4, (at) => view.getUint32(at, true)));
      case 0x8c:
        return this.#text(this.#byte());
      case 0x29:
      case 0x5d:
        return [];
      case 0x7d:
        return new Map();
      case 0x74:
        return this.#popMarked();
      case 0x85:
      case 0x86:
      case 0x87:
        return this.#popMany(opcode - 0x84);
      case 0x68:
        return this.#recall(this.#byte());
      case 0x6a:
        return this.#recall(this.#number(4, (at) => view.getUint32(at, true)));
      case 0x63: {
        const module = this.#line();
        return this.#global(module, this.#line());
      }
      case 0x93: {
        const [module, name] = this.#popMany(2);
        return this.#global(String(module), String(name));
      }
      case 0x52: {
        const [target, args] = this.#popMany(2);
        return callGlobal(target, args, this.fail);
      }
      case 0x51:
        return persistentLoad(this.#pop(), this.fail);
    }
  }

  /** Carries out an instruction that changes what is there. */
  #act(opcode: number): void {
    const view = this.#view;
    switch (opcode) {
      case 0x80: {
        const version = this.#byte();
        if (version < 2 || version > 5) throw this.fail(`its pickle has the unknown protocol ${version}`);
        return;
      }
      case 0x95:
        this.#number(8, () => 0);
        return;
      case 0x61: {
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case 0x65: {
        const items = this.#popMarked();
        const list = this.#list();
        for (const item of items) list.push(item);
        return;
      }
      case 0x73:
        this.#setItems(this.#popMany(2));
        return;
      case 0x75:
        this.#setItems(this.#popMarked());
        return;
      case 0x71:
        this.#memo.set(this.#byte(), this.#top());
        return;
      case 0x72:
        this.#memo.set(
          this.#number(4, (at) => view.getUint32(at, true)),
          this.#top(),
        );
        return;
      case 0x94:
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case 0x62: {
        const state = this.#pop();
        build(this.#top(), state, this.fail);
        return;
      }
      default: {
        const name = opcodeNames[opcode] ?? `0x${opcode.toString(16).padStart(2, "0")}`;
        throw this.fail(
          `a checkpoint must build tensors only; its pickle uses the instruction ${name}, which is refused: save the model's state_dict() in Python`,
        );
      }
    }
  }

  #global(module: string, name: string): Global {
    return globalNamed(`${module}.${name}`, this.fail);
  }

  #push(value: unknown): void {
    this.#stack.push(value);
  }

  #pop(): unknown {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw this.#damaged();
    return value;
  }

  #top(): unknown {
    const value = this.#pop();
    this.#push(value);
    return value;
  }

  #popMany(count: number): unknown[] {
    const values = Array.from({ length: count }, () => this.#pop());
    return values.reverse();
  }

  #popMarked(): unknown[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw this.#damaged();
    const values = this.#stack.splice(at);
    return values.slice(1);
  }

  #list(): unknown[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#damaged();
    return list;
  }

  #setItems(items: unknown[]): void {
    const target = this.#top();
    const map = target instanceof OrderedDict ? target.items : target;
    if (!(map instanceof Map) || items.length % 2 !== 0) throw this.#damaged();
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  }

  #recall(key: number): unknown {
    if (!this.#memo.has(key)) throw this.#damaged();
    return this.#memo.get(key);
  }

  #byte(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }

  #number(bytes: number, read: (at: number) => number): number {
    const at = this.#at;
    if (at + bytes > this.bytes.length) throw this.#cutOff();
    this.#at += bytes;
    return read(at);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.bytes.length) throw this.#cutOff();
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  #text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  #line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#cutOff();
    const text = this.#text(end - this.#at);
    this.#at++;
    return text;
  }

  #long(bytes: Uint8Array): number | bigint {
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    if (bytes.length > 0 && bytes[bytes.length - 1] & 0x80) value -= 1n << BigInt(8 * bytes.length);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #cutOff(): Error {
    return this.fail("its pickle ends too early; it is cut off, fetch or save it again");
  }

  #damaged(): Error {
    return this.fail(`its pickle is damaged before its byte ${this.#at}; fetch or save it again`);
  }
}
