/** The same link over a real Mosquitto, which is killed in the middle, and a box that is killed. */
import { execFileSync, fork } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CentralChild } from "./central-child.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "./mosquitto.ts";
import { SiteBox } from "./site-box.ts";
import { wireBookings } from "./wire-bookings.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

async function withMosquitto(lines: readonly string[] = []): Promise<{ broker: Mosquitto; central: CentralChild }> {
    const broker = await Mosquitto.start(lines);
    cleanUp.push(() => broker.kill());
    const central = await CentralChild.start({ broker: broker.url, bookings: wireBookings(50), bookingsPerPart: 20 });
    cleanUp.push(() => central.stop());
    return { broker, central };
}

test("2,000 facts arrive while the broker is killed twice and forgets everything", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const { broker, central } = await withMosquitto();
    const box = new SiteBox(broker.url);
    cleanUp.push(() => box.close());
    box.link.start();
    box.commit(700);
    await central.until("the first facts are stored", ({ is }) => is === "stored");
    await broker.kill();
    box.commit(600);
    await broker.open();
    await central.until("more facts are stored", ({ is }) => is === "stored", central.heard.length);
    box.commit(700);
    await broker.kill();
    await broker.open();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    const report = await central.report();
    expect(report).toMatchObject({
        distinct: 2_000,
        gaps: 0,
        lost: 0,
        conflicts: 0,
        brokenHashes: 0,
        malformed: 0,
        upTo: 2_000,
    });
    expect(central.storedSequences()).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
    await box.until("the list is confirmed", () => Number.isFinite(box.link.listAgeMs()));
    expect(box.list.version()).toMatchObject({ version: 1, bookings: 50 });
});

test("a fact larger than Mosquitto takes goes as a stand-in", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const { broker, central } = await withMosquitto(["message_size_limit 20000"]);
    const box = new SiteBox(broker.url);
    cleanUp.push(() => box.close());
    box.commit(2);
    box.commit(1, { text: "z".repeat(30_000) });
    box.commit(2);
    box.link.start();
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    expect(await central.report()).toMatchObject({ distinct: 5, lost: 0, withheld: 1, brokenHashes: 0 });
});

test("a box that is killed is shown as lost, by the broker's will", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const { broker, central } = await withMosquitto();
    const child = fork(new URL("./box-process.ts", import.meta.url).pathname, [broker.url]);
    await new Promise((resolve) => child.once("message", resolve));
    await central.until("it is online", (message) => JSON.stringify(message).includes('"state":"online"'));
    const from = central.heard.length;
    child.kill("SIGKILL");
    await central.until(
        "its will is read",
        (message) =>
            message.is === "status" && JSON.stringify(message.status) === '{"state":"offline","reason":"lost"}',
        from,
    );
});

const OPENSSL = ["/usr/bin/openssl", "/usr/local/bin/openssl"].find((path) => existsSync(path));

test("both sides show certificates, and a box without one stays out", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    context.skip(OPENSSL === undefined, "needs openssl");
    const folder = mkdtempSync(join(tmpdir(), "kordon-tls-"));
    const at = (name: string): string => join(folder, name);
    const openssl = (...args: string[]): void =>
        void execFileSync(OPENSSL ?? "", args, { cwd: folder, stdio: "ignore" });
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
        "req",
        "-x509",
        ...newKey,
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt",
        "-subj",
        "/CN=test authority",
        "-days",
        "2",
    );
    writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1\n");
    for (const name of ["broker", "box"]) {
        openssl("req", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
        const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
        openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.crt`, ...signing);
    }
    for (const name of ["broker.key", "ca.key"]) chmodSync(at(name), 0o644); // Mosquitto reads it as its own user.
    chmodSync(folder, 0o755);
    const broker = await Mosquitto.start([
        `cafile ${at("ca.crt")}`,
        `certfile ${at("broker.crt")}`,
        `keyfile ${at("broker.key")}`,
        "require_certificate true",
    ]);
    cleanUp.push(() => broker.kill());
    const url = broker.url.replace("mqtt:", "mqtts:");
    const ca = readFileSync(at("ca.crt"));
    const own = { cert: readFileSync(at("box.crt")), key: readFileSync(at("box.key")) };
    for (const tls of [{ ca }, own]) {
        const stranger = new SiteBox(url, { broker: { url, clientId: "stranger", tls } });
        cleanUp.push(() => stranger.close());
        stranger.link.start();
        await stranger.until("it is not let in", () => stranger.link.health().state === "failed");
    }
    const box = new SiteBox(url, { broker: { url, clientId: "box", tls: { ca, ...own } } });
    cleanUp.push(() => box.close());
    box.link.start();
    await box.until("the link is online", () => box.link.isOnline());
});
