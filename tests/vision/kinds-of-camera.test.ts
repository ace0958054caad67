/**
 * Cameras that give single pictures and cameras that upload files, read by the real vision child. The snapshot camera is a
 * process of its own that speaks HTTP; the folder is a real one. Tests wait for what the child makes of it, never for a time.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/runtime/clock.ts";
import { superviseWith } from "../../src/runtime/supervisor.ts";
import type { CameraOrder } from "../../src/vision/camera-plan.ts";
import { VisionPlateSource } from "../../src/vision/vision-plate-source.ts";
import { jpegOf, plate, sceneWith } from "./drawn-scene.ts";

const PLATE = "375SN04";
const SIMULATOR = fileURLToPath(new URL("../../simulators/wire/snapshot/main.ts", import.meta.url));
const closing: (() => unknown)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
});

type Part = CameraOrder extends infer Order ? (Order extends unknown ? Omit<Order, "camera"> : never) : never;

function openSource(order: Part): VisionPlateSource {
    const log = { warn: () => undefined, debug: () => undefined };
    const supervise = superviseWith(systemClock, log, process.env);
    const source = new VisionPlateSource({ camera: "gate", ...order } as CameraOrder, supervise, systemClock);
    closing.push(() => source.stop());
    return source;
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
    const lateMs = systemClock.monotonicMs() + 60_000;
    for (;;) {
        const found = look();
        if (found !== undefined) return found;
        if (systemClock.monotonicMs() > lateMs) throw new Error(`waited in vain until ${what}`);
        await systemClock.sleep(20);
    }
}

const isWell = (source: VisionPlateSource) => (source.health().state === "well" ? true : undefined);
const faultOf = (source: VisionPlateSource) => {
    const health = source.health();
    return health.state === "failed" ? health : undefined;
};
const readOf = (source: VisionPlateSource, text: string) => source.reads().find((read) => read.text === text);

class Simulator {
    readonly url: string;
    readonly #child: ChildProcess;
    readonly #lines: AsyncIterator<string>;

    private constructor(url: string, child: ChildProcess, lines: AsyncIterator<string>) {
        this.url = url;
        this.#child = child;
        this.#lines = lines;
    }

    static async start(login: "digest" | "basic" | "none"): Promise<Simulator> {
        const child = spawn(process.execPath, [SIMULATOR, "--login", login, "--plate", PLATE], {
            stdio: ["pipe", "pipe", "inherit"],
        });
        closing.push(() => child.kill("SIGKILL"));
        const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
        const { url } = JSON.parse(String((await lines.next()).value));
        return new Simulator(url, child, lines);
    }

    /** Switches a fault on; resolves to the pictures asked for so far once it is. */
    async fault(name: string): Promise<number> {
        this.#child.stdin?.write(`${name}\n`);
        return JSON.parse((await this.#lines.next()).value).served;
    }
}

describe("a camera that gives single pictures", () => {
    test("is read with a digest login, survives every fault, and is read again", { timeout: 120_000 }, async () => {
        const camera = await Simulator.start("digest");
        const login = { username: "gate", password: "gate" };
        const source = openSource({ kind: "snapshot", url: camera.url, everyMs: 150, frameMsMax: 3_000, login });
        source.watch(true);
        await until("the plate is read", () => readOf(source, PLATE));
        const expected = { hung: "FRAME_TIMEOUT", gone: "BAD_REPLY", disconnect: "NOT_CONNECTED", cut: "BAD_REPLY" };
        for (const [fault, code] of Object.entries(expected)) {
            await camera.fault(fault);
            expect(await until(`${fault} is noticed`, () => faultOf(source))).toMatchObject({ code });
            await camera.fault("none");
            await until(`it is well after ${fault}`, () => isWell(source));
        }
        await until("the plate is read again", () => readOf(source, PLATE));
        for (const fault of ["tiny", "huge"]) {
            const before = source.beat()?.badFrames ?? 0;
            await camera.fault(fault);
            await until(`${fault} is counted`, () => ((source.beat()?.badFrames ?? 0) > before ? true : undefined));
        }
        await camera.fault("none");
        const framesRead = source.beat()?.framesRead ?? 0;
        await until("it goes on", () => ((source.beat()?.framesRead ?? 0) > framesRead ? true : undefined));
        expect(source.health().state).toBe("well");
    });

    test("with a basic login is refused unless the site's file allows it", { timeout: 120_000 }, async () => {
        const camera = await Simulator.start("basic");
        const login = { username: "gate", password: "gate" };
        const refused = openSource({ kind: "snapshot", url: camera.url, frameMsMax: 3_000, login });
        const health = await until("it is refused", () => faultOf(refused));
        expect(health).toMatchObject({ code: "BAD_REPLY", detail: expect.stringContaining("digest") });
        expect(await camera.fault("none")).toBe(0);
        const open = openSource({
            kind: "snapshot",
            url: camera.url,
            frameMsMax: 3_000,
            login: { ...login, mayBeBasic: true },
        });
        await until("it is well", () => isWell(open));
    });

    test("that is frozen or covered is a failed device, and well again", {
        timeout: 120_000,
    }, async () => {
        const camera = await Simulator.start("none");
        const sight = { frozenMsMax: 5_000, blindMsMax: 5_000 };
        const source = openSource({ kind: "snapshot", url: camera.url, everyMs: 250, frameMsMax: 2_000, sight });
        await until("it is well", () => isWell(source));
        const expected = {
            frozen: "PICTURE_FROZEN",
            covered: "LENS_COVERED",
        };
        for (const [fault, code] of Object.entries(expected)) {
            await camera.fault(fault);
            const health = await until(`${fault} is noticed`, () =>
                source.health().code === code ? source.health() : undefined,
            );
            expect(health.detail).toBeTruthy();
        }
        source.watch(true);
        await camera.fault("none");
        await until("it is well and read", () => (isWell(source) ? readOf(source, PLATE) : undefined));
        const doubts = readOf(source, PLATE)?.doubts;
        expect(doubts, "it stood there from the start").toContain("arrival-unseen");
        await camera.fault("frozen");
        await until("its reads are gone", () => (source.health().code === "PICTURE_FROZEN" ? true : undefined));
        expect(source.reads()).toEqual([]);
    });
});

describe("a folder into which a camera uploads", () => {
    const picture = (text: string) => jpegOf(sceneWith(plate(text), 200));

    async function openFolder(more: object = {}) {
        const path = await mkdtemp(join(tmpdir(), "kordon-folder-"));
        closing.push(() => rm(path, { recursive: true, force: true }));
        await writeFile(join(path, "before.jpg"), picture("566LJ18"));
        const source = openSource({ kind: "folder", path, everyMs: 50, frameMsMax: 2_000, ...more });
        await until("it is looked at", () => isWell(source));
        source.watch(true);
        return { path, source };
    }
    const counts = (source: VisionPlateSource) => source.beat()?.framesRead ?? 0;

    test("each new file is read once, whole, and in order; what lay there is not", { timeout: 120_000 }, async () => {
        const { path, source } = await openFolder({ frameMsMax: 20_000 });
        const bytes = picture("274KQA08");
        for (let index = 0; index < 4; index++) await writeFile(join(path, `img-${index}.jpg`), bytes);
        await until("the plate is read", () => readOf(source, "274KQA08"));
        await until("all four are", () => (counts(source) === 4 ? true : undefined));
        // Written slowly, under its own name and under another one.
        const half = bytes.length >> 1;
        const slow = join(path, "slow.jpg");
        await writeFile(slow, bytes.subarray(0, half));
        await writeFile(join(path, ".upload"), bytes);
        await writeFile(join(path, "next.jpg.part"), bytes);
        await writeFile(join(path, "whole.jpg"), bytes);
        await until("the whole one is read", () => (counts(source) === 5 ? true : undefined));
        await appendFile(slow, bytes.subarray(half));
        await until("the slow one is read", () => (counts(source) === 6 ? true : undefined));
        await rename(join(path, "next.jpg.part"), join(path, "next.jpg"));
        await until("the renamed one is read", () => (counts(source) === 7 ? true : undefined));
        // One name for ever: each new content is a new picture.
        await writeFile(join(path, "whole.jpg"), picture("274KQA08"));
        await until("the overwritten one is read", () => (counts(source) === 8 ? true : undefined));
        expect(source.beat()?.badFrames).toBe(0);
        expect(source.reads().map(({ text }) => text)).toEqual(["274KQA08"]);
    });

    test("what never becomes a picture is counted, and the others are read", { timeout: 120_000 }, async () => {
        const { path, source } = await openFolder({ frameMsMax: 500 });
        const bytes = picture("274KQA08");
        await writeFile(join(path, "cut.jpg"), bytes.subarray(0, bytes.length >> 1));
        await writeFile(join(path, "text.jpg"), "<html>");
        await writeFile(join(path, "appended.jpg"), Buffer.concat([bytes, Buffer.alloc(4_000, "<plate/>")]));
        await mkdir(join(path, "folder.jpg"));
        await until("two are given up", () => (source.beat()?.badFrames === 2 ? true : undefined));
        await until("the one with an appendix is read", () => (counts(source) === 1 ? true : undefined));
        await writeFile(join(path, "good.jpg"), bytes);
        await until("a good one is read", () => (counts(source) === 2 ? true : undefined));
    });

    test("a folder that goes is a failed device, one without news only where the site says so", {
        timeout: 120_000,
    }, async () => {
        const { path, source } = await openFolder({ silentMsMax: 1_000 });
        expect(await until("silence is noticed", () => faultOf(source))).toMatchObject({ code: "FRAME_TIMEOUT" });
        await writeFile(join(path, "news.jpg"), picture("274KQA08"));
        await until("it is well", () => isWell(source));
        await rm(path, { recursive: true });
        expect(
            await until("its going is noticed", () =>
                source.health().code === "NOT_CONNECTED" ? source.health() : undefined,
            ),
        ).toMatchObject({ detail: expect.stringContaining("folder") });
        await mkdir(path);
        await writeFile(join(path, "again.jpg"), picture("274KQA08"));
        await until("it is well again", () => isWell(source));
    });
});

describe("a camera on the machine itself", () => {
    // What is there is read in tests/e2e/video-device.test.ts, from a kernel that has one.
    test("that is not there is a failed device and is tried again", async () => {
        const source = openSource({ kind: "v4l2", path: "/dev/video99", width: 640, height: 480, frameMsMax: 500 });
        const health = await until("it is noticed", () => faultOf(source));
        expect(health).toMatchObject({ code: "NOT_CONNECTED", detail: expect.stringContaining("/dev/video99") });
    });
});
