/**
 * A file of the tree as the house rules see it: its path, its text and, on demand, its syntax.
 * The syntax comes from a real parser, so that words in strings and comments never count as code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Comment, type ParseResult, parseSync } from "oxc-parser";

const skippedFolders = new Set([".git", ".toolchain", "coverage", "dist", "node_modules", "var", "__pycache__"]);
const skippedFiles = new Set(["package-lock.json"]);
const textEndings = /\.(ts|js|mjs|cjs|json|jsonc|yaml|yml|md|sh|py|html|css|svg|service|rules|conf|toml|xml)$/;
const textNames = /^(Makefile|kordon|run|\.[a-z]+|postinst|prerm|postrm|control)$/;

/** A place where a rule is broken. */
export interface Breach {
    readonly path: string;
    readonly line: number;
    readonly rule: string;
    readonly message: string;
}

export class TreeFile {
    /** From the root of the tree, with forward slashes. */
    readonly path: string;
    readonly text: string;
    #parsed: ParseResult | undefined;

    constructor(path: string, text: string) {
        this.path = path;
        this.text = text;
    }

    get isTypeScript(): boolean {
        return this.path.endsWith(".ts");
    }

    /** Throws where the text is not TypeScript. */
    get syntax(): ParseResult {
        if (this.#parsed === undefined) {
            const parsed = parseSync(this.path, this.text);
            const error = parsed.errors[0];
            if (error !== undefined) throw new Error(`${this.path} cannot be parsed: ${error.message}`);
            this.#parsed = parsed;
        }
        return this.#parsed;
    }

    get comments(): readonly Comment[] {
        return this.syntax.comments;
    }

    isUnder(...folders: readonly string[]): boolean {
        return folders.some((folder) => this.path === folder || this.path.startsWith(`${folder}/`));
    }

    breach(rule: string, offset: number, message: string): Breach {
        return { path: this.path, line: this.text.slice(0, offset).split("\n").length, rule, message };
    }
}

/** Every text file below `root`, sorted by path; what git ignores is left out. */
export function readTree(root: string): TreeFile[] {
    return readdirSync(root, { recursive: false, withFileTypes: true })
        .flatMap((entry) => filesOf(root, entry.name, entry.isDirectory()))
        .sort()
        .map((path) => new TreeFile(path, readFileSync(join(root, path), "utf8")));
}

function filesOf(root: string, path: string, isFolder: boolean): string[] {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (skippedFolders.has(name)) return [];
    if (!isFolder) return !skippedFiles.has(name) && (textEndings.test(name) || textNames.test(name)) ? [path] : [];
    return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
        filesOf(root, `${path}/${entry.name}`, entry.isDirectory()),
    );
}
