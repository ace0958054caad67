/** Barriers on cameras, over real HTTP with digest authentication, against a simulated camera of each make and its faults. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CameraBarrier } from "../../../../devices/barrier/camera/camera-barrier.ts";
import { loadCameraBarrierProfile } from "../../../../devices/barrier/camera/camera-barrier-profile.ts";
import { CameraGate, type CameraGateOptions } from "../../../../simulators/wire/camera-gate.ts";
import { realClock } from "../../../../simulators/world/clock.ts";
import type { Clock } from "../../../../src/ports/clock.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { CameraHttpClient } from "../../../../src/transport/camera-http-client.ts";

const FOLDER = join(import.meta.dirname, "../../../../devices/barrier/camera");
const PROFILE = { hikvision: "hikvision-isapi.json", dahua: "dahua-itc.json" } as const;
const LOGIN = { username: "gate", password: 'it\'s "secret"' };

let gate: CameraGate;
let barrier: CameraBarrier;

async function open(make: CameraGateOptions["make"], options: Partial<CameraGateOptions> = {}): Promise<void> {
    gate = await CameraGate.listen({ make, ...LOGIN, clock: realClock, ...options });
    barrier = barrierAt(gate.url, make, LOGIN);
}

function barrierAt(
    url: string,
    make: CameraGateOptions["make"],
    credentials: typeof LOGIN,
    clock: Clock = systemClock,
): CameraBarrier {
    const profile = loadCameraBarrierProfile(JSON.parse(readFileSync(join(FOLDER, PROFILE[make]), "utf8")));
    const http = () => new CameraHttpClient({ device: "b", url, credentials, clock: systemClock, timeoutMs: 300 });
    return new CameraBarrier({
        id: "b",
        profile,
        channel: 1,
        orders: http(),
        looks: http(),
        clock,
        lookMs: 20,
    });
}

afterEach(async () => {
    await barrier.stop();
    await gate.close();
});

describe.each(["hikvision", "dahua"] as const)("%s", (make) => {
    test("opens and closes when told to, and never else", async () => {
        await open(make);
        barrier.start();
        await vi.waitFor(() => expect(barrier.health().state).toBe("well"));
        expect(gate.orders).toEqual([]);
        await barrier.order("raise");
        await barrier.order("lower");
        expect(gate.orders).toEqual(["open", "close"]);
        await barrier.stop();
        expect(gate.orders).toEqual(["open", "close"]);
    });

    test.each([
        ["silence", { kind: "silence" }, "NO_REPLY"],
        ["an answer too late", { kind: "delay", ms: 2_000 }, "NO_REPLY"],
        ["a cut connection", { kind: "disconnect" }, "NOT_CONNECTED"],
        ["a lost reply", { kind: "lost-reply" }, "NOT_CONNECTED"],
        ["garbage", { kind: "garbage" }, "NOT_APPLIED"],
        ["an answer without end", { kind: "flood" }, "BAD_REPLY"],
        ["platform control elsewhere", { kind: "refusal", status: 403 }, "NOT_APPLIED"],
        ["an error of the camera", { kind: "refusal", status: 500 }, "NOT_APPLIED"],
    ] as const)("%s is a failed order with its code, sent once", async (_name, fault, code) => {
        await open(make);
        await barrier.order("raise");
        gate.fault = fault;
        await expect(barrier.order("lower")).rejects.toMatchObject({ name: "DeviceFault", code });
        expect(gate.orders.filter((order) => order === "close").length).toBeLessThan(2);
        expect(barrier.health()).toMatchObject({ state: "failed", code, failures: 1 });
        gate.fault = { kind: "none" };
        await barrier.order("raise");
        expect(barrier.health().state).not.toBe("failed");
    });

    test("a raise does not wait for the answer to a lower", async () => {
        await open(make);
        await barrier.order("raise");
        gate.fault = { kind: "delay", ms: 250 };
        const lower = barrier.order("lower");
        await vi.waitFor(() => expect(gate.orders).toEqual(["open", "close"]));
        gate.fault = { kind: "none" };
        const startedMs = systemClock.monotonicMs();
        await barrier.order("raise");
        expect(systemClock.monotonicMs() - startedMs).toBeLessThan(200);
        await expect(lower).rejects.toMatchObject({ code: "NOT_APPLIED" });
        expect(gate.orders).toEqual(["open", "close", "open"]);
    });

    test("a wrong password says so and opens nothing", async () => {
        await open(make);
        await barrier.stop();
        barrier = barrierAt(gate.url, make, { ...LOGIN, password: "guess" });
        await expect(barrier.order("raise")).rejects.toThrow("refuses user name or password");
        expect(gate.orders).toEqual([]);
    });

    test.each(["MD5", "SHA-256"] as const)(
        "digest with %s; a nonce that is used up is asked for anew",
        async (algorithm) => {
            await open(make, { algorithm, usesPerNonce: 1 });
            for (const order of ["raise", "lower", "raise"] as const) await barrier.order(order);
            expect(gate.orders).toEqual(["open", "close", "open"]);
        },
    );
});

test("an order that is given twice is sent once, and a later one takes the place of one that waits", async () => {
    await open("dahua");
    const first = barrier.order("raise");
    const waiting = barrier.order("lower");
    const last = barrier.order("raise");
    expect(barrier.order("raise")).toBe(last);
    await expect(waiting).rejects.toThrow("a later order took its place");
    await Promise.allSettled([first]);
    await last;
    expect(gate.orders).not.toContain("close");
});

test("the camera's word about the boom is known where contacts are wired to it, and only there", async () => {
    await open("hikvision");
    barrier.start();
    await vi.waitFor(() => expect(barrier.boom()).toBe("down"));
    await barrier.order("raise");
    await vi.waitFor(() => expect(barrier.boom()).toBe("up"), { timeout: 3_000 });
    gate.fault = { kind: "silence" };
    await vi.waitFor(() => expect(barrier.boom()).toBe("unknown"), { timeout: 3_000 });
    expect(barrier.contacts()).toBeUndefined();
    await barrier.stop();
    await gate.close();
    await open("hikvision", { hasContacts: false });
    await barrier.look();
    expect(barrier.boom()).toBe("unknown");
});

test.each([0, 2] as const)(
    "a camera that opens by its own list (ctrlMode %d) is a failure until that is off",
    async (ctrlMode) => {
        await open("hikvision", { ctrlMode });
        barrier.start();
        await vi.waitFor(() => expect(barrier.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED" }));
        expect(barrier.health().detail).toContain("platform control");
        await barrier.order("raise"); // an emergency must open all the same
        expect(gate.orders).toEqual(["open"]);
    },
);

test("a camera that answers its settings with an error is no camera that is in order", async () => {
    await open("hikvision");
    gate.fault = { kind: "refusal", status: 404 };
    await expect(barrier.look()).rejects.toMatchObject({ code: "BAD_REPLY" });
});

test("a boom that does not follow an order that was taken is a failure", async () => {
    await open("hikvision");
    gate.fault = { kind: "deaf" };
    let aheadMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
    await barrier.stop();
    barrier = barrierAt(gate.url, "hikvision", LOGIN, clock);
    barrier.start();
    await barrier.order("raise");
    expect(barrier.health().state).not.toBe("failed");
    aheadMs = 13_000;
    await vi.waitFor(() => expect(barrier.health()).toMatchObject({ state: "failed", code: "NOT_APPLIED" }));
    expect(barrier.health().detail).toContain("still shows the boom down");
});

test("an order given after the stop is refused", async () => {
    await open("dahua");
    await barrier.stop();
    await expect(barrier.order("raise")).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(gate.requests).toBe(0);
});

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".json")))("%s", (file) => {
    const json = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));

    test("claims no more than was proved, and a key that is not known is an error", () => {
        expect(loadCameraBarrierProfile(json).maturity).toBe("simulated");
        expect(() => loadCameraBarrierProfile({ ...json, opne: {} })).toThrow("not a camera barrier profile");
        expect(() => loadCameraBarrierProfile({ ...json, accepted: "(" })).toThrow("accepted");
    });
});

test("its word on the boom serves as limit switches, as old as the look that it came from", async () => {
    await open("hikvision", { travelMs: 300 });
    barrier.start();
    await vi.waitFor(() => expect(barrier.contacts()?.inputs).toEqual([false, true]));
    const askedMs = systemClock.monotonicMs();
    gate.fault = { kind: "delay", ms: 150 };
    await vi.waitFor(() => expect(barrier.contacts()?.atMs).toBeGreaterThan(askedMs));
    // Answered 150 ms after it was asked: the word is that old already.
    expect(systemClock.monotonicMs() - (barrier.contacts()?.atMs ?? 0)).toBeGreaterThanOrEqual(145);
    gate.fault = { kind: "none" };
    await barrier.order("raise");
    await vi.waitFor(() => expect(barrier.contacts()).toBeUndefined());
    await vi.waitFor(() => expect(barrier.contacts()?.inputs).toEqual([true, false]));
    gate.fault = { kind: "silence" };
    await vi.waitFor(() => expect(barrier.contacts()).toBeUndefined());
});
