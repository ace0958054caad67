/** A network of its own behind a cable that can be cut without anybody being told: packets vanish, connections stay half open. */
import { execFileSync } from "node:child_process";
import type { Place } from "./mosquitto.ts";

const IP = "ip";

export class DarkNetwork {
    /** For whoever comes from outside. */
    readonly place: Place;
    readonly #name: string;

    private constructor(name: string, place: Place) {
        this.#name = name;
        this.place = place;
    }

    /** Why there is none here, or undefined. */
    static missing(): string | undefined {
        try {
            const probe = `kordon-${process.pid}-probe`;
            execFileSync(IP, ["netns", "add", probe], { stdio: "ignore" });
            execFileSync(IP, ["netns", "del", probe], { stdio: "ignore" });
            return undefined;
        } catch {
            return "needs the right to make network namespaces (ip netns add)";
        }
    }

    static open(): DarkNetwork {
        const name = `kordon-${process.pid}`;
        const [outside, inside] = [`kd${process.pid}o`, `kd${process.pid}i`];
        const net = `10.213.${process.pid % 250}`;
        const within = ["netns", "exec", name, IP];
        for (const args of [
            ["netns", "add", name],
            ["link", "add", outside, "type", "veth", "peer", "name", inside],
            ["link", "set", inside, "netns", name],
            ["addr", "add", `${net}.1/30`, "dev", outside],
            ["link", "set", outside, "up"],
            [...within, "addr", "add", `${net}.2/30`, "dev", inside],
            [...within, "link", "set", inside, "up"],
            [...within, "link", "set", "lo", "up"],
        ]) {
            execFileSync(IP, args);
        }
        return new DarkNetwork(name, { address: `${net}.2`, through: [IP, "netns", "exec", name] });
    }

    /** From now on every packet between here and there is lost, without an error to either side. */
    cut(): void {
        this.#route("add");
    }

    mend(): void {
        this.#route("del");
    }

    close(): void {
        execFileSync(IP, ["netns", "del", this.#name]);
    }

    /** The other side throws away what it would send here, so that it confirms nothing and resets nothing. */
    #route(what: "add" | "del"): void {
        const here = this.place.address.replace(/2$/, "1");
        execFileSync(IP, ["netns", "exec", this.#name, IP, "route", what, "blackhole", `${here}/32`]);
    }
}
