/**
 * A barrier that is wired to a camera's relay and moved through the camera's HTTP interface. The camera times the pulse;
 * an order counts as given when the camera says so, and as carried out only where the camera tells how the boom stands.
 */
import type { Barrier, BarrierOrder } from "../../../src/ports/barrier.ts";
import type { CameraHttp, CameraReply } from "../../../src/ports/camera-http.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../../../src/ports/device-health.ts";
import type { ContactImage } from "../../../src/ports/digital-io.ts";
import type { CameraBarrierProfile, CameraBarrierRequest } from "./camera-barrier-profile.ts";

export interface CameraBarrierPlan {
    readonly id: string;
    readonly profile: CameraBarrierProfile;
    readonly channel: number;
    /** For orders alone: none waits behind a look at a slow camera. */
    readonly orders: CameraHttp;
    readonly looks: CameraHttp;
    readonly clock: Clock;
    /** From one look at the camera to the next. Default 5000: it is a camera, not an I/O module. */
    readonly lookMs?: number;
}

/** How the boom stands, as the camera says; nothing is opened or closed by it. */
export type BoomSaid = "up" | "down" | "unknown";

interface Job {
    readonly order: BarrierOrder;
    readonly promise: Promise<void>;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
    readonly hurry: AbortController;
}

/** Looks follow each other this fast while the boom is on its way. */
const MOVING_LOOK_MS = 500;
/** A boom that the camera still shows elsewhere after this has not followed: 1.5 times the slowest rated time [U]. */
const TRAVEL_MS_MAX = 12_000;

export class CameraBarrier implements Barrier {
    readonly id: string;
    readonly #orders: CameraHttp;
    readonly #looks: CameraHttp;
    readonly #profile: CameraBarrierProfile;
    readonly #channel: number;
    readonly #clock: Clock;
    readonly #lookMs: number;
    readonly #stopping = new AbortController();
    #looking: Promise<void> | undefined;
    #working: Job | undefined;
    #waiting: Job | undefined;
    #boom: BoomSaid = "unknown";
    /** When the look began that this rests on: what it saw may be that old. */
    #boomMs = 0;
    #awaited: { readonly boom: BoomSaid; readonly sinceMs: number } | undefined;
    #wake: () => void = () => undefined;
    #isSeen = false;
    #isChecked = false;
    #danger: string | undefined;
    #fault: DeviceFault | undefined;
    #orderFault: DeviceFault | undefined;
    #failures = 0;

    constructor({ id, profile, channel, orders, looks, clock, lookMs }: CameraBarrierPlan) {
        this.id = id;
        this.#orders = orders;
        this.#looks = looks;
        this.#profile = profile;
        this.#channel = channel;
        this.#clock = clock;
        this.#lookMs = lookMs ?? 5_000;
    }

    start(): void {
        this.#looking ??= this.#watch();
    }

    /**
     * Resolves when the camera has taken the order; where the boom is by then, limit switches say. A later order takes the
     * place of one that waits, and a raise does not wait for the answer to a lower: that request is dropped.
     */
    order(order: BarrierOrder): Promise<void> {
        if (this.#stopping.signal.aborted) return Promise.reject(this.#faultOf("NOT_CONNECTED", "is stopped"));
        if (this.#waiting?.order === order) return this.#waiting.promise;
        if (this.#working?.order === order && this.#waiting === undefined) return this.#working.promise;
        this.#waiting?.reject(this.#faultOf("NOT_APPLIED", "a later order took its place"));
        const job = newJob(order);
        this.#waiting = job;
        if (order === "raise") this.#working?.hurry.abort();
        if (this.#working === undefined) void this.#serve();
        return job.promise;
    }

    /** What the camera said last; `unknown` where it says nothing, and whenever it was not heard. */
    boom(): BoomSaid {
        return this.#fault === undefined ? this.#boom : "unknown";
    }

    /**
     * The camera's word as two limit switches, for a lane that has none of its own: input 0 up, input 1 down. Undefined while
     * the camera does not know, so a moving boom is neither here nor there.
     */
    contacts(): ContactImage | undefined {
        const boom = this.boom();
        return boom === "unknown"
            ? undefined
            : { atMs: this.#boomMs, inputs: [boom === "up", boom === "down"], outputs: [] };
    }

    health(): DeviceHealth {
        const common = { device: this.id, failures: this.#failures };
        const fault = this.#fault ?? this.#orderFault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        if (this.#danger !== undefined)
            return { ...common, state: "failed", code: "NOT_APPLIED", detail: this.#danger };
        return { ...common, state: this.#isSeen ? "well" : "starting" };
    }

    /** For people: the profile, and what the camera said of itself. */
    describe(): readonly string[] {
        const { maker, model, maturity, status, close, ownOpening, notes } = this.#profile;
        return [
            `${maker} ${model} (http, ${maturity})`,
            "pulse: by the camera, width as set in it",
            close === undefined ? "cannot close" : "opens and closes",
            status === undefined
                ? "does not say how the boom stands: commanded is all that is known"
                : `boom: ${this.#boom}`,
            ownOpening === undefined
                ? "its own opening cannot be read: look yourself"
                : (this.#danger ?? "its own opening is off"),
            ...notes.map((note) => `note: ${note}`),
        ];
    }

    /** Takes no more orders; never moves the boom. */
    async stop(): Promise<void> {
        const stopped = this.#faultOf("NOT_CONNECTED", "is stopped");
        this.#stopping.abort(stopped);
        this.#waiting?.reject(stopped);
        this.#waiting = undefined;
        this.#wake();
        await this.#looking;
    }

    /** One look without an order: settings after an absence, and how the boom stands. Rejects with `DeviceFault`. */
    async look(): Promise<void> {
        const { status, ownOpening } = this.#profile;
        if (!this.#isChecked && ownOpening !== undefined) {
            const text = await this.#read(ownOpening.request);
            this.#danger = matches(ownOpening.isOff, text) ? undefined : `${ownOpening.danger}: ${ownOpening.fix}`;
            if (this.#danger !== undefined) this.#failures++;
        }
        // Where there is nothing to read, the page that every camera has tells whether it is there.
        if (status === undefined) await this.#ask(this.#looks, { method: "GET", path: "/" });
        else {
            const beganMs = this.#clock.monotonicMs();
            this.#boom = boomSaid(status, await this.#read(status.request));
            this.#boomMs = beganMs;
        }
        this.#isChecked = this.#danger === undefined;
        this.#isSeen = true;
        this.#compare();
    }

    /** Accepted is not applied: a boom that the camera shows elsewhere when it should have arrived is a failure. */
    #compare(): void {
        const awaited = this.#awaited;
        if (awaited === undefined || this.#boom === "unknown") return;
        if (this.#boom === awaited.boom) {
            this.#awaited = undefined;
            this.#orderFault = undefined;
        } else if (this.#clock.monotonicMs() - awaited.sinceMs >= TRAVEL_MS_MAX) {
            this.#awaited = undefined;
            this.#orderFault = this.#faultOf(
                "NOT_APPLIED",
                `ordered ${awaited.boom}, and the camera still shows the boom ${this.#boom}`,
            );
            this.#failures++;
        }
    }

    async #watch(): Promise<void> {
        const { signal } = this.#stopping;
        while (!signal.aborted) {
            try {
                await this.look();
                this.#fault = undefined;
            } catch (error) {
                if (this.#fault === undefined) this.#failures++;
                this.#fault = this.#named(error);
                this.#isChecked = false;
            }
            await this.#pause(this.#awaited === undefined ? this.#lookMs : Math.min(MOVING_LOOK_MS, this.#lookMs));
        }
    }

    async #pause(durationMs: number): Promise<void> {
        if (this.#stopping.signal.aborted) return;
        await new Promise<void>((resolve) => {
            const cancel = this.#clock.after(durationMs, resolve);
            this.#wake = () => {
                cancel();
                resolve();
            };
        });
        this.#wake = () => undefined;
    }

    async #serve(): Promise<void> {
        for (let job = this.#waiting; job !== undefined; job = this.#waiting) {
            this.#waiting = undefined;
            this.#working = job;
            try {
                await this.#send(job);
                this.#orderFault = undefined;
                if (this.#profile.status !== undefined) {
                    this.#awaited = { boom: job.order === "raise" ? "up" : "down", sinceMs: this.#clock.monotonicMs() };
                }
                this.#wake();
                job.resolve();
            } catch (error) {
                const fault = this.#named(error);
                job.reject(fault);
                if (!job.hurry.signal.aborted) {
                    this.#orderFault = fault;
                    this.#failures++;
                }
            }
            this.#working = undefined;
        }
    }

    async #send({ order, hurry }: Job): Promise<void> {
        const { open, close, accepted } = this.#profile;
        const request = order === "raise" ? open : close;
        if (request === undefined) throw this.#faultOf("NOT_APPLIED", "this camera cannot close");
        const { status, text } = await this.#ask(this.#orders, request, hurry.signal);
        if (status === 200 && matches(accepted, text)) return;
        const said = text.replaceAll(/\s+/g, " ").slice(0, 120);
        throw this.#faultOf("NOT_APPLIED", `the camera did not take the order (HTTP ${status}: ${said})`);
    }

    async #read(request: CameraBarrierRequest): Promise<string> {
        const { status, text } = await this.#ask(this.#looks, request);
        if (status === 200) return text;
        throw this.#faultOf(
            "BAD_REPLY",
            `HTTP ${status} to ${request.method} ${request.path}: check channel, rights and profile`,
        );
    }

    async #ask(http: CameraHttp, request: CameraBarrierRequest, signal?: AbortSignal): Promise<CameraReply> {
        const path = request.path.replaceAll("{channel}", String(this.#channel));
        return await http.request({ ...request, path }, signal);
    }

    #named(error: unknown): DeviceFault {
        return error instanceof DeviceFault ? error : this.#faultOf("BAD_REPLY", String(error));
    }

    #faultOf(code: FaultCode, message: string): DeviceFault {
        return new DeviceFault(this.id, code, message);
    }
}

function boomSaid({ up, down }: NonNullable<CameraBarrierProfile["status"]>, text: string): BoomSaid {
    if (matches(up, text)) return "up";
    return matches(down, text) ? "down" : "unknown";
}

function matches(pattern: string, text: string): boolean {
    return new RegExp(pattern, "i").test(text);
}

function newJob(order: BarrierOrder): Job {
    let settle: Pick<Job, "resolve" | "reject"> | undefined;
    const promise = new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
    });
    promise.catch(() => undefined); // an order that nobody waits for any more may fail quietly; health tells
    const hurry = new AbortController();
    return { order, promise, hurry, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) };
}
