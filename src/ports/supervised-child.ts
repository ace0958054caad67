/** A child process that is restarted with back-off when it dies or falls silent. Implemented by `src/runtime/supervisor.ts`. */
import type { DeviceHealth } from "./device-health.ts";

/** What to run, and what to make of its messages and its silence. */
export interface ChildPlan {
    /** Name for logs and health. */
    readonly device: string;
    /** Module to run, as a file URL or path. */
    readonly module: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** A child that sends nothing for this long is killed (its heartbeat counts). */
    readonly silentMsMax: number;
    /** Called for every message of the living child. Messages are structured clones. */
    readonly onMessage: (message: unknown) => void;
    /** Called each time a new child is up, so that what it must know is sent again. */
    readonly onStart: () => void;
}

/** A child that is somebody else's worry to keep alive. */
export interface SupervisedChild {
    /** Drops the message when no child lives; `onStart` tells when to say it again. */
    send(message: unknown): void;
    health(): DeviceHealth;
    stop(): Promise<void>;
}

/** Starts a child and keeps it running until stopped. */
export type Supervise = (plan: ChildPlan) => SupervisedChild;
