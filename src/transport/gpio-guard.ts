/**
 * A shell that outlives the daemon by a moment: when the daemon is gone, whatever ended it, the guard switches its outputs
 * off. It sleeps in the kernel on a pipe whose other end only the daemon holds, so it needs no heartbeat and no timer.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

/** Deaf to signals meant for the whole group; the end of its input is the one thing it waits for. */
const SCRIPT = `trap '' HUP INT TERM; cat >/dev/null; for value; do echo 0 >"$value"; done 2>/dev/null`;

export interface GpioGuard {
    /** Lets it switch everything off and waits until it has. */
    end(): Promise<void>;
}

/** `values`: the `value` files of the outputs. Resolves when it stands guard. `onLost` when it ends without having been told to. */
export async function standGuard(values: readonly string[], onLost: () => void): Promise<GpioGuard> {
    const guard = spawn("/bin/sh", ["-c", SCRIPT, "kordon-gpio-guard", ...values], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
    });
    const gone = once(guard, "exit");
    gone.catch(() => undefined);
    guard.stdin.on("error", () => undefined);
    await once(guard, "spawn");
    let isEnding = false;
    gone.then(() => {
        if (!isEnding) onLost();
    }, onLost);
    return {
        async end() {
            isEnding = true;
            guard.stdin.end();
            await gone.catch(() => undefined);
        },
    };
}
